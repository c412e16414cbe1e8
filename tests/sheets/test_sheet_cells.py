"""Cells and terms: each kind of value reads what it shows, and refuses the rest with what may be meant."""

from __future__ import annotations

import datetime

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import EDTF_TYPE, KG, XSD
from kg.sheets.days import day_fault
from kg.sheets.reading import guarded, unguarded
from kg.sheets.values import (
    KEPT,
    SOURCE,
    Address,
    Day,
    Duration,
    Edtf,
    Kind,
    Reference,
    String,
    Term,
    Text,
    Unread,
    Whole,
    Word,
    name,
)

SLUGS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)
IRIS = st.builds(SOURCE.id, st.sampled_from(["event", "place", "org", "work"]), SLUGS)
FOREIGN = st.from_regex(r"https?://[a-z]{1,9}\.example/[A-Za-z0-9./?=&_-]{0,20}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


class Anything:
    """A collection in which every name is one."""

    def own(self, iri: str) -> str:
        return iri

    def fault(self, iri: str, written: str, types: object, scheme: str) -> Unread | None:
        return None if iri else Unread(f"{written!r} is nothing", "")

    def near(self, written: str, words: object) -> str:
        return ""


def literal(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(datatype))


TERMS: st.SearchStrategy[Term] = st.one_of(
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="en")),
    TEXTS.map(lambda text: ox.Literal(text, language="hy")),
    st.integers().map(lambda number: literal(str(number), XSD + "integer")),
    TEXTS.map(lambda text: literal(text, XSD + "integer")),
    st.dates().map(lambda day: literal(day.isoformat(), XSD + "date")),
    TEXTS.map(lambda text: literal(text, XSD + "date")),
    st.sampled_from(["1990", "1990-01/..", "../1990-01-19", "[1990-01-19,1990-01-20]", " 1990"]).map(
        lambda text: literal(text, EDTF_TYPE)
    ),
    st.sampled_from(["P7D", "P", "PT5M", "-P1D"]).map(lambda text: literal(text, XSD + "duration")),
    st.one_of(IRIS, FOREIGN, st.sampled_from([KG + "atLeast", KG + "about", "event:x", "urn:a:b"])).map(ox.NamedNode),
    st.just(ox.BlankNode("b1")),
)  # fmt: skip
KINDS: list[Kind] = [
    Text("en"), String(), Whole(), Day(), Edtf(), Duration(), Word(("atLeast", "about")), Reference(), Reference(("event",)),
    Reference(("event", "org"), foreign=True), Address(),
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: type(kind).__name__)
@given(term=TERMS)
def test_a_cell_reads_as_the_term_that_it_shows(kind: Kind, term: Term) -> None:
    shown = kind.show(term)
    if shown is not None and kind.concerns(term) and not (isinstance(kind, Whole) and shown.startswith("-")):
        assert shown
        assert shown != KEPT
        if len(shown) <= 18 or not isinstance(kind, Whole):
            assert kind.read(shown, Anything()) == term


@given(TEXTS)
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    cell = guarded(text)
    assert unguarded(cell) == text
    assert cell[:1] not in ("=", "@", "\t", "\r")
    assert cell[:1] not in ("+", "-") or cell[1:].replace(".", "", 1).replace(",", "", 1).isdecimal()


@given(st.one_of(IRIS, FOREIGN))
def test_a_name_means_its_iri(iri: str) -> None:
    written = name(iri)
    assert written is None or SOURCE.expand(written) == iri


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("16.01.1990", "1990-01-16"), ("16.1.90", "1990-01-16"), ("1/16/90", "1990-01-16"), ("16/1/1990", "1990-01-16"),
        ("16 January 1990", "1990-01-16"), ("January 16, 1990", "1990-01-16"), ("16 Jan 1990", "1990-01-16"),
        ("1990-1-16", "1990-01-16"), ("1990/01/16", "1990-01-16"), ("32889", "1990-01-16"),
        ("3/4/1990", "1990-04-03 or 1990-03-04"), ("2.3.10", "1910-03-02 or 2010-03-02"),
    ],
)  # fmt: skip
def test_a_date_in_another_style_is_refused_with_what_may_be_meant(text: str, meant: str) -> None:
    with pytest.raises(Unread) as refused:
        Day().read(text, Anything())
    assert meant in refused.value.remedy


@pytest.mark.parametrize(
    "text", ["", "1990", "30.02.1990", "16 Foo 1990", "0", "99999", "1990-02-30", "١٢٣٤٥"]
)
def test_what_is_no_date_is_offered_none(text: str) -> None:
    assert day_fault(text)[1] == "write year, month and day as 1990-01-16"


@given(st.dates(datetime.date(1931, 1, 1), datetime.date(2029, 12, 31)))
def test_a_day_with_points_means_itself(day: datetime.date) -> None:
    assert day.isoformat() in day_fault(f"{day.day}.{day.month}.{day.year}")[1]


@given(st.text(max_size=30))
def test_advice_on_dates_never_fails(text: str) -> None:
    sentence, remedy = day_fault(text)
    assert sentence
    assert remedy


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1,000", "1000"), ("215 807", "215807"), ("1.000.000", "1000000"), ("25.0", "25"), ("032", "32"), ("many", "for example")],
)  # fmt: skip
def test_a_number_with_separators_is_refused_with_its_digits(text: str, meant: str) -> None:
    with pytest.raises(Unread) as refused:
        Whole().read(text, Anything())
    assert meant in refused.value.remedy
