"""Reading a sheet: from the bytes that a spreadsheet program saved to rows of cells, with a finding for each bad place.

CSV as RFC 4180 has it, UTF-8 with or without a byte order mark, or UTF-16 with one; comma, semicolon or tab, told by the
header. A row keeps the number that a spreadsheet shows beside it. Rows that are sound are given though others are not, so
that one import tells of all mistakes; whether anything may be written is for the caller to decide from the findings.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kg.escaping import shortened
from kg.sheets.columns import Sheet
from kg.sheets.naming import nearest
from kg.validation import Finding

SEPARATORS: Final = (",", ";", "\t")
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_UNDECODED: Final = re.compile("[\udc80-\udcff]")
_SAVE: Final = "save it as UTF-8: in Excel 'CSV UTF-8 (Comma delimited)', in LibreOffice 'Edit filter settings' and 'Unicode (UTF-8)'"
_TYPE_ANEW: Final = "open the sheet that was lost in saving, or type the cell anew, and save as UTF-8"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number in the spreadsheet (the header is 1), and its cells in the order of the sheet's columns.

    A cell whose column the sheet does not have is None.
    """

    number: int
    cells: tuple[str | None, ...]


@dataclass(slots=True)
class Read:
    """A sheet as read: its columns in the order of the file, its rows, and what is wrong with it.

    ``raw`` are all records with the header, as the file has them, ``separator`` and ``encoding`` how it is written.
    """

    sheet: Sheet
    name: str
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    raw: list[list[str]] = field(default_factory=list)
    separator: str = ","
    encoding: str = "utf-8"

    def fault(self, row: int, column: str, message: str, rule: str, remedy: str) -> None:
        """Note a violation in the cell of *row* and *column*; the row 0 is the file itself."""
        place = self.columns.index(column) + 1 if column in self.columns else 0
        self.findings.append(
            Finding(
                "violation", message, rule, remedy, path=column, file=self.name, line=row, column=place
            )
        )  # fmt: skip


def read(data: bytes, sheet: Sheet, name: str) -> Read:
    """Read *data*, the file *name*, as a *sheet*."""
    found = Read(sheet, name)
    text = _decoded(data, found)
    if text is None:
        return found
    found.separator = _separator(text, sheet)
    records = _records(text, found)
    header = next(records, None)
    if header is None or not any(header):
        found.fault(
            0 if header is None else 1,
            "",
            "the sheet is empty",
            "sheet-header",
            "write the column names into the first row; kg sheet new makes a sheet with them",
        )
        return found
    found.raw.append(header)
    places = _header(header, found)
    if places is not None:
        _fill(records, places, found)
    return found


def _decoded(data: bytes, found: Read) -> str | None:
    """Give the text; bytes that are not UTF-8 stay in it as lone surrogates, to be told of at their cell."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            found.encoding = encoding
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                found.fault(0, "", "the file begins as UTF-16 and does not go on so", "sheet-encoding", _SAVE)
                return None
    if data.startswith(codecs.BOM_UTF8):
        found.encoding = "utf-8-sig"
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _separator(text: str, sheet: Sheet) -> str:
    """Give the separator by which the first row has the most names of columns."""
    known = set(sheet.header)

    def names(separator: str) -> int:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        except csv.Error:
            return 0
        return len(known & {_column(cell) for cell in header})

    return max(SEPARATORS, key=names)


def _records(text: str, found: Read) -> Iterator[list[str]]:
    """Give the records; where quotes do not close or a cell has no end, that is a finding and the last record."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=found.separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            found.fault(number, "", *_broken(str(error)))
            return
        yield record


def _broken(message: str) -> tuple[str, str, str]:
    """Give sentence, rule and remedy for what the reader of CSV says."""
    if "field larger" in message:
        return (
            "a cell of this row is longer than 131,072 characters",
            "sheet-form",
            "close its quotation mark, or shorten it",
        )
    if "unexpected end" in message:
        sentence = "a quotation mark in this row opens a cell that never ends"
    elif "expected after" in message:
        sentence = "a quotation mark stands inside a cell of this row and is not written twice"
    else:
        sentence = f"this row is not CSV ({message})"
    return f"{sentence}, so nothing after it can be read", "sheet-form", 'write "" for a quotation mark inside a cell; spreadsheets do so by themselves'  # fmt: skip


def _column(cell: str) -> str:
    return cell.strip().lower()


def _header(header: list[str], found: Read) -> list[int] | None:
    """Give the place of each column of the sheet in the file, -1 where it is absent; None where rows cannot be read."""
    names = [_column(cell) for cell in header]
    found.columns = tuple(names)
    known = found.sheet.header
    for place, name in enumerate(names):
        if name and name in names[:place]:
            found.fault(1, name, f"two columns are called {name}", "sheet-header", "take one of them out")
        elif name and name not in known:
            near = nearest(name, known)
            remedy = (
                f"write {near}, if that is meant, or take the column out"
                if near
                else "take the column out; columns.csv lists those that there are"
            )
            found.fault(1, name, f"no column is called {shortened(name, 60)!r}", "sheet-header", remedy)
    if known[0] not in names:
        found.fault(1, "", "the column id is missing", "sheet-header", "add it: without it no row can be told from another")  # fmt: skip
        return None
    return [names.index(name) if name in names else -1 for name in known]


def _fill(records: Iterator[list[str]], places: Sequence[int], found: Read) -> None:
    width = len(found.columns)
    for number, record in enumerate(records, 2):
        found.raw.append(record)
        if not any(record):
            continue
        if len(record) != width:
            found.fault(
                number, "", f"the row has {len(record)} cells, and the header has {width}", "sheet-form",
                "give each row as many cells as the header has; a cell with the separator in it stands in quotation marks",
            )  # fmt: skip
            continue
        cells = [None if place < 0 else record[place] for place in places]
        if _sound(number, record, found):
            found.rows.append(Row(number, tuple(cell if cell is None else unguarded(cell) for cell in cells)))


def _sound(number: int, record: list[str], found: Read) -> bool:
    """Tell whether all cells can be read, and note those that cannot."""
    sound = True
    for name, cell in zip(found.columns, record, strict=True):
        if not cell or (cell.isascii() and cell[0].isalnum() and "\0" not in cell):
            continue
        if words := _unsound(cell):
            found.fault(number, name, *words)
            sound = False
        elif not name:
            found.fault(number, "", "a cell stands in a column without a name", "sheet-form", "name the column, or empty the cell")  # fmt: skip
    return sound


def _unsound(cell: str) -> tuple[str, str, str] | None:
    """Give sentence, rule and remedy for a cell that cannot be read as text."""
    if byte := _UNDECODED.search(cell):
        code = ord(byte[0]) - 0xDC00
        letter = bytes([code]).decode("cp1252", "replace")
        return (
            f"byte {code:02X} in this cell is not UTF-8 (in Windows-1252 it would be {letter!r})",
            "sheet-encoding",
            _SAVE,
        )
    if "\0" in cell:
        return "a NUL byte stands in this cell", "sheet-encoding", _TYPE_ANEW
    if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return (
            f"{shortened(cell, 40)!r} would be a formula in a spreadsheet", "sheet-formula",
            "write its result; if it is a text that begins so, put an apostrophe ' before it",
        )  # fmt: skip
    return None


def guarded(text: str) -> str:
    """Give *text* as a cell that no spreadsheet takes for a formula: with an apostrophe before it where it might be one."""
    risky = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if risky or _GUARDED.match(text) else text


def unguarded(cell: str) -> str:
    """Give the text of a *cell*: without the apostrophe that :func:`guarded` put before it."""
    return cell[1:] if _GUARDED.match(cell) else cell
