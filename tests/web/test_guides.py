"""The guides: what they count is what the data hold, what is hidden stays hidden, and other datasets have none of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace

import httpx
import pytest

import kg
import running
from kg.limits import Serving
from kg.pages.gaps import gaps
from kg.pages.naming import naming
from kg.web.guides import GUIDES

BROWSER = {"Accept": "text/html"}


def text(page: str) -> str:
    """Give the words of *page*."""
    return " ".join(re.sub("<[^>]*>", " ", page).split())


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_a_page_that_is_asked_for_again(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/{name}", headers=BROWSER)
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    again = client.get(f"/{name}", headers=BROWSER | {"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_takedown_leads_to_its_part_of_the_page(client: httpx.Client) -> None:
    answer = client.get("/takedown", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (308, "/privacy#takedown")
    assert 'id="takedown"' in client.get("/privacy").text


def test_what_is_not_known_is_what_the_data_leave_out(archive: kg.Archive) -> None:
    found = gaps(archive)
    # photographs 17 and 18 have a month for a date line; only caption 12 says which day its picture shows
    lines, days = found.lacking["photographs-dateline"], found.lacking["photographs-day"]
    assert [iri.rpartition("/")[2] for iri in lines.examples] == ["asbarez-17", "asbarez-18"]
    assert (lines.count, lines.total, lines.more) == (2, 18, 0)
    assert (days.count, days.total) == (17, 18)
    assert days.more == days.count - len(days.examples) == 5
    claims = [claim for claim in archive.claims() if not claim.derived]
    undated = found.lacking["claims-undated"]
    assert (undated.count, undated.total) == (sum(claim.as_of is None for claim in claims), len(claims))
    scopes = list(archive.query("claims-without-scope"))
    for gap, column in (("figures-whom", "whom"), ("figures-where", "where"), ("figures-when", "when")):
        rows = {str(row["claim"]) for row in scopes if row[column] == "not stated"}
        assert found.lacking[gap].count == len(rows), gap
    speakers: dict[str, set[str]] = defaultdict(set)
    for claim in archive.claims():
        speakers[claim.subject].add(claim.claimant)
    alone = {event.iri for event in archive.events() if len(speakers[event.iri]) == 1}
    told = found.lacking["events-one-voice"]
    assert (told.count, told.total) == (
        len(alone),
        sum(bool(speakers[event.iri]) for event in archive.events()),
    )
    assert set(told.examples) <= alone
    assert found.claims == len(claims)
    counted = Counter(claim.claimant for claim in claims)
    assert {share.iri: share.count for share in found.voices}.items() <= counted.items()
    assert [share.count for share in found.voices] == sorted(counted.values(), reverse=True)[:12]
    through = {share.iri.rpartition("/")[2]: share.count for share in found.publishers}
    assert len(through) == 12
    assert next(iter(through)) == "asbarez"
    assert through["asbarez"] == sum(bool(claim.passages) for claim in claims)
    assert through["sultanov"] == 2
    assert "an unknown number dead" in {claim.words for claim in found.denied}


def test_names_stand_with_who_uses_them(archive: kg.Archive) -> None:
    found = naming(archive)
    event = next(each for each in found.events if each.iri.endswith("/event/baku-1990-01"))
    used = {called.words: [str(claim.voices) for claim in called.claims] for called in event.names}
    assert used["Baku Pogroms"] == ["Associated Press → Asbarez", "Asbarez"]
    assert used["ethnic cleansing"] == ["Associated Press → Asbarez", "Associated Press → Asbarez"]
    assert not found.more
    rows = archive.query("names-of-event", event="baku-1990-01")
    own = {str(row["words"]) for row in rows if row["band"] == "same" and row["claim"] not in archive.veiled}
    assert own == {called.words for called in (*event.names, *event.characterisations)}


def test_a_veiled_name_is_left_out(archive: kg.Archive) -> None:
    shown = {
        claim.iri for event in naming(archive).events for called in event.names for claim in called.claims
    }
    assert not any(archive.claim(iri).veiled for iri in shown)


def test_the_example_of_a_citation_has_its_speaker_its_day_and_its_words(client: httpx.Client) -> None:
    words = text(client.get("/citing").text)
    assert (
        "On 1990-01-15, official Soviet media put it at at least 32 dead (whom: people, without distinction · when: from 13 January 1990 · not stated: where), as passed on by Associated Press and then Asbarez"
        in words
    )


def test_whom_to_write_to_is_said_where_it_is_known(archive: kg.Archive) -> None:
    with running.serving(
        archive, serving=replace(Serving(), contact="mailto:archive@archive.example")
    ) as url:
        page = httpx.get(f"{url}/privacy").text
        assert '<a href="mailto:archive@archive.example">archive@archive.example</a>' in page
    with running.serving(archive) as url:
        page = httpx.get(f"{url}/privacy").text
        assert "Attest (whoever runs this server has given no address here)" in text(page)


def test_other_datasets_have_no_guides(hostile: httpx.Client) -> None:
    for name in GUIDES:
        assert hostile.get(f"/{name}").status_code == 404
