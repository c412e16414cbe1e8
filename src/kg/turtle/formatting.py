"""Turtle in the house style: the same statements, comments and order, in one way of spacing.

Where a line breaks is the writer's choice, as long as the pair that follows would not end beyond :data:`WIDTH`; all else
follows from the structure:

- A declaration stands on a line, and so does the beginning of every statement. The first predicate stands beside the
  subject, further ones 4 columns in, further objects 8; what stands in brackets 4 columns further than the line on
  which they open, and a closing bracket at the beginning of a line as far as that line.
- One space stands between terms, before ``;`` and ``.``, and within brackets that hold something; none before a
  comma. Marks stand behind what they follow, not at the beginning of a line; a semicolon that nothing follows goes.
- A comment at the end of a line stands two spaces behind it, one on a line of its own as far in as what follows.
- Of several blank lines one stays, within a statement none; one stands below the declarations at the head. The file ends with
  one line end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.errors import EditError
from kg.turtle import checking
from kg.turtle.layout import LINE_END
from kg.turtle.tokens import Gap, Token, tokens

WIDTH: Final = 200
"""The column beyond which no predicate with its objects ends that could stand on a line of its own."""
_STEP: Final = 4
_BOM: Final = "\ufeff"


def formatted(text: str, *, base: str | None = None) -> str:
    """Give *text*, a document of Turtle 1.1, in the house style; *base* is what relative IRIs are resolved against.

    Line ends are all as the first one. Raises SourceError, with an empty ``path``, where the text is not Turtle 1.1;
    EditError where the result would not say the same, which would be a fault of this module.
    """
    mark = _BOM if text.startswith(_BOM) else ""
    body = text.removeprefix(_BOM)
    said = checking.check(body, base)
    found = tokens(body)
    labels = {token.text[2:] for token in found if token.text.startswith("_:")}
    result = _Printer(_line_end(body)).document(found)
    if not _says(result, said, labels, base):
        raise EditError(
            "formatting would change what the file says, and was not done",
            remedy="report this with the file; it is a fault of kg fmt",
        )
    return mark + result


def _says(text: str, said: list[ox.Triple], labels: set[str], base: str | None) -> bool:
    try:
        return checking.same(said, checking.read(text, base), labels)
    except SyntaxError:
        return False


def _line_end(text: str) -> str:
    found = LINE_END.search(text)
    return found[0] if found else "\n"


@dataclass(slots=True)
class _Frame:
    """A statement or a pair of brackets: how far in its line begins, and what comes next in it."""

    indent: int
    next: str
    opening: str = ""


class _Printer:
    """Writes the tokens of one document, line by line."""

    def __init__(self, line_end: str) -> None:
        self._line_end = line_end
        self._lines: list[str] = []
        self._line = ""
        self._indent = 0  # of the line that is being written
        self._frames: list[_Frame] = []

    def document(self, found: Sequence[Token]) -> str:
        """Give the text of *found*."""
        at = 0
        head = False
        while found[at].kind != "end":
            self._begin(found[at].gap, after_head=head and found[at].kind != "directive")
            head = found[at].kind == "directive"
            at = self._directive(found, at) if head else self._statement(found, at)
        self._begin(found[at].gap)
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "".join(line + self._line_end for line in self._lines)

    # Lines

    def _begin(self, gap: Gap, *, after_head: bool = False) -> None:
        """Begin a line for a declaration or a statement, below the comments of *gap*."""
        blank = after_head and "" not in gap.lines
        self._break(Gap(gap.end, ["", *gap.lines] if blank else gap.lines, True), 0)

    def _break(self, gap: Gap, indent: int) -> None:
        """End the line, with the comment that belongs there, and begin one that is *indent* in, below those on their own lines."""
        if gap.end:
            self._line += f"  {gap.end}" if self._line else gap.end
        if self._line:
            self._lines.append(self._line)
        for line in gap.lines:
            if line or (self._lines and self._lines[-1]):
                self._lines.append(" " * indent + line if line else "")
        self._line, self._indent = "", indent

    def _write(self, text: str, before: str = " ") -> None:
        """Write *text* behind what stands on the line, or as far in as the line begins."""
        self._line += (before if self._line else " " * self._indent) + text

    # Declarations and statements

    def _directive(self, found: Sequence[Token], at: int) -> int:
        length = (3 if found[at].text.lower().endswith("prefix") else 2) + found[at].text.startswith("@")
        for token in found[at : at + length]:
            self._write(token.text)
        behind = found[at + length].gap
        for token in reversed(found[at + 1 : at + length]):
            if token.gap.comments:
                token.gap.join(behind)
                behind = token.gap
        found[at + length].gap = behind
        return at + length

    def _statement(self, found: Sequence[Token], at: int) -> int:
        self._frames = [_Frame(0, "subject")]
        while self._frames:
            token = found[at]
            if token.kind == "mark":
                at = self._marks(found, at)
            else:
                if token.kind == "close":
                    self._close(token)
                else:
                    self._term(found, at)
                at += 1
        return at

    def _term(self, found: Sequence[Token], at: int) -> None:
        """Write a word or an opening bracket, on a line of its own where one begins there."""
        token, frame = found[at], self._frames[-1]
        role = frame.next
        if role == "subject":
            token.gap = Gap()  # the line has begun
        elif self._breaks(found, at, role):
            self._break(token.gap.close(), frame.indent + _STEP * (2 if role == "object" else 1))
        self._write(token.text)
        frame.next = {"subject": "first", "first": "object", "verb": "object"}.get(role, role)
        if token.kind == "open":
            inner = "item" if token.text == "(" else "verb"
            self._frames.append(_Frame(self._indent, inner, token.text))

    def _breaks(self, found: Sequence[Token], at: int, role: str) -> bool:
        gap = found[at].gap
        if gap.comments:
            return True
        if role == "first":
            return False
        follows = found[at - 1].kind == "mark"
        wide = role == "verb" and follows and len(self._frames) == 1 and self._too_wide(found, at)
        return gap.broken or wide

    def _too_wide(self, found: Sequence[Token], at: int) -> bool:
        """Tell whether the pair that begins at *at* would end beyond the width, as far as it stands on one line."""
        width, depth = len(self._line), 0
        for number, token in enumerate(found[at:]):
            if number and token.kind != "mark" and (token.gap.broken or token.gap.comments):
                break
            first = LINE_END.split(token.text, maxsplit=1)
            comma = token.text == "," and token.kind == "mark"
            width += len(first[0]) + (not comma)
            depth += (token.kind == "open") - (token.kind == "close")
            if len(first) > 1 or (depth == 0 and token.kind == "mark" and not comma):
                break
        return width > WIDTH

    def _close(self, token: Token) -> None:
        frame = self._frames.pop()
        if token.gap.comments:
            self._break(token.gap.close(), frame.indent + _STEP)
            self._indent = frame.indent
        elif token.gap.broken:
            self._break(Gap(), frame.indent)
        self._write(token.text)

    # Marks

    def _marks(self, found: Sequence[Token], at: int) -> int:
        """Write the mark behind what was written, and let what stands around it stand behind it."""
        end = at
        while found[end].kind == "mark":
            end += 1
            if found[end - 1].text == ".":
                break
        run, following = found[at:end], found[end]
        mark = run[-1].text if run[-1].text == "." else run[0].text
        between = Gap()
        for token in run:
            between.join(token.gap)
        if mark == "." and any(between.lines):
            self._stop_below(run, between)
            return end
        dropped = mark == ";" and following.kind == "close"
        between.join(following.gap)
        following.gap = between
        if not dropped:
            self._write(mark, "" if mark == "," else " ")
        self._after(mark)
        return end

    def _stop_below(self, run: Sequence[Token], between: Gap) -> None:
        """Write a full stop below comments that stand before it."""
        if len(run) > 1:
            self._write(";")
        self._break(between.close(), _STEP)
        self._write(".")
        self._after(".")

    def _after(self, mark: str) -> None:
        if mark == ".":
            self._frames.clear()
        else:
            self._frames[-1].next = "object" if mark == "," else "verb"
