"""Shapes held against a graph that changes: what a change cannot have altered is not evaluated again.

Each shape is evaluated for each focus node by itself, and the graph notes what it is asked for meanwhile. An evaluation
gives the same again as long as no triple that matches one of its questions comes or goes: that holds for any path and any
query, whatever they lead through, because nothing reads the graph but by such questions. What targets select is an
evaluation too.

What set queries cover is evaluated only for the focus nodes that they suspect (:mod:`kg.checking.sets`), by pySHACL as all else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import pyoxigraph as ox
from pyshacl.graph_abstraction import DataGraph
from pyshacl.shape import Shape
from rdflib import Graph
from rdflib.term import Node

from kg import shacl
from kg.checking.processor import Processor, may_rest_on
from kg.checking.sets import Suspects
from kg.loading import Doubt
from kg.names import Base
from kg.shacl import Pattern, UnionGraph
from kg.validation import Finding

_Unit: TypeAlias = tuple[Node, int, Node | None]
"""A shape with a part of it by number and a focus node, or with None for the choice of its focus nodes."""


_Triple: TypeAlias = tuple[Node, Node, Node]


@dataclass(slots=True)
class _Evaluated:
    asked: frozenset[Pattern]
    findings: tuple[Finding, ...] = ()
    chosen: frozenset[Node] = frozenset()


class Constraints:
    """The graph of *shapes*, held against data that :meth:`update` exchanges. Raises ProjectError for shapes that cannot be run.

    Without *sets* no set queries are asked, and each focus node is evaluated.
    """

    def __init__(self, shapes: Graph, base: Base, *, sets: bool = True) -> None:
        self._base = base
        self._graph = UnionGraph()
        self._quads: frozenset[ox.Quad] = frozenset()
        self._held: Counter[Any] = Counter()
        self._units: dict[_Unit, _Evaluated] = {}
        self._asking: defaultdict[Pattern, set[_Unit]] = defaultdict(set)
        with shacl.running():
            self._processor = Processor(DataGraph.from_rdflib(self._graph), shapes)
        self._suspects = Suspects(self._processor.breaks) if sets else None
        self._choices: dict[Any, _Evaluated] = {}
        self._untold: list[tuple[_Evaluated, Any]] = []
        self.evaluations = 0

    def update(self, quads: Iterable[ox.Quad]) -> None:
        """Hold the shapes against *quads*, in whatever graphs they stand, instead of those before."""
        gone, come = self._exchanged(frozenset(quads))
        stale: set[_Unit] = set()
        if self._units:
            for triple in (*gone, *come):
                for subject, predicate, value in product(*((term, None) for term in triple)):
                    stale |= self._asking.get((subject, predicate, value), set())
        if self._suspects:
            self._suspects.renewed()
            self._suspects.data.exchange(gone, come)
        self._choices.clear()
        with shacl.running():
            for unit in stale:
                self._forget(unit)
            self._evaluate_all()

    def findings(self, doubt: Doubt) -> list[Finding]:
        """Give the findings that hold whatever the statements in *doubt* say; they have no place yet."""
        return [
            finding
            for evaluated in self._units.values()
            if evaluated.findings and not may_rest_on(doubt, evaluated.asked)
            for finding in evaluated.findings
        ]

    def _exchanged(self, new: frozenset[ox.Quad]) -> tuple[list[_Triple], list[_Triple]]:
        """Make the graph hold the triples of *new*; give those that went and those that came.

        Several quads may be one triple there, as in two graphs, or with the literals ``01`` and ``1``: it goes with the last.
        """
        gone, come = [], []
        for quad in self._quads - new:
            triple = shacl.rdflib_triple(quad.triple)
            self._held[triple] -= 1
            if not self._held[triple]:
                del self._held[triple]
                self._graph.remove(triple)
                gone.append(triple)
        for quad in new - self._quads:
            triple = shacl.rdflib_triple(quad.triple)
            self._held[triple] += 1
            if self._held[triple] == 1:
                self._graph.add(triple)
                come.append(triple)
        self._quads = new
        return gone, come

    def _evaluate_all(self) -> None:
        """Evaluate each unit that there is now and that is not known; forget those that are gone."""
        wanted: set[_Unit] = set()
        for node in self._processor.shapes:
            choice = self._units.get((node, 0, None)) or self._evaluate((node, 0, None))
            wanted |= {(node, 0, None), *self._suspected(node, choice.chosen)}
        for unit in self._units.keys() - wanted:
            self._forget(unit)
        try:
            for unit in wanted - self._units.keys():
                self._evaluate(unit)
        finally:
            self._tell()

    def _suspected(self, node: Node, chosen: frozenset[Node]) -> Iterator[_Unit]:
        """Give the units of the shape *node* that may find anything."""
        if not chosen:
            return
        for which, part in enumerate(self._processor.components[node].parts(next(iter(chosen)))):
            foci = chosen
            if self._suspects and part.queries is not None:
                foci = self._suspects.asked(chosen, part.queries)
            elif self._suspects and part.condition:
                foci = self._suspects.meeting(chosen, part.condition)
            yield from ((node, which, focus) for focus in foci)

    def _evaluate(self, unit: _Unit) -> _Evaluated:
        node, which, focus = unit
        if focus is None:
            evaluated = self._choice(self._processor.shapes[node])
        else:
            self.evaluations += 1
            part = self._processor.components[node].parts(focus)[which]
            with self._asking_noted() as asked:
                results = self._processor.validate(node, part, focus)
            evaluated = _Evaluated(frozenset(asked))
            self._untold += [(evaluated, result) for result in results]
        self._units[unit] = evaluated
        for pattern in evaluated.asked:
            self._asking[pattern].add(unit)
        return evaluated

    def _choice(self, shape: Shape) -> _Evaluated:
        """Give what the targets of *shape* select; those of equal targets are one."""
        targets = tuple(map(frozenset, shape.target()))  # type: ignore[no-untyped-call]
        if targets not in self._choices:
            with self._asking_noted() as asked:
                chosen = frozenset(shape.focus_nodes(self._processor.data))  # type: ignore[no-untyped-call]
            self._choices[targets] = _Evaluated(frozenset(asked), chosen=chosen)
        return self._choices[targets]

    @contextmanager
    def _asking_noted(self) -> Iterator[set[Pattern]]:
        """Note what the graph is asked for inside."""
        asked = self._graph.asked = set()
        try:
            yield asked
        finally:
            self._graph.asked = None

    def _tell(self) -> None:
        """Give each unit that was evaluated its findings, from one report for all of them."""
        untold, self._untold = self._untold, []
        found = self._processor.findings([result for _, result in untold], self._graph, self._base)
        for (evaluated, _), finding in zip(untold, found, strict=True):
            evaluated.findings = (*evaluated.findings, finding)

    def _forget(self, unit: _Unit) -> None:
        if evaluated := self._units.pop(unit, None):
            for pattern in evaluated.asked:
                units = self._asking[pattern]
                units.discard(unit)
                if not units:
                    del self._asking[pattern]
