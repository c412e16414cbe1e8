"""Compressed files by the end of their names: ``.gz`` (gzip, RFC 1952) and ``.zst`` (Zstandard, RFC 8878), the same bytes each time.

They say neither when they were made nor what they were called. Another version of zlib or libzstd may pack otherwise.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol, cast


class _Compressor(Protocol):
    """What packs data piece by piece; ``flush`` gives the end."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def _gzip() -> _Compressor:
    return zlib.compressobj(6, zlib.DEFLATED, 16 + zlib.MAX_WBITS)  # with a head in which the time is 0


def _zstandard() -> _Compressor:
    if sys.version_info >= (3, 14):
        from compression import zstd

        return zstd.ZstdCompressor(options={zstd.CompressionParameter.checksum_flag: 1})
    import zstandard

    return zstandard.ZstdCompressor(write_checksum=True).compressobj()


_COMPRESSORS: Final[dict[str, Callable[[], _Compressor]]] = {".gz": _gzip, ".zst": _zstandard}


def is_packed(path: Path) -> bool:
    """Tell whether a file called *path* is compressed."""
    return path.suffix.lower() in _COMPRESSORS


def bare(path: Path) -> Path:
    """Give *path* without the end of its name that tells that it is compressed."""
    return path.with_suffix("") if is_packed(path) else path


class _Packing:
    """A file that is written compressed."""

    def __init__(self, out: BinaryIO, compressor: _Compressor) -> None:
        self._out = out
        self._compressor = compressor

    def write(self, data: bytes) -> int:
        self._out.write(self._compressor.compress(data))
        return len(data)

    def finish(self) -> None:
        self._out.write(self._compressor.flush())


@contextmanager
def packed(out: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    """Give what is written to *out* as the name *path* has it, compressed or as it is.

    What breaks off gets no end, so that a reader of a pipe can tell.
    """
    if not is_packed(path):
        yield out
        return
    packing = _Packing(out, _COMPRESSORS[path.suffix.lower()]())
    yield cast(BinaryIO, packing)
    packing.finish()
