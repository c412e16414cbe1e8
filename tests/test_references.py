"""Every resource that the data name is described; a misspelt name is found, with the nearest that exists."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import references
from kg.names import Base

BASE = Base("https://archive.example/x/")
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in BASE.prefixes().items())
VALID = 'event:fair a schema:Event ; rdfs:label "Fair"@en ; schema:location place:town . place:town a schema:Place .'


def found(turtle: str) -> list[tuple[str, str]]:
    quads = [ox.Quad(*quad.triple) for quad in ox.parse(HEAD + turtle, ox.RdfFormat.TURTLE)]
    return [(finding.message, finding.remedy) for finding in references.check(quads, BASE)]


def test_what_is_described_is_no_finding() -> None:
    assert found(VALID) == []


def test_other_iris_are_not_ours_to_describe() -> None:
    assert (
        found(VALID + " place:town skos:exactMatch <https://authority.example/1> ; rdfs:seeAlso <urn:x> .")
        == []
    )
    assert found(f"place:town a schema:Place ; rdfs:seeAlso <{BASE.iri}graph/entities> .") == []


@pytest.mark.parametrize(
    "turtle",
    [
        "event:walk a schema:Event ; schema:location place:twon .",
        "place:twon geo:lat 1.5 .",
        "claim:c a kg:Claim ; rdf:subject place:twon .",
    ],
)
def test_a_name_that_nothing_describes(turtle: str) -> None:
    ((message, remedy),) = found(VALID + turtle)
    assert message == "place:twon is named, but nothing describes it"
    assert remedy == "did you mean place:town?"


@pytest.mark.parametrize(
    ("name", "there"),
    [("place:zzz", "; there are place:town"), ("place:fair", "; there are place:town"), ("obs:town", "")],
)
def test_without_a_name_that_may_be_meant_those_of_its_type_are_told(name: str, there: str) -> None:
    ((_, remedy),) = found(f"{VALID} event:walk a schema:Event ; schema:location {name} .")
    assert remedy == f"describe it, or correct the name{there}"


def test_another_word_is_not_offered_for_a_word() -> None:
    terms = "concept:population-people a skos:Concept . concept:population-civilians a skos:Concept ."
    ((_, remedy),) = found(
        f"{VALID} {terms} event:walk a schema:Event ; kg:populationScope concept:population-women ."
    )
    assert remedy.endswith("; there are concept:population-civilians, concept:population-people")


def test_it_is_found_in_each_record_that_names_it_once() -> None:
    walk = "event:walk a schema:Event ; schema:location place:twon ; schema:about place:twon ."
    assert len(found(VALID + walk)) == 1
    assert len(found(VALID + walk + walk.replace("walk", "run"))) == 2


def test_the_real_collection_is_checked(tmp_path: Path) -> None:
    from kg import building
    from kg.project import Project
    from suites import ROOT

    for name in ("ontology", "data", "kg.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    checked = building.validate(Project.open(tmp_path))
    assert [each for each in checked.report if each.rule == references.RULE] == []
