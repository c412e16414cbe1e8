"""The generated JSON-LD context: short names, conflicts, types of values; pyld is the referee."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from pyld import jsonld

from kg.context import context
from kg.formats import JSON_LD
from kg.names import Base
from kg.serialisation import write
from rdf_data import datasets, lines
from suites import ROOT

ONTOLOGY = """
@prefix kg: <https://w3id.org/attest/ns#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> . @prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
"""


def build(turtle: str, base: Base | None = None) -> dict[str, Any]:
    quads = ox.parse(ONTOLOGY + turtle, format=ox.RdfFormat.TURTLE)
    return dict(context(quads, base or Base())["@context"])


@pytest.fixture(scope="module")
def ours() -> dict[str, Any]:
    return context(ox.parse(path=str(ROOT / "ontology" / "kg.ttl")), Base())


def test_every_prefix_stands_in_it_with_the_configured_base() -> None:
    base = Base("https://archive.example/baku/")
    assert build("", base) == base.prefixes()


@pytest.mark.parametrize(
    ("turtle", "term", "definition"),
    [
        ("kg:claimant a owl:ObjectProperty .", "claimant", {"@id": "kg:claimant", "@type": "@id"}),
        (
            "kg:claimant a owl:ObjectProperty, owl:FunctionalProperty .",
            "claimant",
            {"@id": "kg:claimant", "@type": "@id"},
        ),
        ("kg:x a owl:ObjectProperty, owl:DatatypeProperty .", "x", "kg:x"),
        (
            "kg:readOn a owl:DatatypeProperty ; rdfs:range xsd:date .",
            "readOn",
            {"@id": "kg:readOn", "@type": "xsd:date"},
        ),
        (
            "kg:date a owl:DatatypeProperty ; rdfs:range edtf:EDTF .",
            "date",
            {"@id": "kg:date", "@type": "edtf:EDTF"},
        ),
        ("kg:locator a owl:DatatypeProperty ; rdfs:range xsd:string .", "locator", "kg:locator"),
        ("kg:x a owl:DatatypeProperty ; rdfs:range xsd:date, xsd:gYear .", "x", "kg:x"),
        ("kg:x a owl:DatatypeProperty ; rdfs:range kg:Claim .", "x", "kg:x"),
        ("kg:x a owl:AnnotationProperty ; rdfs:range xsd:date .", "x", "kg:x"),
        ("kg:deaths a kg:Measure .", "deaths", "kg:deaths"),
        ("kg:Claim a owl:Class .", "Claim", "kg:Claim"),
    ],
)
def test_a_property_or_class_has_a_term(turtle: str, term: str, definition: object) -> None:
    assert build(turtle)[term] == definition


def test_ours_has_the_short_name_and_the_other_keeps_its_prefix() -> None:
    terms = build(
        "schema:position a owl:DatatypeProperty ; rdfs:range xsd:integer . kg:position a owl:DatatypeProperty ."
    )
    assert terms["position"] == "kg:position"
    assert terms["schema:position"] == {"@id": "schema:position", "@type": "xsd:integer"}


def test_of_two_others_none_has_the_short_name() -> None:
    terms = build("skos:prefLabel a owl:DatatypeProperty . skosxl:prefLabel a owl:ObjectProperty .")
    assert "prefLabel" not in terms
    assert "skos:prefLabel" not in terms  # its prefix says as much
    assert terms["skosxl:prefLabel"] == {"@id": "skosxl:prefLabel", "@type": "@id"}


def test_a_prefix_keeps_its_name() -> None:
    terms = build("kg:passage a owl:ObjectProperty .")
    assert terms["passage"] == Base().prefixes()["passage"]
    assert terms["kg:passage"] == {"@id": "kg:passage", "@type": "@id"}


@pytest.mark.parametrize(
    "turtle",
    ["kg:asserted a skos:Concept .", "<http://x.example/p> a owl:ObjectProperty .", "[] a owl:Class ."],
)
def test_nothing_else_has_a_term(turtle: str) -> None:
    assert build(turtle) == Base().prefixes()


def test_the_order_of_the_ontology_does_not_matter() -> None:
    quads = list(ox.parse(path=str(ROOT / "ontology" / "kg.ttl")))
    assert json.dumps(context(quads, Base())) == json.dumps(context(reversed(quads), Base()))


def test_the_ontology_gives_the_terms_of_a_claim(ours: dict[str, Any]) -> None:
    terms = ours["@context"]
    assert terms["claimant"] == {"@id": "kg:claimant", "@type": "@id"}
    assert terms["asOfLatest"] == {"@id": "kg:asOfLatest", "@type": "xsd:date"}
    assert terms["QuantityClaim"] == "kg:QuantityClaim"
    assert terms["kg:passage"]["@type"] == "@id"


def parsed(document: object) -> list[str]:
    return lines(ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD))


def expanded(quads: list[ox.Quad]) -> object:
    out = io.BytesIO()
    write(quads, JSON_LD, out, prefixes={})
    return json.loads(out.getvalue())


def test_pyld_compacts_our_data_with_it(ours: dict[str, Any]) -> None:
    sources: list[Path] = sorted((ROOT / "data").rglob("*.ttl"))
    quads = [quad for path in sources for quad in ox.parse(path=str(path))]
    assert quads
    assert parsed(jsonld.compact(expanded(quads), ours)) == lines(quads)


@given(datasets())
@settings(max_examples=50)
def test_pyld_compacts_any_dataset_with_it(quads: list[ox.Quad]) -> None:
    quads = [quad for quad in quads if not _like_a_prefix(quad)]
    terms = context(ox.parse(path=str(ROOT / "ontology" / "kg.ttl")), Base())
    assert parsed(jsonld.compact(expanded(quads), terms)) == lines(quads)


def _like_a_prefix(quad: ox.Quad) -> bool:
    """pyld refuses to compact an IRI whose scheme is a prefix (JSON-LD 1.1: IRI confused with prefix)."""
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return any(
        isinstance(term, ox.NamedNode) and term.value.startswith(("event:", "kg:", "claimant:"))
        for term in terms
    )
