"""Addresses: whatever the IRI, its path is plain and leads back to it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.documents.addresses import FORMS, RESERVED, Addresses
from kg.formats import Format
from kg.names import Base, is_iri

BASE = Base("https://here.example/base/")
ADDRESSES = Addresses(BASE)

pieces = st.sampled_from(
    ["id/", "event/", "place/", "graph/", "baku", "a.b", ".", "..", "/", "//", "%2F", "%", "é", "#x", "?q=1", ".ttl", "-", "_", "~", "sparql", "static"]
)  # fmt: skip
iris = st.one_of(
    st.lists(pieces, max_size=6).map(lambda parts: BASE.iri + "".join(parts)),
    st.text(min_size=1).map(lambda text: BASE.iri + text),
    st.text().map(lambda text: "urn:x:" + text),
).filter(is_iri)


@given(iris, st.sampled_from([None, *FORMS]), st.integers(1, 1000))
def test_the_address_of_an_iri_means_it(iri: str, format: Format | None, page: int) -> None:
    address = ADDRESSES.of(iri, format, page=page)
    assert ADDRESSES.canonical(iri, page=page) == BASE.iri + ADDRESSES.of(iri, page=page)[1:]
    assert address.isascii()
    assert not address.startswith("//")
    parts = urlsplit(address)
    if parts.path == "/resource":
        asked = parse_qs(parts.query, strict_parsing=True)
        assert asked["iri"] == [iri]
        assert asked.get("format", [None]) == [getattr(format, "suffix", None)]
    else:
        asked = parse_qs(parts.query)
        assert not any(segment in ("", ".", "..") for segment in parts.path.split("/")[1:])
        assert parts.path.split("/")[1] not in RESERVED
        assert (iri, format) in ADDRESSES.meanings(parts.path)
    assert asked.get("page", ["1"]) == [str(page)]
    assert (page == 1) == ("page" not in asked)


@given(st.text())
def test_meanings_are_iris_below_the_base(path: str) -> None:
    for iri, _ in ADDRESSES.meanings("/" + path):
        assert is_iri(iri)
        assert iri.startswith(BASE.iri)


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        ("https://here.example/base/id/event/baku-1990-01", "/event/baku-1990-01"),
        ("https://here.example/base/graph/source/x", "/graph/source/x"),
        (
            "https://here.example/base/event/baku",
            "/resource?iri=https%3A%2F%2Fhere.example%2Fbase%2Fevent%2Fbaku",
        ),
        ("https://here.example/base/", "/resource?iri=https%3A%2F%2Fhere.example%2Fbase%2F"),
        ("https://there.example/", "/resource?iri=https%3A%2F%2Fthere.example%2F"),
    ],
)
def test_examples(iri: str, address: str) -> None:
    assert ADDRESSES.of(iri) == address


def test_a_query_string_that_is_no_utf_8_is_refused_wherever_it_stands(client: httpx.Client) -> None:
    for path in ("/resource?iri=urn:x:%ff", "/event/azerbaijan-1990-01?page=%ff"):
        answer = client.get(path)
        assert answer.status_code == 400
        assert "not UTF-8" in answer.text
