"""``/queries``: the catalogue, and each question of it as an address that answers, with parameters in the query string.

``/queries`` lists them; ``/queries/<name>`` gives the rows of one, in its RDF forms what it is, as ``.rq`` its file.
A parameter left empty counts as left out, since forms send what nobody filled in. Values reach the query through
:meth:`kg.queries.Query.bind` alone, as terms built from checked values.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from anyio import from_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import sparql
from kg.documents.addresses import DOCUMENT_FORMATS
from kg.errors import KgError, NotFound, QueryError, StoreError, Unavailable
from kg.formats import CSV, HTML, JSON, SPARQL_JSON, Format, negotiate
from kg.names import XSD
from kg.pages.pages import ROWS as ROWS_SHOWN
from kg.pages.pages import Pages
from kg.queries import Param, Query, description
from kg.rows import IRI, VEILED, Rows
from kg.serialisation import document
from kg.store import Solutions
from kg.web.answers import links, page_of_error
from kg.web.budget import ASKER
from kg.web.evaluated import solutions
from kg.web.parameters import accepted, in_address
from kg.web.representations import Writers, by_suffix, represent
from kg.workers.lane import Asker
from kg.workers.pool import Pool
from kg.workers.task import Task

PATH: Final = "/queries"
QUESTION: Final = f"{PATH}/{{name}}"
TEXT: Final = Format("SPARQL query", "rq", "application/sparql-query")
ROWS: Final = (JSON, CSV, SPARQL_JSON, HTML)
"""The forms of an answer, in the server's order of preference."""
DESCRIBED: Final = tuple(format for format in DOCUMENT_FORMATS if format is not HTML)
"""The forms in which a question, or all of them, is described as linked data."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as the form of a page shows it: with the text that was given, else its default."""

    param: Param
    text: str

    @property
    def kind(self) -> str:
        """The type of its input element."""
        return "date" if self.param.type == "date" else "text"


class Questions:
    """The catalogue of *pages*' archive, which *pool* answers; *context* is its JSON-LD context, None for expanded JSON-LD."""

    def __init__(self, pages: Pages, pool: Pool, context: dict[str, Any] | None) -> None:
        self._pool = pool
        self._pages = pages
        self._address = pages.addresses.prefix + PATH
        self._archive = pages.archive
        self._catalog = pages.archive.catalog
        self._context = context

    def routes(self) -> list[Route]:
        """Give the routes of the list and of each question. The endpoints run in Starlette's threads."""
        return [
            Route(PATH, self.listing),
            Route(f"{PATH}.{{suffix}}", self.listing),
            Route(QUESTION, self.question),
        ]

    def listing(self, request: Request) -> Response:
        """Give the catalogue: a page, JSON, or linked data with all prefixes."""
        writers: Writers = {
            JSON: lambda: self._summaries,
            **self._everything,
            HTML: lambda: self._pages.render("queries.html", groups=self._groups()).encode(),
        }
        return represent(request, self._address, request.path_params.get("suffix", ""), writers)

    def question(self, request: Request) -> Response:
        """Give the answer of one question, its description, or its file."""
        name, dot, suffix = request.path_params["name"].partition(".")
        query = self._found(name)
        path = f"{self._address}/{query.name}"
        forms = (*ROWS, *DESCRIBED, TEXT)
        format = by_suffix(suffix, forms) if dot else negotiate(accepted(request), forms)
        if format not in ROWS:
            return represent(
                request, path, suffix, {**self._described([query]), TEXT: lambda: self._file(query)}
            )
        pairs: Sequence[tuple[str, str]] = ()
        try:
            pairs = in_address(request)
            given = _given(query, pairs)
            answer = self._answer(query, given, request.scope.get(ASKER))
        except (QueryError, NotFound, Unavailable) as error:
            if format is not HTML:
                raise
            page = self._page(query, dict(pairs), error=error)
            return page_of_error(page, error)
        writers: Writers = {
            JSON: lambda: _json(self._rows(query, answer).to_json()),
            CSV: lambda: self._rows(query, answer).to_csv().encode(),
            SPARQL_JSON: lambda: self._flagged(query, answer).to_json(),
            HTML: lambda: self._page(query, given, answer=answer).encode(),
        }
        about = f'<{path}.ttl>; rel="describedby"; type="text/turtle"'
        named = {term.value for row in answer.rows for term in row if isinstance(term, ox.NamedNode)}
        care = {"X-Robots-Tag": "noindex"} if named & self._pages.descriptions.living else {}
        return represent(request, path, suffix, writers, query=urlencode(given), links=[about], headers=care)

    def _answer(self, query: Query, given: dict[str, str], asker: Asker | None) -> Solutions:
        """Have a worker answer *query*, within the limits that hold for any query; called in a thread of Starlette's."""
        text = self._archive.bound(query.name, **given)
        sparql.check(text)
        limits = self._pool.limits
        task = Task(text, SPARQL_JSON, union=True, rows=limits.rows, bytes=limits.bytes)
        answer = solutions(from_thread.run(self._pool.answer, task, asker), limits.rows)
        if not isinstance(answer, Solutions):
            raise StoreError(f"the question {query.name} gives no rows")
        return answer

    def _found(self, name: str) -> Query:
        try:
            return self._catalog.find(name)
        except NotFound as error:
            near = tuple(f"{self._address}/{each}" for each in error.suggestions)
            raise NotFound(
                error.message, suggestions=near, remedy=f"{self._address} lists all questions"
            ) from None

    @cached_property
    def _summaries(self) -> bytes:
        """The catalogue as JSON, the same as long as the release is."""
        return _json([self._summary(query) for query in self._catalog.values()])

    @cached_property
    def _everything(self) -> Writers:
        """What writes the whole catalogue as linked data."""
        return self._described(self._catalog.values())

    def _described(self, queries: Iterable[Query]) -> Writers:
        """Give what writes *queries* as linked data, with all prefixes."""
        base = self._archive.base
        triples = [*description.triples(queries, base), *description.prefixes(base)]
        return {
            format: partial(document, triples, format, base.prefixes(), self._context) for format in DESCRIBED
        }

    def _file(self, query: Query) -> bytes:
        """Give the file of *query* on the configured base, parameters and all."""
        return (query.rebased(self._archive.base).rstrip("\n") + "\n").encode()

    def _summary(self, query: Query) -> dict[str, Any]:
        return {
            "name": query.name,
            "iri": description.iri(query.name, self._archive.base),
            "href": f"{self._address}/{query.name}",
            "summary": query.summary,
            "description": query.description,
            "note": query.note,
            "asked_by": query.asked_by,
            "tags": list(query.tags),
            "columns": [*query.columns, VEILED],
            "parameters": [
                {
                    "name": param.name,
                    "type": param.type,
                    "required": param.required,
                    "default": param.default,
                    "summary": param.summary,
                }
                for param in query.params
            ],
        }

    def _groups(self) -> list[tuple[str, list[Query]]]:
        """Give the questions by who asks them, those without an asker last."""
        askers = sorted(
            {query.asked_by for query in self._catalog.values()}, key=lambda asker: (not asker, asker)
        )
        return [
            (asker, [query for query in self._catalog.values() if query.asked_by == asker])
            for asker in askers
        ]

    def _rows(self, query: Query, answer: Solutions) -> Rows:
        """Give *answer* as the library's rows, each with its flag."""
        base, veiled = self._archive.base, self._archive.veiled
        rows = Rows.of(answer.variables, answer.rows, base, note=query.note, veiled=veiled)
        return replace(rows, flagged=True)

    def _flagged(self, query: Query, answer: Solutions) -> Solutions:
        """Give *answer* with the column ``veiled``, where it has none."""
        if VEILED in answer.variables:
            return answer
        kind = ox.NamedNode(XSD + "boolean")
        rows = tuple(
            (*terms, ox.Literal(str(row.veiled).lower(), datatype=kind))
            for terms, row in zip(answer.rows, self._rows(query, answer), strict=True)
        )
        return Solutions((*answer.variables, VEILED), rows)

    def _page(
        self,
        query: Query,
        given: dict[str, str],
        *,
        answer: Solutions | None = None,
        error: KgError | None = None,
    ) -> str:
        table: dict[str, Any] = {"columns": None}
        caveats: dict[str, list[IRI]] = {}
        hidden: list[bool] = []
        if answer is not None:
            rows = self._rows(query, answer)
            hidden = [row.veiled for row in rows]
            caveats = rows.bearing(self._archive.caveats)
            table = self._pages.table(answer.variables, answer.rows[:ROWS_SHOWN], len(answer.rows))
        return self._pages.render(
            "query.html",
            query=query,
            text=description.runnable(query, self._archive.base),
            fields=[Field(param, given.get(param.name) or param.default or "") for param in query.params],
            forms=[format for format in (*ROWS, *DESCRIBED, TEXT) if format is not HTML],
            data={format.suffix for format in ROWS},
            asked=urlencode({name: value for name, value in given.items() if value}) if error is None else "",
            hidden=hidden,
            caveats=caveats,
            error=error,
            near=links(self._pages, error) if error is not None else (),
            **table,
        )


def _given(query: Query, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give the values of *pairs* by parameter, those left empty left out. Raises QueryError, which names the parameter."""
    given: dict[str, str] = {}
    for asked, value in pairs:
        name = asked.replace("-", "_")  # pages have as-of
        query.known(name)
        if name in given:
            raise QueryError(f"the parameter {name!r} stands twice", remedy="give it once")
        given[name] = value
    return {name: value for name, value in given.items() if value.strip()}


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
