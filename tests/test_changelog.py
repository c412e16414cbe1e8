"""The changelog of a collection: where it is, and what a line of it must not say."""

from __future__ import annotations

from pathlib import Path

import pytest

import velmora
from kg import building, changelog
from kg.diff.account import markdown
from kg.diff.difference import Difference, Told, Version
from kg.project import Project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = velmora.project(tmp_path)
    with velmora.statements(root).open("a", encoding="utf-8") as file:
        file.write(
            "claim:at-most kg:visibility kg:withheld .\nperson:oskar-lind kg:visibility kg:withheld .\n"
        )
    return root


def named(root: Path, text: str) -> list[int]:
    """Give the lines of the changelog *text* that the build refuses."""
    changelog.place(Project.open(root)).write_text(text, encoding="utf-8")
    return [
        each.line for each in building.validate(Project.open(root)).report if each.file.endswith("CHANGES.md")
    ]


def test_it_lies_with_the_only_collection_or_above_several(root: Path) -> None:
    assert changelog.place(Project.open(root)) == root / "data" / "velmora" / "CHANGES.md"
    (root / "data" / "other").mkdir()
    assert changelog.place(Project.open(root)) == root / "data" / "CHANGES.md"


def test_a_line_that_names_what_is_not_public_is_refused(root: Path) -> None:
    sentence = "Stoppage at the quays of Velmora, March 1901: at most 40 injured"
    told = Told(iri="urn:x", kind="claim", fate="added", label=sentence)
    entry = markdown(Difference(since=None, now=Version("x"), told=(told,)), heading="1 (x)")
    assert named(root, "# Changes\n\nNothing of note.\n") == []
    assert named(root, f"# Changes\n\n{entry}") == [7]
    assert named(root, "a\nOskar\\_Lind\nOSKAR LIND came\nperson:oskar-lind\nLind\n") == [3, 4, 5]


def test_nothing_is_refused_where_everything_is_public(tmp_path: Path) -> None:
    root = velmora.project(tmp_path)
    assert named(root, "Oskar Lind\n") == []
