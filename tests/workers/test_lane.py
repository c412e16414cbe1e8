"""The lane: heavy queries beyond those that run are stopped and wait for a turn, fairly, and leave nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import pytest
from pools import AGGREGATE, CROSS, LIMITS, Asked, ask, outcome, run, until

import kg
import processes
from kg.errors import QueryAborted, QueryTimeout, Unavailable
from kg.workers.lane import Asker
from kg.workers.pool import Pool
from kg.workers.process import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")

ONE = replace(LIMITS, heavy=1, deadline=600, patience=600)
FORKED = pytest.mark.parametrize("forks", [True, False], ids=["forked", "spawned"])
Answer = asyncio.Task[Asked | kg.KgError]


def begun(pool: Pool, text: str, asker: str | Asker = "") -> Answer:
    """Ask, and do not wait for the answer."""
    asker = Asker(asker) if isinstance(asker, str) else asker
    asking: Coroutine[Any, Any, Asked | kg.KgError] = outcome(pool, text, asker)
    return asyncio.create_task(asking)


async def bombs(pool: Pool, number: int, asker: str = "") -> list[Answer]:
    """Send bombs, one after the other, until all but those that run are stopped."""
    sent = []
    before = pool.heavy
    for nth in range(1, number + 1):
        sent.append(begun(pool, CROSS, asker))
        await until(lambda nth=nth: pool.heavy == before + nth)  # type: ignore[misc]
    return sent


def workers(pool: Pool) -> list[Worker]:
    """Give the workers of the pool that have a query."""
    return [query.run.worker for query in pool._queries if query.run is not None]


def stopped(pool: Pool) -> set[int]:
    """Give the processes of the pool that are stopped."""
    return {worker.pid for worker in workers(pool) if processes.stopped(worker.pid)}


@FORKED
def test_aggregates_that_are_asked_at_once_are_all_answered(forks: bool) -> None:
    async def test(pool: Pool) -> None:
        asked = [begun(pool, AGGREGATE) for _ in range(6)]
        await until(lambda: bool(stopped(pool)))
        assert (await ask(pool, "ASK {}")).head == {"total": 1}
        answers = await asyncio.gather(*asked)
        assert all(isinstance(answer, Asked) for answer in answers)
        assert len({answer.body for answer in answers if isinstance(answer, Asked)}) == 1
        assert pool.running == pool.waiting == pool.heavy == 0

    run(test, ONE, forks=forks)


def test_one_runs_and_the_others_are_stopped() -> None:
    async def test(pool: Pool) -> None:
        await bombs(pool, 3)
        assert (pool.running, pool.waiting) == (1, 2)
        await until(lambda: len(stopped(pool)) == 2)
        assert (await ask(pool, "ASK {}")).head == {"total": 1}
        assert (pool.running, pool.waiting, pool.heavy) == (1, 2, 3)

    run(test, ONE)


def test_bombs_of_one_client_do_not_keep_the_query_of_another() -> None:
    async def test(pool: Pool) -> None:
        sent = await bombs(pool, 4, "a")
        for _ in range(2):
            assert isinstance(await begun(pool, AGGREGATE, "b"), Asked)
        assert isinstance(await begun(pool, AGGREGATE, "a"), Asked)  # nor a short one of its own
        assert not any(bomb.done() for bomb in sent)

    run(test, ONE)


def test_of_queries_alike_the_first_is_over_first() -> None:
    over = []

    async def test(pool: Pool) -> None:
        sent = await bombs(pool, 3)
        for number, bomb in enumerate(sent):
            bomb.add_done_callback(lambda _, number=number: over.append(number))  # type: ignore[misc]
        assert {type(answer) for answer in await asyncio.gather(*sent)} == {QueryTimeout}
        assert over == [0, 1, 2]

    run(test, replace(ONE, deadline=2))


def test_a_clock_stands_still_while_its_query_is_stopped() -> None:
    async def test(pool: Pool) -> None:
        async def timed(asker: Asker) -> float:
            begins = asyncio.get_running_loop().time()
            assert isinstance(await begun(pool, CROSS, asker), QueryTimeout)
            return asyncio.get_running_loop().time() - begins

        askers = [Asker("a"), Asker("b")]
        times = await asyncio.gather(*map(timed, askers))
        assert max(asker.waited for asker in askers) > 0
        for seconds, asker in zip(times, askers, strict=True):
            assert seconds > pool.limits.deadline + asker.waited - 0.1

    run(test, replace(ONE, deadline=4))


def test_nobody_waits_for_ever() -> None:
    async def test(pool: Pool) -> None:
        (running,) = await bombs(pool, 1, "a")
        asker = Asker("a")
        answer = await begun(pool, CROSS, asker)
        other = await running
        for one in (answer, other):
            if isinstance(one, Unavailable):
                assert "waited 0.6 seconds" in one.message
                assert one.retry_after >= 1
        assert {type(answer), type(other)} == {Unavailable, QueryTimeout}
        assert pool.waiting == pool.heavy == 0

    run(test, replace(ONE, deadline=3, patience=0.6))


def test_beyond_those_that_may_wait_the_newest_of_whoever_has_most_is_refused() -> None:
    async def test(pool: Pool) -> None:
        first, second, third = await bombs(pool, 3, "a")
        fourth = await begun(pool, CROSS, "a")
        assert isinstance(fourth, Unavailable)
        assert "2 wait for their turn" in fourth.message
        assert isinstance(await begun(pool, AGGREGATE, "b"), Asked)
        assert isinstance(await third, Unavailable)
        assert not first.done()
        assert not second.done()
        assert pool.heavy == 2

    run(test, replace(ONE, paused=2))


def test_what_holds_too_much_memory_is_not_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Worker, "grown", lambda _self: LIMITS.memory + 1)

    async def test(pool: Pool) -> None:
        asker = Asker("a")
        bomb = begun(pool, CROSS, asker)
        await until(lambda: pool.heavy == 1)
        assert isinstance(await begun(pool, AGGREGATE, "b"), Asked)
        assert isinstance(await bomb, QueryTimeout)  # before the other had its turn
        assert asker.waited == 0

    run(test, replace(ONE, deadline=2))


def test_memory_is_measured() -> None:
    async def test(pool: Pool) -> None:
        begun(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(STR(?f)) ?c")
        await until(lambda: any(worker.grown() > 20_000_000 for worker in workers(pool)))

    run(test, ONE)


def test_whoever_goes_while_it_waits_leaves_its_place() -> None:
    async def test(pool: Pool) -> None:
        sent = await bombs(pool, 4)
        before = {worker.pid for worker in workers(pool)}
        for asking in sent[1:]:  # two that are stopped at least
            asking.cancel()
        await until(lambda: sum(map(processes.alive, before)) == 1)
        assert (pool.running, pool.waiting) == (1, 0)
        assert isinstance(await begun(pool, AGGREGATE, "b"), Asked)
        sent[0].cancel()
        await until(lambda: pool.running == pool.heavy == 0)

    run(test, ONE)


@FORKED
def test_a_stopped_worker_that_is_killed(forks: bool) -> None:
    async def test(pool: Pool) -> None:
        sent = await bombs(pool, 2)
        await until(lambda: len(stopped(pool)) == 1)
        (pid,) = stopped(pool)
        os.kill(pid, signal.SIGKILL)
        done, _ = await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
        assert [type(one.result()) for one in done] == [QueryAborted]
        assert pool.heavy == pool.running == 1
        assert not processes.zombies(os.getpid()) & {pid}

    run(test, ONE, forks=forks)


def test_a_zygote_that_is_killed_takes_stopped_workers_along() -> None:
    async def test(pool: Pool) -> None:
        sent = await bombs(pool, 3)
        await until(lambda: len(stopped(pool)) == 2)
        workers = stopped(pool)
        os.kill(pool._nursery._zygote._process.pid, signal.SIGKILL)  # type: ignore[attr-defined]
        assert {type(answer) for answer in await asyncio.gather(*sent)} == {QueryAborted}
        assert not any(map(processes.alive, workers))
        assert (await ask(pool, "ASK {}")).head == {"total": 1}
        assert pool.waiting == pool.heavy == 0

    run(test, ONE)


@FORKED
def test_it_stops_with_stopped_workers(forks: bool) -> None:
    async def test(pool: Pool) -> None:
        sent = await bombs(pool, 4)
        await until(lambda: len(stopped(pool)) == 3)
        await pool.stop()
        assert {str(answer) for answer in await asyncio.gather(*sent)} == {
            str(Unavailable("the server is stopping"))
        }

    before = processes.descendants(os.getpid())
    run(test, ONE, forks=forks)
    assert processes.descendants(os.getpid()) <= before
