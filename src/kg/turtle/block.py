"""A statement that pairs are put into and taken out of, with each line in mind."""

from __future__ import annotations

from kg.turtle.layout import WIDTH, Layout
from kg.turtle.pieces import Piece, Pieces
from kg.turtle.syntax import Kind, Statement

_VERB, _OBJECT = "verb", "object"


class Block(Pieces):
    """A statement that is changed; *chunk* is its text with what follows its full stop on the same line.

    Objects are told by their piece: ``objects`` has those of the statement, in order. ``changed`` says that the text has to be
    written anew.
    """

    def __init__(self, chunk: str, statement: Statement, layout: Layout) -> None:
        super().__init__(chunk, statement)
        self._layout = layout
        self.objects = [piece for piece in self.pieces if piece.kind == _OBJECT]
        self.changed = False
        self._lines = any(piece.kind == "line" for piece in self.pieces)
        self._leading = self.is_leading()

    # Adding

    def add_object(self, after: Piece, text: str) -> Piece:
        """Write one more object of the verb of the object *after*, behind it, and give its piece."""
        new = Piece(_OBJECT, text)
        before = self.before(self.pieces.index(after))
        listed = before is not None and before.kind == _OBJECT and self.parted(before, after)
        if listed and self.last_on_line(after) is after:
            self._insert_line(after, ",", [new])
        else:
            self._insert(after, [*self._spaced(","), Piece("space", " "), new])
        return new

    def add_pair(self, after: Piece, verb: str, objects: list[str]) -> list[Piece]:
        """Write a verb with its objects behind those of the object *after*, and give the pieces of the objects."""
        made, new = self._pair(verb, objects)
        anchor = self.end_of_line(after)
        line = "".join(piece.text for piece in [*self.line(anchor), *made])
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
        end = self.end(at)
        marks = [piece for piece in self.pieces[at:end] if piece.mark and not piece.gone]
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

    def _indent(self, mark: str = ";") -> str:
        """Give the indentation of a pair, or (*mark* is a comma) that of an object."""
        wanted = _OBJECT if mark == "," else _VERB
        for at, piece in enumerate(self.pieces):
            kind = mark if self._leading else wanted
            if piece.kind == kind and self.starts_line(at):
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

    def _mend(self, first: Piece, second: Piece) -> None:
        """Leave one mark between two atoms that follow each other now, of the kind that belongs there."""
        between = self.between(first, second)
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
        one_line = not self.parted(first, marks[-1])
        leading = self.starts_line(self.pieces.index(marks[-1])) and not self.parted(marks[-1], second)
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
        elif not spaced and before.kind == "space" and not self.starts_line(at):
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
        after = self.between(last, None)
        if not any(piece.term for piece in after):
            return
        marks = [piece for piece in after if piece.mark]
        stop = marks[-1]
        for piece in marks:
            piece.gone = True
        if self.starts_line(self.pieces.index(stop)):
            stop.gone = False
            trailing = [piece for piece in self.between([p for p in after if p.term][-1], stop) if piece.mark]
            if trailing and not self._leading:
                marks[0].gone = False
                self._become(marks[0], ";")
        elif not self.parted(last, stop):
            stop.gone = False
        elif self.parted(last, marks[0]):
            self._insert(last, self._spaced("."))
        else:
            marks[0].gone = False
            self._become(marks[0], ".")
