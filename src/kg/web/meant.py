"""Meant: what somebody means who asks what has become of something they cited: a resource, or an address that gives rows, and in which release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from kg.pages.lists import PATHS
from kg.pages.pages import Pages
from kg.web.languages import PARAMETER as LANGUAGE
from kg.web.parameters import parsed

_RELEASE: Final = re.compile(r"/release/(?P<id>[0-9a-f]{12})(?=/)")
_FORM: Final = re.compile(r"\.(?:csv|html|json|srj|srx|tsv)$")
_TABLE: Final = re.compile(r"/(?:queries/[^/]+|sparql|search|list|(?:event|place)/[^/]+/claims(?:/[^/]+)?)")
_OF_THE_PAGE: Final = frozenset({"page", "more", "axis"})
"""Parameters that change what a page shows of its rows, and not the rows."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A resource by its ``iri``, else the ``path`` of rows within a release (escaped, without a form) with a ``query``; ``since`` is the release that the address names.

    All are empty where they are not known.
    """

    iri: str = ""
    path: str = ""
    query: str = ""
    since: str = ""

    @property
    def text(self) -> str:
        """The same as somebody may write it."""
        return self.iri or self.path + (f"?{self.query}" if self.query else "")


def meaning(text: str, pages: Pages, origin: str) -> Meant:
    """Give what *text* means: an IRI, a prefixed name, or an address of this server, which begins with its path, its base or its *origin*."""
    base = pages.archive.base
    whole = quote(text.strip(), safe="/?&=%:;,@!$'*+()-._~[]#")
    homes = dict.fromkeys((base.iri.rstrip("/"), origin, ""))
    home = next((each for each in homes if whole.startswith(f"{each}/")), None)
    if home is None or text.startswith(f"{base.iri}id/"):
        return Meant(iri=base.expand(text.strip()) if text.strip() else "")
    path, _, query = whole[len(home) :].partition("#")[0].partition("?")
    since = ""
    if found := _RELEASE.match(path):
        since, path = found["id"], path[found.end() :]
    rows = _FORM.sub("", path)
    if _TABLE.fullmatch(rows) or rows in PATHS.values():
        return Meant(path=rows, query=_asked(rows, query, pages), since=since)
    if path == "/resource":
        return Meant(iri=dict(parsed(query)).get("iri", ""), since=since)
    return Meant(iri=_resource(path, pages), since=since)


def _asked(path: str, query: str, pages: Pages) -> str:
    """Give the parameters in *query* that say which rows are meant."""
    name = path.removeprefix("/queries/")
    own = pages.archive.catalog.find(name).names if name in pages.archive.catalog else ()
    shown = ({LANGUAGE} | (_OF_THE_PAGE if not path.startswith(("/queries", "/sparql")) else set())) - set(
        own
    )
    return urlencode([pair for pair in parsed(query) if pair[0] not in shown])


def _resource(path: str, pages: Pages) -> str:
    """Give the IRI of the document at *path*: one that the release knows, else the likeliest."""
    found = list(pages.addresses.meanings(path))
    stones = pages.archive.manifest
    known = (iri for iri, _ in found if pages.descriptions.known(iri) or stones.tombstone(iri))
    return next(known, next((iri for iri, form in found if form), found[0][0] if found else ""))
