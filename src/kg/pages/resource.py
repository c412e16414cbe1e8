"""Documents: what the page about one IRI shows, gathered from the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox

from kg.archive import Archive
from kg.documents.addresses import Addresses
from kg.documents.contents import Contents
from kg.documents.descriptions import Descriptions, Name, Term, iris
from kg.documents.incoming import Incoming
from kg.documents.signposts import Signpost
from kg.formats import Format
from kg.index import NAMING
from kg.names import RDF, RDFS
from kg.pages.claims import ClaimPage
from kg.pages.kinds import DATED, Subject, questions, subject
from kg.pages.lookups import NOTHING, Listed, Lookups
from kg.pages.sources import Passage
from kg.pages.terms import Row, Shown, Terms
from kg.views import Claim

_SHOWN_APART: Final = (RDF + "type", RDFS + "comment")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the page about one IRI shows.

    ``subject`` is what pages of its kind show, None for the generic one and beyond the first page of what refers to it;
    ``cut`` are claims that name the resource and that have no room here, ``as_of`` the day to which claims are limited, ``dated`` tells whether they can be. ``number`` counts the statements about it.
    """

    iri: str
    href: str
    name: Name
    types: tuple[Shown, ...]
    forms: tuple[Form, ...]
    links: tuple[Signpost, ...]
    pages: Mapping[str, str]
    rows: tuple[Row, ...]
    number: int
    leading: Incoming
    incoming: tuple[Group, ...]
    described: bool
    crowded: bool
    may_be_living: bool
    veiled: bool
    remarks: tuple[Shown, ...] = ()
    subject: Subject | None = None
    as_of: date | None = None
    dated: bool = False
    questions: tuple[tuple[str, str], ...] = ()
    describe: str = ""
    cut: tuple[Listed[str], ...] = ()

    @property
    def heading(self) -> str:
        """What stands over the page: the name of the resource, for what has none a description."""
        own = self.subject.heading if isinstance(self.subject, ClaimPage | Passage) else ""
        return own or self.name.text

    @property
    def template(self) -> str:
        """The template that shows it."""
        return self.subject.template if self.subject else "document.html"


class Documents:
    """The documents about what *archive* holds; *words* are those of passages, by IRI, where they are shown."""

    def __init__(
        self,
        archive: Archive,
        descriptions: Descriptions,
        addresses: Addresses,
        words: Mapping[str, str] = NOTHING,
    ) -> None:
        self._words = words
        self._archive = archive
        self._descriptions = descriptions
        self._addresses = addresses
        self._attest = "attest" in archive.manifest.profiles

    def of(
        self,
        contents: Contents,
        links: Iterable[Signpost],
        pages: Mapping[str, str],
        as_of: date | None = None,
    ) -> Document:
        """Give what the page of *contents* shows, with *links* and the addresses of other *pages* of it, limited to *as_of* where it can be."""
        iri, leading = contents.iri, contents.incoming
        first = leading.page == 1
        own = [triple for triple in contents.own if triple.subject == ox.NamedNode(iri)]
        look = Lookups(self._archive, self._descriptions, self._addresses, contents, as_of, self._words)
        shown = subject(look) if first and self._attest and own else None
        names = self._descriptions.names({iri, *iris(contents.own), *iris(leading.statements)})
        terms = Terms(names, self._archive.base, self._addresses)
        apart = () if shown else {*_SHOWN_APART, *_titles(own, names[iri])}
        dated = shown is not None and shown.template in DATED
        veiled = isinstance(shown, ClaimPage) and shown.claim.veiled
        return Document(
            iri=iri,
            href=self._addresses.of(iri),
            name=names[iri],
            types=_sorted(map(terms.term, _objects(own, RDF + "type"))),
            forms=tuple(
                Form(format, self._addresses.of(iri, format, page=leading.page)) for format in contents.forms
            ),
            links=tuple(links),
            pages=pages,
            rows=terms.rows(iri, contents.own, without=apart) if first else (),
            number=len(own),
            remarks=_sorted(map(terms.term, _objects(own, RDFS + "comment"))) if first else (),
            leading=leading,
            incoming=self._groups(leading.statements, terms),
            described=bool(own),
            crowded=contents.crowded,
            may_be_living=self._descriptions.may_be_living(iri),
            veiled=iri in self._archive.veiled or veiled,
            subject=shown,
            as_of=as_of if dated else None,
            dated=dated,
            questions=questions(look) if self._attest else (),
            cut=tuple(dict.fromkeys(look.cut)),
            describe=look.sparql(f"DESCRIBE <{iri}>"),
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
        return self._archive.claim_or_none(term.value) if named and named[0] == "claim" else None


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
