"""Terms of pyoxigraph as those of rdflib, and back.

rdflib holds ``"x"`` and ``"x"^^xsd:string`` apart; terms cross here in the form that rdflib's own parsers give them.
"""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef

from kg.names import XSD


def to_rdflib(term: Any) -> URIRef | BNode | Literal:
    """Give a pyoxigraph term, which is no triple, as rdflib's."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    if term.datatype.value == XSD + "string":
        return Literal(term.value)
    return Literal(term.value, datatype=URIRef(term.datatype.value))


def from_rdflib(term: Any) -> Any:
    """Give an rdflib term as pyoxigraph's; None, which matches everything, stays None."""
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or XSD + "string")))
    return term
