"""Suspects: the focus nodes that a constraint may find anything about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import count
from typing import Any, TypeAlias

from rdflib.term import Node

from kg.checking.sets.conditions import Condition, Test
from kg.checking.sets.data import Data, marked
from kg.checking.sets.expressions import sparql
from kg.checking.sets.literals import restored
from kg.checking.sets.paths import written
from kg.checking.sets.selects import Select, compiled

Foci: TypeAlias = frozenset[Node]
Breaks: TypeAlias = Callable[[Test, Node], bool]
"""Whether a value, by itself, fails a test."""


class Suspects:
    """The focus nodes to look at, by set queries over ``data``; all of them where a query cannot tell. *breaks* makes the tests."""

    def __init__(self, breaks: Breaks) -> None:
        self.data = Data()
        self._breaks = breaks
        self._failing: dict[tuple[int, Any], bool] = {}
        self._numbers: dict[Foci, int] = {}
        self._used: set[Foci] = set()
        self._tested: set[int] = set()

    def renewed(self) -> None:
        """Begin anew: the data are others, and the marks of foci that were not asked about since the last time can go."""
        for foci in self._numbers.keys() - self._used:
            self.data.mark(self._numbers.pop(foci), ())
        self._used.clear()
        self._tested.clear()

    def asked(self, foci: Foci, queries: Iterable[str]) -> Foci:
        """Give those of *foci* that any of *queries* may find something about."""
        number = self._number(foci)
        found: set[Node] = set()
        for query in queries:
            select = _compiled(query, number) if number is not None else None
            if select is None or not self._certain(select):
                return foci
            found |= self._select(select.text)
        return frozenset(found)

    def meeting(self, foci: Foci, condition: Condition) -> Foci:
        """Give those of *foci* that *condition* may be true of."""
        number = self._number(foci)
        if number is None:
            return foci
        for test in condition.tests:
            self._make(test)
        text = sparql(condition.expression)
        return frozenset(self._select(f"SELECT DISTINCT ?this WHERE {{ {marked(number)} FILTER ({text}) }}"))

    def _select(self, query: str) -> set[Node]:
        return set(map(restored, self.data.select(query)))

    def _make(self, test: Test) -> None:
        """Note the values that fail *test*."""
        if test.number in self._tested:
            return
        self._tested.add(test.number)
        values = self.data.select(f"SELECT DISTINCT ?value WHERE {{ ?any {written(test.path)} ?value }}")
        self.data.fail(test.number, [value for value in values if self._fails(test, value)])

    def _fails(self, test: Test, value: Any) -> bool:
        key = test.number, value
        known = self._failing.get(key)
        if known is None:
            known = self._failing[key] = self._breaks(test, restored(value))
        return known

    def _certain(self, select: Select) -> bool:
        """Tell whether both engines read each value that *select* reads alike."""
        doubted = self.data.doubted
        return not doubted if select.predicates is None else doubted.isdisjoint(select.predicates)

    def _number(self, foci: Foci) -> int | None:
        """Give the number that *foci* are marked with, None where they cannot be."""
        if foci not in self._numbers:
            number = next(each for each in count() if each not in self._numbers.values())
            if not self.data.mark(number, foci):
                return None
            self._numbers[foci] = number
        self._used.add(foci)
        return self._numbers[foci]


_compiled = lru_cache(maxsize=1024)(compiled)
