"""Links and coordinates from authorities: those of the table of identifiers that it says are used, and no others."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import pyoxigraph as ox
import pytest

import collection
import kg
from kg.names import SKOS, Base
from suites import ROOT, shared

EXTERNAL: Final = ROOT / "data" / "baku-1990" / "external"
GEO: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#"
ADDRESSES: Final = {
    "geonames": "https://sws.geonames.org/{}/",
    "wikidata": "http://www.wikidata.org/entity/{}",
}
DECISIONS: Final = {"used", "medium", "other-entity", "not-in-collection"}

with (EXTERNAL / "identifiers.csv").open(encoding="utf-8", newline="") as table:
    ROWS: Final = list(csv.DictReader(table))


def stated(scheme: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(path=EXTERNAL / f"{scheme}.ttl", format=ox.RdfFormat.TURTLE)]


def test_each_identifier_has_a_decision_and_what_is_not_used_a_reason() -> None:
    for row in ROWS:
        assert row["scheme"] in ADDRESSES, row
        assert row["decision"] in DECISIONS, row
        assert bool(row["why"]) is (row["decision"] not in {"used", "not-in-collection"}), row
        assert bool(row["resource"]) is (row["decision"] != "not-in-collection"), row
        assert row["decision"] != "used" or row["confidence"] == "high", row
        assert row["decision"] != "medium" or row["confidence"] == "medium", row


@pytest.mark.parametrize("scheme", ADDRESSES)
def test_the_links_are_those_of_the_table(scheme: str) -> None:
    base = Base()
    used = {
        (row["resource"], ADDRESSES[scheme].format(row["id"]))
        for row in ROWS
        if row["scheme"] == scheme and row["decision"] == "used"
    }
    links = {
        (base.compact(triple.subject.value), triple.object.value)
        for triple in stated(scheme)
        if triple.predicate.value == SKOS + "exactMatch"
    }
    assert links == used
    assert len({resource for resource, _ in links}) == len(links)  # one record of an authority for a resource


def test_what_is_linked_or_not_is_in_the_collection() -> None:
    archive = kg.open(collection.built())
    for row in ROWS:
        if row["resource"]:
            assert archive.thing(row["resource"]).label, row


def test_files_hold_nothing_but_links_and_points() -> None:
    assert {path.name for path in EXTERNAL.glob("*.ttl")} == {f"{scheme}.ttl" for scheme in ADDRESSES}
    for scheme in ADDRESSES:
        allowed = {SKOS + "exactMatch"} | ({GEO + "lat", GEO + "long"} if scheme == "geonames" else set())
        assert {triple.predicate.value for triple in stated(scheme)} <= allowed


def test_the_table_is_that_of_the_evidence() -> None:
    """Against the list of identifiers with the evidence for each, where it is at hand."""
    path: Path = shared() / "design" / "identifiers.csv"
    if not path.is_file():
        pytest.skip(f"the evidence for identifiers is absent (no {path}; set KG_SHARED)")
    with path.open(encoding="utf-8", newline="") as file:
        evidence = [row for row in csv.DictReader(file) if row["scheme"] in ADDRESSES]
    known = {(row["entity"], row["scheme"]): row for row in evidence}
    keys = ("entity", "scheme", "id", "confidence")
    assert [[row[key] for key in keys] for row in ROWS] == [
        [row[key] for key in keys] for row in evidence if row["confidence"] in {"high", "medium"}
    ]
    base = Base()
    points = {
        (base.compact(triple.subject.value), triple.predicate.value): triple.object.value
        for triple in stated("geonames")
        if triple.predicate.value.startswith(GEO)
    }
    for row in ROWS:
        if row["scheme"] == "geonames" and row["decision"] == "used":
            entry = known[row["entity"], "geonames"]
            for name, column in (("lat", "lat"), ("long", "long")):
                assert points.pop((row["resource"], GEO + name), "") == entry[column], row
    assert not points
