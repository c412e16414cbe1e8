"""Resources: each IRI of a release, redirected to its document, and the document in the form that the client likes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg import excerpts, serialisation
from kg.citation import FORMATS as CITED
from kg.documents.addresses import FORMS
from kg.documents.contents import Contents, contents
from kg.documents.incoming import PAGES
from kg.documents.signposts import Signpost, header, signposts
from kg.documents.summaries import Summaries
from kg.errors import NotAcceptable, NotFound, QueryError
from kg.formats import CSV, GEO_JSON, HTML, JSON, Format, negotiate
from kg.lookup import day_of
from kg.names import TYPES, is_iri
from kg.pages.pages import Pages
from kg.web.languages import spoken, vary
from kg.web.parameters import accepted, in_address
from kg.web.representations import by_suffix, tagged

_BY_SUFFIX: Final = {format.suffix: format for format in FORMS}
_PAGE: Final = re.compile(r"[1-9][0-9]{0,8}")


class Resources:
    """The documents of *pages*' archive; *context* is its JSON-LD context, None for expanded JSON-LD.

    The endpoints are plain functions, which Starlette runs in threads.
    """

    def __init__(self, pages: Pages, context: dict[str, Any] | None) -> None:
        self._pages = pages
        self._archive = pages.archive
        self._addresses = pages.addresses
        self._summaries = Summaries(pages.archive, pages.addresses)
        self._context = context

    def routes(self) -> list[Route]:
        """Give the routes; the last one takes every path."""
        return [
            Route("/resource", self.by_iri),
            Route("/id/{kind}/{slug}", self.redirect),
            Route("/{path:path}", self.by_path),
        ]

    def redirect(self, request: Request) -> Response:
        """Send ``/id/<type>/<slug>`` on to the document (303 See Other: httpRange-14, W3C 2005)."""
        path = _escaped(request)
        if request.path_params["kind"] in TYPES:
            for iri, format in self._addresses.meanings(path.removeprefix("/id")):
                if self._archive.base.split(iri) and self._pages.descriptions.known(iri):
                    return RedirectResponse(self._addresses.of(iri, format), 303)
        return self.by_path(request)

    def by_path(self, request: Request) -> Response:
        """Give the document that the path means, by suffix or by Accept."""
        path = _escaped(request)
        for iri, format in self._addresses.meanings(path):
            if self._pages.descriptions.known(iri):
                return self._document(request, iri, format)
        raise self._unknown(path)

    def by_iri(self, request: Request) -> Response:
        """Give the document about ``iri``, any IRI of the release, in ``format`` or by Accept."""
        given = dict(in_address(request))
        iri, suffix = given.get("iri", ""), given.get("format", "")
        if not is_iri(iri):
            raise QueryError(
                "the parameter iri is not an absolute IRI", remedy="write /resource?iri=<the IRI, escaped>"
            )
        if suffix and suffix not in _BY_SUFFIX:
            raise QueryError("there is no such format", remedy=f"the formats are {', '.join(_BY_SUFFIX)}")
        if iri == self._archive.base.dataset:  # whose document says more than the statements about it
            return RedirectResponse(self._addresses.of(iri, _BY_SUFFIX.get(suffix)), 303)
        if not self._pages.descriptions.known(iri):
            raise self._missing(iri)
        return self._document(request, iri, _BY_SUFFIX.get(suffix))

    def _document(self, request: Request, iri: str, chosen: Format | None) -> Response:
        """Give a page of the document about *iri* in the form *chosen* by suffix, else by Accept."""
        page, as_of = _page(request), _as_of(request)
        found = contents(self._archive, self._pages.descriptions, iri, page)
        if page > 1 and not found.incoming.statements:
            raise NotFound(
                f"this document has no page {page}", remedy=f"it begins at {self._addresses.of(iri)}"
            )
        if chosen is not None:
            format = by_suffix(chosen.suffix, found.forms)
        else:
            format = negotiate(accepted(request), found.forms)
        pages = self._neighbours(found, format)
        links = signposts(found, format, pages, self._addresses, self._archive.manifest)
        living = self._pages.descriptions.may_be_living(iri)
        try:
            body = self._body(request, found, format, links, pages, living, as_of)
        except NotAcceptable as error:  # the form cannot hold what the document says
            others = dict.fromkeys(each.media_type for each in found.forms if each is not format)
            raise NotAcceptable(error.message, available=tuple(others)) from error
        headers = {"Link": header(links)} | ({"X-Robots-Tag": "noindex"} if living else {})
        if chosen is None:
            place = self._addresses.of(iri, format, page=page)
            headers |= {"Vary": "Accept", "Content-Location": place}
        if format is HTML:
            headers["Vary"] = vary(self._pages)
        return tagged(request, body, format.content_type, headers)

    def _body(
        self,
        request: Request,
        found: Contents,
        format: Format,
        links: Sequence[Signpost],
        pages: Mapping[str, str],
        living: bool,
        as_of: date | None,
    ) -> bytes:
        """Give what the document says in *format*. Raises NotAcceptable where that cannot hold it."""
        if format is HTML:
            return spoken(self._pages, request).document(found, links, pages, as_of).encode()
        if format is JSON:
            return self._summaries.of(found, pages, living=living)
        if format is CSV:
            return excerpts.claims(self._archive.store, found.claims)
        if format is GEO_JSON:
            return excerpts.place(self._archive.store, found.iri, self._archive.manifest)
        if format in CITED:
            return CITED[format](self._pages.citations.of(found.iri)).encode()
        return serialisation.document(found.triples, format, self._archive.base.prefixes(), self._context)

    def _neighbours(self, found: Contents, format: Format) -> dict[str, str]:
        """Give the addresses of the first, the previous and the next page, by link relation, in the same form."""
        if format in CITED:  # it says nothing of what leads there
            return {}
        page, suffix = found.incoming.page, None if format is HTML else format
        numbers = {"first": 1, "prev": page - 1} if page > 1 else {}
        if found.incoming.more:
            numbers["next"] = page + 1
        return {rel: self._addresses.of(found.iri, suffix, page=number) for rel, number in numbers.items()}

    def _unknown(self, path: str) -> NotFound:
        """Give the error for a path that means nothing here: that it was taken back, or the nearest names of its type."""
        for iri, _ in self._addresses.meanings(path.removeprefix("/id")):
            if self._archive.manifest.tombstone(iri):
                return self._missing(iri)
        stem, dot, _ = path.rpartition(".")
        for iri, _ in self._addresses.meanings(stem if dot else path):
            if dot and self._pages.descriptions.known(iri):
                known = contents(self._archive, self._pages.descriptions, iri).forms
                return NotFound(
                    "this document does not exist in that form",
                    remedy="it exists as " + ", ".join(f".{each.suffix}" for each in known),
                )
        for iri, _ in self._addresses.meanings(path.removeprefix("/id")):
            if self._archive.base.split(iri):
                return self._missing(iri)
        return NotFound("there is nothing at this address", remedy="start from the first page, /")

    def _missing(self, iri: str) -> NotFound:
        """Give the archive's error for an IRI that it does not hold."""
        try:
            self._archive.thing(iri)
        except NotFound as error:
            return error
        return NotFound("nothing in this release is about that IRI")


def _page(request: Request) -> int:
    """Give the page that is asked for, the first where none is. Raises QueryError, NotFound."""
    given = dict(in_address(request)).get("page", "1")
    if not _PAGE.fullmatch(given):
        raise QueryError("the parameter page is no number of a page", remedy="write for example page=2")
    if int(given) > PAGES:
        raise NotFound(f"a document has at most {PAGES:,} pages", remedy="ask /sparql, or download the whole")
    return int(given)


def _as_of(request: Request) -> date | None:
    """Give the day to which a page is to be limited, None where none is given. Raises QueryError for what is no day."""
    given = dict(in_address(request)).get("as-of", "")
    return day_of(given) if given else None


def _escaped(request: Request) -> str:
    """Give the path as the client wrote it, escapes included."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.partition(b"?")[0].decode("ascii", "replace")
