"""The JSON-LD context of a collection, generated from its ontology (JSON-LD 1.1 §4.1).

It holds every prefix, and a term for each property and class that has a prefixed name. The short name is the
local one where it is free: no prefix has it and no other property or class, of which ours comes first
(``position`` is kg:position, schema:position keeps that name). A property without a short name has its prefixed
name as its term where values need a type.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from kg.names import EDTF_TYPE, KG, OWL, RDF, RDFS, XSD, Base
from kg.serialisation.abbreviation import Abbreviation

_PROPERTIES: Final = frozenset(
    {
        OWL + "ObjectProperty",
        OWL + "DatatypeProperty",
        OWL + "AnnotationProperty",
        RDF + "Property",
        KG + "Measure",
    }
)
_CLASSES: Final = frozenset({OWL + "Class", RDFS + "Class"})
READ: Final = (RDF + "type", RDFS + "range")
"""The properties that are read."""


def context(quads: Iterable[ox.Quad], base: Base) -> dict[str, Any]:
    """Give ``{"@context": {…}}`` for the ontology *quads*, with the prefixes of *base*.

    A plain string under a term is an IRI for an owl:ObjectProperty that is nothing else, and a value of the
    datatype for an owl:DatatypeProperty with one XSD or EDTF range; strings with a language are value objects.
    """
    types, ranges = _facts(quads)
    prefixes = base.prefixes()
    names = Abbreviation(prefixes)
    terms: dict[str, Any] = {}
    for name, iri, short in _named(types, names, set(prefixes)):
        coercion = _coercion(types[iri], ranges[iri])
        if coercion:
            terms[short or name] = {"@id": name, "@type": names.name(coercion) or coercion}
        elif short:
            terms[short] = name
    return {"@context": dict(sorted(prefixes.items())) | dict(sorted(terms.items()))}


def _facts(quads: Iterable[ox.Quad]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Give the types of each property and class, and the ranges of each subject."""
    types: dict[str, set[str]] = defaultdict(set)
    ranges: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        predicate, subject, object = quad.predicate.value, quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode) or predicate not in READ:
            continue
        said = object.value if isinstance(object, ox.NamedNode) else str(object)
        if predicate == RDFS + "range":
            ranges[subject.value].add(said)
        elif said in _PROPERTIES or said in _CLASSES:
            types[subject.value].add(said)
    return types, ranges


def _named(
    types: dict[str, set[str]], names: Abbreviation, taken: set[str]
) -> list[tuple[str, str, str | None]]:
    """Give (prefixed name, IRI, short name or None) of each property and class that has a prefixed name."""
    named = [
        (name, iri)
        for iri, kinds in types.items()
        if kinds & (_PROPERTIES | _CLASSES) and (name := names.name(iri)) is not None
    ]
    locals: dict[str, list[str]] = defaultdict(list)
    for name, iri in named:
        locals[name.partition(":")[2]].append(iri)

    def short(name: str, iri: str) -> str | None:
        local = name.partition(":")[2]
        free = local not in taken and (locals[local] == [iri] or iri == KG + local)
        return local if free else None

    return [(name, iri, short(name, iri)) for name, iri in sorted(named)]


def _coercion(types: set[str], ranges: set[str]) -> str | None:
    """Give ``@id``, a datatype, or None where a plain string is just that."""
    kinds = types & _PROPERTIES
    if kinds == {OWL + "ObjectProperty"}:
        return "@id"
    if OWL + "DatatypeProperty" in kinds and len(ranges) == 1:
        (datatype,) = ranges
        if datatype == EDTF_TYPE or (datatype.startswith(XSD) and datatype != XSD + "string"):
            return datatype
    return None
