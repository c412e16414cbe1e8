"""pySHACL made ready for a graph of shapes: what both ways of holding shapes against data evaluate focus nodes with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from pyshacl.graph_abstraction import DataGraph
from pyshacl.shape import Shape
from pyshacl.validator import Validator
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.term import Node

from kg import shacl
from kg.checking.components import Components, Part, made
from kg.checking.sets import Conditions, Test
from kg.loading import Doubt
from kg.names import Base
from kg.shacl import Pattern
from kg.validation import Finding

_TARGETS: Final = (SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
_TAKE_SHAPES: Final = (SH.node, SH["not"], SH.qualifiedValueShape)
_TAKE_LISTS: Final = (SH["and"], SH["or"], SH.xone)


class Processor:
    """The graph of *shapes*, ready to be held against the graph *data*. To be made, and asked, inside :func:`kg.shacl.running`."""

    def __init__(self, data: DataGraph, shapes: Graph) -> None:
        options = {"inference": "none", "advanced": False, "inplace": True}
        self.data = data
        self._validator = Validator(data, shacl_graph=apart(shapes), options=options)
        self._executor = self._validator.make_executor()
        self.shapes: dict[Node, Shape] = {shape.node: shape for shape in self._validator.shacl_graph.shapes}
        conditions = Conditions(cache(made))
        self.components = {node: Components(shape, conditions) for node, shape in self.shapes.items()}

    def validate(self, node: Node, part: Part, focus: Node) -> list[Any]:
        """Give the results of *part* of the shape *node* for *focus*, none where it conforms. Raises what pySHACL raises."""
        return self.components[node].validate(part, self._executor, self.data, focus)

    def breaks(self, test: Test, value: Node) -> bool:
        """Tell whether *value* fails *test* for pySHACL."""
        path = [test.shape, test.component]
        conforms, _ = test.component.evaluate(self._executor, self.data, {value: {value}}, path)
        return not conforms

    def findings(self, results: Sequence[Any], data: Graph, base: Base) -> Iterable[Finding]:
        """Give what each of *results* says of *data*."""
        if not results:
            return []
        shapes = self._validator.shacl_graph
        graph, _ = Validator.create_validation_report(shapes, False, list(results))
        return [shacl.finding(graph, node, data, shapes.graph, base) for _, node, _ in results]


def may_rest_on(doubt: Doubt, asked: Iterable[Pattern]) -> bool:
    """Tell whether a statement in *doubt* may match any pattern that was *asked*."""
    return bool(doubt) and any(_may_match(doubt, pattern) for pattern in asked)


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
