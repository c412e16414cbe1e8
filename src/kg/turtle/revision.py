"""The blocks of one resource, changed so that they say exactly what is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

from kg.errors import EditError
from kg.turtle.block import Block
from kg.turtle.draft import Draft
from kg.turtle.pieces import Piece
from kg.turtle.syntax import TYPE, Statement
from kg.turtle.writing import Pair, Writer

_Place: TypeAlias = tuple[Block, Piece]


class Revision:
    """One change of the statements *indexes* of *draft*, all about one subject; *writer* writes what is new in them."""

    def __init__(self, draft: Draft, writer: Writer, indexes: Sequence[int]) -> None:
        self._draft = draft
        self._writer = writer
        self._indexes = indexes
        self._blocks: list[Block] = []
        self._present: dict[Pair, list[_Place]] = {}
        self._placed: dict[Pair, _Place] = {}
        self._gone: list[Piece] = []
        layout = draft.layout()
        for index in indexes:
            part = self._part(index)
            block = Block(draft.text[part.start : draft.tail(index)], part, layout)
            self._blocks.append(block)
            for (predicate, object, _), piece in zip(part.pairs(), block.objects, strict=True):
                self._present.setdefault((predicate, object), []).append((block, piece))

    def check(self, wanted: Sequence[Pair]) -> None:
        """Raise EditError where a value in brackets is not *wanted*."""
        kept = set(wanted)
        for index in self._indexes:
            part = self._part(index)
            for predicate, object, atom in part.pairs():
                if part.atoms[atom].anonymous and (predicate, object) not in kept:
                    raise EditError(
                        f"a value of {predicate} is written in brackets, and would go with all that is said in them",
                        remedy="keep it, take the whole resource out, or edit the file by hand",
                    )

    def run(self, wanted: Sequence[Pair]) -> None:
        """Let the blocks say *wanted*, which is not empty, and nothing else.

        Raises EditError where a term cannot be written.
        """
        self._placed = {pair: self._present[pair][-1] for pair in wanted if pair in self._present}
        self._replace(wanted)
        previous: Pair | None = None
        for pair in wanted:
            if pair not in self._placed:
                self._add(pair, previous, wanted)
            previous = pair
        self._write()

    def _part(self, index: int) -> Statement:
        return cast("Statement", self._draft.parts[index])

    def _replace(self, wanted: Sequence[Pair]) -> None:
        """Write new objects in the places of objects of the same predicate that go."""
        new = [pair for pair in wanted if pair not in self._present]
        for pair, places in self._present.items():
            if pair in self._placed:
                continue
            successor = next((other for other in new if other[0] == pair[0]), None)
            if successor is not None:
                new.remove(successor)
                block, piece = places[0]
                piece.text = self._writer.term(successor[1])
                block.changed = True
                self._placed[successor] = places[0]
            self._gone += [piece for _, piece in places[successor is not None :]]

    def _add(self, pair: Pair, previous: Pair | None, wanted: Sequence[Pair]) -> None:
        predicate = pair[0]
        beside = previous if previous and previous[0] == predicate else None
        beside = beside or next((other for other in reversed(self._placed) if other[0] == predicate), None)
        if beside is not None:
            block, piece = self._placed[beside]
            self._placed[pair] = block, block.add_object(piece, self._writer.term(pair[1]))
            return
        new = [other for other in wanted if other[0] == predicate]
        verb, objects = self._writer.verb(predicate), [self._writer.term(object) for _, object in new]
        if previous is not None:
            block, piece = self._placed[previous]
            pieces = block.add_pair(piece, verb, objects)
        else:
            block = self._blocks[0]
            pieces = (
                block.add_first(verb, objects)
                if predicate == TYPE
                else block.add_pair(block.objects[-1], verb, objects)
            )
        self._placed.update((other, (block, piece)) for other, piece in zip(new, pieces, strict=True))

    def _write(self) -> None:
        declared = self._draft.declare(self._writer.declared)
        for index, block in reversed([*zip(self._indexes, self._blocks, strict=True)]):
            at = index + declared
            gone = [piece for piece in block.objects if piece in self._gone]
            if block.is_empty(gone):
                self._draft.remove(at)
            elif gone or block.changed:
                block.drop(gone)
                part = self._part(at)
                nodes = [
                    atom.term for atom in part.atoms if atom.anonymous and atom.term and atom.kind == "object"
                ]
                self._draft.splice(part.start, self._draft.tail(at), block.text(), nodes)
