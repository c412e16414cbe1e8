"""Frames: how a message crosses a channel, which is a Unix socket or a pair of pipes.

A frame is the length of its head (4 bytes) and of its body (8 bytes), in network order; its head, a JSON object; its body,
any bytes. Nothing else is ever read: what comes from a worker may come from the query that took it over.
"""

from __future__ import annotations

import json
import struct
import tempfile
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, Final

HEAD_BYTES: Final = 8 * 1024 * 1024
"""Bytes of a head at most; a query, the largest that is sent, may have a fortieth of that."""
SPOOLED: Final = 1024 * 1024
"""Bytes of a body up to which it stays in memory; a larger one lies in a temporary file without a name."""
_JOINED: Final = 65_536
"""Bytes of a body that is sent in one piece with its head: more than that would be dear to copy."""

_LENGTHS: Final = struct.Struct("!IQ")
_JSON: Final = json.JSONEncoder(separators=(",", ":")).encode  # dumps makes an encoder each time


class BrokenFrame(ValueError):
    """What came is no frame, or one that is larger than it may be."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its head, and its body as a file that stands at its start, with its size."""

    head: dict[str, Any]
    body: IO[bytes]
    size: int


def encoded(head: dict[str, Any], body: bytes = b"") -> list[bytes]:
    """Give the pieces of the frame of *head* and *body*."""
    text = _JSON(head).encode()
    start = _LENGTHS.pack(len(text), len(body)) + text
    if len(body) <= _JOINED:  # one call of the system, and one awakening of the other side
        return [start + body]
    return [start, body]


class Reader:
    """Puts frames together of the pieces that come; a body has at most *most* bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._start = bytearray()  # of a frame that came in pieces
        self._head: dict[str, Any] | None = None
        self._body: IO[bytes] | None = None
        self._size = self._missing = 0

    def feed(self, piece: bytes) -> Frame | None:
        """Take *piece*, and give the frame that it completes. Raises BrokenFrame.

        No side of a channel sends before the other has answered, so that nothing may follow the frame.
        """
        if self._body is None:
            if self._start:
                self._start += piece
            if (begun := self._begun(self._start or piece)) is None:
                self._start = self._start or bytearray(piece)
                return None
            self._head, piece = begun
            self._start = bytearray()
            if len(piece) == self._size <= SPOOLED:
                return Frame(self._head, BytesIO(piece), self._size)
            # whoever gets the frame closes it
            self._body = BytesIO() if self._size <= SPOOLED else tempfile.TemporaryFile()  # noqa: SIM115
        if len(piece) > self._missing:
            raise BrokenFrame("something follows the frame")
        self._body.write(piece)
        self._missing -= len(piece)
        if self._missing:
            return None
        self._body.seek(0)
        assert self._head is not None  # noqa: S101
        frame = Frame(self._head, self._body, self._size)
        self._body = None
        return frame

    def _begun(self, start: bytes | bytearray) -> tuple[dict[str, Any], bytes] | None:
        """Read lengths and head of a frame, and give its head and what of the body came with it, None where more is to come."""
        if len(start) < _LENGTHS.size:
            return None
        length, size = _LENGTHS.unpack_from(start)
        if length > HEAD_BYTES or size > self._most:
            raise BrokenFrame(f"a head of {length} or a body of {size} bytes is too large")
        end = _LENGTHS.size + length
        if len(start) < end:
            return None
        try:
            head = json.loads(start[_LENGTHS.size : end].decode())  # of bytes it would guess the coding
        except (ValueError, RecursionError) as error:
            raise BrokenFrame("the head is no JSON") from error
        if not isinstance(head, dict):
            raise BrokenFrame("the head is no object")
        self._size = self._missing = size
        return head, bytes(start[end:])

    def close(self) -> None:
        """Let go of a body that is not complete."""
        if self._body is not None:
            self._body.close()
