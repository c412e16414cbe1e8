"""``/search``: who or what has a name, as a page, JSON or CSV; and ``/opensearch.xml`` for browsers that search from their bar.

A search runs in a thread of Starlette's and is bounded in letters, words and time (:mod:`kg.search`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import KgError, QueryError, Unavailable
from kg.formats import CSV, HTML, JSON, as_json, negotiate
from kg.pages import search as page_of
from kg.pages.pages import Pages
from kg.search import Found
from kg.search.finding import LETTERS, LIMIT
from kg.web.answers import page_of_error
from kg.web.parameters import accepted, in_address, once
from kg.web.representations import Writers, by_suffix, represent, tagged

PATH: Final = "/search"
FORMS: Final = (JSON, CSV, HTML)
PARAMETERS: Final = ("q", "kind", "limit")

_OPENSEARCH: Final = "application/opensearchdescription+xml"
_CARE: Final = {"X-Robots-Tag": "noindex"}


class Search:
    """The search of *pages*' archive."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._path = pages.addresses.prefix + PATH

    def routes(self) -> list[Route]:
        """Give the routes. The endpoints run in Starlette's threads."""
        return [
            Route(PATH, self.search),
            Route(f"{PATH}.{{suffix}}", self.search),
            Route("/opensearch.xml", self.description),
        ]

    def search(self, request: Request) -> Response:
        """Give what is found; without words the form alone, as a page."""
        suffix = request.path_params.get("suffix", "")
        format = by_suffix(suffix, FORMS) if suffix else negotiate(accepted(request), FORMS)
        given: dict[str, str] = {}
        try:
            given = _given(request)
            found = self._found(given, form=format is HTML)
        except (QueryError, Unavailable) as error:
            if format is not HTML:
                raise
            return page_of_error(self._page(given, None, error), error)
        writers: Writers = {
            JSON: _written(found, lambda it: as_json(it.to_json())),
            CSV: _written(found, lambda it: it.to_csv().encode()),
            HTML: lambda: self._page(given, found).encode(),
        }
        return represent(request, self._path, suffix, writers, query=urlencode(given), headers=_CARE)

    def description(self, request: Request) -> Response:
        """Give the description for browsers (OpenSearch 1.1), with the address on the configured base."""
        home, title = escape(self._pages.addresses.home), escape(self._pages.archive.manifest.title)
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">',
            f"<ShortName>{title[:16]}</ShortName>",
            f"<Description>Names, labels and titles in {title}</Description>",
            "<InputEncoding>UTF-8</InputEncoding>",
            f'<Url type="text/html" template="{home}search?q={{searchTerms}}"/>',
            f'<Url type="application/json" template="{home}search.json?q={{searchTerms}}"/>',
            "</OpenSearchDescription>",
        ]
        return tagged(request, ("\n".join(lines) + "\n").encode(), _OPENSEARCH)

    def _found(self, given: dict[str, str], *, form: bool) -> Found | None:
        """Give what is found; None where nothing is asked and the *form* alone is wanted. Raises QueryError."""
        if form and "q" not in given:
            return None
        limit = given.get("limit", str(LIMIT))
        if not (limit.isascii() and limit.isdigit() and len(limit) < 6):
            raise QueryError(f"limit={limit[:20]!r} is no number", remedy="write for example limit=50")
        archive = self._pages.archive
        return archive.search(given.get("q", ""), kind=given.get("kind", ""), limit=int(limit))

    def _page(self, given: dict[str, str], found: Found | None, error: KgError | None = None) -> str:
        words, kind = given.get("q", "")[:LETTERS], given.get("kind", "")
        return self._pages.render(
            "search.html",
            page=page_of.page(self._pages, words, kind, found),
            asked=urlencode(given),
            error=error,
            most=LETTERS,
        )


def _given(request: Request) -> dict[str, str]:
    """Give the parameters, those left empty left out. Raises QueryError for one that is unknown or stands twice."""
    pairs = in_address(request)
    for name, _ in pairs:
        if name not in PARAMETERS:
            raise QueryError(
                f"there is no parameter {name[:40]!r}", remedy=f"there are {', '.join(PARAMETERS)}"
            )
    given = once(pairs)
    return {name: value for name, value in given.items() if value.strip()}


def _written(found: Found | None, form: Callable[[Found], bytes]) -> Callable[[], bytes]:
    """Give what writes *found* in a *form*, where there is any."""
    return lambda: form(found) if found is not None else b""
