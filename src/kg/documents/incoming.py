"""Incoming statements: those that lead to a resource, page by page, at a cost that does not grow with their number.

A few are counted, and sorted over all pages. Of more, pages follow the order of the store, which is the same as long as the release
is, and none is counted: the engine can pass over statements, but not enter its index in the middle.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store import Solutions, Store

PAGE: Final = 100
"""How many of the statements that lead to a resource a page of its document has."""
PAGES: Final = 1_000
"""How many such pages a document has at most."""
COUNTED: Final = 1_000
"""Up to how many such statements are counted, and sorted over all pages; of more, pages follow the order of the store."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One page of the statements that lead to a resource: the first of them is number ``first``, from 1.

    ``total`` is how many there are, None where they are more than :data:`COUNTED`; ``more`` tells whether a page follows.
    """

    page: int
    statements: tuple[ox.Triple, ...] = ()
    first: int = 1
    total: int | None = 0
    more: bool = False

    @property
    def last(self) -> int:
        """The number of the last statement."""
        return self.first + len(self.statements) - 1


def read(store: Store, iri: str, page: int, *, without: Iterable[str] = ()) -> Incoming:
    """Give *page* of the statements of *store* whose object is *iri*, without those with a property of *without*."""
    start = (page - 1) * PAGE
    quads = store.match(None, None, ox.NamedNode(iri), limit=COUNTED + 1)
    if len(quads) > COUNTED:
        return _further(store, iri, page, without)
    kept = list({quad.triple for quad in quads if quad.predicate.value not in without})
    kept.sort(key=lambda triple: (triple.predicate.value, str(triple.subject).strip("<>")))
    shown = tuple(kept[start : start + PAGE])
    return Incoming(page, shown, start + 1, len(kept), start + PAGE < len(kept))


def _further(store: Store, iri: str, page: int, without: Iterable[str]) -> Incoming:
    """Give *page* of more statements than are counted; the engine passes over those before it."""
    start = (page - 1) * PAGE
    excluded = ", ".join(f"<{predicate}>" for predicate in without)
    kept = f" FILTER(?p NOT IN ({excluded}))" if excluded else ""
    answer = store.query(
        f"SELECT DISTINCT ?s ?p WHERE {{ ?s ?p <{iri}>{kept} }} OFFSET {start} LIMIT {PAGE + 1}", union=True
    )
    if not isinstance(answer, Solutions):
        raise StoreError("the store gave no rows for a SELECT query")
    statements = tuple(
        ox.Triple(subject, predicate, ox.NamedNode(iri))  # type: ignore[arg-type]
        for subject, predicate in answer.rows[:PAGE]
    )
    return Incoming(page, statements, start + 1, None, len(answer.rows) > PAGE and page < PAGES)
