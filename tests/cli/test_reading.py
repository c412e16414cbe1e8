"""What a command reads of a project: its current release, with a word where the files say something else by now."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from commands import kg

import velmora
from kg import manifest

QUESTION = ("why", "claim:at-least")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    target = tmp_path / "velmora"
    shutil.copytree(velmora.built(), target)
    later = max(path.stat().st_mtime_ns for path in target.rglob("*")) + 10**9
    os.utime(target / "build" / "CURRENT", ns=(later, later))
    monkeypatch.chdir(target)
    return target


def test_a_release_that_is_older_than_the_files_says_so(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = kg(capsys, *QUESTION)
    assert (fresh.code, fresh.err) == (0, "")
    path = velmora.statements(place)
    path.write_text(path.read_text() + "# a line more\n")
    younger(place, path)
    stale = kg(capsys, *QUESTION)
    assert (stale.code, stale.out) == (0, fresh.out)
    id = manifest.current(place / "build").name
    assert stale.err == (
        f"kg: this is release {id}, older than the data: 1 file changed since it was built, as data/velmora/sources/gazette-1/all.ttl\n"
        "→ run kg build to read what they say now\n"
    )
    named = kg(capsys, *QUESTION, "--release", str(place / "build" / id))
    assert named.err == ""  # that very release was asked for
    path.unlink()
    younger(place, path.parent)
    assert "as data/velmora/sources/gazette-1/all.ttl\n" in kg(capsys, *QUESTION).err


def test_a_younger_file_that_says_the_same_is_none(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    younger(place, velmora.statements(place))
    assert kg(capsys, *QUESTION).err == ""


def younger(place: Path, path: Path) -> None:
    """Make *path* younger than the release."""
    later = (place / "build" / "CURRENT").stat().st_mtime_ns + 10**9
    os.utime(path, ns=(later, later))
