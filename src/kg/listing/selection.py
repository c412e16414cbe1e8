"""What the filters leave of a list: how many, in which order, and how many of them have each other value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.listing import rows as sets
from kg.listing.facets import DATED, NONE, UNTIL, Facet

if TYPE_CHECKING:
    from kg.listing.reading import Listing

_SOME: Final = 400
"""How many rows are read at once."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet: its name in an address, its IRI (empty: a text), what it is called, how many members have it.

    ``count`` is that under the filters of all other facets; ``chosen`` tells whether it is one of the filters.
    """

    name: str
    iri: str
    label: str
    language: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """A facet with those of its values that are to be shown; ``more`` others have members too."""

    facet: Facet
    values: tuple[Value, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Row:
    """A member of a list; ``cells`` has the values of each of the list's columns."""

    iri: str
    label: str
    language: str
    veiled: bool
    living: bool
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Selection:
    """The members of ``listing`` that the filters leave. ``chosen`` are the values of each facet that is filtered by.

    ``until`` is the day by which they had been said, empty where none is asked for.
    """

    listing: Listing
    chosen: Mapping[str, tuple[Value, ...]]
    kept: Mapping[str, int] = field(repr=False)
    until: str = ""

    @property
    def total(self) -> int:
        """How many there are."""
        return self._rows.bit_count()

    @cached_property
    def living(self) -> bool:
        """Whether one of them may be a living person, or is a record of one."""
        listing = self.listing
        ((packed,),) = listing.lists.query("SELECT living FROM list WHERE l = ?", (listing.number,))
        return bool(self._rows & sets.unpack(packed, listing.total))

    @property
    def undated(self) -> int:
        """How many the filters but ``as-of`` leave that have no day, and of which it cannot be told."""
        if not self.until:
            return 0
        at = next(at for at, facet in self.listing.numbered if facet.name == DATED)
        packed = self.listing.lists.query("SELECT rows FROM value WHERE l = ? AND f = ? AND name = ?", (self.listing.number, at, NONE))  # fmt: skip
        return (
            (self._without(UNTIL) & sets.unpack(packed[0][0], self.listing.total)).bit_count()
            if packed
            else 0
        )

    def page(self, start: int = 0, size: int | None = None, order: str = "") -> Iterator[Row]:
        """Give *size* members from *start* on, all where that is None, in *order* (``label`` or ``date``), else in the list's own."""
        listing = self.listing
        asked = order or listing.orders[0]
        dates = None
        if asked == "date" and listing.dated:
            ((packed,),) = listing.lists.query("SELECT dates FROM list WHERE l = ?", (listing.number,))
            dates = sets.numbers(packed)
        numbers = sets.page(
            self._rows, listing.total, dates, start, size if size is not None else listing.total
        )
        for at in range(0, len(numbers), _SOME):
            yield from self._read(numbers[at : at + _SOME])

    def _read(self, numbers: Sequence[int]) -> Iterator[Row]:
        marks = ", ".join("?" * len(numbers))
        rows = self.listing.lists.query(
            f"SELECT n, iri, label, language, veiled, living, cells FROM item JOIN resource USING (r) WHERE l = ? AND n IN ({marks})",
            (self.listing.number, *numbers),
        )
        found = {
            n: Row(
                iri,
                label,
                language,
                bool(veiled),
                bool(living),
                tuple(map(tuple, json.loads(cells))),
            )
            for n, iri, label, language, veiled, living, cells in rows
        }
        yield from (found[n] for n in numbers)

    def counted(self, most: int, *, of: str = "", all: int = 0) -> list[Counted]:
        """Give every facet with up to *most* of its values, of the facet *of* up to *all*, each with the members that it would leave.

        What no member has under the other filters is left out, unless it is chosen.
        """
        return [
            self._counted(at, facet, all if facet.name == of else most) for at, facet in self.listing.numbered
        ]

    def crossed(self, one: str, other: str) -> dict[tuple[str, str], int]:
        """Give how many members have each value of the facet *one* together with each of *other*, by their names; none that nobody has.

        Raises QueryError where the list has no such facet.
        """
        seconds = list(self._valued(other))
        counts = {
            (name, second): (rows & others).bit_count()
            for name, rows in self._valued(one)
            for second, others in seconds
        }
        return {names: number for names, number in counts.items() if number}

    def _valued(self, name: str) -> Iterator[tuple[str, int]]:
        """Give the names of the values of a facet, each with the members left that have it."""
        listing = self.listing
        at = next((at for at, facet in listing.numbered if facet.name == name), None)
        if at is None:
            raise QueryError(f"this list has no filter {name!r}")
        for own, packed in listing.lists.query("SELECT name, rows FROM value WHERE l = ? AND f = ? ORDER BY v", (listing.number, at)):  # fmt: skip
            yield own, sets.unpack(packed, listing.total) & self._rows

    def _counted(self, at: int, facet: Facet, most: int) -> Counted:
        listing = self.listing
        others = self._without(facet.name)
        chosen = {value.name for value in self.chosen.get(facet.name, ())}
        columns = "name, iri, label, language, count"
        if others == sets.everything(listing.total):
            rows = listing.lists.query(f"SELECT {columns} FROM value WHERE l = ? AND f = ? ORDER BY v", (listing.number, at))  # fmt: skip
        else:
            marks = sets.marks(others, listing.total)
            read = listing.lists.query(f"SELECT {columns}, rows FROM value WHERE l = ? AND f = ? ORDER BY v", (listing.number, at))  # fmt: skip
            rows = [(*row[:4], sets.common(row[5], others, marks)) for row in read]
            if not facet.dates:
                rows.sort(key=lambda row: (row[0] == NONE, -row[4]))
        values = [
            Value(own, iri, label, language, count, own in chosen)
            for own, iri, label, language, count in rows
            if count or own in chosen
        ]
        shown = values[:most] + [value for value in values[most:] if value.chosen]
        return Counted(facet, tuple(shown), len(values) - len(shown))

    @cached_property
    def _rows(self) -> int:
        return self._without("")

    def _without(self, name: str) -> int:
        """Give the members that all filters but *name* leave."""
        found = sets.everything(self.listing.total)
        for other, kept in self.kept.items():
            if other != name:
                found &= kept
        return found
