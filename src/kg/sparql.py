"""The words of a SPARQL query, and what a query may not say here.

:func:`tokens` splits a text into the terminals of SPARQL 1.1 (section 19.8; RDF 1.2's ``<<`` too): joined again they
are the text. :func:`check` refuses federated queries, updates and queries deep or long enough to overflow the
engine's stack, which would end the process (no ``try`` can stop that).

The engine's grammar asks for no space between words (``true`` and ``SERVICE`` may be written together) and reads
``<`` as an operator where an IRI does not fit. Where that leaves room for two readings, :func:`check` refuses the
text and says how to write it plainly; so no reading of it can hide a word.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from typing import Final, Literal, NamedTuple, cast

from kg.errors import QueryError
from kg.names import VOCABULARIES

Kind = Literal[
    "space",
    "comment",
    "iri",
    "string",
    "pname",
    "blank",
    "var",
    "lang",
    "number",
    "word",
    "symbol",
    "unknown",
]
"""``unknown`` is a character that begins no terminal; ``word`` is a keyword or a function's name."""

MAX_CHARACTERS: Final = 200_000
MAX_DEPTH: Final = 100
MAX_TOKENS: Final = 5_000
"""Tokens outside data (VALUES). One costs at most 6.6 KB of stack and one level at most 10 KB, so that these limits
keep a query under 35 MB of the :data:`STACK_BYTES` that the store's threads have."""

STACK_BYTES: Final = 128 * 1024 * 1024

_LETTERS: Final = "A-Za-z"
_FURTHER_LETTERS: Final = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_FURTHER_MARKS: Final = "\u00b7\u0300-\u036f\u203f\u2040"
_SCALAR = r"(?:[0-9A-CE-Fa-ce-f][0-9A-Fa-f]{3}|[Dd][0-7][0-9A-Fa-f]{2})"
_ESCAPE = rf"\\(?:[tbnrf\"'\\]|u{_SCALAR}|U0000{_SCALAR}|U(?:000[1-9A-Fa-f]|0010)[0-9A-Fa-f]{{4}})"
_IRI_SIGN = r"[^\x00-\x20<>\"{}|^`\\]*"
_IRI = rf"<{_IRI_SIGN}(?:(?:\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}}){_IRI_SIGN})*>"


def _string(quote: str, length: int) -> str:
    """Give the pattern of strings in *length* of *quote*, which may hold fewer of them where that is three."""
    if length == 1:
        return rf"{quote}[^{quote}\\\r\n]*(?:{_ESCAPE}[^{quote}\\\r\n]*)*{quote}"
    return rf"{quote * 3}[^{quote}\\]*(?:(?:{_ESCAPE}|{quote}{{1,2}}(?!{quote}))[^{quote}\\]*)*{quote * 3}"


@cache
def _terminals(*, ascii: bool, prefix: bool = True) -> re.Pattern[str]:
    """Give the terminals, for texts that are of ASCII or not; where no *prefix* begins, prefixed names do with the colon.

    Each part of a pattern begins with another sign than the one before may end with, so that no text is tried in two ways.
    Most queries are of ASCII, and what stands in names beyond it takes ten times as long to compile.
    """
    letters, name = _names(ascii)
    escaped = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
    local, local_start = rf"(?:[{name}:-]|{escaped})", rf"(?:[{letters}_:0-9]|{escaped})"
    before = f"(?:{_prefixes(ascii=ascii).pattern})?" if prefix else ""
    return re.compile(
        "|".join(
            (
                r"(?P<space>[ \t\r\n]+)",
                r"(?P<comment>#[^\r\n]*)",
                rf"(?P<iri>{_IRI})",
                f"(?P<string>{'|'.join(_string(quote, length) for length in (3, 1) for quote in _QUOTES)})",
                rf"(?P<blank>_:[{letters}_0-9][{name}-]*(?:\.+[{name}-]+)*)",
                rf"(?P<pname>{before}:(?:{local_start}{local}*(?:\.+{local}+)*)?)",
                rf"(?P<var>[?$][{letters}_0-9][{name}]*)",
                r"(?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)",
                r"(?P<number>[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))",
                r"(?P<word>[A-Za-z_][A-Za-z0-9_]*)",
                # "?a<<b>" compares with an IRI; "<<" opens a triple only where no IRI begins at its second half
                rf"(?P<symbol>&&|\|\||<=|>=|!=|\^\^|<(?={_IRI})|<<|>>|[{{}}()\[\].,;=<>!+*/|^?&~-])",
                r"(?P<unknown>.)",
            )
        ),
        re.DOTALL,
    )


@cache
def _prefixes(*, ascii: bool) -> re.Pattern[str]:
    """Give what a prefix may be, in texts that are of ASCII or not."""
    letters, name = _names(ascii)
    return re.compile(rf"[{letters}][{name}-]*(?:\.+[{name}-]+)*")


def _names(ascii: bool) -> tuple[str, str]:
    """Give the characters that a name begins with, and those that it goes on with, as they stand in a class of a pattern."""
    letters, marks = (_LETTERS, "") if ascii else (_LETTERS + _FURTHER_LETTERS, _FURTHER_MARKS)
    return letters, f"{letters}_0-9{marks}"


_QUOTES: Final = ("'", '"')

_OPENING: Final = ("(", "[", "{", "<<")
_GRAPHS: Final = ("CONSTRUCT", "DESCRIBE")
_VOLATILE: Final = ("NOW", "RAND", "UUID")
"""Functions that give another value each time; STRUUID holds the last."""
_TELLING: Final = re.compile("service|from|now|rand|uuid|base|prefix|version")
"""What has to be read as words, in small letters: a pattern that ignores case takes six times as long."""
_IRIS: Final = re.compile(_IRI)
_STAND_IN: Final = "\u2026"
"""A character that no text of ASCII has."""
_PLAIN: Final = re.compile(
    rf"[ \t\r\n]*(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![A-Za-z0-9_])[{_STAND_IN}A-Za-z0-9_ \t\r\n?$.,;*{{}}=]*",
    re.IGNORECASE,
)
"""A query without prologue, prefixed names, strings, brackets and comments, where :data:`_STAND_IN` stands for each of its IRIs.

A ``<`` with which an IRI can begin does begin one there: no comment or string holds it, and nothing is compared outside of brackets.
"""

_LONGEST: Final = 40
"""Characters of a prefix up to which is told what is like it: that takes the product of the lengths."""
_UPDATES: Final = {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"}
_PAIRS: Final = {")": "(", "]": "[", "}": "{", ">>": "<<"}
_OPERANDS: Final = {"iri", "string", "pname", "blank", "var", "lang", "number"}


class Token(NamedTuple):
    """One terminal of a query: its kind, its text, and its place (line and column in characters, from 1)."""

    kind: Kind
    text: str
    line: int
    column: int

    @property
    def significant(self) -> bool:
        """Whether it is more than white space or a comment."""
        return self.kind not in ("space", "comment")


def tokens(text: str) -> list[Token]:
    """Split *text* into terminals, the longest first; any text has such a split, and joined it is *text*."""
    found = []
    line, start = 1, 0
    place = barren = (
        0  # up to barren no prefix begins: a look from each dot of a long word would take the square of its length
    )
    ascii = text.isascii()
    while place < len(text):
        terminals = _terminals(ascii=ascii, prefix=place >= barren)
        match = cast("re.Match[str]", terminals.match(text, place))  # the last terminal takes any character
        kind = cast(Kind, match.lastgroup)
        if (
            place >= barren
            and kind in ("word", "unknown")
            and (run := _prefixes(ascii=ascii).match(text, place))
        ):
            barren = run.end()
        piece = match.group()
        found.append(Token(kind, piece, line, place - start + 1))
        if "\n" in piece:
            line += piece.count("\n")
            start = place + piece.rindex("\n") + 1
        place += len(piece)
    return found


def check(text: str, *, dataset: bool = True) -> list[Token]:
    """Refuse what a query may not say here, and give its significant tokens.

    Refused, as QueryError with line and column: SERVICE; updates; FROM unless *dataset*; an undeclared prefix; more
    than :data:`MAX_CHARACTERS`, :data:`MAX_DEPTH` or :data:`MAX_TOKENS`; the readings that the module describes.
    Half a character (a lone surrogate) is refused too. A text that passes may still not be valid SPARQL.
    """
    if not text.isascii() and (half := re.search("[\ud800-\udfff]", text)):
        before = text[: half.start()]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise QueryError(
            "the query holds half a character", line=line, column=column, remedy="send it in UTF-8"
        )
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"the query has {len(text)} characters; {MAX_CHARACTERS} are allowed",
            line=1,
            column=1,
            remedy="ask for less at once, or download the data",
        )
    significant = [token for token in tokens(text) if token.significant]
    _check_form(significant)
    _check_words(significant, dataset=dataset)
    _check_names(significant)
    if len(text) > MAX_TOKENS // 2 or sum(map(text.count, _OPENING)) > MAX_DEPTH:  # else it is small enough
        _check_size(significant)
    return significant


class Sense(NamedTuple):
    """What a query asks for, as far as its answer's form depends on it."""

    triples: bool
    """Whether it is a CONSTRUCT or DESCRIBE."""
    dataset: bool
    """Whether it says with FROM what it reads."""
    volatile: bool
    """Whether it has a function that gives another value each time."""


def sense(text: str) -> Sense:
    """Refuse as :func:`check` does what a query may not say, and tell what it asks for.

    A plain query (:data:`_PLAIN`), as most look-ups are, is known without a list of its tokens.
    """
    if plain := _plain(text):
        return Sense(plain.upper() in _GRAPHS, dataset=False, volatile=False)
    significant = check(text)
    word = form(significant)
    return Sense(
        word is not None and word.text.upper() in _GRAPHS,
        names_dataset(significant),
        any(t.kind == "word" and any(name in t.text.upper() for name in _VOLATILE) for t in significant),
    )


def _plain(text: str) -> str:
    """Give the form of a query that is :data:`_PLAIN`, which is in order and keeps to the limits; of others the empty text."""
    if len(text) > MAX_TOKENS // 2 or not text.isascii():
        return ""
    rest = _IRIS.sub(_STAND_IN, text)
    found = _PLAIN.fullmatch(rest)
    if found is None or _TELLING.search(rest.lower()) or rest.count("{") > MAX_DEPTH:
        return ""
    return found[1]


def form(significant: list[Token]) -> Token | None:
    """Give the word that names a query's form (SELECT, ASK …): the first after the prologue, None where there is none."""
    prologue = {"BASE", "PREFIX", "VERSION"}
    return next((t for t in significant if t.kind == "word" and t.text.upper() not in prologue), None)


def names_dataset(significant: list[Token]) -> bool:
    """Tell whether a query says with FROM what it reads; the engine takes words written together apart, so any part counts."""
    return any(token.kind == "word" and "from" in token.text.lower() for token in significant)


def _refuse(token: Token, message: str, remedy: str) -> QueryError:
    return QueryError(message, line=token.line, column=token.column, remedy=remedy)


def _check_form(significant: list[Token]) -> None:
    """Refuse an update: the first word after the prologue names the form."""
    word = form(significant)
    if word and word.text.upper() in _UPDATES:
        raise _refuse(
            word,
            f"{word.text.upper()} is an update, and the data here are read-only",
            "ask with SELECT, ASK, CONSTRUCT or DESCRIBE",
        )


def _check_words(significant: list[Token], *, dataset: bool) -> None:
    """Refuse SERVICE in any spelling that the engine would read as that word."""
    before = ""
    for index, token in enumerate(significant):
        name = token.text.lower()
        follower = significant[index + 1].text if index + 1 < len(significant) else ""
        if "service" in name and (
            token.kind == "word" or (token.kind == "pname" and _hides_service(name, follower, before))
        ):
            remedy = (
                "ask each endpoint by itself" if token.kind == "word" else "write its IRI between < and >"
            )
            raise _refuse(token, "SERVICE is not allowed: no query reaches beyond this store", remedy)
        if token.kind == "word" and not dataset and "from" in name:
            raise _refuse(token, "FROM is not allowed here", "name the graph with GRAPH")
        before = name


def _hides_service(name: str, follower: str, before: str) -> bool:
    """Tell whether a prefixed name may be read as SERVICE and an endpoint, or as a name, a full stop and SERVICE."""
    prefix, _, local = name.partition(":")
    endpoint = "service" in prefix and follower == "{" and before not in ("graph", "from", "named")
    return endpoint or re.search(r"\.[^.]+\..*service", local) is not None


def _declared(significant: list[Token]) -> tuple[set[str], bool]:
    """Give the prefixes declared, and whether a namespace ends in a host name; refuse one that ends in ``host:``.

    Joined to such a namespace a name can give what is no IRI, and the engine then reads the name as other words.
    """
    declared, bare = set(), False
    for before, name, iri in zip([None, *significant], significant, significant[1:], strict=False):
        base = name.kind == "word" and name.text.upper() == "BASE"
        prefix = before is not None and before.text.upper() == "PREFIX" and name.kind == "pname"
        if prefix:
            declared.add(name.text)
        host = (base or prefix) and re.search(r"//([^/?#]*)$", _unescape(iri.text[1:-1]))
        if host and ":" in host[1]:
            raise _refuse(iri, f"the namespace {iri.text} ends in a host and port", "end it with / or #")
        bare = bare or bool(host)
    return declared, bare


def _check_names(significant: list[Token]) -> None:
    """Refuse prefixes that are not declared, names that may be read in parts, and ``<`` where it has two readings."""
    declared, bare = _declared(significant)
    stack: list[str] = []
    previous: Token | None = None
    for token in significant:
        if token.kind == "pname":
            prefix, _, local = token.text.partition(":")
            if f"{prefix}:" not in declared:
                raise _refuse(token, f"the prefix {prefix}: is not declared", _declaration(prefix, declared))
            if bare and ":" in local:
                raise _refuse(token, f"{token.text} may not be an IRI", "end each namespace with / or #")
        if _ambiguous(token, previous, stack) and re.search(r"[#'()\\]", token.text):
            raise _refuse(
                token,
                "this < may begin an IRI or mean 'less than'",
                "put a space after it, or write the whole IRI",
            )
        _follow(token, stack)
        previous = token


def _declaration(prefix: str, declared: set[str]) -> str:
    """Give the remedy for a *prefix* that is none of the *declared* ones."""
    short = [name for name in declared if len(name) <= _LONGEST]
    near = get_close_matches(f"{prefix}:", short, n=1) if len(prefix) <= _LONGEST else []
    meant = f"if {near[0]} is not meant, " if near else ""
    return f"{meant}begin with PREFIX {prefix}: <{VOCABULARIES.get(prefix, '…')}>"


def _unescape(iri: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match.group()[2:], 16)
        return chr(code) if code < 0x110000 else "\ufffd"

    return re.sub(r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}", character, iri)


def _ambiguous(token: Token, previous: Token | None, stack: list[str]) -> bool:
    """Tell whether ``<…>`` stands where an expression may go on, and is no IRI that begins with ``scheme://``."""
    return (
        token.kind == "iri"
        and previous is not None
        and (
            previous.kind in _OPERANDS
            or previous.text in (")", "]")
            or previous.text.lower().endswith(("true", "false"))
        )
        and bool(stack)
        and stack[-1] in ("(", "<<")
        and re.match(r"<[A-Za-z][A-Za-z0-9+.-]*://", token.text) is None
    )


def _follow(token: Token, stack: list[str]) -> None:
    if token.kind != "symbol":
        return
    if token.text in _PAIRS.values():
        stack.append(token.text)
    elif token.text in _PAIRS and stack:
        stack.pop()


def _check_size(significant: list[Token]) -> None:
    """Refuse what nests too deep or says too much; the rows of VALUES do not nest and are not counted."""
    stack: list[str] = []
    previous: Token | None = None
    count = 0
    data = 0  # depth at which a block of data opened, 0 outside one
    for index, token in enumerate(significant):
        if not data and token.text == "{" and _opens_data(significant, index):
            data = len(stack) + 1
        if not data:
            # what is written together may be several tokens to the engine
            inner = (
                len(re.findall(r"true|false|[0-9]+|\.", token.text, re.IGNORECASE))
                if token.kind in ("word", "pname")
                else 0
            )
            count += 1 + (len(token.text) if _ambiguous(token, previous, stack) else inner)
        _follow(token, stack)
        if data and len(stack) < data:
            data = 0
        if len(stack) > MAX_DEPTH:
            raise _refuse(
                token, f"the query nests deeper than {MAX_DEPTH} levels", "write it in fewer levels"
            )
        if count > MAX_TOKENS:
            raise _refuse(
                token, f"the query has more than {MAX_TOKENS} words and signs", "give long lists with VALUES"
            )
        previous = token


def _opens_data(significant: list[Token], index: int) -> bool:
    """Tell whether the brace at *index* follows ``VALUES ?x`` or ``VALUES (?x ?y)``."""
    index -= 1
    if index >= 0 and significant[index].text == ")":
        index -= 1
        while index >= 0 and significant[index].kind == "var":
            index -= 1
        if index < 0 or significant[index].text != "(":
            return False
    elif index < 0 or significant[index].kind != "var":
        return False
    return (
        index > 0
        and significant[index - 1].kind == "word"
        and significant[index - 1].text.upper() == "VALUES"
    )
