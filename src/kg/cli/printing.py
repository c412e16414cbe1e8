"""What commands print: reports of findings and tables of rows."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kg import shacl
from kg.validation import Finding, Report


def report(found: Report, format: str = "text", findings: Sequence[Finding] | None = None) -> None:
    """Print *findings* (default: all of *found*) as text, as JSON, or the whole as the W3C report in Turtle."""
    shown = found.sorted() if findings is None else findings
    if format == "json":
        body = {"conforms": found.conforms, "findings": [finding.to_dict() for finding in shown]}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    elif format == "turtle":
        click.echo(shacl.turtle(Report(list(shown))).decode(), nl=False)
    else:
        for finding in shown:
            click.echo(str(finding))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; nothing is cut: where the terminal is too narrow, cells break into lines."""
    drawn = Table(box=box.SIMPLE, header_style="bold", pad_edge=False)
    used = [index for index, _ in enumerate(columns) if any(row[index] for row in rows)] or list(
        range(len(columns))
    )
    for index in used:
        drawn.add_column(columns[index], overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(row[index]) for index in used))
    console = Console()
    if not console.is_terminal:
        console = Console(
            width=max(
                console.width,
                10_000
                if not rows
                else sum(map(max, zip(*[[len(c) for c in row] for row in [columns, *rows]], strict=True)))
                + 3 * len(columns),
            )
        )
    console.print(drawn)
    if empty := [name for index, name in enumerate(columns) if index not in used and rows]:
        click.echo(f"(empty: {', '.join(empty)})", err=True)


def count(number: int, noun: str) -> str:
    """Give *number* with its *noun*, which takes an s."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
