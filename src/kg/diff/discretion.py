"""Discretion: what a difference must not tell of, because it was taken back, is withheld, or is veiled.

A tombstone knows what was taken back by the digest of its IRI; what that was called is looked up in the versions that still say it, so
that no label or reason of something else gives the name away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.appellations import Names
from kg.diff.facts import Facts
from kg.manifest import Tombstone
from kg.names import KG, OA, PROV, RDF, SKOSXL, TYPES, Base

_FALLING: Final = (RDF + "subject", RDF + "object", KG + "claimant", OA + "hasSource")
"""A record with one of these that is not public is none either."""
_SPOKEN_OF: Final = (
    RDF + "subject",
    RDF + "object",
    KG + "decides",
    KG + "rejects",
    KG + "anomalyOf",
    KG + "captionOf",
)
"""Who speaks of what is veiled by one of these is veiled too."""
_CALLED: Final = (
    *(SKOSXL + name for name in ("prefLabel", "altLabel", "hiddenLabel")),
    PROV + "wasDerivedFrom",
)
_DEPTH: Final = 3


class Discretion:
    """What of *sides* may be told: nothing of what *stones* stand for or that is *hidden*, and no words of what is *veiled*."""

    def __init__(
        self,
        sides: tuple[Facts, Facts],
        base: Base,
        stones: Iterable[Tombstone],
        hidden: Collection[str],
        veiled: Collection[str],
    ) -> None:
        self._sides = sides
        self._base = base
        self._marks = {stone.digest for stone in stones}
        self._hidden = hidden
        self._veiled = {*veiled, *self._called(veiled)}
        self._gone: dict[str, bool] = {}
        self._kept: dict[str, bool] = {}
        self._names = Names((), ())

    def meet(self, iris: Iterable[str]) -> None:
        """Look at *iris*, all that is going to be told of, for what is not public, and learn what that is called."""
        found = [iri for iri in dict.fromkeys(iris) if self.gone(iri)]
        records = [quad for side in self._sides for iri in found for quad in side.about(iri)]
        forms = [
            quad
            for side in self._sides
            for record in dict.fromkeys(q.object.value for q in records if isinstance(q.object, ox.NamedNode))
            for quad in side.about(record)
        ]
        self._names = Names([*records, *forms], found)

    def gone(self, iri: str) -> bool:
        """Tell whether *iri* is not public: taken back, or hidden."""
        if iri not in self._gone:
            self._gone[iri] = iri in self._hidden or (
                bool(self._marks) and Tombstone.mark(iri, self._base) in self._marks
            )
        return self._gone[iri]

    def falls(self, iri: str) -> bool:
        """Tell whether *iri* is not public, or a record that would say something else without what is not."""
        return self.gone(iri) or (
            self._guarded
            and any(
                self.gone(value)
                for side in self._sides
                for name in _FALLING
                for value in side.iris(iri, name)
            )
        )

    def speaks(self, *texts: str) -> bool:
        """Tell whether one of *texts* says the name of something that is not public."""
        return bool(self._names) and any(self._names.in_text(text) for text in texts)

    def words(self, words: Iterable[str]) -> bool:
        """Tell whether one of *words* is the slug of something that is not public."""
        return self._guarded and any(self.gone(self._base.id(kind, word)) for word in words for kind in TYPES)

    def veils(self, iri: str, depth: int = _DEPTH) -> bool:
        """Tell whether *iri* is veiled, is a name of what is, or speaks of it."""
        if not self._veiled:
            return False
        if iri in self._kept:
            return self._kept[iri]
        found = iri in self._veiled or (
            depth > 0
            and any(
                self.veils(value, depth - 1)
                for side in self._sides
                for name in _SPOKEN_OF
                for value in side.iris(iri, name)
            )
        )
        if found or depth == _DEPTH:
            self._kept[iri] = found
        return found

    @cached_property
    def veiled_of(self) -> Mapping[str, frozenset[str]]:
        """The veiled records by what they are about: what is published of it may rest on them."""
        found: dict[str, set[str]] = {}
        for iri in self._veiled:
            for side in self._sides:
                for subject in side.iris(iri, RDF + "subject"):
                    found.setdefault(subject, set()).add(iri)
        return {subject: frozenset(records) for subject, records in found.items()}

    @cached_property
    def _guarded(self) -> bool:
        return bool(self._marks or self._hidden)

    def _called(self, iris: Iterable[str]) -> set[str]:
        return {
            value
            for side in self._sides
            for iri in iris
            for name in _CALLED
            for value in side.iris(iri, name)
        }


def grouped(stones: Iterable[Tombstone]) -> Mapping[tuple[str, str], int]:
    """Give how many of *stones* there are by day and reason, in order of day."""
    found: dict[tuple[str, str], int] = {}
    for stone in sorted(stones, key=lambda each: (each.date, each.reason)):
        found[stone.date, stone.reason] = found.get((stone.date, stone.reason), 0) + 1
    return found
