"""Compression: answers of text in the coding that Accept-Encoding likes best (RFC 9110 §8.4 and §12.5.3).

gzip everywhere, Zstandard (RFC 8878) where Python has it, from 3.14 on. Each coding of a representation has an ETag of its own
(``"…-gzip"``), made from that of the plain one, and the same bytes give the same bytes. Parts (Range) are never compressed. There is
nothing secret in any answer, so that its length tells nothing (BREACH).
"""

from __future__ import annotations

import asyncio
import re
import sys
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.limits import cores

LEAST: Final = 1024
"""Bytes of the smallest body that is compressed."""

_QUICKLY: Final = 32 * 1024
"""Bytes that are compressed sooner (0.2 ms) than another thread would have begun."""
_GZIP_LEVEL: Final = 5
_ZSTD_LEVEL: Final = 3
_TEXT: Final = re.compile(
    r"text/|application/(?:[a-z0-9.-]+\+(?:json|xml)|json|xml|n-triples|n-quads|trig|sparql-query|javascript|x-bibtex)\b|image/svg\+xml"
)
_ACCEPTED: Final = re.compile(
    r"\s*([a-z0-9*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?", re.IGNORECASE
)

Headers = list[tuple[bytes, bytes]]


class Compressor(Protocol):
    """What takes a body in pieces and gives it compressed, the rest at the end."""

    def compress(self, data: bytes, /) -> bytes:
        """Take a piece."""

    def flush(self) -> bytes:
        """Give the rest."""


def _gzip() -> Compressor:
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)  # in its head: no time, no name


CODINGS: Final[dict[str, Callable[[], Compressor]]] = {"gzip": _gzip}
"""What makes a compressor, by coding."""

if sys.version_info >= (3, 14):
    from compression import zstd

    CODINGS["zstd"] = partial(zstd.ZstdCompressor, level=_ZSTD_LEVEL)

_PREFERRED: Final = ("zstd", "gzip")
CODED: Final = re.compile('-(?:gzip|zstd)"$')
"""How the ETag of a compressed form ends."""
_TAGGED: Final = re.compile(r'(.*)-(gzip|zstd)"')


@lru_cache(1024)
def chosen(header: str) -> str:
    """Give the coding that the Accept-Encoding *header* likes best of those there are, empty for none."""
    qualities: dict[str, float] = {}
    for part in header.split(","):
        if found := _ACCEPTED.fullmatch(part):
            name = found[1].lower().removeprefix("x-")
            qualities[name] = max(float(found[2] or 1), qualities.get(name, 0.0))
    best, most = "", qualities.get("identity", 0.0)
    for coding in _PREFERRED:
        quality = qualities.get(coding, qualities.get("*", 0.0)) if coding in CODINGS else 0.0
        if quality > 0 and quality >= most and (not best or quality > most):
            best, most = coding, quality
    return best


class Compressed:
    """ASGI middleware: compresses what is worth it; long bodies in threads, no more than there are processors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._threads = asyncio.Semaphore(cores())

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer one request."""
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        accepted, ranged, known = b"", False, b""
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                accepted = accepted + b"," + value if accepted else value
            elif name == b"range":
                ranged = True
            elif name == b"if-none-match":
                known = known + b"," + value if known else value
        coding = chosen(accepted[:1000].decode("latin-1")) if accepted else ""
        tags = _plain(known.decode("latin-1"), coding) if known else {}
        if known:
            scope["headers"] = [header for header in scope["headers"] if header[0] != b"if-none-match"]
            scope["headers"].append((b"if-none-match", ", ".join(tags).encode("latin-1")))
        answer = _Answer(send, "" if ranged else coding, tags, self._threads)
        answer.head_only = scope["method"] == "HEAD"
        answer.in_pieces = scope["http_version"] != "1.0"
        return self._app(scope, receive, answer.send)


def _plain(known: str, coding: str) -> dict[str, str]:
    """Give the plain tags for those of If-None-Match, each with that which the client has; other codings than *coding* are left out."""
    tags: dict[str, str] = {}
    for tag in (
        tag.strip().removeprefix("W/") for tag in known.split(",")
    ):  # compared weakly (RFC 9110 §13.1.2)
        found = _TAGGED.fullmatch(tag)
        if found is None:
            tags.setdefault(tag, tag)
        elif found[2] == coding:
            tags[f'{found[1]}"'] = tag
    return tags


@dataclass(slots=True)
class _Answer:
    """One answer on its way out; the start of one that may be compressed is held back until its body is known."""

    out: Send
    coding: str
    tags: dict[str, str]
    threads: asyncio.Semaphore
    head_only: bool = False
    in_pieces: bool = True
    start: Message | None = None
    compressor: Compressor | None = None

    def send(self, message: Message) -> Awaitable[None]:
        """Take a message of the application."""
        if message["type"] == "http.response.start":
            if self._is_worth_it(message):
                self.start = message
                return _nothing()
            return self.out(message)
        if self.start is not None:
            start, self.start = self.start, None
            return self._begin(start, message)
        if self.compressor is not None:
            return self._piece(self.compressor, message)
        return self.out(message)

    def _is_worth_it(self, start: Message) -> bool:
        """Tell whether an answer is compressed if it is long enough; write its Vary, and the ETag of a 304."""
        headers: Headers = list(start["headers"])
        fields = dict(headers)
        status = start["status"]
        text = _is_text(fields.get(b"content-type", b""))
        if text or status == 304:
            _vary(headers, fields.get(b"vary", b""))
            start["headers"] = headers
        if status == 304 and b"etag" in fields:
            tag = fields[b"etag"].decode("latin-1")
            weak, tag = ("W/", tag[2:]) if tag.startswith("W/") else ("", tag)
            _set(headers, b"etag", (weak + self.tags.get(tag, tag)).encode("latin-1"))
        return bool(
            text
            and self.coding
            and status not in (204, 206, 304)
            and b"content-encoding" not in fields
            and b"no-transform" not in fields.get(b"cache-control", b"")
        )

    async def _begin(self, start: Message, first: Message) -> None:
        """Send the start of an answer and the *first* piece of its body, compressed or not."""
        headers: Headers = start["headers"]
        fields = dict(headers)
        body = first.get("body", b"")
        length = int(fields.get(b"content-length", len(body)))
        # a file says that it gives ranges; HEAD has to give what GET does, so that its length is never that of one piece
        whole = length == len(body) and not first.get("more_body") and b"accept-ranges" not in fields
        if length < LEAST or not (whole or self.in_pieces):
            await self.out(start)
            await self.out(first)
            return
        compressor = CODINGS[self.coding]()
        if whole:
            packed = await self._packed(compressor, body, last=True)
            if len(packed) < length:
                self._describe(headers, str(len(packed)))
                body = packed
            await self.out(start)
            await self.out({**first, "body": body})
            return
        self._describe(headers, "")
        await self.out(start)
        self.compressor = compressor
        await self._piece(compressor, first)

    async def _piece(self, compressor: Compressor, message: Message) -> None:
        last = not message.get("more_body", False)
        if self.head_only:
            packed = b""
        else:
            packed = await self._packed(compressor, message.get("body", b""), last=last)
        if packed or last:
            await self.out({**message, "body": packed})

    async def _packed(self, compressor: Compressor, body: bytes, *, last: bool) -> bytes:
        def pack() -> bytes:
            packed = compressor.compress(body)
            return packed + compressor.flush() if last else packed

        if len(body) <= _QUICKLY:
            return pack()
        async with self.threads:
            return await run_in_threadpool(pack)

    def _describe(self, headers: Headers, length: str) -> None:
        """Make the headers those of the compressed answer, which has *length* bytes (empty: not known yet)."""
        for name in (b"content-length", b"accept-ranges"):
            _set(headers, name, b"")
        if length:
            headers.append((b"content-length", length.encode()))
        headers.append((b"content-encoding", self.coding.encode()))
        tag = dict(headers).get(b"etag", b"")
        if tag.endswith(b'"'):
            _set(headers, b"etag", tag[:-1] + b"-" + self.coding.encode() + b'"')


async def _nothing() -> None:
    """Send nothing yet."""


@lru_cache(256)
def _is_text(content_type: bytes) -> bool:
    return _TEXT.match(content_type.decode("latin-1")) is not None


def _vary(headers: Headers, value: bytes) -> None:
    if (varied := _varied(value)) != value:
        _set(headers, b"vary", varied)


@lru_cache(256)
def _varied(value: bytes) -> bytes:
    """Give the Vary *value* with Accept-Encoding."""
    names = [name.strip().lower() for name in value.split(b",")]
    if b"accept-encoding" in names or b"*" in names:
        return value
    return value + b", Accept-Encoding" if value else b"Accept-Encoding"


def _set(headers: Headers, name: bytes, value: bytes) -> None:
    """Give the field *name* this *value* alone, or take it out where that is empty."""
    headers[:] = [field for field in headers if field[0] != name]
    if value:
        headers.append((name, value))
