"""Progress: how far a long work has come, told by a callback to whoever shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Told: TypeAlias = Callable[[str, int, int], None]
"""Takes the name of a stage, how much of it is done, and how much it is in all, in one unit of its own (bytes, or lines)."""


def untold(_stage: str, _done: int, _total: int) -> None:
    """Tell nobody."""
