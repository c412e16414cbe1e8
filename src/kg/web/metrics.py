"""``/metrics``: what the server did, for Prometheus (text format 0.0.4, or OpenMetrics where Accept asks for it).

Labels have few values: a route is named by its pattern, a method that HTTP does not know by ``other``, a question by its
name in the catalogue. Nobody who asks is counted or named.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import cache
from time import perf_counter
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.exposition import choose_encoder
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.manifest import Manifest
from kg.web.parameters import accepted
from kg.web.questions import QUESTION

_METHODS: Final = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one server; they go on when it changes to another release, of which :meth:`follow` tells."""

    def __init__(self) -> None:
        self._names: Collection[str] = ()
        self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        self._requests = Counter(
            "kg_http_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self._durations = Histogram(
            "kg_http_request_duration_seconds",
            "Time from a request to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.in_progress = Gauge(
            "kg_http_requests_in_progress", "Requests being answered.", registry=self._registry
        )
        self._questions = Counter(
            "kg_questions", "Answers to named questions.", ("name", "status"), registry=self._registry
        )
        self.changes = Counter(
            "kg_release_changes",
            "Changes to another release, done or refused.",
            ("outcome",),
            registry=self._registry,
        )
        self.open = Gauge("kg_releases_open", "Releases that are open.", registry=self._registry)
        self._running = Gauge("kg_sparql_running", "SPARQL queries that run.", registry=self._registry)
        self._waiting = Gauge(
            "kg_sparql_waiting",
            "SPARQL queries that wait, for a worker or for their turn.",
            registry=self._registry,
        )
        self._quads = Gauge("kg_release_quads", "Quads of the release.", registry=self._registry)
        self._release = Info("kg_release", "The release that is served.", registry=self._registry)
        for outcome in ("done", "refused"):
            self.changes.labels(outcome)
        self.open.set(1)

    def follow(
        self,
        manifest: Manifest,
        questions: Collection[str],
        running: Callable[[], int],
        waiting: Callable[[], int],
    ) -> None:
        """Tell of the release *manifest* and its *questions* from now on; of SPARQL queries *running* and *waiting* give how many."""
        self._names = questions
        self._running.set_function(running)
        self._waiting.set_function(waiting)
        self._quads.set(manifest.counts.get("quads", 0))
        self._release.info(
            {
                "id": manifest.id,
                "edition": manifest.version,
                "date": manifest.date,
                "base": manifest.base,
                "attest_kg": manifest.tools.get("attest-kg", ""),
            }
        )

    def routes(self) -> list[Route]:
        """Give the route."""
        return [Route("/metrics", self.exposition)]

    def exposition(self, request: Request) -> Response:
        """Give all that was counted."""
        encoder, content_type = choose_encoder(accepted(request) or "")
        headers = {"Cache-Control": "no-store", "Vary": "Accept", "Content-Type": content_type}
        return Response(encoder(self._registry), headers=headers)

    def count(self, scope: Mapping[str, Any], route: str, status: int, seconds: float) -> None:
        """Count one answer to the request *scope*, of the *route* with that pattern (empty: none)."""
        method = scope["method"] if scope["method"] in _METHODS else "other"
        requests, durations = self._of(route or "none", method, str(status))
        requests.inc()
        durations.observe(seconds)
        question = scope.get("path_params", {}).get("name", "").partition(".")[0]
        if route == QUESTION and question in self._names:
            self._questions.labels(question, str(status)).inc()

    @cache  # noqa: B019 - for as long as the server; routes, methods and statuses are few
    def _of(self, route: str, method: str, status: str) -> tuple[Counter, Histogram]:
        return self._requests.labels(route, method, status), self._durations.labels(route)


def patterns(routes: Sequence[Route], prefix: str = "") -> dict[Callable[..., Any], str]:
    """Give what each endpoint of *routes*, below *prefix*, is called in the counters: the pattern of its first route."""
    return {route.endpoint: prefix + re.sub(":[a-z]+}", "}", route.path) for route in reversed(routes)}


class Measuring:
    """ASGI middleware: counts and times every request, whatever becomes of it."""

    def __init__(self, app: ASGIApp, metrics: Metrics, patterns: Mapping[Callable[..., Any], str]) -> None:
        self._app = app
        self._metrics = metrics
        self._patterns = patterns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # of an answer that never began

        def noted(message: Message) -> Awaitable[None]:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            return send(message)

        started = perf_counter()
        try:
            with self._metrics.in_progress.track_inprogress():
                await self._app(scope, receive, noted)
        finally:
            route = self._patterns.get(scope["endpoint"], "") if "endpoint" in scope else ""
            scope["kg.route"] = route  # for the log
            self._metrics.count(scope, route, status, perf_counter() - started)
