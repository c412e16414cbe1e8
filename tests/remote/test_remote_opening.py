"""kg.open(URL): the dataset's own record, and data that have none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import faults
import kg
import running
from kg import bundle, dataset
from kg.names import SOURCE_BASE, Base
from kg.store import EmbeddedStore
from kg.store.remote import endpoint as endpoints

OTHER = "http://data.example/any/"
ANY = f"""
@prefix : <{OTHER}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .
:day a schema:Event ; rdfs:label "A day"@en, "Ein Tag"@de . :night a schema:Event .
"""


@pytest.fixture(scope="module")
def anything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an endpoint with data that no build of ours describes."""
    archive = running.release(tmp_path_factory.mktemp("any"), ANY, base=OTHER)
    with running.serving(archive) as url:
        yield f"{url}/sparql"


def test_data_without_a_record(anything: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    exchange = endpoints.exchange
    monkeypatch.setattr(
        endpoints,
        "exchange",
        lambda request, *more: (sent.append(request.full_url), exchange(request, *more))[1],
    )
    archive = kg.open(anything)
    assert (archive.manifest.title, archive.base) == (anything, Base(SOURCE_BASE))
    assert (archive.manifest.id, archive.manifest.graphs, archive.manifest.licence) == ("", (), "")
    assert repr(archive) == f"<kg.Archive {anything!r}, at {anything}>"
    assert [(event.iri, event.label) for event in archive.events()] == [
        (OTHER + "day", "A day"),
        (OTHER + "night", "night"),
    ]
    assert archive.thing(OTHER + "day").label == "A day"
    assert archive.labelled(kg.IRI(OTHER + "day")) is None
    assert archive.query("SELECT ?s { ?s a ?o } ORDER BY ?s")[0].s == OTHER + "day"
    assert "claims-by-measure" in archive.catalog
    with pytest.raises(kg.NotFound):
        archive.query("claims-by-measure", event="baku-1990-01")
    assert not any("label" in url for url in sent)  # there may be millions


def quads(*bases: str) -> list[ox.Quad]:
    """Give the record of a collection on each of *bases*, as far as it is looked at."""
    text = "".join(
        f"""<{base}dataset> a <http://www.w3.org/ns/dcat#Dataset>, <http://rdfs.org/ns/void#Dataset> ;
        <http://www.w3.org/ns/prov#wasGeneratedBy> <{base}id/activity/build> ;
        <http://purl.org/dc/terms/title> "T"@en ; <http://rdfs.org/ns/void#subset> <{base}graph/a>, <{base}graph/b> .
        <{base}graph/a> <http://rdfs.org/ns/void#triples> 7 ; <http://purl.org/dc/terms/title> "A"@en .
        """
        for base in bases
    )
    return list(ox.parse(text, format=ox.RdfFormat.TURTLE))


def test_a_record_is_read_in_any_graph() -> None:
    meta = ox.NamedNode(OTHER + "graph/meta")
    for found in (quads(OTHER), [ox.Quad(*quad.triple, meta) for quad in quads(OTHER)]):  # type: ignore[misc]
        for default_graph in ("union", "strict"):
            read = dataset.read(EmbeddedStore.of(found, default_graph=default_graph))  # type: ignore[arg-type]
            assert read is not None
            assert (read.base, read.title, read.default_graph) == (OTHER, "T", default_graph)
            assert [(graph.iri, graph.quads, graph.title) for graph in read.graphs] == [
                (OTHER + "graph/a", 7, "A")
            ]


@pytest.mark.parametrize(
    "found",
    [
        [],
        quads(OTHER, SOURCE_BASE),
        [quad for quad in quads(OTHER) if "prov#" not in quad.predicate.value],
        [quad for quad in quads(OTHER) if "void#Dataset" not in str(quad.object)],
        [ox.Quad(ox.NamedNode("urn:dataset"), q.predicate, q.object) for q in quads(OTHER) if "/dataset" in str(q.subject)],
    ],
    ids=["nothing", "two collections", "made by none", "of another kind", "no base"],
)  # fmt: skip
def test_no_one_record(found: list[ox.Quad]) -> None:
    assert dataset.read(EmbeddedStore.of(found)) is None


def test_an_endpoint_that_answers_another_question() -> None:
    other = faults.reply(b'{"head":{"vars":["x"]},"results":{"bindings":[]}}')
    with (
        faults.endpoint(
            lambda request: faults.well(request) if request.query.startswith("ASK") else [other]
        ) as told,
        pytest.raises(kg.RemoteError, match="other variables"),
    ):
        kg.open(told.url)


def test_an_installation_without_queries_has_an_empty_catalogue(
    anything: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "__file__", str(tmp_path / "lib" / "kg" / "bundle.py"))
    assert len(kg.open(anything).catalog) == 0


@pytest.mark.parametrize("path", ["http://127.0.0.1:1/sparql", "https://archive.example/sparql"])
def test_an_address_is_a_text_and_no_path(path: str) -> None:
    with pytest.raises(kg.StoreError, match="is an address") as raised:
        kg.open(Path(path))
    assert "kg.open('https://…')" in raised.value.remedy
    assert "--endpoint" in raised.value.remedy
