"""Suspects: the focus nodes that a constraint may find anything about."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rdflib.term import Node

from kg.checking.sets.data import Data
from kg.checking.sets.selects import Select, compiled


class Suspects:
    """The focus nodes to look at, by set queries over ``data``; all of them where a query is not covered."""

    def __init__(self) -> None:
        self.data = Data()
        self._marked: dict[int, frozenset[Node]] = {}

    def among(self, chosen: frozenset[Node], number: int, queries: Iterable[str]) -> frozenset[Node]:
        """Give those of *chosen*, the focus nodes of the shape of *number*, that any of *queries* may find something about."""
        found: set[Node] = set()
        for query in queries:
            select = _compiled(query, number)
            if select is None or not (self._certain(select) and self._mark(number, chosen)):
                return chosen
            found |= self.data.select(select.text)
        return frozenset(found)

    def _certain(self, select: Select) -> bool:
        """Tell whether both engines read each value that *select* reads alike."""
        doubted = self.data.doubted
        return not doubted if select.predicates is None else doubted.isdisjoint(select.predicates)

    def _mark(self, number: int, chosen: frozenset[Node]) -> bool:
        if self._marked.get(number) != chosen:
            self._marked.pop(number, None)
            if not self.data.mark(number, chosen):
                return False
            self._marked[number] = chosen
        return True


_compiled = lru_cache(maxsize=1024)(compiled)
