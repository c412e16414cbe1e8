"""Faults: for each constraint of the shapes a resource that breaks it, and the validation results that it has to give.

A fault is a sample (:mod:`archive_graphs.samples`) spoiled in one place. Where that breaks a second constraint too, the second
result is told as well: the list is what the W3C recommendation asks of a validator, not what one of them says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from archive_graphs import things
from archive_graphs.constraints import COMPONENTS, SPARQL, Constraint
from archive_graphs.samples import LAST_DAY, SECOND, sample
from archive_graphs.source import Source
from archive_graphs.terms import Record, date, edtf, expanded, integer, objects, text, typed
from kg.names import SH


@dataclass(frozen=True, slots=True)
class Result:
    """A validation result that a fault of the kind *kind* has to give; terms in the form of N-Triples, empty where there is none."""

    kind: str
    shape: str
    focus: str
    path: str
    value: str
    component: str
    severity: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is planted, and the results that a validator has to find in it."""

    record: Record
    results: tuple[Result, ...]


def fault(constraint: Constraint, source: Source, slug: str) -> Fault:
    """Give a resource of *source*, by the name *slug*, that breaks *constraint*. Raises LookupError where nobody knows how."""
    spoiling = _Spoiling(constraint, source, slug)
    if special := _SPECIAL.get(constraint.name):
        special(spoiling)
    elif general := _GENERAL.get(_parameter(constraint.component)):
        general(spoiling)
    else:
        raise LookupError(f"nobody knows how to break {constraint.name}")
    return Fault(spoiling.record, tuple(spoiling.results))


class _Spoiling:
    """A sample that is being spoiled: the statements of *record*, and the *results* that this gives."""

    def __init__(self, constraint: Constraint, source: Source, slug: str) -> None:
        self.constraint, self.source, self.slug = constraint, source, slug
        self.results: list[Result] = []
        self.record, self.focus = sample(constraint.shape, source, slug)
        self._graph = next(graph for subject, _, _, graph in self.record if subject == self.focus)

    @property
    def parameter(self) -> str:
        """The lexical form of the parameter, a number."""
        return self.constraint.parameter.partition('"')[2].partition('"')[0]

    @property
    def datatype(self) -> str:
        """The last part of the datatype of the values at the path."""
        (value,) = objects(self.record, self.focus, self.constraint.path)
        return value.rpartition("#")[2].rstrip(">")

    def remove(self, predicates: Iterable[str], value: str = "") -> None:
        """Take out what the focus node has for *predicates*, the one *value* where it is given."""
        gone = set(predicates)
        self.record = [
            (subject, name, other, graph)
            for subject, name, other, graph in self.record
            if subject != self.focus or name not in gone or value not in ("", other)
        ]

    def add(self, predicate: str, value: str, subject: str = "") -> None:
        """Say something more of the focus node, or of another *subject*."""
        self.record = [*self.record, (subject or self.focus, predicate, value, self._graph)]

    def put(self, predicate: str, value: str) -> None:
        """Let *value* be the only one that the focus node has for *predicate*."""
        self.remove([predicate])
        self.add(predicate, value)

    def result(self, value: str = "", path: str = "") -> None:
        """Expect a result of the constraint itself, with its own path or with *path* for a SPARQL-based one."""
        constraint = self.constraint
        self.also(constraint.shape, constraint.component, value, path or constraint.path)

    def also(self, shape: str, component: str, value: str, path: str) -> None:
        """Expect a result of a constraint of *shape*."""
        self.results.append(
            Result(
                self.constraint.name,
                shape,
                expanded(self.focus),
                expanded(path) if path else "",
                expanded(value) if value else "",
                component,
                self.constraint.severity,
            )
        )


def _parameter(component: str) -> str:
    short = component.removeprefix(SH).removesuffix("ConstraintComponent")
    return short[0].lower() + short[1:]


# By component: what breaks any constraint of it.


def _too_few(it: _Spoiling) -> None:
    it.remove(it.constraint.paths)
    it.result()


def _too_many(it: _Spoiling) -> None:
    path = it.constraint.paths[0]
    it.add(path, SECOND[path](it.source))
    it.result()


def _wrong(value: Callable[[_Spoiling], str]) -> Callable[[_Spoiling], None]:
    """Break a constraint by a value in place of the right one, which is the value of the result."""

    def spoil(it: _Spoiling) -> None:
        wrong = value(it)
        it.put(it.constraint.paths[0], wrong)
        it.result(wrong)

    return spoil


def _other_datatype(it: _Spoiling) -> str:
    return _OTHER_DATATYPE[it.constraint.parameter]


def _other_class(it: _Spoiling) -> str:
    return it.source.events[0] if it.constraint.parameter == "schema:Place" else it.source.place


def _not_listed(it: _Spoiling) -> str:
    return next(term for term in ("kg:recorded", "kg:asserted") if term not in it.constraint.parameter)


def _no_match(it: _Spoiling) -> str:
    return (
        "<http://rightsstatements.org/vocab/CNE/>"
        if it.constraint.shape.startswith("rights")
        else text("0" * 63, "")
    )


def _beyond(step: float) -> Callable[[_Spoiling], str]:
    def value(it: _Spoiling) -> str:
        whole = it.datatype == "integer"
        return typed(
            str(int(float(it.parameter) + step) if whole else float(it.parameter) + step), it.datatype
        )

    return value


def _too_late(it: _Spoiling) -> str:
    return date("1999-01-01") if it.datatype == "date" else integer(9000)


def _two_of_a_language(it: _Spoiling) -> None:
    it.add("rdfs:label", text("Another label"))
    it.result()


_OTHER_DATATYPE: Final = {
    "xsd:date": typed("1990-02", "gYearMonth"),
    "xsd:integer": typed("12.5", "decimal"),
    "xsd:decimal": integer(40),
    "xsd:duration": text("P7D", ""),
    "xsd:dateTime": date("2026-11-23"),
    "rdf:langString": text("without a language", ""),
    "edtf:EDTF": text("1990-02", ""),
}
_GENERAL: Final[dict[str, Callable[[_Spoiling], None]]] = {
    "minCount": _too_few,
    "maxCount": _too_many,
    "datatype": _wrong(_other_datatype),
    "class": _wrong(_other_class),
    "nodeKind": _wrong(lambda _: text("see 1/1.0/", "")),
    "in": _wrong(_not_listed),
    "pattern": _wrong(_no_match),
    "minInclusive": _wrong(_beyond(-1)),
    "minExclusive": _wrong(_beyond(0)),
    "maxInclusive": _wrong(_beyond(1)),
    "lessThan": _wrong(_too_late),
    "lessThanOrEquals": _wrong(_too_late),
    "uniqueLang": _two_of_a_language,
}


# By the name of the kind: what needs a hand of its own.


def _no_day(property: str, wrong: str) -> Callable[[_Spoiling], None]:
    """Write something else for a day of assertion: the two can then not be compared, which is a result of its own (§4.5.4).

    rdflib orders what it cannot compare by its datatype, a plain string first; *wrong* is out of order by that as well.
    """

    def spoil(it: _Spoiling) -> None:
        it.put(property, wrong)
        it.result(wrong)
        (first,) = objects(it.record, it.focus, "kg:asOfEarliest")
        it.also("claim-earliest", COMPONENTS["lessThanOrEquals"], first, "kg:asOfEarliest")

    return spoil


def _alone(*compared: str) -> Callable[[_Spoiling], None]:
    """Write another datatype, where nothing is there to *compare* it with."""

    def spoil(it: _Spoiling) -> None:
        it.remove(compared)
        _wrong(_other_datatype)(it)

    return spoil


_BOUNDS: Final = ("kg:earliestStart", "kg:latestStart", "kg:earliestEnd", "kg:latestEnd")


def _repeated(wrong: Callable[[_Spoiling], str]) -> Callable[[_Spoiling], None]:
    """Write a value that the object of the claim repeats, as the claim's kind wants it."""

    def spoil(it: _Spoiling) -> None:
        it.put("rdf:object", wrong(it))
        _wrong(wrong)(it)

    return spoil


def _one_repeated(shape: str) -> Callable[[_Spoiling], None]:
    """Write a second value: the object of the claim can repeat but one of them, which *shape* finds."""

    def spoil(it: _Spoiling) -> None:
        _too_many(it)
        (value,) = objects(it.record, it.focus, "rdf:object")
        it.also(shape, SPARQL, value, "rdf:object")

    return spoil


def _no_kind(it: _Spoiling) -> None:
    it.remove(["rdf:type"], "kg:RelationClaim")
    it.result()


def _another_kind(it: _Spoiling) -> None:
    it.add("rdf:type", "kg:IdentityClaim")
    it.result()


def _after_latest_start(it: _Spoiling) -> None:
    it.put("kg:earliestStart", date("1990-02-05"))
    it.result(date("1990-02-05"))


def _after_latest_end(it: _Spoiling) -> None:
    it.remove(["kg:latestStart"])
    _wrong(_too_late)(it)


def _lacking(*predicates: str) -> Callable[[_Spoiling], None]:
    """Break what holds for the focus node itself by taking statements out; it is its own value."""

    def spoil(it: _Spoiling) -> None:
        it.remove(predicates)
        it.result(it.focus)

    return spoil


def _saying(predicate: str, value: Callable[[_Spoiling], str]) -> Callable[[_Spoiling], None]:
    """Break a SPARQL-based constraint by one more statement, which the result has."""

    def spoil(it: _Spoiling) -> None:
        it.add(predicate, value(it))
        it.result(value(it), predicate)

    return spoil


def _instead(predicate: str, value: Callable[[_Spoiling], str]) -> Callable[[_Spoiling], None]:
    """Break a constraint by another value, which the result has."""

    def spoil(it: _Spoiling) -> None:
        it.put(predicate, value(it))
        it.result(value(it), predicate)

    return spoil


def _linked(it: _Spoiling) -> None:
    it.add("skos:exactMatch", "<http://www.wikidata.org/entity/Q1>")
    it.result(it.focus)


def _of_another(it: _Spoiling) -> None:
    it.put("kg:claimant", it.source.paper)
    it.result(it.source.paper)
    it.result("org:attest")


def _bounded(it: _Spoiling) -> None:
    it.add("kg:lowerBound", integer(10))
    it.result("kg:exactly", "kg:comparator")


def _too_long(it: _Spoiling) -> None:
    here = f"selector:{it.slug}"
    end = (here, "oa:end", integer(80), it.source.graph)
    it.record = [line for line in it.record if line != end]
    it.add("oa:end", integer(it.source.length + 1), here)
    it.result(here, "oa:hasSelector")


def _elsewhere(it: _Spoiling) -> None:
    """Rest on a passage, with a part that belongs to another one."""
    it.remove(["kg:citation"])
    it.add("kg:passage", it.source.passage(0))
    it.add("kg:part", f"selector:{it.source.slug}-s1")
    it.result(f"selector:{it.source.slug}-s1", "kg:part")


def _two_preferred(it: _Spoiling) -> None:
    first, second = f"name:{it.slug}-a", f"name:{it.slug}-b"
    it.record = [*it.record, *things.preferred(it.focus, second, f"Another place {it.slug}")]
    it.result(first, "skosxl:prefLabel")


def _injury_shown(it: _Spoiling) -> None:
    graph, slug = it.source.graph, it.slug
    it.record = [
        *it.record,
        *things.caption(slug, f"Caption {slug}", it.focus, graph),
        *things.passage(slug, it.source.texts[0], f"caption:{slug}", (3, 80), graph),
        (f"passage:{slug}", "kg:sensitivity", "concept:injury-described", graph),
    ]
    it.result(it.focus)


def _visible_twice(it: _Spoiling) -> None:
    """Say a second thing of the visibility: of the two right ones the other would take the resource out."""
    it.add("kg:visibility", "kg:recorded")
    it.result()
    it.also("visibility", COMPONENTS["in"], "kg:recorded", "kg:visibility")


_SPECIAL: Final[dict[str, Callable[[_Spoiling], None]]] = {
    "claim-earliest/datatype": _no_day("kg:asOfEarliest", typed("1990-03", "gYearMonth")),
    "claim-latest/datatype": _no_day("kg:asOfLatest", text("1990-01-31", "")),
    "claim-scope-start/datatype": _alone("kg:asOfEarliest", "kg:asOfLatest"),
    **{f"date-{name}/datatype": _alone(*_BOUNDS) for name in ("earliest-start", "latest-start", "earliest-end", "latest-end")},
    "date-earliest-start/lessThanOrEquals/kg:latestStart": _after_latest_start,
    "date-earliest-start/lessThanOrEquals/kg:latestEnd": _after_latest_end,
    "date-edtf/datatype": _repeated(_other_datatype),
    "date-edtf/maxCount": _one_repeated("date-object"),
    "date-object": _instead("rdf:object", lambda _: edtf(LAST_DAY)),
    "quantity-amount/datatype": _repeated(_other_datatype),
    "quantity-amount/minInclusive": _repeated(_beyond(-1)),
    "quantity-amount/maxCount": _one_repeated("quantity-object"),
    "quantity-bounds": _bounded,
    "quantity-measure": _instead("rdf:predicate", lambda _: "kg:near"),
    "quantity-object": _instead("rdf:object", lambda _: integer(77)),
    "quantity-scope": _lacking("kg:scopeDuration"),
    "claim-as-of": _lacking("kg:asOfLatest"),
    "claim-evidence/or": _lacking("kg:citation"),
    "claim-kind/qualifiedMaxCount": _another_kind,
    "claim-kind/qualifiedMinCount": _no_kind,
    "claim-object/not": _wrong(lambda _: text("near the sea")),
    "claim-part": _elsewhere,
    "conflict-decided": _saying("kg:conflictsWith", lambda it: it.source.claim),
    "retraction-own": _saying("kg:retracts", lambda it: it.source.claim),
    "derived-claimant/equals": _of_another,
    "alleged-claimant/disjoint": _instead("kg:claimant", lambda _: "org:attest"),
    "blame-decided": _instead("rdf:object", lambda it: it.source.person),
    "passage-span": _too_long,
    "published-supported": _saying("schema:location", lambda it: it.source.place),
    "person-attested/or": _lacking("prov:wasDerivedFrom"),
    "person-care/or": _lacking("kg:sensitivity"),
    "person-links/not": _linked,
    "name-preferred": _two_preferred,
    "photograph-care": _injury_shown,
    "visibility/maxCount": _visible_twice,
}  # fmt: skip
