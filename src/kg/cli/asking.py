"""``kg query``, ``kg list`` and ``kg why``: questions to a release or an endpoint."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pyoxigraph as ox

from kg import serialisation
from kg.archive import Archive
from kg.cli import answers
from kg.cli.printing import count
from kg.cli.reading import Source, project_root, reads
from kg.errors import StoreError
from kg.escaping import escaped
from kg.formats import TURTLE
from kg.listing import forms
from kg.listing.selection import Selection
from kg.project import Project
from kg.queries import Param, Query, is_name
from kg.rows import VEILED as VEILED_LABEL
from kg.rows import Rows
from kg.store import Solutions

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
    values = given(context, params)
    if not is_name(name) or name == "-":
        if values:
            raise click.UsageError("only named queries take parameters")
        _answer(archive, sys.stdin.read() if name == "-" else name, format)
        return
    rows = archive.query(name, **values)
    if format == "csv":
        click.echo(lines(rows.to_csv()), nl=False)
    elif format == "json":
        click.echo(json.dumps(rows.to_json(), ensure_ascii=False, indent=2))
    else:
        answers.table(archive, rows, veiled)


def given(context: click.Context, params: Sequence[str]) -> dict[str, str]:
    """Give the parameters of a query: those of --param, and whatever options the command itself does not have."""
    return _pairs([*params, *_options(context.args)])


def _answer(archive: Archive, text: str, format: str) -> None:
    answer = archive.answer(text)
    if isinstance(answer, bool):
        click.echo(json.dumps({"head": {}, "boolean": answer}) if format == "json" else str(answer).lower())
    elif isinstance(answer, Solutions):
        if not answer.rows and (note := archive.note(text)):
            click.echo(note, err=True)
        if format == "table":
            answers.table(archive, Rows.of(answer.variables, answer.rows, archive.base), True)
        else:
            text = lines(answer.to_csv().decode()) if format == "csv" else answer.to_json().decode()
            click.echo(text, nl=False)
    else:
        graph = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in answer]
        written = io.BytesIO()
        serialisation.write(graph, TURTLE, written, prefixes=archive.base.prefixes())
        click.echo(written.getvalue(), nl=False)


def lines(table: str) -> str:
    """Give CSV with the line ends of a terminal; those inside a value stay as they are."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(csv.reader(io.StringIO(table, newline="")))
    return out.getvalue()


def _options(words: list[str], *, dashed: bool = False) -> list[str]:
    """Read ``--event baku-1990-01`` and ``--event=baku-1990-01`` as parameters, whose names have underscores unless *dashed*."""
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
        pairs.append(f"{name if dashed else name.replace('-', '_')}={value}")
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


@click.command(
    "list",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="Example: kg list photographs --shows baku",
)
@click.argument("name", required=False)
@click.option(
    "--format", "format", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True
)
@reads
@click.pass_context
def list_(context: click.Context, name: str | None, format: str, source: Source) -> None:
    """List the named queries, or everything of a kind.

    Prints the queries by who asks them. With NAME one of them is described in full; a word as deaths lists those that tell of it.
    A kind (events, people, places, photographs, works, sources, claims) lists its members. With a filter of the list, as --shows baku, or with
    --format csv, a kind or the IRI of a class gives what the filters leave with every column, as CSV or JSON; a filter may stand several times. Writes no file.
    """
    if name is not None and (context.args or format == "csv"):
        click.echo(_listed(source.open(), name, _repeated(context.args), format), nl=False)
        return
    if context.args or format == "csv":
        raise click.UsageError("filters are of a list: name a kind, as photographs")
    archive = source.open()
    catalog, lists = archive.catalog, archive.lists
    kind = (
        lists.find(name).select({}) if name is not None and lists is not None and lists.holds(name) else None
    )
    if kind is not None and name not in catalog:
        click.echo(forms.to_json(kind).decode() if format == "json" else _members(archive, kind), nl=False)
        return
    if not catalog:
        click.echo("this release has no named queries; kg query - answers any SPARQL query", err=True)
    queries = list(catalog.values())
    if name is not None:
        queries = (
            [catalog[each] for each in catalog.telling(name)] if name not in catalog else [catalog[name]]
        )
        queries = queries or [catalog.find(name)]
    if format == "json":
        click.echo(json.dumps([_described(query) for query in queries], ensure_ascii=False, indent=2))
    elif len(queries) == 1 and name is not None:
        _describe(queries[0])
        if kind is not None:
            click.echo(f"\n{_members(archive, kind)}", nl=False)
    else:
        _list(queries)
        if catalog:
            click.echo(
                f"{count(len(queries), 'question')}; kg query NAME asks one, kg list NAME describes it in full"
            )


def _listed(archive: Archive, name: str, filters: dict[str, list[str]], format: str) -> str:
    """Give the list *name* under *filters*. Raises NotFound where there is none, StoreError where the release has no lists."""
    lists = archive.lists
    if lists is None:
        raise StoreError(
            "there are no lists here", remedy="build the release with this kg; an endpoint has none"
        )
    selection = lists.find(name if lists.holds(name) else archive.base.expand(name)).select(filters)
    if format == "json":
        return forms.to_json(selection).decode()
    return lines(forms.to_csv(selection).decode())


def _members(archive: Archive, kind: Selection) -> str:
    """Give the members of a list, each with the name that commands take and its label, and how to narrow it."""
    rows = [(archive.base.compact(row.iri), VEILED_LABEL if row.veiled else row.label) for row in kind.page()]
    width = max((len(name) for name, _ in rows), default=0)
    listing = kind.listing
    filters = ", ".join(f"--{name}" for name in listing.filters)
    lines = [
        f"{listing.title}:",
        *(f"  {name:<{width}}  {escaped(label)}" for name, label in rows),
        f"{kind.total:,} of them; --format csv has every column, and these narrow it: {filters}",
    ]
    return "\n".join(lines) + "\n"


def _repeated(words: list[str]) -> dict[str, list[str]]:
    """Read ``--shows baku --shows yerevan`` as filters."""
    found: dict[str, list[str]] = {}
    for pair in _options(words, dashed=True):
        name, _, value = pair.partition("=")
        found.setdefault(name, []).append(value)
    return found


def _list(queries: Sequence[Query]) -> None:
    """Print *queries* by who asks them."""
    asked: dict[str, list[Query]] = {}
    for query in queries:
        asked.setdefault(query.asked_by or "anybody", []).append(query)
    for who, questions in sorted(asked.items()):
        click.echo(f"{who}:")
        for query in questions:
            click.echo(f"  {query.name}: {query.summary}")
            for param in query.params:
                click.echo(f"      {_parameter(param)}")
        click.echo()


def _describe(query: Query) -> None:
    """Print all that the catalogue says of *query*."""
    click.echo(f"{query.name}: {query.summary}\n")
    click.echo(click.wrap_text(query.description, width=shutil.get_terminal_size().columns))
    if query.note:
        click.echo(f"\nNote: {query.note}")
    for param in query.params:
        click.echo(f"\n  {_parameter(param)}")
    click.echo(f"\nAsked by: {query.asked_by or 'anybody'}. Example: kg query {query.name}{_given(query)}")


def _given(query: Query) -> str:
    """Give the options of an example: what is required, else the first that has a default."""
    shown = [param for param in query.params if param.required] or [
        param for param in query.params if param.default is not None
    ][:1]
    return "".join(f" --{param.name.replace('_', '-')} {param.default or '…'}" for param in shown)


def _parameter(param: Param) -> str:
    default = (
        "required"
        if param.required
        else f"default {param.default}"
        if param.default is not None
        else "optional"
    )
    return f"--{param.name.replace('_', '-')} {param.type.upper()}  {param.summary} ({default})"


def _described(query: Query) -> dict[str, Any]:
    return {
        "name": query.name, "summary": query.summary, "description": query.description, "note": query.note,
        "asked-by": query.asked_by, "tags": list(query.tags),
        "params": [{"name": p.name, "type": p.type, "default": p.default, "summary": p.summary} for p in query.params],
    }  # fmt: skip


def local_copies(release: Path | None) -> list[bytes]:
    """Give the local copies of sources that the project names in kg.toml and kg.local.toml; none without a project."""
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
    claim. What is veiled is named only, until --veiled. Without --text the copies that [texts] of kg.toml and kg.local.toml name are used. Writes no file, and the words of your copy go nowhere but to the terminal.
    """
    archive = source.open()
    copies = [text.read_bytes()] if text else local_copies(source.release)
    reasons = archive.why(iri, text=copies)
    click.echo(escaped(reasons.text(veiled=veiled), keep="\n"))
    if reasons.hidden and not veiled:
        click.echo("--veiled shows all", err=True)
