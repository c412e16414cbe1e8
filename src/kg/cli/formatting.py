"""``kg fmt``: Turtle files in one way of spacing."""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from kg import formats
from kg.cli.printing import count
from kg.errors import EditError, KgError, SourceError
from kg.escaping import escaped
from kg.formats import TURTLE
from kg.project import Project
from kg.turtle.formatting import formatted

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


@dataclass(frozen=True, slots=True)
class _File:
    """A file to be formatted, and the name that is printed of it."""

    path: Path
    name: str


@click.command(epilog="Example: kg fmt --diff data/baku-1990/entities/places.ttl")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; list the files that would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change, as a unified diff.")
@click.pass_context
def fmt(context: click.Context, files: tuple[Path, ...], check: bool, diff: bool) -> None:
    """Format Turtle files; statements, comments and order stay.

    Writes to the files themselves, each at one stroke; without FILES to those of the project under data/ and ontology/. Exit code 1
    where a file is not Turtle (the others are formatted), and with --check or --diff where one would change.
    """
    changed = failed = 0
    chosen = _chosen(files)
    for file in chosen:
        try:
            before, after = _formatted(file)
        except (SourceError, EditError) as error:
            failed += 1
            _explain(error)
            continue
        if before == after:
            continue
        changed += 1
        if diff:
            for line in _difference(before, after, file.name):
                click.echo(line)
        elif not check:
            _replace(file.path, after)
        if check or not diff:
            click.echo(file.name)
    done = "would change" if check or diff else "formatted"
    left = len(chosen) - changed - failed
    click.echo(f"{count(changed, 'file')} {done}, {left} as they should be", err=True)
    context.exit(1 if failed or (changed and (check or diff)) else 0)


def _chosen(files: Sequence[Path]) -> list[_File]:
    if not files:
        project = Project.open(Path())
        return [_File(path, project.name(path)) for path in project.turtle_files()]
    for path in files:
        if not path.is_file():
            raise click.UsageError(f"{path}: there is no such file")
        if formats.by_suffix(path.name) is not TURTLE:
            raise click.UsageError(f"{path}: only Turtle is formatted, in files that end in .{TURTLE.suffix}")
    return [_File(path, str(path)) for path in dict.fromkeys(files)]


def _formatted(file: _File) -> tuple[str, str]:
    """Give the text of *file* as it is and as it should be."""
    data = file.path.read_bytes()
    try:
        text = data.decode()
        return text, formatted(text, base=file.path.absolute().as_uri())
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = len(re.findall(rb"\r\n|\r|\n", before))
        column = len(re.split(rb"\r\n|\r|\n", before)[-1].decode()) + 1
        raise SourceError(
            f"byte {data[error.start]:02X} here is not UTF-8",
            path=file.name,
            line=line + 1,
            column=column,
            remedy="save the file as UTF-8",
        ) from error
    except SourceError as error:
        raise SourceError(
            error.message, path=file.name, line=error.line, column=error.column, remedy=error.remedy
        ) from error
    except EditError as error:
        raise EditError(f"{file.name}: {error}", remedy=error.remedy) from error


def _explain(error: KgError) -> None:
    click.echo(escaped(str(error)), err=True)
    if error.remedy:
        click.echo(f"→ {error.remedy}", err=True)


def _difference(before: str, after: str, name: str) -> Iterator[str]:
    lines = difflib.unified_diff(_LINE.findall(before), _LINE.findall(after), name, name)
    for line in lines:
        text = line.removesuffix("\n")
        yield escaped(text, keep="\t")
        if text == line and line[:1] in "+- ":
            yield "\\ No newline at end of file"


def _replace(path: Path, text: str) -> None:
    """Write *text* in place of the file: the whole or nothing, with the mode that it had, a link to it left."""
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode & 0o7777)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
