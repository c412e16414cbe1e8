from __future__ import annotations

from collections.abc import Iterator

import httpx
import pyoxigraph as ox
import pytest
from asking import BASE, USUAL
from cases import CASES, graphs_from
from manifests import file, quads
from standing import Standing
from standing import standing as serving

import running


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server of one strict release that holds the data of every test of a query.

    Each file is a graph of its own, under the address at which W3C publishes it; the graph without a name holds USUAL.
    """
    graphs = {iri for case in CASES for iri in (*case.data, *case.graphs)}
    for case in CASES:
        graphs.update(graphs_from(case, file(case.query).read_text(encoding="utf-8")))
    dataset = [quad for iri in sorted(graphs) for quad in quads(iri, iri)] + quads(USUAL)
    text = ox.serialize(dataset, format=ox.RdfFormat.TRIG).decode()
    archive = running.release(tmp_path_factory.mktemp("w3c"), text, base=BASE, default_graph="strict")
    with running.serving(archive) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A server that changes nothing; the manifest's digest of its quads holds to the end."""
    with serving(tmp_path_factory.mktemp("standing")) as server:
        yield server
        listed = server.archive.manifest.file("quads.nq")
        assert listed is not None
        server.check()
        assert server.digest == listed.sha256
