"""``kg search``: names, labels and titles, in any script and as half remembered."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from kg.archive import Archive
from kg.cli.asking import VEILED, lines
from kg.cli.printing import count, table
from kg.cli.reading import Source, reads
from kg.escaping import escaped
from kg.search import MOST, Found, Hit
from kg.search.finding import LIMIT

_COLUMNS = ("kind", "who or what", "found as", "how", "name to ask on with")


@click.command(epilog='Example: kg search "Мосесова" --kind person')
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--kind",
    default="",
    metavar="KIND",
    help="Only what is of this type or class: person, place, event, photograph …",
)
@click.option("--limit", type=click.IntRange(1, MOST), default=LIMIT, show_default=True, help="Hits at most.")
@click.option(
    "--format", "format", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True
)
@VEILED
@reads
def search(words: tuple[str, ...], kind: str, limit: int, format: str, veiled: bool, source: Source) -> None:
    """Find who or what has a name, in any of three scripts.

    Names, labels and titles, in Latin, Cyrillic or Armenian letters, misspelled or half remembered.

    Prints the form that matched, as the graph attests it, and how it did; where there is none, the nearest. JSON has all of it, CSV the hits.
    What is veiled is shown as … until --veiled; JSON and CSV mark it. Writes no file.
    """
    archive = source.open()
    found = archive.search(" ".join(words), kind=kind, limit=limit)
    if format == "json":
        click.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    elif format == "csv":
        click.echo(lines(found.to_csv()), nl=False)
    else:
        _print(archive, found, veiled)


def _print(archive: Archive, found: Found, veiled: bool) -> None:
    if found.hits:
        table(_COLUMNS, _rows(archive, found.hits, veiled))
        more = f", and more: --limit up to {MOST}, --kind, or another word" if found.more else ""
        click.echo(f"{count(len(found), 'hit')}{more}", err=True)
    else:
        click.echo(f"nothing is called {found.words!r}", err=True)
        for _, called, form, how, name in _rows(archive, found.suggestions, veiled):
            click.echo(escaped(f"→ did you mean {called}? {name}, found as {form}: {how}"), err=True)
        click.echo(f"→ {found.remedy}", err=True)
    hidden = sum(hit.veiled for hit in (*found.hits, *found.suggestions))
    if hidden and not veiled:
        click.echo(f"{count(hidden, 'hit')} veiled, for what they are called; --veiled shows all", err=True)


def _rows(archive: Archive, hits: Iterable[Hit], veiled: bool) -> list[tuple[str, ...]]:
    """Give a row for each of *hits*: of a person the role before the name, of what is veiled no name."""
    rows: list[tuple[str, ...]] = []
    for hit in hits:
        called = f"{hit.role}: {hit.label}" if hit.role else hit.label
        form = f"{hit.form} ({hit.form_language})" if hit.form_language else hit.form
        hidden = hit.veiled and not veiled
        name = archive.base.compact(hit.iri)
        rows.append((hit.kind, "…" if hidden else called, "…" if hidden else form, hit.why, name))
    return rows
