"""Locating: from a finding about terms to the file and line where they stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.formats import N_TRIPLES
from kg.loading.parts import Part, Term
from kg.names import RDF
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
    """Where the statements of all parts stand, by their subject."""

    def __init__(self, parts: list[Part]) -> None:
        self._parts = parts

    @cached_property
    def _subjects(self) -> dict[Term, list[tuple[Part, ox.Quad]]]:
        subjects: dict[Term, list[tuple[Part, ox.Quad]]] = defaultdict(list)
        for part in self._parts:
            for quad in part.quads:
                subjects[quad.subject].append((part, quad))
        return subjects

    def locate(self, finding: Finding) -> Finding:
        """Give *finding* with file, line and column, from its focus, path and value.

        The place is that of the statement (without a path, as for a path of several properties, that of the value); where no file has it, of the property; else of the subject, its
        type first, since that is where something missing or generated belongs. A focus that is nowhere a
        subject is looked for as an object. A finding that has a line, or whose terms no file has, is given back.
        """
        if finding.line or not (focus := term(finding.focus)):
            return finding
        path, value = term(finding.path), term(finding.value)
        found = self._best(focus, path, value) or self._as_object(focus)
        if found is None:
            return finding
        part, quad = found
        if focus != quad.subject:
            place = part.place(quad.subject, quad.predicate, quad.object)
        elif path == quad.predicate or (path is None and value == quad.object):
            place = part.place(quad.subject, quad.predicate, quad.object if value == quad.object else None)
        else:
            place = part.place(quad.subject)
        return replace(finding, file=part.name, line=place.line, column=place.column)

    def _best(self, focus: Term, path: Term | None, value: Term | None) -> tuple[Part, ox.Quad] | None:
        def distance(entry: tuple[Part, ox.Quad]) -> int:
            quad = entry[1]
            if quad.predicate == path or (path is None and value is not None and quad.object == value):
                return 0 if quad.object == value else 1
            return 2 if quad.predicate == _TYPE else 3

        return min(self._subjects.get(focus, ()), key=distance, default=None)

    def _as_object(self, focus: Term) -> tuple[Part, ox.Quad] | None:
        return next(
            (
                (part, quad)
                for part in self._parts
                for quad in part.quads
                if focus in (quad.object, quad.predicate)
            ),
            None,
        )
