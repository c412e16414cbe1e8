"""``/map``: what has coordinates, on a coastline and in a list; ``event`` and ``as-of`` narrow it to what claims name."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import QueryError
from kg.formats import HTML
from kg.pages.pages import Pages
from kg.web.languages import spoken, vary
from kg.web.parameters import days, in_address
from kg.web.representations import represent

PATH: Final = "/map"


class Map:
    """The map of *pages*' archive."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def routes(self) -> list[Route]:
        """Give the routes. The endpoint runs in Starlette's threads."""
        return [Route(path, self.page, include_in_schema=False) for path in (PATH, f"{PATH}.{{suffix}}")]

    def page(self, request: Request) -> Response:
        """Give the map, of the claims about ``event`` as known on ``as-of`` where these are given."""
        (as_of,) = days(request, ("as-of",))
        events = [value.strip() for name, value in in_address(request) if name == "event"]
        if len(events) > 1:
            raise QueryError("the parameter event stands twice", remedy="give it once")
        event = "".join(events)
        given = {"event": event, "as-of": as_of.isoformat() if as_of else ""}
        query = urlencode({name: value for name, value in given.items() if value})
        pages = spoken(self._pages, request)
        path = self._pages.addresses.prefix + PATH
        writers = {HTML: lambda: pages.map(event, as_of).encode()}
        headers = {"Vary": vary(self._pages)}
        suffix = request.path_params.get("suffix", "")
        return represent(request, path, suffix, writers, query=query, headers=headers)
