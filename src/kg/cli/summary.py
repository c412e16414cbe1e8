"""What a release holds, in two lines: for the commands that make one, or serve one."""

from __future__ import annotations

from typing import Final

import click

from kg.cli.printing import count
from kg.manifest import Manifest
from kg.validation import Report

_ONE: Final = {"people": "person"}


def summary(release: Manifest, found: Report | None = None) -> None:
    """Print what a release holds: counts, findings, id."""
    kinds = [
        f"{number:,} {name if number != 1 else _ONE.get(name, name.removesuffix('s'))}"
        for name, number in sorted(release.counts.items())
        if name != "triples"
    ]
    click.echo(f"{release.title}: {', '.join(kinds)}")
    findings = (
        {name: found.count(name) for name in ("violation", "warning", "info")} if found else release.findings
    )
    said = ", ".join(count(number, name) for name, number in findings.items() if number and name != "info")
    click.echo(f"{said or 'no findings'}; release {release.id}")
