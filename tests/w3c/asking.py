"""A test of the W3C suites asked over HTTP: its dataset as parameters of the protocol, its answer in any format."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlencode

import httpx
import pyoxigraph as ox
from cases import Case, graphs_from
from manifests import PUBLISHED, file

from kg import sparql
from kg.formats import (
    JSON_LD,
    N_TRIPLES,
    RDF_XML,
    SPARQL_CSV,
    SPARQL_JSON,
    SPARQL_TSV,
    SPARQL_XML,
    TURTLE,
    Format,
)
from kg.store import Answer, Solutions

BASE = "http://w3c.example/"
USUAL = f"{PUBLISHED}sparql/sparql11/functions/data.ttl"
"""The data that the most tests have: they stand in the graph without a name too, for queries without parameters."""
NOTHING = f"{BASE}no-such-graph"

ROWS = {
    SPARQL_JSON: ox.QueryResultsFormat.JSON,
    SPARQL_XML: ox.QueryResultsFormat.XML,
    SPARQL_TSV: ox.QueryResultsFormat.TSV,
}
"""The formats of rows that keep everything; CSV does not."""
GRAPHS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def ask(endpoint: httpx.Client, case: Case, format: Format) -> httpx.Response:
    """Send the query of *case*, byte for byte but for the base of relative IRIs, and ask for *format*.

    The three ways of the protocol take turns, by the name of the test and the format.
    """
    data = file(case.query).read_bytes()
    text = data.decode()
    if "Syntax" not in case.kind and _is_relative(text):
        data = f"BASE <{case.query}> ".encode() + data  # the protocol has no other way to say it
    dataset = _dataset(case, text)
    headers = {"Accept": format.media_type}
    way = sha256(f"{case.iri} {format}".encode()).digest()[0] % 3
    if way == 0:
        return endpoint.get("/sparql?" + urlencode([("query", data), *dataset]), headers=headers)
    if way == 1:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return endpoint.post("/sparql", content=urlencode([*dataset, ("query", data)]), headers=headers)
    headers["Content-Type"] = "application/sparql-query"
    return endpoint.post("/sparql?" + urlencode(dataset), content=data, headers=headers)


def _dataset(case: Case, text: str) -> list[tuple[str, str]]:
    """Give the parameters that name the dataset of *case*; a query that names one itself, or is only read, has none."""
    if "Syntax" in case.kind or any(graphs_from(case, text)):
        return []
    if case.data == (USUAL,) and not case.graphs:
        return []
    default, named = case.data, case.graphs
    if not (default or named):
        default = (NOTHING,)
    return [("default-graph-uri", iri) for iri in default] + [("named-graph-uri", iri) for iri in named]


def _is_relative(text: str) -> bool:
    return any(token.kind == "iri" and not _ABSOLUTE.match(token.text[1:]) for token in sparql.tokens(text))


def read(answer: httpx.Response, format: Format) -> Answer:
    """Give what *answer* says, which is in *format* and keeps everything."""
    if format in GRAPHS:
        assert format.rdf is not None
        return [quad.triple for quad in ox.parse(answer.content, format=format.rdf)]
    if format in (SPARQL_CSV, SPARQL_TSV) and answer.text.strip() in ("true", "false"):
        return answer.text.strip() == "true"
    found = ox.parse_query_results(answer.content, format=ROWS[format])
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    return Solutions(tuple(v.value for v in found.variables), tuple(tuple(row) for row in found))


def formats(case: Case) -> tuple[Format, ...]:
    """Give the formats in which the answer of *case* is asked for."""
    if case.result is None:
        return (GRAPHS if _form(case) in ("CONSTRUCT", "DESCRIBE") else tuple(ROWS))[:1]
    if case.result.endswith(".csv"):
        return (SPARQL_CSV,)
    return GRAPHS if _form(case) in ("CONSTRUCT", "DESCRIBE") else (*ROWS, SPARQL_CSV)


def is_ask(case: Case) -> bool:
    return _form(case) == "ASK"


def _form(case: Case) -> str:
    form = sparql.form([t for t in sparql.tokens(file(case.query).read_bytes().decode()) if t.significant])
    return form.text.upper() if form else ""
