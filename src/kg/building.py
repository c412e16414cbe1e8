"""Building: from a project's files to a validated release.

load → take out what is not public → derive the published layer → validate (SHACL on the union, then the named checks) → release. Nothing is
released from data that do not conform, and a file that cannot be read is never left out silently.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from kg import drafts, exports, loading, manifest, metadata, rebuilding, release
from kg.checking import Checked, Checker
from kg.errors import InvalidGraph
from kg.formats import OFFERED, Format
from kg.manifest import Manifest
from kg.manifest.dcat import DOWNLOADS
from kg.project import Project
from kg.validation import Finding, Report

__all__ = ["Checked", "build", "validate"]


def validate(project: Project, added: Iterable[loading.Part] = ()) -> Checked:
    """Load, take out what is not public, derive and validate; places of findings are filled in.

    *added* are parts that no file of the project holds yet. The quads lack ``graph/meta``. Raises ProjectError where a setting or a shape cannot be used.
    """
    return Checker(project).check(added)


def build(
    project: Project,
    out: Path,
    *,
    downloads: Iterable[Format] = tuple(OFFERED.values()),
    notes: Mapping[str, bytes] | None = None,
    previous: str = "",
) -> tuple[Manifest, Report]:
    """Build the release of *project* in the directory *out* and name it current; give its manifest and the report.

    *notes* are what :mod:`kg.editions` adds to the release of a new edition, which stays, and *previous* is the id of the one before.
    Releases kept there that still hold what was taken back since are rebuilt without it. Raises InvalidGraph (with the report)
    where a finding is a violation, ProjectError for a project that cannot be used, StoreError where *out* cannot be
    written; the release that was current before then stays so.
    """
    checked = validate(project)
    if not checked.report.conforms:
        count = checked.report.count("violation")
        raise InvalidGraph(
            f"{count} violation{'s' if count > 1 else ''} in the data; nothing was released",
            report=checked.report,
            remedy="mend what is listed and build again",
        )
    files = _files(project)
    contents = release.Contents(
        title=project.title,
        base=project.base,
        quads=checked.quads,
        version=project.version,
        description=project.description,
        licence=project.licence,
        publisher=project.publisher,
        default_graph=project.default_graph,
        languages=project.languages or ("en",),
        profiles=project.profiles,
        date=project.date,
        graphs={project.base.graph(name): info for name, info in project.graphs.items()},
        findings={severity: checked.report.count(severity) for severity in ("violation", "warning", "info")},
        inputs={**_inputs(project), **files},
        files=files,
        downloads=tuple(downloads),
        tombstones=checked.public.tombstones,
        notes=notes or {},
        previous=previous,
    )
    made = manifest.read(release.write(out, metadata.described(contents)))
    rebuilding.rebuild(out, checked.redactions, project.base, checked.public.fallen)
    made = manifest.read(manifest.current(out))  # which may tell otherwise now
    checked.report.extend(_left_out(contents, made))
    return made, checked.report


def _left_out(contents: release.Contents, made: Manifest) -> Iterator[Finding]:
    """Give a finding for each format that the release *made* was to be offered in and that cannot hold the data."""
    offered = {file.path.removeprefix(DOWNLOADS) for file in made.files}
    for format in contents.downloads:
        if offered.isdisjoint(exports.names(format)) and (why := exports.fault(contents.quads, format, made)):
            yield Finding("info", f"the release is not offered as {format.name}: {why}", "download-left-out")


def _inputs(project: Project) -> dict[str, Path]:
    """Give the data files by a name that holds on any machine: their place below the root, of other files below what they share."""
    files = [file.path for file in project.data_files()]
    top = Path(os.path.commonpath([path.parent for path in files])) if project.files else project.root
    return {path.relative_to(top).as_posix(): path for path in files}


def inputs(project: Project) -> dict[str, bytes | Path]:
    """Give all that a release of *project* is built from, by the names that its manifest lists them under."""
    return {**_inputs(project), **_files(project)}


def changed(project: Project, made: Mapping[str, str]) -> list[str]:
    """Give the names of what is other than in a release whose manifest lists the inputs *made* (SHA-256 by name), in order."""
    now = {name: _digest(source) for name, source in inputs(project).items()}
    return sorted(name for name in now.keys() | made.keys() if now.get(name) != made.get(name))


def _digest(source: bytes | Path) -> str:
    return sha256(source if isinstance(source, bytes) else source.read_bytes()).hexdigest()


def _files(project: Project) -> dict[str, bytes]:
    """Give the files that a release takes along: queries, ontology, shapes, on the configured base."""
    files = {f"queries/{path.name}": path for path in project.query_files()}
    files |= {path.relative_to(project.root).as_posix(): path for path in project.ontology_files()}
    files |= {f"ontology/shapes/{path.name}": path for path in project.shape_files()}
    return {name: drafts.rebased(path.read_bytes(), project.base) for name, path in files.items()}
