"""kg push to servers: what it writes, what readers see meanwhile, and what becomes of a transfer that is cut off."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from servers import Server

import kg
from kg.errors import Unavailable
from kg.store.remote import RemoteStore
from kg.store.remote.standing import MOVING
from kg.transfer import Access, Patience, Shipment, Target, Transfer, course, wording

pytestmark = pytest.mark.xdist_group("push")

Build = Callable[..., kg.Archive]
X = "http://www.w3.org/2001/XMLSchema#"
HARD = rf"""<urn:s> <urn:p> "Ереван Ագաթ 😀 e\u0301", "a\nb\t\"c\" \\ \\u0041 \\\\u0042 \\U00000043", "", " "@en, "x"@zh-Latn,
    true, false, 7, -3, 1.50, "1990-01-13"^^<{X}date>, "1990-02"^^<{X}gYearMonth>, "P3DT4H"^^<{X}duration>,
    "1990-01-13T10:00:00Z"^^<{X}dateTime>, "1990-01-13/.."^^<http://id.loc.gov/datatypes/edtf/EDTF>, "{"long " * 4_000}", <urn:ä#ö?x=1&y=%20> ."""
MANY = " ".join(f"<urn:s{number}> <urn:p> <urn:o>, {number} ." for number in range(40))


def read(server: Server, archive: kg.Archive) -> RemoteStore:
    return RemoteStore.open(server.read, dataset=archive.base.dataset)


def values(quads: object) -> set[str]:
    return set(map(str, quads))  # type: ignore[call-overload]


def left(server: Server, archive: kg.Archive) -> list[str]:
    """Give the graphs and records of transfers of the collection of *archive* that are there."""
    mark = course._digest(archive.base.iri)
    text = f"SELECT DISTINCT ?g ?s WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER (CONTAINS(CONCAT(STR(?g), STR(?s)), '{mark}')) }}"
    rows = RemoteStore.open(server.read, dataset="urn:none")._endpoint.ask(text, "SELECT")
    return sorted({row[0].value for row in rows.rows})  # type: ignore[union-attr]


@pytest.mark.parametrize("graph_store", [False, True], ids=["updates", "graph store"])
def test_what_is_sent_is_there(server: Server, release: Build, *, graph_store: bool) -> None:
    archive = release(a=HARD, b=MANY, c="_:one <urn:p> _:two . _:two <urn:p> <urn:o> .")
    transfer = server.transfer(archive, graph_store=graph_store, triples=9)
    plan = transfer.plan()
    assert (len(plan.send), plan.same, plan.gone, plan.standing, plan.sent) == (3, (), (), None, 0)
    stages: list[tuple[str, int, int]] = []
    standing = transfer.carry_out(plan, lambda *told: stages.append(told))
    store = read(server, archive)
    assert (standing.release, standing.sha256) == (archive.manifest.id, store.standings[0].sha256)
    assert store.graphs() == {graph.iri: graph.quads for graph in archive.manifest.graphs}
    genid = f"{archive.base.iri}.well-known/genid/"
    named = {quad for quad in store.quads() if genid in str(quad)}
    assert len(named) == 2
    assert values(set(store.quads()) - named) == values(
        quad for quad in archive.store.quads() if "_:" not in str(quad)
    )
    assert left(server, archive) == []
    assert [stage for stage, done, of in stages if done == of] == [
        "sending",
        "counting",
        "moving",
        "clearing",
    ]
    sent = [done for stage, done, _ in stages if stage == "sending"]
    assert len(sent) > 10
    assert sent == sorted(sent)


def test_only_what_changed_is_sent(server: Server, release: Build) -> None:
    first = release(a=MANY, b="<urn:s> <urn:p> 1 .", gone="<urn:s> <urn:p> 2 .")
    second = release(a=MANY, b="<urn:s> <urn:p> 3 .", new="<urn:s> <urn:p> 4 .")
    server.push(first)
    before = read(server, first)
    assert len(before) == 82
    assert server.transfer(first).plan().nothing
    assert server.push(first).nothing
    assert len(before) == 82  # nothing was moved
    plan = server.push(second)
    assert [held.graph.rpartition("/")[2] for held in plan.send] == ["b", "new"]
    assert ([held.quads for held in plan.same], [graph.rpartition("/")[2] for graph in plan.gone]) == (
        [80],
        ["gone"],
    )
    with pytest.raises(Unavailable, match="another release"):
        len(before)
    assert values(read(server, second).quads()) == values(second.store.quads())
    assert left(server, first) == []


class Cut(Exception):
    """Somebody pressed Ctrl-C, or the machine went."""


def cut(transfer: Transfer, at: Callable[[str], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    """Carry *transfer* out up to the first update that *at* tells of, which is not sent."""
    target = transfer._target
    update = target.update

    def cutting(*texts: str) -> None:
        if at(" ".join(texts)):
            raise Cut
        update(*texts)

    with monkeypatch.context() as patched:
        patched.setattr(target, "update", cutting)
        with pytest.raises(Cut):
            transfer.carry_out(transfer.plan())


def test_what_was_cut_off_goes_on(server: Server, release: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = release(a="<urn:s> <urn:p> 1 ."), release(a=MANY)
    server.push(first)
    reader = read(server, first)
    calls = iter(range(100))
    cut(
        server.transfer(second, triples=10),
        lambda text: "INSERT DATA {\nGRAPH" in text and next(calls) == 4,
        monkeypatch,
    )
    assert len(left(server, first)) == 2  # half a release beside the whole one, and the record of that
    assert (len(reader), len(reader.quads())) == (1, 1)
    sent: list[int] = []
    transfer = server.transfer(second, triples=10)
    plan = transfer.plan()
    assert 0 < plan.sent < transfer._shipment.size
    insert = transfer._target.insert
    monkeypatch.setattr(
        transfer._target, "insert", lambda batch, *more: (sent.append(batch.size), insert(batch, *more))
    )
    transfer.carry_out(plan)
    assert sum(sent) == 40
    assert values(read(server, second).quads()) == values(second.store.quads())
    assert left(server, first) == []


@pytest.mark.parametrize(
    "moment", ["before the copy", "after the copy", "before it stands", "before the clearing"]
)
def test_readers_wait_where_the_move_was_cut_off(
    moment: str, server: Server, release: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (
        release(a="<urn:s> <urn:p> 1 .", old="<urn:s> <urn:p> 0 ."),
        release(a="<urn:s> <urn:p> 2, 3 ."),
    )
    server.push(first)
    reader = read(server, first)
    assert len(reader) == 2
    state = f'"{MOVING}"'
    seen: list[str] = []

    def at(text: str) -> bool:
        seen.append(text)
        moving = any(state in each for each in seen[:-1])
        if moment == "before the copy":
            return "COPY" in text
        if moment == "after the copy":
            return moving and "COPY" not in text and state not in text
        if moment == "before it stands":
            return moving and '"standing"' in text
        return text.startswith("DROP SILENT")

    cut(server.transfer(second), at, monkeypatch)
    if moment == "before the clearing":
        assert len(read(server, second)) == 2
    else:
        for ask in (lambda: len(reader), lambda: len(read(server, second)), lambda: kg.open(server.read)):
            with pytest.raises(Unavailable):
                ask()
    server.push(second)
    assert values(read(server, second).quads()) == values(second.store.quads())
    assert left(server, first) == []


def test_another_release_takes_the_place_of_one_that_was_cut_off(
    server: Server, release: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = release(a=MANY), release(a="<urn:s> <urn:p> 1 .", b=MANY)
    cut(server.transfer(first, triples=10), lambda text: "COPY" in text, monkeypatch)
    with pytest.raises(Unavailable):
        len(read(server, first))
    server.push(second)
    assert values(read(server, second).quads()) == values(second.store.quads())
    assert left(server, first) == []


def test_two_at_once_do_not_mix(server: Server, release: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = release(a=MANY), release(a="<urn:s> <urn:p> 1 .")
    late = server.transfer(first)
    count = late._count
    monkeypatch.setattr(late, "_count", lambda *given: (count(*given), server.push(second)))
    with pytest.raises(kg.errors.StoreError, match="another kg push"):
        late.carry_out(late.plan())
    assert values(read(server, second).quads()) == values(second.store.quads())


def test_a_count_that_is_not_right_changes_nothing(
    server: Server, release: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = release(a="<urn:s> <urn:p> 1 ."), release(a=MANY)
    server.push(first)
    transfer = server.transfer(second)
    monkeypatch.setattr(
        transfer._target, "insert", lambda batch, staged, after: transfer._target.update(after)
    )
    with pytest.raises(kg.errors.StoreError, match="holds 0 of the 80 statements") as raised:
        transfer.carry_out(transfer.plan())
    assert "push again" in raised.value.remedy
    assert values(read(server, first).quads()) == values(first.store.quads())
    assert server.push(second).sent == 0
    assert values(read(server, second).quads()) == values(second.store.quads())


def test_virtuoso_takes_no_wrong_password(virtuoso_server: Server, release: Build) -> None:
    archive = release(a=MANY)
    for who in ({}, virtuoso_server.environment | {"KG_PUSH_PASSWORD": "s3cret-not-it"}):
        target = Target(Access.of(virtuoso_server.query, environment=who), Patience(first=0.01))
        assert archive.directory
        with pytest.raises(kg.RemoteError) as raised:
            Transfer(Shipment(archive.directory), target).plan()
        assert raised.value.status == 401
        assert "s3cret" not in f"{raised.value} {raised.value.remedy} {raised.value.__dict__}"


def test_virtuoso_names_the_statement_that_it_does_not_take(virtuoso_server: Server, release: Build) -> None:
    number = "1" * 40
    archive = release(a=f"{MANY} <urn:big> <urn:p> {number} .")
    with pytest.raises(kg.errors.StoreError, match="does not take this statement") as raised:
        virtuoso_server.push(archive)
    assert f'<urn:big> <urn:p> "{number}"' in str(raised.value)
    assert not virtuoso_server.transfer(archive).plan().standing


def test_virtuoso_cuts_no_answer_unnoticed(virtuoso_server: Server, release: Build) -> None:
    import virtuoso

    archive = release(a=MANY, b=MANY.replace("urn:s", "urn:t"))
    virtuoso_server.push(archive)
    store = read(virtuoso_server, archive)
    pairs = "SELECT (1 AS ?x) WHERE {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {}"
    assert len(store.query(pairs.format(200)).rows) == 200  # type: ignore[union-attr]
    with pytest.raises(kg.errors.QueryTooLarge, match=f"gives {virtuoso.CAP:,} rows at most") as raised:
        store.query(pairs.format(20_000))
    assert "ResultSetMaxRows" in raised.value.remedy


def test_text_means_in_sparql_what_it_means_in_n_quads(release: Build) -> None:
    archive = release(a=HARD)
    assert archive.directory
    shipment = Shipment(archive.directory)
    store = ox.Store()
    for batch in shipment.batches(0, list(shipment.graphs), triples=3):
        store.update(wording.insertion(batch, {graph: graph for graph in shipment.graphs}))
    assert values(store) == values(archive.store.quads())
