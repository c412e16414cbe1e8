"""Names for blank nodes: they follow from what is said of the nodes, and from nothing else."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import pairwise

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rdf_data
from kg.importing import skolem

P, Q = ox.NamedNode("https://x.example/p"), ox.NamedNode("https://x.example/q")
TOP = ox.NamedNode("https://x.example/top")


def named(triples: Iterable[ox.Triple]) -> set[str]:
    """Give *triples* as lines, each blank node under its name."""
    triples = list(triples)
    names = skolem.names(triples)

    def text(term: object) -> str:
        return f"_:{names[term]}" if isinstance(term, ox.BlankNode) else str(term)

    return {f"{text(t.subject)} {t.predicate} {text(t.object)}" for t in triples}


def mixed(triples: Iterable[ox.Triple], seed: int) -> list[ox.Triple]:
    """Give *triples* in another order, with other labels."""
    chance = random.Random(seed)  # noqa: S311
    labels: dict[ox.BlankNode, ox.BlankNode] = {}

    def other(term: object) -> object:
        if isinstance(term, ox.BlankNode):
            return labels.setdefault(term, ox.BlankNode(f"m{chance.randrange(10**12)}"))
        return term

    changed = [ox.Triple(other(t.subject), t.predicate, other(t.object)) for t in triples]  # type: ignore[arg-type]
    chance.shuffle(changed)
    return changed


def chain(number: int) -> list[ox.Triple]:
    nodes = [ox.BlankNode(f"n{n}") for n in range(number)]
    joined = [ox.Triple(one, P, two) for one, two in pairwise(nodes)]
    return [ox.Triple(node, Q, ox.Literal("the same")) for node in nodes] + joined


def ring(number: int) -> list[ox.Triple]:
    nodes = [ox.BlankNode(f"n{n}") for n in range(number)]
    return [ox.Triple(nodes[n], P, nodes[(n + 1) % number]) for n in range(number)]


def clique(number: int) -> list[ox.Triple]:
    nodes = [ox.BlankNode(f"n{n}") for n in range(number)]
    return [ox.Triple(one, P, two) for one in nodes for two in nodes if one != two]


def star(number: int) -> list[ox.Triple]:
    centre = ox.BlankNode("centre")
    return [ox.Triple(centre, P, ox.BlankNode(f"n{n}")) for n in range(number)]


def bush(number: int) -> list[ox.Triple]:
    """A node with equal children, each with a child: any two of them can change places, with their children."""
    twigs = [(ox.BlankNode(f"n{n}"), ox.BlankNode(f"m{n}")) for n in range(number)]
    root = ox.BlankNode("root")
    return [t for one, two in twigs for t in (ox.Triple(root, P, one), ox.Triple(one, P, two))]


REGULAR = {
    "chain": chain(40),
    "long chain": chain(400),
    "ring": ring(12),
    "two rings": ring(3) + mixed(ring(3), 1) + mixed(ring(6), 2),
    "clique": clique(8),
    "star": star(60),
    "bush": bush(4),
    "itself": [
        ox.Triple(ox.BlankNode("a"), P, ox.BlankNode("a")),
        ox.Triple(ox.BlankNode("b"), P, ox.BlankNode("c")),
    ],
    "only objects": [ox.Triple(TOP, P, ox.BlankNode(f"n{n}")) for n in range(30)],
    "both ways": [
        ox.Triple(ox.BlankNode("a"), P, ox.BlankNode("b")),
        ox.Triple(ox.BlankNode("b"), P, ox.BlankNode("a")),
    ],
}


@pytest.mark.parametrize("triples", REGULAR.values(), ids=REGULAR.keys())
def test_labels_and_order_make_no_difference(triples: list[ox.Triple]) -> None:
    expected = named(triples)
    assert len(expected) == len(set(triples))
    for seed in range(3):
        assert named(mixed(triples, seed)) == expected


@given(rdf_data.datasets(blank=st.sampled_from("abcdef").map(ox.BlankNode)), st.integers(0, 1000))
def test_any_graph_gets_the_same_names_however_it_is_written(quads: list[ox.Quad], seed: int) -> None:
    triples = list(dict.fromkeys(quad.triple for quad in quads))
    names = skolem.names(triples)
    blank = {t for triple in triples for t in (triple.subject, triple.object) if isinstance(t, ox.BlankNode)}
    assert names.keys() == blank
    assert len(set(names.values())) == len(blank)
    assert named(mixed(triples, seed)) == named(triples)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([P, Q]), st.integers(0, 5)), max_size=10),
    st.integers(0, 99),
)
def test_graphs_of_nothing_but_blank_nodes(edges: list[tuple[int, ox.NamedNode, int]], seed: int) -> None:
    triples = list({ox.Triple(ox.BlankNode(f"n{a}"), p, ox.BlankNode(f"n{b}")) for a, p, b in edges})
    assert named(mixed(triples, seed)) == named(triples)


def test_a_name_does_not_change_with_the_rest_of_the_file() -> None:
    letter = [ox.Triple(TOP, P, ox.BlankNode("a")), ox.Triple(ox.BlankNode("a"), Q, ox.Literal("x"))]
    assert named(letter) < named([*letter, *chain(5), *star(3)])


def test_graphs_that_differ_get_different_names() -> None:
    assert not named(ring(6)) & named(ring(3) + mixed(ring(3), 1))


def test_what_is_too_regular_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skolem, "WORK", 20_000)
    with pytest.raises(
        skolem.TooRegular, match="19 blank nodes that refer to one another are too much alike"
    ) as refused:
        skolem.names(bush(9))
    assert refused.value.remedy == "give them IRIs in the file"
