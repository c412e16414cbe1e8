"""Exports: the files in which a dataset is offered, by format, and why one cannot hold it.

The formats of RDF hold the whole dataset, in one file each. CSV and GeoJSON hold what they have columns and features
for: the tables, and the places. A release offers the same files below ``downloads/`` as an export writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from kg import gazetteer, serialisation, tables
from kg.errors import NotAcceptable
from kg.formats import CSV, EXPORTS, GEO_JSON, Format, cannot_hold
from kg.manifest import Manifest
from kg.names import CLASSES, RDF, Base
from kg.spool import Spool

_FOLDERS: Final = {CSV: "tables/"}
_DERIVED: Final = {CSV: tables.files, GEO_JSON: gazetteer.files}
_SHOWN: Final = {
    CSV: frozenset(iri for iris in CLASSES.values() for iri in iris),
    GEO_JSON: frozenset(CLASSES["places"]),
}
"""The classes of what each of them shows."""
MOST: Final = 2_000_000
"""How many statements a release may have that is offered as tables and places: they are made in memory, in some 1.2 GB a million."""


def names(format: Format) -> tuple[str, ...]:
    """Give the names of the files in which a release offers *format*, with the folder that they stand in."""
    if format is CSV:
        return tuple(placed(format, name) for name in tables.NAMES)
    return (gazetteer.FILE,) if format is GEO_JSON else (f"dataset.{format.suffix}",)


def placed(format: Format, name: str) -> str:
    """Give the *name* of a file in *format* with the folder that it stands in."""
    return _FOLDERS.get(format, "") + name


def moved(quads: Iterable[ox.Quad], old: Base, new: Base) -> Iterable[ox.Quad]:
    """Give *quads* with the base *old* of their IRIs replaced by *new*."""

    def term(each: Any) -> Any:
        return ox.NamedNode(new.rebase(old.unbase(each.value))) if isinstance(each, ox.NamedNode) else each

    if old == new:
        return quads
    return (ox.Quad(*map(term, (*quad.triple, quad.graph_name))) for quad in quads)


def derived(quads: Iterable[ox.Quad], format: Format, manifest: Manifest) -> dict[str, bytes]:
    """Give the files of CSV or GeoJSON for *quads*, by name without folder; none where nothing of them is for it.

    *manifest* describes the release. Raises NotAcceptable where the data do not fit the format, and for another; of a spool also
    where it has more than :data:`MOST` statements.
    """
    if format not in _DERIVED:
        raise NotAcceptable(
            f"{format.name} is no format of tables or places", available=tuple(f.media_type for f in _DERIVED)
        )
    if isinstance(quads, Spool):
        typed = quads.having([RDF + "type"])
        if not any(
            isinstance(quad.object, ox.NamedNode) and quad.object.value in _SHOWN[format] for quad in typed
        ):
            return {}
        if len(quads) > MOST:
            raise cannot_hold(f"its files are made in memory, of {MOST:,} statements at most")
    return _DERIVED[format](quads, manifest)


def fault(quads: Iterable[ox.Quad], format: Format, manifest: Manifest) -> str:
    """Give a sentence on why *format* cannot hold *quads*, empty where it can, or where nothing of them is for it."""
    if format in EXPORTS.values():
        refusal = serialisation.refusal(quads, format)
        return refusal.message if refusal else ""
    try:
        derived(quads, format, manifest)
    except NotAcceptable as error:
        return error.message
    return ""
