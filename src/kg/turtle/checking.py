"""Whether a text still says what it is meant to say: compared by pyoxigraph's reading, in linear time."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyoxigraph as ox


def read(text: str, base: str | None) -> list[ox.Triple]:
    """Give the triples of *text* in the order of the document; raises SyntaxError where it is no Turtle."""
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=base)]


def same(left: Iterable[ox.Triple], right: Iterable[ox.Triple], labels: Collection[str] = ()) -> bool:
    """Tell whether two readings say the same.

    Statements without anonymous nodes are compared as a set, those with such in the order of the document, in which
    the nodes stand for each other one to one. *labels* are those of the blank nodes that the documents name.
    """
    (ground, bound), (other_ground, other_bound) = (_parted(triples, labels) for triples in (left, right))
    return ground == other_ground and _numbered(bound, labels) == _numbered(other_bound, labels)


def _parted(triples: Iterable[ox.Triple], labels: Collection[str]) -> tuple[set[ox.Triple], list[ox.Triple]]:
    ground: set[ox.Triple] = set()
    bound: list[ox.Triple] = []
    for triple in triples:
        if _anonymous(triple.subject, labels) or _anonymous(triple.object, labels):
            bound.append(triple)
        else:
            ground.add(triple)
    return ground, bound


def _anonymous(term: object, labels: Collection[str]) -> bool:
    return isinstance(term, ox.BlankNode) and term.value not in labels


def _numbered(triples: Iterable[ox.Triple], labels: Collection[str]) -> list[tuple[object, ...]]:
    numbers: dict[object, int] = {}
    return [
        tuple(numbers.setdefault(term, len(numbers)) if _anonymous(term, labels) else term for term in triple)
        for triple in triples
    ]
