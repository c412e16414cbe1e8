"""Completions: the words that the editor of the query page offers, prefixes and the classes and properties that a release uses."""

from __future__ import annotations

from typing import Any, Final

import pyoxigraph as ox

from kg.archive import Archive
from kg.manifest import TURTLE_NAME
from kg.names import VOCABULARIES
from kg.rows import IRI

_KINDS: Final = {VOCABULARIES["void"] + kind: kind for kind in ("class", "property")}


def completions(archive: Archive) -> dict[str, Any]:
    """Give the prefixes of *archive*, and its classes and properties as (name, type, label), as JSON has them.

    They are read from the partitions (VoID, W3C 2011, section 4.6) that the build counted; without the file there are none.
    """
    terms = []
    for iri, kind in _counted(archive):
        name = archive.base.compact(iri)
        if name != iri:
            label = archive.labelled(IRI(iri)) or ""
            terms.append((name, kind, "" if label == name.partition(":")[2] else label))
    return {"prefixes": archive.base.prefixes(), "terms": sorted(terms)}


def _counted(archive: Archive) -> list[tuple[str, str]]:
    """Give the IRIs that the partitions are of, each with whether it is a class or a property."""
    path = archive.directory / TURTLE_NAME if archive.directory is not None else None
    if path is None or not path.is_file():
        return []
    return [
        (quad.object.value, _KINDS[quad.predicate.value])
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        if quad.predicate.value in _KINDS and isinstance(quad.object, ox.NamedNode)
    ]
