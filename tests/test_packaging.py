"""The package as a stranger gets it: source archive, wheel from it, installed alone, used from elsewhere, offline."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import kg
from kg import manifest
from suites import unpack

ROOT = Path(__file__).resolve().parent.parent
# One worker for this file: each would build the package for itself.
pytestmark = pytest.mark.xdist_group("packaging")


def run(*command: str | Path, cwd: Path) -> str:
    """Run *command* without this process's Python settings and without an index; give what it printed."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))
    }
    environment |= {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packaging")


@pytest.fixture(scope="module")
def python(place: Path) -> Path:
    """An environment that has every dependency of this one, but neither Attest nor its metadata."""
    site, links = Path(sysconfig.get_path("purelib")), place / "site"
    links.mkdir()
    for entry in site.iterdir():
        if "attest_kg" not in entry.name:
            (links / entry.name).symlink_to(entry)
    run(sys.executable, "-m", "venv", "--without-pip", place / "venv", cwd=place)
    python = place / "venv" / "bin" / "python"
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip()
    (Path(purelib) / "dependencies.pth").write_text(f"{links}\n")
    return python


@pytest.fixture(scope="module")
def archive(place: Path, python: Path) -> Path:
    run(python, "-m", "hatchling", "build", "-t", "sdist", "-d", place / "sdist", cwd=ROOT)
    [path] = (place / "sdist").iterdir()
    return path


@pytest.fixture(scope="module")
def wheel(place: Path, python: Path, archive: Path) -> Path:
    run(
        python, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "-w", place / "wheel", archive, cwd=place
    )  # fmt: skip
    [path] = (place / "wheel").iterdir()
    return path


@pytest.fixture(scope="module")
def installed(place: Path, python: Path, wheel: Path) -> Path:
    run(python, "-m", "pip", "install", "--no-deps", wheel, cwd=place)
    (place / "elsewhere").mkdir()
    return python


def test_the_source_archive_holds_what_building_needs_and_no_source_text(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"kg.toml", "hatch_build.py", "pyproject.toml", "LICENSE", "LICENSE-DATA", "NOTICE"} <= names
    assert {"data/baku-1990/entities/events.ttl", "ontology/kg.ttl", "src/kg/py.typed"} <= names
    assert not [name for name in names if name.endswith(".txt") or name == "kg.local.toml"]


def test_the_wheel_holds_a_whole_release_of_text_and_no_downloads(place: Path, wheel: Path) -> None:
    shutil.unpack_archive(wheel, place / "unpacked", "zip")
    bundle = place / "unpacked" / "kg" / "_bundle"
    found = manifest.verify(bundle)
    files = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert files == {file.path for file in found.files} | {"manifest.json", "SHA256SUMS"}
    assert {"quads.nq", "manifest.ttl", "context.jsonld", "index.csv", "ontology/shapes/attest.ttl"} <= files
    assert any(path.startswith("queries/") for path in files)
    assert not any(path.startswith(("downloads/", "store/")) for path in files)
    pages = place / "unpacked" / "kg" / "pages"
    made = (ROOT / "src/kg/pages/static/editor.js").is_file()
    assert (pages / "static" / "editor.js").is_file() == made  # though git ignores it
    assert not (pages / "editor").exists()  # what it is made from, and node_modules
    licences = place / "unpacked" / f"attest_kg-{kg.__version__}.dist-info" / "licenses"
    assert {path.name for path in licences.iterdir()} == {"LICENSE", "LICENSE-DATA", "NOTICE"}


def test_the_installed_command_runs_from_another_directory(place: Path, installed: Path) -> None:
    assert "kg query" in run(installed.parent / "kg", "--help", cwd=place / "elsewhere")
    assert kg.__version__ in run(installed, "-m", "kg", "--version", cwd=place / "elsewhere")


def test_the_installed_library_opens_the_bundled_collection(place: Path, installed: Path) -> None:
    script = "import kg; g = kg.open(); print(kg.__file__); print(g.manifest.id); print(len(g.claims()))"
    file, release, claims = run(installed, "-c", script, cwd=place / "elsewhere").splitlines()
    bundle = place / "unpacked" / "kg" / "_bundle"
    assert Path(file).is_relative_to(place / "venv")
    assert release == manifest.read(Path(file).parent / "_bundle").id
    assert int(claims) > 0
    assert not bundle.exists() or manifest.read(bundle).id == release


def test_the_installed_command_makes_a_collection_that_builds(place: Path, installed: Path) -> None:
    kg_, root = installed.parent / "kg", place / "elsewhere" / "harbour"
    assert "35 files in harbour" in run(kg_, "new", "harbour", cwd=place / "elsewhere")
    assert run(kg_, "validate", cwd=root) == ""
    assert "no findings" in run(kg_, "build", cwd=root)
    text = "data/harbour/sources/tolsey-post-1962-06-16/text.txt"
    assert "6 found, 0 moved, 0 missing" in run(kg_, "verify", text, cwd=root)
    assert "ok       terms and shapes are those of attest-kg" in run(kg_, "doctor", cwd=root)
    assert "Reopening of the footbridge" in run(kg_, "query", "claims-by-measure", cwd=root)


def test_an_editable_install_bundles_nothing(place: Path, python: Path) -> None:
    command = ("-c", "import hatchling.build, sys; print(hatchling.build.build_editable(sys.argv[1]))")
    name = run(python, *command, place, cwd=ROOT).splitlines()[-1]
    with zipfile.ZipFile(place / name) as archive:
        assert not [entry for entry in archive.namelist() if entry.startswith("kg/")]


def test_a_collection_that_does_not_conform_makes_no_wheel(place: Path, python: Path, archive: Path) -> None:
    unpack(archive, place / "broken")
    [root] = (place / "broken").iterdir()
    (root / "data" / "baku-1990" / "entities" / "events.ttl").write_text("@prefix a: <")
    with pytest.raises(AssertionError, match=r"events\.ttl:1") as caught:
        run(python, "-m", "hatchling", "build", "-t", "wheel", "-d", place / "none", cwd=root)
    assert "No wheel without a release" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_the_citation_names_the_edition_of_the_collection() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert citation["version"] == tomllib.loads((ROOT / "kg.toml").read_text())["edition"]
    assert citation["cff-version"] == "1.2.0"


def test_each_lock_is_complete_and_names_no_index() -> None:
    for name in ("run.txt", "dev.txt"):
        lines = (ROOT / "requirements" / name).read_text().splitlines()
        assert not [line for line in lines if "://" in line]
        heads = [number for number, line in enumerate(lines) if not line.startswith(" ")]
        assert all("==" in lines[number] and "--hash=sha256:" in lines[number + 1] for number in heads)
