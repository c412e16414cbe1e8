"""The server as a process: loopback only, the next free port, a clean end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import collection
from kg.errors import ProjectError
from kg.web.server import PORTS, listen

PROGRAM = """
import sys, kg
from kg.web import create_app, serve
serve(create_app(kg.open(sys.argv[1])), port=int(sys.argv[2]), on_ready=lambda url: print(url, flush=True))
print("ended", flush=True)
"""


@contextmanager
def taken() -> Iterator[int]:
    """Give a port that somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_next_free_port_and_a_clean_end(ending: signal.Signals) -> None:
    with taken() as port:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(collection.built()), str(port)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert port < httpx.URL(url).port <= port + PORTS  # type: ignore[operator]
            assert httpx.get(f"{url}health").json()["status"] == "ok"
            process.send_signal(ending)
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
            process.wait()
    assert (process.returncode, out, err) == (0, "ended\n", "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.1", "example.org", "", "127.0.0.1.evil"])  # noqa: S104
def test_loopback_only(host: str) -> None:
    with pytest.raises(ProjectError, match="until queries run in processes that can be stopped") as error:
        listen(host, 0)
    assert "127.0.0.1" in error.value.remedy


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback(host: str) -> None:
    with listen(host, 0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_all_ports_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.web.server.PORTS", 0)
    with taken() as port, pytest.raises(ProjectError, match="all taken"):
        listen("127.0.0.1", port)


def test_templates_and_style_are_in_the_package() -> None:
    package = Path(sys.modules["kg.web.server"].__file__ or "").parent
    assert (package / "static/style.css").is_file()
    assert len(list((package / "templates").glob("*.html"))) == 7
