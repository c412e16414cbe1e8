"""The tables of the real collection: complete, as the engine and the library say it, valid by their own metadata, documented."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import documented
import pyoxigraph as ox
import pytest
from csvw import CSVW

import collection
import kg
from kg import tables
from kg.formats import CSV, JSON, TURTLE
from kg.names import CLASSES, KG, VOCABULARIES, Base
from kg.tables.columns import Column, Table, plain
from suites import ROOT

TABLES = {table.name: table for table in tables.TABLES}
DOCUMENT = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
DOWNLOADED = {"integer": int, "boolean": bool, "date": datetime.datetime}
LOCAL = {"kind", "polarity", "comparator", "attribution_basis", "status", "visibility", "types"}
"""Columns of local names."""


@pytest.fixture(scope="module")
def archive() -> kg.Archive:
    return kg.open(collection.built())


@pytest.fixture(scope="module")
def folder(archive: kg.Archive) -> Path:
    assert archive.directory is not None
    return archive.directory / "downloads" / "tables"


@pytest.fixture(scope="module")
def rows(folder: Path) -> dict[str, list[dict[str, str]]]:
    """All tables as any reader of CSV sees them."""
    found = {}
    for name in TABLES:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file, strict=True))
    return found


@pytest.fixture(scope="module")
def engine(archive: kg.Archive) -> ox.Store:
    """The release in an engine that knows nothing of tables."""
    store = ox.Store()
    store.extend(archive.quads())
    return store


def select(engine: ox.Store, where: str) -> list[tuple[Any, ...]]:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in VOCABULARIES.items())
    answer = engine.query(
        f"{prefixes} SELECT DISTINCT * WHERE {{ {where} }}", use_default_graph_as_union=True
    )
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple(row) for row in answer]


def members(table: Table) -> str:
    return "{ VALUES ?class { " + " ".join(f"<{iri}>" for iri in CLASSES[table.name]) + " } ?it a ?class }"


@pytest.mark.parametrize("name", TABLES)
def test_every_resource_of_the_class_has_one_row(
    name: str, rows: dict[str, list[dict[str, str]]], engine: ox.Store
) -> None:
    found = select(engine, f"{{ SELECT DISTINCT ?it WHERE {members(TABLES[name])} }}")
    expected = {row[0].value for row in found}
    iris = [row["iri"] for row in rows[name]]
    assert expected
    assert len(iris) == len(set(iris))
    assert set(iris) == expected


PATHS = [
    pytest.param(table, column, id=f"{table.name}.{column.name}")
    for table in TABLES.values()
    for column in table.columns
    if column.path and column.shows is plain and not column.make
]


@pytest.mark.parametrize(("table", "column"), PATHS)
def test_a_column_holds_what_its_property_path_gives_in_sparql(
    table: Table, column: Column, rows: dict[str, list[dict[str, str]]], engine: ox.Store
) -> None:
    only = " ".join(f"<{iri}>" for iri in CLASSES[column.refers]) if column.only else ""
    kind = f"VALUES ?kind {{ {only} }} ?value a ?kind ." if only else ""
    where = (
        f"{{ SELECT DISTINCT ?it ?value WHERE {{ {members(table)} ?it ({column.path}) ?value . {kind} }} }}"
    )
    expected = sorted(
        (it.value, value.value.removeprefix(column.namespace)) for it, value in select(engine, where)
    )
    found = sorted(
        (row["iri"], value)
        for row in rows[table.name]
        for value in (row[column.name].split("|") if column.many else [row[column.name]])
        if value
    )
    assert found == expected


def test_rows_and_lists_stand_in_a_natural_order(rows: dict[str, list[dict[str, str]]]) -> None:
    assert [row["position"] for row in rows["photographs"]] == [str(number) for number in range(1, 19)]
    starts = [int(row["start"]) for row in rows["passages"]]
    assert starts == sorted(starts)
    iris = [row["iri"] for row in rows["claims"]]
    slugs = [[int(part) if part.isdigit() else part for part in re.split("([0-9]+)", iri)] for iri in iris]
    assert slugs == sorted(slugs)
    for passage in rows["passages"]:
        claims = passage["claims"].split("|") if passage["claims"] else []
        assert claims == sorted(claims, key=iris.index)


def test_claims_are_worded_and_ascribed_as_the_library_does(
    rows: dict[str, list[dict[str, str]]], archive: kg.Archive
) -> None:
    claims = {claim.iri: claim for claim in archive.claims()}
    recorded = [row for row in rows["claims"] if row["status"] == "recorded"]
    assert {row["iri"] for row in recorded} == claims.keys()
    for row in recorded:
        claim = claims[kg.IRI(row["iri"])]
        assert (row["words"], row["sentence"], row["kind"]) == (claim.words, claim.sentence, claim.kind)
        voices = [row["claimant_label"], *filter(None, row["relay_labels"].split("|"))]
        assert voices == [voice.label for voice in claim.voices]
        assert [row["claimant"], *filter(None, row["relays"].split("|"))] == [v.iri for v in claim.voices]
        assert row["as_of_latest"] == (str(claim.as_of) if claim.as_of else "")
        assert row["amount"] == ("" if claim.amount is None else str(claim.amount))
        assert (row["lower_bound"], row["upper_bound"]) == tuple(
            "" if bound is None else str(bound) for bound in (claim.lower, claim.upper)
        )
        assert row["derived"] == str(claim.derived).lower()
        assert row["polarity"] == ("denied" if claim.denied else "asserted")
        assert row["passages"] == "|".join(claim.passages)
        assert sorted(filter(None, row["caveats"].split("|"))) == sorted(claim.caveats)


def test_every_label_is_the_one_of_the_library(
    rows: dict[str, list[dict[str, str]]], archive: kg.Archive
) -> None:
    checked = 0
    for table in TABLES.values():
        columns = {column.name: column for column in table.columns}
        for iris, labels in zip(table.columns, table.columns[1:], strict=False):
            if labels.path != iris.path or labels.shows is plain or iris.datatype != "anyURI":
                continue
            for row in rows[table.name]:
                values = row[iris.name].split("|") if columns[iris.name].many else [row[iris.name]]
                expected = [archive.label(kg.IRI(value)) for value in values if value]
                found = row[labels.name].split("|") if columns[labels.name].many else [row[labels.name]]
                assert [label for label in found if label] == expected
                checked += len(expected)
        assert all(
            row.get("label", "-") == archive.label(kg.IRI(row["iri"]))
            for row in rows[table.name]
            if "label" in row
        )
    assert checked > 1000


def test_a_figure_as_the_caption_has_it(rows: dict[str, list[dict[str, str]]]) -> None:
    """Caption 2, read by hand: official Soviet media, by way of the agency, said on 15 January that at least 32 died."""
    [row] = [row for row in rows["claims"] if row["iri"].endswith("/asbarez-c02-s2-01")]
    expected = {
        "kind": "QuantityClaim", "subject_label": "Violence in Azerbaijan, January 1990", "property_label": "deaths",
        "object": "32", "object_datatype": "http://www.w3.org/2001/XMLSchema#integer", "words": "at least 32 dead",
        "polarity": "asserted", "comparator": "atLeast", "amount": "32", "lower_bound": "32", "upper_bound": "",
        "unit_label": "persons", "scope_from": "1990-01-13", "as_of_earliest": "1990-01-15",
        "as_of_latest": "1990-01-15", "claimant_label": "official Soviet media",
        "relay_labels": "Associated Press|Asbarez", "attribution_basis": "statedInText", "derived": "false",
        "status": "recorded", "visibility": "",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_photograph_12_keeps_its_days_and_places_apart(rows: dict[str, list[dict[str, str]]]) -> None:
    row = rows["photographs"][11]
    assert (row["position"], row["dateline"], row["depicted_edtf"]) == ("12", "1990-01-19", "1990-01-14")
    assert row["place_shown_labels"] == "Lenin Avenue, Baku"
    boarding = rows["photographs"][3]
    assert set(boarding["place_mentioned_labels"].split("|")) == {"Krasnovodsk", "Astrakhan", "Yerevan"}
    assert boarding["places_mentioned"] == boarding["mentions"]


def test_misspellings_stand_apart_from_names(rows: dict[str, list[dict[str, str]]]) -> None:
    [row] = [row for row in rows["places"] if row["iri"].endswith("/krasnovodsk")]
    assert (row["names"], row["misspellings"]) == ("Krasnovodsk", "Krasnovdsk|Krasnovodosk")
    [row] = [row for row in rows["places"] if row["iri"].endswith("/yerevan")]
    assert (row["names"], row["name_languages"]) == ("Yerevan|Ереван", "en|ru")
    assert (row["latitude"], row["longitude"]) == ("40.17765", "44.5126")


# The form, and the metadata


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_csv_as_rfc_4180_has_it(name: str, folder: Path) -> None:
    data = (folder / f"{name}.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8").split("\r\n")
    assert lines.pop() == ""
    assert not [line for line in lines if "\r" in line or "\n" in line]
    assert lines[0] == ",".join(column.name for column in TABLES[name].columns)


def test_csvw_reads_every_table_without_a_warning(
    folder: Path, rows: dict[str, list[dict[str, str]]]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        described = CSVW(str(folder / tables.METADATA), validate=True)
        assert described.is_valid, [str(warning.message) for warning in described.warnings]
        for table in described.tables:
            name = str(table.url).removesuffix(".csv")
            read = list(table.iterdicts(strict=True))
            assert len(read) == len(rows[name])
            for typed, row in zip(read, rows[name], strict=True):
                assert typed.keys() == row.keys()
                for column in TABLES[name].columns:
                    _same(column, typed[column.name], row[column.name])


def _same(column: Column, typed: Any, cell: str) -> None:
    """Check that csvw made of *cell* what its datatype says, and lost nothing of it."""
    if column.many:
        assert typed == ([] if not cell else _typed(column, typed, cell.split("|")))
    elif not cell:
        assert typed is None
    else:
        assert _typed(column, [typed], [cell])


def _typed(column: Column, values: list[Any], texts: list[str]) -> list[Any]:
    for value, text in zip(values, texts, strict=True):
        if column.datatype in DOWNLOADED:
            assert isinstance(value, DOWNLOADED[column.datatype])
        shown = (
            value.unsplit()
            if hasattr(value, "unsplit")
            else value.isoformat()[:10]
            if column.datatype == "date"
            else str(value)
        )
        if column.datatype == "duration":
            assert value is not None
        else:
            assert shown.lower() == text.lower() if column.datatype == "boolean" else shown == text
    return values


def test_the_validator_that_others_run_is_content(folder: Path) -> None:
    script = "import sys; from csvw.__main__ import csvwvalidate; sys.exit(csvwvalidate())"
    done = subprocess.run(
        [sys.executable, "-c", script, "--verbose", folder / tables.METADATA],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OK" in done.stdout


def test_the_metadata_names_the_release_the_licence_and_what_veiled_means(
    folder: Path, archive: kg.Archive
) -> None:
    said = json.loads((folder / tables.METADATA).read_bytes())
    assert said["@context"][0] == "http://www.w3.org/ns/csvw"
    assert said["dc:identifier"] == archive.manifest.id
    assert said["dc:license"] == {"@id": archive.manifest.licence}
    assert said["dc:source"] == {"@id": archive.base.dataset}
    assert "veiled" in said["dc:description"]
    for table in said["tables"]:
        [visibility] = [c for c in table["tableSchema"]["columns"] if c["name"] == "visibility"]
        assert "hides it until a reader asks" in visibility["dc:description"]
        assert visibility["propertyUrl"] == KG + "visibility"
        assert visibility["valueUrl"].replace("{visibility}", "veiled") == KG + "veiled"


def test_every_column_that_refers_to_a_table_is_a_foreign_key_here(folder: Path) -> None:
    said = json.loads((folder / tables.METADATA).read_bytes())
    keys = {
        (table["url"], key["columnReference"], key["reference"]["resource"])
        for table in said["tables"]
        for key in table["tableSchema"].get("foreignKeys", ())
    }
    assert keys == {
        (table.file, column.name, f"{column.refers}.csv")
        for table in TABLES.values()
        for column in table.columns
        if column.refers and column.datatype == "anyURI"
    }
    assert ("claims.csv", "passages", "passages.csv") in keys


def test_a_property_in_the_metadata_is_one_of_the_model(folder: Path, engine: ox.Store) -> None:
    said = json.loads((folder / tables.METADATA).read_bytes())
    used = {row[0].value for row in select(engine, "{ SELECT DISTINCT ?p WHERE { ?s ?p ?o } }")}
    known = used | {
        row[0].value for row in select(engine, "{ SELECT DISTINCT ?p WHERE { ?p rdfs:label ?label } }")
    }
    found = {
        column["propertyUrl"]
        for table in said["tables"]
        for column in table["tableSchema"]["columns"]
        if "propertyUrl" in column
    }
    assert len(found) > 50
    assert found - known == {VOCABULARIES["skos"] + "closeMatch"}  # for data that have one


def test_no_cell_but_a_number_would_be_taken_for_a_formula_here(
    rows: dict[str, list[dict[str, str]]],
) -> None:
    found = {
        (table.name, column.name)
        for table in TABLES.values()
        for column in table.columns
        for row in rows[table.name]
        if row[column.name][:1] in tuple("=+-@\t\r")
    }
    assert found <= {("places", "longitude"), ("places", "latitude")}


# The other ways to get them


def test_the_library_gives_the_bytes_of_the_release(folder: Path, archive: kg.Archive) -> None:
    files = archive.files(CSV)
    assert list(files) == list(tables.NAMES)
    assert {name: (folder / name).read_bytes() for name in files} == files


def test_another_base_gives_what_a_build_on_that_base_gives(archive: kg.Archive) -> None:
    base = Base("https://archive.example/holdings/1990/")
    moved, built = archive.files(CSV, base=base), kg.open(collection.built(base.iri))
    expected = built.files(CSV)
    assert b"attest.example" not in b"".join(moved.values())
    ids = (archive.manifest.id.encode(), built.manifest.id.encode())
    expected[tables.METADATA] = expected[tables.METADATA].replace(ids[1], ids[0])
    assert moved == expected


def test_a_format_of_the_whole_dataset_has_no_such_files(archive: kg.Archive) -> None:
    for format in (TURTLE, JSON):
        with pytest.raises(kg.NotAcceptable, match=format.name):
            archive.files(format)


# The documentation


@pytest.mark.parametrize("name", TABLES)
def test_the_documentation_lists_exactly_the_columns_that_are_written(name: str, folder: Path) -> None:
    assert documented.section(TABLES[name]) in DOCUMENT
    part = DOCUMENT.partition(f"## {name}.csv\n")[2].partition("\n## ")[0]
    columns = re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)
    header = next(csv.reader(io.StringIO((folder / f"{name}.csv").read_text("utf-8"), newline="")))
    assert columns == header


def test_the_example_in_python_runs_as_it_stands(folder: Path, tmp_path: Path) -> None:
    [example] = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    (tmp_path / "tables").symlink_to(folder)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "at least 32 dead" in done.stdout
    assert "Caption of photograph 12" in done.stdout
