"""What falls with a resource, and what stays."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox
import pytest

from kg import deriving, loading, references, shacl
from kg.names import KG, PROV, RDF, Base
from kg.project import Project
from kg.redaction import Closure
from kg.redaction.public import Public
from kg.redaction.record import Redaction
from shapes import fixtures
from suites import ROOT

BASE = Base()
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in BASE.prefixes().items())


@cache
def closure() -> Closure:
    return Closure(fixtures.base())


def fallen(*names: str) -> set[str]:
    """Give what falls of the invented collection, as prefixed names, less what was named."""
    iris = {BASE.expand(name) for name in names}
    return {BASE.compact(iri) for iri in closure().of(iris) - iris}


def left(*names: str) -> list[ox.Quad]:
    redaction = Redaction("1991-05-02", "Asked for.", tuple(BASE.expand(name) for name in names))
    return Public.of(list(fixtures.base()), [redaction], BASE).quads


class TestWhatFalls:
    def test_a_claim_takes_what_is_only_its_own_and_what_is_derived_from_it(self) -> None:
        assert fallen("claim:location") == {"claim:within", "selector:p1-velmora", "relay:coastal-wire-1"}

    def test_a_claim_takes_the_route_that_nobody_else_claims(self) -> None:
        assert fallen("claim:route") == {"route:north", "leg:north-1", "leg:north-2"}

    def test_a_person_takes_the_observation_of_them_and_all_that_is_said_of_either(self) -> None:
        gone = fallen("person:oskar-lind")
        assert {"obs:foreman", "claim:identity", "claim:profession", "claim:depiction"} <= gone
        assert not {"photo:foreman", "caption:foreman", "passage:c1"} & gone

    def test_an_observation_of_two_people_stays_with_the_other(self) -> None:
        other = fixtures.read(
            "@prefix person: <https://attest.example/baku-1990/id/person/> .\n"
            "@prefix obs: <https://attest.example/baku-1990/id/obs/> .\n"
            "person:other a <https://schema.org/Person> ; <http://www.w3.org/ns/prov#wasDerivedFrom> obs:foreman .\n"
        )
        both = Closure([*fixtures.base(), *other])
        assert BASE.id("obs", "foreman") not in both.of({BASE.id("person", "oskar-lind")})
        assert BASE.id("obs", "foreman") in both.of(
            {BASE.id("person", "oskar-lind"), BASE.id("person", "other")}
        )

    def test_who_speaks_takes_what_they_say(self) -> None:
        gone = fallen("person:almanac-editor")
        assert {"claim:author", "claim:isbn", "claim:year", "claim:pages"} <= gone

    def test_who_passes_on_takes_the_claims_that_came_that_way(self) -> None:
        """A chain without one of its links would say that somebody else passed the claim on."""
        gone = fallen("org:coastal-wire")
        assert {"relay:coastal-wire-1", "claim:location", "claim:within"} <= gone

    def test_a_place_takes_figures_that_would_lose_their_scope(self) -> None:
        gone = fallen("place:velmora")
        assert "claim:between" in gone
        assert "claim:estimated" not in gone

    def test_a_document_takes_its_texts_their_passages_and_all_that_rests_on_them(self) -> None:
        gone = fallen("source:gazette-1")
        assert {
            "text:gazette-1-1",
            "passage:p1",
            "selector:p1",
            "selector:p1-velmora",
            "claim:dates",
            "photo:foreman",
        } <= gone
        assert not {"claim:year", "claim:dates-month", "citation:almanac"} & gone

    def test_a_passage_takes_what_nothing_else_attests(self) -> None:
        gone = fallen("passage:c1")
        assert {
            "selector:c1",
            "obs:foreman",
            "claim:depiction",
            "person:oskar-lind",
            "person:jon-brandt",
        } <= gone
        assert "photo:foreman" not in gone

    def test_a_decision_falls_with_the_last_claim_that_it_decides(self) -> None:
        assert "decision:dates" in fallen("claim:dates")
        assert "decision:pages" not in fallen("claim:pages")
        assert "decision:pages" in fallen("claim:pages-again")

    def test_an_event_that_no_claim_is_about_any_more_falls_too(self) -> None:
        about = {
            quad.subject.value
            for quad in fixtures.base()
            if quad.predicate.value in (RDF + "subject", RDF + "object") and quad.object == ox.NamedNode(BASE.id("event", "coast-1901"))
        }  # fmt: skip
        assert BASE.id("event", "coast-1901") in closure().of(about | {BASE.id("claim", "estimated")})

    def test_what_the_data_do_not_hold_takes_nothing(self) -> None:
        assert closure().of({"https://away.example/x"}) == {"https://away.example/x"}

    def test_circles_end(self) -> None:
        quads = fixtures.read(
            "@prefix c: <https://attest.example/baku-1990/id/claim/> . @prefix kg: <https://w3id.org/attest/ns#> .\n"
            "@prefix prov: <http://www.w3.org/ns/prov#> .\n"
            "c:a a kg:Claim ; prov:wasDerivedFrom c:b . c:b a kg:Claim ; prov:wasDerivedFrom c:a ."
        )
        assert len(Closure(quads).of({BASE.id("claim", "a")})) == 2


def gone(turtle: str, *names: str) -> set[str]:
    """Give what falls of *turtle* with *names*, less these, as prefixed names."""
    iris = {BASE.expand(name) for name in names}
    return {BASE.compact(iri) for iri in Closure(fixtures.read(HEAD + turtle)).of(iris) - iris}


class TestRules:
    """Each rule by itself, on the smallest data that it speaks of."""

    @pytest.mark.parametrize(
        "name",
        [
            "rdf:subject", "rdf:object", "kg:claimant", "kg:relay", "kg:agent", "kg:versionOf", "kg:standsIn", "kg:captionOf",
            "kg:leg", "kg:from", "kg:to", "kg:work", "kg:readIn", "kg:populationScope", "kg:placeScope", "kg:eventScope",
            "oa:hasSource", "schema:isPartOf",
        ],
    )  # fmt: skip
    def test_without_it_a_record_would_say_something_else(self, name: str) -> None:
        assert gone(f"claim:c a kg:Claim ; {name} place:p, place:q .", "place:p") == {"claim:c"}

    @pytest.mark.parametrize("name", ["kg:restates", "schema:location", "kg:position", "rdfs:seeAlso"])
    def test_another_statement_is_lost_and_the_record_stays(self, name: str) -> None:
        assert gone(f"claim:c a kg:Claim ; {name} place:p .", "place:p") == set()

    @pytest.mark.parametrize("one", ["kg:passage", "kg:citation", "prov:hadPrimarySource"])
    @pytest.mark.parametrize("other", ["kg:passage", "kg:citation", "prov:hadPrimarySource"])
    def test_a_record_falls_with_its_last_support(self, one: str, other: str) -> None:
        record = f"claim:c a kg:Claim ; {one} passage:p ; {other} passage:q ."
        assert gone(record, "passage:p") == gone(record, "passage:q") == set()
        assert gone(record, "passage:p", "passage:q") == {"claim:c"}

    def test_a_derived_claim_falls_with_each_of_its_premises_and_other_records_with_the_last(self) -> None:
        derived = "prov:wasDerivedFrom obs:a, obs:b ."
        assert gone(f"claim:c a kg:Claim ; {derived}", "obs:a") == {"claim:c"}
        assert gone(f"person:p a schema:Person ; {derived}", "obs:a") == set()
        assert gone(f"person:p a schema:Person ; {derived}", "obs:a", "obs:b") == {"person:p"}

    @pytest.mark.parametrize("name", ["kg:decides", "kg:anomalyOf"])
    def test_a_remark_falls_with_the_last_that_it_is_about(self, name: str) -> None:
        remark = f"decision:d {name} claim:a, claim:b ."
        assert gone(remark, "claim:a") == set()
        assert gone(remark, "claim:a", "claim:b") == {"decision:d"}

    def test_the_positions_of_a_passage_fall_with_it_whoever_refers_to_them(self) -> None:
        data = "passage:p oa:hasSelector selector:p . selector:p oa:refinedBy selector:part . claim:c kg:part selector:part ."
        assert gone(data, "passage:p") == {"selector:p", "selector:part"}

    def test_a_part_falls_with_the_last_that_uses_it_though_the_passage_stays(self) -> None:
        data = (
            "selector:p oa:refinedBy selector:part . selector:part a oa:TextPositionSelector ."
            "claim:a kg:part selector:part . claim:b kg:part selector:part ."
        )
        assert gone(data, "claim:a") == set()
        assert gone(data, "claim:a", "claim:b") == {"selector:part"}

    @pytest.mark.parametrize(
        "kind",
        [
            "oa:SpecificResource", "oa:TextPositionSelector", "skosxl:Label", "picom:PersonObservation",
            "kg:GroupObservation", "kg:CollectiveActor", "kg:Relay", "kg:Route", "kg:Leg", "kg:Citation", "schema:Event",
        ],
    )  # fmt: skip
    def test_what_stands_for_nothing_else_falls_with_the_last_that_refers_to_it(self, kind: str) -> None:
        data = f"event:x a {kind} . claim:a kg:restates event:x . claim:b kg:restates event:x ."
        assert gone(data, "claim:a") == set()
        assert gone(data, "claim:a", "claim:b") == {"event:x"}
        assert gone(f"{data} anomaly:n kg:anomalyOf event:x .", "claim:a", "claim:b") == {
            "event:x",
            "anomaly:n",
        }

    @pytest.mark.parametrize("kind", ["schema:Place", "schema:Person", "kg:Claim"])
    def test_other_things_stand_for_themselves(self, kind: str) -> None:
        assert gone(f"place:p a {kind} . claim:a kg:restates place:p .", "claim:a") == set()

    def test_an_observation_falls_with_its_person_whoever_else_refers_to_it(self) -> None:
        data = "person:p a schema:Person ; prov:wasDerivedFrom obs:o . photo:f kg:depicts obs:o . "
        assert gone(data, "person:p") == {"obs:o"}
        other = "person:q a schema:Person ; prov:wasDerivedFrom obs:o . "
        assert gone(data + other, "person:p") == set()
        assert gone(data + other, "person:p", "person:q") == {"obs:o"}

    def test_what_falls_takes_more_with_it(self) -> None:
        data = "claim:b kg:standsIn claim:a . claim:c kg:standsIn claim:b . claim:d kg:standsIn claim:c ."
        assert gone(data, "claim:a") == {"claim:b", "claim:c", "claim:d"}


SAMPLES = (
    "claim:dates", "claim:identity", "event:velmora-1901", "person:oskar-lind", "person:ada-holm", "obs:foreman",
    "photo:foreman", "place:velmora", "org:company", "org:harbour-office", "org:coastal-wire", "actor:dockers",
    "voice:almanac-unstated", "work:holm-velmora", "source:gazette-1", "text:gazette-1-1", "passage:p1", "passage:r1",
    "citation:almanac", "name:velmora-old", "route:north", "group:hurt-men", "relay:coastal-wire-1", "decision:dates",
    "caption:foreman", "anomaly:name", "comment:gazette-letter", "work:almanac",
)  # fmt: skip


class TestWhatIsLeft:
    @pytest.mark.parametrize("name", SAMPLES)
    def test_it_keeps_every_rule(self, name: str) -> None:
        quads = left(name)
        data = quads + list(fixtures.ontology())
        found = shacl.validate(data + deriving.derive(data, BASE), fixtures.shapes(), BASE)
        assert len(quads) < len(fixtures.base())
        assert [str(finding) for finding in found if finding.severity == "violation"] == []
        assert references.check(data, BASE) == []

    def test_every_claim_of_the_real_collection_that_stays_is_whole(self) -> None:
        """Whatever is taken back, a claim that loses a statement still says all that a claim must say."""
        vocabulary = ox.NamedNode(BASE.graph("vocab"))
        quads = [quad for quad in loading.load(Project.open(ROOT)).quads if quad.graph_name != vocabulary]
        said: dict[str, list[tuple[str, str]]] = {}
        for quad in quads:
            said.setdefault(quad.subject.value, []).append(
                (quad.predicate.value, str(quad.object).strip("<>"))
            )
        claims = [iri for iri in said if iri.startswith(BASE.id("claim", ""))]
        whole = Closure(quads)
        tried = sorted(iri for iri in said if BASE.split(iri))
        assert len(tried) > 500
        for iri in tried[::5]:
            gone = whole.of({iri})
            assert iri in gone
            for claim in claims:
                if claim in gone or all(object not in gone for _, object in said[claim]):
                    continue
                left = {predicate for predicate, object in said[claim] if object not in gone}
                assert {RDF + "subject", RDF + "predicate", RDF + "object", KG + "claimant"} <= left
                assert left & {KG + "passage", KG + "citation", PROV + "wasDerivedFrom"}
