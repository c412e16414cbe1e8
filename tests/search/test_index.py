"""The index: the same bytes each time, no syntax in what is asked, bounds, and what it makes of any dataset."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import collection
import kg
import velmora
from kg import building, finder, manifest, search
from kg.errors import QueryError, QueryTimeout, QueryTooLarge, StoreError
from kg.finder import Finder
from kg.manifest import Manifest
from kg.names import Base
from kg.project import Project
from kg.search import folding, index, writing
from kg.search.finding import LETTERS, edits
from kg.search.forms import Form, Named
from kg.store import EmbeddedStore

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in Base().prefixes().items())
ANY = """
@prefix ex: <http://data.example/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
ex:1 a ex:Ship ; rdfs:label "Sabit Orujov"@en ; skos:altLabel "Сабит Оруджев"@ru ; skos:hiddenLabel "Sabit Orudzev" .
ex:2 a foaf:Person ; foaf:name "Ada Lovelace" .
ex:3 a schema:Place ; schema:name "Turkmenbashi", "Türkmenbaşy"@tk ; schema:alternateName "Krasnovodsk" .
ex:4 dcterms:title "A title without a class" .
ex:5 a ex:Thing ; skosxl:prefLabel [ skosxl:literalForm "From a record"@en ] ; skosxl:altLabel ex:form .
ex:form skosxl:literalForm "Other record"@en .
ex:6 rdfs:label 1990 .
ex:7 rdfs:label "🚢" .
[] rdfs:label "Nobody" .
"""


def triples(text: str) -> list[ox.Quad]:
    return list(ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE))


def made(*names: str) -> search.Index:
    """Give the index of people with these *names*."""
    return search.Index.of(
        Named(f"http://data.example/{number}", name, "", ("person",), "", False, (Form(0, name),))
        for number, name in enumerate(names)
    )


def any_data() -> search.Index:
    return search.Index.of(search.named(triples(ANY), Base("http://data.example/"), attest=False))


# ------------------------------------------------------------------ the file


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    release = manifest.current(collection.built())
    script = (
        "import sys; from pathlib import Path; from kg import release, search; from kg.names import Base\n"
        "quads = release.quads(Path(sys.argv[1]))\n"
        "search.write(search.named(set(quads), Base(), attest=True), Path(sys.argv[2]))"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", script, str(release), str(tmp_path / seed)], check=True, env={"PYTHONHASHSEED": seed}, timeout=120,
        )  # fmt: skip
    first, second = (tmp_path / name for name in ("1", "2"))
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes() == (release / search.NAME).read_bytes()


def test_a_release_lists_its_index_and_one_that_was_changed_is_refused(tmp_path: Path) -> None:
    root = velmora.project(tmp_path)
    building.build(Project.open(root), root / "build")
    directory = manifest.current(root / "build")
    listed = manifest.read(directory).file(search.NAME)
    assert listed is not None
    data = (directory / search.NAME).read_bytes()
    assert (listed.size, listed.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert listed.media_type == "application/vnd.sqlite3"
    before = sorted(directory.iterdir())
    assert kg.open(directory).search("Oskar")
    assert sorted(directory.iterdir()) == before  # nothing was written beside it
    (directory / search.NAME).write_bytes(data[:-100] + b"\0" * 100)
    with pytest.raises(StoreError, match="damaged"):
        kg.open(directory).search("Oskar")
    (directory / search.NAME).unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        kg.open(directory).search("Oskar")


def test_a_file_that_is_no_index_or_another_versions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "search ?#.sqlite"
    path.write_bytes(b"SQLite format 3\0" + b"\1" * 5000)
    with pytest.raises(StoreError, match=r"damaged|cannot be read"):
        search.Index.open(path)
    path.unlink()
    search.write((), path)
    assert not search.find(search.Index.open(path), "anything")
    database = sqlite3.connect(path)
    database.execute("UPDATE meta SET value = 99 WHERE key = 'folding'")
    database.commit()
    database.close()
    with pytest.raises(StoreError, match="another version"):
        search.Index.open(path)


def test_a_sqlite_that_is_too_old_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    with pytest.raises(StoreError) as raised:
        any_data()
    assert "3.34" in raised.value.remedy


# ------------------------------------------------------------------ any data


@pytest.mark.parametrize(
    ("words", "iri", "form", "kind"),
    [
        ("Sabit Orujov", "1", "Sabit Orujov", "label"),
        ("Сабит Оруджев", "1", "Сабит Оруджев", "variant"),
        ("Orudzev", "1", "Sabit Orudzev", "form kept for searching"),
        ("lovelace", "2", "Ada Lovelace", "name"),
        ("Turkmenbasy", "3", "Türkmenbaşy", "name"),
        ("Красноводск", "3", "Krasnovodsk", "variant"),
        ("title", "4", "A title without a class", "title"),
        ("from a record", "5", "From a record", "name"),
        ("other record", "5", "Other record", "variant"),
    ],
)
def test_labels_of_common_vocabularies_are_found(words: str, iri: str, form: str, kind: str) -> None:
    hit = search.find(any_data(), words)[0]
    assert (hit.iri, hit.form, hit.form_kind) == (f"http://data.example/{iri}", form, kind)


def test_kinds_are_the_last_parts_of_classes_and_unnamed_things_are_left_out() -> None:
    found = any_data()
    assert found.kinds == {"person": 1, "place": 1, "ship": 1, "thing": 2}
    assert not search.find(found, "Nobody")
    assert [hit.label for hit in search.find(found, "Lovelace", "Person")] == ["Ada Lovelace"]
    assert not search.find(found, "Lovelace", "ship")


def test_an_archive_without_an_index_makes_one_up_to_a_bound() -> None:
    store = EmbeddedStore.of(triples(ANY))
    listed = Manifest(title="any", base="http://data.example/")
    assert Finder(store, listed, None).find("Lovelase", "", 5)[0].edits == 1
    with pytest.raises(QueryTooLarge, match="more than 3 statements") as raised:
        Finder(store, listed, None, most=3).find("Ada", "", 5)
    assert "kg build" in raised.value.remedy
    assert finder.STATEMENTS > 100_000


# ------------------------------------------------------------------ care


def test_veiled_names_are_found_and_marked_and_an_open_one_is_not() -> None:
    data = triples("""
    event:fair a schema:Event ; rdfs:label "Fair"@en ; skosxl:altLabel name:fair-2 .
    name:fair-2 skosxl:literalForm "Veiled Word"@en ; kg:visibility kg:veiled .
    name:fair-3 skosxl:literalForm "Open Word"@en .
    name:fair-4 skosxl:literalForm "Wrong Word"@en .
    claim:1 rdf:subject event:fair ; rdf:predicate kg:isCalled ; rdf:object name:fair-3 ; kg:status kg:recorded .
    claim:2 rdf:subject event:fair ; rdf:predicate kg:isCalled ; rdf:object name:fair-3 ; kg:status kg:recorded ; kg:visibility kg:veiled .
    claim:3 rdf:subject event:fair ; rdf:predicate kg:isCalled ; rdf:object name:fair-4 ; kg:status kg:extractionError .
    event:hidden a schema:Event ; rdfs:label "Hidden Fair"@en ; kg:visibility kg:veiled .
    """)
    found = search.Index.of(search.named(data, Base(), attest=True))
    assert [(hit.form, hit.form_kind, hit.veiled) for hit in search.find(found, "veiled word")] == [("Veiled Word", "variant", True)]  # fmt: skip
    assert [(hit.form, hit.form_kind, hit.veiled) for hit in search.find(found, "open word")] == [("Open Word", "name used by a source", False)]  # fmt: skip
    assert {hit.label: hit.veiled for hit in search.find(found, "fair")} == {
        "Fair": False,
        "Hidden Fair": True,
    }
    assert not search.find(found, "wrong word")  # recorded wrongly


# ------------------------------------------------------------------ syntax and bounds

SYNTAX = [
    '"', '""', "'", "Ada OR 1", "NEAR(Ada Lovelace)", 'NEAR("Ada" "Lovelace", 2)', "Ada*", "^Ada", "key : Ada", "{key kinds} : Ada", "-key:Ada", "Ada AND",
    "NOT Ada", "(", ")", "Ada + Lovelace", "%", "_", "Ada; DROP TABLE names", "\0Ada", "Ada\0", "said", "rank MATCH 'x'", "\\", "\u202eadA",
]  # fmt: skip


@pytest.mark.parametrize("words", SYNTAX)
def test_syntax_of_the_index_is_words_like_any(words: str) -> None:
    found = made("Ada Lovelace", "Near And Not Or")
    plain = folding.fold(words)
    if not plain:
        with pytest.raises(QueryError):
            search.find(found, words)
        return
    assert [hit.label for hit in search.find(found, words)] == [
        hit.label for hit in search.find(found, plain)
    ]


@given(st.text(st.characters(), max_size=LETTERS))
def test_any_text_is_answered_or_refused(text: str) -> None:
    try:
        found = search.find(ASKED, text)
    except QueryError as error:
        assert error.remedy
    else:
        assert found.hits or found.remedy


@given(st.lists(st.text(st.characters(), min_size=1, max_size=40), min_size=1, max_size=5))
def test_any_name_that_has_letters_is_found_as_it_stands(names: list[str]) -> None:
    asked = [name for name in names if 0 < len(folding.fold(name).split()) <= 12]
    found = made(*asked)
    for name in asked:
        hits = search.find(found, name, limit=50)
        assert folding.fold(name) in {folding.fold(hit.form) for hit in hits}
        assert hits[0].how == "same"


@st.composite
def misspelled(draw: st.DrawFn) -> tuple[str, str]:
    """Give a name of the collection, and the same with as many letters changed as are forgiven."""
    name = draw(st.sampled_from(NAMES))
    letters = list(name)
    for _ in range(draw(st.integers(1, edits(name)))):
        place = draw(st.integers(1, len(letters) - 2))
        match draw(st.sampled_from(["other", "missing", "more"])):
            case "other":
                letters[place] = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
            case "missing":
                del letters[place]
            case _:
                letters.insert(place, draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz")))
    return name, "".join(letters)


@given(misspelled())
def test_a_name_is_found_however_it_is_misspelled_within_what_is_forgiven(pair: tuple[str, str]) -> None:
    name, written = pair
    if edits(written) < edits(name):
        return  # so short now that less is forgiven
    assert name in {folding.fold(hit.form) for hit in search.find(PLACES, written)}


NAMES = [
    "mosesova",
    "krasnovodsk",
    "spiridonov",
    "gulamiryan",
    "vartanyan",
    "sagumyan",
    "kirovabad",
    "nakhichevan",
    "zvartnots",
    "astrakhan",
]
PLACES = made(*NAMES)
ASKED = made("Ada Lovelace", "Ирина Мосесова", "Near And Not Or", "1990", "बाकू")


def test_two_letters_of_a_short_name_may_have_changed_places() -> None:
    assert [hit.label for hit in search.find(made("Baku", "Berlin"), "Bkau")] == ["Baku"]


def test_letters_that_very_many_names_share_cost_no_more_than_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = made(*(f"{first}{second}ovich" for first in "abcdefghij" for second in "abcdefghij"), "Petrosian")
    read: list[int] = []
    whole = index.Index._rarest

    def rarest(self: index.Index, trigrams: set[str], postings: int) -> list[str]:
        chosen = whole(self, trigrams, postings)
        counts = dict(self._database.execute("SELECT trigram, words FROM trigrams"))
        read.append(sum(counts[trigram] for trigram in chosen))
        return chosen

    monkeypatch.setattr(index.Index, "_rarest", rarest)
    assert found.near("axovich", 2, 100, postings=150)
    assert 0 < max(read) <= 150 / 0.9
    assert [hit.label for hit in search.find(found, "petrosyan")] == ["Petrosian"]


def test_a_search_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    found = made(*(f"name {number}" for number in range(300)))
    monkeypatch.setattr(index, "SECONDS", -1.0)
    monkeypatch.setattr(found, "_lock", _Free())
    with (
        pytest.raises(QueryTimeout) as raised,
        found._asking("SELECT COUNT(*) FROM names a, names b, names c", ()) as rows,
    ):
        list(rows)
    assert raised.value.remedy


class _Free:
    """A lock that is always free."""

    def acquire(self, timeout: float) -> bool:
        return True

    def release(self) -> None:
        pass


def test_the_bounds_of_a_word_are_no_letters() -> None:
    assert writing.trigrams("aku") == {"^ak", "aku", "ku$"}
