"""Manners: the headers of every answer, OPTIONS, and one sentence for what went wrong inside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of every answer: nothing inline, nothing from elsewhere."""

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Retry-After",
}
"""What every answer has, those of refused connections too. No route sets any of them."""

RAW: Final = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
"""The same as ASGI has them."""

_PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Range, Range",
    "Access-Control-Max-Age": "3600",
}
_log: Final = logging.getLogger("kg.web")


class Manners:
    """ASGI middleware: gives every answer of the *routes* its headers; *failed* gives the answer to a request that failed."""

    def __init__(
        self, app: ASGIApp, *, routes: Sequence[Route], failed: Callable[[Request], Response]
    ) -> None:
        self._app = app
        self._routes = routes
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        def mannerly(message: Message) -> Awaitable[None]:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message.get("headers", ()), *RAW]
            return send(message)

        if scope["method"] == "OPTIONS":
            await self._options(scope)(scope, receive, mannerly)
            return
        try:
            await self._app(scope, receive, mannerly)
        except ClientDisconnect:  # nobody is there to be told
            return
        except asyncio.CancelledError:  # the server stops and waits no longer
            if not started:  # else the connection is cut, so that nobody takes a part for the whole
                headers = {"Connection": "close", "Retry-After": "5"}
                answer = PlainTextResponse("the server is stopping\n", 503, headers)
                await answer(scope, receive, mannerly)
        except Exception:
            _log.exception("%s %s failed", scope["method"], scope["path"])
            if started:  # too late for another status: the connection is cut
                raise
            await self._failed(Request(scope))(scope, receive, mannerly)

    def _options(self, scope: Scope) -> Response:
        """Give the methods of a path, to people and to browsers that ask before they send (Fetch, CORS)."""
        methods: set[str] = set()
        for route in self._routes:
            if route.matches(scope)[0] is not Match.NONE:
                methods |= route.methods or set()
                break
        allowed = allow(methods)
        return Response(
            status_code=204, headers={"Allow": allowed, "Access-Control-Allow-Methods": allowed} | _PREFLIGHT
        )


def allow(methods: set[str]) -> str:
    """Give the value of Allow for a path that takes *methods*: OPTIONS is among them everywhere."""
    return ", ".join(sorted(methods | {"OPTIONS"}))
