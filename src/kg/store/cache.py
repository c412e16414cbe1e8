"""The cache on disk of a large release: ``store/`` beside ``quads.nq``, made from it and never part of the release.

``store/cache.json`` says with which engine and from which quads it was made, and the size and SHA-256 of its files:
the engine itself notices neither a flipped bit nor an emptied store when it opens one. A cache that is absent, damaged
or of another version is made anew, in a fresh directory that then takes the name.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg.errors import StoreError
from kg.manifest import QUADS, digest

NAME: Final = "store"
_MARK: Final = "cache.json"
_DATABASE: Final = "db"
_ENGINE: Final = f"pyoxigraph {ox.__version__}"


def opened(directory: Path, sha256: str) -> ox.Store:
    """Open the cache of the release in *directory*, whose quads have the digest *sha256*; make it where need be.

    Raises StoreError where it cannot be made.
    """
    target = directory / NAME
    if not _sound(target, sha256):
        _make(directory, sha256)
    try:
        return ox.Store.read_only(str(target / _DATABASE))
    except OSError as error:
        raise StoreError(f"{target} cannot be opened: {error}", remedy=f"remove {target}") from error


def _sound(target: Path, sha256: str) -> bool:
    try:
        mark = json.loads((target / _MARK).read_bytes())
        return bool(mark == _mark(target, sha256))
    except (OSError, ValueError):
        return False


def _mark(target: Path, sha256: str) -> dict[str, Any]:
    files = sorted(path for path in (target / _DATABASE).iterdir() if not path.name.startswith("LO"))
    return {
        "engine": _ENGINE,
        "quads": sha256,
        "files": {path.name: list(digest(path)) for path in files},
    }


def _make(directory: Path, sha256: str) -> None:
    fresh = None
    try:
        fresh = Path(tempfile.mkdtemp(prefix=f".{NAME}-", dir=directory))
        store = ox.Store(str(fresh / _DATABASE))
        store.bulk_load(path=str(directory / QUADS), format=ox.RdfFormat.N_QUADS)
        store.flush()
        del store  # closes it
        (fresh / _MARK).write_text(json.dumps(_mark(fresh, sha256)), encoding="utf-8")
        _put(fresh, directory / NAME, sha256)
    except SyntaxError as error:
        raise StoreError(f"{directory / QUADS} is damaged: {error}", remedy="run kg build") from error
    except OSError as error:
        raise StoreError(
            f"no cache can be made in {directory}: {error}",
            remedy="make the directory writable, with free space",
        ) from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)


def _put(fresh: Path, target: Path, sha256: str) -> None:
    """Give *fresh* the name *target*, unless another process was first."""
    if target.exists():
        target.rename(fresh / "old")
    try:
        fresh.rename(target)
    except OSError:
        if not _sound(target, sha256):
            raise
    shutil.rmtree(target / "old", ignore_errors=True)
