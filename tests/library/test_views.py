"""Events, people, places, photographs and works as the library shows them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

import collection
import kg


def by_slug(things: list[kg.Thing]) -> dict[str, kg.Thing]:
    return {thing.iri.rpartition("/")[2]: thing for thing in things}


def test_events(archive: kg.Archive) -> None:
    events = by_slug(list(archive.events()))
    baku = events["baku-1990-01"]
    assert isinstance(baku, kg.Event)
    assert baku.label == "Violence in Baku, January 1990"
    assert baku.date == "1990-01-13/1990-01-19"
    assert baku.place == archive.base.id("place", "baku")
    assert baku.wider == (
        archive.base.id("event", "azerbaijan-1990-01"),
        archive.base.id("event", "violence-1988-1990"),
    )
    assert baku.types == ("https://schema.org/Event",)
    assert baku.get("schema:startDate") == date(1990, 1, 13)
    assert baku.get("kg:deaths") is None  # a figure is a claim, never a property of the event
    entry = events["baku-1990-01-army-entry"]
    assert isinstance(entry, kg.Event)
    assert entry.date == "[1990-01-19,1990-01-20]"  # thirteen and seven days, counted either way
    assert (entry.get("kg:earliestStart"), entry.get("kg:latestEnd")) == (
        date(1990, 1, 19),
        date(1990, 1, 20),
    )
    assert entry.get("schema:startDate") is None
    wider = events["azerbaijan-1990-01"]
    assert isinstance(wider, kg.Event)
    assert wider.wider == ()
    assert len(events) == archive.manifest.counts["events"]


def test_photographs_by_number(archive: kg.Archive) -> None:
    photographs = archive.photographs()
    assert [photograph.get("schema:position") for photograph in photographs] == list(range(1, 19))
    last = photographs[11]
    assert (last.dateline, last.depicted) == (date(1990, 1, 19), "1990-01-14")
    assert last.place == archive.base.id("place", "lenin-avenue-baku")
    assert photographs[0].depicted is None
    assert last.get("schema:creditText") == "AP"


def test_places(archive: kg.Archive) -> None:
    places = by_slug(list(archive.places()))
    baku, street = places["baku"], places["lenin-avenue-baku"]
    assert isinstance(baku, kg.Place)
    assert isinstance(street, kg.Place)
    assert baku.point is not None
    assert baku.point == pytest.approx((40.38, 49.89), abs=0.05)
    assert street.point is None
    assert {str(form) for form in baku.properties["skos:prefLabel"]} == {"Baku", "Баку"}


def test_people_and_works(archive: kg.Archive) -> None:
    people, works = by_slug(list(archive.people())), by_slug(list(archive.works()))
    captain = people["viktor-spiridonov"]
    assert captain.get("kg:sensitivity") == archive.base.id("concept", "possibly-living")
    book = works["mosesova-armenians-of-baku"]
    assert isinstance(book, kg.Work)
    assert set(book.properties["schema:isbn"]) == {"5-540-01700-5", "5540017005", "9785540017008"}
    assert book.get("schema:numberOfPages") == 336
    assert book.get("kg:translatedInto") is None  # denied claims are never published
    assert {"https://schema.org/Book", "https://schema.org/NewsArticle", "https://schema.org/Comment"} <= {
        kind for work in works.values() for kind in work.types
    }


def test_any_thing_by_name(archive: kg.Archive) -> None:
    for name, kind in (("place:baku", ""), ("baku", "place"), (archive.base.id("place", "baku"), "")):
        assert archive.thing(name, kind).label == "Baku"
    with pytest.raises(kg.NotFound) as raised:
        archive.thing("bakuu", "place")
    assert raised.value.suggestions == ("place:baku", "place:lenin-avenue-baku")


@pytest.mark.parametrize(
    ("word", "kind", "iri"),
    [
        ("baku", "", "place/baku"),
        ("BAKU", "", "place/baku"),
        ("Krasnovdsk", "", "place/krasnovodsk"),
        ("krasnovodosk", "place", "place/krasnovodsk"),
        ("  Grigory   Vartányan ", "", "person/grigory-vartanyan"),
        ("Violence in Baku, January 1990", "event", "event/baku-1990-01"),
    ],
)
def test_a_thing_by_label_or_recorded_name(archive: kg.Archive, word: str, kind: str, iri: str) -> None:
    """Whatever case, accents and spaces; a misprint of the source is a recorded name too."""
    assert archive.thing(word, kind).iri == f"{archive.base.iri}id/{iri}"


def test_a_word_that_may_mean_several_is_not_decided(archive: kg.Archive) -> None:
    with pytest.raises(kg.QueryError, match="place:azerbaijan or place:azerbaijan-ssr") as raised:
        archive.thing("Azerbaijan")
    assert raised.value.remedy == "write one of them"


@pytest.mark.parametrize(
    ("word", "kind", "near"),
    [
        (
            "Black January",
            "event",
            ("event:asbarez-title-event", "event:baku-1990-01-army-entry"),
        ),  # what a source calls it is only suggested
        ("army entry", "event", ("event:baku-1990-01-army-entry",)),
        ("Gulamiryan", "person", ("person:a-gulamiryan",)),
        ("zzz", "place", ()),
    ],
)
def test_what_may_be_meant(archive: kg.Archive, word: str, kind: str, near: tuple[str, ...]) -> None:
    with pytest.raises(kg.NotFound) as raised:
        archive.thing(word, kind)
    assert raised.value.suggestions == near


def test_few_of_a_kind_are_all_named(archive: kg.Archive) -> None:
    with pytest.raises(kg.NotFound) as raised:
        archive.thing("zzz", "comment")
    assert raised.value.remedy == "there are comment:asbarez-91953-2, comment:asbarez-91953-3"


def test_lists_are_the_same_every_time_and_sorted(archive: kg.Archive, releases: object) -> None:
    again = kg.open(releases)  # type: ignore[arg-type]
    for name in ("events", "people", "places", "photographs", "works"):
        things = getattr(archive, name)()
        assert things
        assert things == getattr(again, name)()
        assert all(list(thing.properties) == sorted(thing.properties) for thing in things)
        assert [list(thing.properties.values()) for thing in things] == [
            list(thing.properties.values()) for thing in getattr(again, name)()
        ]


@pytest.mark.parametrize("word", ["a" * 5000, "violence-in-" * 600 + "baku"])
def test_a_strange_word_of_any_length_is_compared_with_few_names(word: str) -> None:
    """Such an address kept a server busy for twenty seconds once; a process of its own is given thirty."""
    code = f"import kg; g = kg.open({str(collection.built())!r})\ntry: g.thing({word!r}, 'event')\nexcept kg.NotFound: print('none')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)  # fmt: skip
    assert done.stdout == "none\n"
