"""Every question of the catalogue against rows typed from the text, on pyoxigraph and on rdflib.

``queries/<name>[.<case>].csv``: the first line holds the parameters, the second the columns. IRIs are written as
prefixed names. The rows were typed from the source before the query existed, each with the passage it was read from.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from rdflib import Dataset

import collection
import kg
from kg.rows import Rows
from suites import ROOT

EXPECTED = sorted((ROOT / "tests" / "queries").glob("*.csv"))
OTHER = "https://archive.example/holdings/1990/"


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
