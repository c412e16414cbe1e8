"""The timeline as a page: days, bands, what was known on a day, and what is no day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

import running
import shelves

VEILED = """
@prefix event: <https://archive.example/fair/id/event/> .
@prefix claim: <https://archive.example/fair/id/claim/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix kg: <https://w3id.org/attest/ns#> .
@prefix org: <https://archive.example/fair/id/org/> .
@prefix photo: <https://archive.example/fair/id/photo/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
event:fair a schema:Event ; rdfs:label "Fair"@en .
event:wound a schema:Event ; rdfs:label "Hidden wound"@en ; kg:visibility kg:veiled .
photo:wound a schema:Photograph ; rdfs:label "Hidden picture"@en ; kg:dateline "1901-05-03"^^xsd:date ; kg:visibility kg:veiled .
org:gazette a schema:Organization ; rdfs:label "Gazette"@en .
claim:c1 a kg:Claim, kg:DateClaim ; rdf:subject event:fair ; rdf:predicate kg:date ; rdf:object "1901-05-03"^^edtf:EDTF ;
    kg:polarity kg:asserted ; kg:status kg:recorded ; kg:claimant org:gazette ; kg:asOfLatest "1901-05-03"^^xsd:date .
claim:c2 a kg:Claim, kg:DateClaim ; rdf:subject event:wound ; rdf:predicate kg:date ; rdf:object "1901-05-03"^^edtf:EDTF ;
    kg:polarity kg:asserted ; kg:status kg:recorded ; kg:claimant org:gazette ; kg:asOfLatest "1901-05-03"^^xsd:date .
"""


def page(client: httpx.Client, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/timeline{query}", headers={"Accept": running.BROWSER})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


def days(text: str) -> dict[str, str]:
    """Give the items of the list of days by day."""
    items = (
        text.partition('<ol class="chronicle">')[2]
        .partition("\n</ol>\n</section>")[0]
        .split('<li id="day-')[1:]
    )
    return {item[:10]: item for item in items}


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def test_each_day_has_what_happened_and_what_was_reported(client: httpx.Client) -> None:
    found = days(page(client))
    assert list(found) == [f"1990-01-{day}" for day in range(13, 24)]
    assert '<time datetime="1990-01-15">15 January 1990</time>' in found["1990-01-15"]
    happened, _, reported = found["1990-01-15"].partition("Reported")
    assert "under way on this day 1990-01-15 Associated Press → Asbarez" in words(happened)
    assert "Violence in Azerbaijan, January 1990: at least 32 dead official Soviet media" in words(reported)
    assert "36 claims, 42 known by then" in words(reported)
    assert "3 figures, 2 dates, 15 relations" in words(reported)
    assert "some time within: 19 or 20 January 1990" in words(found["1990-01-20"])
    assert "Nothing with this date." in words(found["1990-01-18"])


def test_other_years_and_the_undated_stand_apart(client: httpx.Client) -> None:
    text = page(client)
    order = [
        text.index(f'id="{name}"') for name in ("days", "loose", "before", "after", "boundless", "undated")
    ]
    assert order == sorted(order)
    undated = words(text[order[-1] :])
    assert "an estimated 300 dead" in undated
    assert "caveat: the figure may be of Baku in January 1990" in undated
    assert "Photographs without a date line: Photograph 17" in undated
    assert "from 1905" in words(text[order[2] : order[3]])


def test_the_band_is_drawn_with_words_beside_it(client: httpx.Client) -> None:
    text = page(client)
    drawings = re.findall(r"<svg class=\"drawing .*?</svg>", text, re.DOTALL)
    assert len(drawings) == 2  # wide and narrow
    for drawing in drawings:
        assert 'role="img"' in drawing
        labelled = re.findall(r'aria-labelledby="(\S+) (\S+)"', drawing)[0]
        assert all(f'id="{name}"' in drawing for name in labelled)
        assert " style=" not in drawing
        assert {"certain", "possible", "open"} <= set(re.findall(r'class="(\w+)', drawing))
        assert drawing.count('class="depicted"') == 1  # photograph 12 shows the 14th
        assert drawing.count('class="dateline"') == 16
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_as_known_on_a_day(client: httpx.Client) -> None:
    text = page(client, "?as-of=1990-01-16")
    assert list(days(text))[-1] == "1990-01-16"
    shown = words(text.partition('id="undated"')[0])
    assert "at least 37 dead" in shown
    assert "at least 56 dead" not in shown
    assert "derived by the project " not in words(
        text.partition('<ol class="chronicle">')[2].partition('id="undated"')[0]
    )
    assert "197 claims without a date of report cannot be placed" in shown
    later = page(client, "?as-of=1990-01-16&to=1990-01-18")
    assert "not known then" in words(days(later)["1990-01-17"])


def test_each_day_of_report_leads_to_what_was_known_then(client: httpx.Client) -> None:
    text = page(client, "?from=1990-01-13")
    links = re.findall(
        r'href="(/timeline\?[^"]*)"[^>]*><time datetime="([^"]*)">[^<]*</time> <strong>(\d+)', text
    )
    assert [(day, int(known)) for _, day, known in links] == [
        ("1979-12-31", 1), ("1988-11-30", 2), ("1989-12-31", 3), ("1990-01-14", 6), ("1990-01-15", 42), ("1990-01-16", 93), ("1990-01-17", 154), ("1990-01-19", 170), ("1990-01-21", 180), ("1990-01-22", 202), ("1990-01-23", 213), ("2003-12-31", 214), ("2010-01-20", 215), ("2012-12-31", 216),
    ]  # fmt: skip
    for link, day, _ in links:
        assert unescape(link) == f"/timeline?from=1990-01-13&as-of={day}"
    assert 'aria-current="true"' in page(client, "?as-of=1990-01-19").partition("1990-01-19</time>")[0][-200:]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?as-of=yesterday", "the parameter as-of is no day: &#39;yesterday&#39;"),
        ("?from=1990-02-30", "the parameter from is no day"),
        ("?to=1990-1-1", "the parameter to is no day"),
        ("?as-of=1990-01-16&as-of=1990-01-17", "the parameter as-of stands twice"),
        ("?from=1990-01-20&to=1990-01-13", "from is a later day than to"),
    ],
)
def test_what_is_no_day_is_refused(client: httpx.Client, query: str, sentence: str) -> None:
    assert sentence in page(client, query, 400)


def test_what_is_left_empty_counts_as_left_out(client: httpx.Client) -> None:
    assert days(page(client, "?from=&to=&as-of=")) == days(page(client))


def test_the_address_of_what_was_given(client: httpx.Client) -> None:
    answer = client.get("/timeline?as-of=1990-01-16&x=1")
    assert answer.headers["content-location"] == "/timeline.html?as-of=1990-01-16"
    assert client.get(answer.headers["content-location"]).text == answer.text
    assert client.get("/timeline.ttl").status_code == 404
    assert client.get("/timeline", headers={"Accept": "text/turtle"}).status_code == 406


def test_all_years_at_once(client: httpx.Client) -> None:
    text = page(client, "?from=0001-01-01&to=9999-12-31")
    assert "216" in re.findall(r"<svg.*?</svg>", text, re.DOTALL)[0]
    assert "13 January 1990" in text


@pytest.fixture(scope="module")
def veiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    archive = running.release(tmp_path_factory.mktemp("veiled"), VEILED, base="https://archive.example/fair/")
    with running.serving(archive) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def test_what_is_veiled_is_folded_up_and_in_no_drawing(veiled: httpx.Client) -> None:
    text = page(veiled)
    assert "Fair" in text
    assert "Hidden wound" in text
    open_ = re.sub(r"<details.*?</details>", "", text, flags=re.DOTALL)
    assert "Hidden" not in open_
    assert "Hidden" not in "".join(re.findall(r"<svg.*?</svg>", text, re.DOTALL))


def test_who_may_be_living_is_not_indexed(client: httpx.Client) -> None:
    mark = '<meta name="robots" content="noindex">'
    assert mark in page(client)  # the claims of its days name people
    assert "/timeline" not in client.get("/sitemap.xml").text
    assert "/map</loc>" in client.get("/sitemap.xml").text


def test_data_without_dates_have_no_timeline(hostile: httpx.Client) -> None:
    text = page(hostile, status=404)
    assert "no claim in this release has a date" in text


def test_a_kept_release_keeps_its_links(tmp_path: Path) -> None:
    shelf = shelves.shelved(tmp_path, 2)
    with shelves.hosting(shelf.out) as url, httpx.Client(base_url=url, timeout=30) as client:
        prefix = f"/release/{shelf.ids[0]}"
        for name in ("timeline", "map"):
            answer = client.get(f"{prefix}/{name}", headers={"Accept": running.BROWSER})
            if answer.status_code == 404:
                continue
            main = answer.text.partition("<main")[2].partition("</main>")[0]
            for link in re.findall(r'(?:href|action)="(/[^"]*)"', main):
                assert link.startswith(prefix), link
