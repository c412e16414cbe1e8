"""The similarity join finds the pairs, with the ratios, that comparing each text with each finds."""

from __future__ import annotations

from itertools import combinations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from kg import similarity
from kg.likeness import ALIKE

WORDS = st.lists(
    st.sampled_from(["anna", "ana", "lind", "lindh", "of", "the", "velmora", "wharf", "harbour"]), max_size=6
)
TEXTS = st.lists(st.text("abc é", max_size=40) | WORDS.map(" ".join), unique=True, max_size=30)


def each_with_each(texts: list[str], least: float) -> dict[frozenset[int], float]:
    ratios = {
        frozenset(places): fuzz.ratio(*(texts[place] for place in places))
        for places in combinations(range(len(texts)), 2)
    }
    return {places: ratio for places, ratio in ratios.items() if ratio >= least}


def joined(texts: list[str], least: float) -> dict[frozenset[int], float]:
    found = list(similarity.pairs(texts, least))
    pairs = {frozenset((one, other)): ratio for one, other, ratio in found}
    assert len(pairs) == len(found)
    return pairs


@given(TEXTS)
@settings(max_examples=300)
@example(["abcd", "abcde", "abcdef", "bcdef"])
def test_it_finds_what_comparing_each_with_each_finds(texts: list[str]) -> None:
    assert joined(texts, ALIKE) == each_with_each(texts, ALIKE)


@given(TEXTS, st.integers(30, 100))
def test_it_does_so_for_any_bound(texts: list[str], least: int) -> None:
    assert joined(texts, least) == each_with_each(texts, least)


@st.composite
def edited(draw: st.DrawFn) -> list[str]:
    """A long text, and others with some letters out or in, near the bound."""
    text = draw(st.text("abcdefgh ", min_size=8, max_size=60))
    texts = {text}
    for _ in range(draw(st.integers(1, 6))):
        letters = list(text)
        for _ in range(draw(st.integers(1, max(1, len(text) // 4)))):
            at = draw(st.integers(0, len(letters)))
            letters[at : at + draw(st.integers(0, 1))] = draw(st.sampled_from(["", "x", "a"]))
        texts.add("".join(letters))
    return sorted(texts)


@given(edited())
@settings(max_examples=300)
def test_it_does_so_near_the_bound(texts: list[str]) -> None:
    assert joined(texts, ALIKE) == each_with_each(texts, ALIKE)
    mirrored = [text[::-1] for text in texts]
    assert joined(mirrored, ALIKE).keys() == joined(texts, ALIKE).keys()


def test_many_texts_with_rare_parts_and_a_few_alike() -> None:
    texts = [
        f"{one * 3}{other * 3}{third * 2}" for one in "abcdefg" for other in "hijklmn" for third in "opqrstu"
    ]
    texts += [f"{text[:4]}-{text[4:]}" for text in texts[::50]]
    found = joined(texts, ALIKE)
    assert found == each_with_each(texts, ALIKE)
    assert found
