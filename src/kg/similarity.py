"""Similarity join: all pairs of texts whose ratio reaches a bound, without comparing each with each.

The ratio is rapidfuzz's: 100 less the letters to be taken out and put in that turn one text into the other, for each 100 letters of both. A
bound on it bounds how long the other is and how many such edits there are. Of parts of a text that do not overlap, one more than there are
edits, one stands in the other as it is, since an edit changes at most one of them (Li, Deng, Wang and Feng, *Pass-Join*, VLDB 2011). So a text
is compared with those alone that have one of the rarest such parts of it; with all that are long enough where that would be no fewer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from typing import Final, NamedTuple

from rapidfuzz import fuzz, process

_SHORTEST: Final = 2
_LONGEST: Final = 4
"""Letters of a part."""


def pairs(texts: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
    """Give the places of each two of *texts* whose ratio is *least* (of 100) or more, once, in any order, with the ratio.

    The *texts* are distinct.
    """
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    ranked = [texts[place] for place in order]
    lengths = [len(text) for text in ranked]
    plans = {length: _planned(length, least) for length in set(lengths)}
    sizes = {
        length: {plan.size for longer, plan in plans.items() if plan.shortest <= length <= longer}
        for length in plans
    }
    parts = _Parts()
    for rank, text in enumerate(ranked):
        plan = plans[len(text)]
        start = bisect_left(lengths, plan.shortest)
        found: dict[int, float] = {}
        for ranks, among in parts.sharing(text, plan, start, rank) or [
            (range(start, rank), ranked[start:rank])
        ]:
            for _, ratio, place in process.extract(
                text, among, scorer=fuzz.ratio, score_cutoff=least, limit=None
            ):
                found[ranks[place]] = ratio
        parts.add(text, rank, sizes[len(text)])
        for near, ratio in found.items():
            yield order[near], order[rank], ratio


class _Plan(NamedTuple):
    """For a text of some length: how long another is at least that is no longer, how many edits there are at most, and how long parts are."""

    shortest: int
    edits: int
    size: int


def _planned(length: int, least: float) -> _Plan:
    shortest, edits = length, 0
    for other in range(length, 0, -1):
        most = int((100 - least) / 100 * (length + other) + 1e-6)
        most -= (most - length + other) % 2  # each letter changed is one out and one in
        if most < length - other:
            break
        shortest, edits = other, max(edits, most)
    return _Plan(shortest, edits, min(length // (edits + 1), _LONGEST))


class _Parts:
    """The texts that have each part, in their order."""

    def __init__(self) -> None:
        self._having: dict[str, tuple[list[int], list[str]]] = {}

    def add(self, text: str, rank: int, sizes: Set[int]) -> None:
        """Add *text*, the next in order, with its parts of *sizes*."""
        for part in {text[at : at + size] for size in sizes for at in range(len(text) - size + 1)}:
            ranks, texts = self._having.setdefault(part, ([], []))
            ranks.append(rank)
            texts.append(text)

    def sharing(self, text: str, plan: _Plan, start: int, end: int) -> list[tuple[Sequence[int], list[str]]]:
        """Give the texts from *start* on that have the same part as *text*, for each of some parts, with their ranks.

        All that *plan* lets be near are among them; nothing is given where that would be no fewer than those from *start* to *end*.
        """
        if plan.size < _SHORTEST or start == end:
            return []
        having = [self._having.get(text[at : at + plan.size]) for at in range(len(text) - plan.size + 1)]
        counts = [len(each[0]) if each else 0 for each in having]
        chosen = [each for at in _apart(counts, plan) if (each := having[at])]
        found: list[tuple[Sequence[int], list[str]]] = [([], [])]
        for ranks, texts in chosen:
            since = bisect_left(ranks, start)
            found.append((ranks[since:], texts[since:]))
        return found if sum(len(ranks) for ranks, _ in found) < end - start else []


def _apart(counts: Sequence[int], plan: _Plan) -> list[int]:
    """Give where the parts stand, one more than there are edits and none over another, whose *counts*, by their places, have the least sum."""
    number = plan.edits + 1
    slack = len(counts) - 1 - plan.edits * plan.size
    sums = [0] * (slack + 1)  # of the parts before, by how many letters are left out so far
    steps: list[list[int]] = []
    for part in range(number):
        least, at = sums[0] + counts[part * plan.size], 0
        row, step = [], []
        for left in range(slack + 1):
            if (here := sums[left] + counts[part * plan.size + left]) < least:
                least, at = here, left
            row.append(least)
            step.append(at)
        sums = row
        steps.append(step)
    places = []
    left = slack
    for part in reversed(range(number)):
        left = steps[part][left]
        places.append(part * plan.size + left)
    return places
