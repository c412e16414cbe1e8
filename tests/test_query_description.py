"""The catalogue as linked data: complete, without blank nodes, and each text in it runs."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

import collection
import kg
from kg.names import RDF, SH, SOURCE_BASE, XSD, Base
from kg.queries import Query, description, read

PARAMETERS = """
#+ summary: Everything
#+ params:
#+   day: {type: date, default: 1990-01-14}
#+   year: {type: year, default: 1990}
#+   limit: {type: integer, default: 3}
#+   text: {type: string, default: "a \\"b\\" \\\\ c"}
#+   language: {type: language, default: HY}
#+   sure: {type: boolean, default: true}
#+   place: {type: place, default: baku}
#+   needed: {type: iri}
#+   left: {type: event, default: null}
SELECT ?x (1 AS ?one) (COUNT(?y) AS ?n) WHERE {
  BIND (?_left AS ?until)
  FILTER (?x IN (?_day, ?_year, ?_limit, ?_text, ?_language, ?_sure, ?_place, ?_needed))
  { SELECT ?inner WHERE { ?inner a ?y } }
} GROUP BY ?x
"""


@pytest.fixture(scope="module")
def archive() -> kg.Archive:
    return kg.open(collection.built())


def described(queries: list[Query], base: Base) -> ox.Store:
    store = ox.Store()
    for triple in (*description.triples(queries, base), *description.prefixes(base)):
        store.add(ox.Quad(triple.subject, triple.predicate, triple.object))
    return store


def values(store: ox.Store, subject: str, predicate: str) -> set[str]:
    found = store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
    return {quad.object.value for quad in found}


def test_each_query_runs_as_it_stands_and_gives_the_rows_of_its_defaults(archive: kg.Archive) -> None:
    store = described(list(archive.catalog.values()), archive.base)
    assert not [quad for quad in store if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)]  # fmt: skip
    for name in archive.catalog:
        it = description.iri(name, archive.base)
        assert {SH + "SPARQLExecutable", SH + "SPARQLSelectExecutable"} <= values(store, it, RDF + "type")
        (text,) = values(store, it, SH + "select")
        assert "#+" not in text
        assert archive.answer(text) == archive.solutions(name)
        assert values(store, it, "https://schema.org/target") == {archive.base.iri + "sparql"}
        assert archive.catalog[name].tags == () or values(store, it, "https://schema.org/keywords")
        declared = values(store, archive.base.iri + "prefixes", SH + "declare")
        assert len(declared) == len(archive.base.prefixes())


def test_columns_are_those_of_the_answer(archive: kg.Archive) -> None:
    for query in archive.catalog.values():
        assert query.columns == archive.solutions(query.name).variables


def test_every_type_of_parameter_is_described_by_its_term() -> None:
    query = read("all-types", PARAMETERS, Base())
    base = Base("https://archive.example/")
    store = described([query], base)
    it = description.iri("all-types", base)
    nodes = values(store, it, SH + "parameter")
    assert nodes == {f"{it}#parameter-{param.name}" for param in query.params}
    expected = {
        "day": ("1990-01-14", "date"),
        "year": ("1990", "integer"),
        "limit": ("3", "integer"),
        "text": ('a "b" \\ c', "string"),
        "language": ("hy", "string"),
        "sure": ("true", "boolean"),
    }
    for name, (value, datatype) in expected.items():
        node = f"{it}#parameter-{name}"
        assert values(store, node, SH + "defaultValue") == {value}
        assert values(store, node, SH + "datatype") == {XSD + datatype}
        assert values(store, node, SH + "optional") == {"true"}
        assert values(store, node, SH + "path") == {f"{it}#{name}"}
    assert values(store, f"{it}#parameter-place", SH + "defaultValue") == {base.id("place", "baku")}
    assert values(store, f"{it}#parameter-place", SH + "nodeKind") == {SH + "IRI"}
    assert values(store, f"{it}#parameter-needed", SH + "optional") == {"false"}
    assert values(store, f"{it}#parameter-left", SH + "defaultValue") == set()


def test_a_query_that_needs_a_value_keeps_its_variables() -> None:
    query = read("all-types", PARAMETERS, Base())
    assert "?_needed" in description.runnable(query, Base())
    assert query.columns == ("x", "one", "n")


@pytest.mark.parametrize(
    ("text", "form", "columns"),
    [
        ("ASK { ?s ?p ?o }", "ASK", ()),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "CONSTRUCT", ()),
        ("SELECT * { ?s ?p ?o }", "SELECT", ()),
        ("select distinct ?s ?where from <urn:x:g> { ?s ?p ?where }", "SELECT", ("s", "where")),
        ("SELECT (IF(BOUND(?a), ?b, ?c) AS ?d) ?e WHERE { ?s ?p ?o }", "SELECT", ("d", "e")),
    ],
)
def test_form_and_columns(text: str, form: str, columns: tuple[str, ...]) -> None:
    query = read("q", f"#+ summary: a question\n{text}", Base())
    assert (query.form, query.columns) == (form, columns)
    kinds = {quad.object.value for quad in described([query], Base()).quads_for_pattern(None, ox.NamedNode(RDF + "type"), None)}  # fmt: skip
    assert (SH + f"SPARQL{form.capitalize()}Executable") in kinds


def test_a_file_on_another_base_keeps_its_parameters() -> None:
    query = read("q", f"#+ summary: s\nSELECT ?x {{ ?x a <{SOURCE_BASE}id/event/x> }}", Base())
    assert "<https://archive.example/id/event/x>" in query.rebased(Base("https://archive.example/"))
