"""Pages: what is shown to people, by templates that escape every text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import jinja2
import pyoxigraph as ox

from kg.archive import Archive
from kg.documents.addresses import Addresses
from kg.documents.contents import Contents
from kg.documents.descriptions import DEFAULT, Descriptions, Name, Term
from kg.documents.incoming import COUNTED
from kg.documents.signposts import Signpost
from kg.errors import NotFound
from kg.names import is_iri
from kg.pages.lists import PATHS
from kg.pages.lookups import NOTHING
from kg.pages.overview import offers, overview
from kg.pages.resource import Documents
from kg.pages.terms import Shown, Terms
from kg.rows import IRI

if TYPE_CHECKING:
    from kg.web.shelf import Shelf

_OWN: Final = {
    "en": "English",
    "hy": "հայերեն",
    "ru": "русский",
    "az": "azərbaycanca",
    "de": "Deutsch",
    "fr": "français",
}
"""How some languages call themselves."""
ROWS: Final = 1_000
"""Rows of an answer that are shown at most."""
_TYPES: Final = 40
_SUBJECTS: Final = 50


class Pages:
    """The pages about *archive*, one of the releases of *shelf* where the server has several, with names in *language* where there are some.

    *contact* is the address (``mailto:``, ``https:``, ``tel:``) to write to about a record, empty where none is given.
    *words* are those of passages, by IRI, where whoever runs the server shows them. Every method asks the store, so call them in a thread.
    """

    def __init__(
        self,
        archive: Archive,
        addresses: Addresses,
        shelf: Shelf | None = None,
        *,
        language: str = "",
        contact: str = "",
        words: Mapping[str, str] = NOTHING,
    ) -> None:
        self.archive = archive
        self.addresses = addresses
        self.shelf = shelf
        self.contact = contact
        self.words = words
        self.languages = archive.manifest.languages or DEFAULT
        self.language = language or self.languages[0]
        self._spoken: dict[str, Pages] = {self.language: self}
        chain = dict.fromkeys((self.language, *DEFAULT))
        self.descriptions = Descriptions(archive, tuple(chain))
        self._documents = Documents(archive, self.descriptions, addresses, words)
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("kg.pages"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "manifest": archive.manifest,
            "licence": archive.manifest.licence if is_iri(archive.manifest.licence) else "",
            "root": addresses.prefix,
            "several": shelf is not None,
            "at": addresses.of,
            "label": lambda iri: archive.label(IRI(iri)),
            "name": self.name,
            "language": self.language,
            "languages": {tag: _OWN.get(tag, tag) for tag in self.languages},
            "chosen": self.language != self.languages[0],
            "attest": "attest" in archive.manifest.profiles,
            "contact": contact,
            "counted": COUNTED,
        }

    def spoken(self, language: str) -> Pages:
        """Give the same pages with labels in *language*, one of :attr:`languages`, and in English where there is none."""
        if language not in self._spoken:
            fresh = Pages(
                self.archive,
                self.addresses,
                self.shelf,
                language=language,
                contact=self.contact,
                words=self.words,
            )
            fresh._spoken = self._spoken
            self._spoken[language] = fresh
        return self._spoken[language]

    def name(self, iri: str) -> Name:
        """Give how *iri* is called, with the language of that: a claim by what it says, where that is not veiled."""
        named = self.archive.base.split(iri)
        if named and named[0] == "claim" and self._templates.globals["attest"]:
            with suppress(NotFound):
                claim = self.archive.claim(iri)
                return Name("a claim that is veiled" if claim.veiled else claim.sentence, "en", True)
        return self.descriptions.names((iri,))[iri]

    def render(self, template: str, **values: Any) -> str:
        """Give the HTML of *template* with *values*; every text in it is escaped."""
        return self._templates.get_template(template).render(**values)

    def document(
        self,
        contents: Contents,
        links: Iterable[Signpost],
        pages: Mapping[str, str],
        as_of: date | None = None,
    ) -> str:
        """Give the page of *contents*, with *links* and the addresses of other *pages* of it; claims as said by *as_of* where it can be limited."""
        page = self._documents.of(contents, links, pages, as_of)
        return self.render(page.template, page=page)

    @cached_property
    def home(self) -> str:
        """The first page: scope, counts and ways in; it is the same as long as the release is."""
        attest = "attest" in self.archive.manifest.profiles
        return self.render(
            "home.html",
            counted_lists=PATHS if attest and self.archive.lists else (),
            kinds=overview(self) if attest else (),
            queries=self.archive.catalog.values() if attest else (),
            types=() if attest else self._classes(),
            subjects=() if attest else self._subjects(),
        )

    def sparql(self, **values: Any) -> str:
        """Give the page of the query form; *values* are an answer or an error to show with it."""
        given: dict[str, Any] = {
            "query": _EXAMPLE,
            "error": None,
            "columns": None,
            "turtle": None,
            "truth": None,
            "note": "",
        }
        return self.render("sparql.html", **given | values)

    def table(
        self, variables: Sequence[str], rows: Sequence[Sequence[Term | None]], total: int
    ) -> dict[str, Any]:
        """Give the values of the query page for the first *rows* of *total*: cells with links."""
        named = {term.value for row in rows for term in row if isinstance(term, ox.NamedNode)}
        terms = Terms(self.descriptions.names(named), self.archive.base, self.addresses)
        cells = [[terms.term(term) if term is not None else None for term in row] for row in rows]
        return {"columns": list(variables), "cells": cells, "total": total}

    def _classes(self) -> list[tuple[Shown, str]]:
        """Give the largest classes, each with its number of members and a link to the list of them."""
        if self.archive.lists is None:
            return []
        found = offers(self, of_class=True)[:_TYPES]
        return [(replace(each.title, href=each.href), f"{each.total + each.unnamed:,}") for each in found]

    def _subjects(self) -> list[Shown]:
        found = self.descriptions.subjects(_SUBJECTS)
        terms = Terms(self.descriptions.names(found), self.archive.base, self.addresses)
        return [terms.iri(iri) for iri in found]


_EXAMPLE: Final = """SELECT DISTINCT ?class (COUNT(DISTINCT ?it) AS ?members)
WHERE { ?it a ?class }
GROUP BY ?class
ORDER BY DESC(?members) ?class
LIMIT 20"""
