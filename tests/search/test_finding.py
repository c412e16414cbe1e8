"""Search of the collection: what is expected was typed from its data (``data/baku-1990``), before it was asked."""

from __future__ import annotations

import pytest

import collection
import kg
from kg.errors import QueryError
from kg.search.finding import LETTERS, MOST, WORDS


@pytest.fixture(scope="session")
def archive() -> kg.Archive:
    return kg.open(collection.built())


# asked, kind, what is found first, the form that matched, its language, its kind, how, whether in another script
EXPECTED = [
    ("Mosesova", "", "person:irina-mosesova", "Irina Mosesova", "en", "label", "same", False),
    ("Мосесова", "", "person:irina-mosesova", "Ирина Мосесова", "ru", "name", "same", False),
    ("Мусесова", "", "person:irina-mosesova", "Ирина Мосесова", "ru", "name", "near", False),
    ("Մոսեսովա", "", "person:irina-mosesova", "Irina Mosesova", "en", "label", "same", True),
    ("mosesova irina", "", "person:irina-mosesova", "Irina Mosesova", "en", "label", "same", False),
    ("Moses", "", "person:irina-mosesova", "Irina Mosesova", "en", "label", "beginning", False),
    ("Krasnovodsk", "", "place:krasnovodsk", "Krasnovodsk", "en", "label", "same", False),
    ("Krasnovodosk", "", "place:krasnovodsk", "Krasnovodosk", "en", "misspelling", "same", False),
    ("Krasnovdsk", "", "place:krasnovodsk", "Krasnovdsk", "en", "misspelling", "same", False),
    ("Красноводск", "", "place:krasnovodsk", "Krasnovodsk", "en", "label", "same", True),
    ("Կրասնովոդսկ", "", "place:krasnovodsk", "Krasnovodsk", "en", "label", "same", True),
    ("Кировабад", "", "place:kirovabad", "Kirovabad", "en", "label", "same", True),
    ("Баку", "place", "place:baku", "Баку", "ru", "name", "same", False),
    ("Բաքու", "place", "place:baku", "Baku", "en", "label", "same", True),
    ("Ереван", "place", "place:yerevan", "Ереван", "ru", "name", "same", False),
    ("Erevan", "place", "place:yerevan", "Yerevan", "en", "label", "near", False),
    ("Карабах", "place", "place:karabakh", "Karabakh", "en", "label", "same", True),
    ("Спиридонов", "person", "person:viktor-spiridonov", "Viktor Spiridonov", "en", "label", "same", True),
    ("Viktop", "person", "person:viktor-spiridonov", "Viktop Spiridonov", "en", "misspelling", "same", False),
    ("Вартанян", "person", "person:grigory-vartanyan", "Grigory Vartanyan", "en", "label", "same", True),
    ("Վարդանյան", "person", "person:grigory-vartanyan", "Grigory Vartanyan", "en", "label", "near", True),
    ("Sagumian", "person", "person:yervand-sagumyan", "Yervand Sagumyan", "en", "label", "near", False),
    ("Black January", "event", "event:asbarez-title-event", "Black January", "en", "name used by a source", "same", False),
    ("Бытие и Исход", "", "work:mosesova-armenians-of-baku", "Армяне Баку: Бытие и Исход", "ru", "name", "same", False),
    ("Azeri government", "", "actor:soviet-azerbaijani-government", "Azeri government", "en", "variant", "same", False),
    ("photograph 12", "photograph", "photo:asbarez-12", "Photograph 12: debris in Lenin Avenue, Baku", "en", "label", "same", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "kind", "first", "form", "language", "of", "how", "other"),
    EXPECTED,
    ids=str,
)
def test_what_is_asked_for_is_found_first(  # noqa: PLR0917
    archive: kg.Archive,
    asked: str,
    kind: str,
    first: str,
    form: str,
    language: str,
    of: str,
    how: str,
    other: bool,
) -> None:
    hit = archive.search(asked, kind=kind)[0]
    assert archive.base.compact(hit.iri) == first
    assert (hit.form, hit.form_language, hit.form_kind) == (form, language, of)
    assert (hit.how, hit.transliterated) == (how, other)


def test_the_role_of_a_person_is_told_and_never_an_injury(archive: kg.Archive) -> None:
    roles = {hit.label: hit.role for words in ("Mosesova", "Spiridonov", "Sagumyan", "Vartanyan", "Gulamiryan", "Lusik") for hit in archive.search(words, kind="person")}  # fmt: skip
    assert roles == {
        "Irina Mosesova": "author",
        "Viktor Spiridonov": "captain",
        "Yervand Sagumyan": "engineer",
        "Grigory Vartanyan": "man telling others, photograph 7",
        "A. Gulamiryan": "man shown, photograph 9",
        "reader, comment 3": "reader who comments",
    }


def test_a_name_that_the_graph_does_not_attest_is_not_found(archive: kg.Archive) -> None:
    for words in ("Gandzak", "Ganja", "Гянджа", "Ստեփանակերտ"):
        found = archive.search(words)
        assert not found
        assert found.remedy


def test_a_miss_suggests_the_nearest(archive: kg.Archive) -> None:
    found = archive.search("Irina Petrova")
    assert list(found) == []
    assert [(hit.label, hit.how) for hit in found.suggestions] == [("Irina Mosesova", "part")]
    assert "leave a word out" in found.remedy
    assert archive.search("port of Krasnovodsk").suggestions[0].label == "Krasnovodsk"
    assert archive.search("Mosesova", kind="place").remedy.startswith("search all kinds")


def test_records_of_what_is_said_are_not_found(archive: kg.Archive) -> None:
    kinds = {"claim", "passage", "name", "selector", "anomaly", "citation"}
    assert not kinds & {kind for word in ("Baku", "photograph", "Armenians") for kind in archive.search(word, limit=MOST).kinds}  # fmt: skip
    assert not kinds & set(archive.kinds)


def test_kind_and_limit_narrow_and_more_is_told(archive: kg.Archive) -> None:
    everything = archive.search("Baku", limit=MOST)
    assert not everything.more
    assert sum(everything.kinds.values()) == len(everything) > 20
    few = archive.search("Baku", limit=3)
    assert few.more
    assert few.hits == everything.hits[:3]
    events = archive.search("Baku", kind="Event", limit=MOST)
    assert {hit.kind for hit in events} == {"event"}
    assert [hit.iri for hit in events] == [hit.iri for hit in everything if hit.kind == "event"]


@pytest.mark.parametrize(
    ("words", "options", "remedy"),
    [
        ("", {}, "write a name"),
        (" — ", {}, "write a name"),
        ("a" * (LETTERS + 1), {}, "one name"),
        ("\u202e" * 10_000, {}, "one name"),
        (" ".join(f"a{number}" for number in range(WORDS + 1)), {}, "one name"),
        ("Baku", {"kind": "dog"}, "there are"),
        ("Baku", {"limit": 0}, "from 1 to"),
        ("Baku", {"limit": MOST + 1}, "from 1 to"),
    ],
)
def test_what_cannot_be_searched_is_refused_with_a_remedy(
    archive: kg.Archive, words: str, options: dict[str, object], remedy: str
) -> None:
    with pytest.raises(QueryError) as raised:
        archive.search(words, **options)  # type: ignore[arg-type]
    assert remedy in raised.value.remedy


def test_results_are_frozen_and_written_as_json_and_csv(archive: kg.Archive) -> None:
    found = archive.search("Мусесова")
    with pytest.raises(AttributeError):
        found[0].label = "another"  # type: ignore[misc]
    assert found.to_json()["hits"][0]["why"] == "name, 1 letter other"
    header, row = found.to_csv().splitlines()
    assert header.startswith("iri,label,language,kind,role,form,")
    assert "Ирина Мосесова,ru,name,near,1,false," in row
