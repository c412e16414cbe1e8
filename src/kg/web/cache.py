"""The cache: answers that a release fixes, kept as bytes and given again without asking anybody.

A release does not change, so neither does an answer that has an ETag and may be stored (RFC 9111 §3); it is kept until newer ones
need the room. What tells answers apart is the address and the three headers that choose a form; nobody who asks does.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.web.compression import CODED
from kg.web.representations import matches

LARGEST: Final = 512 * 1024
"""Bytes of an answer that is kept; a larger one takes longer to send than to make."""
_OVERHEAD: Final = 2_048
"""Bytes that are counted for an entry beside its body: key, headers and objects."""
_WITHOUT_BODY: Final = frozenset({b"content-length", b"content-type", b"content-encoding"})
"""Headers that say what a 304 has not."""

_CHOOSING: Final = (b"accept", b"accept-language", b"accept-encoding")
_TELLING: Final = frozenset((*_CHOOSING, b"if-none-match", b"range"))

Key = tuple[bytes, ...]
"""Path, query string, Accept, Accept-Language and Accept-Encoding, as they came."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer: its headers, its body, its tag, and what the route said of the request."""

    headers: list[tuple[bytes, bytes]]
    body: bytes
    etag: str
    route: dict[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """What it counts for."""
        return len(self.body) + _OVERHEAD


class Answers:
    """The answers that are kept, up to *most* bytes of them; the one that was given longest ago goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self.size = 0

    def get(self, key: Key) -> Kept | None:
        """Give the answer for *key*, None where there is none."""
        if found := self._kept.get(key):
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, answer: Kept) -> None:
        """Keep *answer*, where there is room for it at all."""
        if answer.size > self._most:
            return
        if before := self._kept.pop(key, None):
            self.size -= before.size
        self._kept[key] = answer
        self.size += answer.size
        while self.size > self._most:
            _, oldest = self._kept.popitem(last=False)
            self.size -= oldest.size

    def __len__(self) -> int:
        return len(self._kept)


class Caching:
    """ASGI middleware: gives what *answers* keeps, and has it keep what may be kept, but for paths that begin as one of *changing*.

    *learn* is told what a request meant whose bytes the server left in the scope (``kg.request``).
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        answers: Answers,
        changing: tuple[str, ...] = (),
        learn: Callable[[bytes, Key, Kept], None] | None = None,
    ) -> None:
        self._app = app
        self._changing = changing
        self._answers = answers
        self._learn = learn

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        kept = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if not kept or scope["path"].startswith(self._changing):
            await self._app(scope, receive, send)
            return
        said = _said(scope)
        if b"range" in said:
            await self._app(scope, receive, send)
            return
        tags = said.get(b"if-none-match", b"")
        path = scope.get("raw_path") or scope["path"].encode()
        key = (path, scope["query_string"], *(said.get(name, b"") for name in _CHOOSING))
        if found := self._answers.get(key):
            scope.update(found.route)
            if self._learn is not None and (request := scope.get("kg.request")):
                self._learn(request, key, found)
            await _give(found, scope["method"], tags, send)
        elif scope["method"] == "GET" and not tags:
            await self._app(scope, receive, _Keeping(self._answers, key, scope, send).send)
        else:
            await self._app(scope, receive, send)


def _said(scope: Scope) -> dict[bytes, bytes]:
    """Give the headers of a request that choose its answer; several fields of a name are one list (RFC 9110 §5.3)."""
    said: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _TELLING:
            said[name] = b"%b,%b" % (said[name], value) if name in said else value
    return said


async def _give(answer: Kept, method: str, tags: bytes, send: Send) -> None:
    if tags and (headers := _unchanged(answer, tags.decode("latin-1"))) is not None:
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": answer.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})


def _unchanged(answer: Kept, tags: str) -> list[tuple[bytes, bytes]] | None:
    """Give the headers of a 304 where *tags* have that of *answer*, or of what it is the compressed form of; else None."""
    plain = CODED.sub('"', answer.etag)
    known = next((tag for tag in (answer.etag, plain) if matches(tags, tag)), None)
    if known is None:
        return None
    headers = [pair for pair in answer.headers if pair[0] not in _WITHOUT_BODY]
    if known == answer.etag:
        return headers
    own, told = answer.etag.encode(), plain.encode()
    return [(name, value.replace(own, told) if name == b"etag" else value) for name, value in headers]


class _Keeping:
    """One request whose answer may be kept for *key* on its way to *send*."""

    def __init__(self, answers: Answers, key: Key, scope: Scope, send: Send) -> None:
        self._answers = answers
        self._key = key
        self._scope = scope
        self._send = send
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._etag = ""
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Pass *message* on; keep the answer once it is whole, and not before it is sent."""
        if message["type"] == "http.response.start":
            self._etag = _lasting(message)
            self._headers = list(message["headers"]) if self._etag else None
        elif self._headers is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if len(self._body) > LARGEST:
                self._headers = None
        await self._send(message)
        if (
            self._headers is not None
            and message["type"] == "http.response.body"
            and not message.get("more_body")
        ):
            route = {name: self._scope[name] for name in ("endpoint", "path_params") if name in self._scope}
            length = (b"content-length", str(len(self._body)).encode())
            headers = self._headers
            if length not in headers:
                headers = [*(pair for pair in headers if pair[0] != b"content-length"), length]
            self._answers.put(self._key, Kept(headers, bytes(self._body), self._etag, route))


def _lasting(message: Message) -> str:
    """Give the ETag of an answer that may be kept, without its mark of weakness; nothing of any other."""
    if message["status"] != 200:
        return ""
    fields: dict[bytes, bytes] = dict(message["headers"])  # names in small letters, as ASGI asks for
    if b"no-store" in fields.get(b"cache-control", b"") or b"set-cookie" in fields:
        return ""
    return fields.get(b"etag", b"").decode("latin-1").removeprefix("W/")
