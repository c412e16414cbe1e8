"""Streaming: what files of any RDF give as they pass is what they give when they are held, or they are left to be held."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import building, manifest
from kg.errors import InvalidGraph
from kg.formats import by_suffix
from kg.loading import load, stream
from kg.names import KG
from kg.project import Project
from kg.spool import Spool
from rdf_data import datasets, tame_blanks

A = "<http://x.example/a> <http://x.example/p>"
INTEGER = "<http://www.w3.org/2001/XMLSchema#integer>"
PASSING = {
    "nodes.ttl": f"{A} [ <http://x.example/p> 01, 1.50, true ], ( 1 2 _:b ) .",
    "graphs.trig": "<http://x.example/g> { _:b <http://x.example/p> ( 1 2 ) } _:g { _:g a _:b }",
    "nodes.nt": "_:b <http://x.example/p> _:b .",
    "graph.nq": '_:b <http://x.example/p> "a _: b" _:g .\r\n',
    "whole.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x.example/"><rdf:Description><x:p>c</x:p></rdf:Description></rdf:RDF>',
    "whole.jsonld": '{"@id": "http://x.example/g", "@graph": [{"http://x.example/p": "c"}]}',
    "mark.ttl": f"\ufeff{A} 1 .",
    "empty.nt": "# nothing\n",
    "decomposed.nt": f'{A} "e\u0301" .\n{A} "e\u0301"@fr .\n{A} "\\u0065\\u0301" .\n{A} "é" .\n',
    "rewritten.nt": f'{A} "01"^^{INTEGER} .\n{A} "002"^^{INTEGER} .\n{A} "\\"01\\"^^{INTEGER}" .\n',
    "signs.nt": f'{A} "<<( {{| ~ --ltr" .\n',
}
HELD = {
    "torn.ttl": f"{A} .\n{A} 1 .",
    "relative.ttl": f"{A} <b> .",
    "latin.nt": f'{A} "\xe9" .\n',
    "comment.nt": f"# \xe9\n{A} {A.split(maxsplit=1)[0]} .\n",
    "triple.nt": f"{A} <<( {A} {A.split(maxsplit=1)[0]} )>> .\n",
    "annotated.ttl": f"{A} 1 {{| <http://x.example/q> 2 |}} .",
    "reified.ttl": f"{A} 1 ~ <http://x.example/r> .",
    "directed.nt": f'{A} "a"@en--ltr .\n',
    "remote.jsonld": '{"@context": "https://x.example/context", "name": "x"}',
    "withheld.nt": f"<http://x.example/a> <{KG}visibility> <{KG}withheld> .\n{A} <http://x.example/b> .\n",
}


def written(place: Path, names: dict[str, str]) -> list[Path]:
    for name, text in names.items():
        latin = name in ("latin.nt", "comment.nt")
        (place / name).write_text(text, encoding="latin-1" if latin else "utf-8", newline="")
    return [place / name for name in names]


def held(project: Project) -> tuple[list[bytes], list[tuple[str, str, str]]]:
    loaded = load(project)
    return list(Spool.of(loaded.quads).lines()), sorted((f.file, f.rule, f.message) for f in loaded.findings)


def passed(project: Project) -> tuple[list[bytes], list[tuple[str, str, str]]] | None:
    found = stream.read(project)
    return found and (list(found[0].lines()), sorted((f.file, f.rule, f.message) for f in found[1]))


@pytest.mark.parametrize("base", [None, "https://other.example/"])
def test_files_that_pass_give_what_they_give_when_they_are_held(tmp_path: Path, base: str | None) -> None:
    files = written(tmp_path, PASSING)
    for some in (files, *([file] for file in files)):
        project = Project.adhoc(some, base=base)
        assert passed(project) == held(project)
    rules = {rule for _, rule, _ in held(Project.adhoc(files))[1]}
    assert rules == {"byte-order-mark", "empty-file", "literal-form", "nfc"}


@pytest.mark.parametrize("name", HELD)
def test_what_has_to_be_held_to_be_judged_does_not_pass(tmp_path: Path, name: str) -> None:
    files = written(tmp_path, {"nodes.nt": PASSING["nodes.nt"], name: HELD[name]})
    project = Project.adhoc(files)
    assert passed(project) is None
    if name == "withheld.nt":
        building.build(project, tmp_path / "out")
        assert "withheld" not in (manifest.current(tmp_path / "out") / "quads.nq").read_text()
        return
    with pytest.raises(InvalidGraph) as caught:
        building.build(project, tmp_path / "out")
    found = [each for each in caught.value.report.sorted() if each.severity == "violation"]  # type: ignore[union-attr]
    assert {Path(each.file).name for each in found} == {name}
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_read_does_not_pass(tmp_path: Path) -> None:
    (file,) = written(tmp_path, {"nodes.nt": PASSING["nodes.nt"]})
    project = Project.adhoc([file])
    file.unlink()
    assert passed(project) is None


@given(datasets(blank=tame_blanks), st.integers(1, 7))
def test_any_dataset_passes_as_it_is_held_whatever_is_read_at_once(
    tmp_path_factory: pytest.TempPathFactory, quads: list[ox.Quad], block: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.nq"
    ox.serialize(quads, output=file, format=by_suffix("any.nq").rdf)  # type: ignore[union-attr]
    project = Project.adhoc([file])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "_BLOCK", block)
        patch.setattr("kg.spool.BATCH", block)
        assert passed(project) == held(project)


def test_progress_ends_where_the_files_end(tmp_path: Path) -> None:
    files = written(tmp_path, PASSING)
    told: list[tuple[str, int, int]] = []
    stream.read(Project.adhoc(files), told=lambda *each: told.append(each))
    size = sum(file.stat().st_size for file in files)
    assert [each for each in told if each[0] == stream.READING][-1][1:] == (size, size)
    assert told[-1][0] == stream.SORTING
    assert told[-1][1] == told[-1][2] > 20
    assert all(done <= total for _, done, total in told)


def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("sorting.WIDTH", 8), ("sorting._BUFFER", 10_000), ("spool._BUFFER", 10_000), ("spool.BATCH", 100), ("sorting._BATCH", 100), ("loading.stream._BLOCK", 10_000)):  # fmt: skip
        monkeypatch.setattr(f"kg.{name}", value)

    def peak(number: int) -> int:
        file = tmp_path / f"{number}.nt"
        file.write_text("".join(f'{A} "{n * 7919 % number} {"x" * 60}" .\n' for n in range(number)))
        tracemalloc.start()
        try:
            found = stream.read(Project.adhoc([file]), tmp_path, memory=100_000)
            assert found is not None
            assert len(found[0]) == number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(1_000)  # what is imported on the way does not count
    assert peak(16_000) < 1.2 * peak(4_000)
