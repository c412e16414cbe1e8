"""Carets: the line of a source, and under it a mark at the place that a finding is about.

A terminal counts cells, not characters: tabs are written as spaces, wide characters take two cells, combining marks none.
Words that run from right to left keep the cells that they have, so that the mark under a whole token stands right also
where a terminal turns them. A long line is cut around the place.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from rich.cells import cell_len

from kg.escaping import escaped

INDENT: Final = "    "
_TAB: Final = 4
_CUT: Final = "…"
_LINE_END: Final = re.compile("\r\n|\r|\n")
_TOKEN: Final = re.compile(
    r"""\"\"\".*?(?:\"\"\"|$) | '''.*?(?:'''|$)
    | (?:"(?:\\.|[^"\\])*(?:"|$)|'(?:\\.|[^'\\])*(?:'|$)) (?:@[A-Za-z0-9-]+|\^\^\S*[^\s.,;)\]])?
    | <[^<>\s]*>? | [(\[{,;.]
    | [^\s,;()\[\]{}<>"']*[^\s,;()\[\]{}<>"'.]""",
    re.VERBOSE,
)


class _Cell(NamedTuple):
    """What is printed for one character of the line, the cells that it takes, and whether the token holds it."""

    text: str
    width: int
    marked: bool


def excerpt(file: Path, line: int, column: int, width: int) -> list[str]:
    """Give the line of *file* and the line of marks under it, both at most *width* cells; nothing where the file has no such place.

    *line* and *column* are from 1, the column in characters.
    """
    lines = _lines(file, _stamp(file))
    if not (0 < line <= len(lines) and 0 < column <= len(lines[line - 1]) + 1):
        return []
    text = lines[line - 1]
    token = _TOKEN.match(text, column - 1)
    end = max(token.end() if token else column, column)
    shown, marks = _drawn(_cells(text, column - 1, end), max(width - len(INDENT), 20))
    return [INDENT + shown, INDENT + marks]


def _stamp(file: Path) -> tuple[int, int]:
    try:
        about = file.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size


@lru_cache(maxsize=64)
def _lines(file: Path, stamp: tuple[int, int]) -> list[str]:
    """Give the lines of *file*, which are read again when its *stamp* is another."""
    try:
        return (
            _LINE_END.split(file.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff"))
            if stamp[1]
            else []
        )
    except OSError:
        return []


def _cells(text: str, start: int, end: int) -> list[_Cell]:
    """Give the characters of *text*; a character without width goes with the one before it."""
    cells: list[_Cell] = []
    used = 0
    for number, sign in enumerate(text):
        shown = " " * (_TAB - used % _TAB) if sign == "\t" else escaped(sign)
        wide = cell_len(shown)
        if not wide and cells:
            last = cells[-1]
            cells[-1] = last._replace(text=last.text + shown)
            continue
        cells.append(_Cell(shown, wide, start <= number < end))
        used += wide
    if start >= len(text):  # behind the end, where something is missing
        cells.append(_Cell(" ", 1, True))
    return cells


def _drawn(cells: list[_Cell], width: int) -> tuple[str, str]:
    """Give the line and the marks of *cells*, cut to *width* around the first that is marked."""
    first = next((number for number, cell in enumerate(cells) if cell.marked), 0)
    last = max((number for number, cell in enumerate(cells) if cell.marked), default=0)
    if sum(cell.width for cell in cells) > width:
        start = end = first
        room = width - 2 - cells[first].width
        while end + 1 < len(cells) and end < last and room - cells[end + 1].width >= width // 3:
            end += 1
            room -= cells[end].width
        while start and room - cells[start - 1].width >= width // 3:
            start -= 1
            room -= cells[start].width
        while end + 1 < len(cells) and room >= cells[end + 1].width:
            end += 1
            room -= cells[end].width
        while start and room >= cells[start - 1].width:
            start -= 1
            room -= cells[start].width
        head = [_Cell(_CUT, 1, False)] if start else []
        tail = [_Cell(_CUT, 1, False)] if end + 1 < len(cells) else []
        cells = [*head, *cells[start : end + 1], *tail]
    line = "".join(cell.text for cell in cells)
    marks = "".join(("~" if cell.marked else " ") * cell.width for cell in cells).rstrip()
    return line.rstrip(), re.sub("~", "^", marks, count=1)
