"""Citations of the library: what each kind of thing is cited as, and what is not said of some."""

from __future__ import annotations

import json
from typing import Any

import invented
import pytest

import kg
import velmora
from kg.citing import LONGEST, Citations


@pytest.fixture(scope="module")
def town() -> kg.Archive:
    return kg.open(velmora.built())


def item(archive: kg.Archive, name: str, **params: object) -> dict[str, Any]:
    (found,) = json.loads(archive.cite(name, format="csl", **params))
    assert isinstance(found, dict)
    return found


def test_the_record_is_the_projects_and_the_words_are_the_claimants(archive: kg.Archive) -> None:
    found = item(archive, "asbarez-c02-s2-01")
    claim = archive.claim("asbarez-c02-s2-01")
    assert found["author"] == [{"literal": archive.manifest.publisher}]
    assert found["title"] == claim.in_full == f"{claim.sentence} ({claim.scope})"
    assert found["note"].startswith("Claimed by official Soviet media, as passed on by Associated Press and then Asbarez, no later than 1990-01-15.")  # fmt: skip
    assert not {voice.label for voice in claim.voices} & {name["literal"] for name in found["author"]}
    assert found["container-title"] == archive.manifest.title
    assert found["version"] == f"release {archive.manifest.id}"
    assert found["URL"] == f"{archive.base.iri}release/{archive.manifest.id}/claim/asbarez-c02-s2-01"
    assert f"Identifier: {claim.iri}." in found["note"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ombudsman-azerbaijan-2012-deaths", "Claimed by Ombudsman of Azerbaijan, in 2012."),
        ("wikipedia-kirovabad-deaths-authorities", "as passed on by Wikipedia, in 1988-11."),
        ("wikipedia-baku-1990-deaths-hrw", "as passed on by Wikipedia, undated."),
    ],
)
def test_no_day_is_made_up(archive: kg.Archive, name: str, said: str) -> None:
    assert said in archive.cite(name)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        (
            "latimes-1990-01-15-deaths-tass",
            "Printed in Report of the Los Angeles Times, 15 January 1990, read in Archive of the Los Angeles Times on latimes.com, "
            "https://www.latimes.com/archives/la-xpm-1990-01-15-mn-191-story.html (second hand; its text was not captured).",
        ),
        (
            "asbarez-c02-s2-01",
            "Printed in Caption of photograph 2, characters 2251 to 2370, Web page 91953 of the newspaper Asbarez, http://asbarez.com/91953/",
        ),
    ],
)
def test_where_it_was_printed_and_read_goes_with_it(archive: kg.Archive, name: str, printed: str) -> None:
    for format in ("text", "bibtex", "csl"):
        assert printed in archive.cite(name, format=format)


def test_what_the_project_derived_is_said_to_be_its_own(archive: kg.Archive) -> None:
    found = item(archive, "claim:attest-gathering-sunday")
    assert (found["genre"], found["note"].partition(",")[0]) == (
        "claim derived by the project",
        "Derived by Attest",
    )


def test_what_bears_on_the_reading_goes_with_it(archive: kg.Archive) -> None:
    caveat = "Caveat: the figure may be of Baku in January 1990, or of the whole series that follows."
    for format in ("text", "bibtex", "csl"):
        assert caveat.removesuffix(".") in archive.cite("asbarez-p2-s1-01", format=format)


def test_a_veiled_claim_is_cited_without_its_words(town: kg.Archive) -> None:
    assert town.claim("death").veiled
    for format in ("text", "bibtex", "csl"):
        written = town.cite("claim:death", format=format)
        assert "A claim that is veiled" in written
        assert "Brandt" not in written
        assert "1902" not in written


def test_something_veiled_is_cited_without_its_name(town: kg.Archive) -> None:
    claims = town._claims
    photograph = town.base.id("photo", "foreman")
    claims.__dict__["veiled"] = frozenset({photograph})
    try:
        written = town.cite("photo:foreman")
        assert written.startswith("“A record that is veiled” (record). ")
        assert "a foreman" not in written
        assert "A claim that is veiled" in town.cite("claim:depiction")
    finally:
        del claims.__dict__["veiled"]


def test_names_are_those_of_the_pages(town: kg.Archive) -> None:
    assert item(town, "person:oskar-lind")["title"] == "Oskar Lind"
    found = item(town, "place:velmora")
    assert (found["title"], found["language"], found["genre"]) == ("Velmora", "en", "record of a place")


def test_the_whole_is_a_dataset(archive: kg.Archive) -> None:
    found = item(archive, "")
    assert (found["type"], found["title"], found["edition"]) == ("dataset", archive.manifest.title, archive.manifest.version)  # fmt: skip
    assert "container-title" not in found
    assert archive.cite() == archive.cite(archive.base.dataset)


def test_answers_are_cited_with_their_question(archive: kg.Archive) -> None:
    found = item(archive, "claims-by-measure", measure="deaths", event="baku-1990-01", as_of=None)
    assert found["title"].endswith("(event = baku-1990-01, measure = deaths)")
    assert found["URL"].endswith("/queries/claims-by-measure?event=baku-1990-01&measure=deaths")
    keys = {
        item(archive, "claims-by-measure", event=name)["id"]
        for name in ("baku-1990-01", "baku-1990-01-army-entry")
    }
    assert len(keys) == 2
    with pytest.raises(kg.QueryError):
        archive.cite("claims-by-measure", evnt="x")
    with pytest.raises(kg.QueryError, match="only named queries"):
        archive.cite("asbarez-c02-s2-01", event="baku-1990-01")


def test_a_query_of_ones_own_is_cited_by_its_text_or_its_digest(archive: kg.Archive) -> None:
    short = "ASK { ?s ?p 'é & ü' }"
    assert item(archive, short)["URL"].endswith(
        "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%27%C3%A9%20%26%20%C3%BC%27%20%7D"
    )
    long = item(archive, f"ASK {{ ?s ?p '{'x' * LONGEST}' }}")
    assert long["URL"].endswith("/sparql")
    assert "SHA-256 of the query in UTF-8: " in long["note"]
    with pytest.raises(kg.QueryError):
        archive.cite("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }")


def test_what_is_not_there_is_not_cited(archive: kg.Archive) -> None:
    for name in ("nobody-at-all", "claim:nobody-said", "http://other.example/x"):
        with pytest.raises(kg.NotFound):
            archive.cite(name)
    with pytest.raises(kg.NotAcceptable):
        archive.cite("asbarez-c02-s2-01", format="ris")


def test_a_collection_without_publisher_licence_or_profile_is_cited_too(fair: kg.Archive) -> None:
    assert invented.FAIR
    found = item(fair, "event:fair-1901")
    assert found["title"] == "Fair of 1901"
    assert (
        not {"author", "publisher"} & found.keys() or found["author"][0]["literal"] == fair.manifest.publisher
    )


def test_other_pages_are_cited_by_their_address(archive: kg.Archive) -> None:
    page = Citations(archive).page(
        "/event/baku-1990-01/claims/deaths?voice=x", "Deaths, as claimed", genre="comparison of claims"
    )
    assert (
        page.permalink
        == f"{archive.base.iri}release/{archive.manifest.id}/event/baku-1990-01/claims/deaths?voice=x"
    )
    assert page.iri == f"{archive.base.iri}event/baku-1990-01/claims/deaths?voice=x"
    assert page.text().startswith("Attest: “Deaths, as claimed” (comparison of claims). ")
