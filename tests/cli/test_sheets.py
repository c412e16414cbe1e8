"""``kg sheet``: what is printed, what is written, and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import kg

import velmora

CLAIMS = "id,source,about,measure,comparator,amount,unit,speaker,basis,passage\n"
SOUND = "one,gazette-1,event:velmora-1901,injured,unqualified,12,persons,org:harbour-office,statedInText,p1\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    target = velmora.project(tmp_path / "velmora")
    monkeypatch.chdir(target)
    return target


def sheet(place: Path, text: str, name: str = "claims") -> Path:
    path = place / "s" / f"{name}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_new_sheets(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = kg(capsys, "sheet", "new", "s", "--table", "claims", "--separator", "semicolon")
    assert (done.code, done.out) == (0, "3 files in s: claims.csv, columns.csv, README.txt\n")
    assert (place / "s/claims.csv").read_text(encoding="utf-8-sig").startswith("id;source;about;kind;measure")
    assert "Velmora" in (place / "s/README.txt").read_text()
    assert kg(capsys, "sheet", "import", "s").out.startswith("no change")


def test_an_export_does_not_write_over_work(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kg(capsys, "sheet", "export", "s", "--table", "places").code == 0
    assert kg(capsys, "sheet", "export", "s", "--table", "places").code == 0
    path = sheet(place, "id,label\nvelmora,V\n", "places")
    refused = kg(capsys, "sheet", "export", "s", "--table", "places")
    assert refused.code == 2
    assert "places.csv already" in refused.err
    assert path.read_text() == "id,label\nvelmora,V\n"
    assert kg(capsys, "sheet", "export", "s", "--table", "places", "--overwrite").code == 0


def test_a_plan_says_sheet_and_row_and_writes_nothing(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet(place, CLAIMS + SOUND + "about,gazette-1,event:velmora-1901,injured,about,21,persons,actor:dockers,statedInText,p2\n")  # fmt: skip
    before = velmora.statements(place).read_bytes()
    done = kg(capsys, "sheet", "import", "s", "--plan")
    assert done.code == 0
    assert "s/claims.csv, row 2: adds claim:one to data/velmora/sources/gazette-1/claims.ttl" in done.out
    assert (
        "s/claims.csv, row 3: changes claim:about in data/velmora/sources/gazette-1/all.ttl: amount 20 → 21\n"
        in done.out
    )
    assert "1 added, 1 changed; 0 rows as the files are\n" in done.out
    assert "without a row here, and as they are: 34 of claims.csv\n" in done.out
    assert "s/claims.csv, row 2: warning: claim:one: A quantity of people says neither whom" in done.out
    assert done.out.endswith("(plan only: nothing was written)\n")
    unasked = kg(capsys, "sheet", "import", "s")
    assert unasked.code == 0
    assert unasked.out.endswith("nothing was written: this is no terminal; say --yes to write\n")
    assert velmora.statements(place).read_bytes() == before
    assert not (place / "data/velmora/sources/gazette-1/claims.ttl").exists()


def test_an_import_is_written_and_validated(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheet(place, CLAIMS + SOUND.replace("one,", ",", 1))
    done = kg(capsys, "sheet", "import", str(path), "--yes", "--write-ids")
    assert done.code == 0, done.all
    assert f"{path}: 1 identifier written into the sheet, with the rest\n" in done.out
    assert f"written: {path}, data/velmora/sources/gazette-1/claims.ttl\n" in done.out
    told = f"{path}, row 2: warning: claim:gazette-1-002: A quantity of people says neither whom"
    assert done.out.count(told) == 1
    assert ": adds " not in done.out  # the plan has said it
    assert "1 added; 0 rows as the files are\n" in done.out
    assert path.read_text().splitlines()[1].startswith("gazette-1-002,")
    again = kg(capsys, "sheet", "import", str(path))
    assert again.out.endswith("the files say this already; nothing to write\n")


def test_faults_are_told_at_row_and_column(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet(place, CLAIMS + SOUND.replace("org:harbour-office", "org:harbor-office").replace(",12,", ",=3*4,"))
    sheet(place, CLAIMS, "claims (1)")
    done = kg(capsys, "sheet", "import", "s", "--yes")
    assert done.code == 1
    assert "s/claims.csv, row 2, column F (amount): violation: '=3*4' would be a formula" in done.out
    assert "s/claims (1).csv: violation: the name of this file is that of no sheet" in done.out
    assert "call it claims.csv" in done.out
    assert done.err == "nothing was written: mend what is listed, and import again\n"


def test_what_does_not_conform_is_put_back(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet(place, "id,label\nactor:crowd,crowd on the quay\n", "voices")
    done = kg(capsys, "sheet", "import", "s", "--yes")
    assert done.code == 1
    assert "s/voices.csv, row 2: violation: " in done.out
    assert done.err == "nothing was written: violations above would be new; mend them, and import again\n"
    assert not (place / "data/velmora/entities").exists()


def test_a_plan_knows_what_the_rules_refuse(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.cli import sheets

    sheet(place, "id,label,work\nactor:crowd,crowd on the quay,\n", "voices")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    done = kg(capsys, "sheet", "import", "s", "--plan")
    assert done.code == 1
    assert "s/voices.csv, row 2: adds actor:crowd to data/velmora/entities/voices.ttl" in done.out
    assert (
        "s/voices.csv, row 2, column C (work): violation: actor:crowd: A collective actor or unstated voice is attested by a passage or citation. "
        "(actor-source) → fill passage, or work, locator and evidence_level (in voices.csv)\n"
    ) in done.out
    assert done.err == "nothing was written: violations above would be new; mend them, and import again\n"
    monkeypatch.setattr(sheets, "_terminal", lambda: True)
    monkeypatch.setattr(
        "click.confirm", lambda question: pytest.fail("asked whether to write what is refused")
    )
    assert kg(capsys, "sheet", "import", "s").code == 1
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_violations_that_are_there_are_told_and_do_not_hinder(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = velmora.statements(place)
    path.write_text(path.read_text() + '\nactor:lost a kg:CollectiveActor ; rdfs:label "lost"@en .\n')
    sheet(place, CLAIMS + SOUND)
    for arguments, said in ((["--plan"], "(plan only: nothing was written)\n"), (["--yes"], "claims.ttl\n")):
        done = kg(capsys, "sheet", "import", "s", *arguments)
        assert done.code == 1
        assert "violation: actor:lost: " in done.out
        assert done.out.endswith(said)
    assert "claim:one" in (place / "data/velmora/sources/gazette-1/claims.ttl").read_text()


def test_a_question_at_the_terminal(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.cli import sheets

    sheet(place, "id,label\nstarholm,Star Holm\n", "places")
    monkeypatch.setattr(sheets, "_terminal", lambda: True)
    monkeypatch.setattr("click.confirm", lambda question: False)
    assert kg(capsys, "sheet", "import", "s").out.endswith("nothing was written\n")
    monkeypatch.setattr("click.confirm", lambda question: True)
    assert kg(capsys, "sheet", "import", "s").code == 0
    assert 'rdfs:label "Star Holm"@en' in velmora.statements(place).read_text()


def test_usage(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "s").mkdir()
    assert kg(capsys, "sheet", "import", "s").code == 2
    assert kg(capsys, "sheet", "import", "absent").code == 2
    assert kg(capsys, "sheet", "import", "s", "--collection", "A b").code == 2
    (place / "data/velmora/sources/gazette-1/all.ttl").write_text("broken")
    broken = kg(capsys, "sheet", "export", "s")
    assert broken.code == 1
    assert "cannot be read" in broken.err
