"""What a query that is not valid is told besides where it is wrong."""

from __future__ import annotations

import time

import pytest

from kg import sparql
from kg.errors import QueryError
from kg.store import EmbeddedStore

STORE = EmbeddedStore.of([], default_graph="union")


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("SELCT ?s {?s ?p ?o}", (1, 1), "did you mean SELECT?"),
        ("SELECT ?s\nWHER {?s ?p ?o}", (2, 1), "did you mean WHERE?"),
        ("SELECT ?s {?s ?p ?o FILTR(?s)}", (1, 21), "did you mean FILTER?"),
        ("SELECT ?s {?s ?p ?o FILTER(STRSTART(?s, 'x'))}", (1, 28), "did you mean STRSTARTS?"),
        ("SELECT ?s {?s ?p ?o} ORDR BY ?s", (1, 22), "did you mean ORDER?"),
        ("SELECT ?s {\n  OPTIONAL {?s ?p ?o\n}", (3, 2), "close the { of line 1, column 11, with }"),
        ("SELECT ?s {?s ?p ?o}}", (1, 20), "the } of line 1, column 21 closes nothing: remove it"),
        ("SELECT ?s, ?p {?s ?p ?o}", (1, 8), "write variables one after the other, without commas"),
        ("SELECT ?s {\n ?s ?p\n ?o ?x }", (3, 5), "if a statement ends before it, put a full stop there; else a semicolon or a comma"),
        ("SELECT ?s {?s ?p 'x }", (1, 18), "close it, or write \\ before a quotation mark that belongs to the text"),
        ("SELECT ?x (COUNT(?s) AS ?n) {?s a ?x}", (1, 37), "name the variable in GROUP BY, or put it into COUNT, MIN, SAMPLE or the like"),
        ("SELECT ?s {?s a schema:Event}", (1, 17), "begin with PREFIX schema: <https://schema.org/>"),
        ("PREFIX shcema: <https://schema.org/>\nSELECT ?s {?s a schmea:Event}", (2, 17), "if shcema: is not meant, begin with PREFIX schmea: <…>"),
        ("hello", (1, 1), ""),
        ("SELECT ?s {?s ?p ?o} LIMIT", (1, 27), ""),
    ],
)  # fmt: skip
def test_a_remedy_where_one_can_be_told(text: str, place: tuple[int, int], remedy: str) -> None:
    with pytest.raises(QueryError) as caught:
        STORE.query(text)
    assert (caught.value.line, caught.value.column) == place
    assert caught.value.remedy == remedy


@pytest.mark.parametrize(
    "text",
    ["SELECT ?s {?s ?p ?o} " + "W" * 60_000, "SELECT ?s {?s ?p ?o} " + "}" * 5_000, f"PREFIX {'p' * 9000}: <urn:x:>\nSELECT ?s {{ {'q' * 50_000}:x ?p ?o }}"],
    ids=["word", "brackets", "prefix"],
)  # fmt: skip
def test_what_is_long_is_told_soon(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(QueryError):
        sparql.check(text)
        STORE.query(text)
    assert time.monotonic() - began < 10  # the likeness of two words takes the product of their lengths
