"""The terminal hides what is veiled until --veiled; CSV and JSON of named queries mark it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from commands import kg

import velmora
from kg import building
from kg.project import Project
from suites import ROOT, once

QUESTION = """\
#+ summary: What is said of people, where it stands
PREFIX kg: <https://w3id.org/attest/ns#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
SELECT DISTINCT ?claim ?person ?property ?object ?passage
WHERE { ?claim rdf:subject ?person ; rdf:predicate ?property ; rdf:object ?object ; kg:passage ?passage . ?person a schema:Person }
ORDER BY ?claim
"""


@pytest.fixture(scope="module")
def place() -> Path:
    """The invented project with a question of its own, built once."""
    key = velmora.built().name.partition("-")[2]

    def build(fresh: Path) -> None:
        velmora.project(fresh)
        (fresh / "queries").mkdir()
        (fresh / "queries" / "people.rq").write_text(QUESTION)
        building.build(Project.open(fresh), fresh / "build")

    return once(ROOT / ".pytest_cache" / f"velmora-asked-{key}", build)


def test_a_table_names_a_veiled_row_and_says_how_to_see_it(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = kg(capsys, "query", "people", "-r", place)
    assert done.code == 0
    row = next(line for line in done.out.splitlines() if "claim:death" in line)
    assert row.split() == ["claim:death", "Jon", "Brandt", "…", "…", "passage:c1"]
    assert "1902" not in done.all
    assert "1 row veiled, for what they describe; --veiled shows all" in done.err
    assert "Oskar Lind" in done.out


def test_asked_for_it_is_shown(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = kg(capsys, "query", "people", "--veiled", "-r", place)
    row = next(line for line in done.out.splitlines() if "claim:death" in line)
    assert "Jon Brandt" in row
    assert "1902-01-04" in row
    assert "veiled" not in done.err


def test_csv_and_json_mark_it_and_hold_all(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(
        csv.DictReader(io.StringIO(kg(capsys, "query", "people", "--format", "csv", "-r", place).out))
    )
    assert {row["claim"].rpartition("/")[2]: row["veiled"] for row in rows} == {
        "death": "true",
        "profession": "false",
    }
    assert "1902-01-04" in {row["object"] for row in rows}
    found = json.loads(kg(capsys, "query", "people", "--format", "json", "-r", place).out)
    assert [row["veiled"] for row in found] == [True, False]


def test_a_query_of_ones_own_shows_what_it_asks_for(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = QUESTION.partition("\n")[2]
    done = kg(capsys, "query", text, "-r", place)
    assert "1902-01-04" in done.out
    assert "veiled" not in kg(capsys, "query", text, "--format", "csv", "-r", place).out


def test_reasons_are_hidden_until_asked(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hidden = kg(capsys, "why", "person:jon-brandt", "-r", place)
    assert "1902" not in hidden.out
    assert "veiled" in hidden.out
    assert "4 January 1902" in kg(capsys, "why", "person:jon-brandt", "--veiled", "-r", place).out
