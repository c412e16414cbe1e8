"""A directory of small releases that differ in one number, which stands in pages, rows and downloads."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.applications import Starlette

import kg
import processes
import running
from collection import digest
from kg import opening
from kg.archive import Archive
from kg.limits import Limits
from kg.manifest import CURRENT, Manifest, current, read
from kg.web import Host, Place, create_app
from kg.web.hosting import Pace
from suites import ROOT, once

BASE = "http://data.example/numbers/"
SIZE = 1_500
"""Statements of a release."""
SHORT = "short"
"""The note of most releases."""

QUICK = Pace(look=0.05, patience=5, idle=300, recent=0.0, wait=10)


@dataclass(frozen=True)
class Shelved:
    """Releases in the directory ``out``: their manifests, in the order in which they were built."""

    out: Path
    manifests: tuple[Manifest, ...]

    @property
    def ids(self) -> list[str]:
        return [manifest.id for manifest in self.manifests]

    def place(self, number: int) -> Path:
        return self.out / self.ids[number]

    def point(self, number: int) -> None:
        """Make the release *number* the current one, as a build does."""
        fresh = self.out / ".fresh"
        fresh.write_text(f"{self.ids[number]}\n")
        fresh.replace(self.out / CURRENT)


def text(number: int, note: str) -> str:
    many = " , ".join(str(each) for each in range(number * SIZE, (number + 1) * SIZE))
    return (
        f'@prefix : <{BASE}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n'
        f':thing rdfs:label "number {number}" ; :first {number} ; :second {number} ; :many {many} ; :note "{note}" .\n'
    )  # fmt: skip


def _built(directory: Path, number: int, note: str) -> Path:
    archive = running.release(directory, text(number, note), base=BASE)
    assert archive.directory is not None
    return archive.directory


@cache
def _kept(number: int) -> Path:
    """Give the release of *number*, built once for all workers and runs; tests change copies of it."""
    key = digest("src/kg", "tests/shelves.py", "tests/running.py")
    target = ROOT / ".pytest_cache" / f"number-{number}-{key}"
    return current(once(target, lambda fresh: _built(fresh, number, SHORT)) / "out")


def shelved(directory: Path, count: int, *, note: str = SHORT) -> Shelved:
    """Build *count* releases with the literal *note*, and make the first one current."""
    out = directory / "shelf"
    out.mkdir(parents=True)
    manifests = []
    for number in range(count):
        made = _kept(number) if note == SHORT else _built(directory / "made", number, note)
        place = Path(shutil.copytree(made, out / made.name))
        os.utime(place, (1_700_000_000 + number, 1_700_000_000 + number))
        manifests.append(read(place))
    shelf = Shelved(out, tuple(manifests))
    shelf.point(0)
    return shelf


def host(out: Path, pace: Pace = QUICK, limits: Limits | None = None) -> Host:
    def make(archive: Archive, place: Place) -> Starlette:
        return create_app(archive, limits=limits, place=place)

    return Host(kg.open(out), make, out=opening.followed(out), pace=pace)


@contextmanager
def hosting(out: Path, pace: Pace = QUICK, limits: Limits | None = None) -> Iterator[str]:
    """Serve the releases of *out* in a thread, and give the address, without a slash at the end."""
    with running.serving(kg.open(out), app=host(out, pace, limits)) as url:
        yield url


@contextmanager
def command(
    out: Path, *options: str, prefix: Sequence[str] = (), python: str = sys.executable
) -> Iterator[processes.Served]:
    """Run ``kg serve`` on *out* by *python*, behind the words *prefix*, its log in ``kg.log`` beside it."""
    run = [*prefix, python, "-m", "kg", "serve", str(out), "--port", "8790", *options]
    with (out.parent / "kg.log").open("w") as log:
        process = subprocess.Popen(run, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            found = None
            while found is None and (line := process.stdout.readline()):
                found = re.search(r"serving on (\S+)", line)
            assert found is not None, (out.parent / "kg.log").read_text()
            yield processes.Served(process, found[1])
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            finally:
                process.kill()
                process.communicate()
