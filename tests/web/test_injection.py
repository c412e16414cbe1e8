"""Injection: no text of a stranger becomes a part of a query, on the way over HTTP or through the library.

A store that notes down what it is asked stands between archive and engine. First harmless requests show what shapes its queries
have: the tokens, with values by their kind. Then no text whatever brings about a query of another shape.
"""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, Variable

import kg
import running
import sockets
import velmora
from kg import manifest, sparql
from kg.errors import KgError, QueryError
from kg.names import Base
from kg.queries import Catalog, Query
from kg.queries.header import read
from kg.store import EmbeddedStore
from kg.store.protocol import Answer
from suites import ROOT

BASE = Base(velmora.BASE)
FRAGMENTS = [
    ">", "<", '"', "'", "'''", '"""', "\\", "\\u003e", "\\u0022", "\\U0000003E", "\\\"", "}", "{", "} UNION { ?s ?p ?o } #", "#", ";", ".",
    "\n", "\r", "\t", "\0", "\x01", "\x7f", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffe", "\U0001f600", "é", "e\u0301", "%3E", "%0A", "%00", "%",
    " ", "?s ?p ?o", "SERVICE <http://127.0.0.1:9/>", "DROP ALL", "FILTER(true)", "*/*", "--", "$?", "@en", "^^xsd:string", "LIMIT 1", ") AS ?x)",
    "urn:x", "http://", "event:", "event:velmora-1901", "velmora-1901", "place:velmora", "kg:injured", "deaths", "_:b", "[]", "()", "a", "true",
    velmora.BASE, f"{velmora.BASE}id/event/velmora-1901", "https://attest.example/baku-1990/id/event/velmora-1901", "../", "//", "1990-01-16",
]  # fmt: skip
HOSTILE = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=6).map("".join),
    st.text(max_size=40),
    st.text(string.printable, max_size=40),
    st.builds(lambda one, text: one + text, st.sampled_from(FRAGMENTS), st.text(max_size=8)),
)
"""Texts made of what means something in SPARQL, IRIs and HTTP, and of anything."""

EVERY_TYPE = """#+ summary: A value of every type
#+ params:
#+   person: {type: person, default: jon-brandt}
#+   about: {type: iri, default: "urn:x"}
#+   measure: {type: measure, default: deaths}
#+   text: {type: string, default: word}
#+   count: {type: integer, default: 3}
#+   year: {type: year, default: 1990}
#+   tongue: {type: language, default: en}
#+   sure: {type: boolean, default: true}
#+   day: {type: date, default: 1990-01-16}
SELECT ?it ?text WHERE {
  ?it ?p ?o . FILTER (?it IN (?_person, ?_about) || ?p = ?_measure || ?o IN (?_count, ?_year, ?_day) && ?_sure || LANG(?o) = ?_tongue)
  BIND (?_text AS ?text)
}
"""
VALUES = {
    "person": "jon-brandt", "about": "urn:x", "measure": "deaths", "text": "word", "count": "3", "year": "1990", "tongue": "en",
    "sure": "true", "day": "1990-01-16",
}  # fmt: skip


@dataclass
class Spy:
    """A store that notes down the queries that it is asked."""

    store: EmbeddedStore
    texts: list[str] = field(default_factory=list)

    def query(self, text: str, *, base: str | None = None, union: bool = False) -> Answer:
        self.texts.append(text)
        return self.store.query(text, base=base, union=union)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def __len__(self) -> int:
        return len(self.store)

    def shapes(self) -> set[tuple[str, ...]]:
        """Give the shapes of what was asked since the last call."""
        asked, self.texts = self.texts, []
        return {shape(text) for text in asked}


def shape(text: str) -> tuple[str, ...]:
    """Give the tokens of a query, an IRI, a string and a number by its kind, and several values in a row as one."""
    kinds = ("iri", "string", "number")
    tokens = [
        token.kind if token.kind in kinds else token.text
        for token in sparql.tokens(text)
        if token.significant
    ]
    return tuple(
        token for token, _ in groupby("value" if token in ("true", "false") else token for token in tokens)
    )


@pytest.fixture(scope="module")
def spy() -> Spy:
    return Spy(EmbeddedStore.open(manifest.current(velmora.built() / "build")))


@pytest.fixture(scope="module")
def archive(spy: Spy) -> kg.Archive:
    """The invented collection with the questions of the real one."""
    directory = manifest.current(velmora.built() / "build")
    catalog = Catalog.load(ROOT / "queries", BASE)
    return kg.Archive(spy, manifest.read(directory), catalog, directory)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def client(archive: kg.Archive) -> Iterator[httpx.Client]:
    with (
        running.serving(archive) as url,
        httpx.Client(base_url=url, timeout=30, headers={"Accept": "*/*"}) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def known(archive: kg.Archive) -> set[str]:
    """Every IRI that stands in the data."""
    terms = {term for quad in archive.quads() for term in (quad.subject, quad.object)}
    return {term.value for term in terms if isinstance(term, ox.NamedNode)}


# ---------------------------------------------------------------------- parameters of questions


@settings(max_examples=50)
@given(st.sampled_from(sorted(VALUES)), HOSTILE)
@example("text", "\\u0022 . ?s ?p ?o")
@example("tongue", 'en" || true || "')
@example("about", "urn:x> ?p ?o . ?s <urn:y")
@example("count", "1) || (1")
@example("year", "１９９０")
@example("sure", "true || true")
def test_a_value_keeps_the_algebra(name: str, text: str) -> None:
    """Held against rdflib, whose parser is another than the engine's."""
    query = read("every-type", EVERY_TYPE, BASE)
    harmless = query.bind(VALUES, BASE)
    try:
        bound = query.bind(VALUES | {name: text}, BASE)
    except QueryError as error:
        assert str(error).startswith(f"{name}: ")
        return
    assert shape(bound) == shape(harmless)
    sparql.check(bound)
    assert algebra(bound) == algebra(harmless)


def algebra(text: str) -> Any:
    """Give what rdflib understands, with each value by its kind."""

    def kind(term: Any) -> Any:
        if isinstance(term, CompValue):
            return (term.name, sorted((key, kind(value)) for key, value in term.items() if key != "_vars"))
        if isinstance(term, list | tuple):
            return [kind(each) for each in term]
        if isinstance(term, set | frozenset):
            return sorted(map(str, map(kind, term)))
        return str(term) if isinstance(term, Variable) or not isinstance(term, Node) else type(term).__name__

    return str(kind(prepareQuery(text).algebra))


@settings(max_examples=50)
@given(
    st.one_of(HOSTILE, st.text(max_size=60)).filter(str.isprintable)
    | st.text(st.sampled_from("\\uU\"'\n\t\x01\x7f 0AF5C"))
)
@example("\\u0022")
@example("\x01AAAA")
def test_a_text_comes_back_as_it_was_given(text: str) -> None:
    query = read(
        "echo",
        "#+ summary: x\n#+ params:\n#+   text: {type: string}\nSELECT ?t WHERE { BIND (?_text AS ?t) }",
        BASE,
    )
    bound = query.bind({"text": text}, BASE)
    ((found,),) = EmbeddedStore.of([]).query(bound).rows  # type: ignore[union-attr]
    assert found.value == text
    assert [str(value) for (value,) in Graph().query(bound)] == [text]  # type: ignore[misc]


def _questions() -> list[Query]:
    return list(Catalog.load(ROOT / "queries", BASE).values())


HARMLESS = {
    "event": "velmora-1901", "person": "jon-brandt", "place": "velmora", "claim": "at-least", "passage": "p1", "work": "almanac",
    "concept": "doctor", "measure": "injured", "date": "1901-03-05", "iri": "org:company",
}  # fmt: skip


@pytest.mark.parametrize(
    "query", [query for query in _questions() if query.params], ids=lambda query: query.name
)
def test_no_parameter_of_a_question_changes_its_query(client: httpx.Client, spy: Spy, query: Query) -> None:
    """Over HTTP: the query that reaches the engine, and those that look a word up."""
    harmless = {param.name: HARMLESS[param.type] for param in query.params}
    for given_ in (
        harmless,
        dict.fromkeys(harmless, "nobody"),
        dict.fromkeys(harmless, "No body!"),
        dict.fromkeys(harmless, f"{velmora.BASE}id/event/x"),
        dict.fromkeys(harmless, "urn:x"),
        {},
    ):
        for form in ("csv", "html"):
            client.get(f"/queries/{query.name}.{form}", params=given_)
    for param in query.params:
        client.get(f"/queries/{query.name}", params=harmless | {param.name: "event:x"})
        client.get(f"/queries/{query.name}", params=harmless | {param.name: ""})
    shapes = spy.shapes()

    @settings(max_examples=10)
    @given(st.sampled_from([param.name for param in query.params]), HOSTILE, st.sampled_from(["csv", "html"]))
    def hold(name: str, text: str, form: str) -> None:
        answer = client.get(f"/queries/{query.name}.{form}", params=harmless | {name: text})
        assert answer.status_code in (200, 400, 404)
        assert spy.shapes() <= shapes

    hold()


# ---------------------------------------------------------------------- addresses

PATHS = [
    "/{}", "/id/event/{}", "/event/{}", "/event/{}.ttl", "/id/{}", "/id/{}/velmora-1901", "/{}/velmora-1901", "/person/{}", "/concept/{}.nt",
    "/graph/{}", "/claim/{}.html", "/queries/{}", "/queries/{}.csv", "/download/{}", "/resource?iri={}", "/resource?iri={}&format=html",
    "/resource?iri=urn:x&format={}", "/sitemap-{}.xml", "/dataset.{}", "/ns.{}", "/sparql?default-graph-uri={}&query=ASK%7B%7D",
]  # fmt: skip


@pytest.fixture(scope="module")
def shapes(client: httpx.Client, spy: Spy, known: set[str]) -> set[tuple[str, ...]]:
    """The shapes of the queries behind harmless addresses, each thing in the data in every form, and some that are not there."""
    addresses = [
        f"/resource?iri={quote(iri, safe='')}&format={form}"
        for iri in sorted(known)[::6]
        for form in ("nt", "html")
    ]
    addresses += [
        path.format(slug)
        for path in PATHS
        for slug in ("velmora-1901", "jon-brandt", "at-least", "doctor", "nobody", "no.body", "No%20body!")
    ]
    addresses += [
        f"/resource?iri={quote(iri, safe='')}"
        for iri in (
            "urn:x",
            "http://nowhere.example/",
            f"{velmora.BASE}id/event/nobody",
            f"{velmora.BASE}id/event/claim",
        )
    ]
    addresses += [
        "/",
        "/dataset",
        "/ns",
        "/shapes",
        "/sitemap.xml",
        "/health",
        "/id/event/velmora-1901",
        "/id/person/velmora-1901",
    ]
    for address in addresses:
        assert client.get(address).status_code in (200, 303, 400, 404, 406)
    return spy.shapes()


def test_no_address_changes_a_query(client: httpx.Client, spy: Spy, shapes: set[tuple[str, ...]]) -> None:
    @settings(max_examples=120)
    @given(st.sampled_from(PATHS), HOSTILE)
    @example("/event/{}", "x> ?p ?o } UNION { ?s ?p ?o . <urn:y")
    @example("/{}", "%c0%ae\ufffd")
    @example("/resource?iri={}", "urn:x\u202e> ?p ?o")
    def hold(path: str, text: str) -> None:
        for escaped in (
            quote(text, safe=""),
            quote(quote(text, safe=""), safe=""),
            quote(text, safe="/:?#[]@!$&'()*+,;=%"),
        ):
            answer = sockets.asked(str(client.base_url), path.format(escaped))
            assert answer.status in (200, 303, 308, 400, 404)
            assert spy.shapes() <= shapes

    hold()


def test_an_iri_gives_what_is_said_of_it_and_of_no_other(
    client: httpx.Client, archive: kg.Archive, known: set[str]
) -> None:
    said: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in archive.quads():
        if isinstance(quad.subject, ox.NamedNode):
            said[quad.subject.value].append(quad)
    near = st.builds(
        lambda iri, text, place: iri[:place] + text + iri[place:],
        st.sampled_from(sorted(known)),
        st.sampled_from([*FRAGMENTS, "", "./", "x/../", "%2e%2e/", "A"]),
        st.integers(0, 80),
    )

    @settings(max_examples=150)
    @given(near)
    @example(f"{velmora.BASE}id/event/../event/velmora-1901")
    @example(f"{velmora.BASE}id/event/velmora%2D1901")
    @example(f"{velmora.BASE.upper()}id/event/velmora-1901")
    def hold(iri: str) -> None:
        answer = client.get("/resource", params={"iri": iri, "format": "nt"})
        if iri == BASE.dataset:
            assert answer.status_code == 303
        elif iri not in known:
            assert answer.status_code in (400, 404)
        else:
            assert answer.status_code == 200
            found = {quad.triple for quad in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)}
            node = ox.NamedNode(iri)
            own = {triple for triple in found if triple.subject == node}
            assert own == {quad.triple for quad in said.get(iri, ())}
            assert any(node in (triple.subject, triple.object) for triple in found)

    hold()


# ---------------------------------------------------------------------- the library


def _calls(archive: kg.Archive) -> dict[str, Callable[[str], object]]:
    """Everything in the library that makes a query from a word or an IRI."""
    from kg.documents.addresses import Addresses
    from kg.documents.descriptions import Descriptions

    descriptions = Descriptions(archive)
    addresses = Addresses(archive.base)

    def all_of(path: str) -> None:
        for iri, _ in addresses.meanings(path):
            descriptions.known(iri)

    return {
        "thing": archive.thing,
        "place": lambda word: archive.thing(word, "place"),
        "claim": archive.claim,
        "why": archive.why,
        "event": lambda word: archive.claims(event=word),
        "measure": lambda word: archive.claims(measure=word),
        "claimant": lambda word: archive.claims(claimant=word),
        "as_of": archive.as_of,
        "source": lambda word: archive.verify(b"A text of some length, and no page of anybody.", source=word),
        "query": lambda word: archive.query("claims-by-measure", event=word),
        "label": lambda word: archive.label(kg.IRI(word)),
        "meanings": all_of,
    }


def test_no_word_changes_a_query_of_the_library(archive: kg.Archive, spy: Spy) -> None:
    calls = _calls(archive)
    harmless = [
        "velmora-1901",
        "jon-brandt",
        "Velmora",
        "at-least",
        "injured",
        "company",
        "nobody",
        "No body!",
        "event:nobody",
        "1901-03-05",
        "text:gazette-1-1",
    ]
    harmless += [
        "gazette-1",
        "urn:x",
        "/event/velmora-1901",
        "/nobody",
        "velmora",
        "dates",
        "org:company",
        *(
            f"{velmora.BASE}id/{name}"
            for name in ("event/coast-1901", "passage/c1", "claim/dates", "person/ada-holm", "event/claim")
        ),
    ]
    for call in calls.values():
        for word in harmless:
            with suppress(KgError):
                call(word)
    shapes = spy.shapes()

    @settings(max_examples=120)
    @given(st.sampled_from(sorted(calls)), HOSTILE)
    def hold(name: str, text: str) -> None:
        with suppress(KgError):
            calls[name](text)
        assert spy.shapes() <= shapes

    hold()


def test_iris_of_rows_change_no_query_of_the_library(archive: kg.Archive, spy: Spy) -> None:
    """Rows hold what data hold, and data hold IRIs alone; any IRI that the engine takes is one value."""
    from kg.documents.descriptions import Descriptions

    descriptions = Descriptions(archive)
    iris = st.one_of(
        HOSTILE, HOSTILE.map("urn:x:".__add__), HOSTILE.map((velmora.BASE + "id/claim/").__add__)
    ).filter(_engine_takes)
    asked = {
        "known": descriptions.known,
        "of": descriptions.of,
        "incoming": lambda iri: descriptions.incoming(iri, 10, without=[iri]),
        "names": lambda iri: descriptions.names([iri]),
        "living": descriptions.may_be_living,
        "recorded": lambda iri: archive.recorded([iri]),
        "cited": lambda iri: archive.cited(archive.query(f"SELECT (<{iri}> AS ?claim) {{}}")),
    }
    for ask in asked.values():
        for iri in (
            "urn:x",
            f"{velmora.BASE}id/event/velmora-1901",
            f"{velmora.BASE}id/passage/p1",
            f"{velmora.BASE}id/claim/at-least",
        ):
            ask(iri)
    shapes = spy.shapes()

    @settings(max_examples=150)
    @given(st.sampled_from(sorted(asked)), iris)
    def hold(name: str, iri: str) -> None:
        asked[name](iri)
        assert spy.shapes() <= shapes

    hold()


def _engine_takes(iri: str) -> bool:
    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return True
