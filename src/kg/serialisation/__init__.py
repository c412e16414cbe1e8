"""Writing RDF: complete, sorted, and the same bytes for the same statements on any machine.

N-Triples, Turtle and RDF/XML hold the union of all graphs, each triple once; N-Quads, TriG and JSON-LD the
dataset. Lines are those of the canonical N-Quads of RDFC-1.0 (W3C, 2024), as pyoxigraph writes them; Turtle, TriG
and RDF/XML are those of W3C 2014, JSON-LD is 1.1. Blank nodes keep their labels, so they are as stable as the labels given.

Nothing here holds a dataset: statements are read in the order of their lines, a subject at a time, and what has to be in
another order is sorted in bounded memory (:mod:`kg.serialisation.runs`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO, Final

import pyoxigraph as ox

from kg.errors import NotAcceptable
from kg.formats import EXPORTS, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format, cannot_hold
from kg.serialisation import jsonld, plain, terse
from kg.serialisation.lines import canonical, canonical_lines
from kg.serialisation.runs import Runs
from kg.serialisation.statements import Sorted, Statements, gathered
from kg.serialisation.text import SUBJECT_END, Text

__all__ = ["Sorted", "canonical", "canonical_lines", "document", "refusal", "write"]

_Context = Mapping[str, Any] | None
_Writer = Callable[[Statements, Mapping[str, str], _Context, Runs], Text]

_LINES: Final = {N_TRIPLES: plain.triples, N_QUADS: plain.quads}
_BLOCKS: Final[dict[Format, _Writer]] = {
    TURTLE: lambda statements, prefixes, _context, blocks: terse.turtle(statements, prefixes, blocks),
    TRIG: lambda statements, prefixes, _context, blocks: terse.trig(statements, prefixes, blocks),
    JSON_LD: lambda statements, _prefixes, context, blocks: jsonld.document(statements, context, blocks),
    RDF_XML: lambda statements, prefixes, _context, blocks: _rdf_xml().document(statements, prefixes, blocks),
}
_FAULTS: Final[dict[Format, Callable[[Statements], str]]] = {
    JSON_LD: jsonld.fault,
    RDF_XML: lambda statements: _rdf_xml().fault(statements),
}
"""Formats that cannot hold every dataset: each with what tells, in a sentence, why it cannot hold one."""
_PIECE: Final = 2**18


def _rdf_xml() -> ModuleType:
    """Give the module of RDF/XML, whose names of XML and their library take long to import: few commands write it."""
    from kg.serialisation import rdfxml

    return rdfxml


def refusal(quads: Iterable[ox.Quad] | Sorted, format: Format) -> NotAcceptable | None:
    """Give the error for which *quads* cannot be written in *format*, None where they can."""
    if format not in _LINES and format not in _BLOCKS:
        return NotAcceptable(
            f"{format.name} is not written here", available=tuple(f.media_type for f in EXPORTS.values())
        )
    if format not in _FAULTS:
        return None
    with gathered(quads) as statements:
        fault = _FAULTS[format](statements)
    return cannot_hold(fault) if fault else None


def write(
    quads: Iterable[ox.Quad] | Sorted,
    format: Format,
    out: BinaryIO,
    *,
    prefixes: Mapping[str, str],
    context: _Context = None,
    directory: Path | None = None,
) -> int:
    """Write *quads* to *out* in UTF-8 and give the number of distinct statements written.

    *quads* are sorted first, in bounded memory, or they are a file of statements that is sorted, as ``quads.nq`` of a release
    is: ``Sorted(path)``, or ``Sorted(open)`` where *open* gives its bytes anew. Beyond some megabytes what is sorted lies in temporary files in *directory* (None: that of ``TMPDIR``, else /var/tmp),
    which take about the room of the document.

    *format* is one of :data:`kg.formats.EXPORTS`. *prefixes* (prefix to namespace) are an offer to Turtle, TriG
    and RDF/XML: only those that are used are written. *context* is a JSON-LD context as :mod:`kg.context`
    makes it, written into the document; without one JSON-LD is in expanded form.
    Raises NotAcceptable, before anything is written, for another format and for a statement that the format
    cannot hold (terms of RDF 1.2 in JSON-LD and RDF/XML; in the latter also a property whose IRI ends in no XML
    name, and a character that XML has not); ProjectError for a context that says more than the writer knows; StoreError
    for a file that is not what :class:`Sorted` takes; OSError.
    """
    if format not in _BLOCKS and (refused := refusal((), format)) is not None:
        raise refused
    with gathered(quads, directory) as statements:
        if format in _LINES:
            return sum(_lines(piece, out) for piece in _LINES[format](statements))
        with Runs(SUBJECT_END, directory) as blocks:
            text = _BLOCKS[format](statements, prefixes, context, blocks)
            _pour(text.pieces, out)
            return text.statements


def _lines(piece: bytes, out: BinaryIO) -> int:
    """Write *piece* and give the number of lines in it."""
    out.write(piece)
    return piece.count(b"\n")


def _pour(pieces: Iterable[bytes], out: BinaryIO) -> None:
    """Write *pieces*, many at once."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _PIECE:
            out.write(b"".join(held))
            held, size = [], 0
    out.write(b"".join(held))


def document(
    triples: Iterable[ox.Triple], format: Format, prefixes: Mapping[str, str], context: _Context = None
) -> bytes:
    """Give *triples* in *format*, as :func:`write` writes them, with the errors that it raises."""
    out = BytesIO()
    quads = (ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    write(quads, format, out, prefixes=prefixes, context=context)
    return out.getvalue()
