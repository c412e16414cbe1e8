"""kg.open: a release, a directory of releases, a project, or what comes with the package."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import kg
from kg import bundle, manifest


@pytest.fixture
def project(releases: Path, tmp_path: Path) -> Path:
    shutil.copytree(releases, tmp_path / "build")
    (tmp_path / "kg.toml").touch()
    return tmp_path


def test_a_release_a_directory_of_releases_and_a_project_give_the_same(project: Path) -> None:
    current = manifest.current(project / "build")
    for path in (current, project / "build", project, str(project)):
        archive = kg.open(path)
        assert archive.directory == current
        assert archive.manifest.id == current.name
        assert archive.claim("asbarez-c02-s2-01").amount == 32
        assert archive.manifest.id in repr(archive)


def test_without_a_path_the_bundle_is_opened(
    releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "kg"
    shutil.copytree(manifest.current(releases), package / "_bundle")
    monkeypatch.setattr(bundle, "__file__", str(package / "bundle.py"))
    assert kg.open().directory == package / "_bundle"


def test_without_a_path_a_checkout_opens_its_current_release(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "__file__", str(project / "src" / "kg" / "bundle.py"))
    assert kg.open().directory == manifest.current(project / "build")
    shutil.rmtree(project / "build")
    with pytest.raises(kg.StoreError) as raised:
        kg.open()
    assert "kg build" in raised.value.remedy


def test_an_installation_without_a_collection_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "__file__", str(tmp_path / "lib" / "kg" / "bundle.py"))
    with pytest.raises(kg.StoreError, match="no bundled collection") as raised:
        kg.open()
    assert "kg.open(" in raised.value.remedy


def test_what_cannot_be_opened(project: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    unbuilt = tmp_path / "unbuilt"
    unbuilt.mkdir()
    (unbuilt / "kg.toml").touch()
    for path, said, remedy in (
        (tmp_path / "absent", "no such directory", "kg build"),
        (empty, "no release", "kg build"),
        (unbuilt, "no release", "kg build"),
        (project / "kg.toml", "is a file", "--data FILE"),
    ):
        with pytest.raises(kg.StoreError, match=said) as raised:
            kg.open(path)
        assert remedy in raised.value.remedy
        assert str(path) in str(raised.value)


def damaged_quads(release: Path) -> None:
    path = release / "quads.nq"
    path.write_bytes(path.read_bytes()[:-300])


def no_quads(release: Path) -> None:
    (release / "quads.nq").unlink()


def no_manifest(release: Path) -> None:
    (release / "manifest.json").unlink()


def torn_manifest(release: Path) -> None:
    path = release / "manifest.json"
    path.write_bytes(path.read_bytes()[:100])


def newer_format(release: Path) -> None:
    path = release / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": manifest.FORMAT + 1}))


@pytest.mark.parametrize("damage", [damaged_quads, no_quads, no_manifest, torn_manifest, newer_format])
def test_a_damaged_release_is_refused(damage: object, project: Path) -> None:
    release = manifest.current(project / "build")
    for path in release.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    damage(release)  # type: ignore[operator]
    with pytest.raises(kg.StoreError) as raised:
        kg.open(project)
    assert "kg build" in raised.value.remedy
    assert release.name in str(raised.value)
