"""What there is, for the first page and the index of lists: each kind and class with its number and where its list stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.pages.lists import Asked, ListAddresses
from kg.pages.terms import Shown

if TYPE_CHECKING:
    from kg.pages.pages import Pages


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
