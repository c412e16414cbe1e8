"""Random RDF datasets for hypothesis, and comparison of datasets up to the names of blank nodes."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from hypothesis import strategies as st

from kg.names import EDTF_TYPE, RDF, XSD

SPACE = "http://x.example/"
ODD_IRIS = (
    "urn:isbn:5-87-1",
    "tag:x.example,2020:é",
    "mailto:a@x.example",
    "kg:notAPrefixedName",
    "event:notAPrefixedName",
    "claimant:x",
    "a:",
    f"{SPACE}a/../b",
    f"{SPACE}a/./b",
    f"{SPACE}a/b.c",
    f"{SPACE}a.",
    f"{SPACE}-a",
    f"{SPACE}1",
    f"{SPACE}%41",
    f"{SPACE}a:b",
    f"{SPACE}//a",
    f"{SPACE}?q=1&r=(2)#f'",
    f"{SPACE}Բաքու",
    f"{SPACE}#",
    SPACE,
    "http://[::1]/a",
    "https://w3id.org/attest/ns#claimant",
    "https://w3id.org/attest/ns#asOfLatest",
    "https://w3id.org/attest/ns#amount",
    "https://w3id.org/attest/ns#passage",
    "https://schema.org/position",
    "https://attest.example/baku-1990/id/event/baku-1990",
    RDF + "type",
    RDF + "nil",
    RDF + "first",
    XSD + "string",
)
DATATYPES = (
    *(XSD + n for n in ("string", "integer", "decimal", "double", "boolean", "date", "int", "duration")),
    EDTF_TYPE,
    RDF + "JSON",
    RDF + "HTML",
    "urn:type",
)
FORMS = (
    *("", "0", "1", "01", "-0", "+1", "-7", "9007199254740993", "123456789012345678901234567890", "1_0"),
    *("1.0", "01.50", "-1.5", ".5", "1.", "1e5", "1.0E5", "-1.0E-5", "INF", "NaN", "true", "false", "TRUE"),
    *("1990-01-15", "1990-01", "P1Y", "{}", "<b/>", " 1 ", "@type", "http://x.example/a", "event:a", "١"),
)

iris = st.sampled_from([f"{SPACE}{n}" for n in "abc"]) | st.sampled_from(ODD_IRIS)
named = iris.map(ox.NamedNode)
tame_blanks = st.sampled_from(["b0", "x-1", "node_7", "c14n0"]).map(ox.BlankNode)
blanks = tame_blanks | st.sampled_from(["0", "a.b", "é", "a:b", "_"]).map(ox.BlankNode)
# Surrogates are no characters of RDF; all else is, control characters included.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(FORMS)
readable = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=12) | st.sampled_from(FORMS)


def literals(text: st.SearchStrategy[str]) -> st.SearchStrategy[ox.Literal]:
    typed = st.builds(ox.Literal, text, datatype=st.sampled_from(DATATYPES).map(ox.NamedNode))
    tagged = st.builds(ox.Literal, text, language=st.sampled_from(["en", "ru-latn", "hy", "de-1996"]))
    return st.builds(ox.Literal, text) | typed | tagged


def datasets(
    *, blank: st.SearchStrategy[ox.BlankNode] = blanks, text: st.SearchStrategy[str] = texts
) -> st.SearchStrategy[list[ox.Quad]]:
    graph = st.just(ox.DefaultGraph()) | named | blank
    return st.lists(
        st.builds(ox.Quad, named | blank, named, named | blank | literals(text), graph), max_size=12
    )


def union(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return [ox.Quad(*quad.triple) for quad in quads]


def lines(quads: Iterable[ox.Quad]) -> list[str]:
    """Give the canonical lines of a dataset, its blank nodes named by RDFC-1.0: equal for equal datasets."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))
