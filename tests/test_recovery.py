"""What cannot be read: a finding at its place, the rest read, and what it may say in doubt."""

from __future__ import annotations

import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.formats import JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from kg.loading import Doubt, recovery
from kg.loading.recovery import Recovered
from kg.names import KG, RDF, SCHEMA, Base

BASE = Base("https://archive.example/h/")
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in Base().prefixes().items())
LINES = HEAD.count("\n")
GOOD = "place:a a schema:Place .\n"


def read(text: str | bytes, format: Format = TURTLE) -> Recovered:
    data = text if isinstance(text, bytes) else text.encode()
    return recovery.read(data, format, name="a.ttl", strict=True, base=BASE)


def told(recovered: Recovered) -> list[tuple[str, int, int]]:
    return [(finding.rule, finding.line - LINES, finding.column) for finding in recovered.document.findings]


def subjects(recovered: Recovered) -> set[str]:
    return {quad.subject.value.rpartition("/")[2] for quad in recovered.document.quads}


FAULTS: dict[str, tuple[str, list[tuple[str, int, int]]]] = {
    "no full stop": ("place:b a schema:Place\nplace:c a schema:Place .\n", [("syntax", 3, 1)]),
    "a full stop too many": ("place:b a schema:Place . ; schema:x place:c .\n", [("syntax", 2, 26)]),
    "no object": ("place:b a .\n", [("syntax", 2, 11)]),
    "an IRI with a space": ("place:b a <http://x.example/a b> .\n", [("syntax", 2, 11)]),
    "an IRI with a wrong escape": ("place:b a place:c%zz .\n", [("syntax", 2, 12)]),
    "a string without an end": ('place:b rdfs:label "b ;\n a schema:Place .\n', [("syntax", 2, 20)]),
    "a string without a beginning": ('place:b rdfs:label b" ;\n a schema:Place .\n', [("syntax", 2, 20)]),
    "a wrong escape": ('place:b rdfs:label "\\q" .\n', [("syntax", 2, 21)]),
    "full stops": ("place:b a schema:Place ...\n", [("syntax", 2, 25)]),
    "a prefix": ("place:b a wrok:x .\nplace:c a wrok:y .\n", [("prefix", 2, 11)]),
    "a relative IRI": ("place:b a <x> .\n", [("relative-iri", 2, 11)]),
    "a bracket without an end": ("place:b a [ a schema:Place .\n", [("syntax", 2, 28)]),
    "a bracket without a beginning": ("place:b a schema:Place ] .\n", [("syntax", 2, 24)]),
    "RDF 1.2": ("<< place:b a schema:Place >> schema:x 5 .\n", [("rdf-1.2", 2, 1)]),
    "two": ("place:b a .\nplace:c a .\n", [("syntax", 2, 11), ("syntax", 3, 11)]),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_fault_has_its_place_and_the_rest_is_read(name: str, end: str) -> None:
    text, expected = FAULTS[name]
    recovered = read((HEAD + GOOD + text + "place:z a schema:Place .\n").replace("\n", end))
    assert told(recovered) == expected
    assert all(finding.remedy for finding in recovered.document.findings)
    assert subjects(recovered) - {"b"} == {"a", "z"}
    assert ("b" in subjects(recovered)) is (name == "a full stop too many")
    assert recovered.doubt.about(BASE.id("place", "b")) or name == "RDF 1.2"
    assert not recovered.doubt.about(BASE.id("place", "z"))
    assert len(recovered.text) == len((HEAD + GOOD + text + "place:z a schema:Place .\n").replace("\n", end))


def test_without_a_fault_nothing_is_in_doubt() -> None:
    recovered = read(HEAD + GOOD)
    assert recovered.document.findings == []
    assert not recovered.doubt


def test_a_string_without_an_end_at_line_40_000() -> None:
    text = (
        HEAD
        + GOOD * 40_000
        + 'place:b rdfs:label "b ;\n a schema:Place .\n'
        + "place:z a schema:Place .\n" * 10
    )
    started = time.process_time()
    recovered = read(text)
    assert time.process_time() - started < 60  # no square of the length
    assert told(recovered) == [("syntax", 40_001, 20)]
    assert len(recovered.document.quads) == 40_010
    assert subjects(recovered) == {"a", "z"}


@pytest.mark.parametrize(("open", "close"), [("[ schema:x ", "]"), ("(", ")")])
def test_a_thousand_levels(open: str, close: str) -> None:
    deep = f"place:b schema:x {open * 1000}5{close * 1000} .\n"
    assert read(HEAD + GOOD + deep).document.findings == []
    recovered = read(HEAD + GOOD + deep.replace("5", "; 5") + "place:z a schema:Place .\n")
    assert [rule for rule, *_ in told(recovered)] == ["syntax"]
    assert subjects(recovered) == {"a", "z"}


def test_a_string_of_several_lines_without_an_end_puts_what_follows_in_doubt() -> None:
    recovered = read(HEAD + GOOD + 'place:b rdfs:label """b .\nplace:z a schema:Place .\n')
    assert told(recovered) == [("syntax", 2, 20)]
    assert subjects(recovered) == {"a"}
    assert recovered.doubt.about(BASE.id("place", "z"))
    recovered = read(HEAD + GOOD + 'place:b rdfs:label """b""" """ c""" .\nplace:z a schema:Place .\n')
    assert subjects(recovered) == {"a"}
    assert recovered.doubt.about(BASE.id("place", "z"))


def test_a_broken_declaration_is_told_once() -> None:
    text = HEAD.replace("@prefix place: <", "@prefix place <") + GOOD * 3 + "event:e a schema:Event .\n"
    recovered = read(text)
    assert [rule for rule, *_ in told(recovered)] == ["syntax"]
    assert subjects(recovered) == {"e"}
    assert recovered.doubt.about(BASE.id("place", "a"))


def test_many_faults_are_told_up_to_a_number() -> None:
    recovered = read(HEAD + GOOD + "place:b a .\n" * 200 + "place:z a schema:Place .\n")
    assert recovery.MOST <= len(recovered.document.findings) <= recovery.MOST + 1
    assert subjects(recovered) == {"a"}
    assert recovered.doubt.about(BASE.id("place", "z"))


def test_bytes_that_are_not_utf_8_spoil_one_statement() -> None:
    recovered = read((HEAD + GOOD).encode() + b'place:b rdfs:label "\xe9\xff" .\nplace:z a schema:Place .\n')
    assert told(recovered) == [("encoding", 2, 21)]
    assert subjects(recovered) == {"a", "z"}


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("<rdf:RDF", RDF_XML),
        ('{"@id": ', JSON_LD),
        ((HEAD + GOOD).encode("utf-16"), TURTLE),
    ],
)
def test_where_names_cannot_be_told_everything_is_in_doubt(text: str | bytes, format: Format) -> None:
    recovered = read(text, format)
    assert recovered.document.quads == []
    assert recovered.doubt.everything
    assert recovered.doubt.about("urn:any")


@pytest.mark.parametrize("word", ["kg:visibility kg:withheld", "kg:redacts place:a"])
def test_what_may_hide_something_puts_everything_in_doubt(word: str) -> None:
    assert read(HEAD + GOOD + f"place:b {word} ; ] .\n").doubt.everything


def test_lines_and_graphs() -> None:
    recovered = read("<urn:a> <urn:b> <urn:c> .\n<urn:d> <urn:e>\n<urn:f> <urn:g> <urn:h> .\n", N_TRIPLES)
    assert len(recovered.document.quads) == 2
    assert recovered.doubt.about("urn:d")
    recovered = read("<urn:g> { <urn:a> <urn:b> . }\n<urn:f> { <urn:g> <urn:h> <urn:i> }\n", TRIG)
    assert len(recovered.document.quads) == 1
    assert recovered.doubt.about("urn:a")


@given(st.binary(max_size=80) | st.text('ab:.;," \n@<>[]()\\{}é"', max_size=80).map(str.encode))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    for format in (TURTLE, TRIG, N_TRIPLES):
        recovered = read(HEAD.encode() + data if format is TURTLE else data, format)
        if not recovered.doubt:
            assert all(
                finding.severity == "warning" or finding.rule == "byte-order-mark"
                for finding in recovered.document.findings
            )
        else:
            assert any(finding.severity == "violation" for finding in recovered.document.findings)
        list(ox.parse(recovered.text, format.rdf)) if recovered.text else None


class TestDoubt:
    DOUBT = Doubt.of("place:b a schema:Place ; schema:x <urn:y#z>, wrok:w", HEAD, BASE)

    @pytest.mark.parametrize(
        "term",
        [BASE.id("place", "b"), f"<{BASE.id('place', 'b')}>", SCHEMA + "Place", "urn:y#z", BASE.id("work", "w"), "_:any", RDF + "type"],
    )  # fmt: skip
    def test_what_it_is_about(self, term: str) -> None:
        assert self.DOUBT.about(term)

    @pytest.mark.parametrize("term", [BASE.id("place", "c"), BASE.id("place", "bb"), "urn:y#", KG + "x", ""])
    def test_what_it_is_not_about(self, term: str) -> None:
        assert not self.DOUBT.about(term)
        assert not Doubt().about(term)

    def test_a_sign_in_a_name(self) -> None:
        for text in ('place:new"town a', "place:new>town a", "<https://x.example/new'town> a"):
            assert Doubt.of(text, HEAD, BASE).about(BASE.id("place", "newtown")) or "x.example" in text
            assert Doubt.of(text, HEAD, BASE).about("https://x.example/newtown") or "place" in text

    def test_patterns(self) -> None:
        b, c, x, y = BASE.id("place", "b"), BASE.id("place", "c"), SCHEMA + "x", SCHEMA + "y"
        for subject, predicate, value, literal, may in (
            (b, y, None, False, True),
            (c, x, None, False, False),
            (c, None, None, False, False),
            (None, x, b, False, True),
            (None, x, c, False, False),
            (None, x, "5", True, True),
            (None, y, b, False, False),
            (None, None, None, False, True),
            (BASE.id("relay", "r"), y, None, False, True),
            (c, KG + "relay", None, False, True),
        ):
            assert self.DOUBT.may_match(subject, predicate, value, literal) is may
            assert Doubt(everything=True).may_match(subject, predicate, value, literal)
            assert not Doubt().may_match(subject, predicate, value, literal)

    def test_what_the_build_derives_is_in_doubt_too(self) -> None:
        claim, name = BASE.id("claim", "c"), BASE.id("name", "n")
        quads = [
            ox.Quad(*quad.triple)
            for quad in ox.parse(
                HEAD.replace(Base().iri, BASE.iri)
                + "claim:c rdf:subject event:e ; rdf:predicate kg:date ; rdf:object place:p . person:q skosxl:altLabel name:n .",
                ox.RdfFormat.TURTLE,
            )
        ]
        widened = Doubt(frozenset({claim, name})).widened(quads)
        for term in (
            BASE.id("event", "e"),
            BASE.id("person", "q"),
            KG + "date",
            KG + "latestEnd",
            SCHEMA + "endDate",
        ):
            assert widened.about(term)
        assert not Doubt(frozenset({BASE.id("claim", "d")})).widened(quads).about(BASE.id("event", "e"))
        assert not Doubt().widened(quads)


def test_a_file_that_cannot_be_opened_puts_everything_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import velmora
    from kg.checking import Checker
    from kg.project import Project

    root = velmora.project(tmp_path)
    locked = velmora.statements(root).with_name("locked.ttl")
    locked.write_text(HEAD + "claim:x a kg:Claim .\n", encoding="utf-8")
    opened = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return opened(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    checked = Checker(Project.open(root)).check()
    assert [(finding.rule, finding.file) for finding in checked.report] == [
        ("unreadable", "data/velmora/sources/gazette-1/locked.ttl")
    ]
    assert not checked.complete
