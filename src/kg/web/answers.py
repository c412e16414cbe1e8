"""Answers: RDF in a chosen form, and problems in plain sentences, as text or as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from kg.errors import (
    Gone,
    KgError,
    NotAcceptable,
    NotFound,
    QueryAborted,
    QueryError,
    QueryTimeout,
    QueryTooLarge,
    RemoteError,
    Unavailable,
)
from kg.formats import HTML, Format, negotiate
from kg.pages.pages import Pages
from kg.web.parameters import accepted

PLAIN: Final = Format("plain text", "txt", "text/plain")

# The first class that fits gives the status.
_STATUSES: Final[tuple[tuple[type[KgError], int], ...]] = (
    (Gone, 410),
    (NotFound, 404),
    (NotAcceptable, 406),
    (QueryTimeout, 504),
    (QueryTooLarge, 413),
    (QueryAborted, 500),
    (QueryError, 400),
    (Unavailable, 503),
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


def prefers_html(request: Request) -> bool:
    """Tell whether the client would rather have a page than plain text, as browsers do."""
    try:
        return negotiate(accepted(request), (PLAIN, HTML)) is HTML
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
    told = is_told(error)
    message = place(error) + (error.message if told else _INTERNAL)
    remedy = error.remedy if told else ""
    if isinstance(error, NotAcceptable):
        remedy = "ask for one of " + ", ".join(error.available)
    if prefers_html(request):
        page = pages.render("problem.html", status=code, message=message, remedy=remedy, links=near)
        return page_of_error(page, error)
    lines = [message, *([f"→ {remedy}"] if remedy else ())]
    lines += [
        f"→ did you mean {name}?" + (f" {href}" if href not in ("", name) else "") for name, href in near
    ]
    return PlainTextResponse("\n".join(lines) + "\n", code, _headers(error))


def page_of_error(page: str, error: KgError) -> Response:
    """Give *page*, which tells of *error*, with its status and headers."""
    return HTMLResponse(page, status(error), _headers(error))


def _headers(error: KgError) -> dict[str, str]:
    headers = {"Vary": "Accept"}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    return headers | (error.headers if isinstance(error, Refused) else {})


def is_told(error: KgError) -> bool:
    """Tell whether the client learns what *error* is: what is no matter of the request stands in the log only."""
    return status(error) < 500 or isinstance(error, QueryError | Unavailable | Refused)


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
    "PLAIN",
    "Refused",
    "internal",
    "is_told",
    "links",
    "page_of_error",
    "place",
    "prefers_html",
    "problem",
    "status",
]
