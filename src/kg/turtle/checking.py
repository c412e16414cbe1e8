"""Whether a text still says what it is meant to say: compared by pyoxigraph's reading, in linear time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TypeAlias

import pyoxigraph as ox

from kg.errors import SourceError
from kg.positions.statements import Lines, unreadable

# What is said of an anonymous node: plain objects, and the forms of other such nodes, each with its predicate.
_Form: TypeAlias = tuple[frozenset[tuple[object, object]], tuple[tuple[str, int], ...]]


def check(text: str, base: str | None) -> list[ox.Triple]:
    """Give what :func:`read` gives; raises SourceError, with an empty ``path``, where *text* is no Turtle."""
    try:
        return read(text, base)
    except UnicodeEncodeError as error:
        place = Lines(text).position(error.start)
        raise SourceError(
            "half of a surrogate pair is no character", path="", line=place.line, column=place.column
        ) from error
    except SyntaxError as error:
        raise unreadable(error) from error


def read(text: str, base: str | None) -> list[ox.Triple]:
    """Give the triples of *text*; raises SyntaxError where it is no Turtle."""
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=base)]


def same(left: Iterable[ox.Triple], right: Iterable[ox.Triple], labels: Collection[str] = ()) -> bool:
    """Tell whether two readings say the same, whatever their anonymous nodes are called.

    *labels* are those of the blank nodes that the documents name; every other one is written in brackets, so that
    one statement at most leads to it, and what is said of such nodes makes trees.
    """
    numbers: dict[_Form, int] = {}
    first, second = (_Reading(triples, labels, numbers) for triples in (left, right))
    return first.plain == second.plain and first.trees() == second.trees()


class _Reading:
    """Triples parted into ``plain`` ones and those with anonymous nodes; equal trees have equal *numbers*."""

    def __init__(
        self, triples: Iterable[ox.Triple], labels: Collection[str], numbers: dict[_Form, int]
    ) -> None:
        self.plain: set[ox.Triple] = set()
        self._labels = labels
        self._numbers = numbers
        self._said: dict[object, list[ox.Triple]] = {}
        self._leading: list[ox.Triple] = []
        self._numbered: dict[object, int] = {}
        for triple in triples:
            if self._anonymous(triple.subject):
                self._said.setdefault(triple.subject, []).append(triple)
            elif self._anonymous(triple.object):
                self._leading.append(triple)
            else:
                self.plain.add(triple)

    def trees(self) -> Counter[tuple[object, ...]]:
        """Give each tree with the statement that leads to it, or alone, and how often it is there."""
        inner = {triple.object for said in self._said.values() for triple in said}
        led = [(triple.subject, triple.predicate, self._number(triple.object)) for triple in self._leading]
        known = {triple.object for triple in self._leading} | inner
        return Counter([*led, *((self._number(node),) for node in self._said if node not in known)])

    def _anonymous(self, term: object) -> bool:
        return isinstance(term, ox.BlankNode) and term.value not in self._labels

    def _number(self, root: object) -> int:
        stack = [root]
        while stack:
            node = stack[-1]
            said = self._said.get(node, [])
            open = [t.object for t in said if self._anonymous(t.object) and t.object not in self._numbered]
            if open:
                stack += open
                continue
            self._numbered[stack.pop()] = self._numbers.setdefault(self._form(said), len(self._numbers))
        return self._numbered[root]

    def _form(self, said: list[ox.Triple]) -> _Form:
        plain = frozenset((t.predicate, t.object) for t in said if not self._anonymous(t.object))
        trees = sorted(
            (t.predicate.value, self._numbered[t.object]) for t in said if self._anonymous(t.object)
        )
        return plain, tuple(trees)
