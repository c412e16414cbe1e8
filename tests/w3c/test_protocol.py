"""The W3C tests of the SPARQL 1.1 Protocol, read from their manifest and sent as they stand there, to a strict release.

The endpoint takes no updates: the tests that expect one to be done are excepted, and what they send has to be refused.
What is refused must leave the release as it is: see also test_refused.py.
"""

from __future__ import annotations

import json
from dataclasses import replace

import httpx
import pyoxigraph as ox
import pytest
from asking import BASE, ROWS
from exchanges import Exchange, exchanges, send
from manifests import PUBLISHED, SUITE_11, Description, suite
from standing import Standing

from kg.formats import N_TRIPLES, RDF_XML, SPARQL_CSV, SPARQL_JSON, SPARQL_XML, TURTLE

pytestmark = pytest.mark.needs("w3c")

MANIFEST = f"{PUBLISHED}sparql/sparql11/protocol/manifest.ttl"
_NO_UPDATES = "it expects an update to be done, and a release is only read"
EXCEPTIONS = {
    f"{SUITE_11}protocol/manifest#{name}": _NO_UPDATES
    for name in (
        "update_dataset_default_graph",
        "update_dataset_default_graphs",
        "update_dataset_named_graphs",
        "update_dataset_full",
        "update_post_form",
        "update_post_direct",
        "update_base_uri",
    )
}
# What each test asks for, by its name: "boolean" is XML or JSON, "RDF" one of RDF/XML, Turtle, N-Triples (and RDFa).
MEDIA_TYPES = {
    "boolean": {SPARQL_JSON, SPARQL_XML},
    "tabular": {*ROWS, SPARQL_CSV},
    "RDF": {RDF_XML, TURTLE, N_TRIPLES},
}
TESTS = suite(MANIFEST)


def test_every_test_is_here() -> None:
    assert len(TESTS) == 34
    assert set(EXCEPTIONS) <= set(TESTS)


@pytest.mark.parametrize("test", TESTS, ids=lambda iri: iri.rpartition("#")[2])
def test_protocol(standing: Standing, test: str) -> None:
    sent = exchanges(Description(MANIFEST), ox.NamedNode(test))
    assert sent
    answers = [_sent(standing.url, exchange) for exchange in sent]
    failed = next(filter(None, map(_fault, sent, answers)), "")
    if test in EXCEPTIONS:
        assert failed
        assert answers[0].status_code == 403
        assert answers[0].text == "this endpoint answers queries and takes no updates\n"
        assert [answer.json()["boolean"] for answer in answers[1:]] == [False] * (len(sent) - 1)
    else:
        assert not failed, failed
    standing.check()


def _sent(url: str, exchange: Exchange) -> httpx.Response:
    assert exchange.path.startswith("/sparql/")
    return send(url, replace(exchange, path="/sparql" + exchange.path.removeprefix("/sparql/")))


def _fault(exchange: Exchange, answer: httpx.Response) -> str:
    """Give how *answer* differs from what the test expects; empty where it does not."""
    if f"StatusCode{answer.status_code // 100}xx" not in exchange.statuses:
        return f"{answer.status_code} {answer.text}"
    if exchange.format is None:
        return ""
    given = {format.content_type: format for format in MEDIA_TYPES[exchange.format]}
    if (format := given.get(answer.headers["content-type"])) is None:
        return answer.headers["content-type"]
    if format.rdf is not None:
        list(ox.parse(answer.content, format=format.rdf))
    elif exchange.truth is not None:
        found = ox.parse_query_results(answer.content, format=ROWS[format])
        return "" if bool(found) is exchange.truth else f"{found} instead of {exchange.truth}"
    else:
        json.loads(answer.content)
    return ""


def test_relative_iris_are_resolved_against_the_base(standing: Standing) -> None:
    test = ox.NamedNode(f"{SUITE_11}protocol/manifest#query_content_type_construct")
    (exchange,) = exchanges(Description(MANIFEST), test)
    answer = _sent(standing.url, exchange)
    (quad,) = ox.parse(answer.content, format=ox.RdfFormat.TURTLE)
    assert (quad.subject.value, quad.predicate.value) == (f"{BASE}s", f"{BASE}p")
