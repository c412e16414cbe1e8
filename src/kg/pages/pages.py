"""Pages: what is shown to people, by templates that escape every text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any, Final

import jinja2
import pyoxigraph as ox

from kg.archive import Archive
from kg.chronology import MOST
from kg.citing import Citations
from kg.documents.addresses import Addresses
from kg.documents.contents import Contents
from kg.documents.descriptions import DEFAULT, Descriptions, Name, Term
from kg.documents.incoming import COUNTED
from kg.documents.signposts import Signpost
from kg.errors import NotFound, QueryError
from kg.locations import MOST as LOCATIONS
from kg.names import is_iri
from kg.notes import Note
from kg.pages import map as maps
from kg.pages import timeline
from kg.pages.answer import Answer, answer
from kg.pages.assets import assets
from kg.pages.cited import Cites
from kg.pages.comparing import Comparing
from kg.pages.completions import completions
from kg.pages.fault import marked
from kg.pages.fields import Fields
from kg.pages.home import home
from kg.pages.lookups import NOTHING
from kg.pages.overview import offers
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
_EDITOR: Final = "editor.js"
"""The script of the query page, which only some installations have."""

_EXAMPLE: Final = """SELECT DISTINCT ?class (COUNT(DISTINCT ?it) AS ?members)
WHERE { ?it a ?class }
GROUP BY ?class
ORDER BY DESC(?members) ?class
LIMIT 20"""


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
        self.comparing = Comparing(archive, self.descriptions, addresses)
        self.fields = Fields(archive)  # which asks for what there is to choose, and once for all languages
        self._completions = cache(partial(completions, archive))
        self._documents = Documents(archive, self.descriptions, addresses, words)
        # in English whatever the language of the page: a work has one citation
        self.citations = Citations(archive, Descriptions(archive))
        self.cites = Cites(self.citations, addresses, archive.manifest.id, several=shelf is not None)
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
            "cites": self.cites,
            "counted": COUNTED,
            "editor": any(asset.name == _EDITOR for asset in assets()),
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
            fresh._spoken, fresh.fields, fresh._completions = self._spoken, self.fields, self._completions
            self._spoken[language] = fresh
        return self._spoken[language]

    def name(self, iri: str) -> Name:
        """Give how *iri* is called, with the language of that: a claim by what it says, where that is not veiled."""
        named = self.archive.base.split(iri)
        if named and named[0] == "claim" and self._templates.globals["attest"]:
            claim = self.archive.claim_or_none(iri)
            if claim is not None:
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
            home=home(self) if attest else None,
            queries=self.archive.catalog,
            types=() if attest else self._classes(),
            subjects=() if attest else self._subjects(),
        )

    def timeline(self, first: date | None, last: date | None, as_of: date | None) -> str:
        """Give the page of the days from *first* to *last* as known on *as_of*. Raises as :meth:`kg.Archive.timeline` does."""
        page = timeline.page(self.archive, first, last, as_of)
        return self.render(
            "timeline.html",
            page=page,
            living=any(
                not self.descriptions.living.isdisjoint((each.iri, each.subject)) for each in page.claims
            ),
            reporting=self.archive.reporting,
            queries=self.archive.catalog,
            most=MOST,
            listed=timeline.LISTED,
        )

    def prepare(self) -> None:
        """Read once what the first reader of the timeline and of the map would wait for."""
        for page in (partial(self.timeline, None, None, None), partial(self.map, "", None)):
            with suppress(NotFound):  # nothing has a date, or coordinates
                page()

    def map(self, event: str, as_of: date | None) -> str:
        """Give the page of the map, of claims about *event* and made by *as_of* where these are given. Raises as :func:`kg.pages.map.page` does."""
        iri = self.archive.thing(event, "event").iri if event else ""
        return self.render(
            "map.html",
            page=maps.page(self.archive, iri, as_of),
            coordinates=maps.coordinates,
            precision=maps.precision,
            most=LOCATIONS,
        )

    def sparql(self, query: str = _EXAMPLE, **values: Any) -> str:
        """Give the page of *query*; *values* are an answer or an error to show with it, and what its links and programs need."""
        error = values.get("error")
        lines = marked(query, error.line, error.column) if isinstance(error, QueryError) else []
        given: dict[str, Any] = {
            "query": query,
            "asked": "",
            "graphs": (),
            "error": None,
            "lines": lines,
            "fault": next((line for line in lines if line.wrong is not None), None),
            "answer": None,
            "turtle": None,
            "truth": None,
            "note": Note(),
            "snippets": (),
            "permalink": "",
            "completions": self._completions(),
            "questions": len(self.archive.catalog),
        }
        return self.render("sparql.html", **given | values)

    def answer(self, variables: Sequence[str], rows: Sequence[Sequence[Term | None]], total: int) -> Answer:
        """Give the first *rows* of *total* as pages show them: cells with links and labels, and plots."""
        named = {term.value for row in rows for term in row if isinstance(term, ox.NamedNode)}
        terms = Terms(self.descriptions.names(named), self.archive.base, self.addresses)
        return answer(variables, rows, total, terms, self.archive.veiled)

    def permalink(self, path: str) -> str:
        """Give the address of *path* (without a prefix) in this release for good, empty where the server keeps no releases."""
        return f"/release/{self.archive.manifest.id}{path}" if self.shelf is not None else ""

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
