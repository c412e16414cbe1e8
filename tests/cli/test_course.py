"""The course of a build, as it is shown: a bar on a terminal, lines elsewhere, nothing for who asks for quiet."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from commands import kg

from kg.cli import course

DATA = "".join(f'<http://x.example/{n}> <http://x.example/p> "{n}" .\n' for n in range(50))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "a.nq").write_text(DATA)
    return tmp_path / "a.nq"


def on_a_terminal(*arguments: str | Path) -> str:
    """Give what ``kg`` prints on a terminal as standard error."""
    master, slave = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "kg", *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=slave
    )
    os.close(slave)
    printed = b""
    try:
        while data := os.read(master, 4096):
            printed += data
    except OSError:  # the other end is closed
        pass
    os.close(master)
    assert done.wait(60) == 0
    return printed.decode()


def test_a_bar_on_a_terminal_that_is_gone_at_the_end(file: Path, tmp_path: Path) -> None:
    printed = on_a_terminal("build", "--data", file, "--profile", "none", "-o", tmp_path / "out")
    assert "search.sqlite" in printed
    assert printed.rstrip().endswith("\x1b[2K")


def test_nothing_for_who_asks_for_quiet(file: Path, tmp_path: Path) -> None:
    assert on_a_terminal("build", "--data", file, "--profile", "none", "-q", "-o", tmp_path / "out") == ""


def test_lines_where_there_is_no_terminal_and_it_takes_long(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("build", "--data", file, "--profile", "none", "-o", tmp_path / "out")
    assert kg(capsys, *command).err == ""
    monkeypatch.setattr(course, "SECONDS", 0)
    lines = kg(capsys, *command).err.splitlines()
    assert lines[0] == "reading: 0%"
    assert "reading: 100%" in lines
    assert lines.index("sorting: 100%") < lines.index("quads.nq: 0%") < lines.index("search.sqlite: 0%")
