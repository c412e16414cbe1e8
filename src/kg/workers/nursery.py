"""Nurseries: how the web process gets its workers, forked from a zygote or, where the system cannot fork so, spawned.

A fork takes a millisecond or two for a small release; a spawned worker starts an interpreter and loads the release itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final, Protocol

from kg.errors import StoreError
from kg.workers.frames import encoded
from kg.workers.process import Forked, Lost, Spawned, Worker
from kg.workers.task import Release
from kg.workers.zygote import MESSAGE

FORKS: Final = sys.platform == "linux"
"""Whether workers are forked here: macOS has a fork that its own libraries do not survive, Windows has none."""
STARTING: Final = 120.0
"""Seconds in which a process has to be ready."""
_APART: Final = 1.0
"""Seconds between two starts of a zygote at least."""
_NOTICED: Final = 0.1
"""Seconds in which the end of a zygote is noticed: that of the workers which it takes along may be seen before."""
_ENDING: Final = 0.01
"""Seconds after which is asked again whether a process has ended."""

# -P: what lies in the working directory is no module of ours.
_INTERPRETER: Final = (sys.executable, "-P", "-m")

OnLost = Callable[[Worker], None]


class Nursery(Protocol):
    """Where workers come from."""

    async def start(self) -> None:
        """Get ready. Raises StoreError where the release cannot be used."""

    async def worker(self, on_lost: OnLost) -> Worker:
        """Give a new worker, which is ready. Raises StoreError where there is none to be had."""

    async def stop(self) -> None:
        """Leave nothing behind; every worker has to be gone already."""


class Forking:
    """Workers that answer from *release*, in bodies of at most *most* bytes, forked from a zygote.

    Where the zygote has ended, its workers end with it, and the next worker that is wanted brings another one.
    """

    def __init__(self, release: Release, most: int) -> None:
        self._release = release
        self._most = most
        self._zygote: _Zygote | None = None
        self._turn = asyncio.Lock()
        self._begun = -_APART

    async def start(self) -> None:
        """Start the zygote. Raises StoreError, with the reason that it gives."""
        async with self._turn:
            await self._living()

    async def worker(self, on_lost: OnLost) -> Worker:
        """Give a new worker, which is ready. Raises StoreError."""
        before = self._zygote
        try:
            return await self._forked(on_lost)
        except StoreError:
            await asyncio.sleep(_NOTICED)
            if before is not None and before is self._zygote and not before.ended:
                raise
        return await self._forked(on_lost)  # the zygote ended meanwhile, and there is or will be another

    async def _forked(self, on_lost: OnLost) -> Worker:
        ours, theirs = socket.socketpair()
        try:
            async with self._turn:
                zygote = await self._living()
                told = await zygote.ask(b"fork", theirs.fileno())
                if "pid" not in told:
                    raise StoreError(str(told.get("failed", "the zygote has ended")))
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()

        async def reap(pid: int) -> int | None:
            while True:
                async with self._turn:
                    told = await zygote.ask(b"reap %d" % pid)
                if "ending" not in told:
                    return told.get("code")
                await asyncio.sleep(_ENDING)

        worker = Forked(self._most, on_lost, told["pid"], reap)
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
        return await _ready(worker)

    async def stop(self) -> None:
        """End the zygote."""
        async with self._turn:
            if self._zygote is not None:
                await self._zygote.end()
                self._zygote = None

    async def _living(self) -> _Zygote:
        """Give the zygote, a new one where the last has ended."""
        if self._zygote is not None and self._zygote.ended:
            await self._zygote.end()
            self._zygote = None
        if self._zygote is None:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(self._begun + _APART - loop.time())
            self._begun = loop.time()
            self._zygote = await _Zygote.start(self._release)
        return self._zygote


class _Zygote:
    """The zygote's process and the socket on which it is asked, one question at a time."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._ended = False

    @classmethod
    async def start(cls, release: Release) -> _Zygote:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        command = (*_INTERPRETER, "kg.workers.zygote", str(theirs.fileno()), str(os.getpid()))
        with theirs, tempfile.TemporaryFile() as told:
            for piece in encoded(asdict(release)):
                told.write(piece)
            told.seek(0)
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=told,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                process_group=0,  # Ctrl-C is for the server, which ends its processes itself
            )
        zygote = cls(process, ours)
        try:
            async with asyncio.timeout(STARTING):
                answer = await zygote._told()
        except BaseException:
            await zygote.end()
            raise
        if "ready" in answer:
            return zygote
        await zygote.end()
        raise StoreError(
            str(answer.get("failed", "the process that loads the release ended before it had")),
            remedy=str(answer.get("remedy", "")),
        )

    @property
    def ended(self) -> bool:
        return self._ended or self._process.poll() is not None

    async def ask(self, message: bytes, *descriptors: int) -> dict[str, Any]:
        """Give the zygote's answer; nothing where it has ended."""
        try:
            socket.send_fds(self._control, [message], descriptors)
            return await self._told()
        except OSError:
            self._ended = True
            return {}
        except asyncio.CancelledError:  # the answer that comes belongs to nobody
            self._ended = True
            raise

    async def _told(self) -> dict[str, Any]:
        data = await asyncio.get_running_loop().sock_recv(self._control, MESSAGE)
        self._ended = not data
        return dict(json.loads(data)) if data else {}

    async def end(self) -> None:
        """End the process; it takes its workers along."""
        self._ended = True
        self._control.close()
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._process.wait, 2)
        self._process.kill()
        await asyncio.to_thread(self._process.wait)


class Spawning:
    """Workers that answer from *release*, in bodies of at most *most* bytes, each of which loads or opens it itself."""

    def __init__(self, release: Release, most: int) -> None:
        self._release = release
        self._most = most

    async def start(self) -> None:
        """Do nothing: the first worker says what is wrong."""

    async def worker(self, on_lost: OnLost) -> Worker:
        """Give a new worker, which is ready. Raises StoreError."""
        loop = asyncio.get_running_loop()
        command = (*_INTERPRETER, "kg.workers.worker", str(os.getpid()))
        apart: dict[str, Any] = {} if sys.platform == "win32" else {"process_group": 0}
        _, worker = await loop.subprocess_exec(
            lambda: Spawned(self._most, on_lost), *command, stderr=subprocess.DEVNULL, **apart
        )
        for piece in encoded(asdict(self._release)):
            worker._send(piece)
        return await _ready(worker)

    async def stop(self) -> None:
        """Do nothing: workers are all there is."""


async def _ready(worker: Worker) -> Worker:
    """Give *worker* when it is ready. Raises StoreError, and leaves nothing of it, where it does not become so."""
    told: dict[str, Any] = {}
    try:
        async with asyncio.timeout(STARTING):
            told = await worker.ready()
    except (Lost, TimeoutError):
        pass
    finally:
        if "ready" not in told:
            worker.kill()
            await worker.ended()
    if "ready" not in told:
        raise StoreError(
            str(told.get("failed", "a worker ended before it was ready")), remedy=str(told.get("remedy", ""))
        )
    return worker
