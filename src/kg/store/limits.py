"""What one exchange with an endpoint may cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from kg.errors import QueryError

TIMEOUT: Final = 60.0
"""Seconds for one exchange, from the look-up of the name to the last byte."""
MAX_BYTES: Final = 128 * 1024 * 1024
"""Bytes of one answer; read into rows they take eight times as much memory."""
MAX_ROWS: Final = 1_000_000
"""Rows, or triples, of one answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and rows of one exchange. Raises QueryError for what is no limit."""

    timeout: float = TIMEOUT
    max_bytes: int = MAX_BYTES
    max_rows: int = MAX_ROWS

    def __post_init__(self) -> None:
        if not (math.isfinite(self.timeout) and 0 < self.timeout <= 86_400):
            raise QueryError(f"{self.timeout:g} seconds are no time to wait", remedy="give up to 86400")
        if self.max_bytes < 1 or self.max_rows < 1:
            raise QueryError("a limit of bytes or rows is at least 1")
