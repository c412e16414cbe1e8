"""Building: from a project's files to a validated release.

load → take out what is not public → derive the published layer → validate (SHACL on the union, then the named checks) → release. Nothing is
released from data that do not conform, and a file that cannot be read is never left out silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg import exports, inputs, loading, manifest, metadata, rebuilding, release
from kg.checking import Checked, Checker, Engine
from kg.errors import InvalidGraph
from kg.formats import OFFERED, Format
from kg.loading import stream
from kg.manifest import Manifest
from kg.manifest.dcat import DOWNLOADS
from kg.progress import Told, untold
from kg.project import Project
from kg.redaction import Public
from kg.validation import Finding, Report

__all__ = ["Checked", "build", "validate"]


def validate(project: Project, added: Iterable[loading.Part] = (), engine: Engine = "sets") -> Checked:
    """Load, take out what is not public, derive and validate by *engine*; places of findings are filled in.

    *added* are parts that no file of the project holds yet. The quads lack ``graph/meta``. Raises ProjectError where a setting or a shape cannot be used.
    """
    return Checker(project, engine).check(added)


def build(
    project: Project,
    out: Path,
    *,
    downloads: Iterable[Format] = tuple(OFFERED.values()),
    notes: Mapping[str, bytes] | None = None,
    previous: str = "",
    checked: Checked | None = None,
    engine: Engine = "sets",
    told: Told = untold,
) -> tuple[Manifest, Report]:
    """Build the release of *project* in the directory *out* and name it current; give its manifest and the report.

    *notes* are what :mod:`kg.editions` adds to the release of a new edition, which stays, and *previous* is the id of the one before.
    *checked* is what was found in the project as it is now, where that is known: it is not validated again, as it is else by *engine*
    (:func:`validate`). Files that follow no profile pass by and are not held. *told* hears how far it is. Releases kept there that still hold what was taken back since are rebuilt without it. Raises InvalidGraph
    (with the report) where a finding is a violation, ProjectError for a project that cannot be used, StoreError where *out* cannot be
    written; the release that was current before then stays so.
    """
    checked = checked or _streamed(project, out, told) or validate(project, engine=engine)
    if not checked.report.conforms:
        count = checked.report.count("violation")
        raise InvalidGraph(
            f"{count} violation{'s' if count > 1 else ''} in the data; nothing was released",
            report=checked.report,
            remedy="mend what is listed and build again",
        )
    files = inputs.carried(project)
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
        inputs={**inputs.data(project), **files},
        files=files,
        downloads=tuple(downloads),
        tombstones=checked.public.tombstones,
        notes=notes or {},
        previous=previous,
    )
    with release.storing(out):
        described = metadata.described(contents, release.near(out))
    made = manifest.read(release.write(out, described, told=told))
    rebuilding.rebuild(out, checked.redactions, project.base, checked.public.fallen)
    made = manifest.read(manifest.current(out))  # which may tell otherwise now
    checked.report.extend(_left_out(described, made))
    return made, checked.report


def _streamed(project: Project, out: Path, told: Told) -> Checked | None:
    """Check the files of an ad hoc *project* as they pass; None where they have to be held for that, and for a project."""
    if not project.files or project.profiles:
        return None
    with release.storing(out):
        found = stream.read(project, release.near(out), told)
    if found is None:
        return None
    quads, findings = found
    return Checked(quads, Report(findings, str(project.root)), [], Public([]))


def _left_out(contents: release.Contents, made: Manifest) -> Iterator[Finding]:
    """Give a finding for each format that the release *made* was to be offered in and that cannot hold the data."""
    offered = {file.path.removeprefix(DOWNLOADS) for file in made.files}
    for format in contents.downloads:
        if offered.isdisjoint(exports.names(format)) and (why := exports.fault(contents.quads, format, made)):
            yield Finding("info", f"the release is not offered as {format.name}: {why}", "download-left-out")
