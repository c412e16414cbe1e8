"""The file of redactions, read and added to."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import Base
from kg.redaction import Redaction, added, read, withheld

BASE = Base("https://archive.example/velmora/")
SOURCE = Base()
ATTEST = BASE.id("org", "attest")
WHOLE = """
@prefix decision: <https://attest.example/baku-1990/id/decision/> .
@prefix kg: <https://w3id.org/attest/ns#> .
@prefix org: <https://attest.example/baku-1990/id/org/> .
@prefix person: <https://attest.example/baku-1990/id/person/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
decision:redaction-1 a kg:Redaction ;
    kg:redacts person:b, person:a ;
    kg:rationale "Asked for by the family."@en ;
    prov:wasAssociatedWith org:attest ;
    prov:endedAtTime "1991-05-03T00:00:00Z"^^xsd:dateTime .
"""


def parsed(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, ox.RdfFormat.TURTLE))


class TestRead:
    def test_a_redaction_says_what_why_and_when(self) -> None:
        people = tuple(SOURCE.id("person", slug) for slug in "ab")
        assert read(parsed(WHOLE)) == ([Redaction("1991-05-03", "Asked for by the family.", people)], [])

    @pytest.mark.parametrize(
        ("line", "named"),
        [
            ("    kg:redacts person:b, person:a ;\n", "kg:redacts"),
            ('    kg:rationale "Asked for by the family."@en ;\n', "kg:rationale"),
            ("    prov:wasAssociatedWith org:attest ;\n", "prov:wasAssociatedWith"),
            (" a kg:Redaction ;\n", "rdf:type kg:Redaction"),
        ],
    )
    def test_what_is_missing_is_a_violation_and_the_rest_counts_all_the_same(
        self, line: str, named: str
    ) -> None:
        redactions, (finding,) = read(parsed(WHOLE.replace(line, "\n" if "a kg:" in line else "")))
        assert (finding.rule, finding.severity) == ("redaction", "violation")
        assert named in finding.message
        assert finding.remedy
        assert len(redactions) == 1
        assert bool(redactions[0].resources) == ("redacts" not in line)

    def test_they_are_given_in_the_order_of_their_days(self) -> None:
        earlier = WHOLE.replace("redaction-1", "redaction-2").replace("1991-05-03", "1991-04-01")
        redactions, findings = read(parsed(WHOLE + earlier))
        assert [redaction.date for redaction in redactions] == ["1991-04-01", "1991-05-03"]
        assert findings == []

    def test_a_day_of_another_type_is_none(self) -> None:
        _, (finding,) = read(parsed(WHOLE.replace('T00:00:00Z"^^xsd:dateTime', '"^^xsd:date')))
        assert "prov:endedAtTime" in finding.message

    def test_two_reasons_are_none(self) -> None:
        _, (finding,) = read(parsed(WHOLE.replace('family."@en', 'family."@en, "Another."@en')))
        assert "kg:rationale" in finding.message

    def test_no_data_are_no_redaction(self) -> None:
        assert read([]) == ([], [])


class TestAdded:
    def test_a_new_file_reads_back(self) -> None:
        new = Redaction("1991-05-03", 'Asked "twice".', (BASE.id("claim", "x"), BASE.id("person", "a")))
        text = added("", new, ATTEST, base=BASE)
        redactions, findings = read(parsed(text))
        assert findings == []
        assert redactions == [
            Redaction("1991-05-03", 'Asked "twice".', tuple(map(BASE.unbase, new.resources)))
        ]

    def test_what_stood_there_stays_and_names_do_not_meet(self) -> None:
        first = added("# by hand\n" + WHOLE, Redaction("1991-05-03", "One.", (ATTEST,)), ATTEST, base=BASE)
        second = added(first, Redaction("1991-05-03", "Two.", (ATTEST,)), ATTEST, base=BASE)
        assert second.startswith("# by hand\n" + WHOLE)
        redactions, findings = read(parsed(second))
        assert findings == []
        assert sorted(redaction.reason for redaction in redactions) == [
            "Asked for by the family.",
            "One.",
            "Two.",
        ]
        assert second.count("@prefix org:") == 1

    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1))
    def test_any_reason_reads_back(self, reason: str) -> None:
        text = added("", Redaction("1991-05-03", reason, ("https://away.example/x",)), ATTEST, base=BASE)
        assert [redaction.reason for redaction in read(parsed(text))[0]] == [reason]


def test_what_is_withheld_is_marked_so() -> None:
    quads = parsed(
        "@prefix kg: <https://w3id.org/attest/ns#> .\n<urn:a> kg:visibility kg:withheld . <urn:b> kg:visibility kg:veiled ."
    )
    assert withheld(quads) == {"urn:a"}
