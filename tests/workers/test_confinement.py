"""What a worker cannot do, whatever it is told: these tasks were never checked, as a check would refuse some of them."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pools import LIMITS, ask, outcome, release, run

import processes
from kg.errors import QueryAborted, QueryError, QueryTooLarge, StoreError
from kg.limits import MEBIBYTE
from kg.workers.pool import Pool
from listener import listening

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems confine less")

WAYS = pytest.mark.parametrize(
    ("forks", "in_memory"),
    [(True, 1_000_000), (True, 1), (False, 1_000_000)],
    ids=["memory", "disk", "spawned"],
)
DOUBLING = (
    "SELECT (STRLEN(?v32) AS ?n) { BIND('ab' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{n}, ?v{n}) AS ?v{n + 1})" for n in range(32))
    + " }"
)


@WAYS
def test_it_reaches_no_network(forks: bool, in_memory: int) -> None:
    with listening() as (port, hits):
        queries = [
            f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/sparql> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ SERVICE <http://localhost:{port}/sparql> {{ ?s ?p ?o }} }}",
            f"ASK {{ BIND(<http://127.0.0.1:{port}/> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
        ]

        async def test(pool: Pool) -> None:
            for text in queries:
                assert isinstance(await outcome(pool, text), QueryError | StoreError)
                await outcome(pool, text.replace("SERVICE", "SERVICE SILENT"))
            assert (await ask(pool, "ASK {}")).head == {"total": 1}

        run(test, forks=forks, of=release(in_memory=in_memory))
        assert hits == []
        socket.create_connection(("127.0.0.1", port)).close()
        assert processes.eventually(lambda: hits == [1])  # it does count


@WAYS
def test_its_limits_are_set(forks: bool, in_memory: int) -> None:
    async def test(pool: Pool) -> str:
        return Path(f"/proc/{pool._idle[-1].pid}/limits").read_text()

    lines = run(test, forks=forks, of=release(in_memory=in_memory)).splitlines()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
    assert limits["Max core file size"] == ["0", "0"]
    assert limits["Max open files"] == ["0", "0"]
    soft, hard = map(int, limits["Max address space"])
    assert soft == hard
    assert LIMITS.memory < soft < LIMITS.memory + 2**32


@WAYS
def test_its_memory_ends(forks: bool, in_memory: int) -> None:
    async def test(pool: Pool) -> None:
        error = await outcome(pool, DOUBLING)
        assert isinstance(error, QueryTooLarge)
        assert "memory" in error.message
        assert (await ask(pool, "ASK {}")).head == {"total": 1}

    limits = replace(LIMITS, memory=64 * MEBIBYTE, deadline=60)
    run(test, limits, forks=forks, of=release(in_memory=in_memory, limits=limits))


@WAYS
def test_its_stack_overflows_alone(forks: bool, in_memory: int) -> None:
    deep = "ASK { FILTER(" + "STR(" * 100_000 + "1" + ")" * 100_000 + " = '1') }"

    async def test(pool: Pool) -> None:
        assert isinstance(await outcome(pool, deep), QueryAborted)
        assert (await ask(pool, "ASK {}")).head == {"total": 1}

    run(test, forks=forks, of=release(in_memory=in_memory))
