"""Verification: every passage of a text proved against the copy that a reader holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kg.errors import EvidenceError
from kg.evidence.anchors import Passage, TextVersion
from kg.evidence.location import place, search, stands
from kg.evidence.text import Copy, fingerprint

State = Literal["found", "moved", "missing"]
"""Of a passage in a copy: at its own position, elsewhere, or nowhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a passage; ``[start, end)`` is where it stands in the copy, None where it is missing."""

    passage: Passage
    state: State
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """The passages of one text version against a copy, in order of position.

    ``same_bytes``: the copy is the capture itself; ``same_text``: its normalised text is that of ``text``.
    """

    text: TextVersion
    same_bytes: bool
    same_text: bool
    results: tuple[Found, ...]

    @property
    def found(self) -> int:
        """How many passages stand at their own position."""
        return self._count("found")

    @property
    def moved(self) -> int:
        """How many passages stand elsewhere in the copy."""
        return self._count("moved")

    @property
    def missing(self) -> int:
        """How many passages do not stand in the copy."""
        return self._count("missing")

    def states(self) -> dict[str, State]:
        """Give the state of each passage and of each part, by IRI; a part has that of its passage."""
        return {
            iri: result.state
            for result in self.results
            for iri in (result.passage.iri, *(part.iri for part in result.passage.parts))
        }

    def affected_claims(self) -> tuple[str, ...]:
        """Give the IRIs of the claims that rest on a missing passage, sorted, each once."""
        return tuple(
            sorted(
                {
                    claim
                    for found in self.results
                    if found.state == "missing"
                    for claim in found.passage.claims
                }
            )
        )

    def _count(self, state: State) -> int:
        return sum(result.state == state for result in self.results)


def verify(
    data: bytes | Copy,
    versions: Sequence[TextVersion],
    passages: Sequence[Passage],
    *,
    source: str | None = None,
) -> Verification:
    """Prove *passages* against a reader's copy, text or saved HTML, and find those that moved.

    Only those of one text version are tried: the one whose IRI is *source*, else the one with exactly this
    text, else the one most of whose passages stand in the copy (where none does, the one with most).
    Raises EvidenceError for a copy that is no UTF-8 text, for no version, and for an unknown *source*.
    """
    copy = Copy.of(data)
    candidates = _candidates(copy, versions, source)
    groups = {version.iri: _passages_of(version, passages) for version in candidates}
    sought = [passage for group in groups.values() for passage in group]
    standing = {passage.iri for passage in sought if stands(copy, passage)}
    fits = search(copy, [passage for passage in sought if passage.iri not in standing])
    best = max(candidates, key=lambda version: _rank(copy, version, groups[version.iri], standing, fits))
    placed = place(standing, groups[best.iri], fits)
    return Verification(
        best,
        best.captured_digest == copy.captured_digest,
        best.digest == copy.digest,
        tuple(_found(passage, passage.iri in standing, placed) for passage in groups[best.iri]),
    )


def words(data: bytes | Copy, passage: Passage | Found) -> str:
    """Give the words of *passage* as the reader's copy has them, for showing beside a claim.

    Raises EvidenceError where the passage does not stand in the copy.
    """
    copy = Copy.of(data)
    if isinstance(passage, Passage):
        return copy.text[slice(*_span_of(copy, passage))]
    if passage.start is None or passage.end is None:
        raise _absent(passage.passage)
    text = copy.text[passage.start : passage.end]
    if fingerprint(text) != passage.passage.digest:
        raise _absent(passage.passage)
    return text


def _candidates(copy: Copy, versions: Sequence[TextVersion], source: str | None) -> list[TextVersion]:
    """Give the versions to be tried, in order of IRI: the one named, those with this text, or all."""
    ordered = sorted(versions, key=lambda version: version.iri)
    if not ordered:
        raise EvidenceError(
            "there is no text version to verify a copy against",
            remedy="record one with its digest and length",
        )
    if source is None:
        return [version for version in ordered if version.digest == copy.digest] or ordered
    named = [version for version in ordered if version.iri == source]
    if not named:
        raise EvidenceError(
            f"{source} is not a text version here",
            remedy="name one of: " + ", ".join(version.iri for version in ordered),
        )
    return named


def _passages_of(version: TextVersion, passages: Sequence[Passage]) -> list[Passage]:
    own = (passage for passage in passages if passage.text == version.iri)
    return sorted(own, key=lambda passage: (passage.start, passage.end, passage.iri))


def _rank(
    copy: Copy,
    version: TextVersion,
    passages: list[Passage],
    standing: set[str],
    fits: dict[str, list[tuple[int, int]]],
) -> tuple[bool, int, int]:
    located = Counter(passage.iri in standing or passage.digest in fits for passage in passages)
    missing = located[False] if located[True] else -located[False]
    return version.captured_digest == copy.captured_digest, located[True], -missing


def _found(passage: Passage, standing: bool, placed: dict[str, tuple[int, int]]) -> Found:
    if passage.iri not in placed:
        return Found(passage, "missing")
    return Found(passage, "found" if standing else "moved", *placed[passage.iri])


def _span_of(copy: Copy, passage: Passage) -> tuple[int, int]:
    if stands(copy, passage):
        return passage.start, passage.end
    spans = search(copy, [passage]).get(passage.digest)
    if not spans:
        raise _absent(passage)
    return min(spans, key=lambda span: abs(span[0] - passage.start))


def _absent(passage: Passage) -> EvidenceError:
    return EvidenceError(
        f"{passage.iri} does not stand in this copy",
        remedy="verify the copy to see which passages it holds, or use another copy of the source",
    )
