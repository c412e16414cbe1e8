"""Where a statement stands: a reader of Turtle, TriG, N-Triples and N-Quads that keeps positions.

No parser at hand tells them, so files are parsed by pyoxigraph, and only a file that a finding concerns is
read a second time, here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.errors import SourceError
from kg.formats import N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from kg.positions import lines, terse
from kg.positions.places import Places
from kg.positions.statements import Index, Position, Statement

__all__ = ["Index", "Places", "Position", "Statement", "read"]

_BOM: Final = "\ufeff".encode()


def read(data: bytes, format: Format, *, base: str | None = None) -> Iterator[Statement]:
    """Give every statement of the document *data*, which is UTF-8 with or without a byte order mark.

    *format* is TURTLE, TRIG, N_TRIPLES or N_QUADS; *base* is the IRI that relative ones are resolved
    against. The quads are exactly those of pyoxigraph for each RDF 1.1 document that it accepts, in no
    promised order; anonymous blank nodes get new labels at every reading.
    Raises SourceError, with an empty ``path``, where the document cannot be read.
    """
    data = data.removeprefix(_BOM)
    if format in (N_TRIPLES, N_QUADS):
        return lines.read(data, format)
    if format in (TURTLE, TRIG):
        return terse.read(data, format, base)
    raise SourceError(
        f"places are not kept in {format.name}",
        path="",
        remedy="Use Turtle, TriG, N-Triples or N-Quads.",
    )
