"""``kg diff``: what two releases, revisions or files do not share, in sentences."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from kg import diff
from kg.cli.reading import project_root
from kg.cli.versions import Versions
from kg.diff import Difference, account
from kg.escaping import escaped
from kg.names import Base
from kg.opening import OUTPUT
from kg.project import Project

LIMIT: Final = 50
"""Resources that are told of unless the reader asks for more."""


@click.command("diff", epilog="Example: kg diff --format markdown")
@click.argument("before", metavar="[A", required=False)
@click.argument("now", metavar="[B]]", required=False)
@click.option(
    "--format", "format", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True
)
@click.option(
    "--limit", type=click.IntRange(0), default=LIMIT, show_default=True,
    help="Tell of at most so many resources; how many more there are is said. 0: of all.",
)  # fmt: skip
@click.option("--exit-code", "tells", is_flag=True, help="Exit with 1 where they differ.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Directory of releases (default: build/ in the project)."
)  # fmt: skip
@click.pass_context
def diff_(
    context: click.Context,
    before: str | None,
    now: str | None,
    format: str,
    limit: int,
    tells: bool,
    output: Path | None,
) -> None:
    """Tell what changed between two versions, in sentences.

    A and B are each a release (its directory, or its id or the beginning of it), a project, an RDF file, or a revision of the project in git.
    Without B, what changed from A to the current release; without both, from that to the project's files as they are. What was taken back
    is told of by number, day and reason, what is veiled without its words. Writes no file.
    """
    found = compared(before, now, output)
    shown = found.cut(limit) if limit else found
    if format == "json":
        click.echo(json.dumps(account.values(shown), ensure_ascii=False, indent=2))
    elif format == "markdown":
        click.echo(account.markdown(shown), nl=False)
    else:
        _print(shown, limit)
    context.exit(1 if tells and not found.same else 0)


def _print(shown: Difference, limit: int) -> None:
    groups = [(shown.verdict,), shown.summary, shown.details, shown.limits]
    click.echo("\n\n".join("\n".join(escaped(each) for each in group) for group in groups if group))
    if shown.left_out:
        click.echo(f"(the first {limit:,} are listed; --limit 0 lists all)", err=True)


def compared(before: str | None, now: str | None, output: Path | None) -> Difference:
    """Give the difference of the versions that *before* and *now* name: see ``kg diff``."""
    root = project_root()
    project = Project.open(root) if root is not None else None
    versions = Versions(project, output or (root or Path()) / OUTPUT)
    first = versions.find(before) if before is not None else versions.current()
    second = (
        versions.find(now) if now is not None else versions.here() if before is None else versions.current()
    )
    base = second.base or first.base or (project.base if project is not None else Base())
    with first.opened(base) as old, second.opened(base) as new:
        return diff.difference(old, new, stones=versions.stones())
