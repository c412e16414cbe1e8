"""``kg serve``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.building import summary
from kg.cli.reading import opened, project_root
from kg.project import CONFIGURATION
from kg.settings import Security, read_security


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
    help="Loopback only, until queries run in processes that can be stopped.",
)
def serve(directory: Path | None, port: int, host: str) -> None:
    """Serve a release on this machine: pages, SPARQL, downloads.

    DIRECTORY is a project or a directory that kg build wrote (default: the project here, else the bundled collection). Each
    resource is there as a page, Turtle and JSON-LD, the endpoint at /sparql, the whole under /download/. Writes no file.
    """
    from kg.web import create_app
    from kg.web import serve as run

    archive = opened(directory)
    summary(archive.manifest)
    app = create_app(archive, security=_security(directory or project_root()))
    run(app, host=host, port=port, on_ready=lambda url: click.echo(f"serving on {url}  (stop with Ctrl-C)"))


def _security(directory: Path | None) -> Security | None:
    """Give whom to tell of a weakness, as the project *directory* says it."""
    if directory is None or not (directory / CONFIGURATION).is_file():
        return None
    return read_security(directory / CONFIGURATION)
