"""Forms: each document says the same in all of its forms, and each form is refused, tagged and linked alike."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.compare import isomorphic
from test_documents import BASE, Page

import kg
import running
from kg.documents import contents, descriptions
from kg.documents.addresses import CITATIONS, DOCUMENT_FORMATS, FORMS
from kg.documents.descriptions import Descriptions
from kg.documents.signposts import SIZE, Signpost, header
from kg.formats import HTML, JSON_LD, N_TRIPLES, RDF_XML, TURTLE
from kg.names import KG, OA, RDF, RDFS, SKOSXL
from kg.store import EmbeddedStore

RDF_FORMATS = [form for form in DOCUMENT_FORMATS if form is not HTML]
PATHS = [
    "/event/baku-1990-01",
    "/place/baku",
    "/person/viktor-spiridonov",
    "/photo/asbarez-12",
    "/claim/asbarez-c02-s2-01",
    "/claim/attest-gathering-sunday",
    "/passage/asbarez-p1-s1",
    "/name/asbarez-c02-captain-form-1",
    "/concept/persons",
    "/resource?iri=" + quote(KG + "deaths", safe=""),
    "/resource?iri=" + quote("http://www.wikidata.org/entity/Q1953", safe=""),
]


def form(path: str, suffix: str) -> str:
    return f"{path}&format={suffix}" if "?" in path else f"{path}.{suffix}"


def read(client: httpx.Client, path: str, suffix: str = "nt") -> set[ox.Triple]:
    answer = client.get(form(path, suffix))
    assert answer.status_code == 200, answer.text
    rdf = next(each.rdf for each in FORMS if each.suffix == suffix)
    return {quad.triple for quad in ox.parse(answer.text, format=rdf)}


def links(answer: httpx.Response) -> list[tuple[str, str]]:
    return re.findall(r'<([^>]*)>; rel="([^"]*)"', answer.headers["link"])


# ---------------------------------------------------------------------- what a document says


@pytest.mark.parametrize("path", PATHS)
def test_each_rdf_form_holds_the_same_statements(client: httpx.Client, path: str) -> None:
    whole = read(client, path)
    assert whole
    for each in RDF_FORMATS:
        assert read(client, path, each.suffix) == whole, each.name


@pytest.mark.parametrize("path", PATHS)
def test_everything_mentioned_has_its_label(client: httpx.Client, archive: kg.Archive, path: str) -> None:
    whole = read(client, path)
    mentioned = {
        term
        for each in whole
        for term in (each.subject, each.predicate, each.object)
        if isinstance(term, ox.NamedNode)
    }
    labelled = {each.subject for each in whole if each.predicate.value == RDFS + "label"}
    known = {quad.subject for quad in archive.quads() if quad.predicate.value == RDFS + "label"}
    naming = {ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOSXL + "literalForm")}
    assert (mentioned & known) - labelled <= naming  # which the labels alone mention
    assert labelled <= mentioned


def test_claims_stand_with_their_evidence(client: httpx.Client, archive: kg.Archive) -> None:
    quads = list(archive.quads())
    for event in archive.events():
        whole = read(client, "/event/" + event.iri.rpartition("/")[2])
        claims = {ox.NamedNode(claim.iri) for claim in archive.claims(event=event.iri, related=False)}
        spoken = {triple.subject for triple in whole if triple.predicate.value == RDF + "subject"}
        assert spoken == claims
        needed = set(claims)
        for _ in range(3):
            needed |= {
                quad.object  # type: ignore[misc]
                for quad in quads
                if quad.subject in needed
                and quad.predicate.value
                in {
                    KG + "passage",
                    KG + "part",
                    KG + "relay",
                    OA + "hasSource",
                    OA + "hasSelector",
                    OA + "refinedBy",
                }
            }
        assert {quad.triple for quad in quads if quad.subject in needed} <= whole
        digests = {each.subject for each in whole if each.predicate.value == KG + "digest"}
        assert {ox.NamedNode(p) for claim in archive.claims(event=event.iri, related=False) for p in claim.passages} <= digests  # fmt: skip


def test_a_derived_claim_has_its_premises(client: httpx.Client) -> None:
    whole = read(client, "/claim/attest-gathering-sunday")
    (premise,) = (each.object for each in whole if each.predicate.value.endswith("#wasDerivedFrom"))
    said = {each.predicate.value for each in whole if each.subject == premise}
    assert {KG + "claimant", KG + "passage", RDF + "object"} <= said


def test_json_says_it_in_plain_words(client: httpx.Client, archive: kg.Archive) -> None:
    said = client.get("/event/azerbaijan-1990-01.json").json()
    claims = archive.claims(event="azerbaijan-1990-01", related=False)
    assert said["label"] == "Violence in Azerbaijan, January 1990"
    assert [each["iri"] for each in said["types"]] == ["https://schema.org/Event"]
    assert {each["iri"]: (each["words"], each["amount"], each["as_of"], each["veiled"]) for each in said["claims"]} == {
        claim.iri: (claim.words, claim.amount, str(claim.as_of or ""), claim.veiled) for claim in claims
    }  # fmt: skip
    (claim,) = (each for each in said["claims"] if each["iri"].endswith("/asbarez-c02-s2-01"))
    assert [voice["label"] for voice in claim["voices"]] == [
        "official Soviet media",
        "Associated Press",
        "Asbarez",
    ]
    assert (claim["comparator"], claim["lower_bound"], claim["upper_bound"]) == ("atLeast", 32, None)
    (evidence,) = claim["evidence"]
    assert (evidence["start"], evidence["end"]) == (2251, 2370)
    assert re.fullmatch("[0-9a-f]{64}", evidence["digest"])
    wider = {each["iri"] for each in said["properties"]}
    assert RDFS + "label" in wider


def test_json_and_the_rdf_forms_agree(client: httpx.Client) -> None:
    for path in PATHS:
        said = client.get(form(path, "json")).json()
        whole = read(client, path)
        own = {
            (str(each.predicate.value), str(getattr(each.object, "value", each.object)))
            for each in whole
            if each.subject == ox.NamedNode(said["iri"])
        }
        told = {
            (row["iri"], str(value.get("iri", value.get("value"))))
            for row in said["properties"]
            for value in row["values"]
        }
        assert {(name, text.replace("True", "true")) for name, text in told} == own
        leading = {
            (each["subject"]["iri"], each["property"]["iri"]) for each in said["incoming"]["statements"]
        }
        assert leading <= {
            (str(each.subject.value), each.predicate.value)
            for each in whole
            if each.object == ox.NamedNode(said["iri"])
        }


@pytest.mark.parametrize(
    "path", ["/event/baku-1990-01", "/place/baku", "/person/viktor-spiridonov", "/photo/asbarez-12"]
)
def test_csv_has_the_rows_of_the_whole_table(client: httpx.Client, archive: kg.Archive, path: str) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{path}.csv").text)))
    whole = csv.DictReader(io.StringIO(client.get("/download/tables/claims.csv").text))
    iri = f"{archive.base.iri}id{path}"
    assert rows
    assert rows == [row for row in whole if row["subject"] == iri and row["status"] == "recorded"]


def test_geojson_has_the_place_of_the_whole_file(client: httpx.Client) -> None:
    answer = client.get("/place/baku.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    found, whole = answer.json(), client.get("/download/places.geojson").json()
    (feature,) = found["features"]
    assert feature == next(each for each in whole["features"] if each["@id"] == feature["@id"])
    assert feature["geometry"]["coordinates"] == [49.89201, 40.37767]
    credit = found.pop("credits")
    assert set(map(str, credit)) <= set(map(str, whole.pop("credits")))
    assert {name: found[name] for name in found if name != "features"} == {
        name: whole[name] for name in found if name != "features"
    }


# ---------------------------------------------------------------------- which forms there are


def test_a_form_that_a_document_lacks_is_named(client: httpx.Client) -> None:
    for path, missing in (("/event/baku-1990-01", "geojson"), ("/concept/persons", "csv")):
        answer = client.get(f"{path}.{missing}")
        assert answer.status_code == 404
        assert ".ttl, .jsonld, .nt, .rdf, .html, .json" in answer.text
        assert f".{missing}" not in answer.text
        kind = next(each.media_type for each in FORMS if each.suffix == missing)
        refused = client.get(path, headers={"Accept": kind})
        assert refused.status_code == 406
        assert "ask for one of text/turtle, application/ld+json" in refused.text
        assert kind not in refused.text.partition("→")[2]
    unknown = client.get("/place/baku.xls")
    assert unknown.status_code == 404
    assert ".geojson" in unknown.text


@pytest.mark.parametrize("each", FORMS, ids=lambda each: each.suffix)
def test_every_form_is_reached_tagged_and_linked(client: httpx.Client, each: Any) -> None:
    path = "/place/baku"
    answer = client.get(f"{path}.{each.suffix}")
    assert answer.headers["content-type"] == each.content_type
    assert answer.headers["cache-control"] == "no-cache"
    chosen = client.get(path, headers={"Accept": each.media_type})
    assert chosen.content == answer.content
    assert chosen.headers["content-location"] == f"{path}.{each.suffix}"
    assert chosen.headers["etag"] == answer.headers["etag"]
    asked = client.head(f"{path}.{each.suffix}")
    assert {k: v for k, v in asked.headers.items() if k != "date"} == {
        k: v for k, v in answer.headers.items() if k != "date"
    }
    again = client.get(f"{path}.{each.suffix}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["link"] == answer.headers["link"]
    moved = client.get(f"/id{path}.{each.suffix}?page=2")
    assert (moved.status_code, moved.headers["location"]) == (303, f"{path}.{each.suffix}")
    assert (f"{path}.{each.suffix}", "alternate") not in links(answer)
    others = {f"{path}.{other.suffix}": other for other in FORMS if other is not each}
    assert {href for href, rel in links(answer) if rel == "alternate"} == {
        href for href, other in others.items() if other not in CITATIONS
    }
    assert {href for href, rel in links(answer) if rel == "describedby"} >= {
        href for href, other in others.items() if other in CITATIONS
    }
    living = client.get(f"/person/viktor-spiridonov.{each.suffix}")
    assert living.status_code == 404 or living.headers["x-robots-tag"] == "noindex"


def test_rdflib_reads_a_resource_by_its_identifier(url: str, archive: kg.Archive) -> None:
    graph = rdflib.Graph()
    graph.parse(f"{url}/id/place/baku")
    iri = rdflib.URIRef(archive.base.id("place", "baku"))
    assert str(graph.value(iri, rdflib.RDFS.label)) == "Baku"


# ---------------------------------------------------------------------- signposts


def test_signposts_lead_to_what_belongs_to_it(client: httpx.Client, archive: kg.Archive) -> None:
    answer = client.get("/event/baku-1990-01", headers={"Accept": running.BROWSER})
    found = links(answer)
    iri = archive.base.id("event", "baku-1990-01")
    assert (iri, "cite-as") in found
    assert (iri, "describes") in found
    assert (f"{archive.base.iri}event/baku-1990-01", "canonical") in found
    assert (archive.manifest.licence, "license") in found
    assert ("/dataset", "collection") in found
    assert ("/event/baku-1990-01.jsonld", "describedby") in found
    assert {href for href, rel in found if rel == "type"} == {
        "https://schema.org/AboutPage",
        "https://schema.org/Event",
    }
    page = Page(answer.text)
    head = [(attrs["href"], attrs["rel"]) for tag, attrs in page.tags if tag == "link"]
    assert [each for each in head if each in found] == found
    assert f"<loc>{archive.base.iri}event/baku-1990-01</loc>" in client.get("/sitemap.xml").text


def test_the_dataset_names_its_files(client: httpx.Client, archive: kg.Archive) -> None:
    found = links(client.get("/dataset"))
    assert (archive.base.dataset, "cite-as") in found
    assert (f"{archive.base.iri}download/dataset.nt", "item") in found
    assert (archive.manifest.licence, "license") in found


def test_a_link_header_keeps_to_its_size() -> None:
    many = [Signpost("alternate", f"/resource?iri={'x' * 900}&n={n}") for n in range(10)]
    written = header([*many, Signpost("license", "https://licence.example/é")])
    assert len(written) <= SIZE
    assert written.endswith('<https://licence.example/%C3%A9>; rel="license"')
    assert written.count("alternate") == 4
    assert written.isascii()


# ---------------------------------------------------------------------- any data

ODD = f"""
@prefix : <{BASE}> .
@prefix ex: <http://other.example/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:whole ex:is :other ; <http://other.example/1> "no name in XML" .
:control ex:text "bell \\u0007" .
:named rdfs:label "named" . :other rdfs:label "other" .
:point a <https://schema.org/Place> ; rdfs:label "point" ;
    <http://www.w3.org/2003/01/geo/wgs84_pos#lat> "91" ; <http://www.w3.org/2003/01/geo/wgs84_pos#long> "10" .
:square a <https://schema.org/Place> ; rdfs:label "square" ;
    <http://www.w3.org/2003/01/geo/wgs84_pos#lat> "41.5" ; <http://www.w3.org/2003/01/geo/wgs84_pos#long> "10" .
ex:g {{ :named ex:part [ ex:deep [ ex:name "innermost" ] ] ; ex:at <http://far.example/{"é" * 600}> . }}
"""


@pytest.fixture(scope="module", params=["union", "strict"])
def odd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    directory: Path = tmp_path_factory.mktemp("odd")
    built = running.release(directory, ODD, base=BASE, default_graph=request.param)
    # a build takes no RDF 1.2, a store does
    whole, says, other = (
        ox.NamedNode(iri) for iri in (f"{BASE}stated", "http://other.example/ns#says", f"{BASE}other")
    )
    stated = ox.Quad(whole, says, ox.Triple(whole, says, other))
    store = EmbeddedStore.of([*built.quads(), stated], default_graph=request.param)
    archive = kg.Archive(store, built.manifest, built.catalog, built.directory)
    with running.serving(archive) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "suffix", "why"),
    [
        ("/whole", "rdf", "RDF/XML has no element name for the property"),
        ("/control", "rdf", "XML 1.0 cannot hold the character U+0007"),
        ("/stated", "rdf", "RDF/XML cannot hold the triple term"),
        ("/stated", "jsonld", "JSON-LD cannot hold this term of RDF 1.2"),
        ("/point", "geojson", "is at longitude 10.0 and latitude 91.0"),
    ],
)
def test_what_a_form_cannot_hold_is_refused(odd: httpx.Client, path: str, suffix: str, why: str) -> None:
    kind = next(each.media_type for each in FORMS if each.suffix == suffix)
    for answer in (odd.get(f"{path}.{suffix}"), odd.get(path, headers={"Accept": kind})):
        assert answer.status_code == 406
        assert why in answer.text
        offered = answer.text.partition("ask for one of ")[2].strip().split(", ")
        assert "text/turtle" in offered
        assert kind not in offered
        for each in offered:
            got = odd.get(path, headers={"Accept": each})
            assert got.status_code in (200, 406)
    for other in ("ttl", "nt", "json", "html"):
        assert odd.get(f"{path}.{other}").status_code == 200


@pytest.mark.parametrize("path", ["/named", "/square", f"/resource?iri={quote(BASE + 'other', safe='')}"])
def test_any_data_have_every_form(odd: httpx.Client, path: str) -> None:
    lines = odd.get(form(path, "nt")).text
    for each in (TURTLE, JSON_LD, RDF_XML, N_TRIPLES):
        graph = rdflib.Graph().parse(
            data=odd.get(form(path, each.suffix)).text,
            format={"jsonld": "json-ld", "rdf": "xml", "ttl": "turtle", "nt": "nt"}[each.suffix],
        )
        assert isomorphic(graph, rdflib.Graph().parse(data=lines, format="nt"))
    assert odd.get(form(path, "json")).json()["label"] in ("named", "square", "other")


def test_json_tells_of_resources_without_names(odd: httpx.Client) -> None:
    said = odd.get("/named.json").json()
    assert "innermost" in json.dumps(said["unnamed"])
    (part,) = (row for row in said["properties"] if row["iri"].endswith("#part"))
    assert part["values"][0]["unnamed"] in said["unnamed"]


def test_long_and_foreign_iris_keep_the_header_small(odd: httpx.Client) -> None:
    path = "/resource?iri=" + quote(f"http://far.example/{'é' * 600}", safe="")
    answer = odd.get(path)
    assert answer.status_code == 200
    assert len(answer.headers["link"]) <= SIZE
    assert ("/dataset", "collection") in links(answer)


# ---------------------------------------------------------------------- limits


def test_a_description_that_is_too_large_is_refused_whole(
    archive: kg.Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descriptions, "STATEMENTS", 3)
    with running.serving(archive) as address:
        for each in DOCUMENT_FORMATS:
            answer = httpx.get(f"{address}/event/baku-1990-01.{each.suffix}")
            assert answer.status_code == 413
            assert "more than 3 statements" in answer.text
            assert "ask /sparql for the part that you need" in answer.text


def test_claims_beyond_the_limit_are_told_of_as_other_statements(
    archive: kg.Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    iri = archive.base.id("event", "azerbaijan-1990-01")
    source = Descriptions(archive)
    own = contents.contents(archive, source, iri)
    monkeypatch.setattr(contents, "CLAIMS", 3)
    crowded = contents.contents(archive, source, iri)
    assert own.claims and not crowded.claims
    assert crowded.crowded
    spoken = {
        triple.subject for triple in crowded.incoming.statements if triple.predicate.value == RDF + "subject"
    }
    assert set(own.claims) <= spoken
    assert crowded.incoming.total == (own.incoming.total or 0) + len(spoken)
