"""Passages in RDF: written as Turtle, read back the same; malformed data refused by name."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import suites
from kg import passages
from kg.errors import EvidenceError
from kg.evidence import Anchor, Copy, Part, Passage, TextVersion, check, verify
from kg.names import Base

ID = "https://attest.example/baku-1990/id/"
PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in Base().prefixes().items())
DIGEST = "ab" * 32
TEXT = (
    f'text:t a kg:TextVersion ; kg:length 900 ; kg:textDigest "{DIGEST}" ; kg:capturedDigest "{DIGEST}" .\n'
)
PASSAGE = f"""
passage:p a oa:SpecificResource ; oa:hasSource text:t ; oa:hasSelector selector:p ; kg:digest "{DIGEST}" .
selector:p a oa:TextPositionSelector ; oa:start 5 ; oa:end 95 ; oa:refinedBy selector:p-x .
selector:p-x a oa:TextPositionSelector ; oa:start 3 ; oa:end 9 .
"""
SLUGS = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)


def quads(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TRIG))


VERSION = quads(TEXT)


@given(slug=SLUGS, part=SLUGS, start=st.integers(0, 10**9), size=st.integers(40, 10**6), data=st.data())
def test_turtle_reads_back(slug: str, part: str, start: int, size: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(first + 1, size))
    part = f"{slug}-{part}"
    written = passages.turtle(
        Anchor(start, start + size, DIGEST), slug, text=f"{ID}text/t", stands_in=f"{ID}caption/c"
    )
    written += passages.part_turtle((first, last), part, passage=slug)
    _, found = passages.read([*VERSION, *ox.parse(written, format=ox.RdfFormat.TURTLE)])  # type: ignore[list-item]
    parts = (Part(f"{ID}selector/{part}", first, last),)
    assert found == [Passage(f"{ID}passage/{slug}", f"{ID}text/t", start, start + size, DIGEST, parts=parts)]


def test_turtle_is_as_a_person_writes_it() -> None:
    written = passages.turtle(Anchor(5, 95, DIGEST), "p", text=f"{ID}text/t", stands_in=f"{ID}caption/c")
    assert written == (
        f"""\
@prefix caption: <{ID}caption/> .
@prefix kg: <https://w3id.org/attest/ns#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix passage: <{ID}passage/> .
@prefix selector: <{ID}selector/> .
@prefix text: <{ID}text/> .

passage:p a oa:SpecificResource ;
    oa:hasSource text:t ;
    oa:hasSelector selector:p ;
    kg:standsIn caption:c ;
    kg:digest "{DIGEST}" .
selector:p a oa:TextPositionSelector ; oa:start 5 ; oa:end 95 .
"""
    )


def test_turtle_is_written_with_the_base_of_source_files() -> None:
    other = Base("https://archive.example/x/")
    anchored = Anchor(5, 95, DIGEST)
    assert passages.turtle(anchored, "p", text=other.id("text", "t"), base=other) == passages.turtle(
        anchored, "p", text=f"{ID}text/t"
    )


def test_turtle_keeps_an_iri_that_has_no_prefix() -> None:
    written = passages.turtle(Anchor(5, 95, DIGEST), "p", text="https://other.example/t.1")
    assert "oa:hasSource <https://other.example/t.1> ;" in written
    assert "standsIn" not in written


@pytest.mark.parametrize("slug", ["", "A", "a.b", "a b", "a--b", "a ; kg:x 1", "é", "a\n"])
def test_turtle_refuses_what_is_no_slug(slug: str) -> None:
    with pytest.raises(EvidenceError, match="is no slug"):
        passages.turtle(Anchor(5, 95, DIGEST), slug, text=f"{ID}text/t")
    for part, whole in ((slug, "p"), ("p", slug)):
        with pytest.raises(EvidenceError, match="is no slug"):
            passages.part_turtle((0, 1), part, passage=whole)


def test_part_needs_a_slug_of_its_own() -> None:
    with pytest.raises(EvidenceError, match="slug of its passage"):
        passages.part_turtle((0, 1), "p", passage="p")


@pytest.mark.parametrize("iri", ["", "text:a b", "t", "https://a.example/> . <x"])
def test_turtle_refuses_what_is_no_iri(iri: str) -> None:
    for names in ({"text": iri}, {"text": f"{ID}text/t", "stands_in": iri}):
        with pytest.raises(EvidenceError, match="is not an absolute IRI"):
            passages.turtle(Anchor(5, 95, DIGEST), "p", **names)


def test_read_gives_versions_passages_claims_and_parts_whatever_the_graph() -> None:
    data = f"""
        graph:a {{ {TEXT} text:t kg:versionOf source:s . {PASSAGE} }}
        graph:b {{ {PASSAGE} claim:b a kg:Claim, kg:DateClaim ; kg:passage passage:p . }}
        graph:c {{ claim:a a kg:Claim ; kg:passage passage:p . name:n a skosxl:Label ; kg:passage passage:p . }}
    """
    versions, found = passages.read(quads(data))
    assert versions == [TextVersion(f"{ID}text/t", 900, DIGEST, DIGEST, f"{ID}source/s")]
    assert found == [
        Passage(
            f"{ID}passage/p",
            f"{ID}text/t",
            5,
            95,
            DIGEST,
            (f"{ID}claim/a", f"{ID}claim/b"),
            (Part(f"{ID}selector/p-x", 3, 9),),
        )
    ]


def test_read_leaves_other_annotations_alone() -> None:
    assert passages.read(quads("<urn:x> a oa:SpecificResource ; oa:hasSource <urn:page> .")) == ([], [])
    assert passages.read([]) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("oa:start 5 ;", "", "selector/p has no values of oa:start"),
        ("oa:start 5 ;", "oa:start 5, 6 ;", "selector/p has 2 values of oa:start"),
        ("oa:start 5 ;", 'oa:start "5" ;', "selector/p has a value of oa:start that is not an integer"),
        ("oa:start 5 ;", "oa:start 5.0 ;", "selector/p has a value of oa:start"),
        ("oa:start 5 ;", 'oa:start "x"^^xsd:integer ;', "selector/p has a value of oa:start"),
        ("oa:start 5 ;", "oa:start text:t ;", "selector/p has a value of oa:start"),
        ("oa:start 5 ;", "oa:start 95 ;", "passage/p goes from 95 to 95"),
        ("oa:start 3 ; oa:end 9", "oa:start 3 ; oa:end 91", "selector/p-x goes from 3 to 91"),
        ("oa:start 3 ; oa:end 9", "oa:start 3", "selector/p-x has no values of oa:end"),
        ("oa:refinedBy selector:p-x", 'oa:refinedBy "x"', "selector/p has a value of oa:refinedBy"),
        ("oa:hasSource text:t ;", "", "passage/p has no values of oa:hasSource"),
        ("oa:hasSource text:t ;", "oa:hasSource text:u ;", "passage/p stands in .*text/u, which is no text"),
        ("oa:hasSelector selector:p ;", "", "passage/p has no values of oa:hasSelector"),
        ("oa:hasSelector selector:p ;", 'oa:hasSelector "p" ;', "passage/p has a value of oa:hasSelector"),
        (f' ; kg:digest "{DIGEST}" .\nsel', " .\nsel", "passage/p has no values of kg:digest"),
        (f'kg:digest "{DIGEST}"', 'kg:digest "ab"', "passage/p has the digest 'ab'"),
        (f'kg:digest "{DIGEST}"', f'kg:digest "{DIGEST}"@en', "passage/p has a value of kg:digest"),
        ("kg:length 900 ;", "", "text/t has no values of kg:length"),
        ("kg:length 900 ;", "kg:length -9 ;", "text/t has the length -9"),
        (f'kg:capturedDigest "{DIGEST}"', "kg:capturedDigest 1", "text/t has a value of kg:capturedDigest"),
        ("text:t a kg", 'text:t kg:versionOf "x" ; a kg', "text/t has a value of kg:versionOf"),
        (
            "text:t a kg",
            "claim:c kg:passage passage:q . text:t a kg",
            "passage/q has no values of oa:hasSource",
        ),
        ("text:t a kg", 'claim:c kg:passage "p" . text:t a kg', "claim/c has a value of kg:passage"),
    ],
)
def test_malformed_data_are_refused_by_name(old: str, new: str, named: str) -> None:
    good = TEXT + PASSAGE
    assert old in good
    with pytest.raises(EvidenceError, match=named) as caught:
        passages.read(quads(good.replace(old, new, 1)))
    assert caught.value.remedy


def test_passages_of_the_collection_keep_the_rules(seed: Path) -> None:
    data: list[ox.Quad] = []
    for file in sorted((suites.ROOT / "data").rglob("*.ttl")):
        data += ox.parse(path=file, format=ox.RdfFormat.TURTLE)  # type: ignore[arg-type]
    versions, found = passages.read(data)
    copy = Copy.read(seed.read_bytes())
    assert len(found) > 20
    for passage in found:
        check(copy, passage)
    verification = verify(copy, versions, found)
    assert verification.same_bytes
    assert verification.text.length == len(copy.text)
    assert verification.count("found") == len(verification.results)
