"""``/search``: the page, its forms for programs, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

import running

HOSTILE = "<script>alert('label')</script>"
PAGE = {"Accept": running.BROWSER}


def test_the_form_alone_is_a_page(client: httpx.Client) -> None:
    page = client.get("/search", headers=PAGE)
    assert page.status_code == 200
    assert '<form class="search" action="/search" method="get" role="search">' in page.text
    assert "<option>person</option>" in page.text
    assert "<option>claim</option>" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_a_hit_shows_who_it_is_the_form_that_matched_and_how(client: httpx.Client) -> None:
    text = client.get("/search", params={"q": "Мусесова"}, headers=PAGE).text
    assert text.index('<span class="role"><bdi>author</bdi>: </span>') < text.index(">Irina Mosesova<")
    assert '<a href="/person/irina-mosesova"><bdi lang="en">Irina Mosesova</bdi></a>' in text
    assert '<strong><bdi lang="ru">Ирина Мосесова</bdi></strong>' in text
    assert "name, 1 letter other" in text
    assert '<meta name="robots" content="noindex">' in text


def test_a_miss_says_what_is_near_and_what_to_do(client: httpx.Client) -> None:
    text = client.get("/search", params={"q": "Irina Petrova"}, headers=PAGE).text
    assert "Nothing is called “<bdi>Irina Petrova</bdi>”" in text
    assert "<h3>The nearest</h3>" in text
    assert "leave a word out" in text


def test_kinds_are_links_that_narrow(client: httpx.Client) -> None:
    text = client.get("/search", params={"q": "Krasnovodsk"}, headers=PAGE).text
    narrowed = "/search?q=Krasnovodsk&amp;kind=place"
    assert narrowed in text
    one = client.get(narrowed.replace("&amp;", "&"), headers=PAGE).text
    assert "1 hit for" in one
    assert "all kinds" in one
    assert "<option selected>place</option>" in one


def test_programs_get_json_and_csv(client: httpx.Client) -> None:
    for path, accept in (("/search", "application/json"), ("/search.json", "*/*"), ("/search", "*/*")):
        found = client.get(path, params={"q": "Krasnovdsk"}, headers={"Accept": accept})
        assert found.headers["Content-Type"] == "application/json"
        assert found.json()["hits"][0]["form_kind"] == "misspelling"
    table = client.get("/search.csv", params={"q": "Krasnovdsk", "limit": "1"})
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert len(table.text.splitlines()) == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "no word"),
        ("q=", "no word"),
        ("q=%E2%80%94", "no word"),
        ("q=" + "a" * 10_000, "at most 200 letters"),
        ("q=%F0%9F%9A%A2" * 1, "no word"),
        ("q=" + "%CC%81" * 3000, "at most 200 letters"),
        ("q=%ED%A0%80", "not UTF-8"),
        ("q=a&q=b", "twice"),
        ("q=a&kind=dog", "there are"),
        ("q=a&limit=0", "from 1 to"),
        ("q=a&limit=1e3", "no number"),
        ("q=a&limit=%F0%9D%9F%99", "no number"),
        ("q=a&sort=up", "no parameter"),
    ],
)
def test_what_cannot_be_searched_is_refused(client: httpx.Client, query: str, said: str) -> None:
    for accept in ("*/*", running.BROWSER):
        answer = client.get(f"/search?{query}", headers={"Accept": accept})
        if accept == running.BROWSER and query in ("", "q="):
            assert answer.status_code == 200  # the form
            continue
        assert answer.status_code == 400
        assert said in answer.text
        assert len(answer.text) < 20_000


def test_other_forms_are_refused(client: httpx.Client) -> None:
    assert client.get("/search?q=Baku", headers={"Accept": "text/turtle"}).status_code == 406
    assert client.get("/search.ttl?q=Baku").status_code == 404
    assert client.post("/search", data={"q": "Baku"}).status_code == 405


def test_browsers_are_told_where_to_search_on_the_configured_base(client: httpx.Client) -> None:
    answer = client.get("/opensearch.xml", headers={"Host": "evil.example"})
    assert answer.headers["Content-Type"] == "application/opensearchdescription+xml"
    assert 'template="https://attest.example/baku-1990/search?q={searchTerms}"' in answer.text


def test_hostile_names_stay_text(hostile: httpx.Client) -> None:
    page = hostile.get("/search", params={"q": "script alert label"})
    assert page.status_code == 200
    assert HOSTILE not in page.text
    assert "&lt;script&gt;alert(&#39;label&#39;)&lt;/script&gt;" in page.text
    asked = hostile.get("/search", params={"q": '"><script>alert(9)</script>'})
    assert "<script>alert(9)" not in asked.text
    assert re.search(r"<option>thing</option>", asked.text)


def test_what_is_veiled_opens_only_when_it_is_asked_to(tmp_path: Path) -> None:
    text = (
        "@prefix kg: <https://w3id.org/attest/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<http://data.example/fair> rdfs:label "A veiled fair" ; kg:visibility kg:veiled .\n'
    )
    archive = running.release(tmp_path, text, base="http://data.example/")
    with running.serving(archive) as address:
        page = httpx.get(f"{address}/search", params={"q": "fair"}, headers=PAGE).text
    before, _, inside = page.partition("<details><summary>Veiled: open to read</summary>")
    assert "A veiled fair" not in before
    assert "A veiled fair" in inside.partition("</details>")[0]
    assert "A veiled fair" not in inside.partition("</details>")[2]
