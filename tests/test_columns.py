"""Columns: terms and statements of any data as numbers, and a graph of rdflib that reads from them what it is asked."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from kg import shacl
from kg.checking import LARGE, engines
from kg.checking.columns import Held
from kg.checking.columns.data import NOWHERE, SAME_AMOUNT, Columns, Kind
from kg.checking.columns.graph import ColumnGraph
from kg.checking.constraints import Constraints
from kg.errors import StoreError
from kg.names import KG, XSD, Base
from kg.terms import to_rdflib

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
IRIS = st.sampled_from(
    [*(f"{KG}n{number}" for number in range(4)), f"{KG}é", f"{KG}\N{COMBINING ACUTE ACCENT}"]
)
FORMS = st.sampled_from(
    ["1", "01", "-2", "1.5", "1.50", "2e0", "INF", "true", "1990-01-13", "0000-01-01", "many", ""]
)
TYPES = st.sampled_from(
    [XSD + name for name in ("integer", "decimal", "double", "boolean", "date", "string", "anyURI")]
    + [f"{KG}t"]
)
LITERALS = (
    st.builds(ox.Literal, TEXTS)
    | st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "hy-arevela"]))
    | st.builds(lambda form, kind: ox.Literal(form, datatype=ox.NamedNode(kind)), FORMS | TEXTS, TYPES)
)  # fmt: skip
NODES = st.builds(ox.NamedNode, IRIS) | st.just(ox.BlankNode("b"))
QUADS = st.lists(
    st.builds(ox.Quad, NODES, st.builds(ox.NamedNode, IRIS), NODES | LITERALS), max_size=12
)  # fmt: skip


@contextmanager
def columns_of(quads: Iterable[ox.Quad]) -> Iterator[Columns]:
    with Columns() as columns:
        columns.read(quads)
        yield columns


def union(quads: list[ox.Quad]) -> set[tuple[Node, ...]]:
    return {tuple(map(to_rdflib, quad.triple)) for quad in quads}


@settings(max_examples=60, deadline=None)
@given(QUADS)
def test_the_triples_are_those_that_rdflib_has(quads: list[ox.Quad]) -> None:
    with columns_of(quads) as columns:
        assert set(columns.triples("true")) == union(quads)
        for triple in union(quads):
            for node in triple:
                assert columns.nodes([columns.id(node)])[columns.id(node)] == node


@settings(max_examples=30, deadline=None)
@given(QUADS, st.data())
def test_any_pattern_of_a_graph_gives_what_a_graph_in_memory_gives(
    quads: list[ox.Quad], data: st.DataObject
) -> None:
    whole = Graph()
    for triple in union(quads):
        whole.add(triple)  # type: ignore[arg-type]
    terms = [None, URIRef(f"{KG}n1"), *{node for triple in union(quads) for node in triple}]
    with columns_of(quads) as columns:
        graph = ColumnGraph(columns)
        for _ in range(8):
            pattern = tuple(data.draw(st.sampled_from(terms)) for _ in range(3))
            assert set(graph.triples(pattern)) == set(whole.triples(pattern))  # type: ignore[arg-type]


@pytest.fixture
def numbers() -> Iterator[Columns]:
    text = 'kg:n kg:p 3, 10, -1, 2.5, 10.0, 1e1, "b", "a", "1990-01-13"^^xsd:date, "1989-12-31"^^xsd:date, "many"^^xsd:integer, "x"^^kg:t, "say \\"x\\"" .'
    head = f"@prefix kg: <{KG}> . @prefix xsd: <{XSD}> .\n"
    with columns_of(list(ox.parse((head + text).encode(), ox.RdfFormat.TURTLE))) as columns:
        yield columns


def literal(form: str, kind: str) -> Literal:
    return Literal(form, datatype=URIRef(kind))


def test_numbers_stand_in_the_order_of_what_they_number(numbers: Columns) -> None:
    amounts = [numbers.id(literal(form, XSD + "integer")) // SAME_AMOUNT for form in ("-1", "3", "10")]
    assert amounts == sorted(set(amounts))
    between = numbers.id(literal("2.5", XSD + "decimal")) // SAME_AMOUNT
    assert amounts[0] < between < amounts[1]
    days = [numbers.id(literal(day, XSD + "date")) for day in ("1989-12-31", "1990-01-13")]
    assert days == sorted(days)
    assert numbers.id(Literal("a")) < numbers.id(Literal("b"))


def test_numbers_tell_kinds(numbers: Columns) -> None:
    kinds = {
        Kind.IRI: URIRef(f"{KG}n"),
        Kind.NUMBER: literal("3", XSD + "integer"),
        Kind.DAY: literal("1990-01-13", XSD + "date"),
        Kind.TEXT: Literal('say "x"'),
        Kind.OTHER: literal("x", f"{KG}t"),
    }
    assert {numbers.id(node) % 8: node for node in kinds.values()} == kinds
    assert numbers.id(literal("many", XSD + "integer")) % 8 == Kind.OTHER
    assert numbers.id(URIRef(f"{KG}nowhere")) == NOWHERE
    assert numbers.doubted == {numbers.id(URIRef(f"{KG}p"))}


def test_a_very_long_text() -> None:
    quad = ox.Quad(ox.NamedNode(f"{KG}n"), ox.NamedNode(f"{KG}p"), ox.Literal("long \n" * 1_500_000))
    with columns_of([quad]) as columns:
        assert set(columns.triples("true")) == union([quad])


def test_nothing_is_left_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shapes = shacl.shapes([("x.ttl", b"")], Base())
    Held(shapes, Base()).update([])
    broken = f"<urn:s> a <{shacl.SH}NodeShape> ; <{shacl.SH}targetNode> <urn:n> ; <{shacl.SH}pattern> '(' ."
    with pytest.raises(shacl.ProjectError):
        Held(shacl.shapes([("x.ttl", broken.encode())], Base()), Base()).update([])
    assert list(tmp_path.iterdir()) == []


def test_where_there_is_no_room_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    quads = [
        ox.Quad(ox.NamedNode(f"{KG}n{number}"), ox.NamedNode(f"{KG}p"), ox.Literal("room" * 40 + str(number)))
        for number in range(20_000)
    ]
    held, limit = (
        Held(shacl.shapes([("x.ttl", b"")], Base()), Base()),
        resource.getrlimit(resource.RLIMIT_FSIZE),
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limit[1]))
    try:
        with pytest.raises(StoreError, match="no room") as raised:
            held.update(quads)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert "TMPDIR" in str(raised.value.remedy)
    assert list(tmp_path.iterdir()) == []


def test_a_large_dataset_is_held_in_columns_and_a_small_one_in_memory() -> None:
    shapes = shacl.shapes([("x.ttl", b"")], Base())
    assert isinstance(engines.held(shapes, Base(), engines.chosen("sets", LARGE)), Constraints)
    assert isinstance(engines.held(shapes, Base(), engines.chosen("sets", LARGE + 1)), Held)
    assert engines.chosen("pyshacl", LARGE + 1) == "pyshacl"
    assert engines.chosen("columns", 1) == "columns"
