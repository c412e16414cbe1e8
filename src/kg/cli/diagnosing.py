"""``kg doctor``: what is missing or wrong, and what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from kg import bundle, doctor
from kg.doctor import Situation
from kg.escaping import escaped
from kg.opening import OUTPUT

_COLOURS: Final = {"ok": "green", "note": "yellow", "problem": "red"}


@click.command("doctor", epilog="Example: kg doctor --format json")
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path())
@click.option("--format", "format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port that kg serve is to have.")  # fmt: skip
@click.pass_context
def doctor_(context: click.Context, directory: Path, format: str, port: int) -> None:
    """Say what is missing or wrong here, what follows, and what to do.

    Looks at the project in DIRECTORY (default: here), its releases and this machine: each line begins with ok, note or problem. Writes
    no file, changes nothing and asks no network. Exit code 1 where there is a problem.
    """
    situation = Situation(directory=directory, output=OUTPUT, package=bundle.directory(), port=port)
    found = doctor.examine(situation)
    if format == "json":
        lines = [
            {"check": name, "level": note.level, "message": note.message, "remedy": note.remedy}
            for name, note in found
        ]
        click.echo(json.dumps(lines, ensure_ascii=False, indent=2))
    else:
        for _, note in found:
            remedy = f" → {note.remedy}" if note.remedy else ""
            level = click.style(f"{note.level:8}", fg=_COLOURS[note.level])
            click.echo(f"{level} {escaped(note.message + remedy)}")
    context.exit(1 if any(note.level == "problem" for _, note in found) else 0)
