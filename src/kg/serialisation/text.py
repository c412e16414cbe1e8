"""What the writers share: a document in pieces, and a memory of terms that does not grow with the data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Final, NamedTuple, TypeVar

from kg.serialisation.runs import Runs

_T = TypeVar("_T")

REMEMBERED: Final = 20_000
"""Terms whose written form a document remembers at one time."""

SUBJECT_END: Final = b"\x01"
GRAPH_END: Final = b"\x00"
"""What stands between blocks in a temporary file, and after the graph of one. No document has these characters in it."""


class Text(NamedTuple):
    """A document in pieces of UTF-8, and the number of distinct statements that it holds."""

    pieces: Iterable[bytes]
    statements: int


class Memory(dict[str, _T]):
    """The written form of terms, each worked out by *write* when it is first asked for, and forgotten when there are too many."""

    def __init__(self, write: Callable[[str], _T]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, term: str) -> _T:
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[term] = self._write(term)
        return found


def by_graph(blocks: Runs) -> Iterator[tuple[bytes, Iterator[bytes]]]:
    """Give each graph with the *blocks* in it, in order; they were added with the graph and :data:`GRAPH_END` before them."""
    split = (block.split(GRAPH_END, 1) for block in blocks)
    for graph, members in groupby(split, _first):
        yield graph, (block for _, block in members)


def _first(pair: list[bytes]) -> bytes:
    return pair[0]
