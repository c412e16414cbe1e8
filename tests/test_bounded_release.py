"""A release of many statements: the same as of few held in memory, and memory that does not grow with them."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import building, exports, index, manifest, metadata, release, search
from kg.errors import StoreError
from kg.loading import stream
from kg.names import KG, RDF, RDFS, SCHEMA, SKOSXL, Base
from kg.project import Project
from kg.release import Contents
from kg.spool import Spool
from test_release import file_size_limit

SPACE = "http://x.example/"


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have everything of more than some lines sorted on disk, and little read at once."""
    for name, value in (("sorting.WIDTH", 8), ("sorting._BUFFER", 10_000), ("spool._BUFFER", 10_000), ("spool.BATCH", 100), ("sorting._BATCH", 100), ("loading.stream._BLOCK", 10_000), ("listing.statements.KNOWN", 500), ("listing.statements._CHUNK", 500), ("manifest.partitions._SEEN", 500), ("index._BATCH", 100), ("sorting.MEMORY", 100_000), ("release.contents._PIECE", 10_000)):  # fmt: skip
        monkeypatch.setattr(f"kg.{name}", value)


def lines(number: int) -> Iterator[str]:
    for n in range(number):
        yield f'<{SPACE}{n * 7919 % number}> <{SPACE}p{n % 7}> "{n} {"x" * 50}" <{SPACE}g{n % 3}> .\n'


def built(place: Path, number: int) -> Path:
    """Write a release of the file with *number* statements, without downloads."""
    file = place / f"{number}.nq"
    with file.open("w") as out:
        out.writelines(lines(number))
    found = stream.read(Project.adhoc([file]), place)
    assert found is not None
    contents = Contents(title="T", base=Base(), quads=found[0], downloads=())
    return release.write(place / f"out-{number}", metadata.described(contents, place))


@pytest.mark.usefixtures("tiny")
def test_a_release_from_disk_is_that_from_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = built(tmp_path, 3_000)
    monkeypatch.setattr("kg.sorting.MEMORY", 2**26)
    (tmp_path / "other").mkdir()
    other = built(tmp_path / "other", 3_000)
    assert manifest.verify(one) == manifest.verify(other)
    listed = manifest.read(one)
    assert listed.counts["quads"] == listed.counts["triples"] == 3_000
    assert [graph.quads for graph in listed.graphs] == [1_000] * 3


@pytest.mark.usefixtures("tiny")
def test_the_memory_of_a_build_does_not_grow_with_the_data(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        try:
            built(tmp_path, number)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(500)  # what is imported on the way does not count
    assert peak(12_000) < 1.3 * peak(3_000)


@pytest.mark.usefixtures("tiny")
def test_a_disk_that_is_full_while_it_is_sorted(tmp_path: Path) -> None:
    file, out = tmp_path / "a.nq", tmp_path / "out"
    file.write_text("".join(lines(20)))
    made, _ = building.build(Project.adhoc([file]), out)
    file.write_text("".join(lines(3_000)))
    with file_size_limit(50_000), pytest.raises(StoreError, match="cannot be written") as caught:
        building.build(Project.adhoc([file]), out)
    assert "elsewhere with -o DIR" in caught.value.remedy
    assert manifest.verify(manifest.current(out)) == made
    assert sorted(path.name for path in out.iterdir()) == sorted(["CURRENT", "LOCK", made.id])


names = st.sampled_from(["a", "a-b", "a/b", "a1", "a~", "ab", "é", "𝒶"]).map(lambda name: SPACE + name)
said = st.one_of(
    st.tuples(st.just(RDF + "type"), names.map(ox.NamedNode)),
    st.tuples(
        st.sampled_from([*index.READ[1:], SPACE + "p"]),
        st.builds(ox.Literal, st.text("aé\r\n\0\",'", max_size=4), language=st.sampled_from(["en", "ru", "hy"])),
    ),
)  # fmt: skip


def table(quads: list[ox.Quad]) -> list[list[str]]:
    """Give the rows of the index, as the sentence about it has them."""
    rows = []
    for subject in {quad.subject.value for quad in quads}:
        own = [quad for quad in quads if quad.subject.value == subject]
        labels = [
            (["ru", "en"].index(quad.object.language) if quad.object.language in ("ru", "en") else 9, index.LABELS.index(quad.predicate), quad.object.value)
            for quad in own if quad.predicate in index.LABELS
        ]  # fmt: skip
        types = {quad.object.value for quad in own if quad.predicate.value == RDF + "type"}
        rows += [[subject, kind, min(labels, default=(0, 0, ""))[2]] for kind in types]
    return sorted(rows)


@given(st.lists(st.builds(lambda s, po: ox.Quad(ox.NamedNode(s), ox.NamedNode(po[0]), po[1]), names, said)))
def test_the_index_is_in_the_order_of_iris_whatever_that_of_lines(quads: list[ox.Quad]) -> None:
    out = io.BytesIO()
    index.write(Spool.of(quads).having(index.READ), out, ("ru", "en"))
    rows = list(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))
    assert rows == [list(index.HEADER), *table(quads)]


things = st.sampled_from([ox.NamedNode(Base().id(kind, name)) for kind in ("person", "claim", "name", "place") for name in "ab"])  # fmt: skip
searched = st.one_of(
    st.tuples(things, st.sampled_from([p for p in search.PROPERTIES if not p.startswith(RDFS)]), things),
    st.tuples(things, st.sampled_from([RDFS + "label", SKOSXL + "literalForm", SCHEMA + "name"]), st.sampled_from([ox.Literal("One"), ox.Literal("Два", language="ru")])),
    st.tuples(things, st.just(RDF + "predicate"), st.just(ox.NamedNode(KG + "isCalled"))),
    st.tuples(things, st.just(KG + "status"), st.just(ox.NamedNode(KG + "recorded"))),
    st.tuples(things, st.just(SKOSXL + "prefLabel"), things),
)  # fmt: skip


@given(st.lists(searched, max_size=20), st.booleans())
def test_what_has_no_name_is_not_needed_to_index_names(
    said: list[tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]], attest: bool
) -> None:
    quads = [ox.Quad(subject, ox.NamedNode(predicate), object) for subject, predicate, object in said]
    spool = Spool.of(quads)
    relevant = search.relevant(lambda: spool.having(search.PROPERTIES), attest=attest)
    assert list(search.named(relevant, Base(), attest=attest)) == list(
        search.named(quads, Base(), attest=attest)
    )


def test_tables_are_made_of_what_memory_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, other = tmp_path / "place.nt", tmp_path / "other.nt"
    place.write_text(
        f'<{SPACE}a> a <{SCHEMA}Place> .\n<{SPACE}a> <{RDFS}label> "A" .\n'.replace(" a ", f" <{RDF}type> ")
    )
    other.write_text(f'<{SPACE}a> <{RDFS}label> "A" .\n<{SPACE}b> <{RDFS}label> "B" .\n')
    made, found = building.build(Project.adhoc([place]), tmp_path / "one")
    assert {"downloads/places.geojson", "downloads/tables/places.csv"} < {file.path for file in made.files}
    assert [finding.rule for finding in found.sorted()] == []
    monkeypatch.setattr(exports, "MOST", 1)
    made, found = building.build(Project.adhoc([place]), tmp_path / "two")
    assert not [
        file.path for file in made.files if file.path.endswith(("csv", "geojson")) and "/" in file.path
    ]
    assert [finding.rule for finding in found.sorted()] == ["download-left-out"] * 2
    assert all("made in memory, of 1 statements at most" in finding.message for finding in found.sorted())
    _, found = building.build(Project.adhoc([other]), tmp_path / "three")
    assert found.sorted() == []


def test_a_damaged_release_is_not_counted(tmp_path: Path) -> None:
    contents = Contents(title="T", base=Base(), quads=Spool.of(()))
    old = release.write(tmp_path, replace(contents, quads=[ox.Quad(*(ox.NamedNode(SPACE),) * 3)]))
    (old / "quads.nq").write_text("no statement\n")
    with pytest.raises(StoreError, match="damaged"):
        release.annotate(tmp_path, old, {"CHANGES.md": b""}, "")
