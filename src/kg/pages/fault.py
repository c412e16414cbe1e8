"""A fault in a query, shown where it stands: the lines around it, numbered, with the word that is at fault marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_AROUND: Final = 3
"""Lines before and after the one at fault that are shown."""
_WIDE: Final = 120
"""Characters before and after the word at fault that are shown of its line, and of other lines from their start."""
_WORD: Final = re.compile(r"[\w:?$@-]{1,40}|\S")


@dataclass(frozen=True, slots=True)
class Marked:
    """A line of a query: its number, its text up to the word at fault, the word, and the text behind it.

    ``wrong`` is None in a line without a fault, and empty where something is missing at its end.
    """

    number: int
    before: str
    wrong: str | None = None
    after: str = ""


def marked(query: str, line: int, column: int) -> list[Marked]:
    """Give the lines of *query* around *line*, in which *column* is marked; both count from 1. No line where *line* is 0."""
    lines = query.split("\n")
    if not 0 < line <= len(lines):
        return []
    first = max(line - _AROUND, 1)
    found = [
        Marked(number, text[: 2 * _WIDE])
        for number, text in enumerate(lines[first - 1 : line + _AROUND], first)
    ]
    text, start = lines[line - 1], min(max(column - 1, 0), len(lines[line - 1]))
    word = _WORD.match(text, start)
    end = word.end() if word else start
    found[line - first] = Marked(
        line, text[max(start - _WIDE, 0) : start], text[start:end], text[end : end + _WIDE].rstrip("\r")
    )
    return found
