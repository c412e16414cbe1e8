"""``/download/``: what the manifest lists, byte for byte, and nothing else."""

from __future__ import annotations

import hashlib
import re
import shutil
import warnings
from pathlib import Path

import httpx
import pytest
from csvw import CSVW

import collection
import kg
import running
from kg import tables


def test_every_listed_file_byte_for_byte(client: httpx.Client, archive: kg.Archive) -> None:
    listing = client.get("/download/").text
    for file in archive.manifest.files:
        name = file.path.removeprefix("downloads/")
        answer = client.get(f"/download/{name}", headers={"Accept-Encoding": "identity"})
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == file.sha256
        assert answer.headers["content-length"] == str(file.size)
        assert answer.headers["content-type"].split(";")[0] == file.media_type
        assert answer.headers["etag"] == f'"{file.sha256}"'
        assert file.sha256 in listing
        assert f'href="/download/{name}"' in listing


def test_the_list_says_what_each_file_is_under_its_heading(client: httpx.Client) -> None:
    page = client.get("/download/").text
    parts = re.split("<h2>(.+?)</h2>", page)
    groups = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(groups)[:3] == ["The dataset", "Tables", "Places"]
    listed = {title: re.findall('href="/download/([^"]+)"', part) for title, part in groups.items()}
    assert listed["The dataset"] == [
        f"dataset.{suffix}" for suffix in ("ttl", "trig", "nt", "nq", "jsonld", "rdf")
    ]
    assert listed["Tables"] == [f"tables/{name}" for name in tables.NAMES]
    assert listed["Places"] == ["places.geojson"]
    assert sum(map(len, listed.values())) == len({name for names in listed.values() for name in names})
    assert "quads.nq" in listed["Everything else in the release"]
    for table in tables.TABLES:
        assert table.about in groups["Tables"]
    assert "may take one for a formula" in groups["Tables"]
    assert "veiled" in groups["Tables"]
    assert "Linked Places" in groups["Places"]
    assert "RDF/XML" in groups["The dataset"]


def test_a_release_without_tables_and_places_has_no_such_headings(tmp_path: Path) -> None:
    archive = running.release(tmp_path, "<urn:a> <urn:p> <urn:b> .", base="http://data.example/")
    with running.serving(archive) as url:
        page = httpx.get(f"{url}/download/").text
    assert re.findall("<h2>(.+?)</h2>", page)[0] == "The dataset"
    assert "Tables" not in page
    assert "places.geojson" not in page


def test_a_reader_of_csv_on_the_web_finds_the_metadata_from_a_table(url: str) -> None:
    """From the address of one table alone: the metadata stand at the place where the specification looks for them."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        described = CSVW(f"{url}/download/tables/claims.csv", validate=True)
        assert described.is_valid, [str(warning.message) for warning in described.warnings]
    assert [str(table.url) for table in described.tables] == [table.file for table in tables.TABLES]
    claim = next(each for each in described.tables[0] if each["passages"])
    assert claim["passages"][0].unsplit().startswith("https://attest.example/baku-1990/id/passage/")


def test_unchanged(client: httpx.Client) -> None:
    plain = {"Accept-Encoding": "identity"}
    etag = client.get("/download/dataset.nt", headers=plain).headers["etag"]
    for header in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        answer = client.get("/download/dataset.nt", headers={"If-None-Match": header} | plain)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
    assert client.get("/download/dataset.nt", headers={"If-None-Match": '"x"'}).status_code == 200


def test_part(client: httpx.Client) -> None:
    whole = client.get("/download/dataset.nt").content
    part = client.get("/download/dataset.nt", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole[10:20])
    beyond = client.get("/download/dataset.nt", headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416


@pytest.fixture
def copied(tmp_path: Path) -> kg.Archive:
    return kg.open(shutil.copytree(collection.built(), tmp_path / "releases"))


def test_a_file_that_is_not_the_listed_one_is_not_given(
    copied: kg.Archive, caplog: pytest.LogCaptureFixture
) -> None:
    assert copied.directory is not None
    downloads = copied.directory / "downloads"
    secret = copied.directory.parent / "secret"
    secret.write_bytes((downloads / "dataset.ttl").read_bytes())
    (downloads / "dataset.ttl").unlink()
    (downloads / "dataset.ttl").symlink_to(secret)
    (downloads / "dataset.nt").unlink()
    with (downloads / "dataset.nq").open("ab") as file:
        file.write(b"more")
    with running.serving(copied) as url, httpx.Client(base_url=url) as client:
        for name in ("dataset.ttl", "dataset.nt", "dataset.nq"):
            answer = client.get(f"/download/{name}")
            assert answer.status_code == 500
            assert answer.text == "this server could not answer; its log says why\n"
    assert [name in caplog.text for name in ("dataset.ttl", "dataset.nt", "dataset.nq")] == [True] * 3
    assert str(copied.directory) in caplog.text


def test_an_unexpected_error_is_one_sentence(
    copied: kg.Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("kg.web.downloads.os.lstat", fail)
    with running.serving(copied) as url, httpx.Client(base_url=url) as client:
        answer = client.get("/download/dataset.ttl")
    assert answer.status_code == 500
    assert answer.text == "this server could not answer; its log says why\n"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "a secret of the inside" in caplog.text
