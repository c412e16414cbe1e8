"""The embedded store: releases in memory and in the cache on disk, whole answers, and errors at their place."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rdf_data
from kg.errors import QueryError, StoreError
from kg.manifest import File, Manifest, digest
from kg.names import XSD
from kg.store import EmbeddedStore, Solutions, select

X = "http://x.example/"
ENTITIES, SOURCE = (ox.NamedNode(f"{X}graph/{name}") for name in ("entities", "source"))
A, B, P, Q = (ox.NamedNode(X + name) for name in "abpq")
QUADS = [
    ox.Quad(A, P, B, ENTITIES),
    ox.Quad(A, P, B, SOURCE),
    ox.Quad(A, Q, ox.Literal("Բաքու", language="hy"), ENTITIES),
    ox.Quad(B, Q, ox.Literal(32), ENTITIES),
    ox.Quad(B, P, A),
]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    lines = sorted(f"{quad} .\n" for quad in QUADS)
    (tmp_path / "quads.nq").write_text("".join(lines), encoding="utf-8")
    return tmp_path


def with_manifest(release: Path, default_graph: str = "union") -> None:
    size, sha256 = digest(release / "quads.nq")
    found = Manifest(
        title="t",
        base=X,
        default_graph=default_graph,
        counts={"quads": len(QUADS), "triples": 4},
        files=(File("quads.nq", size, sha256, "application/n-quads"),),
    )
    (release / "manifest.json").write_text(found.with_files(found.files).to_json(), encoding="utf-8")


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, release: Path) -> Iterator[EmbeddedStore]:
    yield EmbeddedStore.open(release, in_memory=1_000_000 if request.param == "memory" else 0)


def rows(store: EmbeddedStore, text: str) -> list[tuple[object, ...]]:
    found = store.query(text)
    assert isinstance(found, Solutions)
    return sorted(found.rows, key=str)


class TestAnswers:
    """One script, for both ways of keeping the quads."""

    def test_select(self, store: EmbeddedStore) -> None:
        found = store.query(f"SELECT ?n ?none {{ {B} {Q} ?n }}")
        assert found == Solutions(("n", "none"), ((ox.Literal(32), None),))

    def test_ask_and_construct(self, store: EmbeddedStore) -> None:
        assert store.query("ASK { ?s ?p 32 }") is True
        assert store.query("ASK { ?s ?p 33 }") is False
        assert (
            store.query("CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o . FILTER (isLiteral(?o) && ?o = 32) }") == []
        )
        assert store.query("CONSTRUCT { ?s ?p 33 } WHERE { ?s ?p 32 }") == [ox.Triple(B, Q, ox.Literal(33))]

    def test_select_as_python_values(self, store: EmbeddedStore) -> None:
        assert select(store, "SELECT ?s ?n ?none { ?s ?p ?n FILTER (isNumeric(?n)) }") == [
            {"s": f"{X}b", "n": 32, "none": None}
        ]
        with pytest.raises(QueryError, match="gives no rows"):
            select(store, "ASK {}")

    def test_about_and_incoming(self, store: EmbeddedStore) -> None:
        assert {str(quad) for quad in store.about(f"{X}a")} == {str(quad) for quad in QUADS[:3]}
        assert store.about(f"{X}nobody") == []
        assert {str(quad) for quad in store.incoming(f"{X}b")} == {str(quad) for quad in QUADS[:2]}
        assert len(store.incoming(f"{X}b", limit=1)) == 1
        with pytest.raises(QueryError, match="not an IRI"):
            store.about("no IRI")

    def test_whole(self, store: EmbeddedStore) -> None:
        assert set(store.quads()) == set(QUADS)
        assert store.graphs() == {ENTITIES.value: 3, SOURCE.value: 1}
        assert len(store) == 5

    def test_union_reads_all_graphs_and_does_not_merge_them(self, store: EmbeddedStore) -> None:
        """What the engine does, and why queries say DISTINCT; more than that the store does not repeat."""
        assert rows(store, f"SELECT ?o {{ <{X}a> <{X}p> ?o }}") == [(B,), (B,)]
        assert rows(store, f"SELECT DISTINCT ?o {{ <{X}a> <{X}p> ?o }}") == [(B,)]
        assert rows(store, f"SELECT ?o {{ <{X}a> <{X}q> ?o . <{X}b> <{X}p> <{X}a> }}") == [
            (ox.Literal("Բաքու", language="hy"),)
        ]

    def test_from_is_kept_in_a_union(self, store: EmbeddedStore) -> None:
        for text, expected in {
            "SELECT ?s FROM @ { ?s ?p ?o }": [(A,)],
            "SELECT ?s FROM NAMED @ { ?s ?p ?o }": [],
            "SELECT ?g FROM NAMED @ { GRAPH ?g { ?s ?p ?o } }": [(SOURCE,)],
        }.items():
            assert rows(store, text.replace("@", str(SOURCE))) == expected

    def test_truth_values_in_any_letters(self, store: EmbeddedStore) -> None:
        """And only they: a string, an IRI, a name and a variable that look alike stay as they are."""
        text = """PREFIX TRUE: <http://x.example/TRUE#>
            SELECT (True AS ?TRUE) (!FALSE AS ?f) (STR(TRUE:TRUE) AS ?name) ("TRUE"@en-TRUE AS ?string) # TRUE
            { FILTER(true = TRUE && STR(<http://x.example/TRUE>) = "http://x.example/TRUE") }"""
        answer = store.query(text)
        assert isinstance(answer, Solutions)
        assert answer.variables == ("TRUE", "f", "name", "string")
        truth = ox.Literal(True)
        assert answer.rows[0][:3] == (truth, truth, ox.Literal("http://x.example/TRUE#TRUE"))
        assert answer.rows[0][3].value == "TRUE"

    def test_answers_can_be_read_in_any_thread(self, store: EmbeddedStore) -> None:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: store.query("SELECT ?s { ?s ?p ?o }"), range(20)))
            assert list(pool.map(lambda each: len(each.to_json()), found)) == [len(found[0].to_json())] * 20
            assert list(pool.map(lambda _: len(store.about(f"{X}a")), range(20))) == [3] * 20


class TestOpening:
    def test_the_manifest_sets_the_default_graph(self, release: Path) -> None:
        with_manifest(release, "strict")
        assert EmbeddedStore.open(release).default_graph == "strict"
        assert EmbeddedStore.open(release, default_graph="union").default_graph == "union"
        assert rows(EmbeddedStore.open(release), "SELECT ?s { ?s ?p ?o }") == [(B,)]

    @pytest.mark.parametrize("in_memory", [0, 1_000])
    def test_no_quads(self, tmp_path: Path, in_memory: int) -> None:
        with pytest.raises(StoreError, match=r"quads\.nq cannot be read") as caught:
            EmbeddedStore.open(tmp_path, in_memory=in_memory)
        assert caught.value.remedy == "run kg build"

    @pytest.mark.parametrize("in_memory", [0, 1_000])
    def test_broken_quads(self, release: Path, in_memory: int) -> None:
        path = release / "quads.nq"
        path.write_bytes(path.read_bytes()[:-30])
        with pytest.raises(StoreError, match="damaged"):
            EmbeddedStore.open(release, in_memory=in_memory)
        assert [each.name for each in release.iterdir()] == ["quads.nq"]

    @pytest.mark.parametrize("in_memory", [0, 1_000])
    def test_quads_that_are_not_those_of_the_manifest(self, release: Path, in_memory: int) -> None:
        with_manifest(release)
        path = release / "quads.nq"
        path.write_bytes(path.read_bytes().replace(b"32", b"33"))
        with pytest.raises(StoreError, match="not what the manifest lists"):
            EmbeddedStore.open(release, in_memory=in_memory)

    def test_a_store_is_read_only(self, store: EmbeddedStore) -> None:
        with pytest.raises(QueryError, match="INSERT is an update"):
            store.query(f"INSERT DATA {{ <{X}a> <{X}a> <{X}a> }}")
        assert len(store) == 5


def emptied(cache: Path) -> None:
    for path in (cache / "db").iterdir():
        path.unlink()


def flipped(cache: Path) -> None:
    path = max((cache / "db").glob("*.sst"), key=lambda each: each.stat().st_size)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def without_mark(cache: Path) -> None:
    (cache / "cache.json").unlink()


def of_another_version(cache: Path) -> None:
    mark = json.loads((cache / "cache.json").read_text())
    (cache / "cache.json").write_text(json.dumps(mark | {"engine": "pyoxigraph 0.0.1"}))


def no_json(cache: Path) -> None:
    (cache / "cache.json").write_text("{")


class TestCache:
    def test_it_is_made_once_and_used_again(self, release: Path) -> None:
        EmbeddedStore.open(release, in_memory=0)
        made = (release / "store").stat().st_ino
        assert len(EmbeddedStore.open(release, in_memory=0)) == 5
        assert (release / "store").stat().st_ino == made
        assert sorted(each.name for each in release.iterdir()) == ["quads.nq", "store"]

    def test_a_small_release_has_none(self, release: Path) -> None:
        EmbeddedStore.open(release, in_memory=5)
        assert not (release / "store").exists()

    @pytest.mark.parametrize("damage", [emptied, flipped, without_mark, of_another_version, no_json])
    def test_a_bad_one_is_made_anew(self, release: Path, damage: object) -> None:
        EmbeddedStore.open(release, in_memory=0)
        made = (release / "store").stat().st_ino
        damage(release / "store")
        assert set(EmbeddedStore.open(release, in_memory=0).quads()) == set(QUADS)
        assert (release / "store").stat().st_ino != made
        assert sorted(each.name for each in release.iterdir()) == ["quads.nq", "store"]
        assert sorted(each.name for each in (release / "store").iterdir()) == ["cache.json", "db"]

    def test_one_of_other_quads_is_made_anew(self, release: Path) -> None:
        EmbeddedStore.open(release, in_memory=0)
        path = release / "quads.nq"
        path.write_bytes(path.read_bytes().replace(b"32", b"33"))
        assert EmbeddedStore.open(release, in_memory=0).query("ASK { ?s ?p 33 }") is True

    def test_what_stands_in_its_place_is_moved_away(self, release: Path) -> None:
        (release / "store").write_text("no directory")
        assert len(EmbeddedStore.open(release, in_memory=0)) == 5
        assert sorted(each.name for each in (release / "store").iterdir()) == ["cache.json", "db"]

    def test_what_a_killed_process_left_is_removed(self, release: Path) -> None:
        (release / ".store-abc" / "new").mkdir(parents=True)
        EmbeddedStore.open(release, in_memory=0)
        assert sorted(each.name for each in release.iterdir()) == ["quads.nq", "store"]

    def test_a_full_disk_is_said(self, release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_: object, **__: object) -> str:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(tempfile, "mkdtemp", full)
        with pytest.raises(StoreError, match="No space left") as caught:
            EmbeddedStore.open(release, in_memory=0)
        assert "free space" in caught.value.remedy

    def test_several_at_once(self, release: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from kg.store import EmbeddedStore\n"
            "print(len(EmbeddedStore.open(Path(sys.argv[1]), in_memory=0)))"
        )
        runs = [
            subprocess.Popen([sys.executable, "-c", code, str(release)], stdout=subprocess.PIPE)
            for _ in range(3)
        ]
        assert [run.communicate()[0].decode().strip() for run in runs] == ["5"] * 3
        assert sorted(each.name for each in release.iterdir()) == ["quads.nq", "store"]


EMPTY = EmbeddedStore.of([])


class TestErrors:
    @pytest.mark.parametrize(
        ("text", "line", "column", "says"),
        [
            ("", 1, 1, "ends too early"),
            ("SELECT * {\n  ?s ?p ?o", 2, 11, "ends too early"),
            ("SELECT ?x {\n  ?x a }", 2, 3, r"at or after '\?x'"),
            ("SELECT COUNT(*) { ?a ?b ?c }", 1, 8, "'COUNT'"),
            ("SELECT ?s WHERE {\n ?s ?p ?o FILTRE(?o > 1) }", 2, 11, "'FILTRE'"),
            ("SELECT * WHERE { ?s ?p ?o } }", 1, 29, "'}'"),
            ("SELECT ?a { ?a ?b ?c } LIMIT x", 1, 30, "at 'x'"),
            ("SELECT * { FILTER (?a = ) }", 1, 25, r"'\)'"),
            ("ASK { ?s ?p 1^^<urn:x> }", 1, 14, r"'\^\^'"),
            ('ASK {\n ?s ?p "abc }', 2, 8, "quotation mark is not closed"),
            ("ASK { ?s ?p % }", 1, 13, "'%' has no meaning"),
            ("ASK { ?s <a%zz> ?o }", 1, 10, "at '<a%zz>'"),
            ("SELECT (SUM(?x) AS ?s) ?y { ?x ?y ?z }", 1, 38, "variable that is unbound"),
            ("ASK { ?s ?p ?o . FILTER (<urn:f>(1)) }", 0, 0, "custom function <urn:f> is not supported"),
        ],
    )
    def test_place_and_words(self, text: str, line: int, column: int, says: str) -> None:
        with pytest.raises(QueryError, match=says) as caught:
            EMPTY.query(text)
        assert (caught.value.line, caught.value.column) == (line, column)
        assert "expected" not in str(caught.value)

    def test_the_engines_message_has_the_form_that_is_read(self) -> None:
        with pytest.raises(SyntaxError, match=r"^error at 2:\d+: expected one of "):
            ox.Store().query("ASK {\n ?s ?p")
        with pytest.raises(SyntaxError, match=r"^error at 1:16: expected DISTINCT$"):
            ox.Store().query("SELECT COUNT(*) { ?a ?b ?c }")

    def test_half_a_character(self) -> None:
        with pytest.raises(QueryError, match="half a character"):
            EMPTY.query('ASK { ?s ?p "\ud800" }')

    @given(
        st.text(max_size=40)
        | st.lists(
            st.sampled_from(
                [
                    "SELECT * ",
                    "{ ",
                    "?s ?p ?o ",
                    "} ",
                    "FILTER ",
                    "( ",
                    "1 ",
                    ") ",
                    "'",
                    "\n",
                    "LIMIT ",
                    "a ",
                    ". ",
                ]
            )
        ).map("".join)
    )
    def test_any_text_is_answered_or_refused(self, text: str) -> None:
        try:
            EMPTY.query(text)
        except QueryError as error:
            assert str(error)

    def test_deep_but_allowed(self) -> None:
        assert EMPTY.query("ASK { FILTER (" + "STR(" * 90 + "1" + ")" * 90 + " = '1') }") is True

    def test_no_thread_can_be_started(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(thread: threading.Thread) -> None:
            raise RuntimeError("can't start new thread")

        size = threading.stack_size()
        monkeypatch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(StoreError, match="no thread can be started") as caught:
            EMPTY.query("ASK {}")
        assert "more memory or threads" in caught.value.remedy
        assert threading.stack_size() == size

    def test_no_thread_stays(self) -> None:
        EMPTY.query("ASK {}")
        assert not [thread for thread in threading.enumerate() if thread.name == "query"]


class TestSolutions:
    terms = (
        rdf_data.named
        | st.sampled_from(
            [
                ox.BlankNode("b"),
                ox.Literal("a", language="en", direction=ox.BaseDirection.RTL),
                ox.Triple(A, P, ox.Literal("x")),
            ]
        )
        | st.text(st.characters(exclude_categories=["Cs"])).map(ox.Literal)
        | st.integers().map(ox.Literal)
        | st.none()
    )

    @given(st.lists(st.tuples(terms, terms), max_size=4).map(tuple))
    def test_json_is_what_the_engine_reads_back(self, found: tuple[tuple[object, ...], ...]) -> None:
        solutions = Solutions(("a", "b"), found)
        back = ox.parse_query_results(solutions.to_json(), ox.QueryResultsFormat.JSON)
        assert [variable.value for variable in back.variables] == ["a", "b"]
        assert tuple(tuple(row) for row in back) == found

    def test_json_and_csv_are_those_of_the_engine(self) -> None:
        text = "SELECT * { VALUES (?a ?b) { (<urn:x:a> 'x') (UNDEF '') ('a,\"b\"\\nc'@en 1.5) (true '2'^^<urn:t>) } } ORDER BY ?a ?b"
        found = EMPTY.query(text)
        assert isinstance(found, Solutions)
        engine = ox.Store()
        assert json.loads(found.to_json()) == json.loads(
            engine.query(text).serialize(format=ox.QueryResultsFormat.JSON)
        )
        assert found.to_csv() == engine.query(text).serialize(format=ox.QueryResultsFormat.CSV)

    def test_a_column_of_nothing(self) -> None:
        assert Solutions(("a",), ((None,), (ox.Literal(""),))).to_csv() == b"a\r\n\r\n\r\n"
        assert Solutions((), ((),)).to_json() == b'{"head":{"vars":[]},"results":{"bindings":[{}]}}\n'

    def test_a_literal_of_another_type(self) -> None:
        day = ox.Literal("1990-01-13", datatype=ox.NamedNode(f"{XSD}date"))
        binding = json.loads(Solutions(("a",), ((day,),)).to_json())["results"]["bindings"][0]["a"]
        assert binding == {"type": "literal", "value": "1990-01-13", "datatype": f"{XSD}date"}
