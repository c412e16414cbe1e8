"""``graph/meta``: what the dataset says about itself, and what it must not say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import pyoxigraph as ox

from kg import metadata
from kg.names import DCTERMS, OWL, PROV, RDF, RDFS, SCHEMA, VOCABULARIES, XSD, Base
from kg.project import GraphInfo
from kg.release import Contents

VOID = VOCABULARIES["void"]
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
BASE = Base("https://archive.example/velmora/")
DATASET = ox.NamedNode(BASE.iri + "dataset")
ENTITIES = ox.NamedNode(BASE.graph("entities"))
OTHER = ox.NamedNode(BASE.graph("source/gazette-1"))


CONTENTS = Contents(
    title="Velmora",
    base=BASE,
    quads=(),
    version="0.3.0",
    description="A town that never was.",
    licence=LICENCE,
    publisher="Attest",
    profiles=("attest",),
    graphs={ENTITIES.value: GraphInfo("People and places", LICENCE, "By hand.")},
)


def describe(quads: Iterable[ox.Quad], **changes: Any) -> list[ox.Quad]:
    return metadata.describe(replace(CONTENTS, quads=quads, **changes))


def quads(graph: ox.NamedNode | ox.DefaultGraph, number: int) -> list[ox.Quad]:
    label = ox.NamedNode(RDFS + "label")
    return [
        ox.Quad(ox.NamedNode(f"{BASE.iri}id/place/{n}"), label, ox.Literal("x"), graph) for n in range(number)
    ]


def objects(found: list[ox.Quad], subject: ox.NamedNode, predicate: str) -> list[str]:
    return [
        quad.object.value for quad in found if quad.subject == subject and quad.predicate.value == predicate
    ]


def test_the_dataset_is_described() -> None:
    found = describe(quads(ENTITIES, 3) + quads(OTHER, 2))
    assert objects(found, DATASET, RDF + "type") == [VOID + "Dataset", VOCABULARIES["dcat"] + "Dataset"]
    assert objects(found, DATASET, DCTERMS + "title") == ["Velmora"]
    assert objects(found, DATASET, DCTERMS + "description") == ["A town that never was."]
    assert objects(found, DATASET, DCTERMS + "license") == [LICENCE]
    assert objects(found, DATASET, DCTERMS + "publisher") == ["Attest"]
    assert objects(found, DATASET, OWL + "versionInfo") == ["0.3.0"]
    assert objects(found, DATASET, VOID + "subset") == [ENTITIES.value, OTHER.value]


def test_each_graph_is_described_with_what_is_known_of_it() -> None:
    found = describe(quads(ENTITIES, 3) + quads(OTHER, 2))
    assert objects(found, ENTITIES, VOID + "triples") == ["3"]
    assert objects(found, ENTITIES, DCTERMS + "title") == ["People and places"]
    assert objects(found, ENTITIES, DCTERMS + "description") == ["By hand."]
    assert objects(found, ENTITIES, DCTERMS + "license") == [LICENCE]
    assert objects(found, OTHER, VOID + "triples") == ["2"]
    assert objects(found, OTHER, DCTERMS + "license") == []


def test_the_build_names_its_tools_with_their_versions() -> None:
    found = describe([])
    (activity,) = objects(found, DATASET, PROV + "wasGeneratedBy")
    used = objects(found, ox.NamedNode(activity), PROV + "used")
    said = {
        (
            objects(found, ox.NamedNode(tool), RDFS + "label")[0],
            objects(found, ox.NamedNode(tool), SCHEMA + "softwareVersion")[0],
        )
        for tool in used
    }
    assert said == set(metadata.tools().items())
    assert ("rdflib", version("rdflib")) in said


def test_what_has_no_graph_is_no_part() -> None:
    found = describe(quads(ox.DefaultGraph(), 4) + quads(ENTITIES, 1))
    assert objects(found, DATASET, VOID + "subset") == [ENTITIES.value]
    assert metadata.counts(quads(ox.DefaultGraph(), 4)) == {"": 4}


def test_all_is_in_its_own_graph_and_each_triple_once() -> None:
    found = describe(quads(ENTITIES, 2))
    assert {quad.graph_name for quad in found} == {ox.NamedNode(BASE.graph("meta"))}
    assert len(found) == len(set(found))


def test_resources_have_labels_and_names_on_the_base() -> None:
    found = describe(quads(ENTITIES, 2))
    for subject in {quad.subject for quad in found}:
        assert subject.value.startswith(BASE.iri)
        assert objects(found, subject, RDFS + "label")


def test_the_same_data_give_the_same_description_in_the_same_order() -> None:
    data = quads(ENTITIES, 2) + quads(OTHER, 3)
    assert describe(data) == describe(data[::-1])


def test_nothing_depends_on_the_clock_or_on_finished_bytes() -> None:
    found = describe(quads(ENTITIES, 2))
    times = {XSD + name for name in ("date", "dateTime", "time")}
    assert not [
        quad for quad in found if isinstance(quad.object, ox.Literal) and quad.object.datatype.value in times
    ]
    assert not [quad for quad in found if "sha256" in str(quad) or "byteSize" in quad.predicate.value]


def test_what_is_not_set_is_not_said() -> None:
    found = describe([], version="", description="", publisher="", graphs={})
    said = {quad.predicate.value for quad in found if quad.subject.value.endswith("/dataset")}
    assert not said & {OWL + "versionInfo", DCTERMS + "publisher", DCTERMS + "description"}
    assert all(quad.object.value for quad in found)


def test_contents_are_described_with_counts_tools_and_context() -> None:
    made = metadata.described(replace(CONTENTS, quads=[
        ox.Quad(ox.NamedNode(BASE.id("event", "e")), ox.NamedNode(RDF + "type"), ox.NamedNode(SCHEMA + "Event"), ENTITIES)
    ]))  # fmt: skip
    assert made.counts == {"events": 1}
    assert made.tools == metadata.tools()
    assert {quad.graph_name for quad in made.quads} == {ENTITIES, ox.NamedNode(BASE.graph("meta"))}
    assert made.context is not None
    free = metadata.described(replace(CONTENTS, profiles=(), quads=quads(ENTITIES, 1)))
    assert list(free.quads) == quads(ENTITIES, 1)
