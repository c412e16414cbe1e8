"""Hot swap: another release taken up under load, without a lost request; one that is damaged changes nothing."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

import processes
import running
import shelves
from kg.limits import Limits
from kg.manifest import QUADS
from kg.workers.pool import SPARES

linux = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts processes in /proc")

BOTH = f"SELECT ?a ?b {{ <{shelves.BASE}thing> <{shelves.BASE}first> ?a ; <{shelves.BASE}second> ?b }}"
SLOW = f"SELECT (COUNT(*) AS ?n) (SAMPLE(?f) AS ?first) {{ ?s <{shelves.BASE}many> ?a . ?t <{shelves.BASE}many> ?b . ?s <{shelves.BASE}first> ?f VALUES ?c {{ 1 2 3 4 5 6 7 8 }} }}"


@pytest.fixture
def shelf(tmp_path: Path) -> shelves.Shelved:
    return shelves.shelved(tmp_path, 3)


def served(url: str) -> str:
    found: str = httpx.get(f"{url}/health").json()["release"]
    return found


def becomes(url: str, id: str) -> bool:
    return processes.eventually(lambda: served(url) == id, 60)


def metrics(url: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(httpx.get(f"{url}/metrics").text)
        for sample in family.samples
    }


# ---------------------------------------------------------------------- under load


class Load:
    """Clients that ask all the time; each answer is counted, or what is wrong with it noted."""

    def __init__(self, url: str, shelf: shelves.Shelved) -> None:
        self.url = url
        self.faults: list[str] = []
        self.counts: Counter[str] = Counter()
        self.numbers: dict[str, set[int]] = {}
        self._numbers = {manifest.id: number for number, manifest in enumerate(shelf.manifests)}
        self._digests = {
            file.sha256: number
            for number, manifest in enumerate(shelf.manifests)
            if (file := manifest.file("downloads/dataset.nt"))
        }
        self._over = threading.Event()
        asks = (self.page, self.rows, self.download, self.document, self.reconnecting)
        self._threads = [threading.Thread(target=self._ask, args=(ask,)) for ask in asks]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _ask(self, ask: Callable[[httpx.Client], int]) -> None:
        name = ask.__name__
        with httpx.Client(base_url=self.url, timeout=30) as client:
            while not self._over.is_set():
                try:
                    self.numbers.setdefault(name, set()).add(ask(client))
                    self.counts[name] += 1
                    time.sleep(0.005)  # the processors are for the server too
                except Exception as error:
                    self.faults.append(f"{name}: {error!r}")

    def page(self, client: httpx.Client) -> int:
        answer = client.get("/thing", headers={"Accept": running.BROWSER}).raise_for_status()
        (id,) = set(re.findall(r"Release (?:<a [^>]*>)?<code>([0-9a-f]{12})</code>", answer.text))
        (number,) = set(re.findall(r"number ([0-9]+)", answer.text))
        assert self._numbers[id] == int(number), answer.text
        return int(number)

    def rows(self, client: httpx.Client) -> int:
        answer = client.get("/sparql", params={"query": BOTH}).raise_for_status()
        (row,) = answer.json()["results"]["bindings"]
        assert row["a"] == row["b"]
        return int(row["a"]["value"])

    def download(self, client: httpx.Client) -> int:
        answer = client.get("/download/dataset.nt").raise_for_status()
        digest = hashlib.sha256(answer.content).hexdigest()
        assert answer.headers["etag"] == f'"{digest}-gzip"'
        return self._digests[digest]

    def document(self, client: httpx.Client) -> int:
        answer = client.get("/thing.nt").raise_for_status()
        numbers = set(re.findall(r'(?:first|second)> "([0-9]+)"', answer.text))
        (number,) = numbers | set(re.findall(r'"number ([0-9]+)"', answer.text))
        assert answer.text.count("\n") == shelves.SIZE + 4
        return int(number)

    def reconnecting(self, _: httpx.Client) -> int:
        with httpx.Client(base_url=self.url, timeout=30) as client:
            return self.rows(client)


def descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208


@linux
def test_no_request_is_lost_when_the_release_changes_under_load(tmp_path: Path) -> None:
    shelf = shelves.shelved(tmp_path, 3)
    order = [1, 2, 0, 1, 2, 0]
    with shelves.command(shelf.out) as server:
        url = server.url.rstrip("/")
        httpx.get(f"{url}/sparql", params={"query": BOTH})
        assert processes.eventually(lambda: len(server.workers) == SPARES)
        before = len(processes.descendants(server.pid)), descriptors(server.pid)
        with Load(url, shelf) as load:
            for number in order:
                shelf.point(number)
                server.process.send_signal(signal.SIGHUP)
                assert becomes(url, shelf.ids[number]), (tmp_path / "kg.log").read_text()
        assert load.faults == []
        assert all(load.numbers[name] == {0, 1, 2} for name in ("page", "rows", "download", "document"))
        assert min(load.counts.values()) > len(order)
        found = metrics(url)
        assert found["kg_release_changes_total", "done"] == len(order)
        assert found["kg_http_requests_total", "GET", "/sparql", "200"] == load.counts["rows"] + load.counts["reconnecting"] + 1  # fmt: skip
        assert any(key[0] == "kg_release_info" and shelf.ids[0] in key for key in found)

        def settled() -> bool:
            return (
                len(processes.descendants(server.pid)) <= before[0]
                and descriptors(server.pid) <= before[1] + 2
                and not processes.zombies(server.pid)
                and metrics(url)["kg_releases_open",] == 1
            )

        assert processes.eventually(settled, 60), (
            before,
            len(processes.descendants(server.pid)),
            descriptors(server.pid),
        )
        left = processes.descendants(server.pid)
    assert processes.eventually(lambda: not any(map(processes.alive, left)))


def test_current_is_looked_at_without_a_signal(shelf: shelves.Shelved) -> None:
    with shelves.hosting(shelf.out) as url:
        shelf.point(2)
        assert becomes(url, shelf.ids[2])
        shelf.point(0)
        assert becomes(url, shelf.ids[0])


# ---------------------------------------------------------------------- what is in flight


@pytest.mark.parametrize("number", [1, 2], ids=["running", "stopped"])
def test_a_query_that_has_begun_is_answered_by_the_release_it_was_asked_of(
    shelf: shelves.Shelved, number: int
) -> None:
    with shelves.hosting(shelf.out, limits=Limits(deadline=60, heavy=1, patience=60)) as url:
        answers: list[httpx.Response] = []

        def ask(name: int) -> None:
            query = SLOW.replace("VALUES ?c", f"VALUES ?c{name}")
            answers.append(httpx.get(f"{url}/sparql", params={"query": query}, timeout=120))

        def standing() -> tuple[int, int]:
            health = httpx.get(f"{url}/health").json()
            return health["running"], health["waiting"]

        threads = [threading.Thread(target=ask, args=(name,)) for name in range(number)]
        for thread in threads:
            thread.start()
        assert processes.eventually(lambda: standing() == (1, number - 1))
        shelf.point(1)
        assert becomes(url, shelf.ids[1])
        assert all(thread.is_alive() for thread in threads)
        assert metrics(url)["kg_releases_open",] == 2
        for thread in threads:
            thread.join(120)
        for answer in answers:
            assert answer.status_code == 200
            (row,) = answer.json()["results"]["bindings"]
            assert (int(row["n"]["value"]), row["first"]["value"]) == (8 * shelves.SIZE**2, "0")
        assert len(answers) == number
        assert processes.eventually(lambda: metrics(url)["kg_releases_open",] == 1)


def slowly(url: str, path: str) -> socket.socket:
    """Begin to take a file, and read nothing of it."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", urlsplit(url).port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
    connection.recv(100)
    return connection


def taken(connection: socket.socket) -> int:
    """Read to the end, and give the number of bytes."""
    total = 0
    connection.settimeout(20)
    try:
        while piece := connection.recv(65536):
            total += len(piece)
    except ConnectionResetError:
        pass
    return total


@pytest.fixture
def large(tmp_path: Path) -> shelves.Shelved:
    """Releases with files that no socket's buffers hold."""
    return shelves.shelved(tmp_path, 3, note="long " * 2_000_000)


def test_a_slow_reader_gets_its_file_whole_and_holds_up_only_the_change_after_the_next(
    large: shelves.Shelved,
) -> None:
    file = large.manifests[0].file("downloads/dataset.nt")
    assert file is not None
    with shelves.hosting(large.out, shelves.Pace(look=0.05, patience=1.0)) as url:
        first = slowly(url, "/download/dataset.nt")
        large.point(1)
        assert becomes(url, large.ids[1])
        time.sleep(0.3)
        assert metrics(url)["kg_releases_open",] == 2
        assert taken(first) > file.size
        assert processes.eventually(lambda: metrics(url)["kg_releases_open",] == 1)
        first.close()

        second = slowly(url, "/download/dataset.nt")
        large.point(2)
        assert becomes(url, large.ids[2])
        large.point(0)
        assert httpx.get(f"{url}/health").json()["release"] == large.ids[2]
        assert processes.eventually(lambda: "pending" in httpx.get(f"{url}/health").json())
        assert becomes(url, large.ids[0])  # after a second of patience
        assert 0 < taken(second) < file.size
        second.close()


# ---------------------------------------------------------------------- releases that cannot be used


def broken(shelf: shelves.Shelved, number: int) -> None:
    path = shelf.place(number) / QUADS
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def standing(url: str) -> dict[str, Any]:
    answer = httpx.get(f"{url}/health")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def refused(url: str) -> bool:
    return processes.eventually(lambda: "refused" in standing(url), 60)


def test_a_damaged_release_is_refused_and_the_old_one_goes_on(
    shelf: shelves.Shelved, caplog: pytest.LogCaptureFixture
) -> None:
    whole = (shelf.place(1) / QUADS).read_bytes()
    broken(shelf, 1)
    with shelves.hosting(shelf.out) as url:
        shelf.point(1)
        assert refused(url)
        reason = f"{shelf.ids[1]}/quads.nq is damaged: its SHA-256 is not that of the manifest"
        assert standing(url)["refused"] == {"release": shelf.ids[1], "reason": reason}
        assert served(url) == shelf.ids[0]
        assert httpx.get(f"{url}/sparql", params={"query": BOTH}).status_code == 200
        (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
        assert (
            f"the release {shelf.ids[1]} is refused, and {shelf.ids[0]} is served on: " in line.getMessage()
        )
        time.sleep(0.5)
        assert metrics(url)["kg_release_changes_total", "refused"] == 1  # it was not tried again

        (shelf.place(1) / QUADS).write_bytes(whole)
        time.sleep(0.3)
        assert served(url) == shelf.ids[0]
        shelf.point(1)  # written anew, though it says the same
        assert becomes(url, shelf.ids[1])
        assert "refused" not in standing(url)


def test_the_way_back_is_not_refused(shelf: shelves.Shelved) -> None:
    broken(shelf, 1)
    with shelves.hosting(shelf.out) as url:
        shelf.point(1)
        assert refused(url)
        shelf.point(0)
        assert processes.eventually(lambda: "refused" not in standing(url))
        assert served(url) == shelf.ids[0]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("../elsewhere\n", "CURRENT does not hold the name of a release"),
        ("0123456789ab\n", "CURRENT names the release 0123456789ab, which is absent"),
        (None, "there is no release in"),
    ],
)
def test_a_current_that_names_none(shelf: shelves.Shelved, written: str | None, reason: str) -> None:
    with shelves.hosting(shelf.out) as url:
        path = shelf.out / "CURRENT"
        if written is None:
            path.unlink()
        else:
            path.write_text(written)
        assert refused(url)
        assert reason in standing(url)["refused"]["reason"]
        assert served(url) == shelf.ids[0]


@pytest.mark.parametrize("fault", [RuntimeError("inside"), shelves.kg.StoreError("no worker starts")])
def test_what_does_not_start_leaves_nothing(
    shelf: shelves.Shelved, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    from kg.workers.pool import Pool

    start = Pool.start

    async def failing(pool: Pool) -> None:
        await start(pool)
        raise fault

    with shelves.hosting(shelf.out) as url:
        before = len(processes.descendants(os.getpid()))
        monkeypatch.setattr(Pool, "start", failing)
        shelf.point(1)
        assert refused(url)
        told = "an error, which the log has" if isinstance(fault, RuntimeError) else "no worker starts"
        assert standing(url)["refused"]["reason"] == told
        assert processes.eventually(lambda: len(processes.descendants(os.getpid())) <= before)
        monkeypatch.undo()
        shelf.point(2)
        assert becomes(url, shelf.ids[2])


def test_one_release_alone_is_served_and_not_followed(shelf: shelves.Shelved) -> None:
    with shelves.hosting(shelf.place(1)) as url:
        shelf.point(2)
        time.sleep(0.3)
        assert served(url) == shelf.ids[1]
        assert [each["id"] for each in httpx.get(f"{url}/release/").json()] == [shelf.ids[1]]
        assert httpx.get(f"{url}/release/{shelf.ids[1]}/thing.nt").status_code == 200
        assert httpx.get(f"{url}/release/{shelf.ids[0]}/thing.nt").status_code == 404


# ---------------------------------------------------------------------- signals


@linux
def test_sighup_tries_again_and_a_closed_terminal_ends_the_server(shelf: shelves.Shelved) -> None:
    whole = shutil.copy(shelf.place(1) / QUADS, shelf.out.parent / "whole")
    broken(shelf, 1)
    with shelves.command(shelf.out) as server:
        url = server.url.rstrip("/")
        shelf.point(1)
        assert refused(url)  # without a signal, within seconds
        shutil.copy(whole, shelf.place(1) / QUADS)
        server.process.send_signal(signal.SIGHUP)
        assert becomes(url, shelf.ids[1])
        log = (shelf.out.parent / "kg.log").read_text()
        assert f"the release {shelf.ids[1]} is refused, and {shelf.ids[0]} is served on" in log


@linux
def test_a_terminal_that_is_closed_takes_the_server_along(shelf: shelves.Shelved) -> None:
    import pty
    import sys

    pid, terminal = pty.fork()
    if not pid:
        os.execv(sys.executable, [sys.executable, "-m", "kg", "serve", str(shelf.out), "--port", "8795"])  # noqa: S606
    said = b""
    while b"serving on" not in said or not said.endswith(b"\n"):
        said += os.read(terminal, 1000)
    found = re.search(rb"serving on (\S+)/", said)
    assert found is not None
    url = found[1].decode()
    shelf.point(1)
    os.kill(pid, signal.SIGHUP)  # from somebody else: the terminal is there
    assert becomes(url, shelf.ids[1])
    os.close(terminal)
    assert processes.eventually(lambda: os.waitpid(pid, os.WNOHANG)[0] == pid)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/health")
