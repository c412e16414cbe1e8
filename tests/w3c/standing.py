"""A server of a small strict release that nothing sent to it may change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pyoxigraph as ox
from asking import BASE
from manifests import PUBLISHED, quads

import kg
import running
from kg import manifest
from kg.store import Solutions, Term

PROTOCOL = f"{PUBLISHED}sparql/sparql11/protocol/"
DATA = "http://kasei.us/2009/09/sparql/data/"
EVENT = f"{BASE}id/event/first"
ALL = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_ASKED = count()


@dataclass(frozen=True)
class Standing:
    """The server at *url*, and the release that it serves, as it was at first."""

    url: str
    client: httpx.Client
    archive: kg.Archive
    files: dict[str, tuple[int, str]]
    rows: list[str]
    held: frozenset[tuple[Term | None, ...]]

    def check(self) -> None:
        """Fail where a file of the release, the store of the workers or that of the web process is not what it was."""
        assert _files(self.archive) == self.files
        assert _rows(self.client) == self.rows
        assert _held(self.archive) == self.held  # /health would remember for ten seconds

    @property
    def digest(self) -> str:
        """The SHA-256 of the quads."""
        return self.files["quads.nq"][1]


@contextmanager
def standing(directory: Path) -> Iterator[Standing]:
    """Serve the data of the protocol's tests, and one event in the graph without a name."""
    dataset = [quad for n in (1, 2, 3) for quad in quads(f"{PROTOCOL}data{n}.nt", f"{DATA}data{n}.rdf")]
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    dataset.append(ox.Quad(ox.NamedNode(EVENT), label, ox.Literal("first", language="en")))
    text = ox.serialize(dataset, format=ox.RdfFormat.TRIG).decode()
    archive = running.release(directory, text, base=BASE, default_graph="strict")
    with running.serving(archive) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield Standing(url, client, archive, _files(archive), _rows(client), _held(archive))


def _files(archive: kg.Archive) -> dict[str, tuple[int, str]]:
    assert archive.directory is not None
    paths = (path for path in archive.directory.rglob("*") if path.is_file())
    return {path.relative_to(archive.directory).as_posix(): manifest.digest(path) for path in paths}


def _rows(client: httpx.Client) -> list[str]:
    """Give every quad, as a worker has it."""
    query = f"{ALL} # {next(_ASKED)}"  # asked in other words each time: no answer may be one kept from before
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/tab-separated-values"})
    assert answer.status_code == 200
    return sorted(answer.text.splitlines()[1:])


def _held(archive: kg.Archive) -> frozenset[tuple[Term | None, ...]]:
    """Give every quad, as the web process has it."""
    answer = archive.answer(ALL)
    assert isinstance(answer, Solutions)
    return frozenset(answer.rows)
