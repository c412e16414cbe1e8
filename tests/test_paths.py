"""Property paths: the statement that a path leads through, from a focus node to a value."""

from __future__ import annotations

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from kg import paths

DATA = Graph().parse(
    data="""
    @prefix : <urn:> .
    :a :p :b, :c ; :q :d . :b :q :x . :c :q :y . :e :p :a . :x :p :z . :z :p :end .
    """,
    format="turtle",
)


def through(path: str, value: str = "", focus: str = "a") -> str:
    shapes = Graph().parse(
        data=f"@prefix sh: <{SH}> . @prefix : <urn:> . :s sh:path {path} .", format="turtle"
    )
    (node,) = shapes.objects(URIRef("urn:s"), SH.path)
    wanted: Node | None = URIRef(f"urn:{value}") if value else None
    found = paths.statement(DATA, shapes, node, URIRef(f"urn:{focus}"), wanted)
    return " ".join(str(term).removeprefix("urn:") for term in found) if found else ""


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (":p", "c", "a p c"),
        (":p", "", "a p b"),
        (":r", "", ""),
        ("[ sh:inversePath :p ]", "e", "e p a"),
        ("[ sh:inversePath :p ]", "", "e p a"),
        ("[ sh:inversePath :q ]", "", ""),
        ("( :p :q )", "y", "c q y"),
        ("( :p :q )", "x", "b q x"),
        ("( :p :r )", "", "a p b"),
        ("( :p :q :p )", "z", "x p z"),
        ("( :p :q :r )", "", "b q x"),
        ("( [ sh:inversePath :p ] :q )", "", "e p a"),
        ("[ sh:alternativePath ( :q :p ) ]", "c", "a p c"),
        ("[ sh:alternativePath ( :r :q ) ]", "d", "a q d"),
        ("[ sh:alternativePath ( :r ( :p :q ) ) ]", "y", "c q y"),
        ("[ sh:zeroOrMorePath [ sh:alternativePath ( :p :q ) ] ]", "end", "z p end"),
        ("[ sh:oneOrMorePath :p ]", "c", "a p c"),
        ("[ sh:zeroOrOnePath :p ]", "b", "a p b"),
        ("[ sh:zeroOrOnePath :p ]", "a", "a p b"),
    ],
)
def test_the_statement_that_a_path_leads_through(path: str, value: str, expected: str) -> None:
    assert through(path, value) == expected


def test_a_circle_ends() -> None:
    graph = Graph().parse(data="@prefix : <urn:> . :a :p :b . :b :p :a .", format="turtle")
    shapes = Graph().parse(
        data=f"@prefix sh: <{SH}> . <urn:s> sh:path [ sh:zeroOrMorePath <urn:p> ] .", format="turtle"
    )
    (path,) = shapes.objects(URIRef("urn:s"), SH.path)
    found = paths.statement(graph, shapes, path, URIRef("urn:a"), Literal("nowhere"))
    assert found == (URIRef("urn:a"), URIRef("urn:p"), URIRef("urn:b"))
