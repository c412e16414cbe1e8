"""--endpoint: the commands asked of a server, and what they say where it misbehaves."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from commands import Outcome, kg, run

import faults
import kg as library
import running
from faults import FAULTS

Ask = Callable[..., Outcome]
LABELS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
COMMANDS = [
    ["query", "claims-by-measure"],
    ["query", "claims-by-measure", "--event", "baku-1990-01", "--as-of", "1990-01-16", "--format", "csv"],
    ["query", "spellings", "--place", "krasnovodsk", "--format", "json"],
    ["query", LABELS + "SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?s ?l LIMIT 5"],
    ["query", LABELS + "SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?s ?l LIMIT 5", "--format", "json"],
    ["query", "ASK { ?s ?p ?o }"],
    ["query", LABELS + "CONSTRUCT WHERE { <https://attest.example/baku-1990/id/event/baku-1990-01> rdfs:label ?o }"],
    ["query", "PREFIX kg: <https://w3id.org/attest/ns#> SELECT ?n { ?e kg:deaths ?n }"],
    ["query", "claims-by-mesure"],
    ["query", "spellings", "--place", "krasnovdsk"],
    ["query", "SELECT ?s { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"],
    ["query", "INSERT DATA { <urn:a> <urn:b> <urn:c> }"],
    ["why", "asbarez-c02-s2-01"],
    ["why", "event:baku-1990-01"],
    ["why", "asbarez-c02-s2-1"],
    ["list"],
    ["export", "--format", "nq"],
    ["export", "--format", "ttl", "--base", "https://archive.example/x/"],
]  # fmt: skip


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    def asked(*arguments: str | Path, text: str = "") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        return kg(capsys, *arguments)

    return asked


@pytest.fixture(scope="module")
def url(release: Path) -> Iterator[str]:
    with running.serving(library.open(release)) as address:
        yield f"{address}/sparql"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command)[:60])
def test_a_server_gives_what_the_release_gives(command: list[str], ask: Ask, url: str, release: Path) -> None:
    assert ask(*command, "--endpoint", url) == ask(*command, "--release", release)


def test_a_query_from_standard_input(ask: Ask, url: str) -> None:
    outcome = ask("query", "-", "--endpoint", url, "--timeout", "30", text="SELECT (1 AS ?n) {}")
    assert (outcome.code, outcome.err) == (0, "1 row\n")


def test_a_copy_is_verified_against_a_server(ask: Ask, url: str, release: Path, seed: Path) -> None:
    for more in ([], ["--format", "json"], ["--source", "asbarez-91953"]):
        assert ask("verify", seed, *more, "--endpoint", url) == ask(
            "verify", seed, *more, "--release", release
        )
    words = ask("why", "asbarez-c02-s2-01", "--text", seed, "--endpoint", url)
    assert words == ask("why", "asbarez-c02-s2-01", "--text", seed, "--release", release)
    assert "“" in words.out


@pytest.mark.parametrize(
    "name", sorted(FAULTS.keys() - {"a body without end"})
)  # whose cap is the library's to set
def test_a_fault_is_one_sentence_and_an_exit_code(name: str, ask: Ask) -> None:
    fault = FAULTS[name]
    seconds = "0.4" if fault.error == "QueryTimeout" else "20"
    with faults.endpoint(
        lambda request: faults.well(request) if request.query.startswith("ASK") else fault.does()
    ) as told:
        outcome = ask("query", "claims-by-measure", "--endpoint", told.url, "--timeout", seconds)
    assert (outcome.code, outcome.out) == (fault.code, "")
    assert fault.says in outcome.err
    assert outcome.err.startswith("kg: ")
    assert "\n→ " in outcome.err or fault.error == "QueryError"
    assert "\x1b" not in outcome.err
    assert "Traceback" not in outcome.err


def test_an_export_that_breaks_off_leaves_the_file_as_it_was(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "out.nt"
    file.write_text("as it was", encoding="utf-8")
    with faults.endpoint(faults.after_asking(*FAULTS["truncated JSON"].does())) as told:
        outcome = ask("export", "--format", "nt", "-o", file, "--endpoint", told.url)
    assert outcome.code == 4
    assert file.read_text(encoding="utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [file]


def test_a_closed_port_and_a_name_that_is_none(ask: Ask) -> None:
    for address in ("http://127.0.0.1:1/sparql", "http://archive.invalid/sparql"):
        outcome = ask("query", "claims-by-measure", "--endpoint", address, "--timeout", "2")
        assert (outcome.code, outcome.out) == (3, "")
        assert address in outcome.err


def test_what_a_stranger_writes_does_not_steer_the_terminal(ask: Ask) -> None:
    document = faults.row({"type": "literal", "value": "\x1b]0;title\x07 and \u202eturned"})
    with faults.endpoint(
        lambda request: [faults.reply(document)] if request.query == "SELECT ?s {}" else faults.well(request)
    ) as told:
        outcome = ask("query", "SELECT ?s {}", "--endpoint", told.url)
    assert outcome.code == 0
    assert r"\x1b]0;title\x07 and \u202eturned" in outcome.out
    assert not set("\x1b\x07\u202e") & set(outcome.out)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--endpoint", "http://127.0.0.1:1/", "--release", "."], "name two archives"),
        (["--endpoint", "build"], "--release"),
        (["--endpoint", "ftp://127.0.0.1/"], "takes an address"),
        (["--timeout", "5"], "--timeout goes with --endpoint"),
        (["--endpoint", "http://127.0.0.1:1/", "--timeout", "0"], "0"),
        (["--endpoint", "http://127.0.0.1:1/", "--timeout", "soon"], "soon"),
    ],
)
def test_options_that_do_not_go_together(arguments: list[str], says: str, ask: Ask) -> None:
    for command in (
        ["query", "claims-by-measure"],
        ["why", "event:baku-1990-01"],
        ["list"],
        ["export", "--format", "nt"],
    ):
        outcome = ask(*command, *arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert says in outcome.err


def test_a_release_is_no_address(ask: Ask) -> None:
    outcome = ask("query", "claims-by-measure", "--release", "http://127.0.0.1:1/sparql")
    assert (outcome.code, outcome.out) == (4, "")
    assert "--endpoint" in outcome.err


def test_the_command_as_a_process(url: str, tmp_path: Path) -> None:
    """Outside of any project, and without a sign of what SPARQLWrapper might warn of."""
    outcome = run("query", "claims-by-measure", "--endpoint", url, "--format", "csv", cwd=tmp_path)
    assert (outcome.code, outcome.err) == (0, "")
    assert len(outcome.out.splitlines()) == 20
    assert "/sparql" in run("query", "--help", cwd=tmp_path).out
