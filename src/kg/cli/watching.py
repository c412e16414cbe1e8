"""Watching a project: after each change, what is new among the findings and what is mended."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from kg.checking import Checked, Checker, Watch
from kg.cli.findings import lines
from kg.cli.printing import count
from kg.escaping import escaped
from kg.project import Project
from kg.validation import Finding, Report

PAUSE: Final = 0.2
"""Seconds between two looks at the files."""


def watch(
    checker: Checker, looks: Watch, checked: Checked, files: Collection[Path], *, excerpts: bool
) -> int:
    """Print the findings of *checked*, then after each change what it altered, until interrupted; give the exit code of the last state.

    The first of *looks* was before the check.
    """
    gc.collect()
    gc.freeze()  # what is there stays: it need not be looked through for garbage after each change
    before: list[Finding] = []
    try:
        before = _print(checker.project, checked, files, before, excerpts)
        click.echo("(watching; Ctrl-C ends)", err=True)
        while True:
            time.sleep(PAUSE)
            if changed := looks.changed():
                started = time.monotonic()
                checked = checker.update(changed)
                before = _print(checker.project, checked, files, before, excerpts)
                click.echo(f"({time.monotonic() - started:.1f} s)", err=True)
    except KeyboardInterrupt:
        click.echo(err=True)
    return 0 if Report(before).conforms else 1


def shown(project: Project, report: Report, files: Collection[Path]) -> list[Finding]:
    """Give the findings of *report* in *files* of the project, all where none are named."""
    if not files or project.files:
        return report.sorted()
    names = {project.name(path.resolve()) for path in files}
    return [finding for finding in report.sorted() if finding.file in names]


def summary(findings: Iterable[Finding], checked: Checked) -> str:
    """Give the line that ends a report of *findings* of what was *checked*."""
    found = Report(list(findings))
    said = ", ".join(count(found.count(name), name) for name in ("violation", "warning") if found.count(name))
    partly = "" if checked.complete else "; what rests on what cannot be read is not told"
    return f"{said or 'no findings'} ({count(len(checked.quads), 'statement')} checked{partly})"


def _print(
    project: Project, checked: Checked, files: Collection[Path], before: list[Finding], excerpts: bool
) -> list[Finding]:
    """Print what is new since *before*, what is mended, and the count; give the findings of now.

    While something cannot be read, nobody knows what is mended: what is not found is then given too.
    """
    now = shown(project, checked.report, files)
    gone = added(now, before)
    if checked.complete:
        for finding in gone:
            place = f"{finding.place}: " if finding.file else ""
            click.echo(escaped(f"mended: {place}{finding.message} ({finding.rule})"))
    for line in lines(added(before, now), project.root if excerpts else None):
        click.echo(line)
    click.echo(summary(now, checked), err=True)
    return now if checked.complete else [*now, *gone]


def added(before: Iterable[Finding], now: Iterable[Finding]) -> list[Finding]:
    """Give those of *now* that were not *before*, where a finding that only moved was."""
    left = Counter(map(_unplaced, before))
    found = []
    for finding in now:
        if left[_unplaced(finding)]:
            left[_unplaced(finding)] -= 1
        else:
            found.append(finding)
    return found


def _unplaced(finding: Finding) -> Finding:
    return replace(finding, line=0, column=0, also="")
