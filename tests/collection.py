"""The real collection, built once for all workers and runs, and kept beside pytest's own cache."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest

from kg import building
from kg.project import Project
from suites import ROOT, once

SOURCES = ("src/kg", "ontology", "data", "queries", "kg.toml")


@cache
def built(base: str | None = None) -> Path:
    """Give the directory of releases of this checkout, on *base* where one is given.

    It is rebuilt whenever a file that it is made from or with has changed.
    """
    target = ROOT / ".pytest_cache" / f"collection-{digest(*SOURCES, salt=str(base))}"
    return once(target, lambda fresh: building.build(Project.open(ROOT, base=base), fresh))


def digest(*names: str, salt: str = "") -> str:
    """Give a digest of the files of this checkout that *names* are, or are below."""
    found = hashlib.sha256(salt.encode())
    for top in names:
        for path in sorted((ROOT / top).rglob("*")) if (ROOT / top).is_dir() else [ROOT / top]:
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:12]


@pytest.fixture(scope="session")
def collection() -> Path:
    """The directory of releases of the real collection."""
    return built()
