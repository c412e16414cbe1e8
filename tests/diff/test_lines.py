"""Sorted lines, in memory and in a file: the same lines, and the same answers to what begins how."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.diff.lines import Held, opened, parsed
from kg.errors import StoreError

NAMES = st.text(alphabet="ab", min_size=1, max_size=4)
QUADS = st.sets(
    st.builds(
        lambda subject, text: ox.Quad(ox.NamedNode(f"urn:{subject}"), ox.NamedNode("urn:p"), ox.Literal(text)),
        NAMES,
        st.text(max_size=4),
    ),
    max_size=20,
)  # fmt: skip


@given(QUADS, NAMES)
def test_a_file_and_memory_find_the_same(quads: set[ox.Quad], subject: str) -> None:
    held = Held(quads)
    head = f"<urn:{subject}> ".encode()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "quads.nq"
        path.write_bytes(b"".join(held))
        with opened(path) as lines:
            assert list(lines) == list(held)
            assert lines.beginning(head) == held.beginning(head)
            assert lines.beginning(b"") == []
    found = parsed(held.beginning(head))
    assert set(found) == {quad for quad in quads if quad.subject == ox.NamedNode(f"urn:{subject}")}


def test_what_is_no_statement_is_a_damage() -> None:
    with pytest.raises(StoreError, match="is no statement"):
        parsed([b"nothing\n"])
