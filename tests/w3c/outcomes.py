"""What a test of the W3C suites expects, and how an answer differs from it: rows and graphs up to the names of blank nodes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

import pyoxigraph as ox
from cases import Case
from manifests import Description, file

from kg.names import RDF
from kg.store import Answer, Solutions, Term

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


@cache
def expected(iri: str) -> tuple[Answer, bool]:
    """Give the expected answer, and whether the order of its rows counts."""
    suffix = iri.rpartition(".")[2]
    if suffix in ("ttl", "rdf"):
        description = Description(iri)
        sets = description.store.quads_for_pattern(
            None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{RS}ResultSet")
        )
        if node := next((quad.subject for quad in sets), None):
            return _result_set(description, node)
        return [quad.triple for quad in description.store], False
    found = ox.parse_query_results(path=file(iri), format=ox.QueryResultsFormat.from_extension(suffix))
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


def fault(case: Case, answer: Answer) -> str:
    """Give how *answer* differs from what the test expects; empty where it does not."""
    if case.result.endswith(".csv"):
        return csv_fault(case, answer.to_csv())
    want, ordered = expected(case.result)
    if isinstance(want, Solutions) and isinstance(answer, Solutions):
        same = set(answer.variables) == set(want.variables) and _alike(answer, want, case.lax, ordered)
    elif isinstance(want, list) and isinstance(answer, list):
        same = _canonical(answer) == _canonical(want)
    else:
        same = answer is want
    return "" if same else f"{answer} instead of {want}"


def _alike(answer: Solutions, want: Solutions, lax: bool, ordered: bool) -> bool:
    order = [answer.variables.index(name) for name in want.variables]
    got_rows = [_stored([row[i] for i in order]) for row in answer.rows]
    rows = [_stored(row) for row in want.rows]
    if lax:
        got_rows, rows = list(dict.fromkeys(got_rows)), list(dict.fromkeys(rows))
    if ordered and not any(isinstance(term, ox.BlankNode) for row in rows for term in row):
        return got_rows == rows
    return len(got_rows) == len(rows) and _canonical(_statements(got_rows)) == _canonical(_statements(rows))


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


def csv_fault(case: Case, answer: bytes) -> str:
    """Compare rows as CSV: values as text, columns in any order, blank nodes by any name, rows in any order."""
    if case.result.endswith(".csv"):
        text = file(case.result).read_text(encoding="utf-8")
    else:
        rows, _ = expected(case.result)
        text = Solutions(rows.variables, tuple(map(_stored, rows.rows))).to_csv().decode()
    got, want = _csv_rows(answer.decode()), _csv_rows(text)
    if case.lax:
        got, want = Counter(set(got)), Counter(set(want))
    return "" if got == want else f"{got} instead of {want}"


def _csv_rows(text: str) -> Counter[tuple[tuple[str, str], ...]]:
    return Counter(
        tuple(sorted((name, re.sub("^_:.*", "_:", cell)) for name, cell in row.items()))
        for row in csv.DictReader(io.StringIO(text, newline=""))
    )
