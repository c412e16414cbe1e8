"""Archives as files: N-Quads of the whole dataset, or a project with a directory of Turtle for each source; beside them what was planted."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from archive_graphs.archive import Archive, Piece
from archive_graphs.constraints import SHAPES
from archive_graphs.faults import Result
from archive_graphs.terms import PREFIXES, Statement, quad

LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
TRUTH: Final = "planted.jsonl"
"""What was planted: a JSON object a line, each a validation result that has to be found."""

_HEAD: Final = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(PREFIXES.items()))
_SETTINGS: Final = f"""version = 1
edition = "0.1.0"
date = "2026-11-23"
base = "https://attest.example/baku-1990/"
title = "A made archive"
licence = "{LICENCE}"
languages = ["en"]
publisher = "Attest"
profiles = ["attest"]
"""
_GRAPHS: Final = ("vocab", "entities", "editorial", "published", "meta")


@dataclass(frozen=True, slots=True)
class Written:
    """How many quads were written and the SHA-256 of their bytes, empty for a project; how many results have to be found."""

    quads: int
    digest: str
    results: int


def write_quads(archive: Archive, file: Path, truth: Path) -> Written:
    """Write *archive* as N-Quads into *file*, and what was planted into *truth*."""
    digest, quads, results = hashlib.sha256(), 0, 0
    with file.open("wb") as out, truth.open("w", encoding="utf-8", newline="\n") as found:
        for piece in archive.pieces():
            lines = "".join(map(quad, piece.statements)).encode()
            digest.update(lines)
            out.write(lines)
            quads += len(piece.statements)
            results += len(piece.results)
            found.writelines(map(_line, piece.results))
    return Written(quads, digest.hexdigest(), results)


def write_project(archive: Archive, directory: Path) -> Written:
    """Write *archive* as a project into the new *directory*: its ontology, and Turtle for each source.

    The published layer is left out: the build derives it. Raises FileExistsError where the directory is there.
    """
    directory.mkdir(parents=True)
    shutil.copytree(SHAPES.parents[1], directory / "ontology")
    quads = results = 0
    names = list(_GRAPHS)
    with (directory / TRUTH).open("w", encoding="utf-8", newline="\n") as found:
        for source, pieces in groupby(archive.pieces(), key=lambda piece: piece.source):
            if source is None:
                quads += sum(len(piece.statements) for piece in pieces)
                continue
            lines, planted = _by_file(pieces, source)
            for file, statements in lines.items():
                _write_turtle(directory / file, statements)
                quads += len(statements)
            found.writelines(map(_line, planted))
            results += len(planted)
            names += [f"source/{source}"] if source else []
    (directory / "kg.toml").write_text(_SETTINGS + "".join(map(_graph, names)), encoding="utf-8")
    return Written(quads, "", results)


def _by_file(pieces: Iterable[Piece], source: str) -> tuple[dict[Path, list[Statement]], list[Result]]:
    """Give the statements of *source* by the file that they stand in, and what was planted among them."""
    files: defaultdict[Path, list[Statement]] = defaultdict(list)
    planted: list[Result] = []
    for piece in pieces:
        planted += piece.results
        for statement in piece.statements:
            graph = statement[3]
            if graph.startswith("source/"):
                files[Path("data/made/sources") / source / "source.ttl"].append(statement)
            elif graph != "published":
                files[Path("data/made") / graph / f"{source or 'shared'}.ttl"].append(statement)
    return files, planted


def _write_turtle(file: Path, statements: list[Statement]) -> None:
    """Write *statements*, appending where the file is there, one block for each run of a subject."""
    file.parent.mkdir(parents=True, exist_ok=True)
    head = "" if file.exists() else _HEAD
    with file.open("a", encoding="utf-8", newline="\n") as out:
        out.write(head)
        for subject, said in groupby(statements, key=lambda statement: statement[0]):
            pairs = " ;\n    ".join(f"{predicate} {value}" for _, predicate, value, _ in said)
            out.write(f"\n{subject} {pairs} .\n")


def _graph(name: str) -> str:
    return f'\n[graphs."{name}"]\ntitle = "{name}"\nlicence = "{LICENCE}"\n'


def _line(result: Result) -> str:
    return json.dumps(asdict(result), ensure_ascii=False) + "\n"
