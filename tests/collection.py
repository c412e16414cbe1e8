"""The real collection, built once for all workers and runs, and kept beside pytest's own cache."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from kg import building
from kg.project import Project
from suites import ROOT

SOURCES = ("src/kg", "ontology", "data", "queries", "kg.toml")


@cache
def built(base: str | None = None) -> Path:
    """Give the directory of releases of this checkout, on *base* where one is given.

    It is rebuilt whenever a file that it is made from or with has changed.
    """
    target = ROOT / ".pytest_cache" / f"collection-{_digest(base)}"
    if not target.is_dir():
        target.parent.mkdir(exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=target.parent))
        try:
            building.build(Project.open(ROOT, base=base), fresh)
            fresh.rename(target)
        except OSError:
            if not target.is_dir():  # else another worker was first
                raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return target


def _digest(base: str | None) -> str:
    digest = hashlib.sha256(str(base).encode())
    for top in SOURCES:
        for path in sorted((ROOT / top).rglob("*")) if (ROOT / top).is_dir() else [ROOT / top]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session")
def collection() -> Path:
    """The directory of releases of the real collection."""
    return built()
