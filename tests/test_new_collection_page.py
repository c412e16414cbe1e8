"""docs/new-collection.md: its commands are run one after the other and print what stands there; its tables are complete."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import documents
from kg.cli import kg as group
from suites import ROOT

PAGE = (ROOT / "docs" / "new-collection.md").read_text(encoding="utf-8")


def test_every_command_prints_what_the_page_says(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "kg").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n')
    (tmp_path / "bin" / "kg").chmod(0o755)
    place = tmp_path / "place"
    place.mkdir()
    environment = os.environ | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONUTF8": "1"}
    environment.pop("SOURCE_DATE_EPOCH", None)
    consoles = documents.consoles(PAGE)
    assert len(consoles) == 7
    for command, output in consoles:
        done = subprocess.run(
            ["sh", "-c", f"({command}) 2>&1"], cwd=place, env=environment, capture_output=True, encoding="utf-8", check=True
        )  # fmt: skip
        assert done.stdout == output, command


def test_every_option_of_the_three_commands_is_on_the_page() -> None:
    for name in ("new", "doctor", "import"):
        for option in group.commands[name].params:
            for flag in option.opts:
                if flag.startswith("--") and flag not in ("--port", "--url", "--format", "--collection"):
                    assert re.search(rf"{flag}\b", PAGE), f"kg {name} {flag}"
