"""N-Triples and N-Quads (W3C, 2014) with positions: one statement a line, each read by pyoxigraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from kg.formats import Format
from kg.positions.statements import Position, Statement, unreadable

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
# Subject, predicate, the place where the object begins and its language tag; the line is known to be valid.
_LINE: Final = re.compile(
    rb"""[ \t]*(<[^>]*>|_:[^ \t<]+)[ \t]*(<[^>]*>)[ \t]*()(?:"[^"\\]*(?:\\.[^"\\]*)*"[ \t]*@([A-Za-z0-9-]+))?"""
)


def read(data: bytes, format: Format) -> Iterator[Statement]:
    """Give the statements of *data*; raises SourceError at the first line that cannot be read."""
    for number, line in enumerate(_LINE_END.split(data), 1):
        try:
            quads = list(ox.parse(input=line, format=format.rdf))
        except SyntaxError as error:
            raise unreadable(error, number) from error
        match = _LINE.match(line)
        if not quads or match is None:  # an empty line, a comment
            continue
        subject, predicate, object = (
            Position(number, len(line[: match.start(group)].decode()) + 1) for group in (1, 2, 3)
        )
        yield Statement(quads[0], subject, predicate, object, (match[4] or b"").decode())
