"""Invented collections, small enough to be read beside the tests, built and opened as any other data."""

from __future__ import annotations

from pathlib import Path

import kg
from kg import building
from kg.names import Base
from kg.project import Project

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in Base().prefixes().items())

FAIR = """
event:fair-1901 a schema:Event ; rdfs:label "Fair of 1901"@en .
event:fair-1901-fire a schema:Event ; rdfs:label "Fire at the fair"@en ; schema:superEvent event:fair-1901 .
event:season-1901 a schema:Event ; rdfs:label "Season of 1901"@en .
event:fair-1901 schema:superEvent event:season-1901 .
event:fair-1902 a schema:Event ; rdfs:label "Fair of 1902"@en .

kg:participants a kg:Measure ; rdfs:label "participants"@en ; kg:noun "taking part"@en .
kg:duration a kg:Measure ; rdfs:label "duration"@en .
kg:isCalled rdfs:label "is called"@en .
kg:depicts rdfs:label "shows"@en .
kg:demanded rdfs:label "demanded"@en .
schema:author rdfs:label "author"@en .
kg:ongoingOn rdfs:label "under way on"@en .
kg:identifiedAs rdfs:label "is identified as"@en .
concept:persons rdfs:label "persons"@en .
concept:days rdfs:label "days"@en .
concept:hundreds rdfs:label "hundreds"@en .
concept:method-sum rdfs:label "sum of the parts"@en .

org:gazette a schema:Organization ; rdfs:label "Gazette"@en .
org:wire a schema:Organization ; rdfs:label "Wire"@en .
actor:visitors a kg:CollectiveActor ; rdfs:label "visitors"@en .
person:mayor a schema:Person ; rdfs:label "the mayor"@en .
photo:fair a schema:Photograph ; rdfs:label "Photograph of the fair"@en .
work:guide a schema:Book ; rdfs:label "Guide to the fair"@en .
name:fair-form-1 a skosxl:Label ; skosxl:literalForm "The Great Fair"@en .
relay:gazette-2 a kg:Relay ; kg:agent org:gazette ; kg:position 2 .
relay:wire-1 a kg:Relay ; kg:agent org:wire ; kg:position 1 .

text:gazette-1 a kg:TextVersion ; kg:versionOf source:gazette ; kg:length 200 ;
    kg:textDigest "{digest}" ; kg:capturedDigest "{digest}" .
source:gazette a schema:WebPage ; rdfs:label "The Gazette of 3 May"@en .
passage:gazette-s1 a oa:SpecificResource ; oa:hasSource text:gazette-1 ; oa:hasSelector selector:gazette-s1 ;
    kg:standsIn source:gazette ; kg:digest "{digest}" .
selector:gazette-s1 a oa:TextPositionSelector ; oa:start 10 ; oa:end 70 .
""".replace("{digest}", "ab" * 32)


def claim(slug: str, kind: str, said: str, **more: str) -> str:
    """Give the Turtle of a recorded claim; *said* is its subject, predicate and object."""
    subject, predicate, object = said.split(" ", 2)
    values = {
        "kg:polarity": "kg:asserted", "kg:status": "kg:recorded", "kg:claimant": "org:gazette", "kg:passage": "passage:gazette-s1",
    } | {name.replace("_", ":", 1): value for name, value in more.items()}  # fmt: skip
    pairs = " ; ".join(f"{name} {value}" for name, value in values.items() if value)
    return (
        f"claim:{slug} a kg:Claim, kg:{kind} ; rdf:subject {subject} ; rdf:predicate {predicate} ; "
        f"rdf:object {object} ; {pairs} .\n"
    )


def opened(turtle: str, directory: Path, *, default_graph: str = "union") -> kg.Archive:
    """Build *turtle*, with all prefixes known, under no profile and open the release."""
    file = directory / "data.ttl"
    file.write_text(PREFIXES + turtle, encoding="utf-8")
    project = Project.adhoc([file], default_graph="strict" if default_graph == "strict" else "union")
    building.build(project, directory / "releases")
    return kg.open(directory / "releases")
