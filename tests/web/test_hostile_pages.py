"""Data that mean harm, on every page: whatever they say stays text, and no page of theirs has another element than its harmless twin."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import httpx
import pyoxigraph as ox
import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import hostile
import kg
import running
import suites
import velmora
from hostile import MARK, RAN
from kg.web.app import create_app

VOID = {"meta", "link", "br", "img", "input", "hr"}
KNOWN = {
    "a", "abbr", "aside", "bdi", "body", "br", "button", "caption", "circle", "code", "datalist", "dd", "desc", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "g", "h1", "h2", "h3", "h4", "head", "header", "html", "input", "kbd",
    "label", "legend", "li", "line", "link", "main", "mark", "meta", "nav", "ol", "option", "p", "path", "polyline", "pre", "rect",
    "script", "section", "select", "span", "strong", "summary", "svg", "table", "tbody", "td", "text", "textarea", "th", "thead", "time",
    "title", "tr", "ul",
}  # fmt: skip
DRAWN = {
    "circle",
    "defs",
    "desc",
    "figcaption",
    "figure",
    "g",
    "line",
    "path",
    "pattern",
    "polyline",
    "rect",
    "svg",
    "text",
}
"""Elements of drawings. How many lines a label has, and where it finds room, depends on its length."""
FIXED = {
    "class",
    "id",
    "rel",
    "type",
    "method",
    "action",
    "name",
    "charset",
    "scope",
    "role",
    "for",
    "lang",
    "colspan",
}
"""Attributes whose values no text of the data changes."""
PLAIN = {"title", "desc", "text", "script", "pre", "textarea", "option"}
"""Elements in which there can be no other: their text has no direction of its own to isolate, or as text of SVG is isolated by the style sheet."""


class Page(HTMLParser):
    """A page: its elements, its links, and where each text of the data stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.loose: list[str] = []
        self.scripts: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks for them, and it takes a tenth of the parsing."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in KNOWN | DRAWN, tag
        assert not any(
            name.startswith("on") or name in ("style", "srcdoc", "formaction") for name, _ in attrs
        )
        shown = ((name, value if name in FIXED else None) for name, value in attrs)
        if "svg" not in self.open:
            self.elements.append((tag, tuple(sorted(shown, key=str))))
        else:
            assert tag in DRAWN | {"title"}, tag
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
        if MARK in data and "bdi" not in self.open and not PLAIN & set(self.open):
            self.loose.append(f"{self.open}: {data[:80]}")


def count(page: Page) -> Counter[str]:
    """Count the elements of *page* that a list of links does not bring."""
    return Counter(tag for tag, _ in page.elements if tag not in ("p", "ul", "li", "a", "code"))


class Unguarded:
    """An application without its Content-Security-Policy, so that only what the pages are made of protects the reader."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def stripped(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    pair for pair in message["headers"] if pair[0] != b"content-security-policy"
                ]
            await send(message)

        await self._app(scope, receive, stripped)


class Twins:
    """Clients of the servers of harmful data and of the same data without harm, and the harmful archive."""

    def __init__(self, archive: kg.Archive, *clients: httpx.Client) -> None:
        self.archive = archive
        self.url = str(clients[0].base_url).rstrip("/")
        self._clients = clients

    def pages(self, path: str, status: int | tuple[int, ...] = (200,)) -> Page:
        """Fetch *path* from both, see that they have the same elements, and that nothing harms; give the harmful one.

        What may have been meant, which a page of a problem lists, differs: there the elements are those that have no list.
        """
        answers = [client.get(path) for client in self._clients]
        expected = (status,) if isinstance(status, int) else status
        assert [answer.status_code in expected for answer in answers] == [True, True], (
            path,
            [answer.status_code for answer in answers],
        )
        for answer in answers:
            assert answer.headers["content-type"] == "text/html; charset=utf-8", path
        page, twin = (Page(answer.text) for answer in answers)
        if "Did you mean:" in page.text + twin.text:
            assert [count(each) for each in (page, twin)] == [count(twin)] * 2, path
        elif path == "/download/":  # RDF/XML cannot hold a control character, and is not offered
            assert set(page.elements) == set(twin.elements), path
        else:
            assert page.elements == twin.elements, path
        assert page.loose == [], path
        for link in page.links:
            assert link == "data:," or urlsplit(link).scheme in ("http", "https", ""), (path, link)
            assert link[:2] != "//" and not re.match(r"[\x00-\x20]|/\\", link), (path, link)
        for script in page.scripts:
            assert "<" not in script, path
            json.loads(script)
        return page


@pytest.fixture(scope="module", params=["attest", "plain"])
def twins(request: pytest.FixtureRequest) -> Iterator[Twins]:
    made = hostile.attest if request.param == "attest" else hostile.plain
    archives = [kg.open(made(harmful)) for harmful in (True, False)]
    with ExitStack() as stack:
        clients = []
        for archive in archives:
            url = stack.enter_context(running.serving(archive, app=Unguarded(create_app(archive))))
            client = httpx.Client(base_url=url, timeout=30, headers={"Accept": running.BROWSER})
            clients.append(stack.enter_context(client))
        yield Twins(archives[0], *clients)


def test_the_page_of_every_resource(twins: Twins) -> None:
    quads = list(twins.archive.quads())
    terms = {term for quad in quads for term in (quad.subject, quad.object)}
    named = sorted(term.value for term in terms if isinstance(term, ox.NamedNode))
    own = [
        iri
        for iri in named
        if not iri.startswith((f"{velmora.BASE}id/concept", "https://w3id.org/attest/ns#"))
    ]
    assert len(own) > 100
    marked = 0
    for iri in [*own, *sorted(set(named) - set(own))[::8]]:
        if iri == f"{velmora.BASE}dataset":
            continue
        marked += MARK in twins.pages(f"/resource?iri={quote(iri, safe='')}").text
    assert marked > 90


def test_every_other_page(twins: Twins) -> None:
    for path in (
        "/",
        "/download/",
        "/dataset",
        "/queries",
        "/sparql",
        "/prefixes",
        "/event/velmora-1901",
        "/person/jon-brandt.html",
    ):
        twins.pages(path)
    for path in ("/timeline", "/timeline?from=1850-01-01&to=2020-01-01&as-of=1901-05-04", "/map"):
        twins.pages(path, 200 if "attest" in twins.archive.manifest.profiles else (200, 404))
    for path in ("/ns", "/shapes", "/event/velmora-1901/claims", "/event/velmora-1901/claims/injured"):
        twins.pages(path, 200 if "attest" in twins.archive.manifest.profiles else 404)
    assert MARK in twins.pages("/").text


def test_every_answer_as_a_page(twins: Twins) -> None:
    def asked(query: str) -> str:
        return f"/sparql?query={quote(query)}"

    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    for query in (
        "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY STR(?s) STR(?p) DATATYPE(?o) LANG(?o) LIMIT 900",
        f"SELECT ?s (GROUP_CONCAT(?l) AS ?all) {{ ?s <{rdfs}label> ?l }} GROUP BY ?s ORDER BY STR(?s)",
        f"SELECT (STRDT(STR(?l), <javascript:alert(1)>) AS ?typed) (STRLANG(STR(?l), 'en-x-a') AS ?tongue) {{ ?s <{rdfs}label> ?l }} ORDER BY STR(?s) LANG(?l) ?l",
        f"SELECT (IRI(CONCAT('javascript:', ENCODE_FOR_URI(?l))) AS ?iri) {{ ?s <{rdfs}label> ?l }} ORDER BY STR(?s) LANG(?l) ?l",
        "SELECT (1 AS ?onclick) (2 AS ?é) {}",
        "ASK {}",
        f"DESCRIBE <{velmora.BASE}id/event/velmora-1901>",
        f"CONSTRUCT {{ ?s <{rdfs}label> ?l }} WHERE {{ ?s <{rdfs}label> ?l }}",
    ):
        twins.pages(asked(query))
    for text in hostile.TEXTS:
        for query in (
            text,
            f"SELECT {text}",
            f"ASK {{ }} # {text}",
            f"SELECT * {{ ?s ?p <{text}> }}",
            f"SELECT * {{ <urn:{quote(text, safe='')}> ?p ?o }}",
        ):
            twins.pages(asked(query), (200, 400))


def test_every_question_as_a_page(twins: Twins) -> None:
    for name in twins.archive.catalog:
        twins.pages(f"/queries/{name}")
        for param in twins.archive.catalog[name].params:
            for text in hostile.TEXTS:
                twins.pages(f"/queries/{name}?{param.name}={quote(text)}", (200, 400, 404))
    for text in hostile.TEXTS:
        twins.pages(f"/queries/{quote(text, safe='')[:200]}", (404,))


def test_a_long_word_beside_long_names_is_answered_soon(twins: Twins) -> None:
    """To tell how like two names are takes the product of their lengths, and here they have 3,000 letters."""
    began = time.monotonic()
    for name in ("W" * 3000, "W" * 1500 + "V" * 1500):
        assert httpx.get(f"{twins.url}/event/{name}", timeout=30).status_code == 404
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("text", hostile.TEXTS, ids=range(len(hostile.TEXTS)))
def test_every_problem_as_a_page(twins: Twins, text: str) -> None:
    escaped = quote(text[:200], safe="")
    for path in (
        "/{}",
        "/event/{}",
        "/id/person/{}",
        "/download/{}",
        "/resource?iri=urn:{}",
        "/resource?iri={}",
        "/resource?iri=urn:x&format={}",
        "/timeline?as-of={}",
        "/map?event={}",
        "/ns.{}",
        "/dataset.{}",
    ):
        page = twins.pages(path.format(escaped), (400, 404))
        assert RAN not in str(page.elements)
    answer = httpx.get(
        f"{twins.url}/event/velmora-1901", headers={"Accept": quote(text[:50], safe="<>\"'") + "/x"}
    )
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_the_data_forms_hold_the_texts_and_end_where_they_should(twins: Twins) -> None:
    """What a program reads is what the data say, whatever it looks like."""
    iri = f"{velmora.BASE}id/event/velmora-1901"
    expected = {quad.object.value for quad in twins.archive.quads() if quad.subject == ox.NamedNode(iri)}
    for form, format in (("nt", ox.RdfFormat.N_TRIPLES), ("ttl", ox.RdfFormat.TURTLE)):
        body = httpx.get(f"{twins.url}/event/velmora-1901.{form}").content
        found = {
            quad.object.value for quad in ox.parse(body, format=format) if quad.subject == ox.NamedNode(iri)
        }
        assert found == expected
    jsonld = httpx.get(f"{twins.url}/event/velmora-1901.jsonld").json()
    assert MARK in json.dumps(jsonld)


# ---------------------------------------------------------------------- in a browser


@pytest.mark.needs("chromium")
def test_nothing_runs_in_a_browser(twins: Twins, tmp_path: Path) -> None:
    """Without the policy that forbids scripts anyway; a page that does run one shows that it would be seen."""
    control = tmp_path / "control.html"
    control.write_text(f"<!doctype html><title>x</title>{hostile.TEXTS[0]}")
    assert RAN in dom(control.as_uri(), tmp_path)
    query = quote(f"SELECT ?o {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), '{MARK}')) }}")
    paths = ["/", "/event/velmora-1901", f"/sparql?query={query}", f"/sparql?query={quote(hostile.TEXTS[6])}"]
    if "attest" in twins.archive.manifest.profiles:
        paths += ["/dataset", f"/queries/labels?text={quote(hostile.TEXTS[2])}"]
    else:
        paths += ["/strange", f"/event/{quote(hostile.TEXTS[0], safe='')}"]
    for path in paths:
        shown = dom(twins.url + path, tmp_path)
        assert RAN not in re.sub(r">[^<]*<", "><", shown).partition("<head")[0], path
        body = Page(shown.replace(' open=""', ""))
        assert {tag for tag, _ in body.elements} <= KNOWN, path
        assert RAN in unquote(body.text) or path == "/strange", path  # as text


def dom(url: str, profile: Path) -> str:
    """Give the document at *url* as the browser has it after its scripts have run."""
    command = [
        str(suites.require("chromium")),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
    ]
    command += [f"--user-data-dir={profile / 'profile'}", "--virtual-time-budget=2000", "--dump-dom", url]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    return done.stdout.decode()
