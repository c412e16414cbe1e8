"""A statement taken apart into pieces: atoms, and what stands between them line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.turtle.syntax import Kind, Statement

_GAP: Final = re.compile(r"(?P<line>\r\n|\r|\n)|(?P<space>[ \t]+)|(?P<comment>#[^\r\n]*)")
_MARKS: Final = (",", ";", ".")
_SUBJECT, _VERB, _OBJECT = "subject", "verb", "object"


@dataclass(eq=False, slots=True)
class Piece:
    """An atom, or a stretch of what stands between two: a space, a line end, a comment.

    A piece that is ``gone`` is not written; a line of nothing but such goes with its comment.
    """

    kind: Kind | str
    text: str
    gone: bool = False

    @property
    def term(self) -> bool:
        """Whether it is a subject, a verb or an object."""
        return self.kind in (_SUBJECT, _VERB, _OBJECT)

    @property
    def mark(self) -> bool:
        """Whether it is one of the marks between them."""
        return self.kind in _MARKS

    @property
    def atom(self) -> bool:
        """Whether it is an atom."""
        return self.term or self.mark


class Pieces:
    """The ``pieces`` of a statement in order; *chunk* is its text with what follows its full stop on the same line."""

    def __init__(self, chunk: str, statement: Statement) -> None:
        self.pieces: list[Piece] = []
        at = 0
        for atom in statement.atoms:
            self._gap(chunk[at : atom.start])
            self.pieces.append(Piece(atom.kind, chunk[atom.start : atom.end]))
            at = atom.end
        self._gap(chunk[at:])

    def _gap(self, text: str) -> None:
        self.pieces += [Piece(match.lastgroup or "", match[0]) for match in _GAP.finditer(text)]

    def end(self, at: int) -> int:
        """Give the index of the line end at or after *at*, or that of the end."""
        return next(
            (n for n in range(at, len(self.pieces)) if self.pieces[n].kind == "line"), len(self.pieces)
        )

    def line(self, piece: Piece) -> list[Piece]:
        """Give the pieces of the line on which *piece* stands."""
        at = self.pieces.index(piece)
        start = max((n + 1 for n in range(at) if self.pieces[n].kind == "line"), default=0)
        return self.pieces[start : self.end(at)]

    def before(self, at: int) -> Piece | None:
        """Give the subject, verb or object before the index *at*."""
        return next((piece for piece in reversed(self.pieces[:at]) if piece.term), None)

    def parted(self, first: Piece, second: Piece) -> bool:
        """Tell whether a line ends between the two."""
        between = self.pieces[self.pieces.index(first) : self.pieces.index(second)]
        return any(piece.kind == "line" for piece in between)

    def last_on_line(self, piece: Piece) -> Piece:
        """Give the last subject, verb or object of the line on which *piece* ends."""
        at = self.pieces.index(piece)
        return [other for other in self.pieces[at : self.end(at)] if other.term][-1]

    def end_of_line(self, piece: Piece) -> Piece:
        """Give the last object of the line on which the objects that *piece* is one of end."""
        while True:
            ending = self.last_of_verb(self.last_on_line(piece))
            if ending is piece:
                return piece
            piece = ending

    def last_of_verb(self, piece: Piece) -> Piece:
        """Give the last of the objects that *piece* is one of, or that follow the verb *piece*."""
        last = piece
        for other in self.pieces[self.pieces.index(piece) + 1 :]:
            if other.kind == _OBJECT:
                last = other
            elif other.kind in (_VERB, ";", ".") and last.kind == _OBJECT:
                break
        return last

    def is_leading(self) -> bool:
        """Tell whether marks stand at the beginning of a line, before what they lead to."""
        return any(
            self.starts_line(at) and self.leads(at)
            for at, piece in enumerate(self.pieces)
            if piece.kind in (",", ";")
        )

    def starts_line(self, at: int) -> bool:
        """Tell whether nothing stands before the index *at* on its line."""
        before = (piece for piece in reversed(self.pieces[:at]) if piece.kind != "space")
        return next(before, self.pieces[0]).kind == "line"

    def leads(self, at: int) -> bool:
        """Tell whether the mark at *at* has what it leads to on its line."""
        after = (piece for piece in self.pieces[at + 1 :] if piece.atom or piece.kind == "line")
        return next(after).term

    def between(self, first: Piece, second: Piece | None) -> list[Piece]:
        """Give the pieces between two, or (None) those behind the first."""
        start = self.pieces.index(first) + 1
        return self.pieces[start : len(self.pieces) if second is None else self.pieces.index(second)]

    # Writing

    def text(self) -> str:
        """Give the text: lines on which everything is gone are left out, comment and all."""
        rows: list[tuple[str, str]] = []
        end = ""
        for line, end in self._rows():
            atoms = [piece.gone for piece in line if piece.atom]
            if not any(atoms):
                rows.append(("".join(piece.text for piece in line if not piece.gone), end))
            elif not all(atoms):
                rows.append((_closed_up(line), end))
        text = "".join(line + end for line, end in rows)
        return text if rows[-1][1] == end else text.removesuffix(rows[-1][1])

    def _rows(self) -> Iterator[tuple[list[Piece], str]]:
        """Give each line and its end; line ends that are gone part nothing."""
        row: list[Piece] = []
        for piece in self.pieces:
            if piece.kind == "line" and not piece.gone:
                yield row, piece.text
                row = []
            else:
                row.append(piece)
        yield row, ""


def _closed_up(line: list[Piece]) -> str:
    """Give the text of *line* without what is gone of it, and no gap where that was."""
    text = ""
    run: list[Piece] = []
    if line[0].kind == "space":
        text, line = line[0].text, line[1:]
    for piece in line:
        if piece.gone or piece.kind == "space":
            run.append(piece)
            continue
        if not any(other.gone for other in run):
            text += "".join(other.text for other in run)
        elif text.strip(" \t"):
            text += _gap(run, piece)
        run = []
        text += piece.text
    return text


def _gap(run: list[Piece], following: Piece) -> str:
    joined = any(piece.kind == "line" for piece in run)
    if run[-1].kind == "space" and run[-1].text and not run[-1].gone and not joined:
        return run[-1].text
    return "" if following.mark else " "
