"""The files of a release as they are written: counted, digested and forced to disk, readable by all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, cast

from kg import tables
from kg.formats import CSV, GEO_JSON, RDF_FORMATS
from kg.manifest import File, digest

_MEDIA_TYPES: Final = {format.suffix: format.media_type for format in (*RDF_FORMATS, CSV, GEO_JSON)} | {
    "cff": "text/yaml",
    "json": "application/json",
    "md": "text/markdown",
    "rq": "application/sparql-query",
    "sqlite": "application/vnd.sqlite3",
    tables.METADATA: "application/csvm+json",
}
"""By the whole name of a file, or its suffix."""


class Output:
    """A file being written: counts and digests what is meant to be in it, whatever the disk makes of that."""

    def __init__(self, path: str, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self._sha256, self._size = hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        """Write *data* and give their number."""
        self._sha256.update(data)
        self._size += len(data)
        return self._file.write(data)

    @property
    def binary(self) -> BinaryIO:
        """The same, for those who ask for a file."""
        return cast(BinaryIO, self)

    @property
    def file(self) -> File:
        """What the manifest says of what was written."""
        name, suffix = self._path.rpartition("/")[2], self._path.rpartition(".")[2]
        media_type = _MEDIA_TYPES.get(name) or _MEDIA_TYPES.get(suffix, "application/octet-stream")
        return File(self._path, self._size, self._sha256.hexdigest(), media_type)


def settled(path: Path) -> File:
    """Give what the manifest says of the SQLite file at *path*, forced to disk as :func:`writing` does it."""
    path.chmod(0o644)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return File(path.name, *digest(path), _MEDIA_TYPES["sqlite"])


@contextmanager
def writing(directory: Path, path: str) -> Iterator[Output]:
    """Write the new file *path* below *directory*, forced to disk, readable by all whatever the umask."""
    target = directory / path
    for parent in reversed(target.relative_to(directory).parents):
        (directory / parent).mkdir(exist_ok=True)
        (directory / parent).chmod(0o755)
    with target.open("wb") as file:
        yield Output(path, file)
        file.flush()
        target.chmod(0o644)
        os.fsync(file.fileno())
