"""Reading sheets: what spreadsheet programs write, and each kind of damage at its row and column."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sheets import sheets
from kg.sheets.export import rewritten
from kg.sheets.reading import Read, read

PLACES = sheets(("en",))["places"]
CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


def places(text: str | bytes) -> Read:
    return read(text if isinstance(text, bytes) else text.encode(), PLACES, "places.csv")


def told(found: Read) -> list[tuple[int, str, str]]:
    return [(each.line, each.path, each.rule) for each in found.findings]


def cells(found: Read) -> list[tuple[int, str | None, str | None]]:
    return [(row.number, row.cells[0], row.cells[1]) for row in found.rows]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_spreadsheets_write_is_read(separator: str, encoding: str) -> None:
    text = f'id{separator}label\r\nvelmora{separator}"Վելմորա, the ""town"";\r\nby the sea"\r\n'
    found = places(text.encode(encoding))
    assert told(found) == []
    assert cells(found) == [(2, "velmora", 'Վելմորա, the "town";\r\nby the sea')]


@given(
    st.lists(st.tuples(CELLS, CELLS), max_size=6), st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"]),
)  # fmt: skip
def test_written_cells_are_read_as_they_were(
    rows: list[tuple[str, str]], separator: str, encoding: str
) -> None:
    records = [("id", "label"), *rows]
    found = places(rewritten(records, separator, encoding))
    assert [tuple(record) for record in found.raw] == records
    assert found.separator == separator
    assert len(found.rows) + len({each.line for each in found.findings}) == sum(any(row) for row in rows)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    found = places(data)
    assert found.rows == [] or found.columns


@given(st.binary(max_size=60))
def test_rows_are_read_or_told_of(data: bytes) -> None:
    found = places(b"id,label\r\n" + data)
    assert all(row.cells[0] is not None for row in found.rows)
    assert bool(found.rows or found.findings) or not any(data.decode("utf-8", "replace").split())


def test_each_ragged_row_is_told_and_the_rest_is_read() -> None:
    found = places("id,label\na,A\nb\nc,C,C\nd,D\n")
    assert told(found) == [(3, "", "sheet-form"), (4, "", "sheet-form")]
    assert cells(found) == [(2, "a", "A"), (5, "d", "D")]


def test_empty_rows_count_and_say_nothing() -> None:
    found = places("id,label\n\n,\na,A\n")
    assert told(found) == []
    assert cells(found) == [(4, "a", "A")]


def test_bytes_of_windows_are_refused_at_their_cell_and_the_rest_is_read() -> None:
    found = places(b"id,label\na,Caf\xe9\nb,\x93B\x94\nc,C\n")
    assert told(found) == [(2, "label", "sheet-encoding"), (3, "label", "sheet-encoding")]
    assert "byte E9" in found.findings[0].message
    assert "'é'" in found.findings[0].message
    assert "CSV UTF-8" in found.findings[0].remedy
    assert found.findings[0].column == 2
    assert cells(found) == [(4, "c", "C")]


def test_broken_utf_16_is_one_finding() -> None:
    assert told(places(codecs.BOM_UTF16_LE + b"i\0d")) == [(0, "", "sheet-encoding")]


def test_a_nul_byte_is_told() -> None:
    assert told(places("id,label\na,A\0\n")) == [(2, "label", "sheet-encoding")]


@pytest.mark.parametrize("formula", ["=SUM(A1:A2)", "+A1", "-A1", "@now", "\tx", "=1+1"])
def test_formulas_are_refused(formula: str) -> None:
    found = places(f'id,label\na,"{formula}"\n')
    assert told(found) == [(2, "label", "sheet-formula")]


def test_numbers_with_a_sign_are_none() -> None:
    assert cells(places("id,label\na,-5.25\nb,+3\n")) == [(2, "a", "-5.25"), (3, "b", "+3")]


def test_unknown_columns_are_told_with_the_nearest() -> None:
    found = places("id,lable,colour\na,A,red\n")
    assert told(found) == [(1, "lable", "sheet-header"), (1, "colour", "sheet-header")]
    assert "write label" in found.findings[0].remedy


def test_columns_may_be_missing_and_in_any_order_but_for_the_identifier() -> None:
    assert cells(places("Label , ID\nA,a\n")) == [(2, "a", "A")]
    assert told(places("label\nA\n")) == [(1, "", "sheet-header")]
    assert told(places("id,label,id\na,A,b\n")) == [(1, "id", "sheet-header")]
    assert told(places("")) == [(0, "", "sheet-header")]
    assert told(places("\n\n")) == [(1, "", "sheet-header")]


def test_a_cell_without_a_column_is_told() -> None:
    assert told(places("id,label,\na,A,\nb,B,?\n")) == [(3, "", "sheet-form")]


def test_a_quotation_mark_that_does_not_close_is_told_where_it_opens() -> None:
    found = places('id,label\na,A\nb,"B\nc,C\n')
    assert told(found) == [(3, "", "sheet-form")]
    assert "never ends" in found.findings[0].message
    assert cells(found) == [(2, "a", "A")]
    assert told(places('id,label\na,"A"b\n')) == [(2, "", "sheet-form")]


def test_a_cell_beyond_the_longest_is_told() -> None:
    assert told(places(f"id,label\na,{'x' * 140_000}\n")) == [(2, "", "sheet-form")]


def test_a_semicolon_in_a_label_does_not_make_it_the_separator() -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("id", "label", "description"), ("a", "A;b;c;d", "e;f")])
    assert cells(places(out.getvalue())) == [(2, "a", "A;b;c;d")]
