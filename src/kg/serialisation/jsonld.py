"""JSON-LD 1.1, written straight from the statements: compact with a context, else expanded.

One node object for each subject of each graph, lists and blank nodes not folded. The context is written into
the document, so that a reader never has to fetch one; what it may say is in :mod:`kg.serialisation.contexts`. A text of
canonical N-Quads is one of JSON too, but for the escapes of a few characters by number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple

from kg.formats import cannot_hold
from kg.names import RDF, XSD
from kg.serialisation.abbreviation import Abbreviation
from kg.serialisation.contexts import Context, understood
from kg.serialisation.runs import Runs
from kg.serialisation.statements import Statement, Statements, parted, subjects
from kg.serialisation.text import GRAPH_END, Memory, Text, by_graph

_TYPE: Final = f"<{RDF}type>"
_STRING: Final = XSD + "string"
_INTEGER: Final = XSD + "integer"
_BOOLEAN: Final = XSD + "boolean"
_json: Final = json.JSONEncoder(ensure_ascii=False).encode
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Integers that a JSON number holds exactly in every reader (below 2 to the 53rd)."""
_BEYOND: Final = re.compile(r'<<\(|".*--(?:ltr|rtl)\Z', re.DOTALL)
"""Objects of RDF 1.2: JSON-LD has no form for triple terms and none, without extensions, for text with a base direction."""


class _Key(NamedTuple):
    """A key of a node object: what it sorts by, its JSON text, and the values under it, by their tokens."""

    name: str
    text: str
    values: Memory[str]
    plain: bool  # whether a text alone stands for itself


def document(statements: Statements, context: Mapping[str, Any] | None, blocks: Runs) -> Text:
    """Give the dataset as a JSON-LD document, compact with *context* or expanded without one; *blocks* is empty.

    *context* is the object under ``@context``, or one that holds it. A term of it that some IRI of the data has
    as its scheme is left out, since readers would take the one for the other: that there is one shows at the end only, and
    then *blocks* is begun anew. Raises ProjectError for a context that says more than this writer knows, NotAcceptable for
    a statement of RDF 1.2.
    """
    known = None if context is None else understood(context)
    while True:
        terms = _Terms(known)
        number = _add(statements, terms, blocks)
        clear = None if known is None else known.without(terms.schemes)
        if clear is known:
            return Text(_pieces(blocks, known), number)
        known = clear
        blocks.clear()


def _add(statements: Statements, terms: _Terms, blocks: Runs) -> int:
    """Add the node objects to *blocks*, and give the number of statements in them."""
    number = 0
    for subject, found in subjects(statements):
        number += len(found)
        found.sort(key=itemgetter(2))  # the order within a graph stays
        for graph, members in groupby(found, itemgetter(2)):
            name = terms.ids[graph] if graph else ""
            blocks.add(name.encode() + GRAPH_END + terms.node(subject, members).encode())
    return number


def fault(statements: Statements) -> str:
    """Give a sentence on the first statement that JSON-LD cannot hold, empty where it can hold all."""
    for lines in statements.batches():
        for line in lines:
            if "<<(" in line or "--" in line:  # few are cut
                object, _ = parted(line.split(" ", 2)[2])
                if _BEYOND.match(object):
                    return _beyond(object)
    return ""


def _beyond(object: str) -> str:
    return f"JSON-LD cannot hold this term of RDF 1.2: {object}"


class _Terms:
    """Gives the JSON text of keys and values, by the terms of a context (None: the expanded form), and tells what schemes IRIs have."""

    def __init__(self, context: Context | None) -> None:
        self.schemes: set[str] = set()
        self.ids = Memory(self._id)
        self._compact = context is not None
        known = sorted(context.definitions.items()) if context else []
        self._abbreviation = Abbreviation({name: d.iri for name, d in known if d.prefix})
        self._terms: dict[str, tuple[str, str]] = {}
        for name, definition in known:
            if not definition.prefix:
                self._terms.setdefault(definition.iri, (name, definition.type or ""))
        self._values: dict[str, Memory[str]] = {}
        self._keys = Memory(self._key)
        self._types = _Key("@type", '"@type": ', Memory(self._vocabulary), False)

    def node(self, subject: str, statements: Iterator[Statement]) -> str:
        """Give the node object of *subject* in one graph, whose statements these are."""
        fields: list[tuple[str, str, list[str]]] = []
        values: list[str] = []
        before, key = "", self._types
        for predicate, object, _ in statements:
            said = "@type" if predicate == _TYPE and object[0] != '"' else predicate
            if said != before:
                before, key, values = said, self._keys[said], []
                fields.append((key.name, key.text, values))
            text = key.plain and object[-1] == '"' and "\\u" not in object
            values.append(object if text else key.values[object])
        fields.sort()
        lines = [text + self._joined(values) for _, text, values in fields]
        return f'{{"@id": {self.ids[subject]},\n ' + ",\n ".join(lines) + "}"

    def _joined(self, values: list[str]) -> str:
        if len(values) == 1:
            return values[0] if self._compact else f"[{values[0]}]"
        values.sort()
        return f"[{', '.join(values)}]"

    def _key(self, predicate: str) -> _Key:
        if predicate == "@type":
            return self._types
        iri = self._seen(predicate)
        name, coercion = self._terms.get(iri) or (self._abbreviation.name(iri) or iri, "")
        if coercion not in self._values:
            self._values[coercion] = Memory(partial(self._value, coercion))
        return _Key(name, f"{_json(name)}: ", self._values[coercion], self._compact and not coercion)

    def _seen(self, token: str) -> str:
        """Give the IRI that *token* is, and note its scheme where no ``//`` comes after it."""
        iri = token[1:-1]
        scheme, _, rest = iri.partition(":")
        if not rest.startswith("//"):
            self.schemes.add(scheme)
        return iri

    def _id(self, token: str) -> str:
        if token[0] != "<":
            return f'"{token}"'
        iri = self._seen(token)
        return f'"{self._abbreviation.name(iri) or iri}"'  # neither an IRI nor a label has what JSON escapes

    def _vocabulary(self, token: str) -> str:
        if _BEYOND.match(token):
            raise cannot_hold(_beyond(token))
        term = self._terms.get(self._seen(token)) if token[0] == "<" else None
        return _json(term[0]) if term else self.ids[token]

    def _value(self, coercion: str, token: str) -> str:
        if _BEYOND.match(token):
            raise cannot_hold(_beyond(token))
        if token[0] != '"':
            return self.ids[token] if coercion == "@id" else f'{{"@id": {self.ids[token]}}}'
        text, _, rest = token.rpartition('"')
        text = _text(f'{text}"')
        if rest.startswith("@"):
            return f'{{"@language": {_json(rest[1:])}, "@value": {text}}}'
        datatype = self._seen(rest[2:]) if rest else _STRING
        native = text[1:-1] if _is_native(datatype, text[1:-1]) else ""
        if self._compact and (coercion == datatype or (not coercion and datatype == _STRING)):
            return native or text
        if self._compact and native and not coercion:
            return native
        if native or datatype == _STRING:
            return f'{{"@value": {native or text}}}'
        return f'{{"@type": {self._vocabulary(rest[2:])}, "@value": {text}}}'


def _text(token: str) -> str:
    """Give a text of N-Quads, with its quotation marks, as one of JSON."""
    return _json(json.loads(token)) if "\\u" in token else token


def _is_native(datatype: str, lexical: str) -> bool:
    if datatype == _INTEGER:
        return _WHOLE.fullmatch(lexical) is not None
    return datatype == _BOOLEAN and lexical in ("true", "false")


def _pieces(blocks: Runs, context: Context | None) -> Iterator[bytes]:
    if context is not None:
        yield f'{{"@context": {_definitions(context.written)},\n"@graph": '.encode()
    yield b"["
    comma = b"\n"
    for graph, nodes in by_graph(blocks):
        if graph:
            yield comma + b'{"@id": ' + graph + b',\n"@graph": ['
            comma = b"\n"
        for node in nodes:
            yield comma + node
            comma = b",\n"
        if graph:
            yield b"\n]}"
    yield b"\n]\n" if context is None else b"\n]}\n"


def _definitions(context: Mapping[str, Any]) -> str:
    lines = (
        f" {_json(name)}: {json.dumps(d, ensure_ascii=False, sort_keys=True)}" for name, d in context.items()
    )
    return "{\n" + ",\n".join(sorted(lines)) + "\n}"
