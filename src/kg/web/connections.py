"""Connections: HTTP/1.1 by httptools (llhttp) within limits, so that nobody can hold the server by holding a connection.

Every limit is looked after by one round over all connections (:meth:`Connections.look`), which costs a request nothing. What the
parser refuses, and who is one too many, gets a sentence with the headers of every answer, where that can still be sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from functools import partial
from typing import Any, Final, cast

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from kg.limits import MEBIBYTE, Serving
from kg.web.clients import Clients
from kg.web.heads import send
from kg.web.joining import Joined
from kg.web.progress import LEAST, Sending, Taking
from kg.web.refusals import Refusal
from kg.web.wire import Wire, whole

FIELDS: Final = 100
"""Header fields of a request."""
PIPELINED: Final = 8
"""Requests that may wait on a connection for the answer to one before them."""

_SURPLUS: Final = MEBIBYTE
"""Bytes of a body that nobody wanted which are read and thrown away, so that the client sees the answer."""
_LINGERING: Final = 2.0
"""Seconds for which a refused connection is still read, since to close it at once could take the refusal back."""
_HESITATION: Final = 1.0
"""Seconds after which a connection on which no whole request came makes room for another."""
_log: Final = logging.getLogger("kg.web")


class _Stage(Enum):
    """What a connection waits for."""

    NEW = auto()  # its first byte
    HEAD = auto()  # the end of a head that has begun
    WORK = auto()  # an answer, or the rest of a body
    IDLE = auto()  # the next request
    CLOSING = auto()  # the client to close it, since nothing is answered any more


class Connections:
    """All connections of a server, within *serving*; *wire* gives what is known of requests by their bytes, if anything is."""

    def __init__(self, serving: Serving, wire: Callable[[], Wire | None] = lambda: None) -> None:
        self.serving = serving
        self.wire = wire
        self._clients = Clients(serving.proxies)
        self._open: set[Connection] = set()
        self._counts: Counter[str] = Counter()

    def connection(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> asyncio.Protocol:
        """Give the protocol of a new connection, as uvicorn asks for it."""
        return Connection(self, config, server_state, app_state, _loop)

    def enter(self, one: Connection) -> str:
        """Take *one* in; give the sentence that turns it away, empty where it may stay."""
        if len(self._open) >= self.serving.connections:
            idle = [other for other in self._open if other.may_make_room()]
            if not idle:
                return "this server has as many connections as it can have"
            min(idle, key=lambda other: other.since).leave()
        one.owner = self._clients.peer(one.client[0]) if one.client else ""
        if one.owner and self._counts[one.owner] >= self.serving.each:
            return f"this address has {self.serving.each} connections already"
        self._open.add(one)
        self._counts[one.owner] += 1
        return ""

    def left(self, one: Connection) -> None:
        """Note that *one* has ended."""
        if one in self._open:
            self._open.remove(one)
            self._counts[one.owner] -= 1
            if not self._counts[one.owner]:
                del self._counts[one.owner]

    def look(self) -> None:
        """Look at each, and end those that wait in vain."""
        for one in list(self._open):
            one.look()


class Connection(HttpToolsProtocol):
    """One connection. uvicorn gives it the scopes and the cycle of each answer; when it ends is decided here."""

    def __init__(
        self,
        connections: Connections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self.owner = ""
        self.stage = _Stage.NEW
        self.since = self.loop.time()
        self._all = connections
        self._serving = connections.serving
        self._active: RequestResponseCycle | None = None
        self._answer: Joined | None = None
        self._request: bytes | None = None
        self._upgrades = False
        self._method = b""
        self._in_head = False
        self._head = 0
        self._in_body = False
        self._between = 0  # bytes since the last of a body: extensions of a chunk, fields after a body
        self._surplus = 0
        self._sending = Sending(self._serving.stall)
        self._taking: Taking | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless there are too many."""
        super().connection_made(transport)
        self._taking = Taking(transport, self._serving.stall)
        if sentence := self._all.enter(self):
            self._refuse(Refusal(503, sentence))
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and tell whoever answers."""
        self._all.left(self)
        self.pipeline.clear()
        if self._active is not None and not self._active.response_complete:
            self._active.disconnected = True
            self._active.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        if self.stage is _Stage.CLOSING or (self.stage in (_Stage.NEW, _Stage.IDLE) and self._knows(data)):
            return
        self._count(len(data))
        try:
            self._parse(data)
            self._check_length()
        except httptools.HttpParserInvalidMethodError:
            self._refuse(Refusal(501, "this server does not know that method"))
        except httptools.HttpParserError as error:
            found = error.__context__
            self._refuse(
                found if isinstance(found, Refusal) else Refusal(400, "this is not a request in HTTP/1.1")
            )
        except Refusal as refusal:
            self._refuse(refusal)

    def _knows(self, data: bytes) -> bool:
        """Answer *data*, where it is a request that came before; else leave its bytes for whoever answers, where they are all of it."""
        self._request = None
        if (wire := self._all.wire()) is None:
            return False
        answer = wire.answer(data, self.owner, self.server_state.default_headers)
        if answer is None:
            self._request = data if whole(data) else None
            return False
        self.transport.write(answer)
        self.server_state.total_requests += 1
        self.stage, self.since = _Stage.IDLE, self.loop.time()
        return True

    def _count(self, length: int) -> None:
        if self.stage in (_Stage.NEW, _Stage.IDLE):
            self.stage, self.since = _Stage.HEAD, self.loop.time()
        self._sending.received += length
        self._head += length
        if self._in_body:
            self._between += length
            if self.cycle.response_complete:
                self._surplus += length

    def _check_length(self) -> None:
        """Refuse what goes on too long, before it is whole."""
        if self._in_head and self._head > self._serving.head:
            raise self._too_long()
        if self._in_body and self._between > self._serving.head:
            raise Refusal(400, "what stands between the pieces of this body, or after it, is too long")
        if self._surplus > _SURPLUS:
            self.leave()

    def _parse(self, data: bytes) -> None:
        while data:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                data = self._without_upgrade() + data[upgrade.args[0] :]

    def _without_upgrade(self) -> bytes:
        """Give the head again as if it asked for no other protocol (RFC 9110 §7.8), for a new parser: the old one would skip the body.

        Java's client asks so for HTTP/2 with every first request.
        """
        self._upgrades = False
        self.parser = httptools.HttpRequestParser(self)
        line = b"%b %b HTTP/1.1\r\n" % (self._method, self.url)
        kept = [
            field for field in self.headers if field[0] not in (b"upgrade", b"http2-settings", b"connection")
        ]
        if any(name == b"connection" and b"close" in value.lower() for name, value in self.headers):
            kept.append((b"connection", b"close"))
        return line + b"".join(name + b": " + value + b"\r\n" for name, value in kept) + b"\r\n"

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Begin with a request."""
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header field; those after a body are nobody's business."""
        if self._in_head:
            if len(self.headers) == FIELDS:
                raise Refusal(431, f"a request has at most {FIELDS} header fields")
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request on, or refuse it."""
        self._check()
        if self.parser.should_upgrade():
            self._upgrades, self._method = True, self.parser.get_method()
            return
        if len(self.pipeline) >= PIPELINED:
            raise Refusal(429, f"at most {PIPELINED} requests wait on a connection for the one before them")
        if self._request is not None:
            self.scope["kg.request"] = self._request  # type: ignore[typeddict-unknown-key]
            self._request = None  # the next one is another
        super().on_headers_complete()
        self._in_head, self._in_body = False, True
        self._sending.begin()
        self._between = self._surplus = 0
        self.stage = _Stage.WORK

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._between = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note the end of a request."""
        if self._upgrades:
            return
        self._in_body = False
        super().on_message_complete()
        self._rest()

    def _check(self) -> None:
        """Refuse a head that is too long, or that another server could read otherwise (RFC 9112 §3.2 and §6.1)."""
        length, hosts, codings = len(self.url), 0, []
        for name, value in self.headers:
            length += len(name) + len(value) + 4
            if name == b"host":
                hosts += 1
            elif name == b"transfer-encoding":
                codings.append(value.lower())
        if length > self._serving.head:
            raise self._too_long()
        if self.parser.get_method() == b"CONNECT":
            raise Refusal(501, "this server is no proxy")
        version = self.parser.get_http_version()
        if version not in ("1.0", "1.1"):
            raise Refusal(505, "this server speaks HTTP/1.1")
        if hosts > 1 or (hosts == 0 and version == "1.1"):
            raise Refusal(400, "a request has one Host")
        if codings and (codings != [b"chunked"] or version == "1.0"):
            raise Refusal(400, "a body is sent whole or in chunks, in no other coding")

    def _too_long(self) -> Refusal:
        most = self._serving.head
        if len(self.url) > most:
            return Refusal(414, f"an address has at most {most} bytes; a longer query can be sent by POST")
        return Refusal(431, f"the head of a request has at most {most} bytes")

    # The life of an answer.

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._active = cycle
        self._answer = Joined(self.transport)
        cycle.transport = cast(asyncio.Transport, self._answer)

        async def answered(scope: Any, receive: Any, _send: Any) -> None:
            await app(scope, receive, partial(send, cycle))

        super()._start_asgi_task(cycle, cast(ASGI3Application, answered))

    def on_response_complete(self) -> None:
        """Go on with the next request. No timer is set for each answer, as uvicorn would."""
        self.server_state.total_requests += 1
        if self._answer is not None:
            self._answer.flush()
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._rest()

    def _rest(self) -> None:
        """Begin to wait for the next request, where the last one is there and answered."""
        answered = self._active is not None and self._active.response_complete
        if self.stage is _Stage.WORK and answered and not self._in_body and not self.pipeline:
            self.stage = _Stage.HEAD if self._in_head else _Stage.IDLE
            self.since = self.loop.time()

    def may_make_room(self) -> bool:
        """Tell whether it may be closed for another: nothing was asked on it for a while."""
        waits = self.stage in (_Stage.NEW, _Stage.HEAD) and self.loop.time() - self.since > _HESITATION
        return waits or self.stage is _Stage.IDLE

    def shutdown(self) -> None:
        """End as soon as what is being answered is."""
        self.pipeline.clear()
        if self._active is not None and not self._active.response_complete:
            self._active.keep_alive = False
        else:
            self.leave()

    def leave(self) -> None:
        """Close; what is still to be sent may be taken."""
        self.stage, self.since = _Stage.CLOSING, self.loop.time()
        self.transport.close()

    def _refuse(self, refusal: Refusal) -> None:
        """Answer instead of the application, if nothing else is being answered, and close."""
        _log.info("refused with %d: %s", refusal.status, refusal.sentence)
        self.stage, self.since = _Stage.CLOSING, self.loop.time()
        self.pipeline.clear()
        active = self._active
        if active is not None and not active.response_complete:
            if self.cycle is not active or not self._in_body:  # what is wrong comes after it
                active.keep_alive = False
                return
            started = active.response_started
            active.disconnected = True  # its body will never be there
            active.message_event.set()
            if started:
                self.transport.abort()
                return
        if not self.transport.is_closing():
            self.transport.write(refusal.answer(self.server_state.default_headers))
            with suppress(OSError):  # the client has gone
                self.transport.write_eof()
            self.flow.resume_reading()

    # What the round sees.

    def look(self) -> None:
        """End the connection if its time is over."""
        now = self.loop.time()
        if self._taking is not None and self._taking.is_stuck(now):
            self.transport.abort()
        elif self.stage in (_Stage.NEW, _Stage.HEAD) and now - self.since > self._serving.arrival:
            if self.stage is _Stage.HEAD:
                self._refuse(
                    Refusal(408, f"the head of a request has to arrive in {self._serving.arrival:g} s")
                )
            else:
                self.leave()
        elif self.stage is _Stage.IDLE and now - self.since > self._serving.idle:
            self.leave()
        elif self.stage is _Stage.CLOSING and now - self.since > _LINGERING and not self._sends():
            self.transport.close()
        elif (
            self.stage is _Stage.WORK
            and self._in_body
            and self._sending.is_slow(now, awaited=not self.flow.read_paused)
        ):
            if self.cycle.response_complete:
                self.leave()
                return
            self._refuse(
                Refusal(
                    408,
                    f"a body has to go on arriving: {LEAST} bytes, or its end, in {self._serving.stall:g} s",
                )
            )

    def _sends(self) -> bool:
        """Tell whether something is being answered, or still to be taken."""
        answering = self._active is not None and not self._active.response_complete
        return answering or self.transport.get_write_buffer_size() > 0
