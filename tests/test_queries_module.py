"""Named queries: their headers, their parameters as terms, and the catalogue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from kg import sparql
from kg.errors import NotFound, QueryError
from kg.names import KG, SOURCE_BASE, XSD, Base
from kg.queries import TERMS, Catalog, Query, read

OTHER = Base("http://other.example/b/")
HEADER = "#+ summary: A question\n"


def query(params: str, body: str) -> Query:
    lines = [HEADER, "#+ params:\n", *(f"#+   {line}\n" for line in params.splitlines())]
    return read("q", "".join(lines) + body, Base())


def one(kind: str) -> Query:
    return query(f"x: {{type: {kind}}}", "SELECT ?y { BIND (?_x AS ?y) }")


def answer(text: str) -> list[object]:
    return [row[0] for row in ox.Store().query(text)]


class TestReading:
    def test_everything_that_a_header_says(self) -> None:
        found = read(
            "deaths",
            "#+ summary: What is said\n#+ description: >-\n#+   Two\n#+   lines.\n#+ asked-by: historian\n#+ tags: [a, b]\n"
            "#+ params:\n#+   event: {type: event, default: baku-1990-01, summary: which}\n#+   day: {type: date, default: null}\n"
            "#+   n: {type: integer}\n"
            "SELECT ?s { ?s ?p ?_event, ?_n BIND(?_day AS ?until) }",
            Base(),
        )
        assert (found.name, found.summary, found.description) == ("deaths", "What is said", "Two lines.")
        assert (found.asked_by, found.tags) == ("historian", ("a", "b"))
        assert [(p.name, p.type, p.default, p.required, p.summary) for p in found.params] == [
            ("event", "event", "baku-1990-01", False, "which"),
            ("day", "date", None, False, ""),
            ("n", "integer", None, True, ""),
        ]

    def test_params_may_be_a_list(self) -> None:
        found = query(
            "- {name: a, type: year, default: 1990}\n- {name: b, type: boolean, default: true}",
            "ASK { ?s ?_a ?_b }",
        )
        assert [(p.name, p.default) for p in found.params] == [("a", "1990"), ("b", "true")]

    def test_a_date_is_no_date_of_yaml(self) -> None:
        found = query("a: {type: date, default: 1990-01-16}", "ASK { ?s ?p ?_a }")
        assert found.params[0].default == "1990-01-16"

    @pytest.mark.parametrize(
        ("text", "line", "says"),
        [
            ("ASK {}", 1, "no header"),
            ("#+ tags: [a]\nASK {}", 1, "no summary"),
            ("#+ summary: a: b\nASK {}", 1, "not YAML"),
            (f"{HEADER}#+ params:\n#+   x: {{type: date\nASK {{}}", 3, "not YAML"),
            (f"{HEADER}#+ summary: again\nASK {{}}", 2, "stands twice"),
            (
                f"{HEADER}#+ params:\n#+   x: {{type: date}}\n#+   x: {{type: date}}\nASK {{ ?s ?p ?_x }}",
                4,
                "stands twice",
            ),
            (
                f"{HEADER}#+ params: [{{name: x, type: date}}, {{name: x, type: date}}]\nASK {{ ?s ?p ?_x }}",
                1,
                "stands twice",
            ),
            (f"{HEADER}#+ params: [x]\nASK {{}}", 1, "neither a map nor a list"),
            (f"{HEADER}#+ params: {{x: date}}\nASK {{ ?s ?p ?_x }}", 1, "no type"),
            (f"{HEADER}#+ params: {{X-1: {{type: date}}}}\nASK {{}}", 1, "no name for a parameter"),
            (f"{HEADER}#+ params: {{x: {{type: evnt}}}}\nASK {{ ?s ?p ?_x }}", 1, "is event meant"),
            (f"{HEADER}#+ params: {{x: {{typo: date}}}}\nASK {{ ?s ?p ?_x }}", 1, "does not know 'typo'"),
            (
                f"{HEADER}#+ params: {{x: {{type: date, default: soon}}}}\nASK {{ ?s ?p ?_x }}",
                1,
                "'soon' is no day",
            ),
            (f"{HEADER}#+ author: me\nASK {{}}", 1, "does not know 'author'"),
            (f"{HEADER}#+ tags: a\nASK {{}}", 1, "list of words"),
            (f"{HEADER}#+ description: 3\nASK {{}}", 1, "is a text"),
            ("#+ - a\nASK {}", 1, "no keys"),
            (f"{HEADER}#+ params: {{x: {{type: date}}}}\nASK {{}}", 1, "'x' is not used"),
            (f"{HEADER}ASK {{\n  ?s ?p ?_x }}", 3, "no parameter 'x'"),
            (
                f"{HEADER}#+ params: {{x: {{type: date, default: null}}}}\nASK {{ ?s ?p ?o FILTER (?o = ?_x) }}",
                3,
                "outside BIND",
            ),
            (f"{HEADER}ASK {{ SERVICE ?s {{}} }}", 2, "SERVICE"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_line(self, text: str, line: int, says: str) -> None:
        with pytest.raises(QueryError, match=says) as caught:
            read("q", text, Base())
        assert caught.value.line == line
        assert caught.value.remedy

    @pytest.mark.parametrize("name", ["Deaths", "a_b", "a.b", ""])
    def test_names_are_slugs(self, name: str) -> None:
        with pytest.raises(QueryError, match="no name for a query"):
            read(name, f"{HEADER}ASK {{}}", Base())


class TestValues:
    @pytest.mark.parametrize(
        ("kind", "value", "term"),
        [
            ("event", "baku-1990-01", f"<{OTHER.iri}id/event/baku-1990-01>"),
            ("event", "event:baku-1990-01", f"<{OTHER.iri}id/event/baku-1990-01>"),
            ("event", f"{SOURCE_BASE}id/event/a", f"<{OTHER.iri}id/event/a>"),
            ("event", "http://elsewhere.example/#a", "<http://elsewhere.example/#a>"),
            ("iri", "schema:Event", "<https://schema.org/Event>"),
            ("measure", "deaths", f"<{KG}deaths>"),
            ("measure", "kg:deaths", f"<{KG}deaths>"),
            ("date", "1990-01-16", f'"1990-01-16"^^<{XSD}date>'),
            ("date", date(1990, 1, 16), f'"1990-01-16"^^<{XSD}date>'),
            ("year", 1990, "1990"),
            ("integer", "-007", "-7"),
            ("integer", 32, "32"),
            ("string", 'a "b" \\ \n', '"a \\"b\\" \\\\ \\n"'),
            ("string", "\x00\x7f", '"\\U00000000\\U0000007F"'),
            ("language", "hy-Latn", '"hy-latn"'),
            ("boolean", True, "true"),
            ("boolean", "false", "false"),
        ],
    )
    def test_a_value_becomes_a_term(self, kind: str, value: object, term: str) -> None:
        text = one(kind).bind({"x": value}, OTHER)
        assert text.endswith(f"SELECT ?y {{ BIND ({term} AS ?y) }}")
        assert len(answer(text)) == 1
        rdflib.Graph().query(text)

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            ("event", "not a slug"),
            ("event", "place:baku"),
            ("event", "a> <b"),
            ("iri", "baku"),
            ("measure", "de aths"),
            ("measure", "schema:name"),
            ("date", "16 January 1990"),
            ("date", "1990-02-30"),
            ("date", "1990-01-16T00:00"),
            ("date", "١٩٩٠-٠١-١٦"),
            ("year", "90"),
            ("integer", "1.5"),
            ("integer", True),
            ("integer", "9" * 5000),
            ("string", "\ud800"),
            ("language", "e"),
            ("language", 'en" .'),
            ("boolean", "yes"),
        ],
    )
    def test_another_is_refused_by_name(self, kind: str, value: object) -> None:
        with pytest.raises(QueryError, match=r"^x: ") as caught:
            one(kind).bind({"x": value}, Base())
        assert caught.value.remedy

    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_any_text_is_one_token_and_itself(self, value: str) -> None:
        found = one("string")
        text = found.bind({"x": value}, Base())
        before, after = sparql.tokens(found.text), sparql.tokens(text)
        changed = [(a, b) for a, b in zip(before, after, strict=True) if a.text != b.text]
        assert [(a.text, b.kind) for a, b in changed] == [("?_x", "string")]
        assert answer(text) == [ox.Literal(value)]
        assert [str(row[0]) for row in rdflib.Graph().query(text)] == [value]

    @given(
        st.sampled_from(sorted(TERMS)),
        st.text()
        | st.sampled_from(["a> } #", "x:y<", "1 ) }", "true#", "kg:a.b)", "event:'", "http://a/\\u003e"]),
    )
    def test_no_value_of_any_type_changes_the_query(self, kind: str, value: str) -> None:
        found = one(kind)
        try:
            text = found.bind({"x": value}, Base())
        except QueryError:
            return
        before, after = ([(t.kind, t.text) for t in sparql.tokens(each)] for each in (found.text, text))
        index = before.index(("var", "?_x"))
        assert after[:index] == before[:index]
        assert after[len(after) - (len(before) - index - 1) :] == before[index + 1 :]
        assert len(after) - len(before) in (0, 2)  # a date is a text, ^^ and an IRI


class TestBinding:
    def test_an_unknown_parameter_is_refused_with_the_nearest(self) -> None:
        found = query("event: {type: event}\nday: {type: date}", "ASK { ?_event ?p ?_day }")
        with pytest.raises(QueryError, match="did you mean 'event'") as caught:
            found.bind({"evnt": "a"}, Base())
        assert caught.value.remedy == "its parameters are event, day"

    def test_a_missing_parameter_is_named(self) -> None:
        with pytest.raises(QueryError, match="needs the parameter 'x'"):
            one("date").bind({}, Base())
        with pytest.raises(QueryError, match="needs the parameter 'x'"):
            one("date").bind({"x": None}, Base())

    def test_a_default_stands_in(self) -> None:
        found = query("x: {type: event, default: a}", "SELECT ?y { BIND (?_x AS ?y) }")
        assert answer(found.bind({}, OTHER)) == [ox.NamedNode(f"{OTHER.iri}id/event/a")]
        assert answer(found.bind({"x": "b"}, OTHER)) == [ox.NamedNode(f"{OTHER.iri}id/event/b")]

    @pytest.mark.parametrize(("value", "expected"), [(None, ["1", "2", "3"]), ("2", ["1", "2"])])
    def test_an_optional_parameter_left_out_is_unbound_in_both_engines(
        self, value: str | None, expected: list[str]
    ) -> None:
        text = query(
            "most: {type: integer, default: null}",
            "SELECT DISTINCT ?n { VALUES ?n { 1 2 3 } BIND (?_most AS ?top) FILTER (!BOUND(?top) || ?n <= ?top) } ORDER BY ?n",
        ).bind({"most": value}, Base())
        assert [term.value for term in answer(text)] == expected
        assert [str(row[0]) for row in rdflib.Graph().query(text)] == expected

    def test_only_iris_that_begin_with_the_source_base_are_replaced(self) -> None:
        body = (
            f"# {SOURCE_BASE}id/event/a\nPREFIX event: <{SOURCE_BASE}id/event/>\n"
            f'ASK {{ <{SOURCE_BASE}a> ?p "<{SOURCE_BASE}a>", <http://x.example/?{SOURCE_BASE}>, event:a }}'
        )
        text = read("q", HEADER + body, Base()).bind({}, OTHER)
        assert text.count(OTHER.iri) == 2
        assert f"# {SOURCE_BASE}id/event/a\nPREFIX event: <{OTHER.iri}id/event/>" in text
        assert f'<{OTHER.iri}a> ?p "<{SOURCE_BASE}a>", <http://x.example/?{SOURCE_BASE}>' in text

    def test_a_parameter_in_a_text_or_comment_is_no_parameter(self) -> None:
        found = query("x: {type: integer}", 'ASK { ?s ?p "?_x", ?_x } # ?_x')
        assert found.bind({"x": 1}, Base()).endswith('ASK { ?s ?p "?_x", 1 } # ?_x')


class TestCatalog:
    @pytest.fixture
    def catalog(self, tmp_path: Path) -> Catalog:
        for name in ("voices", "claims", "claims-by-day"):
            (tmp_path / f"{name}.rq").write_text(f"{HEADER}ASK {{}}", encoding="utf-8")
        (tmp_path / "notes.txt").write_text("no query", encoding="utf-8")
        return Catalog.load(tmp_path)

    def test_it_is_a_mapping_in_order(self, catalog: Catalog) -> None:
        assert list(catalog) == ["claims", "claims-by-day", "voices"]
        assert catalog["voices"] is catalog.find("voices") is catalog.get("voices")
        assert ("voices" in catalog, "nobody" in catalog, catalog.get("nobody"), len(catalog)) == (
            True,
            False,
            None,
            3,
        )

    def test_an_unknown_name_gives_the_nearest(self, catalog: Catalog) -> None:
        with pytest.raises(NotFound, match="no query 'claim-by-day'") as caught:
            catalog["claim-by-day"]
        assert caught.value.suggestions[0] == "claims-by-day"

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"#+ summary: a\nASK {\n  SERVICE ?x {} }", r"^bad\.rq:3: SERVICE"),
            (b"#+ summary: a: b\nASK {}", r"^bad\.rq:1: the header is not YAML"),
            (b"#+ summary: \xff\nASK {}", r"^bad\.rq: .*utf-8"),
        ],
    )
    def test_a_broken_file_is_named_with_its_line(self, tmp_path: Path, content: bytes, says: str) -> None:
        (tmp_path / "bad.rq").write_bytes(content)
        with pytest.raises(QueryError, match=says):
            Catalog.load(tmp_path)

    def test_the_queries_of_this_collection_can_be_asked(self) -> None:
        catalog = Catalog.load(Path(__file__).parent.parent / "queries")
        assert catalog
        for each in catalog.values():
            text = each.bind({}, OTHER)
            assert list(ox.Store().query(text)) == []
            assert SOURCE_BASE not in "".join(t.text for t in sparql.tokens(text) if t.kind == "iri")
