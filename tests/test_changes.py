"""What has become of a resource since another release: the same, said otherwise, new, gone, taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import kg
import revisions
import running
import velmora
from kg import opening
from kg.changes import Change
from kg.manifest import Tombstone

BASE = "http://data.example/nodes/"


@pytest.fixture(scope="module")
def releases() -> tuple[kg.Archive, kg.Archive, kg.Archive]:
    built = revisions.built()
    return built.open(0), built.open(1), built.open(2)


def test_a_release_says_the_same_as_itself(releases: tuple[kg.Archive, ...]) -> None:
    for name in ("event:velmora-1901", "place:velmora", "claim:at-least", "route:north"):
        change = releases[0].changes(name, since=releases[0])
        assert (change.state, len(change.sentences)) == ("unchanged", 1), name


def test_statements_are_told_in_words(releases: tuple[kg.Archive, ...]) -> None:
    old, new, _ = releases
    change = new.changes("place:velmora", since=old)
    assert (change.state, change.removed, change.added) == (
        "changed",
        ("latitude: 61.5",),
        ("latitude: 61.25",),
    )
    back = old.changes("place:velmora", since=new)
    assert (back.removed, back.added) == (change.added, change.removed)
    assert change.sentences == (
        f"The releases {old.manifest.id} and {new.manifest.id} do not say the same of “Velmora”.",
        "Removed: latitude: 61.5",
        "Added: latitude: 61.25",
    )


def test_another_name_is_told_of(releases: tuple[kg.Archive, ...]) -> None:
    change = releases[1].changes("coast-1901", since=releases[0])
    assert (change.was, change.label) == ("Stoppages on the coast, 1901", "Stoppages along the coast, 1901")
    assert "It was called “Stoppages on the coast, 1901”." in change.sentences
    assert {claim.fate for claim in change.claims} == {"worded otherwise"}


def test_claims_added_changed_removed_and_marked(releases: tuple[kg.Archive, ...]) -> None:
    old, new, _ = releases
    change = new.changes("velmora-1901", since=old)
    assert not (change.added or change.removed or change.was)
    found = {claim.iri.rpartition("/")[2]: claim for claim in change.claims}
    assert {name: claim.fate for name, claim in found.items()} == {
        "at-least": "changed",
        "at-most": "no longer there",
        "more-than": "marked as an extraction error",
        "fewer": "added",
        "cause": "worded otherwise",
        "known": "worded otherwise",
        "within": "worded otherwise",
        "dates-month": "changed",
    }
    evidence = found["dates-month"]
    assert not evidence.was
    assert [text.rpartition(", ")[2] for text in (*evidence.removed, *evidence.added)] == ["locator: page 12", "locator: page 14"]  # fmt: skip
    changed = found["at-least"]
    assert (changed.sentence.rpartition(": ")[2], changed.was.rpartition(": ")[2]) == ("at least 13 injured", "at least 12 injured")  # fmt: skip
    assert changed.removed == ("amount: 12", "lower bound: 12", "object: 12")
    assert changed.said_by == "dockers of Velmora → Gazette of Velmora, 1901-03-09"
    assert change.claims[0] == changed  # in order of report
    assert str(found["more-than"]).startswith("Claim marked as an extraction error: “Stoppage at the quays")
    assert [str(claim) for claim in change.claims] == list(change.sentences[1:])
    assert new.changes("claim:more-than", since=old).added == ("status of the record: extraction error",)


def test_the_evidence_that_something_rests_on_counts(releases: tuple[kg.Archive, ...]) -> None:
    old, new, last = releases
    change = new.changes("name:velmora-hy", since=old)
    (removed,), (added,) = change.removed, change.added
    assert (removed.rpartition(", ")[2], added.rpartition(", ")[2]) == (
        "locator: page 12",
        "locator: page 14",
    )
    assert last.changes("name:velmora-hy", since=new).state == "unchanged"


def test_what_was_not_there_yet_and_what_is_no_longer(releases: tuple[kg.Archive, ...]) -> None:
    old, new, _ = releases
    assert new.changes("claim:fewer", since=old).state == "not there yet"
    gone = new.changes("claim:at-most", since=old)
    assert gone.state == "no longer there"
    assert gone.verdict.endswith("at most 40 injured”; the release " + old.manifest.id + " does.")
    with pytest.raises(kg.NotFound):
        new.changes("claim:nobody-said", since=old)


def test_of_what_was_taken_back_only_day_and_reason_are_given(releases: tuple[kg.Archive, ...]) -> None:
    old, _, last = releases
    change = last.changes(f"person:{revisions.PERSON}", since=old)
    assert change == Change(
        iri=last.base.id("person", revisions.PERSON),
        since=old.manifest.id,
        now=last.manifest.id,
        state="taken back",
        reason=f"{revisions.REASON}.",
        date="1991-05-03",
    )
    assert change.sentences == (f"What was here has been taken back on 1991-05-03: {revisions.REASON}.",)


def test_a_release_kept_from_before_a_takedown_tells_nothing_either(releases: tuple[kg.Archive, ...]) -> None:
    kept = kg.open(velmora.built())
    change = releases[2].changes("photo:foreman", since=kept)
    (claim,) = change.claims
    assert str(claim) == f"Claim taken back on 1991-05-03: {revisions.REASON}"
    assert (claim.iri, claim.sentence, claim.said_by) == ("", "", "")
    assert releases[2].changes("obs:foreman", since=kept).state == "taken back"
    assert "lind" not in repr(change).lower()


def test_statements_that_name_what_was_taken_back_are_not_told_of(tmp_path: Path) -> None:
    old = running.release(tmp_path / "old", f"<{BASE}a> <{BASE}p> <{BASE}id/person/who> , 1 .", base=BASE)
    new = running.release(tmp_path / "new", f"<{BASE}a> <{BASE}p> 2 .", base=BASE)
    stone = Tombstone(Tombstone.mark(f"{BASE}id/person/who", new.base), "asked for", "1991-05-03")
    assert new.directory is not None
    change = opening.proven(new.directory, [stone]).changes(f"{BASE}a", since=old)
    assert (change.untold, len(change.removed), len(change.added)) == (1, 1, 1)
    assert "who" not in repr(change)
    assert "Statements that name what has been taken back are not told of." in change.sentences


def test_what_is_veiled_is_told_of_without_its_words(releases: tuple[kg.Archive, ...]) -> None:
    old, new, _ = releases
    change = new.changes("claim:death", since=old)
    assert (change.state, change.veiled, change.label, change.added, change.removed) == (
        "changed",
        True,
        "",
        (),
        (),
    )
    assert "Brandt" not in repr(change)
    (claim,) = new.changes("person:jon-brandt", since=old).claims
    assert (claim.fate, claim.veiled, claim.sentence, claim.added) == ("changed", True, "", ())
    assert str(claim) == "Claim changed: one that is veiled"


def test_releases_of_other_collections_are_not_compared(
    releases: tuple[kg.Archive, ...], tmp_path: Path
) -> None:
    other = running.release(tmp_path, f"<{BASE}a> <{BASE}p> 1 .", base=BASE)
    with pytest.raises(kg.QueryError, match="not releases of one collection"):
        other.changes(f"{BASE}a", since=releases[0])


def test_nodes_without_names_are_known_by_what_is_said_of_them(tmp_path: Path) -> None:
    def made(name: str, text: str) -> kg.Archive:
        prefixes = f"@prefix : <{BASE}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . "
        return running.release(tmp_path / name, prefixes + text, base=BASE)

    old = made("old", ':it :part [ :name "a" ; :deep [ :name "b" ] ] , [ :name "c" ] ; :circle _:x . _:x :to _:y . _:y :to _:x . :other :part [] .')  # fmt: skip
    same = made("same", '[] :p 1 . :it :circle _:q ; :part [ :name "c" ] , [ :deep [ :name "b" ] ; :name "a" ] . _:q :to _:r . _:r :to _:q .')  # fmt: skip
    other = made("other", ':it :part [ :name "a" ; :deep [ :name "B" ] ] , [ :name "c" ] ; :circle _:x . _:x :to _:y . _:y :to _:x .')  # fmt: skip
    assert same.changes(f"{BASE}it", since=old).state == "unchanged"
    change = other.changes(f"{BASE}it", since=old)
    assert [text.count(f"{BASE}name") for text in (*change.removed, *change.added)] == [2, 2]
    assert "name: B" in change.added[0].replace(BASE, "")


def test_too_many_claims_are_said_to_be_left_out(releases: tuple[kg.Archive, ...]) -> None:
    change = replace(releases[0].changes("velmora-1901", since=releases[0]), crowded=True)
    assert change.limits == ("More than 1,000 claims are about it; these have not been compared.",)
    assert change.sentences[1:] == change.limits
