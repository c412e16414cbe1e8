"""Filters: which of the claims of a comparison are shown. Each is checked, and says in words what it leaves in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from kg import wording
from kg.errors import NotFound, QueryError
from kg.lookup import day_of
from kg.rows import IRI
from kg.views import Claim

MODALITIES: Final = {
    "exactly": "exactly",
    "unqualified": "a bare number",
    "atLeast": "at least",
    "moreThan": "more than",
    "atMost": "at most",
    "lessThan": "fewer than",
    "between": "between two numbers",
    "about": "about",
    "estimated": "estimated",
    "vague": "a word such as hundreds",
    "unknown": "unknown",
}
"""The ways in which a number is meant (``kg:comparator``), each in words."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown of a comparison: all of it where nothing is set.

    ``voice`` keeps the claims in whose chain it stands, as speaker or relay. ``as_of`` keeps what had been reported by that day; undated
    claims, of which that is not known, stay and stand apart. ``modality`` keeps claims with one of these comparators.
    ``independent`` keeps the first claim of each origin within each event. ``related`` is whether wider and narrower events are compared.
    """

    voice: IRI | None = None
    as_of: date | None = None
    modality: tuple[str, ...] = ()
    independent: bool = False
    related: bool = True

    def __bool__(self) -> bool:
        return self != Filters()

    def keep(self, claim: Claim) -> bool:
        """Tell whether *claim* is shown, as far as that does not depend on others."""
        return (
            (self.related or claim.band == "same")
            and (self.voice is None or any(voice.iri == self.voice for voice in claim.voices))
            and (self.as_of is None or claim.as_of is None or claim.as_of <= self.as_of)
            and (not self.modality or claim.comparator in self.modality)
        )

    def words(self, label: Callable[[IRI], str]) -> tuple[str, ...]:
        """Say in words what is shown, one text a filter; *label* names voices."""
        said = []
        if self.as_of is not None:
            said.append(f"reported by {wording.date(self.as_of.isoformat())}, or undated")
        if self.voice is not None:
            said.append(f"with {label(self.voice)} among the voices")
        if self.modality:
            said.append("worded as " + " or ".join(MODALITIES[each] for each in self.modality))
        if self.independent:
            said.append("of each origin the first within each event")
        if not self.related:
            said.append("of this event alone, without wider and narrower ones")
        return tuple(said)


def modalities(given: Iterable[str]) -> tuple[str, ...]:
    """Give *given* as modalities, each once, in the order of :data:`MODALITIES`. Raises QueryError, which names those that there are."""
    chosen = {name.strip() for name in given}
    for name in sorted(chosen - MODALITIES.keys()):
        raise QueryError(
            f"the parameter modality is none: {name!r}", remedy=f"it is one of {', '.join(MODALITIES)}"
        )
    return tuple(name for name in MODALITIES if name in chosen)


def checked_day(name: str, given: str | date) -> date:
    """Give the day that is *given* for the parameter *name*. Raises QueryError."""
    try:
        return day_of(given)
    except QueryError as error:
        raise QueryError(f"the parameter {name} is no day: {given!r}", remedy=error.remedy) from None


def checked(name: str, given: str, read: Callable[[str], IRI], known: Iterable[str]) -> IRI:
    """Give what *read* makes of the text *given* for the parameter *name*; *known* are the values to suggest. Raises QueryError."""
    try:
        return read(given)
    except (NotFound, QueryError) as error:
        raise QueryError(
            f"the parameter {name} is no voice of this release: {error.message}",
            remedy=f"here it is one of {', '.join(known) or 'none'}",
        ) from error
