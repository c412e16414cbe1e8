"""A query that finds nothing because its property stands only in claims says so, and which query answers."""

from __future__ import annotations

import pytest

import collection
import kg

KG = "PREFIX kg: <https://w3id.org/attest/ns#> "


@pytest.fixture(scope="module")
def archive() -> kg.Archive:
    return kg.open(collection.built())


@pytest.mark.parametrize(
    "query",
    [KG + "SELECT * { ?event kg:deaths ?n }", "SELECT * { ?e <https://w3id.org/attest/ns#deaths> ?n }"],
)
def test_a_measure_names_the_query_that_answers(archive: kg.Archive, query: str) -> None:
    rows = archive.query(query)
    assert len(rows) == 0
    assert "kg:deaths stands only in claims" in rows.note
    assert "kg query claims-by-measure" in rows.note
    assert "claims-by-measure" in rows._repr_html_()


def test_another_claim_only_property_says_how_to_ask(archive: kg.Archive) -> None:
    assert "?claim rdf:predicate kg:isCalled" in archive.query(KG + "SELECT * { ?e kg:isCalled ?n }").note


@pytest.mark.parametrize(
    "query",
    [
        KG + "SELECT * { ?photo kg:dateline '1901-01-01' }",
        "SELECT * { ?s <http://nowhere.example/p> ?o }",
        KG + "SELECT ?c { ?c a kg:Claim }",
        "SELECT ?s { ?s ?p 'what nobody says' }",
    ],
)
def test_other_queries_have_no_note(archive: kg.Archive, query: str) -> None:
    assert archive.query(query).note == ""
