"""``/changes``: what has become of a resource since a kept release, on a real server of three releases."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator

import httpx
import pytest

import kg
import revisions
import running
import shelves
import velmora
from kg.errors import Unavailable
from kg.web import changes as module
from kg.web.shelf import Shelf

EVENT = f"{velmora.BASE}id/event/velmora-1901"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> revisions.Revisions:
    """Three releases, and one from before the takedown that somebody copied back."""
    built = revisions.built()
    out = tmp_path_factory.mktemp("changes") / "build"
    shutil.copytree(built.out, out)
    held = kg.open(velmora.built()).directory
    assert held is not None
    shutil.copytree(held, out / held.name)
    return revisions.Revisions(out, (*built.ids, held.name))


@pytest.fixture(scope="module")
def client(releases: revisions.Revisions) -> Iterator[httpx.Client]:
    with shelves.hosting(releases.out) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert (
            client.get(f"/release/{releases.ids[3]}/").status_code == 410
        )  # from here on it is no longer listed
        yield client


def asked(client: httpx.Client, iri: str, since: str, accept: str = "*/*") -> httpx.Response:
    return client.get("/changes", params={"iri": iri, "since": since}, headers={"Accept": accept})


def test_the_form_lists_the_releases_that_are_kept(
    client: httpx.Client, releases: revisions.Revisions
) -> None:
    listed = client.get("/changes.json").json()["releases"]
    assert {each["id"] for each in listed} == set(releases.ids[:2])
    page = client.get("/changes", params={"iri": EVENT}, headers={"Accept": running.BROWSER}).text
    assert all(f'<option value="{id}">{id}' in page for id in releases.ids[:2])
    assert f'value="{EVENT}"' in page
    assert '<label for="iri">' in page and '<label for="since">' in page


def test_what_has_changed_is_what_the_library_says(
    client: httpx.Client, releases: revisions.Revisions
) -> None:
    old, now = releases.open(0), releases.open(2)
    for name in (
        "event:velmora-1901",
        "place:velmora",
        "claim:at-least",
        "claim:fewer",
        "claim:at-most",
        "route:north",
    ):
        change = now.changes(name, since=old)
        answer = asked(client, name, releases.ids[0])
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert answer.headers["x-robots-tag"] == "noindex"
        found = answer.json()
        assert found["state"] == change.state
        assert found["sentences"] == list(change.sentences)
        assert (found["added"], found["removed"]) == (list(change.added), list(change.removed))
        assert [claim["fate"] for claim in found["claims"]] == [claim.fate for claim in change.claims]
        page = asked(client, name, releases.ids[0], running.BROWSER).text
        assert change.verdict in page.replace("&#34;", '"')
        for claim in change.claims:
            assert claim.sentence in page
        assert client.get(found["href"]["now"]).status_code == (
            404 if change.state == "no longer there" else 200
        )
        assert client.get(found["href"]["since"]).status_code == (
            404 if change.state == "not there yet" else 200
        )


def test_every_link_of_the_page_leads_somewhere(client: httpx.Client, releases: revisions.Revisions) -> None:
    page = asked(client, EVENT, releases.ids[0], running.BROWSER).text
    found = set(re.findall(r'href="(/[^"]*)"', page))
    assert any(f"/release/{releases.ids[0]}/claim/at-most" in href for href in found)
    for href in found:
        assert client.get(href, headers={"Accept": running.BROWSER}).status_code in (200, 302), href


def test_the_same_release_says_the_same(client: httpx.Client, releases: revisions.Revisions) -> None:
    assert asked(client, EVENT, releases.ids[2]).json()["state"] == "unchanged"
    assert asked(client, EVENT, releases.ids[1]).json()["state"] == "unchanged"


@pytest.mark.parametrize("accept", ["*/*", running.BROWSER])
def test_what_was_taken_back_is_gone_with_day_and_reason(client: httpx.Client, releases: revisions.Revisions, accept: str) -> None:  # fmt: skip
    answer = asked(client, f"{velmora.BASE}id/person/{revisions.PERSON}", releases.ids[0], accept)
    assert answer.status_code == 410
    assert f"taken back on 1991-05-03: {revisions.REASON}" in answer.text
    assert "Lind" not in answer.text
    if accept == "*/*":
        assert answer.json().keys() == {
            "iri",
            "since",
            "now",
            "state",
            "verdict",
            "sentences",
            "reason",
            "date",
        }


def test_a_release_that_still_holds_it_is_not_opened(
    client: httpx.Client, releases: revisions.Revisions
) -> None:
    for iri in (EVENT, f"{velmora.BASE}id/person/{revisions.PERSON}", f"{velmora.BASE}id/obs/foreman"):
        answer = asked(client, iri, releases.ids[3])
        assert answer.status_code == 410
        assert "still holds what has been withdrawn since" in answer.text
        assert "Lind" not in answer.text


def test_what_is_veiled_stays_so(client: httpx.Client, releases: revisions.Revisions) -> None:
    for accept in ("*/*", running.BROWSER):
        for name in ("claim:death", "person:jon-brandt"):
            answer = asked(client, name, releases.ids[0], accept)
            assert answer.status_code == 200
            assert "Jon Brandt died" not in answer.text
    assert asked(client, "claim:death", releases.ids[0]).json()["veiled"] is True


def test_bad_questions_are_told_what_to_ask(client: httpx.Client, releases: revisions.Revisions) -> None:
    for since in ("0123456789ab", "x", "../..", "a" * 500):
        answer = asked(client, EVENT, since)
        assert answer.status_code == 404
        assert all(id in answer.text for id in releases.ids[:2])
        assert releases.ids[3] not in answer.text
        assert len(answer.text) < 400
    assert asked(client, "nonsense of a name", releases.ids[0]).status_code == 400
    assert client.get("/changes", params={"since": releases.ids[0]}).status_code == 400
    assert asked(client, "event:nowhere", releases.ids[0]).status_code == 404
    assert asked(client, "http://other.example/x", releases.ids[0]).status_code == 404
    assert client.get("/changes.ttl").status_code == 404
    assert client.get(f"/release/{releases.ids[0]}/changes").status_code == 404


def test_hostile_identifiers_are_escaped(client: httpx.Client, releases: revisions.Revisions) -> None:
    for iri in ('"><script>alert(1)</script>', "javascript:alert(1)"):
        page = client.get("/changes", params={"iri": iri}, headers={"Accept": running.BROWSER})
        assert "<script>" not in page.text
        assert 'href="javascript' not in page.text


def test_a_server_of_one_release_says_so(releases: revisions.Revisions) -> None:
    with running.serving(releases.open(2)) as url:
        page = httpx.get(f"{url}/changes", headers={"Accept": running.BROWSER}).text
        assert "keeps no other release than the current one" in page
        assert '<form action="/changes"' not in page
        answer = httpx.get(f"{url}/changes", params={"iri": EVENT, "since": releases.ids[0]})
        assert (answer.status_code, "keeps no other release" in answer.text) == (404, True)
        assert "/changes" not in httpx.get(f"{url}/event/velmora-1901.html").text


def test_one_release_is_lent_at_a_time(releases: revisions.Revisions) -> None:
    now = releases.open(2)
    assert now.directory is not None
    shelf = Shelf(now.manifest, now.directory, releases.out)
    with shelf.lent(releases.ids[0], 0) as archive:
        assert archive.manifest.id == releases.ids[0]
        with pytest.raises(Unavailable), shelf.lent(releases.ids[1], 0):
            raise AssertionError
    with pytest.raises(kg.NotFound), shelf.lent("0123456789ab", 0):
        raise AssertionError
    with shelf.lent(releases.ids[1], 0) as archive:
        assert archive.manifest.id == releases.ids[1]


def test_a_comparison_that_takes_too_long_is_given_up(
    releases: revisions.Revisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    monkeypatch.setattr(module, "DEADLINE", 0.2)
    monkeypatch.setattr(module, "changes", lambda *_: go_on.wait(30))
    with running.serving(releases.open(2)) as url:
        answer = httpx.get(f"{url}/changes", params={"iri": EVENT, "since": releases.ids[2]})
        go_on.set()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "takes more than" in answer.text


def test_a_kept_release_asks_what_has_changed_since_itself(
    client: httpx.Client, releases: revisions.Revisions
) -> None:
    page = client.get(f"/release/{releases.ids[0]}/event/velmora-1901.html").text
    (href,) = {part.split('"')[0] for part in page.split('href="/changes')[1:]}
    answer = client.get("/changes" + href.replace("&amp;", "&"))
    assert answer.json()["since"] == releases.ids[0]
    assert answer.json()["iri"] == EVENT
    current = client.get("/event/velmora-1901.html").text
    assert "/changes?iri=" in current and "since=" not in current.split("/changes?iri=")[1].split('"')[0]


def test_json_is_plain(client: httpx.Client, releases: revisions.Revisions) -> None:
    found = json.loads(asked(client, EVENT, releases.ids[0]).content)
    assert found["complete"] is True
    assert found["limits"] == []
    assert found["now"] == releases.ids[2]
