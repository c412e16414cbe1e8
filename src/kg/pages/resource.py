"""Documents: what the page about one IRI shows, gathered from the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.archive import Archive
from kg.documents.addresses import Addresses
from kg.documents.contents import Contents
from kg.documents.descriptions import NAMING, Descriptions, Name, Term, iris
from kg.documents.incoming import Incoming
from kg.documents.signposts import Signpost
from kg.errors import NotFound
from kg.formats import Format
from kg.names import KG, RDF, RDFS, SCHEMA
from kg.pages.terms import Row, Shown, Terms
from kg.views import Claim, Reason

_SHOWN_APART: Final = (RDF + "type", RDFS + "comment")
_BANDS: Final = {
    "same": "",
    "wider": "Of events that it is part of",
    "narrower": "Of events that are part of it",
}
_ORDER: Final = (
    "QuantityClaim",
    "DateClaim",
    "RelationClaim",
    "RouteClaim",
    "DepictionClaim",
    "IdentityClaim",
)
"""Kinds of claim in the order of a page; all others follow."""
_INJURIES: Final = tuple(
    KG + name
    for name in (
        "woundedIn",
        "injuryOf",
        "takenTo",
        "expelledFrom",
        "received",
        "treatedBy",
        "treatedIn",
        "killedIn",
    )
)
"""What is said of a person's injuries comes after who they were."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which a document exists: its format and its address."""

    format: Format
    href: str


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind, each with a link; ``claims`` has the claim of those that are one."""

    title: Shown
    members: tuple[Shown, ...]
    claims: tuple[Claim | None, ...] = ()


Measures: TypeAlias = tuple[tuple[str, tuple[Claim, ...]], ...]
"""Claims by the label of their property."""


@dataclass(frozen=True, slots=True)
class Band:
    """Claims about one event or about those wider or narrower than it, by property, those that are veiled apart."""

    title: str
    measures: Measures
    veiled: Measures
    about: bool = False  # whether each claim has to say which event it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the page about one IRI shows."""

    iri: str
    name: Name
    types: tuple[Shown, ...]
    forms: tuple[Form, ...]
    links: tuple[Signpost, ...]
    pages: Mapping[str, str]
    rows: tuple[Row, ...]
    leading: Incoming
    incoming: tuple[Group, ...]
    described: bool
    may_be_living: bool
    veiled: bool
    remarks: tuple[Shown, ...] = ()
    bands: tuple[Band, ...] = ()
    reason: Reason | None = None
    anchor: dict[str, str] | None = None


class Documents:
    """The documents about what *archive* holds."""

    def __init__(self, archive: Archive, descriptions: Descriptions, addresses: Addresses) -> None:
        self._archive = archive
        self._descriptions = descriptions
        self._addresses = addresses
        self._attest = "attest" in archive.manifest.profiles

    def of(self, contents: Contents, links: Iterable[Signpost], pages: Mapping[str, str]) -> Document:
        """Give what the page of *contents* shows, with *links* and the addresses of other *pages* of it."""
        iri, leading = contents.iri, contents.incoming
        first = leading.page == 1
        own = [triple for triple in contents.own if triple.subject == ox.NamedNode(iri)]
        types = _objects(own, RDF + "type")
        reason = self._archive.why(iri).statements[0][1][0] if contents.is_claim else None
        bands = self._bands(contents) if first else ()
        names = self._descriptions.names({iri, *iris(contents.own), *iris(leading.statements)})
        terms = Terms(names, self._archive.base, self._addresses)
        hidden = {*_SHOWN_APART, *_titles(own, names[iri])}
        return Document(
            iri=iri,
            name=names[iri],
            types=_sorted(map(terms.term, types)),
            forms=tuple(
                Form(format, self._addresses.of(iri, format, page=leading.page)) for format in contents.forms
            ),
            links=tuple(links),
            pages=pages,
            rows=terms.rows(iri, contents.own, without=hidden) if first else (),
            remarks=_sorted(map(terms.term, _objects(own, RDFS + "comment"))) if first else (),
            leading=leading,
            incoming=self._groups(leading.statements, terms),
            described=bool(own),
            may_be_living=self._descriptions.may_be_living(iri),
            veiled=iri in self._archive.veiled or bool(reason and reason.claim.veiled),
            bands=bands,
            reason=reason,
            anchor=self._anchor(iri) if first else None,
        )

    def _bands(self, contents: Contents) -> tuple[Band, ...]:
        """Give the claims about the resource; for an event those on wider and narrower events too, each band apart."""
        event = SCHEMA + "Event" in contents.types
        if not contents.attest or contents.is_claim or contents.crowded or not (contents.claims or event):
            return ()
        claims = self._archive.claims(event=contents.iri, related=event)
        bands = []
        for band, title in _BANDS.items():
            own = [claim for claim in claims if claim.band == band]
            shown, veiled = (
                self._measures(claim for claim in own if claim.veiled is hidden) for hidden in (False, True)
            )
            if own:
                bands.append(Band(title, shown, veiled, band != "same"))
        return tuple(bands)

    def _measures(self, claims: Iterable[Claim]) -> Measures:
        measures: dict[str, list[Claim]] = {}
        for claim in claims:
            measures.setdefault(self._archive.label(claim.predicate), []).append(claim)
        return tuple(
            (name, tuple(measures[name]))
            for name in sorted(measures, key=lambda name: _place(measures[name][0], name))
        )

    def _groups(self, leading: Iterable[ox.Triple], terms: Terms) -> tuple[Group, ...]:
        groups: dict[str, list[Term]] = {}
        for triple in leading:
            groups.setdefault(triple.predicate.value, []).append(triple.subject)
        return tuple(
            Group(terms.iri(predicate), tuple(map(terms.term, subjects)), tuple(map(self._claim, subjects)))
            for predicate, subjects in groups.items()
        )

    def _claim(self, term: Term) -> Claim | None:
        """Give the claim that *term* is, None where its IRI is not that of a claim."""
        if not isinstance(term, ox.NamedNode) or not self._attest:
            return None
        named = self._archive.base.split(term.value)
        try:
            return self._archive.claim(term.value) if named and named[0] == "claim" else None
        except NotFound:  # it is named like a claim and is none
            return None

    def _anchor(self, iri: str) -> dict[str, str] | None:
        found = self._descriptions.anchor(iri) if self._attest else None
        if found is None:
            return None
        return {
            name: term.value for name, term in found.items() if isinstance(term, ox.NamedNode | ox.Literal)
        }


def _place(claim: Claim, name: str) -> tuple[int, bool, str]:
    """Give the place on a page of the claims with the property *name*, of which *claim* is one."""
    kind = _ORDER.index(claim.kind) if claim.kind in _ORDER else len(_ORDER)
    return kind, claim.predicate in _INJURIES, name


def _objects(triples: Sequence[ox.Triple], predicate: str) -> list[Term]:
    return [triple.object for triple in triples if triple.predicate.value == predicate]


def _sorted(shown: Iterable[Shown]) -> tuple[Shown, ...]:
    return tuple(sorted(shown, key=lambda value: (value.language, value.text)))


def _titles(own: Sequence[ox.Triple], name: Name) -> set[str]:
    """Give the properties that say nothing but the heading again."""
    said: dict[str, set[str]] = {}
    for triple in own:
        if triple.predicate.value in NAMING:
            text = triple.object.value if isinstance(triple.object, ox.Literal) else ""
            said.setdefault(triple.predicate.value, set()).add(text)
    return {predicate for predicate, texts in said.items() if texts == {name.text}}
