"""What ``make`` says before anything is installed, in a directory whose name has a space."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("make", "sh", "echo", "sed", "rm", "touch", "env")
NEW, OLD, BARE = "exit 0", "exit 1", 'case "$2" in *ensurepip*) exit 1;; esac'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    directory = tmp_path / "a checkout"
    (directory / "requirements").mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", directory)
    for name in ("requirements/run.txt", "requirements/dev.txt", "pyproject.toml", "hatch_build.py"):
        (directory / name).touch()
    return directory


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH of nothing but what make itself needs."""
    directory = tmp_path / "bin"
    directory.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"these tests need {tool}"
        (directory / tool).symlink_to(found)
    return directory


def program(directory: Path, name: str, script: str) -> None:
    path = directory / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def make(checkout: Path, programs: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(programs), "LC_ALL": "C"}
    return subprocess.run(
        ["make", *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


def test_help_lists_every_target(checkout: Path, programs: Path) -> None:
    done = make(checkout, programs, "help")
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert done.returncode == 0
    assert {line.split()[1] for line in done.stdout.splitlines()} == set(phony[1].split())
    assert all(len(line.split()) > 3 for line in done.stdout.splitlines())


def test_no_python_that_is_new_enough(checkout: Path, programs: Path) -> None:
    for name in ("python3", "python3.12"):
        program(programs, name, OLD)
    done = make(checkout, programs)
    assert done.returncode != 0
    assert "no Python 3.11 or newer was found; install one, or name it: make PYTHON=" in done.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_that_is_named_and_absent(checkout: Path, programs: Path) -> None:
    done = make(checkout, programs, "PYTHON=/opt/no such/python")
    assert done.returncode != 0
    assert "was found under the name /opt/no such/python" in done.stderr


def test_a_python_that_cannot_make_an_environment(checkout: Path, programs: Path) -> None:
    program(programs, "python3", BARE)
    done = make(checkout, programs)
    assert done.returncode != 0
    assert "python3 cannot make an environment" in done.stderr
    assert "apt-get install python3-venv" in done.stderr


def test_what_is_installed_is_not_installed_again(checkout: Path, programs: Path) -> None:
    """A python that only notes what it is asked to do; the newest that works is taken."""
    log = checkout / "log"
    fake = f'echo "$*" >> "{log}"; [ "$2" = pip ] && echo fake >&2; [ "$1 $2" = "-m venv" ] || exit 0\n'
    fake += 'mkdir -p .venv/bin; cp "$0" .venv/bin/python'
    for tool in ("mkdir", "cp"):
        (programs / tool).symlink_to(str(shutil.which(tool)))
    program(programs, "python3.14", OLD)
    program(programs, "python3.12", fake)
    first = make(checkout, programs)
    assert first.returncode == 0, first.stderr
    assert "fake" in first.stderr  # what pip prints as errors is shown
    said = log.read_text()
    assert "--require-hashes --requirement requirements/run.txt" in said
    assert "--no-deps --no-build-isolation --no-index --editable ." in said
    assert said.splitlines()[-1] == "-m kg build"
    log.unlink()
    assert make(checkout, programs).returncode == 0
    assert log.read_text().splitlines() == ["-m kg build"]
    log.unlink()
    future = (checkout / ".venv" / ".run").stat().st_mtime + 10
    os.utime(checkout / "requirements" / "run.txt", (future, future))
    assert make(checkout, programs).returncode == 0
    assert "requirements/run.txt" in log.read_text()


def test_serve_builds_first_and_test_installs_what_tests_need(checkout: Path, programs: Path) -> None:
    serve = make(checkout, programs, "--dry-run", "serve", "PORT=8123").stdout
    assert serve.index("-m kg build") < serve.index("-m kg serve --port 8123")
    test = make(checkout, programs, "--dry-run", "test").stdout
    assert test.index("requirements/dev.txt") < test.index("-m pytest")


EDITOR = "src/kg/pages/static/editor.js"


def test_without_npm_nobody_hears_of_the_editor(checkout: Path, programs: Path) -> None:
    assert "editor" not in make(checkout, programs, "--dry-run", "build").stdout
    program(programs, "npm", "exit 1")
    assert "bundling the editor" in make(checkout, programs, "--dry-run", "build").stdout


def test_an_editor_that_cannot_be_bundled_stops_nothing(checkout: Path, programs: Path) -> None:
    (checkout / "src/kg/pages/editor").mkdir(parents=True)
    program(programs, "npm", 'echo "$*"; exit 1')
    done = make(checkout, programs, EDITOR)
    assert done.returncode == 0
    assert "ci --ignore-scripts" in done.stdout
    assert "the editor cannot be bundled: the query page has a plain text area" in done.stdout
    (checkout / "src/kg/pages/static").mkdir()
    program(programs, "npm", f'[ "$1" = ci ] || echo made > "{checkout}/{EDITOR}"')
    assert make(checkout, programs, EDITOR).stdout == "bundling the editor of the query page\n"
    assert make(checkout, programs, "--dry-run", "build").stdout.count("bundling") == 0


def test_the_editor_is_locked_by_digest_and_names_no_registry() -> None:
    lock = json.loads((ROOT / "src/kg/pages/editor/package-lock.json").read_text())
    package = json.loads((ROOT / "src/kg/pages/editor/package.json").read_text())
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    assert all(version.replace(".", "").isdigit() for version in package["dependencies"].values())
    for name, entry in lock["packages"].items():
        assert "resolved" not in entry
        assert not name or entry["integrity"].startswith("sha512-")


def test_the_script_of_continuous_integration_can_run() -> None:
    path = ROOT / ".ci" / "run"
    assert path.stat().st_mode & stat.S_IXUSR
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0
    assert path.read_text().rstrip().endswith("make test")
