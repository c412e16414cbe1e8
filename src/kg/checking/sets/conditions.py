"""Core constraints as expressions of SPARQL: true of a node that breaks them (W3C SHACL 1.0, §4).

An expression is exact, so that it may stand under a ``sh:not``, but for an order of values, which stands at the outermost level
alone and is true of too many. What only looks at a value (``sh:pattern``, ``sh:datatype`` and so on) is a *test*: pySHACL looks at each
distinct value once, and the expression asks for a value that failed. What has no expression is not covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, count
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
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from kg.checking.sets.data import DOUBTFUL, failed, noted
from kg.checking.sets.literals import stored
from kg.checking.sets.paths import path
from kg.terms import from_rdflib

_MOST: Final = 3
"""Values that an expression counts up to."""
_DEEP: Final = 8
"""Shapes within shapes that are followed, so that a recursive one is left to pySHACL."""


class Uncovered(Exception):
    """A constraint that has no expression."""


@dataclass(frozen=True, slots=True)
class Test:
    """What ``component`` of ``shape`` finds wrong with a value by itself; its ``number``, and the path that leads to all values there are."""

    number: int
    component: Any
    shape: Shape
    path: str


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression that is true of each ``?this`` which breaks a constraint, once the ``tests`` in it are made."""

    text: str
    tests: tuple[Test, ...]


_Expression: TypeAlias = str
_Of: TypeAlias = Callable[["_Place", Any], _Expression]


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
            return Condition(_Place(self, shape, "?this", tests, 0).broken(component), tuple(tests))
        except Uncovered:
            return None

    def test(self, place: _Place, component: Any) -> Test:
        """Give a new test of *component*."""
        if place.path is None:
            raise Uncovered
        return Test(next(self._numbers), component, place.shape, place.path)

    def variable(self) -> str:
        """Give a variable that no expression has yet."""
        return f"?v{next(self._variables)}"

    def components(self, shape: Shape) -> list[Any]:
        """Give the components of *shape*."""
        return self._components(shape)


class _Place:
    """A *shape* held against the *node* of an expression, at a *depth* of shapes within shapes."""

    def __init__(self, owner: Conditions, shape: Shape, node: str, tests: list[Test], depth: int) -> None:
        if depth > _DEEP:
            raise Uncovered
        self.owner, self.shape, self.node, self.tests, self.depth = owner, shape, node, tests, depth
        leads: Any = shape.path  # pySHACL annotates no result
        self.path = path(shape.sg.graph, leads()) if shape.is_property_shape else None
        if shape.is_property_shape and self.path is None:
            raise Uncovered

    def broken(self, component: Any) -> _Expression:
        """Give the expression for *component*, of the node or of some value of it. Raises Uncovered."""
        for kinds, make in ((_VALUES, self._some), (_NODES, self._whole)):
            if kind := kinds.get(type(component)):
                return make(kind, component)
        raise Uncovered

    def all_broken(self) -> _Expression:
        """Give the expression for a node that does not conform to the shape."""
        if self.shape.deactivated:
            return "false"
        return _any(self.broken(component) for component in self.owner.components(self.shape))

    def at(self, node: str, shape: Any = None) -> _Place:
        """Give the same for another *node*, and for the *shape* that is named where one is."""
        if shape is None:
            return _Place(self.owner, self.shape, node, self.tests, self.depth)
        found: Shape | None = self.shape.get_other_shape(shape)  # type: ignore[no-untyped-call]
        if found is None:
            raise Uncovered
        return _Place(self.owner, found, node, self.tests, self.depth + 1)

    def values(self, number: int, also: Callable[[str], _Expression] | None = None) -> str:
        """Give the pattern of *number* different values, of each of which the expression *also* is true."""
        if number > _MOST:
            raise Uncovered
        variables = [self.owner.variable() for _ in range(number)]
        found = [f"{self.node} {self.path} {variable} ." for variable in variables]
        found += [f"FILTER (!sameTerm({one}, {other}))" for one, other in combinations(variables, 2)]
        found += [f"FILTER ({also(variable)})" for variable in variables if also]
        return " ".join(found)

    def _some(self, kind: _Of, component: Any) -> _Expression:
        """Give what is true where *kind* is true of a value."""
        if self.path is None:
            return kind(self, component)
        return f"EXISTS {{ {self.values(1, lambda value: kind(self.at(value), component))} }}"

    def _whole(self, kind: _Of, component: Any) -> _Expression:
        return kind(self, component)


def _any(expressions: Iterator[_Expression]) -> _Expression:
    return " || ".join(f"({each})" for each in expressions) or "false"


def _all(expressions: Iterator[_Expression]) -> _Expression:
    return " && ".join(f"({each})" for each in expressions) or "true"


def _term(term: Node) -> str:
    if isinstance(term, Literal):
        return str(stored(term))
    if isinstance(term, URIRef):
        return str(from_rdflib(term))
    raise Uncovered


def _tested(place: _Place, component: Any) -> _Expression:
    test = place.owner.test(place, component)
    place.tests.append(test)
    return failed(test.number, place.node)


def _class(place: _Place, component: Any) -> _Expression:
    leads = (
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>/<http://www.w3.org/2000/01/rdf-schema#subClassOf>*"
    )
    return _any(f"NOT EXISTS {{ {place.node} {leads} {_term(each)} }}" for each in component.class_rules)


def _datatype(place: _Place, component: Any) -> _Expression:
    if component.datatype_rule == RDF.langString:
        return f'!COALESCE(LANG({place.node}) != "", false)'
    return _tested(place, component)


def _node_kind(place: _Place, component: Any) -> _Expression:
    kinds = {
        "isIRI": (SH.IRI, SH.IRIOrLiteral, SH.BlankNodeOrIRI),
        "isBlank": (SH.BlankNode, SH.BlankNodeOrLiteral, SH.BlankNodeOrIRI),
        "isLiteral": (SH.Literal, SH.IRIOrLiteral, SH.BlankNodeOrLiteral),
    }
    return _all(
        f"!{function}({place.node})" for function, rules in kinds.items() if component.nodekind_rule in rules
    )


def _in(place: _Place, component: Any) -> _Expression:
    return _all(f"!sameTerm({place.node}, {_term(each)})" for each in component.in_vals)


def _node(place: _Place, component: Any) -> _Expression:
    return _any(place.at(place.node, each).all_broken() for each in component.node_shapes)


def _property(place: _Place, component: Any) -> _Expression:
    return _any(place.at(place.node, each).all_broken() for each in component.property_shapes)


def _not(place: _Place, component: Any) -> _Expression:
    return _any(f"!({place.at(place.node, each).all_broken()})" for each in component.not_list)


def _members(place: _Place, lists: Any) -> Iterator[list[_Expression]]:
    for each in lists:
        members = set(place.shape.sg.graph.items(each))
        if not members:
            raise Uncovered
        yield [place.at(place.node, member).all_broken() for member in sorted(members, key=str)]


def _and(place: _Place, component: Any) -> _Expression:
    return _any(_any(iter(broken)) for broken in _members(place, component.and_list))


def _or(place: _Place, component: Any) -> _Expression:
    return _any(_all(iter(broken)) for broken in _members(place, component.or_list))


def _min_count(place: _Place, component: Any) -> _Expression:
    number = int(component.min_count.value)
    return f"NOT EXISTS {{ {place.values(number)} }}" if number else "false"


def _max_count(place: _Place, component: Any) -> _Expression:
    return f"EXISTS {{ {place.values(int(component.max_count.value) + 1)} }}"


def _qualified(place: _Place, component: Any) -> _Expression:
    if component.is_disjoint:
        raise Uncovered
    found = []
    for each in component.value_shapes:

        def conforms(value: str, shape: Any = each) -> _Expression:
            return f"!({place.at(value, shape).all_broken()})"

        if component.min_count:
            found.append(f"NOT EXISTS {{ {place.values(component.min_count, conforms)} }}")
        if component.max_count is not None:
            found.append(f"EXISTS {{ {place.values(component.max_count + 1, conforms)} }}")
    return _any(iter(found))


def _unique_lang(place: _Place, component: Any) -> _Expression:
    if component.string_rules != {True}:
        return "false"
    one, other = place.owner.variable(), place.owner.variable()
    both = f"{place.node} {place.path} {one}, {other} . FILTER (!sameTerm({one}, {other}))"
    return f'EXISTS {{ {both} FILTER (LANG({one}) != "" && LANG({one}) = LANG({other})) }}'


def _has_value(place: _Place, component: Any) -> _Expression:
    if place.path is None:
        return _any(f"!sameTerm({place.node}, {_term(each)})" for each in component.has_value_set)
    return _any(
        f"NOT EXISTS {{ {place.node} {place.path} {_term(each)} }}" for each in component.has_value_set
    )


def _equals(place: _Place, component: Any) -> _Expression:
    return _any(
        f"EXISTS {{ {place.node} {one} {value} FILTER NOT EXISTS {{ {place.node} {other} {value} }} }}"
        for each in component.property_compare_set
        for value in [place.owner.variable()]
        for one, other in ((_own(place), _term(each)), (_term(each), _own(place)))
    )


def _disjoint(place: _Place, component: Any) -> _Expression:
    return _any(
        f"EXISTS {{ {place.node} {_own(place)} {value} . {place.node} {_term(each)} {value} }}"
        for each in component.property_compare_set
        for value in [place.owner.variable()]
    )


def _less(sign: str) -> _Of:
    def less(place: _Place, component: Any) -> _Expression:
        if place.depth:
            raise Uncovered
        found = []
        for each in component.property_compare_set:
            one, other = place.owner.variable(), place.owner.variable()
            pair = f"{place.node} {_own(place)} {one} . {place.node} {_term(each)} {other} ."
            doubt = f"{noted(DOUBTFUL, one)} || {noted(DOUBTFUL, other)}"
            found.append(f"EXISTS {{ {pair} FILTER (!COALESCE({one} {sign} {other}, false) || {doubt}) }}")
        return _any(iter(found))

    return less


def _own(place: _Place) -> str:
    if place.path is None:
        raise Uncovered
    return place.path


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
