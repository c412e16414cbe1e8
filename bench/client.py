"""A lean HTTP client that sends prepared requests over a few connections kept alive, and times each answer.

A program of its own (``python -S bench/client.py``): it reads a job as JSON on standard input and writes what it saw as
JSON on standard output, so that neither the runner's work nor its memory is in the figures. It parses no more of an answer
than the status and where the body ends; what it took of a processor is part of what it tells.
"""

from __future__ import annotations

import json
import re
import select
import signal
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

SERIAL = b"@@@@@@@"
"""Where a request has the number that makes it another than all before it."""

_PIECE = 262_144
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSING = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(slots=True)
class Job:
    """What is to be sent: *requests* in turn and again from the first, for some *seconds* or until *most* were sent."""

    host: str
    port: int
    requests: list[bytes]
    concurrency: int = 1
    seconds: float = 1.0
    most: int = sys.maxsize
    serial: int = 0  # of the first request
    sources: list[str] = field(default_factory=lambda: ["127.0.0.1"])  # of the connections, in turn
    timeout: float = 60.0
    pause: float = 0.0  # before each request
    body: bool = False  # give the last answer too

    @classmethod
    def of_json(cls, text: str) -> Job:
        """Give the job that *text* describes."""
        read = json.loads(text)
        read["requests"] = [request.encode("latin-1") for request in read["requests"]]
        return cls(**read)


@dataclass(slots=True)
class Line:
    """One connection, kept while the server keeps it, and what came of the answer that it waits for."""

    host: str
    port: int
    source: str
    timeout: float
    socket: socket.socket | None = None
    request: bytes = b""
    data: bytes = b""
    begun: float = 0.0
    used: bool = False  # an answer has come over this connection
    watched: bool = False

    def send(self, request: bytes) -> None:
        """Send *request*, over a new connection where there is none."""
        self.request, self.data, self.begun = request, b"", time.perf_counter()
        if self.socket is None:
            self._connect()
        assert self.socket is not None
        try:
            self.socket.sendall(request)
        except OSError:
            if not self.used:
                raise
            self._again()

    def receive(self) -> int:
        """Read what is there: 0 while more of the answer is to come, its status when it is whole; OSError when none will."""
        assert self.socket is not None
        try:
            piece = self.socket.recv(_PIECE)
        except ConnectionError:
            piece = b""
        if (
            not piece and not self.data and self.used
        ):  # closed while nothing was asked: ask again, as all clients do
            self._again()
            return 0
        self.data = self.data + piece if self.data else piece
        if not _whole(self.data, not piece):
            if not piece:
                raise ConnectionError("the answer was cut")
            return 0
        self.used = True
        if not piece or _CLOSING.search(self.data, 0, self.data.find(_END)):
            self.close()
        return int(self.data[9:12])

    def close(self) -> None:
        """Close the connection."""
        if self.socket is not None:
            self.socket.close()
        self.socket, self.used, self.watched = None, False, False

    def _connect(self) -> None:
        self.socket = socket.create_connection((self.host, self.port), self.timeout, (self.source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _again(self) -> None:
        self.close()
        self._connect()
        assert self.socket is not None
        self.socket.sendall(self.request)


def _whole(data: bytes, ended: bool) -> bool:
    """Tell whether *data* is a whole answer; *ended*: nothing follows."""
    at = data.find(_END)
    if at < 0:
        return False
    if found := _LENGTH.search(data, 0, at + 2):
        return len(data) >= at + 4 + int(found[1])
    return data.endswith(b"0\r\n\r\n") if _CHUNKED.search(data, 0, at + 2) else ended


class Run:
    """One run of *job*: ``times`` are the seconds that answers took, ``statuses`` counts them (0: none came)."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.last = b""
        self._sent = 0
        self._end = 0.0

    def run(self) -> dict[str, object]:
        """Send everything, and give what came of it; at SIGTERM, what came until then."""
        begun, worked = time.perf_counter(), time.process_time()
        self._end = begun + self.job.seconds
        with suppress(KeyboardInterrupt):
            if self.job.concurrency == 1:
                self._in_turn()
            else:
                self._at_once()
        return {
            "seconds": time.perf_counter() - begun,
            "cpu": time.process_time() - worked,
            "times": self.times,
            "statuses": self.statuses,
            "last": self.last.decode("latin-1"),
        }

    def _request(self) -> bytes | None:
        """Give the next request, None where the run is over."""
        job = self.job
        if self._sent >= job.most or time.perf_counter() > self._end:
            return None
        if job.pause:
            time.sleep(job.pause)
        number = self._sent
        self._sent += 1
        return job.requests[number % len(job.requests)].replace(SERIAL, b"%07d" % (job.serial + number))

    def _line(self, number: int) -> Line:
        job = self.job
        return Line(job.host, job.port, job.sources[number % len(job.sources)], job.timeout)

    def _in_turn(self) -> None:
        """Send one request after the other over one connection that blocks, which costs a client least."""
        line = self._line(0)
        while (request := self._request()) is not None:
            try:
                line.send(request)
                while not (status := line.receive()):
                    pass
            except OSError:
                status = 0
            self._came(line, status)
        line.close()

    def _at_once(self) -> None:
        """Keep one request on its way on each of several connections."""
        poll, waiting = select.epoll(), dict[int, Line]()
        for number in range(self.job.concurrency):
            self._ask(self._line(number), poll, waiting)
        while waiting:
            for number, _ in poll.poll(0.25):
                line = waiting.pop(number)
                try:
                    status = line.receive()
                except OSError:
                    self._came(line, 0)
                    self._ask(line, poll, waiting)
                else:
                    if status:
                        self._came(line, status)
                        self._ask(line, poll, waiting)
                    else:
                        self._wait(line, poll, waiting)
            late = time.perf_counter() - self.job.timeout
            for number in [number for number, line in waiting.items() if line.begun < late]:
                line = waiting.pop(number)
                self._came(line, 0)
                self._ask(line, poll, waiting)

    def _ask(self, line: Line, poll: select.epoll, waiting: dict[int, Line]) -> None:
        """Send the next request on *line*, or close it where there is none."""
        while (request := self._request()) is not None:
            try:
                line.send(request)
            except OSError:
                self._came(line, 0)
                time.sleep(0.01)  # a server that refuses is not to be asked a million times
            else:
                self._wait(line, poll, waiting)
                return
        line.close()

    def _wait(self, line: Line, poll: select.epoll, waiting: dict[int, Line]) -> None:
        assert line.socket is not None
        number = line.socket.fileno()
        waiting[number] = line
        if not line.watched:  # a socket that is closed is forgotten by itself
            poll.register(number, select.EPOLLIN)
            line.watched = True

    def _came(self, line: Line, status: int) -> None:
        """Count an answer, or with the status 0 that none came: its time counts too, or a frozen server would look quick."""
        self.times.append(time.perf_counter() - line.begun)
        self.statuses[status] += 1
        if self.job.body:
            self.last = line.data
        if not status:
            line.close()


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)  # SIGINT is ignored by what a shell starts in the background
    json.dump(Run(Job.of_json(sys.stdin.read())).run(), sys.stdout)
