"""Set queries: they find what pySHACL finds for each focus node, and what they do not cover is left to it."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import shacl
from kg.checking import engines
from kg.checking.engines import Engine, Holding
from kg.checking.sets.literals import doubtful, stored
from kg.checking.sets.selects import compiled
from kg.errors import ProjectError
from kg.loading import Doubt
from kg.names import KG, XSD, Base
from kg.terms import to_rdflib
from kg.validation import Finding

BASE = Base()
HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in BASE.prefixes().items())
PREFIXES = f"PREFIX kg: <{KG}>\n"

COVERED = [
    "SELECT $this WHERE { $this kg:p ?v }",
    "SELECT DISTINCT $this (kg:p AS ?path) ?value { $this kg:p ?value . FILTER NOT EXISTS { $this kg:q ?value } }",
    "SELECT $this ?value WHERE { { $this kg:p ?value } UNION { ?value kg:q $this } FILTER (?value != $this) }",
    "SELECT $this WHERE { { FILTER EXISTS { $this kg:p ?v } } UNION { ?a kg:r kg:n1 } }",
    "SELECT $this ?v WHERE { { OPTIONAL { $this kg:p ?v } } FILTER (!BOUND(?v)) }",
    "SELECT $this ?v WHERE { ?x kg:q ?v . OPTIONAL { ?v kg:p ?w . FILTER (?w = $this) } FILTER (BOUND(?w)) }",
    "SELECT $this ?value WHERE { $this kg:p ?value ; kg:q ?other . FILTER (?value > ?other) }",
    "SELECT $this WHERE { $this kg:p ?a, ?b . FILTER (?a + 1 = ?b || STR(?a) < 'b') }",
    "SELECT $this ?value WHERE { $this kg:p/kg:q* ?value . FILTER (isLiteral(?value) && LANG(?value) = 'en') }",
    "SELECT $this WHERE { FILTER NOT EXISTS { $this (kg:p|^kg:q)+ ?x } }",
    "SELECT $this WHERE { BIND ($this AS ?me) FILTER EXISTS { ?any kg:p ?me . { ?any kg:q ?z } UNION { ?me kg:q ?z } } }",
    "SELECT $this ?path ?value WHERE { $this ?path ?value . FILTER (?path IN (kg:q, kg:r) && DATATYPE(?value) = kg:none) }",
    "SELECT $this ?value WHERE { $this kg:p ?value . FILTER (?value) }",
    "SELECT $this WHERE { $this kg:p 1 . # a comment with a { in it\n FILTER NOT EXISTS { $this kg:q \"}\" } }",
    "SELECT $this WHERE { $this kg:p ?a . FILTER (COALESCE(?a = 2, true)) FILTER EXISTS { ?x kg:q ?a . FILTER (?x != $this) } }",
]  # fmt: skip

LEFT = [
    "SELECT $this WHERE { { SELECT $this WHERE { $this kg:p ?v } } }",
    "SELECT $this (COUNT(?v) AS ?n) WHERE { $this kg:p ?v } GROUP BY $this HAVING (COUNT(?v) > 1)",
    "SELECT $this WHERE { $this kg:p ?v } LIMIT 1",
    "SELECT $this WHERE { $this kg:p ?v . FILTER REGEX(STR(?v), '^a') }",
    "SELECT $this WHERE { $this kg:p ?v . FILTER (?v * 2 = 4) }",
    "SELECT $this WHERE { $this kg:p ?v . FILTER (?v < NOW()) }",
    "SELECT $this WHERE { $this kg:p ?v . FILTER (<http://www.w3.org/2001/XMLSchema#integer>(?v) = 2) }",
    "SELECT $this WHERE { $this kg:p 01 }",
    "SELECT $this WHERE { $this kg:p '1.50'^^<http://www.w3.org/2001/XMLSchema#decimal> }",
    "SELECT $this WHERE { $this kg:p (1 2) }",
    "SELECT $this WHERE { $this kg:p ?v . BIND ($currentShape AS ?shape) }",
]  # fmt: skip

REFUSED = [
    "SELECT $this WHERE { $this kg:p ?v MINUS { $this kg:q ?v } }",
    "SELECT $this WHERE { VALUES ?v { 1 } $this kg:p ?v }",
    "SELECT $this WHERE { SERVICE <urn:x> { $this kg:p ?v } }",
    "SELECT $this WHERE { GRAPH $shapesGraph { $this kg:p ?v } }",
    "SELECT $this WHERE { ?v kg:p ?w . BIND (?v AS $this) }",
    "SELECT $this WHERE { $this kg:p $PATH }",
    "SELECT $this WHERE { $this none:p ?v }",
]  # fmt: skip


def shape(*selects: str, target: str = "sh:targetSubjectsOf kg:p, kg:q") -> str:
    """Give a shape with a constraint for each of *selects*."""
    constraints = " , ".join(
        f'[ sh:prefixes kg:all ; sh:message "{{?value}} by {{?path}} of {{?this}}" ; sh:select """{select}""" ]'
        for select in selects
    )
    return f'kg:all sh:declare [ sh:prefix "kg" ; sh:namespace "{KG}" ] .\nkg:shape a sh:NodeShape ; {target} ; sh:sparql {constraints} .'


SETS: tuple[Engine, ...] = ("sets", "columns")


def held(shapes: str, engine: Engine = "sets") -> Holding:
    graph = shacl.shapes([("x.ttl", (HEAD + shapes).encode())], BASE)
    return engines.held(graph, BASE, engine)


def found(constraints: Holding, quads: Iterable[ox.Quad]) -> set[Finding]:
    constraints.update(quads)
    return set(constraints.findings(Doubt()))


def data(text: str) -> list[ox.Quad]:
    return list(ox.parse((HEAD + text).encode(), ox.RdfFormat.TURTLE))


NODES = [ox.NamedNode(f"{KG}n{number}") for number in range(4)]
LITERALS = [
    *(ox.Literal(form, datatype=ox.NamedNode(XSD + name)) for form, name in (
        ("1", "integer"), ("2", "integer"), ("01", "integer"), ("7" * 20, "integer"), ("many", "integer"), ("2", "nonNegativeInteger"),
        ("1.0", "decimal"), ("1.5", "decimal"), ("2e0", "double"), ("true", "boolean"), ("0", "boolean"),
        ("1990-01-13", "date"), ("1990-01-13Z", "date"), ("1990-01-13T00:00:00Z", "dateTime"), ("P7D", "duration"))),
    ox.Literal("a"), ox.Literal("}"), ox.Literal("b", language="en"), ox.Literal("b", language="en-GB"),
    ox.Literal("x", datatype=ox.NamedNode(KG + "none")),
]  # fmt: skip
QUADS = st.builds(
    ox.Quad,
    st.sampled_from([*NODES, ox.BlankNode("b")]),
    st.sampled_from([ox.NamedNode(KG + name) for name in "pqr"]),
    st.sampled_from([*NODES, ox.BlankNode("b"), *LITERALS]),
)
COMPARED = [
    select for select in COVERED if not any(each in select for each in (" > ", " + ", "(?value) }", "q* "))
]
"""Those in which rdflib keeps to SPARQL: see TestWherePyshaclIsWrong; it seeks the truth and the sum of a number that is none without end."""


@pytest.mark.parametrize("select", COVERED)
def test_a_query_that_is_covered(select: str) -> None:
    assert compiled(PREFIXES + select, 0)


@pytest.mark.parametrize("select", [*LEFT, *REFUSED])
def test_a_query_that_is_left_to_pyshacl(select: str) -> None:
    assert compiled(PREFIXES + select, 0) is None


@pytest.mark.parametrize("engine", SETS)
@pytest.mark.parametrize("select", LEFT)
def test_what_is_left_is_found_all_the_same(select: str, engine: Engine) -> None:
    quads = data("kg:n1 kg:p 1, 2, 'abc' . kg:n2 kg:p ( 1 2 ) .")
    assert found(held(shape(select), engine), quads) == found(held(shape(select), "pyshacl"), quads)


@pytest.mark.parametrize("engine", SETS)
@pytest.mark.parametrize("select", REFUSED)
def test_what_no_processor_may_run_is_refused(select: str, engine: Engine) -> None:
    with pytest.raises((ProjectError, NotImplementedError)):
        held(shape(select), engine).update(data("kg:n1 kg:p 1 ; kg:q 2 ."))


@pytest.mark.parametrize("engine", SETS)
@settings(max_examples=40, deadline=None)
@given(quads=st.lists(QUADS, max_size=12), more=st.lists(QUADS, max_size=4), left=st.integers(0, 12))
def test_any_data_and_any_change_of_them(
    engine: Engine, quads: list[ox.Quad], more: list[ox.Quad], left: int
) -> None:
    sets, alone = held(shape(*COMPARED), engine), held(shape(*COMPARED), "pyshacl")
    assert found(sets, quads) == found(alone, quads)
    assert found(sets, [*quads[:left], *more]) == found(alone, [*quads[:left], *more])


@given(literals=st.lists(st.sampled_from(LITERALS), min_size=2, max_size=2))
def test_terms_are_one_in_the_store_where_they_are_one_for_rdflib(literals: list[ox.Literal]) -> None:
    one, other = map(to_rdflib, literals)
    assert (stored(one) == stored(other)) == (one == other)


def test_only_what_both_engines_take_for_the_same_value_is_certain() -> None:
    certain = {str(to_rdflib(literal)) for literal in LITERALS if not doubtful(to_rdflib(literal))}
    assert certain == {"1", "2", "1.5", "true", "false", "1990-01-13", "a", "}", "b", "x"}


@pytest.mark.parametrize("engine", SETS)
def test_a_focus_node_that_is_not_in_the_data(engine: Engine) -> None:
    text = shape(
        "SELECT $this ?value WHERE { $this kg:p* ?value }", target="sh:targetNode kg:nowhere, 'a word'"
    )
    quads = data("kg:n1 kg:p kg:n2 .")
    assert len(found(held(text, engine), quads)) == 2
    assert found(held(text, engine), quads) == found(held(text, "pyshacl"), quads)


@pytest.mark.parametrize("engine", SETS)
def test_the_path_of_a_property_shape(engine: Engine) -> None:
    text = shape("SELECT $this ?value WHERE { $this $PATH ?value . FILTER (?value = kg:n2) }")
    text = text.replace("{?value} by {?path}", "{?value}")
    text = text.replace("sh:NodeShape ;", "sh:PropertyShape ; sh:path ( kg:p [ sh:inversePath kg:q ] ) ;")
    quads = data("kg:n1 kg:p kg:n3 . kg:n2 kg:q kg:n3 . kg:n4 kg:p kg:n5 .")
    assert {finding.focus for finding in found(held(text, engine), quads)} == {f"<{KG}n1>"}
    assert found(held(text, engine), quads) == found(held(text, "pyshacl"), quads)


@pytest.mark.parametrize("engine", SETS)
def test_only_suspects_are_evaluated(engine: Engine) -> None:
    constraints = held(shape("SELECT $this ?value WHERE { $this kg:p ?value . FILTER (?value > 5) }"), engine)
    constraints.update(data(" ".join(f"kg:n{number} kg:p {number} ." for number in range(8))))
    assert constraints.evaluations == 2
    assert len(constraints.findings(Doubt())) == 2


class TestWherePyshaclIsWrong:
    """SPARQL 1.1 decides, §17.3: there is no order between a text and a day, so the filter fails and nothing is found."""

    @pytest.mark.parametrize("engine", SETS)
    def test_a_text_is_not_before_a_day(self, engine: Engine) -> None:
        select = "SELECT $this ?value WHERE { $this kg:p ?value ; kg:q ?other . FILTER (?value > ?other) }"
        quads = data("kg:n1 kg:p 'spring' ; kg:q '1990-01-13'^^xsd:date .")
        assert len(found(held(shape(select), "pyshacl"), quads)) == 1
        assert found(held(shape(select), engine), quads) == set()

    def test_a_path_of_no_length_from_what_is_false_leads_nowhere_else(self) -> None:
        """rdflib takes ``false`` for no subject at all, and begins anywhere (SPARQL 1.1, §9.3)."""
        select = "SELECT $this ?value WHERE { $this kg:p/kg:q* ?value . FILTER (isLiteral(?value) && LANG(?value) = 'en') }"
        quads = data("kg:n1 kg:p false ; kg:q 'b'@en .")
        assert len(found(held(shape(select), "pyshacl"), quads)) == 1
        assert found(held(shape(select)), quads) == set()


CORE = [
    "sh:path kg:p ; sh:minCount 1 ; sh:maxCount 2",
    "sh:path kg:p ; sh:maxCount 1 ; sh:class kg:C",
    "sh:path kg:p ; sh:datatype xsd:integer",
    "sh:path kg:q ; sh:datatype xsd:decimal",
    "sh:path kg:p ; sh:datatype rdf:langString ; sh:uniqueLang true",
    "sh:path kg:q ; sh:nodeKind sh:BlankNodeOrIRI",
    "sh:path kg:q ; sh:nodeKind sh:Literal",
    "sh:path kg:p ; sh:in ( kg:n1 1 1.0 'a' 'b'@en )",
    "sh:path kg:p ; sh:minInclusive 1 ; sh:maxExclusive 2",
    "sh:path kg:p ; sh:minExclusive '1990-01-01'^^xsd:date",
    "sh:path kg:q ; sh:minLength 2 ; sh:maxLength 10",
    "sh:path kg:q ; sh:pattern '^[0-9]+$'",
    "sh:path kg:q ; sh:languageIn ( 'en' )",
    "sh:path kg:p ; sh:equals kg:q",
    "sh:path kg:p ; sh:disjoint kg:q",
    "sh:path kg:p ; sh:hasValue 1.0",
    "sh:path [ sh:inversePath kg:p ] ; sh:minCount 1",
    "sh:path ( kg:p kg:q ) ; sh:minCount 1 ; sh:nodeKind sh:IRI",
    "sh:path [ sh:alternativePath ( kg:p [ sh:inversePath kg:q ] ) ] ; sh:maxCount 1",
    "sh:path [ sh:zeroOrMorePath kg:p ] ; sh:maxCount 2",
    "sh:path kg:p ; sh:qualifiedValueShape [ sh:in ( kg:n1 kg:n2 1 ) ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1",
    "sh:path kg:p ; sh:not [ sh:datatype rdf:langString ]",
    "sh:path kg:p ; sh:node [ sh:property [ sh:path kg:q ; sh:minCount 1 ; sh:datatype xsd:integer ] ]",
    "sh:path kg:p ; sh:property [ sh:path kg:q ; sh:pattern 'a' ]",
    "sh:path kg:p ; sh:xone ( [ sh:nodeKind sh:IRI ] [ sh:class kg:C ] )",
    "sh:path kg:p ; sh:or ( [ sh:nodeKind sh:Literal ] [ sh:not [ sh:path kg:q ; sh:minCount 1 ] ] )",
]  # fmt: skip
WHOLE = [
    "sh:or ( [ sh:path kg:p ; sh:minCount 1 ] [ sh:class kg:C ] )",
    "sh:not [ sh:and ( [ sh:path kg:p ; sh:hasValue kg:n1 ] [ sh:path kg:q ; sh:datatype xsd:integer ] ) ]",
    "sh:nodeKind sh:IRI ; sh:class kg:C",
    "sh:closed true ; sh:ignoredProperties ( rdf:type ) ; sh:property [ sh:path kg:p ]",
    "sh:node [ sh:property [ sh:path kg:p ; sh:maxCount 1 ] ] ; sh:hasValue kg:n1",
    "sh:in ( kg:n1 kg:n2 )",
]
ORDERED = [f"sh:path kg:p ; sh:{name} kg:q" for name in ("lessThan", "lessThanOrEquals")]
TYPED = st.builds(
    ox.Quad,
    st.sampled_from(NODES),
    st.just(ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")),
    st.sampled_from([ox.NamedNode(KG + "C"), ox.NamedNode(KG + "D")]),
)
SUBCLASS = data("kg:D rdfs:subClassOf kg:C .")


def cored(*bodies: str) -> str:
    """Give shapes for the nodes that the data are about, one for each of *bodies*; pySHACL's own messages tell blank nodes in any order."""
    kinds = [("Property" if body.startswith("sh:path") else "Node", body) for body in bodies]
    return "\n".join(
        f"kg:s{number} a sh:{kind}Shape ; sh:targetSubjectsOf kg:p, kg:q ; sh:targetObjectsOf kg:r ; sh:message 'broken' ; {body} ."
        for number, (kind, body) in enumerate(kinds)
    )


@pytest.mark.parametrize("engine", SETS)
class TestCore:
    @settings(max_examples=30, deadline=None)
    @given(
        quads=st.lists(QUADS | TYPED, max_size=14), more=st.lists(QUADS | TYPED, max_size=4), left=st.integers(0, 14)
    )  # fmt: skip
    def test_any_data_and_any_change_of_them(
        self, engine: Engine, quads: list[ox.Quad], more: list[ox.Quad], left: int
    ) -> None:
        sets, alone = held(cored(*CORE, *WHOLE), engine), held(cored(*CORE, *WHOLE), "pyshacl")
        assert found(sets, [*quads, *SUBCLASS]) == found(alone, [*quads, *SUBCLASS])
        assert found(sets, [*quads[:left], *more]) == found(alone, [*quads[:left], *more])

    @settings(max_examples=30, deadline=None)
    @given(quads=st.lists(QUADS.filter(lambda quad: not isinstance(quad.object, ox.BlankNode)), max_size=12))
    def test_an_order_of_any_two_values(self, engine: Engine, quads: list[ox.Quad]) -> None:
        assert found(held(cored(*ORDERED), engine), quads) == found(held(cored(*ORDERED), "pyshacl"), quads)

    @pytest.mark.parametrize("body", [*CORE, *WHOLE, *ORDERED])
    def test_what_keeps_to_a_shape_is_not_looked_at(self, engine: Engine, body: str) -> None:
        left = ("Path kg:p ] ; sh:maxCount 2", "sh:xone", "sh:closed")
        constraints = held(cored(body).replace(" ; sh:targetObjectsOf kg:r", ""), engine)
        constraints.update([])
        before = constraints.evaluations
        quads = data("kg:n1 kg:p kg:n2 . kg:n1 kg:q 3 . kg:n3 kg:p 'c' .")
        breaking = {finding.focus for finding in found(held(cored(body), "pyshacl"), quads)}
        constraints.update(quads)
        assert any(each in body for each in left) or constraints.evaluations == before + len(breaking)

    def test_what_rdflib_only_warns_of_is_not_in_order_either(self, engine: Engine) -> None:
        quads = data("kg:n1 kg:p 2 ; kg:q 'many'^^xsd:integer .")
        assert len(found(held(cored(ORDERED[1]), engine), quads)) == 1

    def test_a_number_that_is_none_is_not_in_order(self, engine: Engine) -> None:
        quads = data("kg:n1 kg:p 'many'^^xsd:integer ; kg:q 2 .")
        assert len(found(held(cored(*ORDERED), engine), quads)) == 2
