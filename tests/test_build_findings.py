"""What a build finds beside shapes and checks: questions that cannot be asked, copies of sources that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

import velmora
from kg import building
from kg.errors import InvalidGraph, ProjectError
from kg.project import Project


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"#+ summary: One day: all\nSELECT ?x {}", 1, "not YAML"),
        (b"#+ summary: x\n#+ params:\n#+   who: {type: persn}\nSELECT ?x { BIND (?_who AS ?x) }", 1, "is person meant?"),
        (b"#+ summary: x\nSELECT ?x {\n  SERVICE <http://away.example/> {} }", 3, "SERVICE is not allowed"),
        (b"#+ summary: x\nSELECT ?x {\n  ?x plaec:y ?z }", 3, "plaec: is not declared"),
        (b"SELECT ?x {}", 1, "no header"),
        (b"#+ summary: x\nSELECT ?x { ?x ?y \"\xff\" }", 2, "not UTF-8"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_found_at_its_line(
    tmp_path: Path, data: bytes, line: int, said: str
) -> None:
    root = velmora.project(tmp_path)
    (root / "queries").mkdir()
    (root / "queries" / "who.rq").write_bytes(data)
    with pytest.raises(InvalidGraph) as caught:
        building.build(Project.open(root), root / "build")
    (finding,) = caught.value.report
    assert (finding.file, finding.line, finding.rule) == ("queries/who.rq", line, "question")
    assert said in finding.message
    assert finding.remedy
    assert not (root / "build").exists()


def test_a_local_copy_that_cannot_be_read_is_an_error_and_no_build_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = velmora.project(tmp_path)
    (root / "copy.txt").write_text("A text.")
    (root / "kg.local.toml").write_text('[texts]\ngazette-1 = "copy.txt"\n')
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "copy.txt":
            raise PermissionError(13, "Permission denied")
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(
        ProjectError, match="the local copy of gazette-1 cannot be read: Permission denied"
    ) as caught:
        building.build(Project.open(root), root / "build")
    assert "kg.local.toml" in caught.value.remedy
    assert not (root / "build").exists()
