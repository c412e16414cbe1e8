"""Intervals: what a claim says of a number, as the ends that it states and the way in which it states them.

No end is made up: what a source leaves open stays open, and words such as *hundreds* have no numbers at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kg.views import Claim

Shape: TypeAlias = Literal["exactly", "unqualified", "from", "to", "span", "soft", "words", "unknown"]
"""How a claim means its number: exactly; a number without a word about it; from it on; up to it; between two; about it; a word of
magnitude without a number; not known."""

_OPEN: Final[dict[str, Shape]] = {"atLeast": "from", "moreThan": "from", "atMost": "to", "lessThan": "to"}
_POINTS: Final[dict[str, Shape]] = {"exactly": "exactly", "about": "soft", "estimated": "soft"}


@dataclass(frozen=True, slots=True)
class Interval:
    """What is said of a number: ``low`` and ``high`` are the ends that are printed, None where there is none.

    ``excluded`` tells that the printed end itself is not meant, as in "more than 30"; ``soft``, that the number is about so.
    """

    shape: Shape
    low: int | None = None
    high: int | None = None
    excluded: bool = False
    soft: bool = False

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that are printed."""
        return tuple(dict.fromkeys(end for end in (self.low, self.high) if end is not None))

    @classmethod
    def of(cls, claim: Claim) -> Interval:
        """Give the interval of *claim*."""
        comparator, amount = claim.comparator, claim.amount
        if comparator == "unknown":
            return cls("unknown")
        if comparator == "vague":
            return cls("words")
        excluded = comparator in ("moreThan", "lessThan")
        shape = _OPEN.get(comparator)
        if shape == "from" and (end := claim.lower if amount is None else amount) is not None:
            return cls(shape, low=end, excluded=excluded and amount is not None)
        if shape == "to" and (end := claim.upper if amount is None else amount) is not None:
            return cls(shape, high=end, excluded=excluded and amount is not None)
        soft = comparator in ("about", "estimated")
        if amount is not None:
            return cls(_POINTS.get(comparator, "unqualified"), amount, amount, soft=soft)
        return _bounded(claim.lower, claim.upper, soft)


def _bounded(lower: int | None, upper: int | None, soft: bool) -> Interval:
    """Give the interval of a claim with bounds and without an amount."""
    if lower is None and upper is None:
        return Interval("words")
    if lower is None or upper is None:
        return Interval("to" if lower is None else "from", lower, upper, soft=soft)
    return Interval("span", min(lower, upper), max(lower, upper), soft=soft)
