"""Spans: what bounds say of a day, and their parts, for whatever EDTF gives."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg import edtf
from kg.pages.band import Scale
from kg.spans import Bounds, Part

DAY = timedelta(days=1)
CERTAIN = {"on", "began", "ended", "under way"}
ENDS = st.one_of(
    st.dates(date(1989, 12, 20), date(1990, 2, 10)).map(str),
    st.sampled_from(
        ["1989", "1990", "1989-12", "1990-01", "1990-02", "XXXX-01-13", "1990-01~", "1990-01-13?"]
    ),
)


@st.composite
def dates(draw: st.DrawFn) -> str:
    """Give a date in EDTF: single, an interval with any ends, or a set."""
    form = draw(st.sampled_from(["single", "interval", "from", "until", "unknown end", "set", "range"]))
    one, other = draw(ENDS), draw(ENDS)
    return {
        "single": one,
        "interval": f"{one}/{other}",
        "from": f"{one}/..",
        "until": f"../{one}",
        "unknown end": f"{one}/",
        "set": f"[{one},{other}]",
        "range": f"[..{one}]",
    }[form]


def read(text: str) -> Bounds:
    try:
        return Bounds(*(date.fromisoformat(day) if day else None for day in edtf.bounds(text)))
    except ValueError:  # it ends before it begins, or is no set of days
        return Bounds()


def whole(part: Part) -> tuple[date, date]:
    return part.first or date.min, part.last or date.max


PARTS = {
    "1990-01-13": "certain 13..13",
    "1990-01-13/1990-01-19": "certain 13..19",
    "1990-01-13/..": "certain 13..13, open 14..",
    "../1990-01-19": "open ..18, certain 19..19",
    "1990-01-13/": "certain 13..13, open 14..",
    "[1990-01-19,1990-01-20]": "possible 19..20",
    "1990-01": "possible 01..31",
    "1990-01/1990-01-31": "possible 01..30, certain 31..31",
    "1990-01-13/1990-01": "certain 13..13, possible 14..31",
    "1990-01/..": "possible 01..31, open 01..",
    "[..1990-01-15]": "open ..14, possible 15..15",
    "XXXX-01-13/..": "",
    "1990-01-13?": "",
    "1990-01~": "",
}


@pytest.mark.parametrize(("text", "expected"), PARTS.items())
def test_the_parts_of_a_time(text: str, expected: str) -> None:
    found = [
        f"{part.kind} {f'{part.first:%d}' if part.first else ''}..{f'{part.last:%d}' if part.last else ''}"
        for part in read(text).parts()
    ]
    assert ", ".join(found) == expected


@given(dates())
@example("1990-01-13/1990-01")
@example("1990-01/1990-01-13")
def test_parts_stand_in_order_and_touch_without_overlap(text: str) -> None:
    parts = read(text).parts()
    for before, after in pairwise(parts):
        assert whole(before)[1] + DAY == whole(after)[0]
    for part in parts:
        assert whole(part)[0] <= whole(part)[1]
        assert (part.kind == "open") == (None in (part.first, part.last))
    assert [part.kind for part in parts].count("certain") <= 1


@given(dates(), st.dates(date(1988, 12, 1), date(1991, 1, 31)))
@example("1990-01-13/1990-01", date(1990, 1, 13))
def test_what_is_said_of_a_day_is_the_part_that_it_lies_in(text: str, day: date) -> None:
    bounds = read(text)
    kinds = {part.kind for part in bounds.parts() if whole(part)[0] <= day <= whole(part)[1]}
    said = bounds.on(day)
    assert (said in CERTAIN) == ("certain" in kinds)
    if said == "possible":
        assert kinds == {"possible"}
    if not kinds or "open" in kinds:
        assert said == ""


@given(
    dates(),
    st.dates(date(1989, 11, 1), date(1990, 3, 1)),
    st.integers(0, 200),
    st.sampled_from([(0.0, 340.0), (300.0, 700.0)]),
)
def test_bars_lie_in_the_band_in_order(
    text: str, first: date, length: int, place: tuple[float, float]
) -> None:
    left, width = place
    bounds = read(text)
    last = first + length * DAY
    scale = Scale(first, last, left, width)
    end = 0.0
    for mark in scale.marks(bounds):
        assert left <= mark.x <= left + width
        assert mark.x + mark.width <= left + width + 2  # a short one is drawn so wide that it is seen
        assert mark.x >= end - 2.1
        end = mark.x + mark.width
    shown = [part for part in bounds.parts() if whole(part)[0] <= last and whole(part)[1] >= first]
    assert [mark.kind for mark in scale.marks(bounds)] == [part.kind for part in shown]
    for mark, part in zip(scale.marks(bounds), shown, strict=True):
        assert ("left" in mark.cut) == (whole(part)[0] < first)
        assert ("right" in mark.cut) == (whole(part)[1] > last)


@given(st.dates(date(1, 1, 1), date(9990, 1, 1)), st.integers(0, 40_000), st.sampled_from([340.0, 700.0]))
@example(date(1, 1, 1), 0, 340.0)
def test_the_axis_names_each_day_once_and_leaves_room(first: date, length: int, width: float) -> None:
    last = min(first + timedelta(days=length), date.max)
    scale = Scale(first, last, 0, width)
    ticks = scale.ticks()
    assert ticks[0].first == first
    assert ticks[-1].last == last
    assert all(a.last + DAY == b.first for a, b in pairwise(ticks))
    assert all(tick.width >= 21.9 for tick in ticks) or not scale.by_day
    assert len(ticks) <= 33
    assert {tick.text for tick in scale.months()} == set() or scale.by_day


def test_the_ends_of_the_calendar_are_no_trap() -> None:
    for bounds in (
        Bounds(date.min, date.min),
        Bounds(None, None, date.max, date.max),
        Bounds(date.min, None, None, date.max),
        Bounds(latest_start=date.min, earliest_end=date.max),
        Bounds(None, date.min),
        Bounds(None, None, date.max),
    ):
        assert bounds.parts()
        assert Scale(date.min, date.max, 0, 340).marks(bounds)
