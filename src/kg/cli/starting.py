"""``kg new``: a collection to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from kg import bundle, starter
from kg.cli.printing import count
from kg.starter import Wishes


@click.command(epilog='Example: kg new harbour --title "The harbour in the papers" --language en')
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--title", help="What the collection is called (default: from the name of the directory).")
@click.option("--base", metavar="IRI", help="Base of all its addresses (default: one under a reserved name, to be set later).")  # fmt: skip
@click.option("--publisher", metavar="NAME", help="Who keeps it (default: the editors of the title).")
@click.option("--language", "languages", multiple=True, metavar="TAG", help="Language of its labels; repeat for several, the best first. English, which the terms have, comes last.")  # fmt: skip
@click.option("--bare", is_flag=True, help="Without the example source: kg build then asks for a claim.")
def new(
    directory: Path,
    title: str | None,
    base: str | None,
    publisher: str | None,
    languages: tuple[str, ...],
    bare: bool,
) -> None:
    """Make a small project that is complete, with an invented source to look at.

    Writes kg.toml, ontology/, data/, queries/, a check for GitHub and a README into DIRECTORY, which must not exist or be empty: nothing
    is overwritten. Needs no network. What it writes builds, validates and serves at once.
    """
    wishes = Wishes.of(directory, title=title, base=base, publisher=publisher, languages=languages, bare=bare)
    made = starter.files(wishes, bundle.directory())
    starter.lay(directory, made)
    click.echo(f"{wishes.title}: {count(len(made), 'file')} in {directory}")
    click.echo(
        f"next: cd {directory} and read README.md"
        if bare
        else f"next: cd {directory} && kg build && kg serve"
    )
