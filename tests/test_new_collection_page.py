"""docs/new-collection.md: its commands are run one after the other and print what stands there; its tables are complete."""

from __future__ import annotations

import re
from pathlib import Path

import click

import documents
from kg.cli import kg as group
from suites import ROOT

PAGE = (ROOT / "docs" / "new-collection.md").read_text(encoding="utf-8")


def test_every_command_prints_what_the_page_says(tmp_path: Path) -> None:
    assert documents.follow(PAGE, tmp_path) == 7


def test_every_option_of_the_three_commands_is_on_the_page() -> None:
    for name in ("new", "doctor", "import"):
        command = group.get_command(click.Context(group), name)
        assert command
        for option in command.params:
            for flag in option.opts:
                if flag.startswith("--") and flag not in ("--port", "--url", "--format", "--collection"):
                    assert re.search(rf"{flag}\b", PAGE), f"kg {name} {flag}"
