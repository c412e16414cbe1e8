"""The catalogue as linked data, by the convention of the SIB examples (github.com/sib-swiss/sparql-examples).

Each query is a ``sh:SPARQLExecutable`` with its text, prefixes, comment, keywords and the endpoint that it is for
(``schema:target``). The text is one that runs as it stands: its parameters have their defaults, and an optional one without
is left out. The parameters are ``sh:Parameter`` (SHACL Advanced Features, W3C 2017), and the file with the parameters in it
is at ``dcterms:source``. No node is blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias, cast

import pyoxigraph as ox

from kg import sparql
from kg.names import DCTERMS, RDF, RDFS, SCHEMA, SH, SKOS, XSD, Base
from kg.queries.question import Param, Query

_FORMS: Final = {
    "SELECT": ("SPARQLSelectExecutable", "select"),
    "ASK": ("SPARQLAskExecutable", "ask"),
    "CONSTRUCT": ("SPARQLConstructExecutable", "construct"),
}
_DATATYPES: Final = {
    "date": "date",
    "year": "integer",
    "integer": "integer",
    "string": "string",
    "language": "string",
    "boolean": "boolean",
}
"""The XSD type of each type of parameter; all others are IRIs."""

_Value: TypeAlias = ox.NamedNode | ox.Literal


def triples(queries: Iterable[Query], base: Base) -> Iterator[ox.Triple]:
    """Give what there is to say of each of *queries*, whose IRIs are ``<base>queries/<name>``."""
    for query in queries:
        it = iri(query.name, base)
        for predicate, value in _about(query, base):
            yield _triple(it, predicate, value)
        for place, param in enumerate(query.params):
            node = f"{it}#parameter-{param.name}"
            yield _triple(it, SH + "parameter", ox.NamedNode(node))
            for predicate, value in _parameter(param, f"{it}#{param.name}", place, base):
                yield _triple(node, predicate, value)


def iri(name: str, base: Base) -> str:
    """Give the IRI of the query *name*, which is also where it answers."""
    return f"{base.iri}queries/{name}"


def prefixes(base: Base) -> Iterator[ox.Triple]:
    """Give the declarations (``sh:declare``) of all prefixes of *base*; the node ``<base>prefixes`` has them."""
    for prefix, namespace in sorted(base.prefixes().items()):
        node = f"{base.iri}prefixes#{prefix}"
        yield _triple(f"{base.iri}prefixes", SH + "declare", ox.NamedNode(node))
        yield _triple(node, RDF + "type", ox.NamedNode(SH + "PrefixDeclaration"))
        yield _triple(node, SH + "prefix", ox.Literal(prefix))
        yield _triple(node, SH + "namespace", ox.Literal(namespace, datatype=ox.NamedNode(XSD + "anyURI")))


def runnable(query: Query, base: Base) -> str:
    """Give the text of *query* without its header, its parameters at their defaults; one without a default stays a variable."""
    ready = not any(param.required for param in query.params)
    return without_header(query.bind({}, base) if ready else query.text)


def without_header(text: str) -> str:
    """Give the *text* of a question without the lines of its header."""
    return "".join(
        token.text
        for token in sparql.tokens(text)
        if not (token.kind == "comment" and token.text.startswith("#+"))
    ).strip()


def _about(query: Query, base: Base) -> Iterator[tuple[str, _Value]]:
    yield RDF + "type", ox.NamedNode(SH + "SPARQLExecutable")
    if query.form in _FORMS:
        kind, holds = _FORMS[query.form]
        yield RDF + "type", ox.NamedNode(SH + kind)
        yield SH + holds, ox.Literal(runnable(query, base))
    yield RDFS + "label", ox.Literal(query.summary, language="en")
    yield (
        RDFS + "comment",
        ox.Literal(" ".join(filter(None, (f"{query.summary}.", query.description))), language="en"),
    )
    if query.note:
        yield SKOS + "note", ox.Literal(query.note, language="en")
    yield SH + "prefixes", ox.NamedNode(f"{base.iri}prefixes")
    yield SCHEMA + "target", ox.NamedNode(f"{base.iri}sparql")
    yield DCTERMS + "source", ox.NamedNode(f"{iri(query.name, base)}.rq")
    for word in sorted({*query.tags, *filter(None, [query.asked_by])}):
        yield SCHEMA + "keywords", ox.Literal(word)


def _parameter(param: Param, path: str, place: int, base: Base) -> Iterator[tuple[str, _Value]]:
    yield RDF + "type", ox.NamedNode(SH + "Parameter")
    yield SH + "path", ox.NamedNode(path)
    yield SH + "name", ox.Literal(param.name)
    yield SH + "order", _typed(str(place), "integer")
    yield SH + "optional", _typed(str(not param.required).lower(), "boolean")
    yield SH + "maxCount", _typed("1", "integer")
    if param.summary:
        yield SH + "description", ox.Literal(param.summary, language="en")
    if param.type in _DATATYPES:
        yield SH + "datatype", ox.NamedNode(XSD + _DATATYPES[param.type])
    else:
        yield SH + "nodeKind", ox.NamedNode(SH + "IRI")
    if param.default is not None:
        yield SH + "defaultValue", _term(param.term(param.default, base))


def _term(text: str) -> _Value:
    """Give the term that *text*, made by :meth:`Param.term`, is in SPARQL and so in Turtle."""
    (quad,) = ox.parse(f"<urn:x:s> <urn:x:p> {text} .", format=ox.RdfFormat.TURTLE)
    return cast(_Value, quad.object)  # no type of parameter gives another


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


def _triple(subject: str, predicate: str, value: _Value) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value)
