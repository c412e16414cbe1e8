"""The finder of an archive: its search, by the index that its release has, else by one in memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final

import pyoxigraph as ox

from kg import manifest, search
from kg.errors import QueryTooLarge, StoreError
from kg.manifest import Manifest
from kg.names import Base
from kg.search.forms import PROPERTIES
from kg.store import EmbeddedStore, Solutions, Store

STATEMENTS: Final = 500_000
"""Up to how many statements with names, types and links an index is made of in memory."""


class Finder:
    """The search of *store*, which *listed* describes; its files lie in *directory*, None for an endpoint.

    The index is opened, or made, with the first search. A release that was built without one, and an endpoint, have one made in memory,
    of up to *most* statements.
    """

    def __init__(
        self, store: Store, listed: Manifest, directory: Path | None, *, most: int = STATEMENTS
    ) -> None:
        self._store = store
        self._manifest = listed
        self._directory = directory
        self._most = most
        self._making = Lock()

    def find(self, words: str, kind: str, limit: int) -> search.Found:
        """Give what is found: see :func:`kg.search.find`. Raises QueryTooLarge where there is too much for an index in memory."""
        return search.find(self._index, words, kind, limit)

    @property
    def kinds(self) -> dict[str, int]:
        """The kinds of resource that can be searched, each with how many are of it, the largest first. Raises as :meth:`find`."""
        return self._index.kinds

    def close(self) -> None:
        """Close the index, where there is one; the next search opens or makes it anew."""
        with self._making:
            if (index := self.__dict__.pop("_made", None)) is not None:
                index.close()

    @property
    def _index(self) -> search.Index:
        with self._making:  # several threads may be the first
            return self._made

    @cached_property
    def _made(self) -> search.Index:
        file = self._manifest.file(search.NAME)
        if self._directory is None or file is None:
            base, attest = Base(self._manifest.base), "attest" in self._manifest.profiles
            things = search.named(self._statements(), base, attest=attest, languages=self._manifest.languages)
            return search.Index.of(things)
        return search.Index.open(manifest.sound(self._directory, file))

    def _statements(self) -> Iterator[ox.Quad | ox.Triple]:
        """Give the statements that an index is made of. Raises QueryTooLarge where there are more than the bound."""
        for number, statement in enumerate(self._read(), 1):
            if number > self._most:
                raise QueryTooLarge(
                    f"there is no index of names here, and more than {self._most:,} statements to make one of",
                    remedy="build the release anew with kg build, or ask by SPARQL",
                )
            yield statement

    def _read(self) -> Iterator[ox.Quad | ox.Triple]:
        if isinstance(self._store, EmbeddedStore):
            for property in PROPERTIES:
                yield from self._store.match(None, ox.NamedNode(property), None, limit=self._most + 1)
            return
        for property in PROPERTIES:
            question = f"SELECT DISTINCT ?s ?o WHERE {{ ?s <{property}> ?o }} LIMIT {self._most + 1}"
            answer = self._store.query(question, union=True)
            if not isinstance(answer, Solutions):
                raise StoreError("the store gave no rows for a SELECT query")
            for subject, object in answer.rows:
                if isinstance(subject, ox.NamedNode | ox.BlankNode) and object is not None:
                    yield ox.Triple(subject, ox.NamedNode(property), object)


__all__ = ["STATEMENTS", "Finder"]
