"""What a command reads: a release on this machine, or an endpoint."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from kg import opening
from kg.archive import Archive
from kg.cli.printing import count
from kg.errors import KgError
from kg.manifest import CURRENT
from kg.store.limits import TIMEOUT

_Command = TypeVar("_Command", bound=Callable[..., Any])

RELEASE = click.option(
    "-r", "--release", type=click.Path(path_type=Path), metavar="DIR",
    help="A project, or a directory that kg build wrote (default: the project here, else the bundled collection).",
)  # fmt: skip
_ENDPOINT = click.option(
    "--endpoint", metavar="URL",
    help="A SPARQL endpoint, instead of a release; for https://user@host/… set KG_ENDPOINT_PASSWORD.",
)  # fmt: skip
_SECONDS = click.option(
    "--timeout", type=click.FloatRange(0, 86_400, min_open=True), metavar="SECONDS",
    help=f"With --endpoint: how long each question to it may take (default {TIMEOUT:g}).",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """What the options of a command name."""

    release: Path | None
    endpoint: str | None
    timeout: float | None

    def open(self, *, whole: bool = False) -> Archive:
        """Open it: the endpoint, the release, else the project around the working directory or the bundled collection.

        Who takes it *whole* asks nothing of the store, which then is not loaded.
        """
        if self.endpoint is None:
            return opened(self.release, opening.deferred if whole else opening.open)
        return opening.open(self.endpoint, timeout=self.timeout or TIMEOUT)


def reads(command: _Command) -> _Command:
    """Give *command* the options --release, --endpoint and --timeout, and what they name as its parameter ``source``."""

    @RELEASE
    @_ENDPOINT
    @_SECONDS
    @functools.wraps(command)
    def reading(
        *arguments: Any, release: Path | None, endpoint: str | None, timeout: float | None, **more: Any
    ) -> Any:
        if endpoint is not None and release is not None:
            raise click.UsageError("--release and --endpoint name two archives; give one")
        if endpoint is not None and not endpoint.startswith(("http://", "https://")):
            raise click.UsageError("--endpoint takes an address, https://…; a directory is a --release")
        if timeout is not None and endpoint is None:
            raise click.UsageError("--timeout goes with --endpoint")
        return command(*arguments, source=Source(release, endpoint, timeout), **more)

    return reading  # type: ignore[return-value]


def opened(path: Path | None, open: Callable[[Path | None], Archive] = opening.open) -> Archive:
    """Open *path*; without one the project around the working directory, else the bundled collection."""
    place = path or project_root()
    archive = open(place)
    if place is not None and (place / "kg.toml").is_file():
        _warn_if_older(place, archive)
    return archive


def _warn_if_older(root: Path, archive: Archive) -> None:
    """Say on standard error where the files of the project in *root* are no longer those of the release that is read.

    Only files younger than the release, or whose directory is, make it worth reading them all.
    """
    with suppress(KgError, OSError):  # kg validate tells what is wrong with the files
        if _youngest(root) <= (root / opening.OUTPUT / CURRENT).stat().st_mtime_ns:
            return
        from kg import inputs  # which most commands do not need
        from kg.project import Project

        if changed := inputs.changed(Project.open(root), archive.manifest.inputs):
            some = f"{count(len(changed), 'file')} changed since it was built, as {changed[0]}"
            click.echo(
                f"kg: this is release {archive.manifest.id}, older than the data: {some}\n→ run kg build to read what they say now",
                err=True,
            )


def _youngest(root: Path) -> int:
    """Give when the files that a release is made of, or their directories, last changed, in nanoseconds."""
    found = [root / "kg.toml"]
    for name in ("data", "ontology", "queries"):
        for directory, _, files in os.walk(root / name):
            found += [Path(directory), *(Path(directory, file) for file in files)]
    return max(path.stat().st_mtime_ns for path in found)


def project_root() -> Path | None:
    """Give the project around the working directory, None outside of any."""
    return next((place for place in (Path.cwd(), *Path.cwd().parents) if (place / "kg.toml").is_file()), None)
