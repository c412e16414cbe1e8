"""The library's face: a release opened for reading, asked in the terms of the field.

An :class:`Archive` only reads. It asks its store by SPARQL, so that the same code works on the embedded store and on a
remote one. Every answer keeps to the model: claims are never averaged, each comes with its speaker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from kg import formats, sparql
from kg.chronology import Chronology, Timeline
from kg.claims import Claims
from kg.comparison import COMPARED, Comparing, Comparison, Filters, Measured
from kg.comparison.filters import checked, checked_day, modalities
from kg.errors import KgError, NotFound, QueryError
from kg.evidence import Copy, Verification
from kg.finder import Finder
from kg.formats import JSON_LD, Format
from kg.labels import Labels, held
from kg.listing import NAME as LISTS
from kg.listing import Lists
from kg.locations import Located, Location, Locations
from kg.lookup import Lookup, day_of
from kg.manifest import QUADS, Manifest, sound
from kg.names import TYPES, Base
from kg.notes import Note, Notes
from kg.queries import Catalog, is_name
from kg.reasons import Reasons, quoted, verify
from kg.rows import IRI, Rows, Value
from kg.search.finding import LIMIT, Found
from kg.spans import Span
from kg.store import EmbeddedStore, Solutions, Store
from kg.things import Things
from kg.views import Claim, Event, Known, Person, Photograph, Place, Thing, Voice, Why, Work

if TYPE_CHECKING:
    from rdflib import Dataset

    from kg.changes import Change
    from kg.diff import Difference, Side


class Archive:
    """A release, or any other store of this model, to be read.

    ``base`` is the base IRI of its resources, ``manifest`` says what the release holds, ``catalog`` are its named
    queries, ``directory`` is where it lies, None for an endpoint. Made by :func:`kg.open`.
    """

    def __init__(
        self,
        store: Store,
        manifest: Manifest,
        catalog: Catalog,
        directory: Path | None = None,
        *,
        described: bool = True,
    ) -> None:
        """Read *store*; where it is not *described* (an endpoint with data of any kind) its labels are not read at once."""
        self._store = store
        self.manifest = manifest
        self.catalog = catalog
        self.directory = directory
        self.base = Base(manifest.base)
        self._labels = Labels(store, self.base, manifest.tombstone, known=described)
        self._claims = Claims(store, self._labels)
        self._lookup = Lookup(store, self.base, self._labels)
        self._notes = Notes(store, self.base, self._labels, catalog)
        self._things = Things(store, self.base, self._labels)
        self._finder = Finder(store, manifest, directory)
        self._comparing = Comparing(store, self._labels.of, self._noun, self._claims.matching)
        self._locations = Locations(store, self._labels, manifest)
        self._chronology = Chronology(store, self._claims, self._things, self._labels, lambda: self.lists)

    # ------------------------------------------------------------------ claims

    def claims(
        self,
        *,
        event: str | None = None,
        measure: str | None = None,
        claimant: str | None = None,
        as_of: str | date | None = None,
        related: bool = True,
    ) -> list[Claim]:
        """Give the recorded claims that fit, in order of report, undated ones last.

        *event*, *claimant* are IRIs, prefixed names, slugs or labels, *measure* a property (``deaths``). With *related* claims on the
        wider and narrower events come too, marked by their ``band``. *as_of* (ISO date) keeps what had been
        reported by that day, without undated claims. Raises QueryError for a name that is none, NotFound for an
        event that the release does not hold.

        >>> for claim in g.claims(event="baku-1990-01", measure="deaths", as_of="1990-01-16"):
        ...     print(claim.as_of, claim.words, "|", claim.voices, "|", claim.band)
        1990-01-14 25 dead | TASS and Radio Moscow → Associated Press | same
        1990-01-14 most of the dead | TASS and Radio Moscow → Associated Press | same
        1990-01-15 at least 32 dead | official Soviet media → Associated Press → Asbarez | wider
        1990-01-15 more than 30 dead, called unconfirmed | Radio Moscow → Los Angeles Times | same
        1990-01-15 25 dead, called preliminary | TASS → Los Angeles Times | same
        1990-01-16 at least 37 dead | Associated Press → Asbarez | wider
        1990-01-16 at least 37 dead | Associated Press → Asbarez | wider
        1990-01-16 37 dead | unattributed statements of this report → Pittsburgh Post-Gazette | same
        1990-01-16 33 dead | Izvestia → Pittsburgh Post-Gazette | same
        """
        bands = self._lookup.bands(event, related) if event is not None else {}
        counted = f"?claim rdf:predicate <{self._lookup.measure(measure)}> ." if measure is not None else ""
        said = f"?claim kg:claimant <{self._lookup.agent(claimant)}> ." if claimant is not None else ""
        until = day_of(as_of) if as_of is not None else None
        return [
            claim
            for claim in self._about(bands, f"{counted} {said}")
            if until is None or (claim.as_of is not None and claim.as_of <= until)
        ]

    def _about(self, bands: Mapping[str, str], pattern: str) -> list[Claim]:
        """Give the recorded claims that *pattern* binds, about *bands* where there are any."""
        about = f"VALUES ?about {{ {' '.join(f'<{iri}>' for iri in bands)} }} ?claim rdf:subject ?about ."
        return self._claims.matching(
            f"?claim a kg:Claim ; kg:status kg:recorded . {about if bands else ''} {pattern}", bands
        )

    def compare(
        self,
        event: str,
        measure: str,
        *,
        voice: str | None = None,
        as_of: str | date | None = None,
        modality: Sequence[str] = (),
        independent: bool = False,
        related: bool = True,
    ) -> Comparison:
        """Give what sources say of *measure* (``deaths``) of *event*, or of a place, side by side, in bands, not reconciled.

        *voice* keeps the claims in whose chain it stands; *as_of* (ISO date) what had been reported by that day, undated claims apart;
        *modality* those with one of these comparators (:data:`kg.comparison.MODALITIES`); *independent* the first of each origin within each
        event; without *related* wider and narrower events are left out. Raises NotFound for an unknown event, place or measure, QueryError for
        any other argument that is not valid, naming it.

        >>> comparison = g.compare("azerbaijan-1990-01", "deaths", as_of="1990-01-16", related=False)
        >>> for figure in comparison:
        ...     print(figure.claim.said, figure.claim.words, "|", figure.scope, "|", figure.origin.letter)
        1990-01-15 at least 32 dead | whom: people, without distinction · when: from 13 January 1990 · not stated: where | A
        1990-01-16 at least 37 dead | when: over 3 days · not stated: whom, where | A
        1990-01-16 at least 37 dead | whom: Armenians · where: Azerbaijan SSR · when: over 3 days | A
        >>> comparison.state
        '3 of 19 claims shown: reported by 16 January 1990, or undated; of this event alone, without wider and narrower ones'
        """
        bands = self._lookup.bands(event, related=True, kinds=COMPARED)
        said = self._lookup.measure(measure)
        claims = self._about(bands, f"?claim rdf:predicate <{said}> .")
        known = {each.iri: each for claim in claims for each in claim.voices}
        filters = Filters(
            voice=None if voice is None else self._voice(voice, known),
            as_of=None if as_of is None else checked_day("as-of", as_of),
            modality=modalities(modality),
            independent=independent,
            related=related,
        )
        return self._comparing.compare(next(iter(bands)), said, claims, filters)

    def measures(self, event: str) -> list[Measured]:
        """Give the measures that claims about *event*, and its wider and narrower events, tell of, with the number of claims in each band.

        >>> [(each.name, each.bands) for each in g.measures("baku-1990-01")][:2]
        [('deaths', (('same', 15), ('wider', 4))), ('duration', (('same', 2),))]
        """
        return self._comparing.measures(self._lookup.bands(event, related=True, kinds=COMPARED))

    def _noun(self, iri: str) -> str:
        return (self.base.split(iri) or COMPARED)[0]

    def claim(self, name: str) -> Claim:
        """Give one claim by IRI, prefixed name or slug. Raises NotFound where there is none.

        >>> claim = g.claim("asbarez-c02-s2-01")
        >>> claim.sentence, claim.lower, claim.upper, claim.scope_from
        ('Violence in Azerbaijan, January 1990: at least 32 dead', 32, None, datetime.date(1990, 1, 13))
        """
        iri = self._lookup.meaning(name, ("claim",))
        found = self._claims.one(iri)
        if found is None:
            raise self._labels.unknown(iri)
        return found

    def recorded(self, iris: Iterable[str]) -> list[Claim]:
        """Give those of *iris* that are recorded claims, in order of report, undated ones last; asks once for all of them.

        >>> found = g.recorded([g.base.id("claim", "asbarez-c02-s2-01"), g.base.id("place", "baku")])
        >>> [claim.words for claim in found]
        ['at least 32 dead']
        """
        values = " ".join(f"<{iri}>" for iri in dict.fromkeys(iris))
        if not values:
            return []
        return self._claims.matching(
            f"VALUES ?claim {{ {values} }} ?claim a kg:Claim ; kg:status kg:recorded ."
        )

    def claim_or_none(self, iri: str) -> Claim | None:
        """Give the claim *iri* (an IRI), None where the release holds no such claim.

        >>> g.claim_or_none(g.thing("baku", "place").iri) is None
        True
        """
        return self._claims.one(iri)

    def as_of(self, day: str | date) -> Known:
        """Give what had been reported by *day* (ISO date): claims in order of report, undated ones apart.

        >>> known = g.as_of("1990-01-15")
        >>> [claim.words for claim in known.claims if claim.kind == "QuantityClaim"][-3:]
        ['at least 32 dead', 'more than 30 dead, called unconfirmed', '25 dead, called preliminary']
        """
        until = day_of(day)
        claims = self.claims()
        return Known(
            until,
            tuple(claim for claim in claims if claim.as_of is not None and claim.as_of <= until),
            tuple(claim for claim in claims if claim.as_of is None and not claim.derived),
        )

    def timeline(
        self,
        first: str | date | None = None,
        last: str | date | None = None,
        *,
        as_of: str | date | None = None,
    ) -> Timeline:
        """Give what is said to have happened, and what was reported, on each day from *first* to *last* (ISO dates).

        Without days, those with the most on them. *as_of* keeps what had been reported by that day. Each day has its claims with their
        speakers; nothing is made of several. Raises QueryError for a text that is no day and where *last* is before *first*,
        NotFound where the release has no claim with a date.

        >>> for day in g.timeline("1990-01-13", "1990-01-15", as_of="1990-01-16").days:
        ...     print(day)
        1990-01-13: began: Violence in Azerbaijan, January 1990 (0 reported)
        1990-01-14: nothing said of it (3 reported)
        1990-01-15: under way: Driving out from Armenian villages in Nagorno-Karabakh that caption 1 tells of (36 reported)
        """
        days = [day_of(day) if day is not None else None for day in (first, last, as_of)]
        found = self._chronology.timeline(*days)
        if found is None:
            raise NotFound(
                "no claim in this release has a date", remedy="a timeline needs claims of the profile attest"
            )
        return found

    @property
    def reporting(self) -> Sequence[tuple[date, int, int]]:
        """The days of report in order, each with the number of claims made on it and of all that were known by its end.

        >>> [(str(day), number, known) for day, number, known in g.reporting][3:5]
        [('1990-01-14', 3, 6), ('1990-01-15', 36, 42)]
        """
        return self._chronology.reporting

    def times(self, name: str) -> tuple[Span, ...]:
        """Give when an event, a photograph or a person is said to have been: each time with its bounds and the claims that say so.

        Raises as :meth:`thing` does.

        >>> for span in g.times("baku-1990-01-army-entry"):
        ...     print(span.words, span.bounds.earliest_start, span.bounds.latest_end)
        19 or 20 January 1990 1990-01-19 1990-01-20
        """
        return self._chronology.of(self._lookup.find(name))

    @property
    def veiled(self) -> frozenset[str]:
        """The IRIs that the collection asks outputs to hide until somebody asks for them (``kg:visibility kg:veiled``).

        >>> print(g.claim("asbarez-c09-s3-01"))
        1990-01-17: veiled (Associated Press → Asbarez)
        """
        return self._claims.veiled

    @property
    def caveats(self) -> Mapping[str, Sequence[str]]:
        """What a reader must know before using a claim, by the IRI that it bears on, be it a claim or what claims are about.

        >>> g.caveats[g.claim("asbarez-p2-s1-01").iri]
        ['the figure may be of Baku in January 1990, or of the whole series that follows']
        """
        return self._claims.caveats

    def cited(self, rows: Rows) -> dict[str, Claim]:
        """Give the claims of which *rows* are, by IRI; none where they have no column ``claim``, or a row is of no claim.

        >>> rows = g.query("claims-by-measure", event="baku-1990-01")
        >>> [claim.words for claim in g.cited(rows).values()][-1]
        '48 dead'
        """
        named = [row["claim"] for row in rows] if "claim" in rows.columns else []
        if not named or not all(isinstance(iri, IRI) for iri in named):
            return {}
        values = " ".join(f"<{iri}>" for iri in dict.fromkeys(named))
        found = self._claims.matching(f"VALUES ?claim {{ {values} }} ?claim a kg:Claim .")
        return {str(claim.iri): claim for claim in found} if len(found) == len(set(named)) else {}

    def _voice(self, word: str, known: Mapping[IRI, Voice]) -> IRI:
        """Give the voice that *word* means; *known* are those that may be suggested. Raises QueryError."""
        names = sorted(self.base.compact(iri) for iri in known)
        return checked("voice", word, lambda text: IRI(self._lookup.agent(text)), names)

    # ------------------------------------------------------------------ things

    def events(self) -> list[Event]:
        """Give all events, by label.

        >>> entry = next(event for event in g.events() if event.iri.endswith("army-entry"))
        >>> entry.label, entry.date
        ('Entry of Soviet troops into Baku, January 1990', '[1990-01-19,1990-01-20]')
        """
        return self._things.all(Event)

    def people(self) -> list[Person]:
        """Give all people, by label.

        >>> [person.label for person in g.people()][:3]
        ['A. Gulamiryan', 'Aleksan Hakobyan', 'Andrei Sakharov']
        """
        return self._things.all(Person)

    def places(self) -> list[Place]:
        """Give all places, by label.

        >>> next(place.point for place in g.places() if place.label == "Baku")
        (40.37767, 49.89201)
        """
        return self._things.all(Place)

    def locations(self, *, event: str | None = None, as_of: str | date | None = None) -> Located:
        """Give what has coordinates, by label, with how much is said of it; what has none, apart.

        With *event* only what claims about it, and about its wider and narrower events, name; with *as_of* (ISO date) only what had
        been reported by that day. Raises QueryError, NotFound as :meth:`claims` does.

        >>> [(each.label, each.counts.photographs) for each in g.locations(event="baku-1990-01").locations]
        [('Baku', 0)]
        >>> next(each.counts for each in g.locations().locations if each.label == "Baku").photographs
        2
        """
        about = tuple(self._lookup.bands(event, True)) if event is not None else ()
        until = day_of(as_of) if as_of is not None else None
        return self._locations.all(self.veiled, about=about, as_of=until)

    def location(self, name: str) -> Location | None:
        """Give the coordinates of one resource with where they come from, None where it has none of its own. Raises as :meth:`thing` does.

        >>> found = g.location("baku")
        >>> found.latitude, found.digits, found.graph.title
        (40.37767, 5, 'Coordinates and place identifiers from GeoNames')
        """
        return self._locations.one(self._lookup.find(name, ("place", *TYPES)))

    def photographs(self) -> list[Photograph]:
        """Give all photographs, by label.

        >>> photograph = g.photographs()[11]
        >>> photograph.label, str(photograph.dateline), photograph.depicted
        ('Photograph 12: debris in Lenin Avenue, Baku', '1990-01-19', '1990-01-14')
        """
        return self._things.all(Photograph)

    def works(self) -> list[Work]:
        """Give all publications, pages and comments, by label."""
        return self._things.all(Work)

    @property
    def lists(self) -> Lists | None:
        """The lists written with the release, each with what it can be filtered by; None for an endpoint, and where it was built without.

        Raises StoreError where they are damaged.

        >>> shown = g.lists.find("photographs").select({"shows": ["baku"]})
        >>> shown.total, [row.label for row in shown.page()][0]
        (3, 'Photograph 4: old woman boarding a ferry in Baku')
        """
        return self._lists

    @cached_property
    def _lists(self) -> Lists | None:
        listed = self.manifest.file(LISTS)
        if listed is None or self.directory is None:
            return None
        return Lists(sound(self.directory, listed), self.base)

    def thing(self, name: str, kind: str = "") -> Thing:
        """Give any resource by IRI, prefixed name, slug, label or recorded name, one of *kind* (``place``) where given.

        Raises NotFound, QueryError where the name may mean several, and for what was taken back Gone, which says why and when.

        >>> g.thing("krasnovodsk", "place").get("skos:hiddenLabel")
        'Krasnovdsk'
        >>> g.thing("Krasnovodosk").label
        'Krasnovodsk'
        """
        return self._things.one(self._lookup.meaning(name, (kind,) if kind else TYPES))

    def search(self, words: str, *, kind: str = "", limit: int = LIMIT) -> Found:
        """Give the resources whose names, labels or titles are *words*, begin so, or are like them, at most *limit*, the likest first.

        *words* may be in Latin, Cyrillic or Armenian letters, and misspelled; *kind* is a type of resource (``person``) or a class
        (``photograph``). Each hit has the form that matched, as the graph attests it, and says how. Where there is none, ``suggestions`` are the
        nearest, and ``remedy`` says what to do. Hits that are ``veiled`` the collection asks outputs to hide.

        A release built without an index, and an endpoint, have one made in memory with the first search, which reads all names. Raises
        QueryError for a search that is empty, too long or of an unknown kind; QueryTooLarge where there are too many names for that;
        QueryTimeout.

        >>> for hit in g.search("Мусесова"):
        ...     print(hit.role, "|", hit.label, "|", hit.form, "|", hit.why)
        author | Irina Mosesova | Ирина Мосесова | name, 1 letter other
        >>> [(hit.label, hit.why) for hit in g.search("Krasnovodosk", kind="place")]
        [('Krasnovodsk', 'misspelling, the same')]
        """
        return self._finder.find(words, kind, limit)

    @property
    def kinds(self) -> Mapping[str, int]:
        """The kinds that a search may be narrowed to, each with how many resources are of it, the largest first. Raises as :meth:`search`.

        >>> g.kinds["person"]
        11
        """
        return self._finder.kinds

    def label(self, term: Value) -> str:
        """Give the label of an IRI, the form of a name record in quotation marks, else the last part of the IRI.

        >>> g.label(g.claim("asbarez-p2-s2-01").object)
        '“massacres”'
        """
        return self._labels.of(term)

    def labelled(self, iri: IRI) -> str | None:
        """Give the label of *iri* where it has one of its own."""
        return self._labels.own(iri)

    # ------------------------------------------------------------------ questions

    def query(self, query: str, /, **params: object) -> Rows:
        """Answer a named query of the catalogue with *params*, or a SELECT query given as text.

        Answers of named queries say of each row whether it is ``veiled``, in a last column wherever they are written.
        Raises QueryError for a query or parameter that is not valid, NotFound for an unknown name.

        >>> rows = g.query("claims-by-measure", event="baku-1990-01", measure="deaths")
        >>> rows[0].amount, g.label(rows[0].claimant)
        (25, 'TASS and Radio Moscow')
        >>> rows.to_pandas().groupby("band", sort=True).size().to_dict()
        {'same': 15, 'wider': 4}
        """
        answer = self.solutions(query, **params)
        named = self.catalog.find(query) if is_name(query) else None
        note = named.note if named is not None else "" if answer.rows else self.note(query)
        rows = Rows.of(answer.variables, answer.rows, self.base, note=note, veiled=self.veiled)
        return replace(rows, flagged=named is not None)

    def solutions(self, query: str, /, **params: object) -> Solutions:
        """Answer as :meth:`query` does, in RDF terms and not in Python values, without a note and without the column ``veiled``.

        >>> g.solutions("claims-by-measure", measure="deaths").to_json()[:32]
        b'{"head":{"vars":["as_of","event"'
        """
        named = is_name(query)
        if params and not named:
            raise QueryError("only named queries take parameters", remedy="write the values into the query")
        text = self.bound(query, **params) if named else query
        answer = self._store.query(text, union=named)  # named queries are written for the union
        if not isinstance(answer, Solutions):
            raise QueryError("this query gives no rows", remedy="write a SELECT query, or use answer()")
        return answer

    def bound(self, name: str, /, **params: object) -> str:
        """Give the text of a named query with *params* in it, to be asked of all graphs together. Raises as :meth:`query` does.

        >>> "<https://w3id.org/attest/ns#deaths>" in g.bound("claims-by-measure", measure="deaths")
        True
        """
        query = self.catalog.find(name)
        given = {name: value for name, value in params.items() if value is not None}
        return query.bind(self._lookup.given(query, given), self.base)

    def faults(self, name: str, /, **params: str) -> dict[str, KgError]:
        """Give what is wrong with each of *params* for the named query *name*, by the parameter; those that fit are left out.

        >>> {name: str(error) for name, error in g.faults("day", day="the 14th").items()}
        {'day': "day: 'the 14th' is no day"}
        """
        query = self.catalog.find(name)
        found: dict[str, KgError] = {}
        for param in query.params:
            if param.name in params:
                try:
                    given = self._lookup.given(query, {param.name: params[param.name]})
                    param.term(given[param.name], self.base)
                except (QueryError, NotFound) as error:
                    found[param.name] = error
        return found

    def note(self, text: str) -> Note:
        """Tell, of a query *text* that found nothing, what it has overlooked, where the release can tell; else nothing.

        That a name in it is unknown, with the nearest; or that a property stands only in claims (``kg:claimOnly``), so that a
        plain triple pattern over it finds nothing, with the named query that answers (``query`` of the note, and ``values`` for it).

        >>> g.note("PREFIX kg: <https://w3id.org/attest/ns#> SELECT ?n WHERE { ?event kg:deaths ?n }")
        'kg:deaths stands only in claims, never as a plain triple: kg query claims-by-measure answers'
        """
        return self._notes.on(text)

    @property
    def store(self) -> Store:
        """The store that is asked, for what needs its quads as they are (:class:`kg.store.Store`).

        >>> len(g.store) == g.manifest.counts["quads"]
        True
        """
        return self._store

    def answer(self, text: str) -> Solutions | bool | list[ox.Triple]:
        """Answer any SPARQL 1.1 query: solutions, a truth value or triples. Raises QueryError.

        >>> g.answer("PREFIX schema: <https://schema.org/> ASK { ?book schema:isbn '5-540-01700-5' }")
        True
        """
        return self._store.query(text)

    def why(self, name: str, *, text: bytes | Iterable[bytes] = ()) -> Why:
        """Tell what a claim, or the plain statements about a resource, rest on, down to the passages.

        *text* is a copy of the source, text or saved HTML, or several: the words of each passage found are shown.
        *name* is an IRI, a prefixed name, the slug of a claim, or any other slug, label or recorded name. Raises NotFound for
        an unknown resource, EvidenceError for a copy that is no text.

        >>> print(g.why("claim:attest-gathering-sunday"))  # doctest: +ELLIPSIS
        Gathering at an open coffin in Yerevan, January 1990: 21 January 1990
          Attest, undated
            derived by: last day of that name before the date line
            Associated Press → Asbarez, 1990-01-22: Gathering at an open coffin in Yerevan, January 1990 took place on a Sunday
              Caption of photograph 14, characters 5490 to 5648, digest ... (words not shown: no local copy)
        Web page 91953 of the newspaper Asbarez: http://asbarez.com/91953/...
        """
        copies = (text,) if isinstance(text, bytes) else text
        return Reasons(self._store, self._claims, self._labels, copies).why(
            self._lookup.meaning(name, ("claim", *TYPES))
        )

    def words(self, text: bytes | Iterable[bytes]) -> dict[str, str]:
        """Give the words of each passage that is found in *text*, a copy of a source or several, by the IRI of the passage.

        Raises EvidenceError for a copy that is no text.

        >>> g.words(b"A text that is another one altogether, with no passage of the page in it.")
        {}
        """
        return quoted(self._store, (text,) if isinstance(text, bytes) else text)

    def verify(self, text: bytes, *, source: str | None = None) -> Verification:
        """Prove every passage against *text*, a reader's copy of a source (text or saved HTML).

        *source* names the text version or document (IRI, prefixed name or slug); without it the best match is taken.
        Raises EvidenceError for a copy that is no text and for an unknown *source*.

        >>> result = g.verify(b"A text that is another one altogether, with no passage of the page in it.")
        >>> result.count("found"), result.count("missing")
        (0, 69)
        """
        named = None
        if source is not None:
            names = [self.base.expand(source, kind=kind) for kind in ("source", "text")]
            named = next(iter(held(self._store, names)), names[0])
        return verify(self._store, Copy.read(text), named)

    def cite(self, name: str = "", /, *, format: str = "text", **params: object) -> str:
        """Give a citation of a claim or any other resource, of the answer to a query, or without *name* of the whole collection.

        *name* is what :meth:`why` takes, the name of a query of the catalogue, with its *params*, or the text of a SPARQL query.
        *format* is ``text``, ``bibtex`` or ``csl`` (CSL-JSON). It has the permalink of the release; what is veiled is not given away.
        Raises NotFound, QueryError for a parameter that is not valid, NotAcceptable for another format.

        >>> print(g.cite("asbarez-c02-s2-01"))  # doctest: +ELLIPSIS
        Attest: “Violence in Azerbaijan, January 1990: at least 32 dead (whom: ... · not stated: where)” (record of a claim). Claimed by official Soviet media, as passed on by ...
        >>> print(g.cite("asbarez-c02-s2-01", format="bibtex"))  # doctest: +ELLIPSIS
        @misc{claim-asbarez-c02-s2-01-...,
          author = {{Attest}},
          title = {{Violence in Azerbaijan, January 1990: at least 32 dead (whom: people, without distinction · ...)}},
          type = {Record of a claim},
        ...
        """
        from kg.citing import Citations

        citations = Citations(self)
        if name in self.catalog:
            self.bound(name, **params)  # whether it can be asked
            given = {each: str(value) for each, value in params.items() if value is not None}
            return citations.question(self.catalog[name], given).write(format)
        if params:
            raise QueryError("only named queries take parameters", remedy="name a query of the catalogue")
        if "{" in name:
            sparql.check(name)
            return citations.sparql(name).write(format)
        iri = self._lookup.find(name, ("claim", *TYPES)) if name else self.base.dataset
        return citations.of(iri).write(format)

    def changes(self, name: str, *, since: Archive) -> Change:
        """Tell what has become of a resource since another release of the same collection, *since*, in words.

        *name* is what :meth:`why` takes. Raises NotFound where neither release says anything of it, QueryError for releases of
        different collections.

        >>> print(g.changes("asbarez-c02-s2-01", since=g).state)
        unchanged
        """
        from kg.changes import changes

        return changes(since, self, self._lookup.meaning(name, ("claim", *TYPES)))

    def diff(self, other: Archive) -> Difference:
        """Tell what changed from this release to *other*, another one of the same collection, in words.

        Resources are told of by kind; of what was taken back number, day and reason, of what is veiled that it changed. Raises QueryError for
        releases of different collections, StoreError for one that is damaged.

        >>> g.diff(g).same
        True
        """
        from kg.diff import difference

        return difference(_side(self), _side(other), stones=other.manifest.tombstones)

    # ------------------------------------------------------------------ whole

    def quads(self) -> Iterable[ox.Quad]:
        """Give every quad of the release, literals in the form in which they were written, or of the endpoint, in its form.

        >>> len({quad.graph_name.value.rpartition("/graph/")[2] for quad in g.quads()})
        26
        """
        if self.directory is None:
            return self._store.quads()
        return ox.parse(path=str(self.directory / QUADS), format=ox.RdfFormat.N_QUADS)

    def export(self, format: Format | str, out: BinaryIO, *, base: Base | None = None) -> int:
        """Write the whole dataset to *out*, complete and sorted; give the number of statements written.

        *format* is one of :data:`kg.formats.EXPORTS`, or its suffix: ``nt``, ``nq``, ``ttl``, ``trig``, ``jsonld``, ``rdf``.
        N-Triples, Turtle and RDF/XML hold the union of the graphs. With *base* our own IRIs are written on that base.
        Raises NotAcceptable for a format that is not written, and for one that cannot hold a statement.

        >>> import io
        >>> out = io.BytesIO()
        >>> g.export("nt", out) == out.getvalue().count(b"\\n")
        True
        """
        from kg import context, exports, serialisation  # only who takes a copy needs them

        format = formats.offered(format)
        target = base or self.base
        quads = list(exports.moved(self.quads(), self.base, target))
        terms = context.context(quads, target) if format is JSON_LD else None
        return serialisation.write(quads, format, out, prefixes=target.prefixes(), context=terms)

    def files(self, format: Format | str, *, base: Base | None = None) -> dict[str, bytes]:
        """Give the tables (``csv``) or the places (``geojson``) as files by name, none where the release has none.

        With *base* our own IRIs are written on that base. Raises NotAcceptable for another format, and where the
        data do not fit it.

        >>> sorted(g.files("csv"))[:4]
        ['claims.csv', 'csv-metadata.json', 'events.csv', 'passages.csv']
        """
        from kg import exports  # as above

        format = formats.offered(format)
        target = base or self.base
        quads = exports.moved(self.quads(), self.base, target)
        return exports.derived(quads, format, self.manifest.moved(target))

    def rdflib(self) -> Dataset:
        """Give a read-only rdflib Dataset of the release: its default graph is the union, unless the release was built
        with ``--default-graph strict``; any change raises StoreError.

        An endpoint is read once, as a whole, and the Dataset is a copy of what it held: rdflib asks for one pattern after the
        other, thousands in a query, and knows blank nodes by labels, which mean nothing to an endpoint.

        >>> from rdflib import RDF, URIRef
        >>> len(set(g.rdflib().subjects(RDF.type, URIRef("https://schema.org/Photograph"))))
        18
        """
        from kg.interop import dataset

        store = self._store
        if not isinstance(store, EmbeddedStore):
            store = EmbeddedStore.of(store.quads(), default_graph=store.default_graph)
        return dataset(store, self.base)

    def close(self) -> None:
        """Close the files of lists and names that are open; whoever asks again opens them anew.

        >>> g.close()
        >>> g.lists is not None
        True
        """
        lists = self.__dict__.pop("_lists", None)
        if lists is not None:
            lists.close()
        self._finder.close()

    def __repr__(self) -> str:
        where = f"release {self.manifest.id}" if self.manifest.id else f"at {self._store}"
        return f"<kg.Archive {self.manifest.title!r}, {where}>"


def _side(archive: Archive) -> Side:
    """Give *archive* as a side of a comparison; what an endpoint holds is read as a whole."""
    from kg.diff import Side, taken

    if archive.directory is not None:
        side = Side.release(archive.directory)
        return replace(side, manifest=replace(side.manifest, tombstones=archive.manifest.tombstones))
    inputs = taken(archive.manifest.inputs) or None
    return Side(called=str(archive.store), manifest=archive.manifest, quads=archive.quads(), inputs=inputs)
