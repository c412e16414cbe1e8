"""Expressions of core constraints in SQL (:mod:`kg.checking.sets.expressions`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from kg.checking.columns.data import Kind, listed
from kg.checking.columns.scope import End, Scope
from kg.checking.columns.values import language, less
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
            return str(value).lower()
        case x.Some(parts):
            return _joined([condition(part, scope, failed) for part in parts], "OR", "true", "false")
        case x.All(parts):
            return _joined([condition(part, scope, failed) for part in parts], "AND", "false", "true")
        case x.Not(part):
            said = condition(part, scope, failed)
            return {"true": "false", "false": "true"}.get(said, f"NOT ({said})")
        case x.Exists(matches, filters):
            return _exists(scope, matches, filters, failed)
        case x.AtLeast():
            return _at_least(expression, scope, failed)
        case _:
            return _about_terms(expression, scope, failed)


def _exists(
    scope: Scope, matches: tuple[x.Match, ...], filters: tuple[x.Expression, ...], failed: FailedIds
) -> str:
    inner = scope.within()
    for one, way, other in matches:
        inner.match(_end(one), way, _end(other))
    for each in filters:
        said = condition(each, inner, failed)
        if said == "false":
            return "false"
        inner.asked.append(said)
    return f"EXISTS ({inner.select()})"


def _at_least(expression: x.AtLeast, scope: Scope, failed: FailedIds) -> str:
    first, number = expression.variables[0], len(expression.variables)
    if number == 1:
        return _exists(scope, ((expression.node, expression.path, first),), expression.filters[:1], failed)
    inner = scope.within()
    inner.match(_end(expression.node), expression.path, first.name)
    for each in expression.filters[:1]:
        said = condition(each, inner, failed)
        if said == "false":
            return "false"
        inner.asked.append(said)
    return f"(SELECT count(DISTINCT {inner.bound[first.name]}){inner.rest()}) >= {number}"


def _about_terms(expression: x.Expression, scope: Scope, failed: FailedIds) -> str:
    match expression:
        case x.Same(one, other):
            return f"{_number(one, scope)} = {_number(other, scope)}"
        case x.Is(kind, node):
            kinds = {"isIRI": f"= {Kind.IRI}", "isBlank": f"= {Kind.BLANK}", "isLiteral": f">= {Kind.TEXT}"}
            return f"{_number(node, scope)} % 8 {kinds[kind]}"
        case x.Tagged(node):
            return f"{_number(node, scope)} % 8 = {Kind.TAGGED}"
        case x.SameTag(one, other):
            return f"{language(_number(one, scope))} = {language(_number(other, scope))}"
        case x.Failed(number, node):
            ids = failed(number)
            if len(ids) > _MANY:
                return f"{_number(node, scope)} IN (SELECT id FROM failed WHERE test = {number})"
            return f"{_number(node, scope)} IN ({listed(ids)})" if ids else "false"
        case x.InOrder(one, sign, other):
            return f"coalesce({less(_number(one, scope), sign, _number(other, scope))}, false)"
    raise Uncovered


def _number(term: x.Term, scope: Scope) -> str:
    """Give the SQL of the number of *term*."""
    end = _end(term)
    return scope.bound[end] if isinstance(term, x.Variable) else str(scope.columns.id(end))  # type: ignore[arg-type, index]


def _end(term: x.Term) -> End:
    return term.name if isinstance(term, x.Variable) else term


def _joined(parts: list[str], word: str, decides: str, nothing: str) -> str:
    """Give *parts* joined by *word*: one of them may be *decides*, and *nothing* says nothing."""
    if decides in parts:
        return decides
    return f" {word} ".join(f"({part})" for part in parts if part != nothing) or nothing
