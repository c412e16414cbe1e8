"""Lists over HTTP: from the first page to a table, filters that lead somewhere, harmless whatever the data say."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
import running
import velmora
from kg import building
from kg.listing import NAME
from kg.project import Project
from suites import ROOT

HTML = {"Accept": running.BROWSER}


class Links(HTMLParser):
    """The links of a page, by their text, and how often it has each element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.elements: list[str] = []
        self._href = ""
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag == "a":
            self._href, self._text = dict(attrs).get("href") or "", ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href:
            self.found.setdefault(self._text.strip(), self._href)
            self._href = ""


def links(client: httpx.Client, path: str) -> dict[str, str]:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, path
    return Links(answer.text).found


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_all_photographs_that_show_baku_as_a_table_from_the_first_page(client: httpx.Client) -> None:
    photographs = links(client, links(client, "/")["Photographs"])
    baku = links(client, photographs["Baku"])
    table = rows(client.get(baku["CSV"]))
    assert [row["label"] for row in table] == [
        "Photograph 4: old woman boarding a ferry in Baku",
        "Photograph 8: person with a child waiting for a ferry in Baku",
        "Photograph 12: debris in Lenin Avenue, Baku",
    ]
    assert table[2]["place_shown_labels"] == "Lenin Avenue, Baku"
    assert (table[2]["dateline"], table[2]["depicted"], table[2]["credit"]) == (
        "1990-01-19",
        "1990-01-14",
        "AP",
    )
    assert {row["veiled"] for row in table} == {"false"}
    asked = client.get(baku["query this"], headers={"Accept": "text/csv"})
    assert sorted(asked.text.split()[1:]) == sorted(row["iri"] for row in table)


def test_every_filter_leads_to_as_many_as_it_says_and_back(client: httpx.Client) -> None:
    for path in ("/photographs", "/claims?kind=QuantityClaim", "/people/unnamed"):
        page = client.get(path, headers=HTML).text
        counts = re.findall(
            r'<li><a href="([^"]+)" rel="nofollow"><bdi[^>]*>.*?</a> <span class="count">([\d,]+)', page
        )
        assert len(counts) > 5
        for href, count in counts[::3]:
            address = href.replace("&amp;", "&")
            if address.count("kind=") > 1:  # one more value of a facet that is filtered by
                continue
            filtered = client.get(address, headers={"Accept": "application/json"}).json()
            assert filtered["total"] == len(filtered["rows"]) == int(count.replace(",", "")), address
            chosen = client.get(address, headers=HTML).text
            assert f'href="{path.replace("&", "&amp;")}"' in chosen
            assert 'content="noindex"' in chosen


def test_pages_lead_through_all_of_a_list(client: httpx.Client) -> None:
    seen: list[str] = []
    address: str | None = "/claims"
    while address:
        answer = client.get(address, headers=HTML)
        found = Links(answer.text).found
        seen += re.findall(r'<li>(?:<details><summary>[^<]*</summary>)?<a href="(/claim/[^"]+)"', answer.text)
        after = re.search(r'<([^>]+)>; rel="next"', answer.headers["link"])
        assert (after is not None) == ("Next page" in found)
        address = after and after[1]
    assert len(seen) == len(set(seen)) == 425


def test_what_had_been_said_by_a_day(client: httpx.Client, archive: kg.Archive) -> None:
    known = archive.as_of("1990-01-16")
    table = rows(client.get("/claims.csv?as-of=1990-01-16&status=recorded"))
    assert {row["iri"] for row in table} == {str(claim.iri) for claim in known.claims}
    page = client.get("/claims?as-of=1990-01-16", headers=HTML).text
    assert "209 undated" in page.replace("</a>", "")
    assert 'value="1990-01-16"' in page


def test_a_table_has_the_columns_that_are_documented(client: httpx.Client) -> None:
    text = (ROOT / "docs" / "http.md").read_text(encoding="utf-8")
    for name in ("events", "people", "people/unnamed", "places", "photographs", "works", "sources", "claims"):
        (row,) = re.findall(rf"^\| `/{name}` \|(.*)\|(.*)\|$", text, re.MULTILINE)
        header = client.get(f"/{name}.csv").text.splitlines()[0].split(",")
        assert header == ["iri", "label", "label_language", *re.findall("`([^`]+)`", row[1]), "veiled"]
        refused = client.get(f"/{name}?no-such=1").text
        there = refused.splitlines()[1].removeprefix("→ there are: ").split(", ")
        documented = re.findall("`([^`]+)`", row[0])
        assert there == [each for each in documented if each in there]  # of others these data say nothing
        assert len(there) >= len(documented) / 2


def test_names_are_in_the_language_that_is_asked_for(client: httpx.Client) -> None:
    page = client.get("/places?lang=hy", headers=HTML)
    assert page.headers["vary"].startswith("Accept, Accept-Language")
    assert 'lang="hy"' in page.text
    assert client.get("/places?lang=xx", headers=HTML).status_code == 400


@settings(max_examples=40)
@given(name=st.sampled_from(("shows", "colour", "sort", "page", "more", "class", "as-of", "agency")), value=st.one_of(st.text(max_size=20), st.sampled_from(("' OR 1=1 --", '"><script>alert(1)</script>', "baku'", "%00", "none"))))  # fmt: skip
def test_no_value_breaks_out(client: httpx.Client, name: str, value: str) -> None:
    answer = client.get("/photographs", params={name: value}, headers=HTML)
    assert answer.status_code in (200, 400, 404)
    assert "<script" not in answer.text
    if answer.status_code == 200 and name in ("shows", "agency") and value.strip():
        assert "remove" in answer.text


def test_lists_of_hostile_data_are_harmless(hostile: httpx.Client) -> None:
    index = links(hostile, "/list")
    assert index
    for href in index.values():
        if href.startswith("/list?"):
            page = hostile.get(href)
            assert page.status_code == 200
            assert "<script" not in page.text
            assert "<img" not in page.text
            assert hostile.get(href.replace("/list?", "/list.csv?")).status_code == 200
    assert hostile.get("/photographs").status_code == 404
    assert hostile.get("/list?class=http://nowhere.example/").status_code == 404


def test_a_release_without_lists_says_so_and_goes_on(archive: kg.Archive) -> None:
    files = tuple(file for file in archive.manifest.files if file.path != NAME)
    old = kg.Archive(
        archive.store, replace(archive.manifest, files=files), archive.catalog, archive.directory
    )
    with running.serving(old) as url, httpx.Client(base_url=url, timeout=30) as client:
        assert "/event/baku-1990-01/claims/deaths" in client.get("/", headers=HTML).text
        for path in ("/photographs", "/list", "/list?class=kg:Claim"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert "built without lists" in answer.text
        assert client.get("/openapi.json").status_code == 200


@pytest.fixture(scope="module")
def care(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server of the invented collection, which veils and withholds."""
    root = velmora.project(tmp_path_factory.mktemp("lists"))
    building.build(Project.open(root), root / "build")
    with running.serving(kg.open(root)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def test_what_is_veiled_is_folded_up_and_flagged(care: httpx.Client) -> None:
    flagged = [row for row in rows(care.get("/claims.csv")) if row["veiled"] == "true"]
    assert flagged
    page = care.get("/claims", headers=HTML).text
    assert page.count("<summary>Veiled: open to read</summary>") == len(flagged)
    people = care.get("/people.csv")
    assert people.headers["x-robots-tag"] == "noindex"
