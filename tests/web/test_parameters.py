"""A single parameter is read as the standard library reads it."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from kg.errors import QueryError
from kg.web.parameters import in_address


def read(query_string: bytes) -> list[tuple[str, str]]:
    return in_address(Request({"type": "http", "query_string": query_string, "headers": []}))


@given(st.text(), st.sampled_from([quote, quote_plus, lambda text: text]))
def test_a_query_is_read_as_any_parameter(text: str, written: object) -> None:
    assert callable(written)
    text = text.encode("utf-8", "replace").decode()
    raw = f"query={written(text)}"
    if raw.isascii():
        assert read(raw.encode()) == parse_qsl(raw, keep_blank_values=True, errors="strict")


@pytest.mark.parametrize("raw", [b"query=%ff", b"query=%C3", b"query=a&x=%ff"])
def test_what_is_not_utf_8_is_refused(raw: bytes) -> None:
    with pytest.raises(QueryError, match="not UTF-8"):
        read(raw)
