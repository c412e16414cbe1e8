"""What bench/serve.py asks of each server, and what a right answer is: collections, requests, and their truth.

The truth is read from the release's N-Quads by a parser and not asked of any of the engines that are compared.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import quote

import pyoxigraph as ox
from client import SERIAL
from peers import Peer

from kg.names import RDF, RDFS, SCHEMA, Base

IRIS: Final = 1_000
CHECKED: Final = 10
"""IRIs whose look-up, Turtle and page are compared with the truth before anything is timed."""
LISTED: Final = 50

_N: Final = SERIAL.decode()
_JSON: Final = "application/sparql-results+json"
_TURTLE: Final = "text/turtle"
_HTML: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"  # as browsers send it


class Wrong(Exception):
    """An answer that is not the right one."""


@dataclass(slots=True, kw_only=True)
class Collection:
    """A release, the same as a database of Oxigraph (and a copy for those that write to it), and what is true of it."""

    key: str
    title: str
    base: str
    release: Path
    quads: Path
    database: Path
    copy: Path
    number: int = 0
    iris: list[str] = field(default_factory=list)  # of what it describes, in a random order, each once
    facts: dict[str, set[tuple[str, str]]] = field(default_factory=dict)  # of the first of them
    triples: dict[str, set[ox.Triple]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    types: Counter[str] = field(default_factory=Counter)
    listed: list[tuple[str, str]] = field(default_factory=list)

    def read(self) -> None:
        """Read the truth from the N-Quads."""
        subjects, typed, labels = set[str](), set[tuple[str, str]](), dict[str, str]()
        space, events = f"{self.base}id/", set[str]()
        for quad in ox.parse(path=str(self.quads)):
            self.number += 1
            subject, predicate = _value(quad.subject), quad.predicate.value
            if subject.startswith(space):
                subjects.add(subject)
            if predicate == RDF + "type":
                typed.add((subject, _value(quad.object)))
                if _value(quad.object) == SCHEMA + "Event":
                    events.add(subject)
            elif predicate == RDFS + "label":
                labels[subject] = _value(quad.object)
        self.iris = sorted(subjects)
        Random(1990).shuffle(self.iris)  # noqa: S311 - nothing secret
        self.types = Counter(type for _, type in typed)
        self.listed = sorted((labels[event], event) for event in events if event in labels)[:LISTED]
        chosen, triples = set(self.iris[:CHECKED]), defaultdict[str, set[ox.Triple]](set)
        for quad in ox.parse(path=str(self.quads)):
            if (subject := _value(quad.subject)) in chosen:
                triples[subject].add(quad.triple)
        self.triples = dict(triples)
        self.facts = {
            iri: {(triple.predicate.value, _value(triple.object)) for triple in found}
            for iri, found in triples.items()
        }
        self.labels = {iri: labels[iri] for iri in chosen if iri in labels}


@dataclass(frozen=True, slots=True)
class Workload:
    """A kind of request; it is measured fresh (no two alike) and the same again and again."""

    key: str
    title: str

    def requests(self, peer: Peer, collection: Collection) -> list[str]:
        """Give the requests for *peer*, the nth about the nth IRI where they are about one; none where it has no such thing.

        Each that can be has a serial number in it, and is then never the same twice; the others are as many as there are IRIs.
        """
        iris = collection.iris
        if self.key == "page":
            path = partial(_own, collection) if peer.own_documents else peer.page
            return [_getting(path(iri), _HTML) for iri in iris] if path else []
        if self.key == "turtle" and peer.own_documents:
            return [_getting(_own(collection, iri), _TURTLE) for iri in iris]
        accept = _TURTLE if self.key == "turtle" else _JSON
        about = iris[:IRIS] if self.key in ("look-up", "turtle") else [""]
        return [_asking(peer, _query(self.key, peer, iri), accept) for iri in about]

    def check(self, collection: Collection, number: int, status: int, head: str, body: bytes) -> None:
        """Compare the answer to the request *number* with the truth. Raises Wrong."""
        if status != 200:
            raise Wrong(f"status {status}" if status else "no answer")
        iri = collection.iris[number]
        if self.key in ("turtle", "page"):
            kind = _TURTLE if self.key == "turtle" else "text/html"
            if f"content-type: {kind}" not in head.lower():
                raise Wrong(f"not {kind}, though that was asked for")
        if self.key == "turtle":
            found = {quad.triple for quad in ox.parse(body, format=ox.RdfFormat.TURTLE)}
            _same(
                {triple for triple in found if triple.subject == ox.NamedNode(iri)}, collection.triples[iri]
            )
        elif self.key == "page":
            if (name := collection.labels.get(iri, iri.rpartition("/")[2])) not in unescape(body.decode()):
                raise Wrong(f"a page without the name {name}")
        else:
            self._check_rows(collection, iri, json.loads(body))

    def _check_rows(self, collection: Collection, iri: str, answer: dict[str, Any]) -> None:
        match self.key:
            case "trivial":
                _same(answer.get("boolean") or _rows(answer) == [("1",)], True)
            case "look-up":
                _same(len(_rows(answer)), len(collection.facts[iri]))
                _same(set(_rows(answer)), collection.facts[iri])
            case "listing":
                _same([(label, event) for event, label in _rows(answer)], collection.listed)
            case "aggregate":
                _same({type: int(count) for type, count in _rows(answer)}, dict(collection.types))


WORKLOADS: Final = (
    Workload("trivial", "trivial query"),
    Workload("look-up", "look-up"),
    Workload("listing", "listing"),
    Workload("aggregate", "aggregate"),
    Workload("turtle", "resource in Turtle"),
    Workload("page", "resource in HTML"),
)


def _query(key: str, peer: Peer, iri: str) -> str:
    match key:
        case "look-up":
            return f"SELECT ?p{_N} ?o{_N} {{ <{iri}> ?p{_N} ?o{_N} }}"
        case "listing":
            kind = f"a <{SCHEMA}Event> ; <{RDFS}label>"
            return f"SELECT ?e{_N} ?l{_N} {{ ?e{_N} {kind} ?l{_N} }} ORDER BY ?l{_N} ?e{_N} LIMIT {LISTED}"
        case "aggregate":
            return f"SELECT ?t{_N} (COUNT(DISTINCT ?s{_N}) AS ?n{_N}) {{ ?s{_N} a ?t{_N} }} GROUP BY ?t{_N}"
        case "turtle":
            pattern = f"<{iri}> ?p{_N} ?o{_N}"
            return f"CONSTRUCT {{ {pattern} }} WHERE {{ {pattern} }}"
    return f"{peer.trivial} # {_N}"  # another text each time, so that no answer that was kept is measured


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


def _rows(answer: dict[str, Any]) -> list[tuple[str, ...]]:
    names = answer["head"]["vars"]
    return [tuple(row[name]["value"] for name in names) for row in answer["results"]["bindings"]]


def _same(found: object, expected: object) -> None:
    if found != expected:
        raise Wrong(f"{str(found)[:100]} instead of {str(expected)[:100]}")


def _asking(peer: Peer, query: str, accept: str = _JSON) -> str:
    return _getting(f"{peer.endpoint}?query={quote(query, safe='@')}", accept)


def _getting(path: str, accept: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\nUser-Agent: bench\r\n\r\n"


def _own(collection: Collection, iri: str) -> str:
    """Give the path of our document about *iri* (docs/http.md)."""
    named = Base(collection.base).split(iri)
    return f"/{named[0]}/{named[1]}" if named else f"/resource?iri={quote(iri, safe='')}"
