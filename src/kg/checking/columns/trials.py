"""Tests of single values (:class:`kg.checking.sets.Test`), made of each distinct value once, and not at all of those that SQL knows to pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from pyshacl.constraints.core import string_based_constraints, value_constraints, value_range_constraints
from rdflib import Literal
from rdflib.namespace import XSD
from rdflib.term import Node

from kg.checking.columns.data import Columns, Kind, kind_of, quoted
from kg.checking.columns.scope import Scope
from kg.checking.sets import Test

Breaks = Callable[[Test, Node], bool]
"""Whether a value, by itself, fails a test."""
_PLAIN: Final = re.compile(r"(?:[\w/ :#-]|\\?[.]|\[[\w.-]+\]|\{\d+(?:,\d*)?\}|[+*?^$])*", re.ASCII)
"""Patterns that Python and RE2 read alike, of texts of ASCII."""

_RANGES: Final[dict[type, tuple[str, str]]] = {
    value_range_constraints.MinInclusiveConstraintComponent: ("min_vals", ">="),
    value_range_constraints.MinExclusiveConstraintComponent: ("min_vals", ">"),
    value_range_constraints.MaxInclusiveConstraintComponent: ("max_vals", "<="),
    value_range_constraints.MaxExclusiveConstraintComponent: ("max_vals", "<"),
}


class Trials:
    """The tests of values in *columns*; *breaks* makes one."""

    def __init__(self, columns: Columns, breaks: Breaks) -> None:
        self._columns = columns
        self._breaks = breaks
        self._failed: dict[int, list[int]] = {}
        columns.rows("CREATE TEMP TABLE IF NOT EXISTS failed (test BIGINT, id BIGINT)")

    def make(self, test: Test) -> None:
        """Make *test* of every value that its path leads to; the numbers of those that fail are kept. Raises Uncovered."""
        if test.number in self._failed:
            return
        scope = Scope(self._columns)
        scope.match("any", test.path, "value")
        values = f"SELECT DISTINCT {scope.bound['value']} AS id{scope.rest()}"
        passing = passes(test.component)
        query = f"SELECT v.id, term.text FROM ({values}) v JOIN term USING (id) WHERE NOT coalesce({passing}, false)"
        failed = [id for id, node in self._columns.asked(query) if self._breaks(test, node)]
        self._failed[test.number] = failed
        self._columns.keep("failed", [(test.number, id) for id in failed])

    def failed(self, number: int) -> list[int]:
        """Give the numbers of the values that failed the test of *number*."""
        return self._failed[number]


def passes(component: Any) -> str:
    """Give what is true, in SQL over ``term``, of values that *component* certainly finds nothing wrong with."""
    if isinstance(component, value_constraints.DatatypeConstraintComponent):
        return _of_datatype(component.datatype_rule)
    if isinstance(component, string_based_constraints.PatternConstraintComponent):
        return _of_pattern(component)
    for kind, (limits, sign) in _RANGES.items():
        if isinstance(component, kind):
            return _in_range(getattr(component, limits), sign)
    return "false"


def _of_datatype(datatype: Node) -> str:
    if datatype == XSD.string:
        return f"id % 8 = {Kind.TEXT}"
    return f"id % 8 IN ({Kind.NUMBER}, {Kind.DAY}, {Kind.TRUTH}) AND datatype = {quoted(str(datatype))}"


def _of_pattern(component: Any) -> str:
    patterns = [str(each) for each in component.string_rules]
    if component.flags or not all(map(_PLAIN.fullmatch, patterns)):
        return "false"
    found = " AND ".join(f"regexp_matches(lexical, {quoted(each)})" for each in patterns)
    return f"id % 8 IN ({Kind.IRI}, {Kind.TEXT}) AND regexp_full_match(lexical, '[ -~]*') AND {found}"


def _in_range(limits: Any, sign: str) -> str:
    told = [literal for literal in limits if isinstance(literal, Literal) and kind_of(literal) == Kind.NUMBER]
    if len(told) != len(set(limits)) or not told:
        return "false"
    return f"id % 8 = {Kind.NUMBER} AND " + " AND ".join(
        f"number {sign} {float(each.value)!r}" for each in told
    )
