"""Shapes held against columns: set queries say which focus nodes to look at, pySHACL says what is wrong with them.

As :class:`kg.checking.constraints.Constraints` does it over a graph in memory, and with the same findings; for data that are too large for one, and
that are looked at once.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import duckdb
import pyoxigraph as ox
from pyshacl.graph_abstraction import DataGraph
from pyshacl.shape import Shape
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

from kg import shacl
from kg.checking.columns import conditions, selects
from kg.checking.columns.data import Columns, Kind, listed
from kg.checking.columns.graph import ColumnGraph
from kg.checking.columns.scope import Scope
from kg.checking.columns.trials import Trials
from kg.checking.components import Part
from kg.checking.processor import Processor, may_rest_on
from kg.checking.sets import Uncovered, compiled
from kg.errors import StoreError
from kg.loading import Doubt
from kg.names import Base
from kg.shacl import Pattern
from kg.validation import Finding

_AT_ONCE: Final = 500
"""Focus nodes whose surroundings are read together."""


_Look: TypeAlias = tuple[Node, Part]
"""What a focus node is looked at by: a part of the shape of a node."""
_Told: TypeAlias = tuple[frozenset[Pattern], Finding]


@dataclass(frozen=True, slots=True)
class _Foci:
    """The focus nodes of a shape: ``table`` has those that statements name, ``others`` are the rest; ``some`` is one of them, if any."""

    table: str
    others: tuple[Node, ...]
    some: Node | None


class Held:
    """The graph of *shapes* held against data once. Raises ProjectError for shapes that cannot be run.

    ``evaluations`` counts the times that pySHACL looked at a focus node.
    """

    def __init__(self, shapes: Graph, base: Base) -> None:
        self._base = base
        self._shapes = shapes
        self._found: list[tuple[frozenset[Pattern], Finding]] = []
        self.evaluations = 0

    def update(self, quads: Iterable[ox.Quad]) -> None:
        """Hold the shapes against the union of *quads* instead of those before. Raises StoreError where there is no room for them."""
        self._found = []
        with _room(), Columns() as columns:
            columns.read(quads)
            with shacl.running():
                holding = _Holding(columns, self._shapes, self._base)
                self._found = list(holding.run())
                self.evaluations += holding.evaluations

    def findings(self, doubt: Doubt) -> list[Finding]:
        """Give the findings that hold whatever the statements in *doubt* say; they have no place yet."""
        return [finding for asked, finding in self._found if not may_rest_on(doubt, asked)]


@contextmanager
def _room() -> Iterator[None]:
    """Turn what is raised inside for want of disk or memory into a StoreError that says what to do."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        said = str(error).partition("\n")[0]
        raise StoreError(
            f"there is no room to hold the shapes against the data in {tempfile.gettempdir()}: {said}",
            remedy="set TMPDIR to a directory with more room",
        ) from error


class _Holding:
    def __init__(self, columns: Columns, shapes: Graph, base: Base) -> None:
        self._columns = columns
        self._base = base
        self._graph = ColumnGraph(columns)
        self._processor = Processor(DataGraph.from_rdflib(self._graph), shapes)
        self._trials = Trials(columns, self._processor.breaks)
        self._foci: dict[Any, _Foci] = {}
        self.evaluations = 0

    def run(self) -> Iterator[_Told]:
        """Give each finding with what was asked of the graph for it."""
        suspected: defaultdict[int, list[_Look]] = defaultdict(list)
        for node, shape in self._processor.shapes.items():
            foci = self._chosen(shape)
            if foci.some is None:
                continue
            for part in self._processor.components[node].parts(foci.some):
                for id in self._suspects(part, foci):
                    suspected[id].append((node, part))
                for focus in foci.others:
                    yield from self._evaluated(focus, [(node, part)])
        ids = sorted(suspected)
        for batch in (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE)):
            self._graph.prepare(batch)
            for id, focus in self._columns.nodes(batch).items():
                yield from self._evaluated(focus, suspected.pop(id))
            self._graph.forget()

    def _evaluated(self, focus: Node, looks: Iterable[_Look]) -> Iterator[_Told]:
        for node, part in looks:
            self.evaluations += 1
            asked = self._graph.asked = set()
            try:
                results = self._processor.validate(node, part, focus)
            finally:
                self._graph.asked = None
            for finding in self._processor.findings(results, self._graph, self._base):
                yield frozenset(asked), finding

    def _suspects(self, part: Part, foci: _Foci) -> list[int]:
        """Give the numbers of the focus nodes that *part* may find something about: all of them where no query can tell."""
        with suppress(Uncovered):
            if part.queries is not None:
                return self._together(query for text in part.queries for query in self._asked(text, foci))
            if part.condition is not None:
                for test in part.condition.tests:
                    self._trials.make(test)
                scope = self._scope(foci)
                expression = part.condition.expression
                return self._together(conditions.suspects(expression, scope, self._trials.failed))
        return self._columns.numbers(f"SELECT id FROM {foci.table} ORDER BY id")

    def _together(self, queries: Iterable[str]) -> list[int]:
        return sorted({id for query in queries for id in self._columns.numbers(query)})

    def _asked(self, text: str, foci: _Foci) -> list[str]:
        select = compiled(text, 0)
        if select is None:
            raise Uncovered
        doubted = self._columns.doubted
        named = select.predicates
        unsure = bool(doubted) and (
            named is None or any(self._columns.id(URIRef(iri)) in doubted for iri in named)
        )
        return selects.suspects(text, self._scope(foci), unsure=unsure)

    def _scope(self, foci: _Foci) -> Scope:
        return Scope(self._columns, {"this": "f.id"}, sources=[f"{foci.table} f"])

    def _chosen(self, shape: Shape) -> _Foci:
        """Give what the targets of *shape* select (SHACL §2.1.3); equal targets select the same."""
        targets = tuple(map(frozenset, shape.target()))  # type: ignore[no-untyped-call]
        if targets not in self._foci:
            self._foci[targets] = self._choose(*targets)
        return self._foci[targets]

    def _choose(
        self,
        nodes: frozenset[Node],
        classes: frozenset[Node],
        implicit: frozenset[Node],
        objects_of: frozenset[Node],
        subjects_of: frozenset[Node],
    ) -> _Foci:
        columns = self._columns
        known = {node: columns.id(node) for node in nodes}
        queries = [f"SELECT unnest([{listed(id for id in known.values() if id >= 0)}])"] if known else []
        kinds = {id for each in classes | implicit for id in columns.below(RDFS.subClassOf, each)}
        if kinds:
            queries.append(
                f"SELECT s FROM triple WHERE p = {columns.id(RDF.type)} AND o IN ({listed(kinds)})"
            )
        for properties, end in ((objects_of, "o"), (subjects_of, "s")):
            if properties:
                ids = listed(map(columns.id, properties))
                queries.append(f"SELECT {end} FROM triple WHERE p IN ({ids})")
        table = columns.focus(" UNION ALL ".join(queries) or f"SELECT {Kind.IRI} WHERE false")
        others = tuple(sorted((node for node, id in known.items() if id < 0), key=str))
        first = columns.nodes(columns.numbers(f"SELECT min(id) FROM {table} HAVING count(*) > 0"))
        return _Foci(table, others, next(iter([*first.values(), *others]), None))
