"""The real collection behind three servers: our own, and Oxigraph's with and without a union for its default graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import collection
import kg
import oxigraph
import running

SERVERS = ("kg serve", "oxigraph", "oxigraph --union-default-graph")


@pytest.fixture(scope="session")
def archive() -> kg.Archive:
    """The real collection, in this process."""
    return kg.open(collection.built())


@pytest.fixture(scope="session")
def database(archive: kg.Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert archive.directory
    return oxigraph.loaded(archive.directory / "quads.nq", tmp_path_factory.mktemp("oxigraph") / "db")


@pytest.fixture(scope="session", params=SERVERS)
def address(request: pytest.FixtureRequest, archive: kg.Archive) -> Iterator[str]:
    """The address of an endpoint with the real collection."""
    if request.param == "kg serve":
        with running.serving(archive) as url:
            yield f"{url}/sparql"
    else:
        database = request.getfixturevalue("database")
        with oxigraph.serving(database, *request.param.split()[1:]) as url:
            yield url


@pytest.fixture(scope="session")
def remote(address: str) -> kg.Archive:
    """The real collection, read from an endpoint."""
    return kg.open(address)
