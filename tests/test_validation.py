"""Findings and reports, and how SHACL's results become findings; the W3C suite is in ``w3c/test_shacl.py``."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH, XSD

import rdf_data
from kg import shacl
from kg.errors import ProjectError
from kg.names import KG, Base
from kg.validation import Finding, Report

BASE = Base()
SHAPES = """
@prefix event: <https://attest.example/baku-1990/id/event/> .
@prefix kg: <https://w3id.org/attest/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix s: <https://w3id.org/attest/shapes/test#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
EVENT = ox.NamedNode(BASE.id("event", "quays"))
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
DATA = [ox.Quad(EVENT, LABEL, ox.Literal("Quays", language="en"))]

FIRST = Finding("violation", "first", "a", file="a.ttl", line=3)
FINDINGS = [
    Finding("warning", "on the same line", "b", file="a.ttl", line=3),
    Finding("info", "last", "c", file="b.ttl", line=1),
    FIRST,
    Finding("violation", "no place", "d"),
]


def run(text: str, data: list[ox.Quad] | None = None, base: Base = BASE) -> list[Finding]:
    return shacl.validate(
        DATA if data is None else data, shacl.shapes([("x.ttl", (SHAPES + text).encode())], base), base
    )


class TestFindings:
    def test_as_a_line(self) -> None:
        finding = Finding(
            "violation", "a claim has no claimant", "claim-claimant", "name one", file="a.ttl", line=3
        )
        assert str(finding) == "a.ttl:3: violation: a claim has no claimant (claim-claimant) → name one"
        assert str(FINDINGS[3]) == "violation: no place (d)"
        assert str(Finding("info", "x", "y", file="a.ttl")) == "a.ttl: info: x (y)"

    def test_as_json_without_what_is_empty(self) -> None:
        assert json.dumps(FIRST.to_dict()) == (
            '{"severity": "violation", "message": "first", "rule": "a", "file": "a.ttl", "line": 3}'
        )


class TestReports:
    def test_findings_by_place_and_the_graver_first(self) -> None:
        assert [finding.message for finding in Report(FINDINGS)] == [
            "no place",
            "first",
            "on the same line",
            "last",
        ]

    def test_the_same_order_whatever_was_found_first(self) -> None:
        ordered = [
            Finding("info", "z", "z", file="a.ttl", line=9),
            Finding("info", "z", "z", file="b.ttl", line=2, column=1),
            Finding("violation", "z", "z", file="b.ttl", line=2, column=5),
            Finding("warning", "z", "y", file="b.ttl", line=2, column=5),
            Finding("info", "z", "x", file="b.ttl", line=2, column=5),
            *(Finding("info", text, "y", file="b.ttl", line=2, column=5) for text in "abcdefgh"),
            Finding("violation", "a", "a", file="b.ttl", line=3),
        ]
        for found in (ordered, ordered[::-1], ordered[5:] + ordered[:5]):
            assert Report(found).sorted() == ordered

    def test_a_finding_is_given_and_counted_once(self) -> None:
        report = Report([FIRST])
        report.extend([FIRST, *FINDINGS])
        assert len(report.sorted()) == 4
        assert [report.count(severity) for severity in ("violation", "warning", "info")] == [2, 1, 1]

    def test_it_conforms_where_there_is_no_violation(self) -> None:
        assert Report().conforms
        assert Report(FINDINGS[:2]).conforms
        assert not Report(FINDINGS).conforms


class TestResults:
    SHAPE = """s:label a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:property s:form .
        s:form a sh:PropertyShape ; sh:path rdfs:label ; sh:maxLength 3 ; sh:severity {severity} ;
            sh:message "The label {{?value}} of {{?this}} is long ({{$path}}, {{?other}})."@en ; kg:remedy "cut it" ."""

    def test_a_finding_holds_what_the_result_says(self) -> None:
        (finding,) = run(self.SHAPE.format(severity="sh:Violation"))
        assert finding == Finding(
            "violation",
            "event:quays: The label Quays of event:quays is long (rdfs:label, ).",
            "form",
            "cut it",
            str(EVENT),
            str(LABEL),
            '"Quays"@en',
            f"{SH}MaxLengthConstraintComponent",
        )

    @pytest.mark.parametrize(
        ("severity", "expected"), [("sh:Warning", "warning"), ("sh:Info", "info"), ("kg:other", "violation")]
    )
    def test_severities(self, severity: str, expected: str) -> None:
        assert [finding.severity for finding in run(self.SHAPE.format(severity=severity))] == [expected]

    def test_a_shape_without_words_says_what_the_processor_says(self) -> None:
        (finding,) = run("s:label a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:nodeKind sh:Literal .")
        assert finding.rule == "label"
        assert finding.remedy == ""
        assert finding.message.startswith("event:quays: ")

    def test_a_shape_without_a_name_is_called_after_its_component(self) -> None:
        (finding,) = run("[] a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:nodeKind sh:Literal .")
        assert finding.rule == "NodeKindConstraintComponent"

    def test_a_path_of_several_steps_is_left_out(self) -> None:
        (finding,) = run("""s:label a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ;
            sh:property [ sh:path ( rdfs:label rdfs:label ) ; sh:minCount 1 ] .""")
        assert (finding.path, finding.focus) == ("", str(EVENT))

    def test_shapes_are_written_with_the_source_base_and_run_on_any(self) -> None:
        base = Base("https://archive.example/h/")
        data = [ox.Quad(ox.NamedNode(base.id("event", "quays")), LABEL, ox.Literal("x"))]
        text = "s:one a sh:NodeShape ; sh:targetNode event:quays ; sh:nodeKind sh:Literal ."
        (finding,) = run(text, data, base)
        assert finding.message.startswith("event:quays: ")
        assert finding.focus == f"<{base.iri}id/event/quays>"

    def test_graphs_are_validated_as_their_union(self) -> None:
        parts = [
            ox.Quad(EVENT, ox.NamedNode(KG + "from"), EVENT, ox.NamedNode("urn:g")),
            ox.Quad(EVENT, ox.NamedNode(KG + "to"), EVENT, ox.NamedNode("urn:h")),
        ]
        text = "s:both a sh:NodeShape ; sh:targetSubjectsOf kg:from ; sh:property [ sh:path kg:to ; sh:minCount 1 ] ."
        assert run(text, parts) == []
        assert len(run(text, parts[:1])) == 1

    @given(rdf_data.named | rdf_data.literals(rdf_data.texts))
    def test_terms_come_back_as_they_were(self, term: ox.NamedNode | ox.Literal) -> None:
        text = "s:none a sh:PropertyShape ; sh:targetSubjectsOf rdfs:label ; sh:path rdfs:label ; sh:in () ."
        (finding,) = run(text, [ox.Quad(EVENT, LABEL, term)])
        (quad,) = ox.parse(f"{finding.focus} {finding.path} {finding.value} .", ox.RdfFormat.N_TRIPLES)
        assert quad.triple == ox.Triple(EVENT, LABEL, normal(term))

    def test_no_data_conform_to_what_nothing_is_the_target_of(self) -> None:
        assert run(self.SHAPE.format(severity="sh:Violation"), []) == []

    def test_results_within_a_result_are_none_of_their_own(self) -> None:
        (finding,) = run("""s:outer a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:node s:inner .
            s:inner a sh:NodeShape ; sh:property [ sh:path kg:to ; sh:minCount 1 ] .""")
        assert finding.rule == "outer"

    def test_a_query_may_use_prefixes_that_its_own_import(self) -> None:
        (finding,) = run("""
            s:declared sh:declare [ sh:prefix "k" ; sh:namespace "https://w3id.org/attest/ns#"^^xsd:anyURI ] .
            s:importing owl:imports s:declared .
            s:queried a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:sparql s:query .
            s:query sh:prefixes s:importing ; sh:message "{?this} leads nowhere." ; kg:remedy "give it a place" ;
                sh:select "SELECT $this WHERE { $this ?p ?o FILTER NOT EXISTS { $this k:to ?place } }" .""")
        assert finding.message == "event:quays: event:quays leads nowhere."
        assert (finding.rule, finding.remedy) == ("query", "give it a place")

    def test_a_query_may_use_prefixes_that_an_import_of_its_own_imports(self) -> None:
        (finding,) = run("""
            s:declared sh:declare [ sh:prefix "k" ; sh:namespace "https://w3id.org/attest/ns#"^^xsd:anyURI ] .
            s:between owl:imports s:declared . s:importing owl:imports s:between .
            s:queried a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:sparql s:query .
            s:query sh:prefixes s:importing ; sh:message "It leads nowhere." ;
                sh:select "SELECT $this WHERE { $this ?p ?o FILTER NOT EXISTS { $this k:to ?place } }" .""")
        assert finding.message == "event:quays: It leads nowhere."

    def test_shapes_that_are_imported_are_not_fetched(self, tmp_path: Path) -> None:
        shape = "s:one a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:nodeKind sh:Literal ."
        (tmp_path / "more.ttl").write_text(SHAPES + shape)
        assert len(run(shape)) == 1
        assert run(f"s:all a owl:Ontology ; owl:imports <{(tmp_path / 'more.ttl').as_uri()}> .") == []


def normal(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
    """Give a term as rdflib writes it: it normalises numbers and dates."""
    if isinstance(term, ox.NamedNode):
        return term
    written = Literal(
        term.value,
        lang=term.language or None,
        datatype=None if term.language else URIRef(term.datatype.value),
    )
    return (
        ox.Literal(str(written), language=term.language)
        if term.language
        else ox.Literal(str(written), datatype=term.datatype)
    )


class TestShapesThatCannotBeRun:
    TARGET = "s:x a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; "

    @pytest.mark.parametrize(
        "body",
        [
            'sh:property [ sh:path rdfs:label ; sh:pattern "(" ] .',
            'sh:property [ sh:path rdfs:label ; sh:minCount "one" ] .',
            "sh:property [ sh:path rdfs:label ; sh:minCount 1, 2 ] .",
            "sh:property [ sh:minCount 1 ] .",
            "sh:and kg:noList .",
            'sh:sparql [ sh:message "x" ] .',
            'sh:sparql [ sh:select "SELECT $this WHERE {" ] .',
            'sh:sparql [ sh:select "SELECT $this WHERE { $this q:p ?x }" ] .',
            'sh:sparql [ sh:select "SELECT $this WHERE { VALUES ?x { 1 } $this ?p ?x }" ] .',
            'sh:sparql [ sh:select "SELECT $this WHERE { $this ?p ?x MINUS { $this ?p 1 } }" ] .',
            'sh:sparql [ sh:select "SELECT $this WHERE { GRAPH $shapesGraph { $this ?p ?x } }" ] .',
            "sh:node s:x .",
        ],
    )
    def test_is_an_error_and_no_report(self, body: str, capfd: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(ProjectError, match=r"^the shapes cannot be run: [^\n]+$") as error:
            run(self.TARGET + body)
        assert error.value.remedy
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize(("text", "line"), [("s:x a sh:NodeShape", 10), ("s:x a q:y .", 10)])
    def test_a_file_that_cannot_be_read_names_its_line(self, text: str, line: int) -> None:
        with pytest.raises(ProjectError, match=rf"^x\.ttl:{line}:\d+: "):
            run(text)


class TestLogs:
    def test_a_broken_literal_is_a_finding_and_not_a_traceback(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        data = [ox.Quad(EVENT, LABEL, ox.Literal("13.01.1990", datatype=ox.NamedNode(str(XSD.date))))]
        text = "s:x a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:property [ sh:path rdfs:label ; sh:datatype xsd:date ] ."
        assert len(run(text, data)) == 1
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize("disabled", [True, False])
    def test_the_loggers_are_left_as_they_were(self, disabled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        loggers = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl-validate")]
        for logger in loggers:
            monkeypatch.setattr(logger, "disabled", disabled)
        run("")
        assert [logger.disabled for logger in loggers] == [disabled, disabled]


def graph(findings: list[Finding]) -> Graph:
    return Graph().parse(data=shacl.turtle(Report(findings)), format="turtle")


class TestTurtle:
    def test_a_report_of_all_findings(self) -> None:
        found = graph([*run(TestResults.SHAPE.format(severity="sh:Warning")), *FINDINGS, FIRST])
        (report,) = found.subjects(RDF.type, SH.ValidationReport)
        results = list(found.objects(report, SH.result))
        assert len(results) == 5
        assert set(found.subjects(RDF.type, SH.ValidationResult)) == set(results)
        severities = sorted(
            str(found.value(result, SH.resultSeverity)).rpartition("#")[2] for result in results
        )
        assert severities == ["Info", "Violation", "Violation", "Warning", "Warning"]
        (result,) = found.subjects(SH.focusNode, URIRef(EVENT.value))
        assert found.value(result, SH.resultPath) == URIRef(LABEL.value)
        assert found.value(result, SH.value) == Literal("Quays", lang="en")
        assert found.value(result, SH.sourceConstraintComponent) == SH.MaxLengthConstraintComponent
        assert "The label Quays" in str(found.value(result, SH.resultMessage))

    def test_named_checks_have_a_component_too(self) -> None:
        found = graph([Finding("violation", "x", "isbn")])
        assert list(found.objects(None, SH.sourceConstraintComponent)) == [URIRef(f"{KG}check-isbn")]

    def test_a_finding_about_a_file_is_about_a_name_made_of_it(self) -> None:
        found = graph([Finding("violation", "x", "isbn", file="data/a b.ttl")])
        assert list(found.objects(None, SH.focusNode)) == [URIRef("urn:attest:file:data/a%20b.ttl")]

    @pytest.mark.parametrize(("findings", "conforms"), [([], True), (FINDINGS[:1], False), (FINDINGS, False)])
    def test_it_conforms_where_there_is_no_result_as_the_specification_says(
        self, findings: list[Finding], conforms: bool
    ) -> None:
        assert list(graph(findings).objects(None, SH.conforms)) == [Literal(conforms)]

    def test_it_is_what_the_specification_asks_of_a_report(self) -> None:
        """The cardinalities and kinds of §3.6, as shapes; a finding about a file alone has no focus node."""
        text = """s:report a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
                sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:boolean ] ,
                    [ sh:path sh:result ; sh:class sh:ValidationResult ] .
            s:result a sh:NodeShape ; sh:targetClass sh:ValidationResult ;
                sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ,
                    [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
                    [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
                    [ sh:path sh:resultPath ; sh:maxCount 1 ] , [ sh:path sh:value ; sh:maxCount 1 ] ."""
        findings = run(TestResults.SHAPE.format(severity="sh:Violation"))
        conforms, _, said = pyshacl.validate(
            graph(findings), shacl_graph=shacl.shapes([("x.ttl", (SHAPES + text).encode())], BASE)
        )
        assert conforms, said

    def test_the_same_findings_give_the_same_bytes(self) -> None:
        assert shacl.turtle(Report(FINDINGS)) == shacl.turtle(Report([*FINDINGS[::-1], FIRST]))

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
    def test_any_message_can_be_written(self, message: str) -> None:
        found = graph([Finding("violation", message, "x", focus=str(EVENT))])
        assert str(next(found.objects(None, SH.resultMessage))).startswith("violation: ")


def test_the_order_does_not_depend_on_how_strings_are_hashed() -> None:
    findings = [Finding("violation", "wrong", "rule", component=name) for name in "abcdefgh"]
    assert [finding.component for finding in Report(findings[::-1])] == list("abcdefgh")
