"""Every stretch of the source text is accounted for in ``coverage.csv``: by its claims, or by the reason for none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import collection
import kg
from kg.evidence import Copy
from kg.passages import read
from suites import ROOT

COVERAGE = ROOT / "data" / "baku-1990" / "coverage.csv"
REASONS = {"", "boilerplate", "names only", "questions: no assertion", "withheld"}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with COVERAGE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def archive() -> kg.Archive:
    return kg.open(collection.built())


def test_each_row_has_claims_or_a_reason(rows: list[dict[str, str]]) -> None:
    for row in rows:
        assert row["reason"] in REASONS, row
        assert bool(row["claims"]) is not bool(row["reason"]), row


def test_passages_and_their_claims_are_those_of_the_collection(
    rows: list[dict[str, str]], archive: kg.Archive
) -> None:
    listed = {
        row["passage"]: (int(row["start"]), int(row["end"]), set(row["claims"].split()))
        for row in rows
        if row["passage"]
    }
    recorded = {
        passage.iri.rpartition("/")[2]: (
            passage.start,
            passage.end,
            {claim.rpartition("/")[2] for claim in passage.claims},
        )
        for passage in read(archive.quads())[1]
    }
    assert listed == recorded


def test_no_stretch_is_in_neither(rows: list[dict[str, str]], seed: Path) -> None:
    text = Copy.read(seed.read_bytes()).text
    reached = 0
    for start, end in sorted((int(row["start"]), int(row["end"])) for row in rows):
        assert not text[reached:start].strip(), (reached, start)
        reached = max(reached, end)
    assert not text[reached:].strip(), reached


def test_each_place_of_a_name_reads_as_its_form(archive: kg.Archive, seed: Path) -> None:
    text = Copy.read(seed.read_bytes()).text
    answer = archive.query("""
        PREFIX kg: <https://w3id.org/attest/ns#> PREFIX oa: <http://www.w3.org/ns/oa#>
        PREFIX skosxl: <http://www.w3.org/2008/05/skos-xl#>
        SELECT DISTINCT ?name ?form ?from ?start ?end {
            ?name skosxl:literalForm ?form ; kg:passage ?passage ; kg:part ?part .
            ?passage oa:hasSelector ?selector . ?selector oa:start ?from ; oa:refinedBy ?part .
            ?part oa:start ?start ; oa:end ?end .
        }""")
    assert len(answer) > 100
    for row in answer:
        assert text[row["from"] + row["start"] : row["from"] + row["end"]] == str(row["form"]), row["name"]


def test_nothing_of_what_is_withheld_is_recorded(rows: list[dict[str, str]], archive: kg.Archive) -> None:
    withheld = [(int(row["start"]), int(row["end"])) for row in rows if row["reason"] == "withheld"]
    assert withheld
    for passage in read(archive.quads())[1]:
        assert not any(passage.start < end and start < passage.end for start, end in withheld), passage.iri
