"""The rules that a passage keeps, when it is made and when it is checked. Invented text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import EvidenceError
from kg.evidence import (
    MINIMUM,
    Anchor,
    Copy,
    Part,
    Passage,
    TextVersion,
    anchor,
    anchor_part,
    check,
    fingerprint,
    verify,
    version,
)

PAGE = """\
The harbour of a northern town
On the 4th of May the “Aurora” left the harbour; no list of her passengers was kept by anybody.
Two days later, the sister ship left the harbour of a northern town with 40 sailors and 40 soldiers.
Title: The ships' book
Printed by: Nobody (1911)
"""
COPY = Copy.read(PAGE.encode())
DIGEST = "0" * 64


def passage(words: str, *, copy: Copy = COPY) -> Passage:
    """Give a passage over the first place of *words*, whether the rules let it be one or not."""
    start = copy.text.index(words)
    return Passage("urn:p", "urn:t", start, start + len(words), fingerprint(words))


@pytest.mark.parametrize(
    "words",
    [
        "On the 4th of May the “Aurora” left the harbour",
        "no list of her passengers was kept by anybody.",
        "The harbour of a northern town",  # 30 code points, a whole line
        "Title: The ships' book",
        "The ships' book",  # a whole field, after its label
        "Nobody (1911)",
    ],
)
def test_anchor_holds_the_words_as_given(words: str) -> None:
    found = anchor(COPY, words)
    assert COPY.text[found.start : found.end] == words
    assert found.digest == fingerprint(words)
    check(COPY, Passage("urn:p", "urn:t", found.start, found.end, found.digest))


@pytest.mark.parametrize(
    "words",
    [
        'On the 4th of May the "Aurora" left the harbour',
        "On  the 4th of\nMay the Aurora left the harbour -",
        "On the 4th of May the «Au\u00adrora» left the har-\nbour",
    ],
)
def test_anchor_finds_words_with_other_spaces_quotes_and_hyphens(words: str) -> None:
    found = anchor(COPY, words)
    assert COPY.text[found.start : found.end] == "On the 4th of May the “Aurora” left the harbour;"
    assert found.digest == anchor(COPY, "On the 4th of May the “Aurora” left the harbour").digest


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("On the 5th of May the “Aurora” left the harbour", "does not stand in this text"),
        ("on the 4th of may the “aurora” left the harbour", "does not stand in this text"),
        ("n the 4th of May the “Aurora” left the harbour", "begins or ends inside a word"),
        ("On the 4th of May the “Aurora” left the harbo", "begins or ends inside a word"),
        ("left the harbour", "stands 2 times"),
        ("no list of her passengers was kept", "is 34 code points long"),
        ("The ships", "is 9 code points long"),
        ("(1911)", "is 6 code points long"),
        ("“…” —", "holds no letter or digit"),
        ("", "holds no letter or digit"),
    ],
)
def test_anchor_refuses(words: str, sentence: str) -> None:
    with pytest.raises(EvidenceError, match=sentence) as caught:
        anchor(COPY, words)
    assert caught.value.remedy


def test_forty_code_points_are_enough_and_fewer_are_not() -> None:
    forty, fewer = "Nobody counted all the boats, but by now", "Nobody counted all the boats, but later"
    assert (len(forty), len(fewer)) == (MINIMUM, MINIMUM - 1) == (40, 39)
    assert anchor(Copy.read(f"{forty} we know".encode()), forty).end == 40
    with pytest.raises(EvidenceError, match="is 39 code points long"):
        anchor(Copy.read(f"{fewer} we know".encode()), fewer)


@pytest.mark.parametrize(
    ("first", "last"),
    [('"', '"'), ("'", "'"), ("“", "”"), ("»", "«"), ("(", ")"), ("[", "]."), ("¿", "?"), ("", "!")],
)
def test_quotes_brackets_and_stops_that_touch_are_taken_along(first: str, last: str) -> None:
    sentence = f"{first}Aurora left the harbour, and nobody knows why{last}"
    copy = Copy.read(f"{sentence} – so the paper".encode())
    found = anchor(copy, "Aurora left the harbour and nobody knows why")
    assert copy.text[found.start : found.end] == sentence


def test_what_overlaps_itself_stands_twice() -> None:
    with pytest.raises(EvidenceError, match="stands 2 times"):
        anchor(Copy.read(b"there was a boat and a boat and a boat"), "a boat and a boat")


def test_capitals_are_one_word() -> None:
    copy = Copy.read(b"The USSR kept no list of the ships that left the harbour")
    with pytest.raises(EvidenceError, match="inside a word"):
        anchor(copy, "SSR kept no list of the ships that left the harbour")


def test_a_note_may_be_joined_to_the_word_after_it() -> None:
    copy = Copy.read(b"It left.1the sister ship left the harbour of a northern town")
    assert anchor(copy, "the sister ship left the harbour of a northern town").start == 9


@pytest.mark.parametrize(
    ("line", "field"), [("题名：北方港口", "北方港口"), (f"{'a' * 40}: The ships", "The ships")]
)
def test_a_field_is_whole_after_a_label_of_any_script(line: str, field: str) -> None:
    copy = Copy.read(f"{line}\nAnother line".encode())
    assert anchor(copy, field).start == line.index(field)
    with pytest.raises(EvidenceError, match="no whole line or field"):
        anchor(Copy.read(f"x{line}\nAnother line".replace("：", " ").encode()), field)


def test_words_inside_a_word_elsewhere_count_once() -> None:
    copy = Copy.read(
        b"A line about nothing that anyone remembers today\nThe line about nothing that anyone remembers todays"
    )
    assert anchor(copy, "line about nothing that anyone remembers today").start == 2


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (passage("left the harbour of a northern town with 40 sailors"), None),
        (passage("The harbour of a northern town"), None),
        (passage("harbour of a northern town with"), "is 31 code points long"),
        (passage(" left the harbour of a northern town with 40 sailors"), "begins or ends with a space"),
        (passage("left the harbour of a northern town with 40 "), "begins or ends with a space"),
        (passage("eft the harbour of a northern town with 40 sailors"), "inside a word"),
        (passage("left the harbour of a northern town with 40 sail"), "inside a word"),
        (Passage("urn:p", "urn:t", 0, 40, DIGEST), "another digest than the words at 0 to 40"),
        (Passage("urn:p", "urn:t", 31, 9999, DIGEST), "ends at 9999, beyond the text of"),
    ],
)
def test_check(made: Passage, sentence: str | None) -> None:
    if sentence is None:
        check(COPY, made)
        return
    with pytest.raises(EvidenceError, match=sentence) as caught:
        check(COPY, made)
    assert caught.value.message.startswith("urn:p")
    assert "harbour" not in caught.value.message
    assert caught.value.remedy


def test_check_refuses_a_passage_that_stands_twice() -> None:
    copy = Copy.read((PAGE + PAGE).encode())
    with pytest.raises(EvidenceError, match="urn:p stands 2 times"):
        check(copy, passage("no list of her passengers was kept by anybody.", copy=copy))


def test_check_refuses_what_is_whole_words_only_elsewhere() -> None:
    copy = Copy.read(
        b"A boathouse by the northern harbour that burnt\nhouse by the northern harbour that burnt"
    )
    with pytest.raises(EvidenceError, match="inside a word"):
        check(copy, passage("house by the northern harbour that burnt", copy=copy))


def test_part_is_sought_inside_the_passage_only() -> None:
    whole = anchor(COPY, COPY.text[slice(*COPY.lines[1])])
    start, end = anchor_part(COPY, whole, "left the harbour")
    assert COPY.text[whole.start :][start:end] == "left the harbour"
    whole = passage("Aurora” left the harbour; no list of her passengers")
    assert anchor_part(COPY, whole, "“Aurora”") == (0, len("Aurora”"))
    whole = passage("Aurora” left the harbour")
    assert anchor_part(COPY, whole, "the harbour;") == (len("Aurora” left "), whole.end - whole.start)


@pytest.mark.parametrize(
    ("words", "occurrence", "span"),
    [
        ("40 sailors", 0, "40 sailors"),
        ("40", 1, "40"),
        ("soldiers", 0, "soldiers"),  # without the full stop
        ("soldiers.", 0, "soldiers."),
        ("Two", 0, "Two"),
    ],
)
def test_part_is_counted_from_its_passage(words: str, occurrence: int, span: str) -> None:
    whole = anchor(COPY, COPY.text[slice(*COPY.lines[2])])
    start, end = anchor_part(COPY, whole, words, occurrence=occurrence)
    assert COPY.text[whole.start + start : whole.start + end] == span


def test_part_with_an_occurrence() -> None:
    whole = anchor(COPY, COPY.text[slice(*COPY.lines[2])])
    first, second = (anchor_part(COPY, whole, "40", occurrence=number) for number in (1, 2))
    assert first[1] < second[0]
    assert COPY.text[whole.start :][slice(*second)] == "40"


@pytest.mark.parametrize(
    ("words", "occurrence", "sentence"),
    [
        ("Aurora", 0, "does not stand in the passage"),
        ("40", 0, "stands 2 times"),
        ("40", 3, "has no occurrence 3"),
        ("40", -1, "has no occurrence -1"),
        ("sail", 0, "inside a word"),
        ("!", 0, "holds no letter or digit"),
    ],
)
def test_part_refuses(words: str, occurrence: int, sentence: str) -> None:
    whole = anchor(COPY, COPY.text[slice(*COPY.lines[2])])
    with pytest.raises(EvidenceError, match=sentence):
        anchor_part(COPY, whole, words, occurrence=occurrence)


def test_part_of_a_passage_of_another_text_is_refused() -> None:
    for whole in (Anchor(0, 40, DIGEST), Anchor(0, 9999, DIGEST)):
        with pytest.raises(EvidenceError, match="the passage"):
            anchor_part(COPY, whole, "harbour")


@pytest.mark.parametrize(
    ("start", "end", "digest", "part", "sentence"),
    [
        (5, 5, DIGEST, (0, 1), "which is no span"),
        (-1, 5, DIGEST, (0, 1), "which is no span"),
        (0, 50, DIGEST.replace("0", "A"), (0, 1), "64 digits of lower-case hex"),
        (0, 50, DIGEST + "\n", (0, 1), "64 digits of lower-case hex"),
        (0, 50, DIGEST, (40, 51), "outside its passage urn:p of 50"),
        (0, 50, DIGEST, (3, 3), "outside its passage"),
        (0, 50, DIGEST, (-1, 3), "outside its passage"),
    ],
)
def test_passage_refuses(start: int, end: int, digest: str, part: tuple[int, int], sentence: str) -> None:
    with pytest.raises(EvidenceError, match=sentence):
        Passage("urn:p", "urn:t", start, end, digest, parts=(Part("urn:part", *part),))


def test_an_empty_text_is_a_version() -> None:
    assert version("urn:t", Copy.read(b"")).length == 0


def test_text_version_refuses() -> None:
    for length, digest, captured in ((-1, DIGEST, DIGEST), (1, "", DIGEST), (1, DIGEST, "0")):
        with pytest.raises(EvidenceError, match="urn:t"):
            TextVersion("urn:t", length, digest, captured)


WORDS = st.lists(st.text(st.sampled_from("aábГ1Ֆ’-.,“”"), min_size=1, max_size=7), min_size=1, max_size=40)


@given(lines=st.lists(WORDS, min_size=1, max_size=5), data=st.data())
def test_what_anchor_gives_is_found_again(lines: list[list[str]], data: st.DataObject) -> None:
    """Any run of words is refused with a reason, or keeps the rules and is found where it was."""
    text = "\n".join(map(" ".join, lines))
    copy = Copy.read(text.encode())
    words = copy.text.split()
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    try:
        found = anchor(copy, " ".join(words[first:last]))
    except EvidenceError as error:
        assert error.remedy
        return
    made = Passage("urn:p", "urn:t", found.start, found.end, found.digest)
    check(copy, made)
    assert found.end - found.start >= MINIMUM or copy.is_whole_line(*copy.inside(found.start, found.end))
    assert verify(copy, [version("urn:t", copy)], [made]).count("found") == 1
    moved = Copy.read(f"ooo {text}".encode())
    assert verify(moved, [version("urn:t", copy)], [made]).count("missing") == 0
