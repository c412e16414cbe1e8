"""How findings are printed: carets, annotations, JSON; and ``kg validate --watch`` in a process of its own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread

import pytest
from commands import kg
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

import velmora
from kg import building
from kg.cli import carets, findings, watching
from kg.project import Project
from kg.validation import Finding, Report

WIDE = 1000


def drawn(tmp_path: Path, text: str, line: int, column: int, width: int = WIDE) -> list[str]:
    file = tmp_path / "x.ttl"
    file.write_bytes(text.encode())
    carets._lines.cache_clear()
    shown = carets.excerpt(file, line, column, width)
    assert all(row.startswith(carets.INDENT) for row in shown)
    return [row[len(carets.INDENT) :] for row in shown]


class TestCarets:
    @pytest.mark.parametrize(
        ("line", "column", "marked"),
        [
            ("kg:a kg:b kg:c .", 6, "kg:b"),
            ("kg:a kg:b kg:c.", 11, "kg:c"),
            ("kg:a kg:b kg:c.d .", 11, "kg:c.d"),
            ('a b "x \\" y"@en-gb .', 5, '"x \\" y"@en-gb'),
            ('a b "x"^^xsd:date .', 5, '"x"^^xsd:date'),
            ('a b "no end .', 5, '"no end .'),
            ('a b """long', 5, '"""long'),
            ("a b 'x' .", 5, "'x'"),
            ("a <http://x.example/a#b> c .", 3, "<http://x.example/a#b>"),
            ("a b [ c d ] .", 5, "["),
            ("a b ; ; .", 5, ";"),
            ("a b 1.5 .", 5, "1.5"),
            ("?x plaec:y ?z }", 4, "plaec:y"),
            ("a b .", 6, " "),
            ("", 1, " "),
        ],
    )
    def test_the_token_is_marked(self, tmp_path: Path, line: str, column: int, marked: str) -> None:
        shown, marks = drawn(tmp_path, f"\n{line}\n", 2, column)
        assert shown == line.rstrip()
        assert marks == " " * (column - 1) + "^" + "~" * (len(marked) - 1)

    @pytest.mark.parametrize(
        ("line", "column", "before", "wide"),
        [
            ("\ta b", 2, 4, 1),
            ("ab\tc", 4, 4, 1),
            ('"漢字" x', 6, 7, 1),
            ('x "漢字"', 3, 2, 6),
            ("e\u0301e\u0301 x", 6, 3, 1),
            ('x "e\u0301"', 3, 2, 3),
            ('x "שלום עולם"@he .', 3, 2, 14),
            ("\u202ex y", 4, 8, 1),
        ],
    )
    def test_cells_are_counted(self, tmp_path: Path, line: str, column: int, before: int, wide: int) -> None:
        (_, marks) = drawn(tmp_path, line, 1, column)
        assert (len(marks) - len(marks.lstrip()), len(marks.strip())) == (before, wide)

    def test_what_a_terminal_obeys_is_shown_as_an_escape(self, tmp_path: Path) -> None:
        shown, marks = drawn(tmp_path, 'a "\x1b[31m\u202ex" .', 1, 3)
        assert shown == 'a "\\x1b[31m\\u202ex" .'
        assert marks == "  ^" + "~" * 16

    def test_a_long_line_is_cut_around_the_place(self, tmp_path: Path) -> None:
        line = " ".join(f"name:{n}" for n in range(1000))
        for name, head, tail in (
            ("name:0", False, True),
            ("name:500", True, True),
            ("name:999", True, False),
        ):
            shown, marks = drawn(tmp_path, line, 1, line.index(name) + 1, width=84)
            assert (shown.startswith("…"), shown.endswith("…")) == (head, tail)
            assert cell_len(shown) <= 80
            start = marks.index("^")
            assert shown[start : start + len(marks.strip())] == name

    def test_a_token_that_is_longer_than_the_line_is_marked_as_far_as_it_is_shown(
        self, tmp_path: Path
    ) -> None:
        shown, marks = drawn(tmp_path, f'kg:a kg:b "{"x" * 500}" .', 1, 11, width=84)
        assert cell_len(shown) <= 80
        assert shown[marks.index("^")] == '"'
        assert len(marks.strip()) > 40

    @pytest.mark.parametrize(("line", "column"), [(0, 1), (3, 1), (1, 9), (1, 0)])
    def test_no_such_place(self, tmp_path: Path, line: int, column: int) -> None:
        assert drawn(tmp_path, "a b c\n", line, column) == []

    def test_no_such_file(self, tmp_path: Path) -> None:
        assert carets.excerpt(tmp_path / "absent.ttl", 1, 1, 80) == []

    def test_lines_end_as_the_parser_counts_them(self, tmp_path: Path) -> None:
        text = "\ufeffone\r\ntwo\rthree\nfour"
        assert [drawn(tmp_path, text, n, 1)[0] for n in range(1, 5)] == ["one", "two", "three", "four"]

    @given(
        line=st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=60),
        column=st.integers(1, 60),
        width=st.integers(1, 80),
    )
    def test_any_line(
        self, tmp_path_factory: pytest.TempPathFactory, line: str, column: int, width: int
    ) -> None:
        shown = drawn(tmp_path_factory.getbasetemp(), line, 1, column, width)
        if line and column <= len(line.removeprefix("\ufeff")) + 1:
            text, marks = shown
            assert max(cell_len(text), cell_len(marks)) <= max(width, 24) + 10  # an escape is not parted
            assert marks.count("^") == 1
            assert set(marks) <= {" ", "^", "~"}
        elif line:
            assert shown == []


class TestAnnotations:
    def test_a_workflow_command(self) -> None:
        finding = Finding(
            "violation",
            "a claim, 50% of it:\r\nno",
            "claim-x",
            "do: this",
            file="a,b:c.ttl",
            line=3,
            column=4,
        )
        assert findings.annotation(finding, None) == (
            "::error file=a%2Cb%3Ac.ttl,line=3,col=4,title=claim-x::a claim, 50%25 of it:%0D%0Ano → do: this"
        )

    def test_severities_and_what_has_no_place(self) -> None:
        assert findings.annotation(Finding("warning", "x", "y"), None) == "::warning title=y::x"
        two = Finding("info", "x", "y", also="b.ttl:1:2")
        assert findings.annotation(two, None) == "::notice title=y::x (the other: b.ttl:1:2)"

    def test_files_are_named_from_where_we_are(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        finding = Finding("info", "x", "y", file="data/a.ttl", line=1)
        (tmp_path / "project").mkdir()
        for here, named in ((tmp_path, "project/data/a.ttl"), (tmp_path / "project", "data/a.ttl")):
            monkeypatch.chdir(here)
            assert f"file={named}," in findings.annotation(finding, tmp_path / "project")
        assert "file=data/a.ttl," in findings.annotation(finding, tmp_path)  # outside of where we are


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    root = velmora.project(tmp_path)
    file = velmora.statements(root)
    file.write_text(spoil(file.read_text(encoding="utf-8")), encoding="utf-8")
    return root


def spoil(text: str) -> str:
    return text.replace("kg:claimant actor:dockers", "kg:claimant 5", 1)


def test_the_four_forms_and_the_excerpt(
    spoilt: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDE))  # no line is cut
    outcome = kg(capsys, "validate", "--project", spoilt)
    assert outcome.code == 1
    at = outcome.out.splitlines()
    number = next(n for n, row in enumerate(at) if "(claim-claimant)" in row)
    first, line, marks = at[number : number + 3]
    match = re.match(r"data/velmora/sources/gazette-1/all\.ttl:(\d+):(\d+): violation: .+ → .+", first)
    assert match
    assert line[4:][int(match[2]) - 1] == "5"
    assert marks == " " * (4 + int(match[2]) - 1) + "^"
    plain = kg(capsys, "validate", "--project", spoilt, "--no-excerpts")
    assert plain.out.splitlines() == [row for row in at if not row.startswith("    ")]
    told = json.loads(kg(capsys, "validate", "--project", spoilt, "--format", "json").out)
    (finding,) = [each for each in told["findings"] if each["rule"] == "claim-claimant"]
    assert (finding["line"], finding["column"]) == (int(match[1]), int(match[2]))
    github = kg(capsys, "validate", "--project", spoilt, "--format", "github")
    assert github.code == 1
    assert f",line={match[1]},col={match[2]},title=claim-claimant::" in github.out
    built = kg(capsys, "build", spoilt)
    assert built.code == 1
    assert built.out == outcome.out


def test_settings_that_cannot_be_used_are_a_finding(spoilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = spoilt / "kg.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("profiles", "profile"), encoding="utf-8")
    outcome = kg(capsys, "validate", "--project", spoilt, "--format", "json")
    assert outcome.code == 1
    (finding,) = json.loads(outcome.out)["findings"]
    assert (finding["rule"], finding["file"], finding["line"]) == ("settings", "kg.toml", 1)
    assert kg(capsys, "build", spoilt).code == 2


def test_watching_prints_text(spoilt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = kg(capsys, "validate", "--project", spoilt, "--watch", "--format", "json")
    assert outcome.code == 2
    assert "--watch prints text" in outcome.err


def test_what_only_moved_is_neither_new_nor_mended() -> None:
    one, other = (Finding("info", "x", "y", file="a", line=line) for line in (1, 5))
    assert watching.added([one], [other]) == []
    assert watching.added([one], [one, other]) == [other]
    assert watching.added([], [one]) == [one]


class Watched:
    """``kg validate --watch`` in a process, and what it prints."""

    def __init__(self, root: Path) -> None:
        ignored = signal.signal(
            signal.SIGINT, signal.default_int_handler
        )  # a background job of a shell ignores it
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "kg", "validate", "--watch", "--project", str(root)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        signal.signal(signal.SIGINT, ignored)
        self._lines: Queue[str] = Queue()
        self._reader = Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self._lines.put(line.rstrip("\n"))

    def until(self, last: str) -> list[str]:
        """Give the lines up to the first that matches *last*."""
        seen: list[str] = []
        while not seen or not re.search(last, seen[-1]):
            try:
                seen.append(self._lines.get(timeout=300))
            except Empty:
                raise AssertionError(f"no {last!r} after {seen}") from None
        return seen

    def interrupted(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(60)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Path, Watched]]:
    root = velmora.project(tmp_path)
    process = Watched(root)
    yield root, process
    process.close()


DONE = r"^\(\d+\.\d s\)$"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")
def test_watching(watched: tuple[Path, Watched]) -> None:
    root, process = watched
    file, more = velmora.statements(root), velmora.statements(root).with_name("more.ttl")
    text = file.read_text(encoding="utf-8")
    number = len(building.validate(Project.open(root)).quads)
    assert process.until("watching")[:-1] == [f"no findings ({number:,} statements checked)"]

    file.write_text(spoil(text), encoding="utf-8")
    new = process.until(DONE)
    assert any(re.search(r"all\.ttl:\d+:\d+: violation: .+\(claim-claimant\)", line) for line in new)
    assert re.match(r"\d violations? \(", new[-2])

    more.write_text("<urn:a> <urn:b>", encoding="utf-8")  # half
    half = process.until(DONE)
    assert "(syntax)" in half[0]
    assert half[-2].endswith("statements checked; what rests on what cannot be read is not told)")
    assert not any(line.startswith("mended") for line in half)

    file.write_text("# a line more\n" + spoil(text), encoding="utf-8")
    assert len(process.until(DONE)) == 2  # it only moved

    more.unlink()
    mended = process.until(DONE)
    assert [line[:7] for line in mended[:-2]] == ["mended:"]
    assert "(syntax)" in mended[0]

    file.write_text(text, encoding="utf-8")
    mended = process.until(DONE)
    assert any(re.match(r"mended: data/.+all\.ttl:\d+:\d+: .+ \(claim-claimant\)$", line) for line in mended)
    assert mended[-2].startswith("no findings (")

    configuration = (root / "kg.toml").read_text(encoding="utf-8")
    (root / "kg.toml").write_text(configuration + "oops", encoding="utf-8")
    assert "(settings)" in process.until(DONE)[0]
    (root / "kg.toml").write_text(configuration.replace('"en", "hy"', '"en"'), encoding="utf-8")
    assert any("(language)" in line for line in process.until(DONE))
    assert process.interrupted() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for one process")
def test_watching_ends_well_where_nothing_is_wrong(watched: tuple[Path, Watched]) -> None:
    _, process = watched
    process.until("watching")
    time.sleep(2 * watching.PAUSE)
    assert process.interrupted() == 0


def test_a_report_without_a_root_has_no_excerpt(capsys: pytest.CaptureFixture[str]) -> None:
    findings.report(Report([Finding("info", "x\x1b", "y", file="a", line=1, column=1)]))
    assert capsys.readouterr().out == "a:1:1: info: x\\x1b (y)\n"
