"""The claims of an archive: each with its speaker and its day, side by side and over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kg.archive.opened import Opened
from kg.chronology import Timeline
from kg.comparison import COMPARED, Comparison, Filters, Measured
from kg.comparison.filters import checked, checked_day, modalities
from kg.errors import NotFound
from kg.lookup import day_of
from kg.rows import IRI, Rows
from kg.spans import Span
from kg.views import Claim, Known, Voice


class Said(Opened):
    """What sources say."""

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
            f"{about if bands else ''} {pattern} ?claim a kg:Claim ; kg:status ?status . FILTER (?status = kg:recorded)",
            bands,
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
            f"VALUES ?claim {{ {values} }} ?claim a kg:Claim ; kg:status ?status . FILTER (?status = kg:recorded)"
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
