"""Literals as a store keeps them: which ones it would rewrite, and how to write them so that it does not.

pyoxigraph's store keeps the value of a literal, not its form (``01`` becomes ``1``, ``P12M`` becomes ``P1Y``).
What it does is found by asking it, not by rules of ours; only for the commonest forms is the answer known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from kg.inventory import PLAIN
from kg.names import XSD

_BARE: Final = frozenset({XSD + "integer", XSD + "boolean"})
_INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        "nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte", "nonNegativeInteger",
        "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "positiveInteger",
    )
)  # fmt: skip
_FLOATS: Final = frozenset({XSD + "double", XSD + "float"})
# Kept as they are by every store: not worth the question.
_KEPT: Final = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]{0,17}"),
    XSD + "date": re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"),
    XSD + "boolean": re.compile("true|false"),
}


def rewritten(literals: Iterable[ox.Literal]) -> dict[ox.Literal, ox.Literal]:
    """Give those of *literals* that a store would change, each with what it would make of it."""
    typed = [literal for literal in dict.fromkeys(literals) if not _is_kept(literal)]
    if not typed:
        return {}
    store, subject = ox.Store(), ox.NamedNode("urn:x-kg:literal")
    store.extend(ox.Quad(subject, ox.NamedNode(f"urn:x-kg:{n}"), literal) for n, literal in enumerate(typed))
    changed = {}
    for quad in store:
        literal = typed[int(quad.predicate.value.rpartition(":")[2])]
        if literal != quad.object and isinstance(quad.object, ox.Literal):
            changed[literal] = quad.object
    return changed


def _is_kept(literal: ox.Literal) -> bool:
    datatype = literal.datatype.value
    if datatype in PLAIN:
        return True
    form = _KEPT.get(datatype)
    return form is not None and form.fullmatch(literal.value) is not None


def unwanted(literals: Iterable[ox.Literal]) -> dict[ox.Literal, tuple[str, str]]:
    """Give those of *literals* that the profile ``attest`` refuses, each with the sentence and the remedy.

    Refused is what a store would rewrite, every derived integer type and every binary fraction.
    """
    distinct = set(literals)
    kept = rewritten(distinct)
    refused = {}
    for literal in distinct:
        datatype = literal.datatype.value
        if literal not in kept and datatype not in _FLOATS and datatype not in _INTEGERS:
            continue
        shown = turtle(literal)
        if datatype in _FLOATS:
            refused[literal] = (
                f"the literal {shown} is a binary fraction, which no printed number is",
                "write a decimal, as 1.5",
            )
        elif datatype in _INTEGERS:
            refused[literal] = (
                f"the literal {shown} has a type derived from xsd:integer, which a store does not keep",
                f"write {turtle(kept.get(literal, literal))}"
                if literal in kept
                else "write a plain whole number, as 32",
            )
        else:
            refused[literal] = (
                f"the literal {shown} is not in the form that a store keeps",
                f"write {turtle(kept[literal])}",
            )
    return refused


def turtle(literal: ox.Literal) -> str:
    """Give *literal* as Turtle has it: whole numbers and truth values bare, XSD types as ``xsd:`` names."""
    datatype = literal.datatype.value
    if datatype in _BARE or (datatype == XSD + "decimal" and "." in literal.value):
        return literal.value
    if datatype.startswith(XSD) and datatype not in PLAIN:
        return f"{ox.Literal(literal.value)}^^xsd:{datatype.removeprefix(XSD)}"
    return str(literal)
