"""The W3C suites of SPARQL 1.1 and 1.0 queries over HTTP, from a strict release: every answer in every format.

Rows are asked for as JSON, XML, TSV and CSV, graphs as Turtle, N-Triples, RDF/XML and JSON-LD; a query that is not valid has to be
refused at the same line and column as in the library. What the engine fails it fails here too, and nothing else.
"""

from __future__ import annotations

import httpx
import pytest
from asking import ask, formats, is_ask, read
from cases import CASES, EXCEPTIONS, Case
from manifests import SUITE_10, SUITE_11, file
from outcomes import csv_fault, fault

from kg.errors import QueryError
from kg.formats import SPARQL_CSV, Format
from kg.store import EmbeddedStore

pytestmark = pytest.mark.needs("w3c")

UNSUPPORTED = {
    f"{SUITE_11}syntax-query/manifest#test_4": "http://example/function",
    f"{SUITE_10}syntax-sparql1/manifest#syntax-expr-05": "http://example.org/ns#myFunc",
    f"{SUITE_10}syntax-sparql1/manifest#syntax-order-05": "http://example.org/ns#func",
    f"{SUITE_10}syntax-sparql1/manifest#syntax-order-06": "http://example.org/ns#func2",
    f"{SUITE_10}syntax-sparql2/manifest#syntax-function-01": "http://example.org/name",
    f"{SUITE_10}syntax-sparql2/manifest#syntax-function-02": "http://example.org/name",
    f"{SUITE_10}syntax-sparql2/manifest#syntax-function-03": "http://example.org/name",
    f"{SUITE_10}syntax-sparql2/manifest#syntax-function-04": "http://example.org/name",
}
"""Tests of syntax that call a function of an example: valid, and refused by name, where other faults have a place."""


def test_unsupported_names_tests() -> None:
    assert set(UNSUPPORTED) <= {case.iri for case in CASES} - set(EXCEPTIONS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_query(endpoint: httpx.Client, case: Case) -> None:
    run = _refused if case.negative else _accepted if "Syntax" in case.kind else _answered
    failed = run(endpoint, case)
    if reason := EXCEPTIONS.get(case.iri):
        assert failed, f"it passes, and is excepted because {reason}"
    else:
        assert not failed, failed


def _answered(endpoint: httpx.Client, case: Case) -> str:
    return next(filter(None, (_fault(endpoint, case, format) for format in formats(case))), "")


def _fault(endpoint: httpx.Client, case: Case, format: Format) -> str:
    answer = ask(endpoint, case, format)
    if answer.status_code != 200:
        return f"{format}: {answer.status_code} {answer.text}"
    if answer.headers["content-type"] != format.content_type:
        return f"{format}: {answer.headers['content-type']}"
    if format is SPARQL_CSV and not is_ask(case):
        found = csv_fault(case, answer.content)
    else:
        found = fault(case, read(answer, format))
    return f"{format}: {found}" if found else ""


def _accepted(endpoint: httpx.Client, case: Case) -> str:
    answer = ask(endpoint, case, formats(case)[0])
    if function := UNSUPPORTED.get(case.iri):
        named = f"the query cannot be answered: The custom function <{function}> is not supported\n"
        return "" if (answer.status_code, answer.text) == (400, named) else answer.text
    return "" if answer.status_code == 200 else f"{answer.status_code} {answer.text}"


def _refused(endpoint: httpx.Client, case: Case) -> str:
    answer = ask(endpoint, case, formats(case)[0])
    if answer.status_code != 400:
        return f"{answer.status_code} {answer.text}"
    place = _place(case)
    return "" if answer.text.startswith(place) else f"not {place!r} but {answer.text}"


def _place(case: Case) -> str:
    """Give how the answer to a query begins that is not valid: where the library finds it so."""
    try:
        EmbeddedStore.of([]).query(file(case.query).read_bytes().decode(), base=case.query)
    except QueryError as error:
        return f"line {error.line}, column {error.column}: " if error.line else ""
    return ""
