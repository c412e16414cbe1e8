"""``/timeline``: the days as a page; ``from``, ``to`` and ``as-of`` are days, and what is left empty counts as left out."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import QueryError
from kg.formats import HTML
from kg.pages import timeline
from kg.pages.pages import Pages
from kg.web.languages import spoken, vary
from kg.web.parameters import days
from kg.web.representations import represent

PATH: Final = "/timeline"


class Timeline:
    """The timeline of *pages*' archive."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def routes(self) -> list[Route]:
        """Give the routes. The endpoint runs in Starlette's threads."""
        return [Route(path, self.page, include_in_schema=False) for path in (PATH, f"{PATH}.{{suffix}}")]

    def page(self, request: Request) -> Response:
        """Give the days that are asked for, as known on ``as-of``."""
        first, last, as_of = days(request, ("from", "to", "as-of"))
        path = self._pages.addresses.prefix + PATH
        query = timeline.query(first, last, as_of).removeprefix("?")
        if first is not None and last is not None and first > last:
            raise QueryError(
                "the parameter from is a later day than to", remedy=f"write {path}?from={last}&to={first}"
            )
        pages = spoken(self._pages, request)
        writers = {HTML: lambda: pages.timeline(first, last, as_of).encode()}
        headers = {"Vary": vary(self._pages)}
        suffix = request.path_params.get("suffix", "")
        return represent(request, path, suffix, writers, query=query, headers=headers)
