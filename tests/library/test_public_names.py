"""The public names of the library, exactly: a new one is a decision, a lost one breaks somebody's notebook."""

from __future__ import annotations

import inspect
import subprocess
import sys
import types
from importlib import metadata

import kg

NAMES = [
    "IRI", "Archive", "Bounds", "Chain", "Change", "ChangedClaim", "Cited", "Claim", "Comparison", "Day", "Difference", "Event", "Evidence", "EvidenceError", "Figure", "Found", "Gone", "Hit", "Interval", "InvalidGraph", "KgError", "Known", "Link", "Located", "Location", "NotAcceptable", "NotFound", "Person", "Photograph", "Place", "ProjectError", "QueryError", "QueryTimeout", "QueryTooLarge", "Reason", "RemoteError", "Row", "Rows", "Scope", "SourceError", "Span", "StoreError", "Text", "Thing", "Timeline", "Told", "Voice", "Why", "Work", "open",
]  # fmt: skip

ARCHIVE = {
    "answer", "as_of", "base", "bound", "catalog", "caveats", "changes", "cite", "cited", "claim", "claim_or_none", "claims", "close", "compare", "diff", "directory", "events", "export", "faults", "files", "kinds", "label", "labelled", "location", "lists", "locations", "manifest", "measures", "note", "people", "photographs", "places", "quads", "query", "rdflib", "recorded", "reporting", "search", "solutions", "store", "thing", "timeline", "times", "veiled", "verify", "why", "words", "works",
}  # fmt: skip


def test_the_public_names_are_this_list() -> None:
    assert kg.__all__ == NAMES


def test_there_is_no_other_public_name_but_submodules() -> None:
    code = "import kg, types; print(*(n for n in dir(kg) if n[0] != '_' and not isinstance(getattr(kg, n), types.ModuleType)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert sorted(done.stdout.split()) == sorted(NAMES)
    modules = [value for name, value in vars(kg).items() if isinstance(value, types.ModuleType)]
    assert all(module.__name__.startswith("kg.") for module in modules)


def test_what_an_archive_offers(archive: kg.Archive) -> None:
    assert {name for name in dir(archive) if not name.startswith("_")} == ARCHIVE


def test_every_public_name_says_what_it_is() -> None:
    for name in NAMES:
        assert inspect.getdoc(getattr(kg, name)), name
    for name in ARCHIVE - {"base", "catalog", "directory", "manifest"}:
        assert inspect.getdoc(getattr(kg.Archive, name)), name


def test_every_error_is_one_of_the_tree() -> None:
    errors = [
        value
        for name in NAMES
        if isinstance(value := getattr(kg, name), type) and issubclass(value, Exception)
    ]
    assert len(errors) == 13
    assert all(issubclass(error, kg.KgError) for error in errors)


def test_the_version_is_that_of_the_distribution() -> None:
    assert kg.__version__ == metadata.version("attest-kg")
