"""Gaps: what a collection does not know, counted out of its own statements: scopes left open, days and places not said, few voices.

Nothing is filled in. Each number leads to where what it counts is listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.archive import Archive
from kg.names import DCTERMS, KG, OA, RDF, RDFS, SCHEMA, VOCABULARIES
from kg.rows import IRI
from kg.store import select
from kg.views import Claim

EXAMPLES: Final = 12
"""How many of the things that lack something the page names."""
_VOICES: Final = 12
_PREFIXES: Final = "".join(
    f"PREFIX {prefix}: <{iri}> "
    for prefix, iri in {
        "dcterms": DCTERMS,
        "kg": KG,
        "oa": OA,
        "picom": VOCABULARIES["picom"],
        "rdf": RDF,
        "rdfs": RDFS,
        "schema": SCHEMA,
    }.items()
)
_RECORDED: Final = "?it a kg:Claim ; kg:status kg:recorded . FILTER NOT EXISTS { ?it a kg:DerivedClaim }"
_FIGURE: Final = (
    "?it a kg:QuantityClaim ; kg:status kg:recorded ; rdf:predicate ?measure ; rdf:subject ?subject . "
    "FILTER (?measure NOT IN (kg:duration, kg:areasOutOfControl))"
)
_LACKING: Final = {
    "figures-whom": (
        _FIGURE,
        "FILTER NOT EXISTS { ?it kg:populationScope ?x } FILTER NOT EXISTS { ?subject a kg:GroupObservation }",
    ),
    "figures-where": (
        _FIGURE,
        "FILTER NOT EXISTS { ?it kg:placeScope ?x } FILTER NOT EXISTS { ?it kg:eventScope ?y }",
    ),
    "figures-when": (_FIGURE, "FILTER NOT EXISTS { ?it kg:scopeFrom|kg:scopeTo|kg:scopeDuration ?x }"),
    "claims-undated": (_RECORDED, "FILTER NOT EXISTS { ?it kg:asOfLatest ?x }"),
    "photographs-dateline": ("?it a schema:Photograph .", "FILTER NOT EXISTS { ?it kg:dateline ?x }"),
    "photographs-day": (
        "?it a schema:Photograph .",
        "FILTER NOT EXISTS { ?it kg:earliestStart|kg:latestEnd ?x }",
    ),
    "photographs-place": ("?it a schema:Photograph .", "FILTER NOT EXISTS { ?it schema:contentLocation ?x }"),
    "events-date": ("?it a schema:Event .", "FILTER NOT EXISTS { ?it kg:earliestStart|kg:latestEnd ?x }"),
    "events-place": ("?it a schema:Event .", "FILTER NOT EXISTS { ?it schema:location ?x }"),
    "people-unnamed": (
        "?it a picom:PersonObservation .",
        "FILTER NOT EXISTS { ?person <http://www.w3.org/ns/prov#wasDerivedFrom> ?it }",
    ),
    "events-one-voice": (
        "?it a schema:Event . ?c rdf:subject ?it ; a kg:Claim ; kg:status kg:recorded .",
        "{ SELECT ?it WHERE { ?c rdf:subject ?it ; a kg:Claim ; kg:status kg:recorded ; kg:claimant ?who } "
        "GROUP BY ?it HAVING (COUNT(DISTINCT ?who) = 1) }",
    ),
}
"""By name: what is looked at, and what of it lacks something."""  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """Of ``total`` things ``count`` lack something; ``examples`` are the first of them."""

    count: int
    total: int
    examples: tuple[IRI, ...]

    @property
    def more(self) -> int:
        """How many there are beside the examples."""
        return self.count - len(self.examples)


@dataclass(frozen=True, slots=True)
class Share:
    """Something that claims have in common, with the number of those."""

    iri: IRI
    count: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a collection does not know.

    ``lacking`` are gaps by name; ``denied`` the claims by which sources themselves say that something is not known, not recorded or cannot be
    counted; ``publishers`` (of a document without one, the document) and ``voices`` those that claims come through and from, the most frequent first, a dozen at most; ``languages`` the number of
    claims by the language of the document, empty where none is stated; ``anomalies`` the doubts and slips by kind.
    """

    claims: int
    lacking: dict[str, Gap]
    denied: tuple[Claim, ...]
    publishers: tuple[Share, ...]
    voices: tuple[Share, ...]
    languages: tuple[tuple[str, int], ...]
    anomalies: tuple[Share, ...]


def gaps(archive: Archive) -> Gaps:
    """Give what the collection *archive*, of the profile ``attest``, does not know. It asks the whole store a dozen times."""
    evidence = f"{_RECORDED} {{ ?it kg:passage/oa:hasSource/kg:versionOf ?source }} UNION {{ ?it kg:citation/kg:work ?source }}"
    return Gaps(
        claims=_count(archive, _RECORDED),
        lacking={name: _gap(archive, *patterns) for name, patterns in _LACKING.items()},
        denied=tuple(_denied(archive)),
        publishers=_shares(
            archive,
            f"{evidence} OPTIONAL {{ ?source dcterms:publisher ?who }} BIND (COALESCE(?who, ?source) AS ?value)",
        ),
        voices=_shares(archive, f"{_RECORDED} ?it kg:claimant ?value ."),
        languages=_languages(archive, evidence),
        anomalies=_shares(archive, "?it a kg:SourceAnomaly ; kg:anomalyKind ?value ."),
    )


def _gap(archive: Archive, among: str, lacking: str) -> Gap:
    rows = select(
        archive.store, f"{_PREFIXES} SELECT DISTINCT ?it WHERE {{ {among} {lacking} }} ORDER BY ?it"
    )
    hidden = archive.veiled
    shown = [IRI(str(row["it"])) for row in rows if str(row["it"]) not in hidden]
    return Gap(len(rows), _count(archive, among), tuple(shown[:EXAMPLES]))


def _count(archive: Archive, pattern: str) -> int:
    (row,) = select(archive.store, f"{_PREFIXES} SELECT (COUNT(DISTINCT ?it) AS ?n) WHERE {{ {pattern} }}")
    return int(str(row["n"]))


def _shares(archive: Archive, pattern: str) -> tuple[Share, ...]:
    rows = select(
        archive.store,
        f"{_PREFIXES} SELECT ?value (COUNT(DISTINCT ?it) AS ?n) WHERE {{ {pattern} }} GROUP BY ?value ORDER BY DESC(?n) ?value LIMIT {_VOICES}",
    )
    return tuple(
        Share(IRI(str(row["value"])), int(str(row["n"]))) for row in rows if row["value"] is not None
    )


def _languages(archive: Archive, evidence: str) -> tuple[tuple[str, int], ...]:
    rows = select(
        archive.store,
        f"{_PREFIXES} SELECT ?value (COUNT(DISTINCT ?it) AS ?n) WHERE {{ {evidence} OPTIONAL {{ ?source schema:inLanguage ?value }} }} "
        "GROUP BY ?value ORDER BY DESC(?n) ?value",
    )
    return tuple((str(row["value"] or ""), int(str(row["n"]))) for row in rows if row["n"])


def _denied(archive: Archive) -> list[Claim]:
    """Give the claims that something is unknown, or that there is no record of it."""
    rows = select(
        archive.store,
        f"{_PREFIXES} SELECT DISTINCT ?it WHERE {{ ?it kg:status kg:recorded . {{ ?it kg:comparator kg:unknown }} UNION "
        "{ ?it a kg:EpistemicClaim ; kg:polarity kg:denied } } ORDER BY ?it",
    )
    return sorted(archive.recorded(str(row["it"]) for row in rows), key=lambda claim: claim.iri)
