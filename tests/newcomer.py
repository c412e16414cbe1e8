"""A new collection as ``kg new`` makes it, for tests: made and built once, and copied by whoever changes it."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from collection import SOURCES, digest
from kg import building, bundle, starter
from kg.project import Project
from kg.starter import Wishes
from suites import ROOT, once

SOURCE = "tolsey-post-1962-06-16"


def lay(target: Path, **wishes: object) -> Path:
    """Make a collection in *target*, which names it."""
    starter.lay(target, starter.files(Wishes.of(target, **wishes), bundle.directory()))  # type: ignore[arg-type]
    return target


@cache
def built() -> Path:
    """Give a collection that is built; tests must not change it."""
    target = ROOT / ".pytest_cache" / f"newcomer-{digest(*SOURCES, 'tests/newcomer.py')}"

    def build(fresh: Path) -> None:
        lay(fresh / "harbour")
        building.build(Project.open(fresh / "harbour"), fresh / "harbour" / "build")

    return once(target, build) / "harbour"


def copy(target: Path) -> Path:
    """Copy the built collection to *target*."""
    shutil.copytree(built(), target)
    return target


def source(root: Path) -> Path:
    """Give the directory of the example source of a collection called harbour."""
    return root / "data" / "harbour" / "sources" / SOURCE
