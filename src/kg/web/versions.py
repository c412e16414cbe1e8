"""Versioned addresses: what every answer of ``/release/<id>/…`` says of its place among the releases.

The relations are those of RFC 5829 (``latest-version``, ``predecessor-version``, ``successor-version``) and RFC 6596 (``canonical``). An
answer may be kept for a day and is never ``immutable``, since a takedown rebuilds releases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.web.shelf import Shelf

KEPT: Final = "public, max-age=86400"
"""The Cache-Control of an answer of one release."""

_VERSIONED: Final = re.compile(rb"/release/([0-9a-f]{12})(/[^?]*)(?:\?.*)?", re.DOTALL)
_LASTING: Final = frozenset({200, 203, 206, 301, 302, 303, 304, 308})
_LONGEST: Final = 2_000
"""Characters of an address up to which its other versions are named."""


def prefix(id: str) -> str:
    """Give what the addresses of the release *id* begin with."""
    return f"/release/{id}"


def asked(scope: Scope) -> str:
    """Give the id of the release whose own address a request asks for; empty where it asks for another."""
    found = _VERSIONED.fullmatch(_raw(scope))
    return found[1].decode("ascii") if found else ""


@contextmanager
def within(scope: Scope, id: str) -> Iterator[None]:
    """Have *scope* be what the application of the release *id* sees, its path without what stands before; a log around it sees the whole."""
    path, raw, length = scope["path"], _raw(scope), len(prefix(id))
    scope.update(path=path[length:], raw_path=raw[length:])
    try:
        yield
    finally:
        scope.update(path=path, raw_path=raw)


def _raw(scope: Scope) -> bytes:
    return scope.get("raw_path") or quote(scope["path"]).encode()


class Versioned:
    """ASGI middleware around the application of the release *id*, one of *shelf*."""

    def __init__(self, app: ASGIApp, id: str, shelf: Shelf) -> None:
        self._app = app
        self._id = id
        self._shelf = shelf

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whose path is that within the release."""

        async def placed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Robots-Tag"] = "noindex"
                if message["status"] in _LASTING and headers.get("Cache-Control") != "no-store":
                    headers["Cache-Control"] = KEPT
                links = [link for link in (headers.get("Link", ""), *self._links(scope, headers)) if link]
                if links:
                    headers["Link"] = ", ".join(links)
            await send(message)

        await self._app(scope, receive, placed)

    def _links(self, scope: Scope, headers: MutableHeaders) -> list[str]:
        """Give the links to the other versions of what *scope* asks for."""
        query = scope.get("query_string", b"")
        raw = _raw(scope).partition(b"?")[0] + (b"?" + query if query else b"")
        if len(raw) > _LONGEST:
            return []
        path = quote(raw.decode("latin-1"), safe="/?&=%:;,@!$'*+()-._~[]")
        if path.startswith("//"):  # it would name a host
            return []
        relations = ["latest-version"]
        if 'rel="canonical"' not in headers.get("Link", ""):
            relations.append("canonical")
        links = [f'<{path}>; rel="{" ".join(relations)}"', '</release/>; rel="version-history"']
        before, after = self._shelf.neighbours(self._id)
        links += [f'<{prefix(before)}{path}>; rel="predecessor-version"'] if before else []
        links += [f'<{prefix(after)}{path}>; rel="successor-version"'] if after else []
        return links
