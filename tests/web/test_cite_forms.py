"""How pages, documents and answers are cited: forms, negotiation, links, permalinks that lead where they say, and care."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from pybtex.database import parse_string

import collection
import kg
import revisions
import running
import shelves

BIBTEX, CSL = "application/x-bibtex", "application/vnd.citationstyles.csl+json"
DOCUMENTS = (
    "/claim/asbarez-c02-s2-01",
    "/event/baku-1990-01",
    "/place/krasnovodsk",
    "/passage/asbarez-c02-s2",
    "/dataset",
)


@pytest.fixture(scope="module")
def kept(archive: kg.Archive) -> Iterator[httpx.Client]:
    """A server that knows addresses of releases."""
    with shelves.hosting(collection.built()) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


def block(page: str) -> str:
    (found,) = re.findall(r'<details class="cite" id="cite">.*?\n</details>', page, re.DOTALL)
    return found


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_document_has_citations_by_suffix_and_by_accept(client: httpx.Client, archive: kg.Archive, path: str) -> None:  # fmt: skip
    iri = archive.base.dataset if path == "/dataset" else f"{archive.base.iri}id{path}"
    name = "" if path == "/dataset" else iri
    for media, suffix, format in ((BIBTEX, "bib", "bibtex"), (CSL, "csl", "csl")):
        answer = client.get(f"{path}.{suffix}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
        assert answer.text == archive.cite(name, format=format)
        asked = client.get(path, headers={"Accept": media})
        assert asked.content == answer.content
        assert asked.headers["content-location"] == f"{path}.{suffix}"
        assert "Accept" in asked.headers["vary"]
        assert (
            client.get(f"{path}.{suffix}", headers={"If-None-Match": answer.headers["etag"]}).status_code
            == 304
        )
    assert client.get(f"/resource?{urlencode({'iri': iri, 'format': 'bib'})}", follow_redirects=True).text.startswith("@")  # fmt: skip


def test_citations_are_signposted_and_no_other_form_of_the_document(client: httpx.Client) -> None:
    link = client.get("/claim/asbarez-c02-s2-01.ttl").headers["link"]
    assert f'</claim/asbarez-c02-s2-01.bib>; rel="describedby"; type="{BIBTEX}"' in link
    assert f'</claim/asbarez-c02-s2-01.csl>; rel="describedby"; type="{CSL}"' in link
    page = client.get("/claim/asbarez-c02-s2-01.html").text
    assert f'<link rel="describedby" href="/claim/asbarez-c02-s2-01.bib" type="{BIBTEX}">' in page
    assert "/resource" in client.get("/resource", params={"iri": "https://w3id.org/attest/ns#recorded", "format": "ttl"}).headers["link"]  # fmt: skip


def test_further_pages_of_a_document_are_not_cited(client: httpx.Client) -> None:
    address = "/resource?" + urlencode({"iri": "https://w3id.org/attest/ns#recorded"})
    assert "next" not in client.get(f"{address}&format=bib").headers["link"]
    assert client.get(f"{address}&format=bib&page=2").status_code == 404
    assert 'class="cite"' not in client.get(f"{address}&page=2", headers={"Accept": running.BROWSER}).text


def test_an_answer_of_the_catalogue_is_cited_with_its_parameters(
    client: httpx.Client, archive: kg.Archive
) -> None:
    given = {"event": "baku-1990-01", "measure": "deaths"}
    address = f"/queries/claims-by-measure.bib?{urlencode(given)}"
    answer = client.get(address)
    assert answer.headers["content-type"] == BIBTEX
    assert answer.text == archive.cite("claims-by-measure", format="bibtex", **given)
    assert (
        client.get(f"/queries/claims-by-measure.bib?{urlencode(dict(reversed(given.items())))}").text
        == answer.text
    )
    assert client.get(f"/queries/claims-by-measure.bib?{urlencode({'event': 'nowhere'})}").status_code == 404
    assert client.get("/queries/claims-by-measure.csl?evnt=x").status_code == 400
    (item,) = client.get(f"/queries/claims-by-measure?{urlencode(given)}", headers={"Accept": CSL}).json()
    assert item["type"] == "dataset"
    page = client.get(f"/queries/claims-by-measure.html?{urlencode(given)}").text
    assert f'href="{html.escape(address)}"' in block(page)
    assert 'class="cite"' not in client.get("/queries/claims-by-measure.html?event=nowhere").text


def test_a_free_query_is_cited_on_its_page(client: httpx.Client, archive: kg.Archive) -> None:
    for query in ("SELECT ?e { ?e a <https://schema.org/Event> } LIMIT 1", "ASK { ?s ?p ?o }", "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1"):  # fmt: skip
        page = client.get("/sparql", params={"query": query}, headers={"Accept": running.BROWSER}).text
        shown = html.unescape(block(page))
        assert archive.cite(query, format="bibtex") in shown
        assert archive.cite(query, format="csl") in shown
    refused = client.get("/sparql", params={"query": "SELECT {"}, headers={"Accept": running.BROWSER}).text
    assert 'class="cite"' not in refused


@pytest.mark.parametrize(
    "path",
    [
        *DOCUMENTS,
        "/queries/claims-by-measure?event=baku-1990-01&measure=deaths",
        "/event/baku-1990-01/claims/deaths?as-of=1990-01-16&origin=independent",
        "/sparql?query=SELECT%20%2A%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%201&default-graph-uri=https%3A%2F%2Fattest.example%2Fbaku-1990%2Fgraph%2Fmeta",
        "/sparql?query=SELECT%20%3Fe%20%7B%20%3Fe%20a%20%3Fc%20%7D%20ORDER%20BY%20%3Fe%20LIMIT%203",
        "/resource?iri=https%3A%2F%2Fw3id.org%2Fattest%2Fns%23recorded",
    ],
)
def test_permalinks_lead_to_the_same_page_of_the_release(
    kept: httpx.Client, archive: kg.Archive, path: str
) -> None:
    page = kept.get(path, headers={"Accept": running.BROWSER}).text
    found = block(page)
    (href,) = re.findall(r'<a href="([^"]*)" rel="bookmark">', found)
    (shown,) = re.findall(r'rel="bookmark"><code>([^<]*)</code>', found)
    assert html.unescape(shown) == archive.base.iri + html.unescape(href)[1:]
    assert href.startswith(f"/release/{archive.manifest.id}/")
    there = kept.get(html.unescape(href), headers={"Accept": running.BROWSER})
    assert there.status_code == 200
    assert re.findall("<h1.*</h1>", there.text) == re.findall("<h1.*</h1>", page)
    # cited from there it is the same record
    assert re.findall(r"<pre.*?</pre>", block(there.text), re.DOTALL) == re.findall(
        r"<pre.*?</pre>", found, re.DOTALL
    )


def test_an_entry_points_at_the_release_that_gave_it() -> None:
    built = revisions.built()
    with shelves.hosting(built.out) as url, httpx.Client(base_url=url, timeout=60) as client:
        for id in built.ids:
            found = parse_string(client.get(f"/release/{id}/event/velmora-1901.bib").text, "bibtex").entries
            (entry,) = found.values()
            assert entry.fields["url"].endswith(f"/release/{id}/event/velmora-1901")
            assert entry.fields["version"] == f"release {id}"


def test_what_is_veiled_is_not_given_away(client: httpx.Client, archive: kg.Archive) -> None:
    veiled = [iri for iri in archive.veiled if "/claim/" in iri]
    assert veiled
    for iri in veiled:
        claim = archive.claim(iri)
        for suffix in ("bib", "csl"):
            answer = client.get(f"/claim/{iri.rpartition('/')[2]}.{suffix}")
            assert "A claim that is veiled" in answer.text
            assert claim.sentence not in answer.text
            assert claim.words not in answer.text
        assert claim.sentence not in html.unescape(
            block(client.get(f"/claim/{iri.rpartition('/')[2]}.html").text)
        )


def test_whoever_may_be_living_is_kept_from_search_engines_in_these_forms_too(client: httpx.Client, archive: kg.Archive) -> None:  # fmt: skip
    living = next(
        person.iri for person in archive.people() if "possibly-living" in str(person.get("kg:sensitivity"))
    )
    slug = living.rpartition("/")[2]
    assert client.get(f"/person/{slug}.bib").headers["x-robots-tag"] == "noindex"
    (item,) = client.get(f"/person/{slug}.csl").json()
    page = client.get(f"/person/{slug}.html").text
    assert f"<bdi>{item['title']}</bdi></h1>" in page


def test_what_strangers_wrote_is_cited_and_executes_nothing(hostile: httpx.Client) -> None:
    page = hostile.get("/thing").text
    assert "<script>alert" not in page.replace('<script type="application/ld+json">', "")
    found = parse_string(hostile.get("/thing.bib").text, "bibtex").entries
    assert len(found) == 1
    (item,) = json.loads(hostile.get("/thing.csl").text)
    assert item["title"] == "<script>alert('label')</script>"
