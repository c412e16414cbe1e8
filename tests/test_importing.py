"""``kg import``: a dataset in any format comes in as one source graph, and nothing is lost, fetched, half written or overwritten."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tomllib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings

import newcomer
import rdf_data
from cli.commands import Outcome, kg
from kg import importing, loading
from kg.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_FORMATS, RDF_XML, TRIG, TURTLE, Format
from kg.importing import Incoming, Origin, forms, judging, skolem
from kg.importing.origin import NOT_EVALUATED
from kg.loading import literals, recovery
from kg.names import OWL, RDF, SOURCE_BASE, XSD, Base
from kg.project import DataFile, Project

LETTERS = """@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix x: <https://letters.example/> .
x:a a foaf:Document ; dcterms:title "A letter"@en-GB ; dcterms:creator [ foaf:name "A. B." ] .
x:a x:pages "03"^^<http://www.w3.org/2001/XMLSchema#int> ; x:weight 1.5e0 .
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = newcomer.copy(tmp_path / "harbour")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of no profile."""
    root = tmp_path / "free"
    root.mkdir()
    (root / "kg.toml").write_text(
        'version = 1\ntitle = "Free"\ndate = "2001-01-01"\nprofiles = []\nbase = "https://free.archive/"\n'
        'licence = "https://creativecommons.org/licenses/by/4.0/"'
    )
    monkeypatch.chdir(root)
    return root


def put(root: Path, name: str, text: str | bytes) -> Path:
    path = root.parent / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def contents(root: Path) -> dict[str, bytes]:
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and "build" not in p.parts
    }


def quads_of(project: Project, slug: str) -> list[ox.Quad]:
    graph = ox.NamedNode(project.base.graph(f"source/{slug}"))
    return [quad for quad in loading.load(project).quads if quad.graph_name == graph]


# Any graph


def made(quads: Sequence[ox.Quad], format: Format) -> bytes:
    out = BytesIO()
    ox.serialize(quads, out, format=format.rdf)
    return out.getvalue()


def incoming(data: bytes, format: Format, place: Path, base: str = SOURCE_BASE) -> Incoming:
    path = place / f"data.{format.suffix}"
    path.write_bytes(data)
    return importing.read([path], Project(root=place, base=Base(base), profiles=("attest",)), "s")


def unnamed(found: Incoming) -> list[ox.Quad]:
    """Give the statements with blank nodes again in the place of the names that were made for them."""
    head = found.parts[0].base.id("node", "s-")

    def blank(term: object) -> object:
        if isinstance(term, ox.NamedNode) and term.value.startswith(head):
            return ox.BlankNode(term.value.removeprefix(head))
        return term

    return [
        ox.Quad(blank(q.subject), q.predicate, blank(q.object)) for part in found.parts for q in part.quads
    ]  # type: ignore[arg-type]


def expected(quads: Sequence[ox.Quad], base: str = SOURCE_BASE) -> list[ox.Quad]:
    """Give the union of the graphs, literals as they are kept, on the base."""
    kept = forms.kept(quad.object for quad in quads if isinstance(quad.object, ox.Literal))

    def own(term: object) -> object:
        if isinstance(term, ox.NamedNode):
            return ox.NamedNode(Base(base).rebase(term.value))
        return kept.get(term, term)  # type: ignore[call-overload]

    return [ox.Quad(own(q.subject), own(q.predicate), own(q.object)) for q in quads]  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rdf_data.datasets(blank=rdf_data.tame_blanks))
@pytest.mark.parametrize("base", [SOURCE_BASE, "https://other.archive/"])
def test_any_dataset_is_the_same_graph_up_to_the_names_of_blank_nodes(
    tmp_path: Path, base: str, quads: list[ox.Quad]
) -> None:
    found = incoming(made(quads, N_QUADS), N_QUADS, tmp_path, base)
    assert found.readable
    assert rdf_data.lines(unnamed(found)) == rdf_data.lines(expected(quads, base))
    again = incoming(made(sorted(quads, key=str), N_QUADS), N_QUADS, tmp_path, base)
    assert {str(q) for q in again.parts[0].quads} == {str(q) for q in found.parts[0].quads}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(rdf_data.datasets(blank=rdf_data.tame_blanks))
def test_what_is_written_reads_back(tmp_path: Path, quads: list[ox.Quad]) -> None:
    place = tmp_path / "project"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    (place / "kg.toml").write_text("")
    project = Project(root=place, base=Base("https://other.archive/"), profiles=("attest",))
    found = incoming(made(quads, N_QUADS), N_QUADS, tmp_path, project.base.iri)
    origin = Origin(slug="s", title="T", licence=NOT_EVALUATED, day="2001-01-01")
    record = origin.statements(project.base, [], ())
    directory = place / "data/c/sources/s"
    plan = importing.Plan(
        project=project,
        incoming=found,
        directory=directory,
        files=judging.documents(project, found, record),
        configuration=b"# grown",
        findings=(),
        caused=(),
        standing=(),
    )
    importing.write(plan)
    assert (place / "kg.toml").read_text() == "# grown"
    (file,) = (path for path in directory.iterdir() if path.name != "source.ttl")
    graph = project.base.graph("source/s")
    document = recovery.read(file.read_bytes(), TURTLE, name="x", strict=True, base=project.base)
    part = loading.parts.arrange(DataFile(file, graph, TURTLE), "x", project.base, document, 1)
    assert set(part.quads) == set(found.parts[0].quads)
    assert not part.labels


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rdf_data.datasets(blank=rdf_data.tame_blanks))
def test_literals_are_such_as_the_profile_takes_or_no_form_is_known(
    tmp_path: Path, quads: list[ox.Quad]
) -> None:
    found = incoming(made(quads, N_QUADS), N_QUADS, tmp_path)
    objects = [q.object for q in found.parts[0].quads if isinstance(q.object, ox.Literal)]
    numbers = XSD + "double", XSD + "int"
    assert {literal.datatype.value for literal in literals.unwanted(objects)} <= set(numbers)


@pytest.mark.parametrize(
    ("form", "datatype", "kept"),
    [
        ("01", "integer", "1 integer"),
        ("03", "int", "3 integer"),
        ("+7", "nonNegativeInteger", "7 integer"),
        ("1.50", "decimal", "1.5 decimal"),
        ("1.5E0", "double", "1.5 decimal"),
        ("-25e-4", "float", "-0.0025 decimal"),
        ("P12M", "duration", "P1Y duration"),
        ("INF", "double", None),
        ("NaN", "float", None),
        ("1e300", "double", None),
        ("many", "integer", None),
        ("1990-01-15", "date", None),
    ],
)
def test_forms_of_literals(form: str, datatype: str, kept: str | None) -> None:
    literal = ox.Literal(form, datatype=ox.NamedNode(XSD + datatype))
    found = forms.kept([literal, ox.Literal("text"), ox.Literal("text", language="hy")])
    assert [f"{v.value} {v.datatype.value.removeprefix(XSD)}" for v in found.values()] == (
        [kept] if kept else []
    )


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda format: format.suffix)
def test_every_format_brings_the_same(format: Format, tmp_path: Path) -> None:
    data = made(list(ox.parse(LETTERS, ox.RdfFormat.TURTLE)), format)
    found = incoming(data, format, tmp_path)
    plain = incoming(LETTERS.encode(), TURTLE, tmp_path)
    assert set(found.parts[0].quads) == set(plain.parts[0].quads)
    packed = tmp_path / f"data.{format.suffix}.gz"
    packed.write_bytes(gzip.compress(data))
    unpacked = importing.read([packed], Project(root=tmp_path, profiles=("attest",)), "s")
    assert set(unpacked.parts[0].quads) == set(plain.parts[0].quads)


def test_blank_nodes_of_two_files_are_two(tmp_path: Path) -> None:
    for name in ("one.nt", "two.nt"):
        (tmp_path / name).write_text('_:b <urn:p> "x" .\n')
    project = Project(root=tmp_path, profiles=("attest",))
    found = importing.read([tmp_path / "one.nt", tmp_path / "two.nt"], project, "s")
    assert found.blank == 2
    assert len({str(quad.subject) for part in found.parts for quad in part.quads}) == 2


# The command


def import_(capsys: pytest.CaptureFixture[str], path: Path, *more: str, slug: str = "letters") -> Outcome:
    return kg(capsys, "import", path, "--source", slug, "--date", "2001-02-03", *more)


def test_a_dataset_comes_in_and_the_project_builds(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, before = put(root, "letters.ttl", LETTERS), (root / "kg.toml").read_bytes()
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    done = import_(
        capsys,
        path,
        "--title",
        'Letters "of" A',
        "--licence",
        licence,
        "--url",
        "https://letters.example/all",
    )
    assert done.code == 0, done.all
    assert "1 blank node named" in done.out
    assert "3 literals written in the form that a store keeps" in done.out
    assert "2 of 2 resources conform" in done.out
    assert done.out.endswith("written\n")
    grown = (root / "kg.toml").read_bytes()
    assert grown.startswith(before)
    assert tomllib.loads(grown.decode())["graphs"]["source/letters"] == {
        "title": 'Letters "of" A',
        "licence": licence,
    }
    assert {p.name for p in (root / "data/harbour/sources/letters").iterdir()} == {
        "letters.ttl",
        "source.ttl",
    }
    project = Project.open(root)
    text = {str(quad.triple) for quad in quads_of(project, "letters")}
    assert any(
        "https://letters.example/pages" in t and '"3"^^<http://www.w3.org/2001/XMLSchema#integer>' in t
        for t in text
    )
    assert any('"A letter"@en-gb' in t for t in text)
    record = (root / "data/harbour/sources/letters/source.ttl").read_text()
    assert 'prov:endedAtTime "2001-02-03T00:00:00Z"' in record
    assert "schema:url <https://letters.example/all>" in record
    assert hashlib.sha256(LETTERS.encode()).hexdigest() in record
    assert f"dcterms:rights <{licence}>" in record
    built = kg(capsys, "build")
    assert built.code == 0, built.all
    assert "no findings" in built.out


def test_the_same_again_gives_the_same_bytes(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(root, "letters.ttl", LETTERS)
    assert import_(capsys, path).code == 0
    first = contents(root)
    shutil.rmtree(root / "data/harbour/sources/letters")
    shutil.copy(newcomer.built() / "kg.toml", root)
    assert import_(capsys, path).code == 0
    assert contents(root) == first


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.ttl", "@prefix x: <https://x.example/> .\nx:a x:b x:c ;; x:d", "a.ttl:2"),
        ("a.ttl", "<https://x.example/a> <https://x.example/b>\n  <https://x.example/a b> .", "a.ttl:2"),
        ("a.ttl", "<https://x.example/a> <https://x.example/b>\n  <rel> .", "a.ttl:2:3: violation: the IRI <rel> is relative"),
        ("a.nt", "<https://x.example/a> <https://x.example/b> .\n", "a.nt:1"),
        ("a.nq", '<https://x.example/a> <https://x.example/b> "x" <g> .\n', "a.nq:1"),
        ("a.rdf", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<x>", "a.rdf:2:4: violation: this is not well-formed XML"),
        ("a.jsonld", '{"@context": "https://schema.org/",\n "@id": "https://x.example/a", "name": "x"}', "a.jsonld:1:2: violation: the JSON-LD context stands at another address, and nothing is ever fetched"),
        ("a.jsonld", '{"@id": ', "a.jsonld:1"),
        ("a.ttl", b"<https://x.example/a> <https://x.example/b> \"\xff\" .", "byte FF here is not UTF-8"),
        ("a.ttl.gz", gzip.compress(LETTERS.encode())[:-20], "packed by gzip, and damaged or not whole"),
        ("a.ttl", "<https://x.example/a> <https://x.example/b> <<( <a:a> <a:b> <a:c> )>> .", "belongs to RDF 1.2"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_at_its_place_and_never_written(
    name: str, text: str | bytes, said: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, before = put(root, name, text), contents(root)
    for more in ((), ("--anyway",)):
        done = import_(capsys, path, *more)
        assert done.code == 1
        assert said in done.out
        assert "nothing was written: a file cannot be read whole" in done.err
        assert contents(root) == before


FINDINGS = """@prefix kg: <https://w3id.org/attest/ns#> .
@prefix x: <https://x.example/> .
x:a x:p "ok" .
x:b x:p "NaN"^^<http://www.w3.org/2001/XMLSchema#double> .
x:c <http://schema.org/name> "old"@en .
x:d kg:nonsense x:a .
x:e x:p "word"@qq .
x:f <https://schema.org/location> x:a .
"""


def test_what_does_not_conform_is_shown_with_its_place_and_nothing_is_written(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, before = put(root, "found.ttl", FINDINGS), contents(root)
    done = import_(capsys, path)
    assert done.code == 1
    lines = {
        rule: line
        for line in done.out.splitlines()
        for rule in [line.rpartition(" → ")[0].rpartition("(")[2][:-1]]
        if rule
    }
    assert {
        rule: line.split("found.ttl:")[1][0] for rule, line in lines.items() if "found.ttl" in line
    }.items() >= {
        "literal-form": "4",
        "schema-namespace": "5",
        "unknown-term": "6",
        "language": "7",
        "publishable": "8",
    }.items()
    assert "3 of 6 resources conform" in done.out
    assert contents(root) == before
    dry = import_(capsys, path, "--dry-run")
    assert (dry.code, contents(root)) == (1, before)


def test_anyway_writes_what_does_not_conform(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = import_(capsys, put(root, "found.ttl", FINDINGS), "--anyway")
    assert done.code == 0
    assert "written, though the project does not build" in done.out
    assert kg(capsys, "validate").code == 1
    assert len(quads_of(Project.open(root), "letters")) > 6


def test_a_dry_run_changes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(root)
    done = import_(capsys, put(root, "letters.ttl", LETTERS), "--dry-run")
    assert done.code == 0
    assert "goes to data/harbour/sources/letters/: letters.ttl, source.ttl" in done.out
    assert contents(root) == before


def test_a_statement_that_stands_elsewhere_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = f"<{SOURCE_BASE}id/place/tolsey> <{RDF}type> <https://schema.org/Place> .\n"
    done = import_(capsys, put(root, "place.nt", taken))
    assert done.code == 1
    assert (
        "this statement stands in a second graph; the first place is data/harbour/entities/example.ttl:"
        in done.out
    )
    assert "1 statement on the stand-in base taken as the project's own" in done.out


def test_what_it_breaks_elsewhere_is_told_apart(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = f'<{SOURCE_BASE}id/place/tolsey> <http://www.w3.org/2000/01/rdf-schema#label> "Another"@en .\n'
    done = import_(capsys, put(root, "label.nt", second))
    assert done.code == 1
    assert "(label)" in done.out


def test_a_project_that_does_not_build_says_that_it_did_not_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = newcomer.lay(tmp_path / "bare", bare=True)
    monkeypatch.chdir(root)
    done = import_(capsys, put(root, "letters.ttl", LETTERS))
    assert done.code == 1
    assert "nothing was written: the project does not build as it is (1 violation: kg validate)" in done.err


def test_named_graphs_are_merged_and_their_names_kept(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        '@prefix x: <https://x.example/> .\nx:g { x:a x:p "1", "2" . }\nx:h { x:a x:p "2" . }\nx:b x:p "3" .'
    )
    done = import_(capsys, put(root, "a.trig", text))
    assert done.code == 0, done.all
    assert "2 named graphs merged into one" in done.out
    record = (root / "data/harbour/sources/letters/source.ttl").read_text()
    assert "Holds the statements of the graphs https://x.example/g, https://x.example/h." in record
    assert sum("x.example/p" in str(quad.predicate) for quad in quads_of(Project.open(root), "letters")) == 3


def test_owl_imports_are_not_followed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put(root, "o.ttl", f"<https://x.example/o>\n  <{OWL}imports> <https://x.example/other> .")
    done = import_(capsys, path)
    assert done.code == 1
    assert (
        "o.ttl:2:43: violation: owl:imports names another document, <https://x.example/other>, and nothing is ever fetched"
        in done.out
    )
    assert import_(capsys, path, "--anyway").code == 0


def test_blank_nodes_too_much_alike_are_a_finding(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skolem, "WORK", 50)
    text = "".join(f"_:a <urn:p> _:b{n} . _:b{n} <urn:p> _:c{n} .\n" for n in range(5))
    done = import_(capsys, put(root, "a.ttl", text), "--anyway")
    assert done.code == 1
    assert "a.ttl: violation: 11 blank nodes that refer to one another are too much alike" in done.out


def test_several_files_are_one_source(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (
        put(root, "a.ttl", "<urn:a> <urn:p> <urn:b> ."),
        put(root, "A.nt", "<urn:a> <urn:p> <urn:c> .\n"),
    )
    done = kg(capsys, "import", one, two, "--source", "letters", "--date", "2001-02-03")
    assert done.code == 0, done.all
    names = {p.name for p in (root / "data/harbour/sources/letters").iterdir()}
    assert names == {"a.ttl", "a-2.ttl", "source.ttl"}


def test_a_large_file_is_written_a_statement_a_line(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "LARGE", 2)
    assert import_(capsys, put(root, "letters.ttl", LETTERS)).code == 0
    file = root / "data/harbour/sources/letters/letters.nt"
    assert len(file.read_text().splitlines()) == 6


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--source", "No Slug"), 2, "is no slug"),
        (("--source", "x", "--licence", "CC BY"), 2, "--licence takes an address"),
        (("--source", "x", "--title", "a\nb"), 2, "write a title of one line"),
        (("--source", "x", "--title", "\udcff"), 2, "has characters that cannot be printed"),
        (("--source", "x", "--url", "x"), 2, "--url takes an address"),
        (("--source", "x", "--date", "soon"), 2, "'soon' is no day"),
        (("--source", newcomer.SOURCE), 2, f"data/harbour/sources/{newcomer.SOURCE} is there already"),
        ((), 2, "Missing option '--source'"),
    ],
)
def test_usage(
    arguments: tuple[str, ...], code: int, said: str, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, before = put(root, "letters.ttl", LETTERS), contents(root)
    done = kg(capsys, "import", path, *arguments)
    assert (done.code, contents(root)) == (code, before)
    assert said in done.err


def test_a_suffix_that_names_no_format_needs_one_said(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = put(root, "letters.data", LETTERS)
    assert "say it with --format" in import_(capsys, path).err
    assert import_(capsys, path, "--format", "ttl").code == 0


def test_several_collections_ask_for_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "data/second").mkdir()
    path = put(root, "letters.ttl", LETTERS)
    assert "data/ has several collections: harbour, second" in import_(capsys, path).err
    assert import_(capsys, path, "--collection", "second").code == 0
    assert (root / "data/second/sources/letters/letters.ttl").is_file()


@pytest.mark.parametrize("failing", ["rename", "replace", "write_bytes"])
def test_what_cannot_be_written_changes_nothing(
    failing: str, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = put(root, "letters.ttl", LETTERS), contents(root)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(Path, failing, fail)
    done = import_(capsys, path)
    assert done.code == 3
    assert "No space left" in done.err
    assert contents(root) == before


def test_an_import_that_was_broken_off_is_not_mixed_with_another(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "data/harbour/sources/.importing-letters").mkdir()
    done = import_(capsys, put(root, "letters.ttl", LETTERS))
    assert done.code == 2
    assert "another import is under way, or was broken off" in done.err


def test_kg_toml_keeps_its_comments_its_line_ends_and_what_has_no_end(
    free: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = (free / "kg.toml").read_text().replace("\n", "\r\n") + "\r\n# mine, to the end"
    (free / "kg.toml").write_bytes(given.encode())
    assert import_(capsys, put(free, "letters.ttl", LETTERS)).code == 0
    grown = (free / "kg.toml").read_bytes().decode()
    assert grown.startswith(given + "\r\n")
    assert "\n" not in grown.replace("\r\n", "")


def test_a_kg_toml_that_cannot_take_a_table_in_is_told(
    free: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (free / "kg.toml").read_text() + "\ngraphs = { }\n"
    (free / "kg.toml").write_text(text)
    done = import_(capsys, put(free, "letters.ttl", LETTERS))
    assert done.code == 2
    assert "cannot take in the graph source/letters" in done.err
    assert (free / "kg.toml").read_text() == text


class TestNoProfile:
    def test_everything_is_taken_as_it_is(self, free: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = LETTERS + "# a comment\n_:b x:q _:b .\n"
        done = import_(capsys, put(free, "Letters (1).ttl", text))
        assert done.code == 0, done.all
        assert (free / "data/collection/sources/letters/letters-1.ttl").read_text() == text
        assert kg(capsys, "build").code == 0
        lines = [quad for quad in quads_of(Project.open(free), "letters") if "letters.example" in str(quad)]
        assert any(isinstance(quad.subject, ox.BlankNode) for quad in lines)
        assert any(quad.object == ox.Literal("03", datatype=ox.NamedNode(XSD + "int")) for quad in lines)

    def test_named_graphs_stay(self, free: Path, capsys: pytest.CaptureFixture[str]) -> None:
        done = import_(capsys, put(free, "a.nq.gz", gzip.compress(b"<urn:a> <urn:p> <urn:b> <urn:g> .\n")))
        assert done.code == 0, done.all
        quads = loading.load(Project.open(free)).quads
        assert (
            ox.Quad(
                ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.NamedNode("urn:b"), ox.NamedNode("urn:g")
            )
            in quads
        )

    @pytest.mark.parametrize("format", [N_TRIPLES, TRIG, RDF_XML, JSON_LD], ids=lambda format: format.suffix)
    def test_each_format_keeps_its_own(
        self, format: Format, free: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        data = made(list(ox.parse(LETTERS, ox.RdfFormat.TURTLE)), format)
        assert import_(capsys, put(free, f"a.{format.suffix}", data)).code == 0
        assert (free / f"data/collection/sources/letters/a.{format.suffix}").read_bytes() == data

    def test_a_syntax_error_is_one_here_too(self, free: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = contents(free)
        assert import_(capsys, put(free, "a.ttl", "<urn:a> <urn:b>"), "--anyway").code == 1
        assert contents(free) == before


def test_what_came_in_is_served_by_its_name(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_(capsys, put(root, "letters.ttl", LETTERS)).code == 0
    assert kg(capsys, "build", "-q").code == 0
    asked = "SELECT ?n { <https://letters.example/a> <http://purl.org/dc/terms/creator> ?n }"
    (row,) = json.loads(kg(capsys, "query", asked, "--format", "json").out)["results"]["bindings"]
    assert "/id/node/letters-" in row["n"]["value"]
