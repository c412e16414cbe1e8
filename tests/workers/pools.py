"""Pools of workers of the collection, and queries for them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import collection
import kg
from kg.formats import SPARQL_JSON, Format
from kg.limits import MEBIBYTE, Limits
from kg.store.embedded import IN_MEMORY
from kg.workers.lane import Asker
from kg.workers.pool import Pool
from kg.workers.task import Release, Task

T = TypeVar("T")
LIMITS = Limits(deadline=20, memory=256 * MEBIBYTE, heavy=8)
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""A query that does not end."""
AGGREGATE = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a a ?t } LIMIT 700 } ?d a ?f }"
"""A query that is heavy, and takes a tenth of a second."""


@dataclass
class Asked:
    """An answer: what its head says and its body."""

    head: dict[str, Any]
    body: bytes


def task(
    text: str, format: Format = SPARQL_JSON, *, limits: Limits = LIMITS, shown: int | None = None
) -> Task:
    return Task(text, format, True, limits.rows, limits.bytes, shown)


async def ask(
    pool: Pool,
    text: str,
    format: Format = SPARQL_JSON,
    *,
    shown: int | None = None,
    asker: Asker | None = None,
) -> Asked:
    """Ask *pool*; errors are raised."""
    frame = await pool.answer(task(text, format, limits=pool.limits, shown=shown), asker)
    with frame.body as body:
        return Asked(frame.head, body.read())


async def outcome(pool: Pool, text: str, asker: Asker | None = None) -> Asked | kg.KgError:
    """Ask *pool*, and give the answer or the error."""
    try:
        return await ask(pool, text, asker=asker)
    except kg.KgError as error:
        return error


async def until(what: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until *what* is so."""
    async with asyncio.timeout(seconds):
        while not what():
            await asyncio.sleep(0.01)


def release(directory: Path | None = None, *, in_memory: int = IN_MEMORY, limits: Limits = LIMITS) -> Release:
    archive = kg.open(directory or collection.built())
    return Release(str(archive.directory), archive.base.iri, None, in_memory, limits.memory)


def run(
    test: Callable[[Pool], Awaitable[T]],
    limits: Limits = LIMITS,
    *,
    forks: bool = True,
    of: Release | None = None,
) -> T:
    """Run *test* with a pool that is started before and stopped afterwards."""

    async def whole() -> T:
        pool = Pool(of or release(limits=limits), limits, forks=forks)
        try:
            await pool.start()
            return await test(pool)
        finally:
            await pool.stop()

    return asyncio.run(whole())
