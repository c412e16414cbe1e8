"""Guides: how to read the collection, what it is called, what is hidden, how to cite it, and what it does not know."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg.errors import NotFound
from kg.formats import HTML
from kg.pages.gaps import gaps
from kg.pages.naming import naming
from kg.pages.pages import Pages
from kg.views import Claim
from kg.web.languages import spoken, vary
from kg.web.representations import tagged

GUIDES: Final = ("method", "naming", "privacy", "citing", "unknown")
"""The pages, by their addresses."""


class Guides:
    """The guides of *pages*' archive, which has them where it follows the profile ``attest``. The endpoints run in Starlette's threads."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._naming = cache(lambda: naming(pages.archive))  # a release does not change
        self._gaps = cache(lambda: gaps(pages.archive))
        self._example = cache(lambda: example(pages))
        self._values: dict[str, Callable[[], dict[str, Any]]] = {
            "method": dict,
            "naming": lambda: {"events": self._naming().events, "more": self._naming().more},
            "privacy": dict,
            "citing": lambda: {"example": self._example()},
            "unknown": self._unknown,
        }

    def routes(self) -> list[Route]:
        """Give the routes."""
        place = f"{self._pages.addresses.prefix}/privacy#takedown"
        moved = Route("/takedown", lambda request: RedirectResponse(place, 308), include_in_schema=False)
        return [*(Route(f"/{name}", self._endpoint(name), include_in_schema=False) for name in GUIDES), moved]

    def _endpoint(self, name: str) -> Callable[[Request], Response]:
        def guide(request: Request) -> Response:
            if "attest" not in self._pages.archive.manifest.profiles:
                raise NotFound("this release has no such page", remedy="/dataset says what it has")
            page = spoken(self._pages, request).render(f"{name}.html", **self._values[name]())
            return tagged(request, page.encode(), HTML.content_type, {"Vary": vary(self._pages)})

        guide.__name__ = name
        return guide

    def _unknown(self) -> dict[str, Any]:
        found = self._gaps()
        return {
            "claims": found.claims,
            "lacking": found.lacking,
            "denied": found.denied,
            "publishers": found.publishers,
            "speakers": found.voices,
            "languages_": found.languages,
            "anomalies": found.anomalies,
            "catalogue": self._pages.archive.catalog,
        }


def example(pages: Pages) -> Claim | None:
    """Give a claim to show how one is cited: of those with a figure, a day and the longest chain the first; None where there is none."""
    query = "claims-by-measure"
    if query not in pages.archive.catalog:
        return None
    figures = pages.archive.cited(pages.archive.query(query)).values()
    fit = [each for each in figures if each.as_of and not each.veiled and not each.denied]
    return min(fit, key=lambda each: (-len(each.voices), str(each.as_of), each.iri), default=None)
