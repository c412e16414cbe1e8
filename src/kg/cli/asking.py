"""``kg query``, ``kg list``, ``kg why`` and ``kg export``: questions to a release."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from kg import opening
from kg.archive import Archive
from kg.cli.printing import table
from kg.errors import ProjectError, StoreError
from kg.formats import EXPORTS
from kg.names import Base
from kg.rows import IRI, Rows
from kg.store import Solutions

RELEASE = click.option(
    "-r", "--release", type=click.Path(path_type=Path), metavar="DIR",
    help="A project, or a directory that kg build wrote (default: the project here, else the bundled collection).",
)  # fmt: skip


def opened(path: Path | None) -> Archive:
    """Open *path*; without one the project around the working directory, else the bundled collection."""
    if path is None:
        here = next(
            (place for place in (Path.cwd(), *Path.cwd().parents) if (place / "kg.toml").is_file()), None
        )
        return opening.open(here)
    return opening.open(path)


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="Example: kg query claims-by-measure --event baku-1990-01 --measure deaths --format csv",
)
@click.argument("name")
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; --NAME VALUE does the same."
)
@click.option(
    "--format", "format", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@RELEASE
@click.pass_context
def query(
    context: click.Context, name: str, params: tuple[str, ...], format: str, release: Path | None
) -> None:
    """Answer the named query NAME (see kg list), or with - the SPARQL query on standard input.

    Prints a table, CSV with IRIs in full, or JSON (SPARQL results for - ). CONSTRUCT and DESCRIBE print Turtle.
    """
    archive = opened(release)
    given = dict(_pairs([*params, *_options(context.args)]))
    if name == "-":
        if given:
            raise click.UsageError("a query on standard input takes no parameters")
        _answer(archive, sys.stdin.read(), format)
        return
    rows = archive.query(name, **given)
    if format == "csv":
        click.echo(rows.to_csv().replace("\r\n", "\n"), nl=False)
    elif format == "json":
        click.echo(json.dumps(rows.to_json(), ensure_ascii=False, indent=2))
    else:
        _table(archive, rows)


def _answer(archive: Archive, text: str, format: str) -> None:
    answer = archive.answer(text)
    if isinstance(answer, bool):
        click.echo(json.dumps({"head": {}, "boolean": answer}) if format == "json" else str(answer).lower())
    elif isinstance(answer, Solutions):
        if format == "table":
            _table(archive, Rows.of(answer.variables, answer.rows, archive.base))
        else:
            click.echo((answer.to_csv() if format == "csv" else answer.to_json()).decode(), nl=False)
    else:
        prefixes = archive.base.prefixes()
        out = sys.stdout.buffer
        sys.stdout.flush()
        ox.serialize(answer, out, format=ox.RdfFormat.TURTLE, prefixes=prefixes)


def _table(archive: Archive, rows: Rows) -> None:
    """Print *rows*, resources by their label where they have one; claims and passages keep the name to ask on with."""
    plain = rows.compact()
    labelled = [
        [
            archive.labelled(cell) or text if isinstance(cell, IRI) else text
            for cell, text in zip(row, texts, strict=True)
        ]
        for row, texts in zip(rows, plain, strict=True)
    ]
    table(rows.columns, labelled)
    click.echo(f"{len(rows)} row{'' if len(rows) == 1 else 's'}", err=True)


def _options(words: list[str]) -> list[str]:
    """Read ``--event baku-1990-01`` and ``--event=baku-1990-01`` as parameters."""
    pairs, rest = [], list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise click.UsageError(f"unexpected argument {word!r}")
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not rest:
                raise click.UsageError(f"the parameter --{name} needs a value")
            value = rest.pop(0)
        pairs.append(f"{name.replace('-', '_')}={value}")
    return pairs


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    pairs = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise click.UsageError(f"--param {word}: write NAME=VALUE")
        pairs.append((name, value))
    return pairs


@click.command("list", epilog="Example: kg list --format json")
@click.option("--format", "format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@RELEASE
def list_(format: str, release: Path | None) -> None:
    """List the named queries by who asks them, with their parameters."""
    catalog = opened(release).catalog
    if format == "json":
        click.echo(
            json.dumps([_described(query) for query in catalog.values()], ensure_ascii=False, indent=2)
        )
        return
    asked: dict[str, list[Any]] = {}
    for query in catalog.values():
        asked.setdefault(query.asked_by or "anybody", []).append(query)
    for who, queries in sorted(asked.items()):
        click.echo(f"{who}:")
        for query in queries:
            click.echo(f"  {query.name}: {query.summary}")
            for param in query.params:
                default = (
                    "required"
                    if param.required
                    else f"default {param.default}"
                    if param.default is not None
                    else "optional"
                )
                click.echo(
                    f"      --{param.name.replace('_', '-')} {param.type.upper()}  {param.summary} ({default})"
                )


def _described(query: Any) -> dict[str, Any]:
    return {
        "name": query.name, "summary": query.summary, "description": query.description, "asked-by": query.asked_by,
        "tags": list(query.tags),
        "params": [{"name": p.name, "type": p.type, "default": p.default, "summary": p.summary} for p in query.params],
    }  # fmt: skip


@click.command(epilog="Example: kg why event:baku-1990-01 --text ~/copies/article.txt")
@click.argument("iri")
@click.option(
    "--text",
    "text",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your own copy of the source: its words are shown beside each passage.",
)
@RELEASE
def why(iri: str, text: Path | None, release: Path | None) -> None:
    """Show what a claim, or every statement about a resource, rests on: voices, passages, premises, decisions.

    IRI is an IRI, a prefixed name (event:baku-1990-01) or the slug of a claim. Writes nothing.
    """
    click.echo(str(opened(release).why(iri, text=text.read_bytes() if text else None)))


@click.command(epilog="Example: kg export --format ttl -o collection.ttl")
@click.option(
    "--format",
    "format",
    type=click.Choice(list(EXPORTS)),
    required=True,
    help="N-Triples and Turtle hold the union of the graphs.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path("-"),
    help="File to write; - is standard output.",
)
@click.option("--base", metavar="IRI", help="Base of all IRIs, instead of the release's own.")
@RELEASE
def export(format: str, output: Path, base: str | None, release: Path | None) -> None:
    """Write the whole dataset, complete and sorted, in one format."""
    archive = opened(release)
    target = Base(base) if base else None
    if str(output) == "-":
        sys.stdout.flush()
        archive.export(EXPORTS[format], sys.stdout.buffer, base=target)
        return
    temporary = output.with_name(f".{output.name}.part")
    try:
        with temporary.open("wb") as out:
            archive.export(EXPORTS[format], out, base=target)
        temporary.replace(output)  # never half a file under the name that was asked for
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


__all__ = ["RELEASE", "ProjectError", "StoreError", "export", "list_", "opened", "query", "why"]
