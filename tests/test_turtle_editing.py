"""Turtle edited resource by resource: what is asked for, and every other byte as it was."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from kg.errors import EditError, SourceError
from kg.names import RDF, SCHEMA
from kg.turtle import Document
from rdf_data import lines
from suites import ROOT
from turtle_documents import BASE, turtle

FILES = sorted([*(ROOT / "data").rglob("*.ttl"), *(ROOT / "ontology").rglob("*.ttl")])
V = "https://velmora.example/"
A = ox.NamedNode(RDF + "type")


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(V + name)


def said(text: str) -> list[str]:
    """Give the statements of a document, blank nodes named alike in equal documents."""
    return lines(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=BASE))


def document(text: str) -> Document:
    read = Document.read(text, base=BASE, prefixes={"v": V, "schema": SCHEMA})
    assert read.text == text
    return read


# Any document


@given(turtle())
@settings(max_examples=60)
def test_reading_gives_the_text_back(text: str) -> None:
    try:
        ox_said = said(text)
    except SyntaxError:
        event("not a document")
        with pytest.raises(SourceError):
            Document.read(text, base=BASE)
        return
    read = Document.read(text, base=BASE)
    assert read.text == text
    for subject in read.subjects:
        read.put(subject, read.triples(subject))
    assert read.text == text
    assert said(read.text) == ox_said


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_our_files_are_as_they_were_after_a_put_of_the_same(path: Path) -> None:
    text = path.read_bytes().decode()
    read = Document.read(text)
    for subject in read.subjects:
        read.put(subject, read.triples(subject))
    assert read.text == text


VALUES = st.sampled_from(
    [
        *(ox.NamedNode("http://p.example/a"), ox.NamedNode("http://x.example/#a"), ox.NamedNode("urn:x:y")),
        *(ox.Literal("a"), ox.Literal('"\\\n\r\t\x00# .;'), ox.Literal("x", language="ru-latn")),
        *(ox.Literal(1), ox.Literal(True), ox.Literal("1.5", datatype=ox.NamedNode("http://p.example/t"))),
        *(ox.Literal("+.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")), A),
    ]
)
PREDICATES = st.sampled_from([A, *(ox.NamedNode(f"http://p.example/{n}") for n in ("a", "1", "x/y"))])


@given(turtle(), st.data())
@settings(max_examples=150)
def test_any_edit_gives_exactly_the_triples_wanted(text: str, data: st.DataObject) -> None:
    try:
        read = Document.read(text, base=BASE)
    except SourceError:
        return
    for _ in range(data.draw(st.integers(1, 3))):
        subject = data.draw(st.sampled_from([*read.subjects, "http://p.example/new", V + "newer"]))
        _edit(read, subject, data)


def _edit(read: Document, subject: str, data: st.DataObject) -> None:
    before, node = read.text, ox.NamedNode(subject)
    old = read.triples(subject)
    kept = data.draw(st.lists(st.sampled_from(old), unique=True) if old else st.just([]))
    new = data.draw(st.lists(st.tuples(PREDICATES, VALUES), max_size=4))
    wanted = data.draw(st.permutations([*kept, *new]))
    after = data.draw(st.sampled_from(["", *read.subjects]))
    try:
        read.put(subject, wanted, after=after)
    except EditError:
        assert any(isinstance(object, ox.BlankNode) for _, object in set(old) - set(wanted))
        assert read.text == before
        event("refused")
        return
    assert set(read.triples(subject)) == set(wanted)
    others = [line for line in said(before) if not line.startswith(f"{node} ")]
    if "_:" not in "".join(said(before)):
        assert [line for line in said(read.text) if not line.startswith(f"{node} ")] == others
    if wanted:
        read.put(subject, old or [])
        assert said(read.text) == said(before)
        read.put(subject, wanted)


@given(turtle(), st.data())
@settings(max_examples=60)
def test_taking_out_leaves_all_others(text: str, data: st.DataObject) -> None:
    try:
        read = Document.read(text, base=BASE)
    except SourceError:
        return
    subject = data.draw(st.sampled_from([*read.subjects, "http://p.example/new"]))
    others = {other: read.triples(other) for other in read.subjects if other != subject}
    read.remove(subject)
    assert subject not in read.subjects
    assert {other: read.triples(other) for other in read.subjects} == others
