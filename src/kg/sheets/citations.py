"""The field of the citation: where a statement was read whose text was not captured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.sheets.columns import Cells, Column, Single
from kg.sheets.entries import Entry, node, types
from kg.sheets.holdings import Holdings, Said
from kg.sheets.values import KEPT, SOURCE, Day, Reference, String

_CITATION, _WORK = node("kg:citation"), node("kg:work")


_PARTS: Final = (
    Single("work", "kg:work", "publication cited", "work:almanac-1902", Reference(("work", "source", "comment"))),
    Single("locator", "kg:locator", "page or address in it, as printed", "page 12", String()),
    Single(
        "read_in", "kg:readIn", "where it was read, if not in the publication itself", "work:coast-encyclopedia",
        Reference(("work", "source", "comment", "org"), foreign=True),
    ),
    Single("read_on", "kg:readOn", "day on which it was read", "1991-05-01", Day()),
    Single(
        "evidence_level", "kg:evidenceLevel",
        "`first-hand`: the claimant's own publication was read; `second-hand`: one that relays it; `third-hand`: one that cites a work which was not read",
        "second-hand", Reference(("concept",), scheme="evidence-levels"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement was read: a citation, which several rows may share."""

    columns: tuple[Column, ...] = (
        Column(
            "citation",
            "kg:citation",
            "citation that the five cells after this describe, if it has a name already; empty: the one that says the same, or a new one",
            "almanac-1902",
            "`citation:`",
        ),
        *(column for part in _PARTS for column in part.columns),
    )

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give the citation and what it says; :data:`KEPT` in each cell where there are several."""
        found = holdings.values(subject, _CITATION)
        if not found:
            return [""] * len(self.columns)
        (cited,) = found if len(found) == 1 else (None,)
        if not isinstance(cited, ox.NamedNode):
            return [KEPT] * len(self.columns)
        return [Reference(("citation",)).show(cited) or KEPT, *(cell for part in _PARTS for cell in part.show(holdings, cited))]  # fmt: skip

    def governs(self, said: Said) -> bool:
        """Tell whether it is a citation."""
        return said[0] == _CITATION

    def make(self, entry: Entry, cells: Cells) -> list[Said]:
        """Give the citation that the cells name or describe."""
        if not any(cells[column.name] for column in self.columns):
            return []
        said = [each for part in _PARTS for each in part.make(entry, cells)]
        named = cells["citation"].strip()
        if named and not any(cells[column.name] for column in self.columns[1:]):
            known = entry.read("citation", Reference(("citation",)), named)
            return [(_CITATION, known)] if known else []
        for name in ("work", "evidence_level"):
            if not cells[name]:
                entry.fault(name, "the cell is empty, and a citation needs it", f"write for example {_EXAMPLES[name]}")  # fmt: skip
        if entry.faults:
            return []
        cited = (
            entry.name("citation", "citation", named)
            if named
            else entry.register.cited.get(frozenset(said)) or _coined(entry, said)
        )
        if cited is None:
            return []
        entry.register.cited.setdefault(frozenset(said), cited)
        entry.others[cited] = [*types(["kg:Citation"]), *said]
        return [(_CITATION, cited)]


_EXAMPLES: Final = {part.name: part.example for part in _PARTS}
CELLS: Final = {"kg:citation": ("work", "locator", "evidence_level")}
"""The cells to fill where the property is missing: those that describe a citation, not the one that names it."""
CITED: Final = (*(node(part.prefixed) for part in _PARTS),)
"""The properties of a citation that a row says."""


def _coined(entry: Entry, said: list[Said]) -> ox.NamedNode:
    """Give a new citation, named for the work."""
    (work,) = (
        value.value for property, value in said if property == _WORK and isinstance(value, ox.NamedNode)
    )
    named = SOURCE.split(work)
    return entry.register.coin("citation", named[1] if named else "work")
