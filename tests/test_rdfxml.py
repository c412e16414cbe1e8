"""RDF/XML: well-formed for every reader, or refused with the statement named; never broken."""

from __future__ import annotations

import io
import xml.parsers.expat
from collections.abc import Iterable, Mapping
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import NotAcceptable
from kg.formats import RDF_XML
from kg.names import RDF, Base
from kg.serialisation import refusal, write
from rdf_data import SPACE, blanks, datasets, named, texts

S, P, O = (ox.NamedNode(SPACE + name) for name in "spo")  # noqa: E741
XMLNS = "http://www.w3.org/2000/xmlns/"


def written(quads: Iterable[ox.Quad], prefixes: Mapping[str, str] | None = None) -> bytes:
    out = io.BytesIO()
    write(quads, RDF_XML, out, prefixes=Base().prefixes() if prefixes is None else prefixes)
    return out.getvalue()


def parsed(data: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(data, format=RDF_XML.rdf)}


def rdflib_triples(data: bytes) -> set[tuple[str, ...]]:
    graph = rdflib.Graph().parse(data=data, format="xml")
    return {tuple(map(str, triple)) for triple in graph}


def test_a_document() -> None:
    quads = ox.parse(
        """
        @prefix kg: <https://w3id.org/attest/ns#> . @prefix x: <http://x.example/> .
        x:b kg:amount 32 ; a kg:Claim ; x:says "a < b & \\"c\\"" , "ա"@hy .
        x:a <http://other.example/q?is=1&to> _:n . _:n x:says "" .
        """,
        format=ox.RdfFormat.TURTLE,
        rename_blank_nodes=False,
    )
    assert (
        written(quads).decode()
        == """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF
    xmlns:kg="https://w3id.org/attest/ns#"
    xmlns:ns1="http://other.example/q?is=1&amp;"
    xmlns:ns2="http://x.example/"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="http://x.example/a">
    <ns1:to rdf:nodeID="n"/>
  </rdf:Description>
  <rdf:Description rdf:about="http://x.example/b">
    <rdf:type rdf:resource="https://w3id.org/attest/ns#Claim"/>
    <kg:amount rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">32</kg:amount>
    <ns2:says xml:lang="hy">ա</ns2:says>
    <ns2:says>a &lt; b &amp; "c"</ns2:says>
  </rdf:Description>
  <rdf:Description rdf:nodeID="n">
    <ns2:says></ns2:says>
  </rdf:Description>
</rdf:RDF>
"""
    )


@given(datasets())
@settings(max_examples=200)
def test_it_is_refused_or_read_back_exactly(quads: list[ox.Quad]) -> None:
    """Whatever the dataset: every statement that is not refused comes back as it was, by a parser that is not ours."""
    for quad in quads:
        if refusal([quad], RDF_XML) is None:
            data = written([quad])
            xml.parsers.expat.ParserCreate().Parse(data, True)
            [found] = parsed(data)
            assert found.predicate == quad.predicate
            if isinstance(quad.subject, ox.NamedNode):
                assert found.subject == quad.subject
            if not isinstance(quad.object, ox.BlankNode):
                assert found.object == quad.object
        else:
            with pytest.raises(NotAcceptable):
                written(quads)


@given(st.builds(ox.Literal, texts))
def test_a_text_is_held_exactly_where_xml_has_its_characters(literal: ox.Literal) -> None:
    allowed = all(c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") for c in literal.value)
    assert (refusal([ox.Quad(S, P, literal)], RDF_XML) is None) == allowed
    if allowed:
        data = written([ox.Quad(S, P, literal)])
        assert parsed(data) == {ox.Triple(S, P, literal)}
        assert rdflib_triples(data) == {(S.value, P.value, literal.value)}


@pytest.mark.parametrize(
    ("value", "character"),
    [
        ("a\x00", "U+0000"),
        ("\x0b", "U+000B"),
        ("x\x1f", "U+001F"),
        ("\ufffe", "U+FFFE"),
        ("\uffff", "U+FFFF"),
    ],
)
def test_a_character_that_xml_lacks_is_refused_by_name(value: str, character: str) -> None:
    good = ox.Quad(S, P, ox.Literal("good"))
    bad = ox.Quad(S, P, ox.Literal(value))
    out = io.BytesIO()
    with pytest.raises(NotAcceptable) as error:
        write([good, bad], RDF_XML, out, prefixes={})
    assert character in str(error.value)
    assert str(bad.triple) in str(error.value)
    assert "application/n-triples" in error.value.available
    assert "application/rdf+xml" not in error.value.available
    assert out.getvalue() == b""


NAMES = {
    # IRI of a property: (namespace, local name), None where there is none
    f"{SPACE}a": (SPACE, "a"),
    f"{SPACE}a.b-c_1": (SPACE, "a.b-c_1"),
    f"{SPACE}1a": (f"{SPACE}1", "a"),
    f"{SPACE}-a": (f"{SPACE}-", "a"),
    f"{SPACE}a:b": (f"{SPACE}a:", "b"),
    f"{SPACE}#a'b": (f"{SPACE}#a'", "b"),
    f"{SPACE}Բաքու": (SPACE, "Բաքու"),
    f"{SPACE}Բa": (f"{SPACE}Բ", "a"),
    f"{SPACE}a.": (SPACE, "a."),
    "urn:type": ("urn:", "type"),
    "urn:isbn:5x-1": ("urn:isbn:5", "x-1"),
    RDF + "_1": (RDF, "_1"),
    RDF + "first": (RDF, "first"),
    "http://www.w3.org/XML/1998/namespacelang": ("http://www.w3.org/XML/1998/", "namespacelang"),
    f"{XMLNS}a:b": (f"{XMLNS}a:", "b"),
    SPACE: None,
    f"{SPACE}1": None,
    f"{SPACE}a/1990": None,
    f"{SPACE}#": None,
    f"{SPACE}%41": None,
    f"{SPACE}?q=(2)": None,
    "urn:isbn:5-87-1": None,
    f"{XMLNS}a": None,
    **{
        RDF + name: None
        for name in (
            "li", "RDF", "ID", "about", "resource", "nodeID", "datatype", "parseType", "Description", "bagID",
            "aboutEach", "aboutEachPrefix",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("iri", NAMES)
def test_the_name_of_a_property(iri: str) -> None:
    quad = ox.Quad(S, ox.NamedNode(iri), O)
    name = NAMES[iri]
    if name is None:
        with pytest.raises(NotAcceptable) as error:
            written([ox.Quad(S, P, O), quad])
        assert (
            str(error.value)
            == f"RDF/XML has no element name for the property <{iri}>, in the statement {quad.triple}"
        )
        return
    data = written([quad], {})
    [[element]] = ElementTree.fromstring(data)  # noqa: S314
    assert element.tag == f"{{{name[0]}}}{name[1]}"
    assert parsed(data) == {quad.triple}
    assert rdflib_triples(data) == {(S.value, iri, O.value)}


def test_prefixes_that_xml_cannot_use_are_passed_over() -> None:
    quads = [ox.Quad(S, P, O), ox.Quad(S, ox.NamedNode(RDF + "type"), O)]
    for prefix in ("", "xml", "XMLthing", "rdf", "1a", "a:b", "ns:", "é"):
        data = written(quads, {prefix: SPACE})
        assert f'xmlns:ns1="{SPACE}"'.encode() in data
        assert parsed(data) == {quad.triple for quad in quads}
    assert b'xmlns:ns2="http://x.example/"' in written(
        [*quads, ox.Quad(S, ox.NamedNode("urn:a"), O)], {"ns1": "urn:"}
    )
    assert b'xmlns:a="http://x.example/"' in written(quads, {"b": SPACE, "a": SPACE})
    assert b"xmlns:b=" not in written(quads, {"b": "urn:unused:"})


def test_the_first_refused_statement_is_named_whatever_the_order() -> None:
    quads = [ox.Quad(S, ox.NamedNode(f"{SPACE}{number}"), O) for number in (3, 1, 2)]
    sentences = set()
    for each in (quads, quads[::-1]):
        with pytest.raises(NotAcceptable) as error:
            written(each)
        sentences.add(str(error.value))
    assert len(sentences) == 1
    assert f"<{SPACE}1>" in sentences.pop()


@given(st.lists(st.builds(ox.Quad, named | blanks, st.just(P), blanks), max_size=6))
def test_blank_nodes_keep_apart_and_together(quads: list[ox.Quad]) -> None:
    def canonical(triples: Iterable[ox.Triple]) -> list[str]:
        dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return sorted(map(str, dataset))

    assert canonical(parsed(written(quads))) == canonical(quad.triple for quad in quads)
