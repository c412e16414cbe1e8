"""Evaluation: one task answered in a worker, whole or not at all, as bytes in the format that was asked for."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox

from kg import serialisation
from kg.errors import KgError, QueryTooLarge
from kg.formats import SPARQL_CSV, SPARQL_JSON, TURTLE, Format
from kg.names import Base
from kg.store import Answer, EmbeddedStore, Solutions
from kg.workers.task import FORMATS, Release, Task, error_to_json


class Evaluator:
    """Answers tasks from *store*, in the thread that it is called in, as *release* says."""

    def __init__(self, store: EmbeddedStore, release: Release) -> None:
        self._store = store
        self._base = Base(release.base)
        self._context = release.context

    def reply(self, task: Task) -> tuple[dict[str, Any], bytes]:
        """Give the head and the body of the reply: ``total`` rows or triples, or an ``error`` and no body."""
        try:
            answer = self._store.evaluate(task.text, union=task.union, rows=task.rows + 1)
            if isinstance(answer, KgError):
                return {"error": error_to_json(answer)}, b""
            total = _counted(answer, task.rows)
            body = self._written(answer, task)
            if len(body) > task.bytes:
                raise _too_large(f"is larger than {task.bytes:,} bytes")
        except KgError as error:
            return {"error": error_to_json(error)}, b""
        except MemoryError:
            return {"error": error_to_json(_too_large("needs more memory than a query may use"))}, b""
        return {"total": total}, body

    def _written(self, answer: Answer, task: Task) -> bytes:
        if isinstance(answer, list):
            return serialisation.document(answer, task.format, self._base.prefixes(), self._context)
        if isinstance(answer, Solutions):
            shown = Solutions(answer.variables, answer.rows[: task.shown])
            return shown.to_csv() if task.format is SPARQL_CSV else shown.to_json()
        return _truth(answer, task.format)


def _counted(answer: Answer, most: int) -> int:
    if isinstance(answer, bool):
        return 1
    size = len(answer.rows if isinstance(answer, Solutions) else answer)
    if size > most:
        raise _too_large(f"has more than {most:,} {'rows' if isinstance(answer, Solutions) else 'triples'}")
    return size


def _too_large(what: str) -> QueryTooLarge:
    return QueryTooLarge(
        f"the answer {what}; nothing of it is given",
        remedy="ask for less, for example with LIMIT and OFFSET, or download the data",
    )


def _truth(answer: bool, format: Format) -> bytes:
    if format is SPARQL_CSV:  # the CSV format has no form for a truth value; this is what other servers write
        return b"true\r\n" if answer else b"false\r\n"
    return json.dumps({"head": {}, "boolean": answer}).encode() + b"\n"


def warm_up(release: Release) -> None:
    """Answer a task in each format, and one that fails: a worker can import nothing any more once it is confined."""
    node = ox.NamedNode("http://warm.example/")
    quads = [ox.Quad(node, node, ox.Literal("warm", language="en"))]
    evaluator = Evaluator(EmbeddedStore.of(quads), release)
    for format in FORMATS.values():
        rows = format in (SPARQL_JSON, SPARQL_CSV)
        text = "SELECT * { ?s ?p ?o }" if rows else "CONSTRUCT WHERE { ?s ?p ?o }"
        evaluator.reply(Task(text, format, union=True, rows=1, bytes=1_000_000))
    for text in ("ASK {}", "SELECT (REPLACE('a', 'b', STR(NOW())) AS ?x) {} ORDER BY ?x", "SELECT"):
        evaluator.reply(Task(text, SPARQL_JSON, union=True, rows=1, bytes=1))
    evaluator.reply(Task("CONSTRUCT WHERE { ?s ?p ?o }", TURTLE, union=True, rows=0, bytes=1))
