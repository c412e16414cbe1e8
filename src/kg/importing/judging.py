"""What an import would write, and what would be found wrong if it stood in the project: nothing is written to know it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import serialisation, toml
from kg.checking import Checker
from kg.errors import ProjectError
from kg.formats import N_TRIPLES, TURTLE, Format
from kg.importing.intake import Incoming, Taken
from kg.importing.origin import Origin
from kg.loading import Part
from kg.names import Base
from kg.project import CONFIGURATION, DataFile, Project
from kg.settings import GraphInfo
from kg.validation import Finding, Report

LARGE: Final = 50_000
"""Statements of a file above which it is written as N-Triples: one a line, which is read and searched faster than Turtle."""
RECORD: Final = "source.ttl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be written: *files* by their name in *directory*, and the new *configuration*, with all that is found.

    ``findings`` concern what comes in, ``caused`` what stands in the project and would not be found without it, ``standing``
    the violations that it has in any case.
    """

    project: Project
    incoming: Incoming
    directory: Path
    files: dict[str, bytes]
    configuration: bytes
    findings: tuple[Finding, ...]
    caused: tuple[Finding, ...]
    standing: tuple[Finding, ...]

    @property
    def builds(self) -> bool:
        """Whether the project would build with it."""
        found = (*self.findings, *self.caused, *self.standing)
        return self.incoming.readable and not any(finding.severity == "violation" for finding in found)

    @property
    def subjects(self) -> frozenset[str]:
        """What the statements are about, in N-Triples form."""
        return frozenset(str(quad.subject) for part in self.incoming.parts for quad in part.quads)

    @property
    def conforming(self) -> int:
        """How many of these have no violation."""
        faulty = {finding.focus for finding in self.findings if finding.severity == "violation"}
        return len(self.subjects - faulty)


def plan(project: Project, incoming: Incoming, origin: Origin, collection: str) -> Plan:
    """Give what an import of *incoming* writes into ``data/<collection>/sources/<slug>/``.

    Raises ProjectError where that is there already, or kg.toml cannot take the graph in.
    """
    directory = project.root / "data" / collection / "sources" / origin.slug
    if directory.exists():
        raise ProjectError(
            f"{project.name(directory)} is there already",
            remedy="name another source with --source, or take that directory away",
        )
    parts = incoming.parts
    record = origin.statements(
        project.base,
        [(part.file.path.name, part.digest, len(part.quads)) for part in parts],
        incoming.graphs,
    )
    files = documents(project, incoming, record) if incoming.readable else {}
    info = GraphInfo(origin.title, origin.licence)
    graph = f"source/{origin.slug}"
    configuration = _configured(project.root / CONFIGURATION, graph, info)
    described = replace(project, graphs={graph: info} | project.graphs)
    place = DataFile(directory / RECORD, project.base.graph(graph), TURTLE)
    own = Part(place, project.name(place.path), project.base, quads=record)
    found = _judged(project, described, incoming, own) if incoming.readable else ([], [], [])
    return Plan(
        project=described,
        incoming=incoming,
        directory=directory,
        files=files,
        configuration=configuration,
        findings=tuple(Report([*incoming.findings, *found[0]]).sorted()),
        caused=tuple(found[1]),
        standing=tuple(found[2]),
    )


def documents(project: Project, incoming: Incoming, record: Sequence[ox.Quad]) -> dict[str, bytes]:
    """Give the files to be written, by name: those that were read, and the *record* of where they came from.

    Under the profile ``attest`` each is written anew from its statements; under none its bytes are kept.
    """
    attest = "attest" in project.profiles
    files = {
        name: _document(part.quads, project.base, format) if attest else part.content
        for name, (part, format) in _file_names(incoming.parts, attest).items()
    }
    return files | {RECORD: _document(record, project.base, TURTLE)}


def _judged(
    project: Project, described: Project, incoming: Incoming, own: Part
) -> tuple[list[Finding], list[Finding], list[Finding]]:
    """Give what is found in what comes in, what it causes elsewhere, and the violations that were there before."""
    checker = Checker(described)
    report = checker.check([*incoming.parts, own]).report
    names = {part.name for part in (*incoming.parts, own)}
    inside = [finding for finding in report if finding.file in names]
    outside = [finding for finding in report if finding.file not in names]
    checker.project = project
    before = set(checker.check().report) if outside else set()
    caused = [finding for finding in outside if finding not in before]
    standing = [finding for finding in outside if finding in before and finding.severity == "violation"]
    return inside, caused, standing


def _file_names(parts: Iterable[Taken], attest: bool) -> dict[str, tuple[Taken, Format]]:
    """Give for each part the name of its file, as its own but a slug, and the format; no two names are the same."""
    names: dict[str, tuple[Taken, Format]] = {}
    for part in parts:
        format = part.file.format
        if attest:
            format = N_TRIPLES if len(part.quads) > LARGE else TURTLE
        stem = re.sub(r"[^a-z0-9]+", "-", part.file.path.name.removesuffix(".gz").rpartition(".")[0].lower())
        stem = stem.strip("-") or "data"
        number, name = 1, f"{stem}.{format.suffix}"
        while name in names or name == RECORD:
            number += 1
            name = f"{stem}-{number}.{format.suffix}"
        names[name] = (part, format)
    return names


def _document(quads: Sequence[ox.Quad], base: Base, format: Format) -> bytes:
    """Give *quads* as a file of the project: on the base that all its files are written with."""

    def written(
        term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple,
    ) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
        return ox.NamedNode(base.unbase(term.value)) if isinstance(term, ox.NamedNode) else term

    out = BytesIO()
    moved = (ox.Quad(*map(written, quad.triple)) for quad in quads)  # type: ignore[arg-type]
    serialisation.write(moved, format, out, prefixes=Base().prefixes())
    return out.getvalue()


def _configured(path: Path, graph: str, info: GraphInfo) -> bytes:
    """Give ``kg.toml`` with the table of *graph* at its end; all else is as it was, comments too."""
    given = path.read_bytes()
    text = given.decode()
    if graph in tomllib.loads(text).get("graphs", {}):
        return given
    end = "\r\n" if "\r\n" in text else "\n"
    lines = [
        "",
        f'[graphs."{graph}"]',
        f"title = {toml.quoted(info.title)}",
        f"licence = {toml.quoted(info.licence)}",
    ]
    grown = text + ("" if text.endswith("\n") or not text else end) + end.join(lines) + end
    try:
        found = tomllib.loads(grown)["graphs"][graph]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise ProjectError(
            f"{path.name} cannot take in the graph {graph}: a table does not fit at its end",
            remedy=f'write graphs as tables, [graphs."{graph}"], or add this one by hand and import again',
        ) from error
    assert found == {"title": info.title, "licence": info.licence}  # noqa: S101 - as written
    return grown.encode()
