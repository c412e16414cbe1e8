"""The query of a SPARQL-based constraint in SQL: over all focus nodes at once, ``$this`` bound before in every group (W3C SHACL 1.0, §5.3.1).

rdflib reads the query; what is of the narrow form of :mod:`kg.checking.sets.selects` is written out. An error is NULL, which SQL's logic of
three values treats as SPARQL's does (SPARQL 1.1, §17.2).
"""

from __future__ import annotations

from typing import Any

from rdflib import Literal, URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue

from kg.checking.columns import operands, values
from kg.checking.columns.operands import Operand
from kg.checking.columns.scope import End, Name, Scope, fresh
from kg.checking.sets import Uncovered
from kg.shacl import prepared


def suspects(text: str, scope: Scope, *, unsure: bool) -> list[str]:
    """Give queries for the ``f.id`` that the query *text*, which is covered, may select anything for. Raises Uncovered.

    Where it is *unsure* what values of some literals the query may read are worth, every focus node is found beside which it meets such a literal.
    """
    algebra = prepared(text).algebra.p
    scopes = []
    for loose in (False, True) if unsure else (False,):
        group = Group(scope.within(), dict(scope.bound), loose=loose)
        group.scope.sources += scope.sources
        group.add(algebra)
        scopes.append(group.scope)
    if unsure:
        met = (f"{column} IN (SELECT id FROM doubtful)" for column in scopes[-1].bound.values())
        scopes[-1].asked.append(" OR ".join(met))
    return [f"SELECT DISTINCT f.id{each.rest()}" for each in scopes]


class Group:
    """A group graph pattern that is written into *scope*; *given* are the variables that every group within sees, whatever it says itself.

    ``meant`` has what BIND names, and is looked at when it is used: an error in it then leaves nothing bound. A *loose* group asks for no filter,
    and may have none that reads a value of something that only stands within it.
    """

    def __init__(self, scope: Scope, given: dict[Name, str], *, loose: bool = False) -> None:
        self.scope, self.given, self.loose = scope, given, loose
        self.meant: dict[Name, Operand] = {}

    def add(self, part: CompValue) -> None:
        """Write *part* of an algebra (SPARQL 1.1, §18.2). Raises Uncovered."""
        match part.name:
            case "Project" | "Distinct" | "ToMultiSet":
                self.add(part.p)
            case "BGP":
                for subject, property, value in part.triples:
                    self.scope.match(self._end(subject), self._way(property), self._end(value))
            case "Join":
                self._joined(part.p1)
                self._joined(part.p2)
            case "Filter":
                self.add(part.p)
                self._filter(part.expr)
            case "Extend":
                self.add(part.p)
                self._bind(part)
            case "LeftJoin":
                self.add(part.p1)
                self._optional(part.p2, part.expr)
            case "Union":
                self._union([part.p1, part.p2])
            case _:
                raise Uncovered

    def truth(self, expression: Any) -> str:
        """Give *expression* in SQL as true, false or NULL. Raises Uncovered."""
        return operands.truth(expression, self)

    def _filter(self, expression: Any) -> None:
        said = self.truth(expression)
        if not self.loose:
            self.scope.asked.append(said)

    def _bind(self, part: CompValue) -> None:
        name = str(part.var)
        if name in self.scope.bound or name in self.meant:
            raise Uncovered
        self.meant[name] = operands.operand(part.expr, self)

    def _joined(self, part: CompValue) -> None:
        """Write a group that stands beside another one: it sees what is given, and not what the other one binds."""
        if part.name == "BGP":
            self.add(part)
        else:
            self._beside([part])

    def _union(self, ways: list[CompValue]) -> None:
        told: list[CompValue] = []
        for way in ways:
            told += [way.p1, way.p2] if way.name == "Union" else [way]
        self._beside(told)

    def _beside(self, ways: list[CompValue]) -> None:
        groups = []
        for way in ways:
            group = Group(Scope(self.scope.columns, dict(self.given)), self.given, loose=self.loose)
            group.add(way)
            if group.meant:
                raise Uncovered
            groups.append(group)
        names = sorted({name for group in groups for name in group.scope.bound} - self.given.keys())
        lacking = {n for n in names for g in groups if n not in g.scope.bound or n in g.scope.may_lack}
        if lacking & self.scope.bound.keys() or self.scope.may_lack & set(names):
            raise Uncovered
        alias = fresh("u")
        columns = [f"c{number}" for number in range(len(names))] or ["c0"]
        query = " UNION ALL ".join(group.scope.select(*names) for group in groups)
        self.scope.sources.append(f"LATERAL ({query}) {alias}({', '.join(columns)})")
        self._take(names, alias, columns)
        self.scope.may_lack |= lacking

    def _optional(self, part: CompValue, expression: Any) -> None:
        group = Group(self.scope.within(), self.given, loose=self.loose)
        group.add(part)
        if group.meant:
            raise Uncovered
        if not (isinstance(expression, CompValue) and expression.name == "TrueFilter"):
            group._filter(expression)
        names = sorted(group.scope.bound.keys() - self.scope.bound.keys())
        alias = fresh("l")
        columns = [f"c{number}" for number in range(len(names))] or ["c0"]
        left = self.scope.sources or ["(SELECT 1)"]
        query = group.scope.select(*names)
        self.scope.sources[:] = [
            f"{' CROSS JOIN '.join(left)} LEFT JOIN LATERAL ({query}) {alias}({', '.join(columns)}) ON true"
        ]
        self._take(names, alias, columns)
        self.scope.may_lack |= set(names)

    def _take(self, names: list[Name], alias: str, columns: list[str]) -> None:
        """Bind *names* to *columns*; one that is bound must be the same."""
        for name, column in zip(names, columns, strict=False):
            if name in self.scope.bound:
                self.scope.asked.append(f"{self.scope.bound[name]} = {alias}.{column}")
            else:
                self.scope.bound[name] = f"{alias}.{column}"

    def exists(self, part: CompValue) -> str:
        """Give whether *part* matches, with every variable that has a value replaced by it (SPARQL 1.1, §18.6). Raises Uncovered."""
        scope = self.scope.within()
        for name, meant in self.meant.items():
            if meant.term is None:
                raise Uncovered
            scope.bound[name] = meant.term
        group = Group(scope, dict(scope.bound))
        group.add(part)
        said = f"EXISTS ({group.scope.select()})"
        if self.loose and values.read(said):
            raise Uncovered
        return said

    def stands_for(self, name: Name) -> Operand | None:
        """Give what a variable stands for in this group, None where it has no value here."""
        if name in self.meant:
            return self.meant[name]
        return Operand(term=self.scope.bound[name]) if name in self.scope.bound else None

    def number(self, iri: URIRef) -> str:
        """Give the number of *iri*."""
        return str(self.scope.columns.id(iri))

    def _end(self, term: Any) -> End:
        if isinstance(term, Variable):
            name = str(term)
            if name in self.meant:
                raise Uncovered
            return name
        if isinstance(term, URIRef | Literal):
            return term
        return f"_:{term}"  # a blank node of a query is a variable of its own

    def _way(self, property: Any) -> Any:
        return str(property) if isinstance(property, Variable) else property
