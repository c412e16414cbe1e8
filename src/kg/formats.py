"""Formats: a media type, a file suffix and a parser as one value, and the choice among them.

:func:`negotiate` follows RFC 9110 §12.5.1: quality values, the more specific range wins, ``q=0`` excludes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from kg.errors import NotAcceptable


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """A way to write data: name, file suffix (no dot), media type, and pyoxigraph's parser for RDF ones.

    ``dataset`` tells whether it keeps named graphs.
    """

    name: str
    suffix: str
    media_type: str
    rdf: ox.RdfFormat | None = None
    dataset: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The Content-Type header's value, with the charset where the type takes one."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


N_TRIPLES: Final = Format("N-Triples", "nt", "application/n-triples", ox.RdfFormat.N_TRIPLES)
N_QUADS: Final = Format("N-Quads", "nq", "application/n-quads", ox.RdfFormat.N_QUADS, True)
TURTLE: Final = Format("Turtle", "ttl", "text/turtle", ox.RdfFormat.TURTLE, aliases=("application/x-turtle",))
TRIG: Final = Format("TriG", "trig", "application/trig", ox.RdfFormat.TRIG, True)
JSON_LD: Final = Format("JSON-LD", "jsonld", "application/ld+json", ox.RdfFormat.JSON_LD, True)
RDF_XML: Final = Format(
    "RDF/XML", "rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML, aliases=("application/xml", "text/xml")
)
HTML: Final = Format("HTML", "html", "text/html", aliases=("application/xhtml+xml",))
JSON: Final = Format("JSON", "json", "application/json")
CSV: Final = Format("CSV", "csv", "text/csv")
GEO_JSON: Final = Format("GeoJSON", "geojson", "application/geo+json")
BIBTEX: Final = Format("BibTeX", "bib", "application/x-bibtex")
CSL_JSON: Final = Format("CSL-JSON", "csl", "application/vnd.citationstyles.csl+json")
SPARQL_JSON: Final = Format(
    "SPARQL JSON", "srj", "application/sparql-results+json", aliases=("application/json",)
)
SPARQL_CSV: Final = Format("SPARQL CSV", "csv", "text/csv")
SPARQL_TSV: Final = Format("SPARQL TSV", "tsv", "text/tab-separated-values")
SPARQL_XML: Final = Format(
    "SPARQL XML", "srx", "application/sparql-results+xml", aliases=("application/xml", "text/xml")
)

RDF_FORMATS: Final = (TURTLE, TRIG, N_TRIPLES, N_QUADS, JSON_LD, RDF_XML)
EXPORTS: Final = {f.suffix: f for f in (N_TRIPLES, N_QUADS, TURTLE, TRIG, JSON_LD, RDF_XML)}
"""The formats that hold the whole dataset, by suffix."""
OFFERED: Final = EXPORTS | {f.suffix: f for f in (CSV, GEO_JSON)}
"""All that a dataset is offered in, by suffix: :data:`EXPORTS`, its tables (CSV) and its places (GeoJSON)."""

_ANY: Final = (N_TRIPLES, N_QUADS, TURTLE, TRIG)

_SUFFIXES: Final = {f.suffix: f for f in RDF_FORMATS} | {"xml": RDF_XML, "owl": RDF_XML, "json": JSON_LD}


def offered(format: Format | str) -> Format:
    """Give the format with the suffix *format* (``ttl``), or a format itself. Raises NotAcceptable, which lists all."""
    if isinstance(format, Format):
        return format
    if format not in OFFERED:
        raise NotAcceptable(f"no format is called {format!r}", available=tuple(OFFERED))
    return OFFERED[format]


def cannot_hold(why: str) -> NotAcceptable:
    """Give the error for data that a format cannot hold, for the reason *why*: it names those that hold any data."""
    return NotAcceptable(why, available=tuple(format.media_type for format in _ANY))


def by_suffix(path: str) -> Format | None:
    """Give the RDF format that the file name *path* stands for, None when it stands for none."""
    return _SUFFIXES.get(path.rpartition(".")[2].lower()) if "." in path else None


def as_json(value: object) -> bytes:
    """Give *value* as JSON in UTF-8, one member a line, as all that we write is."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


_QUOTED: Final = r'"(?:[^"\\]|\\.)*(?:"|\\?$)'
_MEMBERS: Final = re.compile(rf'(?:[^,"]|{_QUOTED})+', re.DOTALL)
_PIECES: Final = re.compile(rf'(?:^|;)((?:[^;"]|{_QUOTED})*)', re.DOTALL)
"""The members of the header and the pieces of each, whose commas and semicolons may stand in a quoted parameter (RFC 9110 §5.6.4)."""


def ranges(accept: str) -> list[tuple[str, float]]:
    """Give the ranges of a header as Accept or Accept-Language, in small letters, each with its quality, which is 0 where it is no number."""
    found = []
    for part in _MEMBERS.findall(accept):
        media, *parameters = (piece.strip().lower() for piece in _PIECES.findall(part))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    quality = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    quality = 0.0
        if media:
            found.append((media, quality))
    return found


def _quality(format: Format, liked: list[tuple[str, float]]) -> float:
    """Give how much *liked* ranges like *format*: the most specific range counts, an alias only where it is named."""
    kind = format.media_type.partition("/")[0]
    for wanted in ((format.media_type,), format.aliases, (f"{kind}/*",), ("*/*",)):
        matches = [quality for media, quality in liked if media in wanted]
        if matches:
            return max(matches)
    return 0.0


def negotiate(accept: str | None, available: Sequence[Format]) -> Format:
    """Give the format of *available* (in the server's order of preference) that *accept* likes best.

    An absent or empty header accepts everything. Raises NotAcceptable, which lists what there is.
    """
    best = _best(accept or "", tuple(available))
    if best is None:
        raise NotAcceptable(
            f"none of the formats here is acceptable ({accept})",
            available=tuple(dict.fromkeys(f.media_type for f in available)),
        )
    return best


@lru_cache(1_024)  # clients send the same few headers over and over
def _best(accept: str, available: tuple[Format, ...]) -> Format | None:
    liked = ranges(accept) or [("*/*", 1.0)]
    best, best_quality = None, 0.0
    for candidate in available:
        quality = _quality(candidate, liked)
        if quality > best_quality:
            best, best_quality = candidate, quality
    return best
