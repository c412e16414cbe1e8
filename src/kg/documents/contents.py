"""Contents: what the document about one IRI says, the same in every form.

Its own statements; the recorded claims about it, each with its voices and its evidence down to positions and digests; one
page of the statements that lead to it; and what everything that it mentions is called. A further page has only the
statements that lead there, with the name and the types of the resource.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.archive import Archive
from kg.documents.addresses import CITATIONS, DOCUMENT_FORMATS
from kg.documents.descriptions import Descriptions, Name, Node, iris
from kg.documents.incoming import Incoming
from kg.formats import CSV, GEO_JSON, JSON, Format
from kg.names import KG, OA, PROV, RDF, SCHEMA, VOCABULARIES

CLAIMS: Final = 1_000
"""Up to how many claims about it a document has in full; more are told of as other statements that lead to it."""

EVIDENCE: Final = frozenset(
    {KG + name for name in ("passage", "part", "citation", "relay")}
    | {OA + name for name in ("hasSource", "hasSelector", "refinedBy")}
)
"""What leads from a claim, or from any record, to what it rests on and who passed it on."""
_TYPE: Final = RDF + "type"
_PLACE: Final = SCHEMA + "Place"
_POINT: Final = frozenset(VOCABULARIES["geo"] + name for name in ("lat", "long"))


@dataclass(frozen=True)
class Contents:
    """What the document about ``iri`` says: see the module.

    ``own`` are the statements about it and those about the blank nodes that they lead to, ``claims`` the recorded claims about it,
    none where it is ``crowded``: where they are more than :data:`CLAIMS`.
    """

    iri: str
    own: tuple[ox.Triple, ...]
    claims: tuple[ox.NamedNode, ...]
    incoming: Incoming
    source: Descriptions
    attest: bool
    crowded: bool = False

    @cached_property
    def types(self) -> frozenset[str]:
        """The classes of the resource."""
        node = ox.NamedNode(self.iri)
        return frozenset(
            triple.object.value
            for triple in self.own
            if triple.subject == node
            and triple.predicate.value == _TYPE
            and isinstance(triple.object, ox.NamedNode)
        )

    @property
    def is_claim(self) -> bool:
        """Whether the resource is a claim itself."""
        return self.attest and KG + "Claim" in self.types

    @property
    def forms(self) -> tuple[Format, ...]:
        """The forms in which the document exists: a table where there are claims about it, GeoJSON where it is on a map."""
        if self.incoming.page > 1:
            return (*DOCUMENT_FORMATS, JSON)
        tables = (CSV,) if self.claims else ()
        return (*DOCUMENT_FORMATS, JSON, *tables, *((GEO_JSON,) if self.is_placed else ()), *CITATIONS)

    @cached_property
    def is_placed(self) -> bool:
        """Whether it is a place with coordinates."""
        node = ox.NamedNode(self.iri)
        said = {triple.predicate.value for triple in self.own if triple.subject == node}
        return _PLACE in self.types and said >= _POINT

    @cached_property
    def said(self) -> frozenset[ox.Triple]:
        """Everything that the document says but the names of what it mentions."""
        if self.incoming.page > 1:
            return frozenset((*self.incoming.statements, *self._heading()))
        return frozenset((*self.own, *self._grounds(), *self.incoming.statements))

    @cached_property
    def names(self) -> dict[str, Name]:
        """What the resource, and everything that the document mentions, is called, by IRI."""
        return self.source.names({self.iri, *iris(self.said)})

    @cached_property
    def triples(self) -> frozenset[ox.Triple]:
        """The document as RDF."""
        return self.said.union(name.said for name in self.names.values() if name.said is not None)

    def _heading(self) -> Iterable[ox.Triple]:
        node = ox.NamedNode(self.iri)
        return (triple for triple in self.own if triple.subject == node and triple.predicate.value == _TYPE)

    def _grounds(self) -> list[ox.Triple]:
        """Give the claims in full, with what they rest on; of a claim also those that it was derived from."""
        if not self.attest:
            return []
        followed = EVIDENCE | ({PROV + "wasDerivedFrom"} if self.is_claim else frozenset())
        found = self.source.closure(self.claims)
        seen: set[Node] = {ox.NamedNode(self.iri), *self.claims}
        fresh = [*self.own, *found]
        while fresh:
            reached = {
                triple.object
                for triple in fresh
                if triple.predicate.value in followed and isinstance(triple.object, ox.NamedNode)
            } - seen
            seen |= reached
            fresh = self.source.closure(sorted(reached, key=str))
            found += fresh
        return found


def contents(archive: Archive, source: Descriptions, iri: str, page: int = 1) -> Contents:
    """Give what *page* of the document about *iri* says, which *archive* must know. Raises QueryTooLarge."""
    attest = "attest" in archive.manifest.profiles
    own = tuple(source.of(iri))
    claims = source.claims(iri, CLAIMS) if attest and own else []
    incoming = source.incoming(iri, page, without=(RDF + "subject",) if claims else ())
    return Contents(iri, own, tuple(claims or ()), incoming, source, attest, claims is None)
