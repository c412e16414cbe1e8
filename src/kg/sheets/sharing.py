"""What rows share: citations, links of relay and activities, which no row has to itself.

A citation that several rows name must be described alike by all of them; a row that differs is told so, also where its own
cells did not change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.sheets.citations import CITED, Citation
from kg.sheets.columns import Cells
from kg.sheets.entries import Entry
from kg.sheets.holdings import TYPE, Holdings, Said
from kg.sheets.reading import Read
from kg.sheets.values import SOURCE

_COLUMNS = tuple(column.name for column in Citation().columns)

Fault = tuple[Read, int, str, str, str]


class Sharing:
    """The shared resources of one import."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._seen: dict[str, list[tuple[Read, int, tuple[str, ...]]]] = defaultdict(list)
        self._edited: dict[str, tuple[str, int]] = {}
        self._written: dict[ox.NamedNode, list[Said]] = {}

    def see(self, read: Read, number: int, cells: Cells) -> None:
        """Remember which citation a row names, and how it describes it."""
        if named := cells.get(_COLUMNS[0], "").strip():
            self._seen[_slug(named)].append((read, number, _described(cells)))

    def new(self, entry: Entry) -> dict[ox.NamedNode, list[Said]]:
        """Give what *entry* says of others that neither files nor rows before it say."""
        found = {}
        for other, said in entry.others.items():
            known = {each.said for each in self._holdings.said(other) if each.said[0] in (*CITED, TYPE)}
            if self._written.get(other) != said and known != set(said):
                found[other] = said
        return found

    def take(self, read: Read, number: int, entry: Entry) -> dict[ox.NamedNode, list[Said]]:
        """Give the same, and count it as written."""
        found = self.new(entry)
        for other, said in found.items():
            self._written[other] = said
            self._edited.setdefault(_slug(SOURCE.compact(other.value)), (read.name, number))
        return found

    def faults(self) -> Iterator[Fault]:
        """Give each row that describes a citation otherwise than the first row that changes it."""
        for slug, (name, number) in self._edited.items():
            rows = self._seen.get(slug, ())
            said = next((cells for read, row, cells in rows if (read.name, row) == (name, number)), None)
            for read, row, cells in rows:
                if said is None or cells == said:
                    continue
                place = next(
                    at for at, (mine, theirs) in enumerate(zip(cells, said, strict=True)) if mine != theirs
                )
                yield (
                    read,
                    row,
                    _COLUMNS[place + 1],
                    f"{name}, row {number}, describes citation:{slug} otherwise",
                    "describe it alike in both rows, or empty the cell citation of one of them for a citation of its own",
                )


def _slug(named: str) -> str:
    return named.strip().removeprefix("citation:")


def _described(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cells[name].strip() for name in _COLUMNS[1:])
