"""Loading a project: quads in their graphs, and each broken rule at its file and line."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.formats import by_suffix
from kg.loading import Loaded, literals, load
from kg.loading.screening import TERSE
from kg.project import Project
from kg.validation import Finding

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://attest.example/baku-1990/"
KG = "https://w3id.org/attest/ns#"
CONFIGURATION = f"""\
version = 1
date = "2026-11-23"
base = "{BASE}"
title = "A harbour in 1901"
licence = "https://creativecommons.org/licenses/by/4.0/"
profiles = ["attest"]
""" + "".join(
    f'[graphs."{name}"]\ntitle = "x"\nlicence = "https://creativecommons.org/licenses/by/4.0/"\n'
    for name in ("vocab", "entities", "editorial", "source/gazette-1")
)
ONTOLOGY = """\
@prefix kg: <https://w3id.org/attest/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
kg:Claim a owl:Class .
kg:DateClaim a owl:Class ; rdfs:subClassOf kg:Claim .
kg:claimant a owl:ObjectProperty .
kg:edtf a owl:DatatypeProperty ; kg:publishable true .
schema:location a owl:ObjectProperty ; kg:publishable true .
kg:deaths a owl:DatatypeProperty ; kg:claimOnly true .
kg:publishable a owl:AnnotationProperty .
kg:claimOnly a owl:AnnotationProperty .
"""
HEAD = f"""\
@prefix claim: <{BASE}id/claim/> .
@prefix event: <{BASE}id/event/> .
@prefix place: <{BASE}id/place/> .
@prefix kg: <https://w3id.org/attest/ns#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIRST = HEAD.count("\n") + 1  # the line of the body's first line
PEOPLE = "data/harbour/entities/people.ttl"
ARTICLE = "data/harbour/sources/gazette-1/article.ttl"


class Harbour:
    """A small project, written file by file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.write("kg.toml", CONFIGURATION)
        self.write("ontology/kg.ttl", ONTOLOGY)

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def turtle(self, name: str, body: str) -> None:
        self.write(name, HEAD + body)

    def load(self, *, base: str | None = None, profiles: tuple[str, ...] = ("attest",)) -> Loaded:
        return load(Project.open(self.root, base=base).with_profiles(profiles))

    def only(self) -> Finding:
        (finding,) = self.load().findings
        return finding


@pytest.fixture
def harbour(tmp_path: Path) -> Harbour:
    return Harbour(tmp_path)


def place(finding: Finding) -> tuple[str, int]:
    return finding.file, finding.line


class TestQuads:
    def test_each_file_fills_its_graph(self, harbour: Harbour) -> None:
        harbour.turtle(PEOPLE, 'event:x rdfs:label "x"@en .\n')
        harbour.turtle(ARTICLE, "claim:c a kg:Claim .\n")
        loaded = harbour.load()
        assert loaded.findings == []
        assert loaded.complete
        graphs = {str(quad.subject): quad.graph_name.value for quad in loaded.quads}
        assert graphs[f"<{BASE}id/event/x>"] == f"{BASE}graph/entities"
        assert graphs[f"<{BASE}id/claim/c>"] == f"{BASE}graph/source/gazette-1"
        assert graphs[f"<{KG}Claim>"] == f"{BASE}graph/vocab"

    def test_the_base_is_replaced_at_the_head_of_iris_and_nowhere_else(self, harbour: Harbour) -> None:
        harbour.turtle(
            PEOPLE,
            f'event:x rdfs:seeAlso <http://x.example/?u={BASE}id/event/x> ; rdfs:comment "{BASE}"@en .\n',
        )
        loaded = harbour.load(base="https://archive.example/h/")
        own = [quad for quad in loaded.quads if "/event/" in str(quad.subject)]
        assert {quad.subject.value for quad in own} == {"https://archive.example/h/id/event/x"}
        assert {quad.graph_name.value for quad in own} == {"https://archive.example/h/graph/entities"}
        assert {quad.object.value for quad in own} == {f"http://x.example/?u={BASE}id/event/x", BASE}

    def test_quads_are_distinct_and_in_the_order_of_files(self, harbour: Harbour) -> None:
        harbour.turtle("data/harbour/entities/a.ttl", 'event:x rdfs:label "x"@en .\n')
        harbour.turtle(
            "data/harbour/entities/b.ttl", 'event:y rdfs:label "y"@en .\nevent:x rdfs:label "x"@en .\n'
        )
        loaded = harbour.load()
        assert loaded.findings == []
        assert [q.object.value for q in loaded.quads if "label" in q.predicate.value] == ["x", "y"]

    def test_one_bad_file_hides_nothing_of_the_others(self, harbour: Harbour) -> None:
        harbour.turtle("data/harbour/entities/a.ttl", "event:x a .\n")
        harbour.turtle("data/harbour/entities/b.ttl", "event:y kg:claimnat event:x .\n")
        harbour.turtle("data/harbour/entities/c.ttl", "event:z a q:r .\n")
        loaded = harbour.load()
        assert not loaded.complete
        assert [(finding.file[-5:], finding.line, finding.rule) for finding in loaded.findings] == [
            ("a.ttl", FIRST, "syntax"),
            ("c.ttl", FIRST, "prefix"),
            ("b.ttl", FIRST, "unknown-term"),
        ]
        assert not any("event/x" in str(quad.subject) for quad in loaded.quads)

    def test_a_file_that_cannot_be_opened(self, harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
        harbour.turtle(PEOPLE, 'event:x rdfs:label "x"@en .\n')
        read_bytes = Path.read_bytes

        def refuse(path: Path) -> bytes:
            if path.name == "people.ttl":
                raise PermissionError(13, "Permission denied")
            return read_bytes(path)

        monkeypatch.setattr(Path, "read_bytes", refuse)
        loaded = harbour.load()
        assert not loaded.complete
        (finding,) = loaded.findings
        assert (finding.rule, finding.severity, finding.file) == ("unreadable", "violation", PEOPLE)
        assert "permission denied" in finding.message

    def test_this_repository_breaks_no_rule(self) -> None:
        loaded = load(Project.open(ROOT))
        assert [str(finding) for finding in loaded.findings if finding.severity == "violation"] == []
        assert len(loaded.quads) > 2000


class TestRules:
    @pytest.mark.parametrize(
        ("body", "rule", "line", "sentence", "remedy"),
        [
            ("event:x a schema:Event ;\n  schema:location place:p .\n", "publishable", 1, "schema:location is written by the build only", "rdf:predicate schema:location"),
            ('event:x a schema:Event .\nevent:x kg:edtf "1901" .\n', "publishable", 1, "kg:edtf is written by the build only", ""),
            ("claim:c a kg:DateClaim ;\n\n kg:deaths 5 .\n", "claim-only", 2, "kg:deaths never stands as a plain statement", "rdf:predicate kg:deaths"),
            ("event:x rdfs:seeAlso\n [ a schema:Thing ] .\n", "blank-node", 1, "a blank node", "give it an IRI"),
            ("event:x rdfs:value\n _:b .\n", "blank-node", 1, "a blank node", "give it an IRI"),
            ("event:x a <http://schema.org/Event> .\n", "schema-namespace", 0, "the http form", "write <https://schema.org/Event>"),
            ("event:x\n a kg:Clam .\n", "unknown-term", 1, "the ontology defines no kg:Clam", "write kg:Claim if"),
            ("event:x kg:qqqqqq 5 .\n", "unknown-term", 0, "the ontology defines no kg:qqqqqq", "define it in ontology/kg.ttl"),
            ('event:x rdfs:value "5"^^kg:Strange .\n', "unknown-term", 0, "kg:Strange", ""),
            ('event:x rdfs:value "5"^^<http://schema.org/Text> .\n', "schema-namespace", 0, "http form", ""),
            ("event:x rdfs:seeAlso\n\n\n event:Black_Day .\n", "slug", 3, "the slug 'Black_Day'", "write for example event:black-day"),
            (f"<{BASE}id/events/x> a schema:Event .\n", "slug", 0, "with a known type", "event"),
            (f"<{BASE}id/event/x/y> a schema:Event .\n", "slug", 0, "id/<type>/<slug>", ""),
            ("event:x rdfs:value\n 01 .\n", "literal-form", 1, "the literal 01 is not in the form", "write 1"),
            ("event:x rdfs:value +5 .\n", "literal-form", 0, "+5", "write 5"),
            ("event:x rdfs:value 1.50 .\n", "literal-form", 0, "1.50", "write 1.5"),
            ('event:x rdfs:value "1"^^xsd:boolean .\n', "literal-form", 0, "the literal 1 is", "write true"),
            ('event:x rdfs:value "P12M"^^xsd:duration .\n', "literal-form", 0, '"P12M"^^xsd:duration', 'write "P1Y"^^xsd:duration'),
            ('event:x rdfs:value "5"^^xsd:nonNegativeInteger .\n', "literal-form", 0, "derived from xsd:integer", "write 5"),
            ('event:x rdfs:value "x"^^xsd:int .\n', "literal-form", 0, "derived from xsd:integer", "as 32"),
            ("event:x rdfs:value 1e3 .\n", "literal-form", 0, "binary fraction", "write a decimal"),
            ('event:x rdfs:label "x"@en ,\n "y"@en-GB .\n', "literal-form", 1, "@en-GB has capitals", "write @en-gb"),
            ('event:x rdfs:label "e\u0301"@fr .\n', "nfc", 0, "NFC", '"\u00e9"@fr'),
        ],
    )  # fmt: skip
    def test_in_a_file(
        self, harbour: Harbour, body: str, rule: str, line: int, sentence: str, remedy: str
    ) -> None:
        harbour.turtle(PEOPLE, body)
        finding = harbour.only()
        assert (finding.rule, finding.file, finding.line) == (rule, PEOPLE, FIRST + line)
        assert finding.severity == ("warning" if rule == "nfc" else "violation")
        assert sentence in finding.message
        assert remedy in finding.remedy
        assert finding.remedy

    @pytest.mark.parametrize(
        "body",
        [
            'claim:c a kg:DateClaim ; rdf:predicate kg:edtf ; kg:edtf "1901" .\n',
            "claim:c a kg:Claim ; rdf:predicate kg:deaths ; rdf:object 5 .\n",
            'event:x rdfs:label "x"@en-gb , "5" ; rdfs:value 32 , 1.5 , true , "1901-05-02"^^xsd:date .\n',
            'event:x rdfs:comment "Write to A@B and \\"x\\"@EN; see http://schema.org/" . # "x"@EN _:b\n',
        ],
    )
    def test_what_is_right(self, harbour: Harbour, body: str) -> None:
        harbour.turtle(PEOPLE, body)
        assert harbour.load().findings == []

    def test_a_claim_may_be_typed_in_another_file(self, harbour: Harbour) -> None:
        harbour.turtle("data/harbour/sources/gazette-1/a.ttl", 'claim:c kg:edtf "1901" .\n')
        harbour.turtle("data/harbour/sources/gazette-1/b.ttl", "claim:c a kg:DateClaim .\n")
        assert harbour.load().findings == []

    def test_lines_hold_on_another_base(self, harbour: Harbour) -> None:
        harbour.turtle(PEOPLE, "event:x a schema:Event ;\n  schema:location place:P_1 .\n")
        findings = harbour.load(base="https://archive.example/h/").findings
        assert [(finding.rule, finding.line) for finding in findings] == [
            ("publishable", FIRST + 1),
            ("slug", FIRST + 1),
        ]
        assert findings[0].value == "<https://archive.example/h/id/place/P_1>"

    def test_a_statement_in_two_graphs(self, harbour: Harbour) -> None:
        harbour.turtle(PEOPLE, '\n\nevent:x rdfs:label "x"@en .\n')
        harbour.turtle(ARTICLE, 'event:y rdfs:label "y"@en .\nevent:x rdfs:label "x"@en .\n')
        finding = harbour.only()
        assert finding.rule == "two-graphs"
        assert place(finding) == (ARTICLE, FIRST + 1)
        assert f"{PEOPLE}:{FIRST + 2}:20 (graph:entities)" in finding.message

    def test_a_file_that_names_graphs(self, harbour: Harbour) -> None:
        harbour.write(
            "data/harbour/entities/a.trig",
            HEAD + 'event:x rdfs:label "x"@en .\n<http://x.example/g> { event:y rdfs:label "y"@en . }\n',
        )
        finding = harbour.only()
        assert (finding.rule, finding.line) == ("named-graph", FIRST + 1)
        assert "<http://x.example/g>" in finding.message

    def test_a_byte_order_mark(self, harbour: Harbour) -> None:
        harbour.write(PEOPLE, b"\xef\xbb\xbf" + (HEAD + "event:x rdfs:value 01 .\n").encode())
        assert [(f.rule, f.severity, f.line) for f in harbour.load().findings] == [
            ("byte-order-mark", "violation", 1),
            ("literal-form", "violation", FIRST),
        ]

    @pytest.mark.parametrize("name", ["data/stray.ttl", "data/harbour/Sources/a.nq", "ontology/more.ttl"])
    def test_a_file_at_no_place(self, harbour: Harbour, name: str) -> None:
        harbour.turtle(name, "event:x a .")
        finding = harbour.only()
        assert (finding.rule, finding.severity, finding.file) == ("file-place", "violation", name)

    def test_no_ontology(self, harbour: Harbour) -> None:
        (harbour.root / "ontology/kg.ttl").unlink()
        harbour.turtle(PEOPLE, "event:x a kg:Anything .\n")
        assert (harbour.only().rule, harbour.only().severity) == ("ontology", "violation")

    def test_a_broken_ontology_makes_no_term_unknown(self, harbour: Harbour) -> None:
        harbour.write("ontology/vocab/x.ttl", "x:y a x:z .")
        harbour.turtle(PEOPLE, "event:x a kg:Anything .\n")
        assert (harbour.only().rule, harbour.only().file) == ("prefix", "ontology/vocab/x.ttl")

    def test_a_graph_without_a_licence_of_its_own(self, harbour: Harbour) -> None:
        harbour.turtle("data/harbour/external/geonames.ttl", 'place:p rdfs:label "p"@en .\n')
        finding = harbour.only()
        assert (finding.rule, finding.severity, finding.file) == ("graph-licence", "warning", "kg.toml")
        assert '[graphs."external/geonames"]' in finding.remedy

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("a.jsonld", f'{{"@id": "{BASE}id/event/x",\n"https://schema.org/location": {{"@id": "{BASE}id/place/p"}}}}'),
            ("a.rdf", f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="https://schema.org/"><rdf:Description rdf:about="{BASE}id/event/x"><s:location rdf:resource="{BASE}id/place/p"/></rdf:Description></rdf:RDF>'),
        ],
    )  # fmt: skip
    def test_formats_without_places_name_the_file(self, harbour: Harbour, name: str, text: str) -> None:
        harbour.write(f"data/harbour/entities/{name}", text)
        finding = harbour.only()
        assert (finding.rule, *place(finding)) == ("publishable", f"data/harbour/entities/{name}", 0)

    @pytest.mark.parametrize(
        ("name", "text", "line"),
        [
            ("a.nt", f'<{BASE}id/event/x> <http://x.example/p> "x"@EN .\n', 1),
            ("a.jsonld", f'{{"@id": "{BASE}id/event/x",\n"http://x.example/p": {{"@value": "x", "@language": "EN"}}}}', 2),
            ("a.rdf", f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x.example/">\n<rdf:Description rdf:about="{BASE}id/event/x">\n<x:p xml:lang="EN">x</x:p></rdf:Description></rdf:RDF>', 3),
        ],
    )  # fmt: skip
    def test_capital_language_tags_in_every_format(
        self, harbour: Harbour, name: str, text: str, line: int
    ) -> None:
        harbour.write(f"data/harbour/entities/{name}", text)
        finding = harbour.only()
        assert (finding.rule, finding.line, finding.remedy) == ("literal-form", line, "write @en")


TEXTS = {
    "a.ttl": "<http://x.example/a> <http://x.example/p> [ <http://x.example/p> 01 ] .",
    "b.trig": "<http://x.example/g> { _:b <http://x.example/p> ( 1 2 ) }",
    "c.nt": "_:b <http://x.example/p> _:b .",
    "d.nq": "_:b <http://x.example/p> _:c _:g .",
    "e.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x.example/"><rdf:Description><x:p>c</x:p></rdf:Description></rdf:RDF>',
    "f.jsonld": '{"@id": "http://x.example/g", "@graph": [{"http://x.example/p": "c"}]}',
}


class TestNoProfile:
    @pytest.fixture
    def files(self, tmp_path: Path) -> list[Path]:
        for name, text in TEXTS.items():
            (tmp_path / name).write_text(text)
        return [tmp_path / name for name in TEXTS]

    def test_every_file_keeps_its_graphs_and_nodes(self, files: list[Path]) -> None:
        loaded = load(Project.adhoc(files))
        assert loaded.complete
        expected = ox.Dataset(
            quad
            for path in files
            for quad in ox.parse(path=path, format=by_suffix(path.name).rdf, rename_blank_nodes=True)
        )
        found = ox.Dataset(loaded.quads)
        for dataset in (expected, found):
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        assert found == expected
        assert len(loaded.quads) == 11

    def test_labels_are_the_same_each_time(self, files: list[Path]) -> None:
        assert load(Project.adhoc(files)).quads == load(Project.adhoc(files[::-1])).quads

    def test_rewritten_literals_are_one_warning_a_file(self, files: list[Path]) -> None:
        (finding,) = load(Project.adhoc(files)).findings
        assert (finding.rule, finding.severity) == ("literal-form", "warning")
        assert "rewrites 1 of the literals here, as 01 to 1" in finding.message
        assert finding.file.endswith("a.ttl")

    def test_what_is_wrong_in_form_is_still_a_violation(self, tmp_path: Path) -> None:
        (tmp_path / "a.ttl").write_text("<http://x.example/a> a <b> .")
        (tmp_path / "b.ttl").write_text(
            "\ufeff<http://x.example/a> a <http://x.example/b> .", encoding="utf-8"
        )
        loaded = load(Project.adhoc([tmp_path / "a.ttl", tmp_path / "b.ttl"]))
        assert [(f.rule, f.severity) for f in loaded.findings] == [
            ("relative-iri", "violation"),
            ("byte-order-mark", "warning"),
        ]
        assert not loaded.complete
        assert len(loaded.quads) == 1

    def test_a_project_of_no_profile_takes_any_rdf(self, harbour: Harbour) -> None:
        harbour.turtle(PEOPLE, "event:x schema:location [ a kg:Nothing ] .\n")
        harbour.write(
            "data/more.nq", "<http://x.example/a> <http://x.example/p> _:b <http://x.example/g> .\n"
        )
        loaded = harbour.load(profiles=())
        assert loaded.findings == []
        assert {q.graph_name.value for q in loaded.quads} == {
            f"{BASE}graph/vocab",
            f"{BASE}graph/entities",
            "http://x.example/g",
        }

    def test_of_no_profile_it_is_said_what_is_not_in_the_normal_form(self, harbour: Harbour) -> None:
        harbour.turtle(PEOPLE, 'event:x rdfs:label "cafe\u0301"@en, "th\u00e9"@en .\n')
        (finding,) = harbour.load(profiles=()).findings
        assert (finding.rule, finding.severity, finding.file) == ("nfc", "warning", PEOPLE)
        assert finding.message.startswith("1 terms here are not in the normal form NFC, as ")
        assert finding.remedy


class TestLiterals:
    @given(
        st.sampled_from(["integer", "decimal", "boolean", "double", "date", "dateTime", "duration", "string", "gYear", "int"]),
        st.sampled_from(["0", "1", "01", "+1", "-0", "1.0", "1.50", "true", "TRUE", "1e3", "P12M", "P1Y", "PT72H", "1901-05-02", "1901-05-02+00:00", "x", ""]),
    )  # fmt: skip
    def test_what_is_advised_is_kept(self, datatype: str, form: str) -> None:
        literal = ox.Literal(form, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))
        for kept in literals.rewritten([literal]).values():
            assert literals.rewritten([kept]) == {}
            text = f"@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . <http://a/> <http://a/> {literals.turtle(kept)} ."
            (quad,) = ox.parse(input=text, format=ox.RdfFormat.TURTLE)
            assert quad.object == kept


def test_terse_formats_are_those_with_places() -> None:
    assert {format.suffix for format in TERSE} == {"ttl", "trig", "nt", "nq"}
