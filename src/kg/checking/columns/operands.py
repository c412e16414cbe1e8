"""Expressions of SPARQL 1.1 in SQL (§17): a term, a truth value, a number, a text, or an IRI that a function gives; NULL for an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rdflib import Literal, URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from kg.checking.columns import values
from kg.checking.columns.data import Kind, kind_of, quoted
from kg.checking.sets import Uncovered


@dataclass(frozen=True, slots=True)
class Operand:
    """What an expression gives, in SQL, in the one form that it has: the number of a ``term``, a ``truth`` value, an ``amount``, a ``text``, or an ``iri``.

    ``constant`` is the term of the query that it is, ``number`` the number of an IRI that is one.
    """

    term: str | None = None
    truth: str | None = None
    amount: str | None = None
    text: str | None = None
    iri: str | None = None
    number: str | None = None
    constant: URIRef | Literal | None = None


class Within(Protocol):
    """The group that an expression stands in."""

    def stands_for(self, name: str) -> Operand | None:
        """Give what a variable stands for, None without a value."""

    def exists(self, part: CompValue) -> str:
        """Give whether *part* of an algebra matches."""

    def number(self, iri: URIRef) -> str:
        """Give the number of *iri*."""


_NOTHING: Final = Operand(truth="CAST(NULL AS BOOLEAN)")
_COMPARED: Final = {"<", ">", "<=", ">=", "=", "!="}


def truth(expression: Any, within: Within) -> str:
    """Give *expression* as true, false or NULL. Raises Uncovered where it is not covered, or its effective truth value would have to be told."""
    said = operand(expression, within).truth
    if said is None:
        raise Uncovered
    return said


def operand(expression: Any, within: Within) -> Operand:
    """Give *expression*. Raises Uncovered."""
    if isinstance(expression, Variable):
        return within.stands_for(str(expression)) or _NOTHING
    if isinstance(expression, URIRef):
        return Operand(number=within.number(expression), constant=expression)
    if isinstance(expression, Literal):
        return _literal(expression)
    if not isinstance(expression, CompValue):
        raise Uncovered
    handler = _HANDLERS.get(expression.name)
    if handler is None:
        raise Uncovered
    return handler(expression, lambda each: operand(each, within), within)


def _literal(literal: Literal) -> Operand:
    match kind_of(literal):
        case Kind.NUMBER:
            return Operand(amount=repr(float(literal.value)), constant=literal)
        case Kind.TEXT:
            return Operand(text=quoted(str(literal)), constant=literal)
        case Kind.TRUTH:
            return Operand(truth=str(literal), constant=literal)
        case _:
            return Operand(constant=literal)


_Give = Callable[[Any], Operand]


def _said(given: Operand) -> str:
    if given.truth is None:
        raise Uncovered
    return given.truth


def _or(part: CompValue, give: _Give, _: Within) -> Operand:
    return Operand(truth=" OR ".join(f"({_said(give(each))})" for each in (part.expr, *part.other)))


def _and(part: CompValue, give: _Give, _: Within) -> Operand:
    return Operand(truth=" AND ".join(f"({_said(give(each))})" for each in (part.expr, *part.other)))


def _not(part: CompValue, give: _Give, _: Within) -> Operand:
    return Operand(truth=f"NOT ({_said(give(part.expr))})")


def _relational(part: CompValue, give: _Give, _: Within) -> Operand:
    one = give(part.expr)
    if part.op in ("IN", "NOT IN"):
        alike = " OR ".join(f"({_compared(one, '=', give(each))})" for each in part.other) or "false"
        return Operand(truth=alike if part.op == "IN" else f"NOT ({alike})")
    if part.op not in _COMPARED:
        raise Uncovered
    return Operand(truth=_compared(one, part.op, give(part.other)))


def _compared(one: Operand, sign: str, other: Operand) -> str:
    """Give what *sign* says of two operands, by the form that each has."""
    if sign == "!=":
        return f"NOT ({_compared(one, '=', other)})"
    if _NOTHING in (one, other):
        return str(_NOTHING.truth)
    if one.constant is not None and other.constant is not None:
        raise Uncovered
    if one.term and other.term:
        return values.equal(one.term, other.term) if sign == "=" else values.less(one.term, sign, other.term)
    if one.term is None and other.term is not None:
        return _compared(other, {"<": ">", ">": "<", "<=": ">=", ">=": "<="}.get(sign, sign), one)
    if one.term is not None:
        return _with_term(one.term, sign, other)
    for form in ("amount", "text", "iri"):
        first, second = _as(one, form), _as(other, form)
        if first is not None and second is not None and (form != "iri" or sign == "="):
            return f"{first} {sign} {second}"
    raise Uncovered


def _as(given: Operand, form: str) -> str | None:
    if form == "iri" and isinstance(given.constant, URIRef):
        return quoted(str(given.constant))
    found: str | None = getattr(given, form)
    return found


def _with_term(term: str, sign: str, other: Operand) -> str:
    """Give what *sign* says of a term of the data and something that is none."""
    if isinstance(other.constant, URIRef):
        if sign != "=":
            raise Uncovered
        return f"{term} = {other.number}"
    for kind, held, given in (
        (Kind.NUMBER, values.amount, other.amount),
        (Kind.TEXT, values.text, other.text),
    ):
        if given is not None:
            return (
                f"(CASE WHEN {term} IS NULL OR {given} IS NULL OR {term} % 8 = {Kind.OTHER} THEN NULL "
                f"WHEN {term} % 8 = {kind} THEN {held(term)} {sign} {given} ELSE {'false' if sign == '=' else 'NULL'} END)"
            )
    raise Uncovered


def _sum(part: CompValue, give: _Give, _: Within) -> Operand:
    found = _amount(give(part.expr))
    for sign, each in zip(part.op, part.other, strict=True):
        found += f" {sign} {_amount(give(each))}"
    return Operand(amount=f"({found})")


def _amount(given: Operand) -> str:
    if given.amount is not None:
        return given.amount
    if given.term is not None:
        return values.amount(given.term)
    raise Uncovered


def _bound(part: CompValue, give: _Give, _: Within) -> Operand:
    given = give(part.arg)
    if given == _NOTHING:
        return Operand(truth="false")
    if given.term is None:
        raise Uncovered
    return Operand(truth=f"{given.term} IS NOT NULL")


def _coalesce(part: CompValue, give: _Give, _: Within) -> Operand:
    return Operand(truth=f"coalesce({', '.join(f'({_said(give(each))})' for each in part.arg)})")


def _same(part: CompValue, give: _Give, _: Within) -> Operand:
    one, other = (each.number or _term(each) for each in (give(part.arg1), give(part.arg2)))
    return Operand(truth=f"{one} = {other}")


def _kind(kind: str) -> Callable[[CompValue, _Give, Within], Operand]:
    def is_kind(part: CompValue, give: _Give, _: Within) -> Operand:
        return Operand(truth=values.of_kind(_term(give(part.arg)), kind))

    return is_kind


def _term(given: Operand) -> str:
    if given == _NOTHING:
        return "CAST(NULL AS BIGINT)"
    if given.term is None:
        raise Uncovered
    return given.term


def _there(part: CompValue, _: _Give, within: Within) -> Operand:
    return Operand(truth=within.exists(part.graph))


def _not_there(part: CompValue, _: _Give, within: Within) -> Operand:
    return Operand(truth=f"NOT {within.exists(part.graph)}")


_HANDLERS: Final[dict[str, Callable[[CompValue, _Give, Within], Operand]]] = {
    "ConditionalOrExpression": _or,
    "ConditionalAndExpression": _and,
    "UnaryNot": _not,
    "RelationalExpression": _relational,
    "AdditiveExpression": _sum,
    "Builtin_BOUND": _bound,
    "Builtin_COALESCE": _coalesce,
    "Builtin_sameTerm": _same,
    "Builtin_isIRI": _kind("isIRI"),
    "Builtin_isURI": _kind("isIRI"),
    "Builtin_isBLANK": _kind("isBlank"),
    "Builtin_isLITERAL": _kind("isLiteral"),
    "Builtin_STR": lambda part, give, _: Operand(text=values.text(_term(give(part.arg)))),
    "Builtin_LANG": lambda part, give, _: Operand(text=values.language(_term(give(part.arg)))),
    "Builtin_DATATYPE": lambda part, give, _: Operand(iri=values.datatype(_term(give(part.arg)))),
    "Builtin_EXISTS": _there,
    "Builtin_NOTEXISTS": _not_there,
}
