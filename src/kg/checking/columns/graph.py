"""A graph of rdflib that reads from columns what it is asked for, and keeps it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any, Final

from rdflib.namespace import RDF
from rdflib.paths import Path
from rdflib.plugins.stores.memory import Memory

from kg.checking.columns.data import Columns, Kind, listed
from kg.shacl import Pattern, UnionGraph

_FEW: Final = 500
"""Subjects of which all is read as soon as they are found."""
_MANY: Final = 8
"""Subjects that are asked for the same before all that have it are read."""

_MUCH: Final = 300_000
"""Triples that are kept from one batch of focus nodes to the next."""


class ColumnGraph(UnionGraph):
    """The triples of *columns*: a pattern is read when it is asked for the first time, with all about its subject.

    :meth:`prepare` reads what many nodes, by their numbers, will be asked for at once.
    """

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self._columns = columns
        self._read: set[Pattern] = set()
        self._subjects: set[int] = set()
        self._asked_for: Counter[Pattern] = Counter()

    def triples(self, triple: Any) -> Any:
        """Give the triples of a pattern, as :meth:`rdflib.Graph.triples` does."""
        if not isinstance(triple[1], Path):
            self._bring(triple)
        return super().triples(triple)

    def prepare(self, ids: Collection[int]) -> None:
        """Read all about the nodes of *ids* and about what they lead to."""
        for _ in range(2):
            ids = self._prepare(set(ids) - self._subjects)

    def forget(self) -> None:
        """Forget what was read where it has become much."""
        if len(self) > _MUCH:
            self._Graph__store = Memory()  # rdflib takes statements out one by one
            self._read.clear()
            self._subjects.clear()
            self._asked_for.clear()
            self._columns.forget()

    def _prepare(self, ids: Collection[int]) -> list[int]:
        """Read all about the nodes of *ids*, and give what these lead to."""
        if not ids:
            return []
        self._fill(f"t.s IN ({listed(ids)})", "about")
        self._subjects |= set(ids)
        self._read |= {(node, None, None) for node in self._columns.nodes(ids).values()}
        query = f"SELECT DISTINCT o FROM about WHERE s IN ({listed(ids)}) AND o % 8 <= {Kind.BLANK}"
        return self._columns.numbers(query)

    def _bring(self, triple: Pattern) -> None:
        """Read what is asked for, unless it is read: with all about the subjects that are found where they are few, since they are asked about next."""
        wanted = self._wider(triple)
        if self._is_read(triple) or self._is_read(wanted):
            return
        self._read.add(wanted)
        columns = zip("spo", wanted, strict=True)
        asked = [f"t.{name} = {self._columns.id(term)}" for name, term in columns if term is not None]
        where = " AND ".join(asked) or "true"
        if wanted[0] is not None:
            self._fill(where, "about")
            return
        self._fill(where, "triple")
        if wanted[2] is not None:
            subjects = self._columns.numbers(
                f"SELECT DISTINCT s FROM triple t WHERE {where} LIMIT {_FEW + 1}"
            )
            if len(subjects) <= _FEW:
                self._prepare(set(subjects) - self._subjects)

    def _wider(self, triple: Pattern) -> Pattern:
        """Give what to read for *triple*: all about its subject, or, once many subjects were asked for the same, all that have it."""
        subject, property, value = triple
        if subject is None:
            return triple
        if property is not None and value is not None:
            same = (None, property, value)
            self._asked_for[same] += 1
            if self._asked_for[same] > _MANY and property != RDF.type:
                return same
        return subject, None, None

    def _is_read(self, wanted: Pattern) -> bool:
        _, property, value = wanted
        return not self._read.isdisjoint(
            {wanted, (None, property, None), (None, None, value), (None, None, None)}
        )

    def _fill(self, where: str, table: str) -> None:
        asked, self.asked = self.asked, None
        for triple in self._columns.triples(where, table):
            self.add(triple)
        self.asked = asked
