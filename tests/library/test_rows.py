"""Rows: typed values, CSV, JSON, a data frame, HTML."""

from __future__ import annotations

import copy
import csv
import html.parser
import io
import json
import math
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import invented
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.names import XSD, Base
from kg.rows import Rows, Value, value

HOSTILE = '<script>alert("x")</script> & more,\r\n"quoted"'
VALUES = """
VALUES (?kind ?it) {
  ("integer" 42) ("negative" -7) ("decimal" 1.50) ("double" 1.0e3) ("true" true) ("false" false)
  ("date" "1990-01-16"^^xsd:date) ("time" "1990-01-16T10:00:00Z"^^xsd:dateTime)
  ("iri" <https://attest.example/baku-1990/id/event/fair-1901>) ("other" <http://elsewhere.example/a>)
  ("text" "Fair") ("tagged" "Ярмарка"@ru) ("edtf" "1990-01/.."^^<http://id.loc.gov/datatypes/edtf/EDTF>)
  ("nothing" UNDEF)
}"""


def select(archive: kg.Archive, values: str = VALUES) -> kg.Rows:
    return archive.query(f"PREFIX xsd: <{XSD}> SELECT ?kind ?it {{ {values} }} ORDER BY ?kind")


@pytest.fixture(scope="module")
def rows(fair: kg.Archive) -> kg.Rows:
    return select(fair)


def test_each_value_has_its_type(rows: kg.Rows) -> None:
    found = {str(row["kind"]): row["it"] for row in rows}
    expected: dict[str, Value] = {
        "integer": 42, "negative": -7, "decimal": Decimal("1.5"), "double": 1000.0, "true": True, "false": False,
        "date": date(1990, 1, 16), "time": datetime(1990, 1, 16, 10, tzinfo=UTC),
        "iri": kg.IRI("https://attest.example/baku-1990/id/event/fair-1901"), "other": kg.IRI("http://elsewhere.example/a"),
        "text": "Fair", "tagged": kg.Text("Ярмарка", "ru"), "edtf": "1990-01/..", "nothing": None,
    }  # fmt: skip
    assert found == expected
    assert {name: type(cell) for name, cell in found.items()} == {
        n: type(cell) for n, cell in expected.items()
    }
    tagged = found["tagged"]
    assert isinstance(tagged, kg.Text)
    assert tagged.language == "ru"


def test_a_term_that_is_neither_name_nor_literal_is_its_text() -> None:
    node = ox.NamedNode("urn:x:a")
    assert value(ox.BlankNode("b1")) == "_:b1"
    assert value(ox.Triple(node, node, node)) == "<urn:x:a> <urn:x:a> <urn:x:a>"


def test_the_real_collection_has_typed_rows(archive: kg.Archive) -> None:
    row = archive.query("claims-by-measure", event="baku-1990-01", as_of=date(1990, 1, 16))[2]
    assert (row.as_of, row["amount"], row.lower, row.upper) == (date(1990, 1, 15), 32, 32, None)
    assert row["claim"] == archive.base.id("claim", "asbarez-c02-s2-01")
    forms = archive.query("SELECT DISTINCT ?l { <https://attest.example/baku-1990/id/place/baku> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } ORDER BY LANG(?l)")  # fmt: skip
    assert [(str(row.l), row.l.language) for row in forms if isinstance(row.l, kg.Text)] == [
        ("Baku", "en"),
        ("Баку", "ru"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1_000", "integer"), ("٣", "integer"), (" 1", "integer"), ("0x1", "integer"), ("", "integer"), ("9" * 5000, "integer"),
        ("yes", "boolean"), ("TRUE", "boolean"), ("NaN", "decimal"), ("1e3", "decimal"), ("1_0.0", "decimal"), ("nan", "double"),
        ("infinity", "double"), ("19900116", "date"), ("1990-02-31", "date"), ("1990-W03-2", "date"), ("1990-01-16Z", "date"),
        ("1990-01-16", "dateTime"), ("1990-01-16 10:00:00", "dateTime"), ("1990-01-16T24:00:00", "dateTime"), ("-0044-03-15", "date"),
    ],
)  # fmt: skip
def test_what_a_type_does_not_allow_stays_a_string(text: str, kind: str) -> None:
    import pyoxigraph as ox

    found = value(ox.Literal(text, datatype=ox.NamedNode(XSD + kind)))
    assert type(found) is str
    assert found == text


@given(st.integers() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False, places=6) | st.floats() | st.dates(min_value=date(1000, 1, 1)))  # fmt: skip
def test_values_survive_csv(cell: int | bool | Decimal | float | date) -> None:
    import pyoxigraph as ox

    kinds = {bool: "boolean", int: "integer", Decimal: "decimal", float: "double", date: "date"}
    written = next(csv.reader(io.StringIO(_one(cell).to_csv().split("\r\n", 1)[1], newline="")))[0]
    back = value(ox.Literal(written, datatype=ox.NamedNode(XSD + kinds[type(cell)])))
    assert type(back) is type(cell)
    assert back == cell or (isinstance(cell, float) and math.isnan(cell) and math.isnan(back))  # type: ignore[arg-type]


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=2, max_size=2))
)
def test_csv_is_that_of_rfc_4180(cells: list[list[str]]) -> None:
    found = Rows(("a", "b"), tuple(kg.Row(("a", "b"), tuple(row)) for row in cells), Base()).to_csv()
    assert list(csv.reader(io.StringIO(found, newline=""), strict=True)) == [["a", "b"], *cells]
    assert found.startswith("a,b\r\n")
    assert found.endswith("\r\n")


def _one(cell: Value) -> kg.Rows:
    return Rows(("it",), (kg.Row(("it",), (cell,)),), Base())


def test_csv_writes_values_as_xml_schema_does(rows: kg.Rows) -> None:
    lines = rows.to_csv().split("\r\n")
    assert lines[0] == "kind,it"
    assert set(lines[1:-1]) == {
        "integer,42", "negative,-7", "decimal,1.5", "double,1000.0", "true,true", "false,false", "date,1990-01-16",
        "time,1990-01-16T10:00:00Z", "iri,https://attest.example/baku-1990/id/event/fair-1901", "other,http://elsewhere.example/a",
        "text,Fair", "tagged,Ярмарка", "edtf,1990-01/..", "nothing,",
    }  # fmt: skip


def test_json_is_json(rows: kg.Rows) -> None:
    found = {row["kind"]: row["it"] for row in json.loads(json.dumps(rows.to_json(), allow_nan=False))}
    assert found["integer"] == 42
    assert found["true"] is True
    assert found["nothing"] is None
    assert found["decimal"] == "1.5"
    assert found["date"] == "1990-01-16"
    assert found["time"] == "1990-01-16T10:00:00Z"
    assert json.loads(json.dumps(_one(math.inf).to_json() + _one(math.nan).to_json(), allow_nan=False)) == [
        {"it": "INF"},
        {"it": "NaN"},
    ]


def test_rows_are_a_sequence(rows: kg.Rows) -> None:
    assert len(rows) == 14
    assert rows.columns == ("kind", "it")
    assert [tuple(row) for row in rows[:2]] == [tuple(rows[0]), tuple(rows[1])]
    assert isinstance(rows[:2], kg.Rows)
    assert rows[-1][0] == "true"
    assert (len(rows[0]), rows[0]["kind"], rows[0].kind, rows[0][0]) == (2, "date", "date", "date")
    assert repr(rows) == "<kg.Rows: 14 of kind, it>"
    assert repr(_one(kg.IRI("urn:x"))[0]) == "Row(it='urn:x')"
    assert rows.to_dicts()[0] == {"kind": "date", "it": date(1990, 1, 16)}
    with pytest.raises(AttributeError, match="there are kind, it"):
        _ = rows[0].amount
    with pytest.raises(KeyError):
        _ = rows[0]["amount"]
    with pytest.raises(IndexError):
        _ = rows[99]


def test_people_read_prefixed_names(rows: kg.Rows) -> None:
    cells = dict(rows.compact())
    assert cells["iri"] == "event:fair-1901"
    assert cells["other"] == "http://elsewhere.example/a"
    assert (cells["true"], cells["nothing"], cells["time"]) == ("true", "", "1990-01-16T10:00:00Z")


def test_values_can_be_copied_and_pickled(rows: kg.Rows) -> None:
    for row in rows:
        for again in (copy.deepcopy(row), pickle.loads(pickle.dumps(row))):  # noqa: S301 — our own
            assert again == row
            assert [type(cell) for cell in again] == [type(cell) for cell in row]
    tagged = pickle.loads(pickle.dumps(kg.Text("Ярмарка", "ru")))  # noqa: S301
    assert tagged.language == "ru"


def test_a_data_frame(rows: kg.Rows) -> None:
    pandas = pytest.importorskip("pandas")
    frame = rows.to_pandas()
    assert list(frame.columns) == ["kind", "it"]
    assert frame.set_index("kind")["it"]["integer"] == 42
    empty = rows[:0].to_pandas()
    assert isinstance(empty, pandas.DataFrame)
    assert list(empty.columns) == ["kind", "it"]


def test_without_pandas_the_remedy_is_named(rows: kg.Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(kg.QueryError) as raised:
        rows.to_pandas()
    assert "pip install" in raised.value.remedy


class Cells(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self.texts += [""] * (tag in ("td", "th"))

    def handle_data(self, data: str) -> None:
        self.texts[-1] += data


def test_html_escapes(tmp_path: Path) -> None:
    turtle = f"event:fair-1901 rdfs:label {json.dumps(HOSTILE)}@en .\n"
    archive = invented.opened(turtle, tmp_path)
    found = archive.query("SELECT ?label { ?it <http://www.w3.org/2000/01/rdf-schema#label> ?label }")
    page = found._repr_html_()
    assert "<script" not in page
    parser = Cells()
    parser.feed(page)
    assert set(parser.tags) == {"table", "thead", "tbody", "tr", "th", "td"}
    assert parser.texts == ["label", HOSTILE.replace("\r\n", "\n")] or parser.texts == ["label", HOSTILE]


# ------------------------------------------------------------------ questions


def test_a_query_as_text(fair: kg.Archive) -> None:
    for text in ("SELECT ?it { ?it a <https://schema.org/Event> }", "SELECT\n?it\n{?it\na\n<https://schema.org/Event>}", "SELECT?it{?it a<https://schema.org/Event>}"):  # fmt: skip
        assert len(fair.query(text)) == 4


def test_questions_that_are_none(archive: kg.Archive, fair: kg.Archive) -> None:
    with pytest.raises(kg.NotFound) as raised:
        archive.query("spelings")
    assert "spellings" in raised.value.suggestions
    for query, params, said in (
        ("ASK {}", {}, "no rows"),
        ("SELECT * { ?s ?p ?o }", {"event": "x"}, "only named queries"),
        ("SELECT * {", {}, "ends too early"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", {}, "INSERT"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", {}, "SERVICE"),
        ("spellings", {"plce": "baku"}, "did you mean 'place'"),
        ("claims-by-measure", {"as_of": "tomorrow"}, "tomorrow"),
    ):
        with pytest.raises(kg.QueryError, match=said):
            archive.query(query, **params)


@pytest.mark.parametrize(
    "params",
    [
        {"event": "baku-1990"},
        {"measure": "deathz"},
        {"measure": "kg:nothing"},
        {"event": "https://elsewhere.example/"},
    ],
)
def test_a_parameter_that_names_nothing_is_no_empty_answer(
    archive: kg.Archive, params: dict[str, str]
) -> None:
    with pytest.raises(kg.NotFound):
        archive.query("claims-by-measure", **params)


def test_parameters_in_any_form(archive: kg.Archive) -> None:
    rows = archive.query(
        "claims-by-measure", event="baku-1990-01", measure="deaths", as_of="1990-01-16"
    ).compact()
    for event in ("event:baku-1990-01", archive.base.id("event", "baku-1990-01")):
        for day in (date(1990, 1, 16), "1990-01-16"):
            assert (
                archive.query("claims-by-measure", event=event, measure="kg:deaths", as_of=day).compact()
                == rows
            )
    everything = archive.query("claims-by-measure").compact()
    assert archive.query("claims-by-measure", as_of=None).compact() == everything
    assert len(everything) > len(rows) > 0


def test_other_answers(fair: kg.Archive) -> None:
    assert fair.answer("ASK { ?s a <https://schema.org/Event> }") is True
    triples = fair.answer("CONSTRUCT { ?s a <urn:it> } WHERE { ?s a <https://schema.org/Event> }")
    assert isinstance(triples, list)
    assert len(triples) == 4


def test_what_bears_on_rows_is_given_once_with_all_that_it_bears_on(archive: kg.Archive) -> None:
    rows = archive.query("claims-by-measure")
    one, two, three = (kg.IRI(archive.base.id("claim", f"asbarez-{slug}")) for slug in ("c03-s2-01", "c05-s2-01", "p2-s1-01"))  # fmt: skip
    assert list(rows.bearing(archive.caveats).values()) == [[one, two], [three]]
    assert rows[:1].bearing(archive.caveats) == {}
    hidden = archive.query("claims-by-claimant", claimant="associated-press")
    assert len(hidden.bearing(archive.caveats)) < len(hidden.bearing(archive.caveats, veiled=True))
