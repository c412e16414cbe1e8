"""Merging: which statements one of two datasets has and the other has not, found in one walk along both.

Nodes without names are known by what is said of them: each gets a digest of that, and of those that it leads to.
So two datasets that label them otherwise are the same, and the work grows with the number of statements, and no faster.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

import pyoxigraph as ox

from kg.diff.lines import Lines, parsed
from kg.names import KG
from kg.triples import Term

_ROUNDS: Final = 16
"""How far the likeness of nodes that lead in a circle is looked at, in steps from one to the next."""
_VEILED: Final = f" <{KG}visibility> <{KG}veiled> ".encode()
_POINTING: Final = tuple(f" <{KG}{name}> ".encode() for name in ("decides", "rejects", "retracts"))


@dataclass(slots=True)
class Noted:
    """What a walk along one dataset noted: ``veiled`` IRIs, lines of ``decisions`` and retractions, and lines with nodes without names."""

    veiled: set[str] = field(default_factory=set)
    decisions: list[bytes] = field(default_factory=list)
    nameless: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Differing:
    """The statements that only one of two datasets has, and what was noted of both; ``before`` first in each pair."""

    removed: list[ox.Quad]
    added: list[ox.Quad]
    noted: tuple[Noted, Noted]
    nameless: tuple[Nameless, Nameless]


def differing(before: Lines, now: Lines, without: bytes = b"\n\n") -> Differing:
    """Give what *before* and *now* do not share, without the lines that end with *without*. Raises StoreError."""
    noted = Noted(), Noted()
    removed: list[bytes] = []
    added: list[bytes] = []
    _merge(_watched(before, noted[0], without), _watched(now, noted[1], without), removed, added)
    old, new = (Nameless(parsed(each.nameless)) for each in noted)
    return Differing(
        [*parsed(removed), *old.beyond(new)],
        [*parsed(added), *new.beyond(old)],
        noted,
        (old, new),
    )


def _merge(before: Iterator[bytes], now: Iterator[bytes], removed: list[bytes], added: list[bytes]) -> None:
    old, new = next(before, None), next(now, None)
    while old is not None or new is not None:
        if old == new:
            old, new = next(before, None), next(now, None)
        elif new is None or (old is not None and old < new):
            removed.append(old or b"")
            old = next(before, None)
        else:
            added.append(new)
            new = next(now, None)


def _watched(lines: Iterable[bytes], noted: Noted, without: bytes) -> Iterator[bytes]:
    """Give *lines*, those with nodes without names and those that end with *without* excepted, and note what they say on the way."""
    for line in lines:
        if line.endswith(without):
            continue
        if (line.startswith(b"_:") or b" _:" in line) and _is_nameless(line):
            noted.nameless.append(line)
            continue
        if _VEILED in line:
            noted.veiled.add(line[1 : line.index(b">")].decode())
        elif any(mark in line for mark in _POINTING):
            noted.decisions.append(line)
        yield line


def _is_nameless(line: bytes) -> bool:
    """Tell whether a term of *line* is, or has in it, a node without a name: the signs may stand in a text too."""
    (quad,) = parsed([line])
    return isinstance(quad.graph_name, ox.BlankNode) or bool(_below(quad.subject) or _below(quad.object))


class Nameless:
    """The statements with nodes without names of one dataset."""

    def __init__(self, quads: Sequence[ox.Quad]) -> None:
        self.said: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
        self._quads = quads
        self._owner: dict[ox.BlankNode, ox.NamedNode | ox.BlankNode] = {}
        for quad in quads:
            if isinstance(quad.subject, ox.BlankNode):
                self.said[quad.subject].append(quad.triple)
            if isinstance(quad.object, ox.BlankNode) and isinstance(
                quad.subject, ox.NamedNode | ox.BlankNode
            ):
                held = self._owner.get(quad.object)
                if not isinstance(held, ox.NamedNode):
                    self._owner[quad.object] = quad.subject
        self._roots: dict[Term, Term] = {}
        self._marks = self._digests()

    def _digests(self) -> dict[ox.BlankNode, str]:
        """Give a digest for each node: of all that is below it; where that leads in a circle, of what some rounds reach."""
        below = {node: {each for triple in said for each in _below(triple.object)} & self.said.keys() for node, said in self.said.items()}  # fmt: skip
        above: dict[ox.BlankNode, list[ox.BlankNode]] = defaultdict(list)
        for node, nodes in below.items():
            for each in nodes:
                above[each].append(node)
        marks: dict[ox.BlankNode, str] = {}
        open_ = {node: len(nodes) for node, nodes in below.items()}
        ready = [node for node, number in open_.items() if not number]
        while ready:
            node = ready.pop()
            marks[node] = _digest(self.said[node], marks)
            for each in above[node]:
                open_[each] -= 1
                if not open_[each]:
                    ready.append(each)
        circling = [node for node, number in open_.items() if number]
        for _ in range(_ROUNDS if circling else 0):
            marks |= {node: _digest(self.said[node], marks) for node in circling}
        return marks

    def beyond(self, other: Nameless) -> list[ox.Quad]:
        """Give the statements that *other* has not as often, without those that the one about their owner tells of too."""
        theirs = Counter(map(other._line, other._quads))
        found = []
        for quad in self._quads:
            line = self._line(quad)
            if theirs[line]:
                theirs[line] -= 1
            else:
                found.append(quad)
        owners = {quad.subject for quad in found if quad.subject not in self._owner}
        return [quad for quad in found if quad.subject in owners or self.owner(quad.subject) not in owners]

    def owner(self, node: Term) -> Term:
        """Give the resource with a name that leads to *node*, else the last that does; *node* itself where none does."""
        seen: dict[Term, None] = {}
        while (
            node not in self._roots
            and isinstance(node, ox.BlankNode)
            and node in self._owner
            and node not in seen
        ):
            seen[node] = None
            node = self._owner[node]
        root = self._roots.get(node, node)
        self._roots |= dict.fromkeys(seen, root)
        return root

    def _line(self, quad: ox.Quad) -> str:
        terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
        return " ".join(_mark(term, self._marks) for term in terms)


def _digest(said: Iterable[ox.Triple], marks: dict[ox.BlankNode, str]) -> str:
    lines = sorted(f"{triple.predicate} {_mark(triple.object, marks)}" for triple in said)
    return f"_:{sha256(repr(lines).encode()).hexdigest()}"


def _below(term: Term) -> list[ox.BlankNode]:
    if isinstance(term, ox.Triple):
        return [*_below(term.subject), *_below(term.object)]
    return [term] if isinstance(term, ox.BlankNode) else []


def _mark(term: Term | ox.DefaultGraph, marks: dict[ox.BlankNode, str]) -> str:
    """Give what tells *term* from others in any dataset."""
    if isinstance(term, ox.BlankNode):
        return marks.get(term, "_:")
    if isinstance(term, ox.Triple):
        return f"<< {_mark(term.subject, marks)} {term.predicate} {_mark(term.object, marks)} >>"
    return str(term)
