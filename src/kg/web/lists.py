"""``/photographs`` and the other lists of the profile, and ``/list?class=<IRI>`` for any class: filtered by plain parameters.

A parameter is the name of a facet, its value the name of one of its values; of one facet any may hold, of several all must. ``page``, ``sort``
and ``more`` are of the page alone: as CSV and JSON a list is given whole, in its order.
"""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.errors import NotFound, QueryError
from kg.formats import CSV, HTML, JSON, as_json, negotiate
from kg.listing import Listing, Lists, Selection, forms
from kg.pages.lists import PATHS, SIZE, Asked, ListAddresses, asked_of, listed, neighbours
from kg.pages.overview import offers
from kg.pages.pages import Pages
from kg.web.languages import PARAMETER, spoken, varied
from kg.web.parameters import accepted, in_address
from kg.web.representations import Writers, by_suffix, represent

FORMS: Final = (JSON, CSV, HTML)
"""The forms of a list, in the server's order of preference."""
PATH: Final = "/list"
_PAGE: Final = re.compile("[1-9][0-9]{0,8}")


class ListPages:
    """The lists of *pages*' archive."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._archive = pages.archive

    def routes(self) -> list[Route]:
        """Give the routes. The endpoints run in Starlette's threads."""
        return [
            Route(f"{path}{suffix}", self.listing)
            for path in (PATH, *PATHS.values())
            for suffix in ("", ".{suffix}")
        ]

    def listing(self, request: Request) -> Response:
        """Give a list in the form of its suffix or by Accept; without a class the index of lists."""
        pairs = in_address(request)
        filters, others = asked_of(pairs)
        name = self._name(request, others)
        suffix = request.path_params.get("suffix", "")
        if not name:
            if filters:
                raise QueryError(f"{next(iter(filters))}: filters are of a list", remedy=f"name a class: {PATH}?class=<its IRI, escaped>")  # fmt: skip
            return represent(request, self._pages.addresses.prefix + PATH, suffix, self._index(request))
        found = self._found(name)
        asked = _asked(found, filters, others)
        selection = found.select(asked.filters)
        if asked.page > 1 and (asked.page - 1) * SIZE >= selection.total:
            raise NotFound(f"this list has no page {asked.page}", remedy="it begins at page=1")
        to = ListAddresses(found, self._pages.addresses)
        writers: Writers = {
            JSON: lambda: forms.to_json(selection, asked.order),
            CSV: lambda: forms.to_csv(selection, asked.order),
            HTML: lambda: self._page(request, selection, asked, to),
        }
        format = by_suffix(suffix, FORMS) if suffix else negotiate(accepted(request), FORMS)
        near = neighbours(selection, asked, to) if format is HTML else {}  # the others are whole
        headers = self._care(selection, asked)
        given = to.query(asked, lang=others.get(PARAMETER, ""))
        links = [f'<{href}>; rel="{rel}"' for rel, href in near.items()]
        answer = represent(request, to.path, suffix, writers, query=given, links=links, headers=headers)
        return varied(self._pages, answer)

    def _name(self, request: Request, others: dict[str, str]) -> str:
        """Give the name of the list that is asked for, empty for all of them."""
        path: str = request.scope["path"]
        named = path.partition(".")[0].removeprefix("/")
        if named in PATHS:
            if "class" in others:
                raise QueryError("class: this list is that of a kind", remedy=f"write {PATH}?class=…")
            return named
        return self._archive.base.expand(others["class"]) if "class" in others else ""

    def _found(self, name: str) -> Listing:
        try:
            return self._lists.find(name)
        except NotFound as error:
            remedy = f"{self._pages.addresses.prefix}{PATH} lists all that there are"
            raise NotFound(error.message, remedy=remedy) from None

    @property
    def _lists(self) -> Lists:
        lists = self._archive.lists
        if lists is None:
            raise NotFound("this release was built without lists", remedy="ask /sparql, or build it again")
        return lists

    def _care(self, selection: Selection, asked: Asked) -> dict[str, str]:
        """Give what search engines are told: nothing of a filtered list, nor of one with people who may be living."""
        if asked.filters or selection.living:
            return {"X-Robots-Tag": "noindex"}
        return {}

    def _page(self, request: Request, selection: Selection, asked: Asked, to: ListAddresses) -> bytes:
        pages = spoken(self._pages, request)
        kept = to.query(asked)
        return pages.render(
            "list.html", page=listed(pages, selection, asked), path=to.path, more=asked.more, kept=f"{kept}&" if kept else ""
        ).encode()  # fmt: skip

    def _index(self, request: Request) -> Writers:
        found = [
            {
                "name": each.name,
                "title": each.title,
                "href": ListAddresses(each, self._pages.addresses).of(Asked({})),
                "total": each.total,
            }
            for each in self._lists
        ]
        own, classes = (offers(self._pages, of_class=of_class) for of_class in (False, True))
        return {
            JSON: lambda: as_json(found),
            HTML: lambda: (
                spoken(self._pages, request).render("lists.html", own=own, classes=classes).encode()
            ),
        }


def _asked(found: Listing, filters: dict[str, tuple[str, ...]], others: dict[str, str]) -> Asked:
    """Give what is asked of *found*. Raises QueryError, which names the parameter."""
    page, order, more = others.get("page", "1"), others.get("sort", ""), others.get("more", "")
    if not _PAGE.fullmatch(page):
        raise QueryError("the parameter page is no number of a page", remedy="write for example page=2")
    if order and order not in found.orders:
        raise QueryError(
            f"sort: this list has no order {order!r}", remedy=f"there are: {', '.join(found.orders)}"
        )
    if more and more not in found.filters:
        raise QueryError(
            f"more: this list has no filter {more!r}", remedy=f"there are: {', '.join(found.filters)}"
        )
    return Asked(filters, order, int(page), more)


__all__ = ["FORMS", "PATH", "ListPages"]
