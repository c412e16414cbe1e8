"""Limits: what a stranger's query may cost a server, and what a connection may.

Times are seconds, sizes are bytes. A project sets them in ``kg.toml``, in the tables ``[limits]`` and ``[serve]``;
docs/operations.md says what each means to an operator.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from typing import Final

from kg.errors import ProjectError

MEBIBYTE: Final = 1024 * 1024


def cores() -> int:
    """Give the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What queries may cost, and what one client may ask for. Raises ProjectError for a value out of range."""

    deadline: float = 10.0
    """Seconds from the arrival of a query to its whole answer; waiting for a worker counts, but not while the query is stopped."""
    rows: int = 200_000
    """Rows, or triples, of one answer."""
    bytes: int = 64 * MEBIBYTE
    """Bytes of one answer as it is sent."""
    memory: int = 1024 * MEBIBYTE
    """Bytes that a worker may use beyond what it has when it starts."""
    workers: int = 16
    """Queries that run at once before they count as heavy; more wait."""
    heavy: int = field(default_factory=cores)
    """Queries that run on at once after they count as heavy (default: the number of processors)."""
    paused: int = 8
    """Heavy queries beyond these, which are stopped where they are until it is their turn; more are turned away."""
    patience: float = 10.0
    """Seconds for which one query may be stopped, in all."""
    waiting: int = 64
    """Queries that may wait for a worker; more are turned away."""
    cache: int = 64 * MEBIBYTE
    """Bytes of answers that the server keeps, to give them again (0: none)."""
    requests: float = 20.0
    """Requests a second that one client may go on asking."""
    burst: int = 400
    """Requests that one client may ask at once, after a pause."""
    work: float = 20.0
    """How many requests a second of work for an answer counts as."""

    def __post_init__(self) -> None:
        _check(self, _RANGES)


@dataclass(frozen=True, slots=True)
class Serving:
    """What connections may cost, and whose word on clients is taken. Raises ProjectError for a value that cannot be."""

    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses and networks whose X-Forwarded-For is believed, and whose own requests are not limited."""
    connections: int = 500
    """Connections at once."""
    each: int = 64
    """Connections at once of one client."""
    head: int = 32 * 1024
    """Bytes of the request line and the header fields."""
    arrival: float = 10.0
    """Seconds in which they have to be there."""
    idle: float = 20.0
    """Seconds for which a connection is kept when nothing is asked."""
    stall: float = 30.0
    """Seconds in which a client has to send, or to take, 16 KiB or all that remains."""
    grace: float = 5.0
    """Seconds that requests have to end when the server stops."""
    contact: str = ""
    """Whom to write to about a record of a person: an address with its scheme (``mailto:``, ``https:``, ``tel:``), shown on the page on privacy."""

    def __post_init__(self) -> None:
        _check(self, _SERVING)
        for network in self.proxies:
            try:
                ip_network(network)
            except ValueError as error:
                raise ProjectError(
                    f"proxies: {network!r} is neither an address nor a network",
                    remedy='write for example ["127.0.0.1", "10.0.0.0/8"]',
                ) from error


def _check(values: Limits | Serving, ranges: Mapping[str, tuple[float, int]]) -> None:
    """Raise ProjectError for the first number of *values* that is not in its range."""
    for key in fields(values):
        if key.name in ranges:
            least, most = ranges[key.name]
            if not least <= getattr(values, key.name) <= most:  # nan is in no range
                raise ProjectError(
                    f"{key.name} is out of range", remedy=f"write a number from {least} to {most}"
                )


_RANGES: Final[dict[str, tuple[float, int]]] = {
    "deadline": (0.1, 86_400),
    "rows": (1, 1_000_000_000),
    "bytes": (1024, 2**40),
    "memory": (64 * MEBIBYTE, 2**48),
    "workers": (1, 1000),
    "heavy": (1, 1000),
    "paused": (0, 1000),
    "patience": (0, 86_400),
    "waiting": (0, 100_000),
    "cache": (0, 2**40),
    "requests": (0.01, 1_000_000),
    "burst": (1, 1_000_000),
    "work": (0, 1_000_000),
}
_SERVING: Final[dict[str, tuple[float, int]]] = {
    "connections": (1, 100_000),
    "each": (1, 100_000),
    "head": (1024, MEBIBYTE),
    "arrival": (0.1, 3600),
    "idle": (0, 3600),
    "stall": (0.1, 3600),
    "grace": (0, 3600),
}
