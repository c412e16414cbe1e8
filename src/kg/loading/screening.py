"""What the bytes of a file are screened for before a parser sees them.

Measured with pyoxigraph 0.5.13: it survives Turtle nested 100,000 deep, so nothing is limited there; triple
terms about 20,000 deep and JSON-LD 4,000 deep end the process, and RDF/XML takes time by the square of its
depth, expands the entities of a DOCTYPE without bound and accepts a document that breaks off. Hence: no
syntax of RDF 1.2, no DOCTYPE, RDF/XML well-formed as XML 1.0 has it, and at most :data:`NESTING` levels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from mmap import mmap
from typing import Final, NamedTuple, NoReturn
from xml.parsers import expat

from kg.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from kg.validation import Finding

NESTING: Final = 200
"""How deep RDF/XML elements and JSON-LD values may stand in one another."""

TERSE: Final = (TURTLE, TRIG, N_TRIPLES, N_QUADS)
"""The formats whose tokens :func:`tokens` knows."""

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
# A backslash outside strings belongs to a name (`ex:a\~b`).
_TERSE_TOKEN: Final = re.compile(
    rb"""\#[^\r\n]* | \\. | <[^\x00-\x20<>"{}|^`]*> | (?P<quote>\"\"\"|'''|["']) | (?P<later><<|\{\||~)""",
    re.VERBOSE | re.DOTALL,
)
_TAG: Final = re.compile(rb"[ \t\r\n]*@(?P<language>[A-Za-z]+[A-Za-z0-9-]*)")
_QUOTES: Final = (b'"', b"'", b'"""', b"'''")
# What may end a string, or keeps the sign after it from doing so.
_ENDS: Final = {
    quote: re.compile(rb"\\.|" + quote + (rb"|(?=[\r\n])" if len(quote) == 1 else b""), re.DOTALL)
    for quote in _QUOTES
}
_MARKS_OF_LATER: Final = (b"<<", b"{|", b"~", b"--ltr", b"--rtl")
_JSON_TOKEN: Final = re.compile(rb'(?P<quote>")|(?P<open>[\[{])|(?P<close>[\]}])')
_JSON_END: Final = re.compile(rb'\\.|"', re.DOTALL)
_XML_MESSAGES: Final = {
    "no element found": "the document is empty or breaks off",
    "mismatched tag": "an element is closed by the tag of another",
    "not well-formed (invalid token)": "a character stands where XML does not allow it",
    "junk after document element": "something follows the end of the document",
}


class Token(NamedTuple):
    """A string with its language tag (``@`` left out, as written), or a mark that only RDF 1.2 has."""

    offset: int  # in bytes; that of the tag where there is one
    language: str
    later: str


def tokens(data: bytes | mmap) -> Iterator[Token]:
    """Give the strings and the RDF 1.2 marks of a document in one of :data:`TERSE`, comments and IRIs skipped."""
    at = 0
    while match := _TERSE_TOKEN.search(data, at):
        at = match.end()
        if quote := match["quote"]:
            at = _closed(data, at, _ENDS[quote])
            tag = _TAG.match(data, at)
            yield (
                Token(tag.start("language"), tag["language"].decode(), "")
                if tag
                else Token(match.start(), "", "")
            )
            at = tag.end() if tag else at
        elif mark := match["later"]:
            yield Token(match.start(), "", mark.decode())


def _closed(data: bytes | mmap, start: int, ends: re.Pattern[bytes]) -> int:
    """Give where the string ends whose text begins at *start*; it may lack its end, of which the parser will tell."""
    for match in ends.finditer(data, start):
        if not match.group().startswith(b"\\"):
            return match.end()
    return len(data)


def place(data: bytes | mmap, offset: int) -> tuple[int, int]:
    """Give line and column, both from 1, of the byte at *offset*; the column in characters.

    A line ends with LF, CR LF or CR, as pyoxigraph counts.
    """
    line, start = 1, 0
    for match in _LINE_END.finditer(data, 0, offset):
        line, start = line + 1, match.end()
    return line, len(data[start:offset].decode("utf-8", "replace")) + 1


def screen(data: bytes, format: Format, name: str) -> Finding | None:
    """Give the violation for which the document *data* (UTF-8, file *name*) must not be parsed, None where none is."""
    if format is RDF_XML:
        return _screen_xml(data, name)
    if format is JSON_LD:
        return _screen_json(data, name)
    if any(mark in data for mark in _MARKS_OF_LATER):
        return screen_terse(data, name)
    return None


def later(name: str, what: str, line: int = 0, column: int = 0) -> Finding:
    """Give the finding for something that only RDF 1.2 has."""
    return Finding(
        "violation",
        f"{what} belongs to RDF 1.2, and the data are RDF 1.1",
        "rdf-1.2",
        "state it with a resource of its own, as a claim does",
        file=name,
        line=line,
        column=column,
    )


def screen_terse(data: bytes | mmap, name: str) -> Finding | None:
    """Give the violation of a document in one of :data:`TERSE` that has syntax of RDF 1.2, None where it has none."""
    for token in tokens(data):
        if token.later:
            return later(name, f"the mark {token.later!r}", *place(data, token.offset))
        if "--" in token.language:
            return later(name, f"the direction in @{token.language}", *place(data, token.offset))
    return None


def _too_deep(name: str, line: int, column: int) -> Finding:
    return Finding(
        "violation",
        f"the document is nested more than {NESTING} levels deep",
        "nesting",
        "write the resources one beside the other, linked by their IRIs",
        file=name,
        line=line,
        column=column,
    )


def _screen_json(data: bytes, name: str) -> Finding | None:
    depth = 0
    at = 0
    while match := _JSON_TOKEN.search(data, at):
        at = _closed(data, match.end(), _JSON_END) if match["quote"] else match.end()
        depth += (match["open"] is not None) - (match["close"] is not None)
        if depth > NESTING:
            return _too_deep(name, *place(data, match.start()))
    return None


class _Refused(Exception):  # the only way out of a callback of expat
    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def _screen_xml(data: bytes, name: str) -> Finding | None:
    parser = expat.ParserCreate("UTF-8")
    depth = 0

    def refuse_doctype(*_: object) -> NoReturn:
        at = place(data, max(data.rfind(b"<!DOCTYPE", 0, parser.CurrentByteIndex + 1), 0))
        raise _Refused(
            Finding(
                "violation",
                "the document has a DOCTYPE, whose entities can be made to fill the memory",
                "doctype",
                "take the DOCTYPE out, and write the full IRIs in place of its entities",
                file=name,
                line=at[0],
                column=at[1],
            )
        )

    def enter(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > NESTING:
            raise _Refused(_too_deep(name, *place(data, parser.CurrentByteIndex)))

    def leave(*_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    try:
        parser.Parse(data, True)
    except _Refused as refused:
        return refused.finding
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        line, column = place(data, parser.ErrorByteIndex)
        return Finding(
            "violation",
            f"this is not well-formed XML: {_XML_MESSAGES.get(message, message)}",
            "syntax",
            "correct the file here; the mistake may stand just before",
            file=name,
            line=line,
            column=column,
        )
    return None
