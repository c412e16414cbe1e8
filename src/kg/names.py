"""Names: the namespaces, prefixes and IRIs of Attest. No other module coins one.

Data, queries and shapes are written with the fixed :data:`SOURCE_BASE`; :class:`Base` replaces it by the
configured base and rewrites nothing else (an IRI that merely contains the base elsewhere stays as it is).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyoxigraph as ox

from kg.errors import ProjectError, QueryError

SOURCE_BASE: Final = "https://attest.example/baku-1990/"
"""The base that all files of this repository are written with; a reserved name, never citable."""

KG: Final = "https://w3id.org/attest/ns#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
SKOSXL: Final = "http://www.w3.org/2008/05/skos-xl#"
SCHEMA: Final = "https://schema.org/"
PROV: Final = "http://www.w3.org/ns/prov#"
OA: Final = "http://www.w3.org/ns/oa#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SH: Final = "http://www.w3.org/ns/shacl#"
SPDX: Final = "http://spdx.org/rdf/terms#"
EDTF_TYPE: Final = "http://id.loc.gov/datatypes/edtf/EDTF"

VOCABULARIES: Final[dict[str, str]] = {
    "crm": "http://www.cidoc-crm.org/cidoc-crm/",
    "crminf": "http://www.cidoc-crm.org/extensions/crminf/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": DCTERMS,
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "kg": KG,
    "oa": OA,
    "owl": OWL,
    "picom": "https://personsincontext.org/model#",
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "rs": "http://rightsstatements.org/vocab/",
    "schema": SCHEMA,
    "sh": SH,
    "skos": SKOS,
    "skosxl": SKOSXL,
    "spdx": SPDX,
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}
"""Prefixes of the vocabularies used, by prefix."""

TYPES: Final[tuple[str, ...]] = (
    "activity", "actor", "anomaly", "caption", "citation", "claim", "comment", "concept", "decision",
    "event", "group", "leg", "name", "node", "obs", "org", "passage", "person", "photo", "place", "relay",
    "route", "selector", "source", "text", "voice", "work",
)  # fmt: skip
"""Types of resource; each is the segment after ``id/`` and a prefix of the same name."""

SKOLEM: Final = "node"
"""The type of what had no name where it came from: a blank node of an imported dataset (RDF 1.1 Concepts §3.5)."""

CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "claims": (KG + "Claim",),
    "events": (SCHEMA + "Event",),
    "people": (SCHEMA + "Person",),
    "places": (SCHEMA + "Place",),
    "photographs": (SCHEMA + "Photograph",),
    "works": tuple(SCHEMA + name for name in ("Book", "NewsArticle", "Comment", "WebPage", "CreativeWork")),
    "passages": (OA + "SpecificResource",),
}
"""The kinds of resource that people ask for, by the word for several of them, each with its classes."""

SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What a slug looks like: lower-case ASCII letters, digits and single hyphens; no dot, so that a suffix
names a format."""

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")


def is_iri(text: str) -> bool:
    """Tell whether *text* is an absolute IRI (RFC 3987) that SPARQL and Turtle can carry between ``<`` and ``>``."""
    if not _ABSOLUTE_IRI.fullmatch(text):
        return False
    try:  # the engine knows the rest of the grammar, and refuses a query that names what is no IRI
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Base:
    """The base IRI of a collection, and the names made with it.

    ``iri`` is absolute, http or https, and ends with ``/`` (ProjectError otherwise).
    """

    iri: str = SOURCE_BASE

    def __post_init__(self) -> None:
        if not re.fullmatch(r"https?://[^\s/?#<>\"{}|^`\\]+/([^\s?#<>\"{}|^`\\]*/)?", self.iri):
            raise ProjectError(
                f"the base {self.iri!r} is not an http(s) IRI that ends with '/'",
                remedy='write for example base = "https://archive.example/baku-1990/"',
            )

    def rebase(self, iri: str) -> str:
        """Give *iri* with :data:`SOURCE_BASE`, where it starts with that, replaced by this base."""
        return self.iri + iri[len(SOURCE_BASE) :] if iri.startswith(SOURCE_BASE) else iri

    def unbase(self, iri: str) -> str:
        """Give *iri* with this base, where it starts with that, replaced by :data:`SOURCE_BASE`."""
        return SOURCE_BASE + iri[len(self.iri) :] if iri.startswith(self.iri) else iri

    def id(self, kind: str, slug: str) -> str:
        """Give the IRI of the resource *slug* of type *kind* (one of :data:`TYPES`)."""
        return f"{self.iri}id/{kind}/{slug}"

    def graph(self, name: str) -> str:
        """Give the IRI of a named graph, as ``entities`` or ``source/asbarez``."""
        return f"{self.iri}graph/{name}"

    def release(self, id: str) -> str:
        """Give the IRI of the release *id* as a version of the dataset, which is its address too."""
        return f"{self.iri}release/{id}/"

    @property
    def dataset(self) -> str:
        """The IRI of the dataset itself."""
        return f"{self.iri}dataset"

    def split(self, iri: str) -> tuple[str, str] | None:
        """Give (type, slug) of one of our own resources, None for any other IRI."""
        head = f"{self.iri}id/"
        if not iri.startswith(head):
            return None
        kind, _, slug = iri[len(head) :].partition("/")
        return (kind, slug) if kind in TYPES and slug and "/" not in slug else None

    def prefixes(self) -> dict[str, str]:
        """Give all prefixes: the vocabularies and one for each type of resource."""
        return (
            VOCABULARIES | {kind: f"{self.iri}id/{kind}/" for kind in TYPES} | {"graph": f"{self.iri}graph/"}
        )

    def expand(self, name: str, *, kind: str = "") -> str:
        """Give the IRI that a person means by *name*: an IRI, a prefixed name, or a slug of type *kind*.

        Raises QueryError when it is none of them.
        """
        text = name.strip()
        if kind and SLUG.fullmatch(text):
            return self.id(kind, text)
        iri = self._full(text)
        if iri is None:
            raise QueryError(
                f"{name!r} is not an IRI, a prefixed name or a known slug",
                remedy=f"write for example {kind or 'event'}:… and the slug, or an IRI in full",
            )
        return self.rebase(iri)

    def is_name(self, text: str) -> bool:
        """Tell whether *text* is meant as an IRI or a prefixed name, valid or not, and not as a slug or a label."""
        text = text.strip()
        prefix, colon, _ = text.partition(":")
        return text.startswith("<") or (bool(colon) and prefix in self.prefixes()) or is_iri(text)

    def _full(self, text: str) -> str | None:
        if text.startswith("<") and text.endswith(">"):
            text = text[1:-1]
        prefix, colon, local = text.partition(":")
        if colon and not local.startswith("//") and prefix in (known := self.prefixes()):
            text = known[prefix] + local
        return text if is_iri(text) else None

    def compact(self, iri: str) -> str:
        """Give the prefixed name of *iri* where it has one that Turtle accepts unescaped, else the IRI."""
        best = next((pair for pair in _longest_first(self) if iri.startswith(pair[0])), None)
        if best and _PLAIN_LOCAL.fullmatch(local := iri[len(best[0]) :]):
            return f"{best[1]}:{local}"
        return iri


_PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


@cache
def _longest_first(base: Base) -> tuple[tuple[str, str], ...]:
    """Give the namespaces of *base*, each with its prefix, the longest first."""
    pairs = ((namespace, prefix) for prefix, namespace in base.prefixes().items())
    return tuple(sorted(pairs, key=lambda pair: len(pair[0]), reverse=True))
