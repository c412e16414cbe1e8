from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import manifest
from kg.errors import StoreError
from kg.manifest import File, Graph, Manifest, reading
from kg.release import seal

BASE = "https://archive.example/baku/"


def listed(directory: Path, path: str, content: bytes, media_type: str = "application/n-quads") -> File:
    target = directory / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return File(path, *manifest.digest(target), media_type)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    directory = tmp_path / "release"
    files = [
        listed(directory, "quads.nq", b"<a:s> <a:p> <a:o> .\n"),
        listed(directory, "downloads/dataset.nt", b"<a:s> <a:p> <a:o> .\n", "application/n-triples"),
    ]
    seal(
        directory,
        Manifest(
            title='January 1990 "in" Baku',
            base=BASE,
            version="0.1.0",
            description="Who said what",
            licence="https://creativecommons.org/licenses/by/4.0/",
            profiles=("attest",),
            date="2026-11-23",
            counts={"quads": 1, "triples": 1, "claims": 0},
            findings={"warning": 2},
            graphs=(Graph("", 0), Graph(BASE + "graph/entities", 1, "Entities")),
            inputs={"kg.toml": "0" * 64},
            tools={"pyoxigraph": "0.5.13"},
        ),
        files,
    )
    return directory


def edit(directory: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = directory / "manifest.json"
    values = json.loads(path.read_text())
    change(values)
    path.write_text(json.dumps(values))


def test_reading_gives_what_was_written(release: Path) -> None:
    found = manifest.read(release)
    assert found.title == 'January 1990 "in" Baku'
    assert found.profiles == ("attest",)
    assert [file.path for file in found.files] == ["downloads/dataset.nt", "manifest.ttl", "quads.nq"]
    assert found.to_json() == (release / "manifest.json").read_text()
    assert manifest.verify(release) == found


def test_json_has_sorted_keys_two_spaces_and_a_last_newline(release: Path) -> None:
    text = (release / "manifest.json").read_text()
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def test_turtle_describes_each_download_without_blank_nodes(release: Path) -> None:
    graph = ox.Store()
    graph.bulk_load(path=release / "manifest.ttl", format=ox.RdfFormat.TURTLE)
    assert not [q for q in graph if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)]
    rows = graph.query(
        """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX spdx: <http://spdx.org/rdf/terms#> PREFIX void: <http://rdfs.org/ns/void#>
        SELECT ?dataset ?id ?triples ?url ?size ?sum ?type ?licence { ?dataset a dcat:Dataset, void:Dataset ;
          dcterms:identifier ?id ; void:triples ?triples ; dcterms:license ?licence ; dcat:distribution ?d .
          ?d a dcat:Distribution ; dcat:downloadURL ?url ; dcat:byteSize ?size ; dcat:mediaType ?type ;
          dcterms:license ?licence ; spdx:checksum [ spdx:checksumValue ?sum ;
          spdx:algorithm spdx:checksumAlgorithm_sha256 ] }"""
    )
    found = manifest.read(release)
    file = found.file("downloads/dataset.nt")
    assert file is not None
    assert [[term.value for term in row] for row in rows] == [
        [
            BASE + "dataset",
            found.id,
            "1",
            BASE + "download/dataset.nt",
            str(file.size),
            file.sha256,
            "https://www.iana.org/assignments/media-types/application/n-triples",
            "https://creativecommons.org/licenses/by/4.0/",
        ]
    ]


def test_the_id_follows_the_data_the_inputs_and_the_settings_but_no_other_file(release: Path) -> None:
    found = manifest.read(release)
    quads = found.file("quads.nq")
    assert quads is not None
    assert found.with_files((quads,)).id == found.id
    assert found.with_files((replace(quads, sha256="1" * 64),)).id != found.id
    assert replace(found, inputs={"kg.toml": "1" * 64}).fingerprint() != found.id
    assert replace(found, default_graph="strict").fingerprint() != found.id


@pytest.mark.parametrize("name", ["quads.nq", "downloads/dataset.nt", "manifest.ttl"])
@pytest.mark.parametrize("damage", ["flipped bit", "one byte more", "emptied", "absent", "link"])
def test_verification_names_the_damaged_file(release: Path, name: str, damage: str) -> None:
    path = release / name
    content = path.read_bytes()
    if damage == "flipped bit":
        path.write_bytes(content[:-3] + bytes([content[-3] ^ 1]) + content[-2:])
    elif damage == "one byte more":
        path.write_bytes(content + b"\n")
    elif damage == "emptied":
        path.write_bytes(b"")
    elif damage == "absent":
        path.unlink()
    else:
        path.rename(release / "elsewhere")
        path.symlink_to(release / "elsewhere")
    with pytest.raises(StoreError, match=name) as caught:
        manifest.verify(release)
    assert caught.value.remedy == "run kg build"


def test_verification_names_a_file_that_cannot_be_read(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> tuple[int, str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(reading, "digest", refuse)
    with pytest.raises(StoreError, match=r"/[\w./-]+ cannot be read: Permission denied$") as caught:
        manifest.verify(release)
    assert caught.value.remedy == "run kg build"


def test_verification_sees_a_manifest_changed_by_hand(release: Path) -> None:
    edit(release, lambda values: values["counts"].update(claims=9))
    assert manifest.read(release).counts["claims"] == 9
    with pytest.raises(StoreError, match=r"manifest\.json is damaged: its id"):
        manifest.verify(release)


def test_a_newer_format_is_refused_with_both_ways_out(release: Path) -> None:
    edit(release, lambda values: values.update(format=3, files="in another form"))
    with pytest.raises(StoreError, match="has the format 3, and this kg reads the format 2") as caught:
        manifest.read(release)
    assert caught.value.remedy == "upgrade attest-kg, or run kg build with this one"


def test_a_key_of_a_later_kg_is_passed_over(release: Path) -> None:
    edit(release, lambda values: values.update(contact="somebody"))
    assert manifest.verify(release).title


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v: v.pop("title"), "the manifest has no 'title'"),
        (lambda v: v.update(title=1), "'title' of the manifest has a wrong type"),
        (lambda v: v.update(format="1"), "'format' of the manifest has a wrong type"),
        (lambda v: v.update(format=True), "'format' of the manifest has a wrong type"),
        (lambda v: v.update(format=0), "'format' is 0"),
        (lambda v: v.update(id="../../etc/xx"), "'id' is"),
        (lambda v: v.update(default_graph="named"), "'default_graph' is 'named'"),
        (lambda v: v.update(base="archive.example"), "the base 'archive.example'"),
        (lambda v: v.update(counts={"quads": -1}), "'counts' of the manifest has a wrong type"),
        (lambda v: v.update(profiles="attest"), "'profiles' of the manifest has a wrong type"),
        (lambda v: v.update(graphs=[{"iri": "x"}]), "a graph has no 'title'"),
        (lambda v: v["files"].pop(), "does not list quads.nq"),
        (lambda v: v["files"].append(v["files"][0]), "lists a file twice"),
        (lambda v: v["files"][0].update(sha256="A" * 64), "the SHA-256 of"),
        (lambda v: v["files"][0].update(size=1.5), "'size' of a file has a wrong type"),
        (lambda v: v["files"].append(1), "'files' of the manifest has a wrong type"),
    ],
)
def test_a_wrong_form_is_damage_and_said(
    release: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    edit(release, change)
    with pytest.raises(StoreError, match=r"manifest\.json is damaged") as caught:
        manifest.read(release)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "a/../../x", "a//b", "", ".", "a\\b", "c:x", ".hidden", "a/", "a\0b"]
)
def test_a_path_that_leads_out_is_refused(release: Path, path: str) -> None:
    assert not manifest.is_relative(path)
    edit(release, lambda values: values["files"][0].update(path=path))
    with pytest.raises(StoreError, match="leads out of the release"):
        manifest.read(release)


@given(st.text())
def test_a_path_called_relative_stays_below(path: str) -> None:
    if manifest.is_relative(path):
        root = Path("/root-of-release")
        assert (root / path).is_relative_to(root)
        assert ".." not in (root / path).parts


@given(
    st.one_of(
        st.binary(), st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
    )
)
def test_any_other_bytes_are_a_clear_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    directory = tmp_path_factory.mktemp("damaged")
    (directory / "manifest.json").write_bytes(content)
    with pytest.raises(StoreError, match=r"manifest\.json (is damaged|cannot be read)"):
        manifest.read(directory)


def test_nesting_too_deep_for_the_reader_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"[" * 200_000)
    with pytest.raises(StoreError, match="cannot be read"):
        manifest.read(tmp_path)


def test_current_is_the_named_release_or_the_directory_itself(release: Path) -> None:
    (release.parent / "CURRENT").write_text("release\n")
    assert manifest.current(release.parent) == release
    assert manifest.current(release) == release


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"absent\n", "names the release absent, which is absent"),
        (b"", "does not hold the name of a release"),
        (b"../release\n", "does not hold the name of a release"),
        (b"sub/release\n", "does not hold the name of a release"),
        (b"release\nrelease\n", "does not hold the name of a release"),
        (b".\n", "does not hold the name of a release"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_current_that_names_no_release_is_refused(release: Path, content: bytes, said: str) -> None:
    (release.parent / "CURRENT").write_bytes(content)
    with pytest.raises(StoreError, match=said) as caught:
        manifest.current(release.parent)
    assert caught.value.remedy == "run kg build"


def test_no_release_says_what_to_do(tmp_path: Path) -> None:
    for attempt in (manifest.current, manifest.read, manifest.verify):
        with pytest.raises(StoreError) as caught:
            attempt(tmp_path)
        assert caught.value.remedy == "run kg build"
