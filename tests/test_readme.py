"""The examples of the README, run as they stand: their output is what the command prints."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import collection
import kg
from suites import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", README)
PYTHON = re.findall(r"```python\n((?:.*\n)*?)```", README)


def test_there_are_five_things_to_try() -> None:
    assert len(CONSOLE) + len(PYTHON) == 5


@pytest.mark.parametrize(("command", "output"), CONSOLE, ids=[command[:30] for command, _ in CONSOLE])
def test_command(command: str, output: str, tmp_path: Path) -> None:
    (tmp_path / "kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n')
    (tmp_path / "kg").chmod(0o755)
    (tmp_path / "kg.toml").symlink_to(ROOT / "kg.toml")
    (tmp_path / "build").symlink_to(collection.built())
    done = subprocess.run(
        ["sh", "-c", f"{command} 2>&1"],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == output


@pytest.mark.parametrize("text", PYTHON)
def test_python(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = kg.open
    monkeypatch.setattr(kg, "open", lambda: opened(collection.built()))
    example = doctest.DocTestParser().get_doctest(text, {}, "README", "README.md", 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(example, out=report.append)
    assert runner.failures == 0, "".join(report)


def test_every_command_is_described() -> None:
    from kg.cli import kg as group

    for name in group.commands:
        assert f"`kg {name}" in README, name


def test_files_that_are_named_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (ROOT / target).exists(), target
