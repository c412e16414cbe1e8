"""kg list, kg query, kg why, and the help of every command."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from commands import Outcome, kg, project, run

import collection
import kg as library
from kg import building, manifest
from kg.cli.verbs import VERBS
from kg.evidence import Copy
from kg.project import Project
from suites import ROOT


def rows(text: str) -> list[tuple[str, ...]]:
    """Give of each row when, of what and how near, and the figure, by the last parts of names."""

    def short(cell: str) -> str:
        return re.split("[/#:]", cell)[-1]

    found = csv.DictReader(io.StringIO(text), strict=True)
    return [
        (
            row["as_of"],
            short(row["event"]),
            row["band"],
            short(row["comparator"]),
            row["amount"],
            short(row["magnitude"]),
        )
        for row in found
    ]


FIGURES = rows((ROOT / "tests/queries/claims-by-measure.csv").read_text().partition("\n")[2])


def until(day: str) -> list[tuple[str, ...]]:
    """Give the figures that had been reported by *day*."""
    return [row for row in FIGURES if row[0] and row[0] <= day]


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], release: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    def asked(*arguments: str, text: str = "") -> Outcome:
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        return kg(capsys, *arguments, "--release", release)

    return asked


def test_list_shows_every_query_with_its_parameters(ask, release: Path) -> None:  # type: ignore[no-untyped-def]
    outcome = ask("list")
    assert outcome.code == 0
    assert outcome.err == ""
    catalog = library.open(release).catalog
    assert len(catalog) >= 5
    for query in catalog.values():
        assert f"\n  {query.name}: {query.summary}\n" in outcome.out
        assert f"{query.asked_by}:\n" in outcome.out
        for param in query.params:
            assert re.search(
                rf"      --{param.name.replace('_', '-')} {param.type.upper()} .*{re.escape(param.summary)}",
                outcome.out,
            )
    screens = outcome.out.split("\n\n")
    assert [screen.partition(":\n")[0] for screen in screens[:-1]] == [
        "archivist", "data engineer", "descendant", "historian", "journalist", "librarian",
    ]  # fmt: skip
    assert max(len(screen.splitlines()) for screen in screens) <= 26
    assert screens[-1].startswith(f"{len(catalog)} questions; kg query NAME ")
    described = {query["name"]: query for query in json.loads(ask("list", "--format", "json").out)}
    assert set(described) == set(catalog)
    figures = described["claims-by-measure"]
    assert figures["asked-by"] == "historian"
    assert [param["name"] for param in figures["params"]] == ["event", "measure", "as_of"]
    assert figures["params"][0] == {
        "name": "event", "type": "event", "default": "baku-1990-01", "summary": "the event whose figures are compared",
    }  # fmt: skip


def test_a_release_without_queries_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "data.ttl"
    file.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    assert kg(capsys, "build", "--data", file, "-o", tmp_path / "out").code == 0
    outcome = kg(capsys, "list", "--release", tmp_path / "out")
    assert (outcome.code, outcome.out) == (0, "")
    assert "kg query -" in outcome.err
    assert json.loads(kg(capsys, "list", "--format", "json", "--release", tmp_path / "out").out) == []


def test_a_table_has_labels_and_leaves_out_empty_columns(ask) -> None:  # type: ignore[no-untyped-def]
    outcome = ask("query", "claims-by-measure")
    assert outcome.code == 0
    head, rule, *lines = outcome.out.splitlines()
    assert head.split()[:4] == ["as_of", "event", "band", "comparator"]
    assert set(rule.strip()) == {"─"}
    assert len(lines) == len(FIGURES) == 19
    assert lines[2].split("   ")[0].strip() == "1990-01-15"
    assert "Violence in Azerbaijan, January 1990" in lines[2]
    assert "official Soviet media" in lines[2]
    assert "claim:asbarez-c02-s2-01" in lines[2]
    assert "scope_to" not in head
    assert outcome.err == "".join(
        f"{line}\n"
        for line in (
            "(empty in every row: scope_to)",
            "19 rows",
            "caveat: one number twice, once of the dead without distinction and once of Armenians (claim:asbarez-c03-s2-01, claim:asbarez-c05-s2-01)",
            "caveat: the figure may be of Baku in January 1990, or of the whole series that follows (claim:asbarez-p2-s1-01)",
            "with as_of, claims without a date of report are left out",
        )
    )
    assert all(line == line.rstrip() for line in outcome.out.splitlines())
    assert "\n2 rows\n" in ask("query", "claims-by-measure", "--as-of", "1990-01-14").err


def test_a_table_leaves_out_words_that_repeat_a_label(ask) -> None:  # type: ignore[no-untyped-def]
    outcome = ask("query", "names-of-people")
    assert "form" in outcome.out.splitlines()[0].split()
    assert "left out" not in outcome.err
    outcome = ask("query", "claims-by-claimant", "--claimant", "person:asbarez-91953-reader-3")
    assert "text" not in outcome.out.splitlines()[0].split()
    assert "international forums of commemoration" in outcome.out
    assert outcome.err.startswith(
        "(empty in every row: as_of)\n(polarity is left out: it says what property says)\n"
        "(text is left out: it says what object says)\n8 rows\n"
    )
    text = ask("query", "claims-by-claimant", "--claimant", "person:asbarez-91953-reader-3", "--format", "csv").out  # fmt: skip
    assert "text" in text.splitlines()[0].split(",")


def test_csv_and_json_have_the_same_rows(ask) -> None:  # type: ignore[no-untyped-def]
    text = ask("query", "claims-by-measure", "--format", "csv").out
    assert rows(text) == FIGURES
    assert "\r" not in text
    found = json.loads(ask("query", "claims-by-measure", "--format", "json").out)
    assert [row["amount"] for row in found] == [int(row[4]) if row[4] else None for row in FIGURES]
    assert {row["amount"] for row in found} >= {32, 37, 56, 300, None}
    assert [row["as_of"] for row in found] == [row[0] or None for row in FIGURES]
    assert list(found[0]) == text.splitlines()[0].split(",")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--event", "baku-1990-01"], FIGURES),
        (["--event=baku-1990-01", "--measure=deaths"], FIGURES),
        (["--param", "event=baku-1990-01", "--measure", "kg:deaths"], FIGURES),
        (["--event", "event:baku-1990-01", "--param=measure=deaths"], FIGURES),
        (["--event", "https://attest.example/baku-1990/id/event/baku-1990-01"], FIGURES),
        (["--as-of", "1990-01-16"], until("1990-01-16")),
        (["--as_of", "1990-01-16"], until("1990-01-16")),
        (["--param", "as_of=1990-01-17"], until("1990-01-17")),
        (["--as-of=1990-01-14"], until("1990-01-14")),
        (["--as-of=1990-01-13"], []),
    ],
)
def test_parameters_can_be_written_in_three_ways(arguments: list[str], expected: object, ask) -> None:  # type: ignore[no-untyped-def]
    outcome = ask("query", "claims-by-measure", *arguments, "--format", "csv")
    assert outcome.code == 0, outcome.all
    assert rows(outcome.out) == expected
    assert outcome == ask("query", "--format=csv", "claims-by-measure", *arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["query", "spelings"], "did you mean spellings"),
        (["query", "zzz"], "kg list"),
        (["query", "claims-by-measure", "--evnt", "baku-1990-01"], "did you mean 'event'"),
        (["query", "photographs", "--event", "baku-1990-01"], "takes no parameters"),
        (["query", "claims-by-measure", "--event", "baku-1990-1"], "event:baku-1990-01"),
        (["query", "claims-by-measure", "--event", "place:baku"], "is a place, not an event"),
        (["query", "claims-by-measure", "--measure", "deathz"], "deaths"),
        (["query", "claims-by-measure", "--as-of", "16.1.1990"], "1990-01-16"),
        (["query", "claims-by-measure", "--event", "a", "--param", "event=b"], "given twice"),
        (["query", "claims-by-measure", "--param", "event"], "NAME=VALUE"),
        (["query", "claims-by-measure", "stray"], "stray"),
        (["query", "claims-by-measure", "-x", "1"], "-x"),
        (["query", "-", "--event", "baku-1990-01"], "parameters"),
        (["query", "SELECT * {", "--format", "csv"], "line 1"),
        (["query", "DELETE WHERE { ?s ?p ?o }"], "read-only"),
        (["query"], "NAME"),
        (["why", "baku-1990-1"], "event:baku-1990-01"),
        (["why", "event:baku"], "not in this release"),
        (["why", "event:no name"], "not an IRI"),
        (["why", "event:baku-1990-01", "--text", "absent.txt"], "absent.txt"),
        (["list", "--format", "xml"], "json"),
        (["nonsense"], "nonsense"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(arguments: list[str], said: str, ask) -> None:  # type: ignore[no-untyped-def]
    outcome = ask(*arguments) if arguments[0] != "nonsense" else ask("nonsense")
    assert outcome.code == 2
    assert said in outcome.err
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert "internal error" not in outcome.err


def test_a_query_on_standard_input(ask) -> None:  # type: ignore[no-untyped-def]
    text = """PREFIX kg: <https://w3id.org/attest/ns#>
    SELECT ?claim ?amount { ?claim kg:amount ?amount ; kg:comparator kg:atLeast } ORDER BY ?amount"""
    outcome = ask("query", "-", text=text)
    assert outcome.code == 0
    assert outcome.out.splitlines()[2].split() == ["claim:asbarez-c02-s2-01", "32"]
    assert outcome.err.startswith("4 rows\ncaveat: one number twice")
    table = ask("query", "-", "--format", "csv", text=text).out
    assert table.splitlines()[1] == "https://attest.example/baku-1990/id/claim/asbarez-c02-s2-01,32"
    body = json.loads(ask("query", "-", "--format", "json", text=text).out)
    assert body["head"] == {"vars": ["claim", "amount"]}
    assert [binding["amount"]["value"] for binding in body["results"]["bindings"]] == ["32", "37", "37", "56"]
    assert ask("query", text, "--format", "csv").out == table
    turtle = ask("query", "-", text="DESCRIBE <https://attest.example/baku-1990/id/place/baku>").out
    assert "place:baku a schema:Place" in turtle
    assert "@prefix person:" not in turtle


def test_line_ends_inside_a_value_stay(ask) -> None:  # type: ignore[no-untyped-def]
    text = r'SELECT ?a ?b { VALUES (?a ?b) { ("one\r\ntwo" "say \"x\", y") } }'
    outcome = ask("query", "-", "--format", "csv", text=text)
    assert outcome.out == 'a,b\n"one\r\ntwo","say ""x"", y"\n'


def narrow(*arguments: object) -> list[str]:
    """Give the lines that a command prints in a terminal of 80 columns, without their styles."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        stdout=theirs, stderr=theirs, stdin=theirs, env=os.environ | {"TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    data = b""
    with contextlib.suppress(OSError):  # how Linux says that the other end is closed
        while more := os.read(ours, 65536):
            data += more
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return re.sub(r"\x1b\[[0-9;]*m", "", data.decode()).splitlines()


def test_in_a_narrow_terminal_rows_are_blocks(release: Path) -> None:
    lines = narrow("query", "anomalies", "--release", release)
    assert "proposed  Krasnovodsk" in lines, lines
    assert "kind      misspelling" in lines


def test_in_a_narrow_terminal_claims_are_in_words(release: Path) -> None:
    lines = narrow("query", "claims-by-measure", "--release", release)
    first = lines.index("1990-01-15  Violence in Azerbaijan, January 1990: at least 32 dead")
    assert lines[first : first + 3] == [
        "1990-01-15  Violence in Azerbaijan, January 1990: at least 32 dead",
        "  official Soviet media → Associated Press → Asbarez: claim:asbarez-c02-s2-01, passage:asbarez-c02-s2",
        "  band wider; population people, without distinction; scope_from 1990-01-13",
    ]
    assert sum(not line.startswith(("  ", "caveat")) for line in lines) == len(FIGURES) + 2
    assert "19 rows" in lines
    veiled = narrow("query", "claims-by-claimant", "--claimant", "associated-press", "--release", release)
    assert "1990-01-17  veiled" in veiled
    shown = narrow("query", "claims-by-claimant", "--claimant", "associated-press", "--veiled", "--release", release)  # fmt: skip
    assert "1990-01-17  veiled" not in shown


def test_a_denial_has_the_label_of_its_property_with_not(ask) -> None:  # type: ignore[no-untyped-def]
    lines = ask("query", "claims-by-claimant", "--claimant", "person:asbarez-91953-reader-3").out.splitlines()
    assert "polarity" not in lines[0]
    assert sum(" did not receive " in line or " is not welcomed at " in line for line in lines) == 2


def test_a_note_stands_under_its_answer(ask, release: Path) -> None:  # type: ignore[no-untyped-def]
    noted = next(query for query in library.open(release).catalog.values() if query.note)
    assert f"\n{noted.note}\n" in ask("query", noted.name).err


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("deaths", ["claims-by-measure", "figure-extremes"]),
        ("isbn", ["publication"]),
    ],
)
def test_list_of_a_word_has_the_questions_that_tell_of_it(words: str, names: list[str], ask) -> None:  # type: ignore[no-untyped-def]
    found = json.loads(ask("list", words, "--format", "json").out)
    assert [query["name"] for query in found] == names
    assert f"did you mean {', '.join(names)}?" in ask("query", words).err


def test_list_of_one_question_has_all_of_it(ask, release: Path) -> None:  # type: ignore[no-untyped-def]
    for query in library.open(release).catalog.values():
        outcome = ask("list", query.name)
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith(f"{query.name}: {query.summary}\n")
        text = "".join(outcome.out.split())  # lines end at a space or after a hyphen
        assert "".join(query.description.split()) in text
        assert all("".join(param.summary.split()) in text for param in query.params)
        assert query.note in outcome.out
    assert ask("list", "zzz").code == 2


# ------------------------------------------------------------------ kg why


def test_why(ask, seed: Path) -> None:  # type: ignore[no-untyped-def]
    outcome = ask("why", "asbarez-c02-s2-01")
    assert outcome.code == 0
    assert outcome.out.splitlines()[1] == "  official Soviet media → Associated Press → Asbarez, 1990-01-15"
    assert "no local copy" in outcome.out
    assert "“" not in outcome.out
    shown = ask("why", "claim:asbarez-c02-s2-01", "--text", str(seed))
    text = seed.read_text(encoding="utf-8")
    words = re.search("“(.*)”\n", shown.out)
    assert words
    assert words[1] in text
    assert "no local copy" not in shown.out


def test_why_of_a_copy_that_is_no_text(ask, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "picture"
    file.write_bytes(b"\xff\xd8\xff\xe0")
    outcome = ask("why", "asbarez-c02-s2-01", "--text", str(file))
    assert outcome.code == 1
    assert "UTF-8" in outcome.err
    assert outcome.out == ""


# ------------------------------------------------------------------ where a release is looked for


def test_the_project_around_is_asked(release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    (tmp_path / "kg.toml").touch()
    (tmp_path / "build").symlink_to(release)
    below = tmp_path / "data" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert rows(kg(capsys, "query", "claims-by-measure", "--format", "csv").out) == FIGURES
    assert kg(capsys, "list", "--release", tmp_path).code == 0
    assert kg(capsys, "list", "-r", manifest.current(release)).code == 0
    (tmp_path / "build").unlink()
    outcome = kg(capsys, "list")
    assert outcome.code == 3
    assert "kg build" in outcome.err


# ------------------------------------------------------------------ help

COMMANDS = sorted(VERBS)
SENTENCE = "I came home by the last train on Monday."
LETTER = """@prefix kg: <https://w3id.org/attest/ns#> .
<https://attest.example/baku-1990/id/text/a-1> a kg:TextVersion ; kg:versionOf <https://attest.example/baku-1990/id/source/a> ;
    kg:length {length} ; kg:textDigest "{digest}" ; kg:capturedDigest "{captured}" .
"""


def helped(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    outcome = kg(capsys, name, "--help")
    assert outcome.code == 0
    return outcome.out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_a_line_what_is_written_and_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = helped(name, capsys)
    usage, _, summary, *_ = text.splitlines()
    assert usage.startswith(f"Usage: kg {name} ")
    assert summary.endswith(".")
    assert re.search(r"\bWrites\b", text)
    assert f"Example: kg {name}" in text
    assert kg(capsys, name, "-h").out == text
    overview = kg(capsys, "--help").out
    assert f"  {name:9} {summary.strip()}\n" in overview  # in full, not cut


def test_the_overview_is_that_of_the_module(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    outcome = run("--help", cwd=tmp_path)
    assert outcome.code == 0
    assert outcome.out == kg(capsys, "--help").out
    assert "..." not in outcome.out.partition("Commands:")[2]
    version = kg(capsys, "--version")
    assert (version.code, version.out) == (0, f"kg, version {library.__version__}\n")
    bare = kg(capsys)
    assert bare.code in (0, 2)
    assert "Commands:" in bare.all


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, seed: Path) -> Path:
    """A copy of the project with its release, and the files that the examples name."""
    place = project(tmp_path_factory.mktemp("bench") / "project")
    shutil.copytree(collection.built(), place / "build")
    (place / "letters.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    copies = place / "home" / "copies"
    copies.mkdir(parents=True)
    for name in ("article.txt", "article.html"):
        shutil.copy(seed, copies / name)
    return place


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that records the text of a letter, a.txt."""
    place = tmp_path_factory.mktemp("letter")
    (place / "kg.toml").touch()
    (place / "a.txt").write_text(f"Dear reader,\n\n{SENTENCE}\n", encoding="utf-8")
    text = Copy.read((place / "a.txt").read_bytes())
    record = LETTER.format(length=len(text.text), digest=text.digest, captured=text.captured_digest)
    (place / "record.ttl").write_text(record, encoding="utf-8")
    building.build(Project.adhoc([place / "record.ttl"]), place / "build")
    return place


EXAMPLES = [name for name in COMMANDS if name not in ("serve", "push")]
"""Without what runs until it is stopped, and what needs a store (tests/push)."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_runs(
    name: str,
    bench: Path,
    letter: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    text = " ".join(helped(name, capsys).partition("Example: ")[2].split())
    monkeypatch.chdir(letter if name == "anchor" else bench)
    arguments = [
        re.sub("^~", str(bench / "home"), word.replace("/tmp/letters", str(tmp_path / "letters")))  # noqa: S108
        for word in shlex.split(text)
    ]
    assert arguments.pop(0) == "kg"
    outcome = kg(capsys, *arguments)
    assert outcome.code == 0, outcome.all
    if name == "export":
        assert len(gzip.decompress((bench / "collection.ttl.gz").read_bytes())) > 100_000
    else:
        assert outcome.all
    if name == "anchor":
        assert "oa:start 13 ; oa:end 53 ." in outcome.out


def test_the_example_of_the_overview_runs(
    bench: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bench)
    text = kg(capsys, "--help").out.partition("Try: kg ")[2]
    assert kg(capsys, *shlex.split(text)).code == 0


def test_claims_side_by_side(ask) -> None:  # type: ignore[no-untyped-def]
    done = ask("compare", "baku-1990-01", "deaths", "--as-of", "1990-01-16", "--voice", "associated-press")
    assert done.code == 0
    assert "5 of 19 claims shown" in done.out
    assert "1990-01-14  25 dead [second hand, origin A]" in done.out
    assert "1990-01-15  at least 32 dead [origin D]" in done.out
    assert "origin D: all came through Associated Press" in done.out
    table = ask("compare", "baku-1990-01", "deaths", "--no-related", "--format", "csv").out.splitlines()
    assert len(table) == 16
    one = json.loads(ask("compare", "baku-1990-01", "deaths", "--independent", "--format", "json").out)
    assert (one["shown"], one["total"]) == (10, 19)
    wrong = ask("compare", "baku-1990-01", "deaths", "--voice", "nobody")
    assert wrong.code == 2
    assert "the parameter voice" in wrong.err


def test_list_prints_what_filters_leave_of_a_kind(ask: object) -> None:
    found = ask("list", "photographs", "--shows", "baku")  # type: ignore[operator]
    table = list(csv.DictReader(io.StringIO(found.out)))
    assert [row["label"].partition(":")[0] for row in table] == [
        "Photograph 4",
        "Photograph 8",
        "Photograph 12",
    ]
    assert {row["veiled"] for row in table} == {"false"}
    both = ask("list", "photographs", "--shows=baku", "--shows", "yerevan", "--format", "json")  # type: ignore[operator]
    assert json.loads(both.out)["total"] == 9
    whole = ask("list", "kg:Leg", "--format", "csv")  # type: ignore[operator]
    assert len(whole.out.splitlines()) == 13


def test_list_of_a_kind_prints_its_members(ask, release: Path) -> None:  # type: ignore[no-untyped-def]
    archive = library.open(release)
    events = ask("list", "events").out.splitlines()
    names = [archive.base.compact(row.iri) for row in archive.lists.find("events").select({}).page()]
    assert [line.split()[0] for line in events[1:-1]] == names
    assert "  Violence in Baku, January 1990" in "".join(
        line for line in events if "event:baku-1990-01 " in line
    )
    assert events[-1].startswith(f"{len(names)} of them; --format csv has every column")
    assert json.loads(ask("list", "events", "--format", "json").out)["total"] == len(names)
    people = ask("list", "people").out
    assert people.startswith("people: ")
    assert "\n  person:irina-mosesova " in people


def test_list_of_a_kind_does_not_give_away_what_is_veiled(ask) -> None:  # type: ignore[no-untyped-def]
    (line,) = (each for each in ask("list", "claims").out.splitlines() if "claim:asbarez-c09-s3-01 " in each)
    assert line.split() == ["claim:asbarez-c09-s3-01", "veiled"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["list", "photographs", "--colour", "red"], "no filter 'colour'"),
        (["list", "photographs", "--shows", "bakku"], "did you mean baku"),
        (["list", "photographs", "--shows"], "needs a value"),
        (["list", "pumpkins", "--shows", "baku"], "pumpkins"),
        (["list", "--format", "csv"], "name a kind"),
    ],
)
def test_list_says_what_is_wrong_with_a_filter(ask: object, arguments: list[str], said: str) -> None:
    found = ask(*arguments)  # type: ignore[operator]
    assert found.code == 2
    assert said in found.err
    assert not found.out
