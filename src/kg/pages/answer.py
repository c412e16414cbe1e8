"""The answer to a query as a page shows it: its rows with labels, and drawn where there are days or coordinates."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from kg.documents.descriptions import Term
from kg.pages import plots
from kg.pages.cells import Line, lines
from kg.pages.plots import Map, Timeline
from kg.pages.terms import Terms


@dataclass(frozen=True, slots=True)
class Answer:
    """The first rows of an answer of ``total`` rows, and plots of those that are not veiled, None where they cannot be drawn."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: int
    timeline: Timeline | None
    map: Map | None


def answer(
    columns: Sequence[str],
    rows: Sequence[Sequence[Term | None]],
    total: int,
    terms: Terms,
    veiled: Container[str],
) -> Answer:
    """Give the first *rows* of an answer of *total* rows, shown by *terms*; what is *veiled* is folded, and not drawn."""
    shown = lines(rows, terms.term, veiled)
    open = [row for row, line in zip(rows, shown, strict=True) if not line.veiled]
    texts = [
        [cell.shown.text if cell is not None else "" for cell in line.cells]
        for line in shown
        if not line.veiled
    ]
    return Answer(
        tuple(columns), shown, total, plots.timeline(columns, open, texts), plots.map_of(columns, open, texts)
    )
