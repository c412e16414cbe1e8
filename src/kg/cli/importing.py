"""``kg import``: an RDF dataset that exists becomes a source of the project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kg import formats, importing
from kg.cli.findings import report
from kg.cli.printing import count
from kg.errors import ProjectError
from kg.importing import Incoming, Origin, Plan
from kg.importing.origin import NOT_EVALUATED
from kg.names import SLUG, is_iri
from kg.project import Project
from kg.starter.wishes import day, line
from kg.validation import Report

_SUFFIXES = [format.suffix for format in formats.RDF_FORMATS]


@click.command(
    "import", epilog="Example: kg import letters.ttl --source letters --title 'Register of letters'"
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--source", "slug", required=True, metavar="SLUG", help="What the source is called in addresses, as harbour-register.")  # fmt: skip
@click.option("--title", help="What it is called for people (default: Dataset and the slug).")
@click.option("--licence", metavar="IRI", help="Under which licence, or rights statement, it is (default: not evaluated).")  # fmt: skip
@click.option(
    "--url", metavar="IRI", default="", help="Where it is published; it is recorded and never fetched."
)
@click.option("--format", "format", type=click.Choice(_SUFFIXES), help="The format of the files (default: by their suffix, .gz left out).")  # fmt: skip
@click.option(
    "--date", "taken", metavar="DAY", help="The day of the import (default: SOURCE_DATE_EPOCH, else today)."
)
@click.option("--collection", metavar="NAME", help="The directory under data/ (default: the only one).")
@click.option("--anyway", is_flag=True, help="Write it though the project would not build with it; a file that cannot be read is never written.")  # fmt: skip
@click.option(
    "--dry-run", is_flag=True, help="Print what would be written and what is found, and change nothing."
)
@click.pass_context
def import_(
    context: click.Context,
    files: tuple[Path, ...],
    slug: str,
    title: str | None,
    licence: str | None,
    url: str,
    format: str | None,
    taken: str | None,
    collection: str | None,
    anyway: bool,
    dry_run: bool,
) -> None:
    """Take an RDF dataset in as a source graph of the project.

    FILES are Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, packed by gzip or not. Writes data/<collection>/sources/SLUG/ with a
    source.ttl that says where it came from, and the graph's table at the end of kg.toml. Prints first what conforms and what does not;
    where the project would not build with it, nothing is written and the exit code is 1.
    """
    project = Project.open(Path())
    if not SLUG.fullmatch(slug):
        raise click.UsageError(f"{slug!r} is no slug: use lower-case letters, digits and single hyphens")
    origin = Origin(
        slug=slug,
        title=line("title", title, f"Dataset {slug}"),
        licence=_address("--licence", licence or NOT_EVALUATED),
        day=day(taken, date.today().isoformat()),
        url=_address("--url", url) if url else "",
        language=project.languages[0] if title and project.languages else "en",
    )
    incoming = importing.read(files, project, slug, formats.offered(format) if format else None)
    plan = importing.plan(project, incoming, origin, collection or _only(project))
    _show(plan)
    if licence is None:
        click.echo("no licence was named: recorded as not evaluated", err=True)
    if not incoming.readable or not (plan.builds or anyway):
        _refuse(plan)
        context.exit(1)
    if dry_run:
        click.echo("(dry run: nothing was changed)")
        return
    importing.write(plan)
    click.echo(
        "written" if plan.builds else "written, though the project does not build: kg validate says why"
    )


def _address(option: str, text: str) -> str:
    if not is_iri(text) or not text.startswith(("http://", "https://")):
        raise click.UsageError(f"{option} takes an address, https://…, and {text!r} is none")
    return text


def _only(project: Project) -> str:
    """Give the collection of *project* where it has one, else its name for want of any. Raises ProjectError where it has several."""
    data = project.root / "data"
    found = sorted(path.name for path in data.iterdir() if path.is_dir() and not path.name.startswith(".")) if data.is_dir() else []  # fmt: skip
    if len(found) > 1:
        raise ProjectError(
            f"data/ has several collections: {', '.join(found)}", remedy="name one with --collection"
        )
    return found[0] if found else "collection"


def _show(plan: Plan) -> None:
    """Print the plan: what was read, what would be written, what conforms, and what does not and where."""
    incoming, name = plan.incoming, plan.project.name
    for part in incoming.parts:
        if not part.doubt:
            click.echo(f"{part.name}: {part.file.format.name}, {count(len(part.quads), 'statement')}")
    for sentence in _changes(incoming):
        click.echo(f"  {sentence}")
    if plan.files:
        click.echo(f"goes to {name(plan.directory)}/: {', '.join(plan.files)}; and a table to kg.toml")
    report(Report([], str(Path.cwd())), findings=plan.findings)
    if plan.caused:
        click.echo("elsewhere in the project, because of it:")
        report(Report([], str(plan.project.root)), findings=plan.caused)
    if incoming.readable:
        total = len(plan.subjects)
        click.echo(f"{plan.conforming:,} of {count(total, 'resource')} conform")


def _changes(incoming: Incoming) -> list[str]:
    """Say what was done to the statements."""
    sentences = []
    if incoming.blank:
        sentences.append(f"{count(incoming.blank, 'blank node')} named by what is said of them")
    if incoming.rewritten:
        sentences.append(f"{count(incoming.rewritten, 'literal')} written in the form that a store keeps")
    if incoming.graphs:
        sentences.append(
            f"{count(len(incoming.graphs), 'named graph')} merged into one; the names stand in source.ttl"
        )
    if incoming.moved:
        sentences.append(
            f"{count(incoming.moved, 'statement')} on the stand-in base taken as the project's own"
        )
    return sentences


def _refuse(plan: Plan) -> None:
    if plan.standing and not any(f.severity == "violation" for f in (*plan.findings, *plan.caused)):
        said = f"the project does not build as it is ({count(len(plan.standing), 'violation')}: kg validate)"
    else:
        said = (
            "the project would not build with it" if plan.incoming.readable else "a file cannot be read whole"
        )
    click.echo(f"nothing was written: {said}", err=True)
    if plan.incoming.readable:
        click.echo(
            "→ mend the file and import it again, or write it with --anyway and mend it in the project",
            err=True,
        )
