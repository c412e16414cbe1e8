"""Servers that take updates: Oxigraph's own, and a real Virtuoso 7; each is started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers import Server

import kg
import oxigraph
import running
import virtuoso

SERVERS = ("oxigraph", "virtuoso")


@pytest.fixture(scope="session")
def oxigraph_server() -> Iterator[Server]:
    """Oxigraph's own server."""
    with oxigraph.writable() as url:
        yield Server("oxigraph", f"{url}/query", f"{url}/query", f"{url}/update", f"{url}/store")


@pytest.fixture(scope="session")
def virtuoso_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real Virtuoso 7; part "virtuoso"."""
    with virtuoso.serving(tmp_path_factory.mktemp("virtuoso")) as url:
        who = {"KG_PUSH_USER": virtuoso.USER, "KG_PUSH_PASSWORD": virtuoso.PASSWORD}
        auth, graphs = f"{url}/sparql-auth", f"{url}/sparql-graph-crud-auth"
        yield Server("virtuoso", f"{url}/sparql", auth, auth, graphs, who)


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    """Each server in turn."""
    found: Server = request.getfixturevalue(f"{request.param}_server")
    return found


@pytest.fixture
def base(request: pytest.FixtureRequest) -> str:
    """A base of the test's own, so that no test finds what another left."""
    words = "".join(sign if sign.isalnum() else "-" for sign in request.node.name.lower())
    return f"http://{words}.example/"


@pytest.fixture
def release(tmp_path: Path, base: str) -> Iterator[object]:
    """What builds a release of graphs, each a Turtle document without prefixes, by name."""
    number = 0

    def build(**graphs: str) -> kg.Archive:
        nonlocal number
        number += 1
        text = "\n".join(f"<{base}graph/{name}> {{ {body} }}" for name, body in graphs.items())
        return running.release(tmp_path / str(number), text, base=base)

    yield build
