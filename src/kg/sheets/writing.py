"""Writing the files of an import: all of them or none.

New contents are written beside the files first, and put in their places one after the other; where that fails, and where the
caller asks for it, every file is as it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from kg.errors import ProjectError

_BESIDE: Final = ".kg-new"


class Written:
    """Files that were replaced, with what they held; :meth:`undo` puts that back."""

    def __init__(self) -> None:
        self._before: dict[Path, bytes | None] = {}
        self._directories: list[Path] = []

    def replace(self, files: Mapping[Path, bytes], read: Mapping[Path, bytes]) -> None:
        """Give each of *files* its contents; *read* is what was read of those that there were.

        Raises ProjectError where a file is no longer what was read, OSError where one cannot be written; no file is
        changed then.
        """
        unchanged(files, read)
        beside: dict[Path, Path] = {}
        try:
            for path, data in files.items():
                self._make(path.parent)
                beside[path] = path.with_name(f".{path.name}{_BESIDE}")
                _write(beside[path], data, path)
            for path, new in beside.items():
                self._before[path] = read.get(path)
                new.replace(path)
        except BaseException:
            for new in beside.values():
                new.unlink(missing_ok=True)
            self.undo()
            raise

    def undo(self) -> None:
        """Put back what each file held, and take out files and directories that were not there."""
        for path, before in self._before.items():
            if before is None:
                path.unlink(missing_ok=True)
            elif not path.exists() or path.read_bytes() != before:
                new = path.with_name(f".{path.name}{_BESIDE}")
                _write(new, before, path)
                new.replace(path)
        for directory in reversed(self._directories):
            with suppress(OSError):  # somebody else may have put something there
                directory.rmdir()
        self._before, self._directories = {}, []

    def _make(self, directory: Path) -> None:
        missing = []
        while not directory.exists():
            missing.append(directory)
            directory = directory.parent
        for each in reversed(missing):
            each.mkdir()
            self._directories.append(each)


def unchanged(files: Iterable[Path], read: Mapping[Path, bytes]) -> None:
    """Raise ProjectError where one of *files* is no longer what was *read*."""
    for path in files:
        if (path.read_bytes() if path.exists() else None) != read.get(path):
            raise ProjectError(
                f"{path}: somebody changed the file in the meantime", remedy="run the import again"
            )


def _write(path: Path, data: bytes, like: Path) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if like.exists():
        path.chmod(like.stat().st_mode & 0o7777)
