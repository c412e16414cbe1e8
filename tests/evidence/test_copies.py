"""The passages of the source text, found in every copy that says the same, and only there."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import copies
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kg.evidence import Copy, Passage, TextVersion, check, fingerprint, verify, words

WORD = st.text(st.characters(categories=("L", "N"), max_codepoint=0x24F), min_size=0, max_size=9)


@pytest.fixture(scope="module")
def text(seed: Path) -> str:
    return seed.read_text(encoding="utf-8")


def prove(text: str, version: TextVersion, passages: list[Passage]) -> Copy:
    """Every passage stands in the copy, in the same order, with words of the same digest."""
    copy = Copy.read(text.encode())
    verification = verify(copy, [version], passages)
    assert verification.count("missing") == 0
    assert verification.affected_claims() == ()
    assert [result.passage for result in verification.results] == passages
    starts = [result.span[0] for result in verification.results if result.span]
    assert starts == sorted(starts)
    for result in verification.results:
        assert fingerprint(words(copy, result)) == result.passage.digest
        assert (result.state == "found") == (result.span == (result.passage.start, result.passage.end))
    return copy


def test_source_gives_enough_passages_and_all_keep_the_rules(original: Copy, passages: list[Passage]) -> None:
    assert len(passages) > 80
    assert sum(end - start for start, end in original.lines) > 11_000
    for passage in passages:
        check(original, passage)


def test_capture_itself(seed: Path, text_version: TextVersion, passages: list[Passage]) -> None:
    verification = verify(Copy.read(seed.read_bytes()), [text_version], passages)
    assert verification.same_bytes
    assert verification.same_text
    assert verification.count("found") == len(passages)


@pytest.mark.parametrize("change", copies.CHANGES, ids=lambda change: change.__name__)
def test_copy_that_says_the_same(
    change: copies.Change, text: str, text_version: TextVersion, passages: list[Passage]
) -> None:
    changed = change(text)
    assert changed != text
    prove(changed, text_version, passages)


@pytest.mark.parametrize(
    "change", [copies.rewrapped, copies.no_break_spaces, copies.page_breaks, copies.marked]
)
def test_white_space_and_marks_leave_the_same_text(
    change: copies.Change, text: str, text_version: TextVersion, passages: list[Passage]
) -> None:
    copy = prove(change(text), text_version, passages)
    if change is not copies.rewrapped:  # which breaks some lines after a hyphen
        assert copy.digest == text_version.digest


@given(changes=st.lists(st.sampled_from(copies.CHANGES), unique=True, min_size=2))
@settings(max_examples=12)
def test_changes_together(
    changes: list[copies.Change], text: str, text_version: TextVersion, passages: list[Passage]
) -> None:
    for change in changes:
        text = change(text)
    prove(text.lstrip("\ufeff"), text_version, passages)


@pytest.mark.parametrize("change", [str, copies.decomposed, copies.soft_hyphens, copies.straight])
def test_saved_page(
    change: copies.Change, text: str, text_version: TextVersion, passages: list[Passage]
) -> None:
    copy = prove(copies.saved_page(change(text)), text_version, passages)
    assert "<" not in copy.text
    assert copy.text.count("&") == copy.text.count("Community & Arts") == 1


@given(data=st.data(), written=WORD)
@settings(max_examples=40)
def test_one_changed_word(
    data: st.DataObject, written: str, original: Copy, text_version: TextVersion, passages: list[Passage]
) -> None:
    """Exactly the passages over the word are missing, with their parts and claims; those before it stay."""
    tokens = [found.span() for found in re.finditer(r"\S*\w\S*", original.text)]
    start, end = data.draw(st.sampled_from(tokens))
    assume(unicodedata.normalize("NFC", written) != original.text[start:end])
    assume(fingerprint(written) != fingerprint(original.text[start:end]))
    changed = Copy.read((original.text[:start] + written + original.text[end:]).encode())
    first, last = original.inside(start, end)

    verification = verify(changed, [text_version], passages)

    over = {
        passage.iri
        for passage in passages
        if (inside := original.inside(passage.start, passage.end))[0] < last and first < inside[1]
    }
    states = verification.states()
    missing = {result.passage.iri for result in verification.results if result.state == "missing"}
    assert missing == over
    assert {iri for iri, state in states.items() if state == "missing"} == over | {f"{i}:part" for i in over}
    assert verification.affected_claims() == tuple(
        sorted({claim for passage in passages if passage.iri in over for claim in passage.claims})
    )
    assert all(states[passage.iri] == "found" for passage in passages if passage.end <= start)
    assert not verification.same_text


@given(data=st.data(), before=st.booleans())
@settings(max_examples=12)
def test_neighbours_decide_where_a_passage_is_printed_twice(
    data: st.DataObject, before: bool, original: Copy, text_version: TextVersion, passages: list[Passage]
) -> None:
    """As a pull quote at the head or foot of the page, far from the passage's neighbours."""
    inner = [p for p in passages if p.start > 1000 and p.end < len(original.text) - 1000]
    quoted = data.draw(st.sampled_from(inner))
    quote = original.text[quoted.start : quoted.end]
    lines = ["A reader's copy", quote, original.text] if before else ["A reader's copy", original.text, quote]
    copy = Copy.read("\n".join(lines).encode())
    shift = copy.text.index(original.text)

    verification = verify(copy, [text_version], passages)

    assert {result.passage: result.span for result in verification.results} == {
        passage: (passage.start + shift, passage.end + shift) for passage in passages
    }
