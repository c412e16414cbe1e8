"""The row of records that an archive is, cut to a number of quads, with the faults that are planted in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

import pyoxigraph as ox

from archive_graphs.constraints import SHAPES, Constraint, constraints
from archive_graphs.faults import Fault, Result, fault
from archive_graphs.source import Source, shared
from archive_graphs.terms import Record, term_of, text

SEED: Final = 1990
SHARE: Final = 0.001
"""Faults for each subject, beside the first of each kind."""
DOSE: Final = 40
"""Kinds of fault that a source at the beginning has, until there was one of each."""

_ONTOLOGY: Final = SHAPES.parents[1]


@dataclass(frozen=True, slots=True)
class Piece:
    """The statements of one record, and the results that a validator has to find in it.

    ``source`` is the slug of the source that it is first spoken of in; empty for what all share, and None for the vocabulary.
    """

    statements: Record
    source: str | None
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive of *number* quads out of *seed*; *share* 0 plants no fault at all."""

    number: int
    seed: int = SEED
    share: float = SHARE

    def pieces(self) -> Iterator[Piece]:
        """Give every piece, the last cut so that the number is exact."""
        left = self.number
        for piece in self._endless():
            if len(piece.statements) > left:
                break
            left -= len(piece.statements)
            yield piece
        if left:  # a few, so that the number is exact
            filling = [
                ("org:attest", "rdfs:comment", text(f"line {at + 1}"), "entities") for at in range(left)
            ]
            yield Piece(filling, "")

    def _endless(self) -> Iterator[Piece]:
        for record in _vocabulary():
            yield Piece(record, None)
        yield Piece(shared(), "")
        planting = _Planting(self.seed, self.share)
        for at in count(1):
            source = Source(at, self.seed)
            for record in source.records():
                planting.count(record)
                yield Piece(record, source.slug)
            for planted in planting.into(source):
                yield Piece(planted.record, source.slug, planted.results)


class _Planting:
    """Chooses faults: each kind once as soon as there is a place, then as many as *share* of the subjects asks for."""

    def __init__(self, seed: int, share: float) -> None:
        self._seed, self._share = seed, share
        self._subjects = self._given = self._rounds = 0
        self._first: list[Constraint] = self._round() if share else []
        self._next: list[Constraint] = []

    def count(self, record: Record) -> None:
        """Take note of the subjects of *record*."""
        self._subjects += len({subject for subject, _, _, _ in record})

    def into(self, source: Source) -> Iterator[Fault]:
        """Give the faults of *source*, whose records were all counted."""
        kinds, self._first = self._first[:DOSE], self._first[DOSE:]
        if not self._first:
            owed = int(self._subjects * self._share) - self._given
            self._given += owed
            kinds += [self._draw() for _ in range(owed)]
        for number, kind in enumerate(kinds, 1):
            yield fault(kind, source, f"{source.slug}-f{number}")

    def _draw(self) -> Constraint:
        if not self._next:
            self._next = self._round()
        return self._next.pop()

    def _round(self) -> list[Constraint]:
        """Give every kind once, in an order of this round."""
        self._rounds += 1
        kinds = list(constraints())
        Random(f"{self._seed}/faults/{self._rounds}").shuffle(kinds)  # noqa: S311 - nothing secret
        return kinds


def vocabulary_files() -> list[Path]:
    """Give the files of the vocabulary, sorted."""
    return [_ONTOLOGY / "kg.ttl", *sorted((_ONTOLOGY / "vocab").glob("*.ttl"))]


def _vocabulary() -> Iterator[Record]:
    """Give the vocabulary, statement by statement: it is the same in every archive."""
    seen: set[ox.Triple] = set()
    for file in vocabulary_files():
        for quad in ox.parse(path=file):
            if quad.triple not in seen:
                seen.add(quad.triple)
                subject, predicate, value = map(term_of, quad.triple)
                yield [(subject, predicate, value, "vocab")]
