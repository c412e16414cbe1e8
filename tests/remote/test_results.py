"""The reader of rows: what our own server writes comes back equal, and nothing but rows comes out of any other bytes."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rdf_data
from kg.errors import QueryTooLarge
from kg.names import XSD
from kg.store import Solutions
from kg.store.results import NESTING, read

MOST = 100
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
literals = (
    text.map(ox.Literal)
    | st.tuples(text, st.sampled_from(["en", "hy", "ru-latn"])).map(
        lambda pair: ox.Literal(pair[0], language=pair[1])
    )
    | st.tuples(text, rdf_data.named).map(lambda pair: ox.Literal(pair[0], datatype=pair[1]))
    | st.just(ox.Literal("a", language="ar", direction=ox.BaseDirection.RTL))
)
nodes = rdf_data.named | st.from_regex("[a-z][a-z0-9]{0,8}", fullmatch=True).map(ox.BlankNode)
terms = st.recursive(
    nodes | literals,
    lambda inner: st.tuples(nodes, rdf_data.named, inner).map(lambda parts: ox.Triple(*parts)),
    max_leaves=4,
)
solutions = st.lists(st.text("abcxyz_09", min_size=1), min_size=0, max_size=4, unique=True).flatmap(
    lambda names: st.lists(st.tuples(*(terms | st.none() for _ in names)), max_size=4).map(
        lambda rows: Solutions(tuple(names), tuple(rows))
    )
)


@given(solutions)
def test_rows_come_back_as_they_were(found: Solutions) -> None:
    assert read(found.to_json(), MOST) == found


@given(solutions)
def test_rows_are_those_that_pyoxigraph_reads(found: Solutions) -> None:
    body = found.to_json()
    peer = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    assert isinstance(peer, ox.QuerySolutions)
    read_here = read(body, MOST)
    assert isinstance(read_here, Solutions)
    assert tuple(variable.value for variable in peer.variables) == read_here.variables
    assert tuple(tuple(row) for row in peer) == read_here.rows


@given(solutions, st.data())
def test_what_breaks_off_is_no_answer(found: Solutions, data: st.DataObject) -> None:
    body = found.to_json().rstrip()
    with pytest.raises(ValueError):
        read(body[: data.draw(st.integers(0, len(body) - 1))], MOST)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["head", "vars", "results", "bindings", "boolean", "type", "value", "xml:lang", "datatype", "a", "its:dir"]),
        inner | st.sampled_from(["uri", "literal", "bnode", "triple", "a"]),
        max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip
near = st.fixed_dictionaries(
    {
        "head": st.fixed_dictionaries({"vars": st.just(["a"]) | json_values}),
        "results": st.fixed_dictionaries(
            {"bindings": st.lists(st.fixed_dictionaries({"a": json_values}) | json_values, max_size=3)}
        ),
    }
)


@given(st.binary(max_size=60) | (json_values | near).map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        answer = read(body, MOST)
    except ValueError as error:
        assert str(error)
    else:
        assert isinstance(answer, bool | Solutions)
        if isinstance(answer, Solutions):
            assert all(len(row) == len(answer.variables) for row in answer.rows)


def document(*bindings: object) -> bytes:
    return json.dumps({"head": {"vars": ["a"], "link": []}, "results": {"bindings": list(bindings)}}).encode()


def one(term: object) -> object:
    answer = read(document({"a": term}), MOST)
    assert isinstance(answer, Solutions)
    return answer.rows[0][0]


def test_forms_of_other_servers() -> None:
    assert one({"type": "typed-literal", "value": "1", "datatype": XSD + "integer"}) == ox.Literal(1)
    assert one({"type": "literal", "value": "a", "datatype": XSD + "string"}) == ox.Literal("a")
    assert one({"type": "literal", "value": "a", "xml:lang": ""}) == ox.Literal("a")
    assert one({"type": "literal", "value": "a", "xml:lang": "en-GB"}) == ox.Literal("a", language="en-gb")
    node, again = (
        one({"type": "bnode", "value": "nodeID://b1"}),
        one({"type": "bnode", "value": "nodeID://b1"}),
    )
    assert isinstance(node, ox.BlankNode)
    assert node == again != one({"type": "bnode", "value": "nodeID://b2"})
    assert read(b'\xef\xbb\xbf{"head":{},"boolean":true}', MOST) is True


@pytest.mark.parametrize(
    "term",
    [
        {"type": "uri", "value": 1},
        {"type": "literal", "value": "a", "xml:lang": 1},
        {"type": "literal", "value": "a", "datatype": "integer"},
        {"type": "literal", "value": "a", "datatype": 1},
        {"type": "literal", "value": "a", "xml:lang": "ar", "its:dir": "up"},
        {"type": "triple", "value": "a"},
        {"type": "triple", "value": {}},
        {
            "type": "triple",
            "value": {part: {"type": "literal", "value": "a"} for part in ("subject", "predicate", "object")},
        },
        {"value": "a"},
        None,
    ],
)
def test_terms_that_are_none(term: object) -> None:
    with pytest.raises(ValueError):
        one(term)


@pytest.mark.parametrize(
    "body",
    [b'{"boolean":1}', b'{"head":{"vars":["a","a"]},"results":{"bindings":[]}}', b'{"head":{"vars":[1]},"results":{"bindings":[]}}', b"[]", b"null", b""],
)  # fmt: skip
def test_documents_that_are_none(body: bytes) -> None:
    with pytest.raises(ValueError):
        read(body, MOST)


@pytest.mark.parametrize(("levels", "fits"), [(NESTING, True), (NESTING + 1, False)])
def test_triple_terms_nest_so_deep(levels: int, fits: bool) -> None:
    iri = {"type": "uri", "value": "urn:a"}
    term: object = iri
    for _ in range(levels):
        term = {"type": "triple", "value": {"subject": iri, "predicate": iri, "object": term}}
    if fits:
        assert isinstance(one(term), ox.Triple)
    else:
        with pytest.raises(ValueError, match="nest"):
            one(term)


def test_rows_are_counted() -> None:
    assert len(read(document({}, {}), 2).rows) == 2  # type: ignore[union-attr]
    with pytest.raises(QueryTooLarge, match="3 rows"):
        read(document({}, {}, {}), 2)
