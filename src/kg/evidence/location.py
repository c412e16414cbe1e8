"""Where passages stand in another copy of their text.

Only a passage's digest and its length are known, not its words. Each run of whole words of the copy, from
every place where a word may begin, is hashed word by word up to the longest passage sought: as many steps as
the copy has words times the words of the longest passage, for any number of passages.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from hashlib import sha256
from itertools import pairwise

from kg.evidence.anchors import Passage
from kg.evidence.text import Copy, fingerprint

Range = tuple[int, int]
"""A range of letters of a copy, or a span of its text."""


def stands(copy: Copy, passage: Passage) -> bool:
    """Tell whether *passage* stands in the copy at its own position."""
    return (
        passage.end <= len(copy.text)
        and fingerprint(copy.text[passage.start : passage.end]) == passage.digest
    )


def search(copy: Copy, passages: Collection[Passage]) -> dict[str, list[Range]]:
    """Give every span of the copy's text that has the digest of one of *passages*, by digest, in order."""
    wanted = {bytes.fromhex(passage.digest) for passage in passages}
    reach = max((passage.end - passage.start for passage in passages), default=0)
    ranges = _matches(copy, wanted, reach)
    return {digest.hex(): [copy.span(*place) for place in ranges[digest]] for digest in ranges}


def _matches(copy: Copy, wanted: Collection[bytes], reach: int) -> dict[bytes, list[Range]]:
    bounds = copy.bounds
    words = [copy.letters[start:end].encode() for start, end in pairwise(bounds)]
    found: defaultdict[bytes, list[Range]] = defaultdict(list)
    if not wanted:
        return found
    for index, start in enumerate(bounds[:-1]):
        state = sha256()
        for following in range(index, len(words)):
            end = bounds[following + 1]
            if end - start > reach:  # no span of n code points holds more than n letters
                break
            state.update(words[following])
            if (digest := state.digest()) in wanted:
                found[digest].append((start, end))
    return found


def place(
    standing: Collection[str], passages: Sequence[Passage], fits: dict[str, list[Range]]
) -> dict[str, Range]:
    """Give the span of each passage of one text version that stands in the copy, by its IRI.

    *standing* are the IRIs of those at their own position, *passages* all of the version in order of
    position, *fits* the spans that each digest fits. Where it fits more than one, the nearest neighbours
    that are certain decide: the span that keeps their order, then the one nearest to the old distance.
    """
    placed = {
        passage.iri: (passage.start, passage.end) for passage in passages if passage.iri in standing
    } | {
        passage.iri: spans[0]
        for passage in passages
        if passage.iri not in standing and len(spans := fits.get(passage.digest, [])) == 1
    }
    certain = [passage for passage in passages if passage.iri in placed]
    marks = [(passage.start, placed[passage.iri][0]) for passage in certain]
    for passage in passages:
        if passage.iri not in placed and passage.digest in fits:
            placed[passage.iri] = _choose(passage, fits[passage.digest], marks)
    return placed


def _choose(passage: Passage, spans: list[Range], marks: list[tuple[int, int]]) -> Range:
    """Give the best of *spans*; *marks* pair the old and new start of the certain passages, by old start."""
    index = bisect_left(marks, (passage.start, 0))
    before, after = marks[max(0, index - 1) : index], marks[index : index + 1]
    near = min(before + after, key=lambda mark: abs(mark[0] - passage.start), default=(0, 0))
    expected = near[1] + passage.start - near[0]

    def misfit(span: Range) -> tuple[int, int]:
        disorder = sum(span[0] < mark[1] for mark in before) + sum(span[0] > mark[1] for mark in after)
        return disorder, abs(span[0] - expected)

    return min(spans, key=misfit)
