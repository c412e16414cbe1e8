"""The union of a dataset in memory: each triple once, looked up by subject, by property and by object.

For what reads a dataset as a whole before there is a store: the published layer, the tables, the gazetteer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import pyoxigraph as ox

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Resource: TypeAlias = ox.NamedNode | ox.BlankNode


def statement(subject: str, predicate: str, value: str | ox.Literal) -> ox.Triple:
    """Give the statement about the IRI *subject* whose *value* is a literal, or an IRI given as text. Raises ValueError for no IRI."""
    term = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term)


class Statements(Protocol):
    """Triples to be looked up, each once, whichever graphs they stand in."""

    def all(self, subject: Term | None, predicate: str) -> list[Term]:
        """Give the objects of *subject* and *predicate*, none for a literal subject."""

    def having(self, predicate: str, value: Term) -> list[Resource]:
        """Give the subjects whose *predicate* has *value*."""


@dataclass(slots=True)
class Index:
    """The triples of a dataset's union, by subject and property, and by property alone."""

    objects: dict[tuple[Resource, str], list[Term]] = field(default_factory=lambda: defaultdict(list))
    subjects: dict[str, list[tuple[Resource, Term]]] = field(default_factory=lambda: defaultdict(list))
    _inverse: dict[str, dict[Term, list[Resource]]] = field(default_factory=dict)

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Index:
        """Index *quads*, each triple once."""
        index = cls()
        for triple in {quad.triple: None for quad in quads}:
            subject = triple.subject
            if not isinstance(subject, ox.Triple):
                index.objects[subject, triple.predicate.value].append(triple.object)
                index.subjects[triple.predicate.value].append((subject, triple.object))
        return index

    def all(self, subject: Term | None, predicate: str) -> list[Term]:
        """Give the objects of *subject* and *predicate*, none for a literal subject."""
        return (
            self.objects.get((subject, predicate), [])
            if isinstance(subject, ox.NamedNode | ox.BlankNode)
            else []
        )

    def one(self, subject: Term | None, predicate: str) -> Term | None:
        """Give the object of *subject* and *predicate* where there is one, the first of several."""
        return next(iter(self.all(subject, predicate)), None)

    def having(self, predicate: str, value: Term) -> list[Resource]:
        """Give the subjects whose *predicate* has *value*."""
        if predicate not in self._inverse:
            found: dict[Term, list[Resource]] = defaultdict(list)
            for subject, object in self.subjects.get(predicate, ()):
                found[object].append(subject)
            self._inverse[predicate] = found
        return self._inverse[predicate].get(value, [])
