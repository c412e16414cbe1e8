"""What a shape is made of for pySHACL: its constraint components, each made once and not anew for every focus node.

This stands for the outermost :meth:`pyshacl.shape.Shape.validate`, which looks for the components of the shape, makes them and
checks the queries of SPARQL-based constraints at each call (W3C SHACL 1.0, §3.4). Shapes that a component refers to are
validated by pySHACL itself.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product
from typing import Any, Final

from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from pyshacl.constraints.sparql.sparql_based_constraints import SPARQLBasedConstraint
from pyshacl.errors import ConstraintLoadWarning
from pyshacl.graph_abstraction import DataGraph
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from rdflib.term import Node

from kg.checking.sets import Condition, Conditions, Some

_ORDERS: Final = {"_compare_lt", "_compare_ltoe"}
"""Methods of pySHACL's that compare all values of a property with all of another one."""


@dataclass(frozen=True, slots=True)
class Part:
    """Components that are evaluated together, and what tells of all focus nodes at once which to evaluate: queries, a condition, or nothing."""

    components: tuple[Any, ...]
    queries: tuple[str, ...] | None = None
    condition: Condition | None = None


class Components:
    """The constraint components of *shape*, which is made ready at the first focus node. JavaScript and SHACL-AF are not run.

    *conditions* makes expressions of what can be one.
    """

    def __init__(self, shape: Shape, conditions: Conditions) -> None:
        self._shape = shape
        self._conditions = conditions
        self._parts: list[Part] | None = None

    def parts(self, focus: Node) -> list[Part]:
        """Give what is evaluated by itself; *focus* is one of the focus nodes. Raises what pySHACL raises."""
        if self._shape.deactivated:
            return []
        if self._parts is None:
            self._parts = list(self._divided(made(self._shape), focus))
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

    def _divided(self, components: Iterable[Any], focus: Node) -> Iterator[Part]:
        """Give each query by itself, and together what has a condition and what has none."""
        covered: list[tuple[Any, Condition]] = []
        others = []
        for component in components:
            if isinstance(component, SPARQLBasedConstraint):
                yield from _queries(component, focus)
            elif condition := self._conditions.of(self._shape, component):
                covered.append((component, condition))
            else:
                others.append(component)
        if covered:
            expression = Some(tuple(condition.expression for _, condition in covered))
            tests = tuple(test for _, condition in covered for test in condition.tests)
            yield Part(tuple(component for component, _ in covered), condition=Condition(expression, tests))
        if others:
            yield Part(tuple(others))


def _queries(component: Any, focus: Node) -> Iterator[Part]:
    for query in sorted(component.sparql_constraints, key=lambda query: str(query.node)):
        alone = copy(component)
        alone.sparql_constraints = {query}
        texts = [] if query.deactivated else [query.pre_bind_variables(focus)[1]]
        yield Part((alone,), queries=tuple(map(query.apply_prefixes, texts)))


def made(shape: Any) -> list[Any]:
    """Give the components of *shape*: those of SHACL in the order of its statements, then those that the shapes declare."""
    kinds = (CONSTRAINT_PARAMETERS_MAP.get(name) for name, _ in shape.sg.predicate_objects(shape.node))
    found: list[Any] = []
    for kind in dict.fromkeys(filter(None, kinds)):
        try:
            component = kind(shape)
        except ConstraintLoadWarning:
            continue  # as pySHACL does
        if isinstance(component, SPARQLBasedConstraint):
            for query in component.sparql_constraints:
                query.check_invalid_sparql = lru_cache(query.check_invalid_sparql)
        for name in _ORDERS & set(dir(component)):
            setattr(component, name, partial(_compared, component, getattr(component, name)))
        found.append(component)
    return found + [each.make_validator_for_shape(shape) for each in shape.find_custom_constraints()]


def _compared(
    component: Any, compare: Any, values: Any, others: Any, data: Any, focus: Any
) -> tuple[bool, list[Any]]:
    """Compare each two values apart: where rdflib cannot, as with a number that is none, there is a result (SHACL §4.5.3) and not an error."""
    results = []
    with warnings.catch_warnings():
        # rdflib takes "not comparable" for true, with a warning that is an error from Python 3.14 on
        warnings.filterwarnings("error", "NotImplemented", DeprecationWarning)
        for value, other in product(values, others):
            try:
                results += compare({value}, {other}, data, focus)[1]
            except (TypeError, DeprecationWarning):
                results.append(component.make_v_result(data, focus, value_node=value))
    return bool(results), results
