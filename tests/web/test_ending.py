"""The end of a server, and its Unix socket, through the command: what is being answered is answered, or 503; the exit code is 0."""

from __future__ import annotations

import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import wire
from bombs import CROSS

import collection
import processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")
SLOW = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"


@contextmanager
def served(
    directory: Path, settings: str, *options: str | Path
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``kg serve`` on the collection with *settings*; give it with what it says it serves on."""
    file = directory / "serve.toml"
    file.write_text(settings)
    command = [sys.executable, "-m", "kg", "serve", collection.built(), "--limits", file, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = None
            while found is None and (line := server.stdout.readline()):
                found = re.search(r"serving on (\S+)", line)
            assert found is not None, server.communicate()
            yield server, found[1]
        finally:
            server.kill()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("settings", "status", "words"),
    [
        ("[limits]\ndeadline = 3\n[serve]\ngrace = 20\n", 504, "not answered within 3 seconds"),
        ("[limits]\ndeadline = 60\n[serve]\ngrace = 0.5\n", 503, "the server is stopping"),
    ],
    ids=["within the grace", "beyond it"],
)
def test_a_slow_query_is_answered_or_refused(
    tmp_path: Path, ending: signal.Signals, settings: str, status: int, words: str
) -> None:
    answers: list[httpx.Response] = []
    with served(tmp_path, settings) as (server, url), wire.connected(url) as idle:
        idle.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert wire.one(idle).startswith(b"HTTP/1.1 200")
        asking = threading.Thread(
            target=lambda: answers.append(httpx.get(f"{url}sparql", params={"query": SLOW}, timeout=60))
        )
        asking.start()
        assert processes.eventually(lambda: httpx.get(f"{url}health").json()["running"] == 1)
        below = processes.descendants(server.pid)
        assert below
        server.send_signal(ending)
        assert wire.until_closed(idle) == b""  # a connection on which nothing is asked is closed at once
        assert processes.eventually(lambda: not _listens(url))
        asking.join(60)
        _, err = server.communicate(timeout=60)
        assert server.returncode == 0
        assert "Traceback" not in err
        assert processes.eventually(lambda: not any(map(processes.alive, below)))
    (answer,) = answers
    assert (answer.status_code, words in answer.text) == (status, True)
    assert answer.headers["connection"] == "close"


def _listens(url: str) -> bool:
    try:
        with wire.connected(url):
            return True
    except ConnectionError:
        return False


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    query = httpx.QueryParams({"query": SLOW})
    with (
        served(tmp_path, "[limits]\ndeadline = 60\n[serve]\ngrace = 60\n") as (server, url),
        wire.connected(url) as asking,
    ):
        asking.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert processes.eventually(lambda: httpx.get(f"{url}health").json()["running"] == 1)
        server.terminate()
        time.sleep(0.5)
        assert server.poll() is None
        server.terminate()
        server.communicate(timeout=20)
        assert not wire.until_closed(asking).startswith(b"HTTP/1.1 200")


def test_a_unix_socket(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as stale:  # a server that was killed leaves one
        stale.bind(str(path))
    settings = "[limits]\nrequests = 1\nburst = 5\n"
    with served(tmp_path, settings, "--uds", path) as (server, place):
        assert place == f"unix:{path}"
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        with httpx.Client(
            transport=httpx.HTTPTransport(uds=str(path)), base_url="http://any.example"
        ) as client:
            assert {client.get("/health").status_code for _ in range(10)} == {200}
            behind = {"X-Forwarded-For": "192.0.2.1"}
            assert 429 in {client.get("/health", headers=behind).status_code for _ in range(10)}
            found = client.get("/id/event/baku-1990-01")
            assert found.headers["location"] == "/event/baku-1990-01"
        other = subprocess.run(
            [sys.executable, "-m", "kg", "serve", collection.built(), "--uds", path],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert other.returncode == 3
        assert f"{path} cannot be a socket: Address already in use" in other.stderr
        server.terminate()
        server.communicate(timeout=30)
        assert server.returncode == 0
    assert not path.exists()
