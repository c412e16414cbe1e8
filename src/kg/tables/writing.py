"""Writing the tables: rows in a fixed order as CSV (RFC 4180: UTF-8, CRLF, a header row), and all of them as one zip.

Values are exact. A text that a spreadsheet would take for a formula (``=1+1``) stays as it is, since a changed one
would no longer be what the source prints; docs/tables.md says how to open such a file.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.formats import cannot_hold
from kg.names import CLASSES, RDF
from kg.record import Record, natural
from kg.tables.claims import CLAIMS, PASSAGES
from kg.tables.columns import Table, Unfit
from kg.tables.things import EVENTS, PEOPLE, PHOTOGRAPHS, PLACES, WORKS
from kg.triples import Resource

TABLES: Final = (CLAIMS, EVENTS, PEOPLE, PLACES, PHOTOGRAPHS, WORKS, PASSAGES)
"""All tables. A column that has been released keeps its name and its meaning."""
SEPARATORS: Final = ("|", "\n")
"""What stands between the values of a cell: the first, unless a value of the column has it in itself."""

_TYPES: Final = frozenset(ox.NamedNode(iri) for iris in CLASSES.values() for iri in iris)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can tell, so that it tells none."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A table with its rows, each cell as its values, and the separator of each column of several values."""

    table: Table
    rows: tuple[tuple[tuple[str, ...], ...], ...]
    separators: Mapping[str, str]

    def column(self, name: str) -> frozenset[str]:
        """Give the distinct values in the column *name*."""
        place = [column.name for column in self.table.columns].index(name)
        return frozenset(value for row in self.rows for value in row[place])

    def csv(self) -> bytes:
        """Give the table as CSV."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        names = [column.name for column in self.table.columns]
        writer.writerow(names)
        for row in self.rows:
            writer.writerow(
                self.separators.get(name, "").join(cell) for name, cell in zip(names, row, strict=True)
            )
        return out.getvalue().encode()


def fill(quads: Iterable[ox.Quad]) -> list[Filled]:
    """Give all tables of the union of *quads*, those without rows too; none where no resource is of any of the kinds.

    Raises NotAcceptable, which names the resource and the column, where a cell cannot hold what the record says.
    """
    quads = list(quads)
    if not any(quad.object in _TYPES and quad.predicate.value == RDF + "type" for quad in quads):
        return []
    record = Record(quads)
    return [filled(table, record, record.members(table.name)) for table in TABLES]


def filled(table: Table, record: Record, resources: Iterable[Resource]) -> Filled:
    """Give *table* with the rows of *resources*. Raises NotAcceptable as :func:`fill` does."""
    rows = []
    for resource in resources:
        try:
            rows.append(tuple(tuple(column.values(record, resource)) for column in table.columns))
        except Unfit as reason:
            raise cannot_hold(f"{resource} has {reason}; the table {table.name} cannot hold that") from None
    names = [column.name for column in table.columns]
    places = [names.index(name) for name in table.order]
    rows.sort(key=lambda row: [[natural(value) for value in row[place]] for place in places])
    separators = {}
    for place, column in enumerate(table.columns):
        if column.many:
            values = [value for row in rows for value in row[place]]
            separators[column.name] = separator(values, f"the column {column.name} of {table.name}")
    return Filled(table, tuple(rows), separators)


def separator(values: Iterable[str], where: str) -> str:
    """Give what to set between *values*; NotAcceptable where each separator stands in one of them."""
    values = list(values)
    free = (mark for mark in SEPARATORS if not any(mark in value for value in values))
    if (found := next(free, None)) is None:
        marks = " and ".join(map(repr, SEPARATORS))
        raise cannot_hold(f"values in {where} hold {marks}, so that nothing can separate them")
    return found


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Give *files* as a zip of the same bytes on any machine: not deflated, since that depends on the library."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as made on Unix, readable by all
            archive.writestr(entry, content)
    return out.getvalue()
