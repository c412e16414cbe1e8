"""What a dataset is made of, counted: the partitions of VoID (W3C 2011, section 4.6) by class and by property.

Every number is of distinct triples, whichever graphs they stand in, as a query over the union gives it. They are counted in one
pass over sorted lines: what stands together there is counted as it passes, and the objects are sorted once more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.names import RDF, VOCABULARIES
from kg.sorting import Sorter
from kg.spool import Line, Spool, parted

_TYPE: Final = f"<{RDF}type>".encode()
_SEEN: Final = 200_000
"""How many pairs of object and property are remembered, so that the commonest are sorted once only."""


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
        """Count *quads*, in any order."""
        return Census.of(Spool.of(quads).lines()).statistics

    def vocabularies(self) -> list[str]:
        """Give the namespaces of :data:`kg.names.VOCABULARIES` that a class or property is of, sorted."""
        used = [each.iri for each in self.classes] + [each.iri for each in self.properties]
        return sorted(space for space in VOCABULARIES.values() if any(iri.startswith(space) for iri in used))


@dataclass(frozen=True, slots=True)
class Census:
    """The partitions of a dataset, and the number of statements of each of its graphs, by IRI (empty: the default graph)."""

    statistics: Statistics
    graphs: Mapping[str, int]

    @classmethod
    def of(cls, lines: Iterable[bytes], directory: Path | None = None) -> Census:
        """Count the sorted canonical *lines* of a dataset; what does not fit in memory lies in *directory*.

        Memory grows with the number of classes, properties and graphs only. Raises OSError where the disk has no room.
        """
        with _Count(Sorter(directory)) as count:
            for line in lines:
                count.add(parted(line))
            return cls(count.statistics(), {_name(graph): size for graph, size in count.graphs.items()})


class _Count:
    """What is counted, as lines pass in their order; pairs of object and property go to *pairs*."""

    def __init__(self, pairs: Sorter) -> None:
        self.graphs: Counter[bytes] = Counter()
        self._triples: Counter[bytes] = Counter()
        self._subjects: Counter[bytes] = Counter()
        self._classes: Counter[bytes] = Counter()
        self._all = 0
        self._last = Line(b"", b"", b"", b"")
        self._pairs = pairs
        self._seen: set[bytes] = set()

    def __enter__(self) -> _Count:
        return self

    def __exit__(self, *_: object) -> None:
        self._pairs.close()

    def add(self, line: Line) -> None:
        subject, predicate, object, graph = line
        last, self._last = self._last, line
        self.graphs[graph] += 1
        if subject != last.subject:
            self._all += 1
        elif predicate == last.predicate and object == last.object:
            return  # the same triple in another graph
        if subject != last.subject or predicate != last.predicate:
            self._subjects[predicate] += 1
        self._triples[predicate] += 1
        if predicate == _TYPE and object.startswith(b"<") and not object.startswith(b"<<"):
            self._classes[object] += 1
        pair = b"%b %b\n" % (object, predicate)
        if pair not in self._seen:
            self._seen.add(pair)
            if len(self._seen) >= _SEEN:
                self._sort()

    def _sort(self) -> None:
        self._pairs.add(b"".join(self._seen))
        self._seen.clear()

    def statistics(self) -> Statistics:
        """Give what was counted."""
        self._sort()
        objects: Counter[bytes] = Counter()
        total, last = 0, b""
        for pair in self._pairs.lines():
            object, _, predicate = pair[:-1].rpartition(b" ")
            objects[predicate] += 1
            total += object != last
            last = object
        return Statistics(
            triples=self._triples.total(),
            subjects=self._all,
            objects=total,
            classes=tuple(sorted(ByClass(_name(name), size) for name, size in self._classes.items())),
            properties=tuple(sorted(self._properties(objects))),
        )

    def _properties(self, objects: Mapping[bytes, int]) -> Iterator[ByProperty]:
        for name, size in self._triples.items():
            yield ByProperty(_name(name), size, self._subjects[name], objects[name])


def _name(term: bytes) -> str:
    """Give the IRI that *term* is, or the label of a blank node with its ``_:``."""
    return term.removeprefix(b"<").removesuffix(b">").decode()
