"""Heads of answers, as bytes: most of their lines are the same each time, and are put together and looked through once."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import lru_cache
from typing import Final

from starlette.types import Message
from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    RequestResponseCycle,
)

_TELLING: Final = frozenset({b"content-length", b"transfer-encoding", b"connection"})
"""Fields that say where a body ends, or a connection: uvicorn has to know of them."""


def send(cycle: RequestResponseCycle, message: Message) -> Awaitable[None]:
    """Send *message* of the answer *cycle*: a plain head from here, all else as uvicorn does."""
    if (
        message["type"] == "http.response.start"
        and not (cycle.response_started or cycle.disconnected or cycle.flow.write_paused)
        and cycle.keep_alive
        and (head := _plain(cycle, message)) is not None
    ):
        cycle.response_started = True
        cycle.waiting_for_100_continue = False
        cycle.transport.write(head)
        return _sent()
    return cycle.send(message)  # type: ignore[arg-type]


async def _sent() -> None:
    """Do nothing more."""


def _plain(cycle: RequestResponseCycle, message: Message) -> bytes | None:
    """Give the head of an answer with a body of a known length on a connection that is kept; None for any other."""
    lines, length = [STATUS_LINE[message["status"]]], -1
    for name, value in (*cycle.default_headers, *message["headers"]):
        line = _line(name, value)
        if line:
            lines.append(line)
        elif name == b"content-length" and length < 0:
            length = int(value)
            lines.append(b"content-length: %d\r\n" % length)
        else:
            return None
    if length < 0:
        return None
    cycle.expected_content_length = length
    cycle.chunked_encoding = False
    lines.append(b"\r\n")
    return b"".join(lines)


@lru_cache(2_048)
def _line(name: bytes, value: bytes) -> bytes:
    """Give a line of a head, empty for one that is telling. Raises RuntimeError for what would not be one, as uvicorn does."""
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise RuntimeError("invalid HTTP header")
    small = name.lower()
    return b"" if small in _TELLING else small + b": " + value + b"\r\n"
