"""The three W3C tests of SPARQL 1.1 Service Description, which have a name each and no more, on a strict release.

The endpoint describes itself by the address at which the collection is published. So it is asked as somebody asks who has that
address, whatever host the server runs on. The schema is written as shapes in service-description.ttl.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from asking import BASE
from exchanges import Exchange, send
from manifests import PUBLISHED, SUITE_11, suite
from standing import DATA, Standing

from kg import shacl
from kg.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from kg.names import RDF, Base

pytestmark = pytest.mark.needs("w3c")

MANIFEST = f"{PUBLISHED}sparql/sparql11/service-description/manifest.ttl"
SCHEMA = Path(__file__).with_name("service-description.ttl")
SD = "http://www.w3.org/ns/sparql-service-description#"
ENDPOINT = f"{BASE}sparql"
FORMATS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
TERMS = {
    *("Service", "Dataset", "GraphCollection", "Graph", "NamedGraph", "Function", "Aggregate", "Feature"),
    *(
        "Language",
        "EntailmentRegime",
        "EntailmentProfile",
        "SPARQL10Query",
        "SPARQL11Query",
        "SPARQL11Update",
    ),
    *("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery"),
    *("endpoint", "feature", "defaultEntailmentRegime", "defaultSupportedEntailmentProfile", "name", "graph"),
    *("entailmentRegime", "supportedEntailmentProfile", "extensionFunction", "extensionAggregate"),
    *("languageExtension", "supportedLanguage", "propertyFeature", "defaultDataset", "availableGraphs"),
    *("resultFormat", "inputFormat", "defaultGraph", "namedGraph"),
}
"""The terms of the vocabulary (section 3)."""


TESTS = suite(MANIFEST)


def _description(standing: Standing, format: Format | None = None) -> list[ox.Quad]:
    """Give the description as the published address gives it, in *format* or in what the server likes best."""
    host = ("Host", "w3c.example")
    headers = [host, ("Accept", format.media_type)] if format else [host]
    answer = send(standing.url, Exchange("GET", "/sparql", headers))
    assert answer.status_code == 200
    given = next(each for each in FORMATS if each.content_type == answer.headers["content-type"])
    assert format in (None, given)
    assert given.rdf is not None
    return list(ox.parse(answer.content, format=given.rdf))


def test_every_test_is_here() -> None:
    names = ("has-endpoint-triple", "returns-rdf", "conforms-to-schema")
    assert [f"{SUITE_11}service-description/manifest#{name}" for name in names] == TESTS


@pytest.mark.parametrize("format", [None, *FORMATS], ids=str)
def test_returns_rdf(standing: Standing, format: Format | None) -> None:
    assert set(_description(standing, format)) == set(_description(standing))


def test_has_endpoint_triple(standing: Standing) -> None:
    found = [quad for quad in _description(standing) if quad.predicate.value == f"{SD}endpoint"]
    assert [quad.object for quad in found] == [ox.NamedNode(ENDPOINT)]
    assert ox.Quad(
        found[0].subject, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{SD}Service")
    ) in _description(standing)


def test_conforms_to_schema(standing: Standing) -> None:
    assert _findings(_description(standing)) == []


def test_names_the_graphs(standing: Standing) -> None:
    """What the description says of the dataset is so."""
    names = {quad.object.value for quad in _description(standing) if quad.predicate.value == f"{SD}name"}
    assert {f"{DATA}data{n}.rdf" for n in (1, 2, 3)} == names
    answer = standing.client.post("/sparql", data={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"})
    assert names == {row["g"]["value"] for row in answer.json()["results"]["bindings"]}


@pytest.mark.parametrize(
    ("subject", "predicate", "object"),
    [
        (ENDPOINT, f"{SD}feature", f"{SD}Nothing"),
        (ENDPOINT, f"{SD}defaultDataset", f"{BASE}no-dataset"),
        (f"{ENDPOINT}2", f"{SD}endpoint", ENDPOINT),
        (f"{ENDPOINT}#named-graph-1", f"{SD}name", f"{BASE}second-name"),
        (f"{ENDPOINT}#dataset", f"{SD}defaultGraph", f"{BASE}no-graph"),
        (ENDPOINT, f"{SD}url", ENDPOINT),
    ],
)
def test_schema_is_held(standing: Standing, subject: str, predicate: str, object: str) -> None:
    """The shapes would find a fault: each statement added here breaks one of the schema's rules."""
    fault = ox.Quad(*map(ox.NamedNode, (subject, predicate, object)))
    assert _findings([*_description(standing), fault])


def _findings(description: list[ox.Quad]) -> list[object]:
    base = Base(BASE)
    shapes = shacl.shapes([(SCHEMA.name, SCHEMA.read_bytes())], base)
    nodes = [node.value for quad in description for node in quad.triple if isinstance(node, ox.NamedNode)]
    unknown = [node for node in nodes if node.startswith(SD) and node.removeprefix(SD) not in TERMS]
    return [*shacl.validate(description, shapes, base), *unknown]
