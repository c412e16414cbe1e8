"""Resources: each IRI of a release, redirected to its document, and the document in the form that the client likes."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg import serialisation
from kg.errors import NotFound, QueryError
from kg.formats import HTML, Format, negotiate
from kg.names import TYPES, is_iri
from kg.web.addresses import DOCUMENT_FORMATS
from kg.web.pages import Pages

_BY_SUFFIX = {format.suffix: format for format in DOCUMENT_FORMATS}


class Resources:
    """The documents of *pages*' archive; *context* is its JSON-LD context, None for expanded JSON-LD.

    The endpoints are plain functions, which Starlette runs in threads.
    """

    def __init__(self, pages: Pages, context: dict[str, Any] | None) -> None:
        self._pages = pages
        self._archive = pages.archive
        self._addresses = pages.addresses
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
        iri = ""
        for iri, format in self._addresses.meanings(path):
            if self._pages.descriptions.known(iri):
                return self._document(request, iri, format)
        raise self._unknown(path)

    def by_iri(self, request: Request) -> Response:
        """Give the document about ``iri``, any IRI of the release, in ``format`` or by Accept."""
        iri = request.query_params.get("iri", "")
        suffix = request.query_params.get("format", "")
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
        format = chosen or negotiate(request.headers.get("accept"), DOCUMENT_FORMATS)
        if format is HTML:
            body = self._pages.document(iri).encode()
        else:
            body = serialisation.document(
                self._pages.descriptions.of(iri), format, self._archive.base.prefixes(), self._context
            )
        links = [
            f'<{self._addresses.of(iri, other)}>; rel="alternate"; type="{other.media_type}"'
            for other in DOCUMENT_FORMATS
            if other is not format
        ]
        headers = {"Link": ", ".join(links)}
        if chosen is None:
            headers |= {"Vary": "Accept", "Content-Location": self._addresses.of(iri, format)}
        if self._pages.descriptions.may_be_living(iri):
            headers["X-Robots-Tag"] = "noindex"
        return Response(body, headers=headers, media_type=format.content_type)

    def _unknown(self, path: str) -> NotFound:
        """Give the error for a path that means nothing here: that it was taken back, or the nearest names of its type."""
        for iri, _ in self._addresses.meanings(path.removeprefix("/id")):
            if self._archive.manifest.tombstone(iri):
                return self._missing(iri)
        stem, dot, _ = path.rpartition(".")
        for iri, _ in self._addresses.meanings(stem if dot else path):
            if dot and self._pages.descriptions.known(iri):
                return NotFound(
                    "this document does not exist in that form",
                    remedy="it exists as " + ", ".join(f".{known}" for known in _BY_SUFFIX),
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


def _escaped(request: Request) -> str:
    """Give the path as the client wrote it, escapes included."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.partition(b"?")[0].decode("ascii", "replace")
