"""Literals as a set query reads them: those that Oxigraph would alter are kept apart, and those are named of which two engines may think differently.

Oxigraph's store writes numbers and times anew (``1.50`` as ``1.5``, any whole number as an ``xsd:integer``), rdflib in another way, so
that terms which are two for one would be one for the other. Such a literal crosses under a datatype of its own and stays the same term;
what it is worth is then not known to the store, which makes it doubtful.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any, Final

import pyoxigraph as ox
from rdflib import Literal

from kg.names import RDF, XSD
from kg.terms import from_rdflib, to_rdflib

_OPAQUE: Final = "urn:x-attest:opaque:"
_TEXTS: Final = {"", XSD + "string", RDF + "langString"}
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_PRECISE: Final = 15
"""Digits that both engines hold whatever is reckoned with them."""


@lru_cache(maxsize=1 << 16)
def stored(literal: Literal) -> ox.Literal:
    """Give *literal* of rdflib as the store of a set query holds it: equal terms as equal ones, other terms as others."""
    term: ox.Literal = from_rdflib(literal)
    if _kept(literal, term):
        return term
    return ox.Literal(term.value, datatype=ox.NamedNode(_OPAQUE + term.datatype.value))


def restored(term: Any) -> Any:
    """Give a *term* of the store in rdflib again."""
    if isinstance(term, ox.Literal) and term.datatype.value.startswith(_OPAQUE):
        term = ox.Literal(term.value, datatype=ox.NamedNode(term.datatype.value.removeprefix(_OPAQUE)))
    return to_rdflib(term)


@lru_cache(maxsize=1 << 16)
def doubtful(literal: Literal) -> bool:
    """Tell whether rdflib and Oxigraph may take *literal* for different values, or only one of them for any."""
    datatype = str(literal.datatype or "")
    if literal.language or datatype in _TEXTS:
        return False
    if stored(literal).datatype.value.startswith(_OPAQUE):
        return True
    if not datatype.startswith(XSD):
        return False
    return literal.value is None or not _certain(datatype.removeprefix(XSD), literal.value, str(literal))


def _certain(datatype: str, value: Any, text: str) -> bool:
    match datatype:
        case "integer":
            return abs(int(value)) < 10**9
        case "decimal":
            return sum(sign.isdigit() for sign in text) <= _PRECISE
        case "double":
            return math.isfinite(float(value))
        case "date":
            return _DAY.fullmatch(text) is not None
        case _:
            return datatype == "boolean"


def _kept(literal: Literal, term: ox.Literal) -> bool:
    """Tell whether the store gives *term* back as it was."""
    if literal.language or str(literal.datatype or "") in _TEXTS:
        return True
    probe = ox.Store()
    node = ox.NamedNode(_OPAQUE)
    probe.add(ox.Quad(node, node, term))
    (quad,) = probe
    return bool(quad.object == term)
