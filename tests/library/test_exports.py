"""Exports: the whole dataset in each format, read back by two other readers, on any base; the release stays as it is."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph

import collection
import kg
from kg.formats import CSV, EXPORTS, GEO_JSON, HTML
from kg.names import Base

OTHER = "https://archive.example/holdings/1990/"
RDFLIB = {"nt": "nt", "nq": "nquads", "ttl": "turtle", "trig": "trig", "jsonld": "json-ld", "rdf": "xml"}


def exported(archive: kg.Archive, suffix: str, base: Base | None = None) -> bytes:
    out = io.BytesIO()
    archive.export(EXPORTS[suffix], out, base=base)
    return out.getvalue()


@pytest.mark.parametrize("suffix", EXPORTS)
def test_pyoxigraph_reads_back_exactly_the_dataset(archive: kg.Archive, suffix: str) -> None:
    format = EXPORTS[suffix]
    found = list(ox.parse(exported(archive, suffix), format=format.rdf))
    expected = set(archive.quads())
    assert len(expected) == archive.manifest.counts["quads"]
    if format.dataset:
        assert set(found) == expected
    else:
        assert {quad.triple for quad in found} == {quad.triple for quad in expected}
    assert len(found) == len(set(found))


@pytest.fixture(scope="module")
def expected(archive: kg.Archive) -> Dataset:
    """The dataset as rdflib reads it, which no test changes."""
    assert archive.directory
    data = Dataset()
    data.parse(archive.directory / "quads.nq", format="nquads")
    return data


@pytest.mark.parametrize("suffix", EXPORTS)
def test_rdflib_reads_back_the_dataset_by_value(archive: kg.Archive, expected: Dataset, suffix: str) -> None:
    if EXPORTS[suffix].dataset:
        found = Dataset()
        found.parse(data=exported(archive, suffix), format=RDFLIB[suffix])
        assert set(found.quads((None, None, None, None))) == set(expected.quads((None, None, None, None)))
    else:
        graph = Graph().parse(data=exported(archive, suffix), format=RDFLIB[suffix])
        assert set(graph) == {quad[:3] for quad in expected.quads((None, None, None, None))}


@pytest.mark.parametrize("suffix", EXPORTS)
def test_an_export_is_the_download_and_the_same_every_time(archive: kg.Archive, suffix: str) -> None:
    assert archive.directory
    first = exported(archive, suffix)
    assert first == exported(kg.open(archive.directory), suffix)
    assert first == exported(archive, suffix, archive.base)
    assert first == (archive.directory / "downloads" / f"dataset.{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", EXPORTS)
def test_another_base_gives_what_a_build_on_that_base_gives(archive: kg.Archive, suffix: str) -> None:
    moved = exported(archive, suffix, Base(OTHER))
    assert b"attest.example" not in moved
    assert moved == exported(kg.open(collection.built(OTHER)), suffix)


def test_what_is_no_export(archive: kg.Archive) -> None:
    for format in (HTML, CSV, GEO_JSON):
        out = io.BytesIO()
        with pytest.raises(kg.NotAcceptable) as raised:
            archive.export(format, out)
        assert "text/turtle" in raised.value.available
        assert out.getvalue() == b""


def digests(directory: Path) -> dict[str, tuple[str, int]]:
    return {
        path.relative_to(directory).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in directory.rglob("*")
        if path.is_file()
    }


def ask(archive: kg.Archive, number: int) -> tuple[object, ...]:
    """Everything that a reader does, with the answers."""
    names = list(archive.catalog)
    query = names[number % len(names)]
    return (
        archive.query(query).compact(),
        archive.claims(event="baku-1990-01"),
        str(archive.why("event:baku-1990-01")),
        archive.events(),
        hashlib.sha256(exported(archive, "nq")).hexdigest(),
        len(archive.rdflib().query("SELECT ?s { ?s a <https://schema.org/Place> }")),
        archive.answer("ASK { ?s ?p ?o }"),
    )


def test_reading_writes_nothing(releases: Path) -> None:
    before = digests(releases)
    archive = kg.open(releases)
    ask(archive, 0)
    for update in ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "CLEAR ALL", "LOAD <file:///etc/hostname>"):
        with pytest.raises(kg.QueryError):
            archive.answer(update)
    assert digests(releases) == before


def test_several_threads_may_ask_one_archive(releases: Path) -> None:
    alone = [ask(kg.open(releases), number) for number in range(5)]
    archive = kg.open(releases)
    with ThreadPoolExecutor(5) as pool:
        together = list(pool.map(ask, [archive] * 10, list(range(5)) * 2))
    assert together == alone * 2
