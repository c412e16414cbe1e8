"""Claims of the real collection: by event with its bands, by measure, speaker and day of report."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from deaths import DEATHS

import kg

TOLD = sorted((str(day or ""), band, words, voices) for band, _, day, words, _, voices, *_ in DEATHS)


def told(claims: list[kg.Claim]) -> list[tuple[object, ...]]:
    """Give of each claim when, of which event, what and by whom, sorted; their own order has a test of its own."""
    return sorted((str(claim.as_of or ""), claim.band, claim.words, str(claim.voices)) for claim in claims)


def slugs(claims: list[kg.Claim]) -> list[str]:
    return [claim.iri.rpartition("/")[2] for claim in claims]


def test_a_measure_of_an_event_and_of_those_around_it(archive: kg.Archive) -> None:
    assert told(archive.claims(event="baku-1990-01", measure="deaths")) == TOLD
    found = archive.claims(event="baku-1990-01", measure="deaths")
    bounds = {claim.words: (claim.lower, claim.upper) for claim in found if claim.lower or claim.upper}
    assert bounds == {
        "more than 30 dead, called unconfirmed": (31, None),
        "at least 32 dead": (32, None),
        "at least 37 dead": (37, None),
        "at least 56 dead": (56, None),
        "between 48 and 66 dead, perhaps more": (48, 66),
        "more than 100 dead": (101, None),
    }


def test_related_events_can_be_left_out(archive: kg.Archive) -> None:
    alone = archive.claims(event="baku-1990-01", measure="deaths", related=False)
    assert told(alone) == [row for row in TOLD if row[1] == "same"]


def test_the_wider_event_sees_the_narrower_one(archive: kg.Archive) -> None:
    bands = {"wider": "same", "same": "narrower"}
    wider = told(archive.claims(event="azerbaijan-1990-01", measure="deaths"))
    assert wider == sorted((day, bands[band], *rest) for day, band, *rest in TOLD)


def test_as_of_leaves_out_what_came_later_and_what_has_no_day(archive: kg.Archive) -> None:
    for day, count in (("1990-01-13", 0), ("1990-01-14", 2), (date(1990, 1, 15), 5), (datetime(1990, 1, 17, 0, 0), 10), ("2026-01-01", 12)):  # fmt: skip
        known = told(archive.claims(event="baku-1990-01", measure="deaths", as_of=day))
        assert known == [row for row in TOLD if "" < row[0] <= str(day)[:10]], day
        assert len(known) == count


def test_claims_of_a_speaker(archive: kg.Archive) -> None:
    for name in (
        "official-soviet-media",
        "actor:official-soviet-media",
        archive.base.id("actor", "official-soviet-media"),
    ):
        claims = archive.claims(claimant=name)
        assert slugs(claims) == ["asbarez-c02-s2-01", "asbarez-c02-s2-02"]
    assert all(claim.derived for claim in archive.claims(claimant="org:attest"))
    assert archive.claims(event="baku-1990-01", claimant="official-soviet-media", related=False) == []


@pytest.mark.parametrize(
    "name",
    ["baku-1990-01", "event:baku-1990-01", "https://attest.example/baku-1990/id/event/baku-1990-01", "<https://attest.example/baku-1990/id/event/baku-1990-01>"],
)  # fmt: skip
def test_an_event_by_slug_prefixed_name_and_iri(archive: kg.Archive, name: str) -> None:
    assert told(archive.claims(event=name, measure="kg:deaths")) == TOLD


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        ({"event": "baku-1990-1"}, "event:baku-1990-01"),
        ({"event": "event:evacuation-from-baku-1990"}, "event:evacuation-from-baku-1990-01"),
        ({"event": "yerevan"}, "place:yerevan"),
        ({"claimant": "asbares"}, "org:asbarez"),
        ({"measure": "death"}, "deaths"),
    ],
)
def test_an_unknown_name_gives_the_nearest(
    archive: kg.Archive, arguments: dict[str, str], suggestion: str
) -> None:
    with pytest.raises(kg.NotFound) as raised:
        archive.claims(**arguments)  # type: ignore[arg-type]
    assert suggestion in raised.value.suggestions


@pytest.mark.parametrize(
    "arguments",
    [
        {"event": "http://elsewhere.example/event"},
        {"claimant": "https://elsewhere.example/me"},
        {"event": "zzzzzzz"},
    ],
)
def test_where_nothing_is_near_the_index_is_named(archive: kg.Archive, arguments: dict[str, str]) -> None:
    with pytest.raises(kg.NotFound) as raised:
        archive.claims(**arguments)  # type: ignore[arg-type]
    assert raised.value.suggestions == ()
    assert "index.csv" in raised.value.remedy


@pytest.mark.parametrize(
    "arguments",
    [{"event": "event:no name"}, {"event": "<x> } DELETE {"}, {"measure": "kg:a b"}, {"as_of": "16 January"}, {"as_of": "19900116"}, {"as_of": "1990-02-31"}],
)  # fmt: skip
def test_what_is_no_name_and_no_day(archive: kg.Archive, arguments: dict[str, str]) -> None:
    with pytest.raises(kg.QueryError) as raised:
        archive.claims(**arguments)  # type: ignore[arg-type]
    assert raised.value.remedy


@pytest.mark.parametrize(
    "name", ["deaths", "Deaths", "kg:deaths", "https://w3id.org/attest/ns#deaths", "dead"]
)
def test_a_measure_by_its_name_in_any_case_its_noun_and_iri(archive: kg.Archive, name: str) -> None:
    assert told(archive.claims(event="baku-1990-01", measure=name)) == TOLD


def test_a_measure_that_is_none_has_all_there_are(archive: kg.Archive) -> None:
    with pytest.raises(kg.NotFound) as raised:
        archive.claims(measure="wounded")
    assert raised.value.suggestions == ()
    assert raised.value.remedy.startswith("there are areasOutOfControl, deaths, departures, ")


def test_a_claim_with_everything_that_the_caption_says(archive: kg.Archive) -> None:
    claim = archive.claim("asbarez-c02-s2-01")
    base = archive.base
    assert claim == archive.claim("claim:asbarez-c02-s2-01") == archive.claim(claim.iri)
    assert (claim.kind, claim.comparator, claim.amount, claim.object) == ("QuantityClaim", "atLeast", 32, 32)
    assert claim.subject == base.id("event", "azerbaijan-1990-01")
    assert claim.predicate == "https://w3id.org/attest/ns#deaths"
    assert claim.population == base.id("concept", "population-people")
    assert (claim.scope_from, claim.scope_to, claim.place) == (date(1990, 1, 13), None, None)
    assert claim.claimant == base.id("actor", "official-soviet-media")
    assert [(voice.part, voice.position) for voice in claim.voices] == [
        ("speaker", 0),
        ("relay", 1),
        ("relay", 2),
    ]
    assert claim.passages == (base.id("passage", "asbarez-c02-s2"),)
    assert not claim.denied
    assert not claim.derived
    assert str(claim) == (
        "1990-01-15: Violence in Azerbaijan, January 1990: at least 32 dead "
        "(whom: people, without distinction · when: from 13 January 1990 · not stated: where) "
        "(official Soviet media → Associated Press → Asbarez)"
    )


def test_a_derived_day_that_can_be_one_of_two(archive: kg.Archive) -> None:
    claim = archive.claim("attest-army-entry-day")
    assert claim.derived
    assert claim.sentence == "Entry of Soviet troops into Baku, January 1990: 19 or 20 January 1990"


def test_a_denied_claim_is_worded_with_not(archive: kg.Archive) -> None:
    denied = [claim for claim in archive.claims() if claim.denied]
    assert {slug: claim.words for slug, claim in zip(slugs(denied), denied, strict=True)} == {
        "asbarez-c01-s1-07": "is not identified as a named place",
        "asbarez-c02-s1-18": "is not identified as a named person",
        "asbarez-c08-s1-09": "is not identified as a named person",
        "asbarez-c09-s4-03": "did not receive medical aid",
        "asbarez-p3-s1-02": "is not documented by records of the dead",
        "asbarez-p3-s2-02": "is not documented by reliable statistics",
        "asbarez-r2-s2-01": "is not translated into en",
        "asbarez-r3-s1-04": "did not receive punishment",
        "asbarez-r3-s2-02": "is not welcomed at international forums of commemoration",
        "wikipedia-kirovabad-deaths-sakharov-retracted": "not “more than 130 dead”",
    }


def test_a_claim_that_is_not_there(archive: kg.Archive) -> None:
    with pytest.raises(kg.NotFound) as raised:
        archive.claim("asbarez-c02-s2-1")
    assert raised.value.suggestions[0] == "claim:asbarez-c02-s2-01"


def test_what_was_known_on_a_day(archive: kg.Archive) -> None:
    known = archive.as_of("1990-01-16")
    assert known.date == date(1990, 1, 16)
    assert {str(claim.as_of) for claim in known.claims} == {
        "1979-12-31",
        "1988-11-30",
        "1989-12-31",
        "1990-01-14",
        "1990-01-15",
        "1990-01-16",
    }
    assert list(known.claims) == archive.claims(as_of="1990-01-16")
    assert known.undated
    assert all(claim.as_of is None and not claim.derived for claim in known.undated)
    everything = archive.as_of(date(2026, 1, 1))
    derived = [claim for claim in archive.claims() if claim.derived]
    assert len(everything.claims) + len(everything.undated) + len(derived) == len(archive.claims())
    with pytest.raises(kg.QueryError):
        archive.as_of("the sixteenth")


def test_claims_come_in_order_of_report_with_undated_ones_last(archive: kg.Archive) -> None:
    days = [claim.as_of or date.max for claim in archive.claims()]
    assert days == sorted(days)
    assert archive.claims() == archive.claims()
