"""The W3C syntax suites of N-Triples (70), N-Quads (87) and TriG (356), through the byte reader of loading.

An exception is a test's IRI and a reason; a test that is excepted and passes fails the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

import suites
from kg.formats import N_QUADS, N_TRIPLES, TRIG, Format
from kg.loading.reading import Document, read
from kg.names import RDF

PUBLISHED = "https://w3c.github.io/rdf-tests/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SUITES = {
    "rdf-n-triples": (N_TRIPLES, 70),
    "rdf-n-quads": (N_QUADS, 87),
    "rdf-trig": (TRIG, 356),
}
EXCEPTIONS: dict[str, str] = {}


class Case(NamedTuple):
    iri: str
    kind: str
    action: Path
    base: str
    result: Path | None
    format: Format


def _cases(suite: str) -> Iterator[Case]:
    root = suites.w3c()
    if root is None:
        return
    format = SUITES[suite][0]
    directory = root / "rdf-tests" / "rdf" / "rdf11" / suite
    base = f"{PUBLISHED}rdf/rdf11/{suite}/"
    manifest = ox.Store()
    manifest.load(path=directory / "manifest.ttl", format=ox.RdfFormat.TURTLE, base_iri=f"{base}manifest.ttl")

    def value(subject: ox.NamedNode, predicate: str) -> ox.NamedNode | None:
        quads = manifest.quads_for_pattern(subject, ox.NamedNode(predicate), None)
        return next((quad.object for quad in quads), None)

    for entry in manifest.quads_for_pattern(None, ox.NamedNode(f"{MF}action"), None):
        result = value(entry.subject, f"{MF}result")
        action = entry.object.value
        yield Case(
            entry.subject.value,
            value(entry.subject, f"{RDF}type").value.rpartition("#")[2],
            directory / action.removeprefix(base),
            action,
            directory / result.value.removeprefix(base) if result else None,
            format,
        )


CASES = sorted(case for suite in SUITES for case in _cases(suite))


def _canonical(quads: list[ox.Quad]) -> ox.Dataset:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _judge(case: Case, document: Document) -> str:
    """Give why the document is not read as the test asks; empty where it is."""
    if "Negative" in case.kind:
        return "" if not document.readable else "it was read, and is not valid"
    if not document.readable:
        return "; ".join(map(str, document.findings))
    if case.result:
        expected = list(ox.parse(path=case.result, format=ox.RdfFormat.N_QUADS))
        if _canonical(document.quads) != _canonical(expected):
            return "other quads were read"
    return ""


@pytest.mark.needs("w3c")
@pytest.mark.parametrize("suite", SUITES)
def test_every_test_of_the_suite_is_here(suite: str) -> None:
    assert sum(f"/{suite}/" in case.iri for case in CASES) == SUITES[suite][1]


@pytest.mark.needs("w3c")
def test_exceptions_name_tests() -> None:
    assert set(EXCEPTIONS) <= {case.iri for case in CASES}


@pytest.mark.needs("w3c")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.iri.removeprefix(PUBLISHED))
def test_syntax(case: Case) -> None:
    document = read(case.action.read_bytes(), case.format, base=case.base)
    fault = _judge(case, document)
    if reason := EXCEPTIONS.get(case.iri):
        assert fault, f"it passes, and is excepted because {reason}"
    else:
        assert not fault, fault
    if not document.readable:
        assert any(finding.line for finding in document.findings)
