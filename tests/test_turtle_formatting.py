"""Turtle in the house style: the same statements and comments, whatever the file was like, and the same at a second run."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.turtle.formatting import WIDTH, formatted
from rdf_data import lines
from suites import ROOT
from turtle_documents import BASE, TOKEN, comments, turtle

FILES = sorted([*(ROOT / "data").rglob("*.ttl"), *(ROOT / "ontology").rglob("*.ttl")])


def said(text: str) -> list[str]:
    return lines(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=BASE))


@given(turtle(), st.sampled_from(["", " # last", "\n\n\n# end\n\n", "\r\n#"]))
@settings(max_examples=100)
def test_any_document_says_the_same_with_every_comment_and_is_done_at_once(text: str, end: str) -> None:
    text += end
    try:
        before = said(text)
    except SyntaxError:
        event("not a document")
        with pytest.raises(SourceError):
            formatted(text, base=BASE)
        return
    result = formatted(text, base=BASE)
    assert said(result) == before
    assert comments(result) == comments(text)
    assert formatted(result, base=BASE) == result
    outside = TOKEN.sub("x", result)
    assert not re.search(r"[ \t](?=[\r\n])", outside)
    assert result[-1:] in "\r\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_our_files_are_in_the_house_style(path: Path) -> None:
    text = path.read_bytes().decode()
    assert formatted(text) == text, "run kg fmt"


HEAD = "@prefix v: <https://velmora.example/> .\n\n"

CASES = {
    "spaces and marks": ('v:a  a\tv:C;v:p"x" ,"y";v:q 1.', 'v:a a v:C ; v:p "x", "y" ; v:q 1 .\n'),
    "the first predicate stands beside the subject": (
        "v:a\n  a v:C ;\nv:p 1 .",
        "v:a a v:C ;\n    v:p 1 .\n",
    ),
    "marks stand behind what they follow": (
        "v:a a v:C\n  ; v:p 1\n     , 2\n  .",
        "v:a a v:C ;\n    v:p 1,\n        2 .\n",
    ),
    "a semicolon that nothing follows goes": (
        "v:a a v:C ;; v:p [ v:q 1 ; ] ;\n.\n",
        "v:a a v:C ; v:p [ v:q 1 ] .\n",
    ),
    "each statement begins a line": ("v:a v:p 1 . v:b v:p 1 .", "v:a v:p 1 .\nv:b v:p 1 .\n"),
    "one blank line of several": (
        "v:a v:p 1 .\n\n\n\nv:b v:p 1 ;\n\n  v:q 2 .\n\n",
        "v:a v:p 1 .\n\nv:b v:p 1 ;\n    v:q 2 .\n",
    ),
    "comments": (
        "v:a # one\n a v:C;#two\n#three\nv:p 1 # four\n , #five\n 2 # six\n.# seven\n  # eight",
        "v:a  # one\n    a v:C ;  #two\n    #three\n    v:p 1,  # four\n        #five\n        2 .  # six\n# seven\n# eight\n",
    ),
    "a full stop stands below comments": (
        "v:a a v:C ;\n# v:p 1 ;\n.\n",
        "v:a a v:C ;\n    # v:p 1 ;\n    .\n",
    ),
    "brackets": (
        "v:a v:p [v:q (1 2)], [ ], ( ),\n[ v:q\n[\nv:r 1;\nv:s (\n1\n2 ) ] ] .\n[] v:p 1 . [v:p 1].",
        "v:a v:p [ v:q ( 1 2 ) ], [], (),\n        [ v:q\n                [\n                    v:r 1 ;\n"
        "                    v:s (\n                        1\n                        2 ) ] ] .\n[] v:p 1 .\n[ v:p 1 ] .\n",
    ),
    "a bracket closes as far in as its line begins": (
        "v:a v:p [\nv:q 1\n# end\n]\n.",
        "v:a v:p [\n    v:q 1\n    # end\n] .\n",
    ),
    "what one word is stays together": (
        'v:a v:p "x" @en , "y"^^ # why\n v:t, [ # none\n ] .',
        'v:a v:p "x"@en, "y"^^v:t,  # why\n        [] .  # none\n',
    ),
    "a string keeps its lines": ('v:a v:p """ x \n\n\n  y""" .', 'v:a v:p """ x \n\n\n  y""" .\n'),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_style(text: str, expected: str) -> None:
    assert formatted(HEAD + text) == HEAD + expected


def test_declarations_stand_at_the_head_in_their_order() -> None:
    text = "# head\nprefix v:<https://velmora.example/>@prefix  a: # why\n <a:> .\n# b\nBASE<b:/>v:a a:p <c>."
    assert formatted(text) == (
        "# head\nprefix v: <https://velmora.example/>\n@prefix a: <a:> .  # why\n# b\nBASE <b:/>\n\nv:a a:p <c> .\n"
    )


def test_a_pair_that_would_end_too_far_out_begins_a_line() -> None:
    pairs = [f'v:p{n} "{"x" * 60}"' for n in range(5)]
    text = formatted(f"{HEAD}v:a {' ; '.join(pairs)} .")
    rows = text.removeprefix(HEAD).splitlines()
    assert len(rows) > 1
    assert all(len(row) <= WIDTH for row in rows)
    assert all(row.startswith("    v:p") for row in rows[1:])
    assert formatted(text) == text
    one = f'{HEAD}v:a v:p "{"x" * 300}" .\n'
    assert formatted(one) == one


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"], ids=["crlf", "cr", "lf"])
def test_line_ends_are_as_the_first(end: str) -> None:
    text = f"@prefix v: <a:> .{end}{end}v:a v:p 1 ;{end}v:q 2 ."
    assert formatted(text) == f"@prefix v: <a:> .{end}{end}v:a v:p 1 ;{end}    v:q 2 .{end}"


def test_a_byte_order_mark_stays_and_nothing_stays_nothing() -> None:
    assert formatted("\ufeff<a:a>  <a:b> 1 .") == "\ufeff<a:a> <a:b> 1 .\n"
    assert formatted("") == ""
    assert formatted(" \n\n") == ""
    assert formatted("\n # only\n\n") == "# only\n"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("<a:s> <a:p>\n  b:x .", 2, 3),
        ("<a:s> <a:p>\n  <<( <a:s> <a:p> 1 )>> .", 2, 3),
        ("<a:s>\n \ud800", 2, 2),
    ],
    ids=["syntax", "RDF 1.2", "no text"],
)
def test_what_is_not_turtle_is_refused_at_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(SourceError) as error:
        formatted(text)
    assert (error.value.line, error.value.column) == (line, column)


@pytest.mark.parametrize("open, close", [("[ <a:p> ", " ]"), ("( ", " )")])
def test_depth_has_no_limit(open: str, close: str) -> None:
    text = f"<a:s> <a:p> {open * 2000}1{close * 2000} .\n"
    assert formatted(text) == text
