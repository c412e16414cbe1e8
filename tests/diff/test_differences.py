"""What two versions of a collection do not share, told in sentences, without what was taken back and the words of what is veiled."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
import revisions
import running
import velmora
from kg import drafts
from kg.diff import Difference, Side, Statement, Takedown, Taken, Told, account, difference
from kg.diff.difference import FATES, Fate
from kg.manifest import Manifest, Tombstone
from kg.names import KG, RDFS, Base
from kg.project import Project

BASE = "http://data.example/things/"
MIRRORED: dict[Fate, tuple[Fate, ...]] = {
    "added": ("no longer there",),
    "no longer there": ("added",),
    "changed": ("changed",),
    "withdrawn": ("recorded again",),
    "marked as an extraction error": ("recorded again",),
    "recorded again": ("withdrawn", "marked as an extraction error"),
    "published otherwise": ("published otherwise",),
}


@pytest.fixture(scope="module")
def sides() -> tuple[Side, ...]:
    built = revisions.built()
    return tuple(Side.release(built.out / id) for id in built.ids)


def draft(root: Path, called: str = "the files") -> Side:
    return drafts.draft(Project.open(root), called)


def edited(tmp_path: Path, *changes: tuple[str, str], more: str = "") -> tuple[Side, Side]:
    """Give the invented project as it is, and with *changes* of its statements and *more* of them."""
    old = draft(velmora.project(tmp_path / "old"), "before")
    file = velmora.statements(velmora.project(tmp_path / "new"))
    text = file.read_text(encoding="utf-8")
    for was, now in changes:
        assert text.count(was) == 1, was
        text = text.replace(was, now)
    file.write_text(text + more, encoding="utf-8")
    return old, draft(tmp_path / "new", "now")


def told(found: Difference) -> dict[str, Told]:
    return {each.iri.rpartition("/")[2]: each for each in found.told}


# ------------------------------------------------------------------ claims


def test_a_version_does_not_differ_from_itself(sides: tuple[Side, ...]) -> None:
    for side in sides:
        found = difference(side, side)
        assert found.same
        assert found.sentences == (f"Nothing has changed between release {side.manifest.id} and release {side.manifest.id}.",)  # fmt: skip


def test_claims_are_told_by_document_and_one_by_one(sides: tuple[Side, ...]) -> None:
    found = difference(sides[0], sides[1])
    assert found.summary[:4] == (
        "1 claim added from “Article on the stoppage”.",
        "1 claim from “Article on the stoppage” changed.",
        "1 claim from “Article on the stoppage” marked as an extraction error.",
        "1 claim from “Article on the stoppage” no longer there.",
    )
    fates = {name: each.fate for name, each in told(found).items()}
    assert fates == {
        "fewer": "added",
        "at-least": "changed",
        "more-than": "marked as an extraction error",
        "at-most": "no longer there",
        "coast-1901": "changed",
        "velmora": "changed",
        "almanac": "changed",
    }
    changed = told(found)["at-least"]
    assert (changed.said_by, changed.document) == ("dockers of Velmora → Gazette of Velmora, 1901-03-09", "Article on the stoppage")  # fmt: skip
    assert str(changed).endswith("it read: “Stoppage at the quays of Velmora, March 1901: at least 12 injured”; amount: 13 (was 12); lower bound: 13 (was 12); object: 13 (was 12).")  # fmt: skip
    assert str(told(found)["velmora"]) == "Place changed: “Velmora”; latitude: 61.25 (was 61.5)."
    assert found.details[:2] == ("Question added: people.", "Question changed: places.")


def test_a_claim_has_the_year_in_which_it_was_said_and_a_citation_what_it_cites(tmp_path: Path) -> None:
    text = velmora.statements(velmora.project(tmp_path / "p")).read_text(encoding="utf-8")
    record = next(each for each in re.findall(r"^claim:.*?\.$", text, re.M | re.S) if "kg:passage passage:c1" in each)  # fmt: skip
    dated = record.replace('asOfEarliest "1901-03-05"', 'asOfEarliest "1901-01-01"').replace('asOfLatest "1901-03-05"', 'asOfLatest "1901-12-31"')  # fmt: skip
    found = difference(*edited(tmp_path, ('kg:locator "page 12"', 'kg:locator "page 13"'), (record, dated)))
    slug = record.split()[0].removeprefix("claim:")
    assert told(found)[slug].said_by.endswith(", 1901")
    assert "“citation of Almanac of the coast”" in str(told(found)["almanac"])


def test_what_the_library_tells_is_the_same(sides: tuple[Side, ...]) -> None:
    built = revisions.built()
    assert built.open(0).diff(built.open(1)) == difference(sides[0], sides[1])


def test_documents_of_added_claims_are_those_they_were_read_in(tmp_path: Path) -> None:
    text = velmora.statements(velmora.project(tmp_path / "p")).read_text(encoding="utf-8")
    caption = next(record for record in re.findall(r"^claim:.*?\.$", text, re.M | re.S) if "kg:passage passage:c1" in record)  # fmt: skip
    more = "".join(caption.replace(caption.split()[0], f"claim:again-{n}") + "\n" for n in (1, 2))
    found = difference(*edited(tmp_path, more=more))
    assert "2 claims added from “Caption of photograph 1”." in found.summary


def test_a_claim_is_withdrawn_with_the_reason_and_so_is_what_was_published(tmp_path: Path) -> None:
    decision = (
        'decision:away a kg:EditorialDecision ; rdfs:label "On the day"@en ; kg:rejects claim:dates ; kg:outcome concept:outcome-kept-apart ;\n'
        '    kg:rationale "The almanac was misread."@en ; prov:wasAssociatedWith org:attest ; prov:endedAtTime "1991-06-01T00:00:00Z"^^xsd:dateTime .\n'
    )
    file = velmora.statements(velmora.project(tmp_path / "see")).read_text(encoding="utf-8")
    record = next(each for each in re.findall(r"^claim:dates a .*?\.$", file, re.M | re.S))
    before, now = edited(
        tmp_path, (record, record.replace("kg:status kg:recorded", "kg:status kg:withdrawn")), more=decision
    )
    found = difference(before, now)
    claim = told(replace(found, told=tuple(each for each in found.told if each.kind == "claim")))["dates"]
    assert (claim.fate, claim.because) == ("withdrawn", "The almanac was misread")
    assert ", because The almanac was misread; status of the record: withdrawn (was recorded)." in str(claim)
    published = next(each for each in found.told if each.fate == "published otherwise")
    assert "; it read" not in str(published)
    assert "was withdrawn: The almanac was misread" in published.because
    back = difference(now, before)
    assert next(each for each in back.told if each.iri == claim.iri).fate == "recorded again"


# ------------------------------------------------------------------ care


def test_what_is_veiled_changes_without_its_words(sides: tuple[Side, ...]) -> None:
    for before, now in ((sides[0], sides[1]), (sides[1], sides[0])):
        found = difference(before, now)
        assert found.veiled == 2
        assert "Brandt" not in repr(found)
        assert "1902-01-0" not in repr(found)
        assert "2 resources changed that are veiled; what changed is not told here." in found.limits


def test_of_a_takedown_number_day_and_reason_are_told(sides: tuple[Side, ...], tmp_path: Path) -> None:
    for number in (0, 1):
        found = difference(sides[number], sides[2])
        assert found.takedowns == (Takedown(5, "1991-05-03", f"{revisions.REASON}."),)
        assert "lind" not in repr(found).lower()
    assert found.summary == ("5 records taken back on 1991-05-03: Asked for by the family.",)
    assert not found.told
    back = difference(sides[2], sides[1])
    assert (back.restored, back.summary) == (found.takedowns, ("5 records are not taken back any more.",))


def test_a_copy_from_before_a_takedown_tells_nothing_either(sides: tuple[Side, ...]) -> None:
    old = Side.release(kg.open(velmora.built()).directory or Path())
    assert b"Lind" in (old.place or Path()).joinpath("quads.nq").read_bytes()
    for found in (difference(old, sides[2]), difference(sides[2], old)):
        assert found.untold
        assert "lind" not in repr(found).lower()
        assert any("name what is not public" in each for each in found.limits)


def test_a_label_that_was_reworded_for_a_takedown_does_not_say_the_name(tmp_path: Path) -> None:
    person = f"<{BASE}id/person/oskar-stahl>"
    text = '@prefix : <{base}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . :fair rdfs:label "{label}"@en ; :note "{note}" . {more}'
    old = running.release(tmp_path / "a", text.format(base=BASE, label="Fair of Oskar Stahl", note="one", more=f'{person} a <https://schema.org/Person> ; rdfs:label "Oskar Stahl"@en .'), base=BASE)  # fmt: skip
    new = running.release(
        tmp_path / "b", text.format(base=BASE, label="A fair", note="two", more=""), base=BASE
    )
    assert old.directory and new.directory
    stone = Tombstone(Tombstone.mark(person.strip("<>"), Base(BASE)), "asked for", "1991-05-03")
    found = difference(Side.release(old.directory), Side.release(new.directory), stones=[stone])
    assert "tahl" not in repr(found)
    (fair,) = found.told
    assert (fair.removed, fair.added) == ((Statement(f"{BASE}note", "one"),), (Statement(f"{BASE}note", "two"), Statement("rdfs:label", "A fair")))  # fmt: skip


def test_what_is_withheld_now_is_not_told_of(tmp_path: Path) -> None:
    withheld = "claim:at-most kg:visibility kg:withheld .\n"
    before, now = edited(tmp_path, more=withheld)
    found = difference(before, now)
    assert "40 injured" not in repr(found)
    assert found.untold
    assert not found.told


# ------------------------------------------------------------------ any RDF


def test_data_of_any_kind_are_told_by_resource(tmp_path: Path) -> None:
    prefixes = f"@prefix : <{BASE}> . @prefix rdfs: <{RDFS}> . "
    (tmp_path / "a.ttl").write_text(prefixes + ':a rdfs:label "A" ; :size 1 ; :near :b . :b rdfs:label "B" .')
    (tmp_path / "b.ttl").write_text(prefixes + ':a rdfs:label "A" ; :size 2 , 3 . :c :size 1 .')
    sides = [drafts.file(tmp_path / name, Base(BASE)) for name in ("a.ttl", "b.ttl")]
    found = difference(*sides)
    assert [str(each) for each in found.told] == [
        f"Resource added: “{BASE}c”; {BASE}size: 1.",
        f"Resource changed: “A”; {BASE}near: B (gone); {BASE}size: 2 (new); {BASE}size: 3 (new); {BASE}size: 1 (gone).",
        "Resource no longer there: “B”; rdfs:label: B.",
    ]
    assert (found.plus, found.minus) == (3, 3)


def test_nodes_without_names_are_known_by_what_is_said_of_them(tmp_path: Path) -> None:
    def side(name: str, text: str) -> Side:
        (tmp_path / f"{name}.ttl").write_text(f"@prefix : <{BASE}> . {text}")
        return drafts.file(tmp_path / f"{name}.ttl", Base(BASE))

    old = side(
        "old",
        ':it :part [ :name "a" ; :deep [ :name "b" ] ] , [ :name "c" ] ; :circle _:x . _:x :to _:y . _:y :to _:x .',
    )
    same = side(
        "same",
        ':it :circle _:q ; :part [ :name "c" ] , [ :deep [ :name "b" ] ; :name "a" ] . _:q :to _:r . _:r :to _:q .',
    )
    other = side(
        "other",
        ':it :part [ :name "a" ; :deep [ :name "B" ] ] , [ :name "c" ] ; :circle _:x . _:x :to _:y . _:y :to _:x .',
    )
    twice = side("twice", ':it :part [ :name "c" ] , [ :name "c" ] . [] :name "d" .')
    once = side("once", ':it :part [ :name "c" ] .')
    assert difference(old, same).same
    (it,) = difference(old, other).told
    assert [each.value.count("name") for each in (*it.removed, *it.added)] == [2, 2]
    found = difference(once, twice)
    assert [(each.label, each.fate) for each in found.told] == [("a resource without a name", "added"), (f"{BASE}it", "changed")]  # fmt: skip


def test_a_deep_chain_of_nodes_without_names_takes_no_longer_than_its_length() -> None:
    def chain(end: str) -> Side:
        nodes = [ox.BlankNode(f"n{number}") for number in range(3_000)]
        link, start = ox.NamedNode(f"{BASE}next"), ox.NamedNode(f"{BASE}start")
        quads = [ox.Quad(start, link, nodes[0])]
        quads += [ox.Quad(one, link, other) for one, other in pairwise(nodes)]
        quads.append(ox.Quad(nodes[-1], link, ox.Literal(end)))
        return Side(called=end, manifest=Manifest(title="chain", base=BASE), quads=quads)

    assert difference(chain("a"), chain("a")).same
    assert not difference(chain("a"), chain("b")).same


def test_a_statement_in_another_graph_is_no_other_statement() -> None:
    triple = (ox.NamedNode(f"{BASE}a"), ox.NamedNode(f"{BASE}p"), ox.Literal("1"))

    def side(*graphs: str) -> Side:
        quads = [ox.Quad(*triple, ox.NamedNode(BASE + graph)) for graph in graphs]
        return Side(called="x", manifest=Manifest(title="t", base=BASE), quads=quads)

    for before, now in ((side("g"), side("h")), (side("g", "h"), side("h"))):
        found = difference(before, now)
        assert (found.moved, found.told, found.same) == (1, (), False)
        assert found.limits == ("1 statement changed nothing but the graph.",)


def test_versions_of_other_collections_are_not_compared(sides: tuple[Side, ...], tmp_path: Path) -> None:
    other = running.release(tmp_path, f"<{BASE}a> <{BASE}p> 1 .", base=BASE)
    assert other.directory
    with pytest.raises(kg.QueryError, match="not versions of one collection"):
        difference(Side.release(other.directory), sides[0])


def test_statements_that_are_not_sorted_are_a_damage(tmp_path: Path) -> None:
    made = running.release(tmp_path, f"<{BASE}a> <{BASE}p> 1 , 2 .", base=BASE).directory
    assert made
    side = Side.release(made)
    lines = (made / "quads.nq").read_bytes().splitlines(keepends=True)
    (made / "quads.nq").write_bytes(b"".join(reversed(lines)))
    with pytest.raises(kg.StoreError, match="damaged"):
        Side.release(made)
    with pytest.raises(kg.StoreError, match="not sorted"):
        difference(side, side)


# ------------------------------------------------------------------ properties

IRIS = [ox.NamedNode(f"{BASE}id/event/{name}") for name in "abc"]
TERMS = st.sampled_from([*IRIS, ox.Literal("x"), ox.Literal("y", language="en"), ox.Literal(1), ox.BlankNode("n"), ox.BlankNode("m")])  # fmt: skip
PREDICATES = st.sampled_from([ox.NamedNode(RDFS + "label"), ox.NamedNode(f"{BASE}p"), ox.NamedNode(KG + "visibility")])  # fmt: skip
OBJECTS = st.one_of(TERMS, st.just(ox.NamedNode(KG + "veiled")))
QUADS = st.sets(
    st.builds(ox.Quad, st.sampled_from([*IRIS, ox.BlankNode("n"), ox.BlankNode("m")]), PREDICATES, OBJECTS, st.sampled_from([ox.DefaultGraph(), ox.NamedNode(f"{BASE}g")])),
    max_size=12,
)  # fmt: skip


def of(quads: set[ox.Quad]) -> Side:
    return Side(called="one", manifest=Manifest(title="t", base=BASE), quads=quads)


@given(QUADS)
def test_nothing_differs_from_itself_whatever_its_nodes_are_called(quads: set[ox.Quad]) -> None:
    renamed = {ox.BlankNode("n"): ox.BlankNode("z1"), ox.BlankNode("m"): ox.BlankNode("a9")}
    other = {
        ox.Quad(renamed.get(q.subject, q.subject), q.predicate, renamed.get(q.object, q.object), q.graph_name)  # type: ignore[call-overload]
        for q in quads
    }
    assert difference(of(quads), of(quads)).same
    assert difference(of(quads), of(other)).same


@given(QUADS, QUADS)
def test_one_way_mirrors_the_other(one: set[ox.Quad], other: set[ox.Quad]) -> None:
    there, back = difference(of(one), of(other)), difference(of(other), of(one))
    assert there.same == back.same
    assert (there.plus, there.minus, there.veiled, there.moved) == (
        back.minus,
        back.plus,
        back.veiled,
        back.moved,
    )
    mine = {each.iri: each for each in there.told}
    theirs = {each.iri: each for each in back.told}
    assert mine.keys() == theirs.keys()
    for iri, each in mine.items():
        assert theirs[iri].fate in MIRRORED[each.fate]
        assert (each.added, each.removed) == (theirs[iri].removed, theirs[iri].added)


@given(QUADS, QUADS)
def test_every_statement_that_only_one_has_is_counted(one: set[ox.Quad], other: set[ox.Quad]) -> None:
    named = [{q.triple for q in quads if not any(isinstance(t, ox.BlankNode) for t in (q.subject, q.object))} for quads in (one, other)]  # fmt: skip
    found = difference(of(one), of(other))
    if not found.veiled and not any(
        isinstance(t, ox.BlankNode) for q in one | other for t in (q.subject, q.object)
    ):
        assert (found.minus, found.plus) == (len(named[0] - named[1]), len(named[1] - named[0]))


def test_real_versions_mirror_each_other(sides: tuple[Side, ...]) -> None:
    there, back = difference(sides[0], sides[1]), difference(sides[1], sides[0])
    assert (there.plus, there.minus, there.veiled) == (back.minus, back.plus, back.veiled)
    assert {each.iri for each in there.told} == {each.iri for each in back.told}
    assert {each.iri: each.added for each in there.told} == {each.iri: each.removed for each in back.told}


# ------------------------------------------------------------------ forms


def test_an_account_reads_back(sides: tuple[Side, ...]) -> None:
    for found in (
        difference(sides[0], sides[1]),
        difference(sides[1], sides[2]),
        difference(sides[2], sides[1]),
    ):
        assert account.read(account.written(found), "changes.json") == found
        assert {each.fate for each in found.told} <= set(FATES)


@given(st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)), lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(["since", "now", "changes", "heads", "plus"]), each, max_size=4)))  # fmt: skip
def test_any_other_account_is_a_clear_error(values: object) -> None:
    with pytest.raises(kg.StoreError, match="is damaged"):
        account.read(json.dumps(values).encode(), "changes.json")


def test_what_is_cut_is_said_to_be(sides: tuple[Side, ...]) -> None:
    found = difference(sides[0], sides[1])
    cut = found.cut(2)
    assert len(cut.told) == 2
    assert cut.tallies == found.tallies
    assert cut.limits[-1] == f"{len(found.told) - 2} more changes not listed here."
    assert not account.values(cut)["complete"]
    assert found.cut(1_000) is found


def test_an_account_that_tells_of_what_was_taken_back_loses_its_words(sides: tuple[Side, ...]) -> None:
    found = difference(sides[0], sides[1])
    base = Base(velmora.BASE)
    stone = Tombstone(Tombstone.mark(base.id("claim", "fewer"), base), "asked for", "1991-07-01")
    assert account.discreet(found, [], base) is found
    silent = account.discreet(found, [stone], base)
    assert "injured" not in repr(silent)
    assert silent.left_out == len(found.told)


def test_sentences_of_what_is_published() -> None:
    said = (Statement("end", "9 March 1901"),)
    end = Told(iri=f"{BASE}a", kind="event", fate="published otherwise", label="Fair", because="the claim “x” was withdrawn", removed=said)  # fmt: skip
    assert str(end) == "Withdrawn from what is published of “Fair”: end: 9 March 1901, because the claim “x” was withdrawn."  # fmt: skip
    assert str(replace(end, removed=(), added=said, because="")) == "Published of “Fair”: end: 9 March 1901."
    both = replace(end, added=(Statement("end", "10 March 1901"),), because="")
    assert str(both) == "What is published of “Fair” changed: end: 10 March 1901 (was 9 March 1901)."


def test_questions_of_one_fate_are_told_of_together() -> None:
    taken = (*(Taken("question", name, "changed") for name in "ab"), Taken("rules", "attest", "changed"))
    found = Difference(since=account.Version("x"), now=account.Version("y"), taken=taken)
    assert found.details == ("Questions changed: a, b.", "Rules changed: attest.")


def test_markdown_is_escaped() -> None:
    told = Told(iri=f"{BASE}a", kind="resource", fate="added", label="*a* <b> [c](d)\n# e\u202e")
    text = account.markdown(Difference(since=None, now=account.Version("x"), told=(told,)))
    assert "\\*a\\* \\<b\\> \\[c\\](d) \\# e\\\\u202e" in text
