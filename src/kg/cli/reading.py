"""What a command reads: a release on this machine, or an endpoint."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from kg import opening
from kg.archive import Archive
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

    def open(self) -> Archive:
        """Open it: the endpoint, the release, else the project around the working directory or the bundled collection."""
        if self.endpoint is None:
            return opened(self.release)
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


def opened(path: Path | None) -> Archive:
    """Open *path*; without one the project around the working directory, else the bundled collection."""
    return opening.open(path or project_root())


def project_root() -> Path | None:
    """Give the project around the working directory, None outside of any."""
    return next((place for place in (Path.cwd(), *Path.cwd().parents) if (place / "kg.toml").is_file()), None)
