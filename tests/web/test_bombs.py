"""Bombs, several at once, and a canary that asks a trivial question all the while."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx
import pytest
from bombs import BOMBS, CROSS

import processes
from kg.limits import MEBIBYTE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")

DEADLINE = 2.0
AGGREGATE = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a a ?t } LIMIT 700 } ?d a ?f }"
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


def test_beyond_the_heavy_ones_and_those_that_wait_it_is_for_later(tmp_path: Path) -> None:
    with (
        processes.served(tmp_path, deadline=DEADLINE, heavy=1, paused=0) as server,
        ThreadPoolExecutor(4) as threads,
    ):
        answers = [asking.result()[0] for asking in [threads.submit(ask, server, COUNT) for _ in range(4)]]
        assert sorted(answer.status_code for answer in answers) == [503, 503, 503, 504]
        for answer in answers:
            if answer.status_code == 503:
                assert 1 <= int(answer.headers["retry-after"]) <= DEADLINE
                assert "take long" in answer.text
        assert ask(server, "ASK {}")[0].status_code == 200


@pytest.fixture
def bombed(tmp_path: Path) -> Iterator[tuple[processes.Served, list[Future[int]]]]:
    """A server with eight bombs of one client, of which one runs, and the statuses that they get; bombs end with it."""
    with (
        ThreadPoolExecutor(8) as threads,
        processes.served(tmp_path, deadline=600, heavy=1, patience=600) as server,
    ):
        bombs = [threads.submit(status, server, COUNT, "127.0.0.2") for _ in range(8)]
        assert processes.eventually(lambda: httpx.get(f"{server.url}health").json()["waiting"] == 7)
        yield server, bombs


def status(server: processes.Served, query: str, source: str) -> int:
    """Send *query* and give the status, 0 where the connection was cut."""
    try:
        return ask(server, query, source)[0].status_code
    except httpx.HTTPError:
        return 0


def test_bombs_of_one_client_and_aggregates_of_others(
    bombed: tuple[processes.Served, list[Future[int]]],
) -> None:
    """The bombs take turns, and whoever asks in good faith is answered meanwhile, and so is the canary."""
    server, bombs = bombed
    assert processes.eventually(lambda: sum(map(processes.stopped, server.workers)) == 7)
    metrics = httpx.get(f"{server.url}metrics").text
    assert "kg_sparql_running 1.0" in metrics
    assert "kg_sparql_waiting 7.0" in metrics
    for number in (3, 4):
        assert status(server, AGGREGATE, f"127.0.0.{number}") == 200
        assert status(server, "ASK {}", "127.0.0.9") == 200
    assert sum(bomb.done() for bomb in bombs) == 0


def test_a_server_stops_while_queries_are_stopped(
    bombed: tuple[processes.Served, list[Future[int]]],
) -> None:
    server, bombs = bombed
    children = processes.descendants(server.pid)
    server.process.send_signal(signal.SIGTERM)
    assert {bomb.result() for bomb in bombs} == {503}
    assert server.process.wait(20) == 0
    assert not any(map(processes.alive, children))


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
