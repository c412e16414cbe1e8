"""What may be released, and what remembers the rest."""

from __future__ import annotations

import pyoxigraph as ox

from kg.manifest import Tombstone
from kg.names import KG, Base
from kg.redaction import Plan, Public, Redaction
from shapes import fixtures

BASE = Base()
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in BASE.prefixes().items())


def redaction(*names: str, reason: str = "Asked for.", day: str = "1991-05-03") -> Redaction:
    return Redaction(day, reason, tuple(BASE.expand(name) for name in names))


def terms(quads: list[ox.Quad]) -> set[str]:
    return {term.value for quad in quads for term in quad.triple if isinstance(term, ox.NamedNode)}


BOTH = fixtures.read(
    HEAD
    + """
person:a a schema:Person ; rdfs:label "Ada Holm"@en .
event:holm-fire a schema:Event ; rdfs:label "Fire at the house of Holm"@en .
claim:fire a kg:Claim ; rdf:subject event:holm-fire ; rdf:object place:velmora .
place:velmora a schema:Place ; rdfs:label "Velmora"@en .
"""
)


class TestPublic:
    def test_without_anything_to_hide_all_is_public(self) -> None:
        quads = list(fixtures.base())
        public = Public.of(quads, [], BASE)
        assert (public.quads, public.tombstones, public.fallen, public.findings) == (
            quads,
            (),
            frozenset(),
            (),
        )

    def test_what_is_taken_back_and_what_falls_with_it_has_a_tombstone(self) -> None:
        public = Public.of(list(fixtures.base()), [redaction("claim:route")], BASE)
        gone = {BASE.expand(name) for name in ("claim:route", "route:north", "leg:north-1", "leg:north-2")}
        assert public.fallen == gone
        assert not gone & terms(public.quads)
        assert set(public.tombstones) == {
            Tombstone(Tombstone.mark(iri, BASE), "Asked for.", "1991-05-03") for iri in gone
        }
        assert list(public.tombstones) == sorted(public.tombstones)

    def test_a_tombstone_says_neither_the_name_nor_the_base(self) -> None:
        base = Base("https://archive.example/x/")
        one = Public.of([], [Redaction("1991-05-03", "r", (base.id("claim", "route"),))], base)
        other = Public.of([], [redaction("claim:route", reason="r")], BASE)
        assert one.tombstones == other.tombstones
        assert "route" not in one.tombstones[0].digest

    def test_what_is_withheld_leaves_no_tombstone(self) -> None:
        mark = ox.Quad(
            ox.NamedNode(BASE.id("claim", "route")),
            ox.NamedNode(KG + "visibility"),
            ox.NamedNode(KG + "withheld"),
        )
        public = Public.of([*fixtures.base(), mark], [], BASE)
        assert public.tombstones == ()
        assert BASE.id("route", "north") in public.fallen
        assert BASE.id("claim", "route") not in terms(public.quads)

    def test_the_first_reason_stands_where_two_redactions_take_one_thing(self) -> None:
        public = Public.of(
            list(fixtures.base()), [redaction("claim:route"), redaction("route:north", reason="Again.")], BASE
        )
        assert {stone.reason for stone in public.tombstones} == {"Asked for."}

    def test_what_the_data_no_longer_hold_keeps_its_tombstone(self) -> None:
        public = Public.of(list(fixtures.base()), [redaction("person:gone-long-ago")], BASE)
        assert [stone.digest for stone in public.tombstones] == [
            Tombstone.mark(BASE.id("person", "gone-long-ago"), BASE)
        ]
        assert public.quads == list(fixtures.base())

    def test_what_still_names_it_is_found_where_it_stands(self) -> None:
        public = Public.of(BOTH, [redaction("person:a")], BASE)
        (finding,) = public.findings
        assert (finding.rule, finding.severity) == ("redacted-name", "violation")
        assert finding.focus == f"<{BASE.id('event', 'holm-fire')}>"
        assert "Fire at" in finding.value
        assert "Holm" not in finding.message

    def test_a_reason_that_names_is_found(self) -> None:
        public = Public.of(BOTH[:2], [redaction("person:a", reason="Ms Holm asked for it.")], BASE)
        (finding,) = public.findings
        assert "reason" in finding.message

    def test_thoroughly_takes_what_still_names_it(self) -> None:
        public = Public.thoroughly(BOTH, [redaction("person:a")], BASE)
        assert public.findings == ()
        assert terms(public.quads) & {BASE.id("event", "holm-fire"), BASE.id("claim", "fire")} == set()
        assert BASE.id("place", "velmora") in terms(public.quads)
        assert len(public.tombstones) == 3

    def test_thoroughly_takes_what_names_what_named_it(self) -> None:
        """The fire is known by two names, and only one of them is hers."""
        more = fixtures.read(
            HEAD
            + """
event:holm-fire rdfs:label "The great fire by the mill"@en .
event:meeting a schema:Event ; rdfs:label "Meeting"@en ; rdfs:comment "held after the great fire by the mill"@en .
"""
        )
        public = Public.thoroughly([*BOTH, *more], [redaction("person:a")], BASE)
        assert public.findings == ()
        assert BASE.id("event", "meeting") in public.fallen

    def test_thoroughly_ends_though_a_reason_names(self) -> None:
        public = Public.thoroughly(BOTH, [redaction("person:a", reason="Holm")], BASE)
        assert {finding.value for finding in public.findings} == {""}


class TestPlan:
    def test_it_says_what_goes_and_what_loses_statements(self) -> None:
        plan = Plan.of(list(fixtures.base()), [], redaction("claim:location"), BASE)
        assert {BASE.compact(iri) for iri in plan.fallen} == {
            "claim:location", "claim:within", "relay:coastal-wire-1", "selector:p1-velmora",
        }  # fmt: skip
        assert plan.thinned == tuple(sorted(plan.thinned))
        assert dict(plan.thinned)[BASE.id("selector", "p1")] == 1
        assert not dict(plan.thinned).keys() & set(plan.fallen)
        assert plan.naming == ()

    def test_what_was_taken_back_before_is_not_said_again(self) -> None:
        before = [redaction("claim:location")]
        plan = Plan.of(list(fixtures.base()), before, redaction("claim:within", "claim:route"), BASE)
        assert BASE.id("claim", "within") not in plan.fallen
        assert BASE.id("claim", "route") in plan.fallen

    def test_it_says_what_would_still_name_it(self) -> None:
        (finding,) = Plan.of(BOTH, [], redaction("person:a"), BASE).naming
        assert finding.rule == "redacted-name"

    def test_what_named_it_before_is_not_said_again(self) -> None:
        plan = Plan.of(BOTH, [redaction("person:a")], redaction("place:nowhere"), BASE)
        assert plan.fallen == (BASE.id("place", "nowhere"),)
        assert plan.naming == ()
