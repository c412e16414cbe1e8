"""Drafts: the public statements of a project as a build would release them now, to be compared and not to be released."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from kg import deriving, formats, loading, redaction
from kg.diff import Side, taken
from kg.errors import InvalidGraph, ProjectError, SourceError
from kg.loading import reading
from kg.manifest import Manifest
from kg.names import SOURCE_BASE, Base
from kg.project import Project
from kg.redaction import Public, Redaction
from kg.validation import Report


def draft(project: Project, called: str, *, redactions: Sequence[Redaction] = ()) -> Side:
    """Give *project* as a side of a comparison, without what is withheld, what it has taken back and what *redactions* take back.

    *redactions* name resources on the base of source files. Nothing is validated. Raises InvalidGraph, with the findings, where a file cannot be read.
    """
    loaded = loading.load(project)
    if not loaded.complete:
        raise InvalidGraph(
            f"{called} has files that cannot be read, and is not compared in part",
            report=Report([each for each in loaded.findings if each.severity == "violation"]),
            remedy="mend what is listed",
        )
    own, _ = redaction.read(loaded.redactions)
    base = project.base
    more = {
        replace(each, resources=tuple(map(base.rebase, each.resources))) for each in redactions
    }.difference(own)
    public = Public.of(loaded.quads, [*own, *sorted(more)], base)
    before = {each.digest for each in Public.of(loaded.quads, own, base).tombstones} if more else None
    quads = public.quads
    if "attest" in project.profiles:
        quads = quads + deriving.derive(quads, base)
    return Side(
        called=called,
        manifest=described(project, public, before),
        quads=quads,
        inputs=inputs(project),
        hidden=public.fallen,
    )


def described(project: Project, public: Public, own: Collection[str] | None = None) -> Manifest:
    """Give what *project* says of itself, with the tombstones of *public*, of which *own* (digests, by default all) are not of a later day."""
    later = () if own is None else sorted({each.digest for each in public.tombstones}.difference(own))
    return Manifest(
        title=project.title,
        base=project.base.iri,
        version=project.version,
        description=project.description,
        licence=project.licence,
        publisher=project.publisher,
        default_graph=project.default_graph,
        profiles=project.profiles,
        date=project.date,
        languages=project.languages or ("en",),
        tombstones=public.tombstones,
        later=tuple(later),
    )


def taken_back(project: Project) -> list[Redaction]:
    """Give what *project* records as taken back, on the base of source files; an unreadable file has nothing to say here."""
    found, _ = redaction.read(loading.load(project).redactions)
    unbase = project.base.unbase
    return [replace(each, resources=tuple(map(unbase, each.resources))) for each in found]


def inputs(project: Project) -> dict[str, str]:
    """Give the digests of the questions and shapes of *project*, as a build of it records them."""
    files = {f"queries/{path.name}": path for path in project.query_files()}
    files |= {f"ontology/shapes/{path.name}": path for path in project.shape_files()}
    return taken(
        {
            name: hashlib.sha256(rebased(path.read_bytes(), project.base)).hexdigest()
            for name, path in files.items()
        }
    )


def rebased(data: bytes, base: Base) -> bytes:
    """Give the bytes of a file that a release takes along, with IRIs on *base*."""
    return data.replace(f"<{SOURCE_BASE}".encode(), f"<{base.iri}".encode())


def file(path: Path, base: Base) -> Side:
    """Give the RDF file *path* as a side of a comparison with a collection on *base*.

    Raises ProjectError where its suffix names no RDF format, SourceError where it cannot be read.
    """
    format = formats.by_suffix(path.name)
    if format is None:
        raise ProjectError(
            f"{path}: the suffix names no RDF format",
            remedy="use one of ." + ", .".join(each.suffix for each in formats.RDF_FORMATS),
        )
    document = reading.read(path.read_bytes(), format, name=str(path))
    if not document.readable:
        fault = next(each for each in document.findings if each.severity == "violation")
        raise SourceError(fault.message, path=path, line=fault.line, column=fault.column, remedy=fault.remedy)
    return Side(called=str(path), manifest=Manifest(title=path.name, base=base.iri), quads=document.quads)
