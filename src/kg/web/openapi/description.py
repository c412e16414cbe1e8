"""The paths that tell what the data are, which releases there are, and how the server does."""

from __future__ import annotations

from typing import Any

from kg.documents.addresses import CITATIONS, DOCUMENT_FORMATS
from kg.formats import HTML, JSON
from kg.web.openapi.operations import get, in_path, in_query, of_type, redirect, suffix_of
from kg.web.questions import DESCRIBED


def describing() -> dict[str, Any]:
    """Give what tells of the dataset, its terms and its rules."""
    paths: dict[str, Any] = {
        "/dataset": get("dataset", "description", "The dataset: VoID with partitions, DCAT 3, PROV-O", (*DOCUMENT_FORMATS, *CITATIONS)),
        "/ns": get("terms", "description", "The terms of the ontology", DOCUMENT_FORMATS),
        "/shapes": get("shapes", "description", "The rules that the data were held to, in SHACL", DOCUMENT_FORMATS),
        "/prefixes": get("prefixes", "description", "All prefixes", (*DOCUMENT_FORMATS, JSON)),
        "/context.jsonld": get("context", "description", "The JSON-LD context", [of_type("application/ld+json")]),
        "/openapi.json": get("openapi", "description", "This document", (JSON,)),
    }  # fmt: skip
    for name in ("dataset", "ns", "shapes", "prefixes", "queries"):
        known = (JSON, *DESCRIBED, HTML) if name in ("queries", "prefixes") else DOCUMENT_FORMATS
        paths[f"/{name}.{{suffix}}"] = get(
            f"{name}InForm",
            "description",
            f"/{name} in the form that a suffix names",
            known,
            parameters=[suffix_of(known)],
        )
    paths["/.well-known/void"] = redirect("void", "description", "Leads to /dataset", 302)
    return paths


def releases() -> dict[str, Any]:
    """Give the releases that are kept."""
    known = (JSON, *DOCUMENT_FORMATS)
    suffix = suffix_of(known)
    path = in_path("path")
    return {
        "/release/": get("releases", "description", "The releases that are kept", known),
        "/release.{suffix}": get(
            "releasesInForm",
            "description",
            "The same in the form that a suffix names",
            known,
            parameters=[suffix],
        ),
        "/release/{path}": get(
            "release",
            "data",
            "All of this as it stood in a release: <id>/ and one of the other addresses",
            (HTML,),
            parameters=[path],
        ),
    }


def machines() -> dict[str, Any]:
    """Give what crawlers and those who run the server read."""
    health = get("health", "machines", "Whether the store holds what the manifest says", (JSON,))
    health["get"]["responses"]["503"] = {
        "description": "It does not, or does not answer",
        "content": {JSON.media_type: {"schema": {"type": "object"}}},
    }
    number = in_path("number") | {"schema": {"type": "integer", "minimum": 1}}
    iri = in_query(
        "iri",
        {"type": "string"},
        "what to compare: an IRI, a prefixed name, or the address of a page or an answer, of a kept release too",
    )
    since = in_query(
        "since",
        {"type": "string", "pattern": "^[0-9a-f]{12}$"},
        "the id of a release that is kept; by default the one in the address",
    )
    changes = get(
        "changes",
        "data",
        "What has become of a resource, or of the rows of an answer, since a release that is kept; without parameters, those releases",
        (JSON, HTML),
        parameters=[iri, since],
    )
    in_form = suffix_of((JSON, HTML))
    plain, xml = [of_type("text/plain")], [of_type("application/xml")]
    return {
        "/changes": changes,
        "/changes.{suffix}": get(
            "changesInForm",
            "data",
            "The same in the form that a suffix names",
            (JSON, HTML),
            parameters=[in_form, iri, since],
        ),
        "/health": health,
        "/metrics": get("metrics", "machines", "Counters for Prometheus", plain),
        "/feed.atom": get("feed", "machines", "The releases, as Atom", [of_type("application/atom+xml")]),
        "/sitemap.xml": get("sitemap", "machines", "The sitemap, or its index", xml),
        "/sitemap-{number}.xml": get("sitemapPage", "machines", "A page of it", xml, parameters=[number]),
        "/robots.txt": get("robots", "machines", "Rules for crawlers", plain),
        "/.well-known/security.txt": get("security", "machines", "Whom to tell of a weakness", plain),
    }
