"""A release whose default graph is strict: our own questions read all graphs, a user's query what was asked for."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

import kg
from kg import building
from kg.project import Project
from suites import ROOT

COUNT = "SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/attest/ns#Claim> }"


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> kg.Archive:
    out: Path = tmp_path_factory.mktemp("strict")
    building.build(dataclasses.replace(Project.open(ROOT), default_graph="strict"), out)
    return kg.open(out)


def test_our_own_questions_read_all_graphs(strict: kg.Archive) -> None:
    assert len(strict.claims(event="baku-1990-01", measure="deaths")) > 0
    for name in strict.catalog:
        assert len(strict.query(name)) > 0, name
    assert "at least 32 dead" in str(strict.why("asbarez-c02-s2-01"))


def test_a_query_of_the_user_reads_the_default_graph(strict: kg.Archive) -> None:
    assert strict.query(COUNT)[0].n == 0
    assert strict.query(COUNT.replace("{ ?s", "{ GRAPH ?g { ?s").replace("> }", "> } }"))[0].n > 0
