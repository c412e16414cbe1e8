"""Texts: bytes to plain text, its normal form, and the letters that a digest is taken over.

The normal form is NFC with every run of white space as one space and the ends trimmed; all positions count
its code points. The *letters* of a text are its code points of the Unicode categories L (letters), M (marks)
and N (every kind of number); a digest sees nothing else, and case counts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Final

from kg.errors import EvidenceError
from kg.evidence.markup import is_page, page_text

MINIMUM: Final = 40
"""Code points that a passage has at least, unless it is a whole line or field."""

_LABEL: Final = re.compile(r"[^:：]{1,40}(?:: |： ?)")
_BEFORE: Final = frozenset({"Ps", "Pi", "Pf"})
_AFTER: Final = frozenset({"Po", "Pe", "Pi", "Pf"})


def decode(data: bytes) -> str:
    """Give the text of UTF-8 *data*, without a byte order mark.

    Raises EvidenceError, with the line, for bytes that are not UTF-8 text.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise EvidenceError("the text is UTF-16, not UTF-8", remedy="save the copy as UTF-8") from error
        line = data.count(b"\n", 0, error.start) + 1
        raise EvidenceError(
            f"line {line} holds bytes that are not UTF-8",
            remedy="save the copy as UTF-8 text or HTML, for example with: iconv -f WINDOWS-1252 -t UTF-8",
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise EvidenceError(
            f"line {line} holds a NUL character: this is not a text", remedy="save the copy as UTF-8 text"
        )
    return text


def plain(data: bytes) -> str:
    """Give the text of a text file or of a saved HTML page, told apart by how they begin.

    Of a page the tags, scripts, styles and head are dropped, entities decoded, block elements on lines of
    their own. Raises EvidenceError as :func:`decode` does, and for markup that cannot be read.
    """
    text = decode(data)
    return page_text(text) if is_page(text) else text


def normalise(text: str) -> str:
    """Give the normal form: NFC, each run of white space (no-break too) one space, ends trimmed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@cache
def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def letters(text: str) -> str:
    """Give the letters, marks and numbers of *text*, in NFC, all else dropped."""
    return "".join(filter(_is_letter, unicodedata.normalize("NFC", text)))


def fingerprint(text: str) -> str:
    """Give the SHA-256 digest, in lower-case hex, of the letters, marks and numbers of *text*."""
    return sha256(letters(text).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Copy:
    """A reader's copy of a text, read once.

    ``text`` is the normal form, ``digest`` its SHA-256 and ``captured_digest`` that of the bytes; ``lines``
    the span in ``text`` of each line (of a page: block) that holds something; ``letters`` its letters, the
    i-th standing at ``text[places[i]]``; ``bounds`` the indices of letters where a word may begin or end,
    0 and ``len(letters)`` included.
    """

    captured_digest: str
    text: str
    digest: str
    lines: tuple[tuple[int, int], ...]
    letters: str
    places: tuple[int, ...]
    bounds: tuple[int, ...]

    @classmethod
    def read(cls, data: bytes) -> Copy:
        """Read a text file or a saved HTML page. Raises EvidenceError as :func:`plain` does."""
        parts: list[str] = []
        lines: list[tuple[int, int]] = []
        position = 0
        for line in filter(None, map(normalise, plain(data).splitlines())):
            parts.append(line)
            lines.append((position, position + len(line)))
            position += len(line) + 1
        text = " ".join(parts)
        places = tuple(place for place, character in enumerate(text) if _is_letter(character))
        found = "".join(text[place] for place in places)
        return cls(
            captured_digest=sha256(data).hexdigest(),
            text=text,
            digest=sha256(text.encode()).hexdigest(),
            lines=tuple(lines),
            letters=found,
            places=places,
            bounds=_bounds(found, places),
        )

    def has(self, start: int, end: int, digest: str) -> bool:
        """Tell whether the text goes on to *end* and ``text[start:end]`` has the fingerprint *digest*."""
        return end <= len(self.text) and fingerprint(self.text[start:end]) == digest

    def find(self, sought: str, first: int = 0, last: int | None = None) -> list[int]:
        """Give every index at which *sought* stands in ``letters[first:last]``, in order."""
        found = []
        place = self.letters.find(sought, first, last)
        while place >= 0:
            found.append(place)
            place = self.letters.find(sought, place + 1, last)
        return found

    def inside(self, start: int, end: int) -> tuple[int, int]:
        """Give the range of letters that stand in ``text[start:end]``."""
        return bisect_left(self.places, start), bisect_left(self.places, end)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Give the span in ``text`` of ``letters[first:last]`` with the quotes and stops that touch it."""
        start, end = self.places[first], self.places[last - 1] + 1
        while start and _touches(self.text[start - 1], _BEFORE, "\"'¿¡"):
            start -= 1
        while end < len(self.text) and _touches(self.text[end], _AFTER, ""):
            end += 1
        return start, end

    def is_bounded(self, first: int, last: int) -> bool:
        """Tell whether ``letters[first:last]`` begins and ends where words may."""
        return all(self.bounds[bisect_left(self.bounds, index)] == index for index in (first, last))

    def is_whole_line(self, first: int, last: int) -> bool:
        """Tell whether ``letters[first:last]`` is a whole line, or all of one after its ``Label:``."""
        start, end = self.lines[bisect_right(self.lines, (self.places[first], len(self.text))) - 1]
        label = _LABEL.match(self.text, start, end)
        head, tail = self.inside(start, end)
        return last == tail and first in (head, self.inside(label.end(), end)[0] if label else head)


def _touches(character: str, categories: frozenset[str], others: str) -> bool:
    return character in others or unicodedata.category(character) in categories


def _bounds(found: str, places: tuple[int, ...]) -> tuple[int, ...]:
    """Give 0, the end, and each index of *found* with a gap before it or where words may have grown together.

    A copy may have lost the space or stop before a capital, or have a note's number where there was none.
    """
    inner = (
        index
        for index in range(1, len(found))
        if places[index] - places[index - 1] > 1 or _may_join(found[index - 1], found[index])
    )
    return (0, *inner, len(found)) if found else (0,)


def _may_join(before: str, after: str) -> bool:
    if after.isupper():
        return not before.isupper()
    kinds = unicodedata.category(before)[0] + unicodedata.category(after)[0]
    return kinds in ("LN", "NL")
