"""Usage of terms: the numbers are those of the data, and no example shows what is hidden or who may be living."""

from __future__ import annotations

import re

import httpx
import pytest

import kg
import newcomer
import running
from kg.documents.descriptions import Descriptions
from kg.names import KG, SCHEMA
from kg.pages.usage import MOST, Usage


@pytest.fixture(scope="module")
def usage(archive: kg.Archive) -> Usage:
    return Usage(archive, Descriptions(archive), {KG + "QuantityClaim": 24})


def count(archive: kg.Archive, pattern: str) -> int:
    (row,) = archive.query(f"SELECT (COUNT(DISTINCT ?it) AS ?n) WHERE {{ {pattern} }}")
    return int(str(row["n"]))


@pytest.mark.parametrize("name", ["deaths", "isCalled", "contains", "asserted"])
def test_a_property_counts_the_claims_that_say_it(usage: Usage, archive: kg.Archive, name: str) -> None:
    used = usage.of(KG + name)
    assert used.claimed == count(
        archive, f"?it a <{KG}Claim> ; <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> <{KG}{name}>"
    )


def test_a_comparator_counts_the_statements_with_it(usage: Usage, archive: kg.Archive) -> None:
    used = usage.of(KG + "atLeast")
    assert used.named == count(archive, f"?it <{KG}comparator> <{KG}atLeast>") == 4
    assert used.example.startswith(archive.base.id("claim", ""))


def test_what_is_not_used_says_so(usage: Usage) -> None:
    for name in ("updates", "conflictsWith", "Nothing"):
        used = usage.of(KG + name)
        assert not used.any
        assert used.example == ""


def test_no_example_is_veiled_or_of_the_living(usage: Usage, archive: kg.Archive) -> None:
    descriptions = Descriptions(archive)
    terms = {
        str(row["it"])
        for row in archive.query(
            f"SELECT DISTINCT ?it WHERE {{ {{ ?x a ?it }} UNION {{ ?x ?it ?y }} UNION {{ ?x <{KG}sensitivity> ?it }} }}"
        )
    }
    examples = {example for term in terms if (example := usage.of(term).example)}
    assert len(examples) > 50
    assert not examples & archive.veiled
    assert not any(map(descriptions.may_be_living, examples))
    assert set(archive.veiled) & {
        str(row["it"]) for row in archive.query(f"SELECT ?it WHERE {{ ?it a <{KG}Claim> }}")
    }


def test_a_number_is_bounded(archive: kg.Archive) -> None:
    used = Usage(archive, Descriptions(archive), {}).of(SCHEMA + "Event")
    assert max(used.claimed, used.named) <= MOST


def test_the_pages_tell_of_use(client: httpx.Client) -> None:
    page = re.sub("<[^>]*>", "", client.get("/ns.html").text)
    assert "10 in this release, as Violence in Azerbaijan, January 1990: at least 32 dead" in page
    assert "not used in this release" in page
    rules = re.sub("<[^>]*>", "", client.get("/shapes.html").text)
    assert "Held 425 times in this release, as by " in rules
    with running.serving(kg.open(newcomer.built())) as url:
        assert "Nothing in this release is of this kind" in httpx.get(f"{url}/shapes.html", timeout=30).text
