"""Terms and names: what the ontology files say of a term, and which IRIs may be used at all.

Sections 1, 2 and 6 of the model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.loading.parts import Part, Term
from kg.misspelling import meant
from kg.names import KG, RDFS, SLUG, TYPES, XSD, Base
from kg.project import Project

_SUBCLASS: Final = ox.NamedNode(RDFS + "subClassOf")
_CLAIM: Final = ox.NamedNode(KG + "Claim")
_TRUE: Final = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))
_WRONG_SCHEMA: Final = "http://schema.org/"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the ontology files say of terms; ``defined`` holds the terms of our own namespace.

    ``complete`` is False where one of the files could not be read, or there is none.
    """

    publishable: frozenset[ox.NamedNode] = frozenset()
    claim_only: frozenset[ox.NamedNode] = frozenset()
    claim_classes: frozenset[Term] = frozenset({_CLAIM})
    defined: frozenset[str] = frozenset()
    complete: bool = False

    @classmethod
    def of(cls, parts: Iterable[Part], project: Project) -> Terms:
        """Read the terms from those of *parts* that are in the vocabulary graph."""
        ontology = [part for part in parts if part.file.graph == project.base.graph("vocab")]
        quads = [quad for part in ontology for quad in part.quads]
        classes: set[Term] = {_CLAIM}
        while (
            more := {quad.subject for quad in quads if quad.predicate == _SUBCLASS and quad.object in classes}
            - classes
        ):
            classes |= more
        return cls(
            publishable=_marked(quads, "publishable"),
            claim_only=_marked(quads, "claimOnly"),
            claim_classes=frozenset(classes),
            defined=frozenset(
                quad.subject.value
                for quad in quads
                if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(KG)
            ),
            complete=bool(ontology) and not any(part.doubt for part in ontology),
        )


def _marked(quads: Iterable[ox.Quad], mark: str) -> frozenset[ox.NamedNode]:
    return frozenset(
        quad.subject
        for quad in quads
        if quad.predicate.value == KG + mark
        and quad.object == _TRUE
        and isinstance(quad.subject, ox.NamedNode)
    )


def sound_names(base: Base) -> re.Pattern[str]:
    """Give the form of the names on *base* in which no fault can be; of no name where the base itself may be one."""
    if base.iri.startswith((_WRONG_SCHEMA, KG)):
        return re.compile(r"(?!)")
    return re.compile(rf"{re.escape(base.iri)}id/(?:{'|'.join(TYPES)})/{SLUG.pattern}")


def name_fault(iri: str, base: Base, terms: Terms) -> tuple[str, str, str] | None:
    """Give rule, sentence and remedy where *iri* may not be used."""
    if iri.startswith(_WRONG_SCHEMA):
        return (
            "schema-namespace",
            f"<{iri}> is in the http form of the schema.org namespace, and the data use the https one",
            f"write <https{iri[4:]}>",
        )
    if terms.complete and iri.startswith(KG) and iri not in terms.defined:
        known = sorted(name.removeprefix(KG) for name in terms.defined)
        near = meant(iri.removeprefix(KG), known)
        return (
            "unknown-term",
            f"the ontology defines no {base.compact(iri)}",
            f"write kg:{near[0]} if that is meant" if near else "define it in ontology/kg.ttl",
        )
    if iri.startswith(f"{base.iri}id/"):
        parts = base.split(iri)
        if parts is None:
            return (
                "slug",
                f"<{iri}> is not id/<type>/<slug> with a known type",
                f"use one of the types {', '.join(TYPES)}, and one segment after it",
            )
        if not SLUG.fullmatch(parts[1]):
            return (
                "slug",
                f"the slug {parts[1]!r} is not lower-case ASCII letters and digits with single hyphens",
                f"write for example {parts[0]}:{_slug(parts[1])}",
            )
    return None


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "a-name"
