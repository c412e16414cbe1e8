"""Splitting: where each statement of a document begins and ends, told from its signs alone.

What is here reads no grammar, so that it also works on a document that no parser takes: it knows comments, IRIs and
strings of Turtle, TriG and N-Triples, and the full stop that ends a statement. A graph of TriG is one span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from kg.formats import N_QUADS, N_TRIPLES, TRIG, TURTLE, Format

_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_WHITE: Final = re.compile(rb"(?:[ \t\r\n]+|#[^\r\n]*)+")
_SIGN: Final = re.compile(
    rb"""\#[^\r\n]* | \\. | <[^<>\r\n]*>
    | (?P<long>\"\"\"|''') | (?P<short>["'])
    | (?P<open>\{) | (?P<close>\}) | (?P<stop>\.+)""",
    re.VERBOSE | re.DOTALL,
)
_LONG: Final = {quote: re.compile(rb"(?:[^\\]|\\.)*?" + quote, re.DOTALL) for quote in (b'"""', b"'''")}
_SHORT: Final = {
    quote: re.compile(rb"(?:[^\\\r\n" + quote + rb"]|\\[^\r\n])*" + quote) for quote in (b'"', b"'")
}
_REST: Final = re.compile(rb"[^\r\n]*")
# A directive in the words of SPARQL has no full stop.
_DIRECTIVE: Final = re.compile(
    rb"(?:PREFIX[ \t\r\n]+[^ \t\r\n<:]*:[ \t\r\n]*|BASE[ \t\r\n]*)<[^>\r\n]*>", re.IGNORECASE
)
_IN_NAME: Final = re.compile(rb"[0-9A-Za-z_:%\\-]|[\x80-\xff]")


class Span(NamedTuple):
    """One statement or directive, from its first sign to behind its full stop, as offsets in bytes.

    It is ``torn`` where a string in it has no end: in its line for a short one, in the whole document for a long one,
    which then reaches to the end of the document.
    """

    start: int
    end: int
    torn: bool = False

    def within(self, data: bytes) -> bytes:
        """Give the text of the span in *data*."""
        return data[self.start : self.end]


def split(data: bytes, format: Format) -> list[Span]:
    """Give the spans of *data* in their order; what stands between two is white space and comments.

    *format* is TURTLE, TRIG, N_TRIPLES or N_QUADS, the last two line by line; for any other there is one span.
    """
    if format in (N_TRIPLES, N_QUADS):
        return list(_lines(data))
    if format in (TURTLE, TRIG):
        return list(_statements(data))
    return [Span(0, len(data))] if data else []


def is_directive(text: bytes) -> bool:
    """Tell whether *text*, the text of a span, declares a prefix or the base."""
    return text.startswith((b"@prefix", b"@base")) or _DIRECTIVE.fullmatch(text) is not None


def _lines(data: bytes) -> Iterator[Span]:
    at = 0
    while at < len(data):
        match = _LINE.match(data, at)
        end = match.end() if match else len(data)
        if text := data[at:end].strip(b" \t\r\n"):
            start = data.index(text, at)
            if not text.startswith(b"#"):
                yield Span(start, start + len(text))
        at = end


def _statements(data: bytes) -> Iterator[Span]:
    at = 0
    while at < len(data):
        if white := _WHITE.match(data, at):
            at = white.end()
        elif directive := _DIRECTIVE.match(data, at):
            yield Span(at, directive.end())
            at = directive.end()
        else:
            span = _statement(data, at)
            yield span
            at = span.end


def _statement(data: bytes, start: int) -> Span:
    """Give the span that begins at *start*: to its full stop, to the end of its graph, or to the end of the document."""
    at, depth, torn = start, 0, False
    while match := _SIGN.search(data, at):
        at = match.end()
        if quote := match["long"] or match["short"]:
            at, closed = _closed(data, at, quote)
            torn = torn or not closed
        elif match["open"]:
            depth += 1
        elif match["close"]:
            depth -= 1
            if depth <= 0:
                return Span(start, at, torn)
        elif match["stop"] and depth == 0 and _ends(data, match.start(), at):
            return Span(start, at, torn)
    return Span(start, len(data), torn)


def _closed(data: bytes, at: int, quote: bytes) -> tuple[int, bool]:
    """Give where the string ends whose text begins at *at*, and whether it has an end."""
    if end := (_LONG if len(quote) > 1 else _SHORT)[quote].match(data, at):
        return end.end(), True
    rest = _REST.match(data, at) if len(quote) == 1 else None
    return (rest.end() if rest else len(data)), False


def _ends(data: bytes, start: int, end: int) -> bool:
    """Tell whether the full stop between *start* and *end* ends a statement, and is none inside a name or a number."""
    if data[end : end + 1].isdigit():
        return False
    return not (_IN_NAME.match(data, end) and _IN_NAME.match(data[start - 1 : start]))
