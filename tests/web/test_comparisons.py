"""Comparisons on the web: the same claims in every form and under every filter, a drawing and a table that agree, and care."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest

import kg
import measured
import running
from kg.names import KG, RDF
from kg.web import Place, create_app

DEATHS = "/event/baku-1990-01/claims/deaths"
HTML = {"Accept": running.BROWSER}
SVG = "{http://www.w3.org/2000/svg}"
QUERIES = (
    "",
    "?as-of=1990-01-16",
    "?voice=org:associated-press",
    "?voice=official-soviet-media&as-of=1990-01-15",
    "?modality=atLeast&modality=vague",
    "?origin=independent",
    "?related=no",
    "?as-of=&voice=&origin=all&related=yes&modality=",
)


@pytest.fixture(scope="module")
def velmora() -> Iterator[httpx.Client]:
    """A server of an invented collection with a claim for each comparator, and one that is veiled."""
    with (
        running.serving(kg.open(measured.built())) as address,
        httpx.Client(base_url=address, timeout=30, headers=HTML) as client,
    ):
        yield client


def drawings(page: str) -> list[ElementTree.Element]:
    found = re.findall(r'<svg class="intervals.*?</svg>', page, re.DOTALL)
    return [ElementTree.fromstring(each) for each in found]  # noqa: S314


def table(page: str) -> str:
    return page.partition('<table class="compared">')[2].partition("</table>")[0]


def test_every_form_has_the_same_claims(client: httpx.Client) -> None:
    for query in QUERIES:
        rows = list(csv.DictReader(io.StringIO(client.get(f"{DEATHS}.csv{query}").text)))
        claims = [row["claim"] for row in rows]
        assert claims
        said = client.get(f"{DEATHS}.json{query}").json()
        assert [each["claim"] for band in said["bands"] for each in band["claims"]] == claims
        for suffix, format in (("ttl", ox.RdfFormat.TURTLE), ("nt", ox.RdfFormat.N_TRIPLES)):
            quads = ox.parse(client.get(f"{DEATHS}.{suffix}{query}").content, format=format)
            found = {
                str(quad.subject).strip("<>")
                for quad in quads
                if quad.predicate.value == RDF + "type" and quad.object == ox.NamedNode(KG + "Claim")
            }
            assert found == set(claims)
        page = client.get(f"{DEATHS}{query}", headers=HTML).text
        links = re.findall(r'<th scope="row">.*?<a href="([^"]*)"', page, re.DOTALL)
        assert [f"https://attest.example/baku-1990/id{link}" for link in links] == claims
        assert [len(each.findall(f"{SVG}g")) for each in drawings(page)] == [len(claims)] * 2


def test_the_claims_come_with_their_evidence(client: httpx.Client) -> None:
    quads = list(ox.parse(client.get(f"{DEATHS}.ttl").content, format=ox.RdfFormat.TURTLE))
    digests = [quad for quad in quads if quad.predicate.value == KG + "digest"]
    assert len(digests) == 7
    page = client.get(DEATHS, headers=HTML).text
    links = re.findall(r'href="(/(?:passage|citation)/[^"]*)"', page)
    assert len(links) == 19
    for link in links:
        assert client.get(link).status_code == 200
    assert ">Report of the Associated Press, 14 January 1990</bdi></a>" in page
    assert ">read in Site armenianclub.com</bdi></a>" in page


def test_the_state_is_said_in_words_and_leads_back(client: httpx.Client) -> None:
    page = client.get(f"{DEATHS}?as-of=1990-01-16&voice=associated-press", headers=HTML).text
    assert (
        "5 of 19 claims shown: reported by 16 January 1990, or undated; with Associated Press among the voices"
        in page
    )
    assert f'<a href="{DEATHS}">Show all 19</a>' in page
    assert '<option value="1990-01-16" selected>' in page
    assert '<option value="org:associated-press" selected>' in page
    with_undated = client.get(f"{DEATHS}?as-of=1990-01-16", headers=HTML).text
    assert (
        "7 of those shown are undated: whether they had been reported by 1990-01-16 is not known"
        in with_undated
    )
    one = client.get(f"{DEATHS}?origin=independent", headers=HTML).text
    assert "3 more of the same origin not shown" in table(one)
    none = client.get(f"{DEATHS}?voice=org:attest", headers=HTML)
    assert none.status_code == 200
    assert "0 of 19 claims shown" in none.text


def test_links_keep_what_is_asked(client: httpx.Client) -> None:
    page = client.get(f"{DEATHS}?related=no&as-of=1990-01-16", headers=HTML)
    query = "as-of=1990-01-16&related=no"
    for suffix in ("csv", "json", "ttl", "jsonld", "nt", "rdf"):
        address = f"{DEATHS}.{suffix}?{query}"
        assert f"<{address}>" in page.headers["link"]
        assert f'href="{address}"' in unescape(page.text)
    assert page.headers["content-location"] == f"{DEATHS}.html?{query}"
    assert f'<https://attest.example/baku-1990{DEATHS}>; rel="canonical"' in page.headers["link"]
    question = "/queries/claims-by-measure?event=event:baku-1990-01&measure=deaths&as_of=1990-01-16"
    assert f'href="{question}"' in unescape(page.text)
    assert client.get(question).status_code == 200


@pytest.mark.parametrize(
    ("query", "name", "allowed"),
    [
        ("voice=nobody-at-all", "voice", "org:asbarez"),
        ("as-of=soon", "as-of", "1990-01-16"),
        ("as-of=1990-02-30", "as-of", "1990-01-16"),
        ("modality=maybe", "modality", "atLeast"),
        ("origin=none", "origin", "independent"),
        ("related=maybe", "related", "no"),
        ("axis=log", "axis", "tens"),
        ("page=0", "page", "page=2"),
        ("related=no&related=no", "related", "once"),
        ("as_of=1990-01-16", "as_of", "as-of"),
    ],
)
def test_a_wrong_parameter_is_named_with_what_is_allowed(
    client: httpx.Client, query: str, name: str, allowed: str
) -> None:
    for suffix in ("", ".csv"):
        answer = client.get(f"{DEATHS}{suffix}?{query}")
        assert answer.status_code == 400
        first, _, rest = answer.text.partition("\n")
        assert name in first
        assert allowed in rest


def test_what_does_not_exist_leads_to_what_does(client: httpx.Client) -> None:
    for path, near in (
        ("/event/baku-1990-01/claims/sorrow", DEATHS),
        ("/event/baku-1990-01/claims/participants", DEATHS),
        ("/event/baku-1990-1/claims/deaths", "/event/baku-1990-01/claims"),
        ("/event/baku-1990-1/claims", "/event/baku-1990-01/claims"),
        ("/event/baku-1991-01/claims", "there are event:baku-1990-01,"),
        (f"{DEATHS}.geojson", ".csv"),
        (f"{DEATHS}?page=2", "the first"),
        ("/event/baku-1990-01/claims.ttl", ".csv"),
    ):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert near in answer.text, path
    assert client.get("/event/baku-1990-01/claims?as-of=1990-01-16").status_code == 400


def test_a_tag_and_what_it_varies_on(client: httpx.Client) -> None:
    answer = client.get(DEATHS, headers=HTML)
    assert answer.headers["vary"].startswith("Accept")
    again = client.get(DEATHS, headers=HTML | {"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert client.get(f"{DEATHS}?related=no", headers=HTML).headers["etag"] != answer.headers["etag"]
    assert client.get(DEATHS, headers={"Accept": "text/csv"}).text == client.get(f"{DEATHS}.csv").text
    assert client.get(DEATHS, headers={"Accept": "image/png"}).status_code == 406


def test_the_measures_of_an_event(client: httpx.Client) -> None:
    said = {each["name"]: each["bands"] for each in client.get("/event/baku-1990-01/claims.json").json()}
    assert said["deaths"] == {"same": 15, "wider": 4}
    page = client.get("/event/baku-1990-01/claims", headers=HTML).text
    for name in said:
        address = f"/event/baku-1990-01/claims/{name}"
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert "15 of this event, 4 of wider events" in page
    empty = client.get("/event/sumgait-1988/claims", headers=HTML)
    assert empty.status_code == 200


def test_nothing_is_summed_up(client: httpx.Client) -> None:
    """Numbers that stand on the page are printed by a source, or count claims, rows, days and characters."""
    page = client.get(DEATHS, headers=HTML).text
    head = page.partition("</head>")[0]
    assert not re.findall(r"\b(?:25|30|32|33|37|42|48|56|66|90|100|300)\b", head)
    shown = {each.text for each in drawings(page)[0].iter(f"{SVG}text") if each.get("class") == "words"}
    assert shown == {
        "hundreds dead",
        "an estimated 300 dead",
        "an unknown number dead",
        *(f"at least {n} dead" for n in (32, 37, 56)),
        *(f"{n} dead" for n in (25, 33, 37, 42, 48, 56)),
        "most of the dead",
        "more than 30 dead",
        "more than 100 dead",
        "about 90 dead",
        "between 48 and 66 dead",
    }
    for word in ("average", "mean of", "best estimate", "total of", "between 32 and"):
        assert word not in page.replace("Nothing is added up, averaged or chosen here", "")


def test_no_style_and_no_script_in_the_page(velmora: httpx.Client) -> None:
    for path in ("/event/velmora-1901/claims/injured", "/event/velmora-1901/claims"):
        page = velmora.get(path).text
        assert not re.search(r"<script|\sstyle=|<style|\son[a-z]+=", page)
        for drawing in drawings(page):
            assert drawing.get("role") == "img"
            ids = drawing.get("aria-labelledby", "").split()
            assert [drawing.find(f"*[@id='{each}']") is not None for each in ids] == [True, True]


def test_the_table_can_be_read_by_itself(velmora: httpx.Client) -> None:
    page = velmora.get("/event/velmora-1901/claims/injured").text
    rows = table(page)
    assert rows.count('<th scope="col">') == 6
    assert rows.count('<th scope="rowgroup"') == 2
    assert rows.count('<th scope="row">') == 17
    assert "<caption>" in rows
    assert rows.count("not stated") > 10
    assert "is updated by" in rows
    assert "restates" in rows


def test_what_is_veiled_stays_so_in_drawing_and_table(velmora: httpx.Client) -> None:
    for path in (
        "/event/coast-1901/claims/injured",
        "/event/velmora-1901/claims/injured",
        "/event/coast-1901/claims",
    ):
        page = velmora.get(path).text
        for drawing in drawings(page):
            assert "777" not in ElementTree.tostring(drawing, "unicode")
            veiled = [each for each in drawing.iter(f"{SVG}text") if each.text == "veiled"]
            assert len(veiled) == ("Injured" in (drawing.findtext(f"{SVG}title") or ""))
        outside = re.sub(r"<details class=\"veil\">.*?</details>", "", page, flags=re.DOTALL)
        assert "777" not in outside
    assert "777" in table(velmora.get("/event/coast-1901/claims/injured").text)
    flagged = list(csv.DictReader(io.StringIO(velmora.get("/event/coast-1901/claims/injured.csv").text)))
    assert [row["amount"] for row in flagged if row["veiled"] == "true"] == ["777"]


def test_steps_of_ten_are_asked_for_and_explained(velmora: httpx.Client) -> None:
    page = velmora.get("/event/velmora-1901/claims/injured?axis=tens").text
    assert "Each step of the axis is ten times the one before" in page
    ticks = [each.text for each in drawings(page)[0].iter(f"{SVG}text") if each.get("class") == "tick"]
    assert ticks[:4] == ["0", "10", "100", "1,000"]
    assert drawings(page)[0].find(f"{SVG}path[@class='break']") is not None


def test_no_comparison_where_no_model_says_what_a_claim_is(hostile: httpx.Client) -> None:
    for path in ("/event/baku-1990-01/claims", "/event/baku-1990-01/claims/deaths"):
        assert hostile.get(path).status_code == 404


def test_a_kept_release_keeps_its_readers(archive: kg.Archive) -> None:
    prefix = "/release/0123456789ab"
    with running.serving(archive, app=create_app(archive, place=Place(prefix=prefix))) as address:
        for path in (DEATHS, f"{DEATHS}?as-of=1990-01-16&axis=tens", "/event/baku-1990-01/claims"):
            answer = httpx.get(f"{address}{path}", headers=HTML, timeout=30)
            body = answer.text.partition("<main")[2].partition("</main>")[0]
            links = re.findall(r'(?:href|action)="([^"]*)"', body)
            assert len(links) > 10
            assert [link for link in links if not link.startswith(f"{prefix}/")] == []
            assert answer.headers["content-location"].startswith(f"{prefix}/event/")


def test_names_are_in_the_language_that_is_asked_for(client: httpx.Client) -> None:
    page = client.get(f"{DEATHS}?lang=ru&related=no", headers=HTML)
    assert page.headers["vary"].startswith("Accept, Accept-Language")
    assert '<bdi lang="ru">Баку</bdi>' in page.text
    assert 'href="?related=no&lang=en"' in unescape(page.text)
    assert client.get(f"{DEATHS}?lang=xx", headers=HTML).status_code == 400
