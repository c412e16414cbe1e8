"""The tokens of a Turtle document as a formatter takes them, each with what stands before it: line ends and comments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, cast

from kg.formats import TURTLE
from kg.positions import grammar

Kind: TypeAlias = Literal["word", "mark", "open", "close", "directive", "end"]

_LINE_END: Final = re.compile("\r\n|\r|\n")
_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("COMMA", "SEMICOLON", "DOT"), "mark"),
    **dict.fromkeys(("LSQB", "LPAR"), "open"),
    **dict.fromkeys(("RSQB", "RPAR"), "close"),
    **dict.fromkeys(("AT_PREFIX", "PREFIX", "AT_BASE", "BASE"), "directive"),
}


@dataclass(slots=True)
class Gap:
    """What stands between two tokens: ``end`` is a comment at the end of the line of the first, ``lines`` are the comments on
    lines of their own and (empty) the blank lines, of several one; ``broken`` tells whether there is a line end at all.
    """

    end: str = ""
    lines: list[str] = field(default_factory=list)
    broken: bool = False

    @classmethod
    def of(cls, text: str) -> Gap:
        """Read *text*, white space and comments."""
        first, *others = (line.strip(" \t") for line in _LINE_END.split(text))
        gap = cls(first, [], bool(others))
        for line in others[:-1]:
            gap.add(line)
        if others and others[-1]:  # a comment at the end of the document
            gap.add(others[-1])
        return gap

    def add(self, line: str) -> None:
        """Take one more comment, or a blank line."""
        if line or self.lines[-1:] != [""]:
            self.lines.append(line)

    def join(self, following: Gap) -> None:
        """Take what stands in the gap *following*, where nothing remains between the two."""
        if following.end and self.comments:
            self.add(following.end)
        elif following.end:
            self.end = following.end
        for line in following.lines:
            self.add(line)
        self.broken |= following.broken

    def close(self) -> Gap:
        """Give the gap without blank lines."""
        return Gap(self.end, [line for line in self.lines if line], self.broken)

    @property
    def comments(self) -> bool:
        """Whether there is a comment in it."""
        return bool(self.end) or any(self.lines)


@dataclass(slots=True)
class Token:
    """A token as it is written, the gap before it, and its kind.

    A literal with its tag or type is one word, and so are empty brackets; the last token is the ``end``, with no text.
    """

    kind: Kind
    text: str
    gap: Gap


def tokens(text: str) -> list[Token]:
    """Give the tokens of *text*, which is Turtle; raises SourceError at the first sign of RDF 1.2."""
    found: list[Token] = []
    at, before = 0, ""
    inside = Gap()  # comments within what becomes one word stand behind it
    for token in grammar.tokens(grammar.parse(text, TURTLE)):
        gap = Gap.of(text[at : cast("int", token.start_pos)])
        at = cast("int", token.end_pos)
        kind = _KINDS.get(token.type, "word")
        last = found[-1] if found else None
        if last and (token.type in ("LANGTAG", "CARETS") or before == "CARETS"):
            last.text += token
        elif last and kind == "close" and last.kind == "open":
            last.kind, last.text = "word", last.text + token
        else:
            inside.join(gap)
            found.append(Token(kind, str(token), inside))
            gap = Gap()
            inside = Gap()
        if gap.comments:
            inside.join(gap)
        before = token.type
    inside.join(Gap.of(text[at:]))
    found.append(Token("end", "", inside))
    return found
