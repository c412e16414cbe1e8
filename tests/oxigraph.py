"""Oxigraph's own server on loopback, in both of its ways to read a default graph; part "oxigraph"."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import suites


def loaded(quads: Path, directory: Path) -> Path:
    """Give a database of the N-Quads in the file *quads*, made in *directory*."""
    command = [suites.require("oxigraph"), "load", "--location", directory, "--file", quads]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return directory


@contextmanager
def serving(database: Path, *options: str) -> Iterator[str]:
    """Serve *database*, read-only, and give the address of its endpoint."""
    with _server("serve-read-only", "--location", str(database), *options) as url:
        yield f"{url}/query"


@contextmanager
def writable() -> Iterator[str]:
    """Serve an empty store in memory that takes updates, and give its address, to which ``/query``, ``/update`` and ``/store`` belong."""
    with _server("serve") as url:
        yield url


@contextmanager
def _server(*arguments: str) -> Iterator[str]:
    with ExitStack() as stack:
        for _ in range(5):  # the server takes no port 0, so that another may take the one found free
            port = _free()
            command = [suites.require("oxigraph"), *arguments]
            server = stack.enter_context(
                subprocess.Popen(
                    [*command, "--bind", f"127.0.0.1:{port}"],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            stack.callback(server.kill)
            if _answers(server, port):
                yield f"http://127.0.0.1:{port}"
                return
        raise AssertionError("oxigraph does not start")


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    for _ in range(400):
        if server.poll() is not None:
            return False
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
    return False
