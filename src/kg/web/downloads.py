"""Downloads: the files that the manifest of the release lists, and no others."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kg import exports, gazetteer, listing, manifest, tables
from kg.errors import NotFound, StoreError
from kg.formats import CSV, GEO_JSON, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE
from kg.manifest import File, Manifest
from kg.manifest.dcat import DOWNLOADS
from kg.pages.pages import Pages
from kg.web.representations import REVALIDATED, matches

CONTEXT: Final = "context.jsonld"

_AN_HOUR: Final = "public, max-age=3600"
"""The context may be an hour old: every document has its own in it, so that a stale one misleads nobody."""

_ABOUT: Final = {
    "dataset.nt": "N-Triples: the union of the graphs, a statement a line",
    "dataset.nq": "N-Quads: every statement with its graph, a statement a line",
    "dataset.ttl": "Turtle: the union of the graphs, as a person reads it",
    "dataset.trig": "TriG: Turtle with the graphs",
    "dataset.jsonld": "JSON-LD: every graph, with the context in it",
    "dataset.rdf": "RDF/XML: the union of the graphs",
    listing.NAME: "the lists of every kind and class with their filters, for SQLite; what is veiled is marked, hide it until a reader asks for it",
    gazetteer.FILE: "GeoJSON in the Linked Places format: names with their passages, points with their authority",
    exports.placed(CSV, tables.METADATA): "what every column of the tables holds (CSV on the Web)",
} | {exports.placed(CSV, table.file): table.about for table in tables.TABLES}
"""What each file is, by its name, in a few words."""
_GROUPS: Final = (
    ("The dataset", "", (TURTLE, TRIG, N_TRIPLES, N_QUADS, JSON_LD, RDF_XML)),
    (
        "Tables",
        "One table a class, for spreadsheets, pandas and R. Values are exact: import them as text, since a spreadsheet "
        "may take one for a formula. What the column visibility marks as veiled, hide until a reader asks for it.",
        (CSV,),
    ),
    ("Places", "", (GEO_JSON,)),
)
"""What stands together on the page: a heading, a note, the formats."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A file to download: its name under ``/download/``, and what the manifest says of it."""

    name: str
    file: File

    @property
    def about(self) -> str:
        """What the file is, in a few words; empty where its name says so."""
        return _ABOUT.get(self.name, "")

    @property
    def size(self) -> str:
        """The size in a unit that people read."""
        size, unit = float(self.file.size), "bytes"
        for larger in ("KB", "MB", "GB"):
            if size < 1000:
                break
            size, unit = size / 1000, larger
        return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"


class Downloads:
    """The files of the release in *directory*, by the names under which they are offered."""

    def __init__(self, pages: Pages, directory: Path) -> None:
        self._pages = pages
        self._directory = directory
        self._offers = offers(pages.archive.manifest)
        self._proven: dict[str, tuple[int, ...]] = {}

    def routes(self) -> list[Route]:
        """Give the routes of the list, of each file, and of the JSON-LD context."""
        return [
            Route("/download", self.listing),
            Route("/download/", self.listing),
            Route("/download/{name:path}", self.file),
            Route("/context.jsonld", self.context),
        ]

    def listing(self, request: Request) -> Response:
        """Give the page that lists every file with its size, SHA-256 and licence."""
        rest = dict(self._offers)
        groups = [
            (
                title,
                note,
                [rest.pop(name) for each in formats for name in exports.names(each) if name in rest],
            )
            for title, note, formats in _GROUPS
        ]
        return HTMLResponse(self._pages.render("downloads.html", groups=groups, rest=list(rest.values())))

    def file(self, request: Request) -> Response:
        """Give a file; the name is looked up among those listed and never becomes a path."""
        return self._serve(request, request.path_params["name"])

    def context(self, request: Request) -> Response:
        """Give the JSON-LD context of the release."""
        return self._serve(request, CONTEXT, inline=True, cached=_AN_HOUR)

    def _serve(
        self, request: Request, name: str, *, inline: bool = False, cached: str = REVALIDATED
    ) -> Response:
        offer = self._offers.get(name)
        if offer is None:
            raise NotFound("the release lists no such file", remedy="/download/ lists what there is")
        etag = f'"{offer.file.sha256}"'
        headers = {"ETag": etag, "Cache-Control": cached}
        if matches(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        return _Part(
            self._directory / offer.file.path,
            headers=headers,
            media_type=_content_type(offer.file.media_type),
            filename=None if inline else name.rpartition("/")[2],
            stat_result=self._sound(offer.file),
        )

    def _sound(self, file: File) -> os.stat_result:
        """Give what the system says of *file*, whose bytes are read the first time, and whenever it was touched since.

        Raises StoreError where it is not the file that the manifest lists.
        """
        path = self._directory / file.path
        try:
            found = os.lstat(path)
            if not stat.S_ISREG(found.st_mode) or found.st_size != file.size:
                raise StoreError(f"{path} is not the file that the manifest lists")
            seen = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)
            if self._proven.get(file.path) != seen:
                if manifest.digest(path) != (file.size, file.sha256):
                    raise StoreError(f"{path} is not the file that the manifest lists")
                self._proven[file.path] = seen
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}") from error
        return found


class _Part(FileResponse):
    """A file, or one part of it; several parts at once, and what is no range of bytes, count as not asked for (RFC 9110 §14.2)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        ranges = [value for name, value in scope["headers"] if name == b"range"]
        if not (len(ranges) == 1 and _is_range(ranges[0].decode("latin-1"))):
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"range"]}
        await super().__call__(scope, receive, send)


_RANGE: Final = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-[0-9]{1,18})", re.IGNORECASE)


def _is_range(text: str) -> bool:
    """Tell whether *text* asks for one part, whose end is not before its start."""
    found = _RANGE.fullmatch(text)
    return found is not None and (found[2] is None or int(found[1]) <= int(found[2]))


def offers(release: Manifest) -> dict[str, Offer]:
    """Give the files of *release* by name, as it gives their addresses: those of ``downloads/`` without that."""
    listed = sorted(release.files, key=lambda file: file.path.startswith(DOWNLOADS))
    named = {file.path.removeprefix(DOWNLOADS): file for file in listed}
    return {name: Offer(name, file) for name, file in sorted(named.items())}


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
