"""Ctrl-C in the middle of a build: it ends then and there, and leaves what was there before."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg import building, listing, manifest, search
from kg.interruption import interruptible
from kg.loading import stream
from kg.project import Project

ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count({}) FROM n"
STAGES = (
    stream.READING,
    stream.SORTING,
    "quads.nq",
    "downloads/dataset.ttl",
    "downloads/dataset.rdf",
    listing.NAME,
    manifest.TURTLE_NAME,
    "downloads/tables/claims.csv",
    "index.csv",
    search.NAME,
)


@pytest.fixture(autouse=True)
def by_ctrl_c() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler


def press(*_: object) -> int:
    os.kill(os.getpid(), signal.SIGINT)
    return 1


@pytest.mark.parametrize("stage", STAGES)
def test_a_build_that_is_interrupted_leaves_the_release_before(tmp_path: Path, stage: str) -> None:
    file, out = tmp_path / "a.nq", tmp_path / "out"
    file.write_text('<http://x.example/a> <http://x.example/p> "1" .\n')
    made, _ = building.build(Project.adhoc([file]), out)
    before = sorted(path.name for path in out.iterdir())
    file.write_text('<http://x.example/a> <http://x.example/p> "2" .\n')
    with pytest.raises(KeyboardInterrupt):
        building.build(Project.adhoc([file]), out, told=lambda name, *_: press() if name == stage else None)
    assert manifest.verify(manifest.current(out)) == made
    assert sorted(path.name for path in out.iterdir()) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.nq", "out"]


@pytest.mark.parametrize("asked", ["a statement", "a function of ours"])
def test_a_statement_without_end_is_interrupted(asked: str) -> None:
    database = sqlite3.connect(":memory:")
    database.create_function("press", 1, press)
    called = iter([1])
    database.create_function("once", 1, lambda x: press() if next(called, None) else x)
    with pytest.raises(KeyboardInterrupt), interruptible(database):
        database.execute(ENDLESS.format("once(x)" if asked == "a statement" else "press(x)")).fetchone()
    database.close()


def test_an_error_of_a_statement_stays_what_it_is() -> None:
    database = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError, match="no such table"), interruptible(database):
        database.execute("SELECT * FROM nowhere")
    database.close()
