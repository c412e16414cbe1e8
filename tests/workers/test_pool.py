"""Pools: the same answers as in process, limits kept, and another worker wherever one has gone."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pools import CROSS, LIMITS, ask, outcome, release, run, task, until

import collection
import kg
import processes
import running
from kg.errors import (
    NotAcceptable,
    QueryAborted,
    QueryError,
    QueryTimeout,
    QueryTooLarge,
    StoreError,
    Unavailable,
)
from kg.formats import JSON_LD, N_TRIPLES, SPARQL_CSV, SPARQL_JSON, TURTLE, Format
from kg.limits import Limits
from kg.serialisation import document
from kg.store import Solutions
from kg.workers import pool as pools_module
from kg.workers.pool import Pool

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux only")

EVENTS = "SELECT ?e ?l { ?e a <https://schema.org/Event> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l } ORDER BY ?e ?l"
GRAPH = "CONSTRUCT { ?e ?p ?o } WHERE { ?e a <https://schema.org/Event> ; ?p ?o }"
WAYS = pytest.mark.parametrize(
    ("forks", "in_memory"),
    [(True, 1_000_000), (True, 1), (False, 1_000_000)],
    ids=["memory", "disk", "spawned"],
)


@WAYS
def test_the_answers_are_those_of_the_process_itself(forks: bool, in_memory: int, tmp_path: Path) -> None:
    archive = running.release(
        tmp_path, "<http://a.example/> <http://p.example/> 1, 'x'@en, '\u2028' .", base="http://b.example/"
    )
    rows, triples = (
        archive.answer("SELECT * { ?s ?p ?o } ORDER BY ?o"),
        archive.answer("CONSTRUCT WHERE { ?s ?p ?o }"),
    )
    assert isinstance(rows, Solutions)
    assert isinstance(triples, list)
    expected: dict[tuple[str, Format], bytes] = {
        ("ASK {}", SPARQL_JSON): b'{"head": {}, "boolean": true}\n',
        ("ASK { FILTER(false) }", SPARQL_CSV): b"false\r\n",
        ("SELECT * { ?s ?p ?o } ORDER BY ?o", SPARQL_JSON): rows.to_json().rstrip(),
        ("SELECT * { ?s ?p ?o } ORDER BY ?o", SPARQL_CSV): rows.to_csv(),
    } | {
        ("CONSTRUCT WHERE { ?s ?p ?o }", format): document(triples, format, archive.base.prefixes())
        for format in (TURTLE, N_TRIPLES, JSON_LD)
    }

    async def all_of_them(pool: Pool) -> dict[tuple[str, Format], bytes]:
        return {(text, format): (await ask(pool, text, format)).body for text, format in expected}

    assert run(all_of_them, forks=forks, of=release(tmp_path / "out", in_memory=in_memory)) == expected
    assert (tmp_path / "out" / archive.manifest.id / "store").exists() == (in_memory == 1)


@WAYS
def test_it_is_stopped_at_the_deadline_and_others_go_on(forks: bool, in_memory: int) -> None:
    async def test(pool: Pool) -> None:
        crossing = asyncio.create_task(outcome(pool, CROSS))
        await until(lambda: pool.heavy == 1)
        (heavy,) = (query.run.worker.pid for query in pool._queries if query.run)
        assert set(processes.priority(heavy)) == {19}
        assert (await ask(pool, "ASK {}")).head == {"total": 1}
        error = await crossing
        assert isinstance(error, QueryTimeout)
        assert "within 2 seconds" in error.message
        await until(lambda: not processes.alive(heavy))
        assert pool.running == pool.heavy == 0
        assert (await ask(pool, "ASK {}")).head == {"total": 1}

    before = processes.descendants(os.getpid())
    run(test, replace(LIMITS, deadline=2), forks=forks, of=release(in_memory=in_memory))
    assert processes.descendants(os.getpid()) <= before  # zombies would be among them


def test_errors_are_those_of_the_process_itself() -> None:
    archive = kg.open(collection.built())
    for text in (
        "SELECT *\n  { ?s }",
        "SELECT ?x { BIND(1 AS ?x) BIND(2 AS ?x) }",
        "ASK { ?s ?p 'x }",
        "ASK",
    ):
        with pytest.raises(QueryError) as caught:
            archive.answer(text)
        found = run(lambda pool, text=text: outcome(pool, text))  # type: ignore[misc]
        assert type(found) is QueryError
        assert vars(found) == vars(caught.value)


def test_what_a_format_cannot_hold_is_said() -> None:
    nested = 'CONSTRUCT { ?s ?p <<( <a:b> <a:b> "x" )>> } WHERE { ?s ?p ?o }'
    with pytest.raises(NotAcceptable) as caught:
        run(lambda pool: ask(pool, nested, JSON_LD))
    assert "text/turtle" in caught.value.available


@pytest.mark.parametrize("format", [SPARQL_JSON, SPARQL_CSV])
def test_rows_are_given_whole_or_not_at_all(format: Format) -> None:
    limits = replace(LIMITS, rows=37)

    async def test(pool: Pool) -> None:
        fits = await ask(pool, "SELECT * { ?s ?p ?o } LIMIT 37", format)
        assert fits.head == {"total": 37}
        with pytest.raises(QueryTooLarge, match="more than 37 rows"):
            await ask(pool, "SELECT * { ?s ?p ?o } LIMIT 38", format)
        shown = await ask(pool, "SELECT * { ?s ?p ?o } LIMIT 37", SPARQL_JSON, shown=5)
        assert shown.head == {"total": 37}
        assert len(json.loads(shown.body)["results"]["bindings"]) == 5

    run(test, limits)


@pytest.mark.parametrize("format", [TURTLE, N_TRIPLES, JSON_LD])
def test_triples_are_given_whole_or_not_at_all(format: Format) -> None:
    async def test(pool: Pool) -> None:
        assert (await ask(pool, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 37", format)).head == {"total": 37}
        with pytest.raises(QueryTooLarge, match="more than 37 triples"):
            await ask(pool, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 38", format)

    run(test, replace(LIMITS, rows=37))


def test_bytes_are_counted_as_they_are_sent() -> None:
    async def test(pool: Pool) -> None:
        for text, size in (("a" * 900, 1), ("a" * 2000, 0)):
            found = await outcome(pool, f"SELECT ('{text}' AS ?x) {{}}")
            assert isinstance(found, QueryTooLarge) is (size == 0)

    run(test, replace(LIMITS, bytes=1024))


def test_a_worker_is_replaced_after_a_large_answer_and_after_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools_module, "ANSWERS", 3)

    async def test(pool: Pool) -> None:
        first = pool._idle[-1]
        assert len((await ask(pool, "SELECT * { ?s ?p ?o }")).body) > pools_module.LARGE
        await until(first.lost.is_set)
        for _ in range(9):
            await ask(pool, "ASK {}")
        await until(lambda: not pool._starts and not pool._ends)
        assert all(idle.answers < 3 for idle in pool._idle)

    run(test)


def test_the_newest_of_too_many_heavy_queries_is_turned_away() -> None:
    async def test(pool: Pool) -> None:
        first = asyncio.create_task(outcome(pool, CROSS))
        await until(lambda: pool.heavy == 1)
        second = await outcome(pool, CROSS)
        assert isinstance(second, Unavailable)
        assert 1 <= second.retry_after <= 3
        assert (await ask(pool, "ASK {}")).head
        assert isinstance(await first, QueryTimeout)

    run(test, replace(LIMITS, deadline=3, heavy=1, paused=0))


def test_the_deadline_includes_the_wait_and_few_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools_module, "HEAVY_AFTER", 60)  # the only worker stays taken

    async def test(pool: Pool) -> None:
        first = asyncio.create_task(outcome(pool, CROSS))
        await until(lambda: pool.running == 1)
        second = asyncio.create_task(outcome(pool, "ASK {}"))
        await until(lambda: pool.waiting == 1)
        third = await outcome(pool, "ASK {}")
        assert isinstance(third, Unavailable)
        assert third.message == "too many queries are waiting"
        assert isinstance(await first, QueryTimeout)
        assert not isinstance(await second, Unavailable)  # its turn came, or its deadline
        assert pool.waiting == 0
        assert (await ask(pool, "ASK {}")).head

    run(test, replace(LIMITS, deadline=1, workers=1, waiting=1))


def test_whoever_asks_is_told_once_that_an_answer_is_late() -> None:
    async def test(pool: Pool) -> None:
        told: list[str] = []
        await pool.answer(task("ASK {}"), late=lambda: told.append("quick"))
        with pytest.raises(QueryTimeout):
            await pool.answer(task(CROSS), late=lambda: told.append("slow"))
        assert told.count("slow") == 1

    run(test, replace(LIMITS, deadline=1))


def test_a_query_that_nobody_waits_for_is_stopped() -> None:
    async def test(pool: Pool) -> None:
        asking = asyncio.create_task(ask(pool, CROSS))
        await until(lambda: pool.running == 1)
        (worker,) = (query.run.worker for query in pool._queries if query.run)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await until(worker.lost.is_set)
        assert pool.running == 0

    run(test)


@WAYS
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_is_killed(forks: bool, in_memory: int, how: signal.Signals) -> None:
    async def test(pool: Pool) -> None:
        idle = pool._idle[-1]
        os.kill(idle.pid, how)
        await until(lambda: bool(pool._idle) and pool._idle[-1] is not idle)
        asking = asyncio.create_task(outcome(pool, CROSS))
        await until(lambda: pool.running == 1)
        (busy,) = (query.run.worker.pid for query in pool._queries if query.run)
        os.kill(busy, how)
        error = await asking
        assert isinstance(error, QueryAborted)
        assert "ended before it had" in error.message
        assert (await ask(pool, "ASK {}")).head == {"total": 1}
        await until(lambda: not pool._ends)
        assert not processes.zombies(os.getpid()) & {idle.pid, busy}

    run(test, forks=forks, of=release(in_memory=in_memory))


def test_a_zygote_that_is_killed_is_replaced() -> None:
    async def test(pool: Pool) -> None:
        before = processes.descendants(os.getpid())
        asking = asyncio.create_task(outcome(pool, CROSS))
        await until(lambda: pool.running == 1)
        zygote = pool._nursery._zygote._process.pid  # type: ignore[attr-defined]
        os.kill(zygote, signal.SIGKILL)
        assert isinstance(await asking, QueryAborted)
        assert (await ask(pool, "ASK {}")).head == {"total": 1}
        assert not any(processes.alive(pid) for pid in before & {zygote})

    run(test)


def test_what_cannot_be_served_is_said_at_the_start(tmp_path: Path) -> None:
    nowhere = replace(release(), directory=str(tmp_path / "nowhere"))
    for forks in (True, False):
        with pytest.raises(StoreError, match="nowhere"):
            run(lambda pool: ask(pool, "ASK {}"), forks=forks, of=nowhere)


def test_no_worker_to_be_had_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(pool: Pool) -> None:
        async def none(_on_lost: object) -> None:
            raise StoreError("no process can be started")

        monkeypatch.setattr(pool._nursery, "worker", none)
        os.kill(pool._idle[-1].pid, signal.SIGKILL)
        await until(lambda: not pool._idle)
        with pytest.raises(Unavailable, match="no query can be answered now"):
            await ask(pool, "ASK {}")

    run(test)


def test_it_stops_in_the_middle_of_everything() -> None:
    async def test(pool: Pool) -> None:
        asking = [asyncio.create_task(outcome(pool, CROSS)) for _ in range(6)]
        await until(lambda: pool.running == 2 and pool.waiting > 0)
        await pool.stop()
        for error in await asyncio.gather(*asking):
            assert isinstance(error, Unavailable)
            assert error.message == "the server is stopping"
        assert isinstance(await outcome(pool, "ASK {}"), Unavailable)

    before = processes.descendants(os.getpid())
    run(test, Limits(workers=2, heavy=1, deadline=20))
    assert processes.descendants(os.getpid()) <= before


def test_idle_workers_are_let_go_but_the_spares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools_module, "_SURPLUS", 0.3)

    async def test(pool: Pool) -> None:
        await asyncio.gather(*(ask(pool, EVENTS) for _ in range(8)))
        await until(lambda: len(pool._idle) == pools_module.SPARES and not pool._starts and not pool._ends)
        assert (await ask(pool, "ASK {}")).head

    run(test)
