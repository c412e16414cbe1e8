"""Anchors: a text version, the passages in it, and the rules that a passage keeps.

A passage is a sentence or clause ``[start, end)`` of the normalised text: at least :data:`MINIMUM` code
points or else a whole line or field, whole words, standing once in its text version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.errors import EvidenceError
from kg.evidence.text import MINIMUM, Copy, fingerprint, letters, normalise

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One capture of a source's text.

    ``length`` counts the code points of the normalised text, ``digest`` is the SHA-256 of its UTF-8 form,
    ``captured_digest`` that of the bytes as captured; both in lower-case hex (EvidenceError otherwise).
    """

    iri: str
    length: int
    digest: str
    captured_digest: str

    def __post_init__(self) -> None:
        for digest in (self.digest, self.captured_digest):
            _require_digest(digest, self.iri)


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
    """What holds a passage: its span in the normalised text, its digest, and whether it is a whole line."""

    start: int
    end: int
    digest: str
    whole_line: bool


def version(iri: str, data: bytes) -> TextVersion:
    """Give the text version *iri* of the captured *data*. Raises EvidenceError as :func:`plain` does."""
    copy = Copy.read(data)
    return TextVersion(iri, len(copy.text), copy.digest, copy.captured_digest)


def anchor(data: bytes | Copy, words: str) -> Anchor:
    """Find *words* in the text and give the anchor of a passage over them.

    White space, quotes, dashes, stops and soft hyphens need not be the same; letters, digits and case must.
    Raises EvidenceError where the words are absent, are parts of words, stand more than once, or are
    shorter than :data:`MINIMUM` code points and no whole line or field.
    """
    copy = Copy.of(data)
    given = normalise(words)
    shown = f"“{given[:_SHOWN]}{'…' if len(given) > _SHOWN else ''}”"
    if not (sought := letters(given)):
        raise EvidenceError(f"{shown} holds no letter or digit", remedy="give the words of the passage")
    anywhere = list(_occurrences(copy.letters, sought))
    if not anywhere:
        raise EvidenceError(
            f"{shown} does not stand in this text",
            remedy="copy the words from the text: each letter, digit and capital counts",
        )
    first, last = _single(copy, anywhere, len(sought), shown)
    start, end = _span(copy, first, last, given)
    _require_length(copy, start, end, shown)
    return Anchor(start, end, fingerprint(sought), copy.is_whole_line(first, last))


def check(data: bytes | Copy, passage: Passage) -> None:
    """Prove that *passage* keeps the rules in this copy, which must be of its very text version.

    Raises EvidenceError where it reaches beyond the text, has another digest there, begins or ends inside a
    word, stands more than once, or is too short; no message holds words of the text.
    """
    copy = Copy.of(data)
    if passage.end > len(copy.text):
        raise EvidenceError(
            f"{passage.iri} ends at {passage.end}, beyond the text of {len(copy.text)} code points",
            remedy="check that it names the right text version, or anchor it again with `kg anchor`",
        )
    first, last = copy.inside(passage.start, passage.end)
    sought = copy.letters[first:last]
    if not sought or fingerprint(sought) != passage.digest:
        raise EvidenceError(
            f"{passage.iri} has another digest than the words at {passage.start} to {passage.end}",
            remedy="check that it names the right text version, or anchor it again with `kg anchor`",
        )
    if not copy.is_bounded(first, last):
        raise _inside_word(passage.iri)
    _single(copy, list(_occurrences(copy.letters, sought)), len(sought), passage.iri)
    _require_length(copy, passage.start, passage.end, passage.iri)


def _occurrences(text: str, sought: str) -> Iterator[int]:
    place = text.find(sought)
    while place >= 0:
        yield place
        place = text.find(sought, place + 1)


def _single(copy: Copy, places: list[int], size: int, name: str) -> tuple[int, int]:
    """Give the one range of letters among *places* that is made of whole words."""
    whole = [place for place in places if copy.is_bounded(place, place + size)]
    if not whole:
        raise _inside_word(name)
    if len(whole) > 1:
        raise EvidenceError(
            f"{name} stands {len(whole)} times in this text",
            remedy="give more of the words before or after it, until they stand once",
        )
    return whole[0], whole[0] + size


def _span(copy: Copy, first: int, last: int, given: str) -> tuple[int, int]:
    """Give the span as *given* has it where the text agrees to the letter, else with the stops it touches."""
    start = copy.places[first] - given.index(letters(given)[0])
    if start >= 0 and copy.text.startswith(given, start):
        return start, start + len(given)
    return copy.span(first, last)


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
