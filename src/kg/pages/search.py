"""The page of a search: the form, what was found with the form that matched, and where nothing was, what is nearest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from kg.documents.addresses import Addresses
from kg.names import TYPES
from kg.pages.pages import Pages
from kg.search import Found, Hit

KINDS: Final = 40
"""How many kinds the form lists at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """A hit with the address of its document."""

    hit: Hit
    href: str


@dataclass(frozen=True, slots=True)
class Facet:
    """A kind with the number of hits that are of it, and the address of the search for those alone."""

    kind: str
    number: int
    href: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows: see the module. ``found`` is None where nothing was asked."""

    words: str
    kind: str
    kinds: tuple[str, ...]
    found: Found | None = None
    hits: tuple[Line, ...] = ()
    suggestions: tuple[Line, ...] = ()
    facets: tuple[Facet, ...] = ()
    everything: str = ""


def page(pages: Pages, words: str, kind: str = "", found: Found | None = None) -> Page:
    """Give the page of the search for *words* of *kind* that *found* so much."""
    kinds = _kinds(pages)
    if found is None:
        return Page(words, kind, kinds)
    addresses = pages.addresses
    facets = tuple(
        Facet(each, number, _address(addresses, words, each))
        for each, number in found.kinds.items()
        if len(found.kinds) > 1
    )
    everything = _address(addresses, words) if found.kind else ""
    return Page(
        words, found.kind, kinds, found, _lines(found, addresses), _lines(found.suggestions, addresses), facets, everything
    )  # fmt: skip


def _kinds(pages: Pages) -> tuple[str, ...]:
    """Give the kinds that the form lists: of our own model the types, since each class has one."""
    known = list(pages.archive.kinds)
    if "attest" in pages.archive.manifest.profiles:
        known = [kind for kind in known if kind in TYPES]
    return tuple(sorted(known[:KINDS]))


def _lines(hits: Iterable[Hit], addresses: Addresses) -> tuple[Line, ...]:
    return tuple(Line(hit, addresses.of(hit.iri)) for hit in hits)


def _address(addresses: Addresses, words: str, kind: str = "") -> str:
    asked = {"q": words, **({"kind": kind} if kind else {})}
    return f"{addresses.prefix}/search?{urlencode(asked)}"
