"""The server: uvicorn on an address or a Unix socket, on the first free port of loopback, stopped without a trace of alarm."""

from __future__ import annotations

import errno
import os
import socket
import stat
import sys
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from typing import Any, Final, cast

import uvicorn
from starlette.types import ASGIApp

from kg.errors import ProjectError, StoreError
from kg.limits import Serving
from kg.web import logs
from kg.web.clients import Clients
from kg.web.connections import Connections

PORTS: Final = 50
"""How many ports after the one asked for are tried where that is taken, on loopback."""

_ROUND: Final = 2
"""After how many tenths of a second all connections are looked at."""


def serve(
    app: ASGIApp,
    host: str = "127.0.0.1",
    port: int = 8000,
    on_ready: Callable[[str], None] | None = None,
    *,
    uds: Path | None = None,
    serving: Serving | None = None,
    log: logs.Log | None = None,
) -> None:
    """Serve *app* until SIGINT or SIGTERM, on *port* of *host* (on loopback: or the next free one), or at the Unix socket *uds*.

    *serving* says what connections may cost, *log* what is written to standard error. *on_ready* gets the URL when connections are
    accepted. Raises ProjectError where nothing can be listened on, StoreError where the application does not start.
    """
    serving, log = serving or Serving(), log or logs.Log()
    listener = listen(host, port) if uds is None else listen_at(uds)
    log.configure()
    server = Server(log.around(app, Clients(serving.proxies)), listener, on_ready, serving)
    try:
        server.run(sockets=[listener])
    finally:
        if uds is not None:
            uds.unlink(missing_ok=True)
    if not server.started:
        raise StoreError("the server did not start; what went wrong stands above")


def listen(host: str, port: int) -> socket.socket:
    """Give a listening socket on *port* of the address *host*; on loopback on the next free one (0: any).

    Raises ProjectError for what is no address of this machine, where the port is taken, and, on other systems than Linux, for what
    is no loopback address.
    """
    address = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ip_address(address.partition("%")[0]).is_loopback
        ((family, _, _, _, place), *_) = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )
    except (ValueError, OSError) as error:
        raise ProjectError(
            f"{host!r} is no address", remedy="write one, as 127.0.0.1, 0.0.0.0 or ::1, or localhost"
        ) from error
    if not loopback:
        _refuse_elsewhere(host)
    last = min(port + PORTS, 65535) if port and loopback else port
    for candidate in range(port, last + 1):
        # the protocol by name: else asyncio leaves Nagle's algorithm on, and each answer waits 40 ms for its body
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6 and address == "::":  # every address, those of IPv4 too
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            listener.bind((place[0], candidate, *place[2:]))
            listener.listen()  # at once: two sockets may be bound to a port, but only one listens
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise ProjectError(
                    f"port {candidate} of {host} cannot be used: {error.strerror}",
                    remedy="choose another --port, or --host",
                ) from error
        else:
            return listener
    taken = f"port {port} of {host} is taken" if last == port else f"the ports {port} to {last} are all taken"
    raise ProjectError(taken, remedy="choose another --port")


def listen_at(path: Path) -> socket.socket:
    """Give a listening Unix socket at *path*, which its owner and its group may use. Raises ProjectError."""
    _refuse_elsewhere(str(path))
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
            path.unlink()  # a server that was killed left it
        listener.bind(str(path))
        path.chmod(0o660)
        listener.listen()
    except OSError as error:
        listener.close()
        raise ProjectError(
            f"{path} cannot be a socket: {os.strerror(error.errno) if error.errno else error}",
            remedy="choose another --uds, in a directory that this user may write to",
        ) from error
    return listener


def _answers(path: Path) -> bool:
    """Tell whether somebody listens at the socket *path*."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        return client.connect_ex(str(path)) == 0


def _refuse_elsewhere(place: str) -> None:
    if sys.platform != "linux":
        raise ProjectError(
            f"kg serve does not listen on {place} on this system: only on Linux can it cap the memory of queries and keep "
            "them from the network",
            remedy="serve on 127.0.0.1 or ::1",
        )


class Server(uvicorn.Server):
    """A uvicorn server on *listener* that says when it is ready, and for which a signal is a normal end."""

    def __init__(
        self,
        app: ASGIApp,
        listener: socket.socket,
        on_ready: Callable[[str], None] | None = None,
        serving: Serving | None = None,
    ) -> None:
        serving = serving or Serving()
        self._connections = Connections(serving, lambda: getattr(app, "wire", None))
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                log_level="warning",
                access_log=False,
                lifespan="on",
                loop="auto",
                ws="none",
                http=cast(Any, self._connections.connection),
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=cast(Any, serving.grace),  # any number of seconds will do
            )
        )
        name = listener.getsockname()
        if isinstance(name, str):
            self.url = f"unix:{name}"
        else:
            host, port = name[:2]
            self.url = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets)
        if self.started and self._on_ready is not None:
            self._on_ready(self.url)

    async def on_tick(self, counter: int) -> bool:
        """Look at the connections, and tell whether to stop."""
        if counter % _ROUND == 0:
            self._connections.look()
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second signal stops at once. uvicorn would raise the signal again at the end."""
        self.force_exit = self.should_exit
        self.should_exit = True
