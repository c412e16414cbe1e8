"""Writing RDF: complete, sorted, and the same bytes for the same statements on any machine.

N-Triples and Turtle hold the union of all graphs, each triple once; N-Quads, TriG and JSON-LD the dataset.
Lines are those of the canonical N-Quads of RDFC-1.0 (W3C, 2024), as pyoxigraph writes them; Turtle and TriG are
those of W3C 2014, JSON-LD is 1.1. Blank nodes keep their labels, so they are as stable as the labels given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO, Final

import pyoxigraph as ox

from kg.errors import NotAcceptable
from kg.formats import EXPORTS, JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from kg.serialisation import jsonld, lines, terse
from kg.serialisation.lines import canonical

__all__ = ["canonical", "write"]

_Context = Mapping[str, Any] | None
_Writer = Callable[[list[ox.Quad], Mapping[str, str], _Context], lines.Text]

_WRITERS: Final[dict[Format, _Writer]] = {
    N_TRIPLES: lambda quads, _prefixes, _context: lines.triples(quads),
    N_QUADS: lambda quads, _prefixes, _context: lines.quads(quads),
    TURTLE: lambda quads, prefixes, _context: terse.turtle(quads, prefixes),
    TRIG: lambda quads, prefixes, _context: terse.trig(quads, prefixes),
    JSON_LD: lambda quads, _prefixes, context: jsonld.document(quads, context),
}


def write(
    quads: Iterable[ox.Quad],
    format: Format,
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    context: _Context = None,
) -> int:
    """Write *quads* to *out* in UTF-8 and give the number of distinct statements written.

    *format* is N_TRIPLES, N_QUADS, TURTLE, TRIG or JSON_LD. *prefixes* (prefix to namespace) are an offer to
    Turtle and TriG: only those that are used are written. *context* is a JSON-LD context as :mod:`kg.context`
    makes it, written into the document; without one JSON-LD is in expanded form.
    Raises NotAcceptable, before anything is written, for another format and for terms of RDF 1.2 that JSON-LD
    cannot hold; ProjectError for a context that says more than the writer knows.
    """
    writer = _WRITERS.get(format)
    if writer is None:
        raise NotAcceptable(
            f"{format.name} is not written here", available=tuple(f.media_type for f in EXPORTS.values())
        )
    text = writer(list(quads), prefixes, context)
    for piece in text.pieces:
        out.write(piece.encode())
    return text.statements
