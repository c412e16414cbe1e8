"""Cited: what a page shows under "Cite this": its citation, and where the forms of that and the permalink stand on this site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kg.citation import Citation
from kg.citing import Citations
from kg.documents.addresses import Addresses
from kg.formats import BIBTEX, CSL_JSON
from kg.queries import Query

CHANGES = "/changes"
"""Where a site compares a release that it keeps with the current one."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, with addresses on this site, each empty where there is none.

    ``kept`` is that of the permalink, ``bibtex`` and ``csl`` those of its forms, ``changes`` where one learns whether it has changed since.
    """

    citation: Citation
    kept: str = ""
    bibtex: str = ""
    csl: str = ""
    changes: str = ""


class Cites:
    """What the pages of *citations*' archive show; where a site keeps *several* releases, permalinks lead into that of *release*."""

    def __init__(self, citations: Citations, addresses: Addresses, release: str, *, several: bool) -> None:
        self._citations = citations
        self._addresses = addresses
        self._release = release if several else ""

    def iri(self, iri: str) -> Cited:
        """Give what the page about *iri* shows, of which the release must know. A kept release asks since itself."""
        asked = {"iri": iri} | ({"since": self._release} if self._addresses.prefix else {})
        return self._shown(
            self._citations.of(iri),
            self._addresses.of(iri, BIBTEX),
            self._addresses.of(iri, CSL_JSON),
            f"{CHANGES}?{urlencode(asked)}" if self._release else "",
        )

    def question(self, query: Query, given: Mapping[str, str]) -> Cited:
        """Give what the page of the answer to *query* with the parameters *given* shows."""
        asked = f"?{urlencode(sorted(given.items()))}" if given else ""
        path = f"{self._addresses.prefix}/queries/{query.name}"
        bibtex, csl = (f"{path}.{format.suffix}{asked}" for format in (BIBTEX, CSL_JSON))
        citation = self._citations.question(query, given)
        return self._shown(citation, bibtex, csl, self._since(citation))

    def sparql(self, text: str, graphs: Sequence[tuple[str, str]] = ()) -> Cited:
        """Give what the page of the answer to the query *text* over *graphs* shows; it has no forms of its own."""
        citation = self._citations.sparql(text, graphs)
        return self._shown(citation, changes=self._since(citation) if "?" in citation.permalink else "")

    def page(
        self, path: str, title: str, *, genre: str = "page", note: str = "", rows: bool = False
    ) -> Cited:
        """Give what another page at *path* (within a release) shows: a comparison, a map. It has no forms of its own; *rows* can be compared."""
        citation = self._citations.page(path, title, genre=genre, note=note)
        return self._shown(citation, changes=self._since(citation) if rows else "")

    def _since(self, citation: Citation) -> str:
        """Give where one learns whether an answer has changed since: on a kept release since itself, else since one to be chosen."""
        path = self._kept(citation).removeprefix(f"/release/{self._release}")
        asked = {"iri": path} | ({"since": self._release} if self._addresses.prefix else {})
        return f"{CHANGES}?{urlencode(asked)}" if path else ""

    def _kept(self, citation: Citation) -> str:
        """Give the path of the permalink, empty where the site keeps no releases."""
        return f"/{citation.permalink.removeprefix(self._addresses.base.iri)}" if self._release else ""

    def _shown(self, citation: Citation, bibtex: str = "", csl: str = "", changes: str = "") -> Cited:
        return Cited(citation, self._kept(citation), bibtex, csl, changes)
