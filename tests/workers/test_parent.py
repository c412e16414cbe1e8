"""Nothing outlives the server: neither a clean end, nor kill -9 in the middle of bombs, leaves a process behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from pools import CROSS, release, task

import collection
import processes
from kg.workers.frames import encoded
from kg.workers.zygote import MESSAGE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc")

PROGRAM = """
import asyncio, sys
from kg.limits import Limits
from kg.workers.pool import Pool
from pools import CROSS, outcome, release

async def main(forks, in_memory, seconds, heavy):
    pool = Pool(release(in_memory=in_memory), Limits(deadline=600, heavy=heavy, patience=600), forks=forks)
    await pool.start()
    asking = [asyncio.create_task(outcome(pool, CROSS)) for _ in range(3)]
    while pool.running + pool.waiting < 3 or pool.waiting != max(0, 3 - heavy):
        await asyncio.sleep(0.01)
    print("running", flush=True)
    await asyncio.sleep(seconds)
    await pool.stop()
    print(*(type(error).__name__ for error in await asyncio.gather(*asking)), flush=True)

asyncio.run(main(sys.argv[1] == "True", int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
"""
WAYS = pytest.mark.parametrize(
    ("forks", "in_memory"),
    [(True, 1_000_000), (True, 1), (False, 1_000_000)],
    ids=["memory", "disk", "spawned"],
)


def started(forks: bool, in_memory: int, seconds: float, heavy: int = 8) -> subprocess.Popen[str]:
    """Start a process with a pool that runs *heavy* of three bombs while the others wait, and stops after some *seconds*."""
    collection.built()
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1])])
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(forks), str(in_memory), str(seconds), str(heavy)],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    return process


@WAYS
@pytest.mark.parametrize("heavy", [8, 1], ids=["running", "stopped"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_a_server_that_is_killed(
    forks: bool, in_memory: int, how: signal.Signals, heavy: int
) -> None:
    process = started(forks, in_memory, 600, heavy)
    assert processes.eventually(lambda: len(processes.descendants(process.pid)) >= 4)
    children = processes.descendants(process.pid)
    assert processes.eventually(lambda: sum(map(processes.stopped, children)) == max(0, 3 - heavy))
    process.send_signal(how)
    process.communicate()
    assert processes.eventually(lambda: not any(map(processes.alive, children)), 2)


@WAYS
def test_nothing_outlives_a_server_that_ends(forks: bool, in_memory: int) -> None:
    process = started(forks, in_memory, 0.2)
    children = processes.descendants(process.pid)
    assert process.communicate()[0] == "Unavailable Unavailable Unavailable\n"
    assert process.returncode == 0
    assert not any(map(processes.alive, children))


def test_a_worker_ends_with_its_channel_in_the_middle_of_a_query() -> None:
    """Without the help of the system, as where it has none: the parent lives on."""
    command = [sys.executable, "-P", "-m", "kg.workers.worker", str(os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(b"".join(encoded(asdict(release()))))
        assert b"ready" in worker.stdout.read(100)
        worker.stdin.write(b"".join(encoded(task(CROSS).to_json())))
        assert processes.eventually(lambda: processes.cpu(worker.pid) > 0.5)
        worker.stdin.close()
        assert worker.wait(2) == 0


def test_a_zygote_takes_its_workers_along() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    channel, end = socket.socketpair()
    number = str(theirs.fileno())
    command = [sys.executable, "-P", "-m", "kg.workers.zygote", number, str(os.getpid())]
    with (
        ours, channel,
        subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[theirs.fileno()]) as zygote,
    ):  # fmt: skip
        theirs.close()
        assert zygote.stdin is not None
        with zygote.stdin as told:
            told.write(b"".join(encoded(asdict(release()))))
        assert json.loads(ours.recv(MESSAGE)) == {"ready": zygote.pid}
        with end:
            socket.send_fds(ours, [b"fork"], [end.fileno()])
            pid = json.loads(ours.recv(MESSAGE))["pid"]
        assert b"ready" in channel.recv(100)
        ours.send(b"reap 1")
        assert "failed" in json.loads(ours.recv(MESSAGE))
        ours.close()
        assert zygote.wait(5) == 0
        assert not processes.alive(pid)
        assert channel.recv(1) == b""
