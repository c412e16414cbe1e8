"""The query of a SPARQL-based constraint as one over all focus nodes: ``$this`` joined to what is marked, not bound before.

W3C SHACL 1.0, §5.3.1, evaluates a query with ``$this`` replaced by a focus node, everywhere. So that a join says the same, the
pattern that binds it to every focus node stands first in each group that names it. What is not certain to mean the same is not
compiled: the form of the queries that are is narrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.checking.sets import reading
from kg.checking.sets.data import marked
from kg.checking.sets.text import Token, tokens

_WORDS: Final = frozenset(
    [
        "SELECT",
        "DISTINCT",
        "WHERE",
        "FILTER",
        "NOT",
        "EXISTS",
        "OPTIONAL",
        "UNION",
        "BIND",
        "AS",
        "IN",
        "A",
        "TRUE",
        "FALSE",
        "BOUND",
        "SAMETERM",
        "ISIRI",
        "ISURI",
        "ISBLANK",
        "ISLITERAL",
        "COALESCE",
        "IF",
        "STR",
        "LANG",
        "DATATYPE",
        "STRLEN",
        "CONTAINS",
        "STRSTARTS",
        "STRENDS",
    ]
)
"""The words of a query that is covered: each means the same to both engines, and with ``$this`` bound before or joined."""
_NEVER: Final = frozenset(("currentShape", "shapesGraph", "PATH"))
_WHOLE: Final = re.compile(r"0|[1-9]\d{0,8}")
_DECIMAL: Final = re.compile(r"\d{1,7}\.\d{1,7}")


@dataclass(frozen=True, slots=True)
class Select:
    """A query over all marked focus nodes, and the predicates whose objects it may read the value of, None where that may be any."""

    text: str
    predicates: frozenset[str] | None


def compiled(text: str, number: int) -> Select | None:
    """Give the query *text*, with its prefixes declared, over the focus nodes marked with *number*; None where it is not covered."""
    try:
        ox.Store().query(text)
        found = tokens(text)
        prefixes, body = _split(found)
        groups = list(_groups(body))
        if not _covered(body, groups):
            return None
        made = _joined(text, body, groups, marked(number))
        ox.Store().query(made)
    except (SyntaxError, ValueError):
        return None
    return Select(made, reading.predicates(body[groups[-1][0] :], prefixes))


def _split(found: Sequence[Token]) -> tuple[dict[str, str], list[Token]]:
    """Give the prefixes that are declared first, and the tokens after them. Raises ValueError where anything else comes first."""
    prefixes: dict[str, str] = {}
    at = 0
    while found[at : at + 1] and found[at].said == "PREFIX":
        name, iri = found[at + 1 : at + 3]
        prefixes[name.text.removesuffix(":")] = iri.text[1:-1]
        at += 3
    return prefixes, list(found[at:])


def _groups(body: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Give where each group begins and ends in *body*, inner ones first."""
    begun: list[int] = []
    for at, token in enumerate(body):
        if token.sign == "{":
            begun.append(at)
        elif token.sign == "}":
            yield begun.pop(), at


def _covered(body: Sequence[Token], groups: Sequence[tuple[int, int]]) -> bool:
    if not groups or body[0].said != "SELECT" or groups[-1][1] != len(body) - 1:
        return False
    if sum(token.said == "SELECT" for token in body) != 1 or groups[-1][0] != _first(body):
        return False
    return all(_known(*pair) for pair in zip(body, [*body[1:], None], strict=True))


def _first(body: Sequence[Token]) -> int:
    return next(at for at, token in enumerate(body) if token.sign == "{")


def _known(token: Token, after: Token | None) -> bool:
    """Tell whether *token*, with the one *after* it, is of a query that is covered."""
    if token.kind in ("word", "variable"):
        renames_this = token.said == "AS" and after is not None and after.is_this
        return (
            token.text[1:] not in _NEVER
            if token.kind == "variable"
            else token.said in _WORDS and not renames_this
        )
    if token.kind in ("iri", "name"):  # before a bracket it is a function, or the property of a list
        return after is None or after.sign != "("
    if token.kind == "number":
        return bool(_WHOLE.fullmatch(token.text) or (token.expression and _DECIMAL.fullmatch(token.text)))
    if token.kind == "language":
        return token.text.islower()
    return token.sign != "^^" and not (token.expression and token.sign in ("*", "/"))


def _joined(text: str, body: Sequence[Token], groups: Sequence[tuple[int, int]], pattern: str) -> str:
    """Give *text* with *pattern* first in each group that names ``$this``, asking for nothing else."""
    outermost = groups[-1][0]
    begins = {
        begin
        for begin, end in groups
        if begin == outermost or any(token.is_this for token in body[begin:end])
    }
    made = [text[: body[0].begin], "SELECT DISTINCT ?this WHERE {", pattern]
    last = body[outermost].end
    for begin in sorted(begins - {outermost}):
        made += [text[last : body[begin].end], pattern]
        last = body[begin].end
    return "".join([*made, text[last:]])
