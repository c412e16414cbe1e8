"""What there is, for the first page and the index of lists: each kind and class with its number and where its list stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.pages.lists import PATHS, Asked, ListAddresses
from kg.pages.terms import Shown
from kg.views import Thing

if TYPE_CHECKING:
    from kg.pages.pages import Pages

FEW: Final = 60
"""Members of a kind that the first page shows."""
_OVERVIEW: Final = {
    "events": "Events",
    "people": "People",
    "places": "Places",
    "photographs": "Photographs",
    "works": "Publications, pages and comments",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A list in the index of lists."""

    title: Shown
    href: str
    total: int
    unnamed: int


def offers(pages: Pages, *, of_class: bool) -> list[Offer]:
    """Give the lists of the profile, or with *of_class* those of the classes, the largest first."""
    lists = pages.archive.lists
    found = [each for each in lists or () if each.of_class == of_class]
    return [
        Offer(
            Shown(each.title, "", each.language, each.name if each.of_class else ""),
            ListAddresses(each, pages.addresses).of(Asked({})),
            each.total,
            each.unnamed,
        )
        for each in found
    ]


@dataclass(frozen=True, slots=True)
class Kindred:
    """A kind on the first page: the address of its list (empty: there is none), how many there are, the first of them."""

    title: str
    href: str
    total: int
    members: tuple[Shown, ...]


def overview(pages: Pages) -> list[Kindred]:
    """Give the kinds that the first page shows, of a release without lists from the store."""
    archive, of = pages.archive, pages.addresses.of
    lists = archive.lists
    if lists is None:
        read: tuple[Sequence[Thing], ...] = (
            archive.events(),
            archive.people(),
            archive.places(),
            archive.photographs(),
            archive.works(),
        )
        return [
            Kindred(title, "", len(things), tuple(Shown(thing.label, of(thing.iri)) for thing in things))
            for title, things in zip(_OVERVIEW.values(), read, strict=True)
        ]
    found = []
    for name, title in _OVERVIEW.items():
        listing = lists.find(name)
        rows = listing.select().page(0, FEW, "label")
        members = tuple(
            Shown("veiled" if row.veiled else row.label, of(row.iri), row.language) for row in rows
        )
        found.append(Kindred(title, pages.addresses.prefix + PATHS[name], listing.total, members))
    return found
