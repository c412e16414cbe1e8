"""Expressions of core constraints in SQL (:mod:`kg.checking.sets.expressions`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from kg.checking.columns.data import Kind, listed
from kg.checking.columns.scope import End, Scope
from kg.checking.columns.values import language, less, of_kind
from kg.checking.sets import Uncovered
from kg.checking.sets import expressions as x

FailedIds = Callable[[int], list[int]]
"""The numbers of the values that failed a test."""
_MANY: Final = 1000
"""Numbers that a query lists."""


def suspects(expression: x.Expression, scope: Scope, failed: FailedIds) -> list[str]:
    """Give queries for the ``f.id`` of which *expression* is true: what is said of alternatives is asked one by one. Raises Uncovered."""
    found = []
    for part in _alternatives(expression):
        said = condition(part, scope, failed)
        if said != "false":
            found.append(f"{scope.select('this')} WHERE {said}")
    return found


def _alternatives(expression: x.Expression) -> Iterator[x.Expression]:
    if isinstance(expression, x.Some):
        for part in expression.parts:
            yield from _alternatives(part)
    else:
        yield expression


def condition(expression: x.Expression, scope: Scope, failed: FailedIds) -> str:
    """Give *expression* in SQL; ``true`` and ``false`` are simplified away. Raises Uncovered."""
    match expression:
        case x.Truth(value):
            said = str(value).lower()
        case x.Some(parts):
            said = _joined([condition(part, scope, failed) for part in parts], "OR", "true", "false")
        case x.All(parts):
            said = _joined([condition(part, scope, failed) for part in parts], "AND", "false", "true")
        case x.Not(part):
            given = condition(part, scope, failed)
            said = {"true": "false", "false": "true"}.get(given, f"NOT ({given})")
        case x.Exists(matches, filters):
            inner = _group(scope, matches, filters, failed)
            said = f"EXISTS ({inner.select()})" if inner else "false"
        case x.AtLeast():
            said = _at_least(expression, scope, failed)
        case _:
            said = _about_terms(expression, scope, failed)
    return said


def _group(
    scope: Scope, matches: tuple[x.Match, ...], filters: tuple[x.Expression, ...], failed: FailedIds
) -> Scope | None:
    """Give the group of *matches* and *filters*, None where nothing can be in it."""
    inner = scope.within()
    for one, way, other in matches:
        inner.match(_end(one), way, _end(other))
    inner.asked += [condition(each, inner, failed) for each in filters]
    return None if "false" in inner.asked else inner


def _at_least(expression: x.AtLeast, scope: Scope, failed: FailedIds) -> str:
    first, number = expression.variables[0], len(expression.variables)
    inner = _group(scope, ((expression.node, expression.path, first),), expression.filters[:1], failed)
    if inner is None:
        return "false"
    if number == 1:
        return f"EXISTS ({inner.select()})"
    return f"(SELECT count(DISTINCT {inner.bound[first.name]}){inner.rest()}) >= {number}"


def _about_terms(expression: x.Expression, scope: Scope, failed: FailedIds) -> str:
    def of(term: x.Term) -> str:
        return scope.bound[term.name] if isinstance(term, x.Variable) else str(scope.columns.id(term))

    match expression:
        case x.Same(one, other):
            said = f"{of(one)} = {of(other)}"
        case x.Is(kind, node):
            said = of_kind(of(node), kind)
        case x.Tagged(node):
            said = f"{of(node)} % 8 = {Kind.TAGGED}"
        case x.SameTag(one, other):
            said = f"{language(of(one))} = {language(of(other))}"
        case x.Failed(number, node):
            said = _among(of(node), number, failed(number))
        case x.InOrder(one, sign, other):
            said = f"coalesce({less(of(one), sign, of(other))}, false)"
        case _:
            raise Uncovered
    return said


def _among(term: str, test: int, ids: list[int]) -> str:
    if len(ids) > _MANY:
        return f"{term} IN (SELECT id FROM failed WHERE test = {test})"
    return f"{term} IN ({listed(ids)})" if ids else "false"


def _end(term: x.Term) -> End:
    return term.name if isinstance(term, x.Variable) else term


def _joined(parts: list[str], word: str, decides: str, nothing: str) -> str:
    """Give *parts* joined by *word*: one of them may be *decides*, and *nothing* says nothing."""
    if decides in parts:
        return decides
    return f" {word} ".join(f"({part})" for part in parts if part != nothing) or nothing
