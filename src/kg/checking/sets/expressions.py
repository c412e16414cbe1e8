"""What a core constraint says, as expressions over terms of a graph; and the same in SPARQL 1.1.

The two stores that set queries are asked of write them out: as SPARQL here, as SQL in :mod:`kg.checking.columns`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal, TypeAlias

from rdflib import Literal as Value
from rdflib import URIRef

from kg.checking.sets.data import DOUBTFUL, failed, noted
from kg.checking.sets.literals import stored
from kg.checking.sets.paths import Way, written
from kg.terms import from_rdflib


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, by its name without a sign."""

    name: str


THIS: Final = Variable("this")
"""The focus node."""

Term: TypeAlias = Variable | URIRef | Value
Match: TypeAlias = tuple[Term, Way, Term]
"""A path that leads from a term to another one."""
Kind: TypeAlias = Literal["isIRI", "isBlank", "isLiteral"]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is always so, or never."""

    value: bool


@dataclass(frozen=True, slots=True)
class Some:
    """That one of ``parts`` is so."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class All:
    """That all of ``parts`` are so."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """That ``part`` is not so."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Exists:
    """That there are values by which all ``matches`` match and ``filters`` are so."""

    matches: tuple[Match, ...]
    filters: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class AtLeast:
    """That as many different values as there are ``variables`` stand at the end of ``path`` from ``node``, each with its filter where there are any."""

    node: Term
    path: Way
    variables: tuple[Variable, ...]
    filters: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Same:
    """That two terms are one."""

    one: Term
    other: Term


@dataclass(frozen=True, slots=True)
class Is:
    """Of what kind a node is."""

    kind: Kind
    node: Term


@dataclass(frozen=True, slots=True)
class Tagged:
    """That a node is a text with a language."""

    node: Term


@dataclass(frozen=True, slots=True)
class SameTag:
    """That two texts have one language."""

    one: Term
    other: Term


@dataclass(frozen=True, slots=True)
class Failed:
    """That a node failed the test of a number."""

    number: int
    node: Term


@dataclass(frozen=True, slots=True)
class InOrder:
    """That a value is certainly less than another one, or at most as much."""

    one: Term
    sign: str
    other: Term


Expression: TypeAlias = (
    Truth | Some | All | Not | Exists | AtLeast | Same | Is | Tagged | SameTag | Failed | InOrder
)


def sparql(expression: Expression) -> str:
    """Give *expression* in SPARQL, over the store of :class:`kg.checking.sets.data.Data`."""
    match expression:
        case Truth(value):
            said = str(value).lower()
        case Some(parts):
            said = " || ".join(f"({sparql(part)})" for part in parts) or "false"
        case All(parts):
            said = " && ".join(f"({sparql(part)})" for part in parts) or "true"
        case Not(Exists() | AtLeast() as part):
            said = f"NOT {sparql(part)}"
        case Not(part):
            said = f"!({sparql(part)})"
        case Exists() | AtLeast():
            said = f"EXISTS {{ {_pattern(expression)} }}"
        case _:
            said = _about_terms(expression)
    return said


def _pattern(expression: Exists | AtLeast) -> str:
    if isinstance(expression, Exists):
        matches, filters = expression.matches, expression.filters
    else:
        matches = tuple((expression.node, expression.path, each) for each in expression.variables)
        different = (Not(Same(*pair)) for pair in combinations(expression.variables, 2))
        filters = (*different, *expression.filters)
    found = [f"{_term(one)} {written(path)} {_term(other)} ." for one, path, other in matches]
    return " ".join([*found, *(f"FILTER ({sparql(each)})" for each in filters)])


def _about_terms(expression: Expression) -> str:
    match expression:
        case Same(one, other):
            said = f"sameTerm({_term(one)}, {_term(other)})"
        case Is(kind, node):
            said = f"{kind}({_term(node)})"
        case Tagged(node):
            said = f'COALESCE(LANG({_term(node)}) != "", false)'
        case SameTag(one, other):
            said = f"LANG({_term(one)}) = LANG({_term(other)})"
        case Failed(number, node):
            said = failed(number, _term(node))
        case InOrder(one, sign, other):
            doubt = " || ".join(noted(DOUBTFUL, _term(each)) for each in (one, other))
            said = f"COALESCE({_term(one)} {sign} {_term(other)}, false) && !({doubt})"
        case _:
            raise TypeError(expression)
    return said


def _term(term: Term) -> str:
    if isinstance(term, Variable):
        return f"?{term.name}"
    return str(stored(term) if isinstance(term, Value) else from_rdflib(term))
