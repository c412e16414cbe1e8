"""``/changes``: what has become of a resource since a kept release, on a real server of three releases."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote

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


# ------------------------------------------------------------------ answers

HURT = "/queries/claims-by-measure?event=velmora-1901&measure=injured"


def in_words(rows: kg.Rows) -> list[dict[str, object]]:
    """Give rows as JSON has them, without the column that tells of veils."""
    return [{name: value for name, value in row.items() if name != "veiled"} for row in rows.to_json()]


def test_rows_of_a_question_are_compared(client: httpx.Client, releases: revisions.Revisions) -> None:
    old, now = (
        in_words(releases.open(number).query("claims-by-measure", event="velmora-1901", measure="injured"))
        for number in (0, 2)
    )
    found = asked(client, HURT, releases.ids[0]).json()
    told = {key: [{n: v for n, v in row.items() if n != "veiled"} for row in found[key]] for key in ("added", "removed")}  # fmt: skip
    veiled = found["veiled"]
    assert found["state"] == "changed"
    assert found["address"] == HURT
    assert all(row in now and row not in old for row in told["added"])
    assert all(row in old and row not in now for row in told["removed"])
    assert found["same"] == sum(row in now for row in old)
    assert len(now) == found["same"] + len(told["added"]) + veiled["added"]
    assert len(old) == found["same"] + len(told["removed"]) + veiled["removed"]
    assert told["added"] and told["removed"]
    assert client.get(found["href"]["now"]).status_code == 200
    assert client.get(found["href"]["since"]).status_code == 200


def test_an_answer_asks_what_has_become_of_itself(
    client: httpx.Client, releases: revisions.Revisions
) -> None:
    """As a reader finds it under "Cite this": on a kept release since that, on the current one since one to be chosen."""
    query = "SELECT ?place ?lat { ?place <http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?lat }"
    for path in (HURT, f"/sparql?query={quote(query)}", "/claims?kind=QuantityClaim", "/event/velmora-1901/claims/injured?origin=independent"):  # fmt: skip
        kept = client.get(
            f"/release/{releases.ids[0]}{path}", headers={"Accept": running.BROWSER, "Accept-Language": "en"}
        )
        assert kept.status_code == 200, path
        (href,) = re.findall(r'href="(/changes\?[^"]*)"', kept.text)
        found = client.get(unescape(href)).json()
        assert (found["since"], found["now"]) == (releases.ids[0], releases.ids[2])
        assert (found["state"], found["complete"]) == ("changed", True), path
        current = client.get(path, headers={"Accept": running.BROWSER}).text
        (href,) = re.findall(r'href="(/changes\?[^"]*)"', current)
        form = client.get(unescape(href), headers={"Accept": running.BROWSER}).text
        assert "release" not in href
        assert f'value="{found["address"].split("?")[0]}' in form


def test_permalinks_are_understood_as_people_copy_them(
    client: httpx.Client, releases: revisions.Revisions
) -> None:
    origin = str(client.base_url).rstrip("/")
    wanted = asked(client, HURT, releases.ids[0]).json()
    for before in (velmora.BASE.rstrip("/"), origin, ""):
        for written in (HURT, HURT.replace("?", ".csv?"), f"{HURT}&lang=hy", f"{HURT}#cite"):
            link = f"{before}/release/{releases.ids[0]}{written}"
            assert client.get("/changes", params={"iri": link}).json() == wanted, link
        for document in ("/event/velmora-1901", "/event/velmora-1901.html", "/event/velmora-1901?page=2"):
            link = f"{before}/release/{releases.ids[0]}{document}"
            assert client.get("/changes", params={"iri": link}).json()["iri"] == EVENT, link
    other = f"/release/{releases.ids[0]}{HURT}"
    assert asked(client, other, releases.ids[1]).json()["since"] == releases.ids[1]  # what is said counts


def test_the_page_shows_the_rows_with_the_names_of_their_release(
    client: httpx.Client, releases: revisions.Revisions
) -> None:
    query = "SELECT ?event { ?event <http://www.w3.org/2000/01/rdf-schema#label> ?name . FILTER (CONTAINS(?name, 'along the coast, 1901')) }"
    page = asked(client, f"/sparql?query={quote(query)}", releases.ids[0], running.BROWSER).text
    assert "Stoppages along the coast, 1901" in page
    assert '<h2 id="added">' in page
    assert '<h2 id="removed">' not in page
    back = asked(client, f"/sparql?query={quote(query.replace('along', 'on'))}", releases.ids[0], running.BROWSER).text  # fmt: skip
    assert "Stoppages on the coast, 1901" in back
    assert f'href="/release/{releases.ids[0]}/event/coast-1901"' in back
    assert '<h2 id="removed">' in back


def test_truth_and_triples_are_compared_too(client: httpx.Client, releases: revisions.Revisions) -> None:
    lat = "<http://www.w3.org/2003/01/geo/wgs84_pos#lat>"
    truth = asked(client, f"/sparql?query={quote(f'ASK {{ ?s {lat} 61.25 }}')}", releases.ids[0]).json()
    assert (truth["removed"], truth["added"]) == ([{"answer": False}], [{"answer": True}])
    triples = asked(client, f"/sparql?query={quote(f'CONSTRUCT WHERE {{ ?s {lat} ?o }}')}", releases.ids[0]).json()  # fmt: skip
    assert [row["object"] for row in triples["added"]] == ["61.25"]
    assert [row["object"] for row in triples["removed"]] == ["61.5"]
    nameless = asked(client, f"/sparql?query={quote('SELECT (BNODE() AS ?it) (COUNT(*) AS ?n) { ?s ?p ?o FILTER (?p = rdf:type) } GROUP BY ?p'.replace('rdf:type', '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>'))}", releases.ids[0]).json()  # fmt: skip
    assert nameless["complete"] is False
    assert "count as the same" in nameless["limits"][0]


def test_what_only_one_release_has_is_said(client: httpx.Client, releases: revisions.Revisions) -> None:
    assert asked(client, "/queries/people", releases.ids[0]).json()["state"] == "not there yet"
    page = asked(client, "/queries/people", releases.ids[0], running.BROWSER)
    assert (page.status_code, "has nothing at this address" in page.text) == (200, True)
    places = asked(client, "/queries/places", releases.ids[0]).json()
    assert places["limits"] == [
        "The question itself is written otherwise in both releases, so a difference need not be one of the records."
    ]
    assert asked(client, "/queries/places", releases.ids[1]).json()["complete"] is True


def test_veiled_rows_are_counted_and_not_told(client: httpx.Client, releases: revisions.Revisions) -> None:
    dates = "/sparql?query=" + quote(
        "SELECT ?claim ?day { ?claim <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> ?day . FILTER (DATATYPE(?day) = <http://www.w3.org/2001/XMLSchema#date>) }"
    )
    for accept in ("*/*", running.BROWSER):
        answer = asked(client, dates, releases.ids[0], accept)
        assert "1902-01-05" not in answer.text
    found = asked(client, dates, releases.ids[0]).json()
    assert found["veiled"] == {"added": 1, "removed": 1}
    assert "One row is added, of them veiled and not told of here" not in found["sentences"]


def test_bad_addresses_are_refused_in_the_words_of_the_answer(
    client: httpx.Client, releases: revisions.Revisions
) -> None:
    for address, status, words in (
        ("/queries/nothing", 404, "nothing"),
        (f"{HURT}&colour=red", 400, "colour"),
        ("/sparql?query=SELEKT", 400, "line 1"),
        ("/queries/claims-by-measure?event=%FF", 400, "UTF-8"),
        ("/search", 400, "no word in this search"),
        ("/list", 406, "text/html"),
        ("/claims?kind=nothing", 400, "nothing"),
        (f"/sparql?query={quote('SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }')}", 413, "release"),
    ):
        answer = asked(client, address, releases.ids[0])
        assert (answer.status_code, words in answer.text) == (status, True), (address, answer.text)
    for since in ("0123456789ab", "../.."):
        answer = asked(client, HURT, since)
        assert answer.status_code == 404
        assert releases.ids[1] in answer.text
    held = asked(client, HURT, releases.ids[3])
    assert (held.status_code, "still holds what has been withdrawn" in held.text) == (410, True)


def test_answers_of_a_server_of_one_release_cannot_be_compared(releases: revisions.Revisions) -> None:
    with running.serving(releases.open(2)) as url:
        answer = httpx.get(f"{url}/changes", params={"iri": HURT, "since": releases.ids[0]})
        assert (answer.status_code, "keeps no other release" in answer.text) == (404, True)
        page = httpx.get(f"{url}{HURT}", headers={"Accept": running.BROWSER})
        assert (page.status_code, "/changes" in page.text) == (200, False)
