"""What the benchmark of servers says of its figures: an aim that was not measured, or measured on wrong answers, is not met."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from suites import ROOT

sys.path.insert(0, str(ROOT / "bench"))

import document
import report
from measuring import CONCURRENCY, Cell, Measured
from peers import OURS, OXIGRAPH, PEERS
from workloads import Collection

CELL = Cell(rate=100, p50=1, p99=2, worst=3, answers=40, failed=0, statuses={"200": 40}, client=0.1)
RATES = {"kg": 1000.0, "oxigraph": 1200.0}


def found(**rates: float) -> dict[tuple[str, str], Measured]:
    """Give measurements by which every aim is met, unless *rates* of repeated look-ups are others."""
    measured = {}
    for key in (report.SMALL, report.LARGE):
        for peer in PEERS:
            rate = RATES.get(peer.key, 90.0)
            again = rates.get(peer.key, rate if peer is not OXIGRAPH else 900.0)
            cells = {f"look-up fresh {many}": replace(CELL, rate=rate) for many in CONCURRENCY}
            cells |= {f"look-up repeated {many}": replace(CELL, rate=again) for many in CONCURRENCY}
            bombed = {"trivial": replace(CELL, p99=50 if peer is OURS else 5_000)}
            measured[key, peer.key] = Measured(peer.key, key, version="1", cells=cells, bombed=bombed)
    return measured


def met(measured: report.Found) -> dict[str, bool]:
    return {aim.text: aim.met for aim in report.aims(measured)}


def test_aims_are_computed() -> None:
    assert all(met(found()).values())
    slow = met(found(oxigraph=1001.0))
    missed = {text for text, is_met in slow.items() if not is_met}
    assert missed == {
        f"ahead of Oxigraph on repeated look-ups, {where}"
        for where in ("a million quads", "the small collection")
    }
    missed = {text for text, is_met in met(found(rdflib=101.0)).items() if not is_met}
    assert missed == {"10 times rdflib-endpoint on repeated look-ups, a million quads"}


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.key)
def test_a_peer_that_does_not_run_leaves_its_aims_unmet(peer: report.Peer) -> None:
    measured = found()
    measured[report.LARGE, peer.key] = Measured(peer.key, report.LARGE, failed="it does not start")
    missed = [text for text, is_met in met(measured).items() if not is_met]
    assert len(missed) == {"kg": len(met(measured)) // 2, "oxigraph": 4}.get(peer.key, 3)
    assert all("a million quads" in text for text in missed)


def test_answers_that_failed_do_not_count() -> None:
    measured = found()
    cells = measured[report.SMALL, "shmarql"].cells
    cells["look-up fresh 8"] = replace(cells["look-up fresh 8"], failed=1)
    missed = [aim for aim in report.aims(measured) if not aim.met]
    assert [aim.text for aim in missed] == ["2 times SHMARQL on uncached look-ups, the small collection"]
    assert missed[0].measured == "SHMARQL gave no right answers to measure"


def test_a_wrong_answer_stands_in_the_tables() -> None:
    measured = found()
    measured[report.SMALL, "rdflib"].wrong["turtle"] = "not text/turtle"
    collection = Collection(
        key=report.SMALL, title="Small", base="", release=Path(), quads=Path(), database=Path(), copy=Path()
    )
    text = report.page(measured, [collection], [], "Here.")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| resource in Turtle")]
    column = 1 + [peer.key for peer in PEERS].index("rdflib")
    assert [row[column] for row in rows if "uncached" in row[0] or "repeated" in row[0]] == ["wrong"] * 4
    assert "wrong: not text/turtle" in text


def test_each_program_writes_its_own_part(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Benchmarks\n\nBy hand.\n")
    document.put("one", "First.", page)
    document.put("two", "Second.", page)
    document.put("one", "Once more.", page)
    text = page.read_text()
    assert text.startswith("# Benchmarks\n\nBy hand.\n\n<!-- one -->\n\nOnce more.\n")
    assert "First." not in text
    assert text.endswith("<!-- two -->\n\nSecond.\n\n<!-- end of two -->\n")
    document.put("one", "Once more.", page)
    assert page.read_text() == text


def test_the_published_page_has_its_parts() -> None:
    text = document.PAGE.read_text()
    assert text.count("<!-- bench/run.py -->") == text.count("<!-- end of bench/run.py -->") == 1
