"""Frames come out as they went in, however they are cut; anything else is refused."""

from __future__ import annotations

import json
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.workers.frames import HEAD_BYTES, BrokenFrame, Frame, Reader, encoded

MOST = 10_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def read(reader: Reader, data: bytes, cuts: list[int]) -> list[Frame]:
    """Feed *data* in pieces that end at *cuts*."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    pieces = [data[a:b] for a, b in pairwise(places)]
    return [frame for piece in pieces if (frame := reader.feed(piece)) is not None]


@given(st.dictionaries(st.text(), JSON), st.binary(max_size=200), st.lists(st.integers(min_value=0)))
def test_a_frame_comes_out_as_it_went_in(head: dict[str, object], body: bytes, cuts: list[int]) -> None:
    reader = Reader(MOST)
    for _ in range(2):  # one reader reads them all
        (frame,) = read(reader, b"".join(encoded(head, body)), cuts)
        with frame.body as file:
            assert (frame.head, frame.size, file.read()) == (head, len(body), body)


@given(st.binary(max_size=100), st.lists(st.integers(min_value=0)))
def test_any_bytes_are_a_frame_or_refused_or_wait_for_more(data: bytes, cuts: list[int]) -> None:
    reader = Reader(MOST)
    try:
        for frame in read(reader, data, cuts):
            frame.body.close()
    except BrokenFrame:
        pass
    reader.close()


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("!IQ", HEAD_BYTES + 1, 0),
        struct.pack("!IQ", 2, MOST + 1) + b"{}",
        struct.pack("!IQ", 2, 0) + b"[]",
        struct.pack("!IQ", 2, 0) + b"{]",
        struct.pack("!IQ", 1, 0) + b"\xff",
        struct.pack("!IQ", 100_000, 0) + b"[" * 100_000,
        b"".join(encoded({}, b"x")) + b"y",
        struct.pack("!IQ", 2**32 - 1, 2**64 - 1),
    ],
)
def test_what_is_no_frame(data: bytes) -> None:
    reader = Reader(MOST)
    with pytest.raises(BrokenFrame):
        reader.feed(data)
    reader.close()


def test_a_large_body_lies_in_a_file() -> None:
    body = bytes(range(256)) * 8_192
    reader = Reader(len(body))
    head, rest = encoded({"total": 1}, body)
    assert reader.feed(head) is None
    frame = reader.feed(rest)
    assert frame is not None
    with frame.body as file:
        assert file.fileno() > 2
        assert file.read() == body
    assert json.loads(head[12:]) == {"total": 1}
