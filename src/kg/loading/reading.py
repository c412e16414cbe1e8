"""Reading: from the bytes of one file to quads, or to the finding that says in plain words why not.

pyoxigraph parses all six formats. What it would let pass is caught here: a byte order mark, bytes that are not
UTF-8 (with the line, which the parser gets wrong), relative IRIs in JSON-LD (which its algorithm drops without
a word), and what :mod:`kg.loading.screening` looks for. Nothing is ever fetched: pyoxigraph has no way to load
a remote JSON-LD context, and says so.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox
from rapidfuzz import fuzz
from rapidfuzz.process import extractOne

from kg.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from kg.loading import placing, screening
from kg.names import Base
from kg.validation import Finding, Severity

UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Signs without which a document has no blank node, and no character but ASCII; both may be there for nothing.
_BLANK: Final = {
    N_TRIPLES: (b"_:",),
    N_QUADS: (b"_:",),
    TURTLE: (b"_:", b"[", b"("),
    TRIG: (b"_:", b"[", b"("),
}
_ESCAPES: Final = (b"\\u", b"\\U", b"&#")
# Where a name may be put together of two parts that are in NFC while the whole is not: a base, and a prefix in small letters whose IRI does not
# end in one of the signs with which nothing composes (a mark may begin a local name, and another after it compose with a letter before it).
_JOINED: Final = (
    re.compile(rb"base(?<![0-9a-z_]base)(?![0-9a-z_])"),
    re.compile(rb"""prefix(?![ \t\r\n]*[^\s:<>"'#]*:[ \t\r\n]*<[^<>\s]*[/#:?0-9_.-]>)"""),
)
_CAPITAL_TAG: Final = re.compile(rb"""["'][ \t\r\n]*@[a-z0-9-]*[A-Z]""")
# What relative IRIs of JSON-LD are resolved against, only to see that there are some.
_NO_BASE: Final = "kg-relative://no-base.invalid/"
_CONTEXT: Final = re.compile(rb'"@import"|"@context"\s*:\s*(?:\[(?:[^][]*,)?\s*)?"')


@dataclass(slots=True)
class Document:
    """What one file holds: its quads in the order of the file, and what is to be said of its form.

    A document that is not *readable* has no quads: nothing is ever half read. ``blank``, ``composed`` and ``capitals``
    tell, from the bytes, whether there can be blank nodes, whether all its terms are surely in the normal form NFC, and whether there
    can be language tags with capitals. Where it is *placed* the quads stand in the graph, and on the base, that was asked for.
    """

    quads: list[ox.Quad] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    readable: bool = True
    blank: bool = True
    composed: bool = False
    capitals: bool = True
    placed: bool = False


def read(
    data: bytes,
    format: Format,
    *,
    name: str = "",
    strict: bool = False,
    base: str | None = None,
    home: tuple[str, Base] | None = None,
) -> Document:
    """Read the document *data*, the file *name* of the findings; *strict* refuses a byte order mark.

    Relative IRIs are refused unless there is a *base* to resolve them against (N-Triples and N-Quads have none). The quads are placed in the
    graph and on the base of *home* where its text allows that.
    """
    document = Document()
    data = _without_mark(data, name, strict, document)
    fault = _undecodable(data, name) or screening.screen(data, format, name)
    if fault is None:
        try:
            _look(data, format, document)
            placed = (
                _placed(data, *home, document.blank) if home and format is TURTLE and base is None else None
            )
            document.placed = placed is not None
            document.quads = list(_parse(data, format, base)) if placed is None else placed
        except SyntaxError as error:
            fault = _explain(error, data, format, name)
        else:
            fault = _unwanted(document.quads, data, format, name)
    if fault is not None:
        document.findings.append(fault)
        document.quads, document.readable = [], False
    elif not document.quads:
        document.findings.append(empty(name))
    return document


def _without_mark(data: bytes, name: str, strict: bool, document: Document) -> bytes:
    if not data.startswith(codecs.BOM_UTF8):
        return data
    document.findings.append(marked(name, "violation" if strict else "warning"))
    return data[len(codecs.BOM_UTF8) :]


def marked(name: str, severity: Severity) -> Finding:
    """Give the finding that the file *name* begins with a byte order mark."""
    return Finding(
        severity,
        "the file begins with a byte order mark",
        "byte-order-mark",
        "save it as UTF-8 without one (in editors: UTF-8, not UTF-8 with BOM)",
        file=name,
        line=1,
        column=1,
    )


def empty(name: str) -> Finding:
    """Give the finding that the file *name* says nothing."""
    return Finding(
        "warning",
        "this file holds no statement",
        "empty-file",
        "fill it, or take it out",
        file=name,
        line=1,
        column=1,
    )


def _look(data: bytes, format: Format, document: Document) -> None:
    """Tell what the bytes *data* tell of the *document* before it is parsed."""
    document.blank = any(sign in data for sign in _BLANK.get(format, (b"",)))
    document.composed = not any(sign in data for sign in _ESCAPES) and (
        data.isascii()
        or (
            format in screening.TERSE
            and not any(form.search(data.lower()) for form in _JOINED)
            and unicodedata.is_normalized("NFC", data.decode())  # then each part of it is so (UAX #15)
        )
    )
    document.capitals = format not in screening.TERSE or _CAPITAL_TAG.search(data) is not None


def _placed(data: bytes, graph: str, base: Base, blank: bool) -> list[ox.Quad] | None:
    """Give the quads of the Turtle document *data* in *graph* and on *base*; None where they cannot be had so, or have blank nodes."""
    if (text := placing.placed(data, graph, base)) is None:
        return None
    try:
        quads = list(ox.parse(input=text, format=TRIG.rdf))
    except SyntaxError:
        return None
    node = ox.BlankNode
    if blank and any(isinstance(quad.subject, node) or isinstance(quad.object, node) for quad in quads):
        return None
    return quads


def _undecodable(data: bytes, name: str) -> Finding | None:
    if data.isascii():
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = screening.place(data, error.start)
        sentence = (
            "the file is UTF-16"
            if data.startswith(UTF_16)
            else f"byte {data[error.start]:02X} here is not UTF-8"
        )
        return Finding(
            "violation", sentence, "encoding", "save the file as UTF-8", file=name, line=line, column=column
        )
    return None


def _parse(data: bytes, format: Format, base: str | None) -> Iterator[ox.Quad]:
    if format is JSON_LD and base is None:
        base = _NO_BASE
    elif format in (N_TRIPLES, N_QUADS):
        base = None
    return ox.parse(input=data, format=format.rdf, base_iri=base)


def _unwanted(quads: list[ox.Quad], data: bytes, format: Format, name: str) -> Finding | None:
    """Give the violation of a parsed document in JSON-LD or RDF/XML, whose bytes tell less than Turtle's."""
    if format not in (JSON_LD, RDF_XML):
        return None
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            return screening.later(name, "a triple as a term")
        if isinstance(quad.object, ox.Literal) and quad.object.direction:
            return screening.later(name, "the direction of a text")
        for term in (*quad.triple, quad.graph_name):
            iri = term.value if isinstance(term, ox.NamedNode) else ""
            if iri.startswith("kg-relative:"):
                written = iri.removeprefix(_NO_BASE)
                at = data.find(f'"{written}"'.encode())
                return _relative(name, written, *(screening.place(data, at) if at >= 0 else (0, 0)))
    return None


def _relative(name: str, iri: str, line: int, column: int) -> Finding:
    return Finding(
        "violation",
        f"the IRI <{iri}> is relative, and a data file has nothing to resolve it against",
        "relative-iri",
        "write a prefixed name or the full IRI",
        file=name,
        line=line,
        column=column,
    )


def _explain(error: SyntaxError, data: bytes, format: Format, name: str) -> Finding:
    """Turn the parser's message into a finding at its place."""
    if b"\r\n" in data and error.lineno and format in screening.TERSE:
        error, data = _again(error, data.replace(b"\r\n", b" \n"), format)
    line, column = error.lineno or _line_reached(data, format), error.offset or 0
    message = re.sub(r"^Parser error .*?\d: ", "", error.msg)
    if message.startswith("line jumps") and column == 1 and line > 1:  # the parser is a line further
        line, column = line - 1, len(_line(data, line - 1)) + 1
    message = re.sub(r" \(line \d+\)$", "", message)
    if "No scheme found in an absolute IRI" in message:
        quoted = re.search(r"parsing IRI '([^']*)'", message)
        return _relative(name, quoted[1] if quoted else _iri_at(data, line, column), line, column)
    rule, sentence, remedy = _words(message, format)
    if rule == "remote-context" and (match := _CONTEXT.search(data)):
        line, column = screening.place(data, match.start())
    return Finding("violation", sentence, rule, remedy, file=name, line=line, column=column)


def _again(error: SyntaxError, data: bytes, format: Format) -> tuple[SyntaxError, bytes]:
    """Give the *error* of *data* whose lines end otherwise, since the parser miscounts after CR LF; and these data."""
    try:
        for _ in ox.parse(input=data, format=format.rdf):
            pass
    except SyntaxError as same:
        return same, data
    return error, data


def _words(message: str, format: Format) -> tuple[str, str, str]:
    """Give rule, sentence and remedy for a message of pyoxigraph."""
    if prefix := re.search(r"prefix (\S*): has not been declared|Unknown prefix (\S*):", message):
        label = prefix[1] or prefix[2] or ""
        known = Base().prefixes()
        if label not in known and (
            near := extractOne(label, known.keys(), scorer=fuzz.ratio, score_cutoff=60)
        ):
            return (
                "prefix",
                f"the prefix {label}: is not declared",
                f"write {near[0]}: if that is meant, or declare it",
            )
        namespace = known.get(label, "…")
        declaration = (
            f'xmlns:{label}="{namespace}" on rdf:RDF'
            if format is RDF_XML
            else f"@prefix {label}: <{namespace}> . at the top of the file"
        )
        return "prefix", f"the prefix {label}: is not declared", f"write {declaration}"
    if "LoadDocumentCallback" in message:
        return (
            "remote-context",
            "the JSON-LD context stands at another address, and nothing is ever fetched",
            "put the context itself into the file, in place of its address",
        )
    if "Only UTF-8 is supported" in message:
        return "encoding", "the XML declaration names another encoding than UTF-8", "save the file as UTF-8"
    if message.startswith("Unexpected end"):
        message = "the file ends before a statement, string or bracket does"
    elif misplaced := re.fullmatch(r"(\S+) is not a valid (?:RDF )?(.+)", message):
        message = f"{misplaced[1]} stands in the place of the {misplaced[2]}"
    elif len(message) > 1 and (message[1].islower() or message[1] == " "):
        message = message[0].lower() + message[1:]
    return (
        "syntax",
        f"this is not valid {format.name}: {message.rstrip('.')}",
        "correct the file here; the mistake may stand just before",
    )


def _iri_at(data: bytes, line: int, column: int) -> str:
    """Give the IRI between ``<`` and ``>`` that begins at a place of the document, empty where none does."""
    match = re.match(r"<([^>]*)>", _line(data, line)[column - 1 :])
    return match[1] if match else ""


def _line(data: bytes, line: int) -> str:
    return re.split("\r\n|\r|\n", data.decode())[line - 1]


class _LineByLine(io.BytesIO):
    """A file that gives one line at each reading, so that it has been read just as far as the parser came."""

    def read(self, size: int | None = -1, /) -> bytes:
        return self.readline()


def _line_reached(data: bytes, format: Format) -> int:
    """Give the line at which the parser stops, for its messages without a place; 0 where that cannot be told."""
    source = _LineByLine(data)
    try:
        for _ in ox.parse(input=source, format=format.rdf, base_iri=_NO_BASE if format is JSON_LD else None):
            pass
    except SyntaxError:
        return screening.place(data, max(source.tell() - 1, 0))[0]
    return 0
