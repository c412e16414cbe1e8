"""A misspelt name is told from one that means something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.misspelling import exchanged, kin, meant

TERMS = [
    "population-armenians", "population-azerbaijanis", "population-civilians", "population-people", "population-soldiers",
    "second-hand", "third-hand", "baku-1990-01", "baku-1990-01-army-entry", "sumgait-1988", "north-gate", "south-gate",
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("population-peopel", "population-people"),
        ("popluation-people", "population-people"),
        ("populationpeople", "population-people"),
        ("Population Armenian", "population-armenians"),
        ("baku-1990-1", "baku-1990-01"),
        ("baku-1990-army-entry", "baku-1990-01-army-entry"),
        ("bakú-1990-01", "baku-1990-01"),
        ("sumgait", "sumgait-1988"),
        ("norh-gate", "north-gate"),
    ],
)
def test_a_slip_in_a_part_or_a_part_left_out_is_one(written: str, name: str) -> None:
    assert meant(written, TERMS) == [name]
    assert not exchanged(written, name)


@pytest.mark.parametrize(
    "written",
    [
        "population-women",  # another word
        "population-men",
        "population-hand",  # a word of the vocabulary, in the place of another
        "first-hand",
        "baku-1989-01",  # another number
        "sumgait-1989",
        "baku-1990-01-and-after",  # says more than any
        "population",  # may be any of five
        "",
    ],
)
def test_another_word_or_number_is_none(written: str) -> None:
    assert meant(written, TERMS) == []


def test_a_known_word_is_no_slip_for_another_known_word() -> None:
    assert meant("norrh-gate", TERMS) == ["north-gate"]
    assert meant("men-fled", ["man-fled", "men-left"]) == []


def test_those_of_its_kind_are_told_where_they_are_few() -> None:
    assert kin("population-women", TERMS) == TERMS[:5]
    assert kin("village", ["a", "b"]) == ["a", "b"]
    assert kin("village", [f"town-{number}" for number in range(40)]) == []


names = st.lists(
    st.text("abcdefghij0123456789", min_size=1, max_size=12), min_size=1, max_size=4
).map("-".join)  # fmt: skip


@given(st.lists(names, min_size=1, max_size=8), names)
def test_what_is_offered_is_known_and_exchanges_nothing(known: list[str], written: str) -> None:
    for name in meant(written, known, 3):
        assert name in known
        assert not exchanged(written, name)
    assert meant(known[0], known)[:1] or len(known) > 1
