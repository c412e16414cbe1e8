"""kg export: to a file and to standard output, whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import BinaryIO

import pytest
from commands import kg

import kg as library
from kg import archive, manifest, opening, tables
from kg.formats import EXPORTS
from kg.store import EmbeddedStore


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two invented statements."""
    from kg import building
    from kg.project import Project

    place = tmp_path_factory.mktemp("small")
    file = place / "data.trig"
    file.write_text('<urn:a> <urn:b> "Ярмарка"@ru . <urn:g> { <urn:a> <urn:b> <urn:c> }', encoding="utf-8")
    building.build(Project.adhoc([file]), place / "out")
    return place / "out"


@pytest.mark.parametrize("suffix", EXPORTS)
def test_to_a_file_and_to_standard_output(
    suffix: str, release: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / f"collection.{suffix}"
    outcome = kg(capsys, "export", "--format", suffix, "-o", file, "--release", release)
    assert (outcome.code, outcome.all) == (0, "")
    printed = kg(capsys, "export", "--format", suffix, "--release", release)
    assert printed.code == 0
    assert printed.err == ""
    assert printed.out.encode() == file.read_bytes()
    assert kg(capsys, "export", "--format", suffix, "-o", "-", "--release", release) == printed
    assert file.read_bytes() == (manifest.current(release) / "downloads" / f"dataset.{suffix}").read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("end", ["gz", "zst"])
def test_the_name_tells_the_format_and_that_it_is_compressed(
    end: str, small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    plain = kg(capsys, "export", "--format", "ttl", "-r", small).out.encode()
    reader = [
        sys.executable,
        "-c",
        "import gzip, sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())",
    ]
    if end == "zst":
        reader = ["zstd", "-dcq"]
        if shutil.which("zstd") is None:
            pytest.skip("zstd is not installed")
    for name, given in (
        (f"x.ttl.{end}", []),
        (f"y.TTL.{end.upper()}", []),
        (f"z.{end}", ["--format", "ttl"]),
    ):
        file = tmp_path / name
        outcome = kg(capsys, "export", *given, "-o", file, "-r", small)
        assert (outcome.code, outcome.all) == (0, "")
        assert subprocess.run([*reader, file], check=True, capture_output=True).stdout == plain
        assert file.read_bytes() == (tmp_path / f"x.ttl.{end}").read_bytes()
    assert kg(capsys, "export", "-o", tmp_path / "x.nt", "-r", small).code == 0
    assert (tmp_path / "x.nt").read_text("utf-8").startswith("<urn:a> <urn:b> ")


@pytest.mark.parametrize("name", ["x", "x.gz", "x.xls.zst", "-"])
def test_a_name_that_tells_no_format(
    name: str, small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    outcome = kg(capsys, "export", "-o", name if name == "-" else tmp_path / name, "-r", small)
    assert (outcome.code, outcome.out) == (2, "")
    assert "give --format, one of nt, nq, ttl" in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", [*EXPORTS, "csv"])
def test_an_export_loads_no_store(
    suffix: str,
    release: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def loading(*_: object, **__: object) -> None:
        raise AssertionError("a store was loaded")

    monkeypatch.setattr(EmbeddedStore, "open", loading)
    target = tmp_path / "out"
    assert kg(capsys, "export", "--format", suffix, "-o", target, "--release", release).code == 0
    moved = kg(
        capsys, "export", "--format", suffix, "-o", target, "--base", "https://a.example/", "-r", release
    )
    assert moved.code == 0
    with pytest.raises(AssertionError, match="a store was loaded"):
        opening.deferred(release).claims()


def test_an_archive_that_is_opened_for_copies_answers_as_any_other(release: Path) -> None:
    archive, other = opening.deferred(release), library.open(release)
    assert len(archive.store) == len(other.store)
    assert archive.claims(event="baku-1990-01") == other.claims(event="baku-1990-01")


@pytest.mark.parametrize("suffix", [*EXPORTS, "csv"])
def test_a_damaged_release_is_not_copied(
    suffix: str, small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shutil.copytree(manifest.current(small), tmp_path / "release")
    with (tmp_path / "release" / "quads.nq").open("ab") as file:
        file.write(b"<urn:z> <urn:b> <urn:c> .\n")
    (tmp_path / "x").mkdir()
    for base in ([], ["--base", "https://a.example/"]):
        outcome = kg(
            capsys, "export", "--format", suffix, "-o", tmp_path / "x" / "f.zip", *base, "-r", tmp_path / "release"
        )  # fmt: skip
        assert outcome.code == 4
        assert "quads.nq is damaged: it is not what the manifest lists" in outcome.err
        assert list((tmp_path / "x").iterdir()) == []


def test_on_another_base(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = kg(
        capsys, "export", "--format", "ttl", "--base", "https://archive.example/b/", "--release", release
    )
    assert outcome.code == 0
    assert "@prefix event: <https://archive.example/b/id/event/> ." in outcome.out
    assert "attest.example" not in outcome.out


def test_the_mode_of_the_file_is_the_usual_one(
    small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = os.umask(0o027)
    try:
        assert kg(capsys, "export", "--format", "nq", "-o", tmp_path / "x.nq", "--release", small).code == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x.nq").stat().st_mode) == 0o640


def test_a_link_stays_a_link(small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "kept" / "x.nq"
    target.parent.mkdir()
    (tmp_path / "link.nq").symlink_to(target)
    assert kg(capsys, "export", "--format", "nq", "-o", tmp_path / "link.nq", "--release", small).code == 0
    assert (tmp_path / "link.nq").is_symlink()
    assert target.read_text(encoding="utf-8").count("\n") == 2


def test_a_pipe_and_a_device_are_written_as_they_are(
    small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    assert kg(capsys, "export", "--format", "nq", "-o", pipe, "--release", small).code == 0
    assert reader.communicate(timeout=30)[0].count("\n") == 2
    assert pipe.is_fifo()
    null = tmp_path / "null"
    null.symlink_to("/dev/null")
    assert kg(capsys, "export", "--format", "nq", "-o", null, "--release", small).code == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), RuntimeError("a defect"), KeyboardInterrupt()],
)
@pytest.mark.parametrize("name", ["x.nq", "x.nq.gz", "x.nq.zst"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    name: str,
    failure: BaseException,
    small: Path,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(_self: object, _format: object, out: BinaryIO, **_: object) -> int:
        out.write(b"half of it")
        raise failure

    monkeypatch.setattr(archive.Archive, "export", failing)
    file = tmp_path / name
    file.write_text("the old one", encoding="utf-8")
    outcome = kg(capsys, "export", "--format", "nq", "-o", file, "--release", small)
    assert outcome.code != 0
    assert file.read_text(encoding="utf-8") == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    if isinstance(failure, OSError):
        assert outcome.code == 3
        assert f"{file}: No space left on device" in outcome.err


def test_where_nothing_can_be_written(
    small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for output, said in ((tmp_path / "absent" / "x.nq", "x.nq: No such file"), (tmp_path, "Is a directory")):
        outcome = kg(capsys, "export", "--format", "nq", "-o", output, "--release", small)
        assert outcome.code == 3
        assert said in outcome.err
        assert ".part" not in outcome.err
    assert kg(capsys, "export", "--format", "xls", "--release", small).code == 2
    assert kg(capsys, "export", "--release", small).code == 2
    assert kg(capsys, "export", "--format", "nq", "--base", "nowhere", "--release", small).code == 2


# Places, and tables, which are several files


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def downloads(release: Path) -> Path:
    return manifest.current(release) / "downloads"


def test_places_go_to_a_file_and_to_standard_output(
    release: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    outcome = kg(capsys, "export", "--format", "geojson", "-o", tmp_path / "p.geojson", "-r", release)
    assert (outcome.code, outcome.all) == (0, "")
    expected = (downloads(release) / "places.geojson").read_bytes()
    assert (tmp_path / "p.geojson").read_bytes() == expected
    assert kg(capsys, "export", "--format", "geojson", "-r", release).out.encode() == expected
    moved = kg(capsys, "export", "--format", "geojson", "--base", "https://archive.example/b/", "-r", release)
    assert '"@id": "https://archive.example/b/id/place/baku"' in moved.out
    assert "attest.example" not in moved.out


def test_tables_go_to_a_directory_which_is_made(
    release: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "tables"
    outcome = kg(capsys, "export", "--format", "csv", "-o", target, "-r", release)
    assert (outcome.code, outcome.all) == (0, "")
    assert names(target) == sorted(tables.NAMES)
    for name in tables.NAMES:
        assert (target / name).read_bytes() == (downloads(release) / "tables" / name).read_bytes()
    assert names(tmp_path) == ["tables"]
    base = "https://archive.example/b/"
    assert kg(capsys, "export", "--format", "csv", "-o", target, "--base", base, "-r", release).code == 0
    assert b"attest.example" not in (target / "claims.csv").read_bytes()


def test_tables_replace_those_of_an_earlier_export_and_leave_all_else(
    release: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert kg(capsys, "export", "--format", "csv", "-o", tmp_path, "-r", release).code == 0
    (tmp_path / "claims.csv").write_text("old", encoding="utf-8")
    assert kg(capsys, "export", "--format", "csv", "-o", tmp_path, "-r", release).code == 0
    assert names(tmp_path) == sorted([*tables.NAMES, "notes.txt"])
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    expected = (downloads(release) / "tables" / "claims.csv").read_bytes()
    assert (tmp_path / "claims.csv").read_bytes() == expected


@pytest.mark.parametrize(
    "metadata", [None, "", "[]", '{"tables": 1}', '{"tables": [{"url": "claims.csv"}]}', '{"tables": [1]}']
)
def test_tables_of_somebody_else_are_not_overwritten(
    metadata: str | None, release: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "places.csv").write_text("mine", encoding="utf-8")
    if metadata is not None:
        (tmp_path / "csv-metadata.json").write_text(metadata, encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    outcome = kg(capsys, "export", "--format", "csv", "-o", tmp_path, "-r", release)
    assert outcome.code == 2
    assert "that kg export did not write" in outcome.err
    assert "-o DIR" in outcome.err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_tables_go_to_a_zip(release: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("one.zip", "two.ZIP"):
        assert kg(capsys, "export", "--format", "csv", "-o", tmp_path / name, "-r", release).code == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.ZIP").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == sorted(tables.NAMES)
        for name in archive.namelist():
            assert archive.read(name) == (downloads(release) / "tables" / name).read_bytes()


@pytest.mark.parametrize("output", [None, "-", "claims.csv", "claims.csv.gz", "tables.zst", "file", "null"])
def test_tables_do_not_go_where_one_file_goes(
    output: str | None, release: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "null").symlink_to("/dev/null")
    given = [] if output is None else ["-o", output if output == "-" else tmp_path / output]
    outcome = kg(capsys, "export", "--format", "csv", *given, "-r", release)
    assert (outcome.code, outcome.out) == (2, "")
    assert "csv is several files" in outcome.err
    assert "-o DIR, or a file that ends in .zip" in outcome.err
    assert names(tmp_path) == ["file", "null"]


def test_where_there_is_nothing_to_tabulate_it_says_so(
    small: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for output in ("tables", "tables.zip"):
        outcome = kg(capsys, "export", "--format", "csv", "-o", tmp_path / output, "-r", small)
        assert (outcome.code, outcome.out) == (2, "")
        assert "nothing to tabulate: this release has none of claims, events, people, places" in outcome.err
    outcome = kg(capsys, "export", "--format", "geojson", "-o", tmp_path / "p.geojson", "-r", small)
    assert outcome.code == 2
    assert "this release has no places" in outcome.err
    assert names(tmp_path) == []


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), RuntimeError("a defect"), KeyboardInterrupt()],
)
def test_a_failure_leaves_no_table_in_part(
    failure: BaseException, there: bool, release: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    target = tmp_path / "tables"
    if there:
        assert kg(capsys, "export", "--format", "csv", "-o", target, "-r", release).code == 0
        (target / "events.csv").write_text("old", encoding="utf-8")
    written = Path.write_bytes

    def failing(path: Path, data: bytes) -> int:
        written(path, data[:10])
        if path.name == "people.csv":
            raise failure
        return len(data)

    monkeypatch.setattr(Path, "write_bytes", failing)
    outcome = kg(capsys, "export", "--format", "csv", "-o", target, "-r", release)
    assert outcome.code != 0
    assert names(tmp_path) == (["tables"] if there else [])
    if there:
        assert names(target) == sorted(tables.NAMES)
        assert (target / "events.csv").read_text(encoding="utf-8") == "old"
    if isinstance(failure, OSError):
        assert outcome.code == 3
        assert f"{target}: No space left on device" in outcome.err


def test_tables_have_no_place_in_a_directory_that_is_absent(
    release: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    outcome = kg(capsys, "export", "--format", "csv", "-o", tmp_path / "absent" / "tables", "-r", release)
    assert outcome.code == 3
    assert "tables: No such file or directory" in outcome.err
    assert ".part" not in outcome.err


def shell(command: str, **variables: object) -> subprocess.CompletedProcess[str]:
    environment = (
        os.environ | {name: str(value) for name, value in variables.items()} | {"PYTHON": sys.executable}
    )
    return subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "command", ["export --format nt", "export --format jsonld", "list", "query claims-by-measure --format csv", "why event:baku-1990-01"]
)  # fmt: skip
def test_a_reader_that_goes_early_is_no_failure(command: str, release: Path) -> None:
    done = shell(
        f'"$PYTHON" -m kg {command} --release "$RELEASE" | head -n 1; echo "${{PIPESTATUS[0]}}"',
        RELEASE=release,
    )
    line, code = done.stdout.splitlines()
    assert line
    assert code == "0"
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["export --format nt", "query -"])
def test_a_full_disk_behind_standard_output_is_one(command: str, small: Path) -> None:
    done = shell(
        f'echo "ASK {{}}" | "$PYTHON" -m kg {command} --release "$RELEASE" > /dev/full; echo $?',
        RELEASE=small,
    )
    assert done.stdout == "3\n"
    assert done.stderr == "kg: No space left on device\n"


def test_a_terminal_that_lacks_a_letter_gets_its_code(small: Path) -> None:
    query = "SELECT ?name { ?s ?p ?name FILTER (isLiteral(?name)) }"
    done = shell('"$PYTHON" -m kg query "$QUERY" --format csv --release "$RELEASE"', RELEASE=small, QUERY=query, PYTHONIOENCODING="iso-8859-1")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["name", r"\u042f\u0440\u043c\u0430\u0440\u043a\u0430"]


def test_the_library_gives_the_same(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import io

    out = io.BytesIO()
    count = library.open(release).export(EXPORTS["nq"], out)
    printed = kg(capsys, "export", "--format", "nq", "--release", release).out
    assert out.getvalue().decode() == printed
    assert count == printed.count("\n") == manifest.read(manifest.current(release)).counts["quads"]
