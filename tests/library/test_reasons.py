"""kg.why: from a claim, or the statements about a resource, down to the passages; words only from a reader's own copy."""

from __future__ import annotations

from pathlib import Path

import invented
import pytest
from invented import claim

import kg
from kg.evidence import normalise
from suites import ROOT


def reasons(why: kg.Why) -> list[kg.Reason]:
    """Every reason at any depth."""
    found, left = [], [reason for _, group in why.statements for reason in group]
    while left:
        reason = left.pop()
        found.append(reason)
        left += reason.premises
    return found


def test_a_claim_rests_on_its_passage(archive: kg.Archive) -> None:
    why = archive.why("asbarez-c02-s2-01")
    said = "Violence in Azerbaijan, January 1990: at least 32 dead (whom: people, without distinction · when: from 13 January 1990 · not stated: where)"
    assert why.label == said
    ((statement, (reason,)),) = why.statements
    assert statement == ""
    assert reason.claim == archive.claim("asbarez-c02-s2-01")
    (evidence,) = reason.evidence
    assert evidence.passage == archive.base.id("passage", "asbarez-c02-s2")
    assert evidence.document == "Caption of photograph 2"
    assert evidence.text == archive.base.id("text", "asbarez-91953-1")
    assert (evidence.start, evidence.end, len(evidence.digest)) == (2251, 2370, 64)
    assert evidence.words is None
    assert "no local copy" in evidence.state
    assert (reason.premises, reason.method, reason.decision) == ((), "", "")
    assert str(why).splitlines() == [
        said,
        "  official Soviet media → Associated Press → Asbarez, 1990-01-15",
        f"    Caption of photograph 2, characters 2251 to 2370, digest {evidence.digest[:12]}… (words not shown: no local copy)",
        f"Web page 91953 of the newspaper Asbarez: {evidence.url}",
    ]
    assert evidence.source == "Web page 91953 of the newspaper Asbarez"
    assert str(evidence.url).startswith("http://asbarez.com/91953/")


def test_a_claim_without_a_passage_rests_on_its_citation(archive: kg.Archive) -> None:
    why = archive.why("wikipedia-kirovabad-deaths-sakharov-retracted")
    ((_, (reason,)),) = why.statements
    (cited,) = reason.citations
    assert reason.evidence == ()
    assert cited.citation == archive.base.id("citation", "wikipedia-kirovabad-sakharov")
    assert (cited.locator, cited.read_on, cited.level) == ("", "", "third hand")
    assert str(why).splitlines() == [
        "Violence in Kirovabad, November 1988: not “more than 130 dead” (whom: Armenians · not stated: where, when)",
        "  Andrei Sakharov → Wikipedia, undated",
        "    note of the record: He later called the figure a mistake; on which day is not said.",
        "    Statements of Andrei Sakharov that Wikipedia cites for Kirovabad, "
        "read in Article of Wikipedia on the violence in Kirovabad in November 1988 (third hand; its text was not captured)",
    ]


def test_a_work_that_was_read_itself_is_not_named_twice(archive: kg.Archive) -> None:
    ((_, (reason,)),) = archive.why("karabakh99-deaths").statements
    (cited,) = reason.citations
    assert cited.read_in == ""
    assert str(cited) == "Site karabakh99.com (second hand; its text was not captured)"


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("asbarez-c05-s2-01", "whom: Armenians · where: Azerbaijan SSR · when: over 3 days"),
        ("sultanov-deaths-armenians", "whom: Armenians · not stated: where, when"),
        ("wikipedia-kirovabad-deaths-authorities", "not stated: whom, where, when"),
    ],
)
def test_a_figure_says_beside_itself_what_it_counts_wherever_it_is_told(
    archive: kg.Archive, name: str, scope: str
) -> None:
    claim = archive.claim(name)
    told = f"{claim.words} ({scope})"
    why = archive.why(name)
    assert why.label.endswith(told)
    assert str(why).splitlines()[0] == why.label
    for format in ("text", "bibtex", "csl"):
        assert told in archive.cite(name, format=format)
    (line,) = [
        line for line in str(archive.why(claim.subject)).splitlines() if told in line and str(claim.voices) in line
    ]  # fmt: skip
    assert line.endswith(told)
    assert told in str(claim)


def test_a_length_of_time_counts_nobody(archive: kg.Archive) -> None:
    lengths = [claim for claim in archive.claims(measure="duration") if claim.scope == kg.Scope()]
    assert lengths
    for length in lengths:
        assert length.in_full == length.sentence
        assert "not stated" not in archive.cite(length.iri)


def test_a_page_is_of_the_work_and_an_address_of_the_copy(tmp_path: Path) -> None:
    cited = 'citation:{0} a kg:Citation ; kg:work work:guide ; kg:readIn {1} ; kg:locator "{2}" ; kg:readOn "1991-05-01"^^xsd:date .\n'
    said = ("RelationClaim", "event:fair-1901 kg:isCalled name:fair-form-1")
    turtle = (
        invented.FAIR
        + 'work:guide schema:datePublished "1901-06"^^edtf:EDTF .\n'
        + cited.format("page", "<https://archive.example/guide/p3>", "page 3")
        + cited.format("address", "org:gazette", "https://archive.example/guide")
        + claim("paged", *said, kg_passage="", kg_citation="citation:page")
        + claim("addressed", *said, kg_passage="", kg_citation="citation:address")
    )
    archive = invented.opened(turtle, tmp_path)
    ((_, (paged,)),), ((_, (addressed,)),) = (archive.why(name).statements for name in ("paged", "addressed"))
    assert str(paged.citations[0]).startswith(
        "Guide to the fair, published June 1901, page 3, read in https://archive.example/guide/p3, read on 1991-05-01 ("
    )
    assert str(addressed.citations[0]).startswith(
        "Guide to the fair, published June 1901, read in Gazette, https://archive.example/guide, read on 1991-05-01 ("
    )


def test_an_event_has_the_claims_about_it_by_property(archive: kg.Archive) -> None:
    why = archive.why("event:baku-1990-01")
    statements = dict(why.statements)
    assert why.label == "Violence in Baku, January 1990"
    assert [reason.claim.words for reason in statements["deaths"]] == [
        "25 dead",
        "most of the dead",
        "more than 30 dead, called unconfirmed",
        "25 dead, called preliminary",
        "37 dead",
        "33 dead",
        "about 90 dead, called hard to verify",
        "between 48 and 66 dead, perhaps more",
        "hundreds dead",
        "an estimated 300 dead",
        "an unknown number dead",
        "56 dead",
        "42 dead",
        "more than 100 dead",
        "48 dead",
    ]
    assert {"deaths", "injured", "duration", "date", "is called", "is part of", "took place in"} <= set(
        statements
    )
    about = archive.claims(event="baku-1990-01", related=False)
    assert sum(len(group) for group in statements.values()) == len(about)
    assert list(statements) == sorted(statements)


def test_a_photograph(archive: kg.Archive) -> None:
    statements = dict(archive.why("photo:asbarez-12").statements)
    assert {"date", "place shown", "shows"} <= set(statements)
    (reason,) = statements["date"]
    assert reason.claim.words == "14 January 1990"
    assert [evidence.document for evidence in reason.evidence] == ["Caption of photograph 12"]


def test_a_derived_claim_has_method_premises_and_decision(archive: kg.Archive) -> None:
    ((_, (reason,)),) = archive.why("claim:attest-baku-interval").statements
    assert reason.claim.derived
    assert reason.evidence == ()
    assert reason.method == "start and end joined"
    assert reason.decision
    assert {premise.claim.iri.rpartition("/")[2] for premise in reason.premises} == {
        "attest-baku-start",
        "attest-baku-end",
    }
    for premise in reason.premises:
        assert premise.method
        assert all(ground.evidence for ground in premise.premises)
    text = str(archive.why("claim:attest-baku-interval"))
    assert "derived by: start and end joined" in text
    assert f"chosen by the project: {reason.decision}" in text


def test_words_are_those_of_the_copy(archive: kg.Archive, seed: Path) -> None:
    normalised = normalise(seed.read_text(encoding="utf-8"))
    found = reasons(archive.why("event:baku-1990-01", text=seed.read_bytes()))
    shown = [evidence for reason in found for evidence in reason.evidence]
    assert len(shown) > 20
    for evidence in shown:
        assert evidence.words == normalised[evidence.start : evidence.end]
        assert evidence.state == ""
        assert f"“{evidence.words}”" in str(evidence)


def test_words_are_found_where_they_moved_to_and_missed_where_they_changed(
    archive: kg.Archive, seed: Path
) -> None:
    text = normalise(seed.read_text(encoding="utf-8"))
    (evidence,) = reasons(archive.why("asbarez-c02-s2-01"))[0].evidence
    words = text[evidence.start : evidence.end]
    moved = archive.why("asbarez-c02-s2-01", text=f"A header of the reader's.\n{text}".encode())
    assert reasons(moved)[0].evidence[0].words == words
    changed = text.replace(words, words.replace(" ", " another ", 1)).encode()
    assert "another" in changed.decode()
    (missing,) = reasons(archive.why("asbarez-c02-s2-01", text=changed))[0].evidence
    assert missing.words is None
    assert "not in the copy" in missing.state


def test_no_words_without_a_copy_and_none_in_the_repository(archive: kg.Archive, seed: Path) -> None:
    text = normalise(seed.read_text(encoding="utf-8"))
    found = reasons(archive.why("event:baku-1990-01")) + reasons(archive.why("photo:asbarez-02"))
    assert all(evidence.words is None for reason in found for evidence in reason.evidence)
    passages = {text[e.start : e.end] for reason in found for e in reason.evidence if e.end - e.start > 80}
    assert len(passages) > 4
    files = [
        path for top in ("data", "ontology", "queries", "src", "tests") for path in (ROOT / top).rglob("*")
    ]
    for path in files:
        if path.suffix in {".ttl", ".rq", ".py", ".csv", ".html", ".md"}:
            held = normalise(path.read_text(encoding="utf-8"))
            assert not any(words in held for words in passages), path


def test_a_resource_that_claims_only_name_has_those(archive: kg.Archive) -> None:
    why = archive.why("org:hayastan")
    assert why.statements == ()
    assert [reason.claim.iri.rpartition("/")[2] for reason in why.naming] == ["asbarez-r2-publisher-01"]
    assert str(why).splitlines()[1] == "  named in claims about others"
    passage = archive.why("passage:asbarez-c02-s2")
    assert (len(passage.statements), passage.naming) == (2, ())


def test_what_bears_on_the_reading_stands_with_the_claim_and_the_resource(archive: kg.Archive) -> None:
    claim = archive.claim("asbarez-p2-s1-01")
    assert claim.caveats == (
        "the figure may be of Baku in January 1990, or of the whole series that follows",
    )
    assert str(archive.why(claim.iri)).splitlines()[2] == f"    caveat: {claim.caveats[0]}"
    event = archive.why("event:asbarez-title-event")
    assert str(event).splitlines()[1] == f"  caveat: {event.caveats[0]}"
    assert str(event).count("caveat: ") == 1
    assert archive.claim("asbarez-c02-s2-01").caveats == ()
    misspelt = archive.base.id("name", "krasnovodsk-form-2")
    assert misspelt not in archive.caveats  # a slip of the source that changes no reading


def test_a_resource_that_nothing_is_said_about(archive: kg.Archive) -> None:
    why = archive.why("concept:weeks")
    assert why.statements == ()
    assert str(why) == "weeks\n  no claim about it is recorded"


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("baku-1990-1", "event:baku-1990-01"), ("place:bakuu", "place:baku"), ("claim:asbarez-c02-s2-1", "claim:asbarez-c02-s2-01")],
)  # fmt: skip
def test_what_is_not_there(archive: kg.Archive, name: str, suggestion: str) -> None:
    with pytest.raises(kg.NotFound) as raised:
        archive.why(name)
    assert suggestion in raised.value.suggestions


def test_a_copy_that_is_no_text(archive: kg.Archive) -> None:
    with pytest.raises(kg.EvidenceError) as raised:
        archive.why("asbarez-c02-s2-01", text=b"\x00\xff\xfe\x01")
    assert raised.value.remedy


def derived(slug: str, *premises: str) -> str:
    return claim(
        slug, "DerivedClaim, kg:QuantityClaim", "event:fair-1901 kg:participants 12",
        kg_claimant="org:wire", kg_passage="", kg_comparator="kg:exactly", kg_amount="12", kg_unit="concept:persons",
        prov_wasDerivedFrom=", ".join(premises), kg_method="concept:method-sum",
    )  # fmt: skip


def test_a_circle_of_premises_ends(tmp_path: Path) -> None:
    turtle = (
        invented.FAIR + derived("a", "claim:b") + derived("b", "claim:c") + derived("c", "claim:a", "claim:c")
    )
    archive = invented.opened(turtle, tmp_path)
    ((_, (first,)),) = archive.why("a").statements
    chain = [
        reason.claim.iri.rpartition("/")[2]
        for reason in (first, *first.premises, *first.premises[0].premises)
    ]
    assert chain == ["a", "b", "c"]
    assert first.premises[0].premises[0].premises == ()
    assert first.method == "sum of the parts"
    assert str(archive.why("event:fair-1901")).count("derived by: sum of the parts") == 9


def test_evidence_that_the_data_do_not_hold(tmp_path: Path) -> None:
    said = ("RelationClaim", "event:fair-1901 kg:isCalled name:fair-form-1")
    turtle = invented.FAIR + claim("sound", *said) + claim("adrift", *said, kg_passage="passage:nowhere")
    archive = invented.opened(turtle, tmp_path)
    assert reasons(archive.why("sound"))[0].evidence[0].document == "The Gazette of 3 May"
    with pytest.raises(kg.EvidenceError, match="passage/nowhere is given as evidence"):
        archive.why("adrift")


@pytest.mark.parametrize(
    ("address", "shown"),
    [("<https://gazette.example/3>", "https://gazette.example/3"), ("<javascript:alert(1)>", None), ('"no"', None)],
)  # fmt: skip
def test_only_an_address_of_the_web_is_one(address: str, shown: str | None, tmp_path: Path) -> None:
    said = claim("a", "NameClaim", "event:fair-1901 kg:isCalled name:fair-form-1")
    turtle = f"{invented.FAIR}source:gazette schema:url {address} .\n{said}"
    why = invented.opened(turtle, tmp_path).why("a")
    (evidence,) = why.statements[0][1][0].evidence
    assert (evidence.source, evidence.url) == ("The Gazette of 3 May", shown)
    assert str(why).endswith(f"\nThe Gazette of 3 May: {shown}") is (shown is not None)
