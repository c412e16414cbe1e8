"""The timeline: days with what is said to have happened and what was reported, typed from the text; and what was known on a day."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import invented
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.chronology import Day
from suites import ROOT

TYPED = ROOT / "tests" / "timeline.csv"
REPORTED = {14: 3, 15: 36, 16: 51, 17: 61, 19: 16, 21: 10, 22: 22, 23: 11}
"""Claims by day of January 1990, counted in the files of the sources."""


def rows(archive: kg.Archive, day: Day) -> list[list[str]]:
    found = []
    for lane, times in (
        ("happened", day.happened),
        ("possible", [("possible", span) for span in day.possible]),
    ):
        for how, span in times:
            speakers = "; ".join(claim.voices[0].label for claim in span.claims)
            found.append([str(day.date), lane, str(how), archive.base.compact(span.subject), f"{span.words}: {speakers}"])  # fmt: skip
    for claim in day.reported:
        if claim.kind == "QuantityClaim":
            found.append([str(day.date), "reported", "", archive.base.compact(claim.subject), f"{claim.words}: {claim.voices[0].label}"])  # fmt: skip
    return found


def test_the_days_as_typed_from_the_text(archive: kg.Archive) -> None:
    typed = [row for row in csv.reader(TYPED.read_text(encoding="utf-8").splitlines()) if row[0] != "day"]
    line = archive.timeline("1990-01-13", "1990-01-21")
    found = [row for day in line.days for row in rows(archive, day)]
    assert sorted(found) == sorted(typed)


def test_the_stretch_with_the_most_is_what_is_shown(archive: kg.Archive) -> None:
    line = archive.timeline()
    assert (line.first, line.last) == (date(1990, 1, 13), date(1990, 1, 23))
    assert {day.date.day: day.total for day in line.days if day.total} == REPORTED
    of_years_before = 3  # of the censuses of 1979 and 1989, and of November 1988
    assert [day.known for day in line.days][-1] == of_years_before + sum(REPORTED.values()) == 213
    assert all(day.total == len(day.reported) == sum(n for _, n in day.counts) for day in line.days)
    assert [str(photo.dateline) for day in line.days for photo in day.photographs] == sorted(
        str(photo.dateline) for photo in archive.photographs() if photo.dateline
    )


def test_other_years_stand_before_and_after(archive: kg.Archive) -> None:
    line = archive.timeline()
    assert [span.words for span in line.before] == ["from 1905", "1988", "from 1988", "died 14 December 1989"]
    assert [span.first.year for span in line.after if span.first] == [2010, 2010, 2011]
    assert {span.words for span in line.loose} == {"January 1990", "from 1988 to 1990"}
    assert {span.words for span in line.boundless} == {
        "from 13 January, year not stated",
        "until 19 January, year not stated",
    }


def test_years_are_listed_by_the_days_that_are_named(archive: kg.Archive) -> None:
    line = archive.timeline("1900-01-01", "2020-12-31")
    listed = {day.date for day in line.days}
    assert {date(1990, 1, 13), date(1990, 1, 15), date(2010, 10, 15), date(2011, 2, 27)} <= listed
    assert date(1988, 1, 1) not in listed
    assert {"1988", "from 1988 to 1990", "from 1905"} <= {span.words for span in line.loose}
    assert line.before == line.after == ()
    placed = {id(span) for day in line.days for _, span in day.happened} | set(map(id, line.loose))
    assert all(id(span) in placed or span.words == "19 or 20 January 1990" for span in line.spans)


@pytest.mark.parametrize("number", range(12, 24))
def test_a_day_says_what_the_question_day_says(archive: kg.Archive, number: int) -> None:
    day = date(1990, 1, number)
    line = archive.timeline("1990-01-10", "1990-01-25")
    (found,) = (each for each in line.days if each.date == day)
    asked = archive.query("day", day=str(day))
    lanes = {
        "happened": {claim.iri for _, span in found.happened for claim in span.claims},
        "possible": {
            claim.iri
            for span in (*found.possible, *(span for span in line.loose if span.bounds.on(day)))
            for claim in span.claims
        },
        "reported": {claim.iri for claim in found.reported},
    }
    for lane, claims in lanes.items():
        assert claims == {row.claim for row in asked if row.lane == lane}, lane


@pytest.mark.parametrize("as_of", ["1990-01-12", "1990-01-15", "1990-01-18", "1990-01-23", "2030-01-01"])
def test_as_known_on_a_day_nothing_later_and_nothing_undated_counts(archive: kg.Archive, as_of: str) -> None:
    limit = date.fromisoformat(as_of)
    line = archive.timeline("1990-01-10", "1990-02-10", as_of=as_of)
    spans = [*line.spans, *line.before, *line.after, *line.boundless]
    claims = [claim for span in spans for claim in span.claims]
    claims += [claim for day in line.days for claim in day.reported]
    assert all(claim.as_of is not None and claim.as_of <= limit for claim in claims)
    known = archive.as_of(as_of)
    listed = {claim.iri for claim in known.claims if claim.as_of and date(1990, 1, 10) <= claim.as_of <= date(1990, 2, 10)}  # fmt: skip
    assert sum(day.total for day in line.days) == len(listed)
    assert {claim.iri for day in line.days for claim in day.reported} == listed
    assert [claim.iri for claim in line.undated] == [claim.iri for claim in known.undated]
    assert all(day <= limit for day, _, _ in line.reporting)
    assert line.derived == 12


def test_a_limit_ends_the_days_that_nobody_asked_for(archive: kg.Archive) -> None:
    assert archive.timeline(as_of="1990-01-16").last == date(1990, 1, 16)
    assert archive.timeline(last="1990-01-20", as_of="1990-01-16").last == date(1990, 1, 20)
    assert archive.timeline("1990-01-20", as_of="1990-01-16").first == date(1990, 1, 20)
    assert archive.timeline(last="1980-01-01").first == date(1980, 1, 1)


def test_a_day_that_is_none_is_said(archive: kg.Archive) -> None:
    with pytest.raises(kg.QueryError, match="is no day"):
        archive.timeline("16 January")
    with pytest.raises(kg.QueryError, match="1990-01-13 is before 1990-01-20"):
        archive.timeline("1990-01-20", "1990-01-13")


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(0, 20_000))
def test_no_day_is_listed_twice_or_outside(archive: kg.Archive, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    line = archive.timeline(first, last)
    days = [day.date for day in line.days]
    assert days == sorted(set(days))
    assert all(first <= day <= last for day in days)
    known = {*line.spans, *line.before, *line.after, *line.boundless}
    assert len(known) == len(line.spans) + len(line.before) + len(line.after) + len(line.boundless) == 25 - 1
    assert {*line.loose} <= {*line.spans}


def test_without_dates_there_is_no_timeline(fair: kg.Archive, tmp_path: Path) -> None:
    with pytest.raises(kg.NotFound, match="no claim in this release has a date"):
        invented.opened("event:x a schema:Event .", tmp_path).timeline()


def test_only_times_and_no_reports(tmp_path: Path) -> None:
    claims = "".join(
        invented.claim(f"c{number}", "DateClaim", f'event:x kg:date "{text}"^^edtf:EDTF')
        for number, text in enumerate(("1901", "1903/..", "-0044-03-15", "1901-13-45"))
    )
    line = invented.opened('event:x a schema:Event ; rdfs:label "X"@en .' + claims, tmp_path).timeline()
    assert (line.first, line.last) == (date(1901, 1, 1), date(1901, 1, 1))
    assert {span.words for span in line.boundless} == {"-0044-03-15", "1901-13-45"}
    assert dict(line.undated_counts) == {"DateClaim": 4}


def test_more_claims_than_can_be_listed_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.chronology.MOST", 2)
    claims = "".join(
        invented.claim(
            f"c{number}",
            "QuantityClaim",
            f"event:x kg:participants {number}",
            kg_asOfLatest='"1901-05-03"^^xsd:date',
        )
        for number in range(3)
    )
    line = invented.opened('event:x a schema:Event ; rdfs:label "X"@en .' + claims, tmp_path).timeline()
    assert not line.listed
    assert [(day.total, day.counts, day.reported) for day in line.days] == [(3, (("QuantityClaim", 3),), ())]


def test_when_something_was(archive: kg.Archive) -> None:
    times = archive.times("sumgait-1988")
    assert [(span.words, span.bounds.on(date(1988, 5, 1)), span.bounds.on(date(1999, 1, 1))) for span in times] == [("from 1988", "", "")]  # fmt: skip
    assert archive.times("karabakh-war") == ()


def test_a_long_stretch_is_shown_where_the_most_lies(tmp_path: Path) -> None:
    days = [date(1901, 1, 1) + timedelta(days=each) for each in (*range(0, 200, 5), 151, 152, 153)]
    claims = "".join(
        invented.claim(f"c{number}", "RelationClaim", f"event:x kg:ongoingOn {number}", kg_asOfLatest=f'"{day}"^^xsd:date')
        for number, day in enumerate(days)
    )  # fmt: skip
    line = invented.opened('event:x a schema:Event ; rdfs:label "X"@en .' + claims, tmp_path).timeline()
    assert (line.last - line.first).days < 62
    assert {date(1901, 1, 1) + timedelta(days=each) for each in (151, 152, 153)} <= {
        day.date for day in line.days
    }
    assert sum(day.total for day in line.days) == max(
        sum(first <= day <= first + timedelta(days=61) for day in days) for first in days
    )
