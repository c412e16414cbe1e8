"""Writing: rows and truth values as the engine writes them, within the bounds of a task.

The forms are those of W3C 2013: SPARQL 1.1 Query Results JSON, XML (second edition), CSV and TSV. The engine writes them
many times faster than Python would; what it gets wrong is set right here.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import IO, Final, cast

import pyoxigraph as ox

from kg.errors import NotAcceptable, QueryTooLarge
from kg.formats import SPARQL_CSV, SPARQL_JSON, SPARQL_TSV, SPARQL_XML, Format

_WRITERS: Final = {
    SPARQL_JSON: ox.QueryResultsFormat.JSON,
    SPARQL_XML: ox.QueryResultsFormat.XML,
    SPARQL_CSV: ox.QueryResultsFormat.CSV,
    SPARQL_TSV: ox.QueryResultsFormat.TSV,
}
# XML 1.0 §2.2; the last two are U+FFFE and U+FFFF.
_NO_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def too_large(what: str) -> QueryTooLarge:
    """Give the error for an answer that is larger than it may be, as *what* says."""
    return QueryTooLarge(
        f"the answer {what}; nothing of it is given",
        remedy="ask for less, for example with LIMIT and OFFSET, or download the data",
    )


def rows(found: ox.QuerySolutions, format: Format, *, most: int, most_bytes: int) -> tuple[int, bytes]:
    """Give the number of rows and the rows in *format*, one of SPARQL's four.

    Raises QueryTooLarge for more than *most* rows or *most_bytes* bytes, NotAcceptable for a character that XML has not.
    """
    out = _Bounded(most_bytes)
    found.serialize(cast(IO[bytes], out), format=_WRITERS[format])
    body = bytes(out.body)
    if format is SPARQL_XML:
        body = _sound(body)
    total = _COUNTS[format](body, most)
    if total > most:
        raise too_large(f"has more than {most:,} rows")
    if len(body) > most_bytes:
        raise too_large(f"is larger than {most_bytes:,} bytes")
    return total, body


def truth(answer: bool, format: Format) -> bytes:
    """Give a truth value in *format*; CSV and TSV have no form for one, and this is what other servers write."""
    text = str(answer).lower()
    if format is SPARQL_JSON:
        return json.dumps({"head": {}, "boolean": answer}).encode() + b"\n"
    if format is SPARQL_XML:
        head = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head>'
        return f"{head}<boolean>{text}</boolean></sparql>\n".encode()
    return f"{text}\r\n".encode() if format is SPARQL_CSV else f"{text}\n".encode()


class _Bounded:
    """A file in memory that takes *most* bytes."""

    def __init__(self, most: int) -> None:
        self.body = bytearray()
        self._most = most

    def flush(self) -> None:
        """Do nothing: all is there."""

    def write(self, piece: bytes) -> int:
        if len(self.body) + len(piece) > self._most:
            raise too_large(f"is larger than {self._most:,} bytes")
        self.body += piece
        return len(piece)


def _sound(body: bytes) -> bytes:
    """Give XML that parsers read as it was meant: they take a carriage return for the end of a line (XML 1.0 §2.11)."""
    if _NO_XML.search(body):
        raise NotAcceptable(
            "the answer holds a character that XML has not",
            available=tuple(format.media_type for format in _WRITERS if format is not SPARQL_XML),
        )
    return body.replace(b"\r", b"&#13;")


def _json_rows(body: bytes, most: int) -> int:
    """Count rows by what stands between them, and exactly only where a text that looks like that could matter."""
    if body.endswith(b'"bindings":[]}}'):
        return 0
    bound = body.count(b"},{") + 1
    return bound if bound <= most else len(json.loads(body)["results"]["bindings"])


def _csv_rows(body: bytes, most: int) -> int:
    bound = body.count(b"\r\n") - 1
    if bound <= most:
        return bound
    limit = csv.field_size_limit(len(body))
    try:
        return sum(1 for _ in csv.reader(io.StringIO(body.decode(), newline=""))) - 1
    finally:
        csv.field_size_limit(limit)


_COUNTS: Final[dict[Format, Callable[[bytes, int], int]]] = {
    SPARQL_JSON: _json_rows,
    SPARQL_XML: lambda body, _most: body.count(b"<result>"),
    SPARQL_CSV: _csv_rows,
    SPARQL_TSV: lambda body, _most: body.count(b"\n") - 1,
}
"""How many rows a body has; where it has no more than may be, at least not more than is told."""
