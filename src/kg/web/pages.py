"""Pages: what each kind of page shows, and the templates that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import jinja2
import pyoxigraph as ox

from kg.archive import Archive
from kg.formats import Format
from kg.index import LABELS
from kg.names import KG, RDF, SCHEMA, SKOSXL, is_iri
from kg.rows import IRI
from kg.views import Claim, Reason, Thing
from kg.web.addresses import DOCUMENT_FORMATS, Addresses
from kg.web.descriptions import Descriptions, Name, Term
from kg.web.descriptions import Row as Solution
from kg.web.terms import Row, Shown, Terms, iris

INCOMING: Final = 100
"""How many statements that lead to a resource its page lists."""
_ROWS: Final = 1_000
_TYPES: Final = 40
_SUBJECTS: Final = 50

_TITLES: Final = {
    *(label.value for label in LABELS),
    SKOSXL + "literalForm",
    "http://xmlns.com/foaf/0.1/name",
}


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


@dataclass(frozen=True, slots=True)
class Band:
    """Claims about one event or about those wider or narrower than it, by property."""

    title: str
    measures: tuple[tuple[str, tuple[Claim, ...]], ...]
    about: bool = False  # whether each claim has to say which event it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the page about one IRI shows."""

    iri: str
    name: Name
    types: tuple[Shown, ...]
    forms: tuple[Form, ...]
    rows: tuple[Row, ...]
    incoming: tuple[Group, ...]
    total: int
    shown: int
    described: bool
    may_be_living: bool
    veiled: bool
    bands: tuple[Band, ...] = ()
    reason: Reason | None = None
    anchor: dict[str, str] | None = None


class Pages:
    """The pages about *archive*. Every method asks the store, so call them in a thread."""

    def __init__(self, archive: Archive, addresses: Addresses) -> None:
        self.archive = archive
        self.addresses = addresses
        self.descriptions = Descriptions(archive)
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("kg.web"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "manifest": archive.manifest,
            "licence": archive.manifest.licence if is_iri(archive.manifest.licence) else "",
            "at": addresses.of,
            "label": lambda iri: archive.label(IRI(iri)),
            "attest": "attest" in archive.manifest.profiles,
        }

    def render(self, template: str, **values: Any) -> str:
        """Give the HTML of *template* with *values*; every text in it is escaped."""
        return self._templates.get_template(template).render(**values)

    # ------------------------------------------------------------------ kinds of pages

    def document(self, iri: str) -> str:
        """Give the page about *iri*, which the release must know."""
        return self.render("document.html", page=self._document(iri), veiled=self._veiled)

    @cached_property
    def home(self) -> str:
        """The first page: scope, counts and ways in; it is the same as long as the release is."""
        if "attest" not in self.archive.manifest.profiles:
            return self.render(
                "home.html", kinds=(), queries=(), types=self._classes(), subjects=self._subjects()
            )
        archive = self.archive
        kinds: list[tuple[str, Sequence[Thing]]] = [
            ("Events", archive.events()),
            ("People", archive.people()),
            ("Places", archive.places()),
            ("Photographs", archive.photographs()),
            ("Publications, pages and comments", archive.works()),
        ]
        queries = [
            (query, "" if any(param.required for param in query.params) else query.bind({}, archive.base))
            for query in archive.catalog.values()
        ]
        return self.render("home.html", kinds=kinds, queries=queries, types=(), subjects=())

    def sparql(self, **values: Any) -> str:
        """Give the page of the query form; *values* are an answer or an error to show with it."""
        given: dict[str, Any] = {
            "query": _EXAMPLE,
            "error": None,
            "columns": None,
            "turtle": None,
            "truth": None,
        }
        return self.render("sparql.html", **given | values)

    def table(self, variables: Sequence[str], rows: Sequence[Sequence[Term | None]]) -> dict[str, Any]:
        """Give the values of the query page for solutions: cells with links, the first rows only."""
        first = rows[:_ROWS]
        named = {term.value for row in first for term in row if isinstance(term, ox.NamedNode)}
        terms = Terms(self.descriptions.names(named), self.archive.base, self.addresses)
        cells = [[terms.term(term) if term is not None else None for term in row] for row in first]
        return {"columns": list(variables), "cells": cells, "total": len(rows)}

    # ------------------------------------------------------------------ inside

    @cached_property
    def _veiled(self) -> frozenset[str]:
        return self.descriptions.veiled()

    def _document(self, iri: str) -> Document:
        triples = self.descriptions.of(iri)
        described = any(triple.subject == ox.NamedNode(iri) for triple in triples)
        claim = self._is(triples, iri, KG + "Claim")
        bands = () if claim or not described else self._bands(iri, self._is(triples, iri, SCHEMA + "Event"))
        without = (RDF + "subject",) if bands else ()
        leading, total = self.descriptions.incoming(iri, INCOMING, without=without)
        named = {iri, *iris(triples)} | {
            term.value for row in leading for term in row.values() if isinstance(term, ox.NamedNode)
        }
        names = self.descriptions.names(named)
        terms = Terms(names, self.archive.base, self.addresses)
        types = sorted(
            (
                terms.term(triple.object)
                for triple in triples
                if triple.subject == ox.NamedNode(iri) and triple.predicate.value == RDF + "type"
            ),
            key=lambda kind: kind.text,
        )
        return Document(
            iri=iri,
            name=names[iri],
            types=tuple(types),
            forms=tuple(Form(format, self.addresses.of(iri, format)) for format in DOCUMENT_FORMATS),
            rows=terms.rows(iri, triples, without={RDF + "type", *self._titles(iri, triples, names[iri])}),
            incoming=self._groups(leading, terms),
            total=total,
            shown=len(leading),
            described=described,
            may_be_living=self.descriptions.may_be_living(iri),
            veiled=iri in self._veiled,
            bands=bands,
            reason=self.archive.why(iri).statements[0][1][0] if claim else None,
            anchor=self._anchor(iri),
        )

    def _is(self, triples: Sequence[ox.Triple], iri: str, kind: str) -> bool:
        return ox.Triple(ox.NamedNode(iri), ox.NamedNode(RDF + "type"), ox.NamedNode(kind)) in triples

    def _titles(self, iri: str, triples: Sequence[ox.Triple], name: Name) -> set[str]:
        """Give the properties that say nothing but the heading again."""
        said: dict[str, set[str]] = {}
        for triple in triples:
            if triple.subject == ox.NamedNode(iri) and triple.predicate.value in _TITLES:
                said.setdefault(triple.predicate.value, set()).add(
                    triple.object.value if isinstance(triple.object, ox.Literal) else ""
                )
        return {predicate for predicate, texts in said.items() if texts == {name.text}}

    def _bands(self, iri: str, event: bool) -> tuple[Band, ...]:
        """Give the claims about *iri*; for an event those on wider and narrower events too, each band apart."""
        claims = self.archive.claims(event=iri, related=event)
        titles = {
            "same": "",
            "wider": "Of events that it is part of",
            "narrower": "Of events that are part of it",
        }
        bands = []
        for band, title in titles.items():
            measures: dict[str, list[Claim]] = {}
            for claim in claims:
                if claim.band == band:
                    measures.setdefault(self.archive.label(claim.predicate), []).append(claim)
            if measures:
                grouped = tuple((name, tuple(found)) for name, found in sorted(measures.items()))
                bands.append(Band(title, grouped, band != "same"))
        return tuple(bands)

    def _groups(self, leading: Sequence[Solution], terms: Terms) -> tuple[Group, ...]:
        groups: dict[str, list[Term]] = {}
        for row in leading:
            subject, predicate = row["s"], row["p"]
            if subject is not None and isinstance(predicate, ox.NamedNode):
                groups.setdefault(predicate.value, []).append(subject)
        return tuple(
            Group(terms.iri(predicate), tuple(map(terms.term, subjects)), tuple(map(self._claim, subjects)))
            for predicate, subjects in groups.items()
        )

    def _claim(self, term: Term) -> Claim | None:
        """Give the claim that *term* is, None where its IRI is not that of a claim."""
        if not isinstance(term, ox.NamedNode) or "attest" not in self.archive.manifest.profiles:
            return None
        named = self.archive.base.split(term.value)
        return self.archive.claim(term.value) if named and named[0] == "claim" else None

    def _anchor(self, iri: str) -> dict[str, str] | None:
        found = self.descriptions.anchor(iri)
        if found is None:
            return None
        return {
            name: term.value for name, term in found.items() if isinstance(term, ox.NamedNode | ox.Literal)
        }

    def _classes(self) -> list[tuple[Shown, str]]:
        rows = self.descriptions.types(_TYPES)
        found = [
            (row["it"].value, row["n"].value)
            for row in rows
            if isinstance(row["it"], ox.NamedNode) and isinstance(row["n"], ox.Literal)
        ]
        names = self.descriptions.names(iri for iri, _ in found)
        return [
            (Shown(names[iri].text, self.addresses.of(iri), names[iri].language, iri), count)
            for iri, count in found
        ]

    def _subjects(self) -> list[Shown]:
        found = self.descriptions.subjects(_SUBJECTS)
        terms = Terms(self.descriptions.names(found), self.archive.base, self.addresses)
        return [terms.iri(iri) for iri in found]


_EXAMPLE: Final = """SELECT DISTINCT ?class (COUNT(DISTINCT ?it) AS ?members)
WHERE { ?it a ?class }
GROUP BY ?class
ORDER BY DESC(?members) ?class
LIMIT 20"""
