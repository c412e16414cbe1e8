"""Writing RDF: complete, sorted, and the same bytes for the same statements on any machine.

N-Triples, Turtle and RDF/XML hold the union of all graphs, each triple once; N-Quads, TriG and JSON-LD the
dataset. Lines are those of the canonical N-Quads of RDFC-1.0 (W3C, 2024), as pyoxigraph writes them; Turtle, TriG
and RDF/XML are those of W3C 2014, JSON-LD is 1.1. Blank nodes keep their labels, so they are as stable as the labels given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from types import ModuleType
from typing import Any, BinaryIO, Final

import pyoxigraph as ox

from kg.errors import NotAcceptable
from kg.formats import EXPORTS, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format, cannot_hold
from kg.serialisation import jsonld, lines, terse
from kg.serialisation.lines import canonical

__all__ = ["canonical", "document", "refusal", "write"]

_Context = Mapping[str, Any] | None
_Writer = Callable[[list[ox.Quad], Mapping[str, str], _Context], lines.Text]

_WRITERS: Final[dict[Format, _Writer]] = {
    N_TRIPLES: lambda quads, _prefixes, _context: lines.triples(quads),
    N_QUADS: lambda quads, _prefixes, _context: lines.quads(quads),
    TURTLE: lambda quads, prefixes, _context: terse.turtle(quads, prefixes),
    TRIG: lambda quads, prefixes, _context: terse.trig(quads, prefixes),
    JSON_LD: lambda quads, _prefixes, context: jsonld.document(quads, context),
    RDF_XML: lambda quads, prefixes, _context: _rdf_xml().document(quads, prefixes),
}
_FAULTS: Final[dict[Format, Callable[[Iterable[ox.Quad]], str]]] = {
    JSON_LD: jsonld.fault,
    RDF_XML: lambda quads: _rdf_xml().fault(quads),
}
"""Formats that cannot hold every dataset: each with what tells, in a sentence, why it cannot hold one."""


def _rdf_xml() -> ModuleType:
    """Give the module of RDF/XML, whose names of XML and their library take long to import: few commands write it."""
    from kg.serialisation import rdfxml

    return rdfxml


def refusal(quads: Iterable[ox.Quad], format: Format) -> NotAcceptable | None:
    """Give the error for which *quads* cannot be written in *format*, None where they can."""
    if format not in _WRITERS:
        return NotAcceptable(
            f"{format.name} is not written here", available=tuple(f.media_type for f in EXPORTS.values())
        )
    fault = _FAULTS[format](quads) if format in _FAULTS else ""
    return cannot_hold(fault) if fault else None


def write(
    quads: Iterable[ox.Quad],
    format: Format,
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    context: _Context = None,
) -> int:
    """Write *quads* to *out* in UTF-8 and give the number of distinct statements written.

    *format* is one of :data:`kg.formats.EXPORTS`. *prefixes* (prefix to namespace) are an offer to Turtle, TriG
    and RDF/XML: only those that are used are written. *context* is a JSON-LD context as :mod:`kg.context`
    makes it, written into the document; without one JSON-LD is in expanded form.
    Raises NotAcceptable, before anything is written, for another format and for a statement that the format
    cannot hold (terms of RDF 1.2 in JSON-LD and RDF/XML; in the latter also a property whose IRI ends in no XML
    name, and a character that XML has not); ProjectError for a context that says more than the writer knows.
    """
    statements = list(quads)
    if (refused := refusal(statements, format)) is not None:
        raise refused
    text = _WRITERS[format](statements, prefixes, context)
    for piece in text.pieces:
        out.write(piece.encode())
    return text.statements


def document(
    triples: Iterable[ox.Triple], format: Format, prefixes: Mapping[str, str], context: _Context = None
) -> bytes:
    """Give *triples* in *format*, as :func:`write` writes them, with the errors that it raises."""
    out = BytesIO()
    quads = (ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    write(quads, format, out, prefixes=prefixes, context=context)
    return out.getvalue()
