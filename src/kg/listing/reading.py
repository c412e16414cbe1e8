"""Reading the lists of a release: what a list holds under chosen filters, in which order, and how many have each other value.

Filters are names of values by the name of their facet: of one facet any may hold, of several all must. Nothing of the store is asked.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Final

from kg.errors import NotFound, QueryError, StoreError
from kg.listing import rows as sets
from kg.listing.facets import DATED, NONE, UNTIL, Facet
from kg.listing.selection import Selection, Value
from kg.listing.writing import APPLICATION, VERSION
from kg.misspelling import meant
from kg.names import Base

_NAMED: Final = 12
"""How many values an error lists."""
_BUILD: Final = "run kg build"


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of a list: its name, what it holds, whether a page shows it."""

    name: str
    about: str
    shown: bool


class Lists:
    """The lists in the file at *path*, of a release on *base*. Safe to ask from several threads."""

    def __init__(self, path: Path, base: Base) -> None:
        """Open them. Raises StoreError where the file is absent, or no lists of this version."""
        self.base = base
        self._path = path
        self._lock = Lock()
        try:
            self._db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)  # fmt: skip
            ((application,),) = self._db.execute("PRAGMA application_id")
            ((version,),) = self._db.execute("PRAGMA user_version")
            self._state = _state(path)
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        if (application, version) != (APPLICATION, VERSION):
            raise StoreError(f"{path} holds no lists that this kg reads", remedy=_BUILD)

    def __iter__(self) -> Iterator[Listing]:
        """Give the lists that the profile has, then those of the classes, the largest first."""
        return iter(self._listings.values())

    def find(self, name: str) -> Listing:
        """Give the list *name*: one of the profile's (``photographs``), or the IRI of a class. Raises NotFound, which says what there is."""
        if name not in self._listings:
            near = meant(name, self._listings, 3)
            raise NotFound(f"there is no list of {name!r}", suggestions=tuple(near))
        return self._listings[name]

    def holds(self, name: str) -> bool:
        """Tell whether there is a list *name*."""
        return name in self._listings

    @cached_property
    def _listings(self) -> dict[str, Listing]:
        rows = self.query(
            "SELECT l, name, title, language, class, total, unnamed, by_date, dated, columns FROM list ORDER BY l"
        )
        facets: dict[int, list[tuple[int, Facet]]] = {}
        for number, at, definition in self.query("SELECT l, f, definition FROM facet ORDER BY l, f"):
            facets.setdefault(number, []).append((at, Facet.of(json.loads(definition))))
        return {
            row[1]: Listing(
                lists=self,
                number=row[0],
                name=row[1],
                title=row[2],
                language=row[3],
                of_class=bool(row[4]),
                total=row[5],
                unnamed=row[6],
                by_date=bool(row[7]),
                dated=row[8],
                columns=tuple(Shown(*each) for each in json.loads(row[9])),
                numbered=tuple(facets.get(row[0], ())),
            )
            for row in rows
        }

    def query(self, text: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a query of the file. Raises StoreError where it is damaged."""
        self.unchanged()
        try:
            with self._lock:
                return self._db.execute(text, values).fetchall()
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def unchanged(self) -> None:
        """Raise StoreError where the file is not any more the one that was opened, since SQLite would not notice."""
        state = _state(self._path)
        if state is not None and state != self._state:
            raise StoreError(f"{self._path} was changed after it was opened", remedy=_BUILD)

    def _damaged(self, error: Exception) -> StoreError:
        return StoreError(f"{self._path} cannot be read: {error}", remedy=_BUILD)


def _state(path: Path) -> tuple[int, ...] | None:
    """Give what tells whether a file was touched, None for one that was removed: what is open of it stays as it is."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list. ``title`` is what its members are called together, in ``language``; ``of_class``: it is that of a class.

    ``unnamed`` of the class have no IRI, and are no members; ``dated`` members have a day.
    """

    lists: Lists = field(repr=False)
    number: int
    name: str
    title: str
    language: str
    of_class: bool
    total: int
    unnamed: int
    by_date: bool
    dated: int
    columns: tuple[Shown, ...]
    numbered: tuple[tuple[int, Facet], ...] = field(repr=False)

    @property
    def facets(self) -> tuple[Facet, ...]:
        """What the list can be filtered by."""
        return tuple(facet for _, facet in self.numbered)

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of all filters."""
        names = tuple(facet.name for facet in self.facets)
        return (*names, UNTIL) if DATED in names else names

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders that it has, the one without asking first."""
        if not self.dated:
            return ("label",)
        return ("date", "label") if self.by_date else ("label", "date")

    def names(self, facet: Facet) -> list[str]:
        """Give the names of all values of *facet*, in their order."""
        rows = self.lists.query("SELECT name FROM value WHERE l = ? AND f = ? ORDER BY v", (self.number, self._place(facet)))  # fmt: skip
        return [name for (name,) in rows]

    def inside(self, facet: Facet, name: str) -> list[str]:
        """Give the IRIs that count as the value *name* of *facet*, where that is a place with others in it."""
        rows = self.lists.query("SELECT inside FROM value WHERE l = ? AND f = ? AND name = ?", (self.number, self._place(facet), name))  # fmt: skip
        return [iri for (inside,) in rows for iri in json.loads(inside)]

    def _place(self, facet: Facet) -> int:
        return next(at for at, each in self.numbered if each.name == facet.name)

    def select(self, chosen: Mapping[str, Sequence[str]] | None = None) -> Selection:
        """Give the members that *chosen* leaves: names of values by that of their facet; and ``as-of`` with a day.

        Raises QueryError, which names the parameter and says what there is.
        """
        places = {facet.name: at for at, facet in self.numbered}
        found: dict[str, tuple[Value, ...]] = {}
        kept: dict[str, int] = {}
        until = ""
        for name, values in (chosen or {}).items():
            if name == UNTIL and DATED in places:
                until, kept[UNTIL] = self._until(places[DATED], values)
                continue
            if name not in places:
                there = ", ".join(self.filters) or "none"
                raise QueryError(f"this list has no filter {name!r}", remedy=f"there are: {there}")
            found[name], kept[name] = self._chosen(places[name], name, values)
        return Selection(self, found, kept, until)

    def _chosen(self, at: int, name: str, values: Sequence[str]) -> tuple[tuple[Value, ...], int]:
        """Give the values that *values* name, and who has one of them."""
        found: dict[str, Value] = {}
        kept = 0
        for text in values:
            rows = self.lists.query(
                "SELECT name, iri, label, language, count, rows FROM value WHERE l = ? AND f = ? AND name = ? "
                "UNION ALL SELECT name, iri, label, language, count, rows FROM value WHERE l = ? AND f = ? AND iri = ? AND iri != ''",
                (self.number, at, text, self.number, at, self._full(text)),
            )
            if not rows:
                raise self._unknown(at, name, text)
            own, iri, label, language, count, packed = rows[0]
            found[own] = Value(own, iri, label, language, count, True)
            kept |= sets.unpack(packed, self.total)
        return tuple(found.values()), kept

    def _full(self, text: str) -> str:
        try:
            return self.lists.base.expand(text)
        except QueryError:
            return text

    def _unknown(self, at: int, name: str, text: str) -> QueryError:
        names = [row[0] for row in self.lists.query("SELECT name FROM value WHERE l = ? AND f = ? ORDER BY v", (self.number, at))]  # fmt: skip
        near = meant(text, names, 3)
        there = ", ".join(names[:_NAMED]) + (
            f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        )
        remedy = f"did you mean {' or '.join(near)}?" if near else f"there are: {there}"
        return QueryError(f"{name}: {text!r} is no value that this list has", remedy=remedy)

    def _until(self, at: int, values: Sequence[str]) -> tuple[str, int]:
        """Give the day that *values* say, and who was dated by then."""
        if len(values) != 1:
            raise QueryError(f"the parameter {UNTIL!r} stands twice", remedy="give it once")
        try:
            day = date.fromisoformat(values[0]).isoformat()
        except ValueError:
            raise QueryError(f"{UNTIL}: {values[0]!r} is no day", remedy="write it as 1990-01-16") from None
        rows = self.lists.query(
            "SELECT rows FROM value WHERE l = ? AND f = ? AND name != ? AND label <= ?",
            (self.number, at, NONE, day),
        )
        kept = 0
        for (packed,) in rows:
            kept |= sets.unpack(packed, self.total)
        return day, kept
