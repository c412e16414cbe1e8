"""The spool: whatever is put in, in any order, comes out as the sorted set of canonical lines, and memory stays what it is."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import sorting
from kg.names import RDF
from kg.serialisation import canonical
from kg.sorting import Sorter
from kg.spool import Spool, parted
from rdf_data import datasets

TINY = 300
"""Bytes: three lines or so."""


def lines(quads: list[ox.Quad]) -> list[bytes]:
    return sorted({canonical(quad).encode() for quad in quads})


def made(number: int) -> Iterator[ox.Quad]:
    """Give *number* statements in an order that is nothing like sorted, each of ten twice."""
    for n in range(number):
        name = (n * 7919) % number
        yield ox.Quad(
            ox.NamedNode(f"http://x.example/{name}"),
            ox.NamedNode("http://x.example/p"),
            ox.Literal("a text " * 10 + str(name)),
        )
        if not n % 10:
            yield ox.Quad(
                ox.NamedNode("http://x.example/0"),
                ox.NamedNode("http://x.example/p"),
                ox.Literal(str(n % 50)),
            )


@given(datasets(), st.sampled_from([TINY, 2_000, sorting.MEMORY]), st.randoms(use_true_random=False))
def test_any_statements_in_any_order_become_sorted_canonical_lines(
    quads: list[ox.Quad], memory: int, random: object
) -> None:
    given = [*quads, *quads[: len(quads) // 2]]
    random.shuffle(given)  # type: ignore[attr-defined]
    spool = Spool.of(given, memory=memory)
    assert list(spool.lines()) == lines(quads)
    assert spool.open().read() == b"".join(lines(quads))
    assert len(spool) == len(lines(quads))
    assert list(map(canonical, spool)) == [line.decode() for line in lines(quads)]


@given(datasets())
def test_the_terms_of_a_line_are_those_of_the_statement(quads: list[ox.Quad]) -> None:
    spool = Spool.of(quads)
    for line, quad in zip(spool.lines(), spool, strict=True):
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
        expected = (str(quad.subject), str(quad.predicate), str(quad.object), graph)
        assert tuple(term.decode() for term in parted(line)) == expected


@given(datasets(), st.lists(st.sampled_from([RDF + "type", "http://x.example/a", "http://x.example/b"])))
def test_statements_of_some_properties(quads: list[ox.Quad], properties: list[str]) -> None:
    spool = Spool.of(quads)
    assert list(spool.having(properties)) == [quad for quad in spool if quad.predicate.value in properties]


@given(datasets(), datasets())
def test_statements_that_are_joined_to_a_spool(quads: list[ox.Quad], more: list[ox.Quad]) -> None:
    assert list(Spool.of(quads).joined(more).lines()) == lines([*quads, *more])


@given(
    st.lists(st.binary(max_size=20).map(lambda data: data.replace(b"\n", b"").replace(b"\r", b"") + b"\n"))
)
def test_runs_are_merged_when_there_are_many(given: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch, Sorter(memory=0) as sorter:
        patch.setattr(sorting, "WIDTH", 3)
        for line in given:
            sorter.add(line)
        assert list(sorter.lines()) == sorted(set(given))


def test_readers_at_the_same_time_do_not_meet() -> None:
    spool = Spool.of(made(50), memory=TINY)
    one, other = spool.lines(), spool.lines()
    first = [next(one) for _ in range(20)]
    assert [next(other) for _ in range(20)] == first
    assert [*first, *one] == list(spool.lines())
    assert len(spool) == 55


def test_a_spool_tells_how_far_it_has_been_read() -> None:
    spool, told = Spool.of(made(5_000), memory=TINY), list[tuple[int, int]]()
    data = spool.watched(lambda done, total: told.append((done, total))).open().read()
    assert told[-1] == (len(data), len(data))
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.filterwarnings("error")
def test_files_have_no_name_and_go_with_the_spool(tmp_path: Path) -> None:
    with Sorter(tmp_path, TINY) as sorter:
        sorter.add(b"b\n" * TINY)
        sorter.add(b"a\n" * TINY)
        assert not list(tmp_path.iterdir())
    spool = Spool.of(made(50), tmp_path, TINY)
    walk = spool.lines()
    del spool
    assert len(list(walk)) == 55  # who reads keeps it
    assert not list(tmp_path.iterdir())


def test_memory_does_not_grow_with_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("sorting.WIDTH", 8), ("sorting._BUFFER", 10_000), ("spool._BUFFER", 10_000), ("spool.BATCH", 100), ("sorting._BATCH", 100)):  # fmt: skip
        monkeypatch.setattr(f"kg.{name}", value)

    def peak(number: int) -> int:
        tracemalloc.start()
        try:
            spool = Spool.of(made(number), memory=100_000)
            assert sum(1 for _ in spool.lines()) == len(spool) > number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1_000)  # what is imported on the way does not count
    assert peak(16_000) < 1.2 * peak(4_000)
