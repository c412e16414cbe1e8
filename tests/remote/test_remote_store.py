"""The remote store by itself: quads in named graphs and in the default graph, behind each kind of default graph."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
import oxigraph
from kg.errors import QueryError, RemoteError
from kg.store import EmbeddedStore, Solutions, select
from kg.store.remote import RemoteStore

X = "http://x.example/"
ENTITIES, SOURCE = (ox.NamedNode(f"{X}graph/{name}") for name in ("entities", "source"))
A, B, P, Q = (ox.NamedNode(X + name) for name in "abpq")
NAMED = [
    ox.Quad(A, P, B, ENTITIES),
    ox.Quad(A, P, B, SOURCE),
    ox.Quad(A, Q, ox.Literal('Բաքու «x» "y"\n\\', language="hy"), ENTITIES),
    ox.Quad(B, Q, ox.Literal(32), ENTITIES),
]
DATA = {
    "named": NAMED,
    "both": [*NAMED, ox.Quad(B, P, A)],
    "default": [ox.Quad(B, P, A), ox.Quad(A, Q, ox.Literal(1))],
    "nothing": [],
}
ALL = "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o }"  # fmt: skip


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], str]]:
    directory: Path = tmp_path_factory.mktemp("stores")
    found = {}
    with ExitStack() as stack:
        for name, quads in DATA.items():
            file = directory / f"{name}.nq"
            file.write_text("".join(f"{quad} .\n" for quad in quads), encoding="utf-8")
            database = oxigraph.loaded(file, directory / name)
            for option in ("", "--union-default-graph"):
                found[name, option] = stack.enter_context(oxigraph.serving(database, *option.split()))
        yield found


@pytest.fixture(params=["", "--union-default-graph"])
def option(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=DATA)
def pair(
    request: pytest.FixtureRequest, option: str, addresses: dict[tuple[str, str], str]
) -> tuple[RemoteStore, EmbeddedStore]:
    return RemoteStore.open(addresses[request.param, option]), EmbeddedStore.of(DATA[request.param])


def lines(quads: object) -> list[str]:
    return sorted(map(str, quads))  # type: ignore[call-overload]


def test_quads_are_those_of_the_embedded_store(pair: tuple[RemoteStore, EmbeddedStore]) -> None:
    remote, embedded = pair
    assert lines(remote.quads()) == lines(embedded.quads())
    assert len(remote) == len(embedded)
    assert remote.graphs() == embedded.graphs()
    for node in (A, B, P):
        assert lines(remote.about(node.value)) == lines(embedded.about(node.value))
        assert lines(remote.incoming(node.value)) == lines(embedded.incoming(node.value))
    assert len(remote.incoming(B.value, limit=1)) == min(1, len(embedded.incoming(B.value)))


@pytest.mark.parametrize("subject", [None, A])
@pytest.mark.parametrize("predicate", [None, P, Q])
@pytest.mark.parametrize("object", [None, B, NAMED[2].object, ox.Literal(32), ox.Literal("Բաքու")])
@pytest.mark.parametrize("graph", [None, ENTITIES, ox.NamedNode("urn:x:none"), ox.DefaultGraph()])
def test_patterns(addresses: dict[tuple[str, str], str], option: str, subject: ox.NamedNode | None, predicate: ox.NamedNode | None, object: ox.NamedNode | ox.Literal | None, graph: ox.NamedNode | ox.DefaultGraph | None) -> None:  # fmt: skip
    remote, embedded = RemoteStore.open(addresses["both", option]), EmbeddedStore.of(DATA["both"])
    pattern = (subject, predicate, object, graph)
    assert lines(remote.match(*pattern)) == lines(embedded.match(*pattern))


def test_the_union_is_read_where_the_default_graph_is_empty(
    addresses: dict[tuple[str, str], str], option: str
) -> None:
    embedded = EmbeddedStore.of(NAMED)
    remote = RemoteStore.open(addresses["named", option])
    assert remote.default_graph == "union"
    for text in (ALL, "SELECT DISTINCT ?g ?s { GRAPH ?g { ?s ?p ?o } }"):
        found, wanted = remote.query(text), embedded.query(text)
        assert isinstance(found, Solutions) and isinstance(wanted, Solutions)
        assert found.variables == wanted.variables
        assert set(found.rows) == set(wanted.rows)
    assert remote.query(f"ASK {{ {A} {P} ?x . ?x {Q} 32 }}") is True
    assert len(select(remote, ALL)) == 3


def test_a_default_graph_of_its_own_is_not_mixed_in(addresses: dict[tuple[str, str], str]) -> None:
    """No query of SPARQL reads such a default graph and the named graphs as one, so nothing acts as if it did."""
    remote = RemoteStore.open(addresses["both", ""])
    assert remote.default_graph == "strict"
    assert remote.query(ALL) == Solutions(("s", "p", "o"), ((B, P, A),))  # what the user asks there
    for ask in (lambda: select(remote, ALL), lambda: remote.query("ASK {}", union=True)):
        with pytest.raises(RemoteError, match="both in its default graph and in named graphs") as raised:
            ask()
        assert "--union-default-graph" in raised.value.remedy
    assert remote.query("SELECT ?s FROM @ { ?s ?p ?o }".replace("@", str(SOURCE)), union=True) == Solutions(
        ("s",), ((A,),)
    )
    archive = kg.open(addresses["both", ""])
    assert archive.manifest.default_graph == "strict"
    with pytest.raises(RemoteError):
        archive.events()
    assert RemoteStore.open(addresses["both", "--union-default-graph"]).default_graph == "union"


def test_a_default_graph_alone_and_no_quads_at_all(
    addresses: dict[tuple[str, str], str], option: str
) -> None:
    remote = RemoteStore.open(addresses["default", option])
    assert remote.default_graph == "union"
    assert len(select(remote, ALL)) == 2
    assert select(RemoteStore.open(addresses["nothing", option]), ALL) == []


def test_what_cannot_be_asked_for(addresses: dict[tuple[str, str], str]) -> None:
    remote = RemoteStore.open(addresses["named", ""])
    for pattern in (
        (ox.BlankNode("b"), None, None, None),
        (None, None, ox.BlankNode("b"), None),
        (None, None, None, ox.BlankNode("b")),
    ):
        with pytest.raises(QueryError, match="blank node"):
            remote.match(*pattern)  # type: ignore[arg-type]
    for ask in (remote.about, remote.incoming):
        with pytest.raises(QueryError, match="not an IRI"):
            ask("no IRI")
    with pytest.raises(QueryError, match="refuses the query: error at"):
        remote.query("SELECT ?x { ?x a }")
    assert str(remote) in repr(remote)
