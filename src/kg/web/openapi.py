"""``/openapi.json``: the interface for programs, as OpenAPI 3.1 (OpenAPI Initiative 2021), written from the catalogue and the routes.

Each question has an address of its own with its parameters; what all share stands under ``components``. The servers are not
named: by the specification they are then the one that the document came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.archive import Archive
from kg.comparison import MODALITIES
from kg.documents.addresses import CITATIONS, DOCUMENT_FORMATS, FORMS
from kg.documents.incoming import PAGES
from kg.formats import HTML, JSON, SPARQL_CSV, SPARQL_JSON, Format
from kg.listing.facets import UNTIL
from kg.names import TYPES
from kg.pages.lists import PATHS
from kg.queries import Param, Query
from kg.rows import VEILED
from kg.search.finding import LETTERS, LIMIT, MOST
from kg.web import comparisons
from kg.web.lists import FORMS as LISTED
from kg.web.lists import PATH as LISTS
from kg.web.place import Place
from kg.web.questions import DESCRIBED, PATH
from kg.web.questions import FORMS as QUESTION_FORMS
from kg.web.representations import tagged
from kg.web.search import FORMS as SEARCHED

VERSION: Final = "3.1.0"

_SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "date": {"type": "string", "format": "date"},
    "year": {"type": "integer", "minimum": 0, "maximum": 9999},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "language": {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
    "string": {"type": "string"},
    "iri": {"type": "string", "description": "an IRI, a prefixed name, a slug, a label or a recorded name"},
    "measure": {"type": "string", "description": "a property that is claimed in numbers, as deaths"},
    **{
        kind: {"type": "string", "description": f"a {kind}: its IRI, prefixed name, slug, label or recorded name"}
        for kind in TYPES
    },
}  # fmt: skip
"""The JSON Schema of each type of parameter, as it is written in an address."""
_PROBLEM: Final = {"text/plain": {"schema": {"type": "string"}}, "text/html": {"schema": {"type": "string"}}}


class OpenApi:
    """The description of the interface to *archive*."""

    def __init__(self, archive: Archive, place: Place | None = None) -> None:
        self._archive = archive
        self._place = place

    @cached_property
    def _body(self) -> bytes:
        """The document; it is written when it is first asked for, since all questions are read for it."""
        found = document(self._archive, self._place)
        return json.dumps(found, indent=1, ensure_ascii=False).encode() + b"\n"

    def routes(self) -> list[Route]:
        """Give the route."""
        return [Route("/openapi.json", self.document)]

    def document(self, request: Request) -> Response:
        """Give the document."""
        return tagged(request, self._body, JSON.media_type)


def document(archive: Archive, place: Place | None = None) -> dict[str, Any]:
    """Give the description of the interface to *archive*, which stands at *place* of a server, as JSON values."""
    manifest = archive.manifest
    paths = _questions(archive) | _lists(archive) | _asking() | _searching() | _describing() | _resources()
    if "attest" in manifest.profiles:
        paths |= _comparisons()
    servers: dict[str, Any] = {}
    if place is not None and place.prefix:
        servers["servers"] = [{"url": place.prefix}]
    else:
        paths |= _machines() | (_releases() if place is not None and place.shelf is not None else {})
    info: dict[str, Any] = {
        "title": manifest.title,
        "description": manifest.description,
        "version": manifest.version or manifest.id,
    }
    if manifest.licence:
        info["license"] = {"name": manifest.licence, "url": manifest.licence}
    return {
        "openapi": VERSION,
        "info": info,
        **servers,
        "paths": paths,
        "components": {
            "responses": {
                "BadRequest": _problem("A parameter is unknown, given twice or not of its type; the text names it."),
                "NotFound": _problem("There is no such thing; the text names what may have been meant."),
                "NotAcceptable": _problem("No form fits the Accept header; the text lists those that there are."),
            },
        },
        "tags": [
            {"name": "questions", "description": "The named questions, each with its parameters"},
            {"name": "lists", "description": "Everything of a kind or class, filtered"},
            {"name": "data", "description": "Any query, any resource, whole files"},
            {"name": "description", "description": "What the data are"},
            {"name": "machines", "description": "For those who run or crawl the server"},
        ],
    }  # fmt: skip


def _questions(archive: Archive) -> dict[str, Any]:
    described = (JSON, *DESCRIBED, HTML)
    names = list(archive.catalog)
    paths = {PATH: _get("listQuestions", "questions", "The questions that there are", described)}
    for query in archive.catalog.values():
        paths[f"{PATH}/{query.name}"] = _question(query)
    if names:
        suffixes = [format.suffix for format in QUESTION_FORMS]
        paths[f"{PATH}/{{name}}.{{suffix}}"] = _get(
            "askInForm",
            "questions",
            "A question in the form that a suffix names; it takes the parameters of the question",
            QUESTION_FORMS,
            parameters=[_in_path("name", names), _in_path("suffix", suffixes)],
        )
    return paths


def _question(query: Query) -> dict[str, Any]:
    columns = (*query.columns, VEILED) if query.columns else ()
    row: dict[str, Any] = {
        "type": "object",
        "properties": {name: {} for name in columns} | {VEILED: {"type": "boolean"}},
    }
    if columns:
        row["required"] = list(columns)
    operation = _get(
        query.name,
        "questions",
        query.summary,
        QUESTION_FORMS,
        description=" ".join(filter(None, (query.description, query.note))),
        parameters=[_parameter(param) for param in query.params],
    )
    operation["get"]["responses"]["200"]["content"][JSON.media_type]["schema"] = {
        "type": "array",
        "items": row,
    }
    return operation


def _lists(archive: Archive) -> dict[str, Any]:
    """Give the lists, each with its filters; any of them may stand several times."""
    lists = archive.lists
    page = _asked(
        "page", {"type": "integer", "minimum": 1, "default": 1}, "which page of 50, of the page alone"
    )
    paths: dict[str, Any] = {}
    suffix = _in_path("suffix", [format.suffix for format in LISTED])
    for name in (*PATHS, ""):
        listing = lists.find(name) if name and lists is not None and lists.holds(name) else None
        sorts = _asked("sort", {"type": "string", "enum": list(listing.orders if listing else ("label", "date"))}, "the order")  # fmt: skip
        own = [
            _asked(each, {"type": "string", "format": "date"}, "said no later than this day")
            if each == UNTIL
            else _asked(each, {"type": "array", "items": {"type": "string"}}, "any of these values, or none")
            for each in (listing.filters if listing else ())
        ]
        if not name:
            own = [_asked("class", {"type": "string"}, "the IRI or prefixed name of a class; without it the lists that there are")]  # fmt: skip
        title = listing.title if listing else name or "The members of a class"
        path, slug = PATHS.get(name, LISTS), name.replace("/", "-") or "class"
        paths[path] = _get(f"list-{slug}", "lists", title, LISTED, parameters=[*own, sorts, page])
        paths[f"{path}.{{suffix}}"] = _get(
            f"list-{slug}-in-form",
            "lists",
            f"{title}, in the form that a suffix names",
            LISTED,
            parameters=[suffix, *own, sorts],
        )
    return paths


def _asked(name: str, schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": dict(schema), "description": description}


def _parameter(param: Param) -> dict[str, Any]:
    schema = dict(_SCHEMAS[param.type])
    if param.default is not None:
        schema["default"] = _json(param)
    return {
        "name": param.name,
        "in": "query",
        "required": param.required,
        "description": param.summary,
        "schema": schema,
    }


def _json(param: Param) -> Any:
    """Give the default of *param* as a JSON value of its schema's type."""
    text = param.default or ""
    kind = _SCHEMAS[param.type]["type"]
    return int(text) if kind == "integer" else text == "true" if kind == "boolean" else text


def _asking() -> dict[str, Any]:
    formats = (SPARQL_JSON, SPARQL_CSV, *DESCRIBED, HTML)
    found = _get(
        "askSparql",
        "data",
        "Any query of SPARQL 1.1, by its protocol",
        formats,
        parameters=[
            {"name": "query", "in": "query", "schema": {"type": "string"}, "description": "the query"}
        ],
    )
    found["post"] = found["get"] | {"operationId": "postSparql", "parameters": []}
    found["post"]["requestBody"] = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {"query": {"type": "string"}},
                    "required": ["query"],
                }
            },
        },
    }
    suffix = {
        "name": "suffix",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": [format.suffix for format in formats]},
    }
    by_suffix = {
        "get": found["get"]
        | {
            "operationId": "askSparqlAs",
            "summary": "The same in the form that the suffix names",
            "parameters": [suffix, *found["get"]["parameters"]],
        },
        "post": found["post"] | {"operationId": "postSparqlAs", "parameters": [suffix]},
    }
    return {"/sparql": found, "/sparql.{suffix}": by_suffix}


def _searching() -> dict[str, Any]:
    words = {
        "name": "q",
        "in": "query",
        "required": True,
        "description": "a name, a label or a title, or its beginning",
        "schema": {"type": "string", "maxLength": LETTERS},
    }
    kind = {
        "name": "kind",
        "in": "query",
        "description": "a type or class of resource",
        "schema": {"type": "string"},
    }
    limit = {
        "name": "limit",
        "in": "query",
        "description": "hits at most",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
    }
    suffix = _in_path("suffix", [format.suffix for format in SEARCHED])
    what = "Who or what has a name, label or title, in any of three scripts and misspelled"
    return {
        "/search": _get("search", "data", what, SEARCHED, parameters=[words, kind, limit]),
        "/search.{suffix}": _get("searchInForm", "data", what, SEARCHED, parameters=[suffix, words, kind, limit]),
        "/opensearch.xml": _get("openSearch", "machines", "The search, for browsers", [_type("application/opensearchdescription+xml")]),
    }  # fmt: skip


def _describing() -> dict[str, Any]:
    paths: dict[str, Any] = {
        "/dataset": _get("dataset", "description", "The dataset: VoID with partitions, DCAT 3, PROV-O", (*DOCUMENT_FORMATS, *CITATIONS)),
        "/ns": _get("terms", "description", "The terms of the ontology", DOCUMENT_FORMATS),
        "/shapes": _get("shapes", "description", "The rules that the data were held to, in SHACL", DOCUMENT_FORMATS),
        "/prefixes": _get("prefixes", "description", "All prefixes", (*DOCUMENT_FORMATS, JSON)),
        "/context.jsonld": _get("context", "description", "The JSON-LD context", [_type("application/ld+json")]),
        "/openapi.json": _get("openapi", "description", "This document", (JSON,)),
    }  # fmt: skip
    for name in ("dataset", "ns", "shapes", "prefixes", "queries"):
        known = (JSON, *DESCRIBED, HTML) if name in ("queries", "prefixes") else DOCUMENT_FORMATS
        paths[f"/{name}.{{suffix}}"] = _get(
            f"{name}InForm",
            "description",
            f"/{name} in the form that a suffix names",
            known,
            parameters=[_in_path("suffix", [format.suffix for format in known])],
        )
    paths["/.well-known/void"] = _redirect("void", "description", "Leads to /dataset", 302)
    return paths


def _resources() -> dict[str, Any]:
    slug = {"name": "slug", "in": "path", "required": True, "schema": {"type": "string"}}
    kind = _in_path("kind", list(TYPES))
    iri = {
        "name": "iri",
        "in": "query",
        "required": True,
        "schema": {"type": "string", "format": "iri"},
        "description": "any IRI that stands in the data",
    }
    form = {
        "name": "format",
        "in": "query",
        "schema": {"type": "string", "enum": [each.suffix for each in FORMS]},
    }
    page = {
        "name": "page",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": PAGES, "default": 1},
        "description": "which page of the statements that lead to the resource",
    }
    as_of = {
        "name": "as-of",
        "in": "query",
        "schema": {"type": "string", "format": "date"},
        "description": "the page for people of an event, a person, a place or a voice: only claims made by this day",
    }
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    path = {"name": "path", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/": _get("home", "description", "The first page", (HTML,)),
        "/id/{kind}/{slug}": _redirect(
            "identifier", "data", "Leads from what a resource is to the document about it", 303, [kind, slug]
        ),
        "/resource": _get(
            "resource", "data", "The document about any IRI", FORMS, parameters=[iri, form, page, as_of]
        ),
        "/{path}": _get(
            "document",
            "data",
            "The document about a resource, <type>/<slug>, to which a suffix may be added",
            FORMS,
            parameters=[path, page, as_of],
        ),
        "/download/": _get("downloads", "data", "The list of files", (HTML,)),
        "/download/{name}": _get(
            "download",
            "data",
            "A file of the release",
            [_type("application/octet-stream")],
            parameters=[name],
        ),
    }


def _comparisons() -> dict[str, Any]:
    slug, measure = (
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in ("slug", "measure")
    )
    schemas: dict[str, Any] = {
        "as-of": {"type": "string", "format": "date"},
        "modality": {"type": "array", "items": {"type": "string", "enum": list(MODALITIES)}},
        "page": {"type": "integer", "minimum": 1, "default": 1},
        **{name: {"type": "string", "enum": list(values)} for name, values in comparisons.CHOICES.items()},
    }
    asked = [
        {"name": name, "in": "query", "description": about, "schema": schemas.get(name, {"type": "string"})}
        for name, about in comparisons.PARAMETERS.items()
    ]
    suffixes = [format.suffix for format in comparisons.COUNTS]
    paths: dict[str, Any] = {}
    for kind, overview in comparisons.OVERVIEWS.items():
        own = "" if kind == "event" else f"Of{kind.capitalize()}"
        paths |= {
            overview: _get(
                f"measures{own}",
                "data",
                f"What claims about {'an event' if kind == 'event' else f'a {kind}'} count",
                comparisons.COUNTS,
                parameters=[slug],
            ),
            f"{overview}.{{suffix}}": _get(
                f"measures{own}InForm",
                "data",
                "The same in the form that a suffix names",
                comparisons.COUNTS,
                parameters=[slug, _in_path("suffix", suffixes)],
            ),
            f"{overview}/{{measure}}": _get(
                f"comparison{own}",
                "data",
                "The claims of one measure side by side, to which a suffix may be added",
                comparisons.FORMS,
                parameters=[slug, measure, *asked],
            ),
        }
    return paths


def _releases() -> dict[str, Any]:
    known = (JSON, *DOCUMENT_FORMATS)
    suffix = _in_path("suffix", [format.suffix for format in known])
    path = {"name": "path", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/release/": _get("releases", "description", "The releases that are kept", known),
        "/release.{suffix}": _get(
            "releasesInForm",
            "description",
            "The same in the form that a suffix names",
            known,
            parameters=[suffix],
        ),
        "/release/{path}": _get(
            "release",
            "data",
            "All of this as it stood in a release: <id>/ and one of the other addresses",
            (HTML,),
            parameters=[path],
        ),
    }


def _machines() -> dict[str, Any]:
    health = _get("health", "machines", "Whether the store holds what the manifest says", (JSON,))
    health["get"]["responses"]["503"] = {
        "description": "It does not, or does not answer",
        "content": {JSON.media_type: {"schema": {"type": "object"}}},
    }
    number = {
        "name": "number",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
    iri = {
        "name": "iri",
        "in": "query",
        "schema": {"type": "string"},
        "description": "what to compare: an IRI, a prefixed name, or the address of a page or an answer, of a kept release too",
    }
    since = {
        "name": "since",
        "in": "query",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{12}$"},
        "description": "the id of a release that is kept; by default the one in the address",
    }
    changes = _get(
        "changes",
        "data",
        "What has become of a resource, or of the rows of an answer, since a release that is kept; without parameters, those releases",
        (JSON, HTML),
        parameters=[iri, since],
    )
    in_form = _in_path("suffix", ["json", "html"])
    plain, xml = [_type("text/plain")], [_type("application/xml")]
    return {
        "/changes": changes,
        "/changes.{suffix}": _get(
            "changesInForm",
            "data",
            "The same in the form that a suffix names",
            (JSON, HTML),
            parameters=[in_form, iri, since],
        ),
        "/health": health,
        "/metrics": _get("metrics", "machines", "Counters for Prometheus", plain),
        "/feed.atom": _get("feed", "machines", "The releases, as Atom", [_type("application/atom+xml")]),
        "/sitemap.xml": _get("sitemap", "machines", "The sitemap, or its index", xml),
        "/sitemap-{number}.xml": _get("sitemapPage", "machines", "A page of it", xml, parameters=[number]),
        "/robots.txt": _get("robots", "machines", "Rules for crawlers", plain),
        "/.well-known/security.txt": _get("security", "machines", "Whom to tell of a weakness", plain),
    }


def _get(
    name: str,
    tag: str,
    summary: str,
    formats: Iterable[Format],
    *,
    description: str = "",
    parameters: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Give a path with the operation GET, which answers in any of *formats*."""
    schemas = {JSON.media_type: {}, SPARQL_JSON.media_type: {"type": "object"}, "application/ld+json": {}}
    content = {
        format.media_type: {"schema": schemas.get(format.media_type, {"type": "string"})}
        for format in formats
    }
    operation: dict[str, Any] = {"operationId": name, "tags": [tag], "summary": summary}
    if description:
        operation["description"] = description
    operation["parameters"] = [dict(each) for each in parameters]
    operation["responses"] = {
        "200": {"description": summary, "content": content},
        "400": {"$ref": "#/components/responses/BadRequest"},
        "404": {"$ref": "#/components/responses/NotFound"},
        "406": {"$ref": "#/components/responses/NotAcceptable"},
    }
    return {"get": operation}


def _redirect(
    name: str, tag: str, summary: str, status: int, parameters: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    location = {"Location": {"schema": {"type": "string", "format": "uri-reference"}}}
    return {
        "get": {
            "operationId": name,
            "tags": [tag],
            "summary": summary,
            "parameters": [dict(each) for each in parameters],
            "responses": {
                str(status): {"description": summary, "headers": location},
                "404": {"$ref": "#/components/responses/NotFound"},
            },
        }
    }


def _in_path(name: str, values: Sequence[str]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "enum": list(values)}}


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": _PROBLEM}


def _type(media_type: str) -> Format:
    return Format(media_type, "", media_type)
