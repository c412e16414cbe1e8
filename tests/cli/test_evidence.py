"""kg verify and kg anchor: the passages of the real collection against copies as readers hold them, and new ones made.

No sentence of the source stands here: tests take words from the reader's copy by position.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import Outcome, kg, project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import collection
import kg as library
from evidence import copies
from kg.evidence import Copy, Passage, normalise
from kg.passages import read
from suites import ROOT

SOURCE = Path("data/baku-1990/sources/asbarez-91953")


@dataclass(frozen=True)
class Held:
    """A text, and the passages of the collection in it."""

    text: str
    passages: tuple[Passage, ...]

    def words(self, passage: Passage) -> str:
        return self.text[passage.start : passage.end]


@pytest.fixture(scope="module")
def held(seed: Path) -> Held:
    passages = read(library.open(collection.built()).quads())[1]
    return Held(normalise(seed.read_text(encoding="utf-8")), tuple(passages))


def verified(
    capsys: pytest.CaptureFixture[str], release: Path, file: Path, *options: str
) -> tuple[Outcome, dict[str, list[str]]]:
    """Run kg verify; give its outcome and the passages by state."""
    outcome = kg(capsys, "verify", file, "--release", release, *options)
    states: dict[str, list[str]] = {"found": [], "moved": [], "missing": []}
    for line in outcome.out.splitlines():
        if match := re.match(r"(found|moved|missing) +(passage:\S+) ", line):
            states[match[1]].append(match[2])
    return outcome, states


def names(passages: tuple[Passage, ...] | list[Passage]) -> list[str]:
    return [f"passage:{passage.iri.rpartition('/')[2]}" for passage in passages]


def test_every_passage_is_found_in_the_seed(
    capsys: pytest.CaptureFixture[str], release: Path, seed: Path, held: Held
) -> None:
    outcome, states = verified(capsys, release, seed)
    assert outcome.code == 0, outcome.all
    assert states == {"found": names(held.passages), "moved": [], "missing": []}
    lines = outcome.out.splitlines()
    assert lines[0] == "text:asbarez-91953-1: the very bytes captured"
    assert lines[-1] == f"{len(held.passages)} found, 0 moved, 0 missing"
    claims = {claim for passage in held.passages for claim in passage.claims}
    assert len(claims) > 80


def a_word_a_line(text: str) -> str:
    return "\r\n".join(text.split())


CHANGES: dict[str, Callable[[str], str]] = {
    "other line ends": a_word_a_line,
    "rewrapped, words cut at hyphens": copies.rewrapped,
    "straight quotes, other dashes": copies.straight,
    "curled quotes": copies.curled,
    "a header": copies.headed,
    "soft hyphens": copies.soft_hyphens,
    "no-break spaces": copies.no_break_spaces,
    "decomposed": copies.decomposed,
    "a mark": copies.marked,
    "all of it": lambda text: copies.headed(copies.rewrapped(copies.straight(copies.decomposed(text)))),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_passage_is_found_again_in_another_copy(
    change: str, capsys: pytest.CaptureFixture[str], release: Path, seed: Path, held: Held, tmp_path: Path
) -> None:
    file = tmp_path / "copy.txt"
    file.write_text(CHANGES[change](seed.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    outcome, states = verified(capsys, release, file)
    assert outcome.code == 0, outcome.all
    assert states["missing"] == []
    assert sorted(states["found"] + states["moved"]) == sorted(names(held.passages))
    if "header" in change or change == "all of it":
        assert states["found"] == []
        assert re.search(r"moved +\S+ \d+–\d+ → \d+–\d+ \(\d+ claims?\)", outcome.out)
    if change == "other line ends":
        assert "the same text" in outcome.out


def test_every_passage_is_found_in_a_saved_page(
    capsys: pytest.CaptureFixture[str], release: Path, seed: Path, held: Held, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(copies.saved_page(seed.read_text(encoding="utf-8")), encoding="utf-8")
    outcome, states = verified(capsys, release, file)
    assert outcome.code == 0, outcome.all
    assert sorted(states["found"] + states["moved"]) == sorted(names(held.passages))


@given(data=st.data())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_one_changed_word_exactly_the_passages_over_it_are_missing(
    data: st.DataObject, capsys: pytest.CaptureFixture[str], release: Path, held: Held, tmp_path: Path
) -> None:
    start, end = data.draw(
        st.sampled_from([match.span() for match in re.finditer(r"\w+", held.text)]), "word"
    )
    file = tmp_path / "copy.txt"
    file.write_text(held.text[:start] + "qwxj" + held.text[end:], encoding="utf-8")
    over = [passage for passage in held.passages if passage.start < end and start < passage.end]
    outcome, states = verified(capsys, release, file)
    assert outcome.code == (1 if over else 0)
    assert states["missing"] == names(over)
    assert len(states["found"]) + len(states["moved"]) == len(held.passages) - len(over)
    claims = {f"claim:{claim.rpartition('/')[2]}" for passage in over for claim in passage.claims}
    assert {line.split()[-1] for line in outcome.out.splitlines() if "rests on it" in line} == claims


def test_a_word_of_a_passage_without_claims_and_one_with_many(
    capsys: pytest.CaptureFixture[str], release: Path, held: Held, tmp_path: Path
) -> None:
    for passage in (held.passages[0], max(held.passages, key=lambda passage: len(passage.claims))):
        words = held.words(passage)
        file = tmp_path / "copy.txt"
        file.write_text(held.text.replace(words, words.replace(" ", " qwxj ", 1)), encoding="utf-8")
        outcome, states = verified(capsys, release, file)
        assert outcome.code == 1
        assert states["missing"] == names([passage])
        for claim in passage.claims:
            assert f"rests on it: claim:{claim.rpartition('/')[2]}\n" in outcome.out
        assert f"{len(passage.claims)} claims without ground in this copy" in outcome.out


def test_an_unrelated_text(
    capsys: pytest.CaptureFixture[str], release: Path, held: Held, tmp_path: Path
) -> None:
    file = tmp_path / "copy.txt"
    file.write_text("An invented page, of which no word stands in any passage.\n" * 20, encoding="utf-8")
    outcome, states = verified(capsys, release, file)
    assert outcome.code == 1
    assert states == {"found": [], "moved": [], "missing": names(held.passages)}
    empty = tmp_path / "empty.txt"
    empty.touch()
    outcome, states = verified(capsys, release, empty)
    assert outcome.code == 1
    assert states["found"] == states["moved"] == []


def test_json(
    capsys: pytest.CaptureFixture[str], release: Path, seed: Path, held: Held, tmp_path: Path
) -> None:
    body = json.loads(verified(capsys, release, seed, "--format", "json")[0].out)
    assert body["text"].endswith("/text/asbarez-91953-1")
    assert (body["same_bytes"], body["same_text"]) == (True, True)
    assert body["counts"] == {"found": len(held.passages), "moved": 0, "missing": 0}
    assert [found["passage"] for found in body["passages"]] == [passage.iri for passage in held.passages]
    assert [tuple(found["span"]) for found in body["passages"]] == [(p.start, p.end) for p in held.passages]
    assert [tuple(found["claims"]) for found in body["passages"]] == [
        passage.claims for passage in held.passages
    ]
    file = tmp_path / "copy.txt"
    file.write_text("Nothing of it.", encoding="utf-8")
    outcome = kg(capsys, "verify", file, "--format", "json", "--release", release)
    assert outcome.code == 1
    body = json.loads(outcome.out)
    assert body["counts"]["missing"] == len(held.passages)
    assert all(found["span"] is None for found in body["passages"])


@pytest.mark.parametrize(
    "name",
    ["asbarez-91953", "source:asbarez-91953", "asbarez-91953-1", "text:asbarez-91953-1", "https://attest.example/baku-1990/id/source/asbarez-91953"],
)  # fmt: skip
def test_a_named_source(name: str, capsys: pytest.CaptureFixture[str], release: Path, seed: Path) -> None:
    assert verified(capsys, release, seed, "--source", name)[0].code == 0


def test_what_cannot_be_verified(
    capsys: pytest.CaptureFixture[str], release: Path, seed: Path, tmp_path: Path
) -> None:
    binary = tmp_path / "picture.jpg"
    binary.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF")
    bare = tmp_path / "data.ttl"
    bare.write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    assert kg(capsys, "build", "--data", bare, "-o", tmp_path / "bare").code == 0
    for arguments, code, said in (
        ((seed, "--source", "nope", "--release", release), 1, "asbarez-91953"),
        ((binary, "--release", release), 1, "UTF-8"),
        ((tmp_path / "absent", "--release", release), 2, "does not exist"),
        ((tmp_path, "--release", release), 2, "is a directory"),
        ((seed, "--release", tmp_path / "bare"), 1, "no text version"),
    ):
        outcome = kg(capsys, "verify", *arguments)
        assert outcome.code == code, arguments
        assert said in outcome.err
        assert outcome.out == ""
        assert "internal error" not in outcome.err


# ------------------------------------------------------------------ kg anchor


def free_words(held: Held) -> str:
    """Give words that are no passage yet: one without its first word, with a number of two digits at least in it."""
    for passage in held.passages:
        words = held.words(passage).partition(" ")[2]
        numbers = re.findall(r"\b\d{2,}\b", words)
        if len(words) > 60 and held.text.count(words) == 1 and numbers and words.count(numbers[0]) == 1:
            return words
    raise AssertionError("no passage has a number")


CLAIM = """
@prefix claim: <https://attest.example/baku-1990/id/claim/> .
@prefix activity: <https://attest.example/baku-1990/id/activity/> .
@prefix event: <https://attest.example/baku-1990/id/event/> .
@prefix org: <https://attest.example/baku-1990/id/org/> .
@prefix place: <https://attest.example/baku-1990/id/place/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
claim:test-1 a kg:Claim, kg:RelationClaim ;
    rdf:subject event:baku-1990-01 ; rdf:predicate schema:location ; rdf:object place:baku ;
    kg:polarity kg:asserted ; kg:status kg:recorded ;
    kg:claimant org:asbarez ; kg:attributionBasis kg:byline ;
    kg:passage passage:test-s1 ; kg:part selector:test-s1-number ;
    prov:wasGeneratedBy activity:extraction-asbarez-91953-1 ; prov:wasAttributedTo org:attest .
"""


def test_an_anchor_written_into_the_project_validates_until_its_place_is_wrong(
    capsys: pytest.CaptureFixture[str], release: Path, seed: Path, held: Held, tmp_path: Path
) -> None:
    words = free_words(held)
    number = re.findall(r"\b\d{2,}\b", words)[0]
    outcome = kg(
        capsys, "anchor", seed, "--text", words, "--slug", "test-s1", "--stands-in", "work:asbarez-91953-article",
        "--part", number, "--part-slug", "number", "--release", release,
    )  # fmt: skip
    assert outcome.code == 0, outcome.all
    assert words[:20] not in outcome.out
    start = held.text.index(words)
    assert f"oa:start {start} ; oa:end {start + len(words)} ." in outcome.out
    at = words.index(number)
    assert f"oa:start {at} ; oa:end {at + len(number)} ." in outcome.out

    clone = project(tmp_path / "project")
    file = clone / SOURCE / "more.ttl"
    file.write_text(outcome.out + CLAIM, encoding="utf-8")
    (clone / "kg.local.toml").write_text(f'[texts]\n"asbarez-91953" = "{seed}"\n', encoding="utf-8")
    outcome = kg(capsys, "validate", "--project", clone)
    assert outcome.code == 0, outcome.all
    assert "violation" not in outcome.all

    shifted = file.read_text(encoding="utf-8").replace(f"oa:start {start} ;", f"oa:start {start + 1} ;")
    file.write_text(shifted, encoding="utf-8")
    outcome = kg(capsys, "validate", "--project", clone)
    assert outcome.code == 1
    line = next(n for n, text in enumerate(shifted.splitlines(), 1) if text.startswith("passage:test-s1 a"))
    (finding,) = (each for each in outcome.out.splitlines() if ": violation: " in each)
    assert finding.startswith(f"{SOURCE}/more.ttl:{line}:1: violation: passage:test-s1 ")
    assert f"{start + 1} to {start + len(words)} (passage-position) → " in finding


def test_a_copy_that_other_line_ends_have_is_the_same_text(
    capsys: pytest.CaptureFixture[str], release: Path, seed: Path, held: Held, tmp_path: Path
) -> None:
    words = free_words(held)
    file = tmp_path / "copy.txt"
    file.write_text(a_word_a_line(seed.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    outcomes = [kg(capsys, "anchor", path, "--text", words, "--release", release) for path in (seed, file)]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].code == 0
    assert "passage:new-passage a oa:SpecificResource" in outcomes[0].out
    assert "oa:hasSource text:asbarez-91953-1" in outcomes[0].out


def test_words_that_cannot_be_anchored(
    capsys: pytest.CaptureFixture[str], release: Path, seed: Path, held: Held
) -> None:
    words = free_words(held)
    for text, options, said in (
        ("These words stand nowhere in the text that is looked at.", (), "does not stand in this text"),
        (held.words(held.passages[0])[-4:], (), "times here"),
        (words[:20], (), "40"),
        (words[1:], (), "inside a word"),
        (words, ("--part", "qwxj"), "qwxj"),
        (words, ("--part", words[2:5]), "word"),
        (words, ("--slug", "Not A Slug"), "slug"),
        (words, ("--part", words.split()[0], "--part-slug", "no slug"), "slug"),
    ):
        outcome = kg(capsys, "anchor", seed, "--text", text, *options, "--release", release)
        assert outcome.code == 1, (said, outcome.all)
        assert said in outcome.err
        assert "\n→ " in outcome.err
        assert outcome.out == ""


def test_an_unknown_text_gives_the_facts_to_record(
    capsys: pytest.CaptureFixture[str], release: Path, tmp_path: Path
) -> None:
    words = "An invented sentence that is long enough to be a passage of its own."
    file = tmp_path / "letter.txt"
    file.write_text(f"A letter\n\n{words} And another one.\n", encoding="utf-8")
    copy = Copy.read(file.read_bytes())
    facts = (
        f"kg:length {len(copy.text)}", f'kg:textDigest "{hashlib.sha256(copy.text.encode()).hexdigest()}"',
        f'kg:capturedDigest "{hashlib.sha256(file.read_bytes()).hexdigest()}"', "--text-version",
    )  # fmt: skip
    outcome = kg(capsys, "anchor", file, "--text", words, "--release", release)
    assert outcome.code == 2
    assert outcome.out == ""
    assert all(fact in outcome.err for fact in facts)
    named = kg(capsys, "anchor", file, "--text", words, "--text-version", "letter-1", "--release", release)
    assert named.code == 0
    assert "oa:hasSource text:letter-1 ;" in named.out


def test_another_text_under_a_recorded_name_is_refused(
    capsys: pytest.CaptureFixture[str], release: Path, tmp_path: Path
) -> None:
    words = "An invented sentence that is long enough to be a passage of its own."
    file = tmp_path / "letter.txt"
    file.write_text(words, encoding="utf-8")
    outcome = kg(
        capsys, "anchor", file, "--text", words, "--text-version", "asbarez-91953-1", "--release", release
    )
    assert outcome.code == 1
    assert "this copy is not text:asbarez-91953-1" in outcome.err
    assert "kg:textDigest" in outcome.err
    assert outcome.out == ""


def test_a_local_copy_that_is_absent_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "kg.toml").write_text(
        (collection.ROOT / "kg.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (tmp_path / "kg.local.toml").write_text('[texts]\n"asbarez-91953" = "absent.txt"\n', encoding="utf-8")
    outcome = kg(capsys, "validate", "--project", tmp_path)
    assert outcome.code != 0
    assert "internal error" not in outcome.err


def test_the_first_passage_of_a_project_needs_no_release(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    copy = project(tmp_path / "project")
    text = tmp_path / "copy.txt"
    words = "An invented sentence of more than forty letters stands here once."
    text.write_text(words, encoding="utf-8")
    outcome = kg(capsys, "anchor", text, "--text", words, "--text-version", "invented-1", "--release", copy)
    assert outcome.code == 0, outcome.all
    assert "oa:hasSource text:invented-1" in outcome.out
    outcome = kg(capsys, "anchor", text, "--text", words, "--release", copy)
    assert outcome.code == 2
    assert "kg:textDigest" in outcome.err


def test_a_text_version_that_only_the_files_record_is_found(
    capsys: pytest.CaptureFixture[str], held: Held, tmp_path: Path, seed: Path
) -> None:
    copy = project(tmp_path / "project")
    outcome = kg(capsys, "anchor", seed, "--text", free_words(held), "--release", copy)
    assert outcome.code == 0, outcome.all
    assert "oa:hasSource text:asbarez-91953-1" in outcome.out


def test_why_shows_the_words_of_a_configured_copy(
    capsys: pytest.CaptureFixture[str], held: Held, tmp_path: Path, seed: Path
) -> None:
    (tmp_path / "kg.toml").symlink_to(ROOT / "kg.toml")
    (tmp_path / "build").symlink_to(collection.built())
    (tmp_path / "kg.local.toml").write_text(f'[texts]\nasbarez-91953 = "{seed}"\n', encoding="utf-8")
    passage = next(each for each in held.passages if each.claims)
    claim = passage.claims[0].rpartition("/")[2]
    outcome = kg(capsys, "why", claim, "--release", tmp_path)
    assert outcome.code == 0, outcome.all
    assert held.words(passage) in outcome.out
