"""Descriptions: what a release says of single IRIs, looked up in whichever graphs it stands.

Statements are read from the indexes of the store, and not by queries: each look-up costs what it finds, however large the
release is, and needs no thread of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby, islice
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.archive import Archive
from kg.documents import incoming
from kg.documents.incoming import Incoming
from kg.errors import QueryTooLarge, StoreError
from kg.index import NAMING, place
from kg.names import KG, PROV, RDF, SKOSXL
from kg.store import Solutions

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Node: TypeAlias = ox.NamedNode | ox.BlankNode
Row: TypeAlias = dict[str, Term | None]

DEFAULT: Final = ("en",)
"""The languages of names where nothing else is asked for; a name without a language comes after these."""
STATEMENTS: Final = 100_000
"""How many statements a description may have; a larger one is refused, and never cut."""

_KEPT: Final = 20_000
"""Names that are remembered."""
_FORM: Final = SKOSXL + "literalForm"
_NAMING: Final = tuple(map(ox.NamedNode, NAMING))
_SUBJECT, _SENSITIVITY, _STATUS = (
    ox.NamedNode(iri) for iri in (RDF + "subject", KG + "sensitivity", KG + "status")
)
_CLAIM, _RECORDED, _TYPE = (ox.NamedNode(iri) for iri in (KG + "Claim", KG + "recorded", RDF + "type"))
_SPOKEN_OF: Final = tuple(map(ox.NamedNode, (RDF + "subject", RDF + "object", KG + "claimant")))
_SHOWN_BY: Final = tuple(
    map(
        ox.NamedNode,
        (SKOSXL + "prefLabel", SKOSXL + "altLabel", SKOSXL + "hiddenLabel", PROV + "wasDerivedFrom"),
    )
)


@dataclass(frozen=True, slots=True)
class Name:
    """How a resource is called: a text, its language (empty: not said), and whether the release describes it.

    ``said`` is the statement that calls it so, None where none does.
    """

    text: str
    language: str = ""
    described: bool = False
    said: ox.Triple | None = None


class Descriptions:
    """The descriptions that *archive* holds, with names in the first of *languages* that there is one in.

    Every method asks the store, so call them in a thread.
    """

    def __init__(self, archive: Archive, languages: Sequence[str] = DEFAULT) -> None:
        self._archive = archive
        self._languages = tuple(languages)
        self._store = archive.store
        self._strict = archive.manifest.default_graph == "strict"
        self._mark = ox.NamedNode(archive.base.id("concept", "possibly-living"))
        self._kept_name = lru_cache(_KEPT)(self._name)  # a release does not change

    def known(self, iri: str) -> bool:
        """Tell whether *iri* is the subject or the object of any statement."""
        try:
            node = ox.NamedNode(iri)
        except ValueError:  # the engine takes fewer characters than SPARQL, and so holds none with others
            return False
        return bool(
            self._store.match(node, None, None, limit=1) or self._store.match(None, None, node, limit=1)
        )

    def of(self, iri: str) -> list[ox.Triple]:
        """Give all statements about *iri*, with those about the blank nodes that they lead to, in whichever graphs.

        Raises QueryTooLarge where they are more than :data:`STATEMENTS`.
        """
        return self.closure([ox.NamedNode(iri)])

    def closure(self, nodes: Iterable[Node]) -> list[ox.Triple]:
        """Give what :meth:`of` gives of all *nodes*, each statement once."""
        found: dict[ox.Triple, None] = {}
        left: list[Node] = list(nodes)
        seen: set[Node] = set()
        while left:
            if (node := left.pop()) in seen:
                continue
            seen.add(node)
            for quad in self._store.match(node, None, None, limit=STATEMENTS - len(found) + 1):
                found[quad.triple] = None
                left += _blank(quad.object)
            if len(found) > STATEMENTS:
                raise QueryTooLarge(
                    f"the description of this resource has more than {STATEMENTS:,} statements",
                    remedy="ask /sparql for the part that you need, or download the whole",
                )
        return list(found)

    def claims(self, iri: str, limit: int) -> list[ox.NamedNode] | None:
        """Give the recorded claims about *iri*, None where more than *limit* have it for their subject."""
        quads = self._store.match(None, _SUBJECT, ox.NamedNode(iri), limit=limit + 1)
        if len(quads) > limit:
            return None
        return [
            claim
            for claim in dict.fromkeys(quad.subject for quad in quads)
            if isinstance(claim, ox.NamedNode)
            and self._store.match(claim, _TYPE, _CLAIM, limit=1)
            and self._store.match(claim, _STATUS, _RECORDED, limit=1)
        ]

    def incoming(self, iri: str, page: int = 1, *, without: Iterable[str] = ()) -> Incoming:
        """Give *page* of the statements whose object is *iri*, as :func:`kg.documents.incoming.read` does."""
        return incoming.read(self._store, iri, page, without=without)

    def names(self, iris: Iterable[str]) -> dict[str, Name]:
        """Give the name of each of *iris*: its label, in the first language that there is one in; else its prefixed name."""
        return {iri: self._kept_name(iri) for iri in sorted(set(iris))}

    def _name(self, iri: str) -> Name:
        node = ox.NamedNode(iri)
        labels = [
            quad.triple
            for naming in _NAMING
            for quad in self._store.match(node, naming, None)
            if isinstance(quad.object, ox.Literal)
        ]
        if not labels:
            described = bool(self._store.match(node, None, None, limit=1))
            return Name(self._archive.base.compact(iri), "", described)
        said = min(labels, key=self._rank)
        text, language = _text(said.object), _language(said.object)
        return Name(f"“{text}”" if said.predicate.value == _FORM else text, language, True, said)

    def _rank(self, said: ox.Triple) -> tuple[int, int, str, str]:
        """Give the place of a label among others of its resource: language, then property, then code points."""
        language = _language(said.object)
        return (
            place(language, self._languages),
            NAMING.index(said.predicate.value),
            _text(said.object),
            language,
        )

    def may_be_living(self, iri: str) -> bool:
        """Tell whether *iri*, or what it is a claim, a name or an observation of, is marked as possibly living."""
        if not self._store.match(None, _SENSITIVITY, self._mark, limit=1):
            return False
        return any(
            isinstance(node, ox.NamedNode | ox.BlankNode)
            and self._store.match(node, _SENSITIVITY, self._mark, limit=1)
            for node in self._behind(ox.NamedNode(iri))
        )

    def _behind(self, node: ox.NamedNode) -> Iterator[Term]:
        """Give what the mark of possibly living passes on to *node* from: itself, and what it is a record of."""
        yield node
        yield from (quad.object for each in _SPOKEN_OF for quad in self._store.match(node, each, None))
        yield from (quad.subject for each in _SHOWN_BY for quad in self._store.match(None, each, node))

    @cached_property
    def living(self) -> frozenset[str]:
        """Every IRI of which :meth:`may_be_living` is true."""
        found: set[Term] = set()
        for quad in self._store.match(None, _SENSITIVITY, self._mark):
            node = quad.subject
            found.add(node)
            if isinstance(node, ox.Triple):
                continue
            found |= {each.subject for spoken in _SPOKEN_OF for each in self._store.match(None, spoken, node)}
            found |= {each.object for shown in _SHOWN_BY for each in self._store.match(node, shown, None)}
        return frozenset(term.value for term in found if isinstance(term, ox.NamedNode))

    def described(self, space: str) -> list[str]:
        """Give every IRI below *space* that the release describes."""
        return [
            _text(row["s"])
            for row in self._rows(
                f"SELECT DISTINCT ?s WHERE {{ {self._in_any('?s ?p ?o')} "
                f'FILTER(isIRI(?s) && STRSTARTS(STR(?s), "{space}")) }} ORDER BY ?s'
            )
        ]

    def subjects(self, limit: int) -> list[str]:
        """Give the first *limit* IRIs that the release describes: its statements are sorted, and no more of them is read."""
        iris = (
            quad.subject.value for quad in self._archive.quads() if isinstance(quad.subject, ox.NamedNode)
        )
        return sorted(islice((iri for iri, _ in groupby(iris)), limit))

    def _in_any(self, pattern: str) -> str:
        """Give *pattern* over every graph; the default graph of a union release is all of them already."""
        return f"{{ {{ {pattern} }} UNION {{ GRAPH ?graph {{ {pattern} }} }} }}" if self._strict else pattern

    def _rows(self, text: str) -> list[Row]:
        answer = self._archive.answer(text)
        if not isinstance(answer, Solutions):
            raise StoreError("the store gave no rows for a SELECT query")
        return [dict(zip(answer.variables, row, strict=True)) for row in answer.rows]


def _blank(term: Term) -> list[ox.BlankNode]:
    """Give the blank nodes in *term*: itself, or those of a triple term and of those in it."""
    found, left = [], [term]
    while left:
        each = left.pop()
        if isinstance(each, ox.BlankNode):
            found.append(each)
        elif isinstance(each, ox.Triple):
            left += (each.subject, each.object)
    return found


def iris(triples: Iterable[ox.Triple]) -> Iterator[str]:
    """Give every IRI that *triples* name."""
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode):
                yield term.value


def _language(term: Term) -> str:
    return (term.language or "") if isinstance(term, ox.Literal) else ""


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode) else str(term)
