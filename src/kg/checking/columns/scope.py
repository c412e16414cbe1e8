"""A group of a query while it becomes SQL: what it reads from, what it asks, and in which column each variable stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Final, TypeAlias

from rdflib import Literal, URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.term import Node

from kg.checking.columns.data import Columns, listed
from kg.checking.sets import Uncovered
from kg.checking.sets.paths import Way

Name: TypeAlias = str
"""A variable, by its name."""
End: TypeAlias = Name | URIRef | Literal
"""What stands at an end of a path: a variable, or a term."""
_ALIASES: Final = count()


@dataclass(slots=True)
class Scope:
    """A group over ``columns``: ``sources`` and ``asked`` are of its FROM and WHERE, ``bound`` has the SQL of a variable's number.

    A variable that ``may_lack`` a value is NULL where it has none.
    """

    columns: Columns
    bound: dict[Name, str] = field(default_factory=dict)
    may_lack: set[Name] = field(default_factory=set)
    sources: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def within(self, bound: Mapping[Name, str] | None = None) -> Scope:
        """Give a group within this one that sees its variables, or those *bound* alone."""
        return Scope(self.columns, dict(self.bound if bound is None else bound), set(self.may_lack))

    def match(self, subject: End, way: Way | Name, value: End) -> None:
        """Ask for *way*, or any property for a variable, from *subject* to *value*. Raises Uncovered."""
        match way:
            case InvPath():
                self.match(value, way.arg, subject)
            case SequencePath():
                self._sequence(subject, list(way.args), value)
            case AlternativePath():
                self._alternative(subject, list(way.args), value)
            case MulPath():
                self._closure(subject, way, value)
            case Path():
                raise Uncovered
            case _:
                self._triple(subject, way, value)

    def _triple(self, subject: End, property: URIRef | Name, value: End) -> None:
        alias = fresh("t")
        self.sources.append(f"triple {alias}")
        for end, column in ((property, "p"), (subject, "s"), (value, "o")):
            self._stands(end, f"{alias}.{column}")

    def _stands(self, end: End, column: str) -> None:
        """Ask that *end* is what stands in *column*."""
        if isinstance(end, Node):
            self.asked.append(f"{column} = {self.columns.id(end)}")
        elif end not in self.bound:
            self.bound[end] = column
        elif end in self.may_lack:
            raise Uncovered  # without a value it would match anything
        else:
            self.asked.append(f"{column} = {self.bound[end]}")

    def _sequence(self, subject: End, ways: list[Way], value: End) -> None:
        for way in ways[:-1]:
            between = fresh("between")
            self.match(subject, way, between)
            subject = between
        self.match(subject, ways[-1], value)

    def _alternative(self, subject: End, ways: list[Way], value: End) -> None:
        told = []
        for way in ways:
            scope = self.within({})
            scope.match("one", way, "other")
            told.append(scope.select("one", "other"))
        alias = fresh("t")
        self.sources.append(f"({' UNION '.join(told)}) {alias}(s, o)")
        self._stands(subject, f"{alias}.s")
        self._stands(value, f"{alias}.o")

    def _closure(self, subject: End, way: MulPath, value: End) -> None:
        if way.mod != "*" or not isinstance(way.path, URIRef) or not isinstance(value, URIRef):
            raise Uncovered
        if isinstance(subject, Node) or subject not in self.bound or subject in self.may_lack:
            raise Uncovered
        ids = self.columns.below(way.path, value)
        self.asked.append(f"{self.bound[subject]} IN ({listed(ids)})")

    def select(self, *names: Name) -> str:
        """Give the query for the columns of *names*, NULL for one without any; for 1 where there are none."""
        columns = ", ".join(self.bound.get(name, "NULL") for name in names) or "1"
        return f"SELECT {columns}{self.rest()}"

    def rest(self) -> str:
        """Give FROM and WHERE."""
        sources = f" FROM {', '.join(self.sources)}" if self.sources else ""
        return sources + (f" WHERE {' AND '.join(f'({each})' for each in self.asked)}" if self.asked else "")


def fresh(name: str) -> str:
    """Give a name that begins with *name* and that no other has."""
    return f"{name}{next(_ALIASES)}"
