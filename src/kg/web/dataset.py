"""``/dataset`` and ``/.well-known/void``: the dataset about itself, as VoID, DCAT 3 and PROV-O, and for search engines.

What the build wrote into ``graph/meta`` is merged with ``manifest.ttl`` (sizes, checksums, partitions) and with the
services of this server. ``/.well-known/void`` leads to ``/dataset`` by 302, as VoID (W3C 2011, section 7.2) has it.
"""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kg import manifest
from kg.citation import FORMATS as CITED
from kg.documents.addresses import CITATIONS, DOCUMENT_FORMATS
from kg.documents.signposts import Signpost
from kg.errors import StoreError
from kg.formats import HTML, Format
from kg.manifest import TURTLE_NAME
from kg.manifest.dcat import DOWNLOADS, distributions
from kg.names import DCTERMS, RDF, RDFS, SCHEMA, VOCABULARIES, is_iri
from kg.pages.pages import Pages
from kg.pages.terms import Shown, Terms
from kg.serialisation import document
from kg.triples import statement
from kg.web.releases import version
from kg.web.representations import Writers, represent

PATH: Final = "/dataset"

_DCAT, _VOID = VOCABULARIES["dcat"], VOCABULARIES["void"]
_PROTOCOL: Final = "http://www.w3.org/TR/sparql11-protocol/"
_OPENAPI: Final = "https://spec.openapis.org/oas/v3.1.0"
MAIN: Final = {"class": "entities", "property": "triples"}
"""The number of a class or of a property that tells how much it is used."""


class Dataset:
    """The description of *pages*' archive, whose files lie in *directory*; *context* is its JSON-LD context."""

    def __init__(self, pages: Pages, directory: Path, context: dict[str, Any] | None) -> None:
        self._pages = pages
        self._path = pages.addresses.prefix + PATH
        self._home = pages.addresses.home
        self._archive = pages.archive
        self._directory = directory
        self._context = context

    def routes(self) -> list[Route]:
        """Give the routes. The endpoints run in Starlette's threads."""
        return [
            Route(PATH, self.document),
            Route(f"{PATH}.{{suffix}}", self.document),
            Route("/.well-known/void", self.redirect),
        ]

    def redirect(self, request: Request) -> Response:
        """Lead to the description."""
        return RedirectResponse(self._path, 302)

    def document(self, request: Request) -> Response:
        """Give the description, as linked data or as a page."""
        writers: Writers = {
            **{format: partial(self._written, format) for format in DOCUMENT_FORMATS},
            **{format: partial(self._cited, format) for format in CITATIONS},
        }
        return represent(
            request,
            self._path,
            request.path_params.get("suffix", ""),
            writers,
            links=map(str, self._signposts()),
        )

    def _cited(self, format: Format) -> bytes:
        return CITED[format](self._pages.citations.of(self._archive.base.dataset)).encode()

    def _signposts(self) -> list[Signpost]:
        """Give the links of the description: what to cite, under which licence, and the files that the dataset consists of."""
        release, base = self._archive.manifest, self._archive.base
        return [
            Signpost("canonical", base.dataset),
            Signpost("cite-as", base.dataset),
            *([Signpost("license", release.licence)] if is_iri(release.licence) else ()),
            Signpost("type", f"{SCHEMA}Dataset"),
            *(
                Signpost("item", f"{self._home}download/{quote(name)}", file.media_type)
                for file in distributions(release)
                if (name := file.path.removeprefix(DOWNLOADS))
            ),
        ]

    @cached_property
    def triples(self) -> frozenset[ox.Triple]:
        """Everything that is said of the dataset, its graphs, its distributions and its services."""
        base = self._archive.base
        meta = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{base.graph('meta')}> {{ ?s ?p ?o }} }}"
        said = self._archive.answer(meta)
        if not isinstance(said, list):
            raise StoreError("the store gave no triples for a CONSTRUCT query")
        about = self._pages.descriptions.of(base.dataset)
        return frozenset([*said, *about, *self._manifest(), *self._services()])

    def _manifest(self) -> list[ox.Triple]:
        file = self._archive.manifest.file(TURTLE_NAME)
        if file is None:
            raise StoreError(f"the manifest does not list {TURTLE_NAME}", remedy="run kg build")
        data = manifest.content(self._directory, file)
        return [self._placed(quad.triple) for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)]

    def _placed(self, triple: ox.Triple) -> ox.Triple:
        """Give *triple* with the address of a download of this release, where that is another than the current one's."""
        downloads, value = f"{self._archive.base.iri}download/", triple.object
        if not (isinstance(value, ox.NamedNode) and value.value.startswith(downloads)):
            return triple
        address = f"{self._home}download/{value.value.removeprefix(downloads)}"
        return ox.Triple(triple.subject, triple.predicate, ox.NamedNode(address))

    def _services(self) -> list[ox.Triple]:
        """Give what this server adds: where the dataset is asked, by SPARQL and by its questions."""
        base, home = self._archive.base, self._home
        dataset, sparql, queries = base.dataset, f"{home}sparql", f"{home}queries"
        openapi = f"{home}openapi.json"
        rows: list[tuple[str, str, str | ox.Literal]] = [
            (dataset, _VOID + "sparqlEndpoint", sparql),
            (dataset, _DCAT + "landingPage", home),
            *((service, RDF + "type", _DCAT + "DataService") for service in (sparql, queries)),
            *((service, _DCAT + "servesDataset", dataset) for service in (sparql, queries)),
            *((service, _DCAT + "endpointDescription", openapi) for service in (sparql, queries)),
            (sparql, DCTERMS + "title", ox.Literal("SPARQL endpoint", language="en")),
            (sparql, _DCAT + "endpointURL", sparql),
            (sparql, DCTERMS + "conformsTo", _PROTOCOL),
            (queries, DCTERMS + "title", ox.Literal("Named questions", language="en")),
            (queries, _DCAT + "endpointURL", queries),
            (queries, DCTERMS + "conformsTo", _OPENAPI),
            (queries, RDFS + "seeAlso", f"{home}prefixes"),
        ]
        if self._pages.shelf is not None and not self._pages.addresses.prefix:
            rows.append((dataset, _DCAT + "hasCurrentVersion", version(self._archive.manifest, base)))
            rows.append((dataset, RDFS + "seeAlso", f"{base.iri}release/"))
        return [statement(*row) for row in rows]

    def _written(self, format: Format) -> bytes:
        if format is HTML:
            return self._page()
        return document(self.triples, format, self._archive.base.prefixes(), self._context)

    def _page(self) -> bytes:
        return self._pages.render(
            "dataset.html",
            iri=self._archive.base.dataset,
            forms=[format for format in DOCUMENT_FORMATS if format is not HTML],
            classes=self._parts("class"),
            properties=self._parts("property"),
            search=self.search(),
        ).encode()

    def counts(self, kind: str) -> dict[str, dict[str, int]]:
        """Give the numbers of each class or property (*kind* is ``class`` or ``property``) by their VoID name."""
        start = f"{self._archive.base.dataset}#{kind}-"
        by_part: dict[str, dict[str, Any]] = {}
        for triple in self.triples:
            if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(start):
                by_part.setdefault(triple.subject.value, {})[triple.predicate.value] = triple.object
        return {
            values[_VOID + kind].value: {
                name.removeprefix(_VOID): int(term.value)
                for name, term in values.items()
                if isinstance(term, ox.Literal)
            }
            for values in by_part.values()
            if _VOID + kind in values
        }

    def _parts(self, kind: str) -> list[tuple[Shown, dict[str, int]]]:
        """Give the classes or properties, the most used first, each with its numbers."""
        parts = self.counts(kind)
        terms = Terms(self._pages.descriptions.names(parts), self._archive.base, self._pages.addresses)
        main = MAIN[kind]
        return [
            (terms.iri(iri), parts[iri]) for iri in sorted(parts, key=lambda iri: (-parts[iri][main], iri))
        ]

    def search(self) -> dict[str, Any]:
        """Give the dataset as schema.org has it (a ``Dataset`` with its ``DataDownload``), for search engines."""
        release, base = self._archive.manifest, self._archive.base
        found: dict[str, Any] = {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": base.dataset,
            "url": base.dataset,
            "name": release.title,
            "description": release.description,
            "identifier": release.id,
            "version": release.version,
            "dateModified": release.date,
            "license": release.licence,
            "inLanguage": list(release.languages),
            "isAccessibleForFree": True,
        }
        if release.publisher:
            found["creator"] = found["publisher"] = {"@type": "Organization", "name": release.publisher}
        found["distribution"] = [
            {
                "@type": "DataDownload",
                "name": name,
                "contentUrl": f"{self._home}download/{quote(name)}",
                "encodingFormat": file.media_type,
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in distributions(release)
            if (name := file.path.removeprefix(DOWNLOADS))
        ]
        return {key: value for key, value in found.items() if value not in ("", [])}
