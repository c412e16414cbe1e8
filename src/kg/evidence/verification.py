"""Verification: every passage of a text proved against the copy that a reader holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kg.errors import EvidenceError
from kg.evidence.anchors import Passage, TextVersion
from kg.evidence.location import Span, place, search
from kg.evidence.text import Copy

State = Literal["found", "moved", "missing"]
"""Of a passage in a copy: at its own position, elsewhere, or nowhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a passage; ``span`` is where it stands in the copy's text, None where it is missing."""

    passage: Passage
    state: State
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """The passages of one text version against a copy, in order of position.

    ``same_bytes``: the copy is the capture itself; ``same_text``: its normalised text is that of ``text``.
    """

    text: TextVersion
    same_bytes: bool
    same_text: bool
    results: tuple[Found, ...]

    def count(self, state: State) -> int:
        """Give the number of passages in *state*."""
        return sum(result.state == state for result in self.results)

    def states(self) -> dict[str, State]:
        """Give the state of each passage and of each part, by IRI; a part has that of its passage."""
        return {
            iri: result.state
            for result in self.results
            for iri in (result.passage.iri, *(part.iri for part in result.passage.parts))
        }

    def affected_claims(self) -> tuple[str, ...]:
        """Give the IRIs of the claims that rest on a missing passage, sorted, each once."""
        missing = (result.passage for result in self.results if result.state == "missing")
        return tuple(sorted({claim for passage in missing for claim in passage.claims}))


def verify(
    copy: Copy,
    versions: Sequence[TextVersion],
    passages: Sequence[Passage],
    *,
    source: str | None = None,
) -> Verification:
    """Prove *passages* against a reader's copy and find those that moved.

    Only those of one text version are tried. *source*, the IRI of a version or of a document, limits the
    choice; among what it leaves, a version with exactly this text goes first, then the one whose passages
    and the copy cover each other best. Raises EvidenceError for no version and for an unknown *source*.
    """
    candidates = _candidates(copy, versions, source)
    groups = {version: _passages_of(version, passages) for version in candidates}
    sought = [passage for group in groups.values() for passage in group]
    standing = {passage for passage in sought if copy.has(passage.start, passage.end, passage.digest)}
    fits = search(copy, [passage for passage in sought if passage not in standing])
    best = max(candidates, key=lambda version: _merit(copy, version, groups[version], standing, fits))
    placed = place(groups[best], standing, fits)
    return Verification(
        best,
        best.captured_digest == copy.captured_digest,
        best.digest == copy.digest,
        tuple(_found(passage, passage in standing, placed.get(passage)) for passage in groups[best]),
    )


def words(copy: Copy, found: Found) -> str:
    """Give the words of a passage as the copy in which it was found has them, to show beside a claim.

    Raises EvidenceError where the passage is missing, or this is another copy.
    """
    if found.span is None or not copy.has(*found.span, found.passage.digest):
        raise EvidenceError(
            f"{found.passage.iri} does not stand in this copy",
            remedy="verify the copy to see which passages it holds, or use another copy of the source",
        )
    return copy.text[slice(*found.span)]


def _candidates(copy: Copy, versions: Sequence[TextVersion], source: str | None) -> list[TextVersion]:
    """Give the versions to choose from, in order of IRI: those named, of them those with this very text."""
    if not versions:
        raise EvidenceError(
            "there is no text version to verify a copy against",
            remedy="record one with its digests and its length",
        )
    named = [version for version in versions if source in (None, version.iri, version.source)]
    if not named:
        known = sorted({version.source or version.iri for version in versions})
        raise EvidenceError(
            f"{source} is no text version here, and no source of one",
            remedy="name one of: " + ", ".join(known),
        )
    named.sort(key=lambda version: version.iri)
    return [version for version in named if version.digest == copy.digest] or named


def _passages_of(version: TextVersion, passages: Sequence[Passage]) -> list[Passage]:
    own = (passage for passage in passages if passage.text == version.iri)
    return sorted(own, key=lambda passage: (passage.start, passage.end, passage.iri))


def _merit(
    copy: Copy,
    version: TextVersion,
    passages: Sequence[Passage],
    standing: Collection[Passage],
    fits: Mapping[str, list[Span]],
) -> tuple[bool, float, int]:
    """Rank a version: the very capture, then how far its passages and the copy share their length (Dice)."""
    located = sum(p.end - p.start for p in passages if p in standing or p.digest in fits)
    total = sum(p.end - p.start for p in passages)
    return (
        version.captured_digest == copy.captured_digest,
        2 * located / (len(copy.text) + total or 1),
        len(passages),
    )


def _found(passage: Passage, standing: bool, span: Span | None) -> Found:
    if span is None:
        return Found(passage, "missing")
    return Found(passage, "found" if standing else "moved", span)
