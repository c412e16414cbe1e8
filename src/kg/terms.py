"""Terms of pyoxigraph as those of rdflib.

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
