"""A filtered list as a table: CSV (RFC 4180) and JSON, with exactly the members that the filters leave.

Values are exact; between several of a cell stands ``|``, where one has that in itself a line break. The last column says of each row
whether the collection asks to hide it until somebody asks for it.
"""

from __future__ import annotations

import csv
import io
from typing import Any, Final

from kg.errors import QueryTooLarge
from kg.formats import as_json
from kg.listing.selection import Row, Selection
from kg.rows import VEILED, written
from kg.tables.writing import separator

ROWS: Final = 100_000
"""How many members a table may have; more are refused, and never cut."""
OWN: Final = (("iri", "IRI of the resource"), ("label", "what it is called"), ("label_language", "language of the label (BCP 47), empty where not said"))  # fmt: skip


def columns(selection: Selection) -> tuple[str, ...]:
    """Give the names of the columns."""
    return (*(name for name, _ in OWN), *(column.name for column in selection.listing.columns), VEILED)


def to_csv(selection: Selection, order: str = "") -> bytes:
    """Give the members in *order* as CSV. Raises QueryTooLarge, NotAcceptable where no separator is left for a cell."""
    rows = _rows(selection, order)
    between = [
        separator(
            (value for row in rows if len(row.cells[at]) > 1 for value in row.cells[at]),
            f"the column {column.name} of {selection.listing.name}",
        )
        for at, column in enumerate(selection.listing.columns)
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns(selection))
    for row in rows:
        cells = (mark.join(cell) for mark, cell in zip(between, row.cells, strict=True))
        writer.writerow((row.iri, row.label, row.language, *cells, written(row.veiled)))
    return out.getvalue().encode()


def to_json(selection: Selection, order: str = "") -> bytes:
    """Give the list, its filters and the members in *order* as JSON; a cell is a list of texts. Raises QueryTooLarge."""
    listing = selection.listing
    filters = {name: [value.iri or value.label for value in values] for name, values in selection.chosen.items()}  # fmt: skip
    found: dict[str, Any] = {
        "list": listing.name,
        "title": listing.title,
        "total": selection.total,
        "of": listing.total,
        "filters": filters,
    }
    if selection.until:
        found |= {"as_of": selection.until, "undated": selection.undated}
    names = [column.name for column in listing.columns]
    found["rows"] = [
        {
            "iri": row.iri,
            "label": row.label,
            "label_language": row.language,
            **{name: list(cell) for name, cell in zip(names, row.cells, strict=True)},
            VEILED: row.veiled,
        }
        for row in _rows(selection, order)
    ]
    return as_json(found)


def _rows(selection: Selection, order: str) -> list[Row]:
    if selection.total > ROWS:
        raise QueryTooLarge(
            f"this list has {selection.total:,} members, and a table at most {ROWS:,}",
            remedy="filter it, or take the whole from /download/",
        )
    return list(selection.page(order=order))
