"""Cells: the rows of an answer as a page shows them, each value by its type, with labels beside IRIs."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pyoxigraph as ox

from kg import wording
from kg.documents.descriptions import Term
from kg.names import XSD
from kg.pages.terms import Shown

Kind = Literal["iri", "number", "date", "truth", "text"]

_NUMBERS: Final = frozenset(
    XSD + name
    for name in (
        "byte", "decimal", "double", "float", "int", "integer", "long", "negativeInteger", "nonNegativeInteger",
        "nonPositiveInteger", "positiveInteger", "short", "unsignedByte", "unsignedInt", "unsignedLong", "unsignedShort",
    )
)  # fmt: skip
_DATES: Final = frozenset(XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth", "time"))


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as a table shows it; ``also`` is what stands beside it: the name of an IRI, a language, a type."""

    shown: Shown
    kind: Kind
    also: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table; a ``veiled`` one names what the collection asks pages to hide until a reader asks for it."""

    cells: tuple[Cell | None, ...]
    veiled: bool


def kind(term: Term) -> Kind:
    """Tell how a table treats *term*."""
    if isinstance(term, ox.NamedNode):
        return "iri"
    if not isinstance(term, ox.Literal):
        return "text"
    datatype = term.datatype.value
    if datatype in _NUMBERS:
        return "number"
    if datatype in _DATES or wording.is_edtf(datatype):
        return "date"
    return "truth" if datatype == XSD + "boolean" else "text"


def lines(
    rows: Sequence[Sequence[Term | None]], show: Callable[[Term], Shown], veiled: Container[str]
) -> tuple[Line, ...]:
    """Give *rows* as lines, each term as *show* gives it; those that name one of *veiled* are veiled."""
    return tuple(
        Line(
            tuple(_cell(term, show) if term is not None else None for term in row),
            any(isinstance(term, ox.NamedNode) and term.value in veiled for term in row),
        )
        for row in rows
    )


def _cell(term: Term, show: Callable[[Term], Shown]) -> Cell:
    shown = show(term)
    return Cell(shown, kind(term), "" if shown.note == shown.text else shown.note)
