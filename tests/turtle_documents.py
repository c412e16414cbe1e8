"""Strategies of Turtle documents made of every construct of the grammar, comments and odd spacing included."""

from __future__ import annotations

import re

from hypothesis import strategies as st

BASE = "http://x.example/dir/file"
HEAD = """\
@prefix p: <http://p.example/> . @prefix : <http://x.example/#> . @prefix a: <http://a.example/> .
@prefix true: <t/> . PREFIX prefix: <http://prefix.example/> pReFiX graph: <g#> @prefix p.-q: <urn:pq:> .
@prefix é: <http://é.example/> . @prefix base: <\\u0068ttp://base.example/> .
"""


IRIS = st.sampled_from(
    [
        *("<http://x.example/a>", "<a>", "<>", "<#b>", "<../c>", "<//y.example/d>", "<?q>", "<urn:x:y>"),
        *(r"<http://x.example/\u00e9>", r"<\U0001F600>", "<http://x.example/a/../b>", "<é>"),
        *(
            "p:a",
            "p:",
            ":",
            ":a",
            "p:a.b",
            "p:a..b",
            "p:1",
            "p:_-",
            "p:a%41",
            r"p:a\,b\/c",
            r"p:\~",
            "p:a:b:",
        ),
        *("a:a", "a:", "true:x", "true:", "prefix:x", "prefix:", "graph:g", "base:b", "p.-q:x", "é:Ա·"),
    ]
)
BLANKS = st.sampled_from(["_:a", "_:b.c", "_:0", "_:é", "_:a-", "[]", "[ \n ]", "[# ]\n]"])
STRINGS = st.sampled_from(
    [
        *('""', "''", '"a"', "'a'", '"\'"', "'\"'", r'"\"\\\t\b\n\r\f\'"', r"'\u00e9\U0001F600'", '"#"'),
        *('"""a"""', "'''a'''", '""""a""b"""', "''''a''b'''", '"""\n\r\n\\""" "x"""', "'''\n# . ]'''"),
        *('"é😀Ա"', '"<a> . ;"', '""""""', "''''''", '"\t\x00\x7f"', '"""\\""" """'),
    ]
)
LITERALS = (
    st.sampled_from(
        [
            *("1", "+1", "-0", "01", "1.5", ".5", "-.5", "01.50", "1e5", "1.e5", ".5E-5", "+1.5e+3", "12e0"),
            *("true", "false"),
        ]
    )
    | STRINGS
    | st.builds("{}{}".format, STRINGS, st.sampled_from(["@en", "@ru-Latn", "@EN-gb-x-1"]))
    | st.builds("{}^^{}".format, STRINGS, IRIS)
)
GAPS = st.sampled_from([" ", "\n", "\r\n", "\r", "\t", "  ", " # c . ] ;\n", "\n#\r\n", " \n\n"])
CLOSE = st.just("") | GAPS


@st.composite
def objects(draw: st.DrawFn, depth: int) -> str:
    kinds = [IRIS, BLANKS, LITERALS]
    if depth:
        kinds += [property_lists(depth - 1), collections(depth - 1)]
    return draw(st.one_of(kinds))


@st.composite
def said(draw: st.DrawFn, depth: int) -> str:
    """Verbs and their objects, with the loose semicolons that the grammar allows."""
    groups = []
    for _ in range(draw(st.integers(1, 3))):
        some = draw(st.lists(objects(depth), min_size=1, max_size=3))
        comma = f"{draw(CLOSE)},{draw(CLOSE)}"
        groups.append(draw(IRIS | st.just("a")) + draw(GAPS) + comma.join(some))
    semicolon = draw(st.sampled_from([";", " ;\n", ";;", " ; # c\n ; "]))
    return semicolon.join(groups) + draw(st.sampled_from(["", " ;", ";;"]))


@st.composite
def property_lists(draw: st.DrawFn, depth: int) -> str:
    return f"[{draw(CLOSE)}{draw(said(depth))}{draw(CLOSE)}]"


@st.composite
def collections(draw: st.DrawFn, depth: int) -> str:
    items = draw(st.lists(objects(depth), max_size=3))
    return f"({draw(CLOSE)}{draw(GAPS).join(items)}{draw(CLOSE)})"


@st.composite
def triples(draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        subject = draw(IRIS | BLANKS | collections(1))
        return subject + draw(GAPS) + draw(said(2))
    return draw(property_lists(2)) + draw(GAPS) + (draw(st.just("") | said(1)))


DIRECTIVES = st.sampled_from(
    [
        *("@base <http://y.example/dir/> .", "BASE <sub/>", "bAsE <http://z.example>", "@prefix p: <new#> ."),
        *("PREFIX p: <http://q.example/>", "@prefix : <> .", "prefix a: <urn:>", "@base <../> ."),
    ]
)


@st.composite
def turtle(draw: st.DrawFn) -> str:
    parts = draw(st.lists(DIRECTIVES | triples().map("{} .".format), max_size=5))
    return HEAD + "".join(part + draw(GAPS) for part in parts)


TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\'|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|<[^<>\s]*>|\\.|(?P<comment>#[^\r\n]*)',
    re.DOTALL,
)
"""Strings, IRIs and escapes, in which # begins no comment, and comments."""


def comments(text: str) -> list[str]:
    """Give the comments of a document, white space at their ends left out."""
    return [found["comment"].rstrip() for found in TOKEN.finditer(text) if found["comment"] is not None]
