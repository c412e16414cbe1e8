"""Slashes: addresses of the server's own that were written with one too many lead to those without (308, RFC 9110 §15.4.9)."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.documents.addresses import DOCUMENTS

NAMES: Final = tuple(sorted(DOCUMENTS))


def routes(prefix: str) -> list[Route]:
    """Give the routes, for an application whose addresses begin with *prefix*."""

    def leading(name: str) -> Route:
        async def lead(request: Request) -> Response:
            query: bytes = request.scope["query_string"]
            target = f"{prefix}/{name}" + (f"?{query.decode('latin-1')}" if query else "")
            return Response(status_code=308, headers={"Location": target})

        return Route(f"/{name}/", lead, methods=["GET", "POST"], include_in_schema=False)

    return [leading(name) for name in NAMES]
