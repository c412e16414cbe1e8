"""There and back: what is exported and imported again plans nothing and changes no byte, of any collection here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from documented_sheets import section

import velmora
from kg import sheets
from kg.project import Project
from kg.sheets import Import
from kg.sheets.entries import Entry, Register
from kg.sheets.holdings import Holdings
from kg.sheets.naming import Collection
from kg.sheets.sharing import Sharing
from kg.sheets.values import KEPT
from suites import ROOT


@pytest.fixture(scope="module", params=["baku-1990", "velmora"])
def copied(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    target = tmp_path_factory.mktemp(request.param)
    if request.param == "velmora":
        return Project.open(velmora.project(target))
    for name in ("ontology", "data"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "kg.toml", target)
    return Project.open(target)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_is_exported_plans_nothing(copied: Project, separator: str) -> None:
    files = {Path(name): data for name, data in sheets.exported(copied, separator=separator).items()}
    done = Import(copied, files, complete=True)
    assert done.plan.changes == done.plan.findings == done.plan.notes == []
    assert done.plan.same > 150
    assert done.texts() == {}


def test_every_field_makes_again_what_it_shows(copied: Project) -> None:
    """So that a change of one cell loses nothing that stands beside it."""
    holdings = Holdings(copied)
    names, register = Collection(holdings), Register(holdings)
    shown = 0
    for sheet in sheets.sheets(copied.languages).values():
        for subject in sheet.subjects(holdings):
            cells = dict(zip(sheet.header, sheet.show(holdings, subject), strict=False))
            assert KEPT not in cells.values()
            for field in sheet.fields:
                entry = Entry(subject, holdings, names, register)
                made = set(field.make(entry, cells))
                governed = {each.said for each in holdings.said(subject) if field.governs(each.said)}
                assert made == governed, (sheet.name, subject, field.columns[0].name)
                assert not Sharing(holdings).new(entry)
                shown += len(governed)
    assert shown > 500


def test_each_statement_is_governed_by_one_field_at_most(copied: Project) -> None:
    holdings = Holdings(copied)
    for sheet in sheets.sheets(copied.languages).values():
        for subject in sheet.subjects(holdings):
            for standing in holdings.said(subject):
                assert sum(field.governs(standing.said) for field in sheet.fields) <= 1, (
                    sheet.name,
                    standing.said,
                )


def test_the_page_says_what_the_columns_say() -> None:
    page = (ROOT / "docs" / "sheets.md").read_text(encoding="utf-8")
    for sheet in sheets.sheets(("en",)).values():
        assert section(sheet) in page, f"write this into docs/sheets.md:\n{section(sheet)}"


def test_every_example_of_a_column_can_be_read() -> None:
    """Examples name what is not in any collection, but each has the form of its column."""
    for sheet in sheets.sheets(("en",)).values():
        assert len(set(sheet.header)) == len(sheet.header)
        for column in sheet.documented:
            assert column.about[0] not in "ABCDEFGHIJKLMNOPQRSTUVWXYZ", column
            assert column.example or column.name in ("was",) or "_" in column.name, (sheet.name, column.name)
