"""Answers of queries as a person reads them in a terminal: labels for IRIs, and what bears on the reading beneath."""

from __future__ import annotations

import click

from kg import wording
from kg.archive import Archive
from kg.cli import printing
from kg.cli.printing import count
from kg.escaping import escaped
from kg.lookup import AGENTS
from kg.names import KG
from kg.rows import IRI, VEILED, Row, Rows, Value
from kg.views import Claim

_NAMED = frozenset({*AGENTS, "claim", "passage", "photo", "caption"})
"""Types of resource whose names say nothing of what is veiled: who, and where."""
_DENIED = IRI(KG + "denied")
_CAVEATS = 10
"""How many caveats are printed under an answer."""


def table(archive: Archive, rows: Rows, veiled: bool) -> None:
    """Print *rows*, resources by their label where they have one; claims and passages keep the name to ask on with.

    Of a veiled row only who, which claim and where is printed, unless *veiled* asks for all. Where the terminal is narrower than the
    table and each row is of one claim, the claims are printed in words.
    """
    labelled = [
        [
            _shown(archive, row, cell, text, row.veiled and not veiled)
            for cell, text in zip(row, texts, strict=True)
        ]
        for row, texts in zip(rows, rows.compact(), strict=True)
    ]
    said = _said(rows, labelled)
    left = [index for index, name in enumerate(rows.columns) if name not in said]
    columns = [rows.columns[index] for index in left]
    cells = [[row[index] for index in left] for row in labelled]
    claims = archive.cited(rows) if printing.too_wide(columns, cells) else {}
    if claims:
        for row, texts in zip(rows, labelled, strict=True):
            _claim(rows, row, texts, claims[str(row["claim"])], row.veiled and not veiled)
    else:
        printing.table(columns, cells)
        for name, other in said.items():
            click.echo(f"({name} is left out: it says what {other} says)", err=True)
    click.echo(count(len(rows), "row"), err=True)
    _beneath(archive, rows, veiled)


def _shown(archive: Archive, row: Row, cell: Value, text: str, hidden: bool) -> str:
    """Give the text for *cell* of *row*: a label, that of a property with "not" where the row is of a denial."""
    if not isinstance(cell, IRI):
        return "…" if hidden and text else text
    label = archive.labelled(cell) or text
    if hidden:
        named = archive.base.split(cell)
        return label if named and named[0] in _NAMED else "…"
    denied = _DENIED in row.values and "property" in row.columns and cell == row["property"]
    return wording.negated(label) if denied else label


def _said(rows: Rows, labelled: list[list[str]]) -> dict[str, str]:
    """Give each column of words that only repeats the labels of a column of resources before it, with the name of that.

    Those columns are for CSV and JSON, which have IRIs where a table has labels.
    """
    repeated = {"polarity": "property"} if {"polarity", "property"} <= {*rows.columns} else {}
    for index, name in enumerate(rows.columns):
        if any(isinstance(row[index], IRI) for row in rows):
            continue
        for before, other in enumerate(rows.columns[:index]):
            if any(isinstance(row[before], IRI) for row in rows) and all(
                row[index] == row[before].strip("“”") for row in labelled
            ):
                repeated[name] = other
    return repeated


def _claim(rows: Rows, row: Row, texts: list[str], claim: Claim, hidden: bool) -> None:
    """Print the *row* of one *claim*: day and words, whose, and the cells that these do not say."""
    known = {
        claim.iri, claim.subject, claim.predicate, claim.object, claim.claimant, claim.as_of, claim.amount, claim.lower, claim.upper,
        claim.unit, *claim.passages, KG + claim.comparator, _DENIED if claim.denied else KG + "asserted",
    }  # fmt: skip
    head = VEILED if hidden else claim.sentence
    click.echo(click.style(f"{claim.said}  {escaped(head)}", bold=True))
    places = ", ".join(
        text for cell, text in zip(row, texts, strict=True) if cell == claim.iri or cell in claim.passages
    )
    click.echo(escaped(f"  {claim.voices}: {places}"))
    more = [
        f"{name} {text}"
        for name, cell, text in zip(rows.columns, row, texts, strict=True)
        if text and cell not in known
    ]
    if more and not hidden:
        click.echo(escaped("  " + "; ".join(more)))


def _beneath(archive: Archive, rows: Rows, veiled: bool) -> None:
    """Print what must be known of *rows* beside what they say."""
    found = rows.bearing(archive.caveats, veiled=veiled)
    for caveat, iris in list(found.items())[:_CAVEATS]:
        names = ", ".join(archive.labelled(iri) or archive.base.compact(iri) for iri in iris)
        click.echo(escaped(f"caveat: {caveat} ({names})"), err=True)
    if len(found) > _CAVEATS:
        click.echo(f"{len(found) - _CAVEATS} more caveats: kg query anomalies", err=True)
    if rows.note:
        click.echo(rows.note, err=True)
    if not veiled and (hidden := sum(row.veiled for row in rows)):
        click.echo(f"{count(hidden, 'row')} veiled, for what they describe; --veiled shows all", err=True)
