"""The paths of the data: any query, search, documents and files, and claims side by side."""

from __future__ import annotations

from typing import Any

from kg.comparison import MODALITIES
from kg.documents.addresses import FORMS
from kg.documents.incoming import PAGES
from kg.formats import HTML, SPARQL_CSV, SPARQL_JSON
from kg.names import TYPES
from kg.search.finding import LETTERS, LIMIT, MOST
from kg.web import comparisons
from kg.web.openapi.operations import get, in_path, in_query, of_type, redirect, suffix_of
from kg.web.questions import DESCRIBED
from kg.web.search import FORMS as SEARCHED


def asking() -> dict[str, Any]:
    """Give the address of the SPARQL Protocol."""
    formats = (SPARQL_JSON, SPARQL_CSV, *DESCRIBED, HTML)
    found = get(
        "askSparql",
        "data",
        "Any query of SPARQL 1.1, by its protocol",
        formats,
        parameters=[in_query("query", {"type": "string"}, "the query")],
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
    suffix = suffix_of(formats)
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


def searching() -> dict[str, Any]:
    """Give the search and its description for browsers."""
    name = {"type": "string", "maxLength": LETTERS}
    words = in_query("q", name, "a name, a label or a title, or its beginning", required=True)
    kind = in_query("kind", {"type": "string"}, "a type or class of resource")
    most = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
    limit = in_query("limit", most, "hits at most")
    suffix = suffix_of(SEARCHED)
    what = "Who or what has a name, label or title, in any of three scripts and misspelled"
    return {
        "/search": get("search", "data", what, SEARCHED, parameters=[words, kind, limit]),
        "/search.{suffix}": get("searchInForm", "data", what, SEARCHED, parameters=[suffix, words, kind, limit]),
        "/opensearch.xml": get("openSearch", "machines", "The search, for browsers", [of_type("application/opensearchdescription+xml")]),
    }  # fmt: skip


def resources() -> dict[str, Any]:
    """Give the first page, the documents about resources, and the files."""
    slug, name, path = (in_path(each) for each in ("slug", "name", "path"))
    kind = in_path("kind", list(TYPES))
    iri = in_query(
        "iri", {"type": "string", "format": "iri"}, "any IRI that stands in the data", required=True
    )
    form = in_query(
        "format", {"type": "string", "enum": [each.suffix for each in FORMS]}, "the form of the document"
    )
    page = in_query(
        "page",
        {"type": "integer", "minimum": 1, "maximum": PAGES, "default": 1},
        "which page of the statements that lead to the resource",
    )
    as_of = in_query(
        "as-of",
        {"type": "string", "format": "date"},
        "the page for people of an event, a person, a place or a voice: only claims made by this day",
    )
    return {
        "/": get("home", "description", "The first page", (HTML,)),
        "/id/{kind}/{slug}": redirect(
            "identifier", "data", "Leads from what a resource is to the document about it", 303, [kind, slug]
        ),
        "/resource": get(
            "resource", "data", "The document about any IRI", FORMS, parameters=[iri, form, page, as_of]
        ),
        "/{path}": get(
            "document",
            "data",
            "The document about a resource, <type>/<slug>, to which a suffix may be added",
            FORMS,
            parameters=[path, page, as_of],
        ),
        "/download/": get("downloads", "data", "The list of files", (HTML,)),
        "/download/{name}": get(
            "download",
            "data",
            "A file of the release",
            [of_type("application/octet-stream")],
            parameters=[name],
        ),
    }


def comparing() -> dict[str, Any]:
    """Give the claims of one measure side by side, of each kind of thing that can be compared."""
    slug, measure = in_path("slug"), in_path("measure")
    schemas: dict[str, Any] = {
        "as-of": {"type": "string", "format": "date"},
        "modality": {"type": "array", "items": {"type": "string", "enum": list(MODALITIES)}},
        "page": {"type": "integer", "minimum": 1, "default": 1},
        **{name: {"type": "string", "enum": list(values)} for name, values in comparisons.CHOICES.items()},
    }
    asked = [
        in_query(name, schemas.get(name, {"type": "string"}), about)
        for name, about in comparisons.PARAMETERS.items()
    ]
    paths: dict[str, Any] = {}
    for kind, overview in comparisons.OVERVIEWS.items():
        own = "" if kind == "event" else f"Of{kind.capitalize()}"
        paths |= {
            overview: get(
                f"measures{own}",
                "data",
                f"What claims about {'an event' if kind == 'event' else f'a {kind}'} count",
                comparisons.COUNTS,
                parameters=[slug],
            ),
            f"{overview}.{{suffix}}": get(
                f"measures{own}InForm",
                "data",
                "The same in the form that a suffix names",
                comparisons.COUNTS,
                parameters=[slug, suffix_of(comparisons.COUNTS)],
            ),
            f"{overview}/{{measure}}": get(
                f"comparison{own}",
                "data",
                "The claims of one measure side by side, to which a suffix may be added",
                comparisons.FORMS,
                parameters=[slug, measure, *asked],
            ),
        }
    return paths
