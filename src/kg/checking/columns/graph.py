"""A graph of rdflib that reads from columns what it is asked for, and keeps it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rdflib.paths import Path

from kg.checking.columns.data import Columns, Kind, listed
from kg.shacl import Pattern, UnionGraph


class ColumnGraph(UnionGraph):
    """The triples of *columns*: a pattern is read when it is asked for the first time, with all about its subject.

    :meth:`prepare` reads what many nodes, by their numbers, will be asked for at once.
    """

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self._columns = columns
        self._read: set[Pattern] = set()
        self._subjects: set[int] = set()

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
        """Forget what was read."""
        self.remove((None, None, None))
        self._read.clear()
        self._subjects.clear()
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
        subject = triple[0]
        wanted = (subject, None, None) if subject is not None else triple
        if self._is_read(wanted):
            return
        self._read.add(wanted)
        columns = zip("spo", wanted, strict=True)
        asked = [f"t.{name} = {self._columns.id(term)}" for name, term in columns if term is not None]
        self._fill(" AND ".join(asked) or "true", "about" if subject is not None else "triple")

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
