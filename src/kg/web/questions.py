"""``/queries``: the catalogue, and each question of it as an address that answers, with parameters in the query string.

``/queries`` lists them; ``/queries/<name>`` gives the rows of one, in its RDF forms what it is, as ``.rq`` its file.
A parameter left empty counts as left out, since forms send what nobody filled in. Values reach the query through
:meth:`kg.queries.Query.bind` alone, as terms built from checked values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from anyio import from_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import sparql
from kg.citation import FORMATS as CITED
from kg.documents.addresses import CITATIONS, DOCUMENT_FORMATS
from kg.errors import KgError, NotFound, QueryError, StoreError, Unavailable
from kg.formats import CSV, HTML, JSON, SPARQL_JSON, Format, as_json, negotiate
from kg.names import XSD
from kg.pages.gallery import Gallery
from kg.pages.pages import ROWS as ROWS_SHOWN
from kg.pages.pages import Pages
from kg.pages.snippets import of_question
from kg.queries import Query, description
from kg.rows import VEILED, Rows
from kg.serialisation import document
from kg.store import Solutions
from kg.web.answers import links, page_of_error
from kg.web.budget import ASKER
from kg.web.evaluated import solutions
from kg.web.languages import PARAMETER as LANGUAGE
from kg.web.languages import spoken, varied
from kg.web.origin import origin
from kg.web.parameters import accepted, in_address, once
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
FORMS: Final = (*ROWS, *DESCRIBED, TEXT, *CITATIONS)
"""All forms at the address of a question."""


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
        """Give the catalogue, or what the parameters choose of it: a page, JSON, or linked data with all prefixes."""
        given = once(in_address(request))
        given.pop(LANGUAGE, None)
        gallery = Gallery(self._catalog, given)
        writers: Writers = {
            JSON: lambda: as_json([self._summary(query) for query in gallery.queries]),
            **self._described(gallery.queries),
            HTML: lambda: spoken(self._pages, request).render("queries.html", gallery=gallery).encode(),
        }
        suffix = request.path_params.get("suffix", "")
        return varied(self._pages, represent(request, self._address, suffix, writers, query=gallery.tail))

    def question(self, request: Request) -> Response:
        """Give the answer of one question, its description, or its file."""
        name, dot, suffix = request.path_params["name"].partition(".")
        query = self._found(name)
        path = f"{self._address}/{query.name}"
        format = by_suffix(suffix, FORMS) if dot else negotiate(accepted(request), FORMS)
        if format not in (*ROWS, *CITATIONS):
            return represent(
                request, path, suffix, {**self._described([query]), TEXT: lambda: self._file(query)}
            )
        pairs: Sequence[tuple[str, str]] = ()
        try:
            pairs = [
                (name.replace("-", "_"), value) for name, value in in_address(request)
            ]  # pages have as-of
            if format is HTML:
                pairs = [pair for pair in pairs if pair[0] != LANGUAGE or LANGUAGE in query.names]
            given = _given(query, pairs)
            answer = self._answer(query, given, request.scope.get(ASKER))
        except (QueryError, NotFound, Unavailable) as error:
            if format is not HTML:
                raise
            page = self._page(request, query, dict(pairs), error=error)
            return page_of_error(page, error)
        writers: Writers = {
            JSON: lambda: as_json(self._rows(query, answer).to_json()),
            CSV: lambda: self._rows(query, answer).to_csv().encode(),
            SPARQL_JSON: lambda: self._flagged(query, answer).to_json(),
            HTML: lambda: self._page(request, query, given, answer=answer).encode(),
            **{form: partial(self._cited, query, given, form) for form in CITATIONS},
        }
        about = f'<{path}.ttl>; rel="describedby"; type="text/turtle"'
        named = {term.value for row in answer.rows for term in row if isinstance(term, ox.NamedNode)}
        named |= self._pages.fields.offered(query) if format is HTML else set()
        care = {"X-Robots-Tag": "noindex"} if named & self._pages.descriptions.living else {}
        return varied(
            self._pages,
            represent(request, path, suffix, writers, query=urlencode(given), links=[about], headers=care),
        )

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

    def _described(self, queries: Sequence[Query]) -> Writers:
        """Give what writes *queries* as linked data, with all prefixes."""
        return {format: partial(self._written, queries, format) for format in DESCRIBED}

    def _written(self, queries: Sequence[Query], format: Format) -> bytes:
        base = self._archive.base
        triples = [*description.triples(queries, base), *description.prefixes(base)]
        return document(triples, format, base.prefixes(), self._context)

    def _file(self, query: Query) -> bytes:
        """Give the file of *query* on the configured base, parameters and all."""
        return (query.rebased(self._archive.base).rstrip("\n") + "\n").encode()

    def _cited(self, query: Query, given: dict[str, str], format: Format) -> bytes:
        """Give the citation of the answer to *query* with what is *given*."""
        return CITED[format](self._pages.citations.question(query, given)).encode()

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
        request: Request,
        query: Query,
        given: dict[str, str],
        *,
        answer: Solutions | None = None,
        error: KgError | None = None,
    ) -> str:
        archive, pages = self._archive, spoken(self._pages, request)
        caveats = self._rows(query, answer).bearing(archive.caveats) if answer is not None else {}
        asked = urlencode(given) if error is None else ""
        union = archive.manifest.default_graph == "union"  # else the endpoint answers it otherwise
        bound = archive.bound(query.name, **given) if error is None and union else ""
        bound = description.without_header(bound)
        server = origin(request.scope, pages.addresses)
        path = f"{PATH}/{query.name}" + (f"?{asked}" if asked else "")
        return pages.render(
            "query.html",
            query=query,
            text=description.runnable(query, archive.base),
            bound=bound,
            fields=pages.fields.of(query, given, faulty=error is not None),
            forms=[format for format in (*ROWS, *DESCRIBED, TEXT) if format is not HTML],
            given=given,
            data={format.suffix for format in ROWS},
            asked=asked,
            caveats=caveats,
            error=error,
            near=links(pages, error) if error is not None else (),
            answer=answer and pages.answer(answer.variables, answer.rows[:ROWS_SHOWN], len(answer.rows)),
            permalink=pages.permalink(path) if error is None else "",
            snippets=of_question(server, query.name, given, bound) if error is None else (),
        )


def _given(query: Query, pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give the values of *pairs* by parameter, those left empty left out. Raises QueryError, which names the parameter."""
    given = once(pairs)
    for name in given:
        query.known(name)
    return {name: value for name, value in given.items() if value.strip()}
