"""kg fmt: the files that are named, or those of the project, each written at one stroke or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from commands import Outcome, kg, run

import kg.cli.formatting as command

STYLED = "@prefix v: <https://velmora.example/> .\n\nv:a a v:C ; v:p 1 .  # one\n"
ODD = STYLED.replace(" ;", ";").replace("  #", " #")
KG_TOML = """\
version = 1
title = "Velmora"
date = "1991-05-02"
profiles = ["attest"]
base = "https://velmora.example/"
languages = ["en"]
licence = "https://creativecommons.org/licenses/by/4.0/"
"""


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    return put(tmp_path / "odd.ttl", ODD)


def test_a_file_is_written_in_the_house_style(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kg(capsys, "fmt", odd) == Outcome(0, f"{odd}\n", "1 file formatted, 0 as they should be\n")
    assert odd.read_text() == STYLED
    assert kg(capsys, "fmt", odd) == Outcome(0, "", "0 files formatted, 1 as they should be\n")
    assert [path.name for path in odd.parent.iterdir()] == ["odd.ttl"]


def test_check_lists_and_writes_nothing(
    odd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = put(tmp_path / "good.ttl", STYLED)
    outcome = kg(capsys, "fmt", "--check", good, odd)
    assert outcome == Outcome(1, f"{odd}\n", "1 file would change, 1 as they should be\n")
    assert odd.read_text() == ODD
    assert kg(capsys, "fmt", "--check", good).code == 0


def test_diff_shows_what_would_change(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = kg(capsys, "fmt", "--diff", odd)
    assert outcome.code == 1
    assert outcome.out == (
        f"--- {odd}\n+++ {odd}\n@@ -1,3 +1,3 @@\n @prefix v: <https://velmora.example/> .\n \n"
        "-v:a a v:C; v:p 1 . # one\n+v:a a v:C ; v:p 1 .  # one\n"
    )
    assert odd.read_text() == ODD
    odd.write_bytes(STYLED[:-1].encode() + b"\x1b")
    last = STYLED.splitlines()[-1]
    assert kg(capsys, "fmt", "--diff", odd).out.endswith(
        f"-{last}\\x1b\n\\ No newline at end of file\n+{last}\\x1b\n"
    )


def test_a_syntax_error_is_told_at_its_place_and_the_others_are_formatted(
    odd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    syntax = put(tmp_path / "bad.ttl", "<a:s> <a:p>\n  b:x .\n")
    later = put(tmp_path / "later.ttl", "<a:s> <a:p> <<( <a:s> <a:p> 1 )>> .\n")
    latin = tmp_path / "latin.ttl"
    latin.write_bytes("<a:s> <a:p> 1 .\r\n# \u00e9".encode() + b"\xe9")
    outcome = kg(capsys, "fmt", syntax, later, latin, odd)
    assert outcome.code == 1
    assert outcome.err.splitlines() == [
        f"{syntax}:2:3: The prefix b: has not been declared",
        f"{later}:1:13: this is not Turtle 1.1",
        "→ Write it without the syntax of RDF 1.2.",
        f"{latin}:2:4: byte E9 here is not UTF-8",
        "→ save the file as UTF-8",
        "1 file formatted, 0 as they should be",
    ]
    assert odd.read_text() == STYLED
    assert syntax.read_text() == "<a:s> <a:p>\n  b:x .\n"


def test_mode_line_ends_and_links_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = put(tmp_path / "kept" / "file.ttl", ODD.replace("\n", "\r\n"))
    file.chmod(0o640)
    link = tmp_path / "link.ttl"
    link.symlink_to(file)
    assert kg(capsys, "fmt", link).code == 0
    assert link.is_symlink()
    assert file.read_bytes() == STYLED.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_file_that_cannot_be_written_is_as_it_was(
    odd: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(command.os, "fsync", full)
    outcome = kg(capsys, "fmt", odd)
    assert (outcome.code, outcome.err) == (3, "kg: No space left on device\n")
    assert odd.read_text() == ODD
    assert [path.name for path in odd.parent.iterdir()] == ["odd.ttl"]


@pytest.mark.parametrize("result", ["", "<a:a> <a:b>"], ids=["less", "no Turtle"])
def test_what_would_say_something_else_is_not_written(
    result: str, odd: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.turtle.formatting._Printer.document", lambda *_: result)
    outcome = kg(capsys, "fmt", odd)
    assert outcome.code == 1
    assert outcome.err.startswith(f"{odd}: formatting would change what the file says, and was not done\n→")
    assert odd.read_text() == ODD


def test_relative_iris_are_those_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = put(tmp_path / "a b.ttl", "<#x>  <y>\n\n <> .")
    assert kg(capsys, "fmt", file).code == 0
    assert file.read_text() == "<#x> <y>\n        <> .\n"


def test_without_files_those_of_the_project_are_formatted(tmp_path: Path) -> None:
    put(tmp_path / "kg.toml", KG_TOML)
    places = [
        *("data/velmora/entities/places.ttl", "data/velmora/elsewhere.ttl", "ontology/kg.ttl"),
        *("ontology/shapes/attest.ttl", "ontology/alignments/prov-o.ttl"),
    ]
    for name in places:
        put(tmp_path / name, ODD)
    others = [put(tmp_path / name, ODD) for name in ("data/.odd.ttl", "notes.ttl", "data/velmora/x.trig")]
    inner = tmp_path / "data" / "velmora"
    outcome = run("fmt", cwd=inner)
    assert (outcome.code, outcome.err) == (0, "5 files formatted, 0 as they should be\n")
    assert sorted(outcome.out.splitlines()) == sorted(places)
    assert {(tmp_path / name).read_text() for name in places} == {STYLED}
    assert {path.read_text() for path in others} == {ODD}


def test_what_is_no_file_of_turtle_is_a_fault_of_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = kg(capsys, "fmt", tmp_path / "absent.ttl")
    assert outcome.code == 2
    assert "there is no such file" in outcome.err
    outcome = kg(capsys, "fmt", put(tmp_path / "data.trig", "<a:g> { }"))
    assert outcome.code == 2
    assert "only Turtle is formatted" in outcome.err
