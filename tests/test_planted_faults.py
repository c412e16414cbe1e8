"""Faults of more than forty kinds planted in the real collection: each is found at its line, and nothing else.

All stand in one copy and are found in one validation, so that a rule which reports too much shows as well. What
cannot be read is planted in a second copy, since what rests on it is then not told.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from kg import building
from kg.project import Project
from suites import ROOT

SOURCE = "data/baku-1990/sources/asbarez-91953"
ENTITIES = "data/baku-1990/entities"
EDITORIAL = "data/baku-1990/editorial/derived.ttl"
RIGHTS = "dcterms:rights <http://rightsstatements.org/vocab/CNE/1.0/>"


class Fault(NamedTuple):
    """In *file*, the first *old* after *after* becomes *new*; then *rules* are found on the line that *shown* begins."""

    file: str
    after: str
    old: str
    new: str
    rules: tuple[str, ...]
    shown: str = ""


def claim(file: str, slug: str, old: str, new: str, *rules: str, shown: str = "") -> Fault:
    """Spoil a claim; what is missing from it is found where it begins."""
    head = f"claim:asbarez-{slug} a "
    return Fault(f"{SOURCE}/{file}.ttl", head, old, new, rules, shown or head)


def added(file: str, text: str, *rules: str, shown: str = "") -> Fault:
    """Add a statement at the end of a file."""
    return Fault(file, "", "", text, rules, shown or text)


FAULTS = {
    # what a claim says
    "two subjects": claim("article", "p1-s1-10", "rdf:subject place:baku", "rdf:subject place:baku, place:sumgait", "claim-subject", shown="    rdf:subject place:baku, place:sumgait"),
    "no property": claim("article", "p2-s2-10", "rdf:predicate kg:within ; ", "", "claim-predicate"),
    "prose as object": claim("comments", "r2-s2-02", 'rdf:object "ru"', 'rdf:object "in Russian"@en', "claim-object", shown='    rdf:subject work:mosesova-armenians-of-baku ; rdf:predicate kg:availableOnlineIn ; rdf:object "in R'),
    "two speakers": claim("article", "p1-s2-05", "kg:claimant org:asbarez", "kg:claimant org:asbarez, org:hayastan", "claim-claimant", shown="    kg:claimant org:asbarez, org:hayastan"),
    "a basis that is none": claim("article", "p3-s2-01", "kg:attributionBasis kg:inferred", "kg:attributionBasis kg:asserted", "claim-basis", shown="    kg:claimant org:asbarez ; kg:attributionBasis kg:asserted"),
    "neither asserted nor denied": claim("article", "p1-s2-06", "kg:polarity kg:asserted ; ", "", "claim-polarity"),
    "two kinds": claim("article", "p1-s1-06", "kg:NamingClaim", "kg:NamingClaim, kg:IdentityClaim", "claim-kind"),
    "no evidence": claim("article", "p2-s2-11", "    kg:passage passage:asbarez-p2-s2 ;\n", "", "claim-evidence"),
    "a part of another passage": claim("article", "p2-s2-03", "kg:part selector:asbarez-p2-s2-year", "kg:part selector:asbarez-p4-s1-year", "claim-part", shown="    kg:passage passage:asbarez-p2-s2 ; kg:part selector:asbarez-p4-s1-year"),
    "only one day of report": claim("photographs", "c12-s1-04", 'kg:asOfEarliest "1990-01-19"^^xsd:date ; ', "", "claim-as-of"),
    "counted after it was said": claim("photographs", "c02-s2-01", 'kg:scopeFrom "1990-01-13"', 'kg:scopeFrom "1990-01-16"', "claim-scope-start", shown="    kg:populationScope concept:population-people ; kg:scopeFrom"),
    "restates what is no claim": claim("comments", "r2-author-01", "kg:restates claim:asbarez-r2-s1-01", "kg:restates passage:asbarez-r2-s1", "claim-related", shown="    kg:restates passage:asbarez-r2-s1"),
    "not recorded in any activity": claim("article", "p2-s2-12", "prov:wasGeneratedBy activity:extraction-asbarez-91953-1 ; ", "", "claim-record"),
    "another's claim retracted": claim("photographs", "c08-s2-03", "kg:passage", "kg:retracts claim:asbarez-c02-s1-08 ; kg:passage", "retraction-own", shown="    kg:retracts claim:asbarez-c02-s1-08"),
    "a conflict without a decision": claim("article", "p2-s1-09", "kg:passage", "kg:conflictsWith claim:asbarez-p1-s2-08 ; kg:passage", "conflict-decided", shown="    kg:conflictsWith claim:asbarez-p1-s2-08"),
    "a figure above its bound": claim("photographs", "c08-s2-01", "kg:lowerBound 56", "kg:lowerBound 57", "quantity-bounds", shown="    kg:comparator kg:atLeast ; kg:amount 56"),
    "no comparator": claim("article", "p1-s1-02", "kg:comparator kg:unqualified ; ", "", "quantity-comparator"),
    "no measure": claim("article", "p3-s5-01", "rdf:predicate kg:groupSize", "rdf:predicate kg:beganWith", "quantity-measure", shown="    rdf:subject group:asbarez-p3-majority ; rdf:predicate kg:beganWith"),
    "an object that is not the amount": claim("article", "p2-s1-01", "rdf:object 300", "rdf:object 301", "quantity-object", shown="    rdf:subject event:baku-1990-01 ; rdf:predicate kg:deaths ; rdf:object 301"),
    "an object that is not the date": claim("article", "p4-s1-05", 'rdf:object "1905/.."', 'rdf:object "1906/.."', "date-object", shown="    rdf:subject event:violence-since-1905 ; rdf:predicate kg:date"),
    "a bound that does not follow": claim("article", "p4-s1-01", 'kg:latestStart "1988-12-31"', 'kg:latestStart "1988-11-30"', "edtf-bounds", shown='    kg:edtf "1988/1990"^^edtf:EDTF ;'),
    "no date in EDTF": claim("comments", "r2-year-01", '"1998"', '"1998-13"', "edtf", shown="    rdf:subject work:mosesova-armenians-of-baku ; rdf:predicate schema:datePublished"),
    "a wrong check digit": claim("comments", "r2-isbn-02", '"5540017005"', '"5540017006"', "isbn", shown="    rdf:subject work:mosesova-armenians-of-baku ; rdf:predicate schema:isbn"),
    "the project blames": claim("article", "p4-s2-03", "kg:claimant org:asbarez", "kg:claimant org:attest", "alleged-claimant", shown="    kg:claimant org:attest ; kg:attributionBasis kg:inferred"),
    "a named person blamed": claim("article", "p2-s1-03", "rdf:object actor:soviet-azerbaijan", "rdf:object <https://attest.example/baku-1990/id/person/viktor-spiridonov>", "blame-decided", shown="    rdf:subject event:baku-1990-01 ; rdf:predicate kg:attributedTo"),
    "a name that nothing describes": claim("article", "p3-s5-02", "rdf:object place:russia", "rdf:object place:rusia", "reference", shown="    rdf:subject group:asbarez-p3-majority ; rdf:predicate kg:livesIn"),
    "no method": Fault(EDITORIAL, "claim:attest-mosesova-isbn-13 a", " ; kg:method concept:method-isbn-13-from-isbn-10", "", ("derived-method",), "claim:attest-mosesova-isbn-13 a"),
    "no reasons": Fault(EDITORIAL, "decision:baku-1990-01-dates a", "kg:rationale", "rdfs:comment", ("decision-reasons",), "decision:baku-1990-01-dates a"),
    # evidence, names, things
    "a digest that is none": Fault(f"{SOURCE}/passages.ttl", "passage:asbarez-c10-s1 a", 'kg:digest "', 'kg:digest "x', ("passage-digest",), '    kg:digest "x'),
    "an end before the start": Fault(f"{SOURCE}/passages.ttl", "selector:asbarez-c16-s1-yeraskh-form-1 a", "oa:end ", "oa:end 0 . # ", ("selector-start",), "selector:asbarez-c16-s1-yeraskh-form-1 a"),
    "the words of the source": added(f"{SOURCE}/passages.ttl", 'passage:asbarez-c15-s1 <http://www.w3.org/ns/oa#exact> "a village"@en .', "passage-text"),
    "a form that nothing attests": Fault(f"{SOURCE}/names.ttl", "name:astrakhan-en a", "    kg:passage passage:asbarez-c04-s1 ;\n", "", ("name-attested",), "name:astrakhan-en a"),
    "a form without a language": Fault(f"{SOURCE}/names.ttl", "name:sumgait-en a", '"Sumgait"@en', '"Sumgait"', ("name-form",), "name:sumgait-en a"),
    "an anomaly of no kind": Fault(f"{SOURCE}/anomalies.ttl", "anomaly:asbarez-c12-day a", "kg:anomalyKind concept:anomaly-date-mismatch ; ", "", ("anomaly-kind",), "anomaly:asbarez-c12-day a"),
    "an observation of nothing": Fault(f"{SOURCE}/observations.ttl", "obs:asbarez-c11-man a", " ; prov:hadPrimarySource passage:asbarez-c11-s1", "", ("observation-source",), "obs:asbarez-c11-man a"),
    "a leg without a position": Fault(f"{SOURCE}/observations.ttl", "leg:asbarez-c09-1-a a", "kg:position 1 ; ", "", ("leg-position",), "leg:asbarez-c09-1-a a"),
    "no label": Fault(f"{ENTITIES}/places.ttl", "place:thessaloniki a", ' ; rdfs:label "Thessaloniki"@en', "", ("label",), "place:thessaloniki a"),
    "no kind of event": Fault(f"{ENTITIES}/events.ttl", "event:dhm-exhibition-2010-10 a", " ;\n    schema:additionalType concept:exhibition", "", ("event-kind",), "event:dhm-exhibition-2010-10 a"),
    "no rights": Fault(f"{ENTITIES}/photographs.ttl", "photo:asbarez-13 a", f" ;\n    {RIGHTS}", "", ("rights-statement",), "photo:asbarez-13 a"),
    "an injury shown without care": Fault(f"{ENTITIES}/photographs.ttl", "photo:asbarez-02 a", "    kg:sensitivity concept:injury-described, concept:possibly-living ;\n", "", ("photograph-care",), "photo:asbarez-02 a"),
    "a person shown without care": Fault(f"{ENTITIES}/people.ttl", "person:irina-mosesova a", "    kg:sensitivity concept:possibly-living ;\n", "", ("person-care",), "person:irina-mosesova a"),
    "a living person linked": added(f"{ENTITIES}/people.ttl", "person:viktor-spiridonov <http://www.w3.org/2004/02/skos/core#exactMatch> <http://www.wikidata.org/entity/Q1> .", "person-links", shown="person:viktor-spiridonov a"),
    "another visibility": added(f"{ENTITIES}/people.ttl", "person:yervand-sagumyan kg:visibility kg:recorded .", "visibility"),
    "a latitude of no place": Fault("data/baku-1990/external/geonames.ttl", "place:astrakhan ", "geo:lat 46.34968", "geo:lat 146.34968", ("point-lat",), "place:astrakhan geo:lat 146"),
    # our own words
    "a loaded word in a label": Fault(f"{ENTITIES}/events.ttl", "event:kirovabad a", "Violence in Kirovabad", "Massacre in Kirovabad", ("loaded-word",), '    rdfs:label "Massacre in'),
    "a loaded word in a slug": added(f"{ENTITIES}/events.ttl", 'event:pogrom-1990 a schema:Event ; rdfs:label "Violence"@en ; schema:additionalType concept:violence .', "loaded-word"),
    "a language that is not declared": added(f"{ENTITIES}/places.ttl", 'place:moscow rdfs:label "Moscou"@fr .', "language"),
    # files and graphs
    "a plain statement by hand": added(f"{ENTITIES}/events.ttl", "event:sumgait-1988 schema:superEvent event:violence-since-1905 .", "publishable", "published-supported"),
    "a figure as a plain statement": added(f"{ENTITIES}/events.ttl", "event:sumgait-1988 <https://w3id.org/attest/ns#deaths> 26 .", "claim-only"),
    "a statement in two graphs": added("data/baku-1990/external/wikidata.ttl", 'place:baku a <https://schema.org/Place> .', "two-graphs"),
    "a blank node": added(f"{ENTITIES}/works.ttl", "work:asbarez-r3-unesco-page rdfs:seeAlso [] .", "blank-node"),
    "a number as no store keeps it": Fault(f"{ENTITIES}/photographs.ttl", "photo:asbarez-05 a", "schema:position 5 ;", "schema:position 05 ;", ("literal-form",), "    schema:isPartOf source:asbarez-91953 ; schema:position 05"),
    "a term that is not defined": added(f"{ENTITIES}/actors.ttl", "actor:kremlin kg:sensitvity kg:veiled .", "unknown-term"),
    "the other form of schema.org": added(f"{ENTITIES}/actors.ttl", "org:hayastan <http://schema.org/name> \"Hayastan\" .", "schema-namespace"),
    "a slug with capitals": added(f"{ENTITIES}/places.ttl", 'place:Old-Town a schema:Place ; rdfs:label "old town"@en .', "slug"),
    "a text that is not in the normal form": added(f"{ENTITIES}/places.ttl", 'place:cyprus rdfs:comment "cafe\u0301"@en .', "nfc"),
    "a file at no place": Fault("data/baku-1990/stray.ttl", "", "", "<urn:a> <urn:b> <urn:c> .\n", ("file-place",)),
    "a question that nobody can ask": Fault("queries/broken.rq", "", "", "#+ summary: x\nSELECT ?x { SERVICE <http://away.example/> {} }\n", ("question",), "SELECT ?x"),
    "a redaction without reasons": Fault("data/baku-1990/redactions.ttl", "", "", "@prefix kg: <https://w3id.org/attest/ns#> .\n@prefix prov: <http://www.w3.org/ns/prov#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n<https://attest.example/baku-1990/id/decision/r> a kg:Redaction ; kg:redacts <https://attest.example/baku-1990/id/claim/gone> ; prov:wasAssociatedWith <https://attest.example/baku-1990/id/org/attest> ; prov:endedAtTime \"1990-01-01T00:00:00Z\"^^xsd:dateTime .\n", ("redaction",), "<https://attest.example/baku-1990/id/decision/r> a"),
    "a graph without a licence": Fault("kg.toml", "", '[graphs."external/geonames"]', '[graphs."external/other"]', ("graph-licence",)),
}  # fmt: skip

UNREADABLE = {
    "a full stop forgotten": Fault(f"{SOURCE}/article.ttl", "claim:asbarez-p1-s1-03 a", "kg:status kg:recorded ;", "kg:status kg:recorded", ("syntax",), "    kg:comparator kg:vague ; kg:unit concept:persons"),
    "a prefix not declared": added(f"{ENTITIES}/works.ttl", "wrok:x a schema:Book .", "prefix"),
    "a relative IRI": added(f"{ENTITIES}/places.ttl", "<x> a schema:Place .", "relative-iri"),
    "a byte order mark": Fault(f"{SOURCE}/anomalies.ttl", "", "# What a reader", "\ufeff# What a reader", ("byte-order-mark",), "# What a reader"),
    "another encoding": Fault(f"{SOURCE}/names.ttl", "", "Krasnovdsk", "Krasn\udcf6vdsk", ("encoding",), 'name:krasnovodsk-form-1 a'),
}  # fmt: skip

STANDING = {
    ("data/baku-1990/entities/photographs.ttl", "photograph-dateline", "photo:asbarez-17 a"),
    ("data/baku-1990/entities/photographs.ttl", "photograph-dateline", "photo:asbarez-18 a"),
    ("data/baku-1990/entities/places.ttl", "alike", "place:azerbaijan-ssr a"),
    *(
        (f"data/baku-1990/sources/{source}/claims.ttl", "quantity-scope", f"claim:{source}-{slug} a")
        for source, slug in (
            ("global-voices-2010-01-20", "deaths"),
            ("pittsburgh-post-gazette-1990-01-16", "deaths-headline"),
            ("wikipedia-baku-1990", "deaths-hrw"),
            ("wikipedia-baku-1990", "deaths-hakobyan"),
            ("wikipedia-kirovabad", "deaths-authorities"),
        )
    ),
}
"""What is true of the collection as it stands: two photographs have a month for a date line, two places one name, five figures no scope."""

Seen = tuple[str, str, str]
"""File, rule, and how the line begins."""


def plant(root: Path, fault: Fault) -> None:
    path = root / fault.file
    text = path.read_text("utf-8") if path.exists() else ""
    if not fault.old:
        text += f"\n{fault.new}\n" if text else fault.new
    else:
        start = text.index(fault.after) if fault.after else 0
        at = text.index(fault.old, start)
        text = text[:at] + fault.new + text[at + len(fault.old) :]
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


def seen(root: Path) -> list[Seen]:
    found = []
    for finding in building.validate(Project.open(root)).report:
        assert bool(finding.line) is bool(finding.column), finding
        path = root / finding.file
        lines = path.read_bytes().decode("utf-8", "surrogateescape").replace("\ufeff", "").split("\n")
        found.append((finding.file, finding.rule, lines[finding.line - 1] if finding.line else ""))
    return found


@cache
def found_in(root: Path) -> list[Seen]:
    return seen(root)


def planted(place: Path, faults: dict[str, Fault]) -> Path:
    for name in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / name, place / name)
    shutil.copy(ROOT / "kg.toml", place)
    for fault in faults.values():
        plant(place, fault)
    return place


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted(tmp_path_factory.mktemp("spoilt"), FAULTS)


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted(tmp_path_factory.mktemp("torn"), UNREADABLE)


pytestmark = pytest.mark.xdist_group("planted")


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_at_its_line(spoilt: Path, name: str) -> None:
    fault = FAULTS[name]
    here = [
        (file, rule)
        for file, rule, line in found_in(spoilt)
        if file == fault.file and line.startswith(fault.shown or "")
    ]
    for rule in fault.rules:
        assert (fault.file, rule) in here


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_found_at_its_line(torn: Path, name: str) -> None:
    fault = UNREADABLE[name]
    assert fault.file in {
        file for file, rule, line in found_in(torn) if rule in fault.rules and line.startswith(fault.shown)
    }


def test_nothing_else_is_reported(spoilt: Path, torn: Path) -> None:
    unread = {
        each for each in STANDING if each[1] == "alike"
    }  # the form of one name stands in the file in another encoding
    for root, faults, standing in ((spoilt, FAULTS, STANDING), (torn, UNREADABLE, STANDING - unread)):
        expected = sorted(
            [(fault.file, rule, fault.shown) for fault in faults.values() for rule in fault.rules]
            + list(standing)
        )
        left = list(found_in(root))
        for file, rule, shown in expected:
            match = next(each for each in left if each[:2] == (file, rule) and each[2].startswith(shown))
            left.remove(match)
        assert left == []


def test_with_the_text_at_hand_a_moved_passage_and_borrowed_words_are_found(
    seed: Path, tmp_path: Path
) -> None:
    borrowed = " ".join(seed.read_text("utf-8").split()[-9:])
    faults = {
        "moved": Fault(f"{SOURCE}/passages.ttl", "selector:asbarez-c10-s2 a", "oa:start 48", "oa:start 47", ("passage-position",), "passage:asbarez-c10-s2 a"),
        "borrowed": added(f"{ENTITIES}/works.ttl", f'work:asbarez-r3-unesco-page rdfs:comment """{borrowed}"""@en .', "quotation"),
    }  # fmt: skip
    root = planted(tmp_path, faults)
    (root / "kg.local.toml").write_text(f'[texts]\nasbarez-91953 = "{seed}"\n')
    expected = {
        (fault.file, rule, fault.shown) for fault in faults.values() for rule in fault.rules
    } | STANDING
    found = seen(root)
    assert len(found) == len(expected)
    for file, rule, shown in expected:
        assert [
            line for name, named, line in found if (name, named) == (file, rule) and line.startswith(shown)
        ]


def test_they_are_of_many_kinds() -> None:
    rules = {rule for fault in (*FAULTS.values(), *UNREADABLE.values()) for rule in fault.rules}
    assert len(rules) >= 50
