"""Descriptions: what a release says of one IRI, asked by SPARQL in whichever graphs it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.archive import Archive
from kg.errors import StoreError
from kg.index import LABELS
from kg.names import KG, OA, PROV, RDF, RDFS, SKOSXL
from kg.store import Solutions

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row: TypeAlias = dict[str, Term | None]

_FORM: Final = SKOSXL + "literalForm"
# The project's own label first: the others may be names that sources use.
NAMING: Final = (
    RDFS + "label",
    *(label.value for label in LABELS if label.value != RDFS + "label"),
    "http://xmlns.com/foaf/0.1/name",
    _FORM,
)
"""Properties that name a resource, the best first."""
_BATCH: Final = 400


@dataclass(frozen=True, slots=True)
class Name:
    """How a resource is called: a text, its language (empty: not said), and whether the release describes it."""

    text: str
    language: str = ""
    described: bool = False


class Descriptions:
    """The descriptions that *archive* holds. Every method is one or two queries, so call them in a thread."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._strict = archive.manifest.default_graph == "strict"

    def known(self, iri: str) -> bool:
        """Tell whether *iri* is the subject or the object of any statement."""
        return self._ask(
            f"{{ {self._in_any(f'<{iri}> ?p ?o')} }} UNION {{ {self._in_any(f'?s ?q <{iri}>')} }}"
        )

    def of(self, iri: str) -> list[ox.Triple]:
        """Give all statements about *iri*, with those about the blank nodes that they lead to.

        An IRI that is only ever an object is described by the statements that it stands in.
        """
        found = set(self._triples(f"DESCRIBE <{iri}>"))
        if self._strict:  # the engine describes from the default graph, and the others are named one by one
            graphs = [
                graph.iri for graph in self._archive.manifest.graphs if graph.iri and graph.iri[0] != "_"
            ]
            for start in range(0, len(graphs), _BATCH):
                named = " ".join(f"FROM <{graph}>" for graph in graphs[start : start + _BATCH])
                found |= set(self._triples(f"DESCRIBE <{iri}> {named}"))
        if not found:
            found = set(
                self._triples(f"CONSTRUCT {{ ?s ?p <{iri}> }} WHERE {{ {self._in_any(f'?s ?p <{iri}>')} }}")
            )
        return list(found)

    def incoming(self, iri: str, limit: int, *, without: Iterable[str] = ()) -> tuple[list[Row], int]:
        """Give the first *limit* statements (``s``, ``p``) whose object is *iri*, by property, and how many there are.

        Those with a property of *without* are left out of both.
        """
        excluded = ", ".join(f"<{predicate}>" for predicate in without)
        kept = f"FILTER(?p NOT IN ({excluded}))" if excluded else ""
        pattern = f"SELECT DISTINCT ?s ?p WHERE {{ {self._in_any(f'?s ?p <{iri}>')} {kept} }}"
        rows = self._rows(f"{pattern} ORDER BY ?p ?s LIMIT {limit}")
        if len(rows) < limit:
            return rows, len(rows)
        (counted,) = self._rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {pattern} }} }}")
        return rows, int(_text(counted["n"]))

    def names(self, iris: Iterable[str]) -> dict[str, Name]:
        """Give the name of each of *iris*: its label, in English where there is one; else its prefixed name."""
        asked = sorted(set(iris))
        labels: dict[str, tuple[int, int, str, str]] = {}
        described: set[str] = set()
        for start in range(0, len(asked), _BATCH):
            values = " ".join(f"<{iri}>" for iri in asked[start : start + _BATCH])
            kinds = " ".join(f"<{iri}>" for iri in NAMING)
            for row in self._rows(
                f"SELECT DISTINCT ?it ?p ?label WHERE {{ VALUES ?it {{ {values} }} VALUES ?p {{ {kinds} }} "
                f"{self._in_any('?it ?p ?label')} FILTER(isLiteral(?label)) }}"
            ):
                iri, found = _text(row["it"]), _rank(row)
                labels[iri] = min(found, labels.get(iri, found))
            described |= {
                _text(row["it"])
                for row in self._rows(
                    f"SELECT DISTINCT ?it WHERE {{ VALUES ?it {{ {values} }} "
                    f"FILTER EXISTS {{ {self._in_any('?it ?p ?o')} }} }}"
                )
            }
        names = {}
        for iri in asked:
            if iri in labels:
                _, kind, text, language = labels[iri]
                quoted = f"“{text}”" if NAMING[kind] == _FORM else text
                names[iri] = Name(quoted, language, iri in described)
            else:
                names[iri] = Name(self._archive.base.compact(iri), "", iri in described)
        return names

    def may_be_living(self, iri: str) -> bool:
        """Tell whether *iri*, or what it is a claim, a name or an observation of, is marked as possibly living."""
        return self._ask(self._living(f"<{iri}>"))

    @cached_property
    def living(self) -> frozenset[str]:
        """Every IRI of which :meth:`may_be_living` is true."""
        rows = self._rows(f"{_PREFIXES} SELECT DISTINCT ?that WHERE {{ {self._living('?that')} }}")
        return frozenset(_text(row["that"]) for row in rows)

    def _living(self, that: str) -> str:
        mark = f"kg:sensitivity <{self._archive.base.id('concept', 'possibly-living')}>"
        return (
            f"{{ {that} {mark} }} UNION "
            f"{{ {that} ?p ?it . ?it {mark} FILTER(?p IN (rdf:subject, rdf:object, kg:claimant)) }} UNION "
            f"{{ ?it ?p {that} ; {mark} FILTER(?p IN (skosxl:prefLabel, skosxl:altLabel, skosxl:hiddenLabel, "
            "prov:wasDerivedFrom)) }"
        )

    def described(self, space: str) -> list[str]:
        """Give every IRI below *space* that the release describes."""
        return [
            _text(row["s"])
            for row in self._rows(
                f"SELECT DISTINCT ?s WHERE {{ {self._in_any('?s ?p ?o')} "
                f'FILTER(isIRI(?s) && STRSTARTS(STR(?s), "{space}")) }} ORDER BY ?s'
            )
        ]

    def anchor(self, iri: str) -> Row | None:
        """Give ``text``, ``length``, ``start``, ``end``, ``digest`` and ``document`` of a passage, None of anything else."""
        rows = self._rows(
            f"{_PREFIXES} SELECT DISTINCT ?text ?length ?start ?end ?digest ?document WHERE {{ "
            f"<{iri}> oa:hasSource ?text ; oa:hasSelector ?selector ; kg:digest ?digest . "
            "?selector oa:start ?start ; oa:end ?end . "
            f"OPTIONAL {{ ?text kg:length ?length }} OPTIONAL {{ <{iri}> kg:standsIn ?document }} }}"
        )
        return rows[0] if rows else None

    def types(self, limit: int) -> list[Row]:
        """Give the classes (``it``) of the release with the number (``n``) of their members, the largest first."""
        return self._rows(
            f"SELECT ?it (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {self._in_any(f'?s <{RDF}type> ?it')} FILTER(isIRI(?it)) }} "
            f"GROUP BY ?it ORDER BY DESC(?n) ?it LIMIT {limit}"
        )

    def subjects(self, limit: int) -> list[str]:
        """Give the first *limit* IRIs that the release describes."""
        return [
            _text(row["s"])
            for row in self._rows(
                f"SELECT DISTINCT ?s WHERE {{ {self._in_any('?s ?p ?o')} FILTER(isIRI(?s)) }} ORDER BY ?s LIMIT {limit}"
            )
        ]

    def _in_any(self, pattern: str) -> str:
        """Give *pattern* over every graph; the default graph of a union release is all of them already."""
        return f"{{ {{ {pattern} }} UNION {{ GRAPH ?graph {{ {pattern} }} }} }}" if self._strict else pattern

    def _rows(self, text: str) -> list[Row]:
        answer = self._archive.answer(text)
        if not isinstance(answer, Solutions):
            raise StoreError("the store gave no rows for a SELECT query")
        return [dict(zip(answer.variables, row, strict=True)) for row in answer.rows]

    def _triples(self, text: str) -> list[ox.Triple]:
        answer = self._archive.answer(text)
        if not isinstance(answer, list):
            raise StoreError("the store gave no triples for a DESCRIBE or CONSTRUCT query")
        return answer

    def _ask(self, pattern: str) -> bool:
        answer = self._archive.answer(f"{_PREFIXES} ASK {{ {pattern} }}")
        if not isinstance(answer, bool):
            raise StoreError("the store gave no truth value for an ASK query")
        return answer


_PREFIXES: Final = (
    f"PREFIX kg: <{KG}> PREFIX rdf: <{RDF}> PREFIX oa: <{OA}> PREFIX prov: <{PROV}> PREFIX skosxl: <{SKOSXL}>"
)


def _rank(row: Row) -> tuple[int, int, str, str]:
    """Give the place of a label among others of its resource: language, then property, then code points."""
    label = row["label"]
    language = (label.language or "") if isinstance(label, ox.Literal) else ""
    order = 0 if language.partition("-")[0] == "en" else 1 if not language else 2
    return order, NAMING.index(_text(row["p"])), _text(label), language


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)
