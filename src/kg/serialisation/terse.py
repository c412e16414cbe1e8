"""Turtle and TriG as a person would write them: a block for each subject, names with prefixes, plain numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

import pyoxigraph as ox

from kg.names import RDF, XSD
from kg.serialisation.abbreviation import Abbreviation
from kg.serialisation.lines import Text, label

_Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph

_TYPE: Final = RDF + "type"
_WIDTH: Final = 110
# What every reader takes for this datatype and lexical form, and for no other.
_PLAIN: Final = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}


class _Row(NamedTuple):
    """A statement as it is written; rows sort in the order of the document."""

    graph: str
    subject: str
    later: bool  # False for ``a``, which comes first
    predicate: str
    object: str


def turtle(quads: Iterable[ox.Quad], prefixes: Mapping[str, str]) -> Text:
    """Give the union of all graphs of *quads* as Turtle, with those of *prefixes* that it uses."""
    return _document(quads, prefixes, graphs=False)


def trig(quads: Iterable[ox.Quad], prefixes: Mapping[str, str]) -> Text:
    """Give the dataset *quads* as TriG, the default graph first, with those of *prefixes* that it uses."""
    return _document(quads, prefixes, graphs=True)


def _document(quads: Iterable[ox.Quad], prefixes: Mapping[str, str], *, graphs: bool) -> Text:
    terms = _Terms(prefixes)
    rows = sorted({terms.row(quad, graphs) for quad in quads})
    return Text(_pieces(rows, terms.abbreviation.used), len(rows))


def _pieces(rows: list[_Row], prefixes: Mapping[str, str]) -> Iterator[str]:
    for prefix, namespace in sorted(prefixes.items()):
        yield f"@prefix {prefix}: <{namespace}> .\n"
    gap = "\n" if prefixes else ""
    for graph, members in groupby(rows, itemgetter(0)):
        yield f"{gap}{graph} {{\n" if graph else gap
        indent = "    " if graph else ""
        for number, (subject, statements) in enumerate(groupby(members, itemgetter(1))):
            yield ("\n" if number else "") + _block(subject, statements, indent)
        if graph:
            yield "}\n"
        gap = "\n"


def _block(subject: str, rows: Iterable[_Row], indent: str) -> str:
    inner = f"{indent}    "
    lists = [
        _objects(predicate, [row.object for row in same], inner)
        for predicate, same in groupby(rows, itemgetter(3))
    ]
    return f"{indent}{subject} " + f" ;\n{inner}".join(lists) + " .\n"


def _objects(predicate: str, objects: list[str], indent: str) -> str:
    line = f"{predicate} {', '.join(objects)}"
    if len(objects) == 1 or len(indent) + len(line) <= _WIDTH:
        return line
    deeper = f"\n{indent}    "
    return predicate + deeper + f",{deeper}".join(objects)


class _Terms:
    """Gives the written form of terms, each worked out once."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.abbreviation = Abbreviation(prefixes)
        self._written: dict[_Term, str] = {}

    def row(self, quad: ox.Quad, graphs: bool) -> _Row:
        predicate = "a" if quad.predicate.value == _TYPE else self.term(quad.predicate)
        graph = self.term(quad.graph_name) if graphs else ""
        return _Row(graph, self.term(quad.subject), predicate != "a", predicate, self.term(quad.object))

    def term(self, term: _Term) -> str:
        known = self._written.get(term)
        if known is None:
            known = self._written[term] = self._write(term)
        return known

    def _write(self, term: _Term) -> str:
        match term:
            case ox.DefaultGraph():
                return ""
            case ox.NamedNode():
                return self.abbreviation.name(term.value) or str(term)
            case ox.Literal():
                return self._literal(term)
            case ox.Triple():
                return (
                    f"<<( {self.term(term.subject)} {self.term(term.predicate)} {self.term(term.object)} )>>"
                )
            case ox.BlankNode():
                return label(term)

    def _literal(self, literal: ox.Literal) -> str:
        datatype, plain = literal.datatype.value, _PLAIN.get(literal.datatype.value)
        if plain and plain.fullmatch(literal.value):
            return literal.value
        if literal.language is None and datatype != XSD + "string":
            return f"{ox.Literal(literal.value)}^^{self.abbreviation.name(datatype) or literal.datatype}"
        return str(literal)
