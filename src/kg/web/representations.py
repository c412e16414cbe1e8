"""Representations: a document of the server's own in the form that its suffix names or the client likes best.

Each has an ETag made of its bytes, so that a client which has it already gets 304 (RFC 9110 §13.1.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from kg.errors import NotFound
from kg.formats import Format, negotiate
from kg.web.parameters import accepted

Writers = Mapping[Format, Callable[[], bytes]]
"""The forms of a document, in the server's order of preference, each with what writes it."""

REVALIDATED: Final = "no-cache"
"""The Cache-Control of what the next release may change: kept, and asked for again each time."""


def represent(
    request: Request,
    path: str,
    suffix: str,
    writers: Writers,
    *,
    query: str = "",
    links: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Give the document at *path* in the form of *suffix*, without one (empty) in that which Accept likes best.

    *query* is what its address has after the question mark; *links* are values of the Link header, to which those to the
    other forms are added; *headers* are others. Raises NotFound for a suffix that it has no form for, NotAcceptable.
    """
    format = by_suffix(suffix, writers) if suffix else negotiate(accepted(request), tuple(writers))
    tail = f"?{query}" if query else ""
    others = [
        f'<{path}.{other.suffix}{tail}>; rel="alternate"; type="{other.media_type}"'
        for other in writers
        if other is not format
    ]
    headers = {"Link": ", ".join((*links, *others))} | dict(headers or {})
    if not suffix:
        place = f"{path}.{format.suffix}{tail}"
        headers = {"Vary": "Accept", "Content-Location": place} | headers
    return tagged(request, writers[format](), format.content_type, headers)


def by_suffix(suffix: str, formats: Iterable[Format]) -> Format:
    """Give the format of *formats* with *suffix*. Raises NotFound, which lists them."""
    known = {format.suffix: format for format in formats}
    if suffix not in known:
        raise NotFound(
            "this document does not exist in that form",
            remedy="it exists as " + ", ".join(f".{each}" for each in known),
        )
    return known[suffix]


def tagged(
    request: Request,
    body: bytes,
    media_type: str,
    headers: Mapping[str, str] | None = None,
    *,
    cached: str = REVALIDATED,
) -> Response:
    """Give *body* with its ETag, or 304 where the client has it; *cached* is its Cache-Control."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": cached} | dict(headers or {})
    if matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def matches(header: str, etag: str) -> bool:
    """Tell whether If-None-Match has *etag* (RFC 9110 §13.1.2: weak comparison)."""
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return etag in tags or "*" in tags
