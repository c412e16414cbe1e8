"""Turtle and TriG as a person would write them: a block for each subject, names with prefixes, plain numbers.

A block begins with its subject, so that blocks sort as their subjects do. They are written one by one and put in order by
:class:`kg.serialisation.runs.Runs`, since subjects with prefixes sort otherwise than IRIs do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final

import pyoxigraph as ox

from kg.names import RDF, XSD
from kg.serialisation.abbreviation import Abbreviation
from kg.serialisation.runs import Runs
from kg.serialisation.statements import Statement, Statements, decoded, subjects
from kg.serialisation.text import GRAPH_END, Memory, Text, by_graph

_TYPE: Final = f"<{RDF}type>"
_WIDTH: Final = 110
# What every reader takes for this datatype and lexical form, and for no other.
_PLAIN: Final = {
    f"<{XSD}integer>": re.compile(r"0|-?[1-9][0-9]*"),
    f"<{XSD}decimal>": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+"),
    f"<{XSD}boolean>": re.compile(r"true|false"),
}
_PREDICATE: Final = itemgetter(0)


def turtle(statements: Statements, prefixes: Mapping[str, str], blocks: Runs) -> Text:
    """Give the union of all graphs as Turtle, with those of *prefixes* that it uses; *blocks* is empty."""
    terms = _Terms(prefixes)
    number = 0
    for subject, found in subjects(statements):
        block, held = terms.block(subject, found, "")
        blocks.add(block.encode())
        number += held
    return Text(_turtle(blocks, terms.abbreviation.used), number)


def trig(statements: Statements, prefixes: Mapping[str, str], blocks: Runs) -> Text:
    """Give the dataset as TriG, the default graph first, with those of *prefixes* that it uses; *blocks* is empty."""
    terms = _Terms(prefixes)
    number = 0
    for subject, found in subjects(statements):
        number += len(found)
        found.sort(key=itemgetter(2))  # the order within a graph stays
        for graph, members in groupby(found, itemgetter(2)):
            name = terms.written[graph].encode() if graph else b""
            block, _ = terms.block(subject, members, "    " if graph else "")
            blocks.add(name + GRAPH_END + block.encode())
    return Text(_trig(blocks, terms.abbreviation.used), number)


def _head(prefixes: Mapping[str, str]) -> bytes:
    return "".join(f"@prefix {prefix}: <{ns}> .\n" for prefix, ns in sorted(prefixes.items())).encode()


def _turtle(blocks: Runs, prefixes: Mapping[str, str]) -> Iterator[bytes]:
    head = _head(prefixes)
    yield head
    gap = b"\n" if head else b""
    for block in blocks:
        yield gap + block
        gap = b"\n"


def _trig(blocks: Runs, prefixes: Mapping[str, str]) -> Iterator[bytes]:
    head = _head(prefixes)
    yield head
    gap = b"\n" if head else b""
    for graph, members in by_graph(blocks):
        yield gap + graph + b" {\n" if graph else gap
        gap = b""
        for block in members:
            yield gap + block
            gap = b"\n"
        if graph:
            yield b"}\n"


class _Terms:
    """Gives the written form of terms and blocks."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.abbreviation = Abbreviation(prefixes)
        self.written = Memory(self._write)
        self._predicates = Memory(self._predicate)

    def block(self, subject: str, statements: Iterable[Statement], indent: str) -> tuple[str, int]:
        """Give the block of *subject*, and the number of distinct triples in it; equal ones stand together."""
        predicates, written = self._predicates, self.written
        lists: list[tuple[tuple[bool, str], list[str]]] = []
        objects: list[str] = []
        number, before, last = 0, "", ""
        for predicate, object, _ in statements:
            if predicate != before:
                objects = []
                lists.append((predicates[predicate], objects))
                before = predicate
            elif object == last:
                continue
            last = object
            number += 1
            plain = object[0] == '"' and object[-1] != ">"  # a text, which is the same in N-Quads
            objects.append(object if plain else written[object])
        lists.sort()
        inner = f"{indent}    "
        lines = [
            f"{name} {objects[0]}" if len(objects) == 1 else _objects(name, objects, inner)
            for (_, name), objects in lists
        ]
        return f"{indent}{written[subject]} " + f" ;\n{inner}".join(lines) + " .\n", number

    def _predicate(self, token: str) -> tuple[bool, str]:
        """Give what a property sorts by: ``a`` comes first."""
        return (False, "a") if token == _TYPE else (True, self.written[token])

    def _write(self, token: str) -> str:
        if token[0] == '"':
            return self._literal(token)
        if token[:2] == "<<":
            return self._triple_term(decoded(token))
        return (token[0] == "<" and self.abbreviation.name(token[1:-1])) or token

    def _literal(self, token: str) -> str:
        text, typed, datatype = token.rpartition("^^")
        if not typed or token[-1] != ">":
            return token
        plain = _PLAIN.get(datatype)
        return (
            text[1:-1]
            if plain and plain.fullmatch(text, 1, len(text) - 1)
            else f"{text}^^{self.written[datatype]}"
        )

    def _triple_term(self, term: object) -> str:
        if not isinstance(term, ox.Triple):
            return self.written[str(term)]
        return f"<<( {' '.join(map(self._triple_term, (term.subject, term.predicate, term.object)))} )>>"


def _objects(predicate: str, objects: list[str], indent: str) -> str:
    objects.sort()
    line = f"{predicate} {', '.join(objects)}"
    if len(indent) + len(line) <= _WIDTH:
        return line
    deeper = f"\n{indent}    "
    return predicate + deeper + f",{deeper}".join(objects)
