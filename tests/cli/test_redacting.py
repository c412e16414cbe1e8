"""kg withdraw: something taken back, and every output that obeys."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from commands import Outcome, kg

import velmora
from kg import manifest, release
from kg.redaction import FILE

WHY = ("--reason", "Asked for by the family.")
DAY = ("--date", "1991-05-03")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the invented project, built, in which commands run."""
    shutil.copytree(velmora.built(), tmp_path / "project", symlinks=True)
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def record(root: Path) -> Path:
    return root / "data" / "velmora" / FILE


class TestWithdraw:
    def test_it_takes_back_and_says_what_went(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        old = manifest.current(root / "build").name
        done = kg(capsys, "withdraw", "person:oskar-lind", *WHY, *DAY)
        assert done.code == 0, done.all
        assert "goes: 3 claim, 1 obs, 1 person" in done.out
        assert "  person:oskar-lind\n" in done.out
        assert "written to data/velmora/redactions.ttl" in done.out
        assert "1 kept release replaced" in done.out
        assert "5 tombstones" in done.out
        assert "docs/takedown.md" in done.out
        assert "kg:redacts person:oskar-lind ;" in record(root).read_text()
        assert old not in {path.name for path in (root / "build").iterdir()}
        assert len(release.kept(root / "build")) == 2
        gone = kg(capsys, "why", "person:oskar-lind")
        assert gone.code == 2
        assert gone.err == "kg: person:oskar-lind was taken back on 1991-05-03: Asked for by the family.\n"

    def test_a_dry_run_changes_nothing(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = sorted((path, path.stat().st_mtime_ns) for path in root.rglob("*"))
        done = kg(capsys, "withdraw", "person:oskar-lind", "claim:route", *WHY, "--dry-run")
        assert done.code == 0
        assert "route:north" in done.out
        assert "nothing was changed" in done.out
        assert sorted((path, path.stat().st_mtime_ns) for path in root.rglob("*")) == before

    def test_what_would_still_name_it_stops_it_with_the_way_out(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = velmora.statements(root)
        file.write_text(file.read_text().replace("Stoppages on the coast", "Stoppages that Lind saw"))
        done = kg(capsys, "withdraw", "person:oskar-lind", *WHY)
        assert done.code == 1
        assert "all.ttl:" in done.out
        assert "event:coast-1901 still names" in done.out
        assert "withdraw it too: event:coast-1901" in done.err
        assert not record(root).exists()
        both = kg(capsys, "withdraw", "person:oskar-lind", "event:coast-1901", *WHY)
        assert both.code == 0, both.all

    def test_a_second_time_adds_to_the_file(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert kg(capsys, "withdraw", "claim:route", *WHY, *DAY).code == 0
        assert kg(capsys, "withdraw", "claim:naming", "--reason", "Another.", *DAY).code == 0
        text = record(root).read_text()
        assert "decision:redaction-1991-05-03-1 " in text
        assert "decision:redaction-1991-05-03-2 " in text
        assert (
            len({stone.reason for stone in manifest.read(manifest.current(root / "build")).tombstones}) == 2
        )

    def test_a_build_that_fails_leaves_the_file_as_it_was(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert kg(capsys, "withdraw", "claim:route", *WHY, *DAY).code == 0
        before = record(root).read_bytes()
        file = velmora.statements(root)
        file.write_text(file.read_text().replace("kg:polarity kg:denied", "kg:polarity kg:recorded", 1))
        failed = kg(capsys, "withdraw", "claim:naming", *WHY)
        assert failed.code == 1
        assert "claim-polarity" in failed.out
        assert record(root).read_bytes() == before

    def test_what_only_an_old_release_holds_can_be_taken_back(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = velmora.statements(root)
        text = file.read_text()
        start = text.index("anomaly:name a kg:SourceAnomaly")
        file.write_text(text[:start] + text[text.index("decision:dates a kg:EditorialDecision") :])
        done = kg(capsys, "withdraw", "anomaly:name", *WHY)
        assert done.code == 0, done.all
        assert "goes: 1 anomaly\n" in done.out
        for directory in release.kept(root / "build"):
            assert "anomaly/name" not in (directory / "quads.nq").read_text()

    @pytest.mark.parametrize(
        ("arguments", "said", "code"),
        [
            (("person:oskar-linde", *WHY), "neither in the data nor in a kept release", 2),
            (("no such thing", *WHY), "is not an IRI", 2),
            (("claim:route", "--reason", " "), "--reason is empty", 2),
            (("claim:route", *WHY, "--date", "yesterday"), "'yesterday' is no day", 2),
            (("claim:route", *WHY, "--collection", "other"), "no collection 'other'", 2),
            (("claim:route",), "Missing option '--reason'", 2),
            (WHY, "Missing argument", 2),
            (("person:oskar-lind", "--reason", "Lind asked."), "reword the reason", 1),
        ],
    )
    def test_what_it_cannot_do_it_says(
        self, root: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str, code: int
    ) -> None:
        done = kg(capsys, "withdraw", *arguments)
        assert done.code == code, done.all
        assert said in done.err
        assert not record(root).exists()

    def test_who_decides_must_be_told_where_the_records_do_not(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = velmora.statements(root)
        file.write_text(
            file.read_text().replace("prov:wasAttributedTo org:attest", "prov:wasAttributedTo org:company", 1)
        )
        refused = kg(capsys, "withdraw", "claim:route", *WHY)
        assert (refused.code, "--by" in refused.err) == (2, True)
        done = kg(capsys, "withdraw", "claim:route", *WHY, "--by", "org:gazette", "--date", "1991-05-03")
        assert done.code == 0, done.all
        assert "prov:wasAssociatedWith org:gazette" in record(root).read_text()

    def test_the_day_is_today_unless_it_is_given(
        self, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
        assert kg(capsys, "withdraw", "claim:route", *WHY).code == 0
        assert '"1970-01-01T00:00:00Z"' in record(root).read_text()
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
        assert "is no day" in kg(capsys, "withdraw", "claim:naming", *WHY).err

    def test_several_collections_need_a_name_where_none_holds_it(
        self, root: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (root / "data" / "other" / "entities").mkdir(parents=True)
        done = kg(capsys, "withdraw", "claim:route", *WHY)
        assert done.code == 0, done.all
        assert record(root).exists()
        outcome: Outcome = kg(capsys, "withdraw", "person:oskar-lind", "--dry-run", *WHY)
        assert outcome.code == 0
