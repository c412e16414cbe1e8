"""Care on the web: what was taken back answers 410, what is veiled is folded up, who may be living is not indexed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import kg
import running
import velmora
from kg import building
from kg.project import Project

REDACTION = """
@prefix decision: <https://attest.example/baku-1990/id/decision/> .
@prefix kg: <https://w3id.org/attest/ns#> .
@prefix org: <https://attest.example/baku-1990/id/org/> .
@prefix person: <https://attest.example/baku-1990/id/person/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
decision:redaction-1 a kg:Redaction ; kg:redacts person:oskar-lind ; kg:rationale "Asked for by <the> family."@en ;
    prov:wasAssociatedWith org:attest ; prov:endedAtTime "1991-05-03T00:00:00Z"^^xsd:dateTime .
"""
GONE = ["/person/oskar-lind", "/id/person/oskar-lind", "/person/oskar-lind.ttl", "/person/oskar-lind.html", "/claim/identity", *(f"/person/oskar-lind.{suffix}" for suffix in ("rdf", "json", "csv", "geojson", "jsonld")), "/id/person/oskar-lind.rdf"]  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server of the invented collection, from which one person was taken back."""
    root: Path = velmora.project(tmp_path_factory.mktemp("care"))
    (root / "data" / "velmora" / "redactions.ttl").write_text(REDACTION)
    building.build(Project.open(root), root / "build")
    with running.serving(kg.open(root)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.mark.parametrize("path", GONE)
def test_what_was_taken_back_is_gone_and_says_why(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert answer.status_code == 410
    assert "was taken back on 1991-05-03: Asked for by <the> family." in answer.text
    page = client.get(path, headers={"Accept": running.BROWSER})
    assert page.status_code == 410
    assert "Asked for by &lt;the&gt; family." in page.text
    assert 'name="robots" content="noindex"' in page.text


def test_any_iri_of_it_is_gone(client: httpx.Client) -> None:
    iri = f"{velmora.BASE}id/person/oskar-lind"
    assert client.get("/resource", params={"iri": iri}).status_code == 410
    assert client.get("/person/oskar-linde").status_code == 404


def test_no_page_and_no_file_names_it(client: httpx.Client) -> None:
    for path in ("/", "/photo/foreman", "/passage/c1.ttl", "/download/"):
        assert "Oskar" not in client.get(path, headers={"Accept": "*/*"}).text
    answer = client.get(
        "/sparql", params={"query": 'SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?o), "Lind")) }'}
    )
    assert answer.json()["results"]["bindings"] == []


def test_a_veiled_claim_is_folded_up_wherever_it_stands(client: httpx.Client) -> None:
    own = client.get("/claim/death", headers={"Accept": running.BROWSER}).text
    head, _, body = own.partition("<details>")
    assert "1902" not in head
    assert "1902-01-04" in body
    person = client.get("/person/jon-brandt", headers={"Accept": running.BROWSER}).text
    fold = person.index(
        '<details class="veil"><summary>1 claim, veiled for what it describes: open to read</summary>'
    )
    assert fold < person.index("died 4 January 1902")
    passage = client.get("/passage/c1", headers={"Accept": running.BROWSER}).text
    assert passage.index("<details><summary>Veiled: open to read</summary>") < passage.index("1902")


def test_the_flag_stands_in_the_data(client: httpx.Client) -> None:
    assert "kg:visibility kg:veiled" in client.get("/claim/death.ttl").text
    assert "kg:visibility kg:veiled" in client.get("/person/jon-brandt.ttl").text
    said = client.get("/claim/death.json").json()
    assert (said["veiled"], [claim["veiled"] for claim in said["claims"]]) == (True, [True])
    person = client.get("/person/jon-brandt.json").json()
    assert [claim["iri"].rpartition("/")[2] for claim in person["claims"] if claim["veiled"]] == ["death"]
    assert not person["veiled"]


def test_who_may_be_living_is_not_indexed(client: httpx.Client) -> None:
    living = client.get("/person/ada-holm", headers={"Accept": running.BROWSER})
    assert living.headers["X-Robots-Tag"] == "noindex"
    assert client.get("/person/ada-holm.json").json()["may_be_living"]
    for suffix in ("ttl", "rdf", "json"):
        assert client.get(f"/person/ada-holm.{suffix}").headers["X-Robots-Tag"] == "noindex"
    dead = client.get("/person/jon-brandt", headers={"Accept": running.BROWSER})
    assert "X-Robots-Tag" not in dead.headers
