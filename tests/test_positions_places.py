"""Places of single statements are those that a reader of the whole document gives; and where statements begin and end."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import test_positions
from kg.formats import JSON_LD, N_QUADS, N_TRIPLES, TRIG, TURTLE, Format
from kg.positions import Index, Places, Position, read, splitting
from suites import ROOT

FILES = sorted([*(ROOT / "data").rglob("*.ttl"), *(ROOT / "ontology").rglob("*.ttl")])


def spans(text: str, format: Format = TURTLE) -> list[str]:
    data = text.encode()
    return [span.within(data).decode() for span in splitting.split(data, format)]


class TestSplitting:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a b c . d e f .", ["a b c .", "d e f ."]),
            ("# x . y\n a b c.# z\nd e f.", ["a b c.", "d e f."]),
            ('a b "x . y" . c d \'.\' .', ['a b "x . y" .', "c d '.' ."]),
            ('a b """x " . """ . c d e .', ['a b """x " . """ .', "c d e ."]),
            ("a b <http://x.example/y.z> . c d e .", ["a b <http://x.example/y.z> .", "c d e ."]),
            ("a:b.c a:d 1.5 . e f .5 .", ["a:b.c a:d 1.5 .", "e f .5 ."]),
            (r"a:b\~. a b . c d e .", [r"a:b\~.", "a b .", "c d e ."]),
            ("a b [ c d ; e ( f ) ] . g h i .", ["a b [ c d ; e ( f ) ] .", "g h i ."]),
            ("@prefix a: <urn:a.b> . PREFIX b: <urn:b>\nBASE <urn:c> a b c .", ["@prefix a: <urn:a.b> .", "PREFIX b: <urn:b>", "BASE <urn:c>", "a b c ."]),
            ("prefix:a b c . base:a b c .", ["prefix:a b c .", "base:a b c ."]),
            ("a b c", ["a b c"]),
            ('a b "no end\n c . d e f .', ['a b "no end\n c .', "d e f ."]),
            ("", []),
            ("  # nothing\n", []),
        ],
    )  # fmt: skip
    def test_statements(self, text: str, expected: list[str]) -> None:
        assert spans(text) == expected

    def test_graphs_and_lines(self) -> None:
        assert spans("<g> { a b c . d e f } a b c .", TRIG) == ["<g> { a b c . d e f }", "a b c ."]
        assert spans("<a> <b> <c> .\r\n# x\n\n <d> <e> <f> .", N_TRIPLES) == [
            "<a> <b> <c> .",
            "<d> <e> <f> .",
        ]
        assert spans("{}", JSON_LD) == ["{}"]

    @pytest.mark.parametrize("text", ['a b "x\n', "a b 'x\n c .", 'a b """x . \n . '])
    def test_a_string_without_an_end_is_told(self, text: str) -> None:
        (span,) = splitting.split(text.encode(), TURTLE)
        assert span.torn

    @given(st.lists(st.sampled_from([*'."<>{}#\\ \n', '"""', "a:b", "1.5", "é", "PREFIX a:"]), max_size=30))
    def test_any_text_is_split_and_nothing_lost(self, parts: list[str]) -> None:
        data = "".join(parts).encode()
        for format in (TURTLE, TRIG, N_QUADS):
            found = splitting.split(data, format)
            assert all(one.end <= other.start for one, other in pairwise(found))
            between = data
            for span in reversed(found):
                assert span.start < span.end
                between = between[: span.start] + b"\n" + between[span.end :]
            assert all(not line.strip() or line.strip().startswith(b"#") for line in between.split(b"\n"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_parted_into_statements_that_say_the_same(path: Path) -> None:
    data = path.read_bytes()
    head, count = b"", 0
    for span in splitting.split(data, TURTLE):
        text = span.within(data)
        if splitting.is_directive(text):
            head += text + b"\n"
        else:
            count += len(list(ox.parse(head + text, ox.RdfFormat.TURTLE)))
    assert count == len(list(ox.parse(data, ox.RdfFormat.TURTLE)))


def same(data: bytes, format: Format) -> None:
    """Hold the places of *data* against those of all its statements together."""
    whole = list(read(data, format))
    index, places = Index("", whole), Places(data, format)
    for statement in whole:
        quad = statement.quad
        if isinstance(quad.subject, ox.NamedNode):  # labels of anonymous nodes differ at each reading
            assert places.find(quad.subject) == index.find(quad.subject)
            assert places.find(quad.subject, quad.predicate) == index.find(quad.subject, quad.predicate)
            if not isinstance(quad.object, ox.BlankNode):
                assert places.find(quad.subject, quad.predicate, quad.object) == index.find(*quad.triple)  # type: ignore[arg-type]
        first = min(each.predicate for each in whole if each.quad.predicate == quad.predicate)
        assert (places.first(quad.predicate) or Position(0, 0)) <= first
    assert places.find(ox.NamedNode("urn:absent")) is None
    assert places.first(ox.NamedNode("urn:absent")) is None


@given(test_positions.turtle())
def test_any_turtle_has_the_places_of_the_whole(text: str) -> None:
    try:
        list(ox.parse(text, ox.RdfFormat.TURTLE))
    except SyntaxError:  # relative IRIs, without a base
        text = f"@base <{test_positions.BASE}> .\n{text}"
    same(text.encode(), TURTLE)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stat().st_size < 12_000], ids=lambda path: path.name
)
def test_each_small_file_has_the_places_of_the_whole(path: Path) -> None:
    same(path.read_bytes(), TURTLE)


def test_places_count_from_the_document_with_any_line_end() -> None:
    data = "@prefix a: <urn:a:> .\r\n\r\n  a:é a:b a:c ; a:d\r\n  a:e . a:f a:g [ a:h a:i ] .".encode()
    places = Places(data, TURTLE)
    node = ox.NamedNode("urn:a:é")
    assert places.find(node) == Position(3, 3)
    assert places.find(node, ox.NamedNode("urn:a:d"), ox.NamedNode("urn:a:e")) == Position(4, 3)
    assert places.first(ox.NamedNode("urn:a:i")) == Position(4, 23)
    assert places.blank_nodes() == [Position(4, 17)]


def test_other_formats_are_read_whole_and_json_has_no_place() -> None:
    node = ox.NamedNode("urn:a")
    assert Places(b"<urn:x> <urn:y> <urn:z> .\n<urn:a> <urn:b> 'c' .", TRIG).find(node) == Position(2, 1)
    assert Places(b'<urn:x> <urn:y> <urn:z> .\n<urn:a> <urn:b> "c" .', N_QUADS).find(node) == Position(2, 1)
    assert Places(b'{"@id": "urn:a"}', JSON_LD).find(node) is None
    assert Places(b"<urn:a> <urn:b>", TURTLE).find(node) is None
