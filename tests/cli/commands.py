"""The command run as a user runs it, in this process where that is enough."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg import cli
from suites import ROOT


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


def kg(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Outcome:
    """Run ``kg`` with *arguments* in this process."""
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    printed = capsys.readouterr()
    return Outcome(int(ended.value.code or 0), printed.out, printed.err)


def run(*arguments: str | Path, cwd: Path, **more: object) -> Outcome:
    """Run ``python -m kg`` with *arguments* in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "kg", *map(str, arguments)],
        cwd=cwd, capture_output=True, text=True, timeout=120, check=False, **more,  # type: ignore[call-overload]
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


def project(target: Path) -> Path:
    """Copy the files of this repository's project to *target*."""
    for name in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "kg.toml", target)
    return target
