"""Bombs, several at once, and a canary that asks a trivial question all the while."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx
import pytest
from bombs import BOMBS, CROSS

import processes
from kg.limits import MEBIBYTE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")

DEADLINE = 2.0
COUNT = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[processes.Served]:
    """A server that lets every bomb run to its end."""
    limits = {"deadline": DEADLINE, "rows": 50_000, "memory": 256 * MEBIBYTE, "heavy": len(BOMBS)}
    with processes.served(tmp_path_factory.mktemp("bombs"), **limits) as server:
        yield server


def ask(server: processes.Served, query: str, source: str = "127.0.0.1") -> tuple[httpx.Response, float]:
    """Send *query* from the loopback address *source*, and give the answer and the seconds that it took."""
    begun = time.monotonic()
    with httpx.Client(transport=httpx.HTTPTransport(local_address=source), timeout=60) as client:
        answer = client.post(f"{server.url}sparql", data={"query": query})
    return answer, time.monotonic() - begun


def canary(server: processes.Served, over: Event) -> Counter[int]:
    """Ask a trivial question until it is *over*, and count the statuses."""
    seen: Counter[int] = Counter()
    with httpx.Client(base_url=server.url, timeout=60) as client:
        while not over.is_set():
            seen[client.get("sparql", params={"query": "ASK {}"}).status_code] += 1
            over.wait(0.01)
    return seen


def idle(server: processes.Served) -> bool:
    """Tell whether neither the server nor its children use the processor."""
    pids = (server.pid, *processes.descendants(server.pid))
    before = processes.cpu(*pids)
    time.sleep(0.5)
    return processes.cpu(*pids) - before < 0.1


def test_all_bombs_at_once(served: processes.Served) -> None:
    ask(served, "SELECT * { ?s ?p ?o }")  # what the server keeps after a first large answer is there
    pid, memory = served.pid, processes.memory(served.pid)
    over = Event()
    with ThreadPoolExecutor(len(BOMBS) + 1) as threads:
        watching = threads.submit(canary, served, over)
        asked = {
            name: threads.submit(ask, served, query, f"127.0.0.{number}")
            for number, (name, query) in enumerate(BOMBS.items(), 2)
        }
        answers = {name: asking.result() for name, asking in asked.items()}
        over.set()
        seen = watching.result()
    assert {
        name: answer.text for name, (answer, _) in answers.items() if answer.status_code not in (413, 504)
    } == {}
    for name, (answer, seconds) in answers.items():
        assert answer.headers["content-type"] == "text/plain; charset=utf-8", name
        assert seconds < DEADLINE * 3, name
    assert set(seen) == {200}
    assert seen[200] > 10
    assert processes.eventually(lambda: idle(served))
    assert processes.eventually(lambda: len(served.workers) <= len(BOMBS) + 2)
    assert not processes.zombies(served.pid)
    assert served.process.poll() is None
    assert served.pid == pid
    assert processes.memory(pid) < memory + 64 * MEBIBYTE


def test_beyond_the_heavy_ones_the_newest_waits_for_later(tmp_path: Path) -> None:
    with processes.served(tmp_path, deadline=DEADLINE, heavy=1) as server, ThreadPoolExecutor(4) as threads:
        answers = [asking.result()[0] for asking in [threads.submit(ask, server, COUNT) for _ in range(4)]]
        assert sorted(answer.status_code for answer in answers) == [503, 503, 503, 504]
        for answer in answers:
            if answer.status_code == 503:
                assert 1 <= int(answer.headers["retry-after"]) <= DEADLINE
                assert "take long" in answer.text
        assert ask(server, "ASK {}")[0].status_code == 200


@pytest.mark.parametrize("who", ["worker", "zygote"])
def test_a_process_that_is_killed(served: processes.Served, who: str) -> None:
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(ask, served, COUNT)
        assert processes.eventually(lambda: httpx.get(f"{served.url}health").json()["running"] == 1)
        killed = served.workers if who == "worker" else {served.zygote}
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        answer, _ = asking.result()
    assert answer.status_code == 500
    assert answer.text.startswith("the process that answered the query ended before it had")
    assert ask(served, "ASK {}")[0].status_code == 200
    assert not any(map(processes.alive, killed))
    assert not processes.zombies(served.pid)


SHAPES = {
    "calls": lambda n: f"ASK {{ FILTER({'STR(' * n}1{')' * n} = '1') }}",
    "groups": lambda n: f"ASK {'{' * n}{'}' * n}",
    "brackets": lambda n: f"ASK {{ FILTER({'(' * n}1{')' * n} = 1) }}",
    "or": lambda n: f"ASK {{ FILTER({' || '.join(['false'] * n)}) }}",
    "and": lambda n: f"ASK {{ FILTER({' && '.join(['1 = 1'] * n)}) }}",
    "sum": lambda n: f"ASK {{ FILTER({' + '.join(['1'] * n)} > 0) }}",
    "not": lambda n: f"ASK {{ FILTER({'!' * n}true) }}",
    "minus": lambda n: f"ASK {{ FILTER({'- ' * n}1 = 1) }}",
    "unions": lambda n: f"ASK {{ {' UNION '.join(['{}'] * n)} }}",
    "optionals": lambda n: f"ASK {{ {'OPTIONAL { ?s ?p ?o ' * n}{'}' * n} }}",
    "negations": lambda n: f"ASK {{ {'FILTER NOT EXISTS { ?s ?p ?o ' * n}{'}' * n} }}",
    "queries": lambda n: f"SELECT * {{ {'{ SELECT * { ' * n}{'} }' * n} }}",
    "sequence": lambda n: f"ASK {{ <a:b> {'/'.join(['<a:b>'] * n)} ?o }}",
    "alternatives": lambda n: f"ASK {{ <a:b> {'|'.join(['<a:b>'] * n)} ?o }}",
    "repetition": lambda n: f"ASK {{ <a:b> {'(' * n}<a:b>{')*' * n} ?o }}",
    "inverse": lambda n: f"ASK {{ <a:b> {'^' * n}<a:b> ?o }}",
    "blank nodes": lambda n: f"ASK {{ ?s ?p {'[ ?p ' * n}1{']' * n} }}",
    "collections": lambda n: f"ASK {{ ?s ?p {'( ' * n}1{')' * n} }}",
    "triple terms": lambda n: f"ASK {{ ?s ?p {'<<( <a:b> <a:b> ' * n}1{')>>' * n} }}",
    "binds": lambda n: f"ASK {{ BIND(1 AS ?v0) {' '.join(f'BIND(?v{i} AS ?v{i + 1})' for i in range(n))} }}",
    "values": lambda n: f"ASK {{ VALUES ?x {{ {'1 ' * n} }} }}",
    "prefixes": lambda n: "".join(f"PREFIX p{i}: <http://p.example/{i}/> " for i in range(n)) + "ASK {}",
}


def test_nesting_and_chains(served: processes.Served) -> None:
    """Any shape at any depth is answered or refused; at no depth does the server end."""
    seen: Counter[int] = Counter()
    with ThreadPoolExecutor(4) as threads:
        queries = [shape(n) for shape in SHAPES.values() for n in (10, 99, 101, 600, 1200, 5000, 20_000)]
        for answer, _ in threads.map(lambda query: ask(served, query), queries):
            seen[answer.status_code] += 1
    assert set(seen) <= {200, 400, 413, 504}  # a 500 would be a worker that crashed
    assert seen[200] > len(SHAPES)
    assert seen[400] > len(SHAPES)
    assert served.process.poll() is None
    assert ask(served, "ASK {}")[0].status_code == 200
