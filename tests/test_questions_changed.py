"""The questions on the real collection with one thing changed: what it does not hold yet, each must still answer rightly."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import Dataset

import collection
import kg
from kg.names import KG, Base
from kg.queries import Catalog
from suites import ROOT

CATALOG = Catalog.load(ROOT / "queries")
BASE = Base()
COUNTS = {"sources", "voices", "claims-by-kind"}
"""Questions whose rows count claims and name none."""
WHATEVER_STATUS = {"resting-on", "decisions"}
"""Questions that look at the record itself, in which a withdrawn claim still stands."""


@pytest.fixture(scope="module")
def quads() -> str:
    return next(collection.built().glob("*/quads.nq")).read_text(encoding="utf-8")


def ask(quads: str, name: str, **params: str) -> list[dict[str, str]]:
    """Give the rows of a question asked of *quads*, cells as texts."""
    store = ox.Store()
    store.load(quads.encode(), format=ox.RdfFormat.N_QUADS)
    found = store.query(CATALOG.find(name).bind(params, BASE), use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [
        {
            name: BASE.compact(cell.value) if isinstance(cell, ox.NamedNode | ox.Literal) else ""
            for name, cell in zip(names, solution, strict=True)
        }
        for solution in found
    ]


def with_rdflib(quads: str, name: str, **params: str) -> list[list[str]]:
    data = Dataset(default_union=True)
    data.parse(data=quads, format="nquads")
    return [
        ["" if cell is None else BASE.compact(str(cell)) for cell in row]
        for row in data.query(CATALOG.find(name).bind(params, BASE))
    ]


def changed(quads: str, old: str, new: str) -> str:
    """Give *quads* with one term of ours for another."""
    assert f"<{KG}{old}>" in quads
    return quads.replace(f"<{KG}{old}>", f"<{KG}{new}>")


def claimed(slug: str, **properties: str) -> str:
    """Give an invented claim of the newspaper about the violence in Baku, as N-Quads."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    about = {
        f"{rdf}type": f"<{KG}Claim>",
        f"{rdf}subject": f"<{BASE.id('event', 'baku-1990-01')}>",
        KG + "polarity": f"<{KG}asserted>",
        KG + "status": f"<{KG}recorded>",
        KG + "claimant": f"<{BASE.id('org', 'asbarez')}>",
        KG + "unit": f"<{BASE.id('concept', 'persons')}>",
    } | {(rdf if name in {"predicate", "object"} else KG) + name: value for name, value in properties.items()}
    graph = BASE.graph("source/invented")
    return "".join(
        f"<{BASE.id('claim', slug)}> <{name}> {value} <{graph}> .\n" for name, value in about.items()
    )


def number(value: int) -> str:
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#integer>'


def day(value: str) -> str:
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#date>'


@pytest.mark.parametrize("name", sorted(set(CATALOG) - WHATEVER_STATUS))
def test_what_was_withdrawn_is_in_no_answer(quads: str, name: str) -> None:
    rows = ask(changed(quads, "recorded", "withdrawn"), name)
    assert not [cell for row in rows for cell in row.values() if cell.startswith("claim:")]
    if name in COUNTS:
        assert {row["claims"] for row in rows} <= {"0"}


@pytest.mark.parametrize("name", sorted(set(CATALOG) - {"denied"}))
def test_what_is_denied_is_never_shown_as_asserted(quads: str, name: str) -> None:
    for row in ask(changed(quads, "asserted", "denied"), name):
        if "polarity" in row:
            assert row["polarity"] in {"kg:denied", ""}
            assert row["polarity"] or not row.get("claim")
        else:
            assert "claim" not in row


@pytest.mark.parametrize("relation", ["updates", "narrowsScopeOf", "restates", "retracts", "conflictsWith"])
def test_each_relation_of_claims_is_found(quads: str, relation: str) -> None:
    rows = ask(changed(quads, "restates", relation), "claim-links")
    expected = {"claim:asbarez-p1-s2-02", "claim:asbarez-r2-author-01", "claim:asbarez-r2-isbn-02"}
    assert {row["claim"] for row in rows if row["relation"] == f"kg:{relation}"} >= expected


def test_a_range_is_lowest_by_its_lower_end_and_highest_by_its_upper(quads: str) -> None:
    more = claimed(
        "invented-range",
        predicate=f"<{KG}deaths>",
        object=number(20),
        comparator=f"<{KG}between>",
        lowerBound=number(20),
        upperBound=number(400),
    )
    rows = [row for row in ask(quads + more, "figure-extremes") if row["band"] == "same"]
    assert [(row["end"], row["figure"], row["claim"]) for row in rows] == [
        ("lowest", "20", "claim:invented-range"),
        ("highest", "400", "claim:invented-range"),
    ]
    whole = ask(quads + more, "figure-extremes")
    assert with_rdflib(quads + more, "figure-extremes") == [list(row.values()) for row in whole]


def test_a_figure_by_two_voices_is_given_with_both(quads: str) -> None:
    more = claimed("invented-same", predicate=f"<{KG}deaths>", object=number(300), comparator=f"<{KG}about>", amount=number(300))  # fmt: skip
    rows = [row for row in ask(quads + more, "figure-extremes") if row["band"] == "same"]
    assert [(row["end"], row["claim"]) for row in rows if row["end"] == "highest"] == [
        ("highest", claim) for claim in ("claim:asbarez-p2-s1-01", "claim:invented-same")
    ]


@pytest.mark.parametrize(
    ("bounds", "lanes"),
    [
        # earliest start, latest start, earliest end, latest end; the lane of the 13th to the 16th
        (("", "", "", ""), ["", "", "", ""]),
        (("1990-01-13", "", "", "1990-01-15"), ["possible", "possible", "possible", ""]),
        (("1990-01-13", "1990-01-14", "1990-01-15", "1990-01-16"), ["possible", "happened", "happened", "possible"]),
        (("1990-01-14", "1990-01-14", "", ""), ["", "happened", "", ""]),
        (("", "", "1990-01-14", "1990-01-14"), ["", "happened", "", ""]),
        (("1990-01-13", "1990-01-14", "", ""), ["", "", "", ""]),
        (("1990-01-14", "", "", "1990-01-14"), ["", "happened", "", ""]),
    ],
)  # fmt: skip
def test_what_a_date_says_of_a_day(quads: str, bounds: tuple[str, ...], lanes: list[str]) -> None:
    names = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
    given = {name: day(value) for name, value in zip(names, bounds, strict=True) if value}
    more = claimed("invented-date", predicate=f"<{KG}date>", object='"a time"', **given)
    found = []
    for number_ in (13, 14, 15, 16):
        rows = ask(quads + more, "day", day=f"1990-01-{number_}")
        found.append("".join(row["lane"] for row in rows if row["claim"] == "claim:invented-date"))
    assert found == lanes


def test_what_was_said_within_some_days_was_reported_on_each_and_known_after_the_last(quads: str) -> None:
    more = claimed(
        "invented-report",
        predicate=f"<{KG}deaths>",
        object=f"<{BASE.id('concept', 'many')}>",
        comparator=f"<{KG}vague>",
        asOfEarliest=day("1990-01-13"),
        asOfLatest=day("1990-01-14"),
    )
    for name, day_, there in [
        ("day", "1990-01-12", False), ("day", "1990-01-13", True), ("day", "1990-01-14", True), ("day", "1990-01-15", False),
        ("known-by", "1990-01-13", False), ("known-by", "1990-01-14", True), ("known-by", "1990-01-20", True),
    ]:  # fmt: skip
        rows = ask(quads + more, name, day=day_)
        assert ("claim:invented-report" in {row["claim"] for row in rows}) is there, (name, day_)


def test_rows_of_a_claim_on_two_passages_name_both(quads: str) -> None:
    more = claimed("asbarez-p2-s1-03", passage=f"<{BASE.id('passage', 'asbarez-title')}>")
    rows = [row for row in ask(quads + more, "blame") if row["claim"] == "claim:asbarez-p2-s1-03"]
    assert [row["passage"] for row in rows] == ["passage:asbarez-p2-s1", "passage:asbarez-title"]


def test_the_library_is_asked_as_these_tests_ask(quads: str) -> None:
    archive = kg.open(collection.built())
    for name in CATALOG:
        assert [list(row.values()) for row in ask(quads, name)] == archive.query(name).compact(), name
