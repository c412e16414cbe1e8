"""Naming: which resources there are to be named, the one that is nearest to a misspelt name, and slugs for new ones."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.misspelling import kin, meant
from kg.sheets.holdings import SCHEME, Holdings
from kg.sheets.values import SOURCE, Unread

_OFFERS: Final = 200
"""Misspelt names for which the nearest is looked for; a sheet with more has another fault."""
_LONGEST: Final = 60
"""Characters of a slug that is made from a label."""
_HOMES: Final = {
    "event": "events", "place": "places", "person": "people", "org": "voices", "actor": "voices", "voice": "voices",
    "work": "works", "photo": "photographs", "source": "sources", "claim": "claims", "concept": "concepts",
    "name": "names",
}  # fmt: skip
"""The sheet in which something of a type is entered."""


class Collection:
    """The resources that a cell may name: those of the files, and those that sheets bring.

    *added* gives for the IRI of each of the latter its cell ``scheme``, *labels* its label.
    """

    def __init__(
        self,
        holdings: Holdings,
        added: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        self._holdings = holdings
        self._added, self._labels = dict(added or {}), dict(labels or {})
        self._offers = _OFFERS

    @cached_property
    def _described(self) -> frozenset[str]:
        return frozenset(self._holdings.described) | frozenset(self._added)

    def own(self, iri: str) -> str:
        """Give *iri* on the base that files are written with."""
        return self._holdings.project.base.unbase(iri)

    def fault(self, iri: str, written: str, types: Sequence[str], scheme: str) -> Unread | None:
        """Give what is wrong with naming *iri*, written so, in a column of *types* and *scheme*; None where nothing is."""
        named = SOURCE.split(iri)
        if named and types and named[0] not in types:
            return Unread(f"{written!r} is of another type", f"name {_either(types)}")
        if iri in self._described and (named or not types):
            return self._out_of(iri, written, scheme) if scheme else None
        sheet = _HOMES.get(named[0] if named else types[0] if types else "", "")
        add = f"add it to {sheet}.csv" if sheet else "describe it in a file of the collection"
        near, there = self._offered(written, types, scheme)
        return Unread(
            f"nothing here is named {written!r}",
            f"did you mean {near}? Otherwise {add}" if near else f"{add}, or correct the name{there}",
        )

    def _out_of(self, iri: str, written: str, scheme: str) -> Unread | None:
        if self._is_in(iri, scheme):
            return None
        near, there = self._offered(written, ("concept",), scheme)
        add = f"add {scheme} to its scheme in concepts.csv"
        return Unread(
            f"{written!r} is no concept of {scheme}",
            f"did you mean {near}? Otherwise {add}" if near else f"{add}{there}",
        )

    def _is_in(self, iri: str, scheme: str) -> bool:
        node = ox.NamedNode(SOURCE.id("concept", scheme))
        known = node in self._holdings.values(ox.NamedNode(iri), SCHEME)
        return known or scheme in re.split(r"\s*\|\s*", self._added.get(iri, ""))

    def label(self, iri: str) -> str:
        """Give what *iri* is called, in the sheets or in the files."""
        return self._labels.get(iri) or self._holdings.label(ox.NamedNode(iri))

    def near(self, written: str, words: Sequence[str]) -> str:
        """Give that of *words* which is most like *written*, nothing where none is."""
        return nearest(written, words)

    def _offered(self, written: str, types: Sequence[str], scheme: str) -> tuple[str, str]:
        """Give the resource, with its label, that *written* may stand for by its slug or label, else in words which there are of its kind, where they are few."""
        if self._offers <= 0:
            return "", ""
        self._offers -= 1
        prefix, colon, slug = written.strip("<>").rpartition("/")[2].partition(":")
        among = types or tuple(self._candidates)
        if colon and prefix in self._candidates and (not types or prefix in types):
            among = (prefix,)
        offers = {
            text: iri
            for type in among
            for text, iri in self._candidates.get(type, {}).items()
            if not scheme or self._is_in(iri, scheme)
        }
        wanted = (slug if colon else prefix).lower()
        if not (found := meant(wanted, offers)):
            slugs = {each.partition(":")[2]: each for each in map(SOURCE.compact, offers.values())}
            there = ", ".join(slugs[each] for each in kin(wanted, slugs))
            return "", f"; there are {there}" if there else ""
        short, label = SOURCE.compact(offers[found[0]]), self.label(offers[found[0]])
        return (short if label == short else f"{short} ({label})"), ""

    @cached_property
    def _candidates(self) -> dict[str, dict[str, str]]:
        """For each type the slugs and labels of its resources, in lower case, with the IRI."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for iri in sorted(self._described):
            if named := SOURCE.split(iri):
                found[named[0]].setdefault(self.label(iri).lower(), iri)
                found[named[0]][named[1]] = iri
        return found


class Trusting(Collection):
    """A collection in which every name is taken to be one: for what files say already, right or wrong."""

    def fault(self, iri: str, written: str, types: Sequence[str], scheme: str) -> Unread | None:
        """Find nothing wrong."""
        return None


def nearest(written: str, words: Iterable[str]) -> str:
    """Give that of *words* which *written* may stand for, nothing where none is."""
    return next(iter(meant(written, words)), "")


def slug(text: str) -> str:
    """Give a slug like *text*, nothing where it has neither Latin letter nor digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].rstrip("-")


def _either(types: Sequence[str]) -> str:
    return " or ".join(f"{each}:…" for each in types)
