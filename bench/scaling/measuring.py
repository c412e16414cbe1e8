"""Measures every tool on one archive: each work by each tool in turn, three times, and whether what came out is right."""

from __future__ import annotations

import shutil
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from scaling.findings import Agreement
from scaling.material import Finding, Material
from scaling.peers import QUERIES, Bench, NoPeer, Peer, install
from scaling.watching import run

REPEATS: Final = 3
WORKS: Final = {
    "load": "load N-Quads",
    "turtle": "write Turtle",
    "jsonld": "write JSON-LD",
    "listing": "listing ordered by IRI",
    "facets": "facet counts",
    "validate": "validate",
}
"""What is done, in this order: loading makes the store that the next four need."""
_WRITTEN: Final = {"turtle": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}


@dataclass(slots=True)
class Measured:
    """What *peer* took for *work* on *number* quads: seconds and MiB of each time; ``failed`` says why it did not do it.

    ``wrong`` says what is not right about what came out, ``agreement`` how far the findings are those planted.
    """

    peer: str
    number: int
    work: str
    seconds: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    failed: str = ""
    wrong: str = ""
    agreement: Agreement | None = None

    @property
    def median(self) -> float:
        """The median of the seconds."""
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        """The median of the peaks of memory."""
        return statistics.median(self.memory)

    @property
    def done(self) -> bool:
        """Whether it did its work."""
        return not self.failed and bool(self.seconds)

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)


def measure(
    peers: Sequence[Peer],
    material: Material,
    work: Path,
    *,
    limit: float,
    given_up: dict[tuple[str, str], str],
) -> list[Measured]:
    """Measure *peers* on *material* in the directory *work*.

    A work that took more than *limit* seconds is noted in *given_up*, by tool and work, and not begun again on a larger archive.
    """
    found: list[Measured] = []
    answers, planted = material.answers(), material.planted()
    with _benches(peers, material, work, given_up) as benches:
        for name in WORKS:
            row = {
                bench.peer.key: Measured(bench.peer.key, material.number, name)
                for bench in benches
                if name in bench.peer.jobs
            }
            for repeat in range(REPEATS):
                for bench in benches:
                    if (measured := row.get(bench.peer.key)) and not measured.failed:
                        _once(bench, measured, limit, given_up)
                        if measured.done and not repeat:
                            _judge(bench, measured, answers, planted)
                        _say(measured)
            found += row.values()
    return found


@contextmanager
def _benches(
    peers: Iterable[Peer], material: Material, work: Path, given_up: dict[tuple[str, str], str]
) -> Iterator[list[Bench]]:
    """Give a bench for each of *peers*; one that cannot be installed has given everything up."""
    benches = []
    for peer in peers:
        directory = work / f"{peer.key}-{material.number}"
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        python = sys.executable
        try:
            python = install(peer, work)
        except NoPeer as error:
            given_up.update({(peer.key, name): str(error) for name in peer.jobs})
        benches.append(Bench(peer, material, directory, python))
    try:
        yield benches
    finally:
        for bench in benches:
            if bench.server is not None:
                bench.server.stop()
            shutil.rmtree(bench.directory, ignore_errors=True)


def _once(bench: Bench, measured: Measured, limit: float, given_up: dict[tuple[str, str], str]) -> None:
    """Do the work once, and write into *measured* what it took or why it was not done."""
    key = (bench.peer.key, measured.work)
    needed = (bench.peer.key, "load") if measured.work in (*QUERIES, *_WRITTEN) else key
    if why := given_up.get(key) or (given_up.get(needed) if _stores(bench.peer) else ""):
        measured.failed = why
        return
    try:
        ran = run(bench.job(measured.work), limit)
    except NoPeer as error:
        measured.failed = given_up[key] = str(error)
        return
    measured.failed = ran.failed
    if ran.failed:
        given_up[key] = f"{ran.failed} at {bench.material.number:,} quads"
        return
    measured.seconds.append(ran.seconds)
    measured.memory.append(ran.memory)


def _stores(peer: Peer) -> bool:
    """Tell whether what *peer* asks and writes is what it loaded before."""
    return peer.key in ("kg", "oxigraph", "virtuoso")


def _judge(
    bench: Bench, measured: Measured, answers: dict[str, list[str]], planted: Counter[Finding]
) -> None:
    """Write into *measured* whether what came out is right."""
    file = bench.target(measured.work)
    try:
        if measured.work == "validate":
            measured.agreement = Agreement.of(bench.peer.found(file), planted)
        elif measured.work in QUERIES:
            rows = bench.peer.rows(file)
            if rows != answers[measured.work]:
                measured.wrong = _difference(rows, answers[measured.work])
        elif measured.work in _WRITTEN:
            triples = sum(1 for _ in ox.parse(path=file, format=_WRITTEN[measured.work]))
            if triples < bench.material.number:
                measured.wrong = f"{triples:,} statements"
    except (OSError, ValueError, KeyError, SyntaxError) as error:
        measured.wrong = f"it cannot be read: {error}"


def _difference(rows: list[str], right: list[str]) -> str:
    if len(rows) != len(right):
        return f"{len(rows)} rows instead of {len(right)}"
    one, other = next(pair for pair in zip(rows, right, strict=True) if pair[0] != pair[1])
    return f"{one!r} instead of {other!r}"


def _say(measured: Measured) -> None:
    took = (
        f"{measured.seconds[-1]:.2f} s, {measured.memory[-1]:.0f} MiB" if measured.done else measured.failed
    )
    print(
        f"{measured.number:,} {measured.work} {measured.peer}: {took} {measured.wrong}",
        file=sys.stderr,
        flush=True,
    )
