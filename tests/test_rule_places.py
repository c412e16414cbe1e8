"""Every rule is broken once, and its finding stands at the line and column of what breaks it.

The rules are read from the shapes and from the code, so that none is left out; those without a place are listed with the
reason, and docs/validating.md has them all.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

import test_planted_faults as planted
import velmora
from kg import checks
from kg.checking import Checker
from kg.cli.carets import _TOKEN
from kg.formats import TURTLE
from kg.names import RDF, Base
from kg.positions import splitting
from kg.project import Project
from kg.shacl import SH
from kg.validation import Finding
from shapes import fixtures
from suites import ROOT

BASE = Base()
PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in BASE.prefixes().items())
FIRST = PREFIXES.count("\n") + 1
SOURCE = "data/velmora/sources/gazette-1"
DOCUMENT = (ROOT / "docs" / "validating.md").read_text(encoding="utf-8")

PLACELESS = {
    "no-claims": "there is nothing whose place could be named",
    "published": "what a store holds comes from no file (kg validate --endpoint)",
    "download-left-out": "it is about a file that the release lacks",
    "blank-nodes": "all that are alike are meant (kg import)",
    "sheet-name": "nothing of the file is read (kg sheet import)",
    "unreadable": "the system gives the file, and nothing in it",
}


# The rules


def of_shapes() -> set[str]:
    shapes = fixtures.shapes()
    return {str(shape).rpartition("#")[2] for shape in shapes.subjects(SH.message)}


class _Rules(ast.NodeVisitor):
    """The rules that the code names: in a finding that it makes, or in the words that a finding is made of."""

    MAKERS = {"Finding": 2, "finding": 2, "_finding": 0}  # noqa: RUF012
    WORDS = ("name_fault", "_words")

    def __init__(self, tree: ast.Module) -> None:
        self.constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        self.found: set[str] = set()
        self.visit(tree)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in self.MAKERS and len(node.args) > self.MAKERS[name]:
            self._note(node.args[self.MAKERS[name]])
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        if node.name in self.WORDS:
            for inner in ast.walk(node):
                if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Tuple):
                    self._note(inner.value.elts[0])
        self.generic_visit(node)

    def _note(self, node: ast.expr) -> None:
        value = node.value if isinstance(node, ast.Constant) else self.constants.get(getattr(node, "id", ""))
        if isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9.-]+", value):
            self.found.add(value)


def of_code() -> set[str]:
    return {
        rule
        for path in (ROOT / "src" / "kg").rglob("*.py")
        for rule in _Rules(ast.parse(path.read_text(encoding="utf-8"))).found
    }


# What breaks them, beside the files of tests/shapes and the faults planted in the real collection


class Broken(NamedTuple):
    """A file of the invented collection, and where in it the finding stands: the same or the one *found*; with *old*, what becomes of that."""

    file: str
    text: str | bytes
    line: int
    column: int
    old: str = ""
    found: str = ""


TURTLE_FILE = f"{SOURCE}/broken.ttl"
RDF_HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x.example/">\n'
BROKEN = {
    "rdf-1.2": Broken(TURTLE_FILE, "<urn:a> <urn:b>\n  <<( <urn:a> <urn:b> <urn:c> )>> .\n", 2, 3),
    "nesting": Broken(f"{SOURCE}/broken.jsonld", '{"http://x.example/b":\n ' + "[" * 300 + "]" * 300 + "}", 2, 201),
    "doctype": Broken(f"{SOURCE}/broken.rdf", '<?xml version="1.0"?>\n  <!DOCTYPE r []>\n' + RDF_HEAD + "</rdf:RDF>", 2, 3),
    "remote-context": Broken(f"{SOURCE}/broken.jsonld", '{"http://x.example/b": 1,\n  "@context": "http://127.0.0.1:9/c"}', 2, 3),
    "named-graph": Broken(f"{SOURCE}/broken.trig", "<urn:g> {\n  <urn:a> <urn:b> <urn:c> }\n", 2, 3),
    "empty-file": Broken(TURTLE_FILE, "# nothing\n", 1, 1),
    "encoding": Broken(TURTLE_FILE, b'<urn:a> <urn:b>\n "caf\xe9" .\n', 2, 6),
    "relative-iri": Broken(TURTLE_FILE, "<urn:a> <urn:b>\n  <c> .\n", 2, 3),
    "settings": Broken("kg.toml", "  title = 5", 2, 3, 'title = "Velmora"'),
    "local-text": Broken("kg.local.toml", '[texts]\n  nosuch = "kg.toml"\n', 2, 3),
    "redacted-name": Broken("queries/who.rq", "#+ summary: x\nSELECT ?x { BIND (person:ada-holm AS ?x) }", 2, 26),
    "question": Broken("queries/who.rq", "#+ summary: x\nSELECT ?x {\n  ?x plaec:y ?z }", 3, 6),
    "graph-licence": Broken("data/velmora/entities/x.ttl", "<urn:a> <urn:b> <urn:c> .\n", 8, 1, found="kg.toml"),
    "file-place": Broken("data/stray.ttl", "<urn:a> <urn:b> <urn:c> .\n", 1, 1),
}  # fmt: skip
REDACTION = (
    'decision:r a kg:Redaction ; kg:redacts person:ada-holm ; kg:rationale "asked for"@en ;\n'
    '    prov:wasAssociatedWith org:attest ; prov:endedAtTime "1991-01-01T00:00:00Z"^^xsd:dateTime .\n'
)
HERE = {
    "ontology": "test_without_an_ontology_the_settings_say_where_it_is_asked_for",
    "owl-imports": "test_importing.py::test_owl_imports_are_not_followed",
}
TEXTS = {"passage-position", "quotation"}
HIDDEN = {"visibility.two"}
"""What is withheld is not checked: one of the two values says so."""


def test_each_rule_has_a_fault_or_no_place() -> None:
    planted_rules = {
        rule for fault in (*planted.FAULTS.values(), *planted.UNREADABLE.values()) for rule in fault.rules
    }
    cases = {case.rule for case in fixtures.cases()}
    rules = of_shapes() | of_code() | {rule for names in checks.CHECKS.values() for rule in names}
    assert len(rules) > 120
    assert rules - {"a", "shacl"} - set(PLACELESS) - set(HERE) <= planted_rules | cases | set(BROKEN)
    assert set(PLACELESS) <= rules


@pytest.mark.parametrize(
    "rule", sorted(of_code() | {rule for names in checks.CHECKS.values() for rule in names})
)
def test_each_rule_of_the_code_is_documented_with_its_place(rule: str) -> None:
    assert f"| `{rule}` |" in DOCUMENT


# Where they are found


class Velmora:
    """The invented collection under a checker, of which the resources of one file can take the place of those of the same name."""

    def __init__(self, root: Path) -> None:
        self.root = velmora.project(root)
        self.base = velmora.statements(self.root)
        self.text = self.base.read_bytes()
        self.case = self.base.with_name("case.ttl")
        (self.root / "text.txt").write_bytes((fixtures.PLACE / "text.txt").read_bytes())
        self.checker = Checker(Project.open(self.root))
        self.checker.check()

    def with_case(self, text: bytes) -> list[Finding]:
        subjects = {quad.subject for quad in ox.parse(text, ox.RdfFormat.TURTLE)}
        head = b"".join(
            s.within(self.text) for s in self._spans() if splitting.is_directive(s.within(self.text))
        )
        left = self.text
        for span in self._spans():
            said = span.within(self.text)
            if not splitting.is_directive(said):
                (subject, *_) = {quad.subject for quad in ox.parse(head + said, ox.RdfFormat.TURTLE)}
                if subject in subjects:
                    left = left[: span.start] + re.sub(rb"[^\n]", b" ", said) + left[span.end :]
        self.base.write_bytes(left)
        self.case.write_bytes(text)
        return self.checker.update([self.base, self.case]).report.sorted()

    def _spans(self) -> list[splitting.Span]:
        return splitting.split(self.text, TURTLE)

    def written(self, finding: Finding) -> str:
        """Give the token at the place of *finding*, as it is written."""
        line = (self.root / finding.file).read_text(encoding="utf-8").split("\n")[finding.line - 1]
        found = _TOKEN.match(line, finding.column - 1)
        assert found, finding
        return found[0]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Velmora]:
    yield Velmora(tmp_path_factory.mktemp("velmora"))


def term(written: str) -> str:
    """Give a token of Turtle as a term in N-Triples form."""
    if written == "a":
        return f"<{RDF}type>"
    (quad,) = ox.parse(f"{PREFIXES}<urn:s> <urn:p> {written} .", ox.RdfFormat.TURTLE)
    return str(quad.object)


@pytest.mark.parametrize(
    "case",
    [case for case in fixtures.cases() if case.rule not in TEXTS and case.name not in HIDDEN],
    ids=lambda case: case.name,
)
def test_a_finding_stands_at_the_statement_that_breaks_its_rule(
    collection: Velmora, case: fixtures.Case
) -> None:
    text = (fixtures.PLACE / f"invalid.{case.name}.ttl").read_bytes()
    on_base = {rule: place for rule, _, place in case.expected}
    found = [finding for finding in collection.with_case(text) if finding.rule in on_base]
    own = collection.checker.project.base
    unbased = {(finding.rule, finding.severity, f"<{own.unbase(finding.focus[1:-1])}>") for finding in found}
    assert case.expected <= unbased
    said = {
        str(quad.triple)
        for file in (collection.base, collection.case)
        for quad in ox.parse(file.read_bytes(), ox.RdfFormat.TURTLE)
    }
    for finding in found:
        focus, path, value = (
            re.sub(r"<([^>]*)>", lambda m: f"<{own.unbase(m[1])}>", text)
            for text in (finding.focus, finding.path, finding.value)
        )
        assert finding.file.startswith(SOURCE), finding
        written = term(collection.written(finding))
        if f"{focus} {path} {value}" in said:
            assert written == value, finding
        elif finding.statement:
            assert written in {f"<{own.unbase(term[1:-1])}>" for term in finding.statement}, finding
        elif any(each.startswith(f"{focus} {path} ") for each in said):
            assert written in (path, value), finding
        elif any(each.startswith(f"{focus} ") and value and each.endswith(f" {value}") for each in said):
            assert written == value, finding
        else:
            assert written == focus, finding


@pytest.mark.parametrize("rule", BROKEN)
def test_what_is_no_statement_has_a_place_too(collection: Velmora, rule: str) -> None:
    broken = BROKEN[rule]
    path, redactions = collection.root / broken.file, collection.root / "data/velmora/redactions.ttl"
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    if before is not None:
        assert broken.old in before and isinstance(broken.text, str)
        path.write_text(before.replace(broken.old, broken.text), encoding="utf-8")
    elif isinstance(broken.text, bytes):
        path.write_bytes(broken.text)
    else:
        path.write_text(broken.text, encoding="utf-8")
    if rule == "redacted-name":
        redactions.write_text(PREFIXES + REDACTION, encoding="utf-8")
    try:
        report = collection.checker.update([path, redactions]).report
        places = {(each.file, each.line, each.column) for each in report if each.rule == rule}
        assert (broken.found or broken.file, broken.line, broken.column) in places
        assert all(each.remedy for each in report)
    finally:
        redactions.unlink(missing_ok=True)
        if before is None:
            path.unlink()
        else:
            path.write_text(before, encoding="utf-8")
        collection.checker.update([path, redactions])


def test_with_a_text_at_hand_a_passage_and_a_quotation_are_found_at_their_statements(
    collection: Velmora,
) -> None:
    local = collection.root / "kg.local.toml"
    local.write_text('[texts]\ngazette-1 = "text.txt"\n', encoding="utf-8")
    try:
        collection.checker.update([local])
        for case in (case for case in fixtures.cases() if case.rule in TEXTS):
            found = collection.with_case((fixtures.PLACE / f"invalid.{case.name}.ttl").read_bytes())
            own = [finding for finding in found if finding.rule == case.rule]
            assert own
            assert all(finding.file.startswith(SOURCE) and finding.line and finding.column for finding in own)
    finally:
        local.unlink()
        collection.checker.update([local])


def test_without_an_ontology_the_settings_say_where_it_is_asked_for(tmp_path: Path) -> None:
    root = velmora.project(tmp_path)
    for path in [*(root / "ontology" / "vocab").iterdir(), root / "ontology" / "kg.ttl"]:
        path.unlink()
    report = Checker(Project.open(root)).check().report
    (finding,) = [finding for finding in report if finding.rule == "ontology"]
    assert (finding.file, finding.line, finding.column) == ("kg.toml", 4, 1)
