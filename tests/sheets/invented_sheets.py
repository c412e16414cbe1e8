"""Sheets for the invented collection Velmora, and imports of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import velmora
from kg import sheets
from kg.project import Project
from kg.sheets import Import
from kg.validation import Finding

CLAIM = {
    "id": "new-deaths",
    "source": "gazette-1",
    "about": "event:velmora-1901",
    "measure": "injured",
    "comparator": "unqualified",
    "amount": "12",
    "unit": "persons",
    "where": "velmora",
    "as_of": "1901-03-09",
    "speaker": "org:harbour-office",
    "basis": "statedInText",
    "passage": "p1",
}
"""A row that is sound."""


def project(target: Path) -> Project:
    """Give the project Velmora, laid out in *target*."""
    return Project.open(velmora.project(target))


def table(rows: Sequence[Mapping[str, str]], separator: str = ",") -> bytes:
    """Give a sheet with *rows*; the columns are those that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def planned(project: Project, **tables: Sequence[Mapping[str, str]] | bytes) -> Import:
    """Plan the import of *tables* (rows, or the bytes of a sheet), each by the name of its sheet."""
    return Import(project, files(project, tables))


def files(project: Project, tables: Mapping[str, Sequence[Mapping[str, str]] | bytes]) -> dict[Path, bytes]:
    """Write *tables* beside the project and give them by path."""
    found = {}
    for name, rows in tables.items():
        path = project.root / "sheets" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(rows if isinstance(rows, bytes) else table(rows))
        found[path] = path.read_bytes()
    return found


def exported(project: Project, name: str) -> list[dict[str, str]]:
    """Give the rows of the exported sheet *name*."""
    text = sheets.exported(project, (name,))[f"{name}.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def apply(done: Import) -> None:
    """Write the files of an import without validating the project."""
    for path, data in done.texts().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def faults(done: Import) -> list[tuple[int, str, str]]:
    """Give row, column and rule of each violation."""
    return [(each.line, each.path, each.rule) for each in done.plan.findings]


def only(done: Import) -> Finding:
    """Give the one finding."""
    (finding,) = done.plan.findings
    return finding
