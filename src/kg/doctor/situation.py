"""What the doctor looks at: a directory, the project in it where there is one, and the machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Literal

from kg import loading
from kg.errors import ProjectError
from kg.project import CONFIGURATION, Project

Level = Literal["ok", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Note:
    """One line: how grave, a sentence that says what is so and what follows from it, and what to do."""

    level: Level
    message: str
    remedy: str = ""


def _free(path: Path) -> int:
    return shutil.disk_usage(path).free


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK)


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What is asked of the machine; tests put another in its place."""

    python: Sequence[int] = sys.version_info[:3]
    platform: str = sys.platform
    version: Callable[[str], str] = metadata.version
    requires: Callable[[str], list[str] | None] = metadata.requires
    program: Callable[[str], str | None] = shutil.which
    free: Callable[[Path], int] = _free
    may_write: Callable[[Path], bool] = _may_write
    today: date = field(default_factory=date.today)

    def installed(self, name: str) -> str | None:
        """Give the version of the distribution *name*, None where it is absent."""
        try:
            return self.version(name)
        except metadata.PackageNotFoundError:
            return None


@dataclass(kw_only=True)
class Situation:
    """A *directory*, its releases in *out*, what comes with the *package*, and the *machine*; *port* is that of ``kg serve``."""

    directory: Path
    output: str
    package: Path | None = None
    port: int = 8000
    machine: Machine = field(default_factory=Machine)

    @cached_property
    def root(self) -> Path | None:
        """The directory of the project at or above the directory, None where there is none."""
        start = self.directory.resolve()
        return next((p for p in (start, *start.parents) if (p / CONFIGURATION).is_file()), None)

    @cached_property
    def project(self) -> Project | None:
        """The project, None where there is none or its settings cannot be used."""
        try:
            return Project.open(self.root) if self.root else None
        except ProjectError:
            return None

    @property
    def out(self) -> Path:
        """The directory of releases."""
        return (self.root or self.directory) / self.output

    @cached_property
    def loaded(self) -> loading.Loaded | None:
        """The data of the project, None where there is no project."""
        return loading.load(self.project) if self.project else None
