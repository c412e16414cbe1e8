"""The store inside this process: a release, or any quads, asked by pyoxigraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from kg import manifest
from kg.errors import KgError, QueryError, StoreError
from kg.manifest import QUADS
from kg.store import cache, engine
from kg.store.protocol import Answer, DefaultGraph, Graphs

_T = TypeVar("_T")

IN_MEMORY = 1_000_000
"""Quads up to which a release is loaded into memory; a larger one is answered from a cache on disk."""


class EmbeddedStore:
    """Quads in memory or in a cache on disk, read-only; safe to ask from several threads.

    With ``default_graph`` "union" a query reads all graphs as one. The engine does not merge them: a triple that stands in two
    graphs matches twice, in one pattern, as it does for several FROM; the build keeps every triple in one graph, and
    queries that must hold elsewhere say DISTINCT. The store keeps values, not spellings: ``01`` is given as ``1``.
    """

    def __init__(
        self, store: ox.Store, default_graph: DefaultGraph = "union", cached: cache.Cache | None = None
    ) -> None:
        """Ask *store*, which *cached* holds where it lies on disk: every question then raises StoreError once that was changed."""
        self._opened = store
        self._cached = cached
        self.default_graph: DefaultGraph = default_graph

    @property
    def _store(self) -> ox.Store:
        if self._cached is not None:
            self._cached.unchanged()
        return self._opened

    @classmethod
    def open(
        cls, directory: Path, *, default_graph: DefaultGraph | None = None, in_memory: int = IN_MEMORY
    ) -> EmbeddedStore:
        """Open the release in *directory*; *default_graph* is the manifest's unless it is given.

        Raises StoreError where ``quads.nq`` or the manifest is absent or damaged. Without a manifest the quads alone are
        opened, as a union.
        """
        return cls.prepared(directory, default_graph=default_graph, in_memory=in_memory)()

    @classmethod
    def prepared(
        cls, directory: Path, *, default_graph: DefaultGraph | None = None, in_memory: int = IN_MEMORY
    ) -> Callable[[], EmbeddedStore]:
        """Do all that :meth:`open` does but open a store on disk, and give what gives the store.

        A process may be forked in between: a store in memory can be forked, one on disk has to be opened afterwards.
        """
        path = directory / QUADS
        listed = manifest.read(directory) if (directory / manifest.JSON_NAME).exists() else None
        try:
            size, sha256 = manifest.digest(path)
            count = _lines(path) if listed is None else listed.counts.get("quads", 0)
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}", remedy="run kg build") from error
        file = listed.file(QUADS) if listed else None
        if file is not None and (size, sha256) != (file.size, file.sha256):
            raise StoreError(f"{path} is damaged: it is not what the manifest lists", remedy="run kg build")
        setting = default_graph or (listed.default_graph if listed else "union")
        graph: DefaultGraph = "strict" if setting == "strict" else "union"
        if count <= in_memory:
            loaded = cls(_loaded(path), graph)
            return lambda: loaded
        cached = cache.made(directory, sha256)
        return lambda: cls(cache.opened(cached), graph, cached)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], *, default_graph: DefaultGraph = "union") -> EmbeddedStore:
        """Give a store of *quads*, in memory."""
        store = ox.Store()
        store.bulk_extend(quads)
        return cls(store, default_graph)

    def query(self, text: str, *, base: str | None = None, union: bool = False) -> Answer:
        """Answer a SPARQL 1.1 query that :func:`kg.sparql.check` lets pass; *base* resolves its relative IRIs.

        Raises QueryError, with line and column where the fault is in the text.
        """
        return engine.answer(self._store, text, base=base, union=union or self.default_graph == "union")

    def evaluate(
        self,
        text: str,
        read: Callable[[engine.Results], _T],
        *,
        base: str | None = None,
        union: bool,
        graphs: Graphs | None = None,
    ) -> _T | KgError:
        """Answer a query that was checked, in this thread, whose stack has to be deep enough (:data:`kg.sparql.STACK_BYTES`).

        *read* makes what is given of the engine's answer. An error is given, not raised.
        """
        try:
            store = self._store
        except StoreError as error:
            return error.with_traceback(None)
        return engine.evaluate(store, text, read, base=base, union=union, graphs=graphs)

    def about(self, iri: str) -> list[ox.Quad]:
        """Give the quads whose subject is *iri*. Raises QueryError where that is no IRI."""
        return list(self._store.quads_for_pattern(_node(iri), None, None, None))

    def incoming(self, iri: str, limit: int = 100) -> list[ox.Quad]:
        """Give up to *limit* quads whose object is *iri*. Raises QueryError where that is no IRI."""
        return list(islice(self._store.quads_for_pattern(None, None, _node(iri), None), limit))

    def match(
        self,
        subject: ox.NamedNode | ox.BlankNode | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
        *,
        limit: int | None = None,
    ) -> list[ox.Quad]:
        """Give the quads that fit, at most *limit*, the first in the store's order; None fits everything.

        That order is the same each time that a release is opened, and no other.
        """
        return list(islice(self._store.quads_for_pattern(subject, predicate, object, graph), limit))

    def quads(self) -> list[ox.Quad]:
        """Give every quad, in the order of the store."""
        return list(self._store)

    def graphs(self) -> dict[str, int]:
        """Give the number of quads in each named graph, by IRI (``_:`` and label for a blank one), sorted."""
        counts = Counter(quad.graph_name for quad in self._store)
        return dict(
            sorted(
                (graph.value if isinstance(graph, ox.NamedNode) else str(graph), counts[graph])
                for graph in self._store.named_graphs()
            )
        )

    def __len__(self) -> int:
        return len(self._store)


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"{iri!r} is not an IRI", remedy="write it in full") from error


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _loaded(path: Path) -> ox.Store:
    store = ox.Store()
    try:
        store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)
    except (SyntaxError, OSError) as error:
        raise StoreError(f"{path} is damaged: {error}", remedy="run kg build") from error
    return store
