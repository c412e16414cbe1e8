"""N-Triples and N-Quads: one statement a line, in canonical form, sorted by code point and so by byte."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.serialisation.statements import Sorted, Statements, no_statement, parted

_PIECE: Final = 2**20


def quads(statements: Statements) -> Iterator[bytes]:
    """Give the dataset as N-Quads; a file of it is given as it is."""
    if isinstance(statements, Sorted):
        with statements.open() as file:
            while data := file.read(_PIECE):
                yield data
    else:
        for lines in statements.batches():
            yield _written(lines)


def triples(statements: Statements) -> Iterator[bytes]:
    """Give the union of all graphs as N-Triples; what is equal stands together, since the graph is the last term of a line."""
    last, end = "", "\n"
    for lines in statements.batches():
        found = []
        for line in lines:
            start = _start_of_object(line)
            if line.endswith(end) and len(line) - len(end) > start:  # the graph of the line before
                triple = line[: -len(end)]
            else:
                object, graph = parted(line[start:])
                triple = line[:start] + object
                end = f" {graph} ." if graph else "\n"
            if triple != last:
                found.append(f"{triple} .")
                last = triple
        if found:
            yield _written(found)


def _start_of_object(line: str) -> int:
    """Give where the object of *line* begins. Raises StoreError where it has none."""
    try:
        return line.index(" ", line.index(" ") + 1) + 1
    except ValueError:
        raise no_statement(line) from None


def _written(lines: list[str]) -> bytes:
    return "\n".join([*lines, ""]).encode()
