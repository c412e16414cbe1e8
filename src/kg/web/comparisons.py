"""``/event/<slug>/claims``: what sources say of an event in numbers, side by side; ``/event/<slug>/claims/<measure>`` of one measure; ``/place/…`` of a place.

Filters are parameters of the address, each of which may be left out; every form of a comparison has the claims that they leave.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import serialisation
from kg.comparison import COMPARED, Measured
from kg.documents.addresses import DOCUMENT_FORMATS
from kg.documents.signposts import Signpost
from kg.errors import QueryError
from kg.formats import CSV, HTML, JSON, JSON_LD, TURTLE, as_json
from kg.names import Base, is_iri
from kg.pages.pages import Pages
from kg.web.languages import PARAMETER, spoken, varied
from kg.web.parameters import in_address
from kg.web.representations import Writers, represent

OVERVIEWS: Final = {kind: f"/{kind}/{{slug}}/claims" for kind in COMPARED}
"""The addresses of what is compared, by the type of resource."""
FORMS: Final = (*DOCUMENT_FORMATS, JSON, CSV)
"""The forms of a comparison, in the server's order of preference."""
COUNTS: Final = (JSON, CSV, HTML)
"""The forms of the list of measures."""
PARAMETERS: Final = {
    "voice": "a voice in the chain of the claim, the speaker or one who passed it on: its IRI, prefixed name, slug or label",
    "as-of": "only what had been reported by this day, as 1990-01-16, and what is undated",
    "modality": "only numbers that are meant so; it may stand several times",
    "origin": "independent: of each origin the first claim within each event",
    "related": "no: of this event alone, without wider and narrower ones",
    "axis": "tens: on the page, steps of ten instead of equal ones",
    "page": "which page of the rows; data forms have all",
    PARAMETER: "the language of names on the page",
}
CHOICES: Final = {
    "origin": ("all", "independent"),
    "related": ("yes", "no"),
    "axis": ("equal", "tens"),
}
"""The values of the parameters that are a choice."""
_NUMBER: Final = re.compile("[1-9][0-9]{0,5}")


class Comparisons:
    """The comparisons of *pages*' archive, where it follows the model; *context* is its JSON-LD context, None for expanded JSON-LD.

    The endpoints are plain functions, which Starlette runs in threads.
    """

    def __init__(self, pages: Pages, context: dict[str, Any] | None) -> None:
        self._pages = pages
        self._archive = pages.archive
        self._context = context

    def routes(self) -> list[Route]:
        """Give the routes, none for data that follow no model of claims."""
        if "attest" not in self._archive.manifest.profiles:
            return []
        return [
            Route(path, partial(endpoint, kind), methods=["GET"])
            for kind, overview in OVERVIEWS.items()
            for path, endpoint in (
                (overview, self.overview),
                (f"{overview}.{{suffix}}", self.overview),
                (f"{overview}/{{measure}}", self.comparison),
            )
        ]

    def overview(self, kind: str, request: Request) -> Response:
        """Give the measures of a resource of *kind* with the number of claims about each."""
        comparing = self._pages.comparing
        event = comparing.subject(kind, request.path_params["slug"])
        for name, _ in in_address(request):
            if name != PARAMETER:
                raise QueryError(
                    f"there is no parameter {name!r} here", remedy="the address of a measure takes more"
                )
        address = self._pages.addresses.claims(event)
        links = [Signpost("up", self._pages.addresses.of(event)), *self._links(event, "")]
        measures = partial(self._archive.measures, event)
        writers: Writers = {
            JSON: lambda: as_json([_counted(each) for each in measures()]),
            CSV: lambda: _table(measures()),
            HTML: lambda: (
                spoken(self._pages, request)
                .render("claims.html", page=comparing.overview(event), forms=COUNTS, links=links)
                .encode()
            ),
        }
        suffix = request.path_params.get("suffix", "")
        return varied(self._pages, represent(request, address, suffix, writers, links=map(str, links)))

    def comparison(self, kind: str, request: Request) -> Response:
        """Give the comparison of one measure, as far as the filters leave it."""
        comparing = self._pages.comparing
        event = comparing.subject(kind, request.path_params["slug"])
        measure, _, suffix = request.path_params["measure"].partition(".")
        given = _given(in_address(request))
        filters = {name: given[name] for name in ("voice", "as_of", "modality") if name in given}
        comparison = comparing.compare(
            event,
            measure,
            independent=given.get("origin") == "independent",
            related=given.get("related") != "no",
            **filters,
        )
        page = comparing.page(
            comparison, number=int(given.get("page", "1")), tens=given.get("axis") == "tens"
        )
        described = comparing.forms(page, (JSON_LD, TURTLE))
        up = self._pages.addresses.claims(event)
        links = [Signpost("up", up), *self._links(event, measure)]
        links += [Signpost("describedby", href, format.media_type) for format, href in described]
        base = self._archive.base
        writers: Writers = {
            **{
                format: lambda format=format: serialisation.document(  # type: ignore[misc]
                    comparing.contents(comparison).triples, format, base.prefixes(), self._context
                )
                for format in DOCUMENT_FORMATS
                if format is not HTML
            },
            HTML: lambda: (
                spoken(self._pages, request)
                .render(
                    "comparison.html",
                    page=page,
                    forms=comparing.forms(page, FORMS),
                    links=links,
                    kept=f"{page.query}&" if page.query else "",
                )
                .encode()
            ),
            JSON: lambda: as_json(comparison.to_json()),
            CSV: lambda: comparison.to_csv().encode(),
        }
        care = {"X-Robots-Tag": "noindex"} if page.may_be_living else {}
        return varied(
            self._pages,
            represent(
                request, page.address, suffix, writers, query=page.query, links=map(str, links), headers=care
            ),
        )

    def _links(self, event: str, measure: str) -> list[Signpost]:
        """Give the signposts of the address, whatever its form (see :mod:`kg.documents.signposts`)."""
        manifest, addresses = self._archive.manifest, self._pages.addresses
        path = addresses.claims(event, measure).removeprefix(addresses.prefix).removeprefix("/")
        licence = [Signpost("license", manifest.licence)] if is_iri(manifest.licence) else []
        return [
            Signpost("canonical", self._archive.base.iri + path),
            *licence,
            Signpost("collection", addresses.of(Base(manifest.base).dataset)),
        ]


def _given(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Give the parameters of *pairs*, those left empty left out. Raises QueryError, which names the parameter."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name not in PARAMETERS:
            raise QueryError(f"there is no parameter {name!r}", remedy=f"there are {', '.join(PARAMETERS)}")
        if not value.strip():
            continue
        if name == "modality":
            found[name] = (*found.get(name, ()), value)
            continue
        key = name.replace("-", "_")
        if key in found:
            raise QueryError(f"the parameter {name!r} stands twice", remedy="give it once")
        if name in CHOICES and value not in CHOICES[name]:
            raise QueryError(
                f"the parameter {name} is not {value!r}", remedy=f"it is one of {', '.join(CHOICES[name])}"
            )
        if name == "page" and not _NUMBER.fullmatch(value):
            raise QueryError("the parameter page is no number of a page", remedy="write for example page=2")
        found[key] = value
    return found


def _counted(measured: Measured) -> dict[str, Any]:
    return {
        "measure": measured.measure,
        "name": measured.name,
        "label": measured.label,
        "claims": measured.total,
        "bands": dict(measured.bands),
    }


def _table(measures: Sequence[Measured]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("measure", "name", "label", "band", "claims"))
    writer.writerows(
        (each.measure, each.name, each.label, band, count) for each in measures for band, count in each.bands
    )
    return out.getvalue().encode()
