"""The published layer: section 3 of the model, rule by rule, and for any small set of claims."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable
from functools import cache
from typing import Final

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, URIRef

import rdf_data
from kg import shacl
from kg.deriving import derive
from kg.names import KG, RDF, RDFS, SCHEMA, XSD, Base
from shapes import fixtures

BASE = Base()
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in BASE.prefixes().items())
TERMS = """
schema:location kg:publishable true . schema:superEvent kg:publishable true . kg:depicts kg:publishable true .
schema:deathDate a owl:FunctionalProperty ; kg:publishable true .
schema:numberOfPages a owl:FunctionalProperty ; kg:publishable true .
kg:deaths a kg:Measure ; kg:claimOnly true . kg:date kg:claimOnly true .
"""
BOUNDS = ("edtf", "earliestStart", "latestStart", "earliestEnd", "latestEnd")
COUNT = itertools.count()


def quads(turtle: str) -> list[ox.Quad]:
    graph = ox.NamedNode(BASE.graph("source/x"))
    return [ox.Quad(*quad.triple, graph) for quad in ox.parse(HEAD + turtle, ox.RdfFormat.TURTLE)]


def claim(
    subject: str,
    predicate: str,
    *objects: str,
    name: str = "",
    polarity: str = "asserted",
    status: str = "recorded",
    more: str = "",
) -> str:
    """Give the Turtle of one claim; *more* is further predicates and objects."""
    name = name or f"c{next(COUNT)}"
    return (
        f"claim:{name} a kg:Claim ; rdf:subject {subject} ; rdf:predicate {predicate} ; rdf:object {', '.join(objects)} ;"
        f" kg:polarity kg:{polarity} ; kg:status kg:{status} {more and '; ' + more} .\n"
    )


def date(
    edtf: str, *, name: str = "", polarity: str = "asserted", status: str = "recorded", **bounds: str
) -> str:
    """Give the Turtle of a claim of the date of event:e."""
    more = "".join(f' ; kg:{bound} "{day}"^^xsd:date' for bound, day in bounds.items())
    value = f'"{edtf}"^^edtf:EDTF'
    return claim(
        "event:e",
        "kg:date",
        value,
        name=name,
        polarity=polarity,
        status=status,
        more=f"kg:edtf {value}{more}",
    )


def decision(claims: str, outcome: str = "published") -> str:
    return f"decision:d{next(COUNT)} kg:decides {claims} ; kg:outcome concept:outcome-{outcome} .\n"


def said(turtle: str, base: Base = BASE) -> list[str]:
    """Give what is derived, each statement in prefixed names."""
    return [shown(quad, base) for quad in derive(quads(TERMS + turtle), base)]


def shown(quad: ox.Quad, base: Base = BASE) -> str:
    names = (
        term.value if isinstance(term, ox.Literal) else base.compact(term.value)
        for term in (quad.subject, quad.predicate, quad.object)
    )
    return " ".join(names)


HERE = "event:e schema:location place:a"
THERE = "event:e schema:location place:b"


class TestStatements:
    def test_what_one_claim_says_is_published(self) -> None:
        assert said(claim("event:e", "schema:location", "place:a")) == [HERE]

    def test_what_all_claims_say_is_published_once(self) -> None:
        assert said(claim("event:e", "schema:location", "place:a") * 2) == [HERE]

    def test_of_a_functional_property_nothing_where_claims_disagree(self) -> None:
        pages = claim("work:w", "schema:numberOfPages", "212")
        assert said(pages) == ["work:w schema:numberOfPages 212"]
        assert said(pages + claim("work:w", "schema:numberOfPages", "221")) == []

    def test_of_another_property_every_object(self) -> None:
        two = claim("event:e", "schema:location", "place:a") + claim("event:e", "schema:location", "place:b")
        assert said(two) == [HERE, THERE]

    def test_disagreement_about_one_subject_is_none_about_another(self) -> None:
        other = claim("work:v", "schema:numberOfPages", "212") + claim(
            "work:w", "schema:numberOfPages", "221"
        )
        assert len(said(other)) == 2

    @pytest.mark.parametrize("predicate", ["kg:deaths", "rdfs:label", "kg:attributedTo"])
    def test_no_property_that_is_not_publishable(self, predicate: str) -> None:
        assert said(claim("event:e", predicate, "12")) == []

    def test_what_is_said_not_to_be_publishable_is_not(self) -> None:
        assert (
            said("schema:about kg:publishable false . " + claim("event:e", "schema:about", "place:a")) == []
        )

    @pytest.mark.parametrize(
        "record", [{"status": "withdrawn"}, {"status": "extractionError"}, {"polarity": "denied"}]
    )
    def test_no_claim_that_is_not_live(self, record: dict[str, str]) -> None:
        assert said(claim("event:e", "schema:location", "place:a", **record)) == []
        assert said(date("1901", **record, earliestStart="1901-01-01", latestEnd="1901-12-31")) == []

    @pytest.mark.parametrize("status", ["withdrawn", "extractionError"])
    def test_a_claim_that_is_not_live_disturbs_no_agreement(self, status: str) -> None:
        pages = claim("work:w", "schema:numberOfPages", "212")
        assert len(said(pages + claim("work:w", "schema:numberOfPages", "221", status=status))) == 1
        denial = claim("work:w", "schema:numberOfPages", "212", polarity="denied", status=status)
        assert len(said(pages + denial)) == 1

    def test_a_claim_without_status_or_polarity_publishes_nothing(self) -> None:
        whole = claim("event:e", "schema:location", "place:a")
        assert said(whole.replace("; kg:status kg:recorded", "")) == []
        assert said(whole.replace("; kg:polarity kg:asserted", "")) == []

    def test_a_denial_of_the_same_statement_blocks_it_and_no_other(self) -> None:
        data = (
            claim("event:e", "schema:location", "place:a")
            + claim("event:e", "schema:location", "place:b")
            + claim("event:e", "schema:location", "place:a", polarity="denied")
        )
        assert said(data) == [THERE]

    def test_a_decision_picks_what_another_claim_denies(self) -> None:
        data = claim("event:e", "schema:location", "place:a", name="a")
        data += claim("event:e", "schema:location", "place:a", polarity="denied")
        assert said(data) == []
        assert said(data + decision("claim:a")) == ["event:e schema:location place:a"]

    def test_a_denial_alone_publishes_nothing(self) -> None:
        assert said(claim("event:e", "schema:location", "place:a", polarity="denied")) == []

    def test_a_decision_picks_one(self) -> None:
        data = claim("work:w", "schema:numberOfPages", "212", name="a")
        data += claim("work:w", "schema:numberOfPages", "221", name="b")
        assert said(data + decision("claim:b")) == ["work:w schema:numberOfPages 221"]
        assert said(data + decision("claim:a, claim:b")) == []

    @pytest.mark.parametrize("outcome", ["not-published", "kept-apart"])
    def test_a_decision_of_another_outcome_picks_none(self, outcome: str) -> None:
        data = claim("work:w", "schema:numberOfPages", "212", name="a")
        data += claim("work:w", "schema:numberOfPages", "221", name="b")
        assert said(data + decision("claim:b", outcome)) == []

    @pytest.mark.parametrize("record", [{"status": "withdrawn"}, {"polarity": "denied"}])
    def test_a_decision_revives_no_claim(self, record: dict[str, str]) -> None:
        data = claim("work:w", "schema:numberOfPages", "212", name="a")
        data += claim("work:w", "schema:numberOfPages", "221", name="b", **record)
        assert said(data + decision("claim:b")) == ["work:w schema:numberOfPages 212"]


class TestDates:
    INTERVAL: Final = {
        "earliestStart": "1901-03-04",
        "latestStart": "1901-03-04",
        "earliestEnd": "1901-03-09",
        "latestEnd": "1901-03-09",
    }

    def test_a_days_interval_gives_bounds_and_days(self) -> None:
        assert said(date("1901-03-04/1901-03-09", **self.INTERVAL)) == [
            "event:e schema:endDate 1901-03-09",
            "event:e schema:startDate 1901-03-04",
            "event:e kg:earliestEnd 1901-03-09",
            "event:e kg:earliestStart 1901-03-04",
            "event:e kg:edtf 1901-03-04/1901-03-09",
            "event:e kg:latestEnd 1901-03-09",
            "event:e kg:latestStart 1901-03-04",
        ]

    def test_a_month_gives_no_day(self) -> None:
        found = said(date("1901-03", earliestStart="1901-03-01", latestEnd="1901-03-31"))
        assert found == [
            "event:e kg:earliestStart 1901-03-01",
            "event:e kg:edtf 1901-03",
            "event:e kg:latestEnd 1901-03-31",
        ]

    def test_bounds_are_published_one_by_one(self) -> None:
        data = date("1901-03-04/1901-03-09", **self.INTERVAL)
        data += date(
            "1901-03-04/1901-03-11",
            **self.INTERVAL | {"earliestEnd": "1901-03-11", "latestEnd": "1901-03-11"},
        )
        assert said(data) == [
            "event:e schema:startDate 1901-03-04",
            "event:e kg:earliestStart 1901-03-04",
            "event:e kg:latestStart 1901-03-04",
        ]

    def test_a_start_and_an_end_from_two_claims(self) -> None:
        data = date("1901-03-04/..", earliestStart="1901-03-04", latestStart="1901-03-04")
        data += date("../1901-03-09", earliestEnd="1901-03-09", latestEnd="1901-03-09")
        found = said(data)
        assert "event:e schema:startDate 1901-03-04" in found
        assert "event:e schema:endDate 1901-03-09" in found
        assert not any("kg:edtf" in each for each in found)

    def test_bounds_of_two_claims_that_contradict_each_other(self) -> None:
        data = date("1901-03-10/..", name="a", earliestStart="1901-03-10", latestStart="1901-03-10")
        data += date("../1901-03-05", name="b", earliestEnd="1901-03-05", latestEnd="1901-03-05")
        assert said(data) == []
        assert said(data + decision("claim:b")) != []

    @pytest.mark.parametrize(
        ("later", "earlier"),
        [
            ("earliestStart", "latestStart"),
            ("earliestStart", "earliestEnd"),
            ("earliestStart", "latestEnd"),
            ("latestStart", "latestEnd"),
            ("earliestEnd", "latestEnd"),
        ],
    )
    def test_no_bound_comes_after_one_that_it_may_not_come_after(self, later: str, earlier: str) -> None:
        apart = date("1901-03", name="a", **{later: "1901-03-10"})
        assert said(apart + date("1901-03", name="b", **{earlier: "1901-03-05"})) == []
        assert len(said(apart + date("1901-03", name="b", **{earlier: "1901-03-15"}))) == 3

    def test_a_start_may_be_later_than_the_first_end_that_is_possible(self) -> None:
        apart = date("1901-03", latestStart="1901-03-10") + date("1901-03", earliestEnd="1901-03-05")
        assert len(said(apart)) == 3

    def test_a_start_between_two_days_is_no_start_day(self) -> None:
        found = said(date("1901-03/..", earliestStart="1901-03-01", latestStart="1901-03-31"))
        assert "event:e kg:earliestStart 1901-03-01" in found
        assert not any("schema:" in each for each in found)

    def test_a_decision_picks_one(self) -> None:
        data = date("1901-03-04/1901-03-09", name="a", **self.INTERVAL)
        data += date("1901-03", name="b", earliestStart="1901-03-01", latestEnd="1901-03-31")
        assert said(data) == ["event:e kg:earliestEnd 1901-03-09", "event:e kg:latestStart 1901-03-04"]
        assert said(data + decision("claim:b")) == [
            "event:e kg:earliestStart 1901-03-01",
            "event:e kg:edtf 1901-03",
            "event:e kg:latestEnd 1901-03-31",
        ]

    def test_a_denied_date_blocks_what_it_says(self) -> None:
        data = date("1901-03-04/..", earliestStart="1901-03-04", latestStart="1901-03-04")
        data += date("../1901-03-09", earliestEnd="1901-03-09", latestEnd="1901-03-09")
        data += date("1901-03-04/..", polarity="denied", earliestStart="1901-03-04", latestStart="1901-03-04")
        assert said(data) == [
            "event:e schema:endDate 1901-03-09",
            "event:e kg:earliestEnd 1901-03-09",
            "event:e kg:latestEnd 1901-03-09",
        ]

    def test_a_day_that_two_claims_only_say_together_is_no_end_day(self) -> None:
        data = date("../1901-03-09", earliestEnd="1901-03-09") + date(
            "[..1901-03-09]", latestEnd="1901-03-09"
        )
        assert said(data) == ["event:e kg:earliestEnd 1901-03-09", "event:e kg:latestEnd 1901-03-09"]

    def test_under_way_on_a_day_bounds_nothing(self) -> None:
        assert said(claim("event:e", "kg:ongoingOn", '"1901-03-05"^^xsd:date')) == []


class TestRelays:
    TEXT = """
        source:s dcterms:publisher org:paper . text:t kg:versionOf source:s . passage:p oa:hasSource text:t .
        org:paper rdfs:label "Zeitung"@de, "The Paper"@en .
    """

    @staticmethod
    def record(more: str = "kg:passage passage:p", claimant: str = "org:office") -> str:
        return claim("event:e", "kg:deaths", "12", name="c", more=f"kg:claimant {claimant} ; {more}")

    def test_the_publisher_of_the_text_is_the_last_link(self) -> None:
        assert sorted(said(self.TEXT + self.record())) == [
            "claim:c kg:relay relay:paper-1",
            "claim:c kg:relayedBy org:paper",
            "relay:paper-1 kg:agent org:paper",
            "relay:paper-1 kg:position 1",
            "relay:paper-1 rdf:type kg:Relay",
            "relay:paper-1 rdfs:label The Paper, link 1 of relay",
        ]

    def test_it_comes_after_the_links_of_the_curator(self) -> None:
        links = """
            relay:agency-1 kg:agent org:agency ; kg:position 1 . relay:bureau-2 kg:agent org:bureau ; kg:position 2 .
        """
        found = said(
            self.TEXT + links + self.record("kg:passage passage:p ; kg:relay relay:agency-1, relay:bureau-2")
        )
        assert "claim:c kg:relay relay:paper-3" in found
        assert "relay:paper-3 kg:position 3" in found
        relayed = [each for each in found if "relayedBy" in each]
        assert relayed == [f"claim:c kg:relayedBy org:{name}" for name in ("agency", "bureau", "paper")]

    def test_not_where_the_publisher_speaks(self) -> None:
        assert said(self.TEXT + self.record(claimant="org:paper")) == []

    def test_not_where_it_is_in_the_chain_already(self) -> None:
        link = "relay:first kg:agent org:paper ; kg:position 1 ; rdfs:label 'x'@en ."
        found = said(self.TEXT + link + self.record("kg:passage passage:p ; kg:relay relay:first"))
        assert found == ["claim:c kg:relayedBy org:paper"]

    def test_a_link_of_the_same_name_keeps_its_own_label(self) -> None:
        link = 'relay:paper-1 kg:agent org:paper ; kg:position 1 ; rdfs:label "The Paper, as credited"@en .'
        found = said(self.TEXT + link + self.record())
        assert "claim:c kg:relay relay:paper-1" in found
        assert not any("rdfs:label" in each for each in found)

    def test_one_node_serves_all_claims(self) -> None:
        data = self.TEXT + self.record() + self.record().replace("claim:c ", "claim:d ")
        found = said(data)
        assert len([each for each in found if each.startswith("relay:")]) == 4
        assert "claim:d kg:relay relay:paper-1" in found

    def test_the_agents_are_named_where_the_claim_rests_on_a_citation(self) -> None:
        link = "relay:agency-1 kg:agent org:agency ; kg:position 1 ."
        found = said(link + self.record("kg:citation citation:x ; kg:relay relay:agency-1"))
        assert found == ["claim:c kg:relayedBy org:agency"]

    def test_no_publisher_no_link(self) -> None:
        assert said("text:t kg:versionOf source:s . passage:p oa:hasSource text:t ." + self.record()) == []

    def test_passages_of_other_records_give_none(self) -> None:
        assert said(self.TEXT + "name:n kg:passage passage:p .") == []


class TestLabels:
    @pytest.mark.parametrize("kind", ["prefLabel", "altLabel", "hiddenLabel"])
    def test_name_records_become_plain_labels(self, kind: str) -> None:
        found = derive(
            quads(f'place:p skosxl:{kind} name:a, name:b . name:a skosxl:literalForm "Baku"@en . '
                  'name:b skosxl:literalForm "Բաքու"@hy .'), BASE,
        )  # fmt: skip
        assert [(shown(quad), quad.object.language) for quad in found] == [
            (f"place:p skos:{kind} Baku", "en"),
            (f"place:p skos:{kind} Բաքու", "hy"),
        ]

    def test_a_record_without_a_form_gives_none(self) -> None:
        assert said("place:p skosxl:prefLabel name:a .") == []


class TestWhole:
    def test_all_stands_in_the_published_graph(self) -> None:
        found = derive(fixtures.base() + fixtures.ontology(), BASE)
        assert found
        assert {quad.graph_name.value for quad in found} == {BASE.graph("published")}

    def test_nothing_that_is_there_is_repeated(self) -> None:
        data = list(fixtures.base() + fixtures.ontology())
        found = derive(data, BASE)
        assert not {quad.triple for quad in data} & {quad.triple for quad in found}
        assert derive(data + found, BASE) == []

    def test_the_order_is_that_of_the_text_form_whatever_the_order_of_the_data(self) -> None:
        data = fixtures.base() + fixtures.ontology()
        found = derive(data, BASE)
        assert found == sorted(set(found), key=str)
        assert derive(data[::-1], BASE) == found

    def test_another_base_gives_the_same_rebased(self) -> None:
        other = Base("https://archive.example/velmora/")
        data = fixtures.base() + fixtures.ontology()
        assert set(derive(rebased(data, other), other)) == set(rebased(derive(data, BASE), other))

    def test_what_the_invented_collection_publishes(self) -> None:
        found = {shown(quad) for quad in derive(fixtures.base() + fixtures.ontology(), BASE)}
        assert {each for each in found if each.startswith(("event:", "work:", "photo:", "person:"))} == {
            "event:velmora-1901 kg:edtf 1901-03-04/1901-03-09",
            "person:jon-brandt schema:deathDate 1902-01-04",
            "event:velmora-1901 kg:earliestStart 1901-03-04",
            "event:velmora-1901 kg:latestStart 1901-03-04",
            "event:velmora-1901 kg:earliestEnd 1901-03-09",
            "event:velmora-1901 kg:latestEnd 1901-03-09",
            "event:velmora-1901 schema:startDate 1901-03-04",
            "event:velmora-1901 schema:endDate 1901-03-09",
            "event:velmora-1901 schema:location place:velmora",
            "event:velmora-1901 schema:superEvent event:coast-1901",
            "event:coast-1901 kg:earliestStart 1901-03-04",
            "event:coast-1901 kg:latestStart 1901-03-04",
            "event:coast-1901 schema:startDate 1901-03-04",
            "photo:foreman kg:depicts obs:foreman",
            "work:holm-velmora schema:author person:ada-holm",
            "work:holm-velmora schema:isbn 9780306406157",
            "work:holm-velmora schema:datePublished 1903",
        }


def rebased(data: Iterable[ox.Quad], base: Base) -> list[ox.Quad]:
    def moved(term: ox.Term) -> ox.Term:
        return ox.NamedNode(base.rebase(term.value)) if isinstance(term, ox.NamedNode) else term

    return [ox.Quad(*map(moved, quad)) for quad in data]


PLACES = ("place:a", "place:b")
DAYS = ("1901-03-04", "1901-03-05")
records = st.fixed_dictionaries(
    {
        "polarity": st.sampled_from(["asserted", "asserted", "denied"]),
        "status": st.sampled_from(["recorded", "recorded", "withdrawn", "extractionError"]),
    }
)
relations = st.builds(
    lambda subject, predicate, value, name, record: claim(subject, predicate, value, name=name, **record),
    st.sampled_from(["event:e", "event:f"]),
    st.sampled_from(["schema:location", "schema:superEvent", "kg:deaths"]),
    st.sampled_from(PLACES),
    st.sampled_from("abcdef").map("r{}".format),
    records,
)
days = st.builds(
    lambda name, bounds, record: date("1901-03", name=name, **bounds, **record),
    st.sampled_from("abcdef").map("d{}".format),
    st.dictionaries(st.sampled_from(BOUNDS[1:]), st.sampled_from(DAYS)),
    records,
)
functional = st.builds(
    lambda value, name, record: claim(
        "person:p", "schema:deathDate", f'"{value}"^^xsd:date', name=name, **record
    ),
    st.sampled_from(DAYS),
    st.sampled_from("abcdef").map("f{}".format),
    records,
)
decisions = st.builds(decision, st.sampled_from(["claim:ra", "claim:da", "claim:fa"]))


@st.composite
def collections(draw: st.DrawFn) -> list[ox.Quad]:
    """Small sets of claims; each has a name of its own, as in data that conform."""
    parts = draw(st.lists(relations | days | functional, max_size=8, unique_by=lambda text: text.split()[0]))
    return quads(TERMS + "".join(parts) + "".join(draw(st.lists(decisions, max_size=2))))


class Facts:
    """What the claims of a dataset say, read in the plainest way."""

    def __init__(self, data: list[ox.Quad]) -> None:
        self.rows: dict[ox.NamedNode, dict[str, ox.Term]] = {}
        for quad in data:
            self.rows.setdefault(quad.subject, {})[quad.predicate.value] = quad.object

    def values(
        self, subject: ox.Term, predicate: str, *, live: bool, polarity: str = "asserted"
    ) -> set[ox.Term]:
        """Give what claims of that kind say *predicate* of *subject* is."""
        found = set()
        for row in self.rows.values():
            recorded = row.get(KG + "status") == ox.NamedNode(KG + "recorded")
            if row.get(RDF + "subject") != subject or row.get(KG + "polarity") != ox.NamedNode(KG + polarity):
                continue
            if recorded is not live:
                continue
            if row[RDF + "predicate"].value == predicate:
                found.add(row[RDF + "object"])
            elif row[RDF + "predicate"].value == KG + "date" and predicate in row:
                found.add(row[predicate])
        return found


@cache
def published_shape() -> Graph:
    """Give the shape of published statements alone, so that many examples can be run."""
    shape, graph = "https://w3id.org/attest/shapes/attest", Graph()
    for name in (shape, f"{shape}#published", f"{shape}#published-supported"):
        fixtures.shapes().cbd(URIRef(name), target_graph=graph)
    return graph


DATES = tuple(KG + name for name in BOUNDS[1:])


def crossed(facts: Facts) -> bool:
    """Tell whether of the bounds that all agree on one comes after another that it may not come after."""
    event = ox.NamedNode(BASE.id("event", "e"))
    days = {}
    for name in DATES:
        values = facts.values(event, name, live=True)
        if len(values) == 1 and not values & facts.values(event, name, live=True, polarity="denied"):
            days[name.removeprefix(KG)] = values.pop().value
    order = ("earliestStart", "latestStart"), ("earliestStart", "earliestEnd"), ("earliestStart", "latestEnd")
    order += ("latestStart", "latestEnd"), ("earliestEnd", "latestEnd")
    return any(a in days and b in days and days[a] > days[b] for a, b in order)


class TestAnySetOfClaims:
    @given(collections())
    def test_only_what_a_live_claim_says_and_none_denies(self, data: list[ox.Quad]) -> None:
        facts = Facts(data)
        decided = {quad.object for quad in data if quad.predicate.value == KG + "decides"}
        for quad in derive(data, BASE):
            predicate = quad.predicate.value.replace(SCHEMA + "startDate", KG + "earliestStart")
            predicate = predicate.replace(SCHEMA + "endDate", KG + "latestEnd")
            assert quad.object in facts.values(quad.subject, predicate, live=True)
            denied = facts.values(quad.subject, predicate, live=True, polarity="denied")
            assert quad.object not in denied or decided & facts.rows.keys()

    @given(collections())
    def test_of_a_functional_property_at_most_one_value(self, data: list[ox.Quad]) -> None:
        found = [quad for quad in derive(data, BASE) if quad.predicate.value != SCHEMA + "location"]
        pairs = [
            (quad.subject, quad.predicate) for quad in found if quad.predicate.value != SCHEMA + "superEvent"
        ]
        assert len(pairs) == len(set(pairs))

    @given(collections())
    def test_what_nobody_disputes_is_published(self, data: list[ox.Quad]) -> None:
        facts = Facts([quad for quad in data if quad.predicate.value != KG + "decides"])
        published = {
            quad.triple for quad in derive([q for q in data if q.predicate.value != KG + "decides"], BASE)
        }
        for subject in (ox.NamedNode(BASE.id("event", "e")), ox.NamedNode(BASE.id("person", "p"))):
            for predicate in (*(KG + name for name in BOUNDS[1:]), SCHEMA + "deathDate", SCHEMA + "location"):
                values = facts.values(subject, predicate, live=True)
                denied = facts.values(subject, predicate, live=True, polarity="denied")
                if len(values) == 1 and not values & denied and not (predicate in DATES and crossed(facts)):
                    assert ox.Triple(subject, ox.NamedNode(predicate), *values) in published

    @given(st.lists(relations | days | functional, max_size=8, unique_by=lambda text: text.split()[0]))
    def test_each_published_statement_passes_the_shape(self, parts: list[str]) -> None:
        data = quads("".join(parts))
        data += fixtures.terms(data)
        assert shacl.validate(data + derive(data, BASE), published_shape(), BASE) == []

    def test_that_shape_finds_what_no_claim_says(self) -> None:
        data = quads(f"{HERE} .")
        (finding,) = shacl.validate(data + fixtures.terms(data), published_shape(), BASE)
        assert finding.rule == "published-supported"

    @given(rdf_data.datasets(), st.randoms(use_true_random=False))
    def test_no_data_make_it_fail(self, data: list[ox.Quad], order: random.Random) -> None:
        names = [
            KG + n for n in ("passage", "relay", "agent", "position", "status", "polarity", "publishable")
        ]
        names += [RDF + n for n in ("subject", "predicate", "object", "type")] + [RDFS + "label"]
        wild = [ox.Quad(q.subject, ox.NamedNode(order.choice(names)), q.object, q.graph_name) for q in data]
        assert derive(wild, BASE) == sorted(derive(wild, BASE), key=str)

    @pytest.mark.parametrize("position", ["²", "-1", "one", "9" * 5000, ""])
    def test_a_position_that_is_no_number_counts_for_nothing(self, position: str) -> None:
        link = f'relay:a kg:agent org:a ; kg:position "{position}"^^<{XSD}integer> .'
        found = said(TestRelays.TEXT + link + TestRelays.record("kg:passage passage:p ; kg:relay relay:a"))
        assert "relay:paper-1 kg:position 1" in found
