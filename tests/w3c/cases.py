"""The tests of the W3C suites of SPARQL 1.1 and 1.0 queries, and those of them that the engine fails.

Not here, by their manifests: update, protocol, graph store and service description; federated queries (SERVICE is refused,
tests/test_sparql.py); and entailment (the store entails nothing: every type in the data is stated).

An exception is a test's IRI and a reason; a test that is excepted and passes fails the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin

import pyoxigraph as ox
from manifests import MF, PUBLISHED, QT, SUITE_10, SUITE_11, Description

import suites
from kg import sparql
from kg.names import RDF

MANIFESTS = (
    "sparql/sparql11/manifest-sparql11-query.ttl",
    "sparql/sparql11/manifest-sparql11-results.ttl",
    "sparql/sparql10/manifest-evaluation.ttl",
    "sparql/sparql10/manifest-syntax.ttl",
)

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
    f"{SUITE_10}expr-equals/manifest#eq-graph-1": _VALUES,
    f"{SUITE_10}expr-equals/manifest#eq-graph-2": _VALUES,
    f"{SUITE_10}distinct/manifest#distinct-1": _VALUES,
    f"{SUITE_10}distinct/manifest#distinct-9": _VALUES,
    f"{SUITE_10}syntax-sparql3/manifest#syn-bad-26": "the engine does not take the longest token where < can be an operator",
}


@dataclass(frozen=True)
class Case:
    iri: str
    kind: str
    query: str
    data: tuple[str, ...]
    graphs: tuple[str, ...]
    result: str | None
    lax: bool

    @property
    def name(self) -> str:
        """The last part of the test's IRI, with its suite."""
        return self.iri.rpartition("/tests/")[2]

    @property
    def negative(self) -> bool:
        return self.kind.startswith("Negative")


def _cases() -> Iterator[Case]:
    if suites.w3c() is None:
        return
    for manifest in MANIFESTS:
        for part in Description(PUBLISHED + manifest).members(f"{MF}include"):
            yield from _entries(Description(part.value))


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


def graphs_from(case: Case, text: str) -> Iterator[str]:
    """Give the graphs that the query names after FROM: the tests expect them to be found by their address."""
    significant = [token for token in sparql.tokens(text) if token.significant]
    for before, token in pairwise(significant):
        if before.text.upper() in ("FROM", "NAMED") and token.kind == "iri":
            iri = urljoin(case.query, token.text[1:-1])
            if "Syntax" not in case.kind:  # those name files that do not exist
                yield iri
