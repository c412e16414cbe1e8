"""Joining: the head of an answer goes out with the first piece of its body, as one packet and one call of the system."""

from __future__ import annotations

import asyncio


class Joined:
    """What an answer writes to *transport*: a head waits for what follows it; the end of the answer calls :meth:`flush`."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""

    def write(self, data: bytes) -> None:
        """Send *data*, if it is no head of an answer (a word on the way, 100 Continue, is none)."""
        if not self._head and data.startswith(b"HTTP/1.") and not data.startswith(b"HTTP/1.1 100"):
            self._head = data
            return
        head, self._head = self._head, b""
        self._transport.write(head + data)

    def flush(self) -> None:
        """Send a head that nothing followed."""
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)

    def close(self) -> None:
        """Send what waits, and close."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Tell whether it is closed, or will be."""
        return self._transport.is_closing()
