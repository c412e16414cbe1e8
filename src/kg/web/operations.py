"""``/health`` and ``/.well-known/security.txt``: what those who run the server, and those who find a fault in it, look for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kg.archive import Archive
from kg.errors import KgError, NotFound, StoreError
from kg.settings import Security
from kg.store import Solutions
from kg.workers.pool import Pool

if TYPE_CHECKING:
    from kg.store.remote import RemoteStore

FRESH: Final = 10.0
"""Seconds for which a count of the store holds, so that frequent probes cost nothing."""

_GRAPHS: Final = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_OUTSIDE: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


class Operations:
    """The state of the server of *archive*; *pool* answers its SPARQL queries, *security* says whom to write to.

    *standing* says what is to be told of a change to another release; *store* is the remote one that answers the queries, None where the
    server does.
    """

    def __init__(
        self,
        archive: Archive,
        pool: Pool,
        security: Security | None = None,
        standing: Callable[[], Mapping[str, Any]] = dict,
        store: RemoteStore | None = None,
    ) -> None:
        self._store = store
        self._standing = standing
        self._archive = archive
        self._pool = pool
        self._security = security
        self._lock = Lock()
        self._counted: tuple[float, dict[str, int]] | None = None

    def routes(self) -> list[Route]:
        """Give the routes. The endpoints run in Starlette's threads."""
        return [Route("/health", self.health), Route("/.well-known/security.txt", self.security)]

    def health(self, request: Request) -> Response:
        """Tell whether the store holds what the manifest says, graph by graph: 200, or 503 with the differences."""
        state = self.state() | dict(self._standing())
        return JSONResponse(state, 200 if state["status"] == "ok" else 503, {"Cache-Control": "no-store"})

    def state(self) -> dict[str, Any]:
        """Give what is so; ``status`` is ``ok`` or ``fail``, then with a ``reason``."""
        manifest = self._archive.manifest
        expected = _merged((graph.iri, graph.quads) for graph in manifest.graphs)
        found: Mapping[str, int] = {}
        state: dict[str, Any] = {"status": "ok", "release": manifest.id}
        try:
            found = self._count()
            if self._store is not None:
                self._store.unchanged()
            if (lists := self._archive.lists) is not None:
                lists.unchanged()
        except KgError as error:
            state |= {"status": "fail", "reason": f"the store does not answer: {error.message}"}
        state |= {"quads": sum(found.values()), "expected": manifest.counts.get("quads", 0)}
        graphs = sorted(found.keys() | expected.keys())
        differences = {
            graph: {"quads": found.get(graph, 0), "expected": expected.get(graph, 0)}
            for graph in graphs
            if found.get(graph, 0) != expected.get(graph, 0)
        }
        if state["status"] == "ok" and (differences or state["quads"] != state["expected"]):
            state |= {
                "status": "fail",
                "reason": "the store does not hold what the manifest says",
                "graphs": differences,
            }
        return state | {"running": self._pool.running, "waiting": self._pool.waiting}

    def security(self, request: Request) -> Response:
        """Give whom to tell of a weakness (RFC 9116), as ``[security]`` of kg.toml says it."""
        security = self._security
        if security is None:
            raise NotFound("this server names nobody to tell of a weakness", remedy="write to its publisher")
        if security.expires < datetime.now(UTC).date():
            raise NotFound(f"whom to tell of a weakness was said until {security.expires}, and not since")
        lines = [
            *(f"Contact: {contact}" for contact in security.contact),
            f"Expires: {security.expires}T23:59:59Z",
            f"Preferred-Languages: {', '.join(self._archive.manifest.languages)}",
            f"Canonical: {urljoin(self._archive.base.iri, '/.well-known/security.txt')}",
        ]
        return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "no-cache"})

    def _count(self) -> dict[str, int]:
        """Give the number of quads in each graph of the store, counted at most every :data:`FRESH` seconds."""
        with self._lock:
            if self._counted is None or monotonic() - self._counted[0] > FRESH:
                self._counted = (monotonic(), self._sizes())
            return self._counted[1]

    def _sizes(self) -> dict[str, int]:
        if self._store is not None:
            return self._store.graphs()
        sizes = _merged((_name(graph), int(count.value)) for graph, count in self._rows(_GRAPHS))
        ((outside,),) = self._rows(_OUTSIDE)
        default = int(outside.value)
        if self._archive.manifest.default_graph == "union":  # that query reads all graphs
            default -= sum(sizes.values())
        return sizes | ({"": default} if default else {})

    def _rows(self, text: str) -> tuple[tuple[Any, ...], ...]:
        answer = self._archive.answer(text)
        if not isinstance(answer, Solutions):
            raise StoreError("the store gave no rows for a SELECT query")
        return answer.rows


def _merged(sizes: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Give the quads of each graph, those of all graphs without a name together: a store names them anew."""
    merged: Counter[str] = Counter()
    for graph, size in sizes:
        merged["_:" if graph.startswith("_:") else graph] += size
    return dict(merged)


def _name(graph: ox.NamedNode | ox.BlankNode) -> str:
    return graph.value if isinstance(graph, ox.NamedNode) else "_:"
