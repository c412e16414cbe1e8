"""kg export: to a file and to standard output, whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest
from commands import kg

import kg as library
from kg import archive, manifest
from kg.formats import EXPORTS


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
def test_a_failure_leaves_the_old_file_and_nothing_else(
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
    file = tmp_path / "x.nq"
    file.write_text("the old one", encoding="utf-8")
    outcome = kg(capsys, "export", "--format", "nq", "-o", file, "--release", small)
    assert outcome.code != 0
    assert file.read_text(encoding="utf-8") == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["x.nq"]
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
    assert kg(capsys, "export", "--format", "rdf", "--release", small).code == 2
    assert kg(capsys, "export", "--release", small).code == 2
    assert kg(capsys, "export", "--format", "nq", "--base", "nowhere", "--release", small).code == 2


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


def test_a_full_disk_behind_standard_output_is_one(small: Path) -> None:
    done = shell(
        '"$PYTHON" -m kg export --format nt --release "$RELEASE" > /dev/full; echo $?', RELEASE=small
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
