"""The generator of archives: as many quads as asked, the same for a seed, in the shape of our own model."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections import Counter
from io import StringIO
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg import building
from kg.names import KG, OA, RDF, RDFS, SCHEMA
from kg.project import Project
from suites import ROOT

sys.path.insert(0, str(ROOT / "bench"))

import generator

NUMBER = 20_000


@pytest.fixture(scope="module")
def quads() -> list[ox.Quad]:
    return list(ox.parse("".join(generator.quads(NUMBER)), format=ox.RdfFormat.N_QUADS))


@pytest.mark.parametrize("number", [0, 1, 10, 999, NUMBER])
def test_there_are_as_many_as_asked_and_no_two_alike(number: int) -> None:
    lines = list(generator.quads(number))
    assert len(lines) == len(set(lines)) == number


def test_a_seed_gives_the_same_bytes_in_any_process() -> None:
    out = StringIO()
    digest = generator.write(5_000, out)
    program = [sys.executable, ROOT / "bench" / "generator.py", "5000"]
    for hash_seed in ("1", "2"):
        done = subprocess.run(program, env={"PYTHONHASHSEED": hash_seed}, capture_output=True, check=True)
        assert done.stdout == out.getvalue().encode()
    assert digest == generator.write(5_000, StringIO())
    assert digest != generator.write(5_000, StringIO(), seed=1991)


def test_these_are_the_bytes_that_the_figures_in_the_docs_were_measured_on() -> None:
    known = "e88f9fd5421c79cad0637bb3dd485e8834e0bb0ff5306f95d6e01469456164e1"
    assert generator.write(10_000, StringIO()) == known


def test_a_smaller_archive_is_the_beginning_of_a_larger_one() -> None:
    assert list(generator.quads(2_000))[:1_900] == list(islice(generator.quads(NUMBER), 1_900))


def test_memory_does_not_grow_with_the_number() -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        for _ in generator.quads(number):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1_000)
    assert peak(60_000) < 1.5 * peak(6_000)


def test_each_source_has_its_graph_and_each_claim_its_passage(quads: list[ox.Quad]) -> None:
    types = {
        (quad.subject, quad.object): quad.graph_name for quad in quads if quad.predicate.value == RDF + "type"
    }
    graphs = Counter(quad.graph_name.value.rpartition("/graph/")[2] for quad in quads)
    pages = [graph for (_, type), graph in types.items() if type == ox.NamedNode(SCHEMA + "WebPage")]
    assert len(pages) == len(set(pages)) == len(graphs) - 1
    assert graphs.keys() == {"entities"} | {f"source/made-{number}" for number in range(1, len(pages) + 1)}

    claims = {subject for subject, type in types if type == ox.NamedNode(KG + "Claim")}
    passages = {subject for subject, type in types if type == ox.NamedNode(OA + "SpecificResource")}
    evidence = {quad.subject: quad.object for quad in quads if quad.predicate.value == KG + "passage"}
    assert len(claims) > NUMBER / 30
    assert claims <= evidence.keys()
    assert set(evidence.values()) <= passages


def test_what_is_spoken_of_is_described(quads: list[ox.Quad]) -> None:
    labelled = {quad.subject for quad in quads if quad.predicate.value == RDFS + "label"}
    for predicate, kind in (
        (RDF + "subject", ""),
        (SCHEMA + "location", "place"),
        (KG + "captionOf", "photo"),
    ):
        spoken = {quad.object for quad in quads if quad.predicate.value == predicate}
        assert spoken
        assert spoken <= labelled
        assert all(f"/id/{kind}" in term.value for term in spoken if isinstance(term, ox.NamedNode))


def test_it_becomes_a_release_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "made.nq"
    with file.open("w", encoding="utf-8") as out:
        generator.write(NUMBER, out)
    _, report = building.build(Project.adhoc([file]), tmp_path / "out")
    archive = kg.open(tmp_path / "out")
    assert not report.findings
    assert archive.manifest.counts["quads"] == NUMBER
    assert archive.manifest.counts["claims"] > 0
    assert archive.manifest.counts["photographs"] > 0
