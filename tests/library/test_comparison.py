"""Claims side by side: the rows typed from the text, what filters leave, what shares an origin, and that nothing is made up."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import invented
import pytest
from deaths import DEATHS

import kg
import measured
from kg.errors import NotFound, QueryError


def told(comparison: kg.Comparison) -> list[tuple[object, ...]]:
    return [
        (
            band.kind,
            band.label,
            str(each.claim.as_of) if each.claim.as_of else None,
            each.claim.words,
            each.scope,
            str(each.claim.voices),
            each.interval.shape,
            (each.interval.low, each.interval.high),
            each.origin.letter if each.origin else "",
        )
        for band in comparison.bands
        for each in band.figures
    ]


def slugs(comparison: kg.Comparison) -> list[str]:
    return [figure.claim.iri.rpartition("/")[2] for figure in comparison]


@pytest.fixture(scope="module")
def velmora() -> kg.Archive:
    """An invented collection with a claim for each comparator."""
    return kg.open(measured.built())


def test_the_deaths_of_the_collection(archive: kg.Archive) -> None:
    comparison = archive.compare("baku-1990-01", "deaths")
    assert told(comparison) == DEATHS
    assert comparison.state == "19 claims, not reconciled"
    assert [(each.letter, each.reasons) for each in comparison.origins] == [
        (
            "A",
            (
                "one speaker: TASS and Radio Moscow",
                "one speaker: Radio Moscow, also as one of “TASS and Radio Moscow”",
                "one speaker: TASS, also as one of “TASS and Radio Moscow”",
            ),
        ),
        ("B", ("one speaker: Asbarez",)),
        ("C", ("one speaker: Ch. Sultanov",)),
        ("D", ("all came through Associated Press",)),
    ]


def test_the_claims_are_those_of_the_library_and_of_the_catalogue(archive: kg.Archive) -> None:
    for event in ("baku-1990-01", "azerbaijan-1990-01", "demonstrations-1988"):
        for each in archive.measures(event):
            compared = {figure.claim.iri for figure in archive.compare(event, each.name)}
            assert compared == {claim.iri for claim in archive.claims(event=event, measure=each.name)}
            rows = archive.query("claims-by-measure", event=event, measure=each.name)
            assert compared == {row.claim for row in rows}
            assert len(compared) == each.total


def test_the_wider_event_sees_the_narrower_one(archive: kg.Archive) -> None:
    comparison = archive.compare("azerbaijan-1990-01", "deaths")
    assert [(band.kind, len(band.dated), len(band.undated)) for band in comparison.bands] == [("same", 4, 0), ("narrower", 8, 7)]  # fmt: skip


def test_what_had_been_reported_by_a_day(archive: kg.Archive) -> None:
    for day, dated in (
        ("1990-01-13", 0),
        ("1990-01-14", 2),
        ("1990-01-15", 5),
        ("1990-01-16", 9),
        ("1990-01-17", 10),
    ):
        comparison = archive.compare("baku-1990-01", "deaths", as_of=day)
        assert told(comparison) == [row for row in DEATHS if row[2] is None or str(row[2]) <= day]
        assert (len(comparison), comparison.undated) == (dated + 7, 7)
    assert archive.compare("baku-1990-01", "deaths", as_of="1990-01-16").state == (
        "16 of 19 claims shown: reported by 16 January 1990, or undated"
    )


def test_a_link_to_what_was_said_later_is_not_known_yet(velmora: kg.Archive) -> None:
    def ties(**filters: str) -> list[str]:
        comparison = velmora.compare("coast-1901", "injured", **filters)  # type: ignore[arg-type]
        figure = next(each for each in comparison if each.claim.iri.endswith("/coast-exactly"))
        return [f"{tie.words} {tie.said}" for tie in figure.ties]

    assert ties() == ["is updated by at least 45 injured (1901-03-12)"]
    assert ties(as_of="1901-03-11") == []


def test_a_voice_anywhere_in_the_chain(archive: kg.Archive) -> None:
    for name in ("associated-press", "org:associated-press", "Associated Press"):
        comparison = archive.compare("baku-1990-01", "deaths", voice=name)
        assert told(comparison) == [row for row in DEATHS if "Associated Press" in str(row[5])]
        assert comparison.state == "6 of 19 claims shown: with Associated Press among the voices"
    assert len(archive.compare("baku-1990-01", "deaths", voice="official-soviet-media")) == 1
    assert len(archive.compare("baku-1990-01", "deaths", voice="org:attest")) == 0


def test_how_a_number_is_meant(archive: kg.Archive) -> None:
    comparison = archive.compare("baku-1990-01", "deaths", modality=["vague", "estimated"])
    assert told(comparison) == [DEATHS[1], DEATHS[8], DEATHS[9]]
    assert comparison.state == "3 of 19 claims shown: worded as estimated or a word such as hundreds"


def test_wider_events_can_be_left_out(archive: kg.Archive) -> None:
    assert told(archive.compare("baku-1990-01", "deaths", related=False)) == DEATHS[:15]


def test_one_of_each_origin_says_how_many_more_there_are(archive: kg.Archive) -> None:
    comparison = archive.compare("baku-1990-01", "deaths", independent=True)
    assert told(comparison) == [DEATHS[each] for each in (0, 4, 5, 6, 7, 8, 11, 13, 14, 15)]
    assert [figure.more for figure in comparison] == [3, 0, 0, 0, 0, 2, 1, 0, 0, 3]
    text = comparison.text()
    assert "2 more of the same origin not shown" in text
    assert "3 more of the same origin not shown" in text


def test_origins_and_what_does_not_make_one(velmora: kg.Archive) -> None:
    comparison = velmora.compare("coast-1901", "injured", related=True)
    shared = {figure.claim.iri.rpartition("/")[2]: figure.origin for figure in comparison}
    letters = {slug: origin.letter if origin else "" for slug, origin in shared.items()}
    assert letters["coast-unstated"] == letters["coast-unstated-too"] == ""  # a voice that is not named
    assert letters["coast-exactly"] == letters["coast-wire"] == letters["coast-relayed"] == "A"
    assert letters["coast-restated"] == letters["coast-denied"] == letters["coast-veiled"] == "B"
    assert letters["at-least"] == letters["about"] == "C"
    assert shared["coast-exactly"] is not None
    assert shared["coast-exactly"].reasons == ("one speaker: Herald", "all came through Coastal Wire")
    assert shared["coast-denied"] is not None
    assert shared["coast-denied"].reasons == ("one speaker: Quay company", "one restates another")


def test_the_publication_is_no_origin(tmp_path: Path) -> None:
    quantity = {"kg_comparator": "kg:exactly", "kg_claimant": "actor:visitors", "kg_relay": "relay:wire-1"}
    text = invented.FAIR + "".join(
        invented.claim(f"c{number}", "QuantityClaim", f"event:fair-1901 kg:participants {number}", **more)
        for number, more in enumerate((
            {**quantity, "kg_amount": "0"},
            {**quantity, "kg_amount": "1", "kg_claimant": "person:mayor"},
            {**quantity, "kg_amount": "2", "kg_claimant": "org:gazette", "kg_relay": ""},
        ))
    )  # fmt: skip
    comparison = invented.opened(text, tmp_path).compare("fair-1901", "participants")
    assert [figure.origin for figure in comparison] == [None, None, None]


def test_every_comparator_has_its_interval(velmora: kg.Archive) -> None:
    said = {
        figure.claim.comparator: figure.interval
        for figure in velmora.compare("velmora-1901", "injured", related=False)
    }
    assert said == {
        "atLeast": kg.Interval("from", low=12),
        "moreThan": kg.Interval("from", low=30, excluded=True),
        "atMost": kg.Interval("to", high=40),
        "lessThan": kg.Interval("to", high=50, excluded=True),
        "between": kg.Interval("span", 100, 200),
        "about": kg.Interval("soft", 20, 20, soft=True),
        "estimated": kg.Interval("soft", 300, 300, soft=True),
        "vague": kg.Interval("words"),
        "unknown": kg.Interval("unknown"),
    }


def test_what_is_veiled_is_not_in_the_text_and_marked_in_the_data(velmora: kg.Archive) -> None:
    comparison = velmora.compare("coast-1901", "injured")
    assert "777" not in str(comparison)
    assert "777" in comparison.text(veiled=True)
    rows = list(csv.DictReader(io.StringIO(comparison.to_csv())))
    assert [row["amount"] for row in rows if row["veiled"] == "true"] == ["777"]
    claims = [claim for band in comparison.to_json()["bands"] for claim in band["claims"]]
    assert [claim["amount"] for claim in claims if claim["veiled"]] == [777]


def test_what_is_denied_says_so(velmora: kg.Archive) -> None:
    comparison = velmora.compare("coast-1901", "injured")
    denied = next(figure for figure in comparison if figure.claim.denied)
    assert denied.claim.words == "not “more than 30 injured”"
    assert "[denied, origin B]" in str(comparison)


def test_csv_and_json_have_what_is_shown(archive: kg.Archive) -> None:
    comparison = archive.compare("baku-1990-01", "deaths", as_of="1990-01-15")
    rows = list(csv.DictReader(io.StringIO(comparison.to_csv())))
    assert [row["claim"] for row in rows] == [figure.claim.iri for figure in comparison]
    assert [row["amount"] for row in rows] == [
        "25",
        "",
        "30",
        "25",
        "",
        "300",
        "",
        "56",
        "42",
        "100",
        "48",
        "32",
    ]
    said = json.loads(json.dumps(comparison.to_json()))
    assert (said["total"], said["shown"]) == (19, 12)
    assert [claim["claim"] for band in said["bands"] for claim in band["claims"]] == [
        row["claim"] for row in rows
    ]


def test_a_comparison_has_no_figure_of_its_own(archive: kg.Archive) -> None:
    comparison = archive.compare("baku-1990-01", "deaths")
    own = {name for name in dir(comparison) if not name.startswith("_")}
    assert own == {
        "bands", "claims", "event", "event_label", "filtered", "filters", "measure", "measure_label", "name", "noun", "origins", "state", "text",
        "to_csv", "to_json", "undated", "voices",
    }  # fmt: skip


def test_wrong_arguments_are_named(archive: kg.Archive) -> None:
    def error(**given: object) -> QueryError:
        with pytest.raises(QueryError) as raised:
            archive.compare("baku-1990-01", "deaths", **given)  # type: ignore[arg-type]
        return raised.value

    assert "the parameter voice" in str(error(voice="nobody"))
    assert "org:associated-press" in error(voice="nobody").remedy
    assert "the parameter as-of is no day: '16 January'" in str(error(as_of="16 January"))
    assert "the parameter modality" in str(error(modality=["maybe"]))
    assert "atLeast, moreThan" in error(modality=["maybe"]).remedy
    with pytest.raises(NotFound, match="nothing is called 'nowhere'"):
        archive.compare("nowhere", "deaths")
    with pytest.raises(NotFound, match="no measure 'sorrow'"):
        archive.compare("baku-1990-01", "sorrow")
