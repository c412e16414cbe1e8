"""The cache on disk of a large release: ``store/`` beside ``quads.nq``, made from it and never part of the release.

``store/cache.json`` says with which engine and from which quads it was made, and the size and SHA-256 of its files:
the engine itself notices neither a flipped bit nor an emptied store when it opens one. A cache that is absent, damaged
or of another version is made anew, in a fresh directory that then takes the name.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pyoxigraph as ox

from kg.errors import StoreError
from kg.manifest import QUADS, digest

NAME: Final = "store"
_MARK: Final = "cache.json"
_DATABASE: Final = "db"
_ENGINE: Final = f"pyoxigraph {ox.__version__}"


FRESH: Final = 0.002
"""Seconds for which a look at the files holds: a page reads some hundred times in a row, and each look asks the system for every file."""


@dataclass(slots=True)
class Cache:
    """A cache at *path* that was found sound, and what the system said of its files then."""

    path: Path
    files: tuple[tuple[str, int, int, int], ...]
    _looked: float = field(default=-FRESH, init=False, compare=False)

    def unchanged(self) -> None:
        """Raise StoreError where a file was written, put in the place of another or taken away since.

        The engine would not tell: it gives what it still finds, and counts what it cannot read without an end.
        """
        if (now := monotonic()) - self._looked < FRESH:
            return
        directory = f"{self.path / _DATABASE}{os.sep}"
        try:  # by name, since a confined worker can list no directory
            same = all(_stated(directory + each[0]) == each[1:] for each in self.files)
        except OSError:
            same = False
        if not same:
            raise StoreError(
                "the store on disk was changed while it was in use",
                remedy=f"remove {self.path} and start again",
            )
        self._looked = now


def made(directory: Path, sha256: str) -> Cache:
    """Give the cache of the release in *directory*, whose quads have the digest *sha256*; make it where need be.

    Raises StoreError where it cannot be made.
    """
    target = directory / NAME
    if not _sound(target, sha256):
        with _alone(directory):
            if not _sound(target, sha256):  # else another process was first
                _make(directory, sha256)
    try:
        return Cache(target, tuple((path.name, *_stated(path)) for path in _paths(target)))
    except OSError as error:
        raise StoreError(f"{target} cannot be read: {error.strerror}", remedy=f"remove {target}") from error


def opened(cache: Cache) -> ox.Store:
    """Open the cache that :func:`made` gave. Raises StoreError where it cannot be opened, or was changed since."""
    target = cache.path
    cache.unchanged()
    try:
        return ox.Store.read_only(str(target / _DATABASE))
    except (OSError, RuntimeError) as error:
        raise StoreError(f"{target} cannot be opened: {error}", remedy=f"remove {target}") from error


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Keep other processes from making the cache of *directory* at the same time, where the system can."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # a killed process lets go of it
        yield
    finally:
        os.close(handle)


def _sound(target: Path, sha256: str) -> bool:
    try:
        mark = json.loads((target / _MARK).read_bytes())
        return bool(mark == _mark(target, sha256))
    except (OSError, ValueError):
        return False


def _mark(target: Path, sha256: str) -> dict[str, Any]:
    return {
        "engine": _ENGINE,
        "quads": sha256,
        "files": {path.name: list(digest(path)) for path in _paths(target)},
    }


def _paths(target: Path) -> list[Path]:
    """Give the files of the database, less those that the engine writes when it only reads."""
    return sorted(path for path in (target / _DATABASE).iterdir() if not path.name.startswith("LO"))


def _stated(path: str | Path) -> tuple[int, int, int]:
    """Give number, size and time of change of a file."""
    found = os.stat(path)  # noqa: PTH116  (a Path for each look would cost more than the look)
    return found.st_ino, found.st_size, found.st_mtime_ns


def _make(directory: Path, sha256: str) -> None:
    fresh = None
    try:
        for left in directory.glob(f".{NAME}-*"):  # by a process that was killed
            shutil.rmtree(left)
        fresh = Path(tempfile.mkdtemp(prefix=f".{NAME}-", dir=directory))
        (ready := fresh / "new").mkdir()
        store = ox.Store(str(ready / _DATABASE))
        store.bulk_load(path=str(directory / QUADS), format=ox.RdfFormat.N_QUADS)
        store.flush()
        del store  # closes it
        (ready / _MARK).write_text(json.dumps(_mark(ready, sha256)), encoding="utf-8")
        if (target := directory / NAME).exists():
            target.rename(fresh / "old")
        ready.rename(target)
    except SyntaxError as error:
        raise StoreError(f"{directory / QUADS} is damaged: {error}", remedy="run kg build") from error
    except (OSError, RuntimeError) as error:
        raise StoreError(
            f"no cache can be made in {directory}: {error}",
            remedy="make the directory writable, with free space",
        ) from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
