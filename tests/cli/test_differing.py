"""kg diff: releases, revisions, files and projects by the words that people give, read without touching anything."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from commands import kg

import revisions
import velmora


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=A", "-c", "user.email=a@archive.example", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", "-C", root, *identity, *arguments], capture_output=True, text=True, check=True).stdout  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented project in a repository of its own, below another directory: two commits, a release of the first."""
    top = tmp_path_factory.mktemp("repository")
    root = Path(shutil.copytree(velmora.built(), top / "project", symlinks=True))
    (top / ".gitignore").write_text("build/\n")
    git(top, "init", "-q")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "first")
    git(top, "tag", "v1")
    edit(root, "geo:lat 61.5", "geo:lat 61.25")
    git(top, "commit", "-qam", "second")
    return root


@pytest.fixture
def root(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = Path(shutil.copytree(repository.parent, tmp_path / "copy", symlinks=True)) / "project"
    monkeypatch.chdir(root)
    return root


def edit(root: Path, old: str, new: str) -> None:
    file = velmora.statements(root)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


CHANGED = "Place changed: “Velmora”; latitude: 61.25 (was 61.5)."


def test_the_current_release_and_the_files(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = kg(capsys, "diff")
    assert done.code == 0
    assert CHANGED in done.out.splitlines()
    assert "to the project's files as they are" in done.out
    assert kg(capsys, "diff", "--exit-code").code == 1
    same = kg(capsys, "diff", "v1", "--exit-code")
    assert (same.code, same.out.count("\n")) == (0, 1)
    assert same.out.startswith("Nothing has changed between the revision v1 (")


def test_every_way_to_name_a_version(root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    id = (root / "build" / "CURRENT").read_text().strip()
    shutil.copy(root / "build" / id / "downloads" / "dataset.trig", tmp_path / "old.trig")
    for before in ("HEAD~1", "v1", id, id[:5], f"build/{id}", "build", str(tmp_path / "old.trig"), git(root, "rev-parse", "v1").strip()):  # fmt: skip
        for now in ("HEAD", str(root), "."):
            done = kg(capsys, "diff", before, now)
            assert done.code == 0, done.all
            assert CHANGED in done.out.splitlines(), (before, now)
            assert "2 removed" not in done.out


def test_nothing_is_touched(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(root, "geo:lat 61.25", "geo:lat 61")
    before = {path: path.stat().st_mtime_ns for path in root.parent.rglob("*") if path.is_file()}
    assert "latitude: 61 (was 61.5)" in kg(capsys, "diff", "v1", ".").out
    assert "latitude: 61 (was 61.25)" in kg(capsys, "diff", "HEAD", ".").out
    assert {path: path.stat().st_mtime_ns for path in root.parent.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("word", ["nothing", "--upload-pack=x", "-1", "HEAD~99", ":/none", "0000", ""])
def test_a_word_that_means_nothing(root: Path, capsys: pytest.CaptureFixture[str], word: str) -> None:
    done = kg(capsys, "diff", "--", word)
    assert done.code == 2, done.all
    assert (
        "is no release that is kept here, no file and no revision" if word else "no version is named"
    ) in done.err
    assert "Traceback" not in done.all


def test_a_revision_without_a_project(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(root, "rm", "-q", "--cached", "kg.toml")
    git(root, "commit", "-qm", "none")
    done = kg(capsys, "diff", "HEAD")
    assert (done.code, "there is no project/kg.toml in the revision" in done.err) == (2, True)


def test_without_git_and_without_a_repository(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.rmtree(root.parent / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    done = kg(capsys, "diff", "HEAD")
    assert done.code == 2
    assert "not a git repository" in done.err
    monkeypatch.setenv("PATH", str(tmp_path))
    done = kg(capsys, "diff", "HEAD")
    assert done.code == 2
    assert "there is no git on this machine" in done.err
    assert kg(capsys, "diff").code == 0


def test_a_file_that_cannot_be_read_is_not_compared_in_part(root: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:  # fmt: skip
    velmora.statements(root).write_text("@prefix a: <")
    done = kg(capsys, "diff")
    assert done.code == 1
    assert "is not compared in part" in done.err
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b> .")
    done = kg(capsys, "diff", tmp_path / "bad.ttl")
    assert done.code == 1
    assert "bad.ttl:1" in done.err


def test_json_markdown_and_the_limit(capsys: pytest.CaptureFixture[str]) -> None:
    built = revisions.built()
    places = [built.out / id for id in built.ids]
    whole = json.loads(kg(capsys, "diff", places[0], places[1], "--format", "json").out)
    assert whole["complete"]
    assert whole["changes"][0]["fate"] == "added"
    part = json.loads(kg(capsys, "diff", places[0], places[1], "--format", "json", "--limit", "2").out)
    assert (part["complete"], len(part["changes"]), part["left_out"]) == (False, 2, len(whole["changes"]) - 2)
    assert part["tallies"] == whole["tallies"]
    done = kg(capsys, "diff", places[0], places[1], "--limit", "2")
    assert f"{len(whole['changes']) - 2} more changes not listed here." in done.out
    assert "--limit 0 lists all" in done.err
    assert kg(capsys, "diff", places[0], places[1], "--limit", "0").out.count("\n") > done.out.count("\n")
    text = kg(capsys, "diff", places[1], places[2], "--format", "markdown").out
    assert "- 5 records taken back on 1991-05-03: Asked for by the family.\n" in text


def test_what_the_project_has_taken_back_is_told_of_in_no_revision(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kg(
        capsys,
        "withdraw",
        "person:oskar-lind",
        "--reason",
        "Asked for by the family.",
        "--date",
        "1991-06-01",
    )
    git(root, "add", "-A")
    git(root, "commit", "-qm", "third")
    for pair in (("v1", "HEAD"), ("HEAD", "v1"), ("v1", "."), ("v1",), ("HEAD~1", "v1")):
        done = kg(capsys, "diff", *pair)
        assert done.code == 0, done.all
        assert "lind" not in done.all.lower(), pair
    assert (
        "5 records taken back on 1991-06-01: Asked for by the family." in kg(capsys, "diff", "v1", "HEAD").out
    )
