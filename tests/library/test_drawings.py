"""Small drawings for other pages: the band of an event, the map of a place; and what a release has coordinates for."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import invented
import pytest

import kg
from kg.pages import band
from kg.pages import map as maps
from kg.pages.timeline import event_band

PLACES = """
place:town a schema:Place ; rdfs:label "Town"@en ; geo:lat 60.17 ; geo:long 24.94 .
place:square a schema:Place ; rdfs:label "Square"@en .
place:quay a schema:Place ; rdfs:label "Quay"@en ; geo:lat 60.16 ; geo:long 24.95 .
place:cape a schema:Place ; rdfs:label "Cape"@en ; geo:lat -33.92 ; geo:long 18.42 .
"""


def test_the_band_of_an_event_names_each_time_and_its_speaker(archive: kg.Archive) -> None:
    wide, narrow = event_band(archive, archive.base.id("event", "baku-1990-01"))
    labels = [group.label for group in wide.groups]
    assert labels == [
        "from 13 January 1990: Attest",
        "from 13 to 19 January 1990: Attest",
        "under way on 16 January 1990: Associated Press",
        "until 19 January 1990: Attest",
    ]
    assert [group.label for group in narrow.groups] == labels
    assert [bar.derived for group in wide.groups for bar in group.bars] == [True, True, False, True]
    assert wide.lanes == ()
    assert wide.columns == wide.pictures == ()
    for drawing in (wide, narrow):
        for group in drawing.groups:
            for bar in group.bars:
                assert 0 < bar.y < drawing.height
                assert all(drawing.left <= mark.x < drawing.width for mark in bar.marks)


@pytest.mark.parametrize("slug", ["karabakh-war", "violence-caucasus-1990-01"])
def test_an_event_without_a_day_has_no_band(archive: kg.Archive, slug: str) -> None:
    assert event_band(archive, archive.base.id("event", slug)) == ()


def test_the_small_map_of_a_place(archive: kg.Archive) -> None:
    found = maps.small(archive, archive.base.id("place", "baku"))
    assert found is not None
    (drawing,) = found.drawings
    (mark,) = drawing.marks
    assert (mark.text, mark.locations[0].label) == ("Baku", "Baku")
    assert 0 < mark.x < drawing.width
    assert 0 < mark.y < drawing.height
    assert found.scale == "1:10 million"
    assert drawing.coast.startswith("M")
    assert maps.small(archive, archive.base.id("place", "lenin-avenue-baku")) is None


def test_places_in_a_place_are_no_marks_of_their_own(archive: kg.Archive) -> None:
    located = archive.locations()
    moscow = next(each for each in located.locations if each.label == "Moscow")
    assert [spot.label for spot in moscow.within] == [
        "Building of the Armenian representation, Moscow",
        "church not named, Moscow",
    ]
    assert moscow.graph is not None
    assert moscow.graph.iri.endswith("graph/external/geonames")
    names = {each.label for each in (*located.locations, *located.others)}
    assert len(located.locations) + len(located.others) == len(names) == 43
    assert all(not each.soft for each in located.locations)


def test_as_of_a_day_nothing_later_is_counted(archive: kg.Archive) -> None:
    baku = [
        next(each.counts for each in archive.locations(as_of=day).locations if each.label == "Baku")
        for day in ("1990-01-16", "1990-01-17", "1990-01-23")
    ]
    assert [counts.photographs for counts in baku] == [1, 2, 2]
    assert baku[0].claims < baku[1].claims <= baku[2].claims
    assert archive.locations(as_of="1979-01-01").locations == ()
    with pytest.raises(kg.NotFound):
        archive.locations(event="baku-1991-01")


def test_what_lies_far_away_has_maps_of_its_own(tmp_path: Path) -> None:
    page = maps.page(invented.opened(PLACES, tmp_path))
    assert [[each.label for each in found.locations] for found in page.maps] == [["Quay", "Town"]]
    assert [[each.label for each in found.locations] for found in page.insets] == [
        ["Cape", "Quay", "Town"],
        ["Quay", "Town"],
    ]
    assert page.located.others == ()  # without the profile attest nobody says what is a place
    for found in (*page.maps, *page.insets):
        for drawing in found.drawings:
            for mark in drawing.marks:
                assert 0 <= mark.x <= drawing.width
                assert 0 <= mark.y <= drawing.height
    boxes = page.insets[0].drawings[0].boxes
    assert len(boxes) == 2


def test_labels_do_not_overlap(tmp_path: Path) -> None:
    crowd = "".join(
        f'place:p{number} a schema:Place ; rdfs:label "Village number {number}"@en ; geo:lat {60 + number % 7 / 10} ; geo:long {24 + number // 7 / 10} .'
        for number in range(49)
    )
    page = maps.page(invented.opened(crowd, tmp_path))
    for drawing in page.maps[0].drawings:
        boxes = []
        for mark in drawing.marks:
            if mark.anchor:
                length = len(mark.text) * 6
                left = {"start": mark.tx, "end": mark.tx - length, "middle": mark.tx - length / 2}[
                    mark.anchor
                ]
                boxes.append((left, mark.ty - 10, left + length, mark.ty + 2))
        assert boxes
        for number, box in enumerate(boxes):
            assert 0 <= box[0] <= box[2] <= drawing.width
            for other in boxes[:number]:
                assert box[2] <= other[0] or other[2] <= box[0] or box[3] <= other[1] or other[3] <= box[1]
        assert sum(len(mark.locations) for mark in drawing.marks) == 49


def test_more_than_can_be_shown_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.locations.MOST", 2)
    located = invented.opened(PLACES, tmp_path).locations()
    assert located.more
    assert len(located.locations) == 2


@pytest.mark.parametrize("days", [10, 31, 36, 45])
def test_a_column_of_a_day_stands_for_that_day(days: int) -> None:
    """Where days have room for a column each, also those that begin a month or the whole band."""
    first = date(1990, 1, 1)
    last = first + timedelta(days=days)
    drawing = next(
        each
        for each in band.drawings(first, last, (), reports=[(first, 3), (last, 2)])
        if each.name == "wide"
    )
    assert [(column.day, column.last, column.number) for column in drawing.columns] == [
        (first, first, 3),
        (last, last, 2),
    ]
