"""Core constraints as expressions: true of a node that breaks them (W3C SHACL 1.0, §4).

An expression is exact, so that it may stand under a ``sh:not``, but for an order of values, which stands at the outermost level
alone and is true of too many. What only looks at a value (``sh:pattern``, ``sh:datatype`` and so on) is a *test*: pySHACL looks at each
distinct value once, and the expression asks for a value that failed. What has no expression is not covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, TypeAlias

from pyshacl.constraints.core import (
    cardinality_constraints,
    logical_constraints,
    other_constraints,
    property_pair_constraints,
    shape_based_constraints,
    string_based_constraints,
    value_constraints,
    value_range_constraints,
)
from pyshacl.shape import Shape
from rdflib import Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH
from rdflib.paths import MulPath, SequencePath
from rdflib.term import Node

from kg.checking.sets.expressions import (
    THIS,
    All,
    AtLeast,
    Exists,
    Expression,
    Failed,
    InOrder,
    Is,
    Kind,
    Not,
    Same,
    SameTag,
    Some,
    Tagged,
    Term,
    Truth,
    Variable,
)
from kg.checking.sets.paths import Way, path

_MOST: Final = 3
"""Values that an expression counts up to."""
_DEEP: Final = 8
"""Shapes within shapes that are followed, so that a recursive one is left to pySHACL."""
_INSTANCE: Final = SequencePath(RDF.type, MulPath(RDFS.subClassOf, "*"))


class Uncovered(Exception):
    """A constraint that has no expression."""


@dataclass(frozen=True, slots=True)
class Test:
    """What ``component`` of ``shape`` finds wrong with a value by itself; its ``number``, and the path that leads to all values there are."""

    number: int
    component: Any
    shape: Shape
    path: Way


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression that is true of each focus node (:data:`THIS`) which breaks a constraint, once the ``tests`` in it are made."""

    expression: Expression
    tests: tuple[Test, ...]


_Of: TypeAlias = Callable[["_Place", Any], Expression]


class Conditions:
    """The conditions of shapes; *components* gives what a shape is made of."""

    def __init__(self, components: Callable[[Shape], list[Any]]) -> None:
        self._components = components
        self._numbers = count()
        self._variables = count()

    def of(self, shape: Shape, component: Any) -> Condition | None:
        """Give the condition under which *component* of *shape* finds something, None where it is not covered."""
        tests: list[Test] = []
        try:
            return Condition(_Place(self, shape, THIS, tests, 0).broken(component), tuple(tests))
        except Uncovered:
            return None

    def test(self, place: _Place, component: Any) -> Test:
        """Give a new test of *component*."""
        if place.path is None:
            raise Uncovered
        return Test(next(self._numbers), component, place.shape, place.path)

    def variable(self) -> Variable:
        """Give a variable that no expression has yet."""
        return Variable(f"v{next(self._variables)}")

    def components(self, shape: Shape) -> list[Any]:
        """Give the components of *shape*."""
        return self._components(shape)


class _Place:
    """A *shape* held against the *node* of an expression, at a *depth* of shapes within shapes."""

    def __init__(self, owner: Conditions, shape: Shape, node: Term, tests: list[Test], depth: int) -> None:
        if depth > _DEEP:
            raise Uncovered
        self.owner, self.shape, self.node, self.tests, self.depth = owner, shape, node, tests, depth
        leads: Any = shape.path  # pySHACL annotates no result
        self.path = path(shape.sg.graph, leads()) if shape.is_property_shape else None
        if shape.is_property_shape and self.path is None:
            raise Uncovered

    def broken(self, component: Any) -> Expression:
        """Give the expression for *component*, of the node or of some value of it. Raises Uncovered."""
        if kind := _VALUES.get(type(component)):
            return self._some(kind, component)
        if kind := _NODES.get(type(component)):
            return kind(self, component)
        raise Uncovered

    def all_broken(self) -> Expression:
        """Give the expression for a node that does not conform to the shape."""
        if self.shape.deactivated:
            return Truth(False)
        return _any(self.broken(component) for component in self.owner.components(self.shape))

    def at(self, node: Term, shape: Any = None) -> _Place:
        """Give the same for another *node*, and for the *shape* that is named where one is."""
        if shape is None:
            return _Place(self.owner, self.shape, node, self.tests, self.depth)
        found: Shape | None = self.shape.get_other_shape(shape)  # type: ignore[no-untyped-call]
        if found is None:
            raise Uncovered
        return _Place(self.owner, found, node, self.tests, self.depth + 1)

    def values(self, number: int, also: Callable[[Variable], Expression] | None = None) -> Expression:
        """Give that there are *number* different values, of each of which the expression *also* is true."""
        if number > _MOST or self.path is None:
            raise Uncovered
        variables = tuple(self.owner.variable() for _ in range(number))
        return AtLeast(self.node, self.path, variables, tuple(map(also, variables)) if also else ())

    def own(self) -> Way:
        """Give the path; raise Uncovered where there is none."""
        if self.path is None:
            raise Uncovered
        return self.path

    def _some(self, kind: _Of, component: Any) -> Expression:
        """Give what is true where *kind* is true of a value."""
        if self.path is None:
            return kind(self, component)
        return self.values(1, lambda value: kind(self.at(value), component))


def _any(expressions: Iterator[Expression]) -> Expression:
    return Some(tuple(expressions))


def _all(expressions: Iterator[Expression]) -> Expression:
    return All(tuple(expressions))


def _term(term: Node) -> URIRef | Literal:
    if isinstance(term, Literal | URIRef):
        return term
    raise Uncovered


def _tested(place: _Place, component: Any) -> Expression:
    test = place.owner.test(place, component)
    place.tests.append(test)
    return Failed(test.number, place.node)


def _class(place: _Place, component: Any) -> Expression:
    return _any(Not(Exists(((place.node, _INSTANCE, _term(each)),))) for each in component.class_rules)


def _datatype(place: _Place, component: Any) -> Expression:
    if component.datatype_rule == RDF.langString:
        return Not(Tagged(place.node))
    return _tested(place, component)


def _node_kind(place: _Place, component: Any) -> Expression:
    kinds: dict[Kind, tuple[Node, ...]] = {
        "isIRI": (SH.IRI, SH.IRIOrLiteral, SH.BlankNodeOrIRI),
        "isBlank": (SH.BlankNode, SH.BlankNodeOrLiteral, SH.BlankNodeOrIRI),
        "isLiteral": (SH.Literal, SH.IRIOrLiteral, SH.BlankNodeOrLiteral),
    }
    return _all(
        Not(Is(kind, place.node)) for kind, rules in kinds.items() if component.nodekind_rule in rules
    )


def _in(place: _Place, component: Any) -> Expression:
    return _all(Not(Same(place.node, _term(each))) for each in component.in_vals)


def _node(place: _Place, component: Any) -> Expression:
    return _any(place.at(place.node, each).all_broken() for each in component.node_shapes)


def _property(place: _Place, component: Any) -> Expression:
    return _any(place.at(place.node, each).all_broken() for each in component.property_shapes)


def _not(place: _Place, component: Any) -> Expression:
    return _any(Not(place.at(place.node, each).all_broken()) for each in component.not_list)


def _members(place: _Place, lists: Any) -> Iterator[list[Expression]]:
    for each in lists:
        members = set(place.shape.sg.graph.items(each))
        if not members:
            raise Uncovered
        yield [place.at(place.node, member).all_broken() for member in sorted(members, key=str)]


def _and(place: _Place, component: Any) -> Expression:
    return _any(_any(iter(broken)) for broken in _members(place, component.and_list))


def _or(place: _Place, component: Any) -> Expression:
    return _any(_all(iter(broken)) for broken in _members(place, component.or_list))


def _min_count(place: _Place, component: Any) -> Expression:
    number = int(component.min_count.value)
    return Not(place.values(number)) if number else Truth(False)


def _max_count(place: _Place, component: Any) -> Expression:
    return place.values(int(component.max_count.value) + 1)


def _qualified(place: _Place, component: Any) -> Expression:
    if component.is_disjoint:
        raise Uncovered
    found: list[Expression] = []
    for each in component.value_shapes:

        def conforms(value: Variable, shape: Any = each) -> Expression:
            return Not(place.at(value, shape).all_broken())

        if component.min_count:
            found.append(Not(place.values(component.min_count, conforms)))
        if component.max_count is not None:
            found.append(place.values(component.max_count + 1, conforms))
    return _any(iter(found))


def _unique_lang(place: _Place, component: Any) -> Expression:
    if component.string_rules != {True}:
        return Truth(False)
    one, other = place.owner.variable(), place.owner.variable()
    both = tuple((place.node, place.own(), each) for each in (one, other))
    return Exists(both, (Not(Same(one, other)), Tagged(one), Tagged(other), SameTag(one, other)))


def _has_value(place: _Place, component: Any) -> Expression:
    if place.path is None:
        return _any(Not(Same(place.node, _term(each))) for each in component.has_value_set)
    return _any(Not(Exists(((place.node, place.own(), _term(each)),))) for each in component.has_value_set)


def _pairs(place: _Place, component: Any) -> Iterator[tuple[Way, Way, Variable]]:
    """Give the path, each property that it is held against, and a variable for a value."""
    for each in component.property_compare_set:
        if not isinstance(each, URIRef):
            raise Uncovered
        yield place.own(), each, place.owner.variable()


def _equals(place: _Place, component: Any) -> Expression:
    return _any(
        Exists(((place.node, one, value),), (Not(Exists(((place.node, other, value),))),))
        for own, each, value in _pairs(place, component)
        for one, other in ((own, each), (each, own))
    )


def _disjoint(place: _Place, component: Any) -> Expression:
    return _any(
        Exists(((place.node, own, value), (place.node, each, value)))
        for own, each, value in _pairs(place, component)
    )


def _less(sign: str) -> _Of:
    def less(place: _Place, component: Any) -> Expression:
        if place.depth:
            raise Uncovered
        return _any(
            Exists(((place.node, own, one), (place.node, each, other)), (Not(InOrder(one, sign, other)),))
            for own, each, one in _pairs(place, component)
            for other in [place.owner.variable()]
        )

    return less


_VALUES: Final[dict[type, _Of]] = {
    value_constraints.ClassConstraintComponent: _class,
    value_constraints.DatatypeConstraintComponent: _datatype,
    value_constraints.NodeKindConstraintComponent: _node_kind,
    other_constraints.InConstraintComponent: _in,
    shape_based_constraints.NodeConstraintComponent: _node,
    shape_based_constraints.PropertyConstraintComponent: _property,
    logical_constraints.NotConstraintComponent: _not,
    logical_constraints.AndConstraintComponent: _and,
    logical_constraints.OrConstraintComponent: _or,
    value_range_constraints.MinExclusiveConstraintComponent: _tested,
    value_range_constraints.MinInclusiveConstraintComponent: _tested,
    value_range_constraints.MaxExclusiveConstraintComponent: _tested,
    value_range_constraints.MaxInclusiveConstraintComponent: _tested,
    string_based_constraints.MinLengthConstraintComponent: _tested,
    string_based_constraints.MaxLengthConstraintComponent: _tested,
    string_based_constraints.PatternConstraintComponent: _tested,
    string_based_constraints.LanguageInConstraintComponent: _tested,
}
"""What a constraint says of a single value."""
_NODES: Final[dict[type, _Of]] = {
    cardinality_constraints.MinCountConstraintComponent: _min_count,
    cardinality_constraints.MaxCountConstraintComponent: _max_count,
    shape_based_constraints.QualifiedValueShapeConstraintComponent: _qualified,
    string_based_constraints.UniqueLangConstraintComponent: _unique_lang,
    other_constraints.HasValueConstraintComponent: _has_value,
    property_pair_constraints.EqualsConstraintComponent: _equals,
    property_pair_constraints.DisjointConstraintComponent: _disjoint,
    property_pair_constraints.LessThanConstraintComponent: _less("<"),
    property_pair_constraints.LessThanOrEqualsConstraintComponent: _less("<="),
}
"""What a constraint says of all values of a node together."""
