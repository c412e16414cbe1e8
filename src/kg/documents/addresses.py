"""Addresses: where on this server the document about an IRI stands, and which IRI an address means.

Canonical IRIs keep the configured base; the server answers on its own address. So every address here is a path,
never built from the Host header, and made of ASCII letters that need no escape, or of the escaped IRI.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, unquote

from kg.comparison import COMPARED
from kg.formats import (
    BIBTEX,
    CSL_JSON,
    CSV,
    GEO_JSON,
    HTML,
    JSON,
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    TURTLE,
    Format,
)
from kg.names import TYPES, Base, is_iri

DOCUMENT_FORMATS: Final = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, HTML)
"""The forms of every document, in the server's order of preference."""
CITATIONS: Final = (BIBTEX, CSL_JSON)
"""The forms in which a document says how it is cited, and nothing else."""
FORMS: Final = (*DOCUMENT_FORMATS, JSON, CSV, GEO_JSON, *CITATIONS)
"""All forms that documents about resources have; only some have a table or a place."""

RESERVED: Final = frozenset(
    {
        "changes",
        "citing",
        "claims",
        "context.jsonld",
        "download",
        "events",
        "feed.atom",
        "health",
        "list",
        "map",
        "method",
        "metrics",
    }
    | {
        "naming",
        "ns",
        "openapi.json",
        "opensearch.xml",
        "people",
        "photographs",
        "places",
        "prefixes",
        "privacy",
        "queries",
        "query",
        "release",
        "resource",
    }
    | {
        "robots.txt",
        "search",
        "shapes",
        "sitemap.xml",
        "sources",
        "sparql",
        "static",
        "takedown",
        "timeline",
        "unknown",
        "works",
    }
)
"""First segments of paths that are not those of resources."""
DOCUMENTS: Final = frozenset(
    {"dataset", "ns", "prefixes", "queries", "search", "shapes", "sparql"}
) | frozenset({"claims", "events", "list", "people", "photographs", "places", "sources", "works"})
"""Documents of the server's own, whose forms have suffixes too; ``dataset`` is about the resource of that name."""

_SEGMENT = r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
_PLAIN_SEGMENT: Final = re.compile(_SEGMENT)
_PLAIN_PATH: Final = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*")
_COMPARISON: Final = re.compile(rf"{_SEGMENT}/claims(?:[./].*)?")
"""What follows ``/event/`` or ``/place/`` in the address of a comparison."""


class Addresses:
    """The addresses of the resources under *base*, and of all others; each begins with *prefix* (``/release/0123456789ab``)."""

    def __init__(self, base: Base, prefix: str = "") -> None:
        self.base = base
        self.prefix = prefix

    def of(self, iri: str, format: Format | None = None, *, page: int = 1) -> str:
        """Give the path of the document about *iri*: of the negotiated one, or of its form in *format*; its first *page*, or another."""
        return self.prefix + self._of(iri, format, page)

    def claims(self, about: str, measure: str = "") -> str:
        """Give the path of the comparison of the claims *about* an event or a place: of one *measure* by its local name, else of all; empty where there is none.

        Its forms add a suffix, as those of a document do.
        """
        path = self._path(about) or ""
        plain = path.startswith(tuple(f"/{kind}/" for kind in COMPARED)) and (
            not measure or _PLAIN_SEGMENT.fullmatch(measure)
        )
        return f"{self.prefix}{path}/claims{f'/{measure}' if measure else ''}" if plain else ""

    @property
    def home(self) -> str:
        """What the addresses begin with where the collection is published: the configured base, for a release and its path."""
        return f"{self.base.iri}{self.prefix[1:]}/" if self.prefix else self.base.iri

    def canonical(self, iri: str, *, page: int = 1) -> str:
        """Give where the negotiated document about *iri* is published: its address on the configured base, that of no release."""
        return self.base.iri + self._of(iri, None, page).removeprefix("/")

    def _of(self, iri: str, format: Format | None, page: int) -> str:
        path = self._path(iri)
        asked = [f"page={page}"] if page > 1 else []
        if path is None:
            asked = [f"iri={quote(iri, safe='')}", *([f"format={format.suffix}"] if format else ()), *asked]
            path = "/resource"
        elif format:
            path = f"{path}.{format.suffix}"
        return f"{path}?{'&'.join(asked)}" if asked else path

    def meanings(self, path: str) -> Iterator[tuple[str, Format | None]]:
        """Give what the (still escaped) *path* can mean, the likeliest first: an IRI, and a form that its suffix names.

        The whole path comes before any suffix is taken off, so that an IRI which ends in ``.ttl`` can be reached.
        """
        yield from ((iri, None) for iri in self._iris(path))
        stem, dot, suffix = path.rpartition(".")
        for format in FORMS:
            if dot and suffix == format.suffix:
                yield from ((iri, format) for iri in self._iris(stem))

    def _path(self, iri: str) -> str | None:
        named = self.base.split(iri)
        if named:
            return f"/{named[0]}/{named[1]}" if _PLAIN_SEGMENT.fullmatch(named[1]) else None
        if not iri.startswith(self.base.iri):
            return None
        rest = iri[len(self.base.iri) :]
        first, _, second = rest.partition("/")
        taken = first in RESERVED or (first in TYPES and second and "/" not in second)
        taken = (
            taken
            or first.startswith("sitemap-")
            or (first in COMPARED and _COMPARISON.fullmatch(second) is not None)
        )
        taken = taken or (first.partition(".")[0] in DOCUMENTS and rest != "dataset")
        return f"/{rest}" if _PLAIN_PATH.fullmatch(rest) and not taken else None

    def _iris(self, path: str) -> Iterator[str]:
        for rest in dict.fromkeys((unquote(path)[1:], path[1:])):
            kind, _, slug = rest.partition("/")
            if kind in TYPES and slug and "/" not in slug and is_iri(iri := self.base.id(kind, slug)):
                yield iri
            if rest and is_iri(iri := self.base.iri + rest):
                yield iri
