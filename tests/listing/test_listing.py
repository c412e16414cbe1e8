"""Lists give what the store gives: members, facets and counts, on random data."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import BASE, POOL, day, id, lists, quad, text, within

from kg.errors import NotFound, QueryError, StoreError
from kg.listing import Listing, Lists, Selection, forms, order, sparql, write
from kg.listing.rows import bits, members, pack, page, unpack
from kg.names import KG, RDF, RDFS, SCHEMA, Base
from kg.store import EmbeddedStore, Solutions

NATURAL = [
    quad(id("photo", f"p{number}"), predicate, value)
    for number in (12, 4, 1, 100)
    for predicate, value in (
        (RDF + "type", SCHEMA + "Photograph"),
        (RDFS + "label", text(f"Photograph {number}")),
    )
]
datasets = st.sets(st.sampled_from(POOL), min_size=60)


def asked(store: EmbeddedStore, selection: Selection) -> set[str]:
    """Give what the store says are the members of *selection*."""
    answer = store.query(sparql(selection), union=True)
    assert isinstance(answer, Solutions)
    return {row[0].value for row in answer.rows if isinstance(row[0], ox.NamedNode)}


def listed(selection: Selection, order: str = "") -> list[str]:
    return [row.iri for row in selection.page(order=order)]


def choices(listing: Listing) -> list[tuple[str, str]]:
    return [(facet.name, name) for facet in listing.facets for name in listing.names(facet)]


@settings(max_examples=25)
@given(datasets, st.randoms(use_true_random=False))
def test_lists_give_what_the_store_gives(quads: set[ox.Quad], chance: random.Random) -> None:
    store = EmbeddedStore.of(quads)
    with tempfile.TemporaryDirectory() as directory:
        for listing in lists(Path(directory) / "lists.sqlite", quads):
            whole = listing.select()
            assert set(listed(whole)) == asked(store, whole)
            assert whole.total == listing.total
            for facet, value in choices(listing):
                selection = listing.select({facet: [value]})
                assert set(listed(selection)) == asked(store, selection), (listing.name, facet, value)
            several = chance.sample(choices(listing), min(3, len(choices(listing))))
            filters: dict[str, list[str]] = {}
            for facet, value in several:
                filters.setdefault(facet, []).append(value)
            selection = listing.select(filters)
            assert set(listed(selection)) == asked(store, selection), (listing.name, filters)
            for counted in selection.counted(100):
                others = {name: values for name, values in filters.items() if name != counted.facet.name}
                for shown in counted.values:
                    assert shown.count == listing.select({**others, counted.facet.name: [shown.name]}).total
                    assert shown.chosen == (shown.name in filters.get(counted.facet.name, ()))


@settings(max_examples=15)
@given(datasets, st.integers(1, 7))
def test_pages_are_complete_and_disjoint_in_every_order(quads: set[ox.Quad], size: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        for listing in lists(Path(directory) / "lists.sqlite", quads):
            whole = listing.select()
            for by in listing.orders:
                parts = [
                    row.iri for start in range(0, listing.total, size) for row in whole.page(start, size, by)
                ]
                assert parts == listed(whole, by)
                assert len(parts) == len(set(parts)) == listing.total


@settings(max_examples=15)
@given(datasets, st.dates())
def test_a_day_keeps_what_had_been_said_by_then_and_counts_the_undated(
    quads: set[ox.Quad], until: object
) -> None:
    store = EmbeddedStore.of(quads)
    with tempfile.TemporaryDirectory() as directory:
        found = lists(Path(directory) / "lists.sqlite", quads)
        claims = found.find("claims")
        if "as-of" not in claims.filters:
            return
        for when in (str(until), "1990-01-11"):
            selection = claims.select({"as-of": [when]})
            assert set(listed(selection)) == asked(store, selection)
            dated = {quad.subject.value for quad in quads if quad.predicate.value == KG + "asOfLatest"}
            everyone = set(listed(claims.select()))
            assert selection.undated == len(everyone - dated)


def test_labels_stand_in_natural_order(tmp_path: Path) -> None:
    found = lists(tmp_path / "lists.sqlite", NATURAL).find("photographs")
    assert [row.label for row in found.select().page()] == [f"Photograph {n}" for n in (1, 4, 12, 100)]


@given(st.lists(st.integers(0, 10**12)), st.text())
def test_numbers_in_labels_stand_by_their_value(numbers: list[int], words: str) -> None:
    labels = [f"{words} {number}" for number in numbers]
    by_value = [f"{words} {number}" for number in sorted(numbers)]
    assert sorted(labels, key=order.key) == by_value
    assert order.key(words) <= order.key(f"{words} 1")


@given(st.sets(st.integers(0, 199)), st.integers(0, 210), st.integers(1, 60))
def test_a_set_of_rows_reads_back(rows: set[int], start: int, size: int) -> None:
    packed = pack(sorted(rows), 200)
    assert unpack(packed, 200) == bits(rows, 200)
    assert list(members(unpack(packed, 200), 200)) == sorted(rows)
    assert page(bits(rows, 200), 200, None, start, size) == sorted(rows)[start : start + size]
    backwards = range(199, -1, -1)
    assert page(bits(rows, 200), 200, backwards, start, size) == sorted(rows, reverse=True)[start : start + size]  # fmt: skip


def test_the_same_statements_give_the_same_bytes(tmp_path: Path) -> None:
    digests = set()
    for number in range(3):
        path = tmp_path / f"{number}.sqlite"
        shuffled = list(POOL)
        random.Random(number).shuffle(shuffled)  # noqa: S311 - nothing secret
        write(shuffled, BASE, path, profiles=("attest",))
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
        assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(digests) == 1
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".sqlite"]


def test_a_place_counts_for_what_sources_say_lies_in_it(tmp_path: Path) -> None:
    photos = [
        (quad(id("photo", slug), RDF + "type", SCHEMA + "Photograph"), quad(id("photo", slug), SCHEMA + "contentLocation", id("place", place)))
        for slug, place in (("one", "avenue"), ("two", "city"), ("three", "elsewhere"))
    ]  # fmt: skip
    places = [
        quad(id("place", slug), RDF + "type", SCHEMA + "Place")
        for slug in ("avenue", "city", "land", "elsewhere")
    ]
    claims = (
        within("1", "avenue", "city")
        + within("2", "city", "land")
        + within("3", "elsewhere", "city", "denied")
    )
    found = lists(
        tmp_path / "lists.sqlite", [*(said for photo in photos for said in photo), *places, *claims]
    ).find("photographs")
    counts = {slug: found.select({"shows": [slug]}).total for slug in ("avenue", "city", "land", "elsewhere")}
    assert counts == {"avenue": 1, "city": 2, "land": 2, "elsewhere": 1}


def test_what_is_shown_counts_where_it_is_said_to_be_a_place(tmp_path: Path) -> None:
    """Something shown that is no place by its type shows nothing wider either, in the list and in the query alike."""
    photos = [quad(id("photo", f"p{n}"), RDF + "type", SCHEMA + "Photograph") for n in range(4)]
    shown = [quad(id("photo", f"p{n}"), KG + "depicts", id("place", f"l{n}")) for n in range(3)]
    untyped = {
        *photos,
        *shown,
        quad(id("place", "l0"), RDF + "type", SCHEMA + "Place"),
        *within("w", "l1", "l2"),
    }
    typed = untyped | {quad(id("place", "l1"), RDF + "type", SCHEMA + "Place")}
    for name, quads, without in (("untyped", untyped, "p1 p2 p3"), ("typed", typed, "p2 p3")):
        store = EmbeddedStore.of(quads)
        listing = lists(tmp_path / f"{name}.sqlite", quads).find("photographs")
        for facet, value in choices(listing):
            selection = listing.select({facet: [value]})
            assert set(listed(selection)) == asked(store, selection), (name, facet, value)
        assert sorted(listed(listing.select({"shows": ["none"]}))) == [
            id("photo", slug) for slug in without.split()
        ]


def test_unknown_filters_and_values_name_what_there_is(tmp_path: Path) -> None:
    found = lists(tmp_path / "lists.sqlite", POOL).find("photographs")
    with pytest.raises(QueryError, match="no filter 'colour'") as filter:
        found.select({"colour": ["red"]})
    assert "shows" in filter.value.remedy
    with pytest.raises(QueryError, match="agency: 'a7'") as value:
        found.select({"agency": ["a7"]})
    assert "a0" in value.value.remedy
    with pytest.raises(QueryError, match="agency"):
        found.select({"agency": ["a0' OR 1=1 --"]})
    assert (
        found.select({"agency": [id("org", "a0")]}).total
        == found.select({"agency": ["org:a0"]}).total
        == found.select({"agency": ["a0"]}).total
    )
    with pytest.raises(NotFound):
        found.lists.find("no such list")
    claims = found.lists.find("claims")
    with pytest.raises(QueryError, match="as-of: 'yesterday' is no day"):
        claims.select({"as-of": ["yesterday"]})
    with pytest.raises(QueryError, match="stands twice"):
        claims.select({"as-of": ["1990-01-01", "1990-01-02"]})


def test_what_is_veiled_and_who_may_be_living_is_flagged(tmp_path: Path) -> None:
    living, veiled = id("person", "l"), id("event", "v")
    claim = id("claim", "c")
    quads = [
        quad(living, RDF + "type", SCHEMA + "Person"),
        quad(living, KG + "sensitivity", id("concept", "possibly-living")),
        quad(id("person", "d"), RDF + "type", SCHEMA + "Person"),
        quad(veiled, RDF + "type", SCHEMA + "Event"),
        quad(veiled, RDFS + "label", text("what it was")),
        quad(veiled, KG + "visibility", KG + "veiled"),
        quad(claim, RDF + "type", KG + "Claim"),
        quad(claim, RDF + "subject", veiled),
        quad(claim, RDF + "object", living),
        quad(claim, KG + "asOfLatest", day("1990-01-01")),
    ]
    found = lists(tmp_path / "lists.sqlite", quads)
    people, claims = found.find("people"), found.find("claims")
    assert {row.iri: row.living for row in people.select().page()} == {living: True, id("person", "d"): False}
    (row,) = claims.select().page()
    assert row.veiled
    assert row.living
    assert people.select().living
    assert [value.label for each in claims.select().counted(9) if each.facet.name == "about" for value in each.values] == ["veiled"]  # fmt: skip
    assert forms.to_csv(claims.select()).decode().splitlines()[1].endswith(",true")


def test_values_with_the_same_last_part_keep_names_of_their_own(tmp_path: Path) -> None:
    base = Base("http://data.example/")
    item = "http://data.example/it/"
    quads = [
        quad(f"{item}{number}", predicate, value)
        for number, value in enumerate(
            ("http://a.example/none", "http://b.example/x", text("http://b.example/x", ""), text("none", ""))
        )
        for predicate, value in ((RDF + "type", "http://c.example/Thing"), ("http://c.example/is", value))
    ]
    found = lists(tmp_path / "lists.sqlite", quads, base=base, profiles=()).find("http://c.example/Thing")
    (facet,) = found.facets
    names = found.names(facet)
    assert len(set(names)) == len(names) == 4
    store = EmbeddedStore.of(quads)
    for name in names:
        selection = found.select({facet.name: [name]})
        assert selection.total == 1
        assert set(listed(selection)) == asked(store, selection)


def test_blank_members_are_counted_and_have_no_row(tmp_path: Path) -> None:
    thing = ox.NamedNode("http://c.example/Thing")
    quads = [
        quad("http://data.example/1", RDF + "type", thing.value),
        ox.Quad(ox.BlankNode("a"), ox.NamedNode(RDF + "type"), thing, ox.DefaultGraph()),
    ]
    found = lists(tmp_path / "lists.sqlite", quads, profiles=()).find(thing.value)
    assert (found.total, found.unnamed) == (1, 1)


def test_a_damaged_or_foreign_file_says_so(tmp_path: Path) -> None:
    for name, content in (
        ("empty", b""),
        ("text", b"no database at all, and long enough to be looked at" * 9),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StoreError):
            Lists(tmp_path / name, BASE)
    with pytest.raises(StoreError):
        Lists(tmp_path / "absent", BASE)
    path = tmp_path / "lists.sqlite"
    found = lists(path, POOL)
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="was changed"):
        found.find("photographs")
    with pytest.raises(StoreError, match="cannot be read"):
        Lists(path, BASE).find("photographs")
