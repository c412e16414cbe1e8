"""``/sitemap.xml`` and ``/robots.txt``: what search engines may list.

The sitemap (sitemaps.org 0.9) gives the addresses of documents on the configured base, where the collection is published;
a copy on another address sends its visitors there. It leaves out what asks not to be shown at once: whoever may be living,
with all that says so, and what is veiled. Beyond 50,000 addresses it is an index of pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final
from xml.sax.saxutils import escape

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kg.errors import NotFound
from kg.names import KG, RDF
from kg.pages.pages import Pages
from kg.store import Solutions
from kg.web.guides import GUIDES
from kg.web.representations import tagged

PAGE: Final = 50_000
"""How many addresses a sitemap may hold."""
DISALLOWED: Final = ("/sparql", "/search", "/resource", "/changes", "/metrics", "/health")
"""What crawlers are asked to leave alone: it has no end, or is of no use to them."""
KEPT: Final = ("/release/*/sparql", "/release/*/search", "/release/*/resource")
"""The same of kept releases, whose other answers ask not to be indexed."""

_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OWN: Final = ("", "dataset", "queries", "download/")
_PROFILED: Final = ("ns", "shapes", "map", *GUIDES)


class Crawlers:
    """What *pages*' archive tells crawlers; *page* is the number of addresses in one sitemap."""

    def __init__(self, pages: Pages, *, page: int = PAGE) -> None:
        self._pages = pages
        self._archive = pages.archive
        self._size = page

    def routes(self) -> list[Route]:
        """Give the routes. The endpoints run in Starlette's threads."""
        return [
            Route("/robots.txt", self.robots),
            Route("/sitemap.xml", self.sitemap),
            Route("/sitemap-{number:int}.xml", self.part),
        ]

    def robots(self, request: Request) -> Response:
        """Give the rules for crawlers (RFC 9309)."""
        lines = [
            "User-agent: *",
            *(f"Disallow: {path}" for path in (*DISALLOWED, *(KEPT if self._pages.shelf else ()))),
            "",
            f"Sitemap: {self._archive.base.iri}sitemap.xml",
        ]
        return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "no-cache"})

    def sitemap(self, request: Request) -> Response:
        """Give the sitemap, or the index of its pages."""
        if len(self.addresses) <= self._size:
            return self._xml(request, "urlset", "url", self.addresses)
        numbers = range(1, -(-len(self.addresses) // self._size) + 1)
        parts = [f"{self._archive.base.iri}sitemap-{number}.xml" for number in numbers]
        return self._xml(request, "sitemapindex", "sitemap", parts)

    def part(self, request: Request) -> Response:
        """Give one page of the sitemap."""
        start = (request.path_params["number"] - 1) * self._size
        found = self.addresses[start : start + self._size] if start >= 0 else ()
        if len(self.addresses) <= self._size or not found:
            raise NotFound("the sitemap has no such page", remedy="begin with /sitemap.xml")
        return self._xml(request, "urlset", "url", found)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of all documents that may be listed, sorted, those of the server's own pages first."""
        base = self._archive.base
        own = [*_OWN, *(_PROFILED if "attest" in self._archive.manifest.profiles else ())]
        hidden = self._pages.descriptions.living | self._archive.veiled
        listed = {
            self._pages.addresses.canonical(iri)
            for iri in self._pages.descriptions.described(base.iri)
            if iri not in hidden
        }
        mine = [base.iri + path for path in own]
        listed |= {
            base.iri + self._pages.addresses.claims(iri).removeprefix("/")
            for iri in self._measured() - hidden
        }
        return (*mine, *sorted(address for address in listed - {*mine} if "?" not in address))

    def _measured(self) -> set[str]:
        """Give the events of which claims say a number."""
        if "attest" not in self._archive.manifest.profiles:
            return set()
        found = self._archive.answer(
            f"SELECT DISTINCT ?it WHERE {{ ?measure a <{KG}Measure> . ?claim <{RDF}predicate> ?measure ; <{RDF}subject> ?it }}"
        )
        rows = found.rows if isinstance(found, Solutions) else ()
        return {
            term.value
            for (term,) in rows
            if isinstance(term, ox.NamedNode) and self._pages.addresses.claims(term.value)
        }

    def _xml(self, request: Request, root: str, item: str, addresses: Iterable[str]) -> Response:
        date = self._archive.manifest.date
        changed = f"<lastmod>{escape(date)}</lastmod>" if date else ""
        lines = [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<{root} xmlns="{_NAMESPACE}">',
            *(f"<{item}><loc>{escape(address)}</loc>{changed}</{item}>" for address in addresses),
            f"</{root}>",
        ]
        return tagged(request, ("\n".join(lines) + "\n").encode(), "application/xml")
