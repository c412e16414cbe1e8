"""N-Triples and N-Quads: one statement a line, in canonical form, sorted by code point and so by byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox


@dataclass(frozen=True, slots=True)
class Text:
    """A document in pieces, and the number of distinct statements that it holds."""

    pieces: Iterable[str]
    statements: int


def canonical(quad: ox.Quad | ox.Triple) -> str:
    """Give the canonical N-Quads line of *quad*, with its ``\\n``; a triple stands in the default graph.

    In a literal the quotation mark, the backslash, DEL, the control characters below U+0020 and the code points
    U+FFFE and U+FFFF are escaped, nothing else is (RDFC-1.0 §5.2), so that a line never holds a CR or LF.
    """
    return f"{quad} .\n"


def triples(quads: Iterable[ox.Quad]) -> Text:
    """Give the union of all graphs of *quads* as N-Triples."""
    return _sorted(canonical(quad.triple) for quad in quads)


def quads(quads: Iterable[ox.Quad]) -> Text:
    """Give the dataset *quads* as N-Quads."""
    return _sorted(map(canonical, quads))


def _sorted(lines: Iterable[str]) -> Text:
    distinct = sorted(set(lines))
    return Text(distinct, len(distinct))
