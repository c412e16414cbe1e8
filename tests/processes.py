"""Processes as the system shows them, and a server of the collection as a process (Linux)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import collection

PATIENCE = 20.0
"""Seconds after which something that has to happen soon is missed."""


def alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    return bool(fields := _stat(pid)) and fields[0] not in ("Z", "X")


def stopped(pid: int) -> bool:
    """Tell whether a process is stopped (SIGSTOP)."""
    return _stat(pid)[:1] == ["T"]


def priority(pid: int) -> list[int]:
    """Give the nice value of each thread of a process, the main one first."""
    threads = sorted(int(path.name) for path in Path(f"/proc/{pid}/task").iterdir())
    return [os.getpriority(os.PRIO_PROCESS, thread) for thread in threads]


def descendants(pid: int) -> set[int]:
    """Give all processes below *pid*, zombies too."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    parents = {number: _stat(number) for number in numbers}
    found: set[int] = set()
    while more := {
        one
        for one, fields in parents.items()
        if fields and int(fields[1]) in found | {pid} and one not in found
    }:
        found |= more
    return found


def zombies(pid: int) -> set[int]:
    """Give the zombies below *pid*."""
    return {one for one in descendants(pid) if (fields := _stat(one)) and fields[0] == "Z"}


def cpu(*pids: int) -> float:
    """Give the seconds of processor time that processes have used."""
    return sum(sum(map(int, fields[11:13])) for pid in pids if (fields := _stat(pid))) / os.sysconf(
        "SC_CLK_TCK"
    )


def memory(pid: int) -> int:
    """Give the bytes of memory that a process has resident."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def eventually(what: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until *what* is so, at most *seconds*, and tell whether it is."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _stat(pid: int) -> list[str]:
    """Give the fields of ``/proc/PID/stat`` after the name; none where there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


@dataclass(frozen=True)
class Served:
    """A server: its process and its address, with a slash at the end."""

    process: subprocess.Popen[str]
    url: str

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def zygote(self) -> int:
        (found,) = (
            pid for pid in descendants(self.pid) if (fields := _stat(pid)) and int(fields[1]) == self.pid
        )
        return found

    @property
    def workers(self) -> set[int]:
        return descendants(self.pid) - {self.zygote}


@contextmanager
def served(directory: Path, **limits: float) -> Iterator[Served]:
    """Run ``kg serve`` on the collection with *limits*, whose file is written into *directory*."""
    file = directory / "limits.toml"
    file.write_text("[limits]\n" + "".join(f"{name} = {value}\n" for name, value in limits.items()))
    command = [sys.executable, "-m", "kg", "serve", str(collection.built()), "--limits", str(file)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = None
        while found is None and (line := process.stdout.readline()):
            found = re.search(r"serving on (\S+)", line)
        assert found is not None, process.communicate()
        yield Served(process, found[1])
    finally:
        process.kill()
        process.communicate()
