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
from functools import cache
from itertools import product
from typing import Any, Final, TypeAlias
from typing import Literal as Lit

import pyoxigraph as ox
from pyshacl.graph_abstraction import DataGraph
from pyshacl.shape import Shape
from pyshacl.validator import Validator
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from kg import shacl
from kg.checking.components import Components, made
from kg.checking.sets import Conditions, Suspects, Test
from kg.loading import Doubt
from kg.names import Base
from kg.shacl import Pattern, UnionGraph
from kg.validation import Finding

_TARGETS: Final = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_TAKE_SHAPES: Final = (SH.node, SH["not"], SH.qualifiedValueShape)
_TAKE_LISTS: Final = (SH["and"], SH["or"], SH.xone)

_Unit: TypeAlias = tuple[Node, int, Node | None]
"""A shape with a part of it by number and a focus node, or with None for the choice of its focus nodes."""


_Triple: TypeAlias = tuple[Node, Node, Node]

Engine: TypeAlias = Lit["sets", "pyshacl"]
"""What finds the focus nodes that break a constraint: set queries where they cover it, or pySHACL by looking at each."""


@dataclass(slots=True)
class _Evaluated:
    asked: frozenset[Pattern]
    findings: tuple[Finding, ...] = ()
    chosen: frozenset[Node] = frozenset()


class Constraints:
    """The graph of *shapes*, held against data that :meth:`update` exchanges. Raises ProjectError for shapes that cannot be run.

    With *engine* ``pyshacl`` no set queries are asked, and each focus node is evaluated.
    """

    def __init__(self, shapes: Graph, base: Base, engine: Engine = "sets") -> None:
        self._base = base
        self._graph = UnionGraph()
        self._quads: frozenset[ox.Quad] = frozenset()
        self._held: Counter[Any] = Counter()
        self._units: dict[_Unit, _Evaluated] = {}
        self._asking: defaultdict[Pattern, set[_Unit]] = defaultdict(set)
        options = {"inference": "none", "advanced": False, "inplace": True}
        with shacl.running():
            self._data = DataGraph.from_rdflib(self._graph)
            self._validator = Validator(self._data, shacl_graph=apart(shapes), options=options)
            self._executor = self._validator.make_executor()
            self._shapes = {shape.node: shape for shape in self._validator.shacl_graph.shapes}
            conditions = Conditions(cache(made))
            self._components = {node: Components(shape, conditions) for node, shape in self._shapes.items()}
        self._suspects = Suspects(self._breaks) if engine == "sets" else None
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
            if evaluated.findings and not any(_may_match(doubt, pattern) for pattern in evaluated.asked)
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
        for node in self._shapes:
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
        for which, part in enumerate(self._components[node].parts(next(iter(chosen)))):
            foci = chosen
            if self._suspects and part.queries is not None:
                foci = self._suspects.asked(chosen, part.queries)
            elif self._suspects and part.condition:
                foci = self._suspects.meeting(chosen, part.condition)
            yield from ((node, which, focus) for focus in foci)

    def _evaluate(self, unit: _Unit) -> _Evaluated:
        node, which, focus = unit
        if focus is None:
            evaluated = self._choice(self._shapes[node])
        else:
            self.evaluations += 1
            components = self._components[node]
            part = components.parts(focus)[which]
            with self._asking_noted() as asked:
                results = components.validate(part, self._executor, self._data, focus)
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
                chosen = frozenset(shape.focus_nodes(self._data))  # type: ignore[no-untyped-call]
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

    def _breaks(self, test: Test, value: Node) -> bool:
        """Tell whether *value* fails *test* for pySHACL."""
        path = [test.shape, test.component]
        conforms, _ = test.component.evaluate(self._executor, self._data, {value: {value}}, path)
        return not conforms

    def _tell(self) -> None:
        """Give each unit that was evaluated its findings, from one report for all of them."""
        untold, self._untold = self._untold, []
        if not untold:
            return
        shapes = self._validator.shacl_graph
        graph, _ = Validator.create_validation_report(shapes, False, [result for _, result in untold])
        for evaluated, (_, node, _) in untold:
            finding = shacl.finding(graph, node, self._graph, shapes.graph, self._base)
            evaluated.findings = (*evaluated.findings, finding)

    def _forget(self, unit: _Unit) -> None:
        if evaluated := self._units.pop(unit, None):
            for pattern in evaluated.asked:
                units = self._asking[pattern]
                units.discard(unit)
                if not units:
                    del self._asking[pattern]


def apart(shapes: Graph) -> Graph:
    """Give *shapes* with the property shapes of a targeted shape as targeted shapes of their own, which says the same.

    So each is evaluated apart, and only where it has to be. A shape that another one refers to stays as it is, as does one
    that is deactivated, a class, or looks at its property shapes together (``sh:closed``, ``sh:qualifiedValueShapesDisjoint``).
    """
    graph = Graph()
    graph += shapes
    lists = (members for name in _TAKE_LISTS for members in shapes.objects(None, name))
    used = {node for name in _TAKE_SHAPES for node in shapes.objects(None, name)}
    used |= {node for members in lists for node in shapes.items(members)}
    for shape in {shape for name in _TARGETS for shape in shapes.subjects(name)} - used:
        parts = set(shapes.objects(shape, SH.property))
        if (
            (shape, SH.deactivated, None) in shapes
            or (shape, RDF.type, RDFS.Class) in shapes
            or (shape, SH.closed, None) in shapes
            or any((part, SH.qualifiedValueShapesDisjoint, None) in shapes for part in parts)
        ):
            continue
        for part in parts:
            graph.remove((shape, SH.property, part))
            for name in _TARGETS:
                for target in shapes.objects(shape, name):
                    graph.add((part, name, target))
    return graph


def _may_match(doubt: Doubt, pattern: Pattern) -> bool:
    subject, predicate, value = pattern
    return doubt.may_match(_text(subject), _text(predicate), _text(value), isinstance(value, Literal))


def _text(term: Node | None) -> str | None:
    if isinstance(term, BNode):
        return f"_:{term}"
    return str(term) if isinstance(term, URIRef | Literal) else None
