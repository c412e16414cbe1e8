"""One script of everything that an archive can be asked: an endpoint gives the answers of the release that it serves."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDFS, URIRef

import collection
import kg
from kg import names
from kg.formats import EXPORTS
from kg.store.remote import endpoint as endpoints

EVENT = "https://attest.example/baku-1990/id/event/baku-1990-01"
GRAPH = "https://attest.example/baku-1990/graph/entities"
KG = "PREFIX kg: <https://w3id.org/attest/ns#> "
COUNT = "SELECT (COUNT(*) AS ?n)"
UNION = "oxigraph --union-default-graph"


def rows(name: str, **params: object) -> Callable[[kg.Archive], object]:
    def asked(g: kg.Archive) -> object:
        found = g.query(name, **params)
        return found.columns, found.to_dicts(), found.note

    return asked


def exported(suffix: str, **more: object) -> Callable[[kg.Archive], object]:
    def written(g: kg.Archive) -> object:
        out = io.BytesIO()
        return g.export(EXPORTS[suffix], out, **more), out.getvalue()  # type: ignore[arg-type]

    return written


def refused(ask: Callable[[kg.Archive], object]) -> Callable[[kg.Archive], object]:
    def asked(g: kg.Archive) -> object:
        with pytest.raises(kg.KgError) as raised:
            ask(g)
        return (
            type(raised.value),
            str(raised.value),
            getattr(raised.value, "suggestions", ()),
            raised.value.remedy,
        )

    return asked


COPY = b"A page that has none of the passages, long enough to be read as one. " * 3

SCRIPT: dict[str, Callable[[kg.Archive], object]] = {
    "claims": lambda g: g.claims(),
    "claims of an event": lambda g: g.claims(event="baku-1990-01", measure="deaths"),
    "claims of it alone": lambda g: g.claims(event="event:baku-1990-01", related=False),
    "claims of a voice": lambda g: g.claims(claimant="asbarez"),
    "claims by a day": lambda g: g.claims(as_of="1990-01-16"),
    "claims of no event": refused(lambda g: g.claims(event="baku-1990")),
    "claims of no measure": refused(lambda g: g.claims(measure="deads")),
    "claims of no voice": refused(lambda g: g.claims(claimant="asbares")),
    "a claim": lambda g: g.claim("asbarez-c02-s2-01"),
    "no claim": refused(lambda g: g.claim("asbarez-c02-s2-1")),
    "what was known": lambda g: g.as_of("1990-01-16"),
    "events": lambda g: g.events(),
    "people": lambda g: g.people(),
    "places": lambda g: g.places(),
    "photographs": lambda g: g.photographs(),
    "works": lambda g: g.works(),
    "a thing": lambda g: g.thing("place:krasnovodsk"),
    "no thing": refused(lambda g: g.thing("krasnowodzk", kind="place")),
    "a label": lambda g: g.label(kg.IRI(EVENT)),
    "a named query": rows("claims-by-measure", event="baku-1990-01", as_of="1990-01-17"),
    "a named query of a name": rows("spellings", place="krasnovodsk"),
    "a named query that is none": refused(lambda g: g.query("claims-by-mesure")),
    "a parameter that is not there": refused(lambda g: g.query("spellings", place="krasnowodzk")),
    "SELECT": rows(f"{COUNT} {{ ?s ?p ?o }}"),
    "SELECT in each graph": rows(f"SELECT ?g {COUNT[7:]} {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g ORDER BY ?g"),
    "SELECT of what stands only in claims": rows(KG + "SELECT ?n { ?e kg:deaths ?n }"),
    "SELECT with the words of other forms": rows(
        'PREFIX insert: <https://schema.org/> # LOAD\nSELECT (COUNT(*) AS ?n) { ?ask a insert:Event FILTER ("DELETE" != "ASK") }'
    ),
    "SELECT of 5,000 characters": rows(f"{COUNT} {{ VALUES ?p {{ {'<urn:x:p> ' * 500} <{RDFS.label}> }} ?s ?p ?o }}"),
    "ASK": lambda g: (g.answer("ASK { ?s ?p ?o }"), g.answer("ASK { ?s <urn:x:p> ?o }")),
    "CONSTRUCT": lambda g: set(
        g.answer(f"CONSTRUCT {{ ?s <{RDFS.label}> ?o }} WHERE {{ ?s <{RDFS.label}> ?o }}")  # type: ignore[arg-type]
    ),
    "DESCRIBE": lambda g: set(g.answer(f"DESCRIBE <{EVENT}>")),  # type: ignore[arg-type]
    "DESCRIBE of nothing": lambda g: g.answer("DESCRIBE <urn:x:nothing>"),
    "an update": refused(lambda g: g.answer("INSERT DATA { <urn:a> <urn:b> <urn:c> }")),
    "SERVICE": refused(lambda g: g.answer("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")),
    "an undeclared prefix": refused(lambda g: g.answer("SELECT * { ?s nowhere:p ?o }")),
    "why, a claim": lambda g: g.why("asbarez-c02-s2-01"),
    "why, an event": lambda g: g.why("event:baku-1990-01"),
    "why, a derived claim": lambda g: g.why("claim:attest-baku-interval"),
    "why, a passage": lambda g: g.why("passage:asbarez-c02-s2"),
    "why, with a copy that has none of it": lambda g: g.why("asbarez-c02-s2-01", text=COPY),
    "why, nothing": refused(lambda g: g.why("asbarez-c02-s2-1")),
    "verify": lambda g: g.verify(COPY),
    "verify against a source": lambda g: g.verify(COPY, source="asbarez-91953"),
    "verify against none": refused(lambda g: g.verify(COPY, source="nowhere")),
    "quads": lambda g: set(g.quads()),
    **{f"export {suffix}": exported(suffix) for suffix in EXPORTS},
    "export on another base": exported("nq", base=names.Base("https://archive.example/x/")),
    "rdflib": lambda g: set(g.rdflib().quads((URIRef(EVENT), None, None, None))),
    "rdflib, everything": lambda g: len(g.rdflib()),
    "the catalogue": lambda g: {name: query.text for name, query in g.catalog.items()},
    "the base": lambda g: g.base,
}  # fmt: skip


@cache
def expected(name: str) -> object:
    return SCRIPT[name](kg.open(collection.built()))


@pytest.mark.parametrize("name", SCRIPT)
def test_an_endpoint_answers_as_the_release(remote: kg.Archive, name: str) -> None:
    assert SCRIPT[name](remote) == expected(name)


def test_words_are_those_of_the_copy(remote: kg.Archive, archive: kg.Archive, seed: Path) -> None:
    copy = seed.read_bytes()
    assert remote.verify(copy) == archive.verify(copy)
    found = remote.why("event:baku-1990-01", text=copy)
    assert found == archive.why("event:baku-1990-01", text=copy)
    assert "“" in str(found)


def test_named_queries_give_the_same_rows(remote: kg.Archive, archive: kg.Archive) -> None:
    asked = [name for name, query in archive.catalog.items() if not any(p.required for p in query.params)]
    assert asked
    for name in asked:
        rows = remote.query(name).to_dicts()  # some take the server seconds
        assert rows == archive.query(name).to_dicts()
        assert rows


def test_from_is_heeded_or_refused(remote: kg.Archive, request: pytest.FixtureRequest) -> None:
    """Oxigraph's server with a union sets FROM aside; its answer would be that to another question."""
    text = f"{COUNT} FROM <{GRAPH}> {{ ?s ?p ?o }}"
    if UNION in request.node.name:
        with pytest.raises(kg.RemoteError, match="sets FROM aside") as raised:
            remote.answer(text)
        assert "GRAPH" in raised.value.remedy
    else:
        assert remote.query(text)[0].n == expected_in(GRAPH)
    assert remote.query(f"{COUNT} {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}")[0].n == expected_in(GRAPH)


def expected_in(graph: str) -> int:
    manifest = kg.open(collection.built()).manifest
    return next(each.quads for each in manifest.graphs if each.iri == graph)


def test_the_dataset_says_what_it_is(remote: kg.Archive, archive: kg.Archive, address: str) -> None:
    said, full = remote.manifest, archive.manifest
    for name in ("title", "base", "version", "description", "licence", "publisher", "default_graph"):
        assert getattr(said, name) == getattr(full, name), name
    assert full.title and full.version and full.licence
    meta = archive.base.graph("meta")  # it does not count itself
    assert said.graphs == tuple(graph for graph in full.graphs if graph.iri != meta)
    assert (said.id, said.date, said.counts, said.files, said.inputs, said.tools) == ("", "", {}, (), {}, {})
    assert remote.directory is None
    assert repr(remote) == f"<kg.Archive {full.title!r}, at {address}>"


HANDFUL = {
    "events": 1,
    "claims of an event": 4,
    "a thing": 1,
    "a named query": 2,
    "why, a claim": 7,
    "why, an event": 8,
    "why, a derived claim": 7,
    "verify": 1,
    "quads": 1,
    "rdflib": 1,
}


def test_each_question_takes_a_handful_of_exchanges(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many claims and passages there are: a question a claim would take minutes over a slow line."""
    sent = 0
    exchange = endpoints.exchange

    def counted(*arguments: object) -> object:
        nonlocal sent
        sent += 1
        return exchange(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(endpoints, "exchange", counted)
    remote = kg.open(address)
    assert sent <= 5
    remote.claims()  # reads the labels
    for name, most in HANDFUL.items():
        sent = 0
        SCRIPT[name](remote)
        assert 0 < sent <= most, name
