"""``kg withdraw``: something taken back from every release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
import pyoxigraph as ox

from kg import building, changelog, loading, manifest, redaction, release
from kg.cli.days import today
from kg.cli.findings import report
from kg.cli.printing import count
from kg.cli.summary import summary
from kg.errors import InvalidGraph, NotFound
from kg.names import PROV, SLUG
from kg.opening import OUTPUT
from kg.project import Project
from kg.redaction import Plan, Redaction
from kg.validation import Finding, Report

_REACH = "git history, packages that were published and copies that others made are out of reach: see docs/takedown.md"


@click.command(
    epilog='Example: kg withdraw person:grigory-vartanyan --reason "Asked for by the family." --dry-run'
)
@click.argument("names", metavar="IRI…", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why. It is published on the tombstone, so it names nobody.")
@click.option(
    "--by", "agent", metavar="IRI", help="Who decided (default: who the project's records are attributed to)."
)
@click.option("--date", "day", metavar="DAY", help="The day of the decision (default: today).")
@click.option(
    "--collection", metavar="NAME", help="The directory under data/ (default: the one that holds it)."
)
@click.option("--dry-run", is_flag=True, help="Print what would go, and change nothing.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Directory of releases (default: build/ in the project)."
)  # fmt: skip
@click.pass_context
def withdraw(
    context: click.Context,
    names: tuple[str, ...],
    reason: str,
    agent: str | None,
    day: str | None,
    collection: str | None,
    dry_run: bool,
    output: Path | None,
) -> None:
    """Take resources back from every release kept here.

    Writes to data/<collection>/redactions.ttl, builds, and rebuilds the releases kept in build/ without the resource, what rests on it and
    its names; a tombstone answers for it. Prints what goes first. Where something would still name it, nothing is written and the exit code
    is 1: withdraw that too, or reword it.
    """
    project = Project.open(Path())
    out = output or project.root / OUTPUT
    loaded = loading.load(project)
    if not loaded.complete:
        raise InvalidGraph(
            "a file of the project cannot be read", report=Report(loaded.findings, str(project.root))
        )
    wanted = tuple(dict.fromkeys(project.base.expand(name) for name in names))
    for iri in wanted:
        _require(iri, project, loaded.quads, out)
    new = Redaction(today(day), reason.strip(), tuple(sorted(wanted)))
    if not new.reason:
        raise click.UsageError("--reason is empty, and the reason is published")
    before, _ = redaction.read(loaded.redactions)
    plan = Plan.of(loaded.quads, before, new, project.base)
    _show(plan, project)
    written = changelog.naming(project, loaded.quads, plan.fallen)
    if plan.naming or written:
        located = [loaded.locate(finding) for finding in plan.naming]
        report(Report([*located, *written], str(project.root)))
        _refuse(plan, project)
        context.exit(1)
    if dry_run:
        click.echo("(dry run: nothing was changed)")
        return
    by = project.base.expand(agent) if agent else _curator(loaded.quads)
    path = _file(project, loaded, wanted, collection)
    _write(project, out, path, new, by)


def _require(iri: str, project: Project, quads: Sequence[ox.Quad], out: Path) -> None:
    """Raise NotFound where neither the data nor a kept release hold *iri*."""
    node = ox.NamedNode(iri)
    if any(quad.subject == node for quad in quads):
        return
    if not any(release.mentions(directory, {iri}) for directory in release.kept(out)):
        raise NotFound(
            f"{project.base.compact(iri)} is neither in the data nor in a kept release",
            remedy="write its IRI, or its prefixed name as person:…",
        )


def _show(plan: Plan, project: Project) -> None:
    named = [named for iri in plan.fallen if (named := project.base.split(iri))]
    kinds = ", ".join(
        f"{number} {kind}" for kind, number in sorted(Counter(kind for kind, _ in named).items())
    )
    click.echo(f"goes: {kinds or 'nothing that is in the data'}")
    for kind, slug in named:
        click.echo(f"  {kind}:{slug}")
    if plan.thinned:
        click.echo("stays, with fewer statements:")
        for iri, number in plan.thinned:
            click.echo(f"  {project.base.compact(iri)} (without {count(number, 'statement')})")


def _refuse(plan: Plan, project: Project) -> None:
    also = dict.fromkeys(
        project.base.compact(finding.focus.strip("<>")) for finding in plan.naming if finding.value
    )
    click.echo("nothing was withdrawn: what is listed would still name it", err=True)
    if plan.naming:
        click.echo(
            f"→ reword it, or withdraw it too: {' '.join(also)}" if also else "→ reword the reason", err=True
        )
    else:
        click.echo("→ reword these lines", err=True)


def _curator(quads: Sequence[ox.Quad]) -> str:
    """Give who the records of the project are attributed to, where that is one."""
    found = {quad.object.value for quad in quads if quad.predicate.value == PROV + "wasAttributedTo" and isinstance(quad.object, ox.NamedNode)}  # fmt: skip
    if len(found) != 1:
        raise click.UsageError("name who decided with --by, as org:…")
    return found.pop()


def _file(project: Project, loaded: loading.Loaded, wanted: Sequence[str], collection: str | None) -> Path:
    """Give the file of redactions of the collection that holds what goes."""
    if collection is None:
        files = [loaded.locate(Finding("info", "", "", focus=f"<{iri}>")).file for iri in wanted]
        holding = {Path(file).parts[1] for file in files if file.startswith("data/")}
        every = {path.name for path in (project.root / "data").iterdir() if path.is_dir()}
        found = holding if len(holding) == 1 else every
        if len(found) != 1:
            raise click.UsageError(f"name the collection with --collection: {', '.join(sorted(found))}")
        (collection,) = found
    directory = project.root / "data" / collection
    if not SLUG.fullmatch(collection) or not directory.is_dir():
        raise click.UsageError(f"there is no collection {collection!r} under data/")
    return directory / redaction.FILE


def _write(project: Project, out: Path, path: Path, new: Redaction, agent: str) -> None:
    """Add *new* to the file and build; the file is as it was where that fails."""
    old = path.read_bytes() if path.exists() else None
    kept = {manifest.read(directory).id for directory in release.kept(out)}
    try:
        path.write_text(redaction.added((old or b"").decode(), new, agent, base=project.base), "utf-8")
        made, found = building.build(project, out)
    except BaseException:
        if old is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(old)
        raise
    report(found)
    click.echo(f"written to {project.name(path)}")
    summary(made, found)
    now = {manifest.read(directory).id for directory in release.kept(out)}
    click.echo(
        f"{count(len(kept - now), 'kept release')} replaced or removed; {count(len(made.tombstones), 'tombstone')}"
    )
    click.echo(_REACH)
