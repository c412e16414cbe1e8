"""Documents that are run: the tutorial, the library's page (written from the docstrings) and the notebook."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import collection
import documents
import kg
from suites import ROOT

DOCS = ROOT / "docs"
TUTORIAL = (DOCS / "tutorial.md").read_text(encoding="utf-8")
LIBRARY = (DOCS / "library.md").read_text(encoding="utf-8")
CONSOLE = documents.consoles(TUTORIAL)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("command", "output"), CONSOLE, ids=[command[:40] for command, _ in CONSOLE])
def test_tutorial_command(command: str, output: str, tmp_path: Path) -> None:
    assert documents.printed(command, tmp_path) == output


def test_tutorial_python(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = kg.open
    monkeypatch.setattr(kg, "open", lambda: opened(collection.built()))
    (text,) = documents.pythons(TUTORIAL)
    assert documents.session(text, "tutorial") == ""


LIBRARY_EXAMPLES = documents.pythons(LIBRARY)


@pytest.mark.parametrize(
    "text", LIBRARY_EXAMPLES, ids=[text.partition("\n")[0][4:50] for text in LIBRARY_EXAMPLES]
)
def test_library_example(text: str) -> None:
    import datetime

    assert documents.session(text, "library", g=documents.built(), datetime=datetime) == ""


def test_the_page_of_the_library_is_that_of_the_docstrings(generate: ModuleType) -> None:
    assert generate.page() == LIBRARY, "run make docs"


def test_every_public_name_stands_on_the_page_of_the_library() -> None:
    for name in kg.__all__:
        assert re.search(rf"\b{name}\b", LIBRARY), name
    for name in dir(kg.Archive):
        if not name.startswith("_"):
            assert f"### `g.{name}" in LIBRARY, name


def test_the_notebook_runs_and_says_what_it_shows() -> None:
    import nbformat

    shown = nbformat.read(DOCS / "tour.ipynb", as_version=4)
    command = [sys.executable, DOCS / "generate.py", collection.built()]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    run = nbformat.reads(done.stdout, as_version=4)
    for old, new in zip(shown.cells, run.cells, strict=True):
        assert _texts(new) == _texts(old), f"run make docs: {old.source}"
    assert sum(cell.cell_type == "code" for cell in run.cells) >= 10


def _texts(cell: object) -> str:
    """Give all that a cell shows; what is printed comes in one piece or in several, as it happens."""
    outputs = getattr(cell, "outputs", [])
    return "".join(output.get("text") or output["data"]["text/plain"] for output in outputs)


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
