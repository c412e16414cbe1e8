"""Dates in EDTF: the bounds that each form says, and the traps of the package underneath."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import edtf
from kg.edtf import Bounds

days = st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31))

BOUNDS = {
    # a single date is a stretch within which the thing lies
    "1990-01": Bounds("1990-01-01", None, None, "1990-01-31"),
    "1990": Bounds("1990-01-01", None, None, "1990-12-31"),
    "1990-01-14": Bounds("1990-01-14", None, None, "1990-01-14"),
    "1992-02": Bounds("1992-02-01", None, None, "1992-02-29"),
    "1990-01-14T10:00:00": Bounds("1990-01-14", None, None, "1990-01-14"),
    "-0044-03-15": Bounds("-0044-03-15", None, None, "-0044-03-15"),
    # an interval says when it began and when it ended
    "1990-01-13/1990-01-19": Bounds("1990-01-13", "1990-01-13", "1990-01-19", "1990-01-19"),
    "1990-01-13/1990-01-13": Bounds("1990-01-13", "1990-01-13", "1990-01-13", "1990-01-13"),
    "1988/1990-01": Bounds("1988-01-01", "1988-12-31", "1990-01-01", "1990-01-31"),
    # an open or unknown end bounds nothing; the package raises or invents one
    "1990-01-13/..": Bounds("1990-01-13", "1990-01-13", None, None),
    "../1990-01-15": Bounds(None, None, "1990-01-15", "1990-01-15"),
    "/1990": Bounds(None, None, "1990-01-01", "1990-12-31"),
    "1990/": Bounds("1990-01-01", "1990-12-31", None, None),
    "[..1990]": Bounds(None, None, None, "1990-12-31"),
    "[1990..]": Bounds("1990-01-01", None, None, None),
    # without a year there is nothing to compare
    "XXXX-01-13": Bounds(),
    "XXXX-01-13/..": Bounds(),
    "../XXXX-01-19": Bounds(),
    # a qualified date or a season gives no day
    "1990-01~": Bounds(),
    "1990-01-13?": Bounds(),
    "2004-06~-11": Bounds(),
    "1990?/1991": Bounds(None, None, "1991-01-01", "1991-12-31"),
    "1990-21": Bounds(),
    "1990-33": Bounds(),
    # unspecified digits
    "19XX": Bounds("1900-01-01", None, None, "1999-12-31"),
    "1990-01-XX": Bounds("1990-01-01", None, None, "1990-01-31"),
    "1560-XX-25": Bounds("1560-01-25", None, None, "1560-12-25"),
    "19XX-02-29": Bounds("1900-02-28", None, None, "1999-02-28"),
    # sets
    "[1990-01-13..1990-01-15]": Bounds("1990-01-13", None, None, "1990-01-15"),
    "{1990,1992}": Bounds("1990-01-01", None, None, "1992-12-31"),
    "[1990-01-19,1990-01-20]": Bounds("1990-01-19", None, None, "1990-01-20"),
    "[1988,1990-01]": Bounds("1988-01-01", None, None, "1990-01-31"),
    # years that xsd:date and calendars do not reach
    "Y170000": Bounds(),
}

INVALID = (
    "", "..", "/", "../..", "/..", "open", "1990-13", "1990-02-30", "1990-01-13/open", "unknown/1990", "1990//1991",
    "1990-01-19/1990-01-13", " 1990", "1990\n", "[1990", "13.01.1990", "January 1990", "१९९०", "1990-1-3",
    "{" + ",".join(["1990"] * 80) + "}",
)  # fmt: skip

WORDS = {
    "1990-01-13": "13 January 1990",
    "1990-01": "January 1990",
    "1988": "1988",
    "1990-01-13/1990-01-19": "from 13 to 19 January 1990",
    "1990-01-13/1990-02-02": "from 13 January to 2 February 1990",
    "1989-12-30/1990-01-02": "from 30 December 1989 to 2 January 1990",
    "1990-01/1990-03": "from January to March 1990",
    "1990-01-13/1990-01-13": "13 January 1990",
    "1988/1990-01": "from 1988 to January 1990",
    "1990-01-13/..": "from 13 January 1990",
    "../1990-01-15": "until 15 January 1990",
    "1990/": "from 1990, end not known",
    "/1990": "until 1990, start not known",
    "XXXX-01-13/..": "from 13 January, year not stated",
    "../XXXX-01-19": "until 19 January, year not stated",
    "XXXX-01": "January, year not stated",
    "1990-01-XX": "January 1990, day not stated",
    "1990-XX-XX": "1990, day and month not stated",
    "1990-01~": "about January 1990",
    "1990?": "1990 (uncertain)",
    "1990%": "about 1990 (uncertain)",
    "1990-21": "spring 1990",
    "19XX": "19XX",
    # one of a set of plain dates; what two neighbours share is said once
    "[1990-01-19,1990-01-20]": "19 or 20 January 1990",
    "[1990-01-19, 1990-01-20]": "19 or 20 January 1990",
    "[1990-01-18,1990-01-19,1990-01-20]": "18, 19 or 20 January 1990",
    "[1990-01-19,1990-02-20,1990-01-21]": "19 January, 20 February or 21 January 1990",
    "[1990-01-31,1990-02-01,1990-02-02]": "31 January, 1 or 2 February 1990",
    "[1989-12-31,1990-01-01]": "31 December 1989 or 1 January 1990",
    "[1990-01,1990-03]": "January or March 1990",
    "[1988,1990]": "1988 or 1990",
    "[1990-01-19,1990-02]": "19 January 1990 or February 1990",
    # what is no set of plain dates, or holds for all of them, stays as it is
    "[1990..1992]": "[1990..1992]",
    "[..1990]": "[..1990]",
    "[1988,1990..1992]": "[1988,1990..1992]",
    "[1990-01-19,1990-01-20?]": "[1990-01-19,1990-01-20?]",
    "[1990-01-XX,1990-02-01]": "[1990-01-XX,1990-02-01]",
    "{1990-01-19,1990-01-20}": "{1990-01-19,1990-01-20}",
    "1990-33": "1990-33",
}


@pytest.mark.parametrize(("text", "expected"), BOUNDS.items())
def test_bounds(text: str, expected: Bounds) -> None:
    assert edtf.bounds(text) == expected


@pytest.mark.parametrize("text", INVALID)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"EDTF|ends before"):
        edtf.bounds(text)
    with pytest.raises(ValueError, match=r"EDTF|ends before"):
        edtf.words(text)


@pytest.mark.parametrize(("text", "expected"), WORDS.items())
def test_words(text: str, expected: str) -> None:
    assert edtf.words(text) == expected


def test_one_open_digit_of_a_month_is_refused_without_the_packages_own_print(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for text in ("1984-1X", "1984-X2", "1984-X5{"):
        with pytest.raises(ValueError, match="leaves one digit of a month open"):
            edtf.bounds(text)
    assert capsys.readouterr().out == ""


def test_words_in_another_language_are_refused() -> None:
    with pytest.raises(ValueError, match="English"):
        edtf.words("1990", "hy")


def test_the_import_hides_the_packages_own_warnings_and_no_other() -> None:
    code = "import warnings; from kg import edtf; warnings.warn('another')"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], check=False, capture_output=True, text=True
    )
    assert run.stderr.rstrip().endswith("UserWarning: another")


@settings(max_examples=30)
@given(days, st.integers(0, 10_000))
def test_interval_of_days_has_its_own_days_as_bounds(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(9999, 12, 31))
    assert edtf.bounds(f"{first}/{last}") == Bounds(str(first), str(first), str(last), str(last))


@settings(max_examples=20)
@given(
    st.dates(min_value=date(1, 1, 1)) | st.dates(min_value=date(1896, 2, 27), max_value=date(1904, 3, 1)),
    st.sampled_from((4, 7, 10)),
)
def test_plain_dates_are_read_as_the_package_reads_them(day: date, length: int) -> None:
    text = day.isoformat()[:length]
    parsed = edtf._parse(text)
    assert edtf._span(text) == (edtf._day(parsed, "lower"), edtf._day(parsed, "upper"))


@pytest.mark.parametrize(
    "text", ["1990-13", "1990-02-30", "1900-02-29", "1990-01-00", "0000", "1990-00", "19900113"]
)
def test_what_is_on_no_calendar_is_left_to_the_package(text: str) -> None:
    assert edtf._stretch(text) is None


@settings(max_examples=30)
@given(days)
def test_a_less_precise_date_holds_the_more_precise_one(day: date) -> None:
    for text in (f"{day:%Y-%m}", f"{day:%Y}"):
        found = edtf.bounds(text)
        assert found.earliest_start is not None and found.latest_end is not None
        assert found.earliest_start <= str(day) <= found.latest_end


@given(st.text(alphabet="0123456789X-/.?~%[]{},TYES+:^ ", max_size=24) | st.text(max_size=12))
def test_any_text_gives_dates_in_order_or_a_value_error(text: str) -> None:
    try:
        found = edtf.bounds(text)
    except ValueError:
        return
    for day in found:
        assert day is None or date.fromisoformat(day.removeprefix("-").replace("0000-", "0400-"))
    assert edtf.words(text)


@given(st.dates(), st.dates())
def test_a_stretch_of_days_has_the_bounds_that_it_was_made_of(one: date, other: date) -> None:
    first, last = sorted((one, other))
    found = edtf.bounds(edtf.within(first, last))
    assert found.earliest_start == first.isoformat()
    assert found.latest_end == last.isoformat()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("1990-01-01", "1990-12-31", "1990"),
        ("1988-02-01", "1988-02-29", "1988-02"),
        ("1990-02-01", "1990-02-27", "1990-02-01/1990-02-27"),
        ("1990-01-01", "1991-01-31", "1990-01-01/1991-01-31"),
        ("1990-01-01", "1990-02-28", "1990-01-01/1990-02-28"),
        ("1990-02-01", "1990-03-31", "1990-02-01/1990-03-31"),
        ("1990-01-15", "1990-01-15", "1990-01-15"),
    ],
)
def test_a_stretch_is_as_short_as_it_goes(first: str, last: str, expected: str) -> None:
    assert edtf.within(date.fromisoformat(first), date.fromisoformat(last)) == expected
