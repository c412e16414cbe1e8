"""What a query reads the value of: the predicates whose objects it compares, reckons with or takes apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kg.checking.sets.text import Token
from kg.names import RDF

_TERMS: Final = frozenset(("BOUND", "SAMETERM", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "LANG"))
"""Functions that look at a term, not at its value."""
_VALUES: Final = frozenset(("STR", "DATATYPE", "STRLEN", "CONTAINS", "STRSTARTS", "STRENDS"))
_ORDER: Final = frozenset(("<", ">", "<=", ">=", "+", "-"))
_EQUAL: Final = frozenset(("=", "!="))


def predicates(body: Sequence[Token], prefixes: Mapping[str, str]) -> frozenset[str] | None:
    """Give every predicate that the group *body* names where it reads any value, none where it reads none; None where it may be any predicate."""
    if not any(_reads(body)):
        return frozenset()
    if any(_any_predicate(body)):
        return None
    return frozenset(_iri(token, prefixes) for token in body if token.is_iri and not token.expression)


def _reads(body: Sequence[Token]) -> Iterator[bool]:
    """Tell of each token whether it reads a value. A comparison with an IRI does not: no literal is equal to one."""
    functions: list[str] = []
    for at, token in enumerate(body):
        if token.sign in "({":
            functions.append(body[at - 1].said if at and token.text == "(" else "")
        elif token.sign in ")}":
            functions.pop()
        elif token.kind == "word":
            yield token.said in _VALUES
        elif token.expression and token.sign in _ORDER:
            yield True
        elif token.expression and token.kind == "variable":
            yield functions[-1] not in _TERMS and not _beside_iri(body, at)


def _beside_iri(body: Sequence[Token], at: int) -> bool:
    """Tell whether the variable at *at* is only named, or only held against IRIs."""
    before, after = body[at - 1], body[at + 1]
    if "AS" in (before.said, after.said):
        return True
    if (after.sign in _EQUAL and body[at + 2].is_iri) or (before.sign in _EQUAL and body[at - 2].is_iri):
        return True
    begin = at + 2 if after.said == "IN" else at + 3 if after.said == "NOT" else 0
    if not begin:
        return False
    end = next(place for place in range(begin, len(body)) if body[place].sign == ")")
    return all(token.is_iri or token.sign == "," for token in body[begin + 1 : end])


def _any_predicate(body: Sequence[Token]) -> Iterator[bool]:
    """Tell of each token whether it lets a pattern match any predicate: a variable in its place, or a negated set."""
    for at, token in enumerate(body):
        if token.expression or not 0 < at < len(body) - 1:
            continue
        before, after = body[at - 1], body[at + 1]
        if token.kind == "variable":
            follows = (
                before.is_term or before.sign in (";", "]") or (before.sign == ")" and not before.expression)
            )
            yield follows and (after.is_term or after.sign in ("[", "(", "+", "-"))
        else:
            yield token.sign == "!"


def _iri(token: Token, prefixes: Mapping[str, str]) -> str:
    if token.kind == "iri":
        return token.text[1:-1]
    if token.kind == "word":
        return RDF + "type"
    prefix, _, name = token.text.partition(":")
    return prefixes[prefix] + name.replace("\\", "")
