"""``kg serve``: where its limits come from, and what it says of those that are none."""

from __future__ import annotations

import re
import tomllib
from dataclasses import asdict, fields, replace
from pathlib import Path

import commands
import pytest

import collection
from kg.cli.serving import _copies, _limits, _serving
from kg.errors import ProjectError
from kg.limits import Limits, Serving
from kg.settings import read, read_limits, read_serving
from suites import ROOT


def test_the_documented_defaults_are_the_defaults() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    documented = tomllib.loads(block)
    for table, defaults in (("limits", Limits()), ("serve", Serving())):
        assert list(documented[table]) == [key.name for key in fields(defaults)]
        told = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in documented[table].items()
        }
        assert told | ({"heavy": Limits().heavy} if table == "limits" else {}) == asdict(defaults)


def test_they_are_those_of_the_project_or_of_the_file(tmp_path: Path) -> None:
    project, file = tmp_path / "kg.toml", tmp_path / "other.toml"
    project.write_text("title = 5  # for kg build to complain of\n[limits]\ndeadline = 2.5\nrows = 7\n")
    file.write_text("[limits]\nheavy = 3\n")
    assert _limits(None, tmp_path) == replace(Limits(), deadline=2.5, rows=7)
    assert _limits(file, tmp_path) == replace(Limits(), heavy=3)
    assert _limits(None, tmp_path / "elsewhere") == _limits(None, None) == Limits()
    assert read(ROOT / "kg.toml").limits == read_limits(ROOT / "kg.toml")
    file.write_text('[serve]\nproxies = ["10.0.0.0/8"]\nidle = 5\n')
    assert _serving(file, tmp_path) == Serving(proxies=("10.0.0.0/8",), idle=5)
    assert _serving(None, tmp_path) == _serving(None, None) == Serving()
    file.write_text("[serve]\nproxies = []\n")
    assert _serving(file, tmp_path) == Serving(proxies=())
    assert read(ROOT / "kg.toml").serving == read_serving(ROOT / "kg.toml")


def test_words_come_from_the_copies_that_the_project_names(tmp_path: Path) -> None:
    for place in (tmp_path, None):
        with pytest.raises(ProjectError, match="no local copy is named here"):
            _copies(place)
    (tmp_path / "copy.txt").write_text("A text.")
    (tmp_path / "kg.local.toml").write_text('[texts]\ngazette-1 = "copy.txt"\n')
    assert _copies(tmp_path) == [b"A text."]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("deadline = 0", "deadline is out of range"),
        ("deadline = inf", "deadline is out of range"),
        (f"deadline = {'9' * 400}", "deadline is out of range"),
        ("memory = 1024", "memory is out of range"),
        ("rows = 1e6", "'limits.rows' has to be a whole number"),
        ("row = 5", "'limits.row' is unknown"),
        ("requests = 0", "requests is out of range"),
        ("[serve]\ngrace = -1", "grace is out of range"),
        ("[serve]\nproxies = 'any'", "'serve.proxies' has to be a list"),
        ("[serve]\nproxies = ['any']", "'any' is neither an address nor a network"),
        ("[serve]\nproxy = []", "'serve.proxy' is unknown"),
    ],
)
def test_what_is_no_limit(line: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "limits.toml").write_text(f"# ours\n[limits]\n{line}\n")
    with pytest.raises(ProjectError, match=words) as error:
        read_limits(tmp_path / "limits.toml")
        read_serving(tmp_path / "limits.toml")
    assert str(error.value).startswith(f"limits.toml:{4 if 'serve' in line else 3}:1: ")
    assert error.value.remedy


def test_the_command_says_so_and_does_not_serve(tmp_path: Path) -> None:
    (tmp_path / "limits.toml").write_text("[limits]\nheavy = 0\n")
    done = commands.run("serve", collection.built(), "--limits", tmp_path / "limits.toml", cwd=tmp_path)
    assert done.code == 2
    assert done.err.startswith(
        "kg: limits.toml:2:1: heavy is out of range\n→ write a number from 1 to 1000\n"
    )
    assert commands.run("serve", "--deadline", "0", cwd=tmp_path).code == 2
    assert commands.run("serve", "--log", "xml", cwd=tmp_path).code == 2
    assert commands.run("serve", "--limits", "absent.toml", cwd=tmp_path).code == 2
