"""``kg build`` and ``kg validate``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from kg import building, manifest, opening
from kg.checking import LARGE, Checker, Engine, Watch, elsewhere, settings_report
from kg.cli import watching
from kg.cli.course import course
from kg.cli.findings import FORMATS, report
from kg.cli.printing import count
from kg.cli.summary import summary
from kg.errors import ProjectError
from kg.opening import OUTPUT
from kg.project import CONFIGURATION, Project
from kg.validation import Report

BASE = click.option("--base", metavar="IRI", help="Base of all IRIs, instead of the one in kg.toml.")
PROFILE = click.option(
    "--profile", type=click.Choice(["attest", "none"]), help="Rules to hold the data to; none takes any RDF."
)
ENGINE = click.option(
    "--engine",
    type=click.Choice(["sets", "columns", "pyshacl"]),
    default="sets",
    show_default=True,
    help="What holds the shapes against the data: set queries and pySHACL for what these suspect (over columns on disk, which sets takes by itself "
    f"above {LARGE:,} statements), or pySHACL for everything.",
)


@click.command(epilog="Example: kg build --data letters.ttl --profile none -o /tmp/letters")
@click.argument("directory", type=click.Path(path_type=Path), default=Path())
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Directory for releases (default: build/ in the project; with --data here).",
)
@click.option(
    "--data",
    "data",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Build this RDF file instead of a project; repeat for several.",
)
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
@PROFILE
@click.option(
    "--default-graph",
    type=click.Choice(["union", "strict"]),
    help="What a query without GRAPH sees (with --data; default union).",
)
@BASE
@click.option("--title", default="", help="Title of the release (with --data).")
@ENGINE
@click.option(
    "-q", "--quiet", is_flag=True, help="Print what stops the build, and how many warnings there are."
)
def build(
    directory: Path,
    output: Path | None,
    data: tuple[Path, ...],
    more: tuple[Path, ...],
    profile: str | None,
    default_graph: Literal["union", "strict"] | None,
    base: str | None,
    title: str,
    engine: Engine,
    quiet: bool,
) -> None:
    """Build a validated release of a project, or of any RDF files.

    DIRECTORY is the project (default: here). Writes a new directory under the output directory and names it in CURRENT. Where
    the data do not conform nothing is released: the findings are printed and the exit code is 1.
    """
    if data:
        files = [*data, *([directory] if directory != Path() else []), *more]
        if profile == "attest":
            raise click.UsageError(
                "--data takes any RDF and goes with --profile none; claims are checked in a project"
            )
        project = Project.adhoc(files, base=base, default_graph=default_graph or "union", title=title)
        output = output or _beside_no_project()
    else:
        if more or default_graph or title:
            raise click.UsageError(
                "a project says this in kg.toml; --default-graph, --title and more files go with --data"
            )
        project = _profiled(Project.open(directory, base=base), profile)
        output = output or project.root / OUTPUT
    with course(quiet) as told:
        made, found = building.build(project, output, engine=engine, told=told)
    if quiet:
        if warnings := found.count("warning"):
            click.echo(f"{count(warnings, 'warning')}; kg validate shows what each is about", err=True)
        return
    report(found)
    summary(made, found)
    click.echo(f"in {manifest.current(output)}")


def _beside_no_project() -> Path:
    if (Path() / CONFIGURATION).is_file():
        raise click.UsageError(
            f"{OUTPUT}/ holds the releases of the project here; name another directory with -o"
        )
    return Path(OUTPUT)


@click.command(epilog="Example: kg validate data/baku-1990/sources/asbarez-91953/article.ttl")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--project",
    "directory",
    type=click.Path(path_type=Path),
    help="The project (default: the one around the first file, else here).",
)
@click.option(
    "--format",
    "format",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Text, JSON, the W3C validation report, or annotations of GitHub Actions.",
)
@click.option(
    "--excerpts/--no-excerpts",
    default=True,
    help="Show the line of the file under each finding, with a caret.  [default: excerpts]",
)
@click.option(
    "--endpoint", metavar="URL",
    help="Check what a SPARQL endpoint holds, by the rules of the project; for https://user@host/… set KG_ENDPOINT_PASSWORD.",
)  # fmt: skip
@click.option("--watch", is_flag=True, help="Go on: after each change say what is new and what is mended.")
@PROFILE
@BASE
@ENGINE
@click.pass_context
def validate(
    context: click.Context,
    files: tuple[Path, ...],
    directory: Path | None,
    format: str,
    excerpts: bool,
    endpoint: str | None,
    watch: bool,
    profile: str | None,
    base: str | None,
    engine: Engine,
) -> None:
    """Check data and print each finding with its place and remedy.

    Prints `file:line:column: severity: sentence (rule) → remedy`. Files of a project are checked with all of it, and the findings
    in them are shown; other files (or --profile none) are checked as RDF. With --endpoint the store is read as a whole. Writes no file. Exit code 1 when there is a violation;
    with --watch that of the last check, when you press Ctrl-C.
    """
    if watch and format != "text":
        raise click.UsageError("--watch prints text; leave --format out")
    if endpoint is not None:
        if files or watch or profile or base:
            raise click.UsageError("--endpoint goes with --project, --format, --excerpts and --engine only")
        found = _elsewhere(endpoint, directory or Path(), engine)
        report(found, format, excerpts=excerpts)
        context.exit(0 if found.conforms else 1)
    where = directory or (files[0].parent if files else Path())
    try:
        project = _project(files, directory, profile, base)
        looks = Watch(project)
        checker = Checker(project, engine)
        checked = checker.check()
    except ProjectError as error:
        root = Project.root_of(where)
        if not error.path or root is None:
            raise
        report(found := settings_report(error, root), format, excerpts=excerpts)
        context.exit(0 if found.conforms else 1)
    if watch:
        context.exit(watching.watch(checker, looks, checked, files, excerpts=excerpts))
    shown = watching.shown(project, checked.report, files)
    hidden = len(checked.report.sorted()) - len(shown)
    if hidden and format == "text":
        click.echo(f"({count(hidden, 'finding')} in other files; kg validate shows all)", err=True)
    report(checked.report, format, shown, excerpts=excerpts)
    if format == "text":
        if project.files:
            click.echo("(checked as RDF only; claims are checked in a project)", err=True)
        click.echo(watching.summary(shown, checked), err=True)
    context.exit(0 if Report(list(shown)).conforms else 1)


def _elsewhere(endpoint: str, directory: Path, engine: Engine) -> Report:
    """Give what *engine* finds in the store at *endpoint* by the rules of the project in *directory*."""
    if not endpoint.startswith(("http://", "https://")):
        raise click.UsageError("--endpoint takes an address, https://…")
    archive = opening.open(endpoint)
    project = Project.open(directory, base=archive.base.iri)
    quads = list(archive.quads())
    found = elsewhere(project, quads, engine)
    click.echo(f"({len(quads):,} statements at {endpoint.rpartition('@')[2]})", err=True)
    return found


def _project(
    files: tuple[Path, ...], directory: Path | None, profile: str | None, base: str | None
) -> Project:
    for path in files:
        if not path.is_file():
            raise click.UsageError(f"{path}: there is no such file")
    if files and profile == "none":
        return Project.adhoc(files, base=base)
    try:
        project = Project.open(directory or (files[0].parent if files else Path()), base=base)
    except ProjectError:
        if not files or directory or profile == "attest":
            raise
        return Project.adhoc(files, base=base)
    known = {file.path for file in project.data_files()} | {path for path, _ in project.misplaced()}
    if files and not known.issuperset(path.resolve() for path in files):
        if profile == "attest":
            raise click.UsageError(
                "the profile attest is held against a whole project, and one of these files belongs to none: put it at "
                "its place under data/, or check it as RDF with --profile none"
            )
        return Project.adhoc(files, base=base)
    return _profiled(project, profile)


def _profiled(project: Project, profile: str | None) -> Project:
    return project if profile is None else project.with_profiles([] if profile == "none" else [profile])
