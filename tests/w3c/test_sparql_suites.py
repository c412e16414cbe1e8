"""The W3C suites of SPARQL 1.1 and 1.0 queries (evaluation, results and syntax), through EmbeddedStore in strict mode.

Every query passes the check of kg.sparql first, as any query does. Not run, by their manifests: update, protocol, HTTP
and service description (this store has none of them); federated queries (SERVICE is refused, tests/test_sparql.py); and
entailment (the store entails nothing: every type in the data is stated).

An exception is a test's IRI and a reason; a test that is excepted and passes fails the run.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest

import suites
from kg import sparql
from kg.errors import QueryError
from kg.names import RDF
from kg.store import Answer, EmbeddedStore, Solutions, Term

PUBLISHED = "https://w3c.github.io/rdf-tests/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
MANIFESTS = (
    "sparql/sparql11/manifest-sparql11-query.ttl",
    "sparql/sparql11/manifest-sparql11-results.ttl",
    "sparql/sparql10/manifest-evaluation.ttl",
    "sparql/sparql10/manifest-syntax.ttl",
)
SUITE_11 = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
SUITE_10 = "http://www.w3.org/2001/sw/DataAccess/tests/data-r2/"

_VALUES = (
    "the store keeps values, not spellings: 01 and 1, 1.0 and 1 are one number, and the test holds them apart"
)
_GRAPH = "the engine binds the variable of GRAPH after the group inside it, and not in a nested group"
_EMPTY_PATH = "the engine leaves out the path of length zero from a constant that the data do not hold"
_CONCAT = "the engine keeps the language in GROUP_CONCAT, which gives a plain string"
EXCEPTIONS: dict[str, str] = {
    f"{SUITE_11}aggregates/manifest#agg-groupconcat-04": _CONCAT,
    f"{SUITE_11}aggregates/manifest#agg-groupconcat-06": _CONCAT,
    f"{SUITE_11}aggregates/manifest#agg-empty-group-count-graph": _GRAPH,
    f"{SUITE_11}bindings/manifest#graph": _GRAPH,
    f"{SUITE_11}negation/manifest#graph-minus": _GRAPH,
    f"{SUITE_10}graph/manifest#graph-variable-scope": _GRAPH,
    f"{SUITE_10}graph/manifest#graph-optional": _GRAPH,
    f"{SUITE_11}functions/manifest#bnode01": "the engine gives one blank node for the same BNODE argument in all rows",
    f"{SUITE_11}property-path/manifest#zero_or_more_set_start": _EMPTY_PATH,
    f"{SUITE_11}property-path/manifest#zero_or_more_set_end": _EMPTY_PATH,
    f"{SUITE_11}property-path/manifest#zero_or_one_set_start": _EMPTY_PATH,
    f"{SUITE_11}property-path/manifest#zero_or_one_set_end": _EMPTY_PATH,
    f"{SUITE_11}csv-tsv-res/manifest#csv03": _VALUES,
    f"{SUITE_10}open-world/manifest#open-eq-01": _VALUES,
    f"{SUITE_10}open-world/manifest#date-2": "the engine compares dates with and without a time zone, as XSD 1.1 does",
    f"{SUITE_10}expr-builtin/manifest#dawg-str-1": _VALUES,
    f"{SUITE_10}expr-builtin/manifest#dawg-str-2": _VALUES,
    f"{SUITE_10}expr-builtin/manifest#sameTerm-simple": _VALUES,
    f"{SUITE_10}expr-builtin/manifest#sameTerm-eq": _VALUES,
    f"{SUITE_10}expr-builtin/manifest#sameTerm-not-eq": _VALUES,
    f"{SUITE_10}expr-builtin/manifest#case-insensitive-booleans": "the engine reads TRUE only in small letters",
    f"{SUITE_10}expr-equals/manifest#eq-graph-1": _VALUES,
    f"{SUITE_10}expr-equals/manifest#eq-graph-2": _VALUES,
    f"{SUITE_10}distinct/manifest#distinct-1": _VALUES,
    f"{SUITE_10}distinct/manifest#distinct-9": _VALUES,
    f"{SUITE_10}syntax-sparql3/manifest#syn-bad-26": "the engine does not take the longest token where < can be an operator",
}


class Description:
    """A file of RDF about tests, asked by property."""

    def __init__(self, root: Path, iri: str) -> None:
        self.store = ox.Store()
        format = ox.RdfFormat.from_extension(iri.rpartition(".")[2])
        self.store.load(path=root / iri.removeprefix(PUBLISHED), format=format, base_iri=iri)

    def all(self, subject: Term | None, predicate: str) -> list[Term]:
        return [quad.object for quad in self.store.quads_for_pattern(subject, ox.NamedNode(predicate), None)]

    def one(self, subject: Term | None, predicate: str) -> Term | None:
        return next(iter(self.all(subject, predicate)), None)

    def members(self, predicate: str) -> list[Term]:
        """Give the members of the lists that are objects of *predicate*."""
        found = []
        for head in self.all(None, predicate):
            node = head
            while node.value != f"{RDF}nil":
                found.append(self.one(node, f"{RDF}first"))
                node = self.one(node, f"{RDF}rest")
        return found


@dataclass(frozen=True)
class Case:
    iri: str
    kind: str
    query: str
    data: tuple[str, ...]
    graphs: tuple[str, ...]
    result: str | None
    lax: bool


def _cases() -> Iterator[Case]:
    root = suites.w3c()
    if root is None:
        return
    for manifest in MANIFESTS:
        for part in Description(root / "rdf-tests", PUBLISHED + manifest).members(f"{MF}include"):
            yield from _entries(Description(root / "rdf-tests", part.value))


def _entries(manifest: Description) -> Iterator[Case]:
    for entry in manifest.members(f"{MF}entries"):
        action = manifest.one(entry, f"{MF}action")
        result = manifest.one(entry, f"{MF}result")
        yield Case(
            entry.value,
            manifest.one(entry, f"{RDF}type").value.rpartition("#")[2],
            (manifest.one(action, f"{QT}query") or action).value,
            tuple(node.value for node in manifest.all(action, f"{QT}data")),
            tuple(node.value for node in manifest.all(action, f"{QT}graphData")),
            result.value if result else None,
            manifest.one(entry, f"{MF}resultCardinality") == ox.NamedNode(f"{MF}LaxCardinality"),
        )


CASES = list(_cases())


def _file(iri: str) -> Path:
    return suites.require("w3c") / "rdf-tests" / iri.removeprefix(PUBLISHED)


def _store(case: Case, text: str) -> EmbeddedStore:
    quads: list[ox.Quad] = []
    named = {(iri, iri) for iri in (*case.graphs, *_from(case, text))}
    for iri, graph in [*((iri, None) for iri in case.data), *sorted(named)]:
        format = ox.RdfFormat.from_extension(iri.rpartition(".")[2])
        for quad in ox.parse(path=_file(iri), format=format, base_iri=iri, rename_blank_nodes=True):
            quads.append(ox.Quad(*quad.triple, ox.NamedNode(graph) if graph else quad.graph_name))
    return EmbeddedStore.of(quads, default_graph="strict")


def _from(case: Case, text: str) -> Iterator[str]:
    """Give the graphs that the query names after FROM: the tests expect them to be found by their address."""
    significant = [token for token in sparql.tokens(text) if token.significant]
    for before, token in pairwise(significant):
        if before.text.upper() in ("FROM", "NAMED") and token.kind == "iri":
            iri = urljoin(case.query, token.text[1:-1])
            if "Syntax" not in case.kind:  # those name files that do not exist
                yield iri


# ------------------------------------------------------------------ expected answers


def _expected(iri: str) -> tuple[Answer, bool]:
    """Give the expected answer, and whether the order of its rows counts."""
    suffix = iri.rpartition(".")[2]
    if suffix in ("ttl", "rdf"):
        description = Description(suites.require("w3c") / "rdf-tests", iri)
        sets = description.store.quads_for_pattern(
            None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{RS}ResultSet")
        )
        if node := next((quad.subject for quad in sets), None):
            return _result_set(description, node)
        return [quad.triple for quad in description.store], False
    found = ox.parse_query_results(path=_file(iri), format=ox.QueryResultsFormat.from_extension(suffix))
    if isinstance(found, ox.QueryBoolean):
        return bool(found), False
    return Solutions(tuple(v.value for v in found.variables), tuple(tuple(row) for row in found)), False


def _result_set(description: Description, node: Term) -> tuple[Answer, bool]:
    if truth := description.one(node, f"{RS}boolean"):
        return truth.value == "true", False
    variables = tuple(sorted(term.value for term in description.all(node, f"{RS}resultVariable")))
    rows = []
    for solution in description.all(node, f"{RS}solution"):
        row = {
            description.one(binding, f"{RS}variable").value: description.one(binding, f"{RS}value")
            for binding in description.all(solution, f"{RS}binding")
        }
        index = description.one(solution, f"{RS}index")
        rows.append((int(index.value) if index else 0, tuple(row.get(name) for name in variables)))
    ordered = any(index for index, _ in rows)
    return Solutions(variables, tuple(row for _, row in sorted(rows, key=lambda each: each[0]))), ordered


# ------------------------------------------------------------------ comparison


def _fault(case: Case, answer: Answer) -> str:
    """Give how *answer* differs from what the test expects; empty where it does not."""
    if case.result.endswith(".csv"):
        return _csv_fault(case.result, answer)
    expected, ordered = _expected(case.result)
    if isinstance(expected, Solutions) and isinstance(answer, Solutions):
        same = set(answer.variables) == set(expected.variables) and _alike(
            answer, expected, case.lax, ordered
        )
    elif isinstance(expected, list) and isinstance(answer, list):
        same = _canonical(answer) == _canonical(expected)
    else:
        same = answer is expected
    return "" if same else f"{answer} instead of {expected}"


def _alike(answer: Solutions, expected: Solutions, lax: bool, ordered: bool) -> bool:
    order = [answer.variables.index(name) for name in expected.variables]
    got = [_stored([row[i] for i in order]) for row in answer.rows]
    want = [_stored(row) for row in expected.rows]
    if lax:
        got, want = list(dict.fromkeys(got)), list(dict.fromkeys(want))
    if ordered and not any(isinstance(term, ox.BlankNode) for row in want for term in row):
        return got == want
    return len(got) == len(want) and _canonical(_statements(got)) == _canonical(_statements(want))


def _stored(row: Iterable[Term | None]) -> tuple[Term | None, ...]:
    """Give the terms as the store keeps them: it gives values, not spellings."""
    node = ox.NamedNode("urn:x")
    return tuple(
        _round_trip(ox.Quad(node, node, term)) if isinstance(term, ox.Literal) else term for term in row
    )


@cache
def _round_trip(quad: ox.Quad) -> Term:
    store = ox.Store()
    store.add(quad)
    return next(iter(store)).object


def _statements(rows: list[tuple[Term | None, ...]]) -> list[ox.Triple]:
    """Write rows as triples, alike rows with a count, so that blank nodes can be matched as in a graph."""
    triples = []
    for number, (row, count) in enumerate(Counter(rows).items()):
        node = ox.BlankNode(f"row{number}")
        triples.append(ox.Triple(node, ox.NamedNode("urn:x:count"), ox.Literal(count)))
        for column, term in enumerate(row):
            if term is not None:
                triples.append(ox.Triple(node, ox.NamedNode(f"urn:x:{column}"), term))
    return triples


def _canonical(triples: list[ox.Triple]) -> ox.Dataset:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def _csv_fault(iri: str, answer: Answer) -> str:
    """Compare the CSV that is written: values as text, columns in any order, blank nodes by any name."""
    got, want = (
        Counter(
            tuple(sorted((name, re.sub("^_:.*", "_:", cell)) for name, cell in row.items()))
            for row in csv.DictReader(io.StringIO(text))
        )
        for text in (answer.to_csv().decode(), _file(iri).read_text(encoding="utf-8"))
    )
    return "" if got == want else f"{got} instead of {want}"


# ------------------------------------------------------------------ tests


@pytest.mark.needs("w3c")
@pytest.mark.parametrize(("suite", "count"), [(SUITE_11, 338), (SUITE_10, 482)])
def test_every_test_of_the_suite_is_here(suite: str, count: int) -> None:
    assert sum(case.iri.startswith(suite) for case in CASES) == count


@pytest.mark.needs("w3c")
def test_exceptions_name_tests() -> None:
    assert set(EXCEPTIONS) <= {case.iri for case in CASES}


@pytest.mark.needs("w3c")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.iri.rpartition("/tests/")[2])
def test_query(case: Case) -> None:
    fault = _run(case)
    if reason := EXCEPTIONS.get(case.iri):
        assert fault, f"it passes, and is excepted because {reason}"
    else:
        assert not fault, fault


def _run(case: Case) -> str:
    text = _file(case.query).read_text(encoding="utf-8")
    negative = case.kind.startswith("Negative")
    try:
        answer = _store(case, text).query(text, base=case.query)
    except QueryError as error:
        valid = (
            "Syntax" in case.kind and not error.line
        )  # valid, though the engine lacks a function that it calls
        return "" if negative or valid else f"{error.line}:{error.column}: {error}"
    if negative:
        return "it was answered, and is not valid"
    return _fault(case, answer) if case.result else ""
