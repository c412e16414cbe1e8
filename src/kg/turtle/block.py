"""A statement taken apart into pieces, to take pairs out of it and to put pairs in, each line in mind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.turtle.layout import WIDTH, Layout
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


class Block:
    """A statement, ``pieces`` in order; *chunk* is its text with what follows its full stop on the same line.

    Objects are told by their piece: ``objects`` has those of the statement, in order. ``changed`` says that the text has to be
    written anew.
    """

    def __init__(self, chunk: str, statement: Statement, layout: Layout) -> None:
        self._layout = layout
        self.pieces: list[Piece] = []
        at = 0
        for atom in statement.atoms:
            self._gap(chunk[at : atom.start])
            self.pieces.append(Piece(atom.kind, chunk[atom.start : atom.end]))
            at = atom.end
        self._gap(chunk[at:])
        self.objects = [piece for piece in self.pieces if piece.kind == _OBJECT]
        self.changed = False
        self._lines = any(piece.kind == "line" for piece in self.pieces)
        self._leading = self._is_leading()

    def _gap(self, text: str) -> None:
        self.pieces += [Piece(match.lastgroup or "", match[0]) for match in _GAP.finditer(text)]

    # Adding

    def add_object(self, after: Piece, text: str) -> Piece:
        """Write one more object of the verb of the object *after*, behind it, and give its piece."""
        new = Piece(_OBJECT, text)
        before = self._before(self.pieces.index(after))
        listed = before is not None and before.kind == _OBJECT and self._parted(before, after)
        if listed and self._last_on_line(after) is after:
            self._insert_line(after, ",", [new])
        else:
            self._insert(after, [*self._spaced(","), Piece("space", " "), new])
        return new

    def add_pair(self, after: Piece, verb: str, objects: list[str]) -> list[Piece]:
        """Write a verb with its objects behind those of the object *after*, and give the pieces of the objects."""
        made, new = self._pair(verb, objects)
        anchor = self._end_of_line(after)
        line = "".join(piece.text for piece in [*self._line(anchor), *made])
        if self._lines or len(line) + 3 > WIDTH:
            self._insert_line(anchor, ";", made)
        else:
            self._insert(anchor, [*self._spaced(";"), Piece("space", " "), *made])
        return new

    def add_first(self, verb: str, objects: list[str]) -> list[Piece]:
        """Write a verb with its objects directly behind the subject, and give the pieces of the objects."""
        made, new = self._pair(verb, objects)
        made = [Piece("space", " "), *made, *self._spaced(";")]
        subject = self.pieces[0]
        if self._lines and self.pieces[1].kind == "space" and self.pieces[2].kind == _VERB:
            self.pieces[1].gone = True
            made += [Piece("line", self._layout.line_end), Piece("space", self._indent())]
        self._insert(subject, made)
        return new

    def _pair(self, verb: str, objects: list[str]) -> tuple[list[Piece], list[Piece]]:
        new = [Piece(_OBJECT, text) for text in objects]
        made = [Piece(_VERB, verb)]
        for piece in new:
            made += [] if piece is new[0] else self._spaced(",")
            made += [Piece("space", " "), piece]
        return made, new

    def _insert(self, after: Piece, made: list[Piece]) -> None:
        self.changed = True
        at = self.pieces.index(after) + 1
        self.pieces[at:at] = made

    def _insert_line(self, after: Piece, mark: Kind, made: list[Piece]) -> None:
        """Put *made* on a line of its own below that of *after*, *mark* between them."""
        self.changed = True
        at = self.pieces.index(after) + 1
        end = self._end(at)
        marks = [piece for piece in self.pieces[at:end] if piece.mark]
        line = [Piece("line", self._layout.line_end), Piece("space", self._indent(mark))]
        if self._leading:
            where = at if marks else end
            self.pieces[where:where] = [*line, Piece(mark, mark), Piece("space", " "), *made]
            return
        line += made
        for old in marks:
            line += self._spaced(old.text)
            old.gone = old is not marks[0]
        self.pieces[end:end] = line
        if marks:
            self._become(marks[0], mark)
        else:
            self.pieces[at:at] = self._spaced(mark)

    def _spaced(self, mark: str) -> list[Piece]:
        space = self._layout.mark(mark)[:-1]
        return [Piece("space", space)] * bool(space) + [Piece(mark, mark)]

    # Where things stand

    def _end(self, at: int) -> int:
        """Give the index of the line end at or after *at*, or that of the end."""
        return next(
            (n for n in range(at, len(self.pieces)) if self.pieces[n].kind == "line"), len(self.pieces)
        )

    def _line(self, piece: Piece) -> list[Piece]:
        at = self.pieces.index(piece)
        start = max((n + 1 for n in range(at) if self.pieces[n].kind == "line"), default=0)
        return self.pieces[start : self._end(at)]

    def _before(self, at: int) -> Piece | None:
        return next((piece for piece in reversed(self.pieces[:at]) if piece.term), None)

    def _parted(self, first: Piece, second: Piece) -> bool:
        between = self.pieces[self.pieces.index(first) : self.pieces.index(second)]
        return any(piece.kind == "line" for piece in between)

    def _last_on_line(self, piece: Piece) -> Piece:
        at = self.pieces.index(piece)
        return [other for other in self.pieces[at : self._end(at)] if other.term][-1]

    def _end_of_line(self, piece: Piece) -> Piece:
        """Give the last object of the line on which the objects that *piece* is one of end."""
        while True:
            ending = self._last_of_verb(self._last_on_line(piece))
            if ending is piece:
                return piece
            piece = ending

    def _last_of_verb(self, piece: Piece) -> Piece:
        last = piece
        for other in self.pieces[self.pieces.index(piece) + 1 :]:
            if other.kind == _OBJECT:
                last = other
            elif other.kind in (_VERB, ";", ".") and last.kind == _OBJECT:
                break
        return last

    def _is_leading(self) -> bool:
        """Tell whether marks stand at the beginning of a line, before what they lead to."""
        return any(
            self._starts_line(at) and self._leads(at)
            for at, piece in enumerate(self.pieces)
            if piece.kind in (",", ";")
        )

    def _starts_line(self, at: int) -> bool:
        before = (piece for piece in reversed(self.pieces[:at]) if piece.kind != "space")
        return next(before, self.pieces[0]).kind == "line"

    def _leads(self, at: int) -> bool:
        after = (piece for piece in self.pieces[at + 1 :] if piece.atom or piece.kind == "line")
        return next(after).term

    def _indent(self, mark: str = ";") -> str:
        """Give the indentation of a pair, or (*mark* is a comma) that of an object."""
        wanted = _OBJECT if mark == "," else _VERB
        for at, piece in enumerate(self.pieces):
            kind = mark if self._leading else wanted
            if piece.kind == kind and self._starts_line(at):
                before = self.pieces[at - 1]
                return before.text if before.kind == "space" else ""
        return self._layout.indent * (2 if mark == "," else 1)

    # Taking out

    def is_empty(self, without: list[Piece]) -> bool:
        """Tell whether nothing is said in the block *without* these objects."""
        return all(piece in without for piece in self.pieces if piece.kind == _OBJECT)

    def drop(self, objects: list[Piece]) -> None:
        """Take *objects* out, with the verbs that are left without one, and set the marks right."""
        for piece in objects:
            piece.gone = True
        self._drop_verbs()
        previous = self.pieces[0]
        for piece in [piece for piece in self.pieces if piece.term and not piece.gone][1:]:
            self._mend(previous, piece)
            previous = piece
        self._finish(previous)

    def _drop_verbs(self) -> None:
        verb: Piece | None = None
        for piece in self.pieces:
            if piece.kind == _VERB:
                verb, piece.gone = piece, True
            elif piece.kind == _OBJECT and not piece.gone and verb is not None:
                verb.gone = False

    def _between(self, first: Piece, second: Piece | None) -> list[Piece]:
        start = self.pieces.index(first) + 1
        return self.pieces[start : len(self.pieces) if second is None else self.pieces.index(second)]

    def _mend(self, first: Piece, second: Piece) -> None:
        """Leave one mark between two atoms that follow each other now, of the kind that belongs there."""
        between = self._between(first, second)
        if not any(piece.term for piece in between):
            return
        marks = [piece for piece in between if piece.mark]
        for piece in marks:
            piece.gone = True
        if first.kind != _OBJECT:
            self._join(between)
            return
        kept = self._chosen(first, marks, second)
        kept.gone = False
        self._become(kept, "," if second.kind == _OBJECT else ";")

    def _chosen(self, first: Piece, marks: list[Piece], second: Piece) -> Piece:
        one_line = not self._parted(first, marks[-1])
        leading = self._starts_line(self.pieces.index(marks[-1])) and not self._parted(marks[-1], second)
        return marks[-1] if one_line or leading else marks[0]

    def _become(self, piece: Piece, mark: Kind) -> None:
        """Let the mark *piece* be *mark*, with the space before it that the document has before such."""
        if piece.kind == mark:
            return
        at = self.pieces.index(piece)
        piece.kind = piece.text = mark
        spaced = self._layout.mark(mark) != mark
        before = self.pieces[at - 1]
        if spaced and before.kind not in ("space", "line"):
            self.pieces.insert(at, Piece("space", " "))
        elif not spaced and before.kind == "space" and not self._starts_line(at):
            before.gone = True

    def _join(self, between: list[Piece]) -> None:
        """Let what follows a subject or a verb stand on its line again, where no comment hinders it."""
        lines = [piece for piece in between if piece.kind == "line"]
        first = next(n for n, piece in enumerate(between) if piece.gone)
        if not any(piece.kind == "comment" for piece in between) and not any(
            piece.kind == "line" for piece in between[:first]
        ):
            for piece in lines:
                piece.gone = True

    def _finish(self, last: Piece) -> None:
        """Let the full stop follow the object that is the last now."""
        after = self._between(last, None)
        if not any(piece.term for piece in after):
            return
        marks = [piece for piece in after if piece.mark]
        stop = marks[-1]
        for piece in marks:
            piece.gone = True
        if self._starts_line(self.pieces.index(stop)):
            stop.gone = False
            trailing = [
                piece for piece in self._between([p for p in after if p.term][-1], stop) if piece.mark
            ]
            if trailing and not self._leading:
                marks[0].gone = False
                self._become(marks[0], ";")
        elif not self._parted(last, stop):
            stop.gone = False
        elif self._parted(last, marks[0]):
            self._insert(last, self._spaced("."))
        else:
            marks[0].gone = False
            self._become(marks[0], ".")

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
