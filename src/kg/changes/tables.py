"""What has become of an answer between two releases: the rows that were added and those that were removed, whatever their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import pyoxigraph as ox

from kg.rows import VEILED
from kg.store import Solutions, Term

Fate: TypeAlias = Literal["unchanged", "changed", "not there yet", "no longer there"]
"""What has become of an answer since a release."""
Cells: TypeAlias = "tuple[Term | None, ...]"

_NAMELESS: Final = ox.BlankNode("nameless")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedTable:
    """What has become of the answer at ``address`` between the releases ``since`` and ``now`` (ids), the first of which need not be the older one.

    ``same`` rows stand in both; ``added`` and ``removed`` are rows under the ``columns``, in the order of their release, without those that
    name what is veiled, of which it is only told how many they are. ``limits`` says in sentences what has not been compared.
    """

    address: str
    since: str
    now: str
    state: Fate
    columns: tuple[str, ...] = ()
    same: int = 0
    added: tuple[Cells, ...] = ()
    removed: tuple[Cells, ...] = ()
    veiled_added: int = 0
    veiled_removed: int = 0
    limits: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """The first sentence: what has become of it, in short."""
        return {
            "unchanged": f"Nothing has changed: the releases {self.since} and {self.now} give the same answer, {_count(self.same)}.",
            "changed": f"The releases {self.since} and {self.now} do not give the same answer.",
            "not there yet": f"The release {self.since} has nothing at this address; the release {self.now} does.",
            "no longer there": f"The release {self.now} has nothing at this address; the release {self.since} does.",
        }[self.state]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything in sentences but the rows themselves."""
        return tuple(self._sentences())

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def _sentences(self) -> Iterator[str]:
        yield self.verdict
        yield from self.limits
        if self.state != "changed":
            return
        yield f"{_count(self.same).capitalize()} stand{'s' if self.same == 1 else ''} in both."
        for word, rows, veiled in (
            ("removed", self.removed, self.veiled_removed),
            ("added", self.added, self.veiled_added),
        ):
            total = len(rows) + veiled
            hidden = f", {veiled:,} of them veiled and not told of here" if veiled else ""
            yield f"{_count(total).capitalize()} {'was' if total == 1 else 'were'} {word}{hidden}."


def compared(
    before: Solutions,
    now: Solutions,
    *,
    address: str,
    since: str,
    current: str,
    veiled: Container[str] = frozenset(),
    limits: tuple[str, ...] = (),
) -> ChangedTable:
    """Give what has become of the answer *before*, that of the release *since*, in *now*, that of the release *current*.

    Both are taken as bags of rows (SPARQL 1.1 §18.2), over the columns that both have; nodes without names count as the same. Rows that
    name one of *veiled*, or say so in a column of that name, are counted and not told. *limits* are sentences on what else is not comparable.
    """
    columns = tuple(name for name in now.variables if name in before.variables)
    old, new = _chosen(before, columns), _chosen(now, columns)
    has, had = Counter(map(_mark, new)), Counter(map(_mark, old))
    removed, added = _beyond(old, has), _beyond(new, had)
    open_added, open_removed = (_open(rows, columns, veiled) for rows in (added, removed))
    return ChangedTable(
        address=address,
        since=since,
        now=current,
        state="changed" if added or removed or set(before.variables) != set(now.variables) else "unchanged",
        columns=columns,
        same=len(new) - len(added),
        added=open_added,
        removed=open_removed,
        veiled_added=len(added) - len(open_added),
        veiled_removed=len(removed) - len(open_removed),
        limits=(*limits, *_limits(before, now, since, current)),
    )


def _chosen(answer: Solutions, columns: tuple[str, ...]) -> list[Cells]:
    places = [answer.variables.index(name) for name in columns]
    return [tuple(row[place] for place in places) for row in answer.rows]


def _mark(row: Cells) -> Cells:
    return tuple(_NAMELESS if isinstance(cell, ox.BlankNode) else cell for cell in row)


def _beyond(rows: list[Cells], others: Counter[Cells]) -> list[Cells]:
    """Give those of *rows* that stand more often than in *others*, which has their marks."""
    left, found = others.copy(), []
    for row in rows:
        mark = _mark(row)
        if left[mark] > 0:
            left[mark] -= 1
        else:
            found.append(row)
    return found


def _open(rows: list[Cells], columns: tuple[str, ...], veiled: Container[str]) -> tuple[Cells, ...]:
    """Give those of *rows* that are not veiled."""

    def hides(name: str, cell: Term | None) -> bool:
        if isinstance(cell, ox.NamedNode):
            return cell.value in veiled
        return name == VEILED and isinstance(cell, ox.Literal) and cell.value == "true"

    return tuple(row for row in rows if not any(map(hides, columns, row)))


def _limits(before: Solutions, now: Solutions, since: str, current: str) -> Iterator[str]:
    for answer, other, id in ((before, now, since), (now, before, current)):
        if own := [name for name in answer.variables if name not in other.variables]:
            yield f"Only the release {id} has the column{'s' * (len(own) > 1)} {', '.join(own)}, which {'are' if len(own) > 1 else 'is'} not compared."
    if any(isinstance(cell, ox.BlankNode) for answer in (before, now) for row in answer.rows for cell in row):
        yield "Nodes without names have other labels in each release, and count as the same."


def _count(number: int) -> str:
    return "one row" if number == 1 else f"{number:,} rows" if number else "no rows"
