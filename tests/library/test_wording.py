"""Our wording of what is said, on invented claims: every comparator, denials, dates, names, voices, what is not recorded."""

from __future__ import annotations

from pathlib import Path

import invented
import pytest
from invented import claim

import kg
from kg import wording

QUANTITIES = {
    # comparator: its fields, what it is worded as
    "exactly": ("kg:amount 12", "12", "exactly 12 taking part"),
    "unqualified": ("kg:amount 12", "12", "12 taking part"),
    "atLeast": ("kg:amount 1200 ; kg:lowerBound 1200", "1200", "at least 1,200 taking part"),
    "moreThan": ("kg:amount 12 ; kg:lowerBound 13", "12", "more than 12 taking part"),
    "atMost": ("kg:amount 12 ; kg:upperBound 12", "12", "at most 12 taking part"),
    "lessThan": ("kg:amount 12 ; kg:upperBound 11", "12", "fewer than 12 taking part"),
    "between": ("kg:lowerBound 10 ; kg:upperBound 20", "kg:unknownValue", "between 10 and 20 taking part"),
    "about": ("kg:amount 12", "12", "about 12 taking part"),
    "estimated": ("kg:amount 12", "12", "an estimated 12 taking part"),
    "vague": ("", "concept:hundreds", "hundreds taking part"),
    "unknown": ("", "kg:unknownValue", "an unknown number taking part"),
}
DATES = {
    "1901-05-03": "3 May 1901",
    "1901-05": "May 1901",
    "1901-05-03/1901-05-05": "from 3 to 5 May 1901",
    "1901-05-03/..": "from 3 May 1901",
}
EDTF = "^^<http://id.loc.gov/datatypes/edtf/EDTF>"


def quantity(slug: str, comparator: str, fields: str, object: str, **more: str) -> str:
    fields = f"kg:{comparator} ; {fields}" if fields else f"kg:{comparator}"
    more = {"kg_unit": "concept:persons"} | more
    return claim(
        slug, "QuantityClaim", f"event:fair-1901 kg:participants {object}", kg_comparator=fields, **more
    )


@pytest.fixture(scope="module")
def worded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, kg.Claim]:
    turtle = invented.FAIR
    for name, (fields, object, _) in QUANTITIES.items():
        turtle += quantity(f"q-{name.lower()}", name, fields, object)
        turtle += quantity(f"d-{name.lower()}", name, fields, object, kg_polarity="kg:denied")
    for number, text in enumerate(DATES):
        said = f'event:fair-1901 kg:date "{text}"{EDTF}'
        turtle += claim(f"date-{number}", "DateClaim", said, kg_edtf=f'"{text}"{EDTF}')
    days = quantity("one-day", "unqualified", "kg:amount 1", "1", kg_unit="concept:days")
    turtle += days + quantity("two-days", "atLeast", "kg:amount 2", "2", kg_unit="concept:days")
    day = '"1901-05-03"^^xsd:date'
    relay = "relay:gazette-2, relay:wire-1"
    for arguments in (
        ("named", "NamingClaim", "event:fair-1901 kg:isCalled name:fair-form-1"),
        ("shown", "DepictionClaim", "photo:fair kg:depicts event:fair-1901"),
        ("written", "BibliographicClaim", "work:guide schema:author person:mayor"),
        ("going-on", "DateClaim", f"event:fair-1901 kg:ongoingOn {day}"),
        ("wanted", "MotiveClaim", "actor:visitors kg:demanded event:fair-1902"),
        ("identified", "IdentityClaim", "obs:man kg:identifiedAs person:mayor"),
        ("on-the-day", "DateClaim", f'event:fair-1901 kg:date "1901-05-03"{EDTF}'),
    ):
        turtle += claim(*arguments)
        turtle += claim(f"not-{arguments[0]}", *arguments[1:], kg_polarity="kg:denied")
    relayed = ("RelationClaim", "event:fair-1901 kg:isCalled name:fair-form-1")
    turtle += claim("relayed", *relayed, kg_claimant="actor:visitors", kg_relay=relay)
    turtle += claim("hidden", *relayed, kg_status="kg:withdrawn")
    turtle += claim("mistaken", *relayed, kg_status="kg:extractionError")
    archive = invented.opened(turtle, tmp_path_factory.mktemp("worded"))
    return {claim.iri.rpartition("/")[2]: claim for claim in archive.claims()}


@pytest.mark.parametrize("comparator", QUANTITIES)
def test_a_quantity_has_its_comparator_and_a_denied_one_says_not(
    worded: dict[str, kg.Claim], comparator: str
) -> None:
    said = worded[f"q-{comparator.lower()}"]
    assert said.words == QUANTITIES[comparator][2]
    assert said.comparator == comparator
    denied = worded[f"d-{comparator.lower()}"]
    assert denied.denied
    assert denied.words == f"not “{said.words}”"


def test_only_what_the_source_gives_is_a_bound(worded: dict[str, kg.Claim]) -> None:
    bounds = {
        name: (worded[f"q-{name.lower()}"].lower, worded[f"q-{name.lower()}"].upper) for name in QUANTITIES
    }
    assert {name: pair for name, pair in bounds.items() if pair != (None, None)} == {
        "atLeast": (1200, None), "moreThan": (13, None), "atMost": (None, 12), "lessThan": (None, 11), "between": (10, 20),
    }  # fmt: skip


def test_what_is_not_counted_in_people_has_its_unit(worded: dict[str, kg.Claim]) -> None:
    assert worded["one-day"].words == "1 day"
    assert worded["two-days"].words == "at least 2 days"


def test_dates_are_written_out(worded: dict[str, kg.Claim]) -> None:
    assert [worded[f"date-{number}"].words for number in range(len(DATES))] == list(DATES.values())


@pytest.mark.parametrize(
    ("slug", "sentence", "denied"),
    [
        ("named", "Fair of 1901 is called “The Great Fair”", "Fair of 1901 is not called “The Great Fair”"),
        (
            "shown",
            "Photograph of the fair shows Fair of 1901",
            "Photograph of the fair does not show Fair of 1901",
        ),
        ("written", "Guide to the fair: author the mayor", "Guide to the fair: author not the mayor"),
        ("going-on", "Fair of 1901: under way on 3 May 1901", "Fair of 1901: not under way on 3 May 1901"),
        ("wanted", "visitors demanded Fair of 1902", "visitors did not demand Fair of 1902"),
        ("identified", "man is identified as the mayor", "man is not identified as the mayor"),
        ("on-the-day", "Fair of 1901: 3 May 1901", "Fair of 1901: not 3 May 1901"),
    ],
)
def test_sentences_and_their_denials(
    worded: dict[str, kg.Claim], slug: str, sentence: str, denied: str
) -> None:
    assert worded[slug].sentence == sentence
    assert worded[f"not-{slug}"].sentence == denied


def test_the_chain_begins_with_the_speaker_and_ends_with_the_paper(worded: dict[str, kg.Claim]) -> None:
    assert str(worded["relayed"].voices) == "visitors → Wire → Gazette"
    assert str(worded["named"].voices) == "Gazette"


def test_what_is_withdrawn_or_mistaken_is_not_told(worded: dict[str, kg.Claim]) -> None:
    assert "named" in worded
    assert not {"hidden", "mistaken"} & set(worded)


def test_kinds(worded: dict[str, kg.Claim]) -> None:
    kinds = {
        worded[slug].kind
        for slug in ("named", "shown", "written", "going-on", "wanted", "identified", "q-vague")
    }
    assert kinds == {
        "NamingClaim", "DepictionClaim", "BibliographicClaim", "DateClaim", "MotiveClaim", "IdentityClaim", "QuantityClaim",
    }  # fmt: skip


def test_a_date_that_cannot_be_read_stays_as_it_is() -> None:
    assert wording.date("1990-01-13") == "13 January 1990"
    assert wording.date("that winter") == "that winter"


def test_labels(tmp_path: Path) -> None:
    archive = invented.opened(invented.FAIR, tmp_path)
    assert archive.label(kg.IRI(archive.base.id("org", "wire"))) == "Wire"
    assert archive.label(kg.IRI(archive.base.id("name", "fair-form-1"))) == "“The Great Fair”"
    assert archive.label(kg.IRI("http://elsewhere.example/a#b")) == "b"
    assert archive.label(12) == "12"
    assert archive.label(None) == ""
    assert archive.labelled(kg.IRI("http://elsewhere.example/a#b")) is None
