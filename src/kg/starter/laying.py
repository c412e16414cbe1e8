"""Putting the files of a new collection into a directory: all of them, or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kg.errors import ProjectError


def lay(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write *files*, by relative path, into *directory*, which is absent or empty. Nothing is ever overwritten.

    Raises ProjectError where it is neither, OSError where it cannot be written; it is then as it was.
    """
    try:
        taken = next(iter(sorted(path.name for path in directory.iterdir())), None)
    except FileNotFoundError:
        taken = None
    except NotADirectoryError:
        raise ProjectError(
            f"{directory} is a file", remedy="name a directory that is not there yet"
        ) from None
    if taken is not None:
        raise ProjectError(
            f"{directory} is not empty: it holds {taken}",
            remedy="name a directory that is not there yet, or an empty one; nothing is overwritten",
        )
    made = [path for path in (directory, *directory.parents) if not path.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _fill(directory, files)
    except BaseException:
        for path in made:
            path.rmdir()
        raise


def _fill(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write all into a hidden directory first, then move what stands at its top."""
    fresh = Path(tempfile.mkdtemp(prefix=".kg-new-", dir=directory))
    moved: list[Path] = []
    try:
        for name, data in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        for entry in sorted(fresh.iterdir()):
            moved.append(entry.rename(directory / entry.name))
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
