"""Runs a command, and measures its wall time and the most memory that it and all its children hold at once."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Final

PAUSE: Final = 0.05
"""Seconds between two looks at the memory."""
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command took: *seconds*, *memory* in MiB, and *failed*, which says why it did not do its work, if so."""

    seconds: float
    memory: float
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A *command* that works in *directory*, may end with one of *codes* and reads *given* from standard input.

    What it writes to standard output goes to *output*. A program that prepares something first leaves the seconds that this took
    in the file *prepared*; they are no part of the work. *beside* is the process of a server that does the work, whose memory counts.
    """

    command: Sequence[str]
    directory: Path
    output: Path
    codes: tuple[int, ...] = (0,)
    given: str = ""
    prepared: Path | None = None
    beside: int = 0
    environment: Mapping[str, str] | None = None


def run(job: Job, limit: float) -> Ran:
    """Run *job*, and end it with all its children where it takes more than *limit* seconds."""
    if job.prepared is not None:
        job.prepared.unlink(missing_ok=True)
    said = job.output.with_name(f"{job.output.name}.stderr")
    failed = ""
    with job.output.open("wb") as out, said.open("wb") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            job.command, cwd=job.directory, stdin=subprocess.PIPE, stdout=out, stderr=errors, start_new_session=True,
            env={**os.environ, **(job.environment or {})},
        )  # fmt: skip
        with _Watch({process.pid, job.beside} - {0}) as watch:
            try:
                process.communicate(job.given.encode(), timeout=limit)
            except subprocess.TimeoutExpired:
                failed = f"more than {limit:g} s"
            finally:
                _end(process)
        seconds = time.perf_counter() - begun
    if not failed and process.returncode not in job.codes:
        failed = last_line(said.read_text(errors="replace")) or f"exit code {process.returncode}"
    if job.prepared is not None and job.prepared.exists():
        seconds -= float(job.prepared.read_text())
    return Ran(seconds, watch.most / 1024**2, failed)


def last_line(text: str) -> str:
    """Give the last line of *text* that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the group of *process*, of which a part may still run."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


class _Watch:
    """Looks, as long as it is entered, at the resident memory of the sessions of *leaders*; ``most`` is the largest sum in bytes."""

    def __init__(self, leaders: set[int]) -> None:
        self._leaders = leaders
        self._done = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self.most = 0

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(PAUSE):
            self.most = max(self.most, sum(map(_resident, _members(self._leaders))))


def _members(leaders: set[int]) -> list[int]:
    """Give the processes of the sessions that *leaders* lead."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(ProcessLookupError):
                if os.getsid(int(entry.name)) in leaders:
                    found.append(int(entry.name))
    return found


def _resident(process: int) -> int:
    """Give the bytes of *process* that are in memory; those of a library that several map count for each."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
