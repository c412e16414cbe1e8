"""``kg serve``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from kg import opening
from kg.archive import Archive
from kg.cli.building import summary
from kg.cli.reading import opened, project_root
from kg.limits import Limits
from kg.project import CONFIGURATION
from kg.settings import Security, read_limits, read_security


@click.command(epilog="Example: kg serve --port 8800")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="The next free one is taken where it is in use.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Loopback only, until what each client may ask is limited.",
)
@click.option(
    "--deadline",
    type=click.FloatRange(0.1, 86_400),
    metavar="SECONDS",
    help=f"How long a query may take (default: that of [limits], else {Limits().deadline:g}).",
)
@click.option(
    "--limits",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="A TOML file whose table [limits] says what queries may cost (default: kg.toml of the project served).",
)
def serve(directory: Path | None, port: int, host: str, deadline: float | None, file: Path | None) -> None:
    """Serve a release on this machine: pages, SPARQL, downloads.

    DIRECTORY is a project or a directory that kg build wrote (default: the project here, else the bundled collection). Each
    resource is there as a page, Turtle and JSON-LD, the endpoint at /sparql, the whole under /download/, kept releases under /release/.
    A release that kg build brings meanwhile is taken up within seconds, or at SIGHUP. Writes no file.
    """
    from starlette.applications import Starlette

    from kg.web import Host, Place, create_app
    from kg.web import serve as run

    archive = opened(directory)
    limits = _limits(file, directory or project_root())
    if deadline is not None:
        limits = replace(limits, deadline=deadline)
    summary(archive.manifest)
    security = _security(directory or project_root())

    def make(release: Archive, place: Place) -> Starlette:
        return create_app(release, limits=limits, security=security, place=place)

    app = Host(archive, make, out=opening.followed(directory or project_root()))

    def ready(url: str) -> None:
        if not url.endswith(f":{port}/"):
            click.echo(f"port {port} is in use", err=True)
        click.echo(f"serving on {url}  (stop with Ctrl-C)")

    run(app, host=host, port=port, on_ready=ready)


def _limits(file: Path | None, directory: Path | None) -> Limits:
    """Give the limits of *file*, else those of the project *directory*, else the defaults."""
    if file is None and directory is not None and (directory / CONFIGURATION).is_file():
        file = directory / CONFIGURATION
    return read_limits(file) if file is not None else Limits()


def _security(directory: Path | None) -> Security | None:
    """Give whom to tell of a weakness, as the project *directory* says it."""
    if directory is None or not (directory / CONFIGURATION).is_file():
        return None
    return read_security(directory / CONFIGURATION)
