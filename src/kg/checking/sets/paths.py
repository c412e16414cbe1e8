"""Paths of SHACL as those of SPARQL, as far as pySHACL follows them as SPARQL does (W3C SHACL 1.0, §2.3.1)."""

from __future__ import annotations

from typing import TypeAlias

from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.term import Node

from kg.terms import from_rdflib

Way: TypeAlias = URIRef | Path
"""A property or a path, as rdflib has it."""


def path(shapes: Graph, node: Node | None) -> Way | None:
    """Give the path *node*; None for one that repeats, which differs in cycles and for what is not in the data, and for one that is none."""
    if isinstance(node, URIRef):
        return node
    if not isinstance(node, BNode) or len(set(shapes.predicates(node))) > 2:
        return None
    if (node, RDF.first, None) in shapes:
        members = _members(shapes, node)
        return SequencePath(*members) if members else None
    about = list(shapes.predicate_objects(node))
    if len(about) != 1:
        return None
    ((kind, other),) = about
    if kind == SH.inversePath and isinstance(other, URIRef):
        return InvPath(other)
    members = _members(shapes, other) if kind == SH.alternativePath else []
    return AlternativePath(*members) if members else None


def written(way: Way) -> str:
    """Give *way* in SPARQL; of paths that repeat those of no length or more alone."""
    match way:
        case SequencePath():
            return f"({'/'.join(map(written, way.args))})"
        case AlternativePath():
            return f"({'|'.join(map(written, way.args))})"
        case InvPath():
            return f"^{written(way.arg)}"
        case MulPath():
            return f"{written(way.path)}*"
        case _:
            return str(from_rdflib(way))


def _members(shapes: Graph, members: Node) -> list[Way]:
    """Give the paths of a list, none where one is not followed, or it has less than two."""
    found = [path(shapes, member) for member in shapes.items(members)]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) > 1 else []
