"""``/openapi.json``: the interface for programs, as OpenAPI 3.1 (OpenAPI Initiative 2021), written from the catalogue and the routes.

Each question has an address of its own with its parameters; what all share stands under ``components``. The servers are not
named: by the specification they are then the one that the document came from.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg.archive import Archive
from kg.formats import JSON
from kg.web.openapi.catalogue import lists, questions
from kg.web.openapi.data import asking, comparing, resources, searching
from kg.web.openapi.description import describing, machines, releases
from kg.web.openapi.operations import problem
from kg.web.place import Place
from kg.web.representations import tagged

VERSION: Final = "3.1.0"


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
    paths = questions(archive) | lists(archive) | asking() | searching() | describing() | resources()
    if "attest" in manifest.profiles:
        paths |= comparing()
    servers: dict[str, Any] = {}
    if place is not None and place.prefix:
        servers["servers"] = [{"url": place.prefix}]
    else:
        paths |= machines() | (releases() if place is not None and place.shelf is not None else {})
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
                "BadRequest": problem("A parameter is unknown, given twice or not of its type; the text names it."),
                "NotFound": problem("There is no such thing; the text names what may have been meant."),
                "NotAcceptable": problem("No form fits the Accept header; the text lists those that there are."),
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
