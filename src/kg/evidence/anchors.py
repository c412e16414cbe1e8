"""Anchors: a text version, the passages in it, and the rules that a passage keeps.

A passage is a sentence or clause ``[start, end)`` of the normalised text: at least :data:`MINIMUM` code
points or else a whole line or field, whole words, standing once in its text version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from kg.errors import EvidenceError
from kg.evidence.text import MINIMUM, Copy, fingerprint, letters, normalise

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN: Final = 60
_AGAIN: Final = "check that it names the right text version, or anchor it again with `kg anchor`"


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One capture of a source's text.

    ``length`` counts the code points of the normalised text, ``digest`` is the SHA-256 of its UTF-8 form,
    ``captured_digest`` that of the bytes as captured; both in lower-case hex. ``source`` is the IRI of the
    document whose text it is, empty where none is recorded. Raises EvidenceError for a negative length and
    for a digest of another form.
    """

    iri: str
    length: int
    digest: str
    captured_digest: str
    source: str = ""

    def __post_init__(self) -> None:
        _require_digest(self.digest, self.iri)
        _require_digest(self.captured_digest, self.iri)
        if self.length < 0:
            raise EvidenceError(f"{self.iri} has the length {self.length}", remedy="count its code points")


@dataclass(frozen=True, slots=True)
class Part:
    """A name, number or credit inside a passage; positions count from the passage's start; no digest."""

    iri: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or clause of the text version whose IRI is ``text``, without its words.

    ``[start, end)`` counts code points of the normalised text; ``digest`` is the fingerprint of that span;
    ``claims`` are the IRIs of the claims that rest on it. Raises EvidenceError for an empty or negative
    span, a digest that is not lower-case hex, or a part that reaches out of the passage.
    """

    iri: str
    text: str
    start: int
    end: int
    digest: str
    claims: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        _require_digest(self.digest, self.iri)
        if not 0 <= self.start < self.end:
            raise EvidenceError(
                f"{self.iri} goes from {self.start} to {self.end}, which is no span of a text",
                remedy="take the positions that `kg anchor` gives",
            )
        for part in self.parts:
            if not 0 <= part.start < part.end <= self.end - self.start:
                raise EvidenceError(
                    f"{part.iri} goes from {part.start} to {part.end}, outside its passage {self.iri} "
                    f"of {self.end - self.start} code points",
                    remedy="count a part's positions from the start of its passage",
                )


@dataclass(frozen=True, slots=True)
class Anchor:
    """What holds a passage: its span in the normalised text and its digest."""

    start: int
    end: int
    digest: str


def version(iri: str, copy: Copy, *, source: str = "") -> TextVersion:
    """Give the text version *iri* of *source*, captured as *copy*."""
    return TextVersion(iri, len(copy.text), copy.digest, copy.captured_digest, source)


def anchor(copy: Copy, words: str) -> Anchor:
    """Find *words* in the text and give the anchor of a passage over them.

    White space, quotes, dashes, stops and soft hyphens need not be the same; letters, digits and case must.
    Raises EvidenceError where the words are absent, are parts of words, stand more than once, or are
    shorter than :data:`MINIMUM` code points and no whole line or field.
    """
    sought = _sought(words)
    name = _shown(words)
    places = copy.find(sought)
    if not places:
        raise EvidenceError(
            f"{name} does not stand in this text",
            remedy="copy the words from the text: each letter, digit and capital counts",
        )
    first, last = _single(copy, places, len(sought), name)
    start, end = _as_given(copy, first, words) or copy.span(first, last)
    _require_length(copy, start, end, name)
    return Anchor(start, end, fingerprint(sought))


def anchor_part(copy: Copy, passage: Anchor | Passage, words: str, *, occurrence: int = 0) -> tuple[int, int]:
    """Find a name, number or credit inside *passage* and give its span, counted from the passage's start.

    *occurrence* says which is meant where the words stand there more than once (1: the first). Raises
    EvidenceError where the passage does not stand at its position in the copy, and where the words are
    absent from it, are parts of words, or stand there more than once with no *occurrence* given.
    """
    within = _letters_of(copy, passage, "the passage")
    sought = _sought(words)
    name = _shown(words)
    places = copy.find(sought, *within)
    if not places:
        raise EvidenceError(
            f"{name} does not stand in the passage", remedy="copy the words from the passage itself"
        )
    first, last = _single(copy, places, len(sought), name, occurrence)
    start, end = _as_given(copy, first, words) or (copy.places[first], copy.places[last - 1] + 1)
    return max(start - passage.start, 0), min(end, passage.end) - passage.start


def check(copy: Copy, passage: Passage) -> None:
    """Prove that *passage* keeps the rules in this copy, which must be of its very text version.

    Raises EvidenceError where it reaches beyond the text, has another digest there, begins or ends inside a
    word, stands more than once, or is too short; no message holds words of the text.
    """
    first, last = _letters_of(copy, passage, passage.iri)
    if not copy.is_bounded(first, last):
        raise _inside_word(passage.iri)
    if (span := copy.text[passage.start : passage.end]) != span.strip():
        raise EvidenceError(
            f"{passage.iri} begins or ends with a space", remedy="anchor it again with `kg anchor`"
        )
    _single(copy, copy.find(copy.letters[first:last]), last - first, passage.iri)
    _require_length(copy, passage.start, passage.end, passage.iri)


def _sought(words: str) -> str:
    if sought := letters(words):
        return sought
    raise EvidenceError(f"{_shown(words)} holds no letter or digit", remedy="give the words of the passage")


def _shown(words: str) -> str:
    given = normalise(words)
    return f"“{given[:_SHOWN]}{'…' if len(given) > _SHOWN else ''}”"


def _letters_of(copy: Copy, passage: Anchor | Passage, name: str) -> tuple[int, int]:
    """Give the range of letters of a passage that stands at its own position."""
    if passage.end > len(copy.text):
        raise EvidenceError(
            f"{name} ends at {passage.end}, beyond the text of {len(copy.text)} code points", remedy=_AGAIN
        )
    if not copy.has(passage.start, passage.end, passage.digest):
        raise EvidenceError(
            f"{name} has another digest than the words at {passage.start} to {passage.end}", remedy=_AGAIN
        )
    return copy.inside(passage.start, passage.end)


def _single(copy: Copy, places: list[int], size: int, name: str, occurrence: int = 0) -> tuple[int, int]:
    """Give the one range of letters among *places* that is made of whole words, or the one meant."""
    whole = [place for place in places if copy.is_bounded(place, place + size)]
    if not whole:
        raise _inside_word(name)
    if occurrence not in range(len(whole) + 1):
        raise EvidenceError(
            f"{name} has no occurrence {occurrence} here", remedy=f"count whole words, from 1 to {len(whole)}"
        )
    if len(whole) > 1 and not occurrence:
        raise EvidenceError(
            f"{name} stands {len(whole)} times here",
            remedy="give more of the words before or after it, until they stand once; "
            "of a part say which occurrence is meant",
        )
    first = whole[max(occurrence - 1, 0)]
    return first, first + size


def _as_given(copy: Copy, first: int, words: str) -> tuple[int, int] | None:
    """Give the span of *words*, their own stops included, where the text has them to the letter."""
    given = normalise(words)
    start = copy.places[first] - given.index(letters(given)[0])
    return (start, start + len(given)) if start >= 0 and copy.text.startswith(given, start) else None


def _require_length(copy: Copy, start: int, end: int, name: str) -> None:
    if end - start < MINIMUM and not copy.is_whole_line(*copy.inside(start, end)):
        raise EvidenceError(
            f"{name} is {end - start} code points long and no whole line or field",
            remedy=f"give at least {MINIMUM} code points, a whole line, or all of it after its label",
        )


def _require_digest(digest: str, iri: str) -> None:
    if not _DIGEST.fullmatch(digest):
        raise EvidenceError(
            f"{iri} has the digest {digest!r}, which is not 64 digits of lower-case hex",
            remedy="take the digest that `kg anchor` gives",
        )


def _inside_word(name: str) -> EvidenceError:
    return EvidenceError(f"{name} begins or ends inside a word", remedy="give whole words")
