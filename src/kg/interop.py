"""rdflib over a release: a Dataset that reads the store and never writes to it.

Terms cross by :mod:`kg.terms`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, NoReturn

import pyoxigraph as ox
from rdflib import Dataset, Graph, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.store import Store as RdflibStore

from kg.errors import StoreError
from kg.names import Base
from kg.store import Store
from kg.terms import from_rdflib, to_rdflib


class ReadOnlyStore(RdflibStore):
    """An rdflib store over ours: patterns are answered, every change raises StoreError."""

    context_aware = True
    graph_aware = True

    def __init__(self, store: Store, prefixes: dict[str, str]) -> None:
        super().__init__()
        self._ours = store
        self._prefixes = prefixes

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        """Give the triples that fit, each with the contexts that hold it."""
        found: dict[ox.Triple, list[Any]] = {}
        for quad in self._matching(triple_pattern, self._graph(context)):
            found.setdefault(quad.triple, []).append(self._context(quad.graph_name))
        for triple, contexts in found.items():
            yield tuple(map(to_rdflib, (triple.subject, triple.predicate, triple.object))), iter(contexts)

    def contexts(self, triple: Any = None) -> Generator[Graph, None, None]:
        """Give the named graphs, or those that hold *triple*."""
        names = dict.fromkeys(quad.graph_name for quad in self._matching(triple or (None, None, None), None))
        yield from (self._context(name) for name in names)

    def __len__(self, context: Any = None) -> int:
        return len({quad.triple for quad in self._ours.match(None, None, None, self._graph(context))})

    def namespaces(self) -> Iterator[tuple[str, URIRef]]:
        """Give the prefixes of the collection."""
        yield from ((prefix, URIRef(iri)) for prefix, iri in self._prefixes.items())

    def namespace(self, prefix: str) -> URIRef | None:
        """Give the namespace of *prefix*."""
        return URIRef(self._prefixes[prefix]) if prefix in self._prefixes else None

    def prefix(self, namespace: Any) -> str | None:
        """Give the prefix of *namespace*."""
        return next((prefix for prefix, iri in self._prefixes.items() if iri == str(namespace)), None)

    def bind(self, prefix: str, namespace: URIRef, override: bool = True) -> None:
        """Leave the prefixes as they are: rdflib binds its own to every graph that it makes."""

    def add(self, *_: Any, **__: Any) -> NoReturn:
        """Raise StoreError."""
        raise _read_only()

    def addN(self, *_: Any, **__: Any) -> NoReturn:  # noqa: N802 — rdflib's name
        """Raise StoreError."""
        raise _read_only()

    def remove(self, *_: Any, **__: Any) -> NoReturn:
        """Raise StoreError."""
        raise _read_only()

    def add_graph(self, graph: Graph) -> None:
        """Do nothing: a Dataset announces each graph that somebody looks at."""

    def remove_graph(self, graph: Graph) -> NoReturn:
        """Raise StoreError."""
        raise _read_only()

    def destroy(self, configuration: str) -> NoReturn:
        """Raise StoreError."""
        raise _read_only()

    def _matching(self, pattern: Any, graph: Any) -> list[ox.Quad]:
        """Give the quads that fit *pattern*, rdflib's terms: none where no triple can, as with a literal for its subject."""
        try:
            subject, predicate, object = map(from_rdflib, pattern)
        except ValueError:  # rdflib lets pass IRIs that are none
            return []
        if isinstance(subject, ox.Literal) or isinstance(predicate, ox.Literal | ox.BlankNode):
            return []
        return self._ours.match(subject, predicate, object, graph)

    def _graph(self, context: Any) -> Any:
        """Give our graph of rdflib's *context*; None, all graphs, for none and for the union."""
        identifier = getattr(context, "identifier", context)
        if identifier is None:
            return None
        return ox.DefaultGraph() if identifier == DATASET_DEFAULT_GRAPH_ID else from_rdflib(identifier)

    def _context(self, name: Any) -> Graph:
        identifier = DATASET_DEFAULT_GRAPH_ID if isinstance(name, ox.DefaultGraph) else to_rdflib(name)
        return Graph(store=self, identifier=identifier)


def dataset(store: Store, base: Base) -> Dataset:
    """Give a Dataset over *store* with the default graph that the store has; any change raises StoreError."""
    union = store.default_graph == "union"
    return Dataset(store=ReadOnlyStore(store, base.prefixes()), default_union=union)


def _read_only() -> StoreError:
    return StoreError("a release is read-only", remedy="change the files of the project and run kg build")
