"""What a shape is made of for pySHACL: its constraint components, each made once and not anew for every focus node.

This stands for the outermost :meth:`pyshacl.shape.Shape.validate`, which looks for the components of the shape, makes them and
checks the queries of SPARQL-based constraints at each call (W3C SHACL 1.0, §3.4). Shapes that a component refers to are
validated by pySHACL itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import ConstraintLoadWarning
from pyshacl.graph_abstraction import DataGraph
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from rdflib.term import Node


class Components:
    """The constraint components of *shape*, which is made ready at the first focus node. JavaScript and SHACL-AF are not run."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._made: list[Any] | None = None

    def validate(self, executor: SHACLExecutor, data: DataGraph, focus: Node) -> list[Any]:
        """Give the results for *focus* as pySHACL has them, none where it conforms. Raises what pySHACL raises."""
        shape = self._shape
        if shape.deactivated:
            return []
        if self._made is None:
            self._made = _components(shape)
        values = shape.value_nodes(data, [focus])
        told = [component.evaluate(executor, data, values, [shape, component]) for component in self._made]
        return (
            [] if all(conforms for conforms, _ in told) else [result for _, found in told for result in found]
        )


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
