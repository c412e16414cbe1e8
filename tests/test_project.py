"""Projects: kg.toml read strictly, and each file's place mapped to its graph."""

from __future__ import annotations

import os
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ProjectError
from kg.formats import JSON_LD, TURTLE
from kg.project import GraphInfo, Project

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://attest.example/baku-1990/"
CONFIGURATION = f"""\
version = 1
edition = "0.3.0"
date = "2026-11-23"
base = "{BASE}"
title = "A harbour in 1901"
licence = "https://creativecommons.org/licenses/by/4.0/"
languages = ["en", "hy"]
publisher = "A reader"
profiles = ["attest"]

[graphs."source/gazette-1"]
title = "What the gazette says"
licence = "https://creativecommons.org/licenses/by/4.0/"
"""


def write(root: Path, *names: str, text: str = "") -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "kg.toml", text=CONFIGURATION)
    return tmp_path


def refused(root: Path, text: str) -> ProjectError:
    write(root, "kg.toml", text=text)
    with pytest.raises(ProjectError) as caught:
        Project.open(root)
    assert caught.value.remedy
    return caught.value


class TestConfiguration:
    def test_what_it_says(self, root: Path) -> None:
        project = Project.open(root)
        assert project.root == root
        assert project.base.iri == BASE
        assert (project.title, project.version, project.date) == ("A harbour in 1901", "0.3.0", "2026-11-23")
        assert project.languages == ("en", "hy")
        assert project.profiles == ("attest",)
        assert project.default_graph == "union"
        assert project.publisher == "A reader"
        assert project.graphs == {
            "source/gazette-1": GraphInfo(
                "What the gazette says", "https://creativecommons.org/licenses/by/4.0/"
            )
        }

    def test_it_is_found_from_below_and_by_its_own_name(self, root: Path) -> None:
        write(root, "data/x/entities/a.ttl")
        for path in (root / "kg.toml", root / "data" / "x", root / "data/x/entities/a.ttl"):
            assert Project.open(path).root == root

    def test_another_base(self, root: Path) -> None:
        assert Project.open(root, base="https://archive.example/h/").base.iri == "https://archive.example/h/"
        with pytest.raises(ProjectError, match="not an http"):
            Project.open(root, base="archive")

    def test_a_day_of_toml_itself_will_do(self, root: Path) -> None:
        write(root, "kg.toml", text=CONFIGURATION.replace('"2026-11-23"', "2026-11-23"))
        assert Project.open(root).date == "2026-11-23"

    def test_none_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(ProjectError, match=r"no kg\.toml") as caught:
            Project.open(tmp_path)
        assert "--data FILE" in caught.value.remedy

    @pytest.mark.parametrize(
        ("old", "new", "line", "words"),
        [
            ('title = "A harbour in 1901"', "title = A harbour", 5, "not TOML"),
            ('title = "A harbour in 1901"', "title = 1901", 5, "a text in quotes"),
            ('title = "A harbour in 1901"', 'title = " "', 5, "title is empty"),
            ('title = "A harbour in 1901"', "", 1, "'title' is missing"),
            ('publisher = "A reader"', 'publsher = "A reader"', 8, "'publsher' is unknown"),
            ("version = 1", "version = 2", 1, "version = 2 is not known"),
            ("version = 1", "version = true", 1, "a whole number"),
            ('"2026-11-23"', '"23.11.2026"', 3, "has to be a day"),
            ('"2026-11-23"', "2026-11-23T00:00:00", 3, "without a time"),
            (f'"{BASE}"', '"https://attest.example"', 4, "ends with '/'"),
            ('licence = "https', 'licence = "htps', 6, "has to be an http"),
            ('["en", "hy"]', '["en", 5]', 7, "list of texts"),
            ('["en", "hy"]', '"en"', 7, "a list"),
            ('["en", "hy"]', '["en", "HY"]', 7, "no language tag in lower case"),
            ('["attest"]', '["atest"]', 9, "no profile 'atest'"),
            ('publisher = "A reader"', 'default_graph = "both"', 8, "'both' is not known"),
            ("source/gazette-1", "sources/gazette-1", 11, "not the name of a graph"),
            ('title = "What the gazette says"', "", 11, "'graphs.source/gazette-1.title' is missing"),
            ('title = "What the gazette says"', 'titel = "x"\ntitle = "y"', 12, "titel' is unknown"),
            ("[graphs.", "[limits]\nmemroy = 5\n[graphs.", 12, "'limits.memroy' is unknown"),
            ("[graphs.", "[limits]\nmemory = 5\n[graphs.", 12, "memory is out of range"),
            ("[graphs.", '[limits]\n\nrows = "all"\n[graphs.', 13, "'limits.rows' has to be a whole number"),
            ("[graphs.", "[limits]\ndeadline = true\n[graphs.", 12, "'limits.deadline' has to be a number"),
            ("[graphs.", "[limits]\ndeadline = nan\n[graphs.", 12, "deadline is out of range"),
            ("[graphs.", "[limits]\nheavy = 1.5\n[graphs.", 12, "'limits.heavy' has to be a whole number"),
        ],
    )
    def test_what_it_may_not_say(self, root: Path, old: str, new: str, line: int, words: str) -> None:
        assert old in CONFIGURATION
        error = refused(root, CONFIGURATION.replace(old, new, 1))
        assert re.match(rf"kg\.toml:{line}:[1-9][0-9]*: ", str(error))
        assert (error.path, error.line) == ("kg.toml", line)
        assert words in str(error)

    def test_it_is_utf_8(self, root: Path) -> None:
        (root / "kg.toml").write_bytes(CONFIGURATION.replace("reader", "lecteur agréé").encode("latin-1"))
        with pytest.raises(ProjectError, match=r"kg\.toml:8:27: byte E9 is not UTF-8"):
            Project.open(root)

    def test_it_can_be_read(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", refuse)
        with pytest.raises(ProjectError, match=r"kg\.toml: it cannot be read: Permission denied") as caught:
            Project.open(root)
        assert caught.value.remedy == "check its permissions"

    @given(
        st.lists(
            st.sampled_from([*CONFIGURATION.splitlines(), "[graphs]", "[graphs.x", "[[limits]]", "[", "a.b = 1", "x = 1979-05-27T07:32:00Z", 'title = """', "base = 5", "é", "=", "[limits]", "graphs = []", 'graphs = {vocab = {}}', "languages = [[]]", "version = 0x1"])
            | st.text(max_size=20),
            max_size=16,
        )
    )  # fmt: skip
    def test_any_text_is_read_or_refused_with_a_line(self, lines: list[str]) -> None:
        with TemporaryDirectory() as directory:
            root = Path(directory)
            write(root, "kg.toml", text="\n".join(lines))
            try:
                assert Project.open(root).title
            except ProjectError as error:
                assert re.match(r"kg\.toml:[1-9]", str(error))
                assert error.remedy

    @pytest.mark.parametrize("value", ["[" * 100_000, "9" * 5000])
    def test_values_that_are_too_much(self, root: Path, value: str) -> None:
        assert "not TOML" in str(refused(root, f"version = {value}\n"))

    def test_this_repository(self) -> None:
        project = Project.open(ROOT)
        assert project.base.iri == BASE
        assert project.profiles == ("attest",)
        graphs = {file.graph for file in project.data_files()}
        assert graphs <= {project.base.graph(name) for name in project.graphs}
        assert project.misplaced() == ()


class TestFiles:
    def test_a_place_stands_for_a_graph(self, root: Path) -> None:
        places = {
            "ontology/kg.ttl": "vocab",
            "ontology/vocab/units.ttl": "vocab",
            "data/harbour/sources/gazette-1/article.ttl": "source/gazette-1",
            "data/harbour/sources/gazette-1/more.jsonld": "source/gazette-1",
            "data/harbour/entities/people.ttl": "entities",
            "data/harbour/editorial/derived.nt": "editorial",
            "data/harbour/external/geonames.ttl": "external/geonames",
        }
        write(root, *places)
        write(root, "ontology/shapes/attest.ttl", "ontology/alignments/x.ttl", "ontology/context.jsonld")
        write(
            root,
            "data/harbour/coverage.csv",
            "data/harbour/entities/.people.ttl",
            "queries/b.rq",
            "queries/a.rq",
        )
        project = Project.open(root)
        files = project.data_files()
        assert {project.name(file.path): file.graph for file in files} == {
            name: f"{BASE}graph/{graph}" for name, graph in places.items()
        }
        assert [project.name(file.path) for file in files] == sorted(places)
        assert {file.format for file in files if "gazette-1" in str(file.path)} == {TURTLE, JSON_LD}
        assert project.misplaced() == ()
        assert [project.name(path) for path in project.ontology_files()] == [
            "ontology/kg.ttl",
            "ontology/vocab/units.ttl",
        ]
        assert [project.name(path) for path in project.query_files()] == ["queries/a.rq", "queries/b.rq"]
        assert [project.name(path) for path in project.shape_files()] == ["ontology/shapes/attest.ttl"]

    def test_the_graph_is_on_the_configured_base(self, root: Path) -> None:
        write(root, "data/harbour/entities/people.ttl")
        (file,) = Project.open(root, base="https://archive.example/h/").data_files()
        assert file.graph == "https://archive.example/h/graph/entities"

    @pytest.mark.parametrize(
        "name",
        [
            "data/stray.ttl",
            "data/harbour/stray.ttl",
            "data/harbour/sources/stray.ttl",
            "data/harbour/sources/The Gazette/a.ttl",
            "data/harbour/entities/deeper/a.ttl",
            "data/harbour/external/Geo.Names.ttl",
            "ontology/stray.ttl",
            "ontology/vocab/deeper/a.ttl",
        ],
    )
    def test_a_place_that_stands_for_none(self, root: Path, name: str) -> None:
        write(root, name)
        project = Project.open(root)
        assert project.data_files() == ()
        ((path, sentence),) = project.misplaced()
        assert project.name(path) == name
        assert "stands for no graph" in sentence
        free = project.with_profiles(())
        assert [(file.path, file.graph) for file in free.data_files()] == [(root / name, None)]
        assert free.misplaced() == ()

    def test_a_pipe_is_not_opened(self, root: Path) -> None:
        (root / "data/harbour/entities").mkdir(parents=True)
        os.mkfifo(root / "data/harbour/entities/pipe.ttl")
        assert Project.open(root).data_files() == ()
        assert len(Project.open(root).misplaced()) == 1

    def test_absent_shapes_are_an_error(self, root: Path) -> None:
        with pytest.raises(ProjectError, match=r"ontology/shapes/attest\.ttl is absent"):
            Project.open(root).shape_files()
        assert Project.open(root).with_profiles([]).shape_files() == ()

    def test_unknown_profiles(self, root: Path) -> None:
        with pytest.raises(ProjectError, match="no profile 'none'"):
            Project.open(root).with_profiles(["none"])


class TestAdhoc:
    def test_any_files(self, tmp_path: Path) -> None:
        write(tmp_path, "b.ttl", "a.jsonld")
        project = Project.adhoc([tmp_path / "b.ttl", tmp_path / "a.jsonld", tmp_path / "b.ttl"])
        assert [(file.path.name, file.graph) for file in project.data_files()] == [
            ("a.jsonld", None),
            ("b.ttl", None),
        ]
        assert project.profiles == ()
        assert project.title == "a.jsonld, b.ttl"
        assert (project.query_files(), project.texts(), project.misplaced()) == ((), {}, ())

    def test_what_cannot_be_taken(self, tmp_path: Path) -> None:
        write(tmp_path, "a.csv")
        for files, words in (
            ([], "no data file is named"),
            ([tmp_path / "a.ttl"], "no such file"),
            ([tmp_path], "no such file"),
            ([tmp_path / "a.csv"], "names no RDF format"),
        ):
            with pytest.raises(ProjectError, match=words) as caught:
                Project.adhoc(files)
            assert caught.value.remedy


class TestTexts:
    def test_local_copies(self, root: Path) -> None:
        assert Project.open(root).texts() == {}
        write(root, "copies/gazette.txt")
        write(root, "kg.local.toml", text='[texts]\ngazette-1 = "copies/gazette.txt"\n')
        assert Project.open(root).texts() == {"gazette-1": root / "copies/gazette.txt"}

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ('[texts]\n\ngazette-1 = "absent.txt"\n', r"kg\.local\.toml:3:1: the local copy .* is absent"),
            ("[texts]\ngazette-1 = 5\n", r"kg\.local\.toml:2:1: .* a text in quotes"),
            ('[text]\ngazette-1 = "x"\n', r"kg\.local\.toml:1:1: the key 'text' is unknown"),
        ],
    )
    def test_what_cannot_be_used(self, root: Path, text: str, words: str) -> None:
        write(root, "kg.local.toml", text=text)
        with pytest.raises(ProjectError, match=words):
            Project.open(root).texts()
