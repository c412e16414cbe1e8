"""Which text version is checked, what its passages' states are, and what is refused. Invented text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.errors import EvidenceError
from kg.evidence import Copy, Found, Part, Passage, TextVersion, anchor, fingerprint, verify, version, words

A = "The first sentence of this page is about a harbour in the north."
B = "The second sentence says that nobody wrote down the ships' names."
C = "A third sentence counts some 40 boats that left before the ice."
D = "The fourth sentence belongs to another edition of the same page."
LONG = " ".join([A, B, C])


def versions_of(**texts: str) -> tuple[list[TextVersion], list[Passage]]:
    """Give a version for each text, urn:NAME of the document urn:page, with its sentences as passages."""
    versions, passages = [], []
    for name, text in texts.items():
        copy = Copy.read(text.encode())
        versions.append(version(f"urn:{name}", copy, source="urn:page"))
        for sentence in (A, B, C, D):
            if sentence in text:
                found = anchor(copy, sentence)
                letter = "ABCD"[(A, B, C, D).index(sentence)]
                iri = f"urn:{name}-{letter}"
                claims, parts = (f"{iri}-claim",), (Part(f"{iri}-part", 4, 9),)
                passages.append(
                    Passage(iri, f"urn:{name}", found.start, found.end, found.digest, claims, parts)
                )
    return versions, passages


def states(text: str, versions: list[TextVersion], passages: list[Passage], **options: str) -> dict[str, str]:
    return dict(verify(Copy.read(text.encode()), versions, passages, **options).states())


def test_found_moved_and_missing_with_parts_and_claims() -> None:
    versions, passages = versions_of(one=LONG)
    verification = verify(Copy.read(f"{A} Inserted. {C}".encode()), versions, passages)
    assert verification.states() == {
        "urn:one-A": "found", "urn:one-A-part": "found",
        "urn:one-B": "missing", "urn:one-B-part": "missing",
        "urn:one-C": "moved", "urn:one-C-part": "moved",
    }  # fmt: skip
    assert verification.affected_claims() == ("urn:one-B-claim",)
    assert [verification.count(state) for state in ("found", "moved", "missing")] == [1, 1, 1]
    assert (verification.same_bytes, verification.same_text) == (False, False)


def test_a_claim_that_rests_on_several_missing_passages_is_named_once() -> None:
    versions, passages = versions_of(one=LONG)
    claims = (("urn:z", "urn:m"), ("urn:m", "urn:a"), ("urn:found",))
    resting = [replace(passage, claims=own) for passage, own in zip(passages, claims, strict=True)]
    assert verify(Copy.read(C.encode()), versions, resting).affected_claims() == ("urn:a", "urn:m", "urn:z")


def test_passages_are_given_in_the_order_of_the_text() -> None:
    versions, passages = versions_of(one=f"{C} {A} {B}")
    results = verify(Copy.read(f"{A} {B} {C}".encode()), versions, passages[::-1]).results
    assert [result.passage.iri for result in results] == ["urn:one-C", "urn:one-A", "urn:one-B"]


def test_long_and_short_passages_are_found_at_other_places() -> None:
    versions, passages = versions_of(one=LONG)
    whole = Passage("urn:whole", "urn:one", 0, len(LONG), fingerprint(LONG))
    moved = states(f"Now: {LONG}", versions, [*passages, whole])
    assert set(moved.values()) == {"moved"}


def test_of_versions_that_are_alike_the_first_by_name_is_checked() -> None:
    versions, passages = versions_of(one=LONG, two=LONG)
    for text in (LONG, f"Now: {LONG}"):
        assert verify(Copy.read(text.encode()), versions[::-1], passages).text.iri == "urn:one"


def test_what_stands_at_its_place_counts_for_a_version() -> None:
    versions, passages = versions_of(early=LONG, late=f"{D} {A}")
    assert verify(Copy.read(f"{A} {B}".encode()), versions, passages).text.iri == "urn:early"


def test_version_with_this_very_text_is_checked() -> None:
    versions, passages = versions_of(one=LONG, two=f"{A}\n\n{B}")
    verification = verify(Copy.read(f"{A} {B}".encode()), versions, passages)
    assert verification.text.iri == "urn:two"
    assert verification.same_text
    assert not verification.same_bytes


def test_capture_goes_before_the_same_text() -> None:
    versions, passages = versions_of(one=f"{A} {B}", two=f"{A}\n{B}")
    for text, iri in ((f"{A} {B}", "urn:one"), (f"{A}\n{B}", "urn:two")):
        assert verify(Copy.read(text.encode()), versions, passages).text.iri == iri


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        (f"Header. {A} {B} {C}", "urn:whole"),
        (f"Header. {A} {C}", "urn:whole"),  # 2 of 3 rather than 1 of 1
        (f"Header. {A}", "urn:short"),  # 1 of 1 rather than 1 of 3
        ("Nothing of it.", "urn:whole"),  # none of any: the one that would have most
    ],
)
def test_best_matching_version_is_checked_and_no_other_counted(text: str, iri: str) -> None:
    versions, passages = versions_of(short=A, whole=LONG)
    verification = verify(Copy.read(text.encode()), versions, passages)
    assert verification.text.iri == iri
    assert {result.passage.text for result in verification.results} == {iri}


def test_source_names_a_version_or_its_document() -> None:
    versions, passages = versions_of(one=LONG, two=f"{A} {D}")
    assert set(states(LONG, versions, passages, source="urn:two")) == {
        "urn:two-A", "urn:two-A-part", "urn:two-D", "urn:two-D-part",
    }  # fmt: skip
    assert states(LONG, versions, passages, source="urn:page") == states(LONG, versions, passages)


def test_source_that_is_unknown_is_refused_with_the_known() -> None:
    versions, passages = versions_of(one=LONG)
    with pytest.raises(EvidenceError, match="urn:none") as caught:
        verify(Copy.read(b"text"), versions, passages, source="urn:none")
    assert "urn:page" in caught.value.remedy


def test_no_version_is_refused() -> None:
    with pytest.raises(EvidenceError, match="no text version"):
        verify(Copy.read(b"text"), [], [])


def test_version_without_passages_and_empty_copy() -> None:
    versions, passages = versions_of(one=LONG)
    assert verify(Copy.read(b""), versions, []).results == ()
    assert set(states("", versions, passages).values()) == {"missing"}


FILLER = "word " * 60


@pytest.mark.parametrize(
    ("original", "text", "which"),
    [
        (LONG, f"{B} {A} {FILLER}{B} {FILLER}{C}", 1),  # order goes before the old distance
        (LONG, f"{A} {FILLER}{B} {FILLER}{C} {B}", 0),
        (
            f"{A} {B} {FILLER}{C}",
            f"New. {A} {B} {FILLER}{B} {FILLER}{C}",
            0,
        ),  # in order both: by A's distance
        (f"{A} {FILLER}{B} {C}", f"New. {A} {FILLER}{B} {FILLER}{B} {C}", 1),  # by C's
        (f"{A} {FILLER}{B} {FILLER * 2}{C}", f"New. {A} {B} {FILLER}{B} {FILLER * 2}{C}", 1),  # far from A
        (
            f"{A} {FILLER}{B} {FILLER * 2}{C}",
            f"New. {A} {B} {FILLER}{C} {B}",
            0,
        ),  # not after C, though as far
    ],
)
def test_order_of_neighbours_then_distance_decides(original: str, text: str, which: int) -> None:
    versions, passages = versions_of(one=original)
    copy = Copy.read(text.encode())
    start = [copy.text.index(B), copy.text.rindex(B)][which]
    placed = {result.passage.iri: result.span for result in verify(copy, versions, passages).results}
    assert placed["urn:one-B"] == (start, start + len(B))


def test_version_with_this_very_text_goes_before_one_with_more_passages() -> None:
    versions, passages = versions_of(one=LONG, two=f"{A} {B}")
    few = [passage for passage in passages if passage.iri != "urn:two-B"]
    assert verify(Copy.read(f"{A}\n{B}".encode()), versions, few).text.iri == "urn:two"


def test_span_never_reaches_beyond_the_copy() -> None:
    versions, passages = versions_of(one=LONG)
    copy = Copy.read(LONG.rstrip(".").encode())
    last = verify(copy, versions, passages).results[-1]
    assert last.span == (copy.text.index("A third"), len(copy.text))


def test_passage_whose_spaces_and_stops_are_lost_or_joined_to_a_note() -> None:
    versions, passages = versions_of(one=LONG)
    assert set(states(f"Title{A[:-1]}{B[:-1]}1{C}", versions, passages).values()) == {"moved"}


def test_case_counts() -> None:
    versions, passages = versions_of(one=LONG)
    assert set(states(LONG.upper(), versions, passages).values()) == {"missing"}


def test_words_are_shown_from_the_copy() -> None:
    versions, passages = versions_of(one=LONG)
    copy = Copy.read(f"Now: “{A.replace(' ', chr(10))}” {B}".encode())
    first, second, third = verify(copy, versions, passages).results
    assert words(copy, first) == f"“{A}”"
    assert words(copy, second) == B
    for found in (third, Found(third.passage, "missing")):
        with pytest.raises(EvidenceError, match="urn:one-C"):
            words(copy, found)


def test_words_of_another_copy_are_refused() -> None:
    versions, passages = versions_of(one=LONG)
    found = verify(Copy.read(LONG.encode()), versions, passages).results[0]
    for other in (b"short", D.encode() * 9):
        with pytest.raises(EvidenceError, match="urn:one-A"):
            words(Copy.read(other), found)
