"""``/release/``: the releases that are kept, each at an address of its own, as a page, JSON and linked data.

DCAT 3 has releases of a dataset as its versions (section 11), not as a series: ``dcat:hasVersion``, ``dcat:hasCurrentVersion``,
``dcat:previousVersion``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg.documents.addresses import DOCUMENT_FORMATS
from kg.errors import KgError, NotFound
from kg.formats import HTML, JSON, Format
from kg.manifest import Manifest
from kg.names import DCTERMS, RDF, VOCABULARIES, XSD, Base
from kg.pages.pages import Pages
from kg.serialisation import document
from kg.triples import statement
from kg.web.representations import Writers, represent
from kg.web.shelf import Shelf, missing
from kg.web.versions import prefix

PATH: Final = "/release"
REFUSAL: Final = "kg.refusal"
"""The key of an ASGI scope under which stands why no release answers."""

_DCAT: Final = VOCABULARIES["dcat"]


class Releases:
    """The list of what *shelf* holds, on the pages of the current release; *context* is its JSON-LD context."""

    def __init__(self, pages: Pages, shelf: Shelf, context: dict[str, Any] | None) -> None:
        self._pages = pages
        self._base = pages.archive.base
        self._shelf = shelf
        self._context = context

    def routes(self) -> list[Route]:
        """Give the routes. The endpoints run in Starlette's threads."""
        return [
            Route(PATH, self.listing),
            Route(f"{PATH}/", self.listing),
            Route(f"{PATH}.{{suffix}}", self.listing),
            Route(f"{PATH}/{{path:path}}", self.absent),
        ]

    def listing(self, request: Request) -> Response:
        """Give the list, the release built last first; it is read from the disk each time."""
        kept = self._shelf.kept()
        writers: Writers = {
            JSON: lambda: json.dumps([self._summary(each) for each in kept], indent=1, ensure_ascii=False).encode() + b"\n",
            **{format: partial(self._written, format, kept) for format in DOCUMENT_FORMATS},
        }  # fmt: skip
        return represent(request, PATH, request.path_params.get("suffix", ""), writers)

    def absent(self, request: Request) -> Response:
        """Say why the release that the path names does not answer; one named without a slash at the end gets it."""
        refusal = request.scope.get(REFUSAL)
        if isinstance(refusal, KgError):
            raise refusal
        id = request.path_params["path"]
        if id in self._shelf.ids:
            return RedirectResponse(f"{prefix(id)}/", 308)
        if len(id) < 40 and id.isalnum():
            raise missing(id)
        raise NotFound(
            "there is nothing at this address", remedy="/release/ lists the releases that are kept"
        )

    def _summary(self, release: Manifest) -> dict[str, Any]:
        told = self._shelf.told(release)
        changes = None if told is None else {"since": told.since, "summary": list(told.summary), "complete": told.complete}  # fmt: skip
        return {
            "id": release.id,
            "href": f"{prefix(release.id)}/",
            "current": release.id == self._shelf.current.id,
            "title": release.title,
            "edition": release.version,
            "date": release.date,
            "counts": release.counts,
            "changes": changes,
        }

    def _written(self, format: Format, kept: Sequence[Manifest]) -> bytes:
        if format is not HTML:
            return document(
                frozenset(triples(kept, self._shelf.current, self._base)), format, self._base.prefixes(), self._context
            )  # fmt: skip
        forms = [each for each in (JSON, *DOCUMENT_FORMATS) if each is not HTML]
        found = [self._summary(each) for each in kept]
        return self._pages.render("releases.html", releases=found, forms=forms).encode()


def version(release: Manifest, base: Base) -> str:
    """Give the IRI of *release* as a version of the dataset on *base*, which is its address too."""
    return base.release(release.id)


def triples(kept: Sequence[Manifest], current: Manifest, base: Base) -> Iterator[ox.Triple]:
    """Give the releases *kept*, the one built last first, as versions of the dataset on *base*."""

    yield statement(base.dataset, RDF + "type", _DCAT + "Dataset")
    yield statement(base.dataset, _DCAT + "hasCurrentVersion", version(current, base))
    for release in kept:
        iri = version(release, base)
        yield statement(base.dataset, _DCAT + "hasVersion", iri)
        yield statement(iri, RDF + "type", _DCAT + "Dataset")
        yield statement(iri, _DCAT + "isVersionOf", base.dataset)
        yield statement(iri, _DCAT + "landingPage", iri)
        yield statement(iri, DCTERMS + "identifier", ox.Literal(release.id))
        yield statement(iri, DCTERMS + "title", ox.Literal(release.title, language="en"))
        if release.version:
            yield statement(iri, _DCAT + "version", ox.Literal(release.version))
        if release.date:
            day = ox.Literal(release.date, datatype=ox.NamedNode(XSD + "date"))
            yield statement(iri, DCTERMS + "modified", day)
        if release.licence:
            yield statement(iri, DCTERMS + "license", release.licence)
    ids = [release.id for release in kept]
    for release, older in zip(kept, [*ids[1:], ""], strict=True):
        before = release.previous if release.previous in ids else older
        if before:
            yield statement(version(release, base), _DCAT + "previousVersion", base.release(before))
