"""What a collection asks outputs to hide until somebody asks for it: flagged in values, folded up in texts."""

from __future__ import annotations

import csv
import io

import pytest

import kg
import velmora
from kg.names import RDF
from kg.rows import VEILED

SENTENCE = "Jon Brandt died 4 January 1902"


@pytest.fixture(scope="module")
def velmora_archive() -> kg.Archive:
    return kg.open(velmora.built())


def test_a_claim_knows_that_it_is_veiled_and_its_text_hides_it(velmora_archive: kg.Archive) -> None:
    claim = velmora_archive.claim("death")
    assert claim.veiled
    assert claim.sentence == SENTENCE  # whoever asks for it gets it
    assert str(claim) == "undated: veiled (Coastal Wire → Gazette of Velmora)"
    assert [claim.iri for claim in velmora_archive.claims() if claim.veiled] == [claim.iri]
    assert velmora_archive.veiled == {claim.iri}


def test_what_is_said_of_something_veiled_is_veiled_too(velmora_archive: kg.Archive) -> None:
    claims = velmora_archive._claims
    assert not velmora_archive.claim("depiction").veiled
    claims.__dict__["veiled"] = frozenset({velmora_archive.base.id("photo", "foreman")})
    try:
        assert velmora_archive.claim("depiction").veiled
        assert not velmora_archive.claim("death").veiled
    finally:
        del claims.__dict__["veiled"]


def test_a_thing_knows_that_it_is_veiled(velmora_archive: kg.Archive) -> None:
    assert velmora_archive.thing("claim:death").veiled
    assert not velmora_archive.thing("photo:foreman").veiled


def test_reasons_hide_it_until_asked(velmora_archive: kg.Archive) -> None:
    why = velmora_archive.why("claim:death")
    hidden, shown = str(why), why.text(veiled=True)
    assert "1902" not in hidden
    assert hidden.startswith("veiled\n  Coastal Wire → Gazette of Velmora, undated\n")
    assert "(veiled)" in hidden
    assert shown.startswith(f"{SENTENCE}\n")
    person = str(velmora_archive.why("person:jon-brandt"))
    assert person == "Jon Brandt\n  1 more, veiled for what they describe"
    assert velmora_archive.why("person:jon-brandt").hidden == 1
    assert "1902" not in person
    assert "died" not in person


def test_words_of_a_readers_copy_are_hidden_with_it(velmora_archive: kg.Archive) -> None:
    text = (velmora.PLACE / "text.txt").read_bytes()
    why = velmora_archive.why("claim:death", text=text)
    assert "“" not in str(why)
    assert "“" in why.text(veiled=True)


QUERY = f"""SELECT ?claim ?who WHERE {{ ?claim <{RDF}subject> ?who
    FILTER (STRENDS(STR(?claim), "/death") || STRENDS(STR(?claim), "/known")) }} ORDER BY ?claim"""


def test_rows_say_it_of_themselves_and_a_users_own_columns_stay(velmora_archive: kg.Archive) -> None:
    rows = velmora_archive.query(QUERY)
    assert [row.veiled for row in rows] == [True, False]
    assert rows.to_csv().splitlines()[0] == "claim,who"
    assert rows[:1][0].veiled


def test_answers_of_named_queries_carry_a_column(velmora_archive: kg.Archive) -> None:
    query = kg.queries.read("who", f"#+ summary: who\n{QUERY}", velmora_archive.base)
    archive = kg.Archive(
        velmora_archive._store,
        velmora_archive.manifest,
        kg.queries.Catalog({"who": query}),
        velmora_archive.directory,
    )
    rows = archive.query("who")
    assert rows.flagged
    assert rows.columns == ("claim", "who")
    table = list(csv.DictReader(io.StringIO(rows.to_csv())))
    assert [line[VEILED] for line in table] == ["true", "false"]
    assert [row[VEILED] for row in rows.to_json()] == [True, False]
    assert list(rows.to_pandas()[VEILED]) == [True, False]
    assert rows.to_dicts()[0][VEILED] is True


def test_notebooks_fold_it_up(velmora_archive: kg.Archive) -> None:
    html = velmora_archive.query(QUERY)._repr_html_()
    assert html.count("<details><summary>veiled</summary>") == 2
    assert html.count("</details>") == 2
