"""A worker as the web process sees it: one question at a time, one answer, and an end that cannot be refused."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, cast

from kg.workers.frames import BrokenFrame, Frame, Reader, encoded

LOWEST: Final = 19
"""The priority of a query that takes long (nice)."""
PAUSES: Final = hasattr(signal, "SIGSTOP")
"""Whether a worker can be stopped and go on later: not on Windows."""


class Lost(Exception):
    """The worker ended before it answered."""


class Worker:
    """What forked and spawned workers have in common; a body has at most *most* bytes.

    *on_lost* is called once, when the channel has ended; the worker has given up its memory then. ``answers`` counts the
    questions answered, ``doomed`` tells whether it was killed, ``since`` is when it began to wait (monotonic).
    """

    pid: int

    def __init__(self, most: int, on_lost: Callable[[Worker], None]) -> None:
        self.answers = 0
        self.doomed = False
        self.since = 0.0
        self.lost = asyncio.Event()
        self._reader = Reader(most)
        # the first message may be there before anybody asks for it
        self._reply: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._on_lost = on_lost
        self._clock: int | None = None
        self._resident = 0

    async def ask(self, head: dict[str, Any]) -> Frame:
        """Send *head* and give the reply, whose body the caller closes. Raises Lost; cancelled, the worker is of no more use."""
        waiting = self._expected()
        for piece in encoded(head):
            self._send(piece)
        frame = await _kept(waiting)
        self.answers += 1
        return frame

    def give_up(self, error: Exception) -> None:
        """Have whoever asked get *error* now; the worker is of no more use, and the caller ends it."""
        if not self._reply.done():
            self._reply.set_exception(error)

    async def ready(self) -> dict[str, Any]:
        """Give the first message, which the worker sends by itself. Raises Lost."""
        frame = await _kept(self._reply)
        frame.body.close()
        return frame.head

    def lower(self) -> None:
        """Let the worker run only where nothing else would; for good, since this process may not raise it again."""
        if hasattr(os, "setpriority"):
            with suppress(ProcessLookupError, PermissionError):  # it has just ended
                os.setpriority(os.PRIO_PGRP, self.pid, LOWEST)  # of a process: its first thread's only

    def used(self) -> float:
        """Give a number of seconds that grows with the processor time of the worker, or as the clock where that is unknown."""
        if self._clock is None:
            self._clock = _processor_clock(self.pid)
            self._resident = _resident(self.pid)
        try:
            return time.clock_gettime(self._clock) if self._clock else time.monotonic()
        except OSError:  # it has just ended
            return 0.0

    def grown(self) -> int:
        """Give the bytes of memory that the worker has more than before its first query; 0 where that is unknown."""
        return max(0, _resident(self.pid) - self._resident)

    def pause(self) -> None:
        """Stop the worker where it is; it keeps its memory, and can be killed."""
        if PAUSES:
            self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let the worker go on."""
        if PAUSES:
            self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the worker, whatever it is doing."""
        self.doomed = True
        self._signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)

    def _signal(self, number: int) -> None:
        """Send a signal to the worker, unless another process may have its number."""
        raise NotImplementedError

    async def ended(self) -> int | None:
        """Wait for the end of the worker, leave no zombie, and give its exit code: negative for a signal, None where unknown."""
        raise NotImplementedError

    def _send(self, piece: bytes) -> None:
        raise NotImplementedError

    def _expected(self) -> asyncio.Future[Frame]:
        if self.lost.is_set():
            raise Lost
        self._reply = asyncio.get_running_loop().create_future()
        return self._reply

    def _came(self, piece: bytes) -> None:
        """Take what came. What is no answer to a question ends the worker; so does a full disk, where bodies lie."""
        try:
            frame = self._reader.feed(piece)
        except (BrokenFrame, OSError):
            self.kill()
            return
        if frame is None:
            return
        if self._reply.done():
            frame.body.close()
            self.kill()
        else:
            self._reply.set_result(frame)

    def _ended(self) -> None:
        if self.lost.is_set():
            return
        self.lost.set()
        self._reader.close()
        if not self._reply.done():
            self._reply.set_exception(Lost())
        self._on_lost(self)


class Forked(Worker, asyncio.Protocol):
    """A worker that a zygote forked; *reap* has it give the exit code of one of its children."""

    def __init__(
        self,
        most: int,
        on_lost: Callable[[Worker], None],
        pid: int,
        reap: Callable[[int], Awaitable[int | None]],
    ) -> None:
        super().__init__(most, on_lost)
        self.pid = pid
        self._reap = reap
        self._transport: asyncio.Transport | None = None
        self._reaped = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.Transport, transport)  # that of another loop is no subclass

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self._came(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end."""
        self._ended()

    def _signal(self, number: int) -> None:
        if not self._reaped:  # until then no other process gets its number
            with suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, number)

    async def ended(self) -> int | None:
        """Wait for the end and have the zygote reap it."""
        await self.lost.wait()
        if self._reaped:
            return None
        self._reaped = True
        return await self._reap(self.pid)

    def _send(self, piece: bytes) -> None:
        if self._transport is not None:
            self._transport.write(piece)


class Spawned(Worker, asyncio.SubprocessProtocol):
    """A worker that the web process started, asked on standard input and answering on standard output."""

    def __init__(self, most: int, on_lost: Callable[[Worker], None]) -> None:
        super().__init__(most, on_lost)
        self._transport: asyncio.SubprocessTransport | None = None
        self._exited = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self.pid = self._transport.get_pid()

    def pipe_data_received(self, fd: int, data: bytes | str) -> None:
        """Take what came."""
        assert isinstance(data, bytes)  # noqa: S101
        self._came(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Note the end of standard output."""
        if fd == 1:
            self._ended()

    def process_exited(self) -> None:
        """Note the end of the process."""
        self._exited.set()

    def _signal(self, number: int) -> None:
        if not self._exited.is_set():  # asyncio's own way would reap, and then miss what it reaped
            with suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, number)

    async def ended(self) -> int | None:
        """Wait for the end; asyncio has reaped it then."""
        await self._exited.wait()
        assert self._transport is not None  # noqa: S101
        code = self._transport.get_returncode()
        self._transport.close()
        return code

    def _send(self, piece: bytes) -> None:
        pipe = self._transport and self._transport.get_pipe_transport(0)
        if pipe is not None:
            cast(asyncio.WriteTransport, pipe).write(piece)


async def _kept(waiting: asyncio.Future[Frame]) -> Frame:
    """Give the frame that comes; its body is closed where nobody takes it any more."""
    try:
        return await waiting
    except asyncio.CancelledError:
        if waiting.done() and not waiting.cancelled() and waiting.exception() is None:
            waiting.result().body.close()
        raise


def _processor_clock(pid: int) -> int:
    """Give the clock of the processor time of a process (POSIX, clock_getcpuclockid), 0 where there is none."""
    clock = ctypes.c_int(0)
    if sys.platform == "linux" and ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)) == 0:
        return clock.value
    return 0


def _resident(pid: int) -> int:
    """Give the bytes of memory that a process has resident, 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # it has just ended
        return 0
