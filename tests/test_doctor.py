"""``kg doctor``: for each check the trouble is made, and the sentence seen; a sound project has none."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from importlib import metadata
from pathlib import Path

import pytest

import newcomer
from cli.commands import kg
from kg import bundle, doctor, settings
from kg.doctor import CHECKS, Machine, Note, Situation
from kg.limits import Limits, Serving
from kg.project import Project
from kg.version import __version__
from suites import ROOT

OUTPUT = "build"


def absent(name: str) -> str:
    raise metadata.PackageNotFoundError(name)


SOUND = Machine(
    python=(3, 12, 1), platform="linux", version=lambda _: __version__, requires=lambda _: ["rdflib>=7"],
    program=lambda _: None, free=lambda _: 2**40, may_write=lambda _: True, today=date(2026, 1, 1),
)  # fmt: skip


def said(check: str, root: Path, machine: Machine = SOUND, port: int = 0) -> list[Note]:
    situation = Situation(
        directory=root, output=OUTPUT, package=bundle.directory(), port=port, machine=machine
    )
    return list(CHECKS[check](situation))


def one(check: str, root: Path, machine: Machine = SOUND, port: int = 0) -> Note:
    (note,) = said(check, root, machine, port)
    return note


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return newcomer.copy(tmp_path / "harbour")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


# The machine


@pytest.mark.parametrize(
    ("check", "machine", "level", "sentence"),
    [
        ("python", replace(SOUND, python=(3, 10, 9)), "problem", "Python 3.10.9 is too old"),
        ("python", SOUND, "ok", "Python 3.12.1"),
        ("packages", replace(SOUND, version=absent), "note", "runs without being installed"),
        ("packages", replace(SOUND, version=lambda _: "0.0.1"), "problem", f"attest-kg 0.0.1 is installed, and the code that runs is {__version__}"),
        ("packages", replace(SOUND, version=lambda name: __version__ if name == "attest-kg" else absent(name)), "problem", "kg needs rdflib, which is not installed"),
        ("packages", replace(SOUND, requires=lambda _: ["uvloop; sys_platform != 'win32'", 'pandas>=2; extra == "pandas"'], version=lambda name: __version__ if name == "attest-kg" else absent(name), platform="win32"), "ok", "and the packages that it needs"),
        ("extras", replace(SOUND, version=absent), "note", "pandas is not installed: answers have no to_pandas()"),
        ("extras", SOUND, "ok", "pandas"),
        ("memory", replace(SOUND, platform="darwin"), "note", "this system cannot limit the memory of a query"),
        ("memory", replace(SOUND, platform="win32"), "note", "kg serve listens on this machine only"),
        ("memory", SOUND, "ok", "can be limited"),
        ("disk", replace(SOUND, free=lambda _: 5 * 2**20), "problem", "5 MiB are free on the disk: a release may not find room"),
        ("disk", SOUND, "ok", "MiB are free"),
    ],
)  # fmt: skip
def test_of_the_machine(check: str, machine: Machine, level: str, sentence: str, tmp_path: Path) -> None:
    note = one(check, tmp_path, machine)
    assert note.level == level
    assert sentence in note.message
    assert bool(note.remedy) is (level != "ok") or "without being installed" in note.message


def test_the_editor_of_the_query_page(tmp_path: Path) -> None:
    there = (ROOT / "src/kg/pages/static/editor.js").is_file()
    note = one("editor", tmp_path)
    assert note.level == ("ok" if there else "note")
    assert there or "npm, which makes it, is not installed" in note.message
    assert (
        there
        or "npm is there" in one("editor", tmp_path, replace(SOUND, program=lambda _: "/bin/npm")).message
    )


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        note = one("port", tmp_path, port=port)
    assert note == Note(
        "note", f"port {port} is in use; kg serve takes the next free one", "or name one: kg serve --port N"
    )
    assert one("port", tmp_path, port=port).level == "ok"


def test_a_disk_that_cannot_be_looked_at(tmp_path: Path) -> None:
    def gone(_: Path) -> int:
        raise FileNotFoundError(2, "No such file or directory")

    assert "cannot be looked at: No such file" in one("disk", tmp_path, replace(SOUND, free=gone)).message


# The settings

CONFIGURED = [
    ("settings", "version = 1", "version = 9", "problem", "kg.toml:2:1: version = 9 is not known here"),
    ("settings", 'licence = "https://creativecommons.org/licenses/by/4.0/"  #', "#", "problem", "the key 'licence' is missing"),
    ("settings", "title = ", "title = = ", "problem", "this is not TOML"),
    ("keys", "title = ", "titel = ", "problem", "kg.toml has the unknown key 'titel'"),
    ("keys", "[limits]", "[limits]\nrowz = 5", "problem", "the unknown key 'limits.rowz'"),
    ("keys", 'title = "Terms', 'notes = "x"\ntitle = "Terms', "problem", "the unknown key 'graphs.vocab.notes'"),
    ("base", "https://attest.example/harbour/", "https://harbour.archive.org/", "ok", "addresses begin with https://harbour.archive.org/"),
    ("base", "https://attest.example/harbour/", "http://localhost/x/", "note", "is under a reserved name"),
    ("base", "https://attest.example/harbour/", "https://data.example.com/", "note", "cannot be cited"),
    ("names", 'publisher = "Editors of Harbour"', 'publisher = ""', "note", "nobody is named as the publisher"),
    ("names", "# [serve]\n# contact", "[serve]\ncontact", "ok", "publisher, description and contact are named"),
    ("security", "# [security]\n# contact = [\"mailto:security@archive.example\"]\n# expires = \"2027-12-31\"", "[security]\ncontact = [\"mailto:a@b.example\"]\nexpires = \"2025-12-31\"", "problem", "the security contact expired on 2025-12-31"),
    ("security", "# [security]\n# contact = [\"mailto:security@archive.example\"]\n# expires", "[security]\ncontact = [\"mailto:a@b.example\"]\nexpires", "ok", "holds until 2027-12-31"),
    ("languages", 'languages = ["en"]', 'languages = ["hy"]', "problem", 'languages has no "en" (hy)'),
]  # fmt: skip


@pytest.mark.parametrize(("check", "old", "new", "level", "sentence"), CONFIGURED)
def test_of_the_settings(check: str, old: str, new: str, level: str, sentence: str, root: Path) -> None:
    change(root / "kg.toml", old, new)
    notes = [note for note in said(check, root) if sentence in note.message]
    assert [note.level for note in notes] == [level]
    assert bool(notes[0].remedy) is (level != "ok")


def test_a_key_that_is_nearly_known_is_suggested(root: Path) -> None:
    change(root / "kg.toml", "publisher = ", "publsher = ")
    assert one("keys", root).remedy == "write 'publisher' if that is meant, else take it out"
    assert said("settings", root) == []  # told once


def test_every_key_that_is_read_is_known() -> None:
    assert set(settings.TABLES["limits"]) == set(Limits.__slots__)
    assert set(settings.TABLES["serve"]) == set(Serving.__slots__)
    kept = {"base": "base", "serving": "serve"}
    assert {kept.get(key, key) for key in settings.Settings.__slots__} | {"version"} == set(settings.KEYS)


def test_what_a_new_project_says_is_in_order(root: Path) -> None:
    assert one("settings", root).level == "ok"
    assert said("keys", root) == []
    assert one("languages", root).message == "labels are in en"
    assert "nobody is named to tell of a weakness" in one("security", root).message
    assert [note.level for note in said("names", root)] == ["note"]


def test_no_project_is_a_problem_and_asks_no_more(tmp_path: Path) -> None:
    note = one("settings", tmp_path)
    assert note.level == "problem"
    assert "there is no kg.toml in" in note.message
    elsewhere = {"python", "packages", "extras", "editor", "memory", "disk", "port", "settings"}
    for name in CHECKS.keys() - elsewhere:
        assert [note for note in said(name, tmp_path) if note.level != "ok"] == [], name


# What it holds


def test_terms_of_the_package(root: Path) -> None:
    assert one("terms", root) == Note("ok", f"terms and shapes are those of attest-kg {__version__}")
    assert one("terms", ROOT).level == "ok"


def test_terms_older_than_the_package(root: Path) -> None:
    for path in (root / "ontology").rglob("*.ttl"):
        change(path, f"attest-kg {__version__}", "attest-kg 0.0.9") if path.stem != "own" else None
    change(root / "ontology/kg.ttl", "terms for contested history", "terms")
    note = one("terms", root)
    assert note.level == "note"
    assert (
        f"were copied from attest-kg 0.0.9, and {__version__} runs: 1 of the files differ, as ontology/kg.ttl"
        in note.message
    )


def test_terms_changed_here(root: Path) -> None:
    change(root / "ontology/vocab/roles.ttl", '"engineer"', '"bridge engineer"')
    assert (
        "terms or shapes were changed here: 1 of the files differ, as ontology/vocab/roles.ttl"
        in one("terms", root).message
    )


def test_terms_absent(root: Path) -> None:
    shutil.rmtree(root / "ontology" / "shapes")
    note = one("terms", root)
    assert (note.level, note.message) == (
        "problem",
        "ontology/shapes/attest.ttl is absent, and the profile attest needs them",
    )


def test_terms_of_no_package(root: Path) -> None:
    (note,) = CHECKS["terms"](Situation(directory=root, output=OUTPUT))
    assert "no terms and shapes to begin with" in note.message


def test_claims(root: Path, tmp_path: Path) -> None:
    assert one("claims", root).message.startswith("11 claims, ")
    path = newcomer.source(root) / "claims.ttl"
    path.write_text("<a>", "utf-8")
    assert "a file of the data cannot be read: data/harbour/sources/" in one("claims", root).message
    note = one("claims", newcomer.lay(tmp_path / "bare", bare=True))
    assert (note.level, note.message) == (
        "problem",
        "there is no claim yet, so that kg build refuses to publish",
    )


def test_coverage(root: Path) -> None:
    file = root / "data/harbour/coverage.csv"
    assert one("coverage", root) == Note("ok", "each of 6 passages stands in coverage.csv")
    change(file, "tolsey-post-s4,", "other,")
    assert one("coverage", root).message == "1 of 6 passages stand in no coverage.csv, as tolsey-post-s4"
    file.write_bytes(b"passage\n\xff\n")
    assert "coverage.csv cannot be read" in said("coverage", root)[0].message
    file.unlink()
    note = one("coverage", root)
    assert note.message == "data/harbour/coverage.csv is absent: nobody can tell what was left out of a text"


def test_texts(root: Path) -> None:
    assert one("texts", root) == Note("ok", "1 text at hand, as recorded")
    change(root / "kg.toml", f"{newcomer.SOURCE} =", "# ")
    note = one("texts", root)
    assert note.message.startswith(f"no copy of {newcomer.SOURCE} is named")
    (root / "kg.local.toml").write_text(f'[texts]\n{newcomer.SOURCE} = "mine.txt"\n')
    assert "mine.txt is absent" in one("texts", root).message
    (root / "mine.txt").write_text("another text")
    note = one("texts", root)
    assert note.level == "problem"
    assert "named in kg.local.toml, is no text version that is recorded" in note.message
    (root / "mine.txt").write_bytes(b"\xff\xff")
    assert one("texts", root).level == "problem"


# Releases


def test_a_release_that_is_whole_and_of_today(root: Path) -> None:
    assert one("release", root).message.endswith(" files")
    assert one("fresh", root) == Note("ok", "the release is of the data as they are now")


def test_no_release(root: Path) -> None:
    shutil.rmtree(root / OUTPUT)
    assert one("release", root) == Note(
        "note", "no release has been built yet: there is nothing to query or serve", "run kg build"
    )
    assert said("fresh", root) == []


def test_a_release_that_nothing_names(root: Path) -> None:
    (root / OUTPUT / "CURRENT").unlink()
    note = one("release", root)
    assert (note.level, note.remedy) == ("problem", "run kg build")
    assert "holds 1 release and no CURRENT that names one" in note.message


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("0123456789ab", "names the release 0123456789ab, which is absent"),
        ("../x", "does not hold the name of a release"),
    ],
)
def test_current_pointing_nowhere(name: str, sentence: str, root: Path) -> None:
    (root / OUTPUT / "CURRENT").write_text(f"{name}\n")
    note = one("release", root)
    assert note.level == "problem"
    assert sentence in note.message


@pytest.mark.parametrize(
    ("name", "sentence"), [("quads.nq", "bytes instead of"), ("index.csv", "bytes instead of")]
)
def test_a_damaged_release(name: str, sentence: str, root: Path) -> None:
    (current,) = (root / OUTPUT).glob("*/manifest.json")
    with (current.parent / name).open("ab") as file:
        file.write(b"x")
    note = one("release", root)
    assert (note.level, note.remedy) == ("problem", "run kg build")
    assert sentence in note.message
    (current.parent / name).unlink()
    assert "is absent, and the manifest lists it" in one("release", root).message


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("data/harbour/entities/example.ttl", '"Tolsey"@en ;', '"Tolsey town"@en ;'),
        ("queries/sources.rq", "archivist", "historian"),
        ("ontology/vocab/own.ttl", '"high water"', '"flood"'),
    ],
)
def test_a_release_older_than_the_data(path: str, old: str, new: str, root: Path) -> None:
    change(root / path, old, new)
    assert one("fresh", root) == Note(
        "note", f"the release is older than the data: 1 file changed since, as {path}", "run kg build"
    )


def test_a_release_of_another_base(root: Path) -> None:
    change(root / "kg.toml", "https://attest.example/harbour/", "https://harbour.archive.org/")
    assert "has the base https://attest.example/harbour/, and kg.toml another" in one("fresh", root).message


def test_directories_that_cannot_be_written(root: Path) -> None:
    assert (
        "cannot be written to: kg build will fail"
        in one("writable", root, replace(SOUND, may_write=lambda _: False)).message
    )
    shutil.rmtree(root / OUTPUT)
    (root / OUTPUT).write_text("a file")
    assert "is a file, and releases are written into a directory" in one("writable", root).message


def test_what_was_broken_off(root: Path) -> None:
    assert one("leftovers", root).level == "ok"
    (root / OUTPUT / ".building-x1").mkdir()
    (root / "data/harbour/sources/.importing-letters").mkdir()
    (root / ".importing-kg.toml").write_text("")
    notes = said("leftovers", root)
    assert [note.message.split(" is left")[0] for note in notes] == [
        "build/.building-x1", ".importing-kg.toml", "data/harbour/sources/.importing-letters",
    ]  # fmt: skip
    assert [note.remedy for note in notes] == ["the next kg build clears it", "take it away", "take it away"]


def test_the_lock_of_a_builder(root: Path) -> None:
    (root / OUTPUT / "LOCK").write_text("4194305\n")
    assert one("lock", root) == Note("ok", "the builders' lock is free; process 4194305 held it last")
    descriptor = os.open(root / OUTPUT / "LOCK", os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        note = one("lock", root)
        (root / OUTPUT / ".building-x1").mkdir()
        assert one("leftovers", root).level == "ok"  # somebody is at work there
    finally:
        os.close(descriptor)
    assert note == Note(
        "note", "a build is under way (process 4194305): another would be refused", "wait until it has ended"
    )
    (root / OUTPUT / "LOCK").unlink()
    assert said("lock", root) == []


# Version control


@pytest.fixture
def git(root: Path) -> Iterator[Callable[..., None]]:
    program = shutil.which("git")
    if program is None:
        pytest.skip("there is no git here")
    who = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

    def run(*words: str) -> None:
        subprocess.run([program, "-C", root, *words], check=True, capture_output=True, env=os.environ | who)

    yield run


def test_files_that_git_does_not_know(root: Path, git: Callable[..., None]) -> None:
    machine = replace(SOUND, program=shutil.which)
    assert "this is no git repository" in one("git", root, machine).message
    git("init", "-q")
    git("add", ".")
    assert one("git", root, machine) == Note("ok", "git knows every file of the project")
    (newcomer.source(root) / "more.ttl").write_text("")
    assert one("git", root, machine).message == (
        f"git does not know 1 file of the project, as data/harbour/sources/{newcomer.SOURCE}/more.ttl: others will not have them"
    )
    git("add", ".")
    (root / "kg.local.toml").write_text("")
    git("add", "-f", "kg.local.toml")
    note = one("git", root, machine)
    assert (note.level, note.remedy) == (
        "problem",
        "git rm --cached kg.local.toml, and list it in .gitignore",
    )


def test_without_git_nothing_is_said_of_it(root: Path) -> None:
    assert said("git", root) == []


# The command


def test_the_command_prints_a_line_for_each_and_ends_with_0(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    done = kg(capsys, "doctor")
    assert (done.code, done.err) == (0, "")
    levels = [line.split()[0] for line in done.out.splitlines()]
    assert set(levels) <= {"ok", "note"}
    assert levels.count("ok") > 10
    assert all(" → " in line for line in done.out.splitlines() if line.startswith("note"))


def test_the_command_ends_with_1_where_there_is_a_problem(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(root / "kg.toml", "title = ", "titel = ")
    done = kg(capsys, "doctor", root, "--format", "json")
    assert done.code == 1
    lines = json.loads(done.out)
    assert {"check": "keys", "level": "problem", "message": "kg.toml has the unknown key 'titel', and is not read for that", "remedy": "write 'title' if that is meant, else take it out"} in lines  # fmt: skip
    assert {line["check"] for line in lines} <= CHECKS.keys()


def test_nothing_is_changed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    kg(capsys, "doctor", root)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_each_check_says_what_it_looks_for() -> None:
    assert all(check.__doc__ for check in CHECKS.values())
    assert doctor.examine(Situation(directory=newcomer.built(), output=OUTPUT, machine=SOUND))
    assert Project.open(newcomer.built()).title == "Harbour"
