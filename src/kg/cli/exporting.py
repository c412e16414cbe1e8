"""``kg export``: a release in one format, as one file or as a directory of tables, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import click

from kg import gazetteer, tables
from kg.archive import Archive
from kg.cli.reading import Source, reads
from kg.compression import bare, is_packed, packed
from kg.formats import CSV, EXPORTS, GEO_JSON, OFFERED, cannot_hold
from kg.names import Base

_REMEDY: Final = "name a directory for them with -o DIR, or a file that ends in .zip"


@click.command(epilog="Example: kg export -o collection.ttl.gz")
@click.option(
    "--format",
    "format",
    type=click.Choice(list(OFFERED)),
    help="By default what the name of the file ends in. nt, ttl and rdf (RDF/XML) hold the union of the graphs; nq, trig and jsonld the graphs too; csv the tables of "
    "claims, events, people, places, photographs, works and passages; geojson the places, in the Linked Places format.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path("-"),
    help="File to write, - is standard output; one that ends in .gz or .zst is compressed; for csv a directory, or a file that ends in .zip.",
)
@click.option("--base", metavar="IRI", help="Base of all IRIs, instead of the release's own.")
@reads
def export(format: str | None, output: Path, base: str | None, source: Source) -> None:
    """Write a release in one format, complete and sorted.

    Writes the file -o, or prints; for csv it writes a directory of tables with csv-metadata.json, which says what each
    column holds. Where it fails, a file of that name stays as it was.
    """
    target = Base(base) if base else None
    format = format or _by_name(output)
    if format == CSV.suffix:
        _check(output)
        _export_tables(source.open(whole=True), output, target)
        return
    archive = source.open(whole=True)
    with _whole(output) as file, packed(file, output) as out:
        if format == GEO_JSON.suffix:
            found = _some(archive.files(GEO_JSON, base=target), "this release has no places")
            out.write(found[gazetteer.FILE])
        else:
            archive.export(EXPORTS[format], out, base=target)


def _by_name(output: Path) -> str:
    """Give the format that the name of *output* ends in."""
    suffix = bare(output).suffix[1:].lower()
    if suffix not in OFFERED:
        offered = ", ".join(OFFERED)
        raise click.UsageError(
            f"no format is named: give --format, one of {offered}, or a file -o that ends in one of them"
        )
    return suffix


def _export_tables(archive: Archive, output: Path, base: Base | None) -> None:
    kinds = ", ".join(table.name for table in tables.TABLES)
    found = _some(
        archive.files(CSV, base=base), f"there is nothing to tabulate: this release has none of {kinds}"
    )
    if output.suffix.lower() == ".zip":
        with _whole(output) as out:
            out.write(tables.zipped(found))
    else:
        _write_directory(output.resolve(), found)


def _some(files: dict[str, bytes], otherwise: str) -> dict[str, bytes]:
    """Give *files*. Raises NotAcceptable, which says *otherwise*, where there are none."""
    if not files:
        raise cannot_hold(otherwise)
    return files


def _check(output: Path) -> None:
    """Refuse an *output* that several tables cannot go to."""
    if str(output) == "-":
        raise click.UsageError(f"csv is several files, which cannot be printed: {_REMEDY}")
    file = output.exists() and not output.is_dir()
    suffix = output.suffix.lower()
    if suffix != ".zip" and (file or suffix == ".csv" or is_packed(output)):
        raise click.UsageError(f"csv is several files, and {output} is one: {_REMEDY}")


def _write_directory(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write *files* into *directory*, which is made where it is absent; what else is in it stays.

    They are written elsewhere first and then moved, so that none is ever there in part.
    """
    there = directory.is_dir()
    taken = [name for name in files if os.path.lexists(directory / name)]
    if taken and not _is_ours(directory):
        raise click.UsageError(f"{directory} holds a {taken[0]} that kg export did not write: {_REMEDY}")
    fresh = (directory if there else directory.parent) / f".{directory.name}.{os.getpid()}.part"
    try:
        fresh.mkdir()
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        if there:
            for name in files:
                (fresh / name).replace(directory / name)
        else:
            fresh.rename(directory)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(directory)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _is_ours(directory: Path) -> bool:
    """Tell whether the tables in *directory* are those of an export: its metadata lists them, and no others."""
    try:
        listed = json.loads((directory / tables.METADATA).read_bytes())["tables"]
        return {table["url"] for table in listed} == {table.file for table in tables.TABLES}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return False


@contextmanager
def _whole(output: Path) -> Iterator[BinaryIO]:
    """Give a file that takes the name *output* once it is complete; pipes and devices are written as they are."""
    if str(output) == "-":
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.flush()  # an error in writing shows here, not when Python ends
        return
    path = output.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as out:
            yield out
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temporary.open("xb") as out:
            yield out
        temporary.replace(path)
    except OSError as error:
        if error.filename not in (None, str(temporary)):  # another file that was read or written meanwhile
            raise
        raise OSError(error.errno, error.strerror, str(output)) from error
    finally:
        temporary.unlink(missing_ok=True)
