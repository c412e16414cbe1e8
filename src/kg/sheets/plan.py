"""The plan of an import: what rows add, change and withdraw, and what is wrong with them; nothing is written here.

A row is compared with what the files say of its resource now. A cell that says the same is not looked at, a field that
differs is made anew, and what no field governs stays as it is. No row is missed: a resource without a row stays, since a
sheet may hold only some (decision 41).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.sheets.columns import ID, Cells, Field
from kg.sheets.edits import Edits
from kg.sheets.entries import Entry, types
from kg.sheets.export import digest
from kg.sheets.holdings import Holdings, Said
from kg.sheets.identifiers import Identifiers
from kg.sheets.naming import Collection
from kg.sheets.places import Places
from kg.sheets.reading import Read, Row
from kg.sheets.sharing import Sharing
from kg.sheets.values import KEPT, SOURCE
from kg.validation import Finding


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one resource: added, changed or withdrawn, by the *row* (0: by none) of the file *sheet*, in the data *file*.

    ``cells`` are the columns that change, each with what stood there and what will.
    """

    verb: str
    sheet: str
    row: int
    resource: str
    file: str
    cells: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Plan:
    """All of an import: its changes, its findings, the edits of files, and the identifiers given to rows without one.

    ``origins`` gives for the IRI of a resource (base of files) the sheet and row that speak of it, ``same`` the number of
    rows that change nothing, ``absent`` for each sheet how many resources have no row in it, ``given`` the identifiers by
    sheet and row. ``notes`` are sentences about rows that were passed over.
    """

    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    origins: dict[str, tuple[str, int]] = field(default_factory=dict)
    absent: dict[str, int] = field(default_factory=dict)
    given: dict[str, dict[int, str]] = field(default_factory=dict)
    same: int = 0

    @property
    def refused(self) -> bool:
        """Whether something is wrong, so that nothing may be written."""
        return any(finding.severity == "violation" for finding in self.findings)


class Planner:
    """The making of a plan from sheets that were read."""

    def __init__(
        self, holdings: Holdings, reads: Sequence[Read], places: Places, *, complete: bool = False, identify: bool = False
    ) -> None:  # fmt: skip
        self.plan = Plan(findings=[finding for each in reads for finding in each.findings])
        self.edits = Edits(holdings)
        self._holdings, self._reads, self._places, self._complete = holdings, reads, places, complete
        self._ids = Identifiers(holdings, reads, self.plan.given, identify=identify)
        self._names = Collection(holdings, self._ids.added, self._ids.labels)
        self._sharing = Sharing(holdings)

    def run(self) -> Plan:
        """Compare all rows and give the plan."""
        for read in self._reads:
            subjects = set(read.sheet.subjects(self._holdings))
            seen: set[ox.NamedNode] = set()
            for row in read.rows:
                if (subject := self._ids.subject(read, row)) is not None:
                    seen.add(subject)
                    self._row(read, row, subject, subject in subjects)
            self._missing(read, [each for each in subjects if each not in seen])
        for read, number, column, message, remedy in self._sharing.faults():
            read.fault(number, column, message, "sheet-citation", remedy)
        self.plan.findings = [finding for each in self._reads for finding in each.findings]
        return self.plan

    def _row(self, read: Read, row: Row, subject: ox.NamedNode, known: bool) -> None:
        """Compare one row."""
        sheet, names = read.sheet, read.sheet.header
        self.plan.origins[subject.value] = (read.name, row.number)
        if not known and subject in self._holdings and self._holdings.home(subject) is not None:
            read.fault(row.number, ID, f"the files describe {SOURCE.compact(subject.value)}, and not as one of {sheet.name}", "sheet-id", "choose another identifier, or enter it in the sheet where it belongs")  # fmt: skip
            return
        now = sheet.show(self._holdings, subject) if known else [""] * (len(names) - 1)
        cells = {
            name: was if cell is None else cell
            for name, cell, was in zip(names, row.cells, now, strict=False)
        }
        old = dict(zip(names, now, strict=False))
        was = row.cells[-1] or ""
        self._sharing.see(read, row.number, cells)
        if known and (not _changed(cells, old) or self._untouched(read, row, cells, now)):
            self.plan.same += 1
            return
        if not known and was:
            read.fault(row.number, ID, f"the row was exported, and no file has {SOURCE.compact(subject.value)}", "sheet-id", "put its identifier back, which never changes; for a new row empty the cell was")  # fmt: skip
            return
        entry = Entry(subject, self._holdings, self._names, self._ids.register, self._places.source(read, row, cells, old, known), not known)  # fmt: skip
        self._compare(read, row, entry, cells, old, bool(was) and digest(sheet, now) != was)

    def _untouched(self, read: Read, row: Row, cells: Cells, now: Sequence[str]) -> bool:
        """Tell whether a row is as it was exported, while the files have changed since: they stay, and a note says so."""
        was = row.cells[-1]
        if not was or was != digest(read.sheet, list(cells.values())) or was == digest(read.sheet, now):
            return False
        self.plan.notes.append(
            f"{read.name}, row {row.number}: was changed in the files since the export and not in the sheet; the files stay"
        )
        return True

    def _compare(self, read: Read, row: Row, entry: Entry, cells: Cells, old: Cells, stale: bool) -> None:
        """Make the fields that differ, and note what changes."""
        changed = [each for each in read.sheet.fields if entry.new or _differs(each, cells, old)]
        made = [(each, self._made(each, entry, cells, old)) for each in changed]
        said = list(self._holdings.said(entry.subject))
        current = {standing.said for standing in said}
        new = [(each, pairs) for each, pairs in made if set(pairs) != {s for s in current if each.governs(s)}]
        others = self._sharing.new(entry)
        for column, message, remedy in entry.faults:
            read.fault(row.number, column, message, "sheet-cell", remedy)
        if entry.faults:
            return
        if not new and not others and not entry.new:
            self.plan.same += 1
            return
        columns = [column.name for each in changed for column in each.columns]
        told = tuple((name, old[name], cells[name]) for name in columns if cells[name] != old[name])
        if stale:
            self._conflict(read, row, told)
            return
        self._take(read, row, entry, new, told)

    def _take(
        self, read: Read, row: Row, entry: Entry, new: list[tuple[Field, list[Said]]], told: tuple[tuple[str, str, str], ...]
    ) -> None:  # fmt: skip
        """Note the edits of a row, and the change."""
        if (file := self._places.file(read, row, entry)) is None:
            return
        if entry.new:
            named = SOURCE.split(entry.subject.value)
            own = types([kind]) if named and (kind := read.sheet.becomes.get(named[0])) else []
            self.edits.add(entry.subject, [*own, *(said for _, pairs in new for said in pairs)], file)
        for each, pairs in new if not entry.new else ():
            if (locked := self.edits.replace(entry.subject, each.governs, pairs)) is not None:
                read.fault(row.number, told[0][0] if told else "", f"it stands in {locked}, which kg does not edit", "sheet-file", "change it there: only Turtle on the base of source files is edited")  # fmt: skip
                return
        for other, pairs in self._sharing.take(read, row.number, entry).items():
            self.edits.describe(other, pairs, file)
            self.plan.origins.setdefault(other.value, (read.name, row.number))
        verb = (
            "added"
            if entry.new
            else "withdrawn"
            if ("status", "recorded", "withdrawn") in told
            else "changed"
        )
        self.plan.changes.append(Change(verb, read.name, row.number, SOURCE.compact(entry.subject.value), self._places.name(file), told))  # fmt: skip

    def _made(self, each: Field, entry: Entry, cells: Cells, old: Cells) -> list[Said]:
        """Give what a field makes; a fault where it would not make what the files say now, so that something might be lost."""
        names = [column.name for column in each.columns]
        for name in names:
            if cells[name] == KEPT and old[name] != KEPT:
                entry.fault(name, f"{KEPT} only ever stands for what a file has", "write a value, or empty the cell")  # fmt: skip
                return []
        if not entry.new:
            trial = entry.trial()
            before = {said.said for said in self._holdings.said(entry.subject) if each.governs(said.said)}
            faithful = set(each.make(trial, old)) == before or (trial.faults and KEPT not in (old[name] for name in names))  # fmt: skip
            if not faithful:
                name = next(name for name in names if cells[name] != old[name])
                entry.fault(name, "the files say more here than a row can hold", "change it in the file itself, so that nothing is lost")  # fmt: skip
                return []
        return each.make(entry, {name: _trimmed(cells[name]) for name in names})

    def _conflict(self, read: Read, row: Row, told: tuple[tuple[str, str, str], ...]) -> None:
        shown = "; ".join(f"{name}: the files have {_quoted(before)}, the sheet {_quoted(after)}" for name, before, after in told)  # fmt: skip
        read.fault(
            row.number,
            told[0][0] if told else "",
            f"somebody changed this in the files after the sheet was exported; {shown}",
            "sheet-conflict",
            "export again and carry your change over, or empty the cell was of this row to write the sheet's values",
        )

    def _missing(self, read: Read, subjects: Sequence[ox.NamedNode]) -> None:
        """Count the resources without a row, and where the sheet is said to be complete, take claims back."""
        if not self._complete:
            self.plan.absent[read.name] = len(subjects)
            return
        ordered = (each for each in read.sheet.subjects(self._holdings) if each in set(subjects))
        for subject in ordered:
            short = SOURCE.compact(subject.value)
            status = next((each for each in read.sheet.fields if each.columns[0].name == "status" and read.sheet.name == "claims"), None)  # fmt: skip
            home = self._holdings.home(subject)
            if status is None or home is None:
                read.fault(0, ID, f"{short} has no row, and nothing is ever deleted", "sheet-missing", f"bring its row back; kg withdraw {short} takes it back from every release, and replaced_by names what replaces it")  # fmt: skip
            elif (before := status.show(self._holdings, subject)[0]) == "recorded":
                trial = Entry(subject, self._holdings, self._names, self._ids.register)
                locked = self.edits.replace(
                    subject, status.governs, status.make(trial, {"status": "withdrawn"})
                )
                if locked is not None:
                    read.fault(0, ID, f"{short} stands in {locked}, which kg does not edit", "sheet-file", "withdraw it there")  # fmt: skip
                else:
                    self.plan.changes.append(Change("withdrawn", read.name, 0, short, home.name, (("status", before, "withdrawn"),)))  # fmt: skip


def _changed(cells: Cells, old: Cells) -> bool:
    return any(cells[name] != old[name] for name in cells if name != ID)


def _differs(each: Field, cells: Cells, old: Cells) -> bool:
    return any(cells[column.name] != old[column.name] for column in each.columns)


def _trimmed(cell: str) -> str:
    return cell if cell.strip() else ""


def _quoted(cell: str) -> str:
    return repr(cell) if cell else "nothing"
