"""Confinement: what a worker gives up before it reads its first task, and how it dies with its parent.

Linux gives all of it. Elsewhere there is what the system has: no cap of memory on macOS, neither cap nor silence on Windows;
a server there is for its own machine.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1  # prctl(2)


def die_with(parent: int) -> None:
    """Have the system kill this process when the thread of *parent* that started it ends; end now where that is over.

    Only Linux can do that. Everywhere a worker also ends when its channel does.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    if sys.platform != "win32" and os.getppid() != parent:  # there the parent may be a launcher of Python
        os._exit(0)


def confine(memory: int) -> None:
    """Give up core files, all but *memory* more bytes of address space, and the opening of any file or socket.

    An absolute cap of memory would kill the workers of a large release, so it counts from what the process has now.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - few imports, little memory
            pages = int(file.read().split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
