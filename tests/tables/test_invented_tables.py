"""Tables of invented records: hostile texts, lists, veils, every status; what no table can hold is refused by name."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from csvw import CSVW
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import tables
from kg.errors import NotAcceptable
from kg.manifest import Manifest
from kg.names import RDF, RDFS, SCHEMA, SKOS, Base
from kg.tables.columns import fits
from suites import ROOT

PREFIXES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in Base().prefixes().items())
MANIFEST = Manifest(title="Fair", base=Base().iri, id="0123456789ab", licence="https://licence.example/by/")
CLAIM = """
claim:a a kg:Claim, kg:RelationClaim ; rdf:subject event:fair ; rdf:predicate kg:near ; rdf:object place:park ;
    kg:polarity kg:asserted ; kg:status kg:recorded ; kg:claimant org:gazette .
"""
FAIR = """
event:fair a schema:Event ; rdfs:label "Fair"@en . place:park a schema:Place ; rdfs:label "Park"@en .
org:gazette rdfs:label "Gazette"@en . kg:near rdfs:label "took place near"@en .
"""


def parsed(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))


def files(turtle: str) -> dict[str, bytes]:
    return tables.files(parsed(turtle), MANIFEST)


def read(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))


def rows(turtle: str, name: str) -> list[dict[str, str]]:
    return read(files(turtle)[f"{name}.csv"])


def refused(turtle: str) -> str:
    with pytest.raises(NotAcceptable) as error:
        files(turtle)
    assert "application/n-triples" in error.value.available
    return str(error.value)


def test_every_table_is_written_even_without_rows() -> None:
    written = files(FAIR)
    assert list(written) == [
        "claims.csv", "events.csv", "people.csv", "places.csv", "photographs.csv", "works.csv", "passages.csv",
        "csv-metadata.json",
    ]  # fmt: skip
    assert [row["iri"] for row in read(written["events.csv"])] == [Base().id("event", "fair")]
    assert written["people.csv"].count(b"\r\n") == 1


@pytest.mark.parametrize(
    "turtle", ["", "org:gazette a schema:Organization .", 'place:park rdfs:label "Park"@en .']
)
def test_where_nothing_is_of_these_classes_there_is_no_table(turtle: str) -> None:
    assert files(turtle) == {}


def test_claims_of_every_status_are_listed_with_it() -> None:
    turtle = FAIR + CLAIM
    for number, status in enumerate(("withdrawn", "extractionError")):
        turtle += CLAIM.replace("claim:a", f"claim:b{number}").replace("kg:recorded", f"kg:{status}")
    found = rows(turtle, "claims")
    assert [row["status"] for row in found] == ["recorded", "withdrawn", "extractionError"]


def test_a_veiled_resource_is_flagged_in_every_table() -> None:
    turtle = (
        FAIR
        + CLAIM
        + """
    person:mayor a schema:Person . photo:stand a schema:Photograph . work:guide a schema:Book .
    passage:s1 a oa:SpecificResource . event:other a schema:Event .
    """
    )
    veiled = (
        "claim:a",
        "event:fair",
        "person:mayor",
        "place:park",
        "photo:stand",
        "work:guide",
        "passage:s1",
    )
    turtle += " ".join(f"{name} kg:visibility kg:veiled ." for name in veiled)
    for name, content in files(turtle).items():
        if name.endswith(".csv"):
            found = {row["iri"].rpartition("/")[2]: row["visibility"] for row in read(content)}
            assert found.pop("other", "") == ""
            assert set(found.values()) == {"veiled"}


def test_a_denied_claim_says_so_in_its_words() -> None:
    [row] = rows(FAIR + CLAIM.replace("kg:asserted", "kg:denied"), "claims")
    assert (row["polarity"], row["words"]) == ("denied", "did not take place near Park")


def test_a_derived_claim_has_its_method_and_premises() -> None:
    turtle = (
        FAIR
        + CLAIM
        + CLAIM.replace("claim:a a", "claim:b a kg:DerivedClaim,")
        + """
    claim:b kg:method concept:sum ; prov:wasDerivedFrom claim:a . concept:sum rdfs:label "sum of parts"@en .
    decision:one kg:decides claim:b ; kg:rejects claim:a .
    """
    )
    one, two = rows(turtle, "claims")
    assert (one["derived"], one["premises"], one["set_aside_by"]) == (
        "false",
        "",
        Base().id("decision", "one"),
    )
    assert (two["derived"], two["method_label"], two["premises"]) == ("true", "sum of parts", one["iri"])
    assert (two["kind"], two["chosen_by"]) == ("RelationClaim", Base().id("decision", "one"))


def test_relays_stand_from_the_speaker_on_whatever_their_names() -> None:
    turtle = (
        FAIR
        + CLAIM
        + """
    claim:a kg:relay relay:z-1, relay:a-2, relay:m-10 .
    relay:z-1 kg:agent org:z ; kg:position 1 . relay:a-2 kg:agent org:a ; kg:position 2 .
    relay:m-10 kg:agent org:m ; kg:position 10 . org:a rdfs:label "Agency"@en .
    """
    )
    [row] = rows(turtle, "claims")
    assert [iri.rpartition("/")[2] for iri in row["relays"].split("|")] == ["z", "a", "m"]
    assert row["relay_labels"] == "z|Agency|m"


def test_citations_and_their_locators_stand_in_one_order() -> None:
    turtle = (
        FAIR
        + CLAIM
        + """
    claim:a kg:citation citation:two, citation:one, citation:three .
    citation:one kg:work work:b . citation:two kg:work work:a ; kg:locator "page 3" . citation:three kg:work work:a .
    work:a rdfs:label "Annals"@en .
    """
    )
    [row] = rows(turtle, "claims")
    assert [iri.rpartition("/")[2] for iri in row["citations"].split("|")] == ["one", "three", "two"]
    assert row["citation_locators"].split("|") == ["", "", "page 3"]
    assert row["cited_work_labels"] == "Annals|b"


def test_the_claims_on_a_passage_are_claims_and_not_the_names_on_it() -> None:
    turtle = (
        FAIR
        + CLAIM
        + """
    passage:s1 a oa:SpecificResource ; kg:standsIn caption:c ; oa:hasSelector selector:s1 . selector:s1 oa:start 7 ; oa:end 60 .
    claim:a kg:passage passage:s1 . name:fair a skosxl:Label ; kg:passage passage:s1 .
    """
    )
    [row] = rows(turtle, "passages")
    assert (row["claims"], row["start"], row["end"]) == (Base().id("claim", "a"), "7", "60")


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@sum",
    "a,b",
    'say "x"',
    " padded ",
    "two\nlines",
    "a\r\nb",
    "\t",
    "ա|բ",
    "é",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_is_neither_changed_nor_defused(text: str) -> None:
    quads = parsed(FAIR)
    quads.append(
        ox.Quad(
            ox.NamedNode(Base().id("place", "park")),
            ox.NamedNode(SKOS + "altLabel"),
            ox.Literal(text, language="en"),
        )
    )
    quads.append(
        ox.Quad(ox.NamedNode(Base().id("event", "fair")), ox.NamedNode(RDFS + "label"), ox.Literal(text))
    )
    written = tables.files(quads, MANIFEST)
    [row] = read(written["places.csv"])
    assert row["names"] == text
    assert read(written["events.csv"])[0]["label"] == min("Fair", text)


def test_where_a_value_has_the_separator_in_it_the_column_has_another() -> None:
    turtle = (
        FAIR
        + 'place:park skos:prefLabel "Park | Town"@en, "Парк"@ru . place:lake a schema:Place ; skos:prefLabel "Lake"@en, "Озеро"@ru .'
    )
    written = files(turtle)
    lake, park = read(written["places.csv"])
    assert park["names"] == "Park | Town\nПарк"
    assert lake["names"] == "Lake\nОзеро"
    assert park["name_languages"] == "en|ru"
    [described] = [t for t in json.loads(written["csv-metadata.json"])["tables"] if t["url"] == "places.csv"]
    separators = {column["name"]: column.get("separator") for column in described["tableSchema"]["columns"]}
    assert (separators["names"], separators["name_languages"], separators["label"]) == ("\n", "|", None)


def test_values_that_hold_every_separator_are_refused() -> None:
    assert refused(FAIR + 'place:park skos:prefLabel "a|b"@en, "c\\nd"@en .') == (
        "values in the column names of places hold '|' and '\\n', so that nothing can separate them"
    )


# What csvw, which knows nothing of us, reads back

exact = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8) | st.sampled_from(
    HOSTILE
)


@given(names=st.lists(st.tuples(exact, st.sampled_from(["en", "ru", "hy"])), max_size=4), label=exact)
@settings(max_examples=60)
def test_any_names_and_labels_come_back_through_the_metadata(
    names: list[tuple[str, str]], label: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    park = ox.NamedNode(Base().id("place", "park"))
    quads = [
        ox.Quad(park, ox.NamedNode(RDF + "type"), ox.NamedNode(SCHEMA + "Place")),
        ox.Quad(park, ox.NamedNode(RDFS + "label"), ox.Literal(label)),
        *(ox.Quad(park, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(n, language=lang)) for n, lang in names),
    ]
    try:
        written = tables.files(quads, MANIFEST)
    except NotAcceptable:
        assert {mark for mark in "|\n" if any(mark in name for name, _ in names)} == {"|", "\n"}
        return
    folder = tmp_path_factory.mktemp("csvw")
    for name, content in written.items():
        (folder / name).write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        described = CSVW(str(folder / "csv-metadata.json"), validate=True)
        assert described.is_valid, [str(warning.message) for warning in described.warnings]
        [table] = [table for table in described.tables if str(table.url) == "places.csv"]
        [row] = table.iterdicts()
    assert set(zip(row["names"], row["name_languages"], strict=True)) == set(names)
    assert row["label"] == label


# What a table cannot hold


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ('photo:p a schema:Photograph ; kg:dateline "1990-01-01"^^xsd:date, "1990-01-02"^^xsd:date .',
         f"<{Base().id('photo', 'p')}> has 2 values for dateline (1990-01-01, 1990-01-02), where there is room for one; the table photographs cannot hold that"),
        ("photo:p a schema:Photograph ; schema:position \"2a\" .", "has '2a' as its position, and that is no integer"),
        ('photo:p a schema:Photograph ; kg:dateline "1990-02-30" .', "has '1990-02-30' as its dateline, and that is no date"),
        ("place:p a schema:Place ; geo:lat 1.0e5 .", "has '1.0e5' as its latitude, and that is no decimal"),
        ("[] a schema:Place .", "as its iri, and that is no anyURI"),
        ("place:p a schema:Place ; skos:exactMatch [] .", "which has no name outside the dataset"),
        ("claim:c a kg:Claim .", f"<{Base().id('claim', 'c')}> has no subject; the table claims cannot hold that"),
        (CLAIM.replace("kg:recorded", "kg:recorded, kg:withdrawn"), "has 2 values for status"),
        (CLAIM.replace("kg:recorded", "schema:Draft"), "has https://schema.org/Draft as its status, and that is no term of"),
        ('place:p a schema:Place ; skos:exactMatch "Q1" .', "has 'Q1' as its exact_matches, and that is no anyURI"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_the_resource_and_the_column(turtle: str, said: str) -> None:
    assert said in refused(turtle)


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("integer", ["0", "-7", "007", "123456789012345678901"], ["", "1.0", "1e3", "١", "0x1"]),
        ("decimal", ["1", "-1.5", ".5", "1."], ["", ".", "1e3", "NaN", "1,5"]),
        ("date", ["1990-01-15", "2000-02-29"], ["", "1990-1-15", "1990-02-30", "1990-01-15Z", "19900115", "1990"]),
        ("boolean", ["true", "false"], ["", "True", "1"]),
        ("duration", ["P7D", "P1Y2M3DT4H5M6.7S", "-PT1S", "PT36H"], ["", "P", "PT", "P1", "7D", "P1.5D", "P1YT"]),
        ("anyURI", ["urn:a", "https://a.example/ա?b#c", "mailto:a@b"], ["", "a", "/a", "a b:c", "https://a|b", "_:b0"]),
        ("string", ["", "anything"], []),
        ("EDTF", ["1990-01/..", "whatever"], []),
    ],
)  # fmt: skip
def test_the_form_of_each_datatype(datatype: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not fits(text, datatype)] == []
    assert [text for text in bad if fits(text, datatype)] == []


# References, order, bytes


def test_a_reference_that_leads_out_of_the_tables_is_no_foreign_key() -> None:
    def keys(turtle: str) -> set[str]:
        [claims, *_] = json.loads(files(turtle)["csv-metadata.json"])["tables"]
        return {key["columnReference"] for key in claims["tableSchema"]["foreignKeys"]}

    assert "place_scope" in keys(FAIR + CLAIM + "claim:a kg:placeScope place:park .")
    assert "place_scope" not in keys(FAIR + CLAIM + "claim:a kg:placeScope org:gazette .")


@given(st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_the_order_of_the_statements_does_not_matter(order: random.Random) -> None:
    quads = parsed(FAIR + CLAIM + "place:park skos:altLabel 'b'@en, 'a'@en, 'a'@ru, '10'@en, '9'@en .")
    first = tables.files(quads, MANIFEST)
    order.shuffle(quads)
    assert tables.files(quads + quads[:3], MANIFEST) == first
    assert b"9|10|a|a|b" in first["places.csv"]
    assert b"en|en|en|ru|en" in first["places.csv"]


def test_every_hash_seed_and_locale_gives_the_same_bytes() -> None:
    program = (
        "import hashlib, pathlib, pyoxigraph as ox; from kg import gazetteer, tables; from kg.manifest import Manifest;"
        "quads = {q for p in pathlib.Path('data').rglob('*.ttl') for q in ox.parse(path=str(p))};"
        "m = Manifest(title='T', base='https://attest.example/baku-1990/');"
        "files = tables.files(quads, m) | gazetteer.files(quads, m);"
        "print(hashlib.sha256(tables.zipped(files)).hexdigest(), len(files))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "LC_ALL": locale, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, locale, zone in (("1", "C", "UTC"), ("2", "C.UTF-8", "Asia/Yerevan"))
    }
    assert len(printed) == 1
    assert printed.pop().split()[1] == "9"


def test_a_zip_tells_no_time_and_no_machine(tmp_path: Path) -> None:
    content = {"b.csv": b"b\r\n", "a.csv": b"a\r\n" * 1000}
    data = tables.zipped(content)
    assert data == tables.zipped(dict(reversed(content.items())))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.csv", "b.csv"]
        assert {name: archive.read(name) for name in archive.namelist()} == content
        for entry in archive.infolist():
            assert (entry.date_time, entry.create_system) == ((1980, 1, 1, 0, 0, 0), 3)
            assert (entry.compress_type, entry.external_attr >> 16) == (zipfile.ZIP_STORED, 0o644)
