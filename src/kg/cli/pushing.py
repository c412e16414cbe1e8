"""``kg push``: a release put into a SPARQL store that the user runs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from kg import manifest
from kg.cli.printing import count
from kg.cli.reading import project_root
from kg.opening import locate
from kg.transfer import BYTES, TRIPLES, Access, Plan, Shipment, Target, Transfer
from kg.transfer.course import Stage, Told
from kg.transfer.target import TIMEOUT

_STAGES = {"sending": "sent", "counting": "counted", "moving": "put in place", "clearing": "cleared away"}


@click.command(
    epilog="Example: kg push http://localhost:7878/query --update http://localhost:7878/update --dry-run"
)
@click.argument("url", metavar="URL")
@click.argument("directory", required=False, metavar="[RELEASE]", type=click.Path(path_type=Path))
@click.option(
    "--update",
    metavar="URL",
    default="",
    help="The address for updates, where it is another one than that for queries.",
)
@click.option(
    "--graph-store",
    metavar="URL",
    default="",
    help="Send statements by the Graph Store Protocol to this address, and the rest as updates.",
)
@click.option(
    "--batch",
    "triples",
    type=click.IntRange(1, 100_000),
    default=TRIPLES,
    show_default=True,
    help="Statements in a request, at most.",
)
@click.option(
    "--batch-bytes",
    "most",
    type=click.IntRange(1_024, 2**30),
    default=BYTES,
    show_default=True,
    help="Bytes of statements in a request, at most.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, 86_400, min_open=True),
    default=TIMEOUT,
    metavar="SECONDS",
    help=f"How long one request may take (default {TIMEOUT:g}).",
)
@click.option("--dry-run", is_flag=True, help="Ask the store, say what would be sent, and write nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def push(
    url: str,
    directory: Path | None,
    update: str,
    graph_store: str,
    triples: int,
    most: int,
    timeout: float,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Put a release into a SPARQL 1.1 store that you run.

    URL is the address of its endpoint, RELEASE a project or a directory that kg build wrote (default: the project here, else the bundled collection).
    Writes to the store only: what changed is loaded into graphs of its own, counted, and then put in place in one request. Interrupted, the
    same command goes on where it stopped. Who may write is told by the environment: KG_PUSH_USER and KG_PUSH_PASSWORD (Basic or Digest), or KG_PUSH_TOKEN.
    """
    access = Access.of(url, update, graph_store)
    place = locate(directory or project_root())
    manifest.verify(place)
    shipment = Shipment(place)
    target = Target(access, timeout=timeout)
    transfer = Transfer(shipment, target, triples=triples, most=most)
    plan = transfer.plan()
    if not quiet:
        _show(shipment, plan, target.url)
    if dry_run:
        _tell("(nothing was written)")
        return
    try:
        with _watched(quiet) as told:
            transfer.carry_out(plan, told)
    except KeyboardInterrupt:
        _tell(
            "interrupted; readers see what they saw before, and the same command goes on where this one stopped"
        )
        raise
    if not quiet:
        waits = f" ({count(target.waits, 'request')} asked again)" if target.waits else ""
        click.echo(
            f"release {shipment.manifest.id} stands at {target.url}: {shipment.quads:,} statements in {count(len(shipment.graphs), 'graph')}{waits}"
        )


def _show(shipment: Shipment, plan: Plan, url: str) -> None:
    """Say what is sent, and what is there."""
    before = plan.standing
    stands = "nothing of this collection stands there"
    if before is not None:
        stands = (
            f"release {before.release} stands there"
            if before.stands
            else f"a transfer of release {before.release} was cut off there"
        )
    click.echo(f"release {shipment.manifest.id} to {url}: {stands}")
    for held in plan.send:
        click.echo(f"  send  {held.quads:>12,}  {held.graph}")
    if plan.same:
        click.echo(
            f"  same  {sum(held.quads for held in plan.same):>12,}  in {count(len(plan.same), 'graph')}"
        )
    for graph in plan.gone:
        click.echo(f"  gone  {'':>12}  {graph}")
    if shipment.named:
        click.echo(
            f"  {count(shipment.named, 'blank node')} sent as IRIs of their own (RDF 1.1, section 3.5)"
        )
    if plan.sent:
        click.echo(f"  goes on after {plan.sent / shipment.size:.0%}")


@contextlib.contextmanager
def _watched(quiet: bool) -> Iterator[Told]:
    """Show how far it is, as a bar on a terminal, else as a line for each stage."""
    if quiet:
        yield lambda stage, done, of: None
        return
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines
        return
    columns = (TextColumn("{task.description:>12}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        tasks: dict[str, object] = {}

        def told(stage: Stage, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(_STAGES[stage], total=of)
            progress.update(tasks[stage], completed=done, total=of)  # type: ignore[arg-type]

        yield told


def _lines(stage: Stage, done: int, of: int) -> None:
    if done == of and of:
        _tell(_STAGES[stage])


def _tell(text: str) -> None:
    click.echo(text, err=True)
