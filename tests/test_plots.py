"""Rows drawn: days on an axis, coordinates on a map, and nothing where there is nothing to draw."""

from __future__ import annotations

import re
from itertools import pairwise

import pyoxigraph as ox
import pytest

from kg.documents.descriptions import Term
from kg.names import EDTF_TYPE, XSD
from kg.pages.plots import WIDTH, Map, Timeline, map_of, timeline

WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"


def day(text: str, kind: str = XSD + "date") -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(kind))


def number(value: float) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "decimal"))


def drawn(columns: list[str], rows: list[list[Term | None]]) -> Timeline | None:
    return timeline(
        columns,
        rows,
        [["" if term is None else str(getattr(term, "value", "")) for term in row] for row in rows],
    )


def mapped(columns: list[str], rows: list[list[Term | None]]) -> Map | None:
    return map_of(
        columns,
        rows,
        [["" if term is None else str(getattr(term, "value", "")) for term in row] for row in rows],
    )


def test_days_stand_in_proportion() -> None:
    plot = drawn(["day"], [[day(f"1990-01-{n:02}")] for n in (1, 2, 11)])
    assert plot is not None
    (lane,) = plot.lanes
    first, second, third = (mark.x for mark in lane.marks)
    assert (third - first) == pytest.approx(10 * (second - first), abs=0.3)
    assert (plot.first, plot.last, plot.drawn, plot.undated) == ("1990-01-01", "1990-01-11", 3, 0)
    assert 0 < first < third < WIDTH


def test_rows_of_one_day_stand_one_above_the_other() -> None:
    plot = drawn(
        ["day", "x"], [[day("1990-01-14"), number(n)] for n in range(40)] + [[day("1990-01-19"), number(1)]]
    )
    assert plot is not None
    heights = sorted({mark.y for lane in plot.lanes for mark in lane.marks if mark.x == lane.marks[0].x})
    assert len(heights) == 40
    assert all(after > before for before, after in pairwise(heights))
    assert plot.height < 220  # closer, where there are many


def test_a_stretch_is_as_long_as_it_says_and_half_open_ones_are_dots() -> None:
    plot = drawn(
        ["when"],
        [
            [day(text, EDTF_TYPE)]
            for text in ("1990-01-13/1990-01-19", "1990-01-20", "1990-01", "../1990-01-15")
        ],
    )
    assert plot is not None
    widths = {mark.text: mark.width for mark in plot.lanes[0].marks}
    assert (
        widths["1990-01"]
        > widths["1990-01-13/1990-01-19"]
        > widths["1990-01-20"]
        == widths["../1990-01-15"]
        == 0
    )


def test_two_columns_of_days_have_a_lane_each() -> None:
    rows: list[list[Term | None]] = [
        [day("1990-01-19"), day("1990-01-14")],
        [day("1990-01-15"), None],
        [None, day("1990-01-13")],
    ]
    plot = drawn(["dateline", "depicted"], rows)
    assert plot is not None
    assert [(lane.name, len(lane.marks)) for lane in plot.lanes] == [("dateline", 2), ("depicted", 2)]
    assert (plot.drawn, plot.undated) == (3, 0)


def test_a_column_of_few_names_makes_lanes_and_undated_rows_are_counted() -> None:
    rows: list[list[Term | None]] = [
        [ox.Literal(name), day(when) if when else None]
        for name, when in (("A", "1990-01-14"), ("B", "1990-01-15"), ("A", "1990-01-16"), ("C", ""))
    ]
    plot = drawn(["voice", "day"], rows)
    assert plot is not None
    assert [(lane.name, len(lane.marks)) for lane in plot.lanes] == [("A", 2), ("B", 1)]
    assert plot.undated == 1
    assert plot.lanes[0].base < plot.lanes[1].base


@pytest.mark.parametrize(
    "values",
    [
        [],
        [None],
        [day("1990-01-14")],
        [day("1990-01-14"), day("1990-01-14")],
        [day("1990-01-14"), ox.Literal("yesterday")],
        [day("nonsense"), day("1990-02-31")],
        [day("uncertain", EDTF_TYPE), day("..", EDTF_TYPE)],
        [day("-0044-03-15"), day("12345-01-01")],
        [number(1), number(2)],
        [ox.NamedNode("urn:x:1"), ox.NamedNode("urn:x:2")],
    ],
    ids=range(10),
)
def test_what_is_no_days_is_not_drawn(values: list[Term | None]) -> None:
    assert drawn(["day"], [[value] for value in values]) is None
    assert mapped(["day"], [[value] for value in values]) is None


@pytest.mark.parametrize(("first", "last"), [("1990-01-13", "1990-01-14"), ("1990-01-01", "1990-02-20"), ("1988-02-01", "1990-03-01"), ("1905-01-01", "1994-12-31"), ("0001-01-01", "9999-12-31")])  # fmt: skip
def test_the_axis_names_a_few_days(first: str, last: str) -> None:
    plot = drawn(["day"], [[day(first)], [day(last)]])
    assert plot is not None
    assert 2 <= len(plot.ticks) <= 11
    assert all(0 < tick.at <= WIDTH for tick in plot.ticks)
    assert len({tick.text for tick in plot.ticks}) == len(plot.ticks)
    assert all(after.at - before.at > 30 for before, after in pairwise(plot.ticks))


# ---------------------------------------------------------------------- places


def test_north_is_up_and_east_is_right() -> None:
    plot = mapped(["place", "lat", "long"], [[ox.Literal("Baku"), number(40.4), number(49.9)], [ox.Literal("Moscow"), number(55.8), number(37.6)], [ox.Literal("nowhere"), None, None]])  # fmt: skip
    assert plot is not None
    baku, moscow = plot.marks
    assert baku.x > moscow.x
    assert baku.y > moscow.y
    assert plot.unplaced == 1
    assert baku.text.startswith("Baku")
    assert all(0 <= mark.x <= plot.width and 0 <= mark.y <= plot.height for mark in plot.marks)


def test_a_degree_is_as_long_as_it_is_there() -> None:
    plot = mapped(
        ["lat", "lon"], [[number(60), number(10)], [number(60), number(12)], [number(61), number(10)]]
    )
    assert plot is not None
    corner, east, north = plot.marks
    assert east.x - corner.x == pytest.approx(corner.y - north.y, rel=0.05)  # half as long, at sixty degrees


def test_points_in_wkt() -> None:
    texts = (
        "POINT(49.9 40.4)",
        "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> Point (44.5 40.2)",
        "LINESTRING(0 0, 1 1)",
        "POINT(a b)",
    )
    plot = mapped(["where"], [[day(text, WKT)] for text in texts])
    assert plot is not None
    assert len(plot.marks) == 2
    assert plot.unplaced == 2
    assert plot.marks[0].x > plot.marks[1].x


@pytest.mark.parametrize(
    "value",
    [number(91), ox.Literal("NaN"), ox.Literal("INF"), ox.Literal("north"), ox.NamedNode("urn:x:1"), None],
)
def test_what_is_no_latitude_is_not_drawn(value: Term | None) -> None:
    assert mapped(["latitude", "longitude"], [[value, number(10)]]) is None


def test_one_point_and_the_whole_earth_have_a_sheet() -> None:
    for points in ([(40.4, 49.9)], [(-90, -180), (90, 180)], [(0, 0)]):
        plot = mapped(["lat", "lng"], [[number(lat), number(lng)] for lat, lng in points])
        assert plot is not None
        assert plot.meridians
        assert plot.parallels
        assert 0 < plot.height < 1000


def test_the_coast_is_drawn_where_there_is_one() -> None:
    baku = mapped(["lat", "lng"], [[number(40), number(50)]])
    assert baku is not None
    assert re.fullmatch(r"(?:M[-0-9. L]+Z)+", baku.coast)
    inland = mapped(["lat", "lng"], [[number(48), number(66)]])
    assert inland is not None
    points = [tuple(map(float, point.split())) for point in re.findall(r"[-0-9.]+ [-0-9.]+", inland.coast)]
    assert not [(x, y) for x, y in points if 0 < x < WIDTH and 0 < y < inland.height]
