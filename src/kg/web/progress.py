"""Progress: whether a client goes on taking what it is sent, and sending what it has announced."""

from __future__ import annotations

import array
import asyncio
import sys
from typing import Final

LEAST: Final = 16 * 1024
"""Bytes that a client has to send or to take in :attr:`kg.limits.Serving.stall` seconds, unless less remains."""


class Taking:
    """How a client takes what *transport* has for it; it may rest for *stall* seconds."""

    def __init__(self, transport: asyncio.Transport, stall: float) -> None:
        self._transport = transport
        self._stall = stall
        self._mark: tuple[int, float] | None = None  # what was still to be taken, and when

    def is_stuck(self, now: float) -> bool:
        """Tell whether it has rested for too long."""
        if not self._transport.get_write_buffer_size():
            self._mark = None
            return False
        left = _untaken(self._transport)
        if self._mark is None or self._mark[0] - left >= min(LEAST, self._mark[0]):
            self._mark = left, now
        elif left > self._mark[0]:  # more was written, nothing was taken
            self._mark = left, self._mark[1]
        return now - self._mark[1] > self._stall


class Sending:
    """How a client sends a body; it may rest for *stall* seconds."""

    def __init__(self, stall: float) -> None:
        self.received = 0
        self._stall = stall
        self._mark: tuple[int, float] | None = None  # what had come, and when

    def begin(self) -> None:
        """Note that a body begins."""
        self._mark = None

    def is_slow(self, now: float, *, awaited: bool) -> bool:
        """Tell whether it has rested for too long; while nobody *awaited* more, it could not go on."""
        if self._mark is None or not awaited or self.received - self._mark[0] >= LEAST:
            self._mark = self.received, now
        return now - self._mark[1] > self._stall


def _untaken(transport: asyncio.Transport) -> int:
    """Give the bytes that the client has not taken, on Linux those that the kernel holds too."""
    left = transport.get_write_buffer_size()
    found = transport.get_extra_info("socket")
    if sys.platform == "linux" and found is not None:
        from fcntl import ioctl
        from termios import TIOCOUTQ

        held = array.array("i", [0])
        try:
            ioctl(found.fileno(), TIOCOUTQ, held)
        except OSError:
            return left
        left += held[0]
    return left
