"""The runner of the scale benchmarks: what it measures, what it takes for right, and that what did not run is said."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from kg.names import SH
from suites import ROOT

sys.path.insert(0, str(ROOT / "bench"))

import scale
from scaling import findings, measuring, report
from scaling.findings import Agreement
from scaling.material import Material
from scaling.measuring import REPEATS, WORKS, Measured, measure
from scaling.peers import OURS, PEERS, Bench, Peer, install
from scaling.watching import Job, run

MIB = 1024**2
COUNT = f"{SH}MinCountConstraintComponent"


def job(tmp_path: Path, program: str, **more: object) -> Job:
    return replace(Job([sys.executable, "-c", program], tmp_path, tmp_path / "output"), **more)  # type: ignore[arg-type]


def test_the_memory_of_children_counts(tmp_path: Path) -> None:
    hold = "import time; held = bytearray(120 * 2**20); time.sleep(1)"
    alone = run(job(tmp_path, hold), 60)
    two = run(
        job(tmp_path, f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}]); {hold}"), 60
    )
    both = run(
        job(tmp_path, f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {hold!r}]); {hold}; p.wait()"), 60
    )  # fmt: skip
    assert not alone.failed + two.failed + both.failed
    assert 120 < alone.memory < 180
    assert 120 < two.memory < 180 + alone.memory / 4
    assert both.memory > 240


def test_what_takes_too_long_is_ended_and_said(tmp_path: Path) -> None:
    assert run(job(tmp_path, "import time; time.sleep(60)"), 0.5).failed == "more than 0.5 s"


def test_what_fails_says_why_and_an_exit_code_may_be_meant(tmp_path: Path) -> None:
    program = "import sys; print(input()); print('no such thing', file=sys.stderr); sys.exit(1)"
    assert run(job(tmp_path, program, given="said"), 60).failed == "no such thing"
    assert not run(job(tmp_path, program, given="said", codes=(0, 1)), 60).failed
    assert (tmp_path / "output").read_text() == "said\n"


def test_preparing_is_no_part_of_the_work(tmp_path: Path) -> None:
    prepared = tmp_path / "prepared"
    program = f"open({str(prepared)!r}, 'w').write('1000')"
    assert run(job(tmp_path, program, prepared=prepared), 60).seconds < 0


def test_findings_are_held_against_the_list_by_focus_path_and_component() -> None:
    planted = Counter({("<a>", "<p>", COUNT, '"1"'): 1, ("<b>", "", COUNT, ""): 2})
    found = Counter({("<a>", "<p>", COUNT, ""): 1, ("<b>", "", COUNT, ""): 1, ("<c>", "", COUNT, ""): 1})
    assert Agreement.of(found, planted) == Agreement(exact=2, missing=1, extra=1, values=1)
    assert Agreement.of(planted, planted) == Agreement(exact=3, missing=0, extra=0, values=3)


def test_a_report_is_read_without_its_details_and_longer_paths(tmp_path: Path) -> None:
    file = tmp_path / "report.ttl"
    file.write_text(
        f"""@prefix sh: <{SH}> .
        [ a sh:ValidationReport ; sh:result
            [ a sh:ValidationResult ; sh:focusNode <urn:a> ; sh:resultPath <urn:p> ; sh:value 1 ;
              sh:sourceConstraintComponent sh:MinCountConstraintComponent ;
              sh:detail [ a sh:ValidationResult ; sh:focusNode <urn:b> ] ],
            [ a sh:ValidationResult ; sh:focusNode <urn:a> ; sh:resultPath [ sh:inversePath <urn:p> ] ;
              sh:sourceConstraintComponent sh:MinCountConstraintComponent ] ] ."""
    )
    value = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert findings.of_report(file) == Counter(
        {("<urn:a>", "<urn:p>", COUNT, value): 1, ("<urn:a>", "", COUNT, ""): 1}
    )


@pytest.fixture
def material(tmp_path: Path) -> Material:
    return Material.of(tmp_path / "work", 6_000)


def tool(key: str, program: str) -> Peer:
    def made(bench: Bench, work: str) -> Job:
        text = program.format(target=str(bench.target(work)))
        return Job([bench.python, "-c", text], bench.directory, bench.output)

    return Peer(key=key, name=key, how="", jobs={"validate": made}, found=findings.of_rows, report="json")


def test_each_tool_works_in_turn_and_its_findings_are_judged(
    material: Material, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [list(each) for each in material.planted().elements()]
    assert len(rows) > 40
    (tmp_path / "rows.json").write_text(json.dumps(rows[1:]))
    copying = f"import shutil; shutil.copy({str(tmp_path / 'rows.json')!r}, {{target!r}})"
    absent = replace(tool("absent", ""), needs=("no-such-program", "No such program"))
    peers = [tool("one", copying), tool("broken", "raise SystemExit('it broke')"), absent]
    given_up: dict[tuple[str, str], str] = {}
    one, broken, gone = measure(peers, material, tmp_path / "work", limit=60, given_up=given_up)
    assert len(one.seconds) == len(one.memory) == REPEATS
    assert one.agreement == Agreement(len(rows) - 1, 1, 0, len(rows) - 1)
    assert not one.failed + one.wrong
    assert broken.failed == "it broke"
    assert gone.failed == "No such program is not on PATH"
    told = capsys.readouterr().err
    assert [line.split()[2] for line in told.splitlines()][:4] == ["one:", "broken:", "absent:", "one:"]
    again = measure([peers[1]], material, tmp_path / "work", limit=60, given_up=given_up)
    assert again[0].failed == "it broke at 6,000 quads"


def test_an_aim_whose_peer_did_not_run_is_not_met() -> None:
    number = 100_000
    found = [
        Measured("kg", number, "validate", [1.0] * 3, [10.0] * 3, agreement=Agreement(9, 0, 0, 9)),
        Measured("pyshacl", number, "validate", [61.0] * 3, [10.0] * 3),
        Measured("topbraid", number, "validate", failed="Java 17 is not on PATH"),
        Measured("kg", number, "load", [1.0] * 3, [10.0] * 3),
        Measured("oxigraph", number, "load", [0.5] * 3, [10.0] * 3),
        Measured("kg", number, "turtle", [1.0] * 3, [10.0] * 3, wrong="3 statements"),
        Measured("rdflib", number, "turtle", [9.0] * 3, [10.0] * 3),
    ]
    told = {aim.text: aim for aim in report.aims(report.Found(found))}
    assert told["60 times pySHACL, at 100,000 quads"].met
    behind = told["validation ahead of TopBraid, at 100,000 quads"]
    assert (behind.met, behind.why) == (False, "TopBraid did not run: Java 17 is not on PATH")
    assert told["findings are those planted, at 100,000 quads"].met
    slow = told["loading within 1.3 times of `oxigraph load`, at 100,000 quads"]
    assert (slow.met, slow.ratio, slow.why) == (False, "0.5", "1.5 times too slow")
    assert told["5 times rdflib: write Turtle, at 100,000 quads"].why == "kg: 3 statements"
    assert not told["validate 10,000,000 quads in 120 s"].met
    text = report.page(report.Found(found), {}, "A machine.", [])
    assert "| validate | TopBraid | did not run: Java 17 is not on PATH |" in text
    assert "| validate | pySHACL | 61.00 | 61.00 · 61.00 · 61.00 | 10 | 61.00 |" in text


def test_right_answers_are_those_of_the_archive(material: Material) -> None:
    answers = material.answers()
    assert len(answers["listing"]) > 10
    assert answers["listing"] == sorted(answers["listing"])
    kinds = dict(row.split() for row in answers["facets"])
    assert kinds["https://w3id.org/attest/ns#Claim"] == max(kinds.values(), key=int)
    assert material == Material.of(material.directory.parent, 6_000)


def test_we_do_each_work_on_what_we_loaded(
    material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "REPEATS", 1)
    given_up: dict[tuple[str, str], str] = {}
    ours = replace(OURS, jobs={work: OURS.jobs[work] for work in WORKS if work != "validate"})
    found = measure([ours], material, tmp_path / "work", limit=300, given_up=given_up)
    assert [each.work for each in found] == list(ours.jobs)
    assert [each.failed + each.wrong for each in found] == [""] * len(found)


def test_sizes_are_numbers_with_a_suffix() -> None:
    assert scale.sizes("1M,10k,5") == [5, 10_000, 1_000_000]
    with pytest.raises(ValueError, match="many"):
        scale.sizes("many")


def test_each_peer_is_pinned_and_does_what_is_measured(tmp_path: Path) -> None:
    for peer in PEERS:
        assert all("==" in package for package in peer.packages)
        assert set(peer.jobs) <= set(WORKS)
        assert peer.packages or install(peer, tmp_path) == sys.executable
