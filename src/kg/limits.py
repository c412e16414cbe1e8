"""Limits: what a stranger's query may cost a server.

Times are seconds, sizes are bytes. A project sets them in ``kg.toml``, in the table ``[limits]``; docs/operations.md says
what each means to an operator.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
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
    """What queries may cost. Raises ProjectError for a value out of range."""

    deadline: float = 10.0
    """Seconds from the arrival of a query to its whole answer; waiting for a worker counts."""
    rows: int = 200_000
    """Rows, or triples, of one answer."""
    bytes: int = 64 * MEBIBYTE
    """Bytes of one answer as it is sent."""
    memory: int = 1024 * MEBIBYTE
    """Bytes that a worker may use beyond what it has when it starts."""
    workers: int = 16
    """Queries that run at once before they count as heavy; more wait."""
    heavy: int = field(default_factory=cores)
    """Queries that may run on after they count as heavy (default: the number of processors)."""
    waiting: int = 64
    """Queries that may wait for a worker; more are turned away."""
    cache: int = 64 * MEBIBYTE
    """Bytes of answers that the server keeps, to give them again (0: none)."""

    def __post_init__(self) -> None:
        for key in fields(self):
            least, most = _RANGES[key.name]
            value = getattr(self, key.name)
            if not least <= value <= most:  # nan is in no range
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
    "waiting": (0, 100_000),
    "cache": (0, 2**40),
}
