"""Claims as a store holds them, read into views."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Final

from kg import wording
from kg.labels import Labels
from kg.names import KG, PROV, RDF, RDFS
from kg.rows import IRI, Value, value
from kg.store import EmbeddedStore, Store, select
from kg.views import Chain, Claim, Link, Scope, Voice

_PREFIXES: Final = f"PREFIX kg: <{KG}> PREFIX prov: <{PROV}> PREFIX rdf: <{RDF}> PREFIX rdfs: <{RDFS}> "
_AGENT, _POSITION = KG + "agent", KG + "position"
LINKS: Final = ("updates", "restates", "narrowsScopeOf", "retracts", "conflictsWith")
"""The properties that say how one claim stands to another, by their local names."""


class Claims:
    """The claims of *store*, worded with *labels*."""

    def __init__(self, store: Store, labels: Labels) -> None:
        self._store = store
        self._labels = labels
        self._known_links: dict[str, tuple[int, IRI] | None] = {}

    def matching(self, pattern: str, bands: Mapping[str, str] | None = None) -> list[Claim]:
        """Give the claims that the SPARQL graph pattern binds to ``?claim``, in order of report, undated ones last.

        *pattern* may use the prefixes ``kg:``, ``prov:`` and ``rdf:``; *bands* give a band by subject.
        """
        said: dict[str, dict[str, dict[Value, None]]] = defaultdict(lambda: defaultdict(dict))
        for row in self._rows(
            f"SELECT DISTINCT ?claim ?p ?o WHERE {{ {{ SELECT DISTINCT ?claim WHERE {{ {pattern} }} }} OPTIONAL {{ ?claim ?p ?o }} }}"
        ):
            said[str(row["claim"])][str(row["p"])][row["o"]] = None
        claims = [self._claim(iri, terms, bands or {}) for iri, terms in said.items()]
        return sorted(claims, key=lambda claim: (claim.as_of or date.max, claim.subject, claim.iri))

    def one(self, iri: str) -> Claim | None:
        """Give the claim *iri*, None where the store holds no such claim. Raises QueryError where that is no IRI."""
        said: dict[str, dict[Value, None]] = defaultdict(dict)
        for quad in self._store.about(iri):
            said[quad.predicate.value][value(quad.object)] = None
        return self._claim(iri, said, {}) if IRI(KG + "Claim") in said.get(RDF + "type", ()) else None

    def _rows(self, text: str) -> Sequence[Mapping[str, Value]]:
        return select(self._store, _PREFIXES + text)

    @cached_property
    def veiled(self) -> frozenset[str]:
        """The IRIs of all that is veiled, claims or not."""
        return frozenset(
            str(row["it"]) for row in self._rows("SELECT DISTINCT ?it WHERE { ?it kg:visibility kg:veiled }")
        )

    @cached_property
    def caveats(self) -> dict[str, list[str]]:
        """What a reader must know before using a claim, by what it bears on: a claim, or what claims are about."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows(
            "SELECT DISTINCT ?it ?text WHERE { ?anomaly kg:anomalyKind/kg:caveat true ; kg:anomalyOf ?it ; rdfs:label ?text } ORDER BY ?text"
        ):
            found[str(row["it"])].append(str(row["text"]))
        return found

    @cached_property
    def _nouns(self) -> dict[str, str]:
        return {
            str(row["it"]): str(row["noun"])
            for row in self._rows("SELECT ?it ?noun WHERE { ?it kg:noun ?noun }")
        }

    def _link(self, iri: str) -> tuple[int, IRI] | None:
        """Give the position and the agent of a link of relay, None where it has not both; each is looked up where that is no journey."""
        if not isinstance(self._store, EmbeddedStore):
            return self._links.get(iri)
        if iri not in self._known_links:
            said = {
                quad.predicate.value: value(quad.object)
                for quad in sorted(self._store.about(iri), key=str)
                if quad.predicate.value in (_AGENT, _POSITION)
            }
            whole = len(said) == 2
            self._known_links[iri] = (int(str(said[_POSITION])), IRI(str(said[_AGENT]))) if whole else None
        return self._known_links[iri]

    @cached_property
    def _links(self) -> dict[str, tuple[int, IRI]]:
        rows = self._rows(
            "SELECT DISTINCT ?link ?agent ?position WHERE { ?link kg:agent ?agent ; kg:position ?position } ORDER BY ?link ?agent ?position"
        )
        return {str(row["link"]): (int(str(row["position"])), IRI(str(row["agent"]))) for row in rows}

    def _claim(self, iri: str, terms: Mapping[str, Iterable[Value]], bands: Mapping[str, str]) -> Claim:
        said = {name: tuple(sorted(values, key=str)) for name, values in terms.items()}

        def one(name: str) -> Value:
            return next(iter(said.get(name, ())), None)

        words = wording.words(said, self._labels.of, self._nouns)
        length = None if (duration := one(KG + "scopeDuration")) is None else str(duration)
        subject = IRI(str(one(RDF + "subject")))
        return Claim(
            iri=IRI(iri),
            kind=wording.kind(said),
            subject=subject,
            predicate=IRI(str(one(RDF + "predicate"))),
            object=one(RDF + "object"),
            words=words,
            sentence=wording.sentence(self._labels.of(subject), words),
            denied=one(KG + "polarity") == KG + "denied",
            claimant=IRI(str(one(KG + "claimant"))),
            voices=self._chain(said),
            as_of=_date(one(KG + "asOfLatest")),
            comparator=str(one(KG + "comparator") or "").removeprefix(KG),
            amount=_integer(one(KG + "amount")),
            lower=_integer(one(KG + "lowerBound")),
            upper=_integer(one(KG + "upperBound")),
            unit=_iri(one(KG + "unit")),
            population=_iri(one(KG + "populationScope")),
            place=_iri(one(KG + "placeScope")),
            scope_from=_date(one(KG + "scopeFrom")),
            scope_to=_date(one(KG + "scopeTo")),
            scope_duration=length,
            derived=KG + "DerivedClaim" in said.get(RDF + "type", ()),
            passages=_iris(said, KG + "passage"),
            sensitivity=_iris(said, KG + "sensitivity"),
            band=bands.get(subject, "same"),
            caveats=tuple(
                dict.fromkeys(
                    each
                    for it in (iri, subject, str(one(RDF + "object")))
                    for each in self.caveats.get(it, ())
                )
            ),
            veiled=not self.veiled.isdisjoint((iri, subject, str(one(RDF + "object")))),
            event_scope=_iri(one(KG + "eventScope")),
            citations=_iris(said, KG + "citation"),
            as_of_earliest=_date(one(KG + "asOfEarliest")),
            qualified=tuple(map(self._labels.of, said.get(KG + "qualification", ()))),
            notes=tuple(map(str, said.get(RDFS + "comment", ()))),
            links=tuple(Link(name, other) for name in LINKS for other in _iris(said, KG + name)),
            scope=Scope(
                self._labels.of(one(KG + "populationScope")),
                self._labels.of(one(KG + "placeScope")),
                wording.span(_date(one(KG + "scopeFrom")), _date(one(KG + "scopeTo")), length),
                self._labels.of(one(KG + "eventScope")),
            ),
        )

    def _chain(self, said: Mapping[str, tuple[Value, ...]]) -> Chain:
        speaker = IRI(str(next(iter(said.get(KG + "claimant", ())), "")))
        links = sorted(
            link for each in said.get(KG + "relay", ()) if (link := self._link(str(each))) is not None
        )
        return Chain(
            [Voice(speaker, self._labels.of(speaker), "speaker", 0)]
            + [Voice(agent, self._labels.of(agent), "relay", position) for position, agent in links]
        )


def _date(term: Value) -> date | None:
    return term if isinstance(term, date) else None


def _integer(term: Value) -> int | None:
    return term if isinstance(term, int) else None


def _iri(term: Value) -> IRI | None:
    return term if isinstance(term, IRI) else None


def _iris(said: Mapping[str, tuple[Value, ...]], name: str) -> tuple[IRI, ...]:
    return tuple(sorted(term for term in said.get(name, ()) if isinstance(term, IRI)))
