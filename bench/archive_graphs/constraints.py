"""The constraints that a shapes file holds: each can be broken, and so is a kind of fault (SHACL §4 and §5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import pyoxigraph as ox

from archive_graphs.terms import term_of
from kg.names import RDF, SH

SHAPES: Final = Path(__file__).resolve().parents[2] / "ontology" / "shapes" / "attest.ttl"

COMPONENTS: Final = {
    name[0].lower() + name[1:]: f"{SH}{name}ConstraintComponent"
    for name in (
        *("Class", "Datatype", "NodeKind", "MinCount", "MaxCount", "Pattern", "UniqueLang", "In", "HasValue"),
        *("MinExclusive", "MinInclusive", "MaxExclusive", "MaxInclusive", "MinLength", "MaxLength"),
        *("Equals", "Disjoint", "LessThan", "LessThanOrEquals", "Not", "And", "Or", "Xone"),
        *("Node", "QualifiedMinCount", "QualifiedMaxCount", "Closed", "LanguageIn"),
    )
}
"""The components that have one parameter which alone says what is asked, by the name of that parameter."""
SPARQL: Final = f"{SH}SPARQLConstraintComponent"

_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of *shape*: its *component*, its *parameter* and the *paths* of the shape, of which a value is by any.

    ``shape`` is the last part of the IRI of the shape, or of the SPARQL-based constraint, ``severity`` that of a result.
    ``paths`` are several for an alternative path, and none for a node shape.
    """

    shape: str
    component: str
    parameter: str
    paths: tuple[str, ...] = ()
    severity: str = "violation"

    @property
    def name(self) -> str:
        """What this kind of fault is called: ``date-earliest-start/lessThanOrEquals/kg:latestEnd``."""
        short = self.component.removeprefix(SH).removesuffix("ConstraintComponent")
        made = f"{self.shape}/{short[0].lower()}{short[1:]}" if self.component != SPARQL else self.shape
        return f"{made}/{self.parameter}" if self.parameter.startswith("kg:latest") else made

    @property
    def path(self) -> str:
        """The path of a result where it is one property, empty for a longer one and for none."""
        return self.paths[0] if len(self.paths) == 1 else ""


def constraints(shapes: Path = SHAPES) -> tuple[Constraint, ...]:
    """Give every constraint of the Turtle file *shapes*, sorted. Raises LookupError for a parameter that nobody knows how to break."""
    found = _Shapes(shapes)
    return tuple(sorted({*found.constraints()}, key=lambda each: (each.name, each.parameter)))


class _Shapes:
    def __init__(self, file: Path) -> None:
        self._about: defaultdict[_Node, dict[str, list[_Node]]] = defaultdict(dict)
        for quad in ox.parse(path=file):
            self._about[quad.subject].setdefault(quad.predicate.value, []).append(quad.object)

    def constraints(self) -> Iterator[Constraint]:
        for node, said in list(self._about.items()):
            kinds = {each.value for each in said.get(RDF + "type", ()) if isinstance(each, ox.NamedNode)}
            if isinstance(node, ox.NamedNode) and kinds & {SH + "NodeShape", SH + "PropertyShape"}:
                yield from self._of(node, said)

    def _of(self, node: ox.NamedNode, said: dict[str, list[_Node]]) -> Iterator[Constraint]:
        (severity,) = said.get(SH + "severity", [ox.NamedNode(SH + "Violation")])
        grave = str(severity).strip("<>").removeprefix(SH).lower()
        paths = tuple(self._paths(said.get(SH + "path", [])))
        shape = _last(node)
        for name, values in said.items():
            parameter = name.removeprefix(SH)
            if parameter == "sparql":
                yield from (Constraint(_last(value), SPARQL, "", (), grave) for value in values)
            elif component := COMPONENTS.get(parameter):
                for value in values:
                    yield Constraint(shape, component, self._parameter(value), paths, grave)
            elif name.startswith(SH) and parameter not in _NO_CONSTRAINT:
                raise LookupError(f"{shape}: nobody knows how to break sh:{parameter}")

    def _paths(self, found: list[_Node]) -> Iterator[str]:
        for path in found:
            if isinstance(path, ox.NamedNode):
                yield term_of(path)
            else:
                (head,) = self._about[path][SH + "alternativePath"]
                yield from map(term_of, self._list(head))

    def _parameter(self, value: _Node) -> str:
        """Give the parameter: of a list its members, of a shape in place nothing, which is broken by a fault of its own."""
        if isinstance(value, ox.BlankNode):
            return " ".join(map(term_of, self._list(value))) if RDF + "first" in self._about[value] else ""
        return term_of(value)

    def _list(self, head: _Node) -> Iterator[ox.NamedNode]:
        while head != ox.NamedNode(RDF + "nil"):
            (first,), (head,) = self._about[head][RDF + "first"], self._about[head][RDF + "rest"]
            if isinstance(first, ox.NamedNode):
                yield first


_NO_CONSTRAINT: Final = {
    *("path", "property", "message", "severity", "deactivated", "flags", "name", "description", "order"),
    *("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "qualifiedValueShape"),
}


def _last(node: _Node) -> str:
    return str(node).strip("<>").rpartition("#")[2]
