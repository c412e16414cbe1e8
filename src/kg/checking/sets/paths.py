"""Paths of SHACL as those of SPARQL, as far as pySHACL follows them as SPARQL does (W3C SHACL 1.0, §2.3.1)."""

from __future__ import annotations

from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from kg.terms import from_rdflib


def path(shapes: Graph, node: Node | None) -> str | None:
    """Give the path *node* in SPARQL; None for one that repeats, which differs in cycles and for what is not in the data, and for one that is none."""
    if isinstance(node, URIRef):
        return str(from_rdflib(node))
    if not isinstance(node, BNode) or len(set(shapes.predicates(node))) > 2:
        return None
    if (node, RDF.first, None) in shapes:
        return _joined(shapes, node, "/")
    about = list(shapes.predicate_objects(node))
    if len(about) != 1:
        return None
    ((kind, other),) = about
    if kind == SH.inversePath and isinstance(other, URIRef):
        return f"^{from_rdflib(other)}"
    return _joined(shapes, other, "|") if kind == SH.alternativePath else None


def _joined(shapes: Graph, members: Node, sign: str) -> str | None:
    found = [path(shapes, member) for member in shapes.items(members)]
    return f"({sign.join(map(str, found))})" if len(found) > 1 and None not in found else None
