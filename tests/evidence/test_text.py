"""Bytes to text, its normal form and its letters; the text of saved pages. Invented text."""

from __future__ import annotations

import codecs
import hashlib
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import EvidenceError
from kg.evidence import Copy, fingerprint, normalise, plain

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))


@given(TEXT)
@example("a\u2028b\x85c\x1cd\x0b\x0ce\u00a0\u3000f")
def test_normal_form(text: str) -> None:
    form = normalise(text)
    assert normalise(form) == form
    assert unicodedata.is_normalized("NFC", form)
    assert not any(space.isspace() and space != " " for space in form)
    assert "  " not in form
    assert form == form.strip()
    assert normalise(unicodedata.normalize("NFD", text)) == form


def test_normal_form_keeps_what_is_written() -> None:
    assert normalise("H₂O, 4½ № 3…") == "H₂O, 4½ № 3…"


def test_letters_inside_a_span() -> None:
    copy = Copy.read(b"ab cd")
    assert [copy.inside(0, end) for end in (2, 3, 4)] == [(0, 2), (0, 2), (0, 3)]


@given(TEXT)
@example("e\n\u0301")
def test_copy_of_a_text_file(text: str) -> None:
    text = "plain: " + text  # no page begins so
    copy = Copy.read(text.encode())
    assert copy.text == normalise(text)
    assert copy.digest == hashlib.sha256(copy.text.encode()).hexdigest()
    assert copy.captured_digest == hashlib.sha256(text.encode()).hexdigest()
    assert copy.letters == "".join(copy.text[place] for place in copy.places)
    assert fingerprint(copy.text) == hashlib.sha256(copy.letters.encode()).hexdigest()
    assert list(copy.bounds) == sorted(set(copy.bounds))
    assert (copy.bounds[0], copy.bounds[-1]) == (0, len(copy.letters))
    assert " ".join(copy.text[start:end] for start, end in copy.lines) == copy.text


@given(TEXT, st.text(st.sampled_from(" \n\t\u00a0\u00ad\ufeff\f.,;:!?“”‘’\"'–—-()[]…")))
def test_fingerprint_sees_letters_marks_and_numbers_only(text: str, between: str) -> None:
    assert fingerprint(unicodedata.normalize("NFD", text)) == fingerprint(text)
    assert fingerprint(between + text + between) == fingerprint(text)
    assert fingerprint(f"{text}x") != fingerprint(text)


def test_fingerprint_is_sha_256_of_the_letters() -> None:
    assert fingerprint("“Né”, x̂, Ан – 4½!") == hashlib.sha256("Néx̂Ан4½".encode()).hexdigest()


def test_byte_order_mark_is_dropped() -> None:
    assert plain(b"\xef\xbb\xbftext") == "text"


@pytest.mark.parametrize(
    ("data", "sentence", "remedy"),
    [
        ("one\ntwo\nJosé".encode("latin-1"), "line 3 holds bytes that are not UTF-8", "iconv"),
        ("one\nJosé\nthree\n".encode("latin-1"), "line 2 holds bytes that are not UTF-8", "iconv"),
        (codecs.BOM_UTF16_LE + "text".encode("utf-16-le"), "UTF-16", "UTF-8"),
        (codecs.BOM_UTF16_BE + "text".encode("utf-16-be"), "UTF-16", "UTF-8"),
        (b"one\n\x00two", "line 2 holds a NUL character", "UTF-8"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, sentence: str, remedy: str) -> None:
    with pytest.raises(EvidenceError, match=sentence) as caught:
        Copy.read(data)
    assert remedy in caught.value.remedy


@given(st.binary())
@example(b"<p>a<![foo[ b")
@example(b"<html><![if x]><!x><?y><a b=<c>&#xFFFFFFFF;&#0;</svg><svg><svg>")
def test_any_bytes_are_read_or_refused_with_a_remedy(data: bytes) -> None:
    try:
        copy = Copy.read(data)
    except EvidenceError as error:
        assert error.remedy
    else:
        assert copy.text == normalise(copy.text)


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE html>", "<!doctype HTML><html lang=en>", "\n <html>", "<!-- saved --> <HTML>", "<p>", "<div\nclass=x>",
        '<?xml version="1.0"?><!-- a --><!DOCTYPE html PUBLIC "x" "y">', "<h1>", "<body>",
    ],
)  # fmt: skip
def test_page_is_told_by_how_it_begins(start: str) -> None:
    assert normalise(plain(f"{start}<p>a&amp;b</p>".encode())) == "a&b"


@pytest.mark.parametrize("start", ["Text ", "<3 ", "< html>", "<!-- html", "<hr-like>", "“<p>” "])
def test_text_that_is_no_page_stays_as_it_is(start: str) -> None:
    assert plain(f"{start}<p>a&amp;b</p>".encode()) == f"{start}<p>a&amp;b</p>"


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("<p>one<p>two", ["one", "two"]),
        ("<p>one<br>two<br/>three<hr>four", ["one", "two", "three", "four"]),
        ("<p>o<b>n</b><i class='x>y'>e</i><wbr>s</p>", ["ones"]),
        ("<p>\none\n  two\tthree\n</p>", ["one two three"]),
        ("<p>&eacute;&#233;&#xE9;&eacute &nbsp;&amp;lt;</p>", ["éééé &lt;"]),
        ("<html><head><title>t</title><style>p</style></head><body>one", ["one"]),
        ("<p>a<script>if (a < b) '<p>no</p>'</script>b<style><p>no</p></style>c</p>", ["abc"]),
        ("<p>a<!-- <p>no</p> -->b", ["ab"]),
        ("<p>a<svg><title>no</title><svg>no</svg>no</svg>b<svg/>c", ["abc"]),
        ("<p>a<noscript><p>no</p></noscript><template>no</template><iframe>no</iframe>b", ["ab"]),
        ("<ul><li>one<li>two</ul><table><tr><td>three<td>four</table>", ["one", "two", "three", "four"]),
        ("<p title='no' data-x=\"no\">one</p>", ["one"]),
        ("<p>one</p></p></b>two</svg>", ["one", "two"]),
    ],
)
def test_text_of_a_page(page: str, lines: list[str]) -> None:
    copy = Copy.read(page.encode())
    assert [copy.text[start:end] for start, end in copy.lines] == lines


def test_marked_section_that_is_no_html_is_refused() -> None:
    with pytest.raises(EvidenceError, match="marked section"):
        plain(b"<p>a<![foo[ b ]]>")
