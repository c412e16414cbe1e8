"""The record: paths as SPARQL follows them, a natural order, labels and words as the library has them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.names import VOCABULARIES, Base
from kg.record import Record, natural, text

PREFIXES = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in VOCABULARIES.items())
NODES = [ox.NamedNode(f"https://x.example/{name}") for name in "abcd"]
PROPERTIES = ["kg:passage", "kg:relay", "schema:location", "skos:prefLabel"]


def named(prefixed: str) -> ox.NamedNode:
    prefix, _, local = prefixed.partition(":")
    return ox.NamedNode(VOCABULARIES[prefix] + local)


steps = st.builds(str.__add__, st.sampled_from(["", "^"]), st.sampled_from(PROPERTIES))
ways = st.lists(steps, min_size=1, max_size=3).map("/".join)
paths = st.lists(ways, min_size=1, max_size=3).map("|".join)
graphs = st.lists(
    st.builds(
        ox.Quad,
        st.sampled_from(NODES),
        st.sampled_from(PROPERTIES).map(named),
        st.sampled_from([*NODES, ox.Literal("x", language="en"), ox.Literal("x")]),
        st.sampled_from([ox.DefaultGraph(), *NODES[:2]]),
    ),
    max_size=20,
)


@given(graphs, paths)
@settings(max_examples=200)
def test_a_path_leads_where_sparql_says(quads: list[ox.Quad], path: str) -> None:
    store = ox.Store()
    store.extend(quads)
    record = Record(quads)
    for node in NODES:
        answer = store.query(
            f"{PREFIXES} SELECT DISTINCT ?o WHERE {{ {node} ({path}) ?o }}", use_default_graph_as_union=True
        )
        assert isinstance(answer, ox.QuerySolutions)
        found = record.follow(node, path)
        assert len(found) == len(set(found))
        assert set(found) == {row["o"] for row in answer}
        assert [text(term) for term in found] == sorted(map(text, found), key=natural)


@pytest.mark.parametrize(
    "texts",
    [
        ["photograph 2", "photograph 12", "photograph 102"],
        ["", "1", "2", "10", "a", "a1", "a02", "a2b", "a10"],
        ["c01-s2-01", "c01-s2-02", "c01-s10-01", "c02-s1-01"],
        ["9" * 5000, "1" + "0" * 5000],
        ["x1", "x١"],
    ],
)
def test_numbers_sort_by_their_value(texts: list[str]) -> None:
    backwards = list(reversed(texts))
    assert sorted(backwards, key=natural) == texts


def test_members_are_those_of_all_classes_of_a_kind_once_each() -> None:
    base = Base()
    data = "".join(
        f"<{base.id('work', slug)}> a <https://schema.org/{kind}> .\n"
        for slug, kind in (("b10", "Book"), ("b9", "WebPage"), ("b9", "NewsArticle"), ("c", "Place"))
    )
    record = Record(ox.parse(data, format=ox.RdfFormat.TURTLE))
    assert [text(member) for member in record.members("works")] == [base.id("work", s) for s in ("b9", "b10")]
    assert [text(member) for member in record.members("places")] == [base.id("work", "c")]
    assert record.members("people") == []
