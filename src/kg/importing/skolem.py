"""Skolemisation: for blank nodes IRIs that follow from what is said of them, and from nothing else (RDF 1.1 Concepts §3.5).

Blank nodes that statements join form a component. Its nodes are told apart by hashing what each is said to be, again and
again with the hashes of its neighbours (colour refinement, as in A. Hogan, *Canonical Forms for Isomorphic and Equivalent RDF
Graphs*, 2017); where that leaves a tie, each way to break it is tried and the least outcome taken. The name of a node is the
SHA-256 of its component in canonical lines, and its number there. The names depend neither on the labels of the file, nor on the
order of its statements, nor on the rest of the file. Components that say the same are numbered.

RDFC-1.0 names nodes as well, and was tried: pyoxigraph takes 16 seconds for a list of 400 equal items (rdflib 3), time grows with
the third power, and the number of one component changes with every other.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.errors import KgError

Triple: TypeAlias = ox.Triple
Colours: TypeAlias = dict[ox.BlankNode, str]

WORK: Final = 5_000_000
"""Hashes after which a component counts as too regular to be named."""
_SHOWN: Final = 20  # hex digits of a digest: 80 bits


class TooRegular(KgError):
    """Blank nodes are so much alike that telling them apart would take for ever; ``node`` is one of them."""

    def __init__(self, node: ox.BlankNode, number: int) -> None:
        super().__init__(
            f"{number} blank nodes that refer to one another are too much alike to be given names",
            remedy="give them IRIs in the file",
        )
        self.node = node


def names(triples: Iterable[Triple]) -> dict[ox.BlankNode, str]:
    """Give for each blank node of *triples* a name: digits, letters and hyphens, no two the same.

    Raises TooRegular.
    """
    found: dict[ox.BlankNode, str] = {}
    seen: Counter[str] = Counter()
    named = []
    for members, statements in _components(triples):
        ordered, digest = _canonical(members, statements)
        named.append((digest, ordered))
    for digest, ordered in named:
        seen[digest] += 1
        copy = f"-{seen[digest]}" if seen[digest] > 1 else ""
        found |= {node: f"{digest}-{number}{copy}" for number, node in enumerate(ordered, 1)}
    return found


def _components(triples: Iterable[Triple]) -> Iterator[tuple[list[ox.BlankNode], list[Triple]]]:
    """Give the blank nodes that statements join, with these statements, in the order in which they come."""
    parent: dict[ox.BlankNode, ox.BlankNode] = {}

    def root(node: ox.BlankNode) -> ox.BlankNode:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    blank = [triple for triple in dict.fromkeys(triples) if _nodes(triple)]
    for triple in blank:
        nodes = _nodes(triple)
        for node in nodes:
            parent.setdefault(node, node)
        parent[root(nodes[-1])] = root(nodes[0])
    members: dict[ox.BlankNode, list[ox.BlankNode]] = defaultdict(list)
    statements: dict[ox.BlankNode, list[Triple]] = defaultdict(list)
    for node in parent:
        members[root(node)].append(node)
    for triple in blank:
        statements[root(_nodes(triple)[0])].append(triple)
    for top, nodes in members.items():
        yield nodes, statements[top]


def _nodes(triple: Triple) -> list[ox.BlankNode]:
    return [term for term in (triple.subject, triple.object) if isinstance(term, ox.BlankNode)]


def _canonical(
    members: Sequence[ox.BlankNode], statements: Sequence[Triple]
) -> tuple[list[ox.BlankNode], str]:
    """Give the nodes of a component in canonical order, and the digest of its canonical lines."""
    component = _Component(members, statements)
    order, lines = component.least(component.refined(dict.fromkeys(members, "")))
    return order, hashlib.sha256("".join(lines).encode()).hexdigest()[:_SHOWN]


class _Component:
    """One component, and the work that naming it has taken."""

    def __init__(self, members: Sequence[ox.BlankNode], statements: Sequence[Triple]) -> None:
        self._members, self._statements = members, statements
        self._work = 0
        # For each node: what is said with it, as text, and the other node where there is one.
        self._said: Mapping[ox.BlankNode, list[tuple[str, ox.BlankNode | None]]] = defaultdict(list)
        for triple in statements:
            subject, object = triple.subject, triple.object
            if isinstance(subject, ox.BlankNode) and subject == object:
                self._said[subject].append((f"itself {triple.predicate}", None))
                continue
            if isinstance(subject, ox.BlankNode):
                other = object if isinstance(object, ox.BlankNode) else None
                self._said[subject].append((f"is {triple.predicate} {'' if other else object}", other))
            if isinstance(object, ox.BlankNode):
                other = subject if isinstance(subject, ox.BlankNode) else None
                self._said[object].append((f"of {triple.predicate} {'' if other else subject}", other))

    def refined(self, colours: Colours) -> Colours:
        """Give *colours* told further apart by those of the neighbours, until that tells no more apart."""
        shared = Counter(colours.values())
        while True:
            tied = [node for node in self._members if shared[colours[node]] > 1]  # who is alone stays alone
            self._spend(sum(len(self._said[node]) + 1 for node in tied))
            colours = colours | {node: self._hash(node, colours) for node in tied}
            kinds, shared = len(shared), Counter(colours.values())
            if len(shared) in (kinds, len(self._members)):
                return colours

    def _hash(self, node: ox.BlankNode, colours: Colours) -> str:
        said = sorted(f"{what} {colours[other] if other else ''}" for what, other in self._said[node])
        return hashlib.sha256("\n".join([colours[node], *said]).encode()).hexdigest()

    def _spend(self, number: int) -> None:
        self._work += number
        if self._work > WORK:
            raise TooRegular(self._members[0], len(self._members))

    def least(self, colours: Colours) -> tuple[list[ox.BlankNode], list[str]]:
        """Give the order of the nodes under which the lines of the component are least, with these lines."""
        pending, best = [colours], None
        while pending:
            colours = pending.pop()
            tied = self._tied(colours)
            if not tied:
                outcome = self._lines(colours)
                if best is None or outcome[1] < best[1]:
                    best = outcome
                continue
            for node in tied[:1] if self._are_twins(tied) else tied:
                pending.append(self.refined(colours | {node: f"{colours[node]} chosen"}))
        assert best is not None  # noqa: S101 - a component has a node
        return best

    def _tied(self, colours: Colours) -> list[ox.BlankNode]:
        """Give the nodes of the least colour that several share, none where all are told apart."""
        shared: dict[str, list[ox.BlankNode]] = defaultdict(list)
        for node, colour in colours.items():
            shared[colour].append(node)
        return shared[min(ties)] if (ties := [c for c, nodes in shared.items() if len(nodes) > 1]) else []

    def _are_twins(self, nodes: Sequence[ox.BlankNode]) -> bool:
        """Tell whether any two of *nodes* can change places: then it is all the same which of them comes first."""
        first = nodes[0]
        return all(self._swapped(first, node) for node in nodes[1:])

    def _swapped(self, one: ox.BlankNode, two: ox.BlankNode) -> bool:
        exchange = {one: two, two: one}
        self._spend(len(self._said[one]) + len(self._said[two]))

        def around(
            node: ox.BlankNode, change: Mapping[ox.BlankNode, ox.BlankNode]
        ) -> Counter[tuple[str, ox.BlankNode | None]]:
            return Counter(
                (what, change.get(other, other) if other else None) for what, other in self._said[node]
            )

        return around(one, exchange) == around(two, {})

    def _lines(self, colours: Colours) -> tuple[list[ox.BlankNode], list[str]]:
        order = sorted(self._members, key=colours.__getitem__)
        number = {node: f"_:{n}" for n, node in enumerate(order, 1)}
        self._spend(len(self._statements))

        def text(term: object) -> str:
            return number[term] if isinstance(term, ox.BlankNode) else str(term)

        return order, sorted(
            f"{text(triple.subject)} {triple.predicate} {text(triple.object)} .\n"
            for triple in self._statements
        )
