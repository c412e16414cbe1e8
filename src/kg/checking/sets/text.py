"""The text of a SPARQL query as its tokens, each told apart by whether it stands in a pattern or in an expression.

The lexical grammar is that of SPARQL 1.1, §19.8; that the tokens make a query is for its parser to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|\#[^\n\r]*)
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<string>\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<variable>[?$]\w+)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<blank>_:\w(?:[\w.-]*[\w-])?)
    |(?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:(?:[\w:%-]|\\.)(?:(?:[\w.:%-]|\\.)*(?:[\w:%-]|\\.))?)?)
    |(?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<sign>\|\||&&|!=|<=|>=|\^\^|[-+*/!=<>|^?(){}\[\].,;])
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind (``iri``, ``string``, ``variable`` …), its text and where it stands, and whether it is part of an ``expression``."""

    kind: str
    text: str
    begin: int
    end: int
    expression: bool

    @property
    def said(self) -> str:
        """The word in capitals, empty for what is none."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def sign(self) -> str:
        """The sign, ``none`` for what is none."""
        return self.text if self.kind == "sign" else "none"

    @property
    def is_this(self) -> bool:
        """Whether the token is the variable of the focus node."""
        return self.kind == "variable" and self.text[1:] == "this"

    @property
    def is_iri(self) -> bool:
        """Whether the token is an IRI in whatever form, ``a`` with them."""
        return self.kind in ("iri", "name") or self.text == "a"

    @property
    def is_term(self) -> bool:
        """Whether a triple can have the token as its subject, predicate or object."""
        named = self.is_iri or self.kind in ("variable", "blank")
        return named or self.kind in ("string", "number", "language") or self.said in ("TRUE", "FALSE")


def tokens(text: str) -> list[Token]:
    """Give the tokens of *text*, without space and comments. Raises ValueError where something else stands in it."""
    found = list(_scanned(text))
    depth = [token.text for token in found if token.text in "{}()" and token.kind == "sign"]
    if depth.count("{") != depth.count("}") or depth.count("(") != depth.count(")"):
        raise ValueError("brackets do not match")
    return found


def _scanned(text: str) -> Iterator[Token]:
    at = 0
    inside: list[str] = []  # what is open: "{" a pattern, "(" an expression, "p" brackets in a pattern
    awaited = False  # whether the bracket to come opens an expression
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"no token of SPARQL at {at}")
        begin, at = at, match.end()
        kind, said = match.lastgroup or "", match[0]
        if kind == "space":
            continue
        if said == "(":
            inside.append("(" if awaited or inside[-1:] == ["("] or "{" not in inside else "p")
            awaited = False
        elif said == "{":
            inside.append("{")
            awaited = False
        elif said in (")", "}") and kind == "sign":
            yield Token(kind, said, begin, at, bool(inside) and inside.pop() == "(")
            continue
        elif kind == "word":
            awaited = awaited or said.upper() in ("FILTER", "BIND")
        yield Token(kind, said, begin, at, inside[-1:] == ["("])
