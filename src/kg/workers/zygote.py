"""The zygote: a process with no threads that has loaded the release, and forks a worker whenever it is asked to.

A fork of a process with threads may hang (a lock that another thread held stays held), so the web process, which has some, is
never forked: it starts this one afresh, ``python -m kg.workers.zygote CONTROL PARENT``, with the :class:`Release` as a
frame on standard input. A worker shares the memory of the release until it writes to it; a large release, on disk, is
opened by each worker itself.

On the control socket (a Unix socket of sequenced packets) comes ``fork``, with the worker's end of its channel, and goes
``{"pid": …}``; comes ``reap PID``, for a worker that was killed or has gone, and goes ``{"code": …}``, negative for a signal, or
``{"ending": …}`` as long as the system has not done with it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any, Final, NoReturn

from kg.errors import KgError, StoreError
from kg.store import EmbeddedStore
from kg.workers.confinement import die_with
from kg.workers.evaluation import warm_up
from kg.workers.frames import Reader
from kg.workers.task import Release
from kg.workers.worker import Opening, serve

MESSAGE: Final = 4096
"""Bytes of a message on the control socket at most."""
_AGAIN: Final = "again"


class Zygote:
    """Forks workers that answer from *release*, as *control* asks."""

    def __init__(self, control: socket.socket, release: Release, opening: Opening) -> None:
        self._control = control
        self._release = release
        self._opening = opening
        self._children: set[int] = set()

    def run(self) -> None:
        """Do what is asked until the other end is closed; then take the workers along."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 1)
            if not message:
                break
            if message == b"fork":
                self._tell(self._fork(*descriptors))
            else:
                self._tell(self._reap(int(message.removeprefix(b"reap "))))
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _fork(self, channel: int) -> dict[str, Any]:
        own = os.getpid()
        try:
            if (pid := os.fork()) == 0:
                self._become_worker(channel, own)
        except OSError as error:
            return {"failed": f"no process can be started: {error.strerror}"}
        finally:
            os.close(channel)
        self._children.add(pid)
        return {"pid": pid}

    def _become_worker(self, channel: int, parent: int) -> NoReturn:
        try:
            die_with(parent)
            os.setpgid(0, 0)  # a group's priority is that of all its threads
            self._control.close()
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, 2)  # the web process logs how a worker ended
            os.close(nothing)
            serve(channel, channel, self._opening, self._release)
        finally:
            os._exit(1)

    def _reap(self, pid: int) -> dict[str, Any]:
        """Give the exit code of a worker, where it has ended; to wait for one of low priority would hold up the next fork."""
        if pid not in self._children:
            return {"failed": f"{pid} is no worker"}
        ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended:
            return {"ending": pid}
        self._children.discard(pid)
        return {"code": os.waitstatus_to_exitcode(status)}

    def _tell(self, message: dict[str, Any]) -> None:
        self._control.send(json.dumps(message).encode()[:MESSAGE])


def main() -> None:
    """Load the release, say so or why not, and fork."""
    control = socket.socket(fileno=int(sys.argv[1]))
    die_with(int(sys.argv[2]))
    frame = Reader(0).feed(sys.stdin.buffer.read())
    if frame is None:
        return
    release = Release(**frame.head)
    try:
        warm_up(release)
        opening = EmbeddedStore.prepared(Path(release.directory), in_memory=release.in_memory)
        if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
            _begin_again()
    except KgError as error:
        control.send(json.dumps({"failed": error.message[:1000], "remedy": error.remedy[:1000]}).encode())
        return
    gc.collect()
    gc.freeze()  # a collection would write to every page, and so copy it
    control.send(json.dumps({"ready": os.getpid()}).encode())
    Zygote(control, release, opening).run()


def _begin_again() -> NoReturn:
    """Start this program anew in this process: to make a store on disk leaves threads behind, to find it made does not."""
    if sys.argv[-1] == _AGAIN:
        raise StoreError("the engine leaves threads behind, so that it cannot be forked")
    os.lseek(0, 0, os.SEEK_SET)
    os.execv(sys.executable, [*sys.orig_argv, _AGAIN])  # noqa: S606


if __name__ == "__main__":
    main()
