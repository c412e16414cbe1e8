"""Changed rows: the rows at one address as two releases have them, asked of both as a client would."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from kg.changes import ChangedTable, compared
from kg.changes.tables import Cells
from kg.errors import QueryError
from kg.formats import CSV, N_TRIPLES, SPARQL_JSON
from kg.names import is_iri
from kg.pages.answer import Answer
from kg.pages.pages import Pages
from kg.store import Solutions, results
from kg.web.hosted import Hosted
from kg.web.inward import Heard, ask, refusal
from kg.web.meant import Meant

BYTES: Final = 4 * 1024 * 1024
"""Bytes of an answer at most that is compared."""
_ACCEPT: Final = f"{SPARQL_JSON.media_type}, {CSV.media_type};q=0.9, {N_TRIPLES.media_type};q=0.8"
_QUESTION: Final = "/queries/"
_GONE: Final = (404, 410)


@dataclass(frozen=True, slots=True)
class Found:
    """A comparison, and the pages of both releases, on which the rows of each have their names and links."""

    table: ChangedTable
    before: Pages
    now: Pages

    def removed(self, most: int) -> Answer:
        """Give up to *most* of the rows that were removed, as pages show them."""
        return self._shown(self.before, self.table.removed, most)

    def added(self, most: int) -> Answer:
        """Give up to *most* of the rows that were added, as pages show them."""
        return self._shown(self.now, self.table.added, most)

    def _shown(self, pages: Pages, rows: tuple[Cells, ...], most: int) -> Answer:
        answer = pages.answer(self.table.columns, rows[:most], len(rows))
        return replace(answer, timeline=None, map=None)


async def both(scope: Scope, meant: Meant, before: Hosted, now: Hosted) -> Found:
    """Give what has become of the rows that are *meant* between two releases, for the client of the request *scope*.

    Raises Refused with the words of a release that does not answer, QueryTooLarge, QueryError where there are no rows at that address.
    """
    heard = [await ask(each, scope, meant.path, meant.query, _ACCEPT, BYTES) for each in (before, now)]
    pages: list[Pages] = [each.app.state.pages for each in (before, now)]
    gone = [each.status in _GONE for each in heard]
    for each, hosted in zip(heard, (before, now), strict=True):
        if each.status != 200 and (all(gone) or each.status not in _GONE):
            raise refusal(each, hosted.id)
    if any(gone):
        table = ChangedTable(
            address=meant.text,
            since=before.id,
            now=now.id,
            state="no longer there" if gone[1] else "not there yet",
        )
        return Found(table, *pages)
    limits = await _asked_otherwise(scope, meant, before, now)
    return await run_in_threadpool(_compared, meant, heard, (before, now), pages, limits)


def _compared(
    meant: Meant,
    heard: list[Heard],
    releases: tuple[Hosted, Hosted],
    pages: list[Pages],
    limits: tuple[str, ...],
) -> Found:
    before, now = releases
    table = compared(
        *map(_rows, heard),
        address=meant.text,
        since=before.id,
        current=now.id,
        veiled=before.archive.veiled | now.archive.veiled,
        limits=limits,
    )
    return Found(table, *pages)


async def _asked_otherwise(scope: Scope, meant: Meant, before: Hosted, now: Hosted) -> tuple[str, ...]:
    """Give the sentence that a question of the catalogue is not the same in both releases, where it is not."""
    if not meant.path.startswith(_QUESTION):
        return ()
    texts = [(await ask(each, scope, f"{meant.path}.rq", "", "*/*", BYTES)).body for each in (before, now)]
    if texts[0] == texts[1]:
        return ()
    return (
        "The question itself is written otherwise in both releases, so a difference need not be one of the records.",
    )


def _rows(heard: Heard) -> Solutions:
    """Give the rows of an answer. Raises QueryError where it has none."""
    if heard.media_type == SPARQL_JSON.media_type:
        found = results.read(heard.body, BYTES)
        if isinstance(found, Solutions):
            return found
        return Solutions(("answer",), ((ox.Literal(found),),))
    if heard.media_type == N_TRIPLES.media_type:
        triples = ox.parse(heard.body, format=ox.RdfFormat.N_TRIPLES)
        return Solutions(
            ("subject", "predicate", "object"),
            tuple((each.subject, each.predicate, each.object) for each in triples),
        )
    if heard.media_type != CSV.media_type:
        raise QueryError(
            "there are no rows at this address",
            remedy="name a question with its parameters, a query, a comparison or a list",
        )
    header, *lines = csv.reader(io.StringIO(heard.body.decode("utf-8")))
    return Solutions(tuple(header), tuple(tuple(map(_cell, line)) for line in lines))


def _cell(text: str) -> ox.NamedNode | ox.Literal | None:
    """Give the term that a cell of CSV most likely is: there IRIs stand in full."""
    if not text:
        return None
    whole = text.startswith(("http://", "https://", "urn:")) and is_iri(text)
    return ox.NamedNode(text) if whole else ox.Literal(text)
