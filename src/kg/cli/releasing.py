"""``kg release``: a dated edition, with what changed since the one before."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from kg import editions, manifest
from kg.cli.days import today
from kg.cli.findings import report
from kg.cli.summary import summary
from kg.editions import Plan
from kg.escaping import escaped
from kg.opening import OUTPUT
from kg.project import Project


@click.command(epilog="Example: kg release --edition 0.2.0 --plan")
@click.option(
    "--edition",
    default="",
    metavar="X",
    help="The edition (default: that of kg.toml, where it is newer than the last).",
)
@click.option(
    "--date", "day", metavar="DAY", help="The day of the release (default: SOURCE_DATE_EPOCH, else today)."
)
@click.option(
    "--notes", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="The entry for the changelog in Markdown, instead of the sentences of kg diff.",
)  # fmt: skip
@click.option("--plan", "planned", is_flag=True, help="Print the entry for the changelog and what would be written, and write nothing.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Directory of releases (default: build/ in the project)."
)  # fmt: skip
def release(
    edition: str, day: str | None, notes: Path | None, planned: bool, yes: bool, output: Path | None
) -> None:
    """Release a new edition of the project here.

    Writes edition and date to kg.toml, what changed since the last edition to the collection's CHANGES.md, CITATION.cff, and a release, which stays.
    Asks before it writes; where nobody can answer, it writes nothing without --yes. Where the data do not conform, or the edition is not newer than
    the last, nothing is released.
    """
    project = Project.open(Path())
    entry = notes.read_text("utf-8") if notes is not None else ""
    date = today(day)
    if day is not None and os.environ.get("SOURCE_DATE_EPOCH") and date != today(None):
        raise click.UsageError("--date and SOURCE_DATE_EPOCH name two days; give one")
    plan = editions.plan(project, output or project.root / OUTPUT, edition=edition, date=date, entry=entry)
    _show(plan)
    if planned:
        click.echo("(a plan: nothing was written)", err=True)
        return
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError(
                "nothing was written: add --yes to release, or --plan to see what would be"
            )
        click.confirm("Release this?", abort=True, err=True)
    made, found = editions.carry_out(plan)
    report(found)
    summary(made, found)
    click.echo(f"edition {made.version} of {made.date}, in {manifest.current(plan.out)}")


def _show(plan: Plan) -> None:
    """Print the entry, and beside it what would be written."""
    click.echo(escaped(plan.entry, keep="\n"), nl=not plan.entry.endswith("\n"))
    before = (
        f"after {plan.previous.version or plan.previous.id}" if plan.previous is not None else "the first"
    )
    click.echo(f"edition {plan.project.version} of {plan.project.date}, {before}", err=True)
    for path in plan.files:
        click.echo(f"writes {plan.project.name(path)}", err=True)
    click.echo(f"writes a release in {plan.out}", err=True)
