"""Tables: the record for people with a spreadsheet and programs that read CSV, one table a class.

Claims, events, people, places, photographs, works and passages, each as a CSV file, with ``csv-metadata.json``
beside them that says what every column holds (CSV on the Web, W3C 2015). docs/tables.md lists the columns.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from kg.manifest import Manifest
from kg.record import Record, order
from kg.tables.claims import CLAIMS
from kg.tables.metadata import NAME as METADATA
from kg.tables.metadata import metadata
from kg.tables.writing import TABLES, fill, filled, zipped
from kg.triples import Resource

__all__ = ["METADATA", "NAMES", "TABLES", "claims", "files", "zipped"]

NAMES = (*(table.file for table in TABLES), METADATA)
"""The names of all files, the metadata last."""


def files(quads: Iterable[ox.Quad], manifest: Manifest) -> dict[str, bytes]:
    """Give the tables of *quads*, of the release that *manifest* describes, and their metadata as files by name.

    All of them, those without rows too, but none where no resource is of any of the kinds. Raises NotAcceptable,
    which names resource and column, where a cell cannot hold what the record says.
    """
    filled = fill(quads)
    if not filled:
        return {}
    return {each.table.file: each.csv() for each in filled} | {METADATA: metadata(filled, manifest)}


def claims(record: Record, resources: Iterable[Resource]) -> bytes:
    """Give the table of claims with the rows of *resources* alone, claims of *record*. Raises NotAcceptable as :func:`files` does."""
    return filled(CLAIMS, record, sorted(set(resources), key=order)).csv()
