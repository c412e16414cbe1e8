"""JSON-LD 1.1, written straight from the statements: compact with a context, else expanded.

One node object for each subject of each graph, lists and blank nodes not folded. The context is written into
the document, so that a reader never has to fetch one. Only contexts of plain terms are understood (an IRI, or
``@id`` with ``@type`` or ``@prefix``), which is what :mod:`kg.context` makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, NamedTuple, TypeAlias, cast

import pyoxigraph as ox

from kg.errors import ProjectError
from kg.names import RDF, XSD, is_iri
from kg.serialisation.abbreviation import Abbreviation
from kg.serialisation.lines import Text, label

_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Triple  # never a Triple once checked

_TYPE: Final = RDF + "type"
_STRING: Final = XSD + "string"
_INTEGER: Final = XSD + "integer"
_BOOLEAN: Final = XSD + "boolean"
_json: Final = json.JSONEncoder(ensure_ascii=False).encode
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Integers that a JSON number holds exactly in every reader (below 2 to the 53rd)."""


class _Row(NamedTuple):
    """A statement as JSON text; rows sort in the order of the document, ``@type`` before other keys."""

    graph: str
    subject: str
    key: str
    value: str


class _Term(NamedTuple):
    """A term of the context: its name, and what a plain string under it means (``""``: a string)."""

    name: str
    type: str


class _Definition(NamedTuple):
    """What a context says of a name: its IRI, ``@id`` or a datatype for its strings, whether it is a prefix."""

    iri: str
    type: str | None
    prefix: bool

    def written(self) -> str | dict[str, Any]:
        """Give it as JSON-LD with whole IRIs."""
        if self.type is None and self.prefix == _may_be_prefix(self.iri):
            return self.iri
        type, prefix = {"@type": self.type}, {"@prefix": True}
        return {"@id": self.iri} | (type if self.type else {}) | (prefix if self.prefix else {})


class _Context(NamedTuple):
    """A context, as it is written into the document and as it is understood."""

    written: Mapping[str, Any]
    definitions: dict[str, _Definition]


def document(quads: Iterable[ox.Quad], context: Mapping[str, Any] | None) -> Text:
    """Give the dataset *quads* as a JSON-LD document, compact with *context* or expanded without one.

    *context* is the object under ``@context``, or one that holds it. A term of it that some IRI of the data has
    as its scheme is left out, since readers would take the one for the other.
    *quads* are such that :func:`fault` finds nothing in them. Raises ProjectError for a context that says more
    than this writer knows.
    """
    statements = list(quads)
    terms = _Terms(None if context is None else _usable(context, _schemes(statements)))
    rows = sorted({terms.row(quad) for quad in statements})
    return Text(_pieces(rows, terms.context), len(rows))


def fault(quads: Iterable[ox.Quad]) -> str:
    """Give a sentence on a statement of *quads* that JSON-LD cannot hold, empty where it can hold all.

    It has no form for triple terms and none, without extensions, for text with a base direction.
    """
    return min(
        (
            f"JSON-LD cannot hold this term of RDF 1.2: {quad.object}"
            for quad in quads
            if isinstance(quad.object, ox.Triple) or getattr(quad.object, "direction", None) is not None
        ),
        default="",
    )


def _usable(context: Mapping[str, Any], schemes: set[str]) -> _Context:
    """Give *context* without the terms that one of *schemes*, or a prefix so named, would be taken for."""
    written = context.get("@context", context)
    if not isinstance(written, Mapping):
        raise _unknown("@context")
    known = _understood(written)
    clear = {name: definition for name, definition in known.items() if name.partition(":")[0] not in schemes}
    if len(clear) < len(known):
        written = {name: definition.written() for name, definition in clear.items()}
    return _Context(written, clear)


def _understood(context: Mapping[str, Any]) -> dict[str, _Definition]:
    """Give what *context* says of each name, with the prefixed names in it replaced by IRIs."""
    raw = {name: {"@id": d} if isinstance(d, str) else d for name, d in context.items()}
    for name, definition in raw.items():
        if name.startswith("@") or not isinstance(definition, Mapping):
            raise _unknown(name)
        if "@id" not in definition or set(definition) - {"@id", "@type", "@prefix"}:
            raise _unknown(name)

    def whole(iri: str) -> str:
        prefix, colon, local = iri.partition(":")
        return raw[prefix]["@id"] + local if colon and not local.startswith("//") and prefix in raw else iri

    known = {}
    for name, definition in raw.items():
        iri, type = whole(definition["@id"]), whole(definition.get("@type", "@id"))
        if not is_iri(iri) or whole(iri) != iri or (":" in name and whole(name) != iri):
            raise _unknown(name)
        if type != "@id" and not is_iri(type):
            raise _unknown(name)
        prefix = definition.get("@prefix", isinstance(context[name], str) and _may_be_prefix(iri))
        known[name] = _Definition(iri, type if "@type" in definition else None, bool(prefix))
    return known


def _may_be_prefix(iri: str) -> bool:
    """Tell whether a name that is given *iri* alone may stand before a colon (JSON-LD 1.1 API §4.2.2)."""
    return iri[-1:] in tuple(":/?#[]@")


def _unknown(name: str) -> ProjectError:
    return ProjectError(
        f"the JSON-LD context says something of {name!r} that is not understood here",
        remedy="Give each term an IRI, or an object of @id, @type and @prefix alone.",
    )


def _schemes(quads: Iterable[ox.Quad]) -> set[str]:
    """Give what stands before the colon of IRIs that have no ``//`` after it."""
    iris = {
        term.value
        for quad in quads
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, ox.NamedNode)
    }
    iris.update(quad.object.datatype.value for quad in quads if isinstance(quad.object, ox.Literal))
    split = (iri.partition(":") for iri in iris)
    return {scheme for scheme, _, rest in split if not rest.startswith("//")}


class _Terms:
    """Gives the JSON text of keys and values, by the terms of a context (None: the expanded form)."""

    def __init__(self, context: _Context | None) -> None:
        self.context = context
        known = sorted(context.definitions.items()) if context else []
        self._abbreviation = Abbreviation({name: d.iri for name, d in known if d.prefix})
        self._ids: dict[_Node, str] = {}
        self._terms: dict[str, _Term] = {}
        for name, definition in known:
            if not definition.prefix:
                self._terms.setdefault(definition.iri, _Term(name, definition.type or ""))

    def row(self, quad: ox.Quad) -> _Row:
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else self._id(quad.graph_name)
        object = quad.object
        if quad.predicate.value == _TYPE and not isinstance(object, ox.Literal):
            return _Row(graph, self._id(quad.subject), "@type", self._vocabulary(object))
        predicate = quad.predicate.value
        term = self._terms.get(predicate) or _Term(self._name(predicate), "")
        return _Row(graph, self._id(quad.subject), term.name, self._value(object, term.type))

    def _name(self, iri: str) -> str:
        return self._abbreviation.name(iri) or iri

    def _id(self, node: _Node) -> str:
        known = self._ids.get(node)
        if known is None:
            iri = self._name(node.value) if isinstance(node, ox.NamedNode) else None
            known = self._ids[node] = _json(iri or label(cast("ox.BlankNode", node)))
        return known

    def _vocabulary(self, node: _Node) -> str:
        term = self._terms.get(node.value) if isinstance(node, ox.NamedNode) else None
        return _json(term.name) if term else self._id(node)

    def _value(self, object: Any, coercion: str) -> str:
        if not isinstance(object, ox.Literal):
            return self._id(object) if coercion == "@id" else f'{{"@id": {self._id(object)}}}'
        datatype, text = object.datatype.value, _json(object.value)
        if object.language is not None:
            return f'{{"@language": {_json(object.language)}, "@value": {text}}}'
        native = object.value if _is_native(datatype, object.value) else ""
        if self.context is not None and (coercion == datatype or (not coercion and datatype == _STRING)):
            return native or text
        if self.context is not None and native and not coercion:
            return native
        if native or datatype == _STRING:
            return f'{{"@value": {native or text}}}'
        return f'{{"@type": {self._vocabulary(object.datatype)}, "@value": {text}}}'


def _is_native(datatype: str, lexical: str) -> bool:
    if datatype == _INTEGER:
        return _WHOLE.fullmatch(lexical) is not None
    return datatype == _BOOLEAN and lexical in ("true", "false")


def _pieces(rows: list[_Row], context: _Context | None) -> Iterator[str]:
    compact = context is not None
    if context is not None:
        yield f'{{"@context": {_definitions(context.written)},\n"@graph": '
    yield "["
    comma = ""
    for graph, members in groupby(rows, itemgetter(0)):
        nodes = (_node(subject, group, compact) for subject, group in groupby(members, itemgetter(1)))
        if graph:
            yield f'{comma}\n{{"@id": {graph},\n"@graph": ['
            comma = ""
        for node in nodes:
            yield f"{comma}\n{node}"
            comma = ","
        if graph:
            yield "\n]}"
    yield "\n]}\n" if compact else "\n]\n"


def _definitions(context: Mapping[str, Any]) -> str:
    lines = (
        f" {_json(name)}: {json.dumps(d, ensure_ascii=False, sort_keys=True)}" for name, d in context.items()
    )
    return "{\n" + ",\n".join(sorted(lines)) + "\n}"


def _node(subject: str, rows: Iterable[_Row], compact: bool) -> str:
    fields = [f'"@id": {subject}']
    for key, same in groupby(rows, itemgetter(2)):
        values = [row.value for row in same]
        joined = ", ".join(values)
        fields.append(f"{_json(key)}: {joined if compact and len(values) == 1 else f'[{joined}]'}")
    return "{" + ",\n ".join(fields) + "}"
