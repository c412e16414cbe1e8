"""What has become of a resource since another release: the same, said otherwise, new, gone, taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
import revisions
import running
import velmora
from kg import opening
from kg.changes import Change, ChangedTable, compared
from kg.manifest import Tombstone
from kg.store import Solutions

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


# ------------------------------------------------------------------ rows

CELLS = st.sampled_from([None, ox.Literal("a"), ox.Literal("a", language="en"), ox.Literal(1), ox.NamedNode("urn:a"), ox.NamedNode("urn:hidden"), ox.BlankNode("x"), ox.BlankNode("y")])  # fmt: skip
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=8)


def between(before: Solutions, now: Solutions, *hidden: str) -> ChangedTable:
    return compared(before, now, address="/x", since="1", current="2", veiled=hidden)


@given(ROWS, ROWS)
def test_rows_that_stay_that_go_and_that_come_are_all_rows(
    before: list[tuple[object, ...]], now: list[tuple[object, ...]]
) -> None:
    table = between(Solutions(("a", "b"), tuple(before)), Solutions(("a", "b"), tuple(now)), "urn:hidden")  # type: ignore[arg-type]
    assert table.same + len(table.removed) + table.veiled_removed == len(before)
    assert table.same + len(table.added) + table.veiled_added == len(now)
    assert not any(
        cell == ox.NamedNode("urn:hidden") for row in (*table.added, *table.removed) for cell in row
    )
    assert (table.state == "unchanged") == (not table.removed and not table.added and not table.veiled_added and not table.veiled_removed)  # fmt: skip
    back = between(Solutions(("a", "b"), tuple(now)), Solutions(("a", "b"), tuple(before)), "urn:hidden")  # type: ignore[arg-type]
    assert (back.same, len(back.added), len(back.removed)) == (table.same, len(table.removed), len(table.added))  # fmt: skip


@given(ROWS, st.randoms())
def test_the_order_of_rows_is_no_difference(rows: list[tuple[object, ...]], random: object) -> None:
    other = list(rows)
    random.shuffle(other)  # type: ignore[attr-defined]
    table = between(
        Solutions(("a", "b"), tuple(rows)), Solutions(("b", "a"), tuple((b, a) for a, b in other))
    )  # type: ignore[arg-type]
    assert (table.state, table.same) == ("unchanged", len(rows))


def test_columns_of_one_release_are_told_and_not_compared() -> None:
    one, two = ox.Literal(1), ox.Literal(2)
    table = between(Solutions(("a",), ((one,),)), Solutions(("a", "b"), ((one, two),)))
    assert (table.state, table.columns, table.same, table.added) == ("changed", ("a",), 1, ())
    assert table.limits == ("Only the release 2 has the column b, which is not compared.",)
    assert str(table).splitlines()[-1] == "No rows were added."
    assert between(Solutions((), ()), Solutions((), ())).verdict.endswith("give the same answer, no rows.")


def test_rows_that_say_that_they_are_veiled_are_counted_only() -> None:
    true = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
    row = (ox.Literal("words"), true)
    table = between(Solutions(("a", "veiled"), ()), Solutions(("a", "veiled"), (row, row)))
    assert (table.added, table.veiled_added) == ((), 2)
    assert "2 rows were added, 2 of them veiled and not told of here." in table.sentences
