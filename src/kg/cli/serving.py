"""``kg serve``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import click

from kg import manifest, opening
from kg.archive import Archive
from kg.cli.reading import opened, project_root
from kg.cli.summary import summary
from kg.errors import ProjectError
from kg.limits import Limits, Serving
from kg.project import CONFIGURATION, LOCAL
from kg.settings import Security, read_all_texts, read_limits, read_security, read_serving
from kg.store import limits as store

if TYPE_CHECKING:
    from kg.web.pushed import Pushed

Form = Literal["text", "json", "off"]  # as kg.web.logs has it, which kg --help need not load


@click.command(epilog="Example: kg serve --port 8800")
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option(
    "--endpoint", metavar="URL",
    help="Have a SPARQL store answer the queries, into which kg push put a release; for https://user@host/… set KG_ENDPOINT_PASSWORD.",
)  # fmt: skip
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
    help="The address to listen on; 0.0.0.0 or :: for all. Other than loopback on Linux only.",
)
@click.option(
    "--uds",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A Unix socket to listen on instead, for a reverse proxy on this machine.",
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
    help="A TOML file whose tables [limits] and [serve] say what queries and connections may cost (default: kg.toml of the "
    "project served).",
)
@click.option(
    "--log",
    "form",
    type=click.Choice(get_args(Form)),
    default="off",
    show_default=True,
    help="Write a line to standard error for each request; what went wrong is written in any case.",
)
@click.option(
    "--words",
    is_flag=True,
    help="Show the words of passages, from the copies that [texts] of kg.toml and kg.local.toml name. Where they belong to others: not for the public.",
)
@click.option("--log-clients", is_flag=True, help="Write who asked into these lines, by address.")
def serve(
    directory: Path | None,
    endpoint: str | None,
    port: int,
    host: str,
    uds: Path | None,
    deadline: float | None,
    file: Path | None,
    form: Form,
    log_clients: bool,
    words: bool,
) -> None:
    """Serve a release: pages, SPARQL, downloads.

    DIRECTORY is a project or a directory that kg build wrote (default: the project here, else the bundled collection). Each
    resource is there as a page, Turtle and JSON-LD, the endpoint at /sparql, the whole under /download/, kept releases under /release/.
    A release that kg build brings meanwhile is taken up within seconds, or at SIGHUP; with --endpoint the one that kg push
    puts into that store, where DIRECTORY has it too. Writes no file.
    """
    from kg.web import Host, Place, create_app
    from kg.web import serve as run
    from kg.web.application import Application
    from kg.web.budget import Buckets
    from kg.web.logs import Log

    out = opening.followed(directory or project_root())
    archive = opened(directory)
    limits, serving = _limits(file, directory or project_root()), _serving(file, directory or project_root())
    if deadline is not None:
        limits = replace(limits, deadline=deadline)
    following = None
    if endpoint is not None:
        following = _pushed(endpoint, archive, out, limits)
        archive = opening.open(following.directory())
    if archive.directory is not None:
        manifest.verify(archive.directory)
    summary(archive.manifest)
    buckets = Buckets(limits)
    security = _security(directory or project_root())

    copies = _copies(directory or project_root()) if words else []

    def make(release: Archive, place: Place) -> Application:
        return create_app(
            release,
            limits=limits,
            serving=serving,
            buckets=buckets,
            security=security,
            place=place,
            words=release.words(copies),
            store=None
            if endpoint is None or place.prefix
            else opening.behind(release.manifest, endpoint, _exchange(limits)),
        )

    app = Host(archive, make, out=out, following=following)

    def ready(url: str) -> None:
        if uds is None and not url.endswith(f":{port}/"):
            click.echo(f"port {port} is in use", err=True)
        click.echo(f"serving on {url}  (stop with Ctrl-C)")

    run(app, host=host, port=port, on_ready=ready, uds=uds, serving=serving, log=Log(form, log_clients))


def _pushed(endpoint: str, archive: Archive, out: Path | None, limits: Limits) -> Pushed:
    """Give what says which release is served: the one that stands at *endpoint*, of those beside *archive*."""
    from kg.web.pushed import Pushed

    if not endpoint.startswith(("http://", "https://")):
        raise click.UsageError("--endpoint takes an address, https://…")
    place = out or archive.directory
    assert place is not None  # noqa: S101
    return Pushed(place, archive.manifest.base, endpoint, _exchange(limits))


def _exchange(limits: Limits) -> store.Limits:
    """Give what one exchange with a remote store may cost, where a whole answer may cost *limits*."""
    return store.Limits(limits.deadline, limits.bytes, limits.rows)


def _limits(file: Path | None, directory: Path | None) -> Limits:
    """Give the limits of *file*, else those of the project *directory*, else the defaults."""
    file = file or _configuration(directory)
    return read_limits(file) if file is not None else Limits()


def _serving(file: Path | None, directory: Path | None) -> Serving:
    """Give what connections may cost by *file*, else by the project *directory*, else the defaults."""
    file = file or _configuration(directory)
    return read_serving(file) if file is not None else Serving()


def _security(directory: Path | None) -> Security | None:
    """Give whom to tell of a weakness, as the project *directory* says it."""
    file = _configuration(directory)
    return read_security(file) if file is not None else None


def _copies(directory: Path | None) -> list[bytes]:
    """Give the local copies of sources of the project *directory*. Raises ProjectError where it names none, or one that cannot be read."""
    texts = read_all_texts(directory) if directory is not None else {}
    if not texts:
        raise ProjectError(
            "no local copy is named here", remedy=f"name it in {LOCAL} of the project, or leave --words out"
        )
    try:
        return [path.read_bytes() for path, _ in texts.values()]
    except OSError as error:
        raise ProjectError(f"a local copy cannot be read: {error}", remedy=f"mend {LOCAL}") from error


def _configuration(directory: Path | None) -> Path | None:
    """Give the ``kg.toml`` of the project *directory*, None where it is none."""
    if directory is None or not (directory / CONFIGURATION).is_file():
        return None
    return directory / CONFIGURATION
