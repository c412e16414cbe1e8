"""What rules of the profile find, in the words of a sheet: its row and column, and a remedy that names columns instead of properties.

A rule speaks of properties. Those that have a column in the sheet are replaced by its name; a remedy without such a property stays as
the shape has it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from kg.sheets.citations import CELLS
from kg.sheets.columns import Sheet
from kg.sheets.reading import Read
from kg.sheets.values import SOURCE
from kg.validation import Finding

_NAME: Final = r"[a-z]+:[a-z]\w*"
_ADD: Final = re.compile(rf"(?:add|give one|name one) ({_NAME})(?! (?:kg|concept):)")
_ADDED: Final = re.compile(r"^(?:add|give one|name one) ")
_PREFIX: Final = re.compile(r"\b(?:kg|concept):")
_VALUED: Final = re.compile(rf"\b(?:add|give|write) ({_NAME}) ((?:kg|concept):[a-z][\w-]*(?: or (?:kg|concept):[a-z][\w-]*)*)")  # fmt: skip
_PROPERTY: Final = re.compile(rf"(,? or )?(?<![\w:])({_NAME})(?![\w:-])")
_STATED: Final = "rdf:"
"""Prefix of the properties of what is claimed, which several cells say together."""


def told(finding: Finding, read: Read, row: int) -> Finding:
    """Give *finding* about the resource of *row* at its column, as far as there is one, with the remedy in columns."""
    remedy, named = _remedy(read.sheet, finding.remedy)
    column = _column(finding, read, row) or next((each for each in named if each in read.columns), "")
    place = read.columns.index(column) + 1 if column in read.columns else 0
    return replace(finding, file=read.name, line=row, column=place, path=column, remedy=remedy)


def _column(finding: Finding, read: Read, row: int) -> str:
    """Give the column of the property that *finding* is about: one that is filled in the row, else the first."""
    term = finding.path or (finding.statement[1] if len(finding.statement) > 1 else "")
    prefixed = SOURCE.compact(term.strip("<>"))
    names = [each.name for each in read.sheet.columns if prefixed in each.property.split(", ")]
    cells = next((each.cells for each in read.rows if each.number == row), ())
    filled = {name for name, cell in zip(read.sheet.header, cells, strict=False) if cell}
    stated = [name for name in names if name in filled]
    return next(iter(stated or names[: not prefixed.startswith(_STATED)]), "")


def _remedy(sheet: Sheet, remedy: str) -> tuple[str, list[str]]:
    """Give *remedy* with columns for properties, and the names of these columns; unchanged where no property has one."""
    known = _columns(sheet)
    named: list[str] = []
    adds = (start := _ADD.match(remedy)) is not None and start[1] in known

    def valued(found: re.Match[str]) -> str:
        if (cells := known.get(found[1])) is None:
            return found[0]
        named.extend(cells)
        return f"write {_PREFIX.sub('', found[2])} under {cells[0]}"

    def bare(found: re.Match[str]) -> str:
        if (cells := known.get(found[2])) is None:
            return found[0]
        named.extend(cells)
        *first, last = cells
        listed = f"{', '.join(first)} and {last}" if first else last
        either = ", or " if found[1] else ""
        return f"{either}{listed}" if adds else f"{either}column {listed}"

    said = _PROPERTY.sub(bare, _VALUED.sub(valued, remedy))
    if not named:
        return remedy, []
    return f"{_ADDED.sub('fill ', said) if adds else said} (in {sheet.name}.csv)", named


def _columns(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Give the columns to fill by the property that they say; none for what several cells or properties say together."""
    found: dict[str, tuple[str, ...]] = {}
    for column in sheet.columns:
        if column.property and ", " not in column.property and not column.property.startswith(_STATED):
            found.setdefault(column.property, (column.name,))
    return found | {name: cells for name, cells in CELLS.items() if name in found}
