"""The client of the benchmarks: it counts what came, knows where an answer ends, and never waits for ever."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from suites import ROOT

sys.path.insert(0, str(ROOT / "bench"))

import client

LENGTH = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
EMPTY = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
OPEN_END = b"HTTP/1.1 200 OK\r\n\r\nhello"


@contextmanager
def serving(answer: Callable[[socket.socket, bytes], bool]) -> Iterator[int]:
    """Call *answer* for each request of each connection, until it tells that the connection is over; give the port."""

    def serve(connection: socket.socket) -> None:
        with connection:
            while (request := connection.recv(65536)) and answer(connection, request):
                pass

    def accept() -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def run(port: int, requests: list[bytes], **settings: Any) -> dict[str, Any]:
    return client.Run(client.Job("127.0.0.1", port, requests, **settings)).run()


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize(
    ("answer", "status"),
    [(LENGTH, 200), (EMPTY, 404), (CHUNKED, 200), (CLOSING, 200), (OPEN_END, 200)],
    ids=["length", "empty", "chunked", "closing", "open end"],
)
@pytest.mark.parametrize("pieces", [1, 3])
def test_an_answer_is_counted_when_it_is_whole(
    answer: bytes, status: int, pieces: int, concurrency: int
) -> None:
    step = -(-len(answer) // pieces)

    def respond(connection: socket.socket, _request: bytes) -> bool:
        for start in range(0, len(answer), step):
            connection.sendall(answer[start : start + step])
        return answer not in (CLOSING, OPEN_END)

    with serving(respond) as port:
        found = run(
            port, [b"GET / HTTP/1.1\r\n\r\n"], concurrency=concurrency, seconds=30, most=20, body=True
        )
    assert found["statuses"] == {status: 20}
    assert found["last"].encode() == answer
    assert len(found["times"]) == 20
    assert all(0 < seconds < 10 for seconds in found["times"])


@pytest.mark.parametrize("concurrency", [1, 4])
def test_no_two_requests_with_a_serial_are_alike(concurrency: int) -> None:
    seen = []

    def respond(connection: socket.socket, request: bytes) -> bool:
        seen.append(request)
        connection.sendall(EMPTY)
        return True

    with serving(respond) as port:
        run(
            port, [b"a @@@@@@@ @@@@@@@", b"b @@@@@@@"], concurrency=concurrency, most=30, serial=5, seconds=30
        )
    numbers = [f"{number:07}" for number in range(5, 35)]
    expected = [f"b {number}" if at % 2 else f"a {number} {number}" for at, number in enumerate(numbers)]
    assert sorted(seen) == sorted(text.encode() for text in expected)


@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_connection_that_was_closed_between_two_requests_is_opened_again(concurrency: int) -> None:
    def respond(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(LENGTH)
        return False

    with serving(respond) as port:
        found = run(port, [b"GET / HTTP/1.1\r\n\r\n"], concurrency=concurrency, most=12, seconds=30)
    assert found["statuses"] == {200: 12}


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("sent", [b"", LENGTH[:-1], b"HTTP/1.1 200"], ids=["nothing", "cut", "head cut"])
def test_what_never_comes_is_counted_as_nothing(sent: bytes, concurrency: int) -> None:
    def respond(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(sent)
        return False

    with serving(respond) as port:
        found = run(port, [b"GET / HTTP/1.1\r\n\r\n"], concurrency=concurrency, most=4, seconds=30)
    assert found["statuses"] == {0: 4}


@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_server_that_does_not_answer_costs_its_timeout(concurrency: int) -> None:
    with serving(lambda _connection, _request: True) as port:
        found = run(port, [b"GET / HTTP/1.1\r\n\r\n"], concurrency=concurrency, seconds=0.2, timeout=0.5)
    assert found["statuses"] == {0: concurrency}
    assert all(0.5 <= seconds < 5 for seconds in found["times"])


def test_the_program_reads_a_job_and_writes_what_it_saw() -> None:
    def respond(connection: socket.socket, _request: bytes) -> bool:
        connection.sendall(LENGTH)
        return True

    with serving(respond) as port:
        job = {"host": "127.0.0.1", "port": port, "requests": ["GET / HTTP/1.1\r\n\r\n"], "most": 3}
        program = [sys.executable, "-S", ROOT / "bench" / "client.py"]
        done = subprocess.run(program, input=json.dumps(job), capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["statuses"] == {"200": 3}
    assert 0 < found["cpu"] <= found["seconds"]
