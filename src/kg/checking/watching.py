"""Watching: which files of a project were changed, made, renamed or taken away since the last look.

Files are told apart by size, time of change and number in the file system, at each look: no notice of the system is
needed, so that it works on any file system, also over a network.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

from kg.errors import ProjectError
from kg.project import CONFIGURATION, LOCAL, Project

_Mark: TypeAlias = tuple[int, int, int, int]

_PLACES: Final = ("data", "ontology", "queries")


class Watch:
    """The files that what is found about a project can rest on."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._seen = self._look()

    def changed(self) -> set[Path]:
        """Give the files that are other than at the last look, new or gone, by their full path."""
        before, self._seen = self._seen, self._look()
        return {
            path for path in before.keys() | self._seen.keys() if before.get(path) != self._seen.get(path)
        }

    def _look(self) -> dict[Path, _Mark]:
        marks = {}
        for path in self._paths():
            try:
                about = path.stat()
            except OSError:  # gone between two steps, or a link to nowhere
                continue
            if stat.S_ISREG(about.st_mode):
                marks[path] = (about.st_mtime_ns, about.st_size, about.st_ino, about.st_mode)
        return marks

    def _paths(self) -> list[Path]:
        project = self._project
        if project.files:
            return list(project.files)
        found = [project.root / CONFIGURATION, project.root / LOCAL]
        for name in _PLACES:
            for directory, _, files in os.walk(project.root / name):
                found += [Path(directory, file) for file in files]
        with suppress(ProjectError):  # the check says so
            found += project.texts().values()
        return found
