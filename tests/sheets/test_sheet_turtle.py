"""Long Turtle files are edited in parts: the same bytes as by the editor, and the same meaning."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.sheets import turtle
from kg.turtle import Document
from suites import ROOT

PHOTOGRAPHS = (ROOT / "data/baku-1990/sources/asbarez-91953/photographs.ttl").read_text(encoding="utf-8")
KG = "https://w3id.org/attest/ns#"
CLAIM = "https://attest.example/baku-1990/id/claim/"
AMOUNT = ox.NamedNode(KG + "amount")


def number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> object:
    """Give a function that edits a text in parts and as a whole."""

    def edit(text: str, edits: turtle.Edits) -> tuple[str | None, str]:
        monkeypatch.setattr(turtle, "LONG", 1 << 40)
        whole = turtle.edited(text, edits)
        return turtle._in_parts(text, edits), whole

    return edit


def test_a_change_in_parts_is_the_change_of_the_editor(both) -> None:  # type: ignore[no-untyped-def]
    document = Document.read(PHOTOGRAPHS)
    edits = {}
    for subject in document.subjects[5:120:30]:
        pairs = [pair for pair in document.triples(subject) if pair[0] != AMOUNT]
        edits[ox.NamedNode(subject)] = [*pairs, (AMOUNT, number(7))]
    parts, whole = both(PHOTOGRAPHS, edits)
    assert parts == whole != PHOTOGRAPHS


def test_new_resources_stand_at_the_end(both) -> None:  # type: ignore[no-untyped-def]
    new = {ox.NamedNode(f"{CLAIM}new-{n}"): [(AMOUNT, number(n)), (ox.NamedNode("http://www.w3.org/2003/01/geo/wgs84_pos#lat"), ox.Literal("x\ny"))] for n in range(3)}  # fmt: skip
    parts, _ = both(PHOTOGRAPHS, new)
    assert parts is not None
    assert parts.count("@prefix geo:") == 1
    assert parts.endswith('claim:new-2 kg:amount 2 ;\n    geo:lat "x\\ny" .\n')
    for old in ("@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .\n", "\n\nclaim:new-0"):
        assert old in parts
    begun = parts[: parts.index("claim:new-0")].replace("@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .\n", "")  # fmt: skip
    assert begun.rstrip() == PHOTOGRAPHS.rstrip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# a comment. With a full stop.\n",
        '@prefix claim: <https://attest.example/baku-1990/id/claim/> .\nclaim:a <urn:p> "a. b" , """c .\n\\"d""" .# e. f\nclaim:b <urn:p> 1.5 .\n',
        "PREFIX claim: <https://attest.example/baku-1990/id/claim/>\nclaim:a <urn:p> [ <urn:q> 1 ] .\n",
        "<https://attest.example/baku-1990/id/claim/a> <urn:p> <urn:x.y>.<urn:z> <urn:p> 2 .",
    ],
)
@pytest.mark.parametrize("name", ["a", "new"])
def test_any_document_can_be_edited(text: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turtle, "LONG", 0)
    subject = ox.NamedNode(CLAIM + name)
    kept = Document.read(text).triples(subject.value)
    made = turtle.edited(text, {subject: [*kept, (AMOUNT, number(3))]})
    said = {quad.triple for quad in ox.parse(made.encode(), format=ox.RdfFormat.TURTLE)}
    assert ox.Triple(subject, AMOUNT, number(3)) in said
    before = [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]
    assert len(said) == len(before) + 1
