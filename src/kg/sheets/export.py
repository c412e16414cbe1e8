"""Writing sheets: what the files say as CSV for a spreadsheet, and empty sheets with their documentation."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from kg.sheets.columns import ID, Sheet
from kg.sheets.holdings import Holdings
from kg.sheets.reading import guarded

COLUMNS: Final = "columns.csv"
README: Final = "README.txt"
_README: Final = """Sheets of the collection {title}

Each file is one table; the first row names the columns, and columns.csv says what each holds, with an example.

1. Open a sheet in a spreadsheet program by importing it, not by a double click: encoding UTF-8, and all columns as
   text, or the program changes dates (Excel: Data, From Text/CSV; LibreOffice: the dialog that appears).
2. Write one row for each thing. Dates are 1990-01-16; several values in a cell stand with | between them.
3. Save as CSV UTF-8, under the same name.
4. kg sheet import DIRECTORY --plan shows what would change and what is wrong; kg sheet import DIRECTORY writes it.

A row that is taken out changes nothing: to take back a claim write withdrawn under status. Nothing is ever deleted.
Leave the column was as it is; in new rows it is empty. What stands here may be withheld from readers: keep it to yourself.
"""


def export(holdings: Holdings, sheet: Sheet, separator: str = ",") -> bytes:
    """Give *sheet* with a row for each resource that the files have, in their order, as CSV in UTF-8 with a byte order mark."""
    rows = ((*cells, digest(sheet, cells)) for cells in (sheet.show(holdings, each) for each in sheet.subjects(holdings)))  # fmt: skip
    return _csv((sheet.header, *rows), separator)


def empty(sheet: Sheet, separator: str = ",") -> bytes:
    """Give *sheet* with its header only."""
    return _csv((sheet.header,), separator)


def columns(sheets: Mapping[str, Sheet], separator: str = ",") -> bytes:
    """Give the documentation of all columns of *sheets* as CSV."""
    rows = [("sheet", "column", "what it holds", "values", "needed", "example", "property")]
    for sheet in sheets.values():
        for column in sheet.documented:
            values = f"{column.values}{'; several with | between them' if column.many else ''}"
            needed = "yes" if column.required else "no"
            rows.append(
                (sheet.name, column.name, column.about, values, needed, column.example, column.property)
            )
    return _csv(rows, separator)


def readme(title: str) -> bytes:
    """Give the text that tells somebody how to begin."""
    return _README.format(title=title).encode()


def digest(sheet: Sheet, cells: Sequence[str]) -> str:
    """Give the digest of a row by which an import sees that it was changed: of its cells that are not empty, with their columns."""
    named = (
        f"{name}={cell}\n" for name, cell in zip(sheet.header, cells, strict=False) if cell and name != ID
    )
    return hashlib.sha256("".join(named).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def rewritten(records: Iterable[Sequence[str]], separator: str, encoding: str) -> bytes:
    """Give *records*, which are cells as they stand in a file, as CSV of *separator* and *encoding*."""
    text = _text(records, separator)
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    return (mark + text).encode(encoding)


def _csv(rows: Iterable[Sequence[str]], separator: str) -> bytes:
    return _text(([guarded(cell) for cell in row] for row in rows), separator).encode("utf-8-sig")


def _text(rows: Iterable[Sequence[str]], separator: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
