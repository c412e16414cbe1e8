"""``kg sheet``: the record as sheets for a spreadsheet, and back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from kg import sheets
from kg.cli.printing import count
from kg.errors import ProjectError
from kg.escaping import shortened
from kg.names import SLUG
from kg.project import Project
from kg.sheets import Change, Import
from kg.validation import Finding, Report

_SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
_LEFT: Final = ("columns",)
"""Stems of CSV files beside sheets that are none."""
_SHOWN: Final = 6
"""Cells that the plan shows of a new row."""

_PROJECT = click.option(
    "--project", "root", type=click.Path(path_type=Path), default=Path(), help="The project (default: here)."
)
_TABLES = click.option(
    "--table", "tables", multiple=True, type=click.Choice(sheets.NAMES), help="Only this sheet; repeat for several."
)  # fmt: skip
_SEPARATOR = click.option(
    "--separator", type=click.Choice(list(_SEPARATORS)), default="comma", show_default=True,
    help="Between cells; semicolon where the spreadsheet program expects it.",
)  # fmt: skip
_OVERWRITE = click.option("--overwrite", is_flag=True, help="Replace sheets that are there.")


@click.group(epilog="Example: kg sheet export sheets/ --table claims")
def sheet() -> None:
    """Enter and correct the record in a spreadsheet, as CSV.

    Writes sheets with export and new, and Turtle with import, which shows a plan first (docs/sheets.md).
    """


@sheet.command(epilog="Example: kg sheet new sheets/ --table claims --table works")
@click.argument("directory", type=click.Path(path_type=Path))
@_TABLES
@_SEPARATOR
@_OVERWRITE
@_PROJECT
def new(directory: Path, tables: tuple[str, ...], separator: str, overwrite: bool, root: Path) -> None:
    """Make empty sheets to begin with.

    Writes CSV files with their header into DIRECTORY, columns.csv, which documents each column with an example, and README.txt.
    """
    project = Project.open(root)
    _write(directory, sheets.empty(project, tables or sheets.NAMES, _SEPARATORS[separator]), overwrite)


@sheet.command(epilog="Example: kg sheet export sheets/ --table claims --table voices")
@click.argument("directory", type=click.Path(path_type=Path))
@_TABLES
@_SEPARATOR
@_OVERWRITE
@_PROJECT
def export(directory: Path, tables: tuple[str, ...], separator: str, overwrite: bool, root: Path) -> None:
    """Write what the files of a project say as sheets.

    Writes CSV files into DIRECTORY, from the Turtle under data/ and ontology/vocab/: nothing that the build derives, and what is withheld too.
    """
    project = Project.open(root)
    _write(directory, sheets.exported(project, tables or sheets.NAMES, _SEPARATORS[separator]), overwrite)


def _write(directory: Path, files: dict[str, bytes], overwrite: bool) -> None:
    """Write *files* into *directory*; a sheet that somebody may have worked on is not replaced unasked."""
    there = [name for name, data in files.items() if (directory / name).exists() and (directory / name).read_bytes() != data]  # fmt: skip
    if there and not overwrite:
        raise ProjectError(
            f"{directory} has {', '.join(there)} already, and nothing was written",
            remedy="import it first, name another directory, or replace it with --overwrite",
        )
    directory.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (directory / name).write_bytes(data)
    click.echo(f"{count(len(files), 'file')} in {directory}: {', '.join(files)}")


@sheet.command("import", epilog="Example: kg sheet import sheets/ --plan")
@click.argument(
    "paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
)
@click.option("--plan", "only", is_flag=True, help="Show what would change, and write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking, and without each change of the plan.")
@click.option(
    "--complete", is_flag=True,
    help="The sheets hold every row: claims without a row are withdrawn, and any other missing row is a violation.",
)  # fmt: skip
@click.option(
    "--write-ids", "identify", is_flag=True, help="Give rows without an id one, and write it into the sheet."
)
@click.option(
    "--collection",
    default="",
    metavar="NAME",
    help="The directory under data/ for new records (default: the only one).",
)
@_PROJECT
@click.pass_context
def import_(
    context: click.Context,
    paths: tuple[Path, ...],
    only: bool,
    yes: bool,
    complete: bool,
    identify: bool,
    collection: str,
    root: Path,
) -> None:
    """Bring sheets into the files of a project.

    PATH is a directory of sheets, or a sheet. Prints the plan: what is added, changed and withdrawn, with sheet and row, and what the rules find in the
    project as it would be. Asks, then writes the Turtle files under data/, ontology/vocab/ and new graphs into kg.toml, all or none. Where something is
    wrong nothing is written and the exit code is 1. A row that is missing changes nothing.
    """
    if collection and not SLUG.fullmatch(collection):
        raise click.UsageError(
            f"{collection!r} is no name of a collection: use small letters, digits and hyphens"
        )
    files, strange = _files(paths)
    done = Import(Project.open(root), files, collection=collection, complete=complete, identify=identify)
    findings = [*strange, *done.plan.findings]
    _show(done, findings, whole=not yes)
    if any(finding.severity == "violation" for finding in findings):
        click.echo("nothing was written: mend what is listed, and import again", err=True)
        context.exit(1)
    if not done.plan.changes:
        click.echo("the files say this already; nothing to write")
        return
    if _terminal():
        click.echo("checking all files as they would be …", err=True)
    seen = done.check()
    if not _checked(done, seen):
        context.exit(1)
    if only:
        click.echo("(plan only: nothing was written)")
    elif yes or _agreed():
        last = done.write()
        if last[0] is not seen[0] and not _checked(done, last):  # another file was changed since
            context.exit(1)
        seen = last
        click.echo(f"written: {', '.join(sorted(done.names))}")
    context.exit(0 if seen[0].conforms else 1)


def _checked(done: Import, found: tuple[Report, bool]) -> bool:
    """Print what is *found* in the project as it would be; tell whether it may be written."""
    report, sound = found
    told = Report([each for each in report if each.severity == "violation" or done.concerns(each)])
    _report(told)
    if others := report.count("warning") - told.count("warning"):
        click.echo(f"{count(others, 'warning')} about what these sheets do not change: kg validate")
    if not sound:
        click.echo(
            "nothing was written: violations above would be new; mend them, and import again", err=True
        )
    return sound


def _agreed() -> bool:
    """Ask whether to write; without a terminal say how to."""
    if not _terminal():
        click.echo("nothing was written: this is no terminal; say --yes to write")
        return False
    if click.confirm("Write this?"):
        return True
    click.echo("nothing was written")
    return False


def _terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _files(paths: Sequence[Path]) -> tuple[dict[Path, bytes], list[Finding]]:
    """Give the sheets that *paths* name, with a violation for each CSV file that is none."""
    found: dict[Path, bytes] = {}
    strange = []
    for path in paths:
        for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
            if file.stem in sheets.NAMES and file.suffix == ".csv":
                found[file] = file.read_bytes()
            elif file.stem not in _LEFT:
                strange.append(_strange(file))
    if not found and not strange:
        raise click.UsageError(f"there is no sheet in {', '.join(map(str, paths))}; kg sheet new makes some")
    return found, strange


def _strange(file: Path) -> Finding:
    near = next((name for name in sheets.NAMES if file.stem.lower().startswith(name)), "")
    return Finding(
        "violation",
        "the name of this file is that of no sheet, so nothing of it is read",
        "sheet-name",
        f"call it {near}.csv, if that is meant, or put it elsewhere"
        if near
        else f"the sheets are {', '.join(sheets.NAMES)}, each .csv",
        file=str(file),
    )


def _show(done: Import, findings: Sequence[Finding], *, whole: bool) -> None:
    """Print the plan, with each change where it is *whole*, and what is wrong."""
    plan = done.plan
    for change in plan.changes if whole else ():
        click.echo(_sentence(change))
    for note in plan.notes:
        click.echo(note)
    _report(Report(list(findings)))
    verbs = {
        verb: sum(change.verb == verb for change in plan.changes)
        for verb in ("added", "changed", "withdrawn")
    }
    told = ", ".join(f"{number:,} {verb}" for verb, number in verbs.items() if number) or "no change"
    click.echo(f"{told}; {count(plan.same, 'row')} as the files are")
    if absent := [f"{number:,} of {Path(name).stem}.csv" for name, number in plan.absent.items() if number]:
        click.echo(f"without a row here, and as they are: {', '.join(absent)}")
    for name, given in plan.given.items():
        click.echo(f"{name}: {count(len(given), 'identifier')} written into the sheet, with the rest")


def _sentence(change: Change) -> str:
    """Give a change as a sentence with its sheet and row."""
    place = f"{change.sheet}, row {change.row}" if change.row else f"{change.sheet}, no row"
    told = (f"{name} {_value(old)} → {_value(new)}" for name, old, new in change.cells)
    if change.verb == "added":
        filled = [f"{name} {_value(new)}" for name, _, new in change.cells if new]
        said = "; ".join(
            filled[:_SHOWN] + ([f"and {len(filled) - _SHOWN} more"] if len(filled) > _SHOWN else [])
        )
        return f"{place}: adds {change.resource} to {change.file} ({said})"
    verb = "withdraws" if change.verb == "withdrawn" else "changes"
    return f"{place}: {verb} {change.resource} in {change.file}: {'; '.join(told) or 'written otherwise'}"


def _value(cell: str) -> str:
    return shortened(cell, 80) if cell else "(nothing)"


def _report(found: Report) -> None:
    """Print findings with their place as a spreadsheet shows it."""
    for each in found.sorted():
        if not each.file.endswith(".csv"):
            click.echo(str(each))
            continue
        place = [each.file, *([f"row {each.line}"] if each.line else [])]
        if each.path and not each.path.startswith("<"):
            place.append(
                f"column {_letters(each.column)} ({each.path})" if each.column else f"column {each.path}"
            )
        remedy = f" → {each.remedy}" if each.remedy else ""
        click.echo(f"{', '.join(place)}: {each.severity}: {each.message} ({each.rule}){remedy}")


def _letters(column: int) -> str:
    """Give the letters over a column of a spreadsheet, as AB for 28."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
