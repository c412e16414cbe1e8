"""The index of a release, ``index.csv``: each resource with its type and a label, for look-ups and other tools.

CSV as RFC 4180 has it (CRLF, UTF-8), columns ``iri``, ``type``, ``label``; one row for each type of a resource,
sorted. Values are exact, so a label that a spreadsheet would take for a formula stays as it is.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

import pyoxigraph as ox

from kg.names import DCTERMS, RDF, RDFS, SCHEMA, SKOS, SKOSXL

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


def table(quads: Iterable[ox.Quad], languages: Sequence[str] = ("en",)) -> bytes:
    """Give ``index.csv`` of *quads*: a row for each IRI that has a type, and each of its types.

    The label is in the first of *languages* that there is one in, else without a language, else in any; of
    several the first property of :data:`LABELS` and the first by code point. Blank nodes have no row.
    """
    types: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, tuple[int, int, str]] = {}
    rank = {language: number for number, language in enumerate((*languages, ""))}
    for quad in quads:
        subject, object = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode):
            continue
        if quad.predicate == _TYPE and isinstance(object, ox.NamedNode):
            types[subject.value].add(object.value)
        elif quad.predicate in LABELS and isinstance(object, ox.Literal):
            place = rank.get(object.language or "", len(rank)), LABELS.index(quad.predicate), object.value
            labels[subject.value] = min(place, labels.get(subject.value, place))
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for iri in sorted(types):
        label = labels[iri][2] if iri in labels else ""
        writer.writerows((iri, kind, label) for kind in sorted(types[iri]))
    return out.getvalue().encode()


def place(language: str, liked: Sequence[str]) -> int:
    """Give the place of a name in *language* among others, where *liked* languages come first, then none, then all others."""
    tags = (*liked, "")
    own = next((tag for tag in (language, language.partition("-")[0]) if tag in tags), None)
    return len(tags) if own is None else tags.index(own)
