"""Tables: the record for people with a spreadsheet and programs that read CSV, one table a class.

Claims, events, people, places, photographs, works and passages, each as a CSV file, with ``csv-metadata.json``
beside them that says what every column holds (CSV on the Web, W3C 2015). docs/tables.md lists the columns.
"""

from __future__ import annotations

from kg.manifest import Manifest
from kg.tables.metadata import NAME as METADATA
from kg.tables.metadata import metadata
from kg.tables.writing import TABLES, Filled, fill, zipped

__all__ = ["METADATA", "NAMES", "TABLES", "Filled", "files", "fill", "zipped"]

NAMES = (*(table.file for table in TABLES), METADATA)
"""The names of all files, the metadata last."""


def files(tables: list[Filled], manifest: Manifest) -> dict[str, bytes]:
    """Give *tables* and their metadata as files by name, of the release that *manifest* describes; none for none."""
    if not tables:
        return {}
    return {filled.table.file: filled.csv() for filled in tables} | {METADATA: metadata(tables, manifest)}
