"""``kg compare``: what sources say of one measure of an event, side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import click

from kg.cli.asking import VEILED, lines
from kg.cli.reading import Source, reads
from kg.comparison import MODALITIES
from kg.escaping import escaped


@click.command(epilog="Example: kg compare baku-1990-01 deaths --as-of 1990-01-16")
@click.argument("event")
@click.argument("measure")
@click.option(
    "--voice", metavar="NAME", help="Only claims in whose chain this voice stands, as speaker or relay."
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Only what had been reported by this day; undated claims stay, and stand apart.",
)
@click.option(
    "--modality",
    "modality",
    multiple=True,
    type=click.Choice(list(MODALITIES)),
    help="Only numbers that are meant so; may be repeated.",
)
@click.option("--independent", is_flag=True, help="Of each origin only the first claim within each event.")
@click.option("--no-related", "alone", is_flag=True, help="Leave out wider and narrower events.")
@click.option(
    "--format", "format", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True
)
@VEILED
@reads
def compare(
    event: str,
    measure: str,
    voice: str | None,
    as_of: datetime | None,
    modality: Sequence[str],
    independent: bool,
    alone: bool,
    format: str,
    veiled: bool,
    source: Source,
) -> None:
    """Set claims about a measure side by side.

    EVENT and MEASURE are names as kg query takes them. Prints bands, of the event, of wider and of narrower events, each claim with its
    day, its words, its voices, its scope and what it shares with others; nothing is reconciled. CSV and JSON mark what is veiled.
    Writes no file.
    """
    comparison = source.open().compare(
        event,
        measure,
        voice=voice,
        as_of=as_of,
        modality=modality,
        independent=independent,
        related=not alone,
    )
    if format == "csv":
        click.echo(lines(comparison.to_csv()), nl=False)
    elif format == "json":
        click.echo(json.dumps(comparison.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(escaped(comparison.text(veiled=veiled), keep="\n"))
