"""kg release: editions one after the other, what they write, what they refuse, and what a takedown makes of them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
import yaml
from commands import kg

import shelves
import velmora
from kg import changelog, editions, manifest, release
from kg.errors import ProjectError
from kg.names import VOCABULARIES
from kg.project import Project

COMMENTED = """# The settings.
version = 1 # of the form
edition = "0.1.0"   # of the collection
title = "Velmora"
date = 1991-05-02
profiles = ["attest"]
base = "https://archive.example/velmora/"
languages = [
    "en",  # first
    "hy",
]
licence = 'https://creativecommons.org/licenses/by/4.0/'

[graphs."vocab"]  # terms
title = "vocab"
licence = "https://creativecommons.org/licenses/by/4.0/"
[graphs."source/gazette-1"]
title = "source"
licence = "https://creativecommons.org/licenses/by/4.0/"
"""


CHANGED = "Place changed: “Velmora”; latitude: 61.25 (was 61.5)."
WHY = ("withdraw", "person:oskar-lind", "--reason", "Asked for by the family.", "--date", "1991-09-01")


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The project before any release, after the first, after the second; and after three of which the second tells of more of a person."""
    top = tmp_path_factory.mktemp("stages")
    root = velmora.project(top / "none")
    (root / "kg.toml").write_text(COMMENTED)
    found = {"none": root}

    def stage(name: str, before: str, edition: str, day: str, *changes: tuple[str, str]) -> None:
        root = found[name] = Path(shutil.copytree(found[before], top / name, symlinks=True))
        for old, new in changes:
            edit(root, old, new)
        editions.carry_out(editions.plan(Project.open(root), root / "build", edition=edition, date=day))

    stage("first", "none", "0.1.0", "1991-06-01")
    stage("second", "first", "0.2.0", "1991-07-01", ("geo:lat 61.5", "geo:lat 61.25"))
    stage("without", "none", "0.1.0", "1991-06-01", (_claim(root), ""))
    stage("with", "without", "0.2.0", "1991-07-01", ("### What is odd", f"{_claim(root)}\n### What is odd"))
    stage("three", "with", "0.3.0", "1991-08-01", ("geo:lat 61.5", "geo:lat 61.25"))
    return found


def _claim(root: Path) -> str:
    """Give the record of a claim about the person."""
    text = velmora.statements(root).read_text(encoding="utf-8")
    return next(each for each in re.findall(r"^claim:\S+ a .*?\.$", text, re.M | re.S) if "person:oskar-lind" in each)  # fmt: skip


@pytest.fixture
def at(stages: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Give a copy of a stage, in which commands run from now on."""

    def copied(name: str) -> Path:
        root = Path(shutil.copytree(stages[name], tmp_path / name, symlinks=True))
        monkeypatch.chdir(root)
        return root

    return copied


@pytest.fixture
def root(at: Callable[[str], Path]) -> Path:
    return at("none")


def edit(root: Path, old: str, new: str) -> None:
    file = velmora.statements(root)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "LOCK"
    }


def current(root: Path) -> manifest.Manifest:
    return manifest.verify(manifest.current(root / "build"))


def listed(root: Path, edition: str) -> Path:
    """Give the directory of the release of *edition*."""
    return next(place for place in release.kept(root / "build") if (m := manifest.read(place)).released and m.version == edition)  # fmt: skip


# ------------------------------------------------------------------ what is written


def test_an_edition_after_another(at: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    root = at("first")
    one = current(root)
    edit(root, "geo:lat 61.5", "geo:lat 61.25")
    done = kg(capsys, "release", "--edition", "0.2.0", "--date", "1991-07-01", "--yes")
    assert done.code == 0, done.all
    two = current(root)
    assert f"edition 0.2.0 of 1991-07-01, in {root / 'build' / two.id}" in done.out
    assert (one.version, one.date, one.previous) == ("0.1.0", "1991-06-01", "")
    assert (two.version, two.date, two.previous) == ("0.2.0", "1991-07-01", one.id)
    place = manifest.current(root / "build")
    said = (place / "manifest.ttl").read_text()
    assert f"dcat:previousVersion <{velmora.BASE}release/{one.id}/>" in said
    assert 'dcat:version "0.2.0"' in said
    quads = (place / "quads.nq").read_text()
    assert one.id not in quads
    assert two.id not in quads
    found = json.loads((place / "changes.json").read_bytes())
    assert (found["since"]["id"], found["since"]["edition"], found["now"]["edition"]) == (
        one.id,
        "0.1.0",
        "0.2.0",
    )
    assert [each["sentence"] for each in found["changes"]] == [CHANGED]
    log = (root / "data/velmora/CHANGES.md").read_text()
    assert [line for line in log.splitlines() if line.startswith("#")] == [
        "# Changes of the collection",
        "## 0.2.0 (1991-07-01)",
        "## 0.1.0 (1991-06-01)",
    ]
    assert f"- {CHANGED}" in log


def test_comments_and_all_else_in_the_settings_stay(stages: dict[str, Path]) -> None:
    text = (stages["second"] / "kg.toml").read_text()
    expected = COMMENTED.replace('"0.1.0"', '"0.2.0"').replace("date = 1991-05-02", 'date = "1991-07-01"')
    assert text == expected
    assert tomllib.loads(text)["edition"] == "0.2.0"


def test_the_checksums_are_those_that_sha256sum_reads(stages: dict[str, Path]) -> None:
    place = manifest.current(stages["first"] / "build")
    lines = (place / "SHA256SUMS").read_text().splitlines()
    named = {line.partition("  ")[2] for line in lines}
    assert named == files(place).keys() - {"SHA256SUMS"}
    assert {"manifest.json", "manifest.ttl", "changes.json", "CITATION.cff", "downloads/dataset.nq"} <= named
    if program := shutil.which("sha256sum"):
        done = subprocess.run([program, "--strict", "-c", "SHA256SUMS"], cwd=place, capture_output=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_the_citation_is_of_the_format(at: Callable[[str], Path]) -> None:
    root = at("first")
    text = (root / "CITATION.cff").read_text()
    found = yaml.safe_load(text)
    required = {"authors", "cff-version", "message", "title"}
    known = required | {"abstract", "type", "version", "date-released", "url", "license", "license-url"}
    assert required <= found.keys() <= known
    assert found["cff-version"] == "1.2.0"
    assert found["type"] == "dataset"
    assert all(isinstance(value, str) for name, value in found.items() if name != "authors")
    assert found["authors"] == [{"name": "The editors of Velmora"}]
    assert re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", found["date-released"])
    assert (found["version"], found["license"]) == ("0.1.0", "CC-BY-4.0")
    assert (manifest.current(root / "build") / "CITATION.cff").read_text() == text
    written = text.replace("type: dataset", "type: dataset  # of records\nkeywords: [one, two]").replace("version: 0.1.0", "version: 0.1.0 # now")  # fmt: skip
    (root / "CITATION.cff").write_text(written)
    plan = editions.plan(Project.open(root), root / "build", edition="0.2.0", date="1991-07-01")
    assert plan.files[root / "CITATION.cff"] == written.replace("0.1.0", "0.2.0").replace(
        "1991-06-01", "1991-07-01"
    )


def test_the_same_gives_the_same_bytes(
    stages: dict[str, Path], at: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root = at("first")
    edit(root, "geo:lat 61.5", "geo:lat 61.25")
    assert kg(capsys, "release", "--edition", "0.2.0", "--date", "1991-07-01", "--yes").code == 0
    assert files(root) == files(stages["second"])


def test_the_day_is_that_of_source_date_epoch(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "676000000")
    assert kg(capsys, "release", "--yes").code == 0
    assert manifest.read(manifest.current(root / "build")).date == "1991-06-04"
    done = kg(capsys, "release", "--edition", "0.2.0", "--date", "1991-06-05", "--yes")
    assert (done.code, "name two days" in done.err) == (2, True)


# ------------------------------------------------------------------ what is refused


def test_a_plan_and_nobody_to_ask_write_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = files(root)
    done = kg(capsys, "release", "--plan", "--date", "1991-06-01")
    assert (done.code, done.out.splitlines()[0]) == (0, "## 0.1.0 (1991-06-01)")
    assert "writes data/velmora/CHANGES.md" in done.err
    assert "nothing was written" in done.err
    done = kg(capsys, "release", "--date", "1991-06-01")
    assert (done.code, "add --yes" in done.err) == (2, True)
    assert files(root) == before


def test_an_edition_has_to_be_newer(at: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    root = at("first")
    before = files(root)
    for edition in ((), ("--edition", "0.1.0"), ("--edition", "0.0.9"), ("--edition", "0.1.0-rc.1")):
        done = kg(capsys, "release", "--yes", *edition)
        assert done.code == 2, edition
        assert "is not newer than 0.1.0" in done.err
    assert kg(capsys, "release", "--yes", "--edition", 'a"b').code == 2
    assert files(root) == before


def test_violations_and_what_cannot_be_brought_up_to_date_stop_it(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = velmora.statements(root).read_text(encoding="utf-8")
    velmora.statements(root).write_text(f"{text}claim:bad a kg:Claim .\n", encoding="utf-8")
    done = kg(capsys, "release", "--yes")
    assert (done.code, "nothing was released" in done.err) == (1, True)
    velmora.statements(root).write_text(text, encoding="utf-8")
    for text, sentence in (("a: [", "this is not YAML"), ("cff-version: 1.0.3\n", "not of the format 1.2.0"), ("cff-version: 1.2.0\nversion: |\n  1\n", "cannot be brought up to date")):  # fmt: skip
        (root / "CITATION.cff").write_text(text)
        done = kg(capsys, "release", "--yes")
        assert done.code == 2, text
        assert sentence in done.err
    assert not (root / "build").exists()
    assert (root / "kg.toml").read_text() == COMMENTED


def test_where_the_build_fails_the_files_are_as_they_were(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(root)

    def fail(*_: object, **more: object) -> None:
        raise OSError(28, "No space left on device", "build")

    monkeypatch.setattr("kg.editions.building.build", fail)
    done = kg(capsys, "release", "--yes", "--date", "1991-06-01")
    assert done.code == 3
    assert files(root) == before


def test_data_that_change_meanwhile_are_not_released(root: Path) -> None:
    plan = editions.plan(Project.open(root), root / "build", date="1991-06-01")
    edit(root, "geo:lat 61.5", "geo:lat 61.25")
    with pytest.raises(ProjectError, match="changed while"):
        editions.carry_out(plan)
    assert not (root / "CITATION.cff").exists()


@pytest.mark.parametrize(
    ("edition", "than", "newer"),
    [("0.10.0", "0.9.9", True), ("1.0", "1.0.0", False), ("1.0.0", "1.0.0-rc.1", True), ("1.0.0-rc.2", "1.0.0-rc.10", False),
     ("v2", "1.9", True), ("2026-12", "2026-9", True), ("second", "first", True), ("0.1", "", True), ("1.0.0+b", "1.0.0+a", False)],
)  # fmt: skip
def test_which_edition_is_newer(edition: str, than: str, newer: bool) -> None:
    assert editions.is_newer(edition, than) == newer


# ------------------------------------------------------------------ words of the curator


def test_the_curators_own_words_stand_in_the_changelog(
    at: Callable[[str], Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = at("first")
    edit(root, "geo:lat 61.5", "geo:lat 61.25")
    (tmp_path / "notes.md").write_text("## 0.2.0 (1991-07-01)\n\nThe town lies elsewhere.\n")
    notes = ("--notes", tmp_path / "notes.md")
    assert kg(capsys, "release", "--edition", "0.2.0", "--date", "1991-07-01", "--yes", *notes).code == 0
    log = (root / "data/velmora/CHANGES.md").read_text()
    assert "The town lies elsewhere." in log
    assert CHANGED not in log
    place = manifest.current(root / "build")
    assert CHANGED in (place / "changes.json").read_text()
    assert current(root).released
    (root / "data/velmora/CHANGES.md").write_text(
        changelog.prepended(log, "## 0.3.0 (soon)\n\nWritten before.")
    )
    before = (root / "data/velmora/CHANGES.md").read_text()
    assert kg(capsys, "release", "--edition", "0.3.0", "--date", "1991-08-01", "--yes").code == 0
    assert (root / "data/velmora/CHANGES.md").read_text() == before


def test_an_entry_goes_before_the_others() -> None:
    log = changelog.prepended("", "## 1 (x)\n\na\n")
    again = changelog.prepended(log, "## 1.1 (y)\n\nb\n")
    assert changelog.entry(again, "1") == "## 1 (x)\n\na\n"
    assert changelog.entry(again, "1.1").startswith("## 1.1 (y)")
    assert changelog.entry(again, "2") == ""
    assert again.endswith(log[log.index("## 1 ") :])
    assert changelog.prepended("Ours.\n", "## 2\n") == "Ours.\n\n## 2\n"


# ------------------------------------------------------------------ releases that stay


def test_editions_stay_while_builds_go(at: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    root = at("second")
    one, two = (manifest.read(listed(root, edition)) for edition in ("0.1.0", "0.2.0"))
    assert kg(capsys, "build").code == 0
    assert manifest.current(root / "build").name == two.id
    assert manifest.read(manifest.current(root / "build")).released
    for number in range(4):
        edit(root, "geo:lat 61.25" if not number else f"geo:lat 60.{number}", f"geo:lat 60.{number + 1}")
        assert kg(capsys, "build").code == 0
    kept = [manifest.read(place).id for place in release.kept(root / "build")]
    assert {one.id, two.id} <= set(kept)
    assert len(kept) == 5


def test_a_release_takes_the_place_of_a_build_of_the_same(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "kg.toml").write_text(COMMENTED.replace("1991-05-02", "1991-06-01"))
    assert kg(capsys, "build").code == 0
    built = manifest.read(manifest.current(root / "build"))
    assert kg(capsys, "release", "--date", "1991-06-01", "--yes").code == 0
    assert current(root).id == built.id
    (place,) = release.kept(root / "build")
    assert manifest.verify(place).released


def entries(url: str) -> list[str]:
    feed = ElementTree.fromstring(httpx.get(f"{url}/feed.atom").content)  # noqa: S314
    atom = "{http://www.w3.org/2005/Atom}"
    return [entry.findtext(f"{atom}content") or "" for entry in feed.iter(f"{atom}entry")]


def test_old_editions_are_served_and_the_feed_tells_what_changed(stages: dict[str, Path]) -> None:
    root = stages["second"]
    one, two = (manifest.read(listed(root, edition)) for edition in ("0.1.0", "0.2.0"))
    dcat = VOCABULARIES["dcat"]
    with shelves.hosting(root / "build") as url:
        answer = httpx.get(f"{url}/release/{two.id}/place/velmora.ttl")
        assert "61.25" in answer.text
        assert f'</release/{one.id}/place/velmora.ttl>; rel="predecessor-version"' in answer.headers["link"]
        assert "61.5" in httpx.get(f"{url}/release/{one.id}/place/velmora.ttl").text
        new, old = entries(url)
        assert CHANGED in new.splitlines()
        assert "This is the first version, and there is none to compare it with." in old.splitlines()
        newest = httpx.get(f"{url}/release/").json()[0]
        assert newest["changes"] == {"since": one.id, "summary": ["1 place changed."], "complete": True}
        page = httpx.get(f"{url}/release/", headers={"Accept": "text/html"}).text
        assert "<li>1 place changed.</li>" in page
        previous = f"<{dcat}previousVersion> <{velmora.BASE}release/{one.id}/>"
        assert f"<{velmora.BASE}release/{two.id}/> {previous}" in httpx.get(f"{url}/release.nt").text
        assert f"<{velmora.BASE}dataset> {previous}" in httpx.get(f"{url}/dataset.nt").text


# ------------------------------------------------------------------ takedowns


@pytest.fixture
def three(at: Callable[[str], Path]) -> Path:
    return at("three")


def test_a_changelog_that_names_what_goes_stops_the_takedown(
    three: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files(three)
    assert kg(capsys, *WHY, "--dry-run").code == 1
    done = kg(capsys, *WHY)
    assert done.code == 1
    assert "→ reword these lines" in done.err
    number = next(n for n, line in enumerate((three / "data/velmora/CHANGES.md").read_text().splitlines(), 1) if "Lind" in line)  # fmt: skip
    assert f"data/velmora/CHANGES.md:{number}: violation: this line of the changelog names what is withheld or redacted" in done.out  # fmt: skip
    assert files(three) == before


def test_after_a_takedown_no_record_of_changes_names_it(
    three: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = three / "data/velmora/CHANGES.md"
    log.write_text("\n".join(line for line in log.read_text().splitlines() if "Lind" not in line) + "\n")
    old = {manifest.read(place).version: manifest.read(place).id for place in release.kept(three / "build")}
    done = kg(capsys, *WHY)
    assert done.code == 0, done.all
    places = {manifest.read(place).version: place for place in release.kept(three / "build") if manifest.read(place).released}  # fmt: skip
    assert places.keys() == {"0.1.0", "0.2.0", "0.3.0"}
    for version, place in places.items():
        found = manifest.verify(place)
        assert b"lind" not in (place / "changes.json").read_bytes().lower()
        assert found.previous == ("" if version == "0.1.0" else manifest.read(places[f"0.{int(version[2]) - 1}.0"]).id)  # fmt: skip
        assert found.id != old[version]
        sums = dict(reversed(line.split("  ")) for line in (place / "SHA256SUMS").read_text().splitlines())
        assert sums["changes.json"] == manifest.digest(place / "changes.json")[1]
    assert CHANGED in (places["0.3.0"] / "changes.json").read_text()
    with shelves.hosting(three / "build") as url:
        assert all("lind" not in entry.lower() for entry in entries(url))
    done = kg(capsys, "release", "--edition", "0.4.0", "--date", "1991-10-01", "--yes")
    assert done.code == 0, done.all
    told = json.loads((manifest.current(three / "build") / "changes.json").read_bytes())
    (sentence,) = told["summary"]
    assert re.fullmatch(r"[0-9]+ records taken back on 1991-09-01: Asked for by the family\.", sentence)
    assert "lind" not in log.read_text().lower()
    state = files(three / "build")
    assert kg(capsys, "build").code == 0
    assert files(three / "build") == state


def test_a_release_whose_predecessor_is_gone_tells_no_more_of_what_was_taken_back(
    three: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for place in release.kept(three / "build"):
        if manifest.read(place).version == "0.1.0":
            shutil.rmtree(place)
    log = three / "data/velmora/CHANGES.md"
    log.unlink()
    assert kg(capsys, *WHY).code == 0
    for place in release.kept(three / "build"):
        found = manifest.verify(place)
        if found.released:
            assert b"lind" not in (place / "changes.json").read_bytes().lower()
        if found.version == "0.2.0" and found.released:
            assert "not listed here" in (place / "changes.json").read_text()


def test_a_copied_record_that_tells_of_what_was_taken_back_is_not_shown(
    three: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The third edition does not hold the claim any more, but its record of changes tells of it; it is copied back from before."""
    edit(three, _claim(three), "")
    assert kg(capsys, "release", "--edition", "0.4.0", "--date", "1991-08-02", "--yes").code == 0
    kept = manifest.current(three / "build")
    copy = Path(shutil.copytree(kept, three.parent / "copy" / kept.name))
    assert "Lind" in (copy / "changes.json").read_text()
    (three / "data/velmora/CHANGES.md").unlink()
    assert kg(capsys, *WHY).code == 0
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(copy, kept, dirs_exist_ok=True)
    with shelves.hosting(three / "build") as url:
        assert all("lind" not in entry.lower() for entry in entries(url))
        assert "lind" not in httpx.get(f"{url}/release/").text.lower()


def test_a_damaged_record_of_changes_is_said_to_be(at: Callable[[str], Path]) -> None:
    root = at("second")
    (listed(root, "0.1.0") / "changes.json").write_text("{}")
    with shelves.hosting(root / "build") as url:
        assert "What changed cannot be told: the record of it is damaged." in entries(url)[1]
