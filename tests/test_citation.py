"""Citations: what is written is read again whole by a parser of BibTeX, and is CSL-JSON as its schema has it, whatever a name holds."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import Entry, parse_string

from kg.citation import WRITERS, Citation, key
from kg.errors import NotAcceptable

CITATION = Citation(
    key="claim-fair-1-0123456789ab",
    title="Fair, 1901: at least 32 guests",
    genre="record of a claim",
    responsible="Archive & Sons",
    container="Fairs that never were",
    edition="1.2",
    release="0123456789ab",
    date="1991-05-02",
    permalink="https://archive.example/fairs/release/0123456789ab/claim/fair_1?a=%7B&b=~1#x",
    iri="https://archive.example/fairs/id/claim/fair_1",
    licence="https://creativecommons.org/licenses/by/4.0/",
    note="Claimed by a guest, as passed on by a paper, no later than 1901-02-03.",
)
HOSTILE = (
    "{", "}", "}}", "{{{", "\\", "\\}", "\\textbf{x}", '"', "'", "@misc{x,", "%", "a % b", "# 1", "$x$", "a & b", "a_b", "~", "^",
    "first\nsecond", "a\r\n\r\nb", "tab\there", "\u202eolleh", "\u2067rtl\u2069", "\u200fשלום", "Բաքու", "Баку", "naïve", "#", "=,", "}, note = {x",
    "a -- b", "\x00", "\x85", " ", "🜂", "\ud800",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(), max_size=40),
    st.lists(st.sampled_from(HOSTILE), max_size=5).map(" ".join),
)
# the members of an item and the types in https://resource.citationstyles.org/schema/v1.0/input/json/csl-data.json
STRINGS = {
    "id",
    "title",
    "container-title",
    "genre",
    "publisher",
    "edition",
    "version",
    "URL",
    "note",
    "language",
}
MEMBERS = STRINGS | {"type", "author", "issued"}


def entry(citation: Citation) -> Entry:
    found = parse_string(citation.bibtex(), "bibtex").entries
    assert list(found) == [citation.key]
    return found[citation.key]


def read(value: str) -> str:
    """Give what LaTeX would print for *value*."""
    while value.startswith("{") and value.endswith("}") and "{" not in value[1:-1].replace("{}", ""):
        value = value[1:-1]
    for macro, character in (
        ("braceleft", "{"),
        ("braceright", "}"),
        ("asciitilde", "~"),
        ("asciicircum", "^"),
    ):
        value = value.replace(rf"\text{macro}{{}}", f"\0{ord(character)};")
    value = value.replace(r"\textbackslash{}", "\x0092;")
    value = re.sub(r"\\([#$%&_])", r"\1", value)
    assert not set(value) & set("\\{}"), value
    return re.sub("\0([0-9]+);", lambda found: chr(int(found[1])), value)


def seen(text: str) -> str:
    """Give *text* as it is to be seen: one line, without controls and marks that turn the direction of others."""
    kept = (
        " "
        if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")
        or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff"
        else c
        for c in text
    )
    return " ".join("".join(kept).split())


@given(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
def test_bibtex_is_read_again_whole(title: str, who: str, container: str, note: str, edition: str) -> None:
    citation = replace(
        CITATION, title=title, responsible=who, container=container, note=note, edition=edition
    )
    found = entry(citation)
    assert read(found.fields.get("title", "")) == seen(title)
    assert [read(str(person)) for person in found.persons.get("author", ())] == (
        [seen(who)] if seen(who) else []
    )
    assert read(found.fields["note"]) == seen(f"{note} Identifier: {citation.iri}.")
    assert found.fields["url"] == citation.permalink
    held = found.fields["howpublished" if container else "edition"] if container or seen(edition) else ""
    assert seen(edition) in read(held)
    assert set(found.fields) <= {"title", "type", "howpublished", "edition", "version", "publisher", "year", "month", "note", "url", "license"}  # fmt: skip


@given(TEXTS, TEXTS)
def test_csl_keeps_every_letter_and_to_its_schema(title: str, who: str) -> None:
    (item,) = json.loads(replace(CITATION, title=title, responsible=who).csl())
    conforms(item)
    assert item.get("title", "") == seen(title)
    assert item.get("author", []) == ([{"literal": seen(who)}] if seen(who) else [])


def conforms(item: dict[str, Any]) -> None:
    """Hold *item* to what csl-data.json says of the members that we write: no other ones, required ones, types."""
    assert item.keys() <= MEMBERS
    assert {"id", "type"} <= item.keys()
    assert item["type"] in ("entry", "dataset")
    assert all(isinstance(item[name], str) and item[name] for name in STRINGS & item.keys())
    for name in item.get("author", ()):
        assert name.keys() == {"literal"} and isinstance(name["literal"], str)
    if "issued" in item:
        assert item["issued"].keys() == {"date-parts"}
        (parts,) = item["issued"]["date-parts"]
        assert 1 <= len(parts) <= 3 and all(isinstance(part, int) for part in parts)


def test_an_entry_as_it_stands() -> None:
    assert (
        CITATION.bibtex()
        == r"""@misc{claim-fair-1-0123456789ab,
  author = {{Archive \& Sons}},
  title = {{Fair, 1901: at least 32 guests}},
  type = {Record of a claim},
  howpublished = {In: Fairs that never were, edition 1.2},
  version = {release 0123456789ab},
  year = {1991},
  month = may,
  note = {Claimed by a guest, as passed on by a paper, no later than 1901-02-03. Identifier: https://archive.example/fairs/id/claim/fair\_1.},
  url = {https://archive.example/fairs/release/0123456789ab/claim/fair_1?a=%7B&b=~1#x},
  license = {https://creativecommons.org/licenses/by/4.0/},
}
"""
    )
    assert entry(CITATION).fields["month"] == "May"


def test_the_whole_collection_is_a_dataset() -> None:
    whole = replace(CITATION, container="", kind="dataset")
    found = entry(whole)
    assert found.type == "dataset"
    assert (found.fields["edition"], read(found.fields["publisher"])) == ("1.2", "Archive & Sons")
    assert "container-title" not in whole.item()


@pytest.mark.parametrize(
    ("date", "parts", "month"),
    [("1991-05-02", [[1991, 5, 2]], "May"), ("1991-12", [[1991, 12]], "December"), ("1991", [[1991]], None), ("1991-13-02", [[1991]], None), ("", None, None), ("soon", None, None)],
)  # fmt: skip
def test_dates_say_what_is_known(date: str, parts: list[list[int]] | None, month: str | None) -> None:
    dated = replace(CITATION, date=date)
    assert dated.item().get("issued") == ({"date-parts": parts} if parts else None)
    fields = entry(dated).fields
    assert fields.get("month") == month
    assert ("year" in fields) == bool(parts)
    conforms(dated.item())


def test_a_citation_in_words() -> None:
    assert str(CITATION) == (
        "Archive & Sons: “Fair, 1901: at least 32 guests” (record of a claim). Claimed by a guest, as passed on by a paper, no later than 1901-02-03. "
        "Fairs that never were, edition 1.2, release 0123456789ab, 1991-05-02. https://archive.example/fairs/release/0123456789ab/claim/fair_1?a=%7B&b=~1#x "
        "(identifier https://archive.example/fairs/id/claim/fair_1; licence https://creativecommons.org/licenses/by/4.0/)"
    )
    bare = replace(
        CITATION, responsible="", edition="", release="", date="", licence="", note="", iri=CITATION.permalink
    )
    assert (
        bare.text()
        == f"“Fair, 1901: at least 32 guests” (record of a claim). Fairs that never were. {CITATION.permalink}"
    )
    assert "author" not in bare.item()
    entry(bare)


@given(st.lists(st.text(max_size=30), max_size=3))
def test_keys_are_plain_ascii(parts: list[str]) -> None:
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", key(*parts))


def test_a_licence_in_words_is_escaped() -> None:
    assert entry(replace(CITATION, licence="ask {us} & 100%")).fields["license"].count("\\") == 4


def test_other_formats_are_refused_with_those_that_there_are() -> None:
    assert [CITATION.write(name) for name in WRITERS] == [CITATION.text(), CITATION.bibtex(), CITATION.csl()]
    with pytest.raises(NotAcceptable) as raised:
        CITATION.write("ris")
    assert raised.value.available == ("text", "bibtex", "csl")
