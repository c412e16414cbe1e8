"""The budget of a client: how much it may ask for, whatever it asks, and 429 beyond that (RFC 6585 §4).

A token bucket: it holds :attr:`kg.limits.Limits.burst` requests, and ``requests`` flow in each second. Every request takes one,
and one that worked long takes more afterwards, ``work`` for each second, so that the next ones wait. While a query was stopped for
others nothing worked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable
from math import ceil
from time import monotonic
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.limits import Limits
from kg.web.clients import Clients
from kg.web.manners import HEADERS
from kg.workers.lane import Asker

CLIENTS: Final = 20_000
"""How many clients are remembered; the one that has not asked for longest is forgotten first."""

FREE: Final = 0.05
"""Seconds of work that one request pays for."""

ASKER: Final = "kg.asker"
"""What the scope of a request has: the :class:`~kg.workers.lane.Asker` of its query."""


class Buckets:
    """What each client may still ask for within *limits*. A bucket may be overdrawn by as much as it holds."""

    def __init__(self, limits: Limits) -> None:
        self._rate = limits.requests
        self._burst = float(limits.burst)
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, now: float) -> float:
        """Take one request of *client* and give 0, or the seconds until there is one."""
        level = self._level(client, now)
        self._put(client, level - 1 if level >= 1 else level, now)
        return 0.0 if level >= 1 else (1 - level) / self._rate

    def charge(self, client: str, requests: float, now: float) -> None:
        """Take *requests* more."""
        self._put(client, max(self._level(client, now) - requests, -self._burst), now)

    def _level(self, client: str, now: float) -> float:
        level, since = self._levels.get(client, (self._burst, now))
        return min(self._burst, level + (now - since) * self._rate)

    def _put(self, client: str, level: float, now: float) -> None:
        self._levels[client] = level, now
        self._levels.move_to_end(client)
        if len(self._levels) > CLIENTS:
            self._levels.popitem(last=False)

    def __len__(self) -> int:
        return len(self._levels)


class Budget:
    """ASGI middleware: counts every request of each of *clients* within *limits*; *buckets* may be those of other applications too."""

    def __init__(self, app: ASGIApp, *, clients: Clients, limits: Limits, buckets: Buckets) -> None:
        self._app = app
        self._clients = clients
        self._limits = limits
        self._buckets = buckets

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one request."""
        client = self._clients.of(scope) if scope["type"] == "http" else ""
        asker = scope[ASKER] = Asker(client)
        return self._within(asker, scope, receive, send) if client else self._app(scope, receive, send)

    async def _within(self, asker: Asker, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of *asker* within the budget."""
        client = asker.name
        begun = monotonic()
        if wait := self._buckets.take(client, begun):
            await self._refusal(ceil(wait))(scope, receive, send)
            return
        charged = False

        def charge() -> None:
            nonlocal charged
            now = monotonic()
            seconds = now - begun - asker.waited
            if not charged and seconds > FREE:
                self._buckets.charge(client, (seconds - FREE) * self._limits.work, now)
            charged = True

        def noted(message: Message) -> Awaitable[None]:
            if not charged:  # the answer is there: how slowly it is read costs nothing
                charge()
            return send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            charge()

    def _refusal(self, seconds: int) -> PlainTextResponse:
        return PlainTextResponse(
            f"this address asks for more than {self._limits.requests:g} requests a second, where a second of work "
            f"counts as {self._limits.work:g}\n→ wait {seconds} s; /download/ has everything in one file\n",
            429,
            {**HEADERS, "Retry-After": str(seconds), "Cache-Control": "no-store"},
        )
