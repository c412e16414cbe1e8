"""The examples of the README, run as they stand: their output is what the command prints."""

from __future__ import annotations

from pathlib import Path

import pytest

import collection
import documents
import kg
from suites import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = documents.consoles(README)
PYTHON = documents.pythons(README)


def test_there_are_five_things_to_try() -> None:
    assert len(CONSOLE) + len(PYTHON) == 5


@pytest.mark.parametrize(("command", "output"), CONSOLE, ids=[command[:30] for command, _ in CONSOLE])
def test_command(command: str, output: str, tmp_path: Path) -> None:
    assert documents.printed(command, tmp_path) == output


@pytest.mark.parametrize("text", PYTHON)
def test_python(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = kg.open
    monkeypatch.setattr(kg, "open", lambda: opened(collection.built()))
    assert documents.session(text, "README") == ""


def test_every_command_is_described() -> None:
    from kg.cli.verbs import VERBS

    for name in VERBS:
        assert f"`kg {name}" in README, name
