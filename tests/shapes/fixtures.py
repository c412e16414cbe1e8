"""The invented collection that keeps every rule of the profile ``attest``, and files that each break one.

``attest/valid.base.ttl`` conforms with no finding. ``attest/invalid.<rule>[.<case>].ttl`` holds only the resources
concerned: they take the place of those of the base that have the same name. Its first line says what is found::

    # finds: claim-latest, claim-earliest at claim:other, quantity-scope (warning)

where no place is given, at every resource that the file describes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
from rdflib import Graph

from kg import checks, deriving, shacl
from kg.names import KG, OWL, RDF, RDFS, Base
from kg.validation import Finding, Severity

ROOT = Path(__file__).resolve().parent.parent.parent
PLACE = Path(__file__).resolve().parent / "attest"
BASE = Base()
LANGUAGES = ("en", "hy", "ru")
TEXTS = {BASE.id("source", "gazette-1"): (PLACE / "text.txt").read_bytes()}
NEEDS_TEXT = ("passage-position", "quotation")
"""Rules of checks that look at a text: elsewhere a broken passage would be found by them as well."""

ABOUT_LABELS = ("alike", "unlabelled")
"""Rules of checks that look at labels: elsewhere these are what is at hand."""

_KINDS = {ox.NamedNode(KG + "Measure"), ox.NamedNode(OWL + "FunctionalProperty")}
_MARKS = {KG + "publishable", KG + "loadedForm", RDFS + "subClassOf"}
_DESCRIBED = {RDF + "type", RDFS + "label"}
_EXPECTED = re.compile(
    r"(?P<rule>[a-z0-9-]+)(?: \((?P<severity>warning|info)\))?(?: at (?P<focus>[a-z]+:[a-z0-9-]+))?"
)

Found = tuple[str, Severity, str]
"""A rule, the severity and the focus in N-Triples form."""


class Case(NamedTuple):
    name: str
    rule: str
    quads: list[ox.Quad]
    expected: set[Found]


def read(text: str | bytes) -> list[ox.Quad]:
    """Give the statements of a Turtle text, all in one graph."""
    graph = ox.NamedNode(BASE.graph("source/gazette-1"))
    return [ox.Quad(*quad.triple, graph) for quad in ox.parse(text, ox.RdfFormat.TURTLE)]


@cache
def base() -> tuple[ox.Quad, ...]:
    """Give the statements of the valid collection."""
    return tuple(read((PLACE / "valid.base.ttl").read_bytes()))


@cache
def ontology() -> tuple[ox.Quad, ...]:
    """Give all statements of ``ontology/kg.ttl`` and the schemes."""
    files = [ROOT / "ontology" / "kg.ttl", *sorted((ROOT / "ontology" / "vocab").glob("*.ttl"))]
    graph = ox.NamedNode(BASE.graph("vocab"))
    return tuple(
        ox.Quad(*quad.triple, graph)
        for file in files
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE)
    )


@cache
def shapes() -> Graph:
    """Give the shapes of the profile."""
    file = ROOT / "ontology" / "shapes" / "attest.ttl"
    return shacl.shapes([(file.name, file.read_bytes())], BASE)


def terms(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Give the statements of the ontology that a rule looks at where the data are *quads*: a small part of it."""
    named = {term for quad in quads for term in (quad.predicate, quad.object)}
    return [
        quad
        for quad in ontology()
        if quad.predicate.value in _MARKS
        or quad.object in _KINDS
        or (quad.subject in named and quad.predicate.value in _DESCRIBED)
    ]


def replaced(new: list[ox.Quad]) -> list[ox.Quad]:
    """Give *new*, and of the base what has to do with it, less what the base says of the same subjects.

    That is who names one of them, or names one who does, the decisions, and all that these and *new* name: a
    finding cannot come of the rest, and validating it each time would take most of a minute.
    """
    subjects = {quad.subject for quad in new}
    said = [quad for quad in base() if quad.subject not in subjects] + new
    near = set(subjects) | {quad.subject for quad in said if quad.predicate.value == KG + "decides"}
    for _ in range(2):
        near |= {quad.subject for quad in said if quad.object in near}
    size = 0
    while len(near) > size:
        size = len(near)
        near |= {quad.object for quad in said if quad.subject in near}
    return [quad for quad in said if quad.subject in near]


def findings(quads: list[ox.Quad], *, texts: bool = False, labels: bool = False) -> list[Finding]:
    """Derive the published layer of *quads*, validate all, and run the named checks, as a build does."""
    data = quads + terms(quads)
    found = shacl.validate(data + deriving.derive(data, BASE), shapes(), BASE)
    found += checks.run(checks.Subject(data, BASE, LANGUAGES, TEXTS if texts else {}))
    return [finding for finding in found if labels or finding.rule not in ABOUT_LABELS]


def case(file: Path) -> Case:
    """Read a file that breaks a rule."""
    text = file.read_text(encoding="utf-8")
    quads = read(text)
    said = re.fullmatch(r"# finds: (.+)", text.partition("\n")[0])
    assert said, f"{file.name} does not begin with '# finds: …'"
    expected = set()
    for words in said[1].split(", "):
        parts = _EXPECTED.fullmatch(words)
        assert parts, f"{file.name}: {words!r} names no finding"
        places = (
            {f"<{BASE.expand(parts['focus'])}>"} if parts["focus"] else {str(quad.subject) for quad in quads}
        )
        expected |= {(parts["rule"], parts["severity"] or "violation", place) for place in places}
    return Case(
        file.name.removeprefix("invalid.").removesuffix(".ttl"), file.name.split(".")[1], quads, expected
    )


def cases() -> list[Case]:
    """Give every file that breaks a rule."""
    return [case(file) for file in sorted(PLACE.glob("invalid.*.ttl"))]
