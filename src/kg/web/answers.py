"""Answers: RDF in a chosen form, and problems in plain sentences, as text or as a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any, Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from kg import serialisation
from kg.errors import (
    Gone,
    KgError,
    NotAcceptable,
    NotFound,
    QueryError,
    QueryTimeout,
    RemoteError,
)
from kg.formats import HTML, JSON_LD, Format, negotiate
from kg.names import Base
from kg.web.pages import Pages

PLAIN: Final = Format("plain text", "txt", "text/plain")

# The first class that fits gives the status.
_STATUSES: Final[tuple[tuple[type[KgError], int], ...]] = (
    (Gone, 410),
    (NotFound, 404),
    (NotAcceptable, 406),
    (QueryTimeout, 504),
    (QueryError, 400),
    (RemoteError, 502),
)


class Refused(KgError):
    """A request that the protocol does not allow; ``status`` and ``headers`` are those of the response."""

    def __init__(
        self, status: int, message: str, *, remedy: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.headers = dict(headers or {})


def rdf(triples: Iterable[ox.Triple], format: Format, base: Base, context: Mapping[str, Any] | None) -> bytes:
    """Give *triples* in *format*, sorted. Raises NotAcceptable where the format cannot hold them."""
    out = BytesIO()
    serialisation.write(
        (ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples),
        format,
        out,
        prefixes=base.prefixes(),
        context=dict(context) if context is not None else None,
    )
    return out.getvalue()


def prefers_html(request: Request) -> bool:
    """Tell whether the client would rather have a page than plain text, as browsers do."""
    try:
        return negotiate(request.headers.get("accept"), (PLAIN, HTML)) is HTML
    except NotAcceptable:
        return False


def place(error: KgError) -> str:
    """Give ``line 3, column 5: `` where the error has a place in a query."""
    return (
        f"line {error.line}, column {error.column}: " if isinstance(error, QueryError) and error.line else ""
    )


def status(error: KgError) -> int:
    """Give the HTTP status for *error*; what is no fault of the request is 500."""
    if isinstance(error, Refused):
        return error.status
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)


def problem(pages: Pages, request: Request, error: KgError) -> Response:
    """Give the response for *error*: its sentence, its remedy and what may have been meant."""
    code = status(error)
    near = links(pages, error)
    headers = {"Vary": "Accept"} | (error.headers if isinstance(error, Refused) else {})
    message = place(error) + (error.message if code < 500 else _INTERNAL)
    remedy = error.remedy if code < 500 else ""
    if isinstance(error, NotAcceptable):
        remedy = "ask for one of " + ", ".join(error.available)
    if prefers_html(request):
        page = pages.render("problem.html", status=code, message=message, remedy=remedy, links=near)
        return HTMLResponse(page, code, headers)
    lines = [message, *([f"→ {remedy}"] if remedy else ())]
    lines += [
        f"→ did you mean {name}?" + (f" {href}" if href not in ("", name) else "") for name, href in near
    ]
    return PlainTextResponse("\n".join(lines) + "\n", code, headers)


_INTERNAL: Final = "this server could not answer; its log says why"


def internal(pages: Pages, request: Request) -> Response:
    """Give the response for an unexpected error, which says nothing of it."""
    return problem(pages, request, Refused(500, _INTERNAL))


def links(pages: Pages, error: KgError) -> Sequence[tuple[str, str]]:
    """Give what may have been meant: names, each with its address, which is empty for a word that names no resource."""
    if not isinstance(error, NotFound):
        return ()
    base = pages.archive.base
    found = []
    for name in error.suggestions:
        if name.startswith("/"):  # a path of this server is its own address
            found.append((name, name))
        else:
            found.append((name, pages.addresses.of(base.expand(name)) if base.is_name(name) else ""))
    return found


__all__ = [
    "JSON_LD",
    "PLAIN",
    "Refused",
    "internal",
    "links",
    "place",
    "prefers_html",
    "problem",
    "rdf",
    "status",
]
