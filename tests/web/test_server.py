"""The server as a process: where it listens, and a clean end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import collection
from kg.errors import ProjectError
from kg.web.server import PORTS, listen, listen_at

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


@contextmanager
def process(port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server of the collection in a process of its own; give it with its address."""
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(collection.built()), str(port)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert started.stdout is not None
        yield started, started.stdout.readline().strip()
    finally:
        started.kill()
        started.communicate()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_next_free_port_and_a_clean_end(ending: signal.Signals) -> None:
    with taken() as port, process(port) as (server, url):
        assert port < httpx.URL(url).port <= port + PORTS  # type: ignore[operator]
        assert httpx.get(f"{url}health").json()["status"] == "ok"
        server.send_signal(ending)
        assert server.communicate(timeout=30) == ("ended\n", "")
        assert server.returncode == 0


def test_a_query_that_does_not_end_does_not_hold_the_end_up() -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    answers: list[httpx.Response] = []
    with process(0) as (server, url):
        client = threading.Thread(
            target=lambda: answers.append(httpx.get(f"{url}sparql", params={"query": endless}, timeout=60))
        )
        client.start()
        while client.is_alive() and httpx.get(f"{url}health", timeout=60).json()["running"] == 0:
            client.join(0.01)
        assert httpx.get(f"{url}event/baku-1990-01", timeout=60).status_code == 200  # pages go on
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=60)
        client.join(60)
        assert (out, server.returncode) == ("ended\n", 0)
        assert "Traceback" not in err
    (answer,) = answers
    assert (answer.status_code, answer.text) == (503, "the server is stopping\n")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_loopback(host: str) -> None:
    with listen(host, 0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.skipif(sys.platform != "linux", reason="other addresses are for Linux")
@pytest.mark.parametrize("host", ["0.0.0.0", "127.0.0.9", "::", "::1"])  # noqa: S104
def test_any_address_of_this_machine(host: str) -> None:
    with listen(host, 0) as listener:
        assert listener.getsockname()[0] == host
        port = listener.getsockname()[1]
        socket.create_connection(("127.0.0.1" if host in ("0.0.0.0", "::") else host, port)).close()  # noqa: S104


@pytest.mark.parametrize("host", ["example.org", "", "127.0.0.1.evil", "127.1", "0x7f000001"])
def test_what_is_no_address(host: str) -> None:
    with pytest.raises(ProjectError, match="is no address") as error:
        listen(host, 0)
    assert "0.0.0.0" in error.value.remedy  # noqa: S104


def test_an_address_of_another_machine() -> None:
    with pytest.raises(ProjectError, match=r"of 192\.0\.2\.1 cannot be used"):
        listen("192.0.2.1", 8000)


def test_elsewhere_than_on_linux_loopback_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kg.web.server.sys.platform", "darwin")
    listen("127.0.0.1", 0).close()
    for attempt in (lambda: listen("0.0.0.0", 0), lambda: listen_at(tmp_path / "socket")):  # noqa: S104
        with pytest.raises(ProjectError, match="only on Linux can it cap the memory of queries") as error:
            attempt()
        assert error.value.remedy == "serve on 127.0.0.1 or ::1"


def test_the_port_of_another_address_is_the_one_asked_for() -> None:
    with listen("0.0.0.0", 0) as other:  # noqa: S104
        port = other.getsockname()[1]
        with pytest.raises(ProjectError, match=f"port {port} of 0.0.0.0 is taken"):
            listen("0.0.0.0", port)  # noqa: S104


def test_all_ports_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.web.server.PORTS", 0)
    with taken() as port, pytest.raises(ProjectError, match=f"port {port} of 127.0.0.1 is taken"):
        listen("127.0.0.1", port)


def test_answers_are_sent_at_once() -> None:
    """asyncio sets TCP_NODELAY only where the listener names its protocol."""
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_templates_and_style_are_in_the_package() -> None:
    package = Path(sys.modules["kg.pages.pages"].__file__ or "").parent
    assert (package / "static/style/10-base.css").is_file()
    assert {"page.html", "parts.html"} < {path.name for path in (package / "templates").glob("*.html")}
