"""Writing an import: the directory of the source and kg.toml, both or neither."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg.errors import ProjectError, StoreError
from kg.formats import by_suffix
from kg.importing.judging import Plan
from kg.names import Base
from kg.project import CONFIGURATION

UNFINISHED: Final = ".importing-"
"""How the name of a directory begins that is being filled; the loader passes hidden ones over."""


def write(plan: Plan) -> None:
    """Write what *plan* says. Nothing is overwritten but kg.toml, which grows at its end.

    Raises ProjectError where another import of the same source is under way, StoreError where what was written does not read
    back as what was read, OSError where it cannot be written; nothing is changed then.
    """
    target = plan.directory
    fresh = target.parent / f"{UNFINISHED}{target.name}"
    configuration = plan.project.root / CONFIGURATION
    grown = configuration.with_name(f"{UNFINISHED}{CONFIGURATION}")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        fresh.mkdir()
    except FileExistsError:
        raise ProjectError(
            f"{plan.project.name(fresh)} is there: another import is under way, or was broken off",
            remedy="wait for it, or take that directory away",
        ) from None
    placed = False
    try:
        for name, data in plan.files.items():
            (fresh / name).write_bytes(data)
        _read_back(plan, fresh)
        grown.write_bytes(plan.configuration)
        shutil.copymode(configuration, grown)
        if target.exists():
            raise ProjectError(f"{plan.project.name(target)} is there by now", remedy="name another source")
        fresh.rename(target)
        placed = True
        grown.replace(configuration)
    except BaseException:
        shutil.rmtree(target if placed else fresh, ignore_errors=True)
        grown.unlink(missing_ok=True)
        raise
    _sync(target, target.parent, plan.project.root)


def _read_back(plan: Plan, directory: Path) -> None:
    """Raise StoreError where the files do not say, together, what was read, on the base of the project."""
    if "attest" not in plan.project.profiles:
        return  # the bytes are those that were read
    base = plan.project.base
    meant = {quad.triple for part in plan.incoming.parts for quad in part.quads}
    said: set[ox.Triple] = set()
    for name in plan.files:
        format = by_suffix(name)
        if name != "source.ttl" and format is not None:
            said.update(_rebased(ox.parse(path=str(directory / name), format=format.rdf), base))
    if said != meant:
        raise StoreError(
            "what was written does not read back as what was read", remedy="report this, with the file"
        )


def _rebased(quads: Iterable[ox.Quad], base: Base) -> Iterable[ox.Triple]:
    def own(term: Any) -> Any:
        return ox.NamedNode(base.rebase(term.value)) if isinstance(term, ox.NamedNode) else term

    return (ox.Triple(*map(own, quad.triple)) for quad in quads)


def _sync(*directories: Path) -> None:
    """Force entries of *directories* to disk, where the system can."""
    if os.name != "posix":
        return
    for directory in directories:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
