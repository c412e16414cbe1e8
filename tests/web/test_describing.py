"""What the server says of its data: true, the same in every form, and harmless whatever the data say."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from test_documents import BASE, Page

import collection
import kg
import running
from kg import manifest
from kg.names import KG, OWL, RDF, SH, VOCABULARIES

VOID, DCAT, SPDX = VOCABULARIES["void"], VOCABULARIES["dcat"], VOCABULARIES["spdx"]
FORMS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}
DOCUMENTS = ("/dataset", "/ns", "/shapes", "/prefixes")


def graph(client: httpx.Client, path: str, suffix: str = "nt") -> ox.Store:
    store = ox.Store()
    store.load(client.get(f"{path}.{suffix}").content, format=FORMS[suffix])
    return store


def ask(store: ox.Store, text: str) -> list[tuple[str, ...]]:
    prefixes = f"PREFIX void: <{VOID}> PREFIX dcat: <{DCAT}> PREFIX spdx: <{SPDX}> PREFIX dcterms: <http://purl.org/dc/terms/>"  # fmt: skip
    return [tuple(term.value for term in row) for row in store.query(f"{prefixes} SELECT {text}")]


def count(client: httpx.Client, pattern: str) -> dict[str, int]:
    answer = client.get(
        "/sparql", params={"query": f"SELECT {pattern}"}, headers={"Accept": "application/json"}
    )
    return {row["it"]["value"]: int(row["n"]["value"]) for row in answer.json()["results"]["bindings"]}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_form_says_the_same(client: httpx.Client, path: str) -> None:
    lines = rdflib.Graph().parse(data=client.get(f"{path}.nt").text, format="nt")
    assert len(lines) > 40
    for accept, format in (("text/turtle", "turtle"), ("application/ld+json", "json-ld")):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        found = rdflib.Graph().parse(data=answer.text, format=format)
        if not any(isinstance(term, rdflib.BNode) for triple in lines for term in triple):
            assert set(found) == set(lines)
        assert len(found) == len(lines)
        assert client.get(path, headers={"Accept": accept, "If-None-Match": answer.headers["etag"]}).status_code == 304  # fmt: skip
        assert client.get(answer.headers["content-location"]).content == answer.content
        assert client.head(path, headers={"Accept": accept}).headers["etag"] == answer.headers["etag"]
    assert client.get(f"{path}.xls").status_code == 404
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


# ---------------------------------------------------------------------- /dataset


def test_partitions_are_what_queries_count(client: httpx.Client, archive: kg.Archive) -> None:
    store, dataset = graph(client, "/dataset"), archive.base.dataset
    for kind, size, counted in (
        ("class", "entities", "?it (COUNT(DISTINCT ?s) AS ?n) { ?s a ?it } GROUP BY ?it"),
        ("property", "triples", "?it (COUNT(DISTINCT *) AS ?n) { ?s ?it ?o } GROUP BY ?it"),
        ("property", "distinctSubjects", "?it (COUNT(DISTINCT ?s) AS ?n) { ?s ?it ?o } GROUP BY ?it"),
        ("property", "distinctObjects", "?it (COUNT(DISTINCT ?o) AS ?n) { ?s ?it ?o } GROUP BY ?it"),
    ):
        rows = ask(
            store, f"?it ?n {{ <{dataset}> void:{kind}Partition ?p . ?p void:{kind} ?it ; void:{size} ?n }}"
        )
        assert {it: int(n) for it, n in rows} == count(client, counted)
    graphs = ask(store, f"?g ?n {{ <{dataset}> void:subset ?g . ?g void:triples ?n }}")
    assert {it: int(n) for it, n in graphs} == count(client, "?it (COUNT(*) AS ?n) { GRAPH ?it { ?s ?p ?o } } GROUP BY ?it")  # fmt: skip
    assert ask(store, f"?n {{ <{dataset}> void:triples ?n }}") == [(str(archive.manifest.counts["triples"]),)]


def test_distributions_are_the_files_with_their_digests(client: httpx.Client, archive: kg.Archive) -> None:
    rows = ask(
        graph(client, "/dataset", "ttl"),
        "?url ?size ?sum { ?d a dcat:Distribution ; dcat:downloadURL ?url ; dcat:byteSize ?size ; spdx:checksum/spdx:checksumValue ?sum }",
    )
    listed = {
        (f"{archive.base.iri}download/{file.path.removeprefix('downloads/')}", str(file.size), file.sha256)
        for file in archive.manifest.files
        if file.path.startswith("downloads/")
    }
    assert set(rows) == listed
    for url, size, _ in rows:
        local = "/" + url.removeprefix(archive.base.iri)
        headers = {"Accept-Encoding": "identity"}
        assert client.head(local, headers=headers).headers["content-length"] == size


def test_services_are_there(client: httpx.Client, archive: kg.Archive) -> None:
    store = graph(client, "/dataset")
    (endpoint,) = ask(store, f"?it {{ <{archive.base.dataset}> void:sparqlEndpoint ?it }}")
    services = ask(store, "?it ?url ?about { ?it a dcat:DataService ; dcat:endpointURL ?url ; dcat:endpointDescription ?about }")  # fmt: skip
    assert endpoint[0] in {service[1] for service in services}
    for service in services:
        for iri in service:
            assert client.get("/" + iri.removeprefix(archive.base.iri), headers={"Accept": running.BROWSER}).status_code == 200  # fmt: skip


def test_graph_meta_is_merged(client: httpx.Client, archive: kg.Archive) -> None:
    meta = ox.NamedNode(archive.base.graph("meta"))
    said = {quad.triple for quad in archive.quads() if quad.graph_name == meta}
    assert said <= {quad.triple for quad in graph(client, "/dataset")}


def test_void_leads_to_the_description(client: httpx.Client) -> None:
    answer = client.get("/.well-known/void")
    assert (answer.status_code, answer.headers["location"]) == (302, "/dataset")
    iri = {"iri": "https://attest.example/baku-1990/dataset"}
    assert client.get("/resource", params=iri).headers["location"] == "/dataset"
    assert client.get("/resource", params=iri | {"format": "nt"}).headers["location"] == "/dataset.nt"


def test_search_engines_find_a_dataset_in_the_page(client: httpx.Client, archive: kg.Archive) -> None:
    text = client.get("/dataset", headers={"Accept": running.BROWSER}).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    found = json.loads(block)
    assert (found["@type"], found["@id"], found["name"]) == (
        "Dataset",
        archive.base.dataset,
        archive.manifest.title,
    )
    assert 50 <= len(found["description"]) <= 5000
    assert {each["sha256"] for each in found["distribution"]} == {file.sha256 for file in archive.manifest.files if file.path.startswith("downloads/")}  # fmt: skip
    Page(text)


def test_a_description_of_any_data_is_harmless(hostile: httpx.Client) -> None:
    text = hostile.get("/dataset").text
    page = Page(text)
    assert [attrs for tag, attrs in page.tags if tag == "script"] == [{"type": "application/ld+json"}]
    assert not any(tag in ("img", "iframe", "b") for tag, _ in page.tags)
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert "<" not in block
    assert json.loads(block)["name"] == "<script>alert(1)</script> & co"
    store = graph(hostile, "/dataset")
    assert ("http://other.example/ns#Thing", "1") in ask(
        store, "?c ?n { [] void:class ?c ; void:entities ?n }"
    )
    assert ask(store, f"?n {{ <{BASE}dataset> void:triples ?n }}")
    for path in ("/ns", "/shapes"):
        assert hostile.get(path).status_code == 404
    for path in ("/prefixes", "/queries"):
        Page(hostile.get(path).text)


def test_a_changed_description_is_not_given(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    copied = kg.open(shutil.copytree(collection.built(), tmp_path / "releases"))
    assert copied.directory
    with (copied.directory / "manifest.ttl").open("a") as file:
        file.write("<urn:x:a> <urn:x:b> <urn:x:c> .\n")
    (copied.directory / "ontology" / "kg.ttl").unlink()
    with running.serving(copied) as url, httpx.Client(base_url=url) as client:
        for path in ("/dataset", "/ns"):
            assert client.get(path).status_code == 500
            assert "log says why" in client.get(path).text
    assert "manifest.ttl is not the file" in caplog.text
    assert "kg.ttl cannot be read" in caplog.text


# ---------------------------------------------------------------------- /ns, /shapes, /prefixes


def parsed(release: Path, name: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=str(release / name), format=ox.RdfFormat.TURTLE)}


def test_terms_are_those_of_the_file_each_with_its_anchor(client: httpx.Client) -> None:
    release = manifest.current(collection.built())
    own = parsed(release, "ontology/kg.ttl")
    assert {quad.triple for quad in graph(client, "/ns")} == own
    page = Page(client.get("/ns", headers={"Accept": running.BROWSER}).text)
    anchors = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    terms = {t.subject.value for t in own if t.subject.value.startswith(KG)}  # type: ignore[union-attr]
    assert {term.removeprefix(KG) for term in terms} <= anchors
    assert len(terms) > 100
    for triple in own:
        if triple.predicate.value.endswith("#comment") and isinstance(triple.object, ox.Literal):
            assert triple.object.value in page.text
    classes = {t.subject.value for t in own if t.object == ox.NamedNode(OWL + "Class")} & terms  # type: ignore[union-attr]
    assert "schema:Event" in page.text.partition("Taken from other vocabularies")[2]
    text = page.text[page.text.index("Classes") :]
    assert all(f"kg:{name.removeprefix(KG)}\n" in text.partition("Measures ")[0] for name in classes)


def test_rules_are_those_of_the_file_each_with_its_sentence(client: httpx.Client) -> None:
    release = manifest.current(collection.built())
    own = parsed(release, "ontology/shapes/attest.ttl")
    assert len(graph(client, "/shapes")) == len(own)
    text = Page(client.get("/shapes", headers={"Accept": running.BROWSER}).text).text
    messages = [
        t.object.value
        for t in own
        if t.predicate.value == SH + "message" and isinstance(t.object, ox.Literal)
    ]
    assert len(messages) > 50
    for message in messages:
        assert message in text
    assert f"The {len(messages)} rules" in text
    assert "kg:Claim" in text


def test_prefixes(client: httpx.Client, archive: kg.Archive) -> None:
    known = archive.base.prefixes()
    assert client.get("/prefixes.json").json() == known
    rows = graph(client, "/prefixes").query(
        f"SELECT ?p ?n {{ <{archive.base.iri}prefixes> <{SH}declare> [ <{SH}prefix> ?p ; <{SH}namespace> ?n ] }}"
    )
    assert {row["p"].value: row["n"].value for row in rows} == known
    page = Page(client.get("/prefixes.html").text)
    assert all(namespace in page.text for namespace in known.values())


def test_the_context_may_be_kept_for_a_while(client: httpx.Client) -> None:
    answer = client.get("/context.jsonld")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert client.get("/context.jsonld", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert RDF not in answer.json()["@context"]


def test_iris_on_paths_of_documents_can_be_reached(tmp_path: Path) -> None:
    text = "".join(
        f'<{BASE}{path}> <http://www.w3.org/2000/01/rdf-schema#label> "the thing {path}" .\n'
        for path in (
            "ns",
            "ns.ttl",
            "queries/day",
            "sitemap-1.xml",
            "feed.atom",
            "dataset.ttl",
            "dataset/x",
            "dataset",
        )
    )
    with (
        running.serving(running.release(tmp_path, text, base=BASE)) as url,
        httpx.Client(base_url=url) as client,
    ):
        for path in ("ns", "ns.ttl", "queries/day", "sitemap-1.xml", "feed.atom", "dataset.ttl", "dataset/x"):
            answer = client.get("/resource", params={"iri": BASE + path, "format": "nt"})
            assert f"the thing {path}" in answer.text
        assert "the thing dataset" in client.get("/dataset").text
        for href in Page(client.get("/", headers={"Accept": running.BROWSER}).text).hrefs():
            if "resource" in href:
                assert client.get(href).status_code == 200
