"""Solutions: the rows of a SELECT query, and how they are written (SPARQL 1.1 Query Results JSON and CSV)."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyoxigraph as ox

from kg.names import XSD

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer of a SELECT query: the names of its variables, and rows as long as they are, None for unbound."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def to_json(self) -> bytes:
        """Give the solutions as SPARQL 1.1 Query Results JSON, in UTF-8."""
        bindings = [
            {name: _binding(term) for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.rows
        ]
        document = {"head": {"vars": list(self.variables)}, "results": {"bindings": bindings}}
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def to_csv(self) -> bytes:
        """Give the solutions as SPARQL 1.1 Query Results CSV, in UTF-8: values only, lines ended by CR and LF."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        for line in (self.variables, *([_plain(term) for term in row] for row in self.rows)):
            # a single empty value needs a quotation mark for csv, and none for SPARQL
            writer.writerow(line) if list(line) != [""] else out.write("\r\n")
        return out.getvalue().encode()


def _binding(term: Term) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _binding(part) for name, part in parts.items()}}
    binding: dict[str, Any] = {"type": "literal", "value": term.value}
    if term.language:
        binding["xml:lang"] = term.language
        if term.direction is not None:
            binding["its:dir"] = str(term.direction.value)
    elif term.datatype.value != XSD + "string":
        binding["datatype"] = term.datatype.value
    return binding


def _plain(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)
