"""Examples in documents, run as they stand: what a command prints and what Python answers is what the page says."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import collection
import kg
from suites import ROOT


def consoles(text: str) -> list[tuple[str, str]]:
    """Give each command of the ``console`` blocks of *text*, with what it prints; what it reads may stand in it, up to ``END``."""
    return re.findall(r"```console\n\$ (.+<<'END'\n(?:.*\n)*?END|.+)\n((?:.*\n)*?)```", text)


def pythons(text: str) -> list[str]:
    """Give the ``python`` blocks of *text* that hold a session."""
    return [block for block in re.findall(r"```python\n((?:.*\n)*?)```", text) if ">>> " in block]


def printed(command: str, place: Path) -> str:
    """Give what *command* prints in *place*, as in a checkout whose collection is built."""
    (place / "kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n')
    (place / "kg").chmod(0o755)
    (place / "kg.toml").symlink_to(ROOT / "kg.toml")
    (place / "build").symlink_to(collection.built())
    done = subprocess.run(
        ["sh", "-c", f"{command} 2>&1"],
        cwd=place,
        env=os.environ | {"PATH": f"{place}:{os.environ['PATH']}", "PYTHONUTF8": "1", "TMP": str(place)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def follow(text: str, place: Path) -> int:
    """Run the commands of *text* one after the other in a new directory of *place*, hold each to what it is to print, and give how many there are."""
    (place / "bin").mkdir()
    (place / "bin" / "kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n')
    (place / "bin" / "kg").chmod(0o755)
    (place / "here").mkdir()
    environment = os.environ | {"PATH": f"{place / 'bin'}:{os.environ['PATH']}", "PYTHONUTF8": "1"}
    environment.pop("SOURCE_DATE_EPOCH", None)
    commands = consoles(text)
    for command, output in commands:
        done = subprocess.run(
            ["sh", "-c", f"({command}\n) 2>&1"], cwd=place / "here", env=environment, capture_output=True, encoding="utf-8", check=True
        )  # fmt: skip
        assert done.stdout == output, f"{command}\n{done.stdout}"
    return len(commands)


def session(text: str, name: str, **known: Any) -> str:
    """Run the session *text* with what is *known*, and give what is wrong with it: nothing where all is right."""
    example = doctest.DocTestParser().get_doctest(text, known, name, name, 0)
    report: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(example, out=report.append)
    return "".join(report)


def built() -> kg.Archive:
    """Open the collection of this checkout."""
    return kg.open(collection.built())
