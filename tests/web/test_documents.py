"""Documents: complete in every form, linked, and harmless whatever the data say."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest

import collection
import kg
import running
from kg.documents.addresses import CITATIONS, FORMS
from kg.formats import CSV, GEO_JSON, HTML, N_TRIPLES, TURTLE, Format
from kg.names import KG, RDFS

BASE = "http://data.example/any/"
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """The elements of a page; fails on one that is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def hrefs(self) -> list[str]:
        return [attrs["href"] or "" for _, attrs in self.tags if "href" in attrs]


def page(client: httpx.Client, path: str) -> Page:
    answer = client.get(path, headers={"Accept": running.BROWSER})
    assert answer.status_code == 200, path
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Page(answer.text)


def triples(text: str, format: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(text, format=format)}


# ---------------------------------------------------------------------- the collection


def test_every_form_says_the_same(client: httpx.Client, archive: kg.Archive) -> None:
    for event in archive.events():
        path = "/event/" + event.iri.rpartition("/")[2]
        turtle = triples(client.get(f"{path}.ttl").text, ox.RdfFormat.TURTLE)
        lines = triples(client.get(f"{path}.nt").text, ox.RdfFormat.N_TRIPLES)
        assert turtle == lines
        assert {triple for triple in turtle if triple.subject == ox.NamedNode(event.iri)} == {
            quad.triple for quad in archive.quads() if quad.subject == ox.NamedNode(event.iri)
        }


def test_identifiers_keep_the_base_and_links_the_server(client: httpx.Client) -> None:
    shown = page(client, "/place/baku")
    hrefs = [href for href in shown.hrefs() if href.startswith("https://attest.example")]
    iri, canonical = (f"https://attest.example/baku-1990/{path}place/baku" for path in ("id/", ""))
    assert hrefs == [canonical, iri, iri]  # canonical, cite-as, describes
    assert "/event/baku-1990-01" in shown.hrefs()


def test_the_host_header_is_not_trusted(client: httpx.Client) -> None:
    for path in ("/id/place/baku", "/place/baku", "/place/baku/", "/nowhere", "/download"):
        answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in answer.text
        assert "evil.example" not in str(answer.headers)


def test_every_page_reachable_from_the_first_is_whole(client: httpx.Client) -> None:
    """Follow links from the first page over all events, people, places, and what they lead to, one page a kind."""
    waiting, seen, kinds = ["/"], set(), {}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        shown = page(client, path)
        assert "makes no allegation of its own" in shown.text
        for href in shown.hrefs():
            kind = href.split("?")[0].rsplit("/", 1)[0]
            is_page = href.startswith("/") and not re.search(
                r"\.(ttl|nt|jsonld|rdf|json|geojson|csv|srj|rq|bib|csl|atom|css)(\?|$)|^/download/.|&format=",
                href,
            )
            if is_page and href not in seen and kinds.setdefault(kind, 0) < 3:
                kinds[kind] += 1
                waiting.append(href)
                seen.add(href)
    assert {"/event", "/claim", "/person", "/place", "/passage", "/name", "/photo", "/org"} <= kinds.keys()


def test_claims_of_wider_and_narrower_events_stand_apart(client: httpx.Client) -> None:
    text = page(client, "/event/baku-1990-01").text
    own, _, wider = text.partition("Of events that it is part of")
    drawn, _, own = own.partition("Never added up, never averaged.")
    compared = page(client, "/event/baku-1990-01/claims/deaths").text
    assert (
        compared.index("an estimated 300 dead")
        < compared.index("Of a wider event")
        < compared.index("at least 32 dead")
    )
    assert "an estimated 300 dead" in drawn
    assert "19 claims, not reconciled; the first 12 are drawn here" in drawn
    assert "an estimated 300 dead" in own
    assert "at least 32 dead" not in own
    assert "Violence in Azerbaijan, January 1990: at least 32 dead" in wider


def test_denied_and_derived_claims_are_marked(client: httpx.Client, archive: kg.Archive) -> None:
    denied = next(claim for claim in archive.claims() if claim.denied)
    assert "The source denies the statement." in page(client, "/claim/" + denied.iri.rpartition("/")[2]).text
    derived = next(claim for claim in archive.claims() if claim.derived)
    text = page(client, "/claim/" + derived.iri.rpartition("/")[2]).text
    assert "The project derived it from other claims." in text
    assert "Rests on" in text


def test_what_bears_on_the_reading_stands_with_the_claim(client: httpx.Client, archive: kg.Archive) -> None:
    caveat = "caveat: the figure may be of Baku in January 1990, or of the whole series that follows"
    assert page(client, "/event/baku-1990-01").text.count(caveat) == 1
    shown = page(client, "/claim/asbarez-p2-s1-01")
    assert caveat.removeprefix("caveat: ") in shown.text
    assert any(href.startswith("http://asbarez.com/91953/") for href in shown.hrefs())


def test_what_many_refer_to_says_how_many(client: httpx.Client, archive: kg.Archive) -> None:
    recorded = ox.NamedNode(KG + "recorded")
    total = sum(quad.object == recorded for quad in archive.quads())
    text = page(client, "/resource?iri=" + quote(recorded.value, safe="")).text
    assert total > 100
    assert f"Statements 1 to 100 of {total}." in text


def test_headings_are_the_projects_own_labels(client: httpx.Client, archive: kg.Archive) -> None:
    """Names that sources use stand on the page too, but never as its heading or as the text of a link."""
    for thing in (*archive.works(), *archive.places(), *archive.events()):
        shown = page(client, "/" + thing.iri.removeprefix(archive.base.iri + "id/"))
        assert shown.text.split("·")[0].strip() == thing.label


def test_who_a_person_was_comes_before_their_injury(client: httpx.Client) -> None:
    text = page(client, "/person/viktor-spiridonov").text
    assert text.index("works as captain") < text.index("was wounded in")


def test_labels_have_their_language(client: httpx.Client, archive: kg.Archive) -> None:
    name = next(
        quad.subject.value
        for quad in archive.quads()
        if isinstance(quad.object, ox.Literal)
        and quad.object.language == "ru"
        and "/id/name/" in str(quad.subject)
    )
    shown = page(client, "/name/" + name.rpartition("/")[2])
    assert any(tag == "h1" and attrs.get("lang") == "ru" for tag, attrs in shown.tags)


def test_another_base_has_the_same_addresses() -> None:
    base = "https://archive.example/holdings/1990/"
    with running.serving(kg.open(collection.built(base))) as url, httpx.Client(base_url=url) as client:
        assert client.get("/id/claim/asbarez-c02-s2-01").headers["location"] == "/claim/asbarez-c02-s2-01"
        assert "/event/azerbaijan-1990-01" in page(client, "/claim/asbarez-c02-s2-01").hrefs()
        turtle = client.get("/claim/asbarez-c02-s2-01").text
        assert f"@prefix claim: <{base}id/claim/> ." in turtle
        assert "attest.example" not in turtle


# ---------------------------------------------------------------------- any data


def harmless(shown: Page) -> None:
    for tag, attrs in shown.tags:
        assert tag not in ("img", "iframe", "b")
        if tag == "script":  # the editor of queries, and what it completes
            assert attrs.get("src") == "/static/editor.js" or attrs.get("type") == "application/json"
        assert not any(name.startswith("on") or name == "style" for name in attrs)
        for name in ("href", "src", "action"):
            assert (attrs.get(name) or "/").startswith(("/", "http://", "https://", "data:,", "#", "?"))


def test_hostile_data_stay_text(hostile: httpx.Client) -> None:
    shown = page(hostile, "/thing")
    harmless(shown)
    assert "<script>alert('label')</script>" in shown.text
    assert "<script>alert('comment')</script>" in shown.text
    assert "javascript:alert(1)" in shown.text
    assert "http://away.example/?a=1&b=%22" in shown.hrefs()


@pytest.mark.parametrize("path", ["/", "/sparql", "/download/", "/resource?iri=urn:x:1", "/circle", "/other"])
def test_hostile_titles_stay_text(hostile: httpx.Client, path: str) -> None:
    shown = page(hostile, path)
    harmless(shown)
    assert "<script>alert(1)</script> & co" in shown.text


def test_hostile_rows_stay_text(hostile: httpx.Client) -> None:
    query = "SELECT ?l WHERE { { ?s ?p ?l } UNION { GRAPH ?g { ?s ?p ?l } } }"
    shown = page(hostile, f"/sparql?query={quote(query)}")
    harmless(shown)
    assert "<script>alert('label')</script>" in shown.text


def test_blank_nodes_are_shown_where_they_belong(hostile: httpx.Client) -> None:
    text = page(hostile, "/thing").text
    assert "inner & <b>bold</b>" in text
    assert "innermost" in text
    assert re.search(r"1\s*two\s*other", text)
    assert "50 more values" in text
    assert "shown above" in page(hostile, "/circle").text


def test_blank_nodes_are_part_of_the_description(hostile: httpx.Client) -> None:
    turtle = triples(hostile.get("/thing.ttl").text, ox.RdfFormat.TURTLE)
    values = {triple.object.value for triple in turtle if isinstance(triple.object, ox.Literal)}
    assert {"innermost", "149", "two"} <= values


@pytest.mark.parametrize(
    "format",
    [form for form in FORMS if form not in (HTML, CSV, GEO_JSON, *CITATIONS)],
    ids=lambda form: form.suffix,
)
def test_hostile_data_stay_data_in_every_form(hostile: httpx.Client, format: Format) -> None:
    answer = hostile.get(f"/thing.{format.suffix}")
    assert answer.headers["content-type"] == format.content_type
    if format.rdf is None:
        label = answer.json()["label"]
    else:
        found = triples(answer.text, format.rdf)
        (label,) = (
            triple.object.value  # type: ignore[union-attr]
            for triple in found
            if triple.subject == ox.NamedNode(BASE + "thing")
            and triple.predicate.value == RDFS + "label"
            and getattr(triple.object, "language", None) == "en"
        )
    assert label == "<script>alert('label')</script>"


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/dotted.ttl", "an IRI that ends like a form"),
        ("/deep/er/path", "a path"),
        ("/event/Strange.Slug", "a slug of another kind"),
        ("/caf%C3%A9", "a letter beyond ASCII"),
        ("/in-a-graph", "only in a named graph"),
        (f"/resource?iri={quote(BASE + 'sparql', safe='')}", "an IRI on a path of the server's own"),
        (f"/resource?iri={quote(BASE + 'page#part', safe='')}", "a part of a page"),
        (f"/resource?iri={quote(BASE + 'café', safe='')}", "a letter beyond ASCII"),
        ("/resource?iri=urn:x:1", "an IRI of another kind"),
    ],
)
def test_any_iri_has_its_page_and_its_data(hostile: httpx.Client, path: str, label: str) -> None:
    shown = page(hostile, path)
    assert label in shown.text
    (turtle,) = (
        attrs["href"]
        for _, attrs in shown.tags
        if attrs.get("rel") == "alternate" and attrs["type"] == TURTLE.media_type
    )
    answer = hostile.get(turtle or "")
    assert answer.headers["content-type"] == TURTLE.content_type
    assert label in answer.text
    lines = hostile.get(path, headers={"Accept": N_TRIPLES.media_type})
    assert triples(lines.text, ox.RdfFormat.N_TRIPLES) == triples(answer.text, ox.RdfFormat.TURTLE)


def test_a_blank_node_in_a_named_graph(hostile: httpx.Client) -> None:
    assert "unnamed in a graph" in page(hostile, "/in-a-graph").text


def test_redirects_stay_here(hostile: httpx.Client) -> None:
    answer = hostile.get("/id/event/Strange.Slug")
    assert (answer.status_code, answer.headers["location"]) == (303, "/event/Strange.Slug")
    for path in ("/id/event/https:%2F%2Fevil.example", "/id/event/https:%252F%252Fevil.example"):
        answer = hostile.get(path)
        assert answer.status_code in (200, 303, 404)
        assert answer.headers.get("location", "/").startswith("/") and not answer.headers.get(
            "location", "/"
        ).startswith("//")


def test_the_first_page_of_any_data(hostile: httpx.Client) -> None:
    shown = page(hostile, "/")
    assert "/thing" in shown.hrefs()
    assert "/list?class=" + quote("http://other.example/ns#Thing", safe="") in shown.hrefs()
    assert "allegation" not in shown.text
