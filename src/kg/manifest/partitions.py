"""What a dataset is made of, counted: the partitions of VoID (W3C 2011, section 4.6) by class and by property.

Every number is of distinct triples, whichever graphs they stand in, as a query over the union gives it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import pyoxigraph as ox

from kg.names import RDF, VOCABULARIES

_Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True, order=True)
class ByClass:
    """A class, and how many resources are said to be of it."""

    iri: str
    entities: int


@dataclass(frozen=True, slots=True, order=True)
class ByProperty:
    """A property, with the number of its triples and of their distinct subjects and objects."""

    iri: str
    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The distinct triples, subjects and objects of a dataset, and its partitions, by IRI."""

    triples: int
    subjects: int
    objects: int
    classes: tuple[ByClass, ...]
    properties: tuple[ByProperty, ...]

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Statistics:
        """Count *quads*."""
        numbers: dict[_Term, int] = {}  # terms are large, and stand in many sets
        seen: set[tuple[int, int, int]] = set()
        sizes: Counter[str] = Counter()
        subjects: dict[str, set[int]] = defaultdict(set)
        objects: dict[str, set[int]] = defaultdict(set)
        classes: dict[str, set[int]] = defaultdict(set)
        for quad in quads:
            terms = quad.subject, quad.predicate, quad.object
            subject, predicate, object = (numbers.setdefault(term, len(numbers)) for term in terms)
            if (subject, predicate, object) in seen:
                continue
            seen.add((subject, predicate, object))
            name = quad.predicate.value
            sizes[name] += 1
            subjects[name].add(subject)
            objects[name].add(object)
            if name == RDF + "type" and isinstance(quad.object, ox.NamedNode):
                classes[quad.object.value].add(subject)
        return cls(
            triples=len(seen),
            subjects=len(set().union(*subjects.values())),
            objects=len(set().union(*objects.values())),
            classes=tuple(ByClass(iri, len(classes[iri])) for iri in sorted(classes)),
            properties=tuple(
                ByProperty(iri, sizes[iri], len(subjects[iri]), len(objects[iri])) for iri in sorted(sizes)
            ),
        )

    def vocabularies(self) -> list[str]:
        """Give the namespaces of :data:`kg.names.VOCABULARIES` that a class or property is of, sorted."""
        used = [each.iri for each in self.classes] + [each.iri for each in self.properties]
        return sorted(space for space in VOCABULARIES.values() if any(iri.startswith(space) for iri in used))
