"""Facts: what one side says of single resources, looked up as they are asked for, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg.diff.lines import Lines, parsed
from kg.diff.merging import Nameless
from kg.index import NAMING, place
from kg.names import KG, RDF, SKOSXL, Base
from kg.record import Record
from kg.triples import Resource, Term

_FORM: Final = SKOSXL + "literalForm"
_KEPT: Final = 200_000
"""Resources that are remembered: a difference of everything must not hold everything twice."""


class Facts:
    """What *lines* say of each resource, and *nameless* of the nodes without names that these lead to; labels in *languages*."""

    def __init__(self, lines: Lines, nameless: Nameless, base: Base, languages: Sequence[str]) -> None:
        self.nameless = nameless
        self._lines = lines
        self._base = base
        self._languages = languages
        self._said: dict[str, tuple[ox.Quad, ...]] = {}
        self._labels = _Labels(self)
        self.record = Record.over(self, self._labels, _Nouns(self))

    def about(self, iri: str) -> tuple[ox.Quad, ...]:
        """Give all statements about *iri*, in whichever graphs."""
        if iri not in self._said:
            if len(self._said) >= _KEPT:
                self._said.clear()
            self._said[iri] = tuple(parsed(self._lines.beginning(f"<{iri}> ".encode())))
        return self._said[iri]

    def iris(self, iri: str, predicate: str) -> list[str]:
        """Give the IRIs that *predicate* of *iri* leads to."""
        return [
            quad.object.value
            for quad in self.about(iri)
            if quad.predicate.value == predicate and isinstance(quad.object, ox.NamedNode)
        ]

    def all(self, subject: Term | None, predicate: str) -> list[Term]:
        """Give the objects of *subject* and *predicate*, each once."""
        if isinstance(subject, ox.BlankNode):
            said = [each for each in self.nameless.said.get(subject, ()) if each.predicate.value == predicate]
            return list(dict.fromkeys(each.object for each in said))
        if not isinstance(subject, ox.NamedNode):
            return []
        return list(
            dict.fromkeys(
                quad.object for quad in self.about(subject.value) if quad.predicate.value == predicate
            )
        )

    def having(self, predicate: str, value: Term) -> list[Resource]:
        """Give nothing: statements are looked up by their subject only."""
        raise NotImplementedError(f"{predicate} of {value} is not looked up backwards")

    def is_a(self, iri: str, kind: str) -> bool:
        """Tell whether *iri* is of the class *kind*."""
        return kind in self.iris(iri, RDF + "type")

    def label(self, iri: str) -> str:
        """Give what *iri* is called: its name in the best language, else its prefixed name."""
        return self._labels.get(iri) or self._base.compact(iri)

    def named(self, iri: str) -> str:
        """Give the name of *iri* in the best of the languages, a form of a name in quotation marks, what a citation cites; nothing where it has none."""
        found = [
            (place(quad.object.language or "", self._languages), NAMING.index(name), quad.object.value)
            for quad in self.about(iri)
            if (name := quad.predicate.value) in NAMING and isinstance(quad.object, ox.Literal)
        ]
        if not found:
            works = sorted(map(self.label, self.iris(iri, KG + "work")))
            return f"citation of {', '.join(works)}" if works else ""
        _, number, text = min(found)
        return f"“{text}”" if NAMING[number] == _FORM else text


class _Found(Mapping[str, str]):
    """Words of resources, looked up as they are asked for."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._kept: dict[str, str] = {}

    def __getitem__(self, iri: str) -> str:
        if iri not in self._kept:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            self._kept[iri] = self._word(iri)
        if not (word := self._kept[iri]):
            raise KeyError(iri)
        return word

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def _word(self, iri: str) -> str:
        raise NotImplementedError


class _Labels(_Found):
    def _word(self, iri: str) -> str:
        return self._facts.named(iri)


class _Nouns(_Found):
    def _word(self, iri: str) -> str:
        nouns = self._facts.all(ox.NamedNode(iri), KG + "noun") if iri.partition(":")[2] else []
        return min((noun.value for noun in nouns if isinstance(noun, ox.Literal)), default="")
