"""Rows as the engine writes them: counted exactly where that matters, and refused rather than broken."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import NotAcceptable, QueryTooLarge
from kg.formats import SPARQL_CSV, SPARQL_JSON, SPARQL_TSV, SPARQL_XML, Format
from kg.workers.task import TABULAR
from kg.workers.writing import rows, truth

NODE = ox.NamedNode("http://x.example/")
READ = {
    SPARQL_JSON: ox.QueryResultsFormat.JSON,
    SPARQL_XML: ox.QueryResultsFormat.XML,
    SPARQL_TSV: ox.QueryResultsFormat.TSV,
}
# What separates rows in one of the forms, and whatever else.
TEXTS = st.text(
    st.sampled_from("},{\"\r\n\t\\<result>&;']a ü\u2028") | st.characters(codec="utf-8"), max_size=20
)


def found(texts: list[str], query: str = "SELECT ?o { ?s ?p ?o }") -> ox.QuerySolutions:
    store = ox.Store()
    store.extend(
        ox.Quad(ox.NamedNode(f"http://x.example/{n}"), NODE, ox.Literal(text)) for n, text in enumerate(texts)
    )
    answer = store.query(query)
    assert isinstance(answer, ox.QuerySolutions)
    return answer


@given(texts=st.lists(TEXTS, max_size=5), format=st.sampled_from(TABULAR))
def test_as_many_rows_as_there_are_may_be_given(texts: list[str], format: Format) -> None:
    try:
        _, body = rows(found(texts), format, most=len(texts), most_bytes=10_000)
    except NotAcceptable:
        assert format is SPARQL_XML
        assert any((character < " " and character not in "\t\n\r") or character in "\ufffe\uffff"
                   for character in "".join(texts))  # fmt: skip
        return
    if format in READ:
        read = ox.parse_query_results(body, format=READ[format])
        assert isinstance(read, ox.QuerySolutions)
        assert sorted(row["o"].value for row in read) == sorted(texts)


@given(texts=st.lists(TEXTS.filter(str.isprintable), min_size=1, max_size=5), format=st.sampled_from(TABULAR))
def test_one_row_too_many_is_refused(texts: list[str], format: Format) -> None:
    with pytest.raises(QueryTooLarge, match=f"more than {len(texts) - 1} rows"):
        rows(found(texts), format, most=len(texts) - 1, most_bytes=10_000)


@pytest.mark.parametrize("format", TABULAR)
def test_rows_without_values_count(format: Format) -> None:
    for query in ("SELECT ?no { ?s ?p ?o }", "SELECT * { FILTER(true) }"):
        answer = found(["a", "b"], query)
        size = 2 if "?no" in query else 1
        rows(answer, format, most=size, most_bytes=10_000)
        with pytest.raises(QueryTooLarge):
            rows(found(["a", "b"], query), format, most=size - 1, most_bytes=10_000)


@pytest.mark.parametrize("format", TABULAR)
def test_bytes_are_bounded(format: Format) -> None:
    total, body = rows(found(["a" * 100]), format, most=9, most_bytes=1_000)
    assert total == 1
    assert rows(found(["a" * 100]), format, most=9, most_bytes=len(body))[1] == body
    for most in (0, 50, len(body) - 1):
        with pytest.raises(QueryTooLarge, match="larger than"):
            rows(found(["a" * 100]), format, most=9, most_bytes=most)


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_what_xml_has_not_is_refused(character: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        rows(found([character]), SPARQL_XML, most=9, most_bytes=1_000)
    assert "application/sparql-results+json" in refused.value.available
    assert "application/sparql-results+xml" not in refused.value.available


@pytest.mark.parametrize(("format", "read"), READ.items())
@pytest.mark.parametrize("value", [True, False])
def test_truth(format: Format, read: ox.QueryResultsFormat, value: bool) -> None:
    if format is SPARQL_TSV:
        assert truth(value, format) == (b"true\n" if value else b"false\n")
    else:
        assert bool(ox.parse_query_results(truth(value, format), format=read)) is value
    assert truth(value, SPARQL_CSV) == (b"true\r\n" if value else b"false\r\n")
