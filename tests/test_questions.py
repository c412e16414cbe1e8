"""Every question of the catalogue against rows typed from the text, on pyoxigraph and on rdflib.

``queries/<name>[.<case>].csv``: the first line holds the parameters, the second the columns. IRIs are written as
prefixed names. The rows were typed from the source before the query was run, each with the passage it was read from; where
they differed from the answer, the text decided who was wrong.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from rdflib import Dataset

import collection
import kg
from kg import sparql
from kg.rows import Rows
from suites import ROOT

EXPECTED = sorted((ROOT / "tests" / "queries").glob("*.csv"))
OTHER = "https://archive.example/holdings/1990/"
ASKERS = {"archivist", "data engineer", "descendant", "historian", "journalist", "librarian"}
WITHOUT_DEFAULT = {"anomalies": "its 110 rows are typed kind by kind"}
"""Questions whose answer by default is not typed as one case, and why."""
TAIL = ["polarity", "claimant", "speaker_known_by", "as_of", "claim", "passage"]
"""Columns that say whose claim a row is, in the order that they have everywhere; one of them may come first instead."""


def expected(path: Path) -> tuple[str, dict[str, str], list[str], list[list[str]]]:
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    params = dict(pair.split("=", 1) for pair in head.lstrip("#").split())
    columns, *rows = csv.reader(lines)
    return path.name.partition(".")[0], params, columns, rows


@pytest.fixture(scope="module")
def archive() -> kg.Archive:
    return kg.open(collection.built())


@pytest.fixture(scope="module")
def with_rdflib() -> Dataset:
    data = Dataset(default_union=True)
    data.parse(data=next(collection.built().glob("*/quads.nq")).read_text(encoding="utf-8"), format="nquads")
    return data


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_rows_on_pyoxigraph(archive: kg.Archive, path: Path) -> None:
    name, params, columns, rows = expected(path)
    answer = archive.query(name, **params)
    assert list(answer.columns) == columns
    assert answer.compact() == rows


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_rows_on_rdflib(archive: kg.Archive, with_rdflib: Dataset, path: Path) -> None:
    name, params, columns, rows = expected(path)
    text = archive.catalog.find(name).bind(params, archive.base)
    result = with_rdflib.query(text)
    assert [str(variable) for variable in result.vars or ()] == columns
    assert [
        ["" if cell is None else archive.base.compact(str(cell)) for cell in row] for row in result
    ] == rows


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_rows_on_another_base(path: Path) -> None:
    name, params, columns, rows = expected(path)
    answer: Rows = kg.open(collection.built(OTHER)).query(name, **params)
    assert list(answer.columns) == columns
    assert answer.compact() == rows
    assert "attest.example" not in answer.to_csv()


def test_every_query_has_rows_and_every_file_a_query(archive: kg.Archive) -> None:
    assert {expected(path)[0] for path in EXPECTED} == set(archive.catalog)
    assert all(expected(path)[3] for path in EXPECTED)


def test_defaults_give_rows(archive: kg.Archive) -> None:
    for name in archive.catalog:
        assert len(archive.query(name)) > 0, name


def test_every_query_has_its_default_typed_or_says_why_not(archive: kg.Archive) -> None:
    typed = set()
    for path in EXPECTED:
        name, params, _, _ = expected(path)
        query = archive.catalog.find(name)
        if query.bind(params, archive.base) == query.bind({}, archive.base):
            typed.add(name)
    assert typed | set(WITHOUT_DEFAULT) == set(archive.catalog)
    assert typed.isdisjoint(WITHOUT_DEFAULT)


def test_the_cases_by_kind_are_all_anomalies(archive: kg.Archive) -> None:
    cases = [row for path in EXPECTED if path.name.startswith("anomalies.") for row in expected(path)[3]]
    assert sorted(cases) == sorted(archive.query("anomalies").compact())


def test_every_parameter_is_given_by_some_case(archive: kg.Archive) -> None:
    given = {(expected(path)[0], name) for path in EXPECTED for name in expected(path)[1]}
    for query in archive.catalog.values():
        for param in query.params:
            assert (query.name, param.name) in given, (query.name, param.name)


LIMITED = {
    "blame", "causes", "claim-links", "claims-by-claimant", "claims-by-kind", "claims-by-measure", "claims-without-scope", "denied",
    "figure-extremes", "groups", "linked-events", "names-of-event", "people", "routes", "voices",
}  # fmt: skip
"""Questions that can be asked as of a day; known-by and day have it as their own parameter."""
CHOOSING = {"claims-by-kind", "figure-extremes", "voices"}
"""Those among them that count or compare, so that a row is no longer of one claim."""


def test_what_can_be_asked_as_of_a_day(archive: kg.Archive) -> None:
    limited = {query.name: query for query in archive.catalog.values() if any(each.name == "as_of" for each in query.params)}  # fmt: skip
    assert set(limited) == LIMITED
    for query in limited.values():
        (param,) = (each for each in query.params if each.name == "as_of")
        assert (param.type, param.default, param.required) == ("date", None, False)
        assert "without a date of report" in query.note, query.name


@pytest.mark.parametrize("name", sorted(LIMITED - CHOOSING))
def test_as_of_a_day_are_the_rows_that_had_been_reported(archive: kg.Archive, name: str) -> None:
    given = {"claimant": "org:associated-press"} if name == "claims-by-claimant" else {}
    rows = archive.query(name, **given)
    at = rows.columns.index("as_of")
    whole = [each for each in rows.compact() if each[at]]
    days = {each[at] for each in whole}
    for day in (*sorted(days), "1980-01-01"):
        expected = [each for each in whole if each[at] <= day]
        assert archive.query(name, as_of=day, **given).compact() == expected, day


def test_every_query_says_who_asks_it_and_what_it_answers(archive: kg.Archive) -> None:
    assert {query.asked_by for query in archive.catalog.values()} == ASKERS
    for query in archive.catalog.values():
        assert query.tags, query.name
        assert query.description.endswith("."), query.name
        assert not query.summary.endswith("."), query.name
        assert all(param.summary for param in query.params), query.name


def test_every_query_keeps_the_rules_that_hold_in_every_engine(archive: kg.Archive) -> None:
    for query in archive.catalog.values():
        words = [token.text.upper() for token in sparql.tokens(query.text) if token.significant]
        assert words[words.index("SELECT") + 1] == "DISTINCT", query.name
        assert words[words.index("DISTINCT") + 1] != "*", query.name
        assert "GRAPH" not in words, query.name
        assert "VALUES" not in words, query.name
        assert "ORDER" in words, query.name


def test_whose_claim_it_is_stands_in_the_same_columns_everywhere(archive: kg.Archive) -> None:
    for path in EXPECTED:
        name, _, columns, _ = expected(path)
        said = [column for column in columns[1:] if column in TAIL]
        assert said == sorted(said, key=TAIL.index), path.name
        text = archive.catalog.find(name).text
        one_polarity = (
            name == "denied" or "kg:polarity kg:asserted" in text or "?polarity = kg:asserted" in text
        )
        assert one_polarity or "polarity" in columns or not {"claim", "record"} & set(columns), path.name
