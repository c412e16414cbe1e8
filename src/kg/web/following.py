"""Which release a server shows: the one that ``CURRENT`` names, or what :mod:`.pushed` says."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, TypeAlias

from kg import manifest
from kg.errors import StoreError
from kg.manifest import CURRENT

Seen: TypeAlias = tuple[str, int, int]
"""What is to be shown, by name, and what tells one writing of that name from another."""


class Following(Protocol):
    """What a server follows. Both methods may take a while."""

    @property
    def again(self) -> bool:
        """Whether the same release, written again, is to be opened again."""

    def seen(self) -> Seen:
        """Give what is to be shown now."""

    def directory(self) -> Path:
        """Give the directory of the release that is to be shown. Raises StoreError."""


class Named:
    """The release that ``CURRENT`` in the directory *out* names; without one there is nothing to follow."""

    again = False

    def __init__(self, out: Path | None) -> None:
        self._out = out

    def seen(self) -> Seen:
        """Give the name, when it was written, and in which file."""
        if self._out is None:
            return "", 0, 0
        path = self._out / CURRENT
        try:
            found = path.stat()
            return path.read_text("utf-8", "replace").strip()[:60], found.st_mtime_ns, found.st_ino
        except OSError:
            return CURRENT, 0, 0

    def directory(self) -> Path:
        """Give the directory. Raises StoreError."""
        if self._out is None:
            raise StoreError("there is no directory of releases", remedy="run kg build")
        return manifest.current(self._out)
