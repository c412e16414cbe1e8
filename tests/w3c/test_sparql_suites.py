"""The W3C suites of SPARQL 1.1 and 1.0 queries (evaluation, results and syntax), through EmbeddedStore in strict mode.

Every query passes the check of kg.sparql first, as any query does. The same over HTTP: test_sparql_http.py.
"""

from __future__ import annotations

import pytest
from cases import CASES, EXCEPTIONS, Case, graphs_from
from manifests import SUITE_10, SUITE_11, file, quads
from outcomes import fault

from kg.errors import QueryError
from kg.store import EmbeddedStore


def _store(case: Case, text: str) -> EmbeddedStore:
    default = [quad for iri in case.data for quad in quads(iri)]
    names = sorted({*case.graphs, *graphs_from(case, text)})
    return EmbeddedStore.of(
        [*default, *(quad for iri in names for quad in quads(iri, iri))], default_graph="strict"
    )


@pytest.mark.needs("w3c")
@pytest.mark.parametrize(("suite", "count"), [(SUITE_11, 338), (SUITE_10, 482)])
def test_every_test_of_the_suite_is_here(suite: str, count: int) -> None:
    assert sum(case.iri.startswith(suite) for case in CASES) == count


@pytest.mark.needs("w3c")
def test_exceptions_name_tests() -> None:
    assert set(EXCEPTIONS) <= {case.iri for case in CASES}


@pytest.mark.needs("w3c")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_query(case: Case) -> None:
    failed = _run(case)
    if reason := EXCEPTIONS.get(case.iri):
        assert failed, f"it passes, and is excepted because {reason}"
    else:
        assert not failed, failed


def _run(case: Case) -> str:
    text = file(case.query).read_text(encoding="utf-8")
    try:
        answer = _store(case, text).query(text, base=case.query)
    except QueryError as error:
        valid = (
            "Syntax" in case.kind and not error.line
        )  # valid, though the engine lacks a function that it calls
        return "" if case.negative or valid else f"{error.line}:{error.column}: {error}"
    if case.negative:
        return "it was answered, and is not valid"
    return fault(case, answer) if case.result else ""
