"""Building: from a project's files to a validated release.

load → take out what is not public → derive the published layer → validate (SHACL on the union, then the named checks) → release. Nothing is
released from data that do not conform, and a file that cannot be read is never left out silently.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg import (
    checks,
    deriving,
    exports,
    loading,
    manifest,
    metadata,
    queries,
    rebuilding,
    redaction,
    references,
    release,
    shacl,
)
from kg.errors import InvalidGraph, ProjectError, QueryError
from kg.formats import OFFERED, Format
from kg.manifest import Manifest
from kg.manifest.dcat import DOWNLOADS
from kg.names import KG, SOURCE_BASE
from kg.project import Project
from kg.redaction import Public, Redaction
from kg.validation import Finding, Report


@dataclass(frozen=True, slots=True)
class Checked:
    """The public data of a project, with the layers that the build adds, and everything found about them.

    ``redactions`` are those that the project records, ``public`` says what fell by them.
    """

    quads: list[ox.Quad]
    report: Report
    redactions: list[Redaction]
    public: Public


def validate(project: Project, added: Iterable[loading.Part] = ()) -> Checked:
    """Load, take out what is not public, derive and validate; places of findings are filled in.

    *added* are parts that no file of the project holds yet. The quads lack ``graph/meta``. Raises ProjectError where a setting or a shape cannot be used.
    """
    loaded = loading.load(project, added)
    report = Report(list(loaded.findings))
    redactions, found = redaction.read(loaded.redactions)
    public = Public.of(loaded.quads, redactions, project.base)
    found += public.findings
    found += _questions(project, public.fallen)
    attest = "attest" in project.profiles
    if not (attest and loaded.complete):  # what rests on a file that is missing here would be reported too
        report.extend(map(loaded.locate, found))
        return Checked([] if attest else public.quads, report, redactions, public)
    quads = public.quads + deriving.derive(public.quads, project.base)
    shapes = shacl.shapes(
        ((project.name(path), path.read_bytes()) for path in project.shape_files()), project.base
    )
    found += shacl.validate(quads, shapes, project.base)
    texts = _texts(project)
    found += checks.run(checks.Subject(loaded.quads, project.base, project.languages, texts))
    found += references.check(quads, project.base)
    found += _unknown_texts(project, loaded.quads)
    found += _nothing(quads)
    report.extend(map(loaded.locate, found))
    return Checked(quads, report, redactions, public)


def build(
    project: Project, out: Path, *, downloads: Iterable[Format] = tuple(OFFERED.values())
) -> tuple[Manifest, Report]:
    """Build the release of *project* in the directory *out* and name it current; give its manifest and the report.

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
    )
    made = manifest.read(release.write(out, metadata.described(contents)))
    rebuilding.rebuild(out, checked.redactions, project.base)
    checked.report.extend(_left_out(contents, made))
    return made, checked.report


def _left_out(contents: release.Contents, made: Manifest) -> Iterator[Finding]:
    """Give a finding for each format that the release *made* was to be offered in and that cannot hold the data."""
    offered = {file.path.removeprefix(DOWNLOADS) for file in made.files}
    for format in contents.downloads:
        if offered.isdisjoint(exports.names(format)) and (why := exports.fault(contents.quads, format, made)):
            yield Finding("info", f"the release is not offered as {format.name}: {why}", "download-left-out")


def _texts(project: Project) -> dict[str, bytes]:
    """Give the bytes of the local copies of sources, by the IRI of the source."""
    texts = {}
    for source, path in project.texts().items():
        try:
            texts[project.base.id("source", source)] = path.read_bytes()
        except OSError as error:
            raise ProjectError(
                f"{path}: the local copy of {source} cannot be read: {error.strerror}",
                remedy="correct the path in kg.local.toml, or remove the line",
            ) from error
    return texts


def _questions(project: Project, fallen: frozenset[str]) -> list[Finding]:
    """Give a violation for each question that cannot be asked, or that names, by its slug, something that is not public."""
    slugs = {named[1] for iri in fallen if (named := project.base.split(iri))}
    findings = []
    for path in project.query_files():
        name, data = project.name(path), path.read_bytes()
        try:
            queries.read(path.stem, data.decode(), project.base)
        except QueryError as error:
            remedy = error.remedy or "see CONTRIBUTING.md on questions"
            findings.append(Finding("violation", str(error), "question", remedy, file=name, line=error.line))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            findings.append(
                Finding(
                    "violation",
                    "this is not UTF-8",
                    "question",
                    "save the file as UTF-8",
                    file=name,
                    line=line,
                )
            )
        if release.says(data, slugs):
            remedy = "ask for something else, or take the question out"
            findings.append(
                Finding(
                    "violation",
                    "this question names what is withheld or redacted",
                    "redacted-name",
                    remedy,
                    file=name,
                )
            )
    return findings


def _unknown_texts(project: Project, quads: Iterable[ox.Quad]) -> list[Finding]:
    """Give a warning for each local copy that no text version is of: it would prove nothing."""
    sources = {quad.object for quad in quads if quad.predicate.value == KG + "versionOf"}
    return [
        Finding(
            "warning",
            f"{source!r} is no source of this collection, so nothing is checked against its copy",
            "local-text",
            "name the source as its slug stands in the data",
            file=named_in,
        )
        for source, (_, named_in) in project.text_places().items()
        if ox.NamedNode(project.base.id("source", source)) not in sources
    ]


def _nothing(quads: Iterable[ox.Quad]) -> list[Finding]:
    """Give a finding where there is no claim at all: an empty dataset would conform to everything."""
    return [] if "claims" in metadata.kinds(quads) else [
        Finding("violation", "there is no claim in the data", "no-claims", "add claims under data/, or use --profile none")
    ]  # fmt: skip


def _inputs(project: Project) -> dict[str, Path]:
    """Give the data files by a name that holds on any machine: their place below the root, of other files below what they share."""
    files = [file.path for file in project.data_files()]
    top = Path(os.path.commonpath([path.parent for path in files])) if project.files else project.root
    return {path.relative_to(top).as_posix(): path for path in files}


def inputs(project: Project) -> dict[str, bytes | Path]:
    """Give all that a release of *project* is built from, by the names that its manifest lists them under."""
    return {**_inputs(project), **_files(project)}


def _files(project: Project) -> dict[str, bytes]:
    """Give the files that a release takes along: queries, ontology, shapes, on the configured base."""
    files = {f"queries/{path.name}": path for path in project.query_files()}
    files |= {path.relative_to(project.root).as_posix(): path for path in project.ontology_files()}
    files |= {f"ontology/shapes/{path.name}": path for path in project.shape_files()}
    old, new = f"<{SOURCE_BASE}".encode(), f"<{project.base.iri}".encode()
    return {name: path.read_bytes().replace(old, new) for name, path in files.items()}
