"""The checker: after any change it finds what a new one would, with the same places."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import test_planted_faults as planted
import velmora
from kg import deriving, shacl
from kg.checking import Checker, Watch
from kg.checking.constraints import Constraints
from kg.checking.engines import Engine, held
from kg.checking.processor import apart
from kg.loading import Doubt, load
from kg.names import KG, Base
from kg.project import Project
from kg.validation import Finding

BASE = Base()
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in BASE.prefixes().items())
SYNTAX = {"syntax", "prefix", "relative-iri", "rdf-1.2", "encoding"}


class Collection:
    """The invented collection in three files of one source, a triple on each line, under a checker that is told of each change."""

    def __init__(self, root: Path) -> None:
        self.root = velmora.project(root)
        source = velmora.statements(self.root)
        quads = sorted(ox.parse(source.read_bytes(), ox.RdfFormat.TURTLE), key=str)
        self.files = [source, source.with_name("more.ttl"), source.with_name("rest.ttl")]
        subjects = sorted({str(quad.subject) for quad in quads})
        self.first: list[list[str]] = [[], [], []]
        for quad in quads:
            self.first[subjects.index(str(quad.subject)) % 3].append(f"{quad.triple} .")
        self.rows = [list(rows) for rows in self.first]
        for number in range(3):
            self.write(number)
        self.checker = Checker(Project.open(self.root))
        self.checker.check()

    def write(self, number: int) -> Path:
        self.files[number].write_text("\n".join(self.rows[number]) + "\n", encoding="utf-8")
        return self.files[number]

    def restore(self) -> None:
        changed = [number for number in range(3) if self.rows[number] != self.first[number]]
        self.rows = [list(rows) for rows in self.first]
        self.checker.update([self.write(number) for number in changed])

    def turtle(self, name: str, text: str) -> Path:
        path = self.root / "data" / "velmora" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return Collection(tmp_path_factory.mktemp("velmora"))


@pytest.fixture
def velmora_project(collection: Collection) -> Iterator[Collection]:
    yield collection
    collection.restore()


def told(findings: list[Finding]) -> set[tuple[object, ...]]:
    return {
        (*(getattr(each, name) for name in Finding.__slots__ if name != "statement"),) for each in findings
    }


def anew(collection: Collection) -> set[tuple[object, ...]]:
    return told(Checker(Project.open(collection.root)).check().report.findings)


def same(collection: Collection, *paths: Path) -> set[str]:
    """Tell the checker of changed files, hold what it finds against a new one's, and give the rules that are broken."""
    checked = collection.checker.update(paths)
    assert told(checked.report.findings) == anew(collection)
    return {finding.rule for finding in checked.report.findings}


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["drop", "subject", "predicate", "object", "move", "tear", "copy"]),
        st.integers(0, 2),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=5,
)


def edit(collection: Collection, kind: str, number: int, at: int, other: int) -> list[Path]:
    """Change a line of one file, with a part of another line."""
    rows = collection.rows[number]
    if not rows:
        return []
    at %= len(rows)
    changed = [number]
    given = [row for each in collection.first for row in each]
    parts = rows[at].removesuffix(" .").split(" ", 2)
    new = given[other % len(given)].removesuffix(" .").split(" ", 2)
    if kind == "drop":
        del rows[at]
    elif kind == "move":
        collection.rows[(number + 1) % 3].append(rows.pop(at))
        changed.append((number + 1) % 3)
    elif kind == "copy":
        collection.rows[(number + 1) % 3].append(rows[at])
        changed.append((number + 1) % 3)
    elif kind == "tear":
        rows[at] = rows[at][: other % len(rows[at])]
    elif len(parts) == len(new) == 3:
        which = ["subject", "predicate", "object"].index(kind)
        parts[which] = new[which]
        rows[at] = " ".join(parts) + " ."
    return [collection.write(each) for each in changed]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edits=EDITS)
def test_after_any_edits_it_finds_what_a_new_checker_does(
    velmora_project: Collection, edits: list[tuple[str, int, int, int]]
) -> None:
    for each in edits:
        velmora_project.checker.update(edit(velmora_project, *each))
    assert told(velmora_project.checker.update([]).report.findings) == anew(velmora_project)
    velmora_project.restore()


CLAIM = """\
claim:new a kg:Claim, kg:RelationClaim ; rdf:subject event:velmora-1901 ; rdf:predicate schema:location ; rdf:object place:{object} ;
    kg:polarity kg:{polarity} ; kg:status kg:recorded ; kg:claimant org:gazette ; kg:attributionBasis kg:statedInText ;
    kg:passage passage:p2 ; prov:wasGeneratedBy activity:extraction ; prov:wasAttributedTo org:attest .
"""


def test_a_statement_by_hand_is_supported_once_a_claim_in_another_file_says_it(
    velmora_project: Collection,
) -> None:
    by_hand = velmora_project.turtle(
        "entities/x.ttl", "event:velmora-1901 schema:location place:starholm .\n"
    )
    claim = velmora.statements(velmora_project.root).with_name("new.ttl")
    try:
        assert {"publishable", "published-supported"} <= same(velmora_project, by_hand)
        velmora_project.turtle(
            "sources/gazette-1/new.ttl", CLAIM.format(object="starholm", polarity="asserted")
        )
        assert "published-supported" not in same(velmora_project, claim)
        velmora_project.turtle(
            "sources/gazette-1/new.ttl", CLAIM.format(object="starholm", polarity="denied")
        )
        assert "published-supported" in same(velmora_project, claim)
        claim.unlink()
        assert "published-supported" in same(velmora_project, claim)
    finally:
        by_hand.unlink()
        claim.unlink(missing_ok=True)
        assert same(velmora_project, by_hand, claim) == set()


def test_a_resource_named_in_one_file_and_described_in_another(velmora_project: Collection) -> None:
    naming = velmora_project.turtle("entities/x.ttl", "event:coast-1901 rdfs:seeAlso place:far .\n")
    described = naming.with_name("y.ttl")
    try:
        assert same(velmora_project, naming) == {"reference", "graph-licence"}
        velmora_project.turtle("entities/y.ttl", 'place:far a schema:Place ; rdfs:label "Far"@en .\n')
        assert same(velmora_project, described) == {"graph-licence"}
        velmora_project.turtle("entities/y.ttl", "place:far a schema:Place .\n")
        assert same(velmora_project, described) == {"graph-licence", "label"}
        described.rename(described.with_name("z.ttl"))
        assert same(velmora_project, described, described.with_name("z.ttl")) == {"graph-licence", "label"}
    finally:
        for path in (naming, described, described.with_name("z.ttl")):
            path.unlink(missing_ok=True)
        assert same(velmora_project, naming, described, described.with_name("z.ttl")) == set()


def test_a_redaction_and_what_still_names_it(velmora_project: Collection) -> None:
    path = velmora_project.turtle(
        "redactions.ttl",
        'decision:r a kg:Redaction ; kg:redacts person:ada-holm ; kg:rationale "asked for"@en ;\n'
        '    prov:wasAssociatedWith org:attest ; prov:endedAtTime "1991-01-01T00:00:00Z"^^xsd:dateTime .\n',
    )
    try:
        rules = same(velmora_project, path)
        assert "redacted-name" in rules
        path.write_text(path.read_text().replace("asked for", "Ada Holm asked for it"), encoding="utf-8")
        assert "redacted-name" in same(velmora_project, path)
    finally:
        path.unlink()
        assert same(velmora_project, path) == set()


def test_shapes_ontology_and_settings_are_read_again(velmora_project: Collection) -> None:
    root = velmora_project.root
    shapes, ontology, configuration = (
        root / name for name in ("ontology/shapes/attest.ttl", "ontology/kg.ttl", "kg.toml")
    )
    for path, old, new, rule in (
        (shapes, "shape:label a sh:PropertyShape ; sh:path rdfs:label ;", "shape:label a sh:PropertyShape ; sh:path rdfs:label ; sh:maxLength 5 ;", "label"),
        (ontology, "kg:attributionBasis a ", "kg:attributionBase a ", "unknown-term"),
        (configuration, 'languages = ["en", "hy"]', 'languages = ["en"]', "language"),
    ):  # fmt: skip
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        try:
            assert rule in same(velmora_project, path)
        finally:
            path.write_text(text, encoding="utf-8")
            assert same(velmora_project, path) == set()


@pytest.mark.parametrize(
    ("name", "broken", "line", "column"),
    [
        ("kg.toml", "version = 1\nbase = 5\n", 2, 1),
        ("kg.toml", "version = 1\n  base = 5\n", 2, 3),
        ("kg.toml", "version = \n", 1, 11),
        ("kg.local.toml", '[texts]\ngazette-1 = "absent.txt"\n', 2, 1),
        ("ontology/shapes/attest.ttl", "<urn:a> <urn:b> .\n", 1, 17),
    ],
)
def test_what_cannot_be_used_is_the_only_finding_until_it_can(
    velmora_project: Collection, name: str, broken: str, line: int, column: int
) -> None:
    path, meanwhile = velmora_project.root / name, velmora_project.root / "data/velmora/entities/x.ttl"
    text = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text(broken, encoding="utf-8")
    try:
        checked = velmora_project.checker.update([path])
        (finding,) = checked.report
        assert (finding.file, finding.line, finding.column, finding.rule) == (name, line, column, "settings")
        assert finding.remedy
        assert not checked.complete
        velmora_project.turtle("entities/x.ttl", "event:coast-1901 rdfs:seeAlso place:far .\n")
        assert [each.rule for each in velmora_project.checker.update([meanwhile]).report] == ["settings"]
    finally:
        if text is None:
            path.unlink()
        else:
            path.write_text(text, encoding="utf-8")
        found = same(velmora_project, path)
        meanwhile.unlink()
        assert found == {"reference", "graph-licence"}
        velmora_project.checker.update([meanwhile])


def test_settings_that_are_gone(velmora_project: Collection) -> None:
    path = velmora_project.root / "kg.toml"
    path.rename(path.with_suffix(".kept"))
    (finding,) = velmora_project.checker.update([path]).report
    assert (finding.file, finding.message) == ("kg.toml", "the file is gone, and a project needs it")
    path.with_suffix(".kept").rename(path)
    assert same(velmora_project, path) == set()


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    number=st.integers(0, 2),
    at=st.integers(0, 10_000),
    cut=st.integers(0, 200),
    new=st.sampled_from(
        ["", "", ".", " . ", ";", ",", '"', "'", '"""', "<", ">", "[", "]", "(", "\\", "{", " # "]
    ),
)
def test_a_broken_statement_brings_about_no_false_finding(
    velmora_project: Collection, number: int, at: int, cut: int, new: str
) -> None:
    """The collection has no finding: whatever is found beside the fault, a sign too many or too few, is false."""
    rows = velmora_project.rows[number]
    at %= len(rows)
    if new:
        cut %= len(rows[at])
        rows[at] = rows[at][:cut] + new + rows[at][cut:]
    else:
        signs = [place for place, sign in enumerate(rows[at]) if sign in '<>".^@']
        cut = signs[cut % len(signs)]
        rows[at] = rows[at][:cut] + rows[at][cut + 1 :]
    checked = velmora_project.checker.update([velmora_project.write(number)])
    if not checked.complete:
        assert {finding.rule for finding in checked.report} <= SYNTAX
        assert all(finding.line and finding.column for finding in checked.report)
    velmora_project.restore()


def test_one_broken_statement_leaves_what_is_certain(velmora_project: Collection) -> None:
    other = velmora_project.turtle(
        "entities/x.ttl",
        'event:walk a schema:Event ; rdfs:label "Massacre"@en .\n'
        "event:run rdfs:seeAlso place:nowhere .\n"
        'place:far a schema:Place ; rdfs:label "Far"@en ; geo:lat 95.5 ; geo:long 1.5 .\n',
    )
    broken = other.with_name("y.ttl")
    try:
        whole = {finding.rule for finding in velmora_project.checker.update([other]).report}
        assert {"event-kind", "loaded-word", "reference", "point-lat"} <= whole
        velmora_project.turtle("entities/y.ttl", "place:far a schema:Place schema:x event:run .\n")
        checked = velmora_project.checker.update([broken])
        rules = {(finding.rule, finding.focus.rpartition("/")[2]) for finding in checked.report}
        assert {("event-kind", "walk>"), ("loaded-word", "walk>"), ("syntax", "")} <= rules
        assert ("point-lat", "far>") not in rules  # the broken statement names it
        assert not any(rule == "reference" and focus == "run>" for rule, focus in rules)
    finally:
        other.unlink()
        broken.unlink(missing_ok=True)
        assert same(velmora_project, other, broken) == set()


def test_only_what_a_change_can_affect_is_evaluated(velmora_project: Collection) -> None:
    constraints = velmora_project.checker._constraints
    assert constraints is not None
    before = constraints.evaluations
    number = next(n for n, rows in enumerate(velmora_project.rows) if any("/claim/" in row for row in rows))
    at = next(n for n, row in enumerate(velmora_project.rows[number]) if "ns#attributionBasis" in row)
    del velmora_project.rows[number][at]
    checked = velmora_project.checker.update([velmora_project.write(number)])
    assert [finding.rule for finding in checked.report] == ["claim-basis"]
    assert 0 < constraints.evaluations - before < 5


class TestConstraints:
    @pytest.mark.parametrize("engine", ["sets", "columns"])
    def test_they_find_what_pyshacl_finds_in_one_run(self, tmp_path: Path, engine: Engine) -> None:
        project = Project.open(planted.planted(tmp_path, planted.FAULTS))
        quads = load(project).quads
        quads += deriving.derive(quads, project.base)
        shapes = shacl.shapes(
            [(path.name, path.read_bytes()) for path in project.shape_files()], project.base
        )
        constraints = held(shapes, project.base, engine)
        constraints.update(quads)
        whole = shacl.validate(quads, shapes, project.base)
        assert len(whole) > 40
        assert told(constraints.findings(Doubt())) == told(whole)

    def test_property_shapes_stand_apart_but_where_their_shape_is_used(self) -> None:
        shapes = shacl.shapes(
            [("x.ttl", (HEAD + """
                <urn:free> a sh:NodeShape ; sh:targetClass kg:Claim ; sh:property <urn:one> .
                <urn:used> a sh:NodeShape ; sh:targetClass kg:Claim ; sh:property <urn:two> .
                <urn:off> a sh:NodeShape ; sh:targetClass kg:Claim ; sh:deactivated true ; sh:property <urn:three> .
                <urn:user> a sh:NodeShape ; sh:targetClass kg:Relay ; sh:or ( <urn:used> [ sh:nodeKind sh:IRI ] ) .
                <urn:one> sh:path kg:x . <urn:two> sh:path kg:x . <urn:three> sh:path kg:x .
            """).encode())],
            BASE,
        )  # fmt: skip
        found = {str(shape) for shape in apart(shapes).subjects(shacl.SH.targetClass)}
        assert found == {"urn:free", "urn:one", "urn:used", "urn:off", "urn:user"}

    def test_two_literals_of_one_value_are_one_until_both_are_gone(self) -> None:
        text = (
            HEAD
            + 'kg:shape a sh:NodeShape ; sh:targetSubjectsOf kg:x ; sh:property [ sh:path kg:x ; sh:maxCount 0 ; sh:message "x" ] .'
        )
        constraints = Constraints(shacl.shapes([("x.ttl", text.encode())], BASE), BASE)
        node, path = ox.NamedNode(KG + "a"), ox.NamedNode(KG + "x")
        one, other = (
            ox.Quad(
                node,
                path,
                ox.Literal(form, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
            )
            for form in ("1", "01")
        )
        for quads, number in (([one, other], 1), ([other], 1), ([], 0), ([one], 1)):
            constraints.update(quads)
            assert len(constraints.findings(Doubt())) == number


class TestWatch:
    def test_what_is_changed_made_renamed_and_taken_away(self, tmp_path: Path) -> None:
        root = velmora.project(tmp_path)
        watch = Watch(Project.open(root))
        assert watch.changed() == set()
        file = velmora.statements(root)
        file.write_text(file.read_text() + "\n")
        assert watch.changed() == {file}
        new = file.with_name("new.ttl")
        new.write_text("")
        assert watch.changed() == {new}
        new.rename(moved := file.with_name("moved.ttl"))
        assert watch.changed() == {new, moved}
        moved.unlink()
        assert watch.changed() == {moved}
        (root / "kg.local.toml").write_text('[texts]\ngazette-1 = "copy.txt"\n')
        (root / "copy.txt").write_text("A text.")
        assert watch.changed() >= {root / "kg.local.toml"}
        (root / "copy.txt").write_text("Another text.")
        assert watch.changed() == {root / "copy.txt"}
        (root / "build").mkdir()
        (root / "build" / "x").write_text("")
        assert watch.changed() == set()
        shutil.rmtree(root / "data")
        assert file in watch.changed()

    def test_files_without_a_project(self, tmp_path: Path) -> None:
        file = tmp_path / "a.ttl"
        file.write_text("<urn:a> <urn:b> <urn:c> .")
        checker = Checker(project := Project.adhoc([file]))
        watch = Watch(project)
        assert list(checker.check().report) == []
        file.write_text("<urn:a> <urn:b> .")
        assert watch.changed() == {file}
        assert [finding.rule for finding in checker.update([file]).report][:1] == ["syntax"]
