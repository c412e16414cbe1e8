"""The map as a page: marks, coastlines, the list beside them, and data of any kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import httpx
import pytest

import running

ANY = """
@prefix : <https://archive.example/any/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix kg: <https://w3id.org/attest/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
:harbour rdfs:label "Harbour" ; geo:lat "60.1708" ; geo:long 24.9375 .
:square a schema:Place ; rdfs:label "Square" ; schema:geo [ schema:latitude 60.17 ; schema:longitude 24.95 ] .
:district a schema:AdministrativeArea ; rdfs:label "District" ; schema:latitude 61.5 ; schema:longitude 23.75 .
:rough rdfs:label "Rough" ; geo:lat 62 ; geo:long 25.7 .
:far rdfs:label "Far" ; geo:lat -33.92 ; geo:long 18.42 .
:nowhere rdfs:label "Nowhere" ; geo:lat "north" ; geo:long 1 .
:beyond rdfs:label "Beyond" ; geo:lat 91 ; geo:long 1 .
:half rdfs:label "Half" ; geo:lat 12 .
:hidden rdfs:label "Hidden" ; geo:lat 60.2 ; geo:long 24.9 ; kg:visibility kg:veiled .
"""


@pytest.fixture(scope="module")
def any_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    archive = running.release(tmp_path_factory.mktemp("any"), ANY, base="https://archive.example/any/")
    with running.serving(archive) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def page(client: httpx.Client, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/map{query}", headers={"Accept": running.BROWSER})
    assert answer.status_code == status
    return answer.text


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def listed(text: str) -> list[str]:
    found = text.partition('<ul class="located">')[2].partition("\n</ul>\n</section>")[0]
    return [words(item.partition(">")[2]) for item in found.split('<li id="place-')[1:]]


def test_the_list_says_what_the_map_shows(client: httpx.Client) -> None:
    text = page(client)
    found = listed(text)
    assert len(found) == 11
    assert [item.split()[0] for item in found][:3] == ["Astrakhan", "Baku", "Kirovabad"]
    assert "4 events, 2 photographs show it" in found[1]
    assert "40.37767° N, 49.89201° E; a point for the place as a whole" in found[1]
    assert "without coordinates: Lenin Avenue, Baku (1 photograph shows it" in found[1]
    assert "Coordinates and place identifiers from GeoNames" in words(text)
    others = words(text.partition('id="others"')[2])
    assert "Nagorno-Karabakh" in others
    assert "Caspian Sea" in others
    assert "Natural Earth" in others


def test_the_drawings_show_coastlines_and_marks(client: httpx.Client) -> None:
    text = page(client)
    drawings = re.findall(r"<svg class=\"chart (\w+)\"(.*?)</svg>", text, re.DOTALL)
    assert [name for name, _ in drawings[:2]] == ["wide", "narrow"]
    assert {name for name, _ in drawings[2:]} == {"small"}
    for _, drawing in drawings:
        assert 'role="img"' in drawing
        assert "<title" in drawing
        assert "<desc" in drawing
        assert " style=" not in drawing
    wide = drawings[0][1]
    assert re.search(r'class="land" d="M[^"]{500,}', wide)
    for name in ("Baku", "Sumgait", "Krasnovodsk", "Astrakhan", "Kirovabad"):
        assert f">{name}</text>" in wide
    titles = re.findall(r"<g class=\"place\"><title>([^<]*)</title>", wide)
    assert "Zvartnots airport, Yerevan" in titles  # too near to each other on this map
    inset = next(drawing for _, drawing in drawings if ">Yerevan</text>" in drawing)
    assert ">Zvartnots airport</text>" in inset
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_only_what_claims_about_an_event_name(client: httpx.Client) -> None:
    found = listed(page(client, "?event=evacuation-from-baku-1990-01&as-of=1990-01-16"))
    assert [item.split()[0] for item in found] == ["Astrakhan", "Baku", "Krasnovodsk", "Yerevan"]
    assert "Moscow" not in "".join(found)
    assert "No place with coordinates fits." in words(page(client, "?as-of=1900-01-01"))


def test_an_event_that_is_none(client: httpx.Client) -> None:
    assert "/event/baku-1990-01" in page(client, "?event=baku-1990-1", 404)
    assert "stands twice" in page(client, "?event=a&event=b", 400)
    assert "the parameter as-of is no day" in page(client, "?as-of=1990", 400)


def test_data_of_any_kind(any_data: httpx.Client) -> None:
    text = page(any_data)
    found = listed(text)
    assert found == [
        "District 61.50° N, 23.75° E; an area: the point is its middle, and no more",
        "Far 33.92° S, 18.42° E; a point for the place as a whole",
        "Harbour 60.1708° N, 24.9375° E; a point for the place as a whole",
        "Rough 62.0° N, 25.7° E; to about 10 km",
        "Square 60.17° N, 24.95° E; a point for the place as a whole",
    ]
    assert "Hidden" not in text
    assert "1 more, veiled for what they describe" in words(text)
    assert "3 more have coordinates that cannot be read" in words(text)
    first = re.findall(r"<svg class=\"chart wide\"(.*?)</svg>", text, re.DOTALL)[0]
    assert first.count('class="ring"') == 2  # the district and what is given to a tenth of a degree
    assert "claims" not in words(text).lower()


def test_nothing_with_coordinates(hostile: httpx.Client) -> None:
    assert "nothing in this release has coordinates" in page(hostile, status=404)
