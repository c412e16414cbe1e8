"""Places of statements: the quads are pyoxigraph's, and each place is that of the term's own token."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.formats import JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from kg.names import RDF
from kg.positions import Index, Position, Statement, read
from kg.serialisation import canonical
from rdf_data import datasets, lines
from suites import ROOT
from turtle_documents import BASE, CLOSE, DIRECTIVES, GAPS, HEAD, IRIS, triples, turtle


def quads(data: bytes, format: Format, base: str | None = None) -> list[ox.Quad]:
    return list(ox.parse(data, format=format.rdf, base_iri=base))


def statements(text: str, format: Format = TURTLE, base: str | None = None) -> list[Statement]:
    return list(read(text.encode(), format, base=base))


# Documents made of every construct of the grammars


@st.composite
def graphs(draw: st.DrawFn) -> str:
    label = draw(
        st.just("")
        | st.builds(
            "{}{}".format,
            st.sampled_from(["", "GRAPH ", "graph\n"]),
            IRIS | st.sampled_from(["_:g", "[]", "[ ]"]),
        )
    )
    inner = draw(CLOSE) + f"{draw(CLOSE)}.{draw(GAPS)}".join(draw(st.lists(triples(), max_size=3)))
    return f"{label}{draw(CLOSE)}{{{inner}{draw(st.sampled_from(['', ' .']) if inner.strip() else CLOSE)}}}"


@st.composite
def trig(draw: st.DrawFn) -> str:
    parts = draw(st.lists(DIRECTIVES | triples().map("{} .".format) | graphs(), max_size=5))
    return HEAD + "".join(part + draw(GAPS) for part in parts)


def check(text: str, format: Format) -> None:
    """Compare with pyoxigraph: the same quads, or no document to either."""
    data = text.encode()
    try:
        expected = quads(data, format, BASE)
    except SyntaxError as error:
        event("not a document")
        with pytest.raises(SourceError) as caught:
            list(read(data, format, base=BASE))
        assert caught.value.line == error.lineno
        return
    event("a document")
    found = statements(text, format, BASE)
    assert lines(statement.quad for statement in found) == lines(expected)
    for statement in found:
        _check_places(statement, text)


OPENINGS = {
    ox.NamedNode: re.compile(r"[<:\w()]"),  # a verb `a`, rdf:nil
    ox.BlankNode: re.compile(r"_:|\[|\("),
    ox.Literal: re.compile(r"[\"'+\-.0-9tf]"),
}


def _check_places(statement: Statement, text: str) -> None:
    """Check that each place is in the text and a token of the right kind begins there."""
    assert statement.subject <= statement.predicate <= statement.object
    rows = re.split("\r\n|\r|\n", text)
    quad = statement.quad
    cell = quad.predicate.value in (RDF + "first", RDF + "rest")
    for term, place in ((quad.subject, statement.subject), (quad.object, statement.object)):
        rest = rows[place.line - 1][place.column - 1 :]
        assert rest
        if not cell:  # the nodes of a collection stand at its items, which are of any kind
            assert OPENINGS[type(term)].match(rest)
    if statement.language:
        assert isinstance(quad.object, ox.Literal)
        assert quad.object.language == statement.language.lower()
    elif isinstance(quad.object, ox.Literal):
        assert quad.object.language is None


@given(turtle())
@settings(max_examples=50)
def test_any_turtle_gives_the_quads_of_pyoxigraph(text: str) -> None:
    check(text, TURTLE)


@given(trig())
@settings(max_examples=50)
def test_any_trig_gives_the_quads_of_pyoxigraph(text: str) -> None:
    check(text, TRIG)


@given(datasets())
@settings(max_examples=50)
def test_any_lines_give_the_quads_of_pyoxigraph(dataset: list[ox.Quad]) -> None:
    text = "".join(map(canonical, dataset))
    assert [statement.quad for statement in statements(text, N_QUADS)] == quads(text.encode(), N_QUADS)


@given(st.data())
@settings(max_examples=50)
def test_a_damaged_document_is_read_as_pyoxigraph_does_or_refused(data: st.DataObject) -> None:
    text = data.draw(turtle())
    start = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 3))
    put = data.draw(st.sampled_from(["", ".", "'", '"', "<", ">", "]", "(", ";", "a ", "@", "\\", "{", "^^"]))
    check(text[:start] + put + text[start + gone :], TURTLE)


@pytest.mark.parametrize("path", sorted((ROOT / "data").rglob("*.ttl")), ids=lambda path: path.stem)
def test_our_files(path: Path) -> None:
    data = path.read_bytes()
    assert lines(statement.quad for statement in read(data, TURTLE)) == lines(quads(data, TURTLE))


# Where each term stands


def places(text: str, format: Format = TURTLE) -> dict[str, tuple[tuple[int, int], ...]]:
    """Give the places of subject, predicate and object by the object's text (blank nodes: ``_``)."""
    return {
        "_" if isinstance(s.quad.object, ox.BlankNode) else s.quad.object.value: tuple(
            (place.line, place.column) for place in (s.subject, s.predicate, s.object)
        )
        for s in statements(text, format)
    }


def test_each_term_stands_at_its_token() -> None:
    text = '@prefix p: <urn:p:> .\n\np:s p:q "one", "two" ;\n    a p:C ; p:r 3 .\n'
    assert places(text) == {
        "one": ((3, 1), (3, 5), (3, 9)),
        "two": ((3, 1), (3, 5), (3, 16)),
        "urn:p:C": ((3, 1), (4, 5), (4, 7)),
        "3": ((3, 1), (4, 13), (4, 17)),
    }


def test_an_anonymous_node_stands_at_its_bracket() -> None:
    assert places('<a:s> <a:p>\n  [ <a:q> "x" ] .') == {
        "x": ((2, 3), (2, 5), (2, 11)),
        "_": ((1, 1), (1, 7), (2, 3)),
    }
    assert places('[] <a:q> "x" .') == {"x": ((1, 1), (1, 4), (1, 10))}


def test_the_nodes_of_a_collection_stand_at_its_items() -> None:
    found = {
        (str(s.quad.predicate), str(s.quad.object)): (s.subject, s.predicate, s.object)
        for s in statements('<a:s> <a:p> ( "x"\n"y" ) .')
        if not isinstance(s.quad.object, ox.BlankNode)
    }
    first, second, end = Position(1, 13), Position(2, 1), Position(2, 5)
    assert found == {
        (f"<{RDF}first>", '"x"'): (first, first, Position(1, 15)),
        (f"<{RDF}first>", '"y"'): (second, second, second),
        (f"<{RDF}rest>", f"<{RDF}nil>"): (second, second, end),
    }
    assert places("<a:s> <a:p> () .") == {RDF + "nil": ((1, 1), (1, 7), (1, 13))}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_pyoxigraph_counts_and_columns_are_characters(end: str) -> None:
    text = f'<a:s> <a:p> "é😀", "x" ;{end}# c{end}  <a:q> """a{end}b""", "y" .'
    assert places(text)["x"][2] == (1, 19)
    assert places(text)["y"] == ((1, 1), (3, 3), (4, 7))
    assert places(f"# c{end}{end}_:é  <a:q> <a:o> .", N_TRIPLES) == {"a:o": ((3, 1), (3, 6), (3, 12))}


def test_a_byte_order_mark_takes_no_column() -> None:
    for format in (TURTLE, TRIG, N_TRIPLES, N_QUADS):
        assert places("\ufeff<a:s> <a:p> <a:o> .", format) == {"a:o": ((1, 1), (1, 7), (1, 13))}


@pytest.mark.parametrize("format", [TURTLE, N_TRIPLES], ids=["ttl", "nt"])
def test_the_language_tag_is_kept_as_it_was_written(format: Format) -> None:
    text = '<a:s> <a:p> "a@b"@ru-Latn .\n<a:s> <a:p> "c@x" .\n'
    assert [(str(s.quad.object), s.language) for s in statements(text, format)] == [
        ('"a@b"@ru-latn', "ru-Latn"),
        ('"c@x"', ""),
    ]


def test_lexical_forms_are_kept() -> None:
    assert [s.quad.object.value for s in statements('<a:s> <a:p> 01, +1, 1.50, "01"^^<a:t> .')] == [
        *("01", "+1", "1.50", "01")
    ]


def test_the_graph_of_a_statement_is_kept() -> None:
    text = "<a:s> <a:p> 1 . <a:g> { <a:s> <a:p> 2 } { <a:s> <a:p> 3 } GRAPH _:g { <a:s> <a:p> 4 . }"
    found = {s.quad.object.value: str(s.quad.graph_name) for s in statements(text, TRIG)}
    assert found == {"1": "DEFAULT", "2": "<a:g>", "3": "DEFAULT", "4": "_:g"}


@pytest.mark.parametrize("open, close", [("[ <a:p> ", " ]"), ("( ", " )")])
def test_the_depth_of_a_document_has_no_limit(open: str, close: str) -> None:
    text = f"<a:s> <a:p> {open * 2000}1{close * 2000} ."
    assert len(statements(text)) == len(quads(text.encode(), TURTLE))


# What cannot be read


@pytest.mark.parametrize(
    ("text", "format", "line", "message"),
    [
        ("<a:s> <a:p>\n  b:x .", TURTLE, 2, "prefix b: has not been declared"),
        ("<a:s> <a:p>\n  <x> .", TURTLE, 2, "No scheme"),
        ("<a:s> <a:p> <a:o> .\n<a:s> <a:p> .\n", N_QUADS, 2, "object of a triple"),
        ("<a:s> <a:p> <a:o> .\n<a:s> <a:p> <x> .\n", N_TRIPLES, 2, "No scheme"),
        ("<a:s> <a:p> <a:o> .\n{", TRIG, 2, "end of file"),
        ("<a:s> <a:p>\n<<( <a:s> <a:p> 1 )>> .", TURTLE, 2, "not Turtle 1.1"),
        ('<a:s> <a:p>\n"x"@ar--rtl .', TRIG, 2, "not TriG 1.1"),
    ],
)
def test_a_document_that_cannot_be_read_has_a_line(
    text: str, format: Format, line: int, message: str
) -> None:
    with pytest.raises(SourceError, match=re.escape(message)) as error:
        statements(text, format)
    assert error.value.line == line
    assert error.value.column > 0
    assert error.value.path == ""
    assert "Parser error" not in error.value.message


@pytest.mark.parametrize("format", [TURTLE, TRIG, N_TRIPLES, N_QUADS], ids=lambda format: format.suffix)
def test_bytes_that_are_not_utf_8_are_refused(format: Format) -> None:
    with pytest.raises(SourceError, match="UTF-8") as error:
        list(read('<a:s> <a:p> <a:o> .\n<a:s> <a:p> "é" .'.encode("latin-1"), format))
    assert error.value.line == 2


@pytest.mark.parametrize("format", [JSON_LD, RDF_XML], ids=lambda format: format.suffix)
def test_other_formats_are_refused_by_name(format: Format) -> None:
    with pytest.raises(SourceError, match=format.name) as error:
        read(b"", format)
    assert error.value.remedy


# The index

S, P, Q = (ox.NamedNode(f"a:{name}") for name in "spq")
G = ox.NamedNode("a:g")


@pytest.fixture(scope="module", params=[1, -1], ids=["in order", "reversed"])
def index(request: pytest.FixtureRequest) -> Index:
    text = '<a:s> <a:p> "x" ;\n <a:q> "y",\n "z" .\n<a:g> {\n <a:s> <a:p> "x", "g" . }\n<a:s> <a:p> "x" .'
    return Index("file.trig", statements(text, TRIG)[:: request.param])


@pytest.mark.parametrize(
    ("terms", "place"),
    [
        ((S, P, ox.Literal("x")), (1, 13)),  # the first of three
        ((S, Q, ox.Literal("z")), (3, 2)),
        ((S, Q, ox.Literal("absent")), (2, 2)),  # its predicate
        ((S, Q), (2, 2)),
        ((S, ox.NamedNode("a:absent")), (1, 1)),  # its subject
        ((S, ox.NamedNode("a:absent"), ox.Literal("x")), (1, 1)),
        ((S,), (1, 1)),
        ((S, P, ox.Literal("x"), G), (5, 14)),
        ((S, P, ox.Literal("x"), ox.DefaultGraph()), (1, 13)),
        ((S, Q, ox.Literal("y"), G), (5, 2)),
        ((S, None, None, G), (5, 2)),
    ],
)
def test_the_index_gives_the_best_place(
    index: Index, terms: tuple[ox.NamedNode, ...], place: tuple[int, int]
) -> None:
    assert index.find(*terms) == Position(*place)


def test_the_index_knows_no_place_of_another_subject(index: Index) -> None:
    assert index.find(P) is None
    assert index.find(S, P, ox.Literal("x"), ox.NamedNode("a:absent")) is None
    assert index.path == "file.trig"


# W3C test suites


@pytest.mark.parametrize(
    ("format", "least"), [(TRIG, 240), (N_TRIPLES, 40), (N_QUADS, 50)], ids=["trig", "nt", "nq"]
)
def test_w3c_documents(w3c: Path, format: Format, least: int) -> None:
    """Every positive test of RDF 1.1 gives the quads of pyoxigraph, every negative one an error."""
    accepted = refused = 0
    for path in sorted((w3c / "rdf-tests" / "rdf" / "rdf11").rglob(f"*.{format.suffix}")):
        base = f"https://w3c.github.io/rdf-tests/{path.relative_to(w3c / 'rdf-tests')}"
        data = path.read_bytes()
        if "bad" in path.name:
            refused += 1
            with pytest.raises(SourceError):
                list(read(data, format, base=base))
            continue
        accepted += 1
        found = [statement.quad for statement in read(data, format, base=base)]
        assert lines(found) == lines(quads(data, format, base)), path.name
    assert accepted >= least
    assert refused > 0
