"""The invented collection of ``tests/shapes`` as a project of its own, small enough to be built in a test."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from collection import SOURCES, digest
from kg import building
from kg.project import Project
from suites import ROOT, once

PLACE = ROOT / "tests" / "shapes" / "attest"
BASE = "https://archive.example/velmora/"


def project(target: Path) -> Path:
    """Lay the project out in *target*: statements in one file, the ontology of this repository, no question."""
    shutil.copytree(ROOT / "ontology", target / "ontology")
    source = target / "data" / "velmora" / "sources" / "gazette-1"
    source.mkdir(parents=True)
    shutil.copy(PLACE / "valid.base.ttl", source / "all.ttl")
    licence = 'licence = "https://creativecommons.org/licenses/by/4.0/"\n'
    (target / "kg.toml").write_text(
        'version = 1\ntitle = "Velmora"\ndate = "1991-05-02"\nprofiles = ["attest"]\n'
        f'base = "{BASE}"\nlanguages = ["en", "hy"]\n{licence}'
        + "".join(f'[graphs."{g}"]\ntitle = "{g}"\n{licence}' for g in ("vocab", "source/gazette-1"))
    )
    return target


def statements(target: Path) -> Path:
    """Give the file of statements of the project in *target*."""
    return target / "data" / "velmora" / "sources" / "gazette-1" / "all.ttl"


@cache
def built() -> Path:
    """Give the project, built once for all workers and runs; tests must not change it."""
    target = ROOT / ".pytest_cache" / f"velmora-{digest(*SOURCES, 'tests/velmora.py', 'tests/shapes')}"

    def build(fresh: Path) -> None:
        project(fresh)
        building.build(Project.open(fresh), fresh / "build")

    return once(target, build)
