"""What a dataset is made of, counted: the partitions of VoID (W3C 2011, section 4.6) by class and by property.

Every number is of distinct triples, whichever graphs they stand in, as a query over the union gives it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from kg.names import RDF, VOCABULARIES


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
        triples = {quad.triple for quad in quads}
        subjects: dict[str, set[object]] = defaultdict(set)
        objects: dict[str, set[object]] = defaultdict(set)
        sizes: Counter[str] = Counter()
        classes: dict[str, set[object]] = defaultdict(set)
        for triple in triples:
            predicate = triple.predicate.value
            sizes[predicate] += 1
            subjects[predicate].add(triple.subject)
            objects[predicate].add(triple.object)
            if predicate == RDF + "type" and isinstance(triple.object, ox.NamedNode):
                classes[triple.object.value].add(triple.subject)
        return cls(
            triples=len(triples),
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
