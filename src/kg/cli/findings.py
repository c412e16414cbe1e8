"""How findings are printed: as text with the line and a caret, as JSON, as W3C's report, as annotations of GitHub."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import click

from kg import shacl
from kg.cli import carets
from kg.escaping import escaped
from kg.validation import Finding, Report

FORMATS: Final = ("text", "json", "turtle", "github")
_WIDTH: Final = 120
"""Cells of a line where it is printed to no terminal."""
_COMMANDS: Final = {"violation": "error", "warning": "warning", "info": "notice"}


def report(
    found: Report, format: str = "text", findings: Sequence[Finding] | None = None, *, excerpts: bool = True
) -> None:
    """Print *findings* (default: all of *found*) in one of :data:`FORMATS`, as text with *excerpts* of the sources."""
    shown = found.sorted() if findings is None else findings
    if format == "json":
        body = {"conforms": found.conforms, "findings": [finding.to_dict() for finding in shown]}
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    elif format == "turtle":
        click.echo(shacl.turtle(Report(list(shown))).decode(), nl=False)
    elif format == "github":
        for finding in shown:
            click.echo(annotation(finding, Path(found.root) if found.root else None))
    else:
        for line in lines(shown, Path(found.root) if excerpts and found.root else None):
            click.echo(line)


def lines(findings: Iterable[Finding], root: Path | None) -> Iterable[str]:
    """Give the lines of *findings*: each with the place, and under it the line of the source where files are below *root*."""
    width = shutil.get_terminal_size((_WIDTH, 24)).columns
    for finding in findings:
        yield escaped(str(finding))
        if root is not None and finding.line and finding.column:
            yield from carets.excerpt(root / finding.file, finding.line, finding.column, width)


def annotation(finding: Finding, root: Path | None) -> str:
    """Give *finding* as a workflow command of GitHub Actions; its file relative to where we are, else to *root*."""
    said = f"{finding.message} → {finding.remedy}" if finding.remedy else finding.message
    if finding.also:
        said += f" (the other: {finding.also})"
    properties = {
        "file": _from_here(finding.file, root),
        "line": str(finding.line or ""),
        "col": str(finding.column or ""),
        "title": finding.rule,
    }
    listed = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items() if value)
    return f"::{_COMMANDS[finding.severity]} {listed}::{_escaped(said)}"


def _from_here(file: str, root: Path | None) -> str:
    """Give *file* relative to the working directory where it is below that: there GitHub looks for it."""
    if not file or root is None:
        return file
    path, here = (root / file).resolve(), Path.cwd().resolve()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else file


def _escaped(text: str, more: str = "") -> str:
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
