"""Evaluation: one task answered in a worker, whole or not at all, as bytes in the format that was asked for."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Any

import pyoxigraph as ox

from kg import serialisation
from kg.errors import KgError
from kg.formats import SPARQL_JSON, TURTLE
from kg.names import Base
from kg.store import EmbeddedStore, Solutions
from kg.store.engine import Results, solutions
from kg.workers.task import FORMATS, TABULAR, Release, Task, error_to_json
from kg.workers.writing import rows, too_large, truth


class Evaluator:
    """Answers tasks from *store*, in the thread that it is called in, as *release* says."""

    def __init__(self, store: EmbeddedStore, release: Release) -> None:
        self._store = store
        self._base = Base(release.base)
        self._context = release.context

    def reply(self, task: Task) -> tuple[dict[str, Any], bytes]:
        """Give the head and the body of the reply: ``total`` rows or triples, or an ``error`` and no body."""
        try:
            answer = self._store.evaluate(
                task.text,
                partial(self._written, task),
                base=self._base.iri,
                union=task.union,
                graphs=task.graphs,
            )
        except MemoryError:
            answer = too_large("needs more memory than a query may use")
        if isinstance(answer, KgError):
            return {"error": error_to_json(answer)}, b""
        total, body = answer
        return {"total": total}, body

    def _written(self, task: Task, found: Results) -> tuple[int, bytes]:
        """Give the number of rows or triples and the answer that holds them."""
        if isinstance(found, ox.QueryBoolean):
            return 1, truth(bool(found), task.format)
        if isinstance(found, ox.QuerySolutions):
            if task.shown is None:
                return rows(found, task.format, most=task.rows, most_bytes=task.bytes)
            return self._shown(found, task)
        triples = list(islice(found, task.rows + 1))
        if len(triples) > task.rows:
            raise too_large(f"has more than {task.rows:,} triples")
        body = serialisation.document(triples, task.format, self._base.prefixes(), self._context)
        return len(triples), _within(body, task)

    def _shown(self, found: ox.QuerySolutions, task: Task) -> tuple[int, bytes]:
        """Give the first rows and the number of all."""
        answer = solutions(found, most=task.rows + 1)
        if len(answer.rows) > task.rows:
            raise too_large(f"has more than {task.rows:,} rows")
        first = Solutions(answer.variables, answer.rows[: task.shown])
        return len(answer.rows), _within(first.to_json(), task)


def _within(body: bytes, task: Task) -> bytes:
    if len(body) > task.bytes:
        raise too_large(f"is larger than {task.bytes:,} bytes")
    return body


def warm_up(release: Release) -> None:
    """Answer a task in each format, and one that fails: a worker can import nothing any more once it is confined."""
    node = ox.NamedNode("http://warm.example/")
    quads = [ox.Quad(node, node, ox.Literal("warm", language="en"))]
    evaluator = Evaluator(EmbeddedStore.of(quads), release)
    for format in FORMATS.values():
        text = "SELECT * { ?s ?p ?o }" if format in TABULAR else "CONSTRUCT WHERE { ?s ?p ?o }"
        evaluator.reply(Task(text, format, union=True, rows=1, bytes=1_000_000))
    for text in ("ASK {}", "SELECT (REPLACE('a', 'b', STR(NOW())) AS ?x) {} ORDER BY ?x", "SELECT"):
        evaluator.reply(Task(text, SPARQL_JSON, union=True, rows=1, bytes=1))
    for format in TABULAR:  # no row may be given, and so they are counted
        evaluator.reply(Task("SELECT * { ?s ?p ?o }", format, union=True, rows=0, bytes=1_000_000))
        evaluator.reply(Task("SELECT * { ?s ?p ?o }", format, union=True, rows=1, bytes=1_000_000, shown=1))
    evaluator.reply(Task("CONSTRUCT WHERE { ?s ?p ?o }", TURTLE, union=True, rows=0, bytes=1))
