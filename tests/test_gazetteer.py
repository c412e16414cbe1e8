"""Places as GeoJSON in the Linked Places format: every one, at its point or at none, its names with their passages."""

from __future__ import annotations

import json
import random
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

import collection
import kg
from kg import gazetteer
from kg.errors import NotAcceptable
from kg.formats import GEO_JSON
from kg.manifest import Graph, Manifest
from kg.names import Base

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in Base().prefixes().items())
GEONAMES = Base().graph("external/geonames")
MANIFEST = Manifest(
    title="Fair",
    base=Base().iri,
    id="0123456789ab",
    date="2026-11-23",
    graphs=(
        Graph(GEONAMES, 2, "Coordinates", "https://licence.example/by/", "Data from an authority, CC BY."),
    ),
)


@pytest.fixture(scope="module")
def archive() -> kg.Archive:
    return kg.open(collection.built())


@pytest.fixture(scope="module")
def places(archive: kg.Archive) -> dict[str, Any]:
    assert archive.directory is not None
    data = (archive.directory / "downloads" / "places.geojson").read_bytes()
    found = json.loads(data)
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def features(places: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {feature["@id"].rpartition("/")[2]: feature for feature in places["features"]}


def made(turtle: str) -> dict[str, Any]:
    quads = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TRIG)
    found = json.loads(gazetteer.files(quads, MANIFEST)["places.geojson"])
    assert isinstance(found, dict)
    return found


# RFC 7946


def test_it_is_a_feature_collection_as_rfc_7946_has_it(places: dict[str, Any]) -> None:
    assert places["type"] == "FeatureCollection"
    assert not places.keys() & {"coordinates", "geometries", "geometry", "properties"}  # §7.1
    for feature in places["features"]:
        assert feature["type"] == "Feature"
        assert {"geometry", "properties"} <= feature.keys()
        assert isinstance(feature["properties"], dict)
        assert not feature.keys() & {"coordinates", "geometries", "features"}
        if (geometry := feature["geometry"]) is not None:
            assert geometry["type"] == "Point"
            assert not geometry.keys() & {"geometry", "properties", "features"}
            longitude, latitude = geometry["coordinates"]
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90


def test_every_place_is_there_and_longitude_comes_first(
    features: dict[str, dict[str, Any]], archive: kg.Archive
) -> None:
    known = {place.iri.rpartition("/")[2]: place for place in archive.places()}
    assert features.keys() == known.keys()
    for slug, place in known.items():
        feature = features[slug]
        assert feature["properties"]["title"] == place.label
        if place.point is None:
            assert feature["geometry"] is None
        else:
            assert feature["geometry"]["coordinates"] == [place.point[1], place.point[0]]
    assert features["baku"]["geometry"]["coordinates"] == [49.89201, 40.37767]
    assert features["new-york"]["geometry"]["coordinates"] == [-74.00597, 40.71427]
    assert features["caspian-sea"]["geometry"] is None


# The Linked Places format


def test_a_point_is_credited_to_its_authority(
    places: dict[str, Any], features: dict[str, dict[str, Any]]
) -> None:
    credit = "Data from GeoNames (https://www.geonames.org/), CC BY 4.0."
    assert features["baku"]["geometry"]["citations"] == [
        {"@id": GEONAMES, "label": credit, "license": "https://creativecommons.org/licenses/by/4.0/"}
    ]
    assert "certainty" not in features["baku"]["geometry"]  # none is recorded
    assert places["credits"] == [credit]


def test_every_printed_form_stands_with_its_passages(
    features: dict[str, dict[str, Any]], archive: kg.Archive
) -> None:
    asked = "SELECT DISTINCT ?place ?form ?lang ?passage WHERE { ?place a schema:Place ; skosxl:prefLabel|skosxl:altLabel|skosxl:hiddenLabel ?n . ?n skosxl:literalForm ?l ; kg:passage ?passage BIND(STR(?l) AS ?form) BIND(LANG(?l) AS ?lang) }"
    prefixes = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in archive.base.prefixes().items())
    expected = {tuple(map(str, row)) for row in archive.query(prefixes + asked)}
    found = {
        (feature["@id"], name["toponym"], name["lang"], citation["@id"])
        for feature in features.values()
        for name in feature["names"]
        if "@id" in name
        for citation in name["citations"]
    }
    assert len(expected) > 80
    assert found == expected


def test_the_names_of_a_port_as_the_captions_print_them(features: dict[str, dict[str, Any]]) -> None:
    names = features["krasnovodsk"]["names"]
    assert [(name["toponym"], name["status"]) for name in names] == [
        ("Krasnovodsk", "name of the time"), ("Krasnovdsk", "misspelling"), ("Krasnovodosk", "misspelling"),
    ]  # fmt: skip
    assert names[1]["citations"] == [
        {"@id": Base().id("passage", "asbarez-c04-s1"), "label": "Caption of photograph 4", "year": 1990}
    ]


def test_a_place_without_a_recorded_form_has_our_label_as_ours(features: dict[str, dict[str, Any]]) -> None:
    [name] = features["asbarez-c13-church"]["names"]
    assert (name["toponym"], name["status"]) == ("church not named, Moscow", "our label")
    assert name["citations"][0]["@id"] == Base().dataset
    assert all(feature["names"] for feature in features.values())
    assert all(name["citations"] for feature in features.values() for name in feature["names"])


def test_links_go_to_the_authorities(features: dict[str, dict[str, Any]]) -> None:
    assert features["yerevan"]["links"] == [
        {"type": "exactMatch", "identifier": "http://www.wikidata.org/entity/Q1953"},
        {"type": "exactMatch", "identifier": "https://sws.geonames.org/616052/"},
    ]
    assert features["armenia"]["links"] == []


def test_a_relation_is_a_claim_with_its_speaker(features: dict[str, dict[str, Any]]) -> None:
    relations = features["yerevan"]["relations"]
    assert [(each["relationType"], each["relationTo"], each["label"]) for each in relations] == [
        ("gvp:tgn3000_related_to", Base().id("place", "armenia"), "is the capital of Armenia, according to Associated Press"),
        ("gvp:broaderPartitive", Base().id("place", "armenia"), "lies in Armenia, according to reader, comment 2"),
    ]  # fmt: skip
    assert relations[0]["@id"].startswith(Base().id("claim", ""))
    assert all(each["citations"] for each in relations)


def test_photographs_that_show_a_place_are_apart_from_those_that_mention_it(
    features: dict[str, dict[str, Any]], archive: kg.Archive
) -> None:
    photographs = archive.photographs()
    for feature in features.values():
        place = kg.IRI(feature["@id"])
        shown = [
            p.iri
            for p in photographs
            if place in (*p.properties.get("schema:contentLocation", ()), *p.properties.get("kg:depicts", ()))
        ]
        mentioned = [p.iri for p in photographs if place in p.properties.get("kg:mentions", ())]
        assert [each["@id"] for each in feature["depictions"]] == sorted(shown)
        assert [each["@id"] for each in feature["mentions"]] == sorted(mentioned)
        counts = feature["properties"]
        assert (counts["photographs_showing"], counts["photographs_mentioning"]) == (
            len(shown),
            len(mentioned),
        )
    assert len(features["yerevan"]["depictions"]) == 3
    assert features["krasnovodsk"]["depictions"] == []


def test_claims_are_counted_by_whether_they_are_about_the_place(
    features: dict[str, dict[str, Any]], archive: kg.Archive
) -> None:
    claims = archive.claims()
    for feature in features.values():
        place = feature["@id"]
        about = {claim.iri for claim in claims if claim.subject == place}
        naming = {claim.iri for claim in claims if place in (claim.object, claim.place)} - about
        counts = feature["properties"]
        assert (counts["claims_about"], counts["claims_naming"]) == (len(about), len(naming))


def test_it_is_json_ld_by_the_context_that_it_names(places: dict[str, Any]) -> None:
    """Expanded offline, under a context that maps the members as LPF does: every place keeps its IRI and its names."""
    assert places["@context"].endswith("linkedplaces-context-v1.1.jsonld")
    terms = {
        "id": "@id", "type": "@type", "geojson": "https://purl.org/geojson/vocab#", "lpo": "https://lpo.example/#",
        "features": {"@id": "lpo:hasFeature", "@container": "@set"}, "Feature": "geojson:Feature",
        "names": {"@id": "lpo:name_attestation", "@container": "@set"}, "toponym": "lpo:toponym",
        "FeatureCollection": "geojson:FeatureCollection", "Point": "geojson:Point",
        "coordinates": {"@container": "@list", "@id": "geojson:coordinates"}, "geometry": "geojson:geometry",
        "links": {"@id": "lpo:link_attestation", "@container": "@set"}, "exactMatch": "lpo:exactMatch",
        "closeMatch": "lpo:closeMatch",
    }  # fmt: skip
    [expanded] = jsonld.expand(places | {"@context": terms})
    found = expanded["https://lpo.example/#hasFeature"]
    assert {each["@id"] for each in found} == {feature["@id"] for feature in places["features"]}
    [baku] = [each for each in found if each["@id"] == Base().id("place", "baku")]
    names = {
        name["https://lpo.example/#toponym"][0]["@value"]
        for name in baku["https://lpo.example/#name_attestation"]
    }
    assert names == {"Baku", "Баку"}


# Other ways to get it, and other data


def test_the_library_gives_the_bytes_of_the_release_on_any_base(archive: kg.Archive) -> None:
    assert archive.directory is not None
    written = (archive.directory / "downloads" / "places.geojson").read_bytes()
    assert archive.files(GEO_JSON) == {"places.geojson": written}
    base = Base("https://archive.example/holdings/1990/")
    moved = archive.files(GEO_JSON, base=base)["places.geojson"]
    built = kg.open(collection.built(base.iri))
    expected = built.files(GEO_JSON)["places.geojson"]
    assert b"attest.example" not in moved
    assert moved == expected.replace(built.manifest.id.encode(), archive.manifest.id.encode())


def test_where_there_is_no_place_there_is_no_file() -> None:
    quads = ox.parse("<urn:a> a <https://schema.org/Event> .", format=ox.RdfFormat.TURTLE)
    assert gazetteer.files(quads, MANIFEST) == {}


def test_a_veiled_place_and_photograph_are_flagged() -> None:
    [park] = made(
        "place:park a schema:Place ; kg:visibility kg:veiled ; kg:sensitivity concept:grave ."
        "photo:p a schema:Photograph ; schema:contentLocation place:park ; kg:visibility kg:veiled ."
    )["features"]
    assert (park["properties"]["visibility"], park["properties"]["sensitivity"]) == ("veiled", ["grave"])
    assert park["depictions"][0]["visibility"] == "veiled"


@pytest.mark.parametrize("change", ["", "kg:denied", "kg:withdrawn", "event:fair", "concept:near"])
def test_only_what_is_recorded_and_asserted_of_two_places_is_a_relation(change: str) -> None:
    polarity = change if change == "kg:denied" else "kg:asserted"
    status = change if change == "kg:withdrawn" else "kg:recorded"
    object = change if change in ("event:fair", "concept:near") else "place:town"
    [park, _] = made(
        f"""place:park a schema:Place . place:town a schema:Place ; rdfs:label "Town"@en . event:fair a schema:Event .
        kg:within rdfs:label "lies in"@en . org:g rdfs:label "Gazette"@en .
        claim:c a kg:Claim, kg:RelationClaim ; rdf:subject place:park ; rdf:predicate kg:within ; rdf:object {object} ;
            kg:polarity {polarity} ; kg:status {status} ; kg:claimant org:g ; kg:citation citation:x .
        citation:x kg:work work:annals . work:annals rdfs:label "Annals"@en ."""
    )["features"]
    if change:
        assert park["relations"] == []
        return
    assert park["relations"] == [
        {
            "@id": Base().id("claim", "c"),
            "relationType": "gvp:broaderPartitive",
            "relationTo": Base().id("place", "town"),
            "label": "lies in Town, according to Gazette",
            "citations": [{"@id": Base().id("citation", "x"), "label": "Annals"}],
        }
    ]


def test_a_point_in_no_described_graph_has_no_credit_and_a_text_of_ours_its_language() -> None:
    found = made(
        'place:park a schema:Place ; geo:lat 1.5 ; geo:long -7 ; rdfs:comment "by the river"@en ; skos:closeMatch <urn:x> .'
        f"place:lake a schema:Place . <{GEONAMES}> {{ place:lake geo:lat 0.0 ; geo:long 180.0 }}"
    )
    lake, park = found["features"]
    assert park["geometry"] == {"type": "Point", "coordinates": [-7.0, 1.5]}
    assert park["descriptions"] == [{"value": "by the river", "lang": "en"}]
    assert park["links"] == [{"type": "closeMatch", "identifier": "urn:x"}]
    assert lake["geometry"]["citations"][0]["label"] == "Data from an authority, CC BY."
    assert found["credits"] == ["Data from an authority, CC BY."]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("geo:lat 1.0", "no single longitude and latitude"),
        ("geo:lat 1.0, 2.0 ; geo:long 1.0", "no single longitude and latitude"),
        ('geo:lat "north" ; geo:long 1.0', "no single longitude and latitude"),
        ("geo:lat 1.0e0 ; geo:long 1.0", "no single longitude and latitude"),
        ("geo:lat 91 ; geo:long 1", "is at longitude 1.0 and latitude 91.0"),
        ("geo:lat 1 ; geo:long -180.5", "is at longitude -180.5"),
    ],
)
def test_coordinates_that_are_none_are_refused_with_the_place(said: str, why: str) -> None:
    with pytest.raises(NotAcceptable, match=why) as error:
        made(f"place:park a schema:Place ; {said} .")
    assert Base().id("place", "park") in str(error.value)


def test_a_place_without_an_iri_is_refused() -> None:
    with pytest.raises(NotAcceptable, match="has no IRI"):
        made("[] a schema:Place .")


@given(st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_the_statements_does_not_matter(order: random.Random) -> None:
    turtle = (
        PREFIXES
        + f"""
        place:b10 a schema:Place ; skosxl:prefLabel name:a, name:b . place:b9 a schema:Place ; kg:sensitivity concept:x, concept:y .
        name:a skosxl:literalForm "a"@en ; kg:passage passage:p10, passage:p9 . name:b skosxl:literalForm "b"@ru .
        <{GEONAMES}> {{ place:b9 geo:lat 1.0 ; geo:long 2.0 }} <urn:other> {{ place:b9 geo:lat 1.0 ; geo:long 2.0 }}"""
    )
    quads = list(ox.parse(turtle, format=ox.RdfFormat.TRIG))
    first = gazetteer.files(quads, MANIFEST)
    order.shuffle(quads)
    assert gazetteer.files(quads, MANIFEST) == first
    assert b"b9" in first["places.geojson"].split(b"b10")[0]
