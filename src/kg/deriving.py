"""The published layer: plain triples that the build derives from claims, and nobody writes by hand.

Section 3 of the model: a triple is published only when its property is publishable **and** all live claims agree,
or an editorial decision picks one. Nothing is averaged; a date's bounds are published one by one. Beside them stand
the last links of relay (the publisher of each claim's text) and the plain SKOS labels of name records.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from kg.names import DCTERMS, KG, OA, RDF, RDFS, SCHEMA, SKOS, SKOSXL, XSD, Base
from kg.triples import Index, Resource, Term

_BOUNDS: Final = tuple(
    KG + name for name in ("edtf", "earliestStart", "latestStart", "earliestEnd", "latestEnd")
)
_ORDER: Final = (
    ("earliestStart", "latestStart", "latestEnd"),
    ("earliestStart", "earliestEnd", "latestEnd"),
)
"""Bounds of which none is after the next."""
_FUNCTIONAL: Final = ox.NamedNode("http://www.w3.org/2002/07/owl#FunctionalProperty")
_LABELS: Final = ("prefLabel", "altLabel", "hiddenLabel")
_TYPE: Final = RDF + "type"


def derive(quads: Iterable[ox.Quad], base: Base) -> list[ox.Quad]:
    """Give the quads of ``graph/published`` that follow from *quads*, distinct, sorted by their N-Quads form."""
    index = Index.of(quads)
    graph = ox.NamedNode(base.graph("published"))
    triples = {*_statements(index), *_relays(index, base), *_labels(index)}
    new = (
        t for t in triples if t.object not in index.all(t.subject, t.predicate.value)
    )  # no triple in two graphs
    return sorted((ox.Quad(t.subject, t.predicate, t.object, graph) for t in new), key=str)


def _live(index: Index, claim: Resource, polarity: str = "asserted") -> bool:
    status, said = index.one(claim, KG + "status"), index.one(claim, KG + "polarity")
    return status == ox.NamedNode(KG + "recorded") and said == ox.NamedNode(KG + polarity)


def _statements(index: Index) -> Iterable[ox.Triple]:
    """Publish what is not disputed: the triples of publishable properties, and the bounds of dates."""
    publishable = {
        subject
        for subject, value in index.said(KG + "publishable")
        if isinstance(value, ox.Literal) and value.value == "true"
    }
    functional = {subject for subject, kind in index.said(_TYPE) if kind == _FUNCTIONAL}
    chosen = set(_chosen(index))
    said: dict[tuple[Resource, str], dict[Resource, None]] = defaultdict(dict)
    denied: set[ox.Triple] = set()
    for claim, subject in index.said(RDF + "subject"):
        predicate = index.one(claim, RDF + "predicate")
        if not isinstance(subject, ox.NamedNode | ox.BlankNode) or not isinstance(predicate, ox.NamedNode):
            continue
        if _live(index, claim):
            said[subject, predicate.value][claim] = None
        elif _live(index, claim, "denied"):
            denied |= {ox.Triple(subject, predicate, value) for value in index.all(claim, RDF + "object")}
            denied |= {
                ox.Triple(subject, ox.NamedNode(name), value)
                for name in (_BOUNDS if predicate.value == KG + "date" else ())
                for value in index.all(claim, name)
            }
    for (subject, name), claims in said.items():
        decided = [claim for claim in claims if claim in chosen]
        picked, against = (decided, set[ox.Triple]()) if decided else (list(claims), denied)
        if name == KG + "date":
            yield from _dates(index, subject, picked, against)
        elif (predicate := ox.NamedNode(name)) in publishable:
            values = {value for claim in picked for value in index.all(claim, RDF + "object")}
            if predicate not in functional or len(values) == 1:
                yield from {ox.Triple(subject, predicate, value) for value in values} - against


def _chosen(index: Index) -> Iterable[Term]:
    """Give the claims whose value an editorial decision publishes."""
    for decision, claim in index.said(KG + "decides"):
        outcome = index.one(decision, KG + "outcome")
        if isinstance(outcome, ox.NamedNode) and outcome.value.endswith("/outcome-published"):
            yield claim


def _dates(
    index: Index, subject: Resource, claims: list[Resource], denied: set[ox.Triple]
) -> Iterable[ox.Triple]:
    """Publish each bound that all live date claims agree on, and schema.org's dates where one claim says the day.

    Nothing is published where bounds of different claims contradict each other, one beginning after another's end.
    """
    agreed: dict[str, ox.Triple] = {}
    for name in _BOUNDS:
        values = {
            ox.Triple(subject, ox.NamedNode(name), o) for claim in claims for o in index.all(claim, name)
        }
        if len(values) == 1 and not values & denied:
            (agreed[name],) = values
    days = [[str(bound.object) for name in row if (bound := agreed.get(KG + name))] for row in _ORDER]
    if any(row != sorted(row) for row in days):
        return
    yield from agreed.values()
    for plain, first, last in (
        ("startDate", "earliestStart", "latestStart"),
        ("endDate", "earliestEnd", "latestEnd"),
    ):
        begun, ended = agreed.get(KG + first), agreed.get(KG + last)
        if (
            begun is not None
            and ended is not None
            and begun.object == ended.object
            and any(index.all(claim, KG + first) and index.all(claim, KG + last) for claim in claims)
        ):
            yield ox.Triple(subject, ox.NamedNode(SCHEMA + plain), begun.object)


def _relays(index: Index, base: Base) -> Iterable[ox.Triple]:
    """Add the publisher of each claim's text as the last link of its chain, and name all agents of the chain."""
    linked = set[ox.NamedNode]()
    for claim in dict.fromkeys(claim for claim, _ in index.said(RDF + "subject")):
        links = index.all(claim, KG + "relay")
        agents = {agent for link in links for agent in index.all(link, KG + "agent")}
        last = max((_number(index.one(link, KG + "position")) for link in links), default=0) + 1
        publishers = {_publisher(index, passage) for passage in index.all(claim, KG + "passage")}
        for publisher in publishers - {*agents, *index.all(claim, KG + "claimant"), None}:
            if isinstance(publisher, ox.NamedNode):
                agents.add(publisher)
                link = ox.NamedNode(base.id("relay", f"{publisher.value.rpartition('/')[2]}-{last}"))
                yield ox.Triple(claim, ox.NamedNode(KG + "relay"), link)
                if link not in linked:
                    linked.add(link)
                    yield from _link(index, link, publisher, last)
        for agent in agents:
            yield ox.Triple(claim, ox.NamedNode(KG + "relayedBy"), agent)


def _publisher(index: Index, passage: Term) -> Term | None:
    document = index.one(index.one(passage, OA + "hasSource"), KG + "versionOf")
    return index.one(document, DCTERMS + "publisher")


def _link(index: Index, link: ox.NamedNode, agent: ox.NamedNode, position: int) -> Iterable[ox.Triple]:
    """Describe a link of relay that the build adds; a curated one of the same name keeps its own label."""
    yield ox.Triple(link, ox.NamedNode(_TYPE), ox.NamedNode(KG + "Relay"))
    yield ox.Triple(link, ox.NamedNode(KG + "agent"), agent)
    yield ox.Triple(
        link, ox.NamedNode(KG + "position"), ox.Literal(str(position), datatype=ox.NamedNode(XSD + "integer"))
    )
    labels = [label for label in index.all(agent, RDFS + "label") if isinstance(label, ox.Literal)]
    if labels and index.one(link, RDFS + "label") is None:
        name = min(labels, key=lambda label: (label.language != "en", label.value)).value
        yield ox.Triple(
            link, ox.NamedNode(RDFS + "label"), ox.Literal(f"{name}, link {position} of relay", language="en")
        )


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, ox.Literal) and re.fullmatch(r"[0-9]{1,9}", term.value) else 0


def _labels(index: Index) -> Iterable[ox.Triple]:
    """Write name records as plain SKOS labels, for clients that know no SKOS-XL."""
    for name in _LABELS:
        for resource, record in index.said(SKOSXL + name):
            for form in index.all(record, SKOSXL + "literalForm"):
                yield ox.Triple(resource, ox.NamedNode(SKOS + name), form)
