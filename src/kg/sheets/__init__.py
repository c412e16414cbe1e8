"""Sheets: the curated record of a project as CSV tables for a spreadsheet, and the way back into its Turtle files.

:func:`exported` gives the sheets, :func:`empty` such with a header only; an :class:`Import` reads sheets, plans, and writes.
Nothing is derived, published or deleted here. docs/sheets.md lists the columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from kg.project import CONFIGURATION, Project
from kg.sheets import export, reading, remedies, trial, turtle
from kg.sheets.columns import ID, Sheet
from kg.sheets.holdings import Holdings
from kg.sheets.places import Places
from kg.sheets.plan import Change, Plan, Planner
from kg.sheets.things import sheets
from kg.sheets.writing import Written, unchanged
from kg.validation import Finding, Report

__all__ = ["NAMES", "Change", "Import", "Plan", "empty", "exported", "sheets"]

NAMES: Final = tuple(sheets(("en",)))
"""The names of all sheets."""
_NEW: Final = "# Entered from sheets; kg sheet export gives them.\n"


def exported(project: Project, names: Sequence[str] = NAMES, separator: str = ",") -> dict[str, bytes]:
    """Give the sheets *names* of what the files of *project* say, as CSV by file name.

    Raises InvalidGraph where a file of the project cannot be read.
    """
    holdings, every = Holdings(project), sheets(_languages(project))
    return {f"{name}.csv": export.export(holdings, every[name], separator) for name in names}


def empty(project: Project, names: Sequence[str] = NAMES, separator: str = ",") -> dict[str, bytes]:
    """Give empty sheets *names*, the documentation of all columns, and a text that tells how to begin, by file name."""
    every = sheets(_languages(project))
    files = {f"{name}.csv": export.empty(every[name], separator) for name in names}
    return files | {
        export.COLUMNS: export.columns(every, separator),
        export.README: export.readme(project.title),
    }


def _languages(project: Project) -> tuple[str, ...]:
    return project.languages or ("en",)


class Import:
    """An import of sheets into a project: planned when it is made, checked in a copy and written when it is told to.

    *files* are sheets by path; the stem of each is the name of its sheet. Raises InvalidGraph where a file of the project
    cannot be read, ProjectError where it cannot be told to which collection new records belong.
    """

    def __init__(
        self,
        project: Project,
        files: Mapping[Path, bytes],
        *,
        collection: str = "",
        complete: bool = False,
        identify: bool = False,
    ) -> None:
        self._project, self._files = project, dict(files)
        self._holdings = Holdings(project)
        every: dict[str, Sheet] = sheets(_languages(project))
        self._reads = {path: reading.read(data, every[path.stem], str(path)) for path, data in files.items()}
        reads = list(self._reads.values())
        self._places = Places(project, self._holdings, reads, collection)
        planner = Planner(self._holdings, reads, self._places, complete=complete, identify=identify)
        self.plan: Plan = planner.run()
        self._edits = planner.edits
        self._settings = None if self.plan.refused else self._places.settings()
        self._checked: tuple[trial.Contents, tuple[Report, bool]] | None = None

    @property
    def names(self) -> list[str]:
        """The names of the files that the import changes."""
        settings = [CONFIGURATION] if self._settings is not None else []
        sheets = [read.name for read in self._reads.values() if read.name in self.plan.given]
        return [*map(self._places.name, self._edits.files), *settings, *sheets]

    def texts(self) -> dict[Path, bytes]:
        """Give the files that the import changes, with what they will hold."""
        return self._records() | self._identified()

    def _records(self) -> dict[Path, bytes]:
        """Give those of them that are the project's."""
        known = {file.path: file.data for file in self._holdings.files}
        files: dict[Path, bytes] = {}
        for path, edits in self._edits.files.items():
            files[path] = turtle.edited(known[path].decode() if path in known else _NEW, edits).encode()
        if self._settings is not None:
            files[self._project.root / CONFIGURATION] = self._settings
        return files

    def _identified(self) -> dict[Path, bytes]:
        """Give the sheets with the identifiers that rows were given."""
        found = {}
        for path, read in self._reads.items():
            if given := self.plan.given.get(read.name):
                place = read.columns.index(ID)
                records = [list(record) for record in read.raw]
                for number, written in given.items():
                    records[number - 1][place] = written
                found[path] = export.rewritten(records, read.separator, read.encoding)
        return found

    def check(self) -> tuple[Report, bool]:
        """Validate a copy of the project that holds what would be written; nothing is written to the project.

        Give the report, with sheet, row and column where they are known, and whether all violations in it are there already.
        Where no file has changed since the last check, that is the answer. Raises ProjectError where a setting or a shape cannot
        be used, OSError where the copy cannot be made.
        """
        now = trial.contents(self._project)
        if self._checked is None or self._checked[0] != now:
            report = trial.validate(self._project, now | self._records())
            found = Report([self._mapped(each) for each in report])
            self._checked = now, (found, found.conforms or not self._new(found, now))
        return self._checked[1]

    def _new(self, report: Report, now: trial.Contents) -> bool:
        """Tell whether there is a violation in *report* that the project has not in its files as they are *now*."""
        before = {_key(each) for each in trial.validate(self._project, now)}
        return any(_key(each) not in before for each in report if each.severity == "violation")

    def write(self) -> tuple[Report, bool]:
        """Check, and write all files where no violation would be new; give the report and whether they were written.

        Raises ProjectError where a file was changed in the meantime, OSError where one cannot be written; no file is changed then.
        """
        known = {file.path: file.data for file in self._holdings.files} | self._files
        settings = self._project.root / CONFIGURATION
        files = self.texts()
        read = known | ({settings: settings.read_bytes()} if settings in files else {})
        unchanged(files, read)
        report, sound = self.check()
        if sound:
            Written().replace(files, read)
        return report, sound

    def concerns(self, finding: Finding) -> bool:
        """Tell whether *finding* is about something that the import changes."""
        return any(
            self._project.base.unbase(iri.strip("<>")) in self._changed
            for iri in (finding.focus, finding.other)
        )

    def _mapped(self, finding: Finding) -> Finding:
        """Give *finding* as its row shows it, unchanged where its resource came from none."""
        iri = self._project.base.unbase(finding.focus.strip("<>"))
        if iri not in self._changed or iri not in self.plan.origins:
            return finding
        sheet, row = self.plan.origins[iri]
        return remedies.told(finding, next(each for each in self._reads.values() if each.name == sheet), row)

    @cached_property
    def _changed(self) -> frozenset[str]:
        """The IRIs of all resources that the import edits."""
        return frozenset(subject.value for edits in self._edits.files.values() for subject in edits)


def _key(finding: Finding) -> tuple[str, ...]:
    """Give what makes a finding the same after an edit: all but its place."""
    return finding.rule, finding.message, finding.focus, finding.value
