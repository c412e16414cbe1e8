"""The direct way: a request to the address that is asked most goes to its endpoint without a search among the routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.errors import KgError

_METHODS: Final = frozenset({"GET", "HEAD", "POST"})


class Direct:
    """ASGI middleware: has *endpoint* answer what is asked of *path*; *refuse* gives the answer for its errors. All else goes to *app*.

    It does what Starlette's layers of routing and exceptions would do, which cost more than the endpoint.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        path: str,
        endpoint: Callable[[Request], Awaitable[Response]],
        refuse: Callable[[Request, Exception], Response],
    ) -> None:
        self._app = app
        self._path = path
        self._endpoint = endpoint
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] not in _METHODS:
            await self._app(scope, receive, send)
            return
        scope["endpoint"] = self._endpoint  # as a route would: the counters name it by that
        scope["path_params"] = {}
        request = Request(scope, receive)
        try:
            response = await self._endpoint(request)
        except KgError as error:
            response = await run_in_threadpool(self._refuse, request, error)
            error.__traceback__ = None
        await response(scope, receive, send)
