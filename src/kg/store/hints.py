"""Hints: what was probably meant where a query is not valid SPARQL, told from its terminals alone."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from kg.sparql import Token

_WORDS: Final = (
    "ABS", "AS", "ASC", "ASK", "AVG", "BASE", "BIND", "BNODE", "BOUND", "BY", "CEIL", "COALESCE", "CONCAT",
    "CONSTRUCT", "CONTAINS", "COUNT", "DATATYPE", "DAY", "DESC", "DESCRIBE", "DISTINCT", "ENCODE_FOR_URI", "EXISTS",
    "FILTER", "FLOOR", "FROM", "GRAPH", "GROUP", "GROUP_CONCAT", "HAVING", "HOURS", "IF", "IN", "IRI", "ISBLANK",
    "ISIRI", "ISLITERAL", "ISNUMERIC", "LANG", "LANGMATCHES", "LCASE", "LIMIT", "MAX", "MIN", "MINUS", "MINUTES",
    "MONTH", "NAMED", "NOT", "NOW", "OFFSET", "OPTIONAL", "ORDER", "PREFIX", "REDUCED", "REGEX", "REPLACE", "ROUND",
    "SAMETERM", "SAMPLE", "SECONDS", "SELECT", "SEPARATOR", "STR", "STRAFTER", "STRBEFORE", "STRDT", "STRENDS",
    "STRLANG", "STRLEN", "STRSTARTS", "SUBSTR", "SUM", "UCASE", "UNION", "URI", "VALUES", "WHERE", "YEAR",
)  # fmt: skip
_OPENED: Final = {"{": "}", "(": ")", "[": "]"}
_TERMS: Final = frozenset({"iri", "string", "pname", "var", "number"})
_NEAR: Final = 0.7
_LONGEST: Final = max(map(len, _WORDS)) + 3


def at(found: Token, significant: Sequence[Token]) -> str:
    """Give what may help where the engine stumbled over *found*, one of the *significant* tokens; nothing where that cannot be told."""
    place = significant.index(found)
    before = significant[place - 1] if place else None
    after = significant[place + 1] if place + 1 < len(significant) else None
    if found.kind == "word" and len(found.text) <= _LONGEST:
        near = get_close_matches(found.text.upper(), _WORDS, n=1, cutoff=_NEAR)
        return f"did you mean {near[0]}?" if near and near[0] != found.text.upper() else ""
    if found.text in _OPENED.values() and (loose := _loose(significant)) is not None:
        return f"the {loose.text} of line {loose.line}, column {loose.column} closes nothing: remove it"
    if after is not None and after.text == "," and found.kind == "var":
        return "write variables one after the other, without commas"
    if before is not None and found.kind in _TERMS and before.kind in _TERMS:
        return "if a statement ends before it, put a full stop there; else a semicolon or a comma"
    return ""


def early(significant: Sequence[Token]) -> str:
    """Give what may be missing at the end: the bracket that was opened last and not closed."""
    opened = _open(significant)
    if not opened:
        return ""
    last = opened[-1]
    return f"close the {last.text} of line {last.line}, column {last.column}, with {_OPENED[last.text]}"


def unbound(reason: str) -> str:
    """Give what helps against the *reason* of the engine that a variable of the SELECT list has no value in a group."""
    grouped = "variable that is unbound" in reason
    return "name the variable in GROUP BY, or put it into COUNT, MIN, SAMPLE or the like" if grouped else ""


def _open(significant: Sequence[Token]) -> list[Token]:
    """Give the brackets that are opened and not closed."""
    stack: list[Token] = []
    for token in significant:
        if token.text in _OPENED:
            stack.append(token)
        elif stack and token.text == _OPENED[stack[-1].text]:
            stack.pop()
    return stack


def _loose(significant: Sequence[Token]) -> Token | None:
    """Give the first bracket that closes nothing."""
    depth = 0
    for token in significant:
        depth += (token.text in _OPENED) - (token.text in _OPENED.values())
        if depth < 0:
            return token
    return None
