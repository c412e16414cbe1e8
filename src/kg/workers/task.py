"""Tasks: what a worker is asked, of which release, and the errors that it may answer with; all of it crosses as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from kg.errors import KgError, NotAcceptable, QueryError, QueryTooLarge, StoreError
from kg.formats import RDF_FORMATS, SPARQL_CSV, SPARQL_JSON, SPARQL_TSV, SPARQL_XML, Format
from kg.store import Graphs

TABULAR: Final = (SPARQL_JSON, SPARQL_XML, SPARQL_CSV, SPARQL_TSV)
"""The formats of rows and truth values."""
FORMATS: Final = {format.name: format for format in (*TABULAR, *RDF_FORMATS)}
"""The formats that a worker writes, by name."""


@dataclass(frozen=True, slots=True)
class Release:
    """What workers answer from: the release in *directory*, whose resources are on the base IRI *base*.

    *context* is its JSON-LD context, None for expanded JSON-LD. It is in memory up to *in_memory* quads, else on disk.
    *memory* is how many bytes a worker may use beyond what it has when it starts.
    """

    directory: str
    base: str
    context: dict[str, Any] | None
    in_memory: int
    memory: int


@dataclass(frozen=True, slots=True)
class Task:
    """A query that :func:`kg.sparql.check` let pass, and how it is to be answered.

    With *union* it reads all graphs as one; *graphs*, where there are any, go before that and before what the text says. An answer of more than *rows* rows or triples, or of more than *bytes* in *format*,
    is refused. *shown* is how many rows are written at most (None: all); the others are only counted.
    """

    text: str
    format: Format
    union: bool
    rows: int
    bytes: int
    shown: int | None = None
    graphs: Graphs | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the task as JSON."""
        graphs = self.graphs
        return {
            "text": self.text,
            "format": self.format.name,
            "union": self.union,
            "rows": self.rows,
            "bytes": self.bytes,
            "shown": self.shown,
            "graphs": graphs and {"default": graphs.default, "named": graphs.named},
        }

    @classmethod
    def of_json(cls, document: dict[str, Any]) -> Task:
        """Give the task that :meth:`to_json` gave."""
        graphs = document["graphs"]
        if graphs is not None:
            graphs = Graphs(*(tuple(graphs[name]) for name in ("default", "named")))
        return cls(**document | {"format": FORMATS[document["format"]], "graphs": graphs})


def error_to_json(error: KgError) -> dict[str, Any]:
    """Give *error* as JSON: its kind, its sentence and what else it carries."""
    document: dict[str, Any] = {"kind": "query", "message": error.message, "remedy": error.remedy}
    if isinstance(error, NotAcceptable):
        document |= {"kind": "format", "available": error.available}
    elif isinstance(error, StoreError):
        document |= {"kind": "store"}
    elif isinstance(error, QueryTooLarge):
        document |= {"kind": "size"}
    elif isinstance(error, QueryError):
        document |= {"line": error.line, "column": error.column}
    return document


def error_of_json(document: dict[str, Any]) -> KgError:
    """Give the error that :func:`error_to_json` was given."""
    message, remedy = str(document["message"]), str(document["remedy"])
    if document["kind"] == "format":
        return NotAcceptable(message, available=tuple(map(str, document["available"])))
    if document["kind"] == "store":
        return StoreError(message, remedy=remedy)
    if document["kind"] == "size":
        return QueryTooLarge(message, remedy=remedy)
    line, column = int(document.get("line", 0)), int(document.get("column", 0))
    return QueryError(message, line=line, column=column, remedy=remedy)
