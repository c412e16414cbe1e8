"""How a document is laid out, so that what is added looks like what is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.turtle.syntax import Part, Statement

LINE_END: Final = re.compile("\r\n|\r|\n")
WIDTH: Final = 140
"""How long a line may grow before a pair that is added begins one of its own."""
_BLANK_LINES: Final = re.compile(r"(?:[ \t]*(?:\r\n|\r|\n))+")


@dataclass(frozen=True, slots=True)
class Layout:
    """The line end of a document, the indentation of its pairs, and what stands before its marks."""

    line_end: str = "\n"
    indent: str = "    "
    comma: str = ""
    semicolon: str = " "
    stop: str = " "

    @classmethod
    def of(cls, text: str, parts: Iterable[Part]) -> Layout:
        """Give what most of the statements do, the house style where there are none."""
        indents: Counter[str] = Counter()
        before: dict[str, Counter[str]] = {mark: Counter() for mark in (",", ";", ".")}
        for part in parts:
            if isinstance(part, Statement):
                _count(text, part, indents, before)
        line_end = LINE_END.search(text)
        house = cls()
        return cls(
            line_end[0] if line_end else house.line_end,
            _most(indents, house.indent),
            _most(before[","], house.comma),
            _most(before[";"], house.semicolon),
            _most(before["."], house.stop),
        )

    def mark(self, mark: str) -> str:
        """Give *mark* with the space that stands before it."""
        return {",": self.comma, ";": self.semicolon, ".": self.stop}[mark] + mark


def indentation(text: str, at: int) -> str | None:
    """Give the white space before *at* where it is all that stands before it on its line, else None."""
    start = at
    while start and text[start - 1] in " \t":
        start -= 1
    return text[start:at] if not start or text[start - 1] in "\r\n" else None


def after_blank_lines(text: str, at: int) -> int:
    """Give where the blank lines end that begin at *at*, the beginning of a line."""
    match = _BLANK_LINES.match(text, at)
    return match.end() if match else at


def before_blank_lines(text: str, at: int) -> int:
    """Give where the blank lines begin that end at *at*, the beginning of a line."""
    while at:
        end = at - (2 if text.endswith("\r\n", 0, at) else 1)
        while end and text[end - 1] in " \t":
            end -= 1
        if end and text[end - 1] not in "\r\n":
            break
        at = end
    return at


def _count(text: str, part: Statement, indents: Counter[str], before: dict[str, Counter[str]]) -> None:
    for previous, atom in zip(part.atoms, part.atoms[1:], strict=False):
        start = part.start + atom.start
        gap = text[part.start + previous.end : start]
        if atom.kind == "verb" and ("\n" in gap or "\r" in gap):
            indents[indentation(text, start) or ""] += 1
        elif atom.kind in before and not gap.strip(" "):
            before[atom.kind][gap[:1]] += 1


def _most(counted: Counter[str], otherwise: str) -> str:
    return counted.most_common(1)[0][0] if counted else otherwise
