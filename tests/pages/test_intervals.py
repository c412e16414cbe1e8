"""The drawing of intervals: marks stand where their numbers are, open ends stay open, and words stand on no axis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from xml.etree import ElementTree

import jinja2
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.comparison import MODALITIES, Band, Comparison, Figure, Filters, Interval
from kg.pages.axes import axis, written
from kg.pages.intervals import NARROW, ROWS, WIDE, Measures, drawings, page
from kg.pages.lettering import fitted, flowed, lines, plain, width
from kg.pages.marks import Drawing, brackets
from kg.rows import IRI
from kg.views import Chain, Claim, Voice

EVENT = IRI("https://archive.example/id/event/fair")
MEASURE = IRI("https://archive.example/ns#visitors")
SVG = "{http://www.w3.org/2000/svg}"
numbers = st.integers(0, 10**9) | st.integers(0, 50) | st.integers(-5, 10**40)


def claim(
    number: int, comparator: str, amount: int | None, lower: int | None, upper: int | None, **more: object
) -> Claim:
    """Give a claim that has no more than a drawing looks at."""
    speaker = Voice(
        IRI("https://archive.example/id/org/gazette"), str(more.pop("label", "Gazette")), "speaker", 0
    )
    values = {
        "iri": IRI(f"https://archive.example/id/claim/{number}"), "kind": "QuantityClaim", "subject": EVENT, "predicate": MEASURE,
        "object": amount, "words": f"{amount} visitors", "sentence": "", "denied": False, "claimant": speaker.iri,
        "voices": Chain([speaker]), "as_of": date(1901, 5, 3), "comparator": comparator, "amount": amount, "lower": lower, "upper": upper,
    }  # fmt: skip
    return Claim(**(values | more))  # type: ignore[arg-type]


def compared(claims: Sequence[Claim], label: str = "Fair") -> Comparison:
    band = Band("same", EVENT, label, tuple(Figure(each, Interval.of(each)) for each in claims))
    return Comparison(
        EVENT, label, MEASURE, "visitors", "Visitors", Filters(), (band,), tuple(claims), (), ()
    )


def drawn(
    claims: Sequence[Claim], measures: Measures = WIDE, *, tens: bool = False, label: str = "Fair"
) -> Drawing:
    comparison = compared(claims, label)
    found = drawings(comparison, page(comparison, 1), measures, tens=tens)
    assert len(found) == 1
    return found[0]


def svg(drawing: Drawing) -> ElementTree.Element:
    """Give the drawing as the template writes it, read as XML."""
    return ElementTree.fromstring(str(macros().drawing(drawing)))  # type: ignore[attr-defined]  # noqa: S314


@cache
def macros() -> object:
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("kg.pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    return templates.get_template("figures.html").module


quantities = st.lists(
    st.tuples(
        st.sampled_from([*MODALITIES, ""]),
        st.none() | numbers,
        st.none() | numbers,
        st.none() | numbers,
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@given(quantities, st.sampled_from([WIDE, NARROW]), st.booleans())
def test_each_mark_is_inside_the_drawing_and_where_its_numbers_are(
    said: list[tuple[str, int | None, int | None, int | None, bool, bool]], measures: Measures, tens: bool
) -> None:
    claims = [
        claim(number, comparator, amount, lower, upper, denied=denied, veiled=veiled)
        for number, (comparator, amount, lower, upper, denied, veiled) in enumerate(said)
    ]
    drawing = drawn(claims, measures, tens=tens)
    shown = [each for each in claims if not each.veiled]
    assert len(drawing.marks) == len(shown)
    heights = [mark.y for mark in drawing.marks]
    assert heights == sorted(set(heights))
    assert all(0 < y < drawing.height for y in heights)
    for mark, each in zip(drawing.marks, shown, strict=True):
        interval = Interval.of(each)
        assert mark.shape == interval.shape
        if not interval.numbers:
            assert (mark.start, mark.end) == measures.lane
            assert not any(top <= mark.y <= bottom for top, bottom in drawing.gridded)
            continue
        assert drawing.axis is not None
        assert any(top < mark.y < bottom for top, bottom in drawing.gridded)
        left, right = drawing.axis.left, drawing.axis.right
        open_end = right + 20
        assert left <= mark.start <= mark.end <= open_end
        if interval.shape == "from":
            assert (mark.start, mark.end) == (drawing.axis.x(interval.numbers[0]), open_end)
        elif interval.shape == "to":
            assert (mark.start, mark.end) == (left, drawing.axis.x(interval.numbers[0]))
        else:
            assert mark.end <= right
            assert (mark.start == mark.end) == (
                drawing.axis.x(interval.numbers[0]) == drawing.axis.x(interval.numbers[-1])
            )
    assert all(0 <= text.x <= measures.width and 0 < text.y <= drawing.height for text in drawing.texts)
    svg(drawing)


@given(st.lists(numbers, min_size=1, max_size=20), st.integers(2, 6), st.booleans())
def test_an_axis_holds_its_numbers_in_order_and_has_zero(found: list[int], most: int, tens: bool) -> None:
    made = axis(found, 10.0, 310.0, most=most, tens=tens)
    places = [made.x(number) for number in sorted(found)]
    assert places == sorted(places)
    assert all(10 <= place <= 310 for place in places)
    ticks = made.ticks
    assert "0" in [tick.text for tick in ticks]
    assert len(ticks) <= most + 2
    assert [tick.x for tick in ticks] == sorted(tick.x for tick in ticks)
    assert (ticks[0].x, ticks[-1].x) == (10, 310)
    assert len({tick.text for tick in ticks}) == len(ticks)


def test_steps_of_ten_keep_zero_apart() -> None:
    made = axis([0, 3, 40, 250_000], 0.0, 100.0, most=5, tens=True)
    assert [tick.text for tick in made.ticks] == ["0", "1", "100", "10,000", "1,000,000"]
    assert made.x(0) == 0 < made.broken < made.x(1) < made.x(10)  # type: ignore[operator]
    assert round(made.x(100) - made.x(10), 0) == round(made.x(10_000) - made.x(1_000), 0)
    assert not axis([-1, 5], 0.0, 100.0, most=5, tens=True).tens


def test_numbers_on_an_axis() -> None:
    assert [written(each) for each in (0, 999, 250_000, -40, 10**9, 3 * 10**12, 15 * 10**22, 10**40)] == ["0", "999", "250,000", "-40", "10⁹", "3·10¹²", "1.5·10²³", "10⁴⁰"]  # fmt: skip


def elements(drawing: Drawing, shape: str) -> list[tuple[str, str]]:
    """Give the elements of the marks of *shape*, each with its class."""
    group = svg(drawing).find(f"{SVG}g[@class='mark-{shape}']")
    assert group is not None
    return [(each.tag.removeprefix(SVG), each.get("class", "")) for each in group]


def test_each_modality_has_marks_of_its_own() -> None:
    said: list[tuple[str, str, dict[str, int], list[tuple[str, str]]]] = [
        ("exactly", "exactly", {"amount": 40}, [("circle", "dot")]),
        ("unqualified", "unqualified", {"amount": 40}, [("path", "ring")]),
        ("atLeast", "from", {"amount": 40}, [("path", "line"), ("path", "line"), ("circle", "dot")]),
        ("moreThan", "from", {"amount": 40}, [("path", "line"), ("path", "line"), ("circle", "ring")]),
        ("atMost", "to", {"amount": 40}, [("path", "line"), ("path", "line"), ("circle", "dot")]),
        ("lessThan", "to", {"amount": 40}, [("path", "line"), ("path", "line"), ("circle", "ring")]),
        ("between", "span", {"lower": 10, "upper": 40}, [("path", "span"), ("path", "line")]),
        ("about", "soft", {"amount": 40}, [("circle", "halo"), ("circle", "dot")]),
        ("estimated", "soft", {"amount": 40}, [("circle", "halo"), ("circle", "dot")]),
        ("vague", "words", {}, [("rect", "word"), ("path", "hatch")]),
        ("unknown", "unknown", {}, [("rect", "word open"), ("text", "query")]),
    ]
    for comparator, shape, values, expected in said:
        each = claim(1, comparator, values.get("amount"), values.get("lower"), values.get("upper"))
        assert elements(drawn([each]), shape) == expected, comparator


def test_an_open_end_has_no_cap_and_a_soft_one_no_width() -> None:
    drawing = drawn([claim(1, "atLeast", 40, 40, None), claim(2, "about", 30, None, None)])
    assert drawing.axis is not None
    assert drawing.marks[0].end > drawing.axis.right
    assert drawing.marks[1].start == drawing.marks[1].end


def test_a_denial_is_crossed_out() -> None:
    assert elements(drawn([claim(1, "exactly", 40, None, None, denied=True)]), "exactly")[-1] == (
        "path",
        "denial",
    )


def test_what_is_veiled_leaves_no_trace_on_the_axis() -> None:
    drawing = drawn([claim(1, "exactly", 7777, None, None, veiled=True), claim(2, "exactly", 4, None, None)])
    text = ElementTree.tostring(svg(drawing), "unicode")
    assert "7777" not in text
    assert drawing.axis is not None
    assert drawing.axis.high < 100
    assert [each.text for each in drawing.texts if each.kind == "words"] == ["veiled", "4 visitors"]


def test_units_share_no_axis() -> None:
    comparison = compared(
        [
            claim(1, "exactly", 1, None, None, unit=IRI("urn:weeks")),
            claim(2, "exactly", 7, None, None, unit=IRI("urn:days")),
        ]
    )
    found = drawings(comparison, page(comparison, 1), WIDE)
    assert [drawing.axis.high if drawing.axis else 0 for drawing in found] == [1, 8]


def test_no_figure_stands_in_title_or_description() -> None:
    drawing = svg(drawn([claim(1, "exactly", 4, None, None), claim(2, "atLeast", 87, 87, None)]))
    said = [drawing.findtext(f"{SVG}{name}") for name in ("title", "desc")]
    assert said[0] == "Visitors, Fair: 2 claims, each by itself"
    assert not {"4", "87"} & set(" ".join(map(str, said)).replace(",", " ").split())


@given(st.text(max_size=300))
def test_any_label_gives_well_formed_xml_without_style(label: str) -> None:
    for measures in (WIDE, NARROW):
        root = svg(drawn([claim(1, "exactly", 4, None, None, label=label)], measures, label=label))
        for each in root.iter():
            assert not any(name.startswith("on") or name in ("style", "href") for name in each.attrib)
            assert each.tag.removeprefix(SVG) in {
                "svg",
                "title",
                "desc",
                "path",
                "g",
                "circle",
                "rect",
                "text",
            }


def test_pages_of_many_rows_leave_none_out() -> None:
    claims = [claim(number, "exactly", number, None, None) for number in range(2 * ROWS + 3)]
    comparison = compared(claims)
    shown = [
        figure.claim.iri
        for number in (1, 2, 3)
        for _, figures in page(comparison, number)
        for figure in figures
    ]
    assert shown == [each.iri for each in claims]
    assert page(comparison, 4) == []
    axes = {drawings(comparison, page(comparison, number), WIDE)[0].axis for number in (1, 2, 3)}
    assert len(axes) == 1


@given(st.text(max_size=200), st.floats(20, 400), st.integers(1, 3))
def test_lines_fit_and_say_where_they_end_early(text: str, space: float, most: int) -> None:
    found = lines(text, 13, space, most)
    assert len(found) <= most
    assert all(width(line, 13) <= space or line == "…" for line in found)
    whole = "".join(found).replace(" ", "") == plain(text).replace(" ", "")
    assert whole or any(line.endswith("…") for line in found)
    assert all(width(line, 13) <= space or line == "…" for line in flowed([text, text], 13, space))


def test_a_long_word_is_cut_and_says_so() -> None:
    assert fitted("W" * 3000, 13, 100).endswith("W…")
    assert len(fitted("a" + "\u0338" * 3000, 13, 100)) < 500


def test_brackets_that_would_cross_stand_side_by_side() -> None:
    found, lanes = brackets([(10.0, 30.0), (20.0, 40.0), (50.0, 60.0), (70.0,)], 100.0)
    assert [(each.x, each.top, each.bottom) for each in found] == [
        (100, 10, 30),
        (108, 20, 40),
        (100, 50, 60),
    ]
    assert lanes == 2


def test_the_drawings_of_the_collection(archive: kg.Archive) -> None:
    comparison = archive.compare("baku-1990-01", "deaths")
    for measures in (WIDE, NARROW):
        (drawing,) = drawings(comparison, page(comparison, 1), measures)
        assert [mark.shape for mark in drawing.marks] == (
            [
                "unqualified",
                "words",
                "from",
                "unqualified",
                "unqualified",
                "unqualified",
                "soft",
                "span",
                "words",
                "soft",
                "unknown",
                "unqualified",
                "unqualified",
                "from",
                "unqualified",
                "from",
                "from",
                "from",
                "from",
            ]
        )
        assert [tick.text for tick in drawing.ticks][:2] == ["0", "100"]
        assert [len(each.arms) for each in drawing.brackets] == [4, 3, 2, 4]
        svg(drawing)
