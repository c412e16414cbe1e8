"""Likeness: two resources of one kind that are called nearly alike, and may be one that was entered twice.

What is compared are our labels and the forms that sources attest, letter by letter, without case, diacritics and signs.
Whether two are one is for a reader to say: ``owl:differentFrom`` (OWL 2 §9.6.2) between the two, in either direction, says
that they are not, and ``dcterms:isReplacedBy`` that one was merged into the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Final

import pyoxigraph as ox

from kg import similarity
from kg.names import DCTERMS, KG, OWL, RDF, RDFS, SCHEMA, SKOSXL
from kg.triples import ByProperty

ALIKE: Final = 88
"""Of 100, from where on two names are alike: rapidfuzz's ratio, of the words in their order or sorted, whichever is more.

One letter added to a name of four letters gives 89, two that change places in a name of ten 90, another letter in place of
one of nine 89; in place of one of four 75.
"""
SHORTEST: Final = 4
"""Letters that a name has at least to be compared."""
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": (SCHEMA + "Person",),
    "places": (SCHEMA + "Place",),
    "organisations": (SCHEMA + "Organization", KG + "CollectiveActor"),
    "works": tuple(SCHEMA + name for name in ("Book", "NewsArticle", "WebPage")),
    "events": (SCHEMA + "Event", SCHEMA + "ExhibitionEvent"),
}
"""The classes of which each resource has a name of its own; what belongs to one kind is compared."""

_RECORDS: Final = frozenset(SKOSXL + name for name in ("prefLabel", "altLabel", "hiddenLabel"))
_LABEL: Final = RDFS + "label"
_SETTLED: Final = frozenset({OWL + "differentFrom", DCTERMS + "isReplacedBy"})
_NAMING: Final = (*_RECORDS, _LABEL, SKOSXL + "literalForm")
_NUMBER: Final = re.compile(r"\d+")

Alike = tuple[ox.NamedNode, ox.NamedNode, str, str]
"""Two resources, and a name of each, as it is written."""


class Named:
    """The names of the resources of *quads*, by their kind."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._kinds: defaultdict[str, set[ox.NamedNode]] = defaultdict(set)
        self._settled: set[frozenset[object]] = set()
        kind_of = {ox.NamedNode(name): kind for kind, names in KINDS.items() for name in names}
        records: defaultdict[object, set[object]] = defaultdict(set)
        texts: defaultdict[object, set[str]] = defaultdict(set)
        for subject, predicate, value, _ in ByProperty.of(quads).having(RDF + "type", *_NAMING, *_SETTLED):
            name = predicate.value
            if name == RDF + "type" and value in kind_of and isinstance(subject, ox.NamedNode):
                self._kinds[kind_of[value]].add(subject)
            elif name in _RECORDS:
                records[subject].add(value)
            elif name in (_LABEL, SKOSXL + "literalForm") and isinstance(value, ox.Literal):
                texts[subject].add(value.value)
            elif name in _SETTLED:
                self._settled.add(frozenset((subject, value)))
        self._texts = texts
        for subject, names in records.items():
            texts[subject] = texts[subject].union(*(texts.get(record, set()) for record in names))

    def alike(self) -> Iterator[Alike]:
        """Give each two resources of a kind with names that are alike, once, in their order, with the two most alike."""
        for members in self._kinds.values():
            pairs: dict[tuple[ox.NamedNode, ox.NamedNode], tuple[float, str, str]] = {}
            for pair, found in self._compared(members):
                pairs[pair] = max(pairs.get(pair, found), found)
            for (one, other), (_, first, second) in sorted(pairs.items(), key=lambda item: str(item[0])):
                if frozenset((one, other)) not in self._settled:
                    yield one, other, first, second

    def _compared(
        self, members: set[ox.NamedNode]
    ) -> Iterator[tuple[tuple[ox.NamedNode, ox.NamedNode], tuple[float, str, str]]]:
        """Give two *members*, with likeness and names, for each two names that are alike."""
        ranks = {member: rank for rank, member in enumerate(sorted(members, key=str))}
        bearers = self._bearers(ranks)
        for its in bearers.values():
            for one, other in combinations(its, 2):
                yield (one, other), (100.0, its[one], its[other])
        for name, near, likeness in _near(bearers):
            for (one, first), (other, second) in product(bearers[name].items(), bearers[near].items()):
                if ranks[one] < ranks[other]:
                    yield (one, other), (likeness, first, second)
                elif one != other:
                    yield (other, one), (likeness, second, first)

    def _bearers(self, members: Iterable[ox.NamedNode]) -> Mapping[str, dict[ox.NamedNode, str]]:
        """Give each folded name that is long enough with those of *members*, in their order, that have it, each with what is written."""
        bearers: defaultdict[str, dict[ox.NamedNode, str]] = defaultdict(dict)
        for member in members:
            for text in sorted(self._texts.get(member, ())):
                if len(folded := _folded(text)) >= SHORTEST:
                    bearers[folded].setdefault(member, text)
        return bearers


def _near(names: Iterable[str]) -> Iterator[tuple[str, str, float]]:
    """Give each two of *names*, which are distinct, that are alike and say the same numbers, once or more, each time with a likeness."""
    same: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in names:
        same[tuple(sorted(_NUMBER.findall(name)))].append(name)
    for group in same.values():
        by_words: defaultdict[str, list[str]] = defaultdict(list)
        for name in group:
            by_words[_sorted(name)].append(name)
        words = list(by_words)
        for one, other, likeness in similarity.pairs(group, ALIKE):
            yield group[one], group[other], likeness
        for together in by_words.values():
            for first, second in combinations(together, 2):
                yield first, second, 100.0
        for one, other, likeness in similarity.pairs(words, ALIKE):
            for first, second in product(by_words[words[one]], by_words[words[other]]):
                yield first, second, likeness


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"\w+", letters))
