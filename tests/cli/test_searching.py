"""kg search: what it prints, in three forms, and how it ends."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from commands import kg

import collection


@pytest.fixture(scope="module")
def release() -> Path:
    return collection.built()


def test_hits_are_printed_with_the_form_that_matched(
    capsys: pytest.CaptureFixture[str], release: Path
) -> None:
    outcome = kg(capsys, "search", "Мусесова", "-r", release)
    assert outcome.code == 0
    line = next(line for line in outcome.out.splitlines() if "Mosesova" in line)
    assert line.split()[0] == "person"
    assert line.index("author:") < line.index("Irina Mosesova")  # who it is before the name
    assert "Ирина Мосесова (ru)" in line
    assert "name, 1 letter other" in line
    assert line.rstrip().endswith("person:irina-mosesova")
    assert outcome.err == "1 hit\n"


def test_several_words_need_no_quotation_marks(capsys: pytest.CaptureFixture[str], release: Path) -> None:
    assert "event:asbarez-title-event" in kg(capsys, "search", "Black", "January", "-r", release).out


def test_a_miss_prints_no_hit_and_says_what_is_near(
    capsys: pytest.CaptureFixture[str], release: Path
) -> None:
    outcome = kg(capsys, "search", "Irina Petrova", "-r", release)
    assert (outcome.code, outcome.out) == (0, "")
    assert "nothing is called 'Irina Petrova'" in outcome.err
    assert "did you mean author: Irina Mosesova? person:irina-mosesova" in outcome.err
    assert "leave a word out" in outcome.err


def test_json_has_all_and_csv_the_hits(capsys: pytest.CaptureFixture[str], release: Path) -> None:
    found = json.loads(
        kg(capsys, "search", "Krasnovdsk", "--limit", "1", "--format", "json", "-r", release).out
    )
    assert [hit["form_kind"] for hit in found["hits"]] == ["misspelling"]
    assert found["more"] is True
    rows = list(csv.DictReader(io.StringIO(kg(capsys, "search", "Krasnovdsk", "--format", "csv", "--kind", "place", "-r", release).out)))  # fmt: skip
    assert [(row["label"], row["form"], row["veiled"]) for row in rows] == [
        ("Krasnovodsk", "Krasnovdsk", "false")
    ]
    missed = json.loads(kg(capsys, "search", "Gandzak", "--format", "json", "-r", release).out)
    assert missed["hits"] == []
    assert missed["remedy"]


@pytest.mark.parametrize(
    "arguments", [["—"], ["Baku", "--kind", "dog"], ["Baku", "--limit", "0"], [], ["a" * 10_000]]
)
def test_what_cannot_be_searched_ends_as_a_mistake_of_use(
    capsys: pytest.CaptureFixture[str], release: Path, arguments: list[str]
) -> None:
    outcome = kg(capsys, "search", *arguments, "-r", release)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err


def test_what_is_veiled_is_shown_when_it_is_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data = tmp_path / "fair.ttl"
    data.write_text(
        "@prefix kg: <https://w3id.org/attest/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<http://data.example/id/event/fair> rdfs:label "A veiled fair" ; kg:visibility kg:veiled .\n'
    )
    out = tmp_path / "out"
    assert kg(capsys, "build", "--data", data, "--profile", "none", "-o", out).code == 0
    hidden = kg(capsys, "search", "fair", "-r", out)
    assert "veiled fair" not in hidden.all
    assert "1 hit veiled" in hidden.err
    assert "A veiled fair" in kg(capsys, "search", "fair", "--veiled", "-r", out).out
    assert json.loads(kg(capsys, "search", "fair", "--format", "json", "-r", out).out)["hits"][0]["veiled"]
