"""``kg query``, ``kg list`` and ``kg why``: questions to a release or an endpoint."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from kg import serialisation
from kg.archive import Archive, is_name
from kg.cli.printing import count, table
from kg.cli.reading import Source, project_root, reads
from kg.escaping import escaped
from kg.formats import TURTLE
from kg.lookup import AGENTS
from kg.project import Project
from kg.rows import IRI, Rows, Value
from kg.store import Solutions

_NAMED = frozenset({*AGENTS, "claim", "passage", "photo", "caption"})
"""Types of resource whose names say nothing of what is veiled: who, and where."""
VEILED = click.option("--veiled", is_flag=True, help="Show what the collection hides until asked for.")


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="Example: kg query claims-by-measure --event baku-1990-01 --format csv",
)
@click.argument("name")
@click.option(
    "--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter; --NAME VALUE does the same."
)
@click.option(
    "--format", "format", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True
)
@VEILED
@reads
@click.pass_context
def query(
    context: click.Context, name: str, params: tuple[str, ...], format: str, veiled: bool, source: Source
) -> None:
    """Answer a named query, or a SPARQL query from standard input.

    NAME is one that kg list shows, - for standard input, or the query itself. Prints a table, CSV with IRIs in full, or JSON (for - SPARQL
    results); CONSTRUCT and DESCRIBE print Turtle. Tables hide veiled rows until --veiled; CSV and JSON of named queries mark them in a last
    column. Writes no file.

    With --endpoint the question goes to a server, which may be another's: kg query claims-by-measure --endpoint http://127.0.0.1:8000/sparql
    """
    archive = source.open()
    given = _pairs([*params, *_options(context.args)])
    if not is_name(name) or name == "-":
        if given:
            raise click.UsageError("only named queries take parameters")
        _answer(archive, sys.stdin.read() if name == "-" else name, format)
        return
    rows = archive.query(name, **given)
    if format == "csv":
        click.echo(_lines(rows.to_csv()), nl=False)
    elif format == "json":
        click.echo(json.dumps(rows.to_json(), ensure_ascii=False, indent=2))
    else:
        _table(archive, rows, veiled)


def _answer(archive: Archive, text: str, format: str) -> None:
    answer = archive.answer(text)
    if isinstance(answer, bool):
        click.echo(json.dumps({"head": {}, "boolean": answer}) if format == "json" else str(answer).lower())
    elif isinstance(answer, Solutions):
        if not answer.rows and (note := archive.note(text)):
            click.echo(note, err=True)
        if format == "table":
            _table(archive, Rows.of(answer.variables, answer.rows, archive.base), True)
        else:
            text = _lines(answer.to_csv().decode()) if format == "csv" else answer.to_json().decode()
            click.echo(text, nl=False)
    else:
        graph = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in answer]
        written = io.BytesIO()
        serialisation.write(graph, TURTLE, written, prefixes=archive.base.prefixes())
        click.echo(written.getvalue(), nl=False)


def _lines(table: str) -> str:
    """Give CSV with the line ends of a terminal; those inside a value stay as they are."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(csv.reader(io.StringIO(table, newline="")))
    return out.getvalue()


def _table(archive: Archive, rows: Rows, veiled: bool) -> None:
    """Print *rows*, resources by their label where they have one; claims and passages keep the name to ask on with.

    Of a veiled row only who, which claim and where is printed, unless *veiled* asks for all.
    """

    def shown(cell: Value, text: str, hidden: bool) -> str:
        if not isinstance(cell, IRI):
            return "…" if hidden and text else text
        if hidden:
            named = archive.base.split(cell)
            return (archive.labelled(cell) or text) if named and named[0] in _NAMED else "…"
        return archive.labelled(cell) or text

    labelled = [
        [shown(cell, text, row.veiled and not veiled) for cell, text in zip(row, texts, strict=True)]
        for row, texts in zip(rows, rows.compact(), strict=True)
    ]
    said = _said(rows, labelled)
    left = [index for index, name in enumerate(rows.columns) if name not in said]
    table([rows.columns[index] for index in left], [[row[index] for index in left] for row in labelled])
    for name, other in said.items():
        click.echo(f"({name} is left out: it says what {other} says)", err=True)
    click.echo(count(len(rows), "row"), err=True)
    if not veiled and (hidden := sum(row.veiled for row in rows)):
        click.echo(f"{count(hidden, 'row')} veiled, for what they describe; --veiled shows all", err=True)


def _said(rows: Rows, labelled: list[list[str]]) -> dict[str, str]:
    """Give each column of words that only repeats the labels of a column of resources before it, with the name of that.

    Those columns are for CSV and JSON, which have IRIs where a table has labels.
    """
    repeated = {}
    for index, name in enumerate(rows.columns):
        if any(isinstance(row[index], IRI) for row in rows):
            continue
        for before, other in enumerate(rows.columns[:index]):
            if any(isinstance(row[before], IRI) for row in rows) and all(
                row[index] == row[before].strip("“”") for row in labelled
            ):
                repeated[name] = other
    return repeated


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


def _pairs(words: list[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise click.UsageError(f"--param {word}: write NAME=VALUE")
        if name in pairs:
            raise click.UsageError(f"the parameter {name} is given twice")
        pairs[name] = value
    return pairs


@click.command("list", epilog="Example: kg list --format json")
@click.option("--format", "format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reads
def list_(format: str, source: Source) -> None:
    """List the named queries, with their parameters.

    Prints them by who asks them. Writes no file.
    """
    catalog = source.open().catalog
    if not catalog:
        click.echo("this release has no named queries; kg query - answers any SPARQL query", err=True)
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
        click.echo()
    if catalog:
        click.echo(
            f"{count(len(catalog), 'question')}; kg query NAME asks one, kg list --format json describes each"
        )


def _described(query: Any) -> dict[str, Any]:
    return {
        "name": query.name, "summary": query.summary, "description": query.description, "asked-by": query.asked_by,
        "tags": list(query.tags),
        "params": [{"name": p.name, "type": p.type, "default": p.default, "summary": p.summary} for p in query.params],
    }  # fmt: skip


def local_copies(release: Path | None) -> list[bytes]:
    """Give the local copies of sources that the project's kg.local.toml names; none without a project or such a file."""
    place = project_root() if release is None else release
    if place is None or not (place / "kg.toml").is_file():
        return []
    return [path.read_bytes() for path in Project.open(place).texts().values()]


@click.command(epilog="Example: kg why event:baku-1990-01 --text ~/copies/article.txt")
@click.argument("iri")
@click.option(
    "--text",
    "text",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your own copy of the source: its words are shown beside each passage.",
)
@VEILED
@reads
def why(iri: str, text: Path | None, veiled: bool, source: Source) -> None:
    """Show what a claim, or the statements about a resource, rest on.

    Prints voices, passages, premises and decisions. IRI is an IRI, a prefixed name (event:baku-1990-01) or the slug of a
    claim. What is veiled is named only, until --veiled. Without --text the copies that kg.local.toml names are used. Writes no file, and the words of your copy go nowhere but to the terminal.
    """
    archive = source.open()
    copies = [text.read_bytes()] if text else local_copies(source.release)
    reasons = archive.why(iri, text=copies)
    click.echo(escaped(reasons.text(veiled=veiled), keep="\n"))
    if reasons.hidden and not veiled:
        click.echo("--veiled shows all", err=True)
