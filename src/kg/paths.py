"""Property paths of SHACL (§2.3.1): the statement that a path leads through from a focus node to a value.

A result says focus, path and value. Where the path is one property those are a statement; where it has several steps,
goes backwards or has branches, the statement is the last one before the value, or the last that there is where the
value is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

Statement: TypeAlias = tuple[Node, Node, Node]
_Step: TypeAlias = tuple[Node, Statement | None]

_REPEATED: Final = (SH.zeroOrMorePath, SH.oneOrMorePath, SH.zeroOrOnePath)


def statement(data: Graph, shapes: Graph, path: Node, focus: Node, value: Node | None) -> Statement | None:
    """Give the statement of *data* by which *path*, as *shapes* describe it, leads from *focus* to *value*.

    Without a *value*, or where the path does not lead to it, that is the last statement which the path gets to;
    None where it gets nowhere.
    """
    last = None
    for node, through in _followed(data, shapes, path, focus):
        if through and value is not None and node == value:
            return through
        last = last or through
    return last


def _followed(data: Graph, shapes: Graph, path: Node, start: Node) -> Iterator[_Step]:
    """Give the nodes that *path* leads to from *start*, each with the last statement; of a sequence also those on the way, last."""
    if isinstance(path, URIRef):
        yield from ((node, (start, path, node)) for node in sorted(data.objects(start, path), key=str))
    elif inverse := shapes.value(path, SH.inversePath):
        if isinstance(inverse, URIRef):
            found = sorted(data.subjects(inverse, start), key=str)
            yield from ((node, (node, inverse, start)) for node in found)
    elif branches := shapes.value(path, SH.alternativePath):
        for branch in shapes.items(branches):
            yield from _followed(data, shapes, branch, start)
    elif (path, RDF.first, None) in shapes:
        yield from _sequence(data, shapes, list(shapes.items(path)), start)
    else:
        for kind in _REPEATED:
            if inner := shapes.value(path, kind):
                yield from _repeated(data, shapes, inner, start)


def _sequence(data: Graph, shapes: Graph, steps: list[Node], start: Node) -> Iterator[_Step]:
    first, *rest = steps
    passed = list(_followed(data, shapes, first, start))
    if rest:
        for node, _ in passed:
            yield from _sequence(data, shapes, rest, node)
    yield from passed


def _repeated(data: Graph, shapes: Graph, inner: Node, start: Node) -> Iterator[_Step]:
    seen, waiting = {start}, [start]
    while waiting:
        for node, through in _followed(data, shapes, inner, waiting.pop()):
            if node not in seen:
                seen.add(node)
                waiting.append(node)
                yield node, through
