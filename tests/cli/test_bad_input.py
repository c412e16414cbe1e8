"""Bad input: each a clear error with file, line and remedy, the right exit code, the previous release intact, no traceback."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Outcome, kg, run

import kg as library
import velmora
from kg import building, manifest
from kg.names import Base
from kg.project import Project
from suites import ROOT

DATA = Path("data/velmora")
STATEMENTS = DATA / "sources/gazette-1/all.ttl"
PLACES = DATA / "entities/places.ttl"
OTHER_DATA = DATA / "external/wikidata.ttl"
PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in Base().prefixes().items())


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented project, a place in a file of its own and a file of another graph beside its statements."""
    root = velmora.project(tmp_path_factory.mktemp("bad-input") / "project")
    for name, text in (
        (PLACES, 'place:northholm a schema:Place ; rdfs:label "Northholm"@en .\n'),
        (OTHER_DATA, "place:velmora skos:exactMatch <http://www.wikidata.org/entity/Q0> .\n"),
    ):
        (root / name).parent.mkdir()
        (root / name).write_text(PREFIXES + text, encoding="utf-8")
    return root


@pytest.fixture
def copy(laid_out: Path, tmp_path: Path) -> Path:
    """A copy of the project, not built."""
    return Path(shutil.copytree(laid_out, tmp_path / "project"))


@pytest.fixture
def built(copy: Path, released: Path) -> Path:
    """A copy of the project with its release, which is made once."""
    shutil.copytree(released, copy / "build", symlinks=True)
    return copy


@pytest.fixture(scope="session")
def released(laid_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("released") / "build"
    building.build(Project.open(laid_out), out)
    return out


def change(old: str, new: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return changed


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def plain(outcome: Outcome) -> None:
    assert "Traceback" not in outcome.all
    assert "internal error" not in outcome.all


FINDING = re.compile(
    r"(?P<file>[^:\n]+):(?P<line>\d+):(?P<column>\d+): violation: (?P<said>.+) \((?P<rule>[\w-]+)\) → (?P<remedy>.+)"
)

CASES: dict[str, tuple[Path, Callable[[str], str], str, str]] = {
    # what: file, how it is spoilt, words on the line that must be named, rule
    "broken Turtle": (STATEMENTS, change("kg:upperBound 40 ; kg:unit", "kg:upperBound 40 kg:unit"), "kg:upperBound 40 kg:unit", "syntax"),
    "undeclared prefix": (STATEMENTS, lambda text: text + "\nplaec:x a kg:SourceAnomaly .\n", "plaec:x", "prefix"),
    "relative IRI": (STATEMENTS, lambda text: text + "\n<x> a kg:SourceAnomaly .\n", "<x> a", "relative-iri"),
    "claim without evidence": (
        STATEMENTS,
        change("kg:attributionBasis kg:statedInText ; kg:passage passage:p2 ;", "kg:attributionBasis kg:statedInText ;"),
        "claim:more-than a",
        "claim-evidence",
    ),
    "passage beyond the text": (STATEMENTS, change("oa:start 519 ; oa:end 633", "oa:start 519 ; oa:end 643"), "passage:r1 a", "passage-span"),
    "publishable predicate by hand": (
        PLACES,
        lambda text: text + "event:velmora-1901 schema:location place:velmora .\n",
        "event:velmora-1901 schema:location",
        "publishable",
    ),
    "triple in two graphs": (OTHER_DATA, lambda text: text + "\nplace:northholm a schema:Place .\n", "place:northholm a", "two-graphs"),
    "literal that the store would rewrite": (STATEMENTS, change("kg:amount 30", 'kg:amount "030"^^xsd:integer'), 'kg:amount "030"', "literal-form"),
    "speaker that nothing describes": (
        STATEMENTS,
        change("kg:claimant org:coastal-wire", "kg:claimant org:costal-wire"),
        "org:costal-wire",
        "reference",
    ),
    "unknown term": (STATEMENTS, change("kg:claimant", "kg:claiment"), "kg:claiment", "unknown-term"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_finding_names_file_line_and_remedy(
    case: str, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, spoil, words, rule = CASES[case]
    file = copy / name
    spoilt = spoil(file.read_text(encoding="utf-8"))
    file.write_text(spoilt, encoding="utf-8")
    outcome = kg(capsys, "validate", "--project", copy)
    plain(outcome)
    assert outcome.code == 1
    found = [
        match
        for line in outcome.out.splitlines()
        if (match := FINDING.fullmatch(line)) and match["rule"] == rule
    ]
    assert [(Path(match["file"]), int(match["line"])) for match in found] == [(name, line_of(spoilt, words))]


def test_bytes_that_are_not_utf_8(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = copy / PLACES
    text = file.read_text(encoding="utf-8") + 'place:velmora rdfs:comment "Velmorı é"@az .\n'
    column = text.splitlines()[-1].index("é") + 1
    file.write_bytes(text.encode("utf-8").replace("é".encode(), b"\xe9"))
    outcome = kg(capsys, "validate", "--project", copy)
    assert outcome.code == 1
    assert f"{PLACES}:{line_of(text, 'é')}:{column}: violation" in outcome.out
    assert "(encoding)" in outcome.out
    plain(outcome)


def test_a_byte_order_mark(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = copy / PLACES
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    outcome = kg(capsys, "validate", "--project", copy)
    assert outcome.code == 1
    assert re.search(r"places\.ttl:1:1: violation: .+ \(byte-order-mark\) → .+", outcome.out)


def test_a_passage_that_stands_twice(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = copy.parent / "copy.txt"
    sentence = "An invented sentence that is long enough to be a passage of its own."
    text.write_text(f"{sentence} In between stands something else. {sentence}", encoding="utf-8")
    outcome = kg(capsys, "anchor", text, "--text", sentence, "--text-version", "gazette-1-1")
    assert outcome.code == 1
    assert "stands 2 times" in outcome.err
    assert "→" in outcome.err
    plain(outcome)


def test_a_file_of_no_project_is_not_held_against_the_profile(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lone.ttl"
    file.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    outcome = kg(capsys, "validate", file)
    assert outcome.code == 0
    assert "checked as RDF only" in outcome.err
    lone = ROOT / "tests" / "shapes" / "attest" / "invalid.claim-evidence.ttl"
    outcome = kg(capsys, "validate", lone, "--profile", "attest")
    assert outcome.code == 2
    assert "whole project" in outcome.err


def test_every_result_of_the_report_has_a_focus_node(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = copy / STATEMENTS
    file.write_text(file.read_text(encoding="utf-8") + "broken", encoding="utf-8")
    outcome = kg(capsys, "validate", "--project", copy, "--format", "turtle")
    from rdflib import Graph
    from rdflib.namespace import SH

    report = Graph().parse(data=outcome.out, format="turtle")
    results = set(report.objects(None, SH.result))
    assert results
    assert {len(list(report.objects(result, SH.focusNode))) for result in results} == {1}


def test_a_local_copy_of_no_source_is_a_warning(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = copy.parent / "copy.txt"
    text.write_text("An invented text.", encoding="utf-8")
    (copy / "kg.local.toml").write_text(f'[texts]\nnosuch = "{text}"\n', encoding="utf-8")
    outcome = kg(capsys, "validate", "--project", copy)
    assert outcome.code == 0
    assert "kg.local.toml:2:1: warning: 'nosuch' is no source" in outcome.out


def test_nothing_is_released_from_data_that_do_not_conform(
    built: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = manifest.current(built / "build")
    file = built / STATEMENTS
    file.write_text(change("kg:lowerBound 12 ;", "")(file.read_text(encoding="utf-8")), encoding="utf-8")
    outcome = kg(capsys, "build", built)
    assert outcome.code == 1
    assert re.search(r"all\.ttl:\d+:\d+: violation: .+ \(quantity-bounds\) → .+", outcome.out)
    assert "nothing was released" in outcome.err
    assert manifest.current(built / "build") == before
    assert manifest.read(before).counts["places"] == len(library.open(built).places()) > 0


def test_findings_as_json_and_as_a_report(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = copy / STATEMENTS
    file.write_text(change("kg:lowerBound 12 ;", "")(file.read_text(encoding="utf-8")), encoding="utf-8")
    outcome = kg(capsys, "validate", "--project", copy, "--format", "json")
    body = json.loads(outcome.out)
    assert outcome.code == 1
    assert not body["conforms"]
    found = [(finding["rule"], finding["severity"]) for finding in body["findings"]]
    assert [each for each in found if each[1] == "violation"] == [("quantity-bounds", "violation")]
    outcome = kg(capsys, "validate", "--project", copy, "--format", "turtle")
    from rdflib import Graph
    from rdflib.namespace import SH

    report = Graph().parse(data=outcome.out, format="turtle")
    assert outcome.code == 1
    assert [str(value) for value in report.objects(None, SH.conforms)] == ["false"]
    assert len(list(report.objects(None, SH.result))) == len(found)


def test_findings_of_one_file(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, right, wrong in (
        (STATEMENTS, "kg:attributionBasis kg:", "kg:attributionBasis kg:no"),
        (PLACES, "schema:Place ; rdfs:label", "schema:Place ; rdfs:lable"),
    ):
        file = copy / name
        file.write_text(change(right, wrong)(file.read_text(encoding="utf-8")), encoding="utf-8")
    outcome = kg(capsys, "validate", copy / STATEMENTS)
    assert outcome.code == 1
    assert "all.ttl" in outcome.out
    assert "places.ttl" not in outcome.out
    assert "in other files" in outcome.err


@pytest.mark.parametrize("arguments", [("build",), ("validate",)])
def test_no_project(
    arguments: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = kg(capsys, *arguments)
    assert outcome.code == 2
    assert "kg.toml" in outcome.err
    assert "→" in outcome.err
    plain(outcome)


def test_unknown_query_parameter_and_value(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, said in (
        (("query", "spelings"), "spellings"),
        (("query", "spellings", "--plce", "baku"), "place"),
        (("query", "spellings", "--place", "bakuu"), "place:baku"),
        (("query", "claims-by-measure", "--as-of", "yesterday"), "yesterday"),
        (("query", "claims-by-measure", "--measure"), "needs a value"),
    ):
        outcome = (
            kg(capsys, *arguments, "--release", release)
            if arguments[-1] != "--measure"
            else kg(capsys, "query", "--release", release, *arguments[1:])
        )
        assert outcome.code == 2, arguments
        assert said in outcome.err
        assert outcome.out == ""
        plain(outcome)


def test_a_syntax_error_of_a_query_names_its_line(release: Path) -> None:
    outcome = run("query", "-", "--release", release, cwd=release, input="SELECT ?s WHERE {\n  ?s ?p\n}")
    assert outcome.code == 2
    assert re.search(r"line 3", outcome.err), outcome.err
    plain(outcome)


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    outcome = run("--debug", "build", cwd=tmp_path)
    assert outcome.code == 2
    assert "Traceback" in outcome.err
    assert "kg.toml" in outcome.err


@pytest.mark.skipif(os.geteuid() != 0, reason="making a disk of 1 MiB takes root")
@pytest.mark.parametrize(
    ("options", "code"), [("size=300k", 3), ("ro,size=1m", 3)], ids=["full disk", "read-only"]
)
def test_output_that_cannot_be_written(options: str, code: int, copy: Path) -> None:
    disk = copy / "build"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine allows no mount")
    try:
        outcome = run("build", cwd=copy)
        assert outcome.code == code, outcome.all
        assert "→" in outcome.err
        plain(outcome)
        assert not (disk / "CURRENT").exists()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_killed_during_a_build(built: Path) -> None:
    """At six moments of the time that a whole one takes, from before the data are read until it is done."""
    before = manifest.current(built / "build")
    places = len(library.open(built).places())
    file = built / PLACES
    began = time.monotonic()
    assert run("build", cwd=built).code == 0
    whole = time.monotonic() - began
    for number in range(6):
        with file.open("a", encoding="utf-8") as more:
            more.write(f'place:invented-{number} a schema:Place ; rdfs:label "Invented {number}"@en .\n')
        process = subprocess.Popen(
            [sys.executable, "-m", "kg", "build"],
            cwd=built,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(whole * (number + 1) / 6)
        process.send_signal(signal.SIGKILL)
        process.wait()
        current = manifest.current(built / "build")
        manifest.verify(current)
        assert current == before or len(library.open(current).places()) == places + number + 1
        before = current
    outcome = run("build", cwd=built)
    assert outcome.code == 0, outcome.all
    assert len(library.open(built).places()) == places + 6
    assert not [path for path in (built / "build").iterdir() if path.name.startswith(".") and path.is_dir()]


def test_anything_but_a_release_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = kg(capsys, "list", "--release", tmp_path)
    assert outcome.code == 3
    assert "run kg build" in outcome.err
    plain(outcome)


def test_a_damaged_release_is_refused(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quads = manifest.current(built / "build") / "quads.nq"
    data = bytearray(quads.read_bytes())
    data[len(data) // 2] ^= 1
    quads.chmod(0o644)
    quads.write_bytes(data)
    outcome = kg(capsys, "query", "spellings", "--release", built)
    assert outcome.code == 4
    assert "quads.nq" in outcome.err
    assert outcome.out == ""
    plain(outcome)
