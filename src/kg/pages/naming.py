"""Naming: what each source calls what happened, beside the neutral label that the project uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.archive import Archive
from kg.names import KG, RDF, SKOSXL
from kg.rows import IRI
from kg.store import select
from kg.views import Claim

CLAIMS: Final = 2_000
"""How many claims of names a page takes; where there are more it says so."""


@dataclass(frozen=True, slots=True)
class Called:
    """A word or a name in its language, with the claims by which sources use it, in order of report; ``denied``: that it be used."""

    words: str
    language: str
    denied: bool
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Something with the names and with the characterisations that sources give to it."""

    iri: IRI
    names: tuple[Called, ...]
    characterisations: tuple[Called, ...]


@dataclass(frozen=True, slots=True)
class Naming:
    """All that sources call events; ``more`` tells that there are more claims than :data:`CLAIMS`."""

    events: tuple[Named, ...]
    more: bool


def naming(archive: Archive) -> Naming:
    """Give what sources call each event of *archive*; the event with most such claims first, what is veiled left out."""
    rows = select(
        archive.store,
        f"""SELECT DISTINCT ?claim ?form ?property WHERE {{
          ?claim <{RDF}predicate> ?property ; <{RDF}object> ?name ; <{RDF}subject> ?event ; <{KG}status> <{KG}recorded> .
          ?event a <https://schema.org/Event> . ?name <{SKOSXL}literalForm> ?form .
          VALUES ?property {{ <{KG}isCalled> <{KG}characterisedAs> }} }} ORDER BY ?claim LIMIT {CLAIMS + 1}""",
    )
    found: dict[str, dict[str, dict[tuple[str, str, bool], list[Claim]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    claims = {str(claim.iri): claim for claim in archive.recorded(str(row["claim"]) for row in rows[:CLAIMS])}
    for row in rows[:CLAIMS]:
        claim = claims[str(row["claim"])]
        if not claim.veiled:
            form = row["form"]
            key = (str(form), getattr(form, "language", "") or "", claim.denied)
            found[claim.subject][str(row["property"])][key].append(claim)
    events = [
        Named(IRI(iri), tuple(_called(said[KG + "isCalled"])), tuple(_called(said[KG + "characterisedAs"])))
        for iri, said in found.items()
    ]
    events.sort(key=lambda event: (-_weight(event), event.iri))
    return Naming(tuple(events), len(rows) > CLAIMS)


def _called(said: dict[tuple[str, str, bool], list[Claim]]) -> Iterator[Called]:
    for (words, language, denied), claims in sorted(said.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield Called(
            words, language, denied, tuple(sorted(claims, key=lambda claim: str(claim.as_of or "9999")))
        )


def _weight(event: Named) -> int:
    return sum(len(called.claims) for called in (*event.names, *event.characterisations))
