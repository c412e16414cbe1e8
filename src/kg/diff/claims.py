"""Claims in a difference: what became of the record of one, who said it and where, and for what reason the project withdrew it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import pyoxigraph as ox

from kg import edtf
from kg.diff.difference import Fate
from kg.diff.facts import Facts
from kg.diff.lines import parsed
from kg.names import KG, PROV, RDF, SCHEMA
from kg.record import text

CLAIM: Final = KG + "Claim"

_STATUSES: Final[dict[str, Fate]] = {
    KG + "withdrawn": "withdrawn",
    KG + "extractionError": "marked as an extraction error",
    KG + "recorded": "recorded again",
}
_DATES: Final = frozenset(
    {KG + name for name in ("edtf", "earliestStart", "latestStart", "earliestEnd", "latestEnd")}
    | {SCHEMA + name for name in ("startDate", "endDate")}
)
"""What is published of a claim of a date."""


class Decisions:
    """The decisions and retractions of both sides, by the claim that they are about; *lines* are those that say so."""

    def __init__(self, sides: tuple[Facts, Facts], lines: tuple[Iterable[bytes], Iterable[bytes]]) -> None:
        self._sides = sides
        self._about: dict[str, dict[str, None]] = defaultdict(dict)
        self._retracted: set[str] = set()
        for quad in (quad for each in lines for quad in parsed(each)):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                if quad.predicate.value == KG + "retracts":
                    self._retracted.add(quad.object.value)
                else:
                    self._about[quad.object.value][quad.subject.value] = None

    def reasons(self, claim: str) -> list[tuple[str, str]]:
        """Give the reasons that the newer side has for no longer recording *claim*, each with the IRI of the record that gives it.

        Of decisions those count that are new or were changed, else those that set it aside; they may choose it as well.
        """
        before, now = self._sides
        own = [(claim, reason) for reason in _texts(now, claim, KG + "rationale")]
        decisions = sorted(self._about[claim])
        fresh = [each for each in decisions if set(before.about(each)) != set(now.about(each))]
        found = fresh or [each for each in decisions if claim in now.iris(each, KG + "rejects")]
        decided = [(each, reason) for each in found for reason in _texts(now, each, KG + "rationale")]
        if not own and not decided and claim in self._retracted:
            return [(claim, "its own claimant retracts it")]
        return [*decided, *own]

    def on(self, claims: Iterable[str]) -> list[str]:
        """Give the decisions about *claims*, by IRI."""
        return sorted({each for claim in claims for each in self._about[claim]})


def is_claim(sides: Sequence[Facts], iri: str) -> bool:
    """Tell whether *iri* is a claim on one of *sides*."""
    return any(side.is_a(iri, CLAIM) for side in sides)


def fate(before: Facts, now: Facts, iri: str) -> Fate:
    """Give what became of the record of a claim that both sides have."""
    old, new = (next(iter(side.iris(iri, KG + "status")), "") for side in (before, now))
    return _STATUSES.get(new, "changed") if old != new else "changed"


def said_by(side: Facts, iri: str) -> str:
    """Give who said it, through whom it came, and when, as *side* has it."""
    claim = ox.NamedNode(iri)
    voices = [side.label(each) for each in side.iris(iri, KG + "claimant")]
    voices += [side.label(text(each)) for each in side.record.relays(claim)]
    return f"{' → '.join(voices)}, {_said_on(side, claim)}" if voices else ""


def _said_on(side: Facts, claim: ox.NamedNode) -> str:
    """Give the day, month or year of a claim, two days, or that it is undated; days that are none as they stand."""
    ends = [sorted(map(text, side.all(claim, KG + name))) for name in ("asOfEarliest", "asOfLatest")]
    if not ends[1]:
        return "undated"
    try:
        last = date.fromisoformat(ends[1][0])
        return edtf.within(date.fromisoformat(ends[0][0]) if ends[0] else last, last)
    except ValueError:
        return ends[1][0]


def document(side: Facts, iri: str) -> str:
    """Give the label of the document that a claim was read in: a caption, an article, a cited work; of a derived one the project's own."""
    for passage in side.iris(iri, KG + "passage"):
        for way in (("standsIn",), ("versionOf",)):
            homes = (
                [passage] if way == ("standsIn",) else side.iris(passage, "http://www.w3.org/ns/oa#hasSource")
            )
            found = sorted(side.label(each) for home in homes for each in side.iris(home, KG + way[0]))
            if found:
                return found[0]
    for citation in side.iris(iri, KG + "citation"):
        found = sorted(
            side.label(each) for name in ("work", "readIn") for each in side.iris(citation, KG + name)
        )
        if found:
            return found[0]
    return "what the project derives" if side.iris(iri, PROV + "wasDerivedFrom") else ""


def supports(side: Facts, iri: str, subject: str, predicates: Iterable[str]) -> bool:
    """Tell whether the claim *iri* is one that a published statement of *predicates* about *subject* can rest on."""
    if subject not in side.iris(iri, RDF + "subject"):
        return False
    said = set(side.iris(iri, RDF + "predicate"))
    wanted = set(predicates)
    return not said.isdisjoint(wanted) or (KG + "date" in said and not _DATES.isdisjoint(wanted))


def _texts(side: Facts, iri: str, predicate: str) -> list[str]:
    return sorted(
        text(each) for each in side.all(ox.NamedNode(iri), predicate) if isinstance(each, ox.Literal)
    )
