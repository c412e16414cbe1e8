"""The builders' lock on a directory of releases: one process at a time, freed by the system if it dies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kg.errors import StoreError

LOCK: Final = "LOCK"

if sys.platform == "win32":
    import msvcrt

    def _seize(descriptor: int) -> None:
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # far behind the process id, which others have to read
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _seize(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Hold the lock of *out* while the block runs; the file stays, since removing it would let two in.

    Raises StoreError, naming the process, where another builder holds it; OSError where it cannot be made.
    """
    descriptor = os.open(out / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _seize(descriptor)
        except (BlockingIOError, PermissionError) as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            raise StoreError(
                f"another build is writing to {out}" + (f" (process {holder})" if holder else ""),
                remedy="wait until it has ended, or write elsewhere with -o DIR",
            ) from error
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def locked(out: Path) -> bool:
    """Tell whether another builder holds the lock of *out* now; where nobody can tell, nobody does.

    The lock is taken and given up at once, since no system tells otherwise.
    """
    try:
        descriptor = os.open(out / LOCK, os.O_RDWR)
    except OSError:
        return False
    try:
        _seize(descriptor)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def holder(out: Path) -> int | None:
    """Give the process that took the lock of *out* last, None where none did."""
    try:
        text = (out / LOCK).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return int(text) if text.isdecimal() else None
