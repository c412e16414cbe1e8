"""A trial of an import: what would be found in the project if files of it had other contents. A copy is validated, and the project not touched."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from kg import building, changelog, formats
from kg.project import CONFIGURATION, LOCAL, Project
from kg.validation import Report

Contents = Mapping[Path, bytes | None]
"""What files hold; None stands for a directory, and for what is neither file nor directory."""

_QUESTION: Final = ".rq"


def contents(project: Project) -> dict[Path, bytes | None]:
    """Give everything that a validation of *project* reads, as it is now.

    Raises ProjectError where a local copy of a source is absent, OSError where a file cannot be read.
    """
    found: dict[Path, bytes | None] = {}
    for name in (CONFIGURATION, LOCAL):
        if (path := project.root / name).is_file():
            found[path] = path.read_bytes()
    for top in ("data", "ontology", "queries"):
        for directory, below, names in os.walk(project.root / top):
            below[:] = [name for name in below if not name.startswith(".")]
            found[Path(directory)] = None
            for path in (Path(directory) / name for name in names):
                if formats.by_suffix(path.name) or path.suffix == _QUESTION or path.name == changelog.FILE:
                    found[path] = path.read_bytes() if path.is_file() else None
    if project.profiles:
        found |= {path.resolve(): path.read_bytes() for path in project.texts().values()}
    return found


def validate(project: Project, files: Contents) -> Report:
    """Validate *project* as it would be if it had *files* and no others; the files of findings are named as they are in it.

    Raises ProjectError where a setting or a shape cannot be used, OSError where the copy cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="kg-sheet-") as directory:
        root = Path(directory).resolve()
        for path, data in files.items():
            if path.is_relative_to(project.root):
                _lay(path, data, root / path.relative_to(project.root))
        copy = replace(Project.open(root, base=project.base.iri), texts_from=project.root)
        return Report(building.validate(copy).report.findings, str(project.root))


def _lay(path: Path, data: bytes | None, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if data is not None:
        target.write_bytes(data)
    elif path.is_dir():
        target.mkdir(exist_ok=True)
    else:
        target.symlink_to(path)  # a pipe or a broken link is found at its place, as in the project
