"""What a shape is made of for pySHACL: its constraint components, each made once and not anew for every focus node.

This stands for the outermost :meth:`pyshacl.shape.Shape.validate`, which looks for the components of the shape, makes them and
checks the queries of SPARQL-based constraints at each call (W3C SHACL 1.0, §3.4). Shapes that a component refers to are
validated by pySHACL itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import ConstraintLoadWarning
from pyshacl.graph_abstraction import DataGraph
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from rdflib.term import Node


@dataclass(frozen=True, slots=True)
class Part:
    """Components that are evaluated together, and the queries by which they find anything, with no bound variable but ``$this``; None where it is not by queries."""

    components: tuple[Any, ...]
    queries: tuple[str, ...] | None = None


class Components:
    """The constraint components of *shape*, which is made ready at the first focus node. JavaScript and SHACL-AF are not run."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._parts: list[Part] | None = None

    def parts(self, focus: Node) -> list[Part]:
        """Give what is evaluated by itself; *focus* is one of the focus nodes. Raises what pySHACL raises."""
        if self._shape.deactivated:
            return []
        if self._parts is None:
            self._parts = list(_parts(_components(self._shape), focus))
        return self._parts

    def validate(self, part: Part, executor: SHACLExecutor, data: DataGraph, focus: Node) -> list[Any]:
        """Give the results of *part* for *focus* as pySHACL has them, none where it conforms. Raises what pySHACL raises."""
        shape = self._shape
        values = shape.value_nodes(data, [focus])
        told = [
            component.evaluate(executor, data, values, [shape, component]) for component in part.components
        ]
        return (
            [] if all(conforms for conforms, _ in told) else [result for _, found in told for result in found]
        )


def _parts(components: Iterable[Any], focus: Node) -> Iterator[Part]:
    """Give each query by itself and everything else together."""
    others = []
    for component in components:
        if isinstance(component, SPARQLBasedConstraint):
            for query in sorted(component.sparql_constraints, key=lambda query: str(query.node)):
                alone = copy(component)
                alone.sparql_constraints = {query}
                texts = [] if query.deactivated else [query.pre_bind_variables(focus)[1]]
                yield Part((alone,), tuple(map(query.apply_prefixes, texts)))
        else:
            others.append(component)
    if others:
        yield Part(tuple(others))


def _components(shape: Any) -> list[Any]:
    """Give the components of *shape*: those of SHACL in the order of its statements, then those that the shapes declare."""
    kinds = (CONSTRAINT_PARAMETERS_MAP.get(name) for name, _ in shape.sg.predicate_objects(shape.node))
    made: list[Any] = []
    for kind in dict.fromkeys(filter(None, kinds)):
        try:
            component = kind(shape)
        except ConstraintLoadWarning:
            continue  # as pySHACL does
        if isinstance(component, SPARQLBasedConstraint):
            for query in component.sparql_constraints:
                query.check_invalid_sparql = lru_cache(query.check_invalid_sparql)
        made.append(component)
    return made + [each.make_validator_for_shape(shape) for each in shape.find_custom_constraints()]
