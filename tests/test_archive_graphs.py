"""The made archives: of our model, the same for a seed, without a finding but for the faults that are planted in them."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import building, deriving, shacl
from kg.checking import Engine
from kg.names import RDF, SH, SOURCE_BASE, Base
from kg.project import Project
from suites import ROOT

sys.path.insert(0, str(ROOT / "bench"))

from archive_graphs import Archive, Piece, constraints
from archive_graphs.faults import fault
from archive_graphs.source import Source
from archive_graphs.terms import expanded, quad
from archive_graphs.writing import TRUTH, write_project, write_quads

NUMBER = 10_000
TYPE = ox.NamedNode(RDF + "type")


def lines(archive: Archive) -> list[str]:
    return [quad(statement) for piece in archive.pieces() for statement in piece.statements]


def parsed(archive: Archive) -> list[ox.Quad]:
    return list(ox.parse("".join(lines(archive)), format=ox.RdfFormat.N_QUADS))


def planted(archive: Archive) -> list[Piece]:
    return [piece for piece in archive.pieces() if piece.results]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("made") / "project"
    write_project(Archive(NUMBER), directory)
    return directory


@pytest.mark.parametrize("number", [0, 1, 999, 1_500, NUMBER])
def test_there_are_as_many_quads_as_asked_and_no_two_alike(number: int) -> None:
    made = lines(Archive(number))
    assert len(made) == len(set(made)) == number


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), number=st.integers(1_420, 4_000), share=st.sampled_from([0, 0.001, 0.2]))
def test_a_seed_gives_the_same_and_a_smaller_archive_begins_a_larger_one(
    seed: int, number: int, share: float
) -> None:
    archive = Archive(number, seed, share)
    made = list(archive.pieces())
    assert made == list(archive.pieces())
    larger = list(islice(Archive(2 * number, seed, share).pieces(), len(made)))
    assert made[:-1] == larger[: len(made) - 1]  # the last may fill the number up


def test_a_seed_gives_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    digests = set()
    for hash_seed in ("1", "2"):
        program = [sys.executable, ROOT / "bench" / "archive.py", "4000", "-o", tmp_path / "made.nq"]
        environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run(program, env=environment, capture_output=True, check=True, text=True)
        digests.add(done.stdout.partition("SHA-256 ")[2].partition(";")[0])
    assert digests == {write_quads(Archive(4_000), tmp_path / "here.nq", tmp_path / "here.jsonl").digest}
    assert (tmp_path / "made.planted.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()
    assert write_quads(Archive(4_000, 1991), tmp_path / "b.nq", tmp_path / "b.jsonl").digest not in digests


def test_memory_does_not_grow_with_the_number() -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        for _ in Archive(number).pieces():
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(2_000)
    assert peak(60_000) < 1.5 * peak(10_000)


def test_one_of_each_kind_is_planted_then_as_many_as_the_share_asks_for() -> None:
    kinds = [piece.results[0].kind for piece in planted(Archive(NUMBER))]
    every = {constraint.name for constraint in constraints()}
    assert set(kinds) == every
    assert len(kinds) < len(every) + 10
    subjects = len({quad.subject for quad in parsed(Archive(60_000, share=0))})
    more = len(planted(Archive(60_000, share=0.05))) - len(every)
    assert 0.8 < more / (0.05 * subjects) < 1.2
    assert not planted(Archive(NUMBER, share=0))


def test_each_constraint_of_the_shapes_is_a_kind_by_itself() -> None:
    known = constraints()
    assert len({constraint.name for constraint in known}) == len(known)
    shapes = ox.parse(path=ROOT / "ontology" / "shapes" / "attest.ttl")
    named = [quad for quad in shapes if isinstance(quad.subject, ox.NamedNode)]
    parameters = [quad.predicate.value.removeprefix(SH) for quad in named]
    for parameter in ("sparql", "datatype", "lessThanOrEquals", "uniqueLang", "pattern"):
        found = [
            each
            for each in known
            if each.component.removeprefix(SH).lower() == f"{parameter}ConstraintComponent".lower()
        ]
        assert len(found) == parameters.count(parameter), parameter


def test_a_constraint_that_nobody_knows_how_to_break_is_said(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    head = f"@prefix sh: <{SH}> .\n<urn:x#thing> a sh:PropertyShape ; sh:path <urn:p> ; "
    shapes.write_text(f"{head} sh:unheardOf 1 .")
    with pytest.raises(LookupError, match="thing: nobody knows how to break sh:unheardOf"):
        constraints(shapes)
    shapes.write_text(f"{head} sh:minCount 1 .")
    (constraint,) = constraints(shapes)
    with pytest.raises(LookupError, match="no sample for the shape thing"):
        fault(constraint, Source(1, 1), "made-1-f1")
    strange = replace(constraint, shape="claim-thing", component=f"{SH}XoneConstraintComponent")
    with pytest.raises(LookupError, match="nobody knows how to break claim-thing/xone"):
        fault(strange, Source(1, 1), "made-1-f1")


def test_each_subject_is_of_one_source_and_what_is_named_was_described_before() -> None:
    described: set[str] = set()
    for piece in Archive(NUMBER, share=0).pieces():
        described |= {subject for subject, predicate, _, _ in piece.statements if predicate == "rdf:type"}
        if piece.source is not None:
            named = {term for subject, _, value, _ in piece.statements for term in (subject, value)}
            assert {term for term in named if ours(term)} <= described


def ours(term: str) -> bool:
    return expanded(term).startswith(f"<{SOURCE_BASE}id/")


@pytest.mark.parametrize("share", [0, 0.001])
def test_the_published_layer_is_what_the_build_derives(share: float) -> None:
    made = parsed(Archive(NUMBER, share=share))
    published = ox.NamedNode(f"{SOURCE_BASE}graph/published")
    assert sum(quad.graph_name == published for quad in made) > 500
    derived = deriving.derive([quad for quad in made if quad.graph_name != published], Base(SOURCE_BASE))
    assert derived == sorted((quad for quad in made if quad.graph_name == published), key=str)


def test_a_project_is_the_same_archive_and_without_faults_nothing_is_found(tmp_path: Path) -> None:
    archive = Archive(NUMBER, share=0)
    written = write_project(archive, tmp_path / "project")
    checked = building.validate(Project.open(tmp_path / "project"))
    assert not checked.report.findings
    assert set(checked.quads) == set(parsed(archive))
    assert written.quads == sum(not quad.graph_name.value.endswith("published") for quad in parsed(archive))


@pytest.mark.parametrize("engine", ["sets", "columns"])
def test_what_is_found_is_what_was_planted(faulty: Path, engine: Engine) -> None:
    report = building.validate(Project.open(faulty), engine=engine).report
    found = Counter(
        (each.focus, each.path, each.component, each.value, each.severity, each.rule)
        for each in report
        if each.component
    )
    truth = [json.loads(line) for line in (faulty / TRUTH).read_text("utf-8").splitlines()]
    wanted = Counter(
        (each["focus"], each["path"], each["component"], each["value"], each["severity"], each["shape"])
        for each in truth
    )
    assert len({each["kind"] for each in truth}) == len(constraints())
    assert found - wanted == Counter()
    assert wanted - found == Counter()


def test_the_whole_dataset_gives_pyshacl_the_same_as_the_project() -> None:
    archive = Archive(NUMBER)
    shapes = ROOT / "ontology" / "shapes" / "attest.ttl"
    base = Base(SOURCE_BASE)
    found = shacl.validate(parsed(archive), shacl.shapes([(shapes.name, shapes.read_bytes())], base), base)
    wanted = [result for piece in planted(archive) for result in piece.results]
    assert Counter((each.focus, each.path, each.component) for each in found) == Counter(
        (each.focus, each.path, each.component) for each in wanted
    )
