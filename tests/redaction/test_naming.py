"""The names of what is taken back, found again where they would still be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import Base
from kg.redaction import Names
from shapes import fixtures

BASE = Base()
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in BASE.prefixes().items())
PEOPLE = """
person:a a schema:Person ; rdfs:label "Édith Vartanyan"@en ; skosxl:altLabel name:a-1, name:a-2 .
name:a-1 skosxl:literalForm "Edith Vartanyan"@en .
name:a-2 skosxl:literalForm "Эдит Вартанян"@ru .
person:reader a schema:Person ; rdfs:label "reader, comment 3"@en ; skosxl:altLabel name:r .
name:r skosxl:literalForm "Lusik"@en .
org:unit a schema:Organization ; rdfs:label "Unit of the quay"@en .
"""


def names(*resources: str, more: str = "") -> Names:
    return Names(fixtures.read(HEAD + PEOPLE + more), [BASE.expand(name) for name in resources])


class TestText:
    @pytest.mark.parametrize(
        "text",
        ["Funeral of Édith Vartanyan", "EDITH VARTANYAN", "the Vartanyan family", "дом Вартанян", "(Vartanyan)", "Vartanyan's flat"],
    )  # fmt: skip
    def test_a_person_is_named_whole_or_by_the_last_word_in_any_script_and_case(self, text: str) -> None:
        assert names("person:a").in_text(text)

    def test_an_initial_is_no_last_name(self) -> None:
        ada = names("person:i", more='person:i a schema:Person ; rdfs:label "Ada Holm B."@en .')
        assert ada.in_text("the house of Holm")
        assert not ada.in_text("figure b of the plan")

    def test_our_own_label_names_beside_an_attested_form_where_it_is_a_name(self) -> None:
        more = 'person:l a schema:Person ; rdfs:label "Ada Holm"@en ; skosxl:altLabel name:l . name:l skosxl:literalForm "Lusik"@en .'
        assert names("person:l", more=more).in_text("a letter of Ada Holm")

    @pytest.mark.parametrize("text", ["VARTANYÁN", "Vartanya\u0301n", "the Vàrtányån family"])
    def test_diacritics_do_not_count(self, text: str) -> None:
        assert names("person:a").in_text(text)

    @pytest.mark.parametrize("text", ["Edith", "Vartanyans", "Tervartanyan", "a street", "", "Vart anyan"])
    def test_a_first_name_or_a_part_of_a_word_is_no_name(self, text: str) -> None:
        assert not names("person:a").in_text(text)

    def test_a_role_beside_an_attested_name_is_none(self) -> None:
        reader = names("person:reader")
        assert reader.in_text("written by Lusik")
        assert not reader.in_text("what reader, comment 3 says")

    def test_other_things_are_named_whole_only(self) -> None:
        unit = names("org:unit")
        assert unit.in_text("of the unit of the quay")
        assert not unit.in_text("a walk on the quay")

    def test_what_has_no_name_names_nothing(self) -> None:
        assert not names("event:none")
        assert not names("event:none").in_text("event")

    @given(st.text())
    def test_any_text_can_be_looked_at(self, text: str) -> None:
        assert names("person:a").in_text(f"{text} Vartanyan {text}")


class TestSlug:
    @pytest.mark.parametrize("slug", ["vartanyan", "funeral-vartanyan-1990", "edith-vartanyan"])
    def test_a_slug_names(self, slug: str) -> None:
        assert names("person:a").in_slug(slug)

    @pytest.mark.parametrize("slug", ["vartanyans", "edith", "quay"])
    def test_a_part_of_a_word_does_not(self, slug: str) -> None:
        assert not names("person:a").in_slug(slug)


class TestLeft:
    def left(self, turtle: str) -> list[str]:
        found = names("person:a").left(fixtures.read(HEAD + turtle), BASE)
        return [f"{BASE.compact(quad.subject.value)} {BASE.compact(quad.predicate.value)}" for quad in found]

    def test_each_resource_is_given_once_by_its_text_rather_than_its_slug(self) -> None:
        turtle = (
            'event:house-vartanyan a schema:Event ; rdfs:label "House"@en ; rdfs:comment "of Vartanyan"@en .'
        )
        assert self.left(turtle) == ["event:house-vartanyan rdfs:comment"]
        assert self.left('event:house-vartanyan a schema:Event ; rdfs:label "House"@en .') == [
            "event:house-vartanyan rdf:type"
        ]

    def test_another_person_may_have_the_same_last_name(self) -> None:
        other = (
            'person:b-vartanyan a schema:Person ; rdfs:label "Boris Vartanyan"@en ; skosxl:altLabel name:b . '
        )
        assert self.left(other + 'name:b skosxl:literalForm "Boris Vartanyan"@en .') == []
        same = 'person:c a schema:Person ; rdfs:label "Edith Vartanyan"@en .'
        assert self.left(same) == ["person:c rdfs:label"]
