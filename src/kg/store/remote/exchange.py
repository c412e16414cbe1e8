"""One HTTP exchange, bounded: the whole answer within a deadline and a cap, or an error.

``http.client`` alone does it, so that no redirect is followed and no proxy, cookie or ``.netrc`` is used; certificates are
checked against those of the system. A socket's timeout begins anew with every byte that trickles in, and none covers the
look-up of a name: the exchange runs in a thread of its own, and whoever waits for it ends it when time is up.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import Message
from functools import cache
from typing import Final
from urllib.request import Request

from kg.errors import QueryTimeout, QueryTooLarge, RemoteError, StoreError
from kg.escaping import shortened
from kg.store.limits import Limits

_CHUNK: Final = 64 * 1024
_MESSAGE: Final = 64 * 1024  # read of an answer that is an error


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. ``ended`` tells whether HTTP itself shows that the body is whole, by its length or its last chunk."""

    status: int
    headers: Message
    body: bytes
    ended: bool


def exchange(request: Request, limits: Limits, url: str) -> Reply:
    """Send *request* and give the reply of the endpoint *url*, as it is called in errors.

    Raises QueryTimeout past the deadline, QueryTooLarge past the cap, RemoteError for everything between here and there,
    with the system's error as its cause.
    """
    running = _Exchange(request, limits)
    try:
        threading.Thread(target=running.run, name="exchange", daemon=True).start()
    except RuntimeError as error:
        raise StoreError(
            "no thread can be started for the exchange", remedy="allow the process more memory or threads"
        ) from error
    try:
        return running.reply.result(limits.timeout)
    except TimeoutError as error:
        raise QueryTimeout(
            f"{url} did not answer within {limits.timeout:g} seconds",
            remedy="ask for less at once, or allow more time (timeout=…, --timeout)",
        ) from error
    except OSError as error:
        raise RemoteError(f"{url} {_trouble(error)}", remedy=_REMEDY) from error
    except http.client.HTTPException as error:
        raise RemoteError(f"what {url} sends is no HTTP ({type(error).__name__})", remedy=_REMEDY) from error
    finally:
        running.stop()


_REMEDY: Final = "check the address, and that the server runs"


def _trouble(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return f"is not found: {error.strerror}"
    if isinstance(error, ssl.SSLError):
        return f"cannot be trusted: {shortened(str(error))}"
    if isinstance(error, ConnectionResetError | ConnectionAbortedError | BrokenPipeError):
        return "broke off before its answer was whole"
    return f"cannot be reached: {error.strerror or error}"


class _Exchange:
    """The exchange itself: :meth:`run` in a thread, :meth:`stop` from any other."""

    def __init__(self, request: Request, limits: Limits) -> None:
        self.reply: Future[Reply] = Future()
        self._request = request
        self._limits = limits
        self._socket: socket.socket | None = None
        self._stopped = False

    def run(self) -> None:
        try:
            self.reply.set_result(self._converse())
        except BaseException as error:  # it is raised where somebody waits for the reply
            self.reply.set_exception(error)

    def stop(self) -> None:
        """End the exchange where it still runs: a read that waits for bytes sees the end of the stream."""
        self._stopped = True
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _converse(self) -> Reply:
        request = self._request
        with closing(_connection(request, self._limits.timeout)) as connection:
            connection.connect()
            self._socket = connection.sock
            if self._stopped:
                raise TimeoutError
            headers = dict(request.header_items()) | {"Connection": "close"}
            connection.request(request.get_method(), request.selector, request.data, headers)
            with connection.getresponse() as response:
                ended = response.chunked or response.length is not None
                return Reply(response.status, response.headers, self._body(response), ended)

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        """Read the body in pieces, and no further than the cap; of an error only what a message may need."""
        whole = response.status == http.HTTPStatus.OK
        most = self._limits.max_bytes if whole else _MESSAGE
        length = response.length or 0
        if whole and length > most:
            raise _too_large(most)
        body = bytearray()
        try:
            while len(body) <= most and (piece := response.read(_CHUNK)):
                body += piece
        except http.client.IncompleteRead as error:
            raise ConnectionAbortedError from error
        if whole and len(body) > most:
            raise _too_large(most)
        if len(body) < min(length, most):
            raise ConnectionAbortedError
        return bytes(body[:most])


def _too_large(most: int) -> QueryTooLarge:
    return QueryTooLarge(
        f"the answer has more than {most:,} bytes; nothing of it is given",
        remedy="ask for less at once, or allow more (max_bytes=…)",
    )


def _connection(request: Request, timeout: float) -> http.client.HTTPConnection:
    if request.type == "https":
        return http.client.HTTPSConnection(request.host, timeout=timeout, context=_context())
    return http.client.HTTPConnection(request.host, timeout=timeout)


@cache
def _context() -> ssl.SSLContext:
    """Give the system's certificates; to read them takes longer than a short exchange."""
    return ssl.create_default_context()
