"""The record as a whole: a dataset's union with what things are called and how claims are worded.

Tables and gazetteer are made from it, when a release is built and when one is read. It knows no store: the same
statements give the same answers, in the same order, on any machine.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from kg import wording
from kg.names import CLASSES, KG, RDF, RDFS, SKOSXL, VOCABULARIES
from kg.rows import value
from kg.triples import Index, Resource, Statements, Term

_TYPE: Final = RDF + "type"


class Step(NamedTuple):
    """A step of a path: along a property, or against it."""

    property: str
    inverse: bool


class Record:
    """What the union of *quads* says, with labels by the rules of :mod:`kg.wording`."""

    _index: Statements
    _labels: Mapping[str, str]
    _nouns: Mapping[str, str]

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        index = Index.of(quads)
        texts = {
            name: [(subject.value, term.value) for subject, term in index.said(name) if isinstance(term, ox.Literal)]
            for name in (RDFS + "label", SKOSXL + "literalForm", KG + "noun")
        }  # fmt: skip
        self._index = index
        self._labels = wording.labels(texts[RDFS + "label"], texts[SKOSXL + "literalForm"])
        self._nouns = dict(sorted(texts[KG + "noun"], reverse=True))
        self._members: dict[str, list[Resource]] = {}

    @classmethod
    def over(cls, index: Statements, labels: Mapping[str, str], nouns: Mapping[str, str]) -> Record:
        """Give the record of what *index* looks up, with *labels* and the *nouns* of measures, by IRI."""
        record = cls(())
        record._index, record._labels, record._nouns = index, labels, nouns
        return record

    def members(self, kind: str) -> list[Resource]:
        """Give the resources of *kind*, one of :data:`kg.names.CLASSES`, by IRI, photograph 2 before photograph 12."""
        if kind not in self._members:
            found = {
                resource for iri in CLASSES[kind] for resource in self._index.having(_TYPE, ox.NamedNode(iri))
            }
            self._members[kind] = sorted(found, key=order)
        return self._members[kind]

    def follow(self, subject: Term, path: str) -> list[Term]:
        """Give what *path* leads to from *subject*, each term once, in the order of their texts.

        *path* is a SPARQL property path of prefixed names with ``/``, ``|`` and ``^`` alone (``a/^b|c``).
        """
        found: set[Term] = set()
        for steps in parsed(path):
            reached: set[Term] = {subject}
            for step in steps:
                reached = {next for term in reached for next in self._step(term, step)}
            found |= reached
        return sorted(found, key=order) if len(found) > 1 else list(found)  # one or none, as most often

    def _step(self, term: Term, step: Step) -> Iterable[Term]:
        return (
            self._index.having(step.property, term) if step.inverse else self._index.all(term, step.property)
        )

    def is_a(self, term: Term, *classes: str) -> bool:
        """Tell whether *term* has one of the *classes*."""
        return any(ox.NamedNode(iri) in self._index.all(term, _TYPE) for iri in classes)

    def label(self, term: Term | None) -> str:
        """Give the label of an IRI as the library gives it, a literal as text, nothing for None."""
        return wording.called(value(term), self._labels)

    def said(self, claim: Term) -> wording.Terms:
        """Give the values of *claim* by property, for :mod:`kg.wording`."""
        return {
            name: tuple(sorted(map(value, self._index.all(claim, name)), key=str)) for name in wording.READ
        }

    def words(self, claim: Term) -> str:
        """Give what *claim* says of its subject, worded as the library words it."""
        said = self.said(claim)
        return wording.words(said, lambda each: wording.called(each, self._labels), self._nouns)

    def sentence(self, claim: Term) -> str:
        """Give *claim* as one sentence, worded as the library words it."""
        subject = next(iter(self.follow(claim, "rdf:subject")), None)
        return wording.sentence(self.label(subject), self.words(claim))

    def relays(self, claim: Term) -> list[Term]:
        """Give who passed *claim* on, the nearest to the speaker first, those without a position last."""
        places: dict[Term, float] = {}
        for link in self._index.all(claim, KG + "relay"):
            for agent in self._index.all(link, KG + "agent"):
                place = min(map(_number, self._index.all(link, KG + "position")), default=math.inf)
                places[agent] = min(place, places.get(agent, place))
        return sorted(places, key=lambda agent: (places[agent], order(agent)))


@cache
def parsed(path: str) -> tuple[tuple[Step, ...], ...]:
    """Give the alternatives of *path*, each as its steps, with IRIs in full."""

    def step(text: str) -> Step:
        prefix, _, local = text.removeprefix("^").partition(":")
        return Step(VOCABULARIES[prefix] + local, text.startswith("^"))

    return tuple(tuple(step(text) for text in way.split("/")) for way in path.split("|"))


def text(term: Term) -> str:
    """Give an IRI or the text of a literal; another term in its N-Triples form."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def order(term: Term) -> tuple[list[tuple[int, str]], str]:
    """Give what to sort *term* by: its text with numbers by their value, then all of it."""
    return natural(text(term)), str(term)


def natural(text: str) -> list[tuple[int, str]]:
    """Give what to sort *text* by, so that 12 comes after 2."""
    parts = re.split("([0-9]+)", text)
    # of two numbers the longer is larger; int() does not read any number of digits
    parts[1::2] = [digits.lstrip("0") for digits in parts[1::2]]
    return [(len(part) if index % 2 else 0, part) for index, part in enumerate(parts)]


def _number(term: Term) -> float:
    return (
        int(term.value)
        if isinstance(term, ox.Literal) and re.fullmatch("[0-9]{1,9}", term.value)
        else math.inf
    )
