"""The union of a dataset in memory: each triple once, looked up by subject, by property and by object.

For what reads a dataset as a whole before there is a store: the published layer, the tables, the gazetteer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import Protocol, TypeAlias

import pyoxigraph as ox

from kg.inventory import Inventory

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


class ByProperty(Collection[ox.Quad]):
    """Quads, those of each property and what stands in them, told apart once for all that ask.

    *groups* are the quads of each property in the order of all, *inventory* what stands in them, where that is known.
    """

    def __init__(
        self,
        quads: Iterable[ox.Quad],
        groups: Mapping[str, list[ox.Quad]] | None = None,
        inventory: Inventory | None = None,
    ) -> None:
        self.quads = quads if isinstance(quads, list) else list(quads)
        self._groups = groups
        self._inventory = inventory

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> ByProperty:
        """Give *quads* by their property; themselves where they are so."""
        return quads if isinstance(quads, cls) else cls(quads)

    @property
    def groups(self) -> Mapping[str, list[ox.Quad]]:
        """The quads of each property, by its IRI, in their order."""
        if self._groups is None:
            found: defaultdict[str, list[ox.Quad]] = defaultdict(list)
            for quad in self.quads:
                found[quad.predicate.value].append(quad)
            self._groups = dict(found)
        return self._groups

    @property
    def inventory(self) -> Inventory:
        """What stands in the quads."""
        if self._inventory is None:
            self._inventory = Inventory.of(self.quads)
        return self._inventory

    def having(self, *properties: str) -> Iterator[ox.Quad]:
        """Give the quads of *properties*, one after the other."""
        return chain.from_iterable(self.groups.get(name, ()) for name in properties)

    def __contains__(self, quad: object) -> bool:
        return quad in self.quads

    def __iter__(self) -> Iterator[ox.Quad]:
        return iter(self.quads)

    def __reversed__(self) -> Iterator[ox.Quad]:
        return reversed(self.quads)

    def __len__(self) -> int:
        return len(self.quads)

    def __add__(self, more: list[ox.Quad]) -> ByProperty:
        added = ByProperty(more)
        groups = {
            name: [*self.groups.get(name, ()), *added.groups.get(name, ())]
            for name in {**self.groups, **added.groups}
        }
        return ByProperty(self.quads + more, groups, Inventory.joined((self.inventory, added.inventory)))


class Index:
    """The triples of a dataset's union, by property, and by subject and property; a property is indexed when it is asked for."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._quads = ByProperty.of(quads)
        self._said: dict[str, list[tuple[Resource, Term]]] = {}
        self._objects: dict[str, dict[Resource, Term | list[Term]]] = {}
        self._inverse: dict[str, dict[Term, list[Resource]]] = {}

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Index:
        """Index *quads*, each triple once."""
        return cls(quads)

    def said(self, predicate: str) -> list[tuple[Resource, Term]]:
        """Give each subject and object of *predicate*, in their order."""
        if predicate not in self._said:
            quads = self._quads.groups.get(predicate, [])
            if len({hash(quad.triple) for quad in quads}) < len(quads):
                first: dict[ox.Triple, ox.Quad] = {}
                for quad in quads:
                    first.setdefault(quad.triple, quad)
                quads = list(first.values())
            self._said[predicate] = [
                (subject, quad.object) for quad in quads if not isinstance(subject := quad.subject, ox.Triple)
            ]
        return self._said[predicate]

    def all(self, subject: Term | None, predicate: str) -> list[Term]:
        """Give the objects of *subject* and *predicate*, none for a literal subject."""
        found = self._found(subject, predicate)
        return found if isinstance(found, list) else [] if found is None else [found]

    def one(self, subject: Term | None, predicate: str) -> Term | None:
        """Give the object of *subject* and *predicate* where there is one, the first of several."""
        found = self._found(subject, predicate)
        return found[0] if isinstance(found, list) else found

    def _found(self, subject: Term | None, predicate: str) -> Term | list[Term] | None:
        """Give the one object, or a list of several: hundreds of thousands of lists of one would be looked through at each collection of garbage."""
        if (objects := self._objects.get(predicate)) is None:
            objects = self._objects[predicate] = {}
            for resource, value in self.said(predicate):
                if (before := objects.setdefault(resource, value)) is not value:
                    objects[resource] = [*before, value] if isinstance(before, list) else [before, value]
        return objects.get(subject) if isinstance(subject, ox.NamedNode | ox.BlankNode) else None

    def having(self, predicate: str, value: Term) -> list[Resource]:
        """Give the subjects whose *predicate* has *value*."""
        if predicate not in self._inverse:
            found: dict[Term, list[Resource]] = defaultdict(list)
            for subject, object in self.said(predicate):
                found[object].append(subject)
            self._inverse[predicate] = found
        return self._inverse[predicate].get(value, [])
