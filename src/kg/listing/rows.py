"""Sets of rows of a list, as they are kept in the file: by number, or as one bit a row where that is shorter.

While a list is filtered a set is an int whose bit *n* says whether row *n* is in it: two sets meet in one ``&``, and
``int.bit_count`` counts them. Nothing is compressed, so that the bytes are the same whatever library wrote them.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def pack(rows: Sequence[int], total: int) -> bytes:
    """Give *rows*, sorted numbers below *total*, as bytes."""
    if 4 * len(rows) < -(-total // 8):
        numbers = array("I", rows)
        if sys.byteorder == "big":
            numbers.byteswap()
        return b"n" + numbers.tobytes()
    return b"b" + bits(rows, total).to_bytes(-(-total // 8), "little")


def unpack(data: bytes, total: int) -> int:
    """Give the set that :func:`pack` wrote, one bit a row."""
    return bits(_numbers(data), total) if data[:1] == b"n" else int.from_bytes(data[1:], "little")


def common(data: bytes, chosen: int, marks: bytes) -> int:
    """Count the rows that the packed *data* has in common with *chosen*, whose bytes are *marks*."""
    if data[:1] == b"n":
        return sum(marks[row >> 3] >> (row & 7) & 1 for row in _numbers(data))
    return (int.from_bytes(data[1:], "little") & chosen).bit_count()


def bits(rows: Iterable[int], total: int) -> int:
    """Give the set of *rows*, one bit a row."""
    marks = bytearray(-(-total // 8))
    for row in rows:
        marks[row >> 3] |= 1 << (row & 7)
    return int.from_bytes(marks, "little")


def everything(total: int) -> int:
    """Give the set of all rows of a list of *total*."""
    return (1 << total) - 1


def marks(chosen: int, total: int) -> bytes:
    """Give *chosen* as bytes, of which single bits are read in no time."""
    return chosen.to_bytes(-(-total // 8), "little")


def members(chosen: int, total: int) -> Iterator[int]:
    """Give the rows of *chosen* in their order."""
    for place, byte in enumerate(marks(chosen, total)):
        for bit in _BITS[byte]:
            yield 8 * place + bit


def page(chosen: int, total: int, order: Sequence[int] | None, start: int, size: int) -> list[int]:
    """Give the *size* rows of *chosen* from *start* on, in *order*; None is that of their numbers."""
    if order is None:
        return list(islice(members(chosen, total), start, start + size))
    seen = marks(chosen, total)
    return list(islice((row for row in order if seen[row >> 3] >> (row & 7) & 1), start, start + size))


def numbers(data: bytes) -> array[int]:
    """Give the numbers that :func:`written` wrote."""
    found = array("I", data)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def written(rows: Iterable[int]) -> bytes:
    """Give *rows* in their order as bytes, four each, the lowest first."""
    found = array("I", rows)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def _numbers(data: bytes) -> array[int]:
    return numbers(data[1:])
