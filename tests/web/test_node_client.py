"""``sparql-http-client``, the client of the RDF/JS community: streams, parsed results and plain responses."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import kg
import suites
from kg.names import KG

pytestmark = pytest.mark.needs("node")


@pytest.fixture(scope="module")
def given(url: str, archive: kg.Archive) -> dict[str, Any]:
    program = Path(__file__).parents[1] / "node" / "ask.js"
    command = [str(suites.require("node")), str(program), f"{url}/sparql", archive.base.graph("entities")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rows(archive: kg.Archive) -> list[dict[str, str]]:
    found = archive.query(f"SELECT ?c ?w WHERE {{ ?c <{KG}claimant> ?w }} ORDER BY ?c ?w")
    return [{"c": str(row["c"]), "w": str(row["w"])} for row in found]


def triples(archive: kg.Archive) -> list[list[str]]:
    found = archive.answer("CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://schema.org/Place> ; ?p ?o }")
    assert isinstance(found, list)
    return sorted(
        [
            each.subject.value,
            each.predicate.value,
            each.object.value,
            getattr(each.object, "language", "") or "",
        ]  # type: ignore[union-attr]
        for each in found
        if not isinstance(each.subject, ox.Triple)
    )


@pytest.mark.parametrize("operation", ["get", "postUrlencoded", "postDirect"])
def test_streams(given: dict[str, Any], archive: kg.Archive, operation: str) -> None:
    found = given[operation]
    assert found["rows"] == rows(archive)
    assert len(found["rows"]) > 100
    assert sorted(found["triples"]) == triples(archive)
    assert found["truth"] is True


def test_parsed(given: dict[str, Any], archive: kg.Archive) -> None:
    assert given["parsed"]["rows"] == rows(archive)
    assert sorted(given["parsed"]["triples"]) == triples(archive)


def test_plain_responses(given: dict[str, Any], archive: kg.Archive) -> None:
    events = len(archive.events())
    assert given["simple"] == {"status": 200, "type": "application/sparql-results+json", "count": events}


def test_errors_have_their_status_and_sentence(given: dict[str, Any]) -> None:
    assert given["refused"]["syntax"]["status"] == 400
    assert "line 1, column " in given["refused"]["syntax"]["message"]
    assert given["refused"]["update"]["status"] in (400, 403)
