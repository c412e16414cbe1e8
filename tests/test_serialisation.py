"""Exports: complete, sorted, the same bytes always, and read back by pyoxigraph, rdflib and pyld."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from kg.context import context
from kg.errors import NotAcceptable, ProjectError
from kg.formats import EXPORTS, HTML, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from kg.names import RDF, XSD, Base
from kg.serialisation import canonical, refusal, write
from rdf_data import SPACE, datasets, iris, lines, literals, readable, tame_blanks, texts, union
from suites import ROOT

PREFIXES = {"x": SPACE, "xa": f"{SPACE}a", **Base().prefixes()}
CONTEXT = context(ox.parse(path=str(ROOT / "ontology" / "kg.ttl")), Base())
FORMATS = [pytest.param(format, id=format.suffix) for format in EXPORTS.values()]

S, P, T, G = (ox.NamedNode(SPACE + name) for name in "sptg")


def written(
    quads: Iterable[ox.Quad],
    format: Format,
    prefixes: Mapping[str, str] = PREFIXES,
    context: dict[str, Any] | None = CONTEXT,
) -> bytes:
    out = io.BytesIO()
    write(quads, format, out, prefixes=prefixes, context=context)
    return out.getvalue()


def parsed(data: bytes, format: Format) -> list[ox.Quad]:
    return list(ox.parse(data, format=format.rdf))


def held(quads: list[ox.Quad], format: Format) -> list[ox.Quad]:
    """Give those of *quads* that *format* can hold; which ones RDF/XML refuses is tested in test_rdfxml.py."""
    return [quad for quad in quads if refusal([quad], format) is None]


def expected(quads: list[ox.Quad], format: Format) -> list[ox.Quad]:
    return quads if format.dataset else union(quads)


# Canonical lines


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("plain é Ա 😀", '"plain é Ա 😀"'),
        ('a"b', r'"a\"b"'),
        ("a\\b", r'"a\\b"'),
        ("a\nb\rc", r'"a\nb\rc"'),
        ("a\tb\bc\fd", r'"a\tb\bc\fd"'),
        ("\x00\x1f\x7f", r'"\u0000\u001F\u007F"'),
        ("\x80\x85\xa0\u2028\ufeff", '"\x80\x85\xa0\u2028\ufeff"'),
        ("\ufffe\uffff", r'"\uFFFE\uFFFF"'),
        ("it's", '"it\'s"'),
    ],
)
def test_canonical_lines_escape_what_rdfc_says(value: str, line: str) -> None:
    assert canonical(ox.Quad(S, P, ox.Literal(value), G)) == f"{S} {P} {line} {G} .\n"


def test_canonical_lines_of_each_kind_of_term() -> None:
    integer = ox.Literal("01", datatype=ox.NamedNode(XSD + "integer"))
    assert canonical(ox.Quad(ox.BlankNode("b"), P, integer)) == f'_:b {P} "01"^^<{XSD}integer> .\n'
    assert canonical(ox.Quad(S, P, ox.Literal("a", language="hy"))) == f'{S} {P} "a"@hy .\n'
    assert (
        canonical(ox.Quad(S, P, ox.Literal("a", datatype=ox.NamedNode(XSD + "string")))) == f'{S} {P} "a" .\n'
    )
    assert canonical(ox.Triple(S, P, T)) == f"{S} {P} {T} .\n"


@given(literals(texts))
def test_a_canonical_line_is_one_line_and_reads_back(literal: ox.Literal) -> None:
    quad = ox.Quad(S, P, literal, G)
    line = canonical(quad)
    assert line.count("\n") == 1
    assert "\r" not in line
    assert parsed(line.encode(), N_QUADS) == [quad]


# Every format


@pytest.mark.parametrize("format", FORMATS)
@given(datasets(blank=tame_blanks))
@settings(max_examples=40)
def test_pyoxigraph_reads_back_exactly_what_was_written(format: Format, quads: list[ox.Quad]) -> None:
    quads = held(quads, format)
    assert set(parsed(written(quads, format), format)) == set(expected(quads, format))


@pytest.mark.parametrize("format", FORMATS)
@given(datasets())
@settings(max_examples=40)
def test_any_label_of_a_blank_node_is_read_back_as_one(format: Format, quads: list[ox.Quad]) -> None:
    quads = held(quads, format)
    assert lines(parsed(written(quads, format), format)) == lines(expected(quads, format))


@given(datasets())
@settings(max_examples=40)
def test_json_ld_without_a_context_is_expanded(quads: list[ox.Quad]) -> None:
    data = written(quads, JSON_LD, context=None)
    assert lines(parsed(data, JSON_LD)) == lines(quads)
    assert "@context" not in str(json.loads(data)) or any("@context" in str(q.object) for q in quads)


@pytest.mark.parametrize("format", FORMATS)
@given(datasets(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_order_and_repetition_of_the_input_do_not_matter(
    format: Format, quads: list[ox.Quad], order: random.Random
) -> None:
    quads = held(quads, format)
    shuffled = quads + quads[: len(quads) // 2]
    order.shuffle(shuffled)
    assert written(shuffled, format) == written(quads, format)


@pytest.mark.parametrize("format", FORMATS)
def test_the_number_of_distinct_statements_is_given(format: Format) -> None:
    quads = [ox.Quad(S, P, T), ox.Quad(S, P, T, G), ox.Quad(S, P, T, G), ox.Quad(S, P, S, G)]
    assert write(quads, format, io.BytesIO(), prefixes={}) == (3 if format.dataset else 2)


@pytest.mark.parametrize("format", FORMATS)
def test_no_statements_are_a_document_too(format: Format) -> None:
    assert parsed(written([], format), format) == []


def test_every_hash_seed_gives_the_same_bytes() -> None:
    program = (
        "import io, hashlib, pyoxigraph as ox; from kg.formats import EXPORTS; from kg.names import Base;"
        "from kg.context import context; from kg.serialisation import write; out = io.BytesIO();"
        "quads = set(ox.parse(path='ontology/kg.ttl'));"
        "[write(quads, f, out, prefixes=Base().prefixes(), context=context(quads, Base()))"
        " for f in EXPORTS.values()]; print(hashlib.sha256(out.getvalue()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": "C"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("format", [N_TRIPLES, N_QUADS], ids=["nt", "nq"])
@given(datasets())
@settings(max_examples=40)
def test_lines_are_sorted_by_byte(format: Format, quads: list[ox.Quad]) -> None:
    ends = written(quads, format).split(b"\n")
    assert ends.pop() == b""
    assert ends == sorted(set(ends))


# rdflib, by value; its own parsers of datasets use what it deprecates
rdflib_warns = pytest.mark.filterwarnings(
    "ignore:Dataset.default_context is deprecated", "ignore:ConjunctiveGraph is deprecated"
)


def by_value(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> rdflib.term.Node:
    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
    if term.language is not None:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value))


def from_rdflib(node: rdflib.term.Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    match node:
        case rdflib.Literal() if node.language:
            return ox.Literal(str(node), language=node.language)
        case rdflib.Literal():
            return ox.Literal(str(node), datatype=ox.NamedNode(node.datatype or XSD + "string"))
        case rdflib.BNode():
            return ox.BlankNode(str(node))
        case rdflib.URIRef():
            return ox.NamedNode(str(node))
    raise AssertionError(node)


def rdflib_lines(data: bytes, format: Format) -> list[str]:
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=format.media_type)
    default = (rdflib.graph.DATASET_DEFAULT_GRAPH_ID, None)
    return lines(
        ox.Quad(*map(from_rdflib, (s, p, o)), *([] if g in default else [from_rdflib(g)]))
        for s, p, o, g in dataset.quads()
    )


def value_lines(quads: Iterable[ox.Quad]) -> list[str]:
    """Give the lines of *quads* with literals as rdflib normalises them."""
    return lines(
        ox.Quad(q.subject, q.predicate, from_rdflib(by_value(q.object)), q.graph_name) for q in quads
    )


@rdflib_warns
@pytest.mark.parametrize("format", FORMATS)
@given(datasets(blank=tame_blanks, text=readable))
@settings(max_examples=40)
def test_rdflib_reads_back_the_same_values(format: Format, quads: list[ox.Quad]) -> None:
    quads = held(quads, format)
    assert rdflib_lines(written(quads, format), format) == value_lines(expected(quads, format))


# pyld, the referee of JSON-LD


def pyld_lines(document: object) -> list[str]:
    def term(node: dict[str, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
        match node["type"]:
            case "IRI":
                return ox.NamedNode(node["value"])
            case "blank node":
                return ox.BlankNode(node["value"].removeprefix("_:"))
        if "language" in node:
            return ox.Literal(node["value"], language=node["language"])
        return ox.Literal(node["value"], datatype=ox.NamedNode(node["datatype"]))

    def graph(name: str) -> ox.NamedNode | ox.BlankNode | ox.DefaultGraph:
        if name == "@default":
            return ox.DefaultGraph()
        return ox.BlankNode(name[2:]) if name.startswith("_:") else ox.NamedNode(name)

    return lines(
        ox.Quad(*(term(triple[part]) for part in ("subject", "predicate", "object")), graph(name))
        for name, triples in jsonld.to_rdf(document).items()
        for triple in triples
    )


@pytest.mark.parametrize("form", ["compact", "expanded"])
@given(datasets())
@settings(max_examples=40)
def test_pyld_reads_the_same_dataset(form: str, quads: list[ox.Quad]) -> None:
    # pyld rewrites xsd:double even where it is given as a string, which the specification does not ask for.
    quads = [quad for quad in quads if not str(quad.object).endswith("#double>")]
    data = written(quads, JSON_LD, context=CONTEXT if form == "compact" else None)
    assert pyld_lines(json.loads(data)) == lines(quads)


@rdflib_warns
def test_our_data_are_read_alike_by_all_three() -> None:
    quads = [
        ox.Quad(*quad.triple, ox.NamedNode(Base().graph(path.stem)))
        for path in sorted((ROOT / "data").rglob("*.ttl"))
        for quad in ox.parse(path=str(path))
    ]
    assert quads
    for format in EXPORTS.values():
        data = written(quads, format, Base().prefixes())
        assert set(parsed(data, format)) == set(expected(quads, format))
        assert rdflib_lines(data, format) == value_lines(expected(quads, format))
    assert pyld_lines(json.loads(written(quads, JSON_LD))) == lines(quads)


# The form of Turtle and TriG

EXAMPLE = b"""
@prefix c: <https://attest.example/baku-1990/id/claim/> .
@prefix kg: <https://w3id.org/attest/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
c:two kg:amount 32 ; kg:status kg:recorded ; a kg:QuantityClaim, kg:Claim .
GRAPH <https://attest.example/baku-1990/graph/vocab> {
  kg:recorded <http://www.w3.org/2000/01/rdf-schema#label> "recorded"@en, "x\\ny" .
  c:two kg:amount 32 ; kg:readOn "1990-01-15"^^xsd:date . }
"""
HEAD = """\
@prefix claim: <https://attest.example/baku-1990/id/claim/> .
@prefix graph: <https://attest.example/baku-1990/graph/> .
@prefix kg: <https://w3id.org/attest/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""


def test_turtle_is_what_a_person_would_write() -> None:
    head = HEAD.replace("@prefix graph: <https://attest.example/baku-1990/graph/> .\n", "")
    assert written(parsed(EXAMPLE, TRIG), TURTLE).decode() == head + (
        "claim:two a kg:Claim, kg:QuantityClaim ;\n"
        "    kg:amount 32 ;\n"
        '    kg:readOn "1990-01-15"^^xsd:date ;\n'
        "    kg:status kg:recorded .\n\n"
        'kg:recorded rdfs:label "recorded"@en, "x\\ny" .\n'
    )


def test_trig_has_the_default_graph_first_and_a_block_for_each_graph() -> None:
    assert written(parsed(EXAMPLE, TRIG), TRIG).decode() == HEAD + (
        "claim:two a kg:Claim, kg:QuantityClaim ;\n"
        "    kg:amount 32 ;\n"
        "    kg:status kg:recorded .\n\n"
        "graph:vocab {\n"
        "    claim:two kg:amount 32 ;\n"
        '        kg:readOn "1990-01-15"^^xsd:date .\n\n'
        '    kg:recorded rdfs:label "recorded"@en, "x\\ny" .\n'
        "}\n"
    )


def test_many_objects_stand_on_lines_of_their_own() -> None:
    quads = [ox.Quad(S, P, ox.Literal(f"a text of some length, number {n}")) for n in range(4)]
    assert '    "a text of some length, number 2",\n' in written(quads, TURTLE).decode()


@pytest.mark.parametrize(
    ("lexical", "datatype", "form"),
    [
        *[(n, "integer", n) for n in ("0", "32", "-7")],
        *[(n, "integer", f'"{n}"^^xsd:integer') for n in ("01", "+1", "-0", "", "1.0", "١", "1 ")],
        *[(n, "decimal", n) for n in ("1.5", "-0.0", "40.37670")],
        *[(n, "decimal", f'"{n}"^^xsd:decimal') for n in ("1", ".5", "1.", "01.5", "+1.5")],
        *[(n, "boolean", n) for n in ("true", "false")],
        *[(n, "boolean", f'"{n}"^^xsd:boolean') for n in ("1", "TRUE", "")],
        ("1.0E5", "double", '"1.0E5"^^xsd:double'),
        ("32", "int", '"32"^^xsd:int'),
        ("32", "string", '"32"'),
    ],
)
def test_only_plain_forms_are_written_plain(lexical: str, datatype: str, form: str) -> None:
    text = written([ox.Quad(S, P, ox.Literal(lexical, datatype=ox.NamedNode(XSD + datatype)))], TURTLE)
    assert text.decode().splitlines()[-1] == f"x:s x:p {form} ."


@pytest.mark.parametrize(
    ("iri", "form"),
    [
        (f"{SPACE}b", "x:b"),
        (f"{SPACE}1-2_c", "x:1-2_c"),
        (f"{SPACE}ab", "xa:b"),  # the longer namespace
        (f"{SPACE}a", "x:a"),  # which leaves nothing for a name
        *[
            (f"{SPACE}{n}", f"<{SPACE}{n}>")
            for n in ("", "b.c", "b.", "b/c", "b:c", "-b", "é", "%41", "b,c", "//b")
        ],
    ],
)
def test_a_name_with_a_prefix_needs_no_escape(iri: str, form: str) -> None:
    text = written([ox.Quad(ox.NamedNode(iri), P, S)], TURTLE).decode()
    assert text.splitlines()[-1] == f"{form} x:p x:s ."


@pytest.mark.parametrize(
    ("prefixes", "form"),
    [
        ({"": SPACE}, ":b"),
        ({"z": SPACE, "y": SPACE}, "y:b"),
        ({"1": SPACE}, f"<{SPACE}b>"),
        ({"y.": SPACE}, f"<{SPACE}b>"),
        ({"y": "x.example"}, f"<{SPACE}b>"),
    ],
)
def test_prefixes_that_turtle_cannot_hold_are_passed_over(prefixes: dict[str, str], form: str) -> None:
    quads = [ox.Quad(ox.NamedNode(f"{SPACE}b"), ox.NamedNode("urn:p"), ox.NamedNode("urn:o"))]
    data = written(quads, TURTLE, prefixes)
    assert data.decode().splitlines()[-1] == f"{form} <urn:p> <urn:o> ."
    assert parsed(data, TURTLE) == quads


@given(
    iris, st.dictionaries(st.text("ax.-1é", max_size=3), st.sampled_from([SPACE, SPACE + "a", "urn:", "a:"]))
)
def test_any_prefixes_give_a_document_that_reads_back(iri: str, prefixes: dict[str, str]) -> None:
    quads = [ox.Quad(ox.NamedNode(iri), ox.NamedNode(iri), ox.NamedNode(iri), ox.NamedNode(iri))]
    assert parsed(written(quads, TRIG, prefixes), TRIG) == quads


# The form of JSON-LD


def test_json_ld_is_compact() -> None:
    document = json.loads(written(parsed(EXAMPLE, TRIG), JSON_LD))
    assert document["@context"] == CONTEXT["@context"]
    assert document["@graph"] == [
        {
            "@id": "claim:two",
            "@type": ["Claim", "QuantityClaim"],
            "amount": 32,
            "status": "kg:recorded",
        },
        {
            "@id": "graph:vocab",
            "@graph": [
                {"@id": "claim:two", "amount": 32, "readOn": "1990-01-15"},
                {"@id": "kg:recorded", "label": ["x\ny", {"@language": "en", "@value": "recorded"}]},
            ],
        },
    ]


def test_json_ld_without_a_context_names_everything_in_full() -> None:
    quads = [
        ox.Quad(S, ox.NamedNode(RDF + "type"), T),
        ox.Quad(S, P, ox.Literal("01", datatype=ox.NamedNode(XSD + "integer"))),
        ox.Quad(S, P, ox.Literal(True)),
        ox.Quad(S, P, ox.BlankNode("b"), G),
    ]
    assert json.loads(written(quads, JSON_LD, context=None)) == [
        {
            "@id": S.value,
            "@type": [T.value],
            P.value: [{"@type": XSD + "integer", "@value": "01"}, {"@value": True}],
        },
        {"@id": G.value, "@graph": [{"@id": S.value, P.value: [{"@id": "_:b"}]}]},
    ]


def test_a_value_that_is_not_of_the_terms_type_says_so() -> None:
    terms = {"p": {"@id": P.value, "@type": "@id"}, "q": {"@id": T.value, "@type": XSD + "date"}}
    quads = [ox.Quad(S, P, ox.Literal("a")), ox.Quad(S, P, ox.Literal(3)), ox.Quad(S, T, ox.Literal(3))]
    (node,) = json.loads(written(quads, JSON_LD, context=terms))["@graph"]
    assert node == {"@id": S.value, "p": [{"@value": "a"}, {"@value": 3}], "q": {"@value": 3}}


@pytest.mark.parametrize("iri", ["event:x", "kg:x", "claimant:x"])
def test_a_scheme_that_is_a_term_is_not_taken_for_it(iri: str) -> None:
    claimant = ox.NamedNode("https://w3id.org/attest/ns#claimant")
    quads = [ox.Quad(ox.NamedNode(iri), claimant, ox.NamedNode(iri))]
    data = written(quads, JSON_LD)
    assert iri.partition(":")[0] not in json.loads(data)["@context"]
    assert parsed(data, JSON_LD) == quads
    assert pyld_lines(json.loads(data)) == lines(quads)


@pytest.mark.parametrize(
    "definition",
    [
        {"p": {"@id": "urn:p", "@container": "@set"}},
        {"p": {"@type": "@id"}},
        {"p": None},
        {"p": "@type"},
        {"p": "p"},
        {"p": {"@id": "urn:p", "@type": "date"}},
        {"@vocab": SPACE},
        {"a": "http://a.example/", "a:b": "http://b.example/b"},
        {"@context": ["http://a.example/context.jsonld"]},
    ],
)
def test_a_context_that_says_more_is_refused(definition: dict[str, Any]) -> None:
    with pytest.raises(ProjectError, match="not understood") as error:
        written([], JSON_LD, context=definition)
    assert error.value.remedy


# What cannot be written


def test_another_format_is_refused_by_name() -> None:
    with pytest.raises(NotAcceptable, match="HTML") as error:
        written([], HTML)
    assert "text/turtle" in error.value.available


@pytest.mark.parametrize(
    "object",
    [
        ox.Triple(S, P, T),
        ox.Triple(ox.BlankNode("b"), P, S),
        ox.Literal("a", language="en", direction=ox.BaseDirection.LTR),
    ],
    ids=str,
)
def test_terms_of_rdf_1_2_are_refused_where_the_format_has_none(object: ox.Triple | ox.Literal) -> None:
    quads = [ox.Quad(S, P, T), ox.Quad(S, P, object)]
    out = io.BytesIO()
    with pytest.raises(NotAcceptable, match=r"RDF 1\.2"):
        write(quads, JSON_LD, out, prefixes={})
    with pytest.raises(NotAcceptable, match="RDF/XML cannot hold"):
        write(quads, RDF_XML, out, prefixes={})
    assert out.getvalue() == b""
    for format in (N_TRIPLES, N_QUADS, TURTLE, TRIG):
        assert set(parsed(written(quads, format), format)) == set(quads)
