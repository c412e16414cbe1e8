"""Inputs: the files that a release is made of, by the names that its manifest lists them under, and which of them have changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from kg import drafts
from kg.manifest import digest
from kg.project import Project


def data(project: Project) -> dict[str, Path]:
    """Give the data files by a name that holds on any machine: their place below the root, of other files below what they share."""
    files = [file.path for file in project.data_files()]
    top = Path(os.path.commonpath([path.parent for path in files])) if project.files else project.root
    return {path.relative_to(top).as_posix(): path for path in files}


def all_of(project: Project) -> dict[str, bytes | Path]:
    """Give all that a release of *project* is built from, by the names that its manifest lists them under."""
    return {**data(project), **carried(project)}


def changed(project: Project, made: Mapping[str, str]) -> list[str]:
    """Give the names of what is other than in a release whose manifest lists the inputs *made* (SHA-256 by name), in order."""
    now = {name: _digest(source) for name, source in all_of(project).items()}
    return sorted(name for name in now.keys() | made.keys() if now.get(name) != made.get(name))


def _digest(source: bytes | Path) -> str:
    return sha256(source).hexdigest() if isinstance(source, bytes) else digest(source)[1]


def carried(project: Project) -> dict[str, bytes]:
    """Give the files that a release takes along: queries, ontology, shapes, on the configured base."""
    files = {f"queries/{path.name}": path for path in project.query_files()}
    files |= {path.relative_to(project.root).as_posix(): path for path in project.ontology_files()}
    files |= {f"ontology/shapes/{path.name}": path for path in project.shape_files()}
    return {name: drafts.rebased(path.read_bytes(), project.base) for name, path in files.items()}
