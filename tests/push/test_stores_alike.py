"""One script for every store: in memory, on disk, behind Oxigraph's server, and in a real Virtuoso 7, into which kg push put the same release."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pyoxigraph as ox
import pytest
from servers import Server

import collection
import kg
from kg import opening
from kg.cli import main
from kg.store import EmbeddedStore, Store

pytestmark = pytest.mark.xdist_group("push")

STORES = ("disk", "oxigraph", "virtuoso")
"""Each is held against the first: the store in memory."""
BASE = "https://attest.example/baku-1990/"
EVENT = ox.NamedNode(f"{BASE}id/event/baku-1990-01")
VOCAB = ox.NamedNode(f"{BASE}graph/vocab")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
KG = "PREFIX kg: <https://w3id.org/attest/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "


def asked(text: str) -> Callable[[Store], object]:
    def answer(store: Store) -> object:
        found = store.query(text, union=True)
        return found if isinstance(found, bool) else set(map(str, getattr(found, "rows", found)))

    return answer


SCRIPT: dict[str, Callable[[Store], object]] = {
    "number": len,
    "graphs": lambda store: store.graphs(),
    "quads": lambda store: set(map(str, store.quads())),
    "about": lambda store: set(map(str, store.about(EVENT.value))),
    "incoming": lambda store: len(store.incoming(EVENT.value, 20)),
    "match": lambda store: set(map(str, store.match(None, LABEL, None, VOCAB))),
    "match of a literal": lambda store: store.match(None, None, ox.Literal("Baku", language="en")) != [],
    "match of nothing": lambda store: store.match(ox.NamedNode("urn:x:nothing"), None, None),
    "SELECT": asked(KG + "SELECT ?claim ?day { ?claim a kg:Claim ; kg:asOfLatest ?day FILTER (?day < '1990-01-16'^^<http://www.w3.org/2001/XMLSchema#date>) }"),
    "SELECT with GROUP BY": asked(KG + "SELECT ?p (COUNT(*) AS ?n) { ?claim a kg:Claim ; rdf:predicate ?p } GROUP BY ?p"),
    "SELECT in a graph": asked(f"SELECT ?s {{ GRAPH <{VOCAB.value}> {{ ?s <{LABEL.value}> ?o }} }}"),
    "SELECT FROM": asked(COUNT.replace("{", f"FROM <{VOCAB.value}> {{", 1)),
    "SELECT of truth values": asked("SELECT ?s ?p ?o { ?s ?p ?o FILTER (DATATYPE(?o) = <http://www.w3.org/2001/XMLSchema#boolean>) }"),
    "SELECT of durations": asked("SELECT ?s ?p ?o { ?s ?p ?o FILTER (DATATYPE(?o) = <http://www.w3.org/2001/XMLSchema#duration>) }"),
    "ASK": asked(KG + "ASK { ?claim a kg:Claim }"),
    "ASK of nothing": asked("ASK { ?s <urn:x:p> ?o }"),
    "CONSTRUCT": asked(f"CONSTRUCT {{ ?s <{LABEL.value}> ?o }} WHERE {{ GRAPH <{VOCAB.value}> {{ ?s <{LABEL.value}> ?o }} }}"),
}  # fmt: skip


@cache
def memory() -> kg.Archive:
    """The real collection, in memory."""
    return kg.open(collection.built())


@cache
def expected(name: str) -> object:
    return SCRIPT[name](memory().store)


@pytest.fixture(scope="module", params=STORES)
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> kg.Archive:
    """The real collection, over each store."""
    directory = memory().directory
    assert directory
    if request.param == "disk":
        import shutil

        place = shutil.copytree(directory, tmp_path_factory.mktemp("disk") / "release")
        return kg.Archive(EmbeddedStore.open(place, in_memory=0), memory().manifest, memory().catalog, place)
    server: Server = request.getfixturevalue(f"{request.param}_server")
    with pytest.MonkeyPatch.context() as patched:
        for name, value in server.environment.items():
            patched.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main(["push", *server.arguments(), str(directory), "--quiet"])
        assert ended.value.code == 0
    return kg.Archive(
        opening.behind(memory().manifest, server.read, kg.store.limits.Limits()),
        memory().manifest,
        memory().catalog,
    )


@pytest.mark.parametrize("name", SCRIPT)
def test_a_store_answers_as_that_in_memory(archive: kg.Archive, name: str) -> None:
    assert SCRIPT[name](archive.store) == expected(name)


def _rows(archive: kg.Archive, name: str) -> list[str]:
    """Give the rows, in the order in which they came."""
    return list(map(repr, archive.query(name).to_dicts()))


def test_the_questions_of_the_catalogue_have_the_same_answers(archive: kg.Archive) -> None:
    for name, query in memory().catalog.items():
        if any(param.required for param in query.params):
            continue
        assert _rows(archive, name) == _rows(memory(), name), name


def test_claims_and_what_they_rest_on_are_the_same(archive: kg.Archive) -> None:
    claims = archive.claims(event="baku-1990-01", measure="deaths")
    assert claims == memory().claims(event="baku-1990-01", measure="deaths")
    assert archive.why("asbarez-c02-s2-01") == memory().why("asbarez-c02-s2-01")
