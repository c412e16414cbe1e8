"""``kg new``: what it writes builds, validates, verifies and serves as it stands, twice the same, and overwrites nothing."""

from __future__ import annotations

import csv
import http.client
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

import newcomer
from cli.commands import kg, run
from kg import bundle, evidence, passages, starter
from kg.errors import ProjectError
from kg.loading import load
from kg.names import SOURCE_BASE
from kg.project import Project
from kg.starter import Wishes
from kg.starter.wishes import slug
from kg.version import __version__


def contents(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_the_commands_of_its_readme_succeed_and_find_nothing(tmp_path: Path) -> None:
    made = run("new", "harbour notes", cwd=tmp_path)
    assert (made.code, made.err) == (0, "")
    assert made.out.startswith("Harbour notes: 35 files in harbour notes\n")
    root = tmp_path / "harbour notes"
    readme = (root / "README.md").read_text("utf-8")
    (block,) = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    commands = [line.partition("   #")[0].partition("  #")[0].split()[1:] for line in block.splitlines()]
    assert [words[0] for words in commands] == ["build", "validate", "verify", "query", "serve"]
    for words in commands[:-1]:
        done = run(*words, cwd=root)
        assert done.code == 0, done.all
        assert "warning" not in done.all
        assert "violation" not in done.all
        if words[0] == "verify":
            assert "6 found, 0 moved, 0 missing" in done.out
            assert "the very bytes captured" in done.out
    assert "about" in done.out
    assert "at least" in done.out
    page, other = fetched(root, "/", "/id/event/tolsey-bridge-1962")
    assert "Harbour notes" in page
    assert "Reopening of the footbridge at Tolsey" in other
    assert "the Long Crossing" in other


def fetched(root: Path, *paths: str) -> list[str]:
    """Serve the project in *root* by the command and give what it answers to *paths*."""
    command = [sys.executable, "-m", "kg", "serve", "--port", "18431"]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = None
        while found is None and (line := process.stdout.readline()):
            found = re.search(r"serving on (\S+)", line)
        assert found is not None, process.communicate()
        bodies = []
        for path in paths:
            connection = http.client.HTTPConnection(urlsplit(found[1]).netloc, timeout=60)
            connection.request("GET", path, headers={"Accept": "text/html"})
            answer = connection.getresponse()
            while answer.status in (302, 303):
                connection.request("GET", str(answer.getheader("Location")), headers={"Accept": "text/html"})
                answer.read()
                answer = connection.getresponse()
            assert answer.status == 200
            bodies.append(answer.read().decode())
            connection.close()
        return bodies
    finally:
        process.kill()
        process.communicate()


def test_why_shows_the_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(newcomer.built())
    shown = kg(capsys, "why", "claim:tolsey-post-s2-01")
    assert "Margit Halloran → Tolsey Post, 1962-06-16" in shown.out
    assert "“Margit Halloran, who keeps the ferry house, said that about 250 people" in shown.out


@pytest.mark.parametrize(
    ("question", "rows"),
    [("claims-by-measure", 2), ("names-of-event", 1), ("photographs", 1), ("sources", 2)],
)
def test_each_question_answers_without_being_told_more(
    question: str, rows: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(newcomer.built())
    assert len(json.loads(kg(capsys, "query", question, "--format", "json").out)) == rows
    assert "baku" not in (newcomer.built() / "queries" / f"{question}.rq").read_text().replace(
        SOURCE_BASE, ""
    )


def test_the_example_has_what_a_beginner_is_to_see() -> None:
    project = Project.open(newcomer.built())
    quads = load(project).quads
    kinds = {
        str(quad.object).rpartition("#")[2].rstrip(">")
        for quad in quads
        if str(quad.object).endswith("Claim>") and "/id/claim/" in str(quad.subject)
    }
    assert len(kinds - {"Claim"}) >= 5
    assert (
        sum("/id/claim/" in str(quad.subject) and str(quad.object).endswith("#Claim>") for quad in quads)
        == 11
    )
    versions, found = passages.read(quads)
    text = evidence.Copy.read((newcomer.source(newcomer.built()) / "text.txt").read_bytes())
    assert [version.digest for version in versions] == [text.digest]
    for passage in found:
        evidence.check(text, passage)


def test_its_coverage_leaves_no_stretch_of_the_text_out() -> None:
    root = newcomer.built()
    text = evidence.Copy.read((newcomer.source(root) / "text.txt").read_bytes()).text
    with (root / "data" / "harbour" / "coverage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    reached = 0
    for row in rows:
        assert not text[reached : int(row["start"])].strip()
        assert bool(row["claims"]) is not bool(row["reason"])
        reached = int(row["end"])
    assert reached == len(text)
    recorded = {
        p.iri.rpartition("/")[2]: {claim.rpartition("/")[2] for claim in p.claims}
        for p in passages.read(load(Project.open(root)).quads)[1]
    }
    assert {row["passage"]: set(row["claims"].split()) for row in rows if row["passage"]} == recorded


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        environment = os.environ | {"PYTHONHASHSEED": str(ord(place[0])), "USER": place, "TZ": "Asia/Tokyo"}
        assert run("new", "x", "--language", "hy", cwd=tmp_path / place, env=environment).code == 0
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert one == two
    assert len(one) == 35


def test_the_day_is_that_of_source_date_epoch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795651200")
    assert 'date = "2026-11-26"' in (newcomer.lay(tmp_path / "x") / "kg.toml").read_text()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(ProjectError, match="SOURCE_DATE_EPOCH, 'soon', is no day"):
        newcomer.lay(tmp_path / "y")


def test_what_is_asked_for_is_written(tmp_path: Path) -> None:
    title, publisher = 'Quays "and" \\ docks', "Ալբոմ & <co>"
    root = newcomer.lay(
        tmp_path / "quays",
        title=title,
        publisher=publisher,
        base="https://quays.archive/x/",
        languages=["hy"],
    )
    said = tomllib.loads((root / "kg.toml").read_text("utf-8"))
    assert (said["title"], said["publisher"], said["base"]) == (title, publisher, "https://quays.archive/x/")
    assert said["languages"] == ["hy", "en"]
    assert Project.open(root).title == title
    (label,) = [q.object for q in load(Project.open(root)).quads if str(q.subject).endswith("org/editors>") and "label" in str(q.predicate)]  # fmt: skip
    assert (label.value, label.language) == (publisher, "hy")  # type: ignore[union-attr]
    assert '# Quays "and" \\\\ docks\n' in (root / "README.md").read_text("utf-8")


def test_with_other_names_it_has_no_finding_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = newcomer.lay(
        tmp_path / "Ž!", title="Т" * 200, publisher="Ա", base="http://a.archive/", languages=["ru-latn", "hy"]
    )
    monkeypatch.chdir(root)
    done = kg(capsys, "validate")
    assert done.code == 0
    assert done.all.startswith("no findings")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Harbour Notes", "harbour-notes"),
        ("Été à Žilina", "ete-a-zilina"),
        ("Հայաստան", "collection"),
        ("..", "collection"),
        ("a--b__c.d", "a-b-c-d"),
        ("x" * 100, "x" * 60),
    ],
)
def test_names_are_made_safe(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"title": ""}, "the title '' is empty"),
        ({"title": "a\nb"}, "has characters that cannot be printed"),
        ({"publisher": "x" * 201}, "longer than 200 characters"),
        ({"base": "ftp://x/"}, "is not an http"),
        ({"base": "https://x.archive/a"}, "ends with '/'"),
        ({"languages": ["english!"]}, "is no language tag"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(
    wishes: dict[str, object], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(ProjectError, match=re.escape(sentence)) as refused:
        newcomer.lay(tmp_path / "x", **wishes)
    assert refused.value.remedy
    assert not (tmp_path / "x").exists()


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "kg.toml").write_text("mine")
    done = kg(capsys, "new", tmp_path / "taken")
    assert done.code == 2
    assert "is not empty: it holds kg.toml" in done.err
    assert contents(tmp_path) == {"taken/kg.toml": b"mine"}
    (tmp_path / "file").write_text("mine")
    assert "is a file" in kg(capsys, "new", tmp_path / "file").err
    (tmp_path / "empty").mkdir()
    assert kg(capsys, "new", tmp_path / "empty").code == 0
    assert (tmp_path / "empty" / "kg.toml").is_file()
    assert not list((tmp_path / "empty").glob(".kg-new-*"))


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = starter.files(Wishes.of(tmp_path / "x"), bundle.directory())
    written, write = [], Path.write_bytes

    def failing(path: Path, data: bytes) -> int:
        written.append(path)
        if len(written) > 10:
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises(OSError, match="No space left"):
        starter.lay(tmp_path / "deep" / "x", files)
    assert list(tmp_path.iterdir()) == []


class TestBare:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        return newcomer.lay(tmp_path / "bare", bare=True)

    def test_it_asks_for_a_claim_and_says_what_to_do_first(
        self, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(root)
        done = kg(capsys, "build")
        assert done.code == 1
        assert "there is no claim in the data (no-claims)" in done.out
        assert done.out.count("violation") == 1
        assert "What to do first" in (root / "README.md").read_text("utf-8")

    def test_its_questions_name_nothing_of_another_collection(self, root: Path) -> None:
        questions = list((root / "queries").glob("*.rq"))
        assert len(questions) == 4
        for question in questions:
            assert not re.search(r"default: (?!null)", question.read_text("utf-8"))

    def test_nothing_of_the_example_is_in_it(self, root: Path) -> None:
        for name, data in contents(root).items():
            assert b"olsey" not in data, name

    def test_an_anchor_for_the_first_passage_can_be_had(
        self, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copy = tmp_path / "copy.txt"
        copy.write_text("The first sentence of a text that somebody holds is long enough.")
        monkeypatch.chdir(root)
        done = kg(
            capsys,
            "anchor",
            copy,
            "--text",
            "The first sentence of a text that somebody holds is long enough.",
        )
        assert "kg:length 64" in done.err


def test_terms_and_shapes_say_which_version_they_are(tmp_path: Path) -> None:
    root = newcomer.lay(tmp_path / "x", bare=True)
    package = starter.ontology(bundle.directory())
    assert "ontology/shapes/attest.ttl" in package
    for name, data in package.items():
        head, _, rest = (root / name).read_bytes().partition(b"\n")
        assert head.decode() == f"# Copied from attest-kg {__version__} by kg new."
        assert rest == data


def test_without_the_terms_of_the_package_nothing_is_made(tmp_path: Path) -> None:
    for package in (None, tmp_path):
        with pytest.raises(ProjectError, match="no terms and shapes"):
            starter.files(Wishes.of(tmp_path / "x"), package)


def test_the_check_of_github_installs_this_version_and_runs_both_commands() -> None:
    workflow = yaml.safe_load((newcomer.built() / ".github/workflows/check.yml").read_text())
    steps = [step.get("run") for step in workflow["jobs"]["check"]["steps"]]
    assert steps[-3:] == [
        f'python -m pip install "attest-kg=={__version__}"',
        "kg validate --format github",
        "kg build",
    ]
    assert workflow["permissions"] == {"contents": "read"}


def test_a_text_named_in_kg_toml_is_held_against_the_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = newcomer.copy(tmp_path / "x")
    monkeypatch.chdir(root)
    path = newcomer.source(root) / "passages.ttl"
    path.write_text(path.read_text().replace("oa:start 202 ; oa:end 300", "oa:start 203 ; oa:end 300"))
    done = kg(capsys, "validate")
    assert done.code == 1
    assert "passage-position" in done.out
    (root / "kg.local.toml").write_text(f'[texts]\n{newcomer.SOURCE} = "absent.txt"\n')
    done = kg(capsys, "validate")
    assert done.code == 1
    assert "kg.local.toml:2:1: violation: the local copy " in done.out
    assert "absent.txt is absent" in done.out
