"""kg build: of the project, byte for byte the same anywhere; and of any RDF data."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
from commands import Outcome, kg, project

from kg import manifest
from kg.cli import carets
from kg.formats import EXPORTS

UMASK = 'umask "$1"; shift; exec "$@"'


@dataclass(frozen=True)
class Build:
    outcome: Outcome
    releases: Path


def build_in(place: Path, umask: str, *arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    """Start kg build in *place*, in a process whose surroundings are *umask* and *environment*."""
    command = ["sh", "-c", UMASK, "sh", umask, sys.executable, "-m", "kg", "build", *map(str, arguments)]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.Popen(
        command, cwd=place, env=kept | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> Outcome:
    out, err = process.communicate(timeout=120)
    return Outcome(process.returncode, out, err)


HERE = {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Asia/Baku"}
THERE = {
    "PYTHONHASHSEED": "2", "LC_ALL": "C", "TZ": "America/Los_Angeles", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
}  # fmt: skip


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, Build]:
    """The real project, built from two copies in different surroundings."""
    one = project(tmp_path_factory.mktemp("one") / "clone")
    other = tmp_path_factory.mktemp("other") / "of another name" / "ключ"
    other.parent.mkdir()
    shutil.copytree(one, other)
    for path in other.rglob("*"):
        os.utime(path, (0, 0))
    started = build_in(one, "022", **HERE), build_in(other, "077", **THERE)
    first, second = map(ended, started)
    return Build(first, one / "build"), Build(second, other / "build")


def contents(releases: Path) -> dict[str, bytes]:
    return {
        path.relative_to(releases).as_posix(): path.read_bytes()
        for path in releases.rglob("*")
        if path.is_file() and path.name != "LOCK"
    }


def test_two_copies_give_the_same_bytes(twice: tuple[Build, Build]) -> None:
    one, other = (contents(build.releases) for build in twice)
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    assert {name.partition("/")[2] for name in one} >= {
        "quads.nq",
        "manifest.json",
        "index.csv",
        "search.sqlite",
        "lists.sqlite",
        "downloads/dataset.jsonld",
    }


def test_no_path_of_the_machine_is_in_a_release(twice: tuple[Build, Build]) -> None:
    for build in twice:
        place = str(build.releases.parent).encode()
        assert not [
            name for name, data in contents(build.releases).items() if place in data or b"/clone" in data
        ]


def test_it_prints_counts_findings_and_the_release(twice: tuple[Build, Build]) -> None:
    for build in twice:
        assert build.outcome.code == 0, build.outcome.all
        assert build.outcome.err == ""
        release = manifest.current(build.releases)
        *excerpted, first, second, third = build.outcome.out.splitlines()
        findings = [line for line in excerpted if not line.startswith(carets.INDENT)]
        warnings = [line for line in findings if ": warning: " in line]
        assert all(": info: " in line for line in findings if line not in warnings)
        described = manifest.read(release)
        assert first.startswith(f"{described.title}: ")
        for name, number in described.counts.items():
            assert name == "triples" or f"{number:,} {name}" in first
        assert len(warnings) == described.findings["warning"]
        assert len(findings) == len(warnings) + described.findings["info"]
        assert second == f"{len(warnings)} warnings; release {release.name}"
        assert third.startswith("in ")
    assert twice[0].outcome.out.splitlines()[-1] == f"in {manifest.current(twice[0].releases)}"


# ------------------------------------------------------------------ any data

X = "http://data.example/"
WORDS = f'<{X}name> "Bob"'
FILES = {
    "data.ttl": f'@prefix x: <{X}> . x:anna x:knows [ x:name "Bob" ] .',
    "data.nt": f"<{X}anna> <{X}knows> _:b .\n_:b {WORDS} .",
    "data.rdf": f'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{X}"><r:Description r:about="{X}anna">'
    '<knows r:parseType="Resource"><name>Bob</name></knows></r:Description></r:RDF>',
    "data.trig": f'@prefix x: <{X}> . x:g {{ x:anna x:knows [ x:name "Bob" ] }}',
    "data.nq": f"<{X}anna> <{X}knows> _:b <{X}g> .\n_:b {WORDS} <{X}g> .",
    "data.jsonld": json.dumps({"@context": {"@vocab": X}, "@id": f"{X}g", "@graph": {"@id": f"{X}anna", "knows": {"name": "Bob"}}}),
}  # fmt: skip
IN_A_GRAPH = {"data.trig", "data.nq", "data.jsonld"}


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> object:
    def asked(release: Path, text: str, *options: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        outcome = kg(capsys, "query", "-", "--release", release, *options)
        assert outcome.code == 0, outcome.all
        return outcome.out

    return asked


@pytest.mark.parametrize("setting", ["union", "strict"])
@pytest.mark.parametrize("name", FILES)
def test_any_rdf_becomes_a_release_that_answers(
    name: str, setting: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], ask
) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / name
    file.write_text(FILES[name], encoding="utf-8")
    out = tmp_path / "out"
    outcome = kg(capsys, "build", "--data", file, "--profile", "none", "-o", out, "--default-graph", setting)
    assert outcome.code == 0, outcome.all
    assert outcome.out.splitlines()[0] == f"{name}: 2 quads"
    assert manifest.read(manifest.current(out)).default_graph == setting

    seen = setting == "union" or name not in IN_A_GRAPH
    query = f"SELECT ?name {{ <{X}anna> <{X}knows> ?who . ?who <{X}name> ?name }}"
    assert ask(out, query, "--format", "csv") == ("name\nBob\n" if seen else "name\n")
    answer = json.loads(ask(out, query, "--format", "json"))
    assert answer["head"]["vars"] == ["name"]
    assert answer["results"]["bindings"] == ([{"name": {"type": "literal", "value": "Bob"}}] if seen else [])
    assert ("Bob" in ask(out, query)) is seen
    assert ask(out, f'ASK {{ ?who <{X}name> "Bob" }}') == ("true\n" if seen else "false\n")
    assert json.loads(ask(out, f'ASK {{ ?who <{X}name> "Bob" }}', "--format", "json"))["boolean"] is seen
    graph = f"SELECT ?g {{ GRAPH ?g {{ <{X}anna> ?p ?o }} }}"
    assert ask(out, graph, "--format", "csv") == (f"g\n{X}g\n" if name in IN_A_GRAPH else "g\n")
    for form in ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", f"DESCRIBE <{X}anna>"):
        triples = list(ox.parse(ask(out, form).encode(), format=ox.RdfFormat.TURTLE))
        assert {triple.predicate.value for triple in triples} == (
            {f"{X}knows", f"{X}name"} if seen else set()
        )


def test_turtle_names_only_the_prefixes_that_it_uses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ask
) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "data.ttl"
    file.write_text(FILES["data.ttl"] + "x:anna a <https://schema.org/Person> .", encoding="utf-8")
    assert kg(capsys, "build", "--data", file, "-o", tmp_path / "out").code == 0
    text = ask(tmp_path / "out", "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }")
    assert text == f"@prefix schema: <https://schema.org/> .\n\n<{X}anna> a schema:Person .\n"


def test_several_files_at_once_keep_their_blank_nodes_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ask
) -> None:  # type: ignore[no-untyped-def]
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "data.nt").write_text(FILES["data.nt"], encoding="utf-8")
    names = [tmp_path / name for name in FILES]
    outcome = kg(
        capsys, "build", "--data", *names, "--data", tmp_path / "more" / "data.nt", "-o", tmp_path / "out"
    )
    assert outcome.code == 0, outcome.all
    described = manifest.read(manifest.current(tmp_path / "out"))
    assert described.counts["quads"] == 2 * 7
    assert set(described.inputs) == {*FILES, "more/data.nt"}
    assert (
        ask(tmp_path / "out", f'SELECT (COUNT(*) AS ?n) {{ ?s <{X}name> "Bob" }}', "--format", "csv")
        == "n\n7\n"
    )


def test_the_same_data_give_the_same_bytes_wherever_they_lie(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "two" / "deep"
    blank = f'<{X}a> <{X}p> [ <{X}q> [ <{X}r> 1, 2 ], [] ] , ( 1 "two" ) .'
    for place in (one, other):
        place.mkdir(parents=True)
        for name in ("b.ttl", "a.trig"):
            (place / name).write_text(blank, encoding="utf-8")
    first = ended(build_in(one, "022", "--data", "b.ttl", "a.trig", "--profile", "none", "-o", "out", **HERE))
    second = ended(
        build_in(
            Path("/"),
            "077",
            "--data",
            other / "b.ttl",
            "--data",
            other / "a.trig",
            "-o",
            other / "out",
            **THERE,
        )
    )
    assert (first.code, second.code) == (0, 0), first.all + second.all
    assert contents(one / "out") == contents(other / "out")
    assert b"_:f1b1" in contents(one / "out")[f"{manifest.current(one / 'out').name}/quads.nq"]


def test_literals_keep_the_form_that_they_came_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ask
) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "data.ttl"
    file.write_text(
        f'@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n<{X}a> <{X}n> "01"^^xsd:integer, "1.50"^^xsd:decimal .',
        encoding="utf-8",
    )
    outcome = kg(capsys, "build", "--data", file, "-o", tmp_path / "out")
    assert outcome.code == 0
    quiet = kg(capsys, "build", "--data", file, "-o", tmp_path / "quiet", "--quiet")
    assert (quiet.out, quiet.err) == ("", "1 warning; kg validate shows what each is about\n")
    warning, _, counted, _ = outcome.out.splitlines()
    assert re.fullmatch(rf"{re.escape(str(file))}: warning: .*01 to 1.*\(literal-form\)", warning)
    assert counted.startswith("1 warning; release ")
    release = manifest.current(tmp_path / "out")
    for suffix, format in EXPORTS.items():
        for data in (
            (release / "downloads" / f"dataset.{suffix}").read_bytes(),
            kg(capsys, "export", "--release", release, "--format", suffix).out.encode(),
        ):
            assert {quad.object.value for quad in ox.parse(data, format=format.rdf)} == {"01", "1.50"}  # type: ignore[union-attr]
    assert ask(release, f"SELECT ?n {{ ?s <{X}n> ?n }} ORDER BY ?n", "--format", "csv") == "n\n1\n1.5\n"


def test_title_base_and_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = "<https://attest.example/baku-1990/id/place/x> <urn:p> <https://elsewhere.example/?https://attest.example/baku-1990/> ."
    Path("data.ttl").write_text(own, encoding="utf-8")
    outcome = kg(
        capsys, "build", "--data", "data.ttl", "--title", "Letters", "--base", "https://archive.example/l/"
    )
    assert outcome.out.splitlines()[0] == "Letters: 1 quad"
    release = manifest.current(tmp_path / "build")  # here, where there is no project
    described = manifest.read(release)
    assert (described.title, described.base, described.profiles) == (
        "Letters",
        "https://archive.example/l/",
        (),
    )
    assert (release / "quads.nq").read_text() == (
        "<https://archive.example/l/id/place/x> <urn:p> <https://elsewhere.example/?https://attest.example/baku-1990/> .\n"
    )
    quiet = kg(capsys, "build", "--data", "data.ttl", "-q", "-o", "elsewhere")
    assert (quiet.code, quiet.all) == (0, "")
    assert manifest.current(tmp_path / "elsewhere")


def test_data_beside_a_project_do_not_take_the_place_of_its_releases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("kg.toml").touch()
    Path("data.ttl").write_text(FILES["data.ttl"], encoding="utf-8")
    outcome = kg(capsys, "build", "--data", "data.ttl", "--profile", "none")
    assert outcome.code == 2
    assert "-o" in outcome.err
    assert not Path("build").exists()
    assert kg(capsys, "build", "--data", "data.ttl", "--profile", "none", "-o", "mine").code == 0


def test_a_format_that_cannot_hold_the_data_is_left_out_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "data.ttl"
    file.write_text(
        f'<{X}a> <{X}1> <{X}b> ; a <https://schema.org/Place> ; <http://www.w3.org/2003/01/geo/wgs84_pos#lat> "north" .',
        encoding="utf-8",
    )
    outcome = kg(capsys, "build", "--data", file, "-o", tmp_path / "out")
    assert outcome.code == 0
    said = [line for line in outcome.out.splitlines() if line.startswith("info: ")]
    assert [line.partition(":")[2].partition(":")[0].strip() for line in said] == [
        "the release is not offered as CSV", "the release is not offered as GeoJSON",
        "the release is not offered as RDF/XML",
    ]  # fmt: skip
    assert all(line.endswith("(download-left-out)") for line in said)
    assert f"<{X}1>" in said[2]
    listed = {each.path for each in manifest.read(manifest.current(tmp_path / "out")).files}
    left_out = {"downloads/dataset.rdf", "downloads/places.geojson", "downloads/tables/places.csv"}
    assert not listed & left_out
    assert {f"downloads/dataset.{suffix}" for suffix in EXPORTS if suffix != "rdf"} <= listed
    again = kg(capsys, "export", "--format", "rdf", "-r", tmp_path / "out")
    assert (again.code, again.out) == (2, "")
    assert f"RDF/XML has no element name for the property <{X}1>" in again.err


BAD: dict[str, tuple[list[str], int, str]] = {
    "no such file": (["--data", "absent.ttl"], 2, "absent.ttl"),
    "a directory": (["--data", "."], 2, "file by file"),
    "an unknown suffix": (["--data", "data.txt"], 2, ".ttl"),
    "claims' rules for any data": (["--data", "data.ttl", "--profile", "attest"], 2, "--profile none"),
    "a project's settings": (["--title", "x"], 2, "kg.toml"),
    "no base": (["--data", "data.ttl", "--base", "nowhere"], 2, "base"),
    "no directory": (["--data", "data.ttl", "-o", "data.ttl"], 3, "-o DIR"),
    "a file for a project": (["data.ttl"], 2, "--data FILE"),
    "an unknown setting": (["--data", "data.ttl", "--default-graph", "both"], 2, "union"),
    "broken data": (["--data", "broken.ttl"], 1, "broken.ttl:2:"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_built(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data.ttl").write_text(FILES["data.ttl"], encoding="utf-8")
    Path("data.txt").write_text(FILES["data.ttl"], encoding="utf-8")
    Path("broken.ttl").write_text(FILES["data.ttl"] + "\nx:anna x:knows", encoding="utf-8")
    arguments, code, said = BAD[case]
    output = [] if "-o" in arguments else ["-o", "out"]
    outcome = kg(capsys, "build", *arguments, *output)
    assert outcome.code == code
    assert said in outcome.all
    assert "Traceback" not in outcome.all
    assert "internal error" not in outcome.all
    assert not Path("out").exists()
