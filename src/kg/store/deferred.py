"""A release that is loaded when it is first asked: who only copies its files never waits for that."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg.store.embedded import EmbeddedStore
from kg.store.protocol import DefaultGraph


class DeferredStore(EmbeddedStore):
    """The release in *directory*. Whatever asks it first may raise what :meth:`EmbeddedStore.open` raises."""

    def __init__(self, directory: Path, default_graph: DefaultGraph) -> None:
        self._directory = directory
        self.default_graph = default_graph

    @property
    def _store(self) -> ox.Store:
        return self._loaded._store

    @cached_property
    def _loaded(self) -> EmbeddedStore:
        return EmbeddedStore.open(self._directory, default_graph=self.default_graph)
