"""A Turtle file that is parsed in its graph and on its base gives what the plain way gives: the same quads in the same order, the same findings."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import turtle_documents
from kg.formats import N_QUADS, TRIG, TURTLE, Format
from kg.loading import parts, reading, recovery
from kg.names import SOURCE_BASE, Base
from kg.project import DataFile

BASES = [Base(), Base("https://velmora.example/"), Base("https://attest.example/baku-1990/a/")]
S = SOURCE_BASE
PREFIXES = f"""\
@prefix x: <http://x.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix event: <{S}id/event/> .
@prefix s: <{S}> .
"""


def arranged(
    data: bytes, base: Base, *, placed: bool
) -> tuple[parts.Part, reading.Document, recovery.Recovered]:
    graph = base.graph("entities")
    read = recovery.read(data, TURTLE, name="v.ttl", strict=False, base=base, graph=graph if placed else None)
    part = parts.arrange(DataFile(Path("v.ttl"), graph, TURTLE), "v.ttl", base, read, 3)
    return part, read.document, read


def hold(data: bytes) -> list[bool]:
    """Hold the two ways of reading *data* against each other on each base, and tell on which of them the text was placed."""
    taken = []
    for base in BASES:
        part, document, read = arranged(data, base, placed=True)
        plain, plain_document, plain_read = arranged(data, base, placed=False)
        assert part.quads == plain.quads
        assert list(part.labels) == list(plain.labels)
        assert part.named == plain.named
        assert document.findings == plain_document.findings
        assert (read.text, read.doubt) == (plain_read.text, plain_read.doubt)
        assert (document.composed, document.capitals) == (plain_document.composed, plain_document.capitals)
        assert not plain_document.placed
        taken.append(document.placed)
    return taken


ORDINARY = {
    "a name on the base": "event:a x:is s:b .",
    "literals": 'event:a x:is "b", "c"@en, 1, 1.5, 1e5, true, "1990"^^xsd:gYear, "x"^^<http://x.example/d> .',
    "long strings": 'event:a x:is """a .\n# b\n<c> "d" .\n""" , \'\'\'x:y\'\'\' .',
    "names with dots and escapes": r"event:a.b x:is x:a\,b\/c, x:a%41, x:, x:a:b, x:1 .",
    "a comment after the statement before": "event:a x:is x:b . # end.\nevent:b x:is x:c .\n\n",
    "a fragment at the end": "event:a x:is <http://x.example/#b> .",
    "no space at the end": "event:a x:is 1.",
    "not ASCII": 'event:a x:is "Ա é 😀", x:é .',
    "an empty list": "event:a x:is () .",
}


@pytest.mark.parametrize("body", ORDINARY.values(), ids=ORDINARY)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_ordinary_file_is_placed_on_each_base(body: str, end: str) -> None:
    assert hold((PREFIXES + body + "\n").replace("\n", end).encode()) == [True, True, True]


UNSURE = {
    "the source's base in full": f"<{S}id/event/a> x:is <{S}> .",
    "the source's base in a literal": f'event:a x:is "<{S}id/event/a>" .',
    "the source's base in a comment": f"event:a x:is x:b . # <{S}a>\nevent:a x:is x:c .",
    "a datatype on the source's base": 'event:a x:is "b"^^s:type, "b"^^event:type .',
    "a datatype in full": f'event:a x:is "b"^^<{S}type>, "c" ^^ <{S}type>, "d"^^ # c\n<{S}type> .',
    "a datatype after a gap": 'event:a x:is "b"^^\n s:type .',
    "an escape": r"<https:\u002F/attest.example/baku-1990/a> x:is x:b .",
    "a long escape": r"<https:\U0000002F/attest.example/baku-1990/a> x:is x:b .",
    "a shorter prefix": "@prefix h: <https://attest.example/> .\nh:baku-1990\\/a x:is x:b .",
    "a prefix one sign shorter": f"@prefix h: <{S[:-1]}> .\nh:\\/a x:is h: .",
    "a prefix with an escape": "@prefix h: <https:\\u002F/attest.example/baku-1990/> .\nh:a x:is x:b .",
    "SPARQL's prefix": f"PREFIX h: <{S}>\nh:a x:is x:b .",
    "a base": f"@base <{S}> .\n<a> x:is <b>, <> .",
    "SPARQL's base": "BASE <https://attest.example/>\n<baku-1990/a> x:is <b> .",
    "a base in a prefix": f"@base <{S}> .\n@prefix h: <a/> .\nh:a x:is h: .",
    "a prefix that changes": f"@prefix x: <{S}> .\n" 'x:a x:is "b"^^x:c .\n@prefix x: <http://x.example/> .\nx:a x:is "b"^^x:c .',
}  # fmt: skip


@pytest.mark.parametrize("body", UNSURE.values(), ids=UNSURE)
def test_what_may_be_on_the_source_base_without_a_prefix_is_read_the_plain_way(body: str) -> None:
    taken = hold((PREFIXES + body + "\n").encode())
    assert taken[1:] == [False, False]


PLAIN = {
    "nothing": "",
    "a comment only": "# x.",
    "no full stop": PREFIXES + "event:a x:is x:b",
    "a comment that ends in one": PREFIXES + "event:a x:is x:b # .",
    "a comment after an IRI": PREFIXES + "event:a x:is <http://x.example/#b> # <#x> .",
    "a full stop in a name": PREFIXES + r"event:a x:is x:b\.",
    "a comment at the end": PREFIXES + "event:a x:is x:b . # c",
    "a brace": PREFIXES + 'event:a x:is "}" . event:b x:is "{ }" .',
    "a brace that closes": PREFIXES + "event:a x:is x:b } event:c x:is x:d .",
    "another graph": PREFIXES + "event:a x:is x:b . } GRAPH <http://x.example/g> { event:c x:is x:d .",
    "blank nodes": PREFIXES + "_:a x:is [ x:is (1 [] _:b) ] , _:a .",
    "line ends of CR": (PREFIXES + "event:a x:is x:b .").replace("\n", "\r"),
    "a statement that is broken": PREFIXES + "event:a x:is x:b .\nevent:a x:is .\nevent:c x:is x:d .",
    "an unknown prefix": PREFIXES + "event:a x:is y:b .\nevent:c x:is x:d .",
    "a string without its end": PREFIXES + 'event:a x:is x:b .\nevent:a x:is "b .\nevent:c x:is x:d .',
    "a relative IRI": PREFIXES + "event:a x:is x:b .\n<a> x:is x:b .",
    "a prefix that is relative": "@prefix x: <> .\n" + "x:a x:is x:b .",
    "two full stops": PREFIXES + "event:a x:is x:b . .",
    "a mark of RDF 1.2": PREFIXES + "<<event:a x:is x:b>> x:is x:c .",
    "a long string without its end": PREFIXES + 'event:a x:is """b .\n x:c .',
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_what_turtle_alone_says_so_is_read_the_plain_way(text: str) -> None:
    assert hold(text.encode()) == [False, False, False]


def test_prefixes_alone_say_nothing_either_way() -> None:
    assert hold(PREFIXES.encode()) == [True, True, True]


@pytest.mark.parametrize("marks", [1, 2])
def test_a_byte_order_mark_is_told_either_way(marks: int) -> None:
    mark = b"\xef\xbb\xbf" * marks
    taken = hold(mark + (PREFIXES + "event:a x:is s:b .\n").encode())
    assert taken == [marks == 1] * 3


LINES = st.sampled_from(
    [
        *PREFIXES.splitlines(),
        f"@prefix x: <{S}x#> .",
        f"@prefix xsd: <{S}> .",
        "@prefix h: <https://attest.example/> .",
        f"@prefix h: <{S[:-1]}> . # <{S}>",
        f" \t@prefix : <{S}> . # {S}",
        "@prefix h: <https:\\u002F/attest.example/baku-1990/> .",
        f"@prefix h: <{S}a\\u0062> .",
        f"PREFIX h: <{S}>",
        f"@base <{S}> .",
        "BASE <https://attest.example/>",
        "@prefix h: <baku-1990/> .",
        f"# @prefix h: <{S}> .",
        "@prefix graph: <http://g.example/> .",
        "",
        "  # '''",
        "event:a x:is s:b .",
    ]
)
TERMS = st.sampled_from(
    [
        *("event:a", "s:b", "x:a", "x:", ":a", "h:a", r"h:baku-1990\/a", r"h:\/a", "x:a.b", r"x:a\.", r"x:\#a", "graph:a"),
        *(f"<{S}a>", f"<{S}>", "<a>", "<baku-1990/a>", "<http://x.example/#b>", f"<http://x.example/?{S}>"),
        *(r"<https:\u002F/attest.example/baku-1990/a>", "<#>", "_:b", "[]", "()", "(event:a)", "[x:a s:b]", "é:é"),
    ]
)  # fmt: skip
OBJECTS = TERMS | st.sampled_from(
    [
        *('"a"', f'"{S}"', f'"<{S}>"', '"}"', '"{"', '"""a.\n# b\n@base <x> ."""', "'''\n^^s:a\n'''", '"#"', "'<'"),
        *('"^^"^^s:a', '"a"^^s:a', '"a"^^event:a', '"a" ^^ s:a', '"a"^^#c\ns:a', '"a"^^xsd:date', f'"a"^^<{S}>'),
        *('"a"^^<http://x.example/d>', '"a"@en', '"a"@EN', "1", "1.5", "1.", ".5", "1e5", "true", r'"\u0041\"\\"'),
    ]
)  # fmt: skip
GAPS = st.sampled_from([" ", " ", "\n", "\r\n", "\t", " # c .\n", f" # <{S}>\n"])
ENDS = st.sampled_from(
    [" .", ".", " .\n", "", "\n", " . # .", " # .", " .\r\n#x.\r\n", "..", r"\.", " . #<a#b>.", ".\r", " ;."]
)


@st.composite
def statements(draw: st.DrawFn) -> str:
    said = [draw(TERMS), draw(st.just("a") | TERMS), draw(OBJECTS)]
    while draw(st.integers(0, 3)) == 0:
        said += [
            draw(st.sampled_from([",", ";"])),
            *([draw(TERMS)] if draw(st.booleans()) else []),
            draw(OBJECTS),
        ]
    return "".join(part + draw(GAPS) for part in said)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Documents that are valid or nearly so, whose prefixes may be on the source's base."""
    head = PREFIXES if draw(st.integers(0, 3)) else ""
    lines = "".join(
        line + draw(st.sampled_from(["\n", "\n", "\r\n", "\r"])) for line in draw(st.lists(LINES, max_size=3))
    )
    body = " .\n".join(draw(st.lists(statements(), max_size=3)))
    return draw(st.sampled_from(["", "", "\ufeff"])) + head + lines + body + draw(ENDS)


@given(documents())
@example(PREFIXES + r"event:a x:is x:b\.")
def test_both_ways_give_the_same(text: str) -> None:
    hold(text.encode())


@given(documents(), st.data())
def test_both_ways_give_the_same_of_a_document_that_is_torn(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 8, len(text))))
    put = data.draw(
        st.sampled_from(
            ["", ".", "\\", '"', "'''", "#", "<", ">", "{", "}", "^^", "@", ":", "\n", "\x00", "e\u0301"]
        )
    )
    hold((text[:start] + put + text[end:]).encode())


@given(turtle_documents.turtle(), st.booleans())
def test_both_ways_give_the_same_of_all_that_the_grammar_has(text: str, absolute: bool) -> None:
    head = turtle_documents.HEAD
    absolutes = PREFIXES + "".join(
        f"@prefix {name}: <{iri}> .\n"
        for name, iri in {"p": "http://p.example/", "": S, "a": S + "a/", "true": "urn:t:", "prefix": "urn:p", "graph": S,
                          "p.-q": "urn:pq:", "é": "urn:é", "base": "urn:b:"}.items()
    )  # fmt: skip
    hold((text.replace(head, absolutes) if absolute else text).encode())


def denormal(quads: list[ox.Quad]) -> list[str]:
    return [
        str(term)
        for quad in quads
        for term in quad
        if isinstance(term, (ox.NamedNode, ox.Literal)) and not unicodedata.is_normalized("NFC", term.value)
    ]


# Letters, marks that compose with them and marks that may begin a name, Hangul jamo, signs that compose with a stroke.
SIGNS = st.sampled_from(
    [*"ae=<>./#:-\\1", "\u0301", "\u0323", "\u0338", "\u1dc2", "\u0483", "\u093c", "\u0928", "\u1100", "\u1161", "\u11a8", "\uac00", "é", "ё", "\\u0301", "\\u0065"]
)  # fmt: skip
WORDS = st.lists(SIGNS, max_size=4).map("".join)
DECLARED = st.sampled_from(["@prefix p: <{}> .", "PREFIX p: <{}>", "@PREFIX p:\n<{}> .", "@prefix p:# <\n<{}> .", "@base <{}> .", "bAsE<{}>", "@prefix prefix: <{}> .", "@prefix é: <{}> .\n@prefix p:\t<http://p.example/>."])  # fmt: skip


@st.composite
def composing(draw: st.DrawFn) -> str:
    head = "".join(
        draw(DECLARED).format("http://x.example/" + draw(WORDS)) + "\n"
        for _ in range(draw(st.integers(0, 2)))
    )
    names = st.builds("{}{}".format, st.sampled_from(["p:", "p:", "prefix:", "é:"]), WORDS) | st.builds(
        "<{}{}>".format, st.sampled_from(["", "http://x.example/"]), WORDS
    )
    texts = (
        st.builds('"{}"'.format, WORDS)
        | st.builds("'''{}'''@en".format, WORDS)
        | st.builds('"a"^^{}'.format, names)
    )
    return f"{head}{draw(names)} {draw(names)} {draw(names | texts)} .\n"  # fmt: skip


@given(composing(), st.sampled_from([TURTLE, TRIG, N_QUADS]))
@example("@prefix p: <http://x.example/e> .\np:\u1dc2\u0301 p:a p:b .", TURTLE)
@example("@prefix p: <http://x.example/\u1100> .\np:\u1161 p:a p:b .", TURTLE)
def test_no_term_is_denormal_where_the_text_is_said_to_be_composed(text: str, format: Format) -> None:
    document = reading.read(text.encode(), format)
    if document.composed:
        assert not denormal(document.quads)


@pytest.mark.parametrize(
    ("text", "composed"),
    [
        ('@prefix p: <http://x.example/> .\np:é p:a "é Ա 각" .', True),
        ('PREFIX p: <http://x.example/a#>\np:é p:a "é Ա 각" .', True),
        ('@prefix p: <http://x.example/e> .\np:a p:a "é" .', False),
        ('@prefix p: <http://x.example/> .\np:a p:a "e\u0301" .', False),
        ('@base <http://x.example/> .\n<a> <b> "é" .', False),
        ('@prefix p: <http://x.example/> .\np:a p:a "e\\u0301" .', False),
        ('@prefix p: <http://x.example/é> .\np:a p:a "é" .', False),
    ],
)
def test_the_shortcut_is_taken_where_names_cannot_be_joined_to_something_else(
    text: str, composed: bool
) -> None:
    assert reading.read(text.encode(), TURTLE).composed is composed
