"""``kg cite``: a reference to a claim, a resource, an answer or the whole collection."""

from __future__ import annotations

import click

from kg.citation import WRITERS
from kg.cli.asking import given
from kg.cli.reading import Source, reads
from kg.escaping import escaped


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="Example: kg cite asbarez-c02-s2-01 --format bibtex",
)
@click.argument("name", required=False, default="")
@click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter of a query; --NAME VALUE does the same.",
)
@click.option("--format", "format", type=click.Choice(list(WRITERS)), default="text", show_default=True)
@reads
@click.pass_context
def cite(context: click.Context, name: str, params: tuple[str, ...], format: str, source: Source) -> None:
    """Give a citation, with the permalink of the release.

    NAME is an IRI, a prefixed name, the slug of a claim or any other name of a resource, the name of a query that kg list shows, with its parameters,
    or a SPARQL query itself; without it the whole collection is cited. Prints plain text, BibTeX or CSL-JSON. Writes no file.
    """
    answer = source.open().cite(name, format=format, **given(context, params))
    click.echo(escaped(answer.rstrip("\n"), keep="\n"))
