"""The data of a check as a store that set queries run over, with the focus nodes of each shape marked in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import chain
from typing import Any, Final, TypeAlias

import pyoxigraph as ox
from rdflib import Literal
from rdflib.term import Node

from kg.checking.sets.literals import doubtful, stored
from kg.terms import from_rdflib, to_rdflib

_Triple: TypeAlias = tuple[Node, Node, Node]

MARKS: Final = "urn:x-attest:marks"
"""The graph of the marks, which data never stand in."""
_MARK: Final = "urn:x-attest:focus-of:"


class Data:
    """Triples of rdflib as a store."""

    def __init__(self) -> None:
        self.store = ox.Store()
        self._doubted: Counter[str] = Counter()

    @property
    def doubted(self) -> frozenset[str]:
        """The predicates of literals that two engines may read differently."""
        return frozenset(+self._doubted)

    def exchange(self, gone: Iterable[_Triple], new: Iterable[_Triple]) -> None:
        """Take *gone* out and put *new* in."""
        for triple in gone:
            self.store.remove(self._quad(triple, -1))
        self.store.bulk_extend(self._quad(triple, 1) for triple in new)

    def mark(self, number: int, foci: Collection[Node]) -> bool:
        """Let :func:`marked` match each of *foci* with *number*. Give False where one cannot be joined."""
        kind, graph = ox.NamedNode(f"{_MARK}{number}"), ox.NamedNode(MARKS)
        try:
            nodes = list(map(_term, foci))
        except ValueError:  # an IRI or a label that Oxigraph does not take
            return False
        if not all(map(self._told, nodes)):
            return False
        for quad in list(self.store.quads_for_pattern(None, kind, None, graph)):
            self.store.remove(quad)
        self.store.bulk_extend(ox.Quad(node, kind, kind, graph) for node in nodes)
        return True

    def select(self, query: str) -> set[Node]:
        """Give what the only variable of *query* is bound to."""
        found: Any = self.store.query(query)
        return {to_rdflib(solution[0]) for solution in found}

    def _told(self, node: Any) -> bool:
        """Tell whether *node*, which is no literal, is in the data: a path of no length leads from what is not to itself, but not in a join."""
        if isinstance(node, ox.Literal):
            return False
        default = ox.DefaultGraph()
        about = self.store.quads_for_pattern(node, None, None, default)
        named = self.store.quads_for_pattern(None, None, node, default)
        return next(chain(about, named), None) is not None

    def _quad(self, triple: _Triple, count: int) -> ox.Quad:
        subject, predicate, value = triple
        if isinstance(value, Literal) and doubtful(value):
            self._doubted[str(predicate)] += count
        return ox.Quad(_term(subject), _term(predicate), _term(value))


def marked(number: int) -> str:
    """Give the graph pattern that binds ``?this`` to each of the focus nodes marked with *number*."""
    kind = f"<{_MARK}{number}>"
    return f" GRAPH <{MARKS}> {{ ?this {kind} {kind} }} "


@lru_cache(maxsize=1 << 16)
def _term(term: Node) -> Any:
    return stored(term) if isinstance(term, Literal) else from_rdflib(term)
