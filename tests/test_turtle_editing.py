"""Turtle edited resource by resource: what is asked for, and every other byte as it was."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from kg.errors import EditError, NotFound, SourceError
from kg.names import RDF, SCHEMA, XSD
from kg.turtle import Document, checking
from kg.turtle.writing import Pair, Writer
from rdf_data import lines
from suites import ROOT
from turtle_documents import BASE, comments, turtle

FILES = sorted([*(ROOT / "data").rglob("*.ttl"), *(ROOT / "ontology").rglob("*.ttl")])
V = "https://velmora.example/"
A = ox.NamedNode(RDF + "type")


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(V + name)


def said(text: str) -> list[str]:
    """Give the statements of a document, blank nodes named alike in equal documents."""
    return lines(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=BASE))


def document(text: str) -> Document:
    read = Document.read(text, base=BASE, prefixes={"v": V, "schema": SCHEMA})
    assert read.text == text
    return read


# Any document


@given(turtle())
@settings(max_examples=60)
def test_reading_gives_the_text_back(text: str) -> None:
    try:
        ox_said = said(text)
    except SyntaxError:
        event("not a document")
        with pytest.raises(SourceError):
            Document.read(text, base=BASE)
        return
    read = Document.read(text, base=BASE)
    assert read.text == text
    for subject in read.subjects:
        read.put(subject, read.triples(subject))
    assert read.text == text
    assert said(read.text) == ox_said


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_our_files_are_as_they_were_after_a_put_of_the_same(path: Path) -> None:
    text = path.read_bytes().decode()
    read = Document.read(text)
    for subject in read.subjects:
        read.put(subject, read.triples(subject))
    assert read.text == text


VALUES = st.sampled_from(
    [
        *(ox.NamedNode("http://p.example/a"), ox.NamedNode("http://x.example/#a"), ox.NamedNode("urn:x:y")),
        *(ox.Literal("a"), ox.Literal('"\\\n\r\t\x00# .;'), ox.Literal("x", language="ru-latn")),
        *(ox.Literal(1), ox.Literal(True), ox.Literal("1.5", datatype=ox.NamedNode("http://p.example/t"))),
        *(ox.Literal("+.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")), A),
    ]
)
PREDICATES = st.sampled_from([A, *(ox.NamedNode(f"http://p.example/{n}") for n in ("a", "1", "x/y"))])


@given(turtle(), st.data())
@settings(max_examples=150)
def test_any_edit_gives_exactly_the_triples_wanted(text: str, data: st.DataObject) -> None:
    try:
        read = Document.read(text, base=BASE)
    except SourceError:
        return
    for _ in range(data.draw(st.integers(1, 3))):
        subject = data.draw(st.sampled_from([*read.subjects, "http://p.example/new", V + "newer"]))
        _edit(read, subject, data)


def _edit(read: Document, subject: str, data: st.DataObject) -> None:
    before, node = read.text, ox.NamedNode(subject)
    old = read.triples(subject)
    kept = data.draw(st.lists(st.sampled_from(old), unique=True) if old else st.just([]))
    new = data.draw(st.lists(st.tuples(PREDICATES, VALUES), max_size=4))
    wanted = data.draw(st.permutations([*kept, *new]))
    after = data.draw(st.sampled_from(["", *read.subjects]))
    try:
        read.put(subject, wanted, after=after)
    except EditError:
        assert any(isinstance(object, ox.BlankNode) for _, object in set(old) - set(wanted))
        assert read.text == before
        event("refused")
        return
    assert set(read.triples(subject)) == set(wanted)
    others = [line for line in said(before) if not line.startswith(f"{node} ")]
    if "_:" not in "".join(said(before)):
        assert [line for line in said(read.text) if not line.startswith(f"{node} ")] == others
    if wanted:
        read.put(subject, old or [])
        assert said(read.text) == said(before)
        read.put(subject, wanted)


@given(turtle(), st.data())
@settings(max_examples=60)
def test_taking_out_leaves_all_others(text: str, data: st.DataObject) -> None:
    try:
        read = Document.read(text, base=BASE)
    except SourceError:
        return
    subject = data.draw(st.sampled_from([*read.subjects, "http://p.example/new"]))
    others = {other: read.triples(other) for other in read.subjects if other != subject}
    read.remove(subject)
    assert subject not in read.subjects
    assert {other: read.triples(other) for other in read.subjects} == others


# Comments: each numbered one of a made document stands at its block, above it, in it or behind it


@st.composite
def commented(draw: st.DrawFn) -> tuple[str, int]:
    """A document of blocks with comments everywhere, and their number."""
    number = draw(st.integers(2, 5))
    ends = st.sampled_from(["", " # {0}-{1}-end"])
    blocks = []
    for n in range(number):
        pairs = [f"v:p{k} {k}" for k in range(draw(st.integers(1, 4)))]
        lines_ = [
            f"{pair} {mark}" for pair, mark in zip(pairs, [";"] * (len(pairs) - 1) + ["."], strict=True)
        ]
        gap = draw(st.sampled_from(["\n    ", "\n    # {0}-inside\n    "]))
        body = "".join(
            f"{gap if k else ' '}{line}{draw(ends).format('{0}', k)}" for k, line in enumerate(lines_)
        )
        above = draw(st.sampled_from(["", "# {0}-above\n", "# {0}-apart\n\n", "## {0}-heading\n"]))
        blocks.append(f"{above}v:s{n}{body}{draw(st.sampled_from(['', chr(10)]))}\n".format(n))
    return "@prefix v: <" + V + "> .\n\n" + "".join(blocks) + "# last\n", number


@given(commented(), st.data())
@settings(max_examples=80)
def test_comments_of_other_blocks_stay_and_so_do_those_on_lines_of_their_own(
    made: tuple[str, int], data: st.DataObject
) -> None:
    text, number = made
    read = document(text)
    chosen = data.draw(st.integers(0, number - 1))
    subject = f"{V}s{chosen}"
    old = read.triples(subject)
    kept = data.draw(st.lists(st.sampled_from(old), unique=True))
    read.put(subject, [*kept, *data.draw(st.lists(st.tuples(PREDICATES, VALUES), max_size=2))])
    removed = subject not in read.subjects
    before, after = (comments(version) for version in (text, read.text))
    lost = [comment for comment in before if comment not in after]
    own = {f"# {chosen}-{k}-end" for k in range(4)}
    own |= {f"# {chosen}-{place}" for place in ("above", "inside")} if removed else set()
    assert set(lost) <= own
    assert [comment for comment in before if comment in after] == after


# Examples, each shown as the lines that went and came

HEAD = """\
# An invented gazetteer
@prefix schema: <https://schema.org/> .
@prefix v: <https://velmora.example/> .

"""
BODY = """\
## Places

# about one
v:one a schema:Place ;  # type
    v:p "a" ; v:q "b" ; v:r "c" ;  # three
    v:list "x",  # x
        "y",  # y
        "z" ;  # z
    # of its own
    v:last "l" .  # end

v:two a schema:Place ; v:p "a", "b" .
v:three a schema:Place ; v:p "a" .

# about four and five
v:four a schema:Place
    ; v:p "a"
    ; v:q "b"
        , "c"
    .
v:five
    a schema:Place ;
    v:p "a" ;
.
"""


def changes(old: str, new: str) -> str:
    """Give the lines that went and came."""
    rows = difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=0)
    return "\n".join(row for row in rows if not row.startswith(("---", "+++", "@@")))


def but(*values: str) -> Callable[[list[Pair]], list[Pair]]:
    """All pairs but those with one of *values*."""
    return lambda pairs: [pair for pair in pairs if pair[1].value not in values]


def more(*pairs: Pair, at: int | None = None) -> Callable[[list[Pair]], list[Pair]]:
    """The pairs that are there and *pairs*, at the end or at a place among them."""
    return lambda old: [*old[:at], *pairs, *(old[at:] if at is not None else [])]


L = ox.Literal
PLACE = SCHEMA + "Place"
EXAMPLES: dict[str, tuple[str, Callable[[list[Pair]], list[Pair]], str]] = {
    "the first of a line": ("one", but("a"), """\
-    v:p "a" ; v:q "b" ; v:r "c" ;  # three
+    v:q "b" ; v:r "c" ;  # three"""),
    "the middle of a line": ("one", but("b"), """\
-    v:p "a" ; v:q "b" ; v:r "c" ;  # three
+    v:p "a" ; v:r "c" ;  # three"""),
    "the last of a line": ("one", but("c"), """\
-    v:p "a" ; v:q "b" ; v:r "c" ;  # three
+    v:p "a" ; v:q "b" ;  # three"""),
    "all of a line, and its comment": ("one", but("a", "b", "c"), """\
-    v:p "a" ; v:q "b" ; v:r "c" ;  # three"""),
    "the first of a list": ("one", but("x"), """\
-    v:list "x",  # x
+    v:list  # x"""),
    "the middle of a list": ("one", but("y"), """\
-        "y",  # y"""),
    "the last of a list": ("one", but("z"), """\
-        "y",  # y
-        "z" ;  # z
+        "y" ;  # y"""),
    "a list": ("one", but("x", "y", "z"), """\
-    v:list "x",  # x
-        "y",  # y
-        "z" ;  # z"""),
    "the last of all": ("one", but("l"), """\
-        "z" ;  # z
+        "z" .  # z
-    v:last "l" .  # end"""),
    "the first of all": ("one", but(PLACE), """\
-v:one a schema:Place ;  # type
+v:one  # type"""),
    "one more of a list": ("one", more((iri("list"), L("w")), (iri("list"), L("v"))), """\
-        "z" ;  # z
+        "z",  # z
+        "w",
+        "v" ;"""),
    "new predicates": ("one", more((iri("m"), L("w")), (iri("m"), L("v")), (iri("n"), L("x", language="en"))), """\
-    v:last "l" .  # end
+    v:last "l" ;  # end
+    v:m "w", "v" ;
+    v:n "x"@en ."""),
    "a new predicate behind that before it": ("one", more((iri("m"), L(1)), at=2), """\
+    v:m 1 ;"""),
    "another value in the same place": ("one", lambda pairs: [(p, L("B") if o.value == "b" else o) for p, o in pairs], """\
-    v:p "a" ; v:q "b" ; v:r "c" ;  # three
+    v:p "a" ; v:q "B" ; v:r "c" ;  # three"""),
    "all others": ("one", lambda _: [(iri("m"), L(True))], """\
-v:one a schema:Place ;  # type
-    v:p "a" ; v:q "b" ; v:r "c" ;  # three
-    v:list "x",  # x
-        "y",  # y
-        "z" ;  # z
+v:one  # type
-    v:last "l" .  # end
+    v:m true ."""),
    "on one line": ("two", more((iri("p"), L("c")), (iri("m"), L(1.5))), """\
-v:two a schema:Place ; v:p "a", "b" .
+v:two a schema:Place ; v:p "a", "b", "c" ; v:m "1.5"^^<http://www.w3.org/2001/XMLSchema#double> ."""),
    "without the type": ("two", but(PLACE), """\
-v:two a schema:Place ; v:p "a", "b" .
+v:two v:p "a", "b" ."""),
    "without the last predicate": ("two", but("a", "b"), """\
-v:two a schema:Place ; v:p "a", "b" .
+v:two a schema:Place ."""),
    "a type in front": ("four", lambda pairs: [(A, iri("C")), *but(PLACE)(pairs)], """\
-v:four a schema:Place
+v:four a v:C"""),
    "marks that lead: one more": ("four", more((iri("q"), L("d")), (iri("m"), L("e"))), """\
+        , "d"
+    ; v:m "e\""""),
    "marks that lead: one less": ("four", but("a", "c"), """\
-    ; v:p "a"
-        , "c\""""),
    "marks that lead: no type": ("four", but(PLACE), """\
-v:four a schema:Place
-    ; v:p "a"
+v:four v:p "a\""""),
    "a full stop below: one less": ("five", but("a"), """\
-    v:p "a" ;"""),
    "a full stop below: one more": ("five", more((iri("m"), L("d"))), """\
+    v:m "d" ;"""),
    "taken out, with the comment above": ("one", lambda _: [], """\
-
-# about one
-v:one a schema:Place ;  # type
-    v:p "a" ; v:q "b" ; v:r "c" ;  # three
-    v:list "x",  # x
-        "y",  # y
-        "z" ;  # z
-    # of its own
-    v:last "l" .  # end"""),
    "taken out, the comment is another's too": ("four", lambda _: [], """\
-v:four a schema:Place
-    ; v:p "a"
-    ; v:q "b"
-        , "c"
-    ."""),
    "taken out at the end": ("five", lambda _: [], """\
-v:five
-    a schema:Place ;
-    v:p "a" ;
-."""),
}  # fmt: skip


@pytest.mark.parametrize(("name", "wanted", "expected"), EXAMPLES.values(), ids=EXAMPLES)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_only_the_lines_concerned_change(
    name: str, wanted: Callable[[list[Pair]], list[Pair]], expected: str, end: str
) -> None:
    text = (HEAD + BODY).replace("\n", end)
    read = Document.read(text, prefixes={})
    read.put(V + name, wanted(read.triples(V + name)))
    assert read.text.count("\n") == read.text.count(end)
    assert changes(HEAD + BODY, read.text.replace(end, "\n")) == expected


def test_a_type_is_written_first_where_none_was() -> None:
    read = document(HEAD + "v:a v:p 1 ;\n    v:q 2 .\nv:b v:p 1 .\n")
    for name in "ab":
        read.put(V + name, [(A, iri("C")), *read.triples(V + name)])
    assert read.text == HEAD + "v:a a v:C ;\n    v:p 1 ;\n    v:q 2 .\nv:b a v:C ; v:p 1 .\n"


def test_statements_of_one_resource_in_several_places() -> None:
    text = HEAD + "v:a v:p 1 . # one\n\nv:b v:p 2 .\n\n# of a\nv:a v:q 3, 1 ; v:p 1, 4 .\n"
    read = document(text)
    assert read.subjects == [V + "a", V + "b"]
    assert [object.value for _, object in read.triples(V + "a")] == ["1", "3", "1", "4"]
    read.put(V + "a", but("3", "4")(read.triples(V + "a")))
    assert read.text == HEAD + "v:a v:p 1 . # one\n\nv:b v:p 2 .\n\n# of a\nv:a v:q 1 ; v:p 1 .\n"
    read.put(V + "a", [(iri("p"), L(5))])
    assert read.text == HEAD + "v:a v:p 5 . # one\n\nv:b v:p 2 .\n"
    read.remove(V + "a")
    assert read.text == HEAD + "v:b v:p 2 .\n"


# New resources

NEW: list[Pair] = [
    *((iri("p"), L("d")), (A, ox.NamedNode(SCHEMA + "Thing")), (iri("p"), iri("x/y"))),
    (iri("day"), L("1990-01-01", datatype=ox.NamedNode(XSD + "date"))),
]
BLOCK = """\
v:six a schema:Thing ;
    v:p "d", <https://velmora.example/x/y> ;
    v:day "1990-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .
"""


@pytest.mark.parametrize(
    ("after", "before", "behind"),
    [
        ("", "    v:p 4 .\n", BLOCK),
        (V + "one", "v:one v:p 1 .  # one\n", "\n" + BLOCK),
        (V + "two", "v:two v:p 2 .\n", BLOCK),
        (V + "three", "v:three v:p 3 .", "\n" + BLOCK.rstrip()),
    ],
    ids=["at the end", "apart", "close", "on a line with another"],
)
def test_a_new_resource_stands_where_it_is_to(after: str, before: str, behind: str) -> None:
    text = (
        HEAD + "v:one v:p 1 .  # one\n\n# two\nv:two v:p 2 .\nv:three v:p 3 . v:four a v:C ;\n    v:p 4 .\n"
    )
    read = Document.read(text, prefixes={})
    read.put(V + "six", NEW, after=after)
    start = text.index(before) + len(before)
    rest = text[start:]
    expected = text[:start] + behind + ("\n" + rest.lstrip(" ") if rest[:1] == " " else rest)
    assert read.text == expected


def test_a_comment_is_written_once_above_its_block() -> None:
    read = document(HEAD + "v:one v:p 1 .\n")
    read.put(V + "two", [(iri("p"), L(2))], comment="Why it is here,\nin two lines")
    assert read.text == HEAD + "v:one v:p 1 .\n\n# Why it is here,\n# in two lines\nv:two v:p 2 .\n"
    text = read.text
    read.put(V + "two", [(iri("p"), L(2))], comment="in two lines")
    assert read.text == text
    read.put(V + "one", [(iri("p"), L(1))], comment="more")
    assert read.text == text.replace("v:one", "# more\nv:one")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "{0}\n\n"),
        ("# head\n\nv0:a <a:p> 1 .\n", "# head\n\n{0}\n\nv0:a <a:p> 1 .\n"),
        ("# head\nv0:a <a:p> 1 .\n", "# head\n{0}\n\nv0:a <a:p> 1 .\n"),
        ("@prefix a: <a:> .\n@prefix z: <z:> . # z\n\n", "@prefix a: <a:> .\n{0}\n@prefix z: <z:> . # z\n\n"),
        ("@prefix z: <z:> .\n@prefix a: <a:> . # a\n", "@prefix z: <z:> .\n@prefix a: <a:> . # a\n{0}\n"),
        ("PREFIX a: <a:>\n", "PREFIX a: <a:>\nPREFIX v: <https://velmora.example/>\n"),
        ("@prefix a: <a:> . a:a a:b 1 .\n", "@prefix a: <a:> .\n{0}\n a:a a:b 1 .\n"),
    ],
)
def test_a_prefix_is_declared_beside_the_others(text: str, expected: str) -> None:
    text = text.replace("v0:a", "<a:a>")
    read = document(text)
    read.put(V + "new", [(iri("p"), L(1))])
    head = expected.format("@prefix v: <https://velmora.example/> .").replace("v0:a", "<a:a>")
    assert read.text.startswith(head)
    assert "v:new v:p 1 ." in read.text


def test_a_prefix_that_stands_for_something_else_is_left_alone() -> None:
    text = "<a:a> <a:p> 1 .\n@prefix v: <a:> .\n"
    read = document(text)
    read.put("a:a", [(iri("p"), L(1))])
    assert read.text == text.replace("<a:p>", f"<{V}p>")


# What cannot be edited


def test_values_in_brackets_stay_or_go_with_their_resource() -> None:
    text = HEAD + "v:a v:p [ v:q 1 ], ( 1 2 ), [], (), 3 ;\n    v:r _:x .\n_:x v:q 2 .\n"
    read = document(text)
    pairs = read.triples(V + "a")
    read.put(V + "a", pairs)
    assert read.text == text
    read.put(V + "a", but("3", RDF + "nil")(pairs))
    assert read.text == text.replace("(), 3 ;", ";").replace("[], ;", "[] ;")
    for pair in pairs[:3]:
        with pytest.raises(EditError, match="brackets") as error:
            read.put(V + "a", [other for other in read.triples(V + "a") if other != pair])
        assert error.value.remedy
    with pytest.raises(EditError, match="brackets"):
        read.put(V + "a", [])
    with pytest.raises(EditError, match="no name"):
        read.put(V + "b", pairs[:1])
    read.put(V + "b", [(iri("p"), ox.BlankNode("x"))])
    read.remove(V + "a")
    assert said(read.text) == said(HEAD + "_:x v:q 2 . v:b v:p _:x .")


def test_what_no_document_can_say_is_refused() -> None:
    read = document(HEAD + "v:a v:p 1 .\n")
    with pytest.raises(EditError, match="not an absolute IRI"):
        read.put("relative", [(iri("p"), L(1))])
    with pytest.raises(NotFound, match="nothing of"):
        read.put(V + "b", [(iri("p"), L(1))], after=V + "x")
    with pytest.raises(EditError, match="direction"):
        read.put(V + "b", [(iri("p"), L("x", language="ar", direction=ox.BaseDirection.RTL))])
    with pytest.raises(EditError, match="no name"):
        read.put(V + "b", [(iri("p"), ox.Triple(iri("a"), iri("p"), L(1)))])  # type: ignore[list-item]
    assert read.text == HEAD + "v:a v:p 1 .\n"


def test_an_edit_that_would_say_something_else_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    read = document(HEAD + "v:a v:p 1 .\n")
    monkeypatch.setattr(Writer, "term", lambda *_: "2")
    with pytest.raises(RuntimeError, match="not made"):
        read.put(V + "a", [(iri("p"), L(3))])
    monkeypatch.setattr(Writer, "term", lambda *_: "v:")
    with pytest.raises(RuntimeError, match="not made"):
        read.put(V + "a", [(iri("p"), L(3))])
    assert read.text == HEAD + "v:a v:p 1 .\n"
    assert read.triples(V + "a") == [(iri("p"), L(1))]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("<a:s> <a:p>\n  b:x .", 2, 3),
        ("<a:s> <a:p>\n  <<( <a:s> <a:p> 1 )>> .", 2, 3),
        ("<a:s> <a:p>\n \ud800", 2, 2),
        ("<a:s> <a:p> 1 .\n<a:g> { }", 2, 7),
    ],
    ids=["syntax", "RDF 1.2", "no text", "TriG"],
)
def test_what_is_not_turtle_is_refused_at_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(SourceError) as error:
        Document.read(text)
    assert (error.value.path, error.value.line, error.value.column) == ("", line, column)


def test_a_byte_order_mark_stays() -> None:
    read = document("\ufeff" + HEAD + "v:a v:p 1 .\n")
    read.put(V + "a", [(iri("p"), L(2))])
    assert read.text == "\ufeff" + HEAD + "v:a v:p 2 .\n"


# Comparing


def test_readings_are_the_same_whatever_anonymous_nodes_are_called() -> None:
    def same(left: str, right: str) -> bool:
        return checking.same(checking.read(left, None), checking.read(right, None), {"x"})

    many = " ".join(f"<a:s> <a:p> [ <a:q> [], [], {n % 3} ] ." for n in range(30))
    assert same(many, many)
    assert same("<a:s> <a:p> [ <a:q> 1 ], [ <a:q> 2 ] .", "<a:s> <a:p> [ <a:q> 2 ], [ <a:q> 1 ] .")
    assert not same("<a:s> <a:p> [ <a:q> 1 ] .", "<a:s> <a:p> [ <a:q> 1 ], [ <a:q> 1 ] .")
    assert not same("<a:s> <a:p> [ <a:q> [ <a:q> 1 ] ] .", "<a:s> <a:p> [ <a:q> [ <a:q> 2 ] ] .")
    assert not same("[] <a:q> 1 .", "[] <a:q> 1 . [] <a:q> 1 .")
    assert not same("_:x <a:q> 1 .", "[] <a:q> 1 .")
