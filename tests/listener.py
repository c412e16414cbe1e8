"""A listener on loopback that counts who comes: nobody should."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def listening() -> Iterator[tuple[int, list[int]]]:
    """Listen on loopback, and give the port and the connections that came."""
    hits: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def count() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return
                hits.append(1)

        thread = threading.Thread(target=count)
        thread.start()
        try:
            yield server.getsockname()[1], hits
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
