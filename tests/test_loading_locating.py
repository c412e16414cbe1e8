"""Locating: a finding about terms gets the file and line where they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.loading import Loaded, load
from kg.loading.locating import term
from kg.project import Project
from kg.validation import Finding

BASE = "https://attest.example/baku-1990/"
OTHER = "https://archive.example/h/"
EVENTS = "data/harbour/entities/events.ttl"
ARTICLE = "data/harbour/sources/gazette-1/article.ttl"
FILES = {
    "kg.toml": f'version = 1\ndate = "2026-11-23"\nbase = "{BASE}"\ntitle = "x"\nprofiles = []\nlicence = "https://x.example/"\n',
    EVENTS: f"""\
@prefix event: <{BASE}id/event/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
event:x rdfs:label "x"@en ,
    "ը"@hy ;
  rdfs:comment "c"@en ;
  a rdfs:Resource .
""",
    ARTICLE: f"""\
@prefix event: <{BASE}id/event/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
event:x rdfs:seeAlso event:y .

event:z rdfs:seeAlso [ rdfs:label "n" ] , 32 .
""",
}
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


@pytest.fixture(params=[BASE, OTHER])
def base(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def loaded(tmp_path: Path, base: str) -> Loaded:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return load(Project.open(tmp_path, base=base))


@pytest.mark.parametrize(
    ("focus", "path", "value", "file", "line"),
    [
        ("event/x", "label", '"x"@en', EVENTS, 3),
        ("event/x", "label", '"ը"@hy', EVENTS, 4),
        ("event/x", "label", '"absent"@en', EVENTS, 3),
        ("event/x", "label", "", EVENTS, 3),
        ("event/x", "comment", "", EVENTS, 5),
        ("event/x", "seeAlso", "", ARTICLE, 3),
        ("event/x", "absent", "", EVENTS, 3),
        ("event/x", "", "", EVENTS, 3),
        ("event/z", "seeAlso", '"32"^^<http://www.w3.org/2001/XMLSchema#integer>', ARTICLE, 5),
        ("event/y", "absent", "", ARTICLE, 3),
        ("event/absent", "label", "", "", 0),
    ],
)
def test_best_place(
    loaded: Loaded, base: str, focus: str, path: str, value: str, file: str, line: int
) -> None:
    finding = Finding(
        "violation", "m", "r", focus=f"<{base}id/{focus}>", path=path and f"<{RDFS}{path}>", value=value
    )
    found = loaded.locate(finding)
    assert (found.file, found.line) == (file, line)
    assert bool(found.column) == bool(line)
    assert (found.message, found.focus, found.path, found.value) == ("m", finding.focus, finding.path, value)


def test_a_literal_focus_and_a_blank_one(loaded: Loaded) -> None:
    found = loaded.locate(Finding("violation", "m", "r", focus='"c"@en'))
    assert (found.file, found.line) == (EVENTS, 5)
    node = next(str(quad.subject) for quad in loaded.quads if quad.object.value == "n")
    assert loaded.locate(Finding("violation", "m", "r", focus=node)).file == ARTICLE


def test_what_has_a_place_or_no_terms_stays(loaded: Loaded) -> None:
    for finding in (
        Finding("violation", "m", "r", focus=f"<{BASE}id/event/x>", file="a.ttl", line=7),
        Finding("violation", "m", "r", file="kg.toml"),
        Finding("violation", "m", "r", focus="[] no term <"),
    ):
        assert loaded.locate(finding) == finding


def test_a_file_that_has_changed_since_gives_no_wrong_line(loaded: Loaded, base: str, tmp_path: Path) -> None:
    (tmp_path / EVENTS).write_text("not Turtle")
    found = loaded.locate(Finding("violation", "m", "r", focus=f"<{base}id/event/x>", path=f"<{RDFS}label>"))
    assert (found.file, found.line) == (EVENTS, 0)


def test_a_file_that_is_gone_since_gives_no_line(loaded: Loaded, base: str, tmp_path: Path) -> None:
    (tmp_path / EVENTS).unlink()
    found = loaded.locate(Finding("violation", "m", "r", focus=f"<{base}id/event/x>", path=f"<{RDFS}label>"))
    assert (found.file, found.line) == (EVENTS, 0)


def test_terms_in_n_triples_form() -> None:
    assert str(term("<http://x.example/a>")) == "<http://x.example/a>"
    assert str(term('"a\\nb"@en')) == '"a\\nb"@en'
    assert term("") is None
    assert term("event:x") is None
    assert term("<a> . <b> <c> <d>") is None
    assert term("<http://a/> . <http://a/> <http://a/> <http://a/>") is None
