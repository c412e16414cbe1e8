"""Measures one server on one collection: each workload checked, cold, fresh and repeated, alone and while bombs run."""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from client import SERIAL
from peers import NoServer, Peer, Server, Site, running
from workloads import CHECKED, WORKLOADS, Collection, Workload, Wrong

REPEATS: Final = 3
SECONDS: Final = 0.4
"""How long a run lasts; each figure is the median of :data:`REPEATS`."""
SLOW: Final = 0.6
"""A request that takes longer is measured a few times, one after the other, and not eight at once."""
CONCURRENCY: Final = (1, 8)
BOMBERS: Final = tuple(f"127.0.0.{number}" for number in range(2, 10))
"""The addresses that bombs come from."""
UNDER_BOMBS: Final = ("trivial", "look-up", "listing", "turtle")
PAUSE: Final = 0.01
"""Between two requests while bombs run: an answer that is late costs as much however often it is asked for."""
FROZEN: Final = 10.0
"""Seconds after which a server under bombs is not waited for."""

_CLIENT: Final = Path(__file__).with_name("client.py")


@dataclass(slots=True)
class Cell:
    """What was measured of requests of one kind: milliseconds, answers a second, and the share of a processor of the client."""

    rate: float
    p50: float
    p99: float
    worst: float
    answers: int
    failed: int  # other statuses than 200, or none
    statuses: dict[str, int]
    client: float

    @classmethod
    def of(cls, runs: Sequence[Mapping[str, Any]]) -> Cell:
        """Give the medians of *runs*; failures and answers are their sums."""
        rates, halves, lasts, worst = [], [], [], []
        for run in runs:
            times = sorted(1000 * seconds for seconds in run["times"]) or [0.0]
            rates.append(len(run["times"]) / run["seconds"])
            halves.append(statistics.median(times))
            lasts.append(times[min(int(len(times) * 0.99), len(times) - 1)])
            worst.append(times[-1])
        statuses = Counter[str]()
        for run in runs:
            statuses.update(run["statuses"])
        answers = statuses.total()
        return cls(
            rate=statistics.median(rates),
            p50=statistics.median(halves),
            p99=statistics.median(lasts),
            worst=max(worst),
            answers=answers,
            failed=answers - statuses["200"],
            statuses=dict(statuses),
            client=statistics.median(run["cpu"] / run["seconds"] for run in runs),
        )


@dataclass(slots=True)
class Measured:
    """All of one server on one collection; ``failed`` says why there is nothing, ``wrong`` which answers were not right."""

    peer: str
    collection: str
    version: str = ""
    started: float = 0.0  # seconds from its start to its first answer
    failed: str = ""
    wrong: dict[str, str] = field(default_factory=dict)
    cold: dict[str, float] = field(default_factory=dict)  # milliseconds of the first request of each workload
    cells: dict[str, Cell] = field(default_factory=dict)  # by workload, fresh or repeated, concurrency
    bombed: dict[str, Cell] = field(default_factory=dict)
    bombs: dict[str, int] = field(default_factory=dict)  # answers to bombs by status; 0: none
    after: str = ""  # what became of the server

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)


def measure(peer: Peer, site: Site, collection: Collection, bombs: Sequence[str]) -> Measured:
    """Measure *peer*, started afresh, on *collection*."""
    found = Measured(peer.key, collection.key)
    try:
        site.install(peer)
        found.version = peer.version(site)
        with running(peer, site, collection) as server:
            found.started = server.seconds
            _Measuring(server, collection, found).all(bombs)
    except NoServer as error:
        found.failed = str(error)
    return found


class _Measuring:
    """The measurements of *server* on *collection*, written into *found*."""

    def __init__(self, server: Server, collection: Collection, found: Measured) -> None:
        self._server = server
        self._collection = collection
        self._found = found
        self._serial = 0
        self._requests = {load.key: load.requests(server.peer, collection) for load in WORKLOADS}
        self._next = dict.fromkeys(
            self._requests, CHECKED
        )  # of those that are sent once, the first not sent yet

    def all(self, bombs: Sequence[str]) -> None:
        """Measure everything, bombs last: no peer is sure to be the same after them."""
        slow = {load.key for load in WORKLOADS if self._requests[load.key] and self._first(load) > SLOW}
        runs: dict[str, list[dict[str, Any]]] = {}
        for repeat in range(REPEATS):
            for load in WORKLOADS:
                if not self._requests[load.key] or load.key in self._found.wrong:
                    continue
                for kind in ("fresh", "repeated"):
                    for concurrency in CONCURRENCY:
                        if load.key in slow and (repeat or concurrency > 1):
                            continue
                        run = self._run(
                            load, kind, concurrency=concurrency, most=2 if load.key in slow else None
                        )
                        runs.setdefault(f"{load.key} {kind} {concurrency}", []).append(run)
        self._found.cells = {name: Cell.of(several) for name, several in runs.items()}
        self._under(bombs)

    def _first(self, load: Workload) -> float:
        """Check the answers of *load*, and give the seconds that the second takes; the first is the cold one."""
        seconds, requests = 0.0, self._requests[load.key]
        for number, request in enumerate(requests[:CHECKED] if len(requests) > 1 else requests * 2):
            begun = time.perf_counter()
            status, head, body = _ask(self._server.port, self._numbered(request))
            seconds = time.perf_counter() - begun
            if not number:
                self._found.cold[load.key] = 1000 * seconds
            try:
                load.check(self._collection, number, status, head, body)
            except (Wrong, ValueError, KeyError, SyntaxError) as error:
                self._found.wrong[load.key] = str(error) or type(error).__name__
                break
        return seconds

    def _numbered(self, request: str) -> str:
        self._serial += 1
        return request.replace(SERIAL.decode(), f"{self._serial:07}")

    def _run(
        self, load: Workload, kind: str, *, concurrency: int, most: int | None, **more: Any
    ) -> dict[str, Any]:
        requests = self._requests[load.key]
        if kind == "repeated":
            requests = [self._numbered(requests[0])]
        elif SERIAL.decode() not in requests[0]:  # each is sent once, as far as they go
            share = max((len(requests) - CHECKED) // (len(CONCURRENCY) * REPEATS + 1), 1)
            start = self._next[load.key]
            requests = (requests * 2)[start : start + min(share, most or share, 4_000)]
            self._next[load.key] = (start + share) % len(self._requests[load.key])
            most = min(len(requests), most or len(requests))
        job = {
            "host": "127.0.0.1",
            "port": self._server.port,
            "requests": requests,
            "concurrency": concurrency,
            "seconds": SECONDS,
            "serial": self._serial + 1,
            **({"most": most} if most else {}),
            **more,
        }
        run = _client(job)
        self._serial += len(run["times"])
        return run

    def _under(self, bombs: Sequence[str]) -> None:
        """Measure some workloads, one request after the other, while bombs come from other addresses."""
        with _bombing(self._server, bombs) as bombing:
            for load in WORKLOADS:
                if (
                    load.key not in UNDER_BOMBS
                    or load.key in self._found.wrong
                    or not self._requests[load.key]
                ):
                    continue
                seconds = 6.0 if load.key == "trivial" else 2.0
                run = self._run(
                    load, "fresh", concurrency=1, most=None, seconds=seconds, timeout=FROZEN, pause=PAUSE
                )
                self._found.bombed[load.key] = Cell.of([run])
                if not run["statuses"].get("200"):
                    break  # it is frozen, or gone
        self._found.bombs = bombing
        time.sleep(1)
        if (code := self._server.died) is not None:
            self._found.after = f"it ended with exit code {code}"
            return
        trivial = self._numbered(self._requests["trivial"][0])
        status = _ask(self._server.port, trivial, FROZEN)[0]
        self._found.after = (
            "it answers" if status == 200 else f"no answer in {FROZEN:.0f} s after the last bomb"
        )


@contextmanager
def _bombing(server: Server, bombs: Sequence[str]) -> Iterator[dict[str, int]]:
    """Send *bombs*, all of them at once, from :data:`BOMBERS` in turn, and each again when it is answered; give the answers by status, at the end."""
    endpoint = server.peer.endpoint
    requests = [
        f"GET {endpoint}?query={quote(bomb)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n"
        for bomb in bombs
    ]
    job = {"host": "127.0.0.1", "port": server.port, "requests": requests, "concurrency": len(bombs),
           "sources": BOMBERS, "seconds": 600, "timeout": 600}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-S", _CLIENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    statuses: dict[str, int] = {}
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(job))
        process.stdin.close()
        time.sleep(1)
        yield statuses
        process.terminate()
        statuses.update(json.loads(process.stdout.read())["statuses"])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _client(job: Mapping[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-S", _CLIENT], input=json.dumps(job), check=True, capture_output=True, text=True
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def _ask(port: int, request: str, timeout: float = 60.0) -> tuple[int, str, bytes]:
    """Give status, head and body of one answer over a connection of its own; the status 0 where none comes."""
    line, *fields = request.rstrip().split("\r\n")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", line.split(" ")[1], headers=dict(field.split(": ", 1) for field in fields))
        answer = connection.getresponse()
        return answer.status, str(answer.headers), answer.read()
    except (OSError, http.client.HTTPException):
        return 0, "", b""
    finally:
        connection.close()
