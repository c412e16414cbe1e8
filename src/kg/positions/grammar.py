"""The grammar of Turtle and TriG 1.1 (W3C, 2014), as a tree and as tokens with their places.

pyoxigraph reads a document first, so that its errors are the ones told; the LALR(1) grammar ``turtle.lark`` then
finds structure. The syntax that RDF 1.2 adds is refused. Nothing here recurses: the depth of a document is limited
by memory only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.errors import SourceError
from kg.formats import Format
from kg.positions.statements import Lines, unreadable

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

MARKS: Final = frozenset(
    {"AT_BASE", "AT_PREFIX", "BASE", "CARETS", "COMMA", "DOT", "GRAPH", "LBRACE", "PREFIX", "RBRACE", "RSQB", "SEMICOLON"}
)  # fmt: skip
"""Types of the tokens that say nothing to a reader of terms: the structure says it."""


def check(data: bytes, format: Format, base: str | None) -> str:
    """Give the text of *data*, which pyoxigraph reads as *format*; raises SourceError where it does not."""
    try:
        for _ in ox.parse(data, format=format.rdf, base_iri=base):
            pass
    except SyntaxError as error:
        raise unreadable(error) from error
    return data.decode()


def parse(text: str, format: Format) -> Tree[Token]:
    """Give the tree of *text*, every token in it; raises SourceError at the first sign of RDF 1.2."""
    from lark.exceptions import UnexpectedInput

    try:
        return _grammar().parse(text, start=format.name.lower())
    except UnexpectedInput as error:
        place = Lines(text).position(error.pos_in_stream or 0)
        raise SourceError(
            f"this is not {format.name} 1.1",
            path="",
            line=place.line,
            column=place.column,
            remedy="Write it without the syntax of RDF 1.2.",
        ) from error


def tokens(tree: Tree[Token]) -> Iterator[Token]:
    """Give the tokens of *tree* in the order of the document; comments and white space are none."""
    stack: list[Tree[Token] | Token] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        else:
            stack.extend(reversed(node.children))


@cache
def _grammar() -> Lark:
    from lark import Lark

    return Lark(
        (files(__package__) / "turtle.lark").read_text(),
        parser="lalr",
        start=["turtle", "trig"],
        keep_all_tokens=True,
    )
