"""The rules of the profile ``attest``, in both directions: the invented collection keeps all, each file breaks one."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, RDFS, SH

from kg import building, checks
from kg.names import KG
from kg.project import Project
from kg.validation import Finding
from shapes import fixtures

SHAPE = "https://w3id.org/attest/shapes/attest#"
CASES = fixtures.cases()
CHECKED = {rule for rules in checks.CHECKS.values() for rule in rules}
COMPONENTS = {
    SH.minCount: "MinCount", SH.maxCount: "MaxCount", SH.datatype: "Datatype", SH["class"]: "Class",
    SH["in"]: "In", SH.nodeKind: "NodeKind", SH.pattern: "Pattern", SH.minInclusive: "MinInclusive",
    SH.maxInclusive: "MaxInclusive", SH.minExclusive: "MinExclusive", SH.lessThan: "LessThan",
    SH.lessThanOrEquals: "LessThanOrEquals", SH.equals: "Equals", SH.disjoint: "Disjoint", SH["not"]: "Not",
    SH["or"]: "Or", SH.uniqueLang: "UniqueLang", SH.qualifiedMinCount: "QualifiedMinCount",
    SH.qualifiedMaxCount: "QualifiedMaxCount", SH.select: "SPARQL",
}  # fmt: skip
"""The parameters that the shapes use, and the component of a result of each (SHACL §4 and §5)."""
NOT_CONSTRAINTS = {
    RDF.type, RDFS.label, SH.path, SH.message, SH.severity, SH.prefixes, SH.property, SH.sparql, SH.targetClass,
    SH.targetSubjectsOf, SH.qualifiedValueShape, URIRef(KG + "remedy"),
}  # fmt: skip


@cache
def findings(number: int) -> list[Finding]:
    case = CASES[number]
    return fixtures.findings(
        fixtures.replaced(case.quads),
        texts=case.rule in fixtures.NEEDS_TEXT,
        labels=case.rule in fixtures.ABOUT_LABELS,
    )


def constraints() -> set[URIRef]:
    return {node for node in fixtures.shapes().subjects(SH.message) if isinstance(node, URIRef)}


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.name for case in CASES])
class TestBroken:
    def test_what_is_broken_is_found_and_nothing_else(self, number: int) -> None:
        case = CASES[number]
        assert case.rule in {rule for rule, _, _ in case.expected}
        found = {(finding.rule, finding.severity, finding.focus) for finding in findings(number)}
        assert found == case.expected

    def test_each_finding_is_a_plain_sentence_with_a_remedy(self, number: int) -> None:
        for finding in findings(number):
            assert finding.message.startswith(fixtures.BASE.compact(finding.focus.strip("<>")))
            assert not re.search(r"[{}\n\t]|https?://|\bNone\b|Literal\(|_:|  ", finding.message)
            assert len(finding.message) < 200
            assert finding.remedy


class TestBase:
    def test_it_conforms_without_a_warning(self) -> None:
        assert fixtures.findings(list(fixtures.base()), texts=True) == []

    def test_it_conforms_as_a_project_with_the_whole_ontology(self, tmp_path: Path) -> None:
        shutil.copytree(fixtures.ROOT / "ontology", tmp_path / "ontology")
        data = tmp_path / "data" / "velmora"
        for name in ("entities", "sources/gazette-1", "editorial"):
            (data / name).mkdir(parents=True)
        shutil.copy(fixtures.PLACE / "valid.base.ttl", data / "sources" / "gazette-1" / "all.ttl")
        licence = 'licence = "https://creativecommons.org/licenses/by/4.0/"\n'
        (tmp_path / "kg.toml").write_text(
            'version = 1\ntitle = "Velmora"\ndate = "1991-05-02"\nprofiles = ["attest"]\n'
            f'base = "https://archive.example/velmora/"\nlanguages = ["en", "hy"]\n{licence}'
            + "".join(f'[graphs."{g}"]\ntitle = "{g}"\n{licence}' for g in ("vocab", "source/gazette-1"))
        )
        shutil.copy(fixtures.PLACE / "text.txt", tmp_path)
        (tmp_path / "kg.local.toml").write_text('[texts]\ngazette-1 = "text.txt"\n')
        checked = building.validate(Project.open(tmp_path))
        assert list(checked.report) == []
        assert len(checked.quads) > len(fixtures.base()) + len(fixtures.ontology())

    def test_every_shape_has_something_to_look_at(self) -> None:
        types = {quad.object.value for quad in fixtures.base() if quad.predicate.value == str(RDF.type)}
        predicates = {quad.predicate.value for quad in fixtures.base()}
        shapes = fixtures.shapes()
        for shape in shapes.subjects(RDF.type, SH.NodeShape):
            classes = {str(kind) for kind in shapes.objects(shape, SH.targetClass)}
            assert classes - types <= {"http://www.w3.org/2004/02/skos/core#Concept"}, shape
            properties = {str(name) for name in shapes.objects(shape, SH.targetSubjectsOf)}
            assert not properties or properties & predicates or shape == URIRef(SHAPE + "published"), shape
            assert classes or properties, shape

    @pytest.mark.parametrize("constraint", ["claim-kind", "quantity-comparator"])
    def test_every_kind_and_comparator_occurs(self, constraint: str) -> None:
        shapes = fixtures.shapes()
        lists = shapes.objects(URIRef(SHAPE + constraint), (SH.qualifiedValueShape * "?") / SH["in"])
        allowed = {str(term) for each in lists for term in shapes.items(each)}
        assert allowed
        assert allowed <= {quad.object.value for quad in fixtures.base()}


class TestShapes:
    def test_every_rule_has_a_file_that_breaks_it_and_every_file_a_rule(self) -> None:
        assert {str(name).removeprefix(SHAPE) for name in constraints()} | CHECKED == {
            case.rule for case in CASES
        }

    def test_every_parameter_of_a_constraint_is_broken_by_some_file(self) -> None:
        shapes = fixtures.shapes()
        wanted = {
            (str(name).removeprefix(SHAPE), f"{SH}{COMPONENTS[parameter]}ConstraintComponent")
            for name in constraints()
            for parameter in set(shapes.predicates(name)) - NOT_CONSTRAINTS
        }
        found = {
            (f.rule, f.component) for number in range(len(CASES)) for f in findings(number) if f.component
        }
        assert wanted == found

    @pytest.mark.parametrize("name", sorted(constraints()), ids=lambda name: name.removeprefix(SHAPE))
    def test_each_says_one_sentence_and_one_remedy(self, name: URIRef) -> None:
        shapes = fixtures.shapes()
        (message,) = shapes.objects(name, SH.message)
        (remedy,) = shapes.objects(name, URIRef(KG + "remedy"))
        assert re.fullmatch(r"[A-Z].+[^.]\.", message)
        assert message.language == "en"
        assert remedy
        assert set(re.findall(r"\{(.*?)\}", message)) <= {"?this", "?path", "?value"}

    def test_each_constraint_is_used_by_a_shape(self) -> None:
        shapes = fixtures.shapes()
        own = {shape for shape in constraints() if (shape, RDF.type, SH.NodeShape) in shapes}
        used = set(shapes.objects(None, SH.property | SH.sparql))
        assert constraints() - own == {node for node in used if isinstance(node, URIRef)}

    def test_what_may_be_published_is_what_the_shape_looks_at(self) -> None:
        publishable = {
            quad.subject.value for quad in fixtures.ontology() if quad.predicate.value == KG + "publishable"
        }
        targets = fixtures.shapes().objects(URIRef(SHAPE + "published"), SH.targetSubjectsOf)
        assert publishable
        assert {str(name) for name in targets} == publishable

    def test_the_terms_of_the_shapes_are_terms_of_the_ontology(self) -> None:
        """A misspelt property would make a constraint that nothing breaks."""
        known = {quad.subject.value for quad in fixtures.ontology()}
        shapes: Graph = fixtures.shapes()
        terms = {str(term) for triple in shapes for term in triple} | {
            KG + local
            for select in shapes.objects(None, SH.select)
            for local in re.findall(r"\bkg:(\w+)", select)
        }
        assert {term for term in terms if term.startswith(KG) and term != KG} <= known
