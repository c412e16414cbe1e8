"""Puts each mutant of ``tests/mutants.py`` into a copy of this checkout and runs the tests that must notice it there.

``make mutants`` runs all, ``make mutants ARGS='deriving closure'`` those of files whose names hold one of the words.
One that no test notices is printed at the end, and the exit code is 1; 2 where the table is stale or the tests fail
without any mutant. A run that takes far longer than the tests do is stopped, and counts as noticed. The copy has no
text of a source, so that the result is the same for everybody: what tests on invented texts notice.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import mutants  # noqa: E402  the table stands beside the tests that it is about

NEEDED = ("src", "tests", "ontology", "data", "queries", "kg.toml", "pyproject.toml")
PATIENCE = 5
"""A run is stopped after so many times what the tests take without a mutant, and half a minute."""


class Outcome(NamedTuple):
    """What became of a run: pytest's exit code (None where it was stopped), its last word, and the seconds it took."""

    code: int | None
    said: str
    seconds: float

    @property
    def noticed(self) -> bool:
        """Whether the tests failed, could not be collected, or never ended."""
        return self.code in (1, 2, None)


class Copies:
    """Copies of the checkout, as many as runs go on at a time; each is lent to one run."""

    def __init__(self, place: Path, number: int) -> None:
        self._free: SimpleQueue[Path] = SimpleQueue()
        for each in range(number):
            copy = place / f"copy-{each}"
            copy.mkdir()
            for name in NEEDED:
                if (ROOT / name).is_dir():
                    shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    shutil.copy(ROOT / name, copy)
            self._free.put(copy)

    @contextmanager
    def one(self) -> Iterator[Path]:
        """Lend a copy."""
        copy = self._free.get()
        try:
            yield copy
        finally:
            self._free.put(copy)


def tested(copy: Path, suites: tuple[str, ...], seconds: float | None = None) -> Outcome:
    """Run *suites* in *copy* until the first failure; the same each time, and stopped after *seconds*."""
    same = {"CI": "true", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "KG_TEST_REQUIRE": ""}
    start = time.monotonic()
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider", *suites],
        cwd=copy,
        env=os.environ | same | {"PYTHONPATH": str(copy / "src"), "KG_SHARED": str(copy / "none")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        out, _ = run.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return Outcome(None, "never ended", time.monotonic() - start)
    failed = (line.partition(" - ")[0] for line in out.splitlines() if line.startswith(("FAILED ", "ERROR ")))
    return Outcome(
        run.returncode, next(failed, out[-500:] if run.returncode else ""), time.monotonic() - start
    )


def tried(copies: Copies, file: str, mutant: mutants.Mutant, seconds: float) -> Outcome:
    """Run the suites of *file* with *mutant* in it."""
    with copies.one() as copy:
        path = copy / "src" / "kg" / file
        whole = path.read_text(encoding="utf-8")
        path.write_text(mutants.mutated(whole, mutant), encoding="utf-8")
        try:
            return tested(copy, mutants.SUITES[file], seconds)
        finally:
            path.write_text(whole, encoding="utf-8")


def chosen(words: list[str]) -> list[tuple[str, mutants.Mutant]]:
    """Give each mutant with its file. Raises ValueError where one is stale."""
    found = []
    for file, own in mutants.MUTANTS.items():
        text = (ROOT / "src" / "kg" / file).read_text(encoding="utf-8")
        for mutant in own:
            mutants.mutated(text, mutant)
            if not words or any(word in file for word in words):
                found.append((file, mutant))
    return found


def main() -> int:
    """Run the mutants, print what became of each, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("words", nargs="*", help="only files whose names hold one of these")
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    asked = parser.parse_args()
    try:
        work = chosen(asked.words)
    except ValueError as error:
        print(f"tests/mutants.py is stale: {error}")
        return 2
    if not work:
        print(f"no file is named so; there are {', '.join(mutants.MUTANTS)}")
        return 2
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as place, ThreadPoolExecutor(asked.jobs) as pool:
        copies = Copies(Path(place), asked.jobs)

        def unspoilt(suites: tuple[str, ...]) -> Outcome:
            with copies.one() as copy:
                return tested(copy, suites)

        suites = list(dict.fromkeys(mutants.SUITES[file] for file, _ in work))
        before = dict(zip(suites, pool.map(unspoilt, suites), strict=True))
        for names, outcome in before.items():
            print(f"without a mutant {outcome.seconds:5.1f} s  {' '.join(names)}", flush=True)
            if outcome.code != 0:
                print(f"these tests fail without any mutant: {outcome.said}")
                return 2
        limits = [30 + PATIENCE * before[mutants.SUITES[file]].seconds for file, _ in work]
        runs = pool.map(lambda each, limit: tried(copies, *each, limit), work, limits)
        survivors = []
        for (file, mutant), outcome in zip(work, runs, strict=True):
            state = "noticed " if outcome.noticed else "SURVIVED"
            print(f"{state} {outcome.seconds:5.1f} s  {file}: {mutant.breaks}  {outcome.said}", flush=True)
            if not outcome.noticed:
                survivors.append(f"{file}: {mutant.breaks}: {mutant.old!r} → {mutant.new!r}")
    print(f"{len(work)} mutants, {len(survivors)} survivors, {time.monotonic() - start:.0f} s")
    for survivor in survivors:
        print(survivor)
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
