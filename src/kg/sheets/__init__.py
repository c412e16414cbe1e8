"""Sheets: the curated record of a project as CSV tables for a spreadsheet, and the way back into its Turtle files.

:func:`exported` gives the sheets, :func:`empty` such with a header only; an :class:`Import` reads sheets, plans, and writes.
Nothing is derived, published or deleted here. docs/sheets.md lists the columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

from kg import building
from kg.project import CONFIGURATION, Project
from kg.sheets import export, reading, turtle
from kg.sheets.columns import ID, Sheet
from kg.sheets.holdings import Holdings
from kg.sheets.places import Places
from kg.sheets.plan import Change, Plan, Planner
from kg.sheets.things import sheets
from kg.sheets.writing import Written
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
    """An import of sheets into a project: planned when it is made, written when it is told to.

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

    @property
    def names(self) -> list[str]:
        """The names of the files that the import changes."""
        settings = [CONFIGURATION] if self._settings is not None else []
        sheets = [read.name for read in self._reads.values() if read.name in self.plan.given]
        return [*map(self._places.name, self._edits.files), *settings, *sheets]

    def texts(self) -> dict[Path, bytes]:
        """Give the files that the import changes, with what they will hold."""
        known = {file.path: file.data for file in self._holdings.files}
        files: dict[Path, bytes] = {}
        for path, edits in self._edits.files.items():
            files[path] = turtle.edited(known[path].decode() if path in known else _NEW, edits).encode()
        if self._settings is not None:
            files[self._project.root / CONFIGURATION] = self._settings
        return files | self._identified()

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

    def write(self) -> tuple[Report, bool]:
        """Write all files, validate the project, and give the report, with sheet and row where they are known.

        Where there is a violation that was not there before, all files are put back as they were; the second value tells
        whether they stayed. Raises ProjectError where a file was changed in the meantime, OSError where one cannot be written.
        """
        known = {file.path: file.data for file in self._holdings.files} | self._files
        settings = self._project.root / CONFIGURATION
        files = self.texts()
        written = Written()
        read = known | ({settings: settings.read_bytes()} if settings in files else {})
        written.replace(files, read)
        try:
            report = Report([self._mapped(each) for each in building.validate(self._reopened()).report])
        except BaseException:
            written.undo()
            raise
        if report.conforms:
            return report, True
        written.undo()
        before = {_key(each) for each in building.validate(self._reopened()).report}
        if any(_key(each) not in before for each in report if each.severity == "violation"):
            return report, False
        written.replace(files, read)
        return report, True

    def _reopened(self) -> Project:
        """Give the project with the settings as they are now."""
        return Project.open(self._project.root, base=self._project.base.iri)

    def concerns(self, finding: Finding) -> bool:
        """Tell whether *finding* is about something that the import changes."""
        return any(
            self._project.base.unbase(iri.strip("<>")) in self._changed
            for iri in (finding.focus, finding.other)
        )

    def _mapped(self, finding: Finding) -> Finding:
        """Give *finding* with the sheet and row that its resource came from, unchanged where it came from none."""
        iri = self._project.base.unbase(finding.focus.strip("<>"))
        if iri not in self._changed or iri not in self.plan.origins:
            return finding
        sheet, row = self.plan.origins[iri]
        return replace(finding, file=sheet, line=row, column=0, path="")

    @cached_property
    def _changed(self) -> frozenset[str]:
        """The IRIs of all resources that the import edits."""
        return frozenset(subject.value for edits in self._edits.files.values() for subject in edits)


def _key(finding: Finding) -> tuple[str, ...]:
    """Give what makes a finding the same after an edit: all but its place."""
    return finding.rule, finding.message, finding.focus, finding.value
