"""Usage: how often a collection uses a term of a vocabulary, and where, with an example that may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.archive import Archive
from kg.documents.descriptions import Descriptions
from kg.names import RDF

MOST: Final = 1_000
"""Up to how many statements are counted where no partition of the release has the number."""
_TRIED: Final = 40
_TYPE, _PREDICATE = ox.NamedNode(RDF + "type"), ox.NamedNode(RDF + "predicate")


@dataclass(frozen=True, slots=True)
class Used:
    """How a term is used: ``plain`` times as a class or a property, ``claimed`` times as what a claim says, ``named`` times as a value.

    None of these counts further than :data:`MOST`, but for the first. ``example`` is the IRI of a resource or claim that uses it, empty
    where there is none that may be shown without more ado.
    """

    plain: int
    claimed: int
    named: int
    example: str

    @property
    def any(self) -> bool:
        """Whether it is used at all."""
        return bool(self.plain or self.claimed or self.named)


class Usage:
    """The usage of terms in *archive*; *counts* are the numbers of its partitions by class or property (VoID)."""

    def __init__(self, archive: Archive, descriptions: Descriptions, counts: Mapping[str, int]) -> None:
        self._archive = archive
        self._descriptions = descriptions
        self._counts = counts

    def of(self, iri: str) -> Used:
        """Give how the term *iri* is used."""
        term = ox.NamedNode(iri)
        claims = self._subjects(_PREDICATE, term)
        instances = self._subjects(_TYPE, term)
        values = [] if instances else self._values(term)
        uses = (
            instances
            or claims
            or values
            or [quad.subject for quad in self._archive.store.match(None, term, None, limit=MOST)]
        )
        example = self._member(iri) if len(instances) == MOST else self._shown(uses)
        return Used(self._counts.get(iri, 0), len(claims), len(values), example)

    def _member(self, iri: str) -> str:
        """Give the first member of the class *iri* that may be shown, by the lists of the release."""
        lists = self._archive.lists
        if lists is None:
            return ""
        rows = lists.find(iri).select().page(0, _TRIED, "label")
        return next((row.iri for row in rows if self._may_be_shown(row.iri)), "")

    def _subjects(
        self, predicate: ox.NamedNode, object: ox.NamedNode, limit: int = MOST
    ) -> list[ox.NamedNode | ox.BlankNode | ox.Triple]:
        return [quad.subject for quad in self._archive.store.match(None, predicate, object, limit=MOST)]

    def _values(self, term: ox.NamedNode) -> list[ox.NamedNode | ox.BlankNode | ox.Triple]:
        """Give the subjects of statements about resources of the collection whose value is *term*, but for those that claims are about."""
        return [
            quad.subject
            for quad in self._archive.store.match(None, None, term, limit=MOST)
            if quad.predicate != _PREDICATE and self._own(quad.subject)
        ]

    def _own(self, node: ox.NamedNode | ox.BlankNode | ox.Triple) -> bool:
        return isinstance(node, ox.NamedNode) and node.value.startswith(self._archive.base.iri)

    def _shown(self, nodes: list[ox.NamedNode | ox.BlankNode | ox.Triple]) -> str:
        """Give the first of *nodes* that may be shown; none where they may not be all, since a store gives them in any order."""
        if len(nodes) == MOST:
            return ""
        named = sorted({node.value for node in nodes if isinstance(node, ox.NamedNode) and self._own(node)})
        return next((iri for iri in named[:_TRIED] if self._may_be_shown(iri)), "")

    def _may_be_shown(self, iri: str) -> bool:
        """Tell whether *iri* is not veiled and of nobody who may be living."""
        return iri not in self._archive.veiled and not self._descriptions.may_be_living(iri)
