"""Writing in bounded memory: the same bytes from a sorted file as from quads, in memory and on disk, and nothing that grows."""

from __future__ import annotations

import io
import json
import re
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import serialisation
from kg.errors import NotAcceptable, StoreError
from kg.formats import EXPORTS, JSON_LD, N_QUADS, N_TRIPLES, RDF_XML, TRIG, TURTLE, Format
from kg.names import Base, is_iri
from kg.serialisation import Sorted, canonical, refusal, runs, statements, text, write
from kg.serialisation.abbreviation import Abbreviation
from kg.serialisation.runs import Runs
from kg.serialisation.statements import gathered, subjects
from rdf_data import SPACE, blanks, datasets, iris, literals, named, texts
from test_serialisation import CONTEXT, FORMATS, PREFIXES, held, written

many = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
directed = st.builds(
    ox.Literal, texts, language=st.just("en"), direction=st.sampled_from(list(map(ox.BaseDirection, ("ltr", "rtl"))))
)  # fmt: skip
triple_terms = st.builds(ox.Triple, named | blanks, named, named | blanks | literals(texts) | directed)
new_terms = st.lists(
    st.builds(
        ox.Quad, named | blanks, named, directed | triple_terms | blanks, st.just(ox.DefaultGraph()) | named
    ),
    max_size=6,
)


@contextmanager
def cramped() -> Iterator[None]:
    """Hold next to nothing in memory: every record goes to disk, every term is forgotten at once, lines are read in small pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs, "HELD", 1)
        patch.setattr(runs, "_PIECE", 7)
        patch.setattr(text, "REMEMBERED", 1)
        patch.setattr(statements, "_BATCH", 2)
        patch.setattr(statements, "_PIECE", 40)
        yield


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "quads.nq"


def put(quads: list[ox.Quad], path: Path) -> Sorted:
    path.write_bytes(written(quads, N_QUADS))
    return Sorted(path)


# The same bytes


@pytest.mark.parametrize("format", FORMATS)
@given(quads=datasets())
@many
def test_a_sorted_file_gives_what_quads_give(format: Format, quads: list[ox.Quad], place: Path) -> None:
    quads = held(quads, format)
    out = io.BytesIO()
    count = write(put(quads, place), format, out, prefixes=PREFIXES, context=CONTEXT)
    assert out.getvalue() == written(quads, format)
    lines = written(quads, N_QUADS)
    assert written(Sorted(lambda: io.BytesIO(lines)), format) == out.getvalue()  # type: ignore[arg-type]
    assert count == write(quads, format, io.BytesIO(), prefixes={})


@pytest.mark.parametrize("format", FORMATS)
@given(quads=datasets())
@many
def test_what_lies_on_disk_gives_what_memory_gives(format: Format, quads: list[ox.Quad], place: Path) -> None:
    quads = held(quads, format)
    expected = written(quads, format)
    with cramped():
        assert written(iter(quads), format) == expected
        assert written(put(quads, place), format) == expected


@pytest.mark.parametrize("format", [N_TRIPLES, N_QUADS, TURTLE, TRIG], ids=lambda format: format.suffix)
@given(quads=new_terms)
@many
def test_terms_of_rdf_1_2_too(format: Format, quads: list[ox.Quad], place: Path) -> None:
    with cramped():
        data = written(put(quads, place), format)
    assert data == written(quads, format)
    assert len(list(ox.parse(data, format=format.rdf))) == write(quads, format, io.BytesIO(), prefixes={})


@pytest.mark.parametrize("format", [JSON_LD, RDF_XML], ids=lambda format: format.suffix)
@given(quads=new_terms)
@many
def test_a_file_is_refused_as_its_quads_are(format: Format, quads: list[ox.Quad], place: Path) -> None:
    refused, out = refusal(quads, format), io.BytesIO()
    again = refusal(put(quads, place), format)
    assert (refused and str(refused)) == (again and str(again))
    if refused is None:
        write(Sorted(place), format, out, prefixes={})
    else:
        with pytest.raises(NotAcceptable):
            write(Sorted(place), format, out, prefixes={})
        assert out.getvalue() == b""


@given(datasets())
def test_lines_are_the_canonical_ones(quads: list[ox.Quad]) -> None:
    assert written(quads, N_QUADS).decode() == "".join(sorted(set(map(canonical, quads))))
    union = "".join(sorted({canonical(quad.triple) for quad in quads}))
    assert written(quads, N_TRIPLES).decode() == union


@given(datasets())
def test_subjects_stand_in_the_order_of_their_written_form(quads: list[ox.Quad]) -> None:
    blocks = [line for line in written(quads, TURTLE).decode().split("\n") if line[:1] not in ("", " ", "@")]
    found = [block.split(" ", 1)[0] for block in blocks]
    assert found == sorted(set(found))
    nodes = json.loads(written(quads, JSON_LD))["@graph"]
    for several in (nodes, *(node["@graph"] for node in nodes if "@graph" in node)):
        names = [json.dumps(each["@id"], ensure_ascii=False) for each in several if "@graph" not in each]
        assert names == sorted(set(names))


def test_a_scheme_that_is_a_term_is_found_wherever_it_stands(place: Path) -> None:
    """The context is settled when all has been read, and then what was written on disk is written anew."""
    claimant = ox.NamedNode("https://w3id.org/attest/ns#claimant")
    quads = [ox.Quad(ox.NamedNode(f"{SPACE}{n}"), claimant, ox.NamedNode("urn:x")) for n in range(20)]
    quads.append(ox.Quad(ox.NamedNode(f"{SPACE}z"), claimant, ox.NamedNode("claimant:x")))
    with cramped():
        data = written(put(quads, place), JSON_LD)
    assert "claimant" not in json.loads(data)["@context"]
    assert set(ox.parse(data, format=JSON_LD.rdf)) == set(quads)


# The terms of a line


@given(datasets() | new_terms)
def test_the_terms_of_a_line_are_cut_as_a_parser_reads_them(quads: list[ox.Quad]) -> None:
    found = []
    with gathered(quads) as sorted_ones:
        for subject, said in subjects(sorted_ones):
            found += [(subject, *terms) for terms in said]
    assert len(found) == len(set(map(canonical, quads)))
    for subject, predicate, object, graph in found:
        line = " ".join(filter(None, (subject, predicate, object, graph, ".\n")))
        (quad,) = ox.parse(line.encode(), format=N_QUADS.rdf)
        assert canonical(quad) == line
        assert (str(quad.subject), str(quad.predicate)) == (subject, predicate)
        assert graph == ("" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name))


@given(
    iris,
    st.dictionaries(
        st.sampled_from(["a", "b", "ab", "1", ""]),
        st.sampled_from([SPACE, f"{SPACE}a", f"{SPACE}-", f"{SPACE}a/", "urn:", "a:", f"{SPACE}ab"]),
    ),
    st.text("ab1-_./é", max_size=4),
)
def test_the_longest_namespace_that_leaves_a_plain_name_is_taken(
    iri: str, prefixes: dict[str, str], more: str
) -> None:
    iri += more
    fits = [
        (-len(space), space, prefix)
        for prefix, space in prefixes.items()
        if prefix != "1" and is_iri(space) and iri.startswith(space)
        if re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]*", iri[len(space) :])
    ]
    length, space, prefix = min(fits, default=(0, "", ""))
    names = Abbreviation(prefixes)
    assert names.name(iri) == (f"{prefix}:{iri[-length:]}" if fits else None)
    assert names.used == ({prefix: space} if fits else {})


# Files that are not what they should be


@pytest.mark.parametrize("format", [format for format in EXPORTS.values() if format is not N_QUADS], ids=lambda format: format.suffix)  # fmt: skip
@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<urn:b> <urn:p> <urn:o> .\n<urn:a> <urn:p> <urn:o> .\n", "not sorted"),
        (b"<urn:a> <urn:p> <urn:o> .\n<urn:a> <urn:p> <urn:o> .\n", "not sorted"),
        (b"<urn:a> <urn:p> <urn:o> .", "no end"),
        (b'<urn:a> <urn:p> "\xff" .\n', "UTF-8"),
        (b"<urn:a>\n", "no statement: <urn:a>"),
        (b"\n", "no"),
        (b"<urn:a> <urn:p>\n", "no statement"),
        (b"<urn:a> <urn:p> <urn:o>\n", "no statement"),
        (b"<urn:a> <urn:p>  .\n", "no statement"),
    ],
)
def test_a_file_that_is_not_sorted_statements_is_damaged(
    format: Format, data: bytes, why: str, place: Path
) -> None:
    place.write_bytes(data)
    with pytest.raises(StoreError, match=why) as error:
        write(Sorted(place), format, io.BytesIO(), prefixes={})
    assert error.value.remedy


# Sorting


@given(
    st.lists(st.binary(max_size=5).map(lambda data: data.replace(b"\n", b"")), max_size=30),
    st.sampled_from([1, 150, 10_000]),
    st.booleans(),
)
def test_records_come_in_order_each_once_as_often_as_asked(
    records: list[bytes], most: int, together: bool
) -> None:
    with Runs(b"\n", held=most) as sorter:
        if together:
            sorter.extend(records)
        else:
            for record in records:
                sorter.add(record)
        expected = sorted(set(records))
        assert list(sorter) == expected
        assert list(sorter) == expected
        sorter.add(b"more")
        assert list(sorter) == sorted({*expected, b"more"})
        sorter.clear()
        assert list(sorter) == []
        sorter.add(b"again")
        assert list(sorter) == [b"again"]


def test_temporary_files_have_a_directory_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quads = [
        ox.Quad(ox.NamedNode(f"{SPACE}{n}"), ox.NamedNode(SPACE), ox.NamedNode(SPACE)) for n in range(50)
    ]
    with cramped():
        write(quads, TURTLE, io.BytesIO(), prefixes={}, directory=tmp_path)
        assert list(tmp_path.iterdir()) == []
        with pytest.raises(OSError, match=r"No such file.*absent"):
            write(quads, TURTLE, io.BytesIO(), prefixes={}, directory=tmp_path / "absent")
        with tempfile.TemporaryFile(mode="rb") as unwritable:
            monkeypatch.setattr(runs.tempfile, "TemporaryFile", lambda **_: unwritable)
            with pytest.raises(OSError) as error:  # whatever the system says of it
                write(quads, TURTLE, io.BytesIO(), prefixes={}, directory=tmp_path)
            assert error.value.filename == str(tmp_path)
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.delenv(name, raising=False)
    assert runs.room() == "/var/tmp"  # noqa: S108
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(runs.tempfile, "tempdir", None)
    assert runs.room() == str(tmp_path)


# Memory


def numbered(count: int) -> Iterator[ox.Quad]:
    """Give *count* statements, in an order that is not theirs, on subjects of five statements each."""
    for number in range(count):
        subject = ox.NamedNode(f"{Base().iri}id/claim/c{number * 7919 % count // 5}")
        said = ox.Literal(f"text {number}") if number % 2 else ox.NamedNode(f"{Base().iri}id/event/e{number}")
        yield ox.Quad(
            subject, ox.NamedNode(f"{SPACE}p{number % 5}"), said, ox.NamedNode(f"{SPACE}g{number % 3}")
        )


def peak(source: object, format: Format) -> int:
    """Give the bytes that writing *source* takes at most."""
    with Path("/dev/null").open("wb") as out:
        tracemalloc.start()
        try:
            write(source, format, out, prefixes=PREFIXES, context=CONTEXT)  # type: ignore[arg-type]
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("format", FORMATS)
def test_memory_does_not_grow_with_the_number_of_statements(
    format: Format, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "HELD", 100_000)
    monkeypatch.setattr(runs, "_PIECE", 4_096)
    monkeypatch.setattr(statements, "_PIECE", 4_096)
    monkeypatch.setattr(statements, "_BATCH", 100)
    monkeypatch.setattr(text, "REMEMBERED", 200)
    monkeypatch.setattr(serialisation, "_PIECE", 4_096)
    monkeypatch.setattr(serialisation.plain, "_PIECE", 4_096)
    peaks = []
    for count in (4_000, 9_000):
        sizes = [peak(numbered(count), format)]
        put(list(numbered(count)), place)
        sizes.append(peak(Sorted(place), format))
        peaks.append(sizes)
    small, large = peaks  # both fill what is held in order to be sorted
    assert place.stat().st_size > 1_000_000
    # of what is not sorted yet a piece of each run is held; the statements would be megabytes
    assert large[0] < 200_000 + small[0]
    assert large[1] < 100_000 + small[1]
