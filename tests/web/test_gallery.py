"""``/queries``: the catalogue by who asks and by subject, what a reader looks for in it, and the forms of the questions."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest
from test_documents import Page

import kg
import running

HTML = {"Accept": running.BROWSER}


def page(client: httpx.Client, path: str, status: int = 200) -> Page:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == status, path
    return Page(answer.text)


def listed(found: Page) -> list[str]:
    """Give the questions that a page lists, in order; under two headings twice."""
    return [href.removeprefix("/queries/") for href in found.hrefs() if href.startswith("/queries/")]


def test_every_question_stands_under_who_asks_it_and_under_each_tag(
    client: httpx.Client, archive: kg.Archive
) -> None:
    asked = sorted(archive.catalog.values(), key=lambda query: (query.asked_by, query.name))
    assert listed(page(client, "/queries")) == [query.name for query in asked]
    tags = sorted((tag, query.name) for query in archive.catalog.values() for tag in query.tags)
    assert listed(page(client, "/queries?by=tag")) == [name for _, name in tags]


@pytest.mark.parametrize("suffix", ["", ".json", ".ttl"])
def test_filters_hold_in_every_form(client: httpx.Client, archive: kg.Archive, suffix: str) -> None:
    expected = {
        query.name
        for query in archive.catalog.values()
        if "figures" in query.tags and query.asked_by == "historian"
    }
    path = f"/queries{suffix}?" + urlencode({"tag": "figures", "asked-by": "historian"})
    if suffix == ".json":
        found = {query["name"] for query in client.get(path).json()}
    elif suffix == ".ttl":
        found = set(re.findall(r"/queries/([a-z-]+)> a ", client.get(path).text)) or set(
            re.findall(r"/queries/([a-z-]+)\.rq", client.get(path).text)
        )
    else:
        found = set(listed(page(client, path)))
    assert found == expected
    assert len(expected) > 1


def test_each_filter_leads_to_what_it_counts_and_back(client: httpx.Client, archive: kg.Archive) -> None:
    found = page(client, "/queries?tag=figures")
    assert "/queries?asked-by=historian&tag=figures" in found.hrefs() or "/queries?tag=figures&asked-by=historian" in found.hrefs()  # fmt: skip
    chosen = [attrs for tag, attrs in found.tags if attrs.get("aria-current") and tag == "a"]
    chosen = [attrs for attrs in chosen if "lang=" not in (attrs["href"] or "")]
    assert [attrs["href"] for attrs in chosen] == ["/queries"]
    for name, count in (("claims", None), ("routes", 1)):
        names = {query.name for query in archive.catalog.values() if name in query.tags}
        assert set(listed(page(client, f"/queries?tag={name}"))) == names
        assert count is None or len(names) == count


def test_words_find_questions_as_the_command_does(client: httpx.Client, archive: kg.Archive) -> None:
    expected = archive.catalog.telling("spelling place")
    assert expected
    assert listed(page(client, "/queries?q=spelling+place")) == expected
    found = page(client, '/queries?q="><script>')
    assert listed(found) == []
    assert "No question fits" in found.text
    assert '"><script>' in [attrs.get("value") for tag, attrs in found.tags if tag == "input"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("tags=figures", "no parameter 'tags'"),
        ("by=year", "not grouped by 'year'"),
        ("tag=a&tag=b", "stands twice"),
    ],
)
def test_what_the_list_does_not_know_is_named(client: httpx.Client, asked: str, said: str) -> None:
    answer = client.get(f"/queries?{asked}")
    assert answer.status_code == 400
    assert said in answer.text


def test_empty_filters_are_none(client: httpx.Client) -> None:
    assert client.get("/queries.json?q=&tag=&asked-by=").json() == client.get("/queries.json").json()


# ---------------------------------------------------------------------- the forms


def options(client: httpx.Client, path: str, name: str) -> list[tuple[str, str]]:
    """Give value and label of what the field *name* offers."""
    text = client.get(path, headers=HTML).text
    field = re.search(
        rf'<select id="field-{name}".*?</select>|<datalist id="list-{name}">.*?</datalist>', text, re.DOTALL
    )
    assert field, name
    return [
        (unescape(value), unescape(label))
        for value, label in re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)</option>', field[0])
    ]


def test_a_field_offers_what_there_is_by_its_label(client: httpx.Client, archive: kg.Archive) -> None:
    events = {event.iri.rpartition("/")[2]: event.label for event in archive.events()}
    assert dict(options(client, "/queries/claims-by-measure", "event")) == events
    measures = dict(options(client, "/queries/claims-by-measure", "measure"))
    assert measures["deaths"] == "deaths"
    places = dict(options(client, "/queries/spellings", "place"))
    assert places["yerevan"] == "Yerevan"
    voices = dict(options(client, "/queries/claims-by-claimant", "claimant"))
    assert voices["org:associated-press"] == "Associated Press"
    assert {archive.label(row["claimant"]) for row in archive.query("voices") if "claimant" in row.columns} <= set(voices.values())  # fmt: skip


@pytest.mark.parametrize(
    "name", ["claims-by-measure", "claims-by-claimant", "publication", "people", "routes"]
)
def test_whatever_is_offered_is_answered(client: httpx.Client, archive: kg.Archive, name: str) -> None:
    for param in archive.catalog[name].params:
        if param.type == "date":
            continue
        found = options(client, f"/queries/{name}", param.name)
        assert len(found) > 1
        for value, _ in found[:: max(1, len(found) // 6)]:
            assert client.get(f"/queries/{name}.json", params={param.name: value}).status_code == 200


@pytest.mark.parametrize(
    "written", ["azerbaijan-1990-01", "event:azerbaijan-1990-01", "Violence in Azerbaijan, January 1990"]
)
def test_what_was_chosen_stays_chosen_however_it_is_written(
    client: httpx.Client, archive: kg.Archive, written: str
) -> None:
    text = client.get("/queries/claims-by-measure", params={"event": written}, headers=HTML).text
    chosen = re.findall(r'<option value="([^"]*)" selected>', text)
    assert chosen[0] in ("azerbaijan-1990-01", written)
    assert chosen[1] == "deaths"


def test_a_fault_stands_beside_its_field_and_what_was_typed_is_kept(client: httpx.Client) -> None:
    path = "/queries/claims-by-measure?event=baku-1991-01&measure=deaths&as_of=15.1.1990"
    text = client.get(path, headers=HTML).text
    faults = dict(re.findall(r'<p class="fault" id="wrong-(\w+)">(.*?)</p>', text))
    assert set(faults) == {"event", "as_of"}  # all of them, not the first
    assert "event:baku-1990-01" in faults["event"]
    assert "1990-01-16" in faults["as_of"]
    found = Page(text)
    fields = {
        attrs["name"]: attrs for tag, attrs in found.tags if tag in ("input", "select") and "name" in attrs
    }
    assert fields["as_of"]["value"] == "15.1.1990"
    assert fields["as_of"]["type"] == "text"  # a date field would drop it
    assert fields["as_of"]["aria-invalid"] == "true"
    assert "wrong-as_of" in (fields["as_of"]["aria-describedby"] or "")
    assert '<option value="baku-1991-01" selected>' in text
    assert "aria-invalid" not in fields["measure"]


def test_every_field_has_a_label_and_a_hint(client: httpx.Client, archive: kg.Archive) -> None:
    for name, query in archive.catalog.items():
        found = page(client, f"/queries/{name}")
        ids = {attrs["id"] for _, attrs in found.tags if "id" in attrs}
        labels = {attrs["for"] for tag, attrs in found.tags if tag == "label"}
        for param in query.params:
            assert f"field-{param.name}" in ids & labels
            assert f"hint-{param.name}" in ids


def test_a_form_that_names_who_may_be_living_is_not_indexed(
    client: httpx.Client, archive: kg.Archive
) -> None:
    """Whoever its rows are about: it offers the people who speak."""
    page = client.get("/queries/claims-by-claimant.html?claimant=org:unesco")
    assert page.headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in client.get("/queries/claims-by-claimant.csv?claimant=org:unesco").headers
