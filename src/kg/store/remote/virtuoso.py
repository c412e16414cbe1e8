"""Virtuoso 7, where it answers otherwise than SPARQL 1.1 says: the spelling of values, and answers that it cuts without a word."""

from __future__ import annotations

import re
from typing import Final, TypeVar

import pyoxigraph as ox

from kg.names import XSD
from kg.store.remote.exchange import Reply
from kg.store.solutions import Solutions, Term

FEW: Final = 100
"""Rows, or triples, of an answer up to which nobody has a server cut it (``ResultSetMaxRows``; 10,000 as it is installed)."""

_BOOLEAN: Final = ox.NamedNode(XSD + "boolean")
_DURATION: Final = ox.NamedNode(XSD + "duration")
_TRUTH: Final = {"1": ox.Literal("true", datatype=_BOOLEAN), "0": ox.Literal("false", datatype=_BOOLEAN)}
_SECONDS: Final = re.compile(r"([0-9]{1,15})(\.[0-9]+)?")

_T = TypeVar("_T", Term, "Term | None")


def answers(reply: Reply) -> bool:
    """Tell whether a Virtuoso gave *reply*."""
    return reply.headers.get("Server", "").startswith("Virtuoso/")


def more_than(number: int) -> str:
    """Give a query whose whole answer has one row more than *number*: its own statements, each beside each."""
    return f"SELECT (1 AS ?x) WHERE {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {number + 1}"


def solutions(found: Solutions) -> Solutions:
    """Give *found* with its values in the spelling in which any other store gives them."""
    return Solutions(found.variables, tuple(tuple(map(restored, row)) for row in found.rows))


def triple(found: ox.Triple) -> ox.Triple:
    """Give *found* with its value in the spelling in which any other store gives it."""
    return ox.Triple(found.subject, found.predicate, restored(found.object))


def restored(term: _T) -> _T:
    """Give a truth value that is a number as the word, and a duration that is a number of seconds as a duration; the value stays."""
    if not isinstance(term, ox.Literal):
        return term
    if term.datatype == _BOOLEAN:
        return _TRUTH.get(term.value, term)
    if term.datatype == _DURATION and (found := _SECONDS.fullmatch(term.value)):
        return ox.Literal(_duration(int(found[1]), (found[2] or "").rstrip("0")), datatype=_DURATION)
    return term


def _duration(seconds: int, fraction: str) -> str:
    """Give the canonical form of a duration without months (XML Schema 1.1, part 2, appendix E.3)."""
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    fraction = fraction if len(fraction) > 1 else ""
    parts = ((days, "D"), (hours, "H"), (minutes, "M"))
    day, *rest = (f"{number}{sign}" if number else "" for number, sign in parts)
    time = "".join(rest) + (f"{seconds}{fraction}S" if seconds or fraction else "")
    return f"P{day}" + (f"T{time}" if time else "") if day or time else "PT0S"
