"""The W3C SHACL suite, core (98) and SPARQL (23), through kg.shacl and through kg.checking.constraints.

A result is compared in what a finding holds: focus, path (where it is one property), value, component and
severity, blank nodes as such. An exception is a test's IRI and a reason; a test that is excepted and passes
fails the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

import suites
from kg import shacl
from kg.checking.columns import Held
from kg.checking.constraints import Constraints
from kg.errors import ProjectError
from kg.loading import Doubt
from kg.names import Base
from kg.validation import Finding

PUBLISHED = "https://w3c.github.io/data-shapes/data-shapes-test-suite/tests/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"
SUITES = {"core": 98, "sparql": 23}
SEVERITIES = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
EXCEPTIONS = {
    f"{PUBLISHED}core/property/uniqueLang-002": 'rdflib reads "1"^^xsd:boolean as true, which the test holds apart',
    f"{PUBLISHED}sparql/pre-binding/shapesGraph-001": "$shapesGraph is optional (SHACL §5.3.1) and pySHACL has it not",
}

Row = tuple[str, str, str, str, str]


class Case(NamedTuple):
    iri: str
    data: Path
    shapes: Path
    rows: Counter[Row] | None  # None: the shapes cannot be run


def _graph(path: Path, root: Path) -> Graph:
    return Graph().parse(path, format="turtle", publicID=PUBLISHED + path.relative_to(root).as_posix())


def _cases(path: Path, root: Path) -> Iterator[Case]:
    """Give the tests that a file holds; one of the 121 stands in no manifest."""

    def local(iri: Node | None) -> Path:
        return root / str(iri).removeprefix(PUBLISHED)

    graph = _graph(path, root)
    for test in graph.subjects(URIRef(MF + "status")):
        action = graph.value(test, URIRef(MF + "action"))
        result = graph.value(test, URIRef(MF + "result"))
        conforms = graph.value(result, SH.conforms)
        yield Case(
            str(test),
            local(graph.value(action, URIRef(SHT + "dataGraph"))),
            local(graph.value(action, URIRef(SHT + "shapesGraph"))),
            Counter(_rows(graph, result)) if conforms is not None else None,
        )


def _rows(graph: Graph, report: Node | None) -> Iterator[Row]:
    for result in graph.objects(report, SH.result):
        path = graph.value(result, SH.resultPath)
        yield (
            _shown(graph.value(result, SH.focusNode)),
            _shown(path) if isinstance(path, URIRef) else "",
            _shown(graph.value(result, SH.value)),
            str(graph.value(result, SH.sourceConstraintComponent)),
            SEVERITIES.get(graph.value(result, SH.resultSeverity), "violation"),
        )


def _shown(term: Node | None) -> str:
    return "" if term is None else "_:" if isinstance(term, BNode) else term.n3()


def _found(finding: Finding) -> Row:
    return (
        _read(finding.focus),
        _read(finding.path),
        _read(finding.value),
        finding.component,
        finding.severity,
    )


def _read(text: str) -> str:
    """Give a term in N-Triples form as :func:`_shown` gives it."""
    graph = Graph().parse(data=f"<urn:s> <urn:p> {text} ." if text else "", format="nt")
    return _shown(graph.value(URIRef("urn:s"), URIRef("urn:p")))


ROOT = suites.w3c()
TESTS = ROOT / "data-shapes-tests" / "data-shapes-test-suite" / "tests" if ROOT else None
CASES = {
    suite: sorted(case for file in sorted((TESTS / suite).rglob("*.ttl")) for case in _cases(file, TESTS))
    if TESTS
    else []
    for suite in SUITES
}


def _bytes(path: Path) -> bytes:
    assert TESTS
    return f"@base <{PUBLISHED}{path.relative_to(TESTS).as_posix()}> .\n".encode() + path.read_bytes()


def _in_parts(quads: list[ox.Quad], shapes: Graph, base: Base) -> list[Finding]:
    """Give what is found one shape and one focus node at a time, as a project is checked."""
    constraints = Constraints(shapes, base)
    constraints.update(quads)
    return constraints.findings(Doubt())


def _in_columns(quads: list[ox.Quad], shapes: Graph, base: Base) -> list[Finding]:
    """Give what is found as a large project is checked."""
    held = Held(shapes, base)
    held.update(quads)
    return held.findings(Doubt())


WAYS = {"in one run": shacl.validate, "in parts": _in_parts, "in columns": _in_columns}


def _fault(case: Case, validate: Callable[[list[ox.Quad], Graph, Base], list[Finding]]) -> str:
    """Give what differs from the expected report; empty where nothing does."""
    quads = list(ox.parse(_bytes(case.data), ox.RdfFormat.TURTLE))
    try:
        findings = validate(quads, shacl.shapes([(case.shapes.name, _bytes(case.shapes))], Base()), Base())
    except ProjectError as error:
        return "" if case.rows is None else f"it cannot be run: {error}"
    if case.rows is None:
        return "it was run, and no processor can"
    rows = Counter(map(_found, findings))
    if rows != case.rows:
        return f"missing {case.rows - rows}, found beside them {rows - case.rows}"
    return ""


@pytest.mark.needs("w3c")
@pytest.mark.parametrize("suite", SUITES)
def test_every_test_of_the_suite_is_here(suite: str) -> None:
    assert len(CASES[suite]) == SUITES[suite]


@pytest.mark.needs("w3c")
def test_exceptions_name_tests() -> None:
    assert set(EXCEPTIONS) <= {case.iri for cases in CASES.values() for case in cases}


@pytest.mark.needs("w3c")
@pytest.mark.parametrize(
    "case",
    [case for cases in CASES.values() for case in cases],
    ids=lambda case: case.iri.removeprefix(PUBLISHED),
)
@pytest.mark.parametrize("way", WAYS)
def test_validation(case: Case, way: str) -> None:
    fault = _fault(case, WAYS[way])
    if reason := EXCEPTIONS.get(case.iri):
        assert fault, f"it passes, and is excepted because {reason}"
    else:
        assert not fault, fault
