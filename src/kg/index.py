"""The index of a release, ``index.csv``: each resource with its type and a label, for look-ups and other tools.

CSV as RFC 4180 has it (CRLF, UTF-8), columns ``iri``, ``type``, ``label``; one row for each type of a resource,
sorted. Values are exact, so a label that a spreadsheet would take for a formula stays as it is.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO, Final

import pyoxigraph as ox

from kg.names import DCTERMS, RDF, RDFS, SCHEMA, SKOS, SKOSXL
from kg.sorting import Sorter

HEADER: Final = ("iri", "type", "label")
LABELS: Final = tuple(
    ox.NamedNode(iri) for iri in (RDFS + "label", SKOS + "prefLabel", SCHEMA + "name", DCTERMS + "title")
)
"""Properties that give a label, the best first: our own before a name that a source gives."""

NAMING: Final = (
    RDFS + "label",
    *(label.value for label in LABELS if label.value != RDFS + "label"),
    "http://xmlns.com/foaf/0.1/name",
    SKOSXL + "literalForm",
)
"""Properties that name a resource, the best first; the last is that of a name record, whose form stands in quotation marks."""

_TYPE: Final = ox.NamedNode(RDF + "type")


READ: Final = (_TYPE.value, *(label.value for label in LABELS))
"""The properties that are read."""
_BATCH: Final = 10_000


def write(
    quads: Iterable[ox.Quad],
    out: BinaryIO,
    languages: Sequence[str] = ("en",),
    directory: Path | None = None,
) -> None:
    """Write ``index.csv`` of *quads* to *out*: a row for each IRI that has a type, and each of its types.

    What is said of a subject stands together in *quads*; rows that do not fit in memory are sorted in *directory*. The label is in the
    first of *languages* that there is one in, else without a language, else in any; of several the first property of :data:`LABELS`
    and the first by code point. Blank nodes have no row.
    """
    rank = {language: number for number, language in enumerate((*languages, ""))}
    with Sorter(directory) as sorter:
        rows = _rows(quads, rank)
        while some := "".join(islice(rows, _BATCH)):
            sorter.add(some.encode())
        out.write(_csv([HEADER]))
        lines = sorter.lines()
        while batch := [line.decode()[:-1].split("\0") for line in islice(lines, _BATCH)]:
            out.write(_csv((iri, kind, json.loads(label)) for iri, kind, label in batch))


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _rows(quads: Iterable[ox.Quad], rank: dict[str, int]) -> Iterator[str]:
    """Give the rows as lines that are in order when they are sorted."""
    for subject, said in groupby(quads, key=lambda quad: quad.subject):
        types: set[str] = set()
        labels: list[tuple[int, int, str]] = []
        for quad in said:
            object = quad.object
            if quad.predicate == _TYPE and isinstance(object, ox.NamedNode):
                types.add(object.value)
            elif quad.predicate in LABELS and isinstance(object, ox.Literal):
                place = rank.get(object.language or "", len(rank)), LABELS.index(quad.predicate)
                labels.append((*place, object.value))
        if isinstance(subject, ox.NamedNode):
            label = json.dumps(min(labels)[2] if labels else "")
            yield from (f"{subject.value}\0{kind}\0{label}\n" for kind in types)


def place(language: str, liked: Sequence[str]) -> int:
    """Give the place of a name in *language* among others, where *liked* languages come first, then none, then all others."""
    tags = (*liked, "")
    own = next((tag for tag in (language, language.partition("-")[0]) if tag in tags), None)
    return len(tags) if own is None else tags.index(own)
