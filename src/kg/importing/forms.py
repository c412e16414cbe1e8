"""Literals as a store keeps them (section 7 of the model): imported ones are written so, where that loses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

import pyoxigraph as ox

from kg.loading import literals
from kg.names import XSD

_FLOATS: Final = frozenset({XSD + "double", XSD + "float"})
_DECIMAL: Final = ox.NamedNode(XSD + "decimal")
_DIGITS: Final = 18
"""Digits, before and after the point, of a decimal that every store keeps."""


def kept(found: Iterable[ox.Literal]) -> dict[ox.Literal, ox.Literal]:
    """Give those of the literals *found* that are written in another form, each with that form.

    A number with an exponent becomes the decimal of the same digits, a type derived from xsd:integer that type, the rest what a
    store makes of it. What has no such form (NaN, what is no number) is not among them.
    """
    distinct = set(found)
    decimals = {literal: plain for literal in distinct if (plain := _decimal(literal)) is not None}
    stored = literals.rewritten({decimals.get(literal, literal) for literal in distinct})
    written = {}
    for literal in distinct:
        plain = decimals.get(literal, literal)
        last = stored.get(plain, plain)
        if last != literal and last.datatype.value not in _FLOATS:
            written[literal] = last
    return written


def _decimal(literal: ox.Literal) -> ox.Literal | None:
    """Give the decimal with the digits of a binary fraction, None where *literal* is none or has no such decimal."""
    if literal.datatype.value not in _FLOATS:
        return None
    try:
        number = Decimal(literal.value.strip())
    except InvalidOperation:
        return None
    if not number.is_finite() or not -_DIGITS <= number.adjusted() < _DIGITS:
        return None
    return ox.Literal(format(number, "f"), datatype=_DECIMAL)
