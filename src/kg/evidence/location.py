"""Where passages stand in another copy of their text.

Only a passage's digest and its length are known, not its words. Each run of whole words of the copy, from
every place where a word may begin, is hashed word by word up to the longest passage sought: as many steps as
the copy has words times the words of the longest passage, for any number of passages.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise

from kg.evidence.anchors import Passage
from kg.evidence.text import Copy

Span = tuple[int, int]
"""Start and end in a copy's text."""


def search(copy: Copy, passages: Collection[Passage]) -> dict[str, list[Span]]:
    """Give every span of the copy's text that has the digest of one of *passages*, by digest, in order."""
    found: defaultdict[str, list[Span]] = defaultdict(list)
    if not passages:
        return found
    wanted = {bytes.fromhex(passage.digest) for passage in passages}
    reach = max(passage.end - passage.start for passage in passages)  # in code points, so in letters too
    bounds = copy.bounds
    words = [copy.letters[start:end].encode() for start, end in pairwise(bounds)]
    for index, start in enumerate(bounds[:-1]):
        state = sha256()
        for following in range(index, bisect_right(bounds, start + reach) - 1):
            state.update(words[following])
            if (digest := state.digest()) in wanted:
                found[digest.hex()].append(copy.span(start, bounds[following + 1]))
    return found


def place(
    passages: Sequence[Passage], standing: Collection[Passage], fits: Mapping[str, list[Span]]
) -> dict[Passage, Span]:
    """Give the span in the copy of each passage of one text version that stands there.

    *passages* are all of the version in order of position, *standing* those at their own position, *fits*
    the spans that each digest fits. Where it fits more than one, the nearest neighbours that are certain
    decide: the span that keeps their order, then the one nearest to the old distance from them.
    """
    choices = {
        passage: [(passage.start, passage.end)] if passage in standing else fits.get(passage.digest, [])
        for passage in passages
    }
    marks = [(passage.start, spans[0][0]) for passage, spans in choices.items() if len(spans) == 1]
    return {passage: _choose(passage, spans, marks) for passage, spans in choices.items() if spans}


def _choose(passage: Passage, spans: list[Span], marks: list[tuple[int, int]]) -> Span:
    """Give the best of *spans*; *marks* pair the old and new start of the certain passages, by old start."""
    if len(spans) == 1:
        return spans[0]
    index = bisect_left(marks, (passage.start, 0))
    before, after = marks[max(0, index - 1) : index], marks[index : index + 1]
    near = min(before + after, key=lambda mark: abs(mark[0] - passage.start), default=(0, 0))
    expected = near[1] + passage.start - near[0]

    def misfit(span: Span) -> tuple[int, int]:
        disorder = sum(span[0] < mark[1] for mark in before) + sum(span[0] > mark[1] for mark in after)
        return disorder, abs(span[0] - expected)

    return min(spans, key=misfit)
