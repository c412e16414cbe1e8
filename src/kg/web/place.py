"""Where an application stands on a server that has several releases, and what it shares with the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kg.web.metrics import Metrics
from kg.web.shelf import Shelf
from kg.workers.pool import Pool

if TYPE_CHECKING:
    from kg.web.hosted import Hosted


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on a server: all addresses of the application begin with ``prefix``, which is empty for the current release.

    ``metrics`` are the server's counters, ``shelf`` knows the releases that are kept, None where the server has only one, ``standing``
    gives what ``/health`` tells of a change to another release. ``release`` gives a kept one or the current one by its id, open, None where nobody
    opens any. ``pool`` are the workers of another application of the same release, None to have own
    ones: at once where the release is the current one, else with the first query.
    """

    metrics: Metrics = field(default_factory=Metrics)
    shelf: Shelf | None = None
    standing: Callable[[], Mapping[str, Any]] = dict
    release: Callable[[str], Awaitable[Hosted]] | None = None
    prefix: str = ""
    pool: Pool | None = None
