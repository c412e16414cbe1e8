"""The wire: a request that comes byte for byte as one before it gets the same answer, before anything of it is parsed.

Clients send the same bytes again and again. What they were found to mean once (which answer of :mod:`kg.web.cache`) they mean as long
as the release is served. Whoever asks is held to the same budget, and counted, as for any other request.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Final

from kg.web.budget import Buckets
from kg.web.cache import Answers, Kept, Key

LONGEST: Final = 4_096
"""Bytes of a request that is remembered."""
REQUESTS: Final = 4_096
"""How many are remembered."""

# What may change an answer beside what chooses it, and what is more than a request that can be followed by another.
_TELLING: Final = re.compile(
    rb"\r\n(?:connection[ \t]*:[^\r\n]*(?:close|upgrade)|expect|if-|range|upgrade|http2-settings|x-forwarded-for|forwarded"
    rb"|content-length|transfer-encoding)",
    re.IGNORECASE,
)
_LINE: Final = re.compile(rb"GET /[^ \r\n]* HTTP/1\.1\r\n")


def whole(data: bytes) -> bool:
    """Tell whether *data* is one whole request that may be remembered."""
    return (
        len(data) <= LONGEST
        and data.endswith(b"\r\n\r\n")
        and data.find(b"\r\n\r\n") == len(data) - 4
        and _LINE.match(data) is not None
        and _TELLING.search(data) is None
    )


class Wire:
    """What requests mean whose answers *answers* keeps; *buckets* hold what each client may ask for, *counted* is told of each answer."""

    def __init__(self, answers: Answers, buckets: Buckets, counted: Callable[[Kept], None]) -> None:
        self._answers = answers
        self._buckets = buckets
        self._counted = counted
        self._known: OrderedDict[bytes, tuple[Key, Kept, bytes]] = OrderedDict()

    def learn(self, request: bytes, key: Key, answer: Kept) -> None:
        """Remember that *request*, which is :func:`whole`, means *key*, for which *answer* is kept."""
        self._known[request] = key, answer, _head(answer)
        if len(self._known) > REQUESTS:
            self._known.popitem(last=False)

    def answer(self, data: bytes, client: str, defaults: Iterable[tuple[bytes, bytes]]) -> bytes | None:
        """Give the whole answer to the request *data* of *client* (empty: not limited), with the headers *defaults*.

        None where it is not known, no longer kept, or more than *client* may ask for.
        """
        known = self._known.get(data)
        if known is None:
            return None
        key, kept, head = known
        if self._answers.get(key) is not kept:
            del self._known[data]
            return None
        if client and self._buckets.take(client, monotonic()):
            return None
        self._counted(kept)
        return b"".join((head, *(b"%b: %b\r\n" % pair for pair in defaults), b"\r\n", kept.body))

    def __len__(self) -> int:
        return len(self._known)


def _head(answer: Kept) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + b"".join(b"%b: %b\r\n" % pair for pair in answer.headers)
