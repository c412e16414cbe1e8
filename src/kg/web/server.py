"""The server: uvicorn on a loopback address, on the first free port, stopped without a trace of alarm."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from kg.errors import ProjectError

PORTS: Final = 50
"""How many ports after the one asked for are tried where that is taken."""

_LOOPBACK: Final = {"127.0.0.1": "127.0.0.1", "localhost": "127.0.0.1", "::1": "::1"}


def serve(
    app: ASGIApp, host: str = "127.0.0.1", port: int = 8000, on_ready: Callable[[str], None] | None = None
) -> None:
    """Serve *app* until SIGINT or SIGTERM, on *port* or the next free one (0: any).

    *on_ready* gets the URL when connections are accepted. Raises ProjectError for a host that is no loopback address
    and where every port tried is taken.
    """
    listener = listen(host, port)
    Server(app, listener, on_ready).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Give a listening socket on *port* of the loopback address *host*, or on the next free one."""
    if host not in _LOOPBACK:
        raise ProjectError(
            f"kg serve does not bind to {host}: until queries run in processes that can be stopped, one query could "
            "hold this machine up",
            remedy=f"serve on {', '.join(sorted(_LOOPBACK))}",
        )
    address = _LOOPBACK[host]
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    last = min(port + PORTS, 65535) if port else 0
    for candidate in range(port, last + 1):
        # the protocol is named: asyncio sets TCP_NODELAY on no other, and small answers would wait 40 ms
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, candidate))
            listener.listen()  # at once: two sockets may be bound to a port, but only one listens
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise ProjectError(
                    f"port {candidate} of {address} cannot be used: {error.strerror}",
                    remedy="choose another --port",
                ) from error
        else:
            return listener
    raise ProjectError(f"the ports {port} to {last} are all taken", remedy="choose another --port")


class Server(uvicorn.Server):
    """A uvicorn server on *listener* that says when it is ready, and for which a signal is a normal end."""

    def __init__(
        self, app: ASGIApp, listener: socket.socket, on_ready: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                lifespan="off",
                ws="none",
                http="h11",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=2,
                limit_concurrency=200,
            )
        )
        host, port = listener.getsockname()[:2]
        self.url = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept connections."""
        await super().startup(sockets)
        if self._on_ready is not None:
            self._on_ready(self.url)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second signal stops at once. uvicorn would raise the signal again at the end."""
        self.force_exit = self.should_exit
        self.should_exit = True
