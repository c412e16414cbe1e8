"""Inventory: what stands in a dataset, found in one look at each quad, for all checks that ask whether something stands there at all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg.names import RDF, XSD

PLAIN: Final = frozenset({XSD + "string", RDF + "langString"})
"""The datatypes whose literals a store keeps as they are, whatever they say."""


class Inventory(NamedTuple):
    """The IRIs that are subjects; those that are objects; datatypes and language tags; the quads with a literal that is not :data:`PLAIN`, in their order."""

    subjects: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    datatypes: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    typed: tuple[ox.Quad, ...] = ()

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Inventory:
        """Give what stands in *quads*."""
        subjects, objects, datatypes, tags = set[str](), set[str](), set[str](), set[str]()
        typed = []
        for quad in quads:
            value = quad.object
            if isinstance(subject := quad.subject, ox.NamedNode):
                subjects.add(subject.value)
            if isinstance(value, ox.NamedNode):
                objects.add(value.value)
            elif isinstance(value, ox.Literal):
                if tag := value.language:
                    tags.add(tag)
                else:
                    datatypes.add(kind := value.datatype.value)
                    if kind not in PLAIN:
                        typed.append(quad)
        if tags:
            datatypes.add(RDF + "langString")
        return cls(
            frozenset(subjects), frozenset(objects), frozenset(datatypes), frozenset(tags), tuple(typed)
        )

    @classmethod
    def joined(cls, inventories: Iterable[Inventory]) -> Inventory:
        """Give what stands in datasets that share no quad, of which there are *inventories*."""
        several = list(inventories)
        return cls(
            frozenset().union(*(each.subjects for each in several)),
            frozenset().union(*(each.objects for each in several)),
            frozenset().union(*(each.datatypes for each in several)),
            frozenset().union(*(each.tags for each in several)),
            tuple(quad for each in several for quad in each.typed),
        )
