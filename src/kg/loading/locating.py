"""Locating: from a finding about terms to the file and line where they stand."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.formats import N_TRIPLES
from kg.loading.parts import Part, Term
from kg.names import RDF
from kg.positions import Position
from kg.validation import Finding

_TYPE: Final = ox.NamedNode(RDF + "type")


def term(text: str) -> Term | None:
    """Give the term that *text* is in N-Triples form, None where it is none."""
    try:
        (quad,) = list[ox.Quad](ox.parse(input=f"<urn:x-kg:s> <urn:x-kg:p> {text} .", format=N_TRIPLES.rdf))
    except (SyntaxError, ValueError):
        return None
    return quad.object


class Places:
    """Where the statements of all parts stand."""

    def __init__(self, parts: list[Part]) -> None:
        self._parts = parts

    @cached_property
    def _describing(self) -> dict[str, list[Part]]:
        """The parts that say something of each IRI."""
        describing: dict[str, list[Part]] = {}
        for part in self._parts:
            for iri in part.inventory.subjects:
                describing.setdefault(iri, []).append(part)
        return describing

    @cached_property
    def _naming(self) -> dict[str, tuple[Part, ox.Quad]]:
        """The first statement with each IRI of which no part says something."""
        naming: dict[str, tuple[Part, ox.Quad]] = {}
        for part in self._parts:
            for quad in part.quads:
                for term in (quad.object, quad.predicate):
                    if isinstance(term, ox.NamedNode) and (iri := term.value) not in self._describing:
                        naming.setdefault(iri, (part, quad))
        return naming

    def locate(self, finding: Finding) -> Finding:
        """Give *finding* with file, line and column, from its focus, path and value.

        The place is that of the statement (without a path, as for a path of several properties, that of the value); where no file has it, of the property; else of the subject, its
        type first, since that is where something missing or generated belongs. A focus that is nowhere a
        subject is looked for as an object. Where the finding names the ``statement`` that it means, that one comes first,
        as far as a file has it. A finding that has a line, or whose terms no file has, is given back.
        """
        if finding.other and not finding.also:
            also = self.locate(Finding(finding.severity, "", "", focus=finding.other, path=finding.path))
            finding = replace(finding, also=also.place)
        if finding.line or not finding.focus:
            return finding
        own = (finding.focus, finding.path, finding.value)
        for terms in (finding.statement, own) if finding.statement else (own,):
            if place := self._place(*(term(text) for text in (*terms, "", "")[:3])):
                part, at = place
                return replace(finding, file=part.name, line=at.line, column=at.column)
        return finding

    def _place(
        self, focus: Term | None, path: Term | None, value: Term | None
    ) -> tuple[Part, Position] | None:
        found = focus and (self._best(focus, path, value) or self._as_object(focus))
        if not found or focus is None:
            return None
        part, quad = found
        if focus != quad.subject:
            return part, part.place(quad.subject, quad.predicate, quad.object)
        if path == quad.predicate or (path is None and value == quad.object):
            same = quad.object if value == quad.object else None
            return part, part.place(quad.subject, quad.predicate, same)
        return part, part.place(quad.subject)

    def _best(self, focus: Term, path: Term | None, value: Term | None) -> tuple[Part, ox.Quad] | None:
        def distance(entry: tuple[Part, ox.Quad]) -> int:
            quad = entry[1]
            if quad.predicate == path or (path is None and value is not None and quad.object == value):
                return 0 if quad.object == value else 1
            return 2 if quad.predicate == _TYPE else 3

        parts = self._describing.get(focus.value, []) if isinstance(focus, ox.NamedNode) else self._parts
        said = ((part, quad) for part in parts for quad in part.subjects.get(focus, ()))
        return min(said, key=distance, default=None)

    def _as_object(self, focus: Term) -> tuple[Part, ox.Quad] | None:
        if isinstance(focus, ox.NamedNode):
            return self._naming.get(focus.value)
        return next(
            (
                (part, quad)
                for part in self._parts
                for quad in part.quads
                if focus in (quad.object, quad.predicate)
            ),
            None,
        )
