"""What the project holds: terms, claims, the account of each text, and the texts at hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg import evidence, passages, starter
from kg.doctor.situation import Note, Situation
from kg.errors import EvidenceError, ProjectError
from kg.evidence import Passage, TextVersion
from kg.names import KG, RDF
from kg.starter.contents import COPIED
from kg.version import __version__

_CLAIM: Final = ox.NamedNode(KG + "Claim")
_COVERAGE: Final = "coverage.csv"


def terms(situation: Situation) -> Iterator[Note]:
    """Terms, schemes and shapes are there, and those of the package that runs."""
    project = situation.project
    if project is None or "attest" not in project.profiles:
        return
    try:
        own = starter.ontology(situation.package)
    except ProjectError as error:
        yield Note("problem", error.message, error.remedy)
        return
    absent = [
        name
        for name in ("ontology/kg.ttl", "ontology/shapes/attest.ttl")
        if not (project.root / name).is_file()
    ]
    if absent:
        yield Note(
            "problem",
            f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} absent, and the profile attest needs them",
            "bring them back from your version control, or copy them from a new project: kg new DIR --bare",
        )
        return
    versions, changed = set(), []
    for name, data in own.items():
        path = project.root / name
        version, content = _copied(path.read_bytes() if path.is_file() else b"")
        versions.add(version)
        if content != data:
            changed.append(name)
    yield _compared(versions - {"", __version__}, changed)


def _copied(data: bytes) -> tuple[str, bytes]:
    """Give the version that a file says it was copied from (none: empty), and its content without that line."""
    first, _, rest = data.partition(b"\n")
    if not first.startswith(COPIED.encode()):
        return "", data
    return first.decode("utf-8", "replace").removeprefix(COPIED).partition(" ")[0], rest


def _compared(others: set[str], changed: list[str]) -> Note:
    if not changed:
        return Note("ok", f"terms and shapes are those of attest-kg {__version__}")
    differ = f"{len(changed)} of the files differ, as {changed[0]}"
    if others:
        return Note(
            "note",
            f"terms and shapes were copied from attest-kg {', '.join(sorted(others))}, and {__version__} runs: {differ}",
            "the data are read as they are; to take the newer ones, copy ontology/ from kg new DIR --bare, keep your own "
            "vocab/own.ttl, and run kg validate",
        )
    return Note(
        "note",
        f"terms or shapes were changed here: {differ}",
        "fine where it is meant; put concepts of your own into ontology/vocab/own.ttl, so that newer terms can be taken",
    )


def claims(situation: Situation) -> Iterator[Note]:
    """Every file can be read, and there is a claim."""
    project, loaded = situation.project, situation.loaded
    if project is None or loaded is None:
        return
    if not loaded.complete:
        bad = next(finding for finding in loaded.findings if finding.severity == "violation")
        yield Note(
            "problem",
            f"a file of the data cannot be read: {bad.file}:{bad.line}: {bad.message}",
            "kg validate shows all",
        )
        return
    number = sum(quad.predicate.value == RDF + "type" and quad.object == _CLAIM for quad in loaded.quads)
    if not number and "attest" in project.profiles:
        yield Note(
            "problem",
            "there is no claim yet, so that kg build refuses to publish",
            "begin as README.md says, or with kg import",
        )
    else:
        yield Note("ok", f"{number:,} claim{'' if number == 1 else 's'}, {len(loaded.quads):,} statements")


def coverage(situation: Situation) -> Iterator[Note]:
    """Each collection accounts for its texts, and no passage is missing there."""
    found = _evidence(situation)
    project = situation.project
    if project is None or found is None or not found[1]:
        return
    listed: set[str] = set()
    for directory in sorted(
        path for path in (project.root / "data").iterdir() if (path / "sources").is_dir()
    ):
        file = directory / _COVERAGE
        name = project.name(file)
        if not file.is_file():
            yield Note(
                "note",
                f"{name} is absent: nobody can tell what was left out of a text",
                "list its stretches: start,end,passage,claims,reason",
            )
            continue
        try:
            listed |= _listed(file)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            yield Note("problem", f"{name} cannot be read: {error}", "save it as CSV in UTF-8")
    missing = [p.iri.rpartition("/")[2] for p in found[1] if p.iri.rpartition("/")[2] not in listed]
    if listed and missing:
        yield Note(
            "note",
            f"{len(missing)} of {len(found[1])} passages stand in no {_COVERAGE}, as {missing[0]}",
            f"enter them in {_COVERAGE}",
        )
    elif listed:
        yield Note("ok", f"each of {len(found[1])} passages stands in {_COVERAGE}")


def _listed(file: Path) -> set[str]:
    with file.open(encoding="utf-8", newline="") as rows:
        return {row.get("passage") or "" for row in csv.DictReader(rows)}


def _evidence(situation: Situation) -> tuple[list[TextVersion], list[Passage]] | None:
    try:
        return passages.read(situation.loaded.quads) if situation.loaded else None
    except EvidenceError:
        return None  # kg validate tells


def texts(situation: Situation) -> Iterator[Note]:
    """The texts named are there, and are those that the passages stand in; others are told to be missing."""
    project, found = situation.project, _evidence(situation)
    if project is None or found is None:
        return
    try:
        copies = project.text_places()
    except ProjectError as error:
        yield Note("problem", error.message, error.remedy)
        return
    versions = found[0]
    held = 0
    for slug, (path, named_in) in sorted(copies.items()):
        recorded = {
            version.digest for version in versions if version.source == project.base.id("source", slug)
        }
        try:
            digest = evidence.Copy.read(path.read_bytes()).digest
        except (OSError, EvidenceError) as error:
            yield Note(
                "problem",
                f"the copy of {slug}, named in {named_in}, cannot be read: {error}",
                "correct the path",
            )
            continue
        if digest not in recorded:
            yield Note(
                "problem",
                f"the copy of {slug}, named in {named_in}, is no text version that is recorded: no passage is held against it",
                "kg verify tells what differs; record it as a text version of its own where it is meant",
            )
        else:
            held += 1
    without = sorted({v.source.rpartition("/")[2] for v in versions} - copies.keys())
    if without:
        yield Note(
            "note",
            f"no copy of {', '.join(without[:5])} is named: the build takes its passages as they are, and pages show no words",
            "name your copy under [texts] in kg.local.toml, where you hold one",
        )
    if held:
        yield Note("ok", f"{held} text{'' if held == 1 else 's'} at hand, as recorded")
