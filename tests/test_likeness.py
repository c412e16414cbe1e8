"""Names that are nearly alike, and what has no label in the first language."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

import rdf_data
from kg import checks, labelling, likeness, loading
from kg.names import DCTERMS, OWL, Base
from kg.project import Project
from kg.validation import Finding
from shapes import fixtures
from suites import ROOT

BASE = Base()
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in BASE.prefixes().items())


def quads(turtle: str) -> list[ox.Quad]:
    return [ox.Quad(*quad.triple) for quad in ox.parse(HEAD + turtle, ox.RdfFormat.TURTLE)]


def alike(turtle: str) -> list[tuple[str, str]]:
    return [
        (one.value.rpartition("/")[2], other.value.rpartition("/")[2])
        for one, other, *_ in likeness.Named(quads(turtle)).alike()
    ]


def two(first: str, second: str, kind: str = "schema:Place", more: str = "") -> str:
    return (
        f'place:a a {kind} ; rdfs:label "{first}"@en . place:b a {kind} ; rdfs:label "{second}"@en . {more}'
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Velmora", "Velmora"),
        ("Velmora", "VELMORA"),
        ("Velmora", "Vélmora"),
        ("Velmora", "Velmorra"),
        ("Kuybyshev", "Kuibyshev"),
        ("Baku", "Bakku"),
        ("Lind, Oskar", "Oskar Lind"),
        ("Oskar Lindh", "Lind Oskar"),
        ("Quay No. 5", "quay no 5"),
    ],
)
def test_alike(first: str, second: str) -> None:
    assert alike(two(first, second)) == [("a", "b")]
    assert alike(two(second, first)) == [("a", "b")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Velmora", "Starholm"),
        ("Baku", "Bako"),
        ("Reader, comment 2", "Reader, comment 3"),
        ("Stoppage of 1901", "Stoppage of 1902"),
        ("Ani", "Ani"),
        ("", ""),
    ],
)
def test_not_alike(first: str, second: str) -> None:
    assert alike(two(first, second)) == []


def test_only_what_is_of_one_kind_is_compared() -> None:
    assert (
        alike(
            'place:a a schema:Place ; rdfs:label "Velmora"@en . org:b a schema:Organization ; rdfs:label "Velmora"@en .'
        )
        == []
    )
    assert alike(two("Velmora", "Velmora", "schema:Photograph")) == []
    assert alike('work:a a schema:Book ; rdfs:label "Almanac"@en . work:b a schema:WebPage ; rdfs:label "Almanac"@en .') == [("a", "b")]  # fmt: skip


def test_forms_that_sources_attest_count() -> None:
    more = 'place:a skosxl:altLabel name:a . name:a skosxl:literalForm "Starholm"@en .'
    assert alike(two("Velmora", "Starholmm", more=more)) == [("a", "b")]


@pytest.mark.parametrize(
    "more",
    [
        "place:a owl:differentFrom place:b .",
        "place:b owl:differentFrom place:a .",
        f"place:b <{DCTERMS}isReplacedBy> place:a .",
    ],
)
def test_what_is_said_to_be_different_is_left(more: str) -> None:
    assert alike(two("Velmora", "Velmora", more=more)) == []
    assert OWL + "differentFrom" in more.replace("owl:", OWL) or DCTERMS in more


@given(st.lists(st.text("abc 1é-", max_size=9), max_size=8))
def test_each_pair_is_that_of_comparing_all(names: list[str]) -> None:
    turtle = "".join(f'place:p{n} a schema:Place ; rdfs:label "{name}"@en . ' for n, name in enumerate(names))
    expected = []
    folded = [likeness._folded(name) for name in names]
    for one in range(len(names)):
        for other in range(one + 1, len(names)):
            first, second = folded[one], folded[other]
            spelt = max(
                Indel.normalized_similarity(first, second),
                Indel.normalized_similarity(*(" ".join(sorted(name.split())) for name in (first, second))),
            )
            long = min(len(first), len(second)) >= likeness.SHORTEST
            digits = [sorted(likeness._NUMBER.findall(name)) for name in (first, second)]
            if long and digits[0] == digits[1] and spelt * 100 >= likeness.ALIKE - 1e-9:
                expected.append((f"p{one}", f"p{other}"))
    assert sorted(alike(turtle)) == sorted(expected)


@given(rdf_data.datasets())
def test_no_data_make_them_fail(data: list[ox.Quad]) -> None:
    list(likeness.Named(data).alike())
    list(labelling.lacking(data, BASE, ("en",)))


def test_the_real_collection_has_a_handful_each_with_both_places() -> None:
    project = Project.open(ROOT)
    loaded = loading.load(project)
    subject = checks.Subject(loaded.quads, project.base, project.languages)
    found = [loaded.locate(finding) for finding in checks.likenesses(subject)]
    assert [(finding.focus, finding.other) for finding in found] == [
        (f"<{project.base.id('place', 'azerbaijan-ssr')}>", f"<{project.base.id('place', 'azerbaijan')}>")
    ]
    (finding,) = found
    assert finding.severity == "info"
    assert finding.place.startswith("data/baku-1990/entities/places.ttl:")
    assert finding.also.startswith("data/baku-1990/entities/places.ttl:")
    assert f"; the other stands at {finding.also} (alike)" in str(finding)
    assert list(checks.unlabelled(subject)) == []


def lacking(turtle: str, *languages: str) -> list[str]:
    return [words for _, words in labelling.lacking(quads(turtle), BASE, languages)]


def test_a_label_in_the_first_language() -> None:
    assert lacking('place:a a schema:Place ; rdfs:label "Վելմորա"@hy, "Velmora"@en .', "en", "hy") == []
    assert lacking('place:a a schema:Place ; rdfs:label "Velmora"@en-gb .', "en") == []
    english, armenian = (
        "".join(f'place:{tag}{n} a schema:Place ; rdfs:label "{name}"@{tag} . ' for n in range(2))
        for name, tag in (("Quay", "en"), ("Վելմորա", "hy"))
    )
    lacks = "has no label in {!r}, the first language of the project"
    assert lacking(english + armenian, "en", "hy") == [lacks.format("en")] * 2
    assert lacking(english + armenian, "hy", "en") == [lacks.format("hy")] * 2
    other = 'place:a a schema:Place ; rdfs:label "Velmora"@enm .'
    assert lacking(english + other, "en") == [lacks.format("en")]
    assert lacking(english + armenian) == []
    assert (
        lacking(english + armenian + other, "en") == []
    )  # three of five: the labels are in another language


def test_what_is_named_has_a_label() -> None:
    show = "schema:ExhibitionEvent"
    assert lacking(f"event:a a {show} . photo:p schema:about event:a .", "en") == ["has no label"]
    assert lacking(f"event:a a {show} .", "en") == []
    assert lacking("event:a a schema:Event . photo:p schema:about event:a .", "en") == []  # the shape's
    assert lacking("claim:a a kg:Claim . claim:b kg:restates claim:a .", "en") == []
    assert lacking("node:a a schema:Thing . photo:p schema:about node:a .", "en") == []  # a blank node, named
    assert lacking("<urn:a> a schema:Thing . photo:p schema:about <urn:a> .", "en") == []


def test_the_classes_of_the_shape_are_known() -> None:
    shapes = fixtures.shapes()
    targets = shapes.query(
        "SELECT ?class WHERE { <https://w3id.org/attest/shapes/attest#labelled> <http://www.w3.org/ns/shacl#targetClass> ?class }"
    )
    assert {str(row[0]) for row in targets} == labelling.LABELLED


def test_the_second_place_stands_in_json_and_text() -> None:
    finding = Finding("info", "x", "alike", other="<urn:b>", also="a.ttl:2:3", file="a.ttl", line=1, column=4)
    assert str(finding) == "a.ttl:1:4: info: x; the other stands at a.ttl:2:3 (alike)"
    assert finding.to_dict()["also"] == "a.ttl:2:3"
