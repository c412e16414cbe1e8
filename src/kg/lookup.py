"""Look-ups: what a person's word for an event, a measure, a speaker or a parameter stands for in a release.

A word is an IRI, a prefixed name, a slug, a label, or a name that the release records. One that the release does not hold is
an error with suggestions, since no rows would hide it; so is one that may mean several things.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

from kg import wording
from kg.errors import NotFound, QueryError
from kg.labels import Labels, folded, held
from kg.misspelling import meant
from kg.names import KG, RDFS, SCHEMA, SLUG, TYPES, Base
from kg.queries import Query
from kg.store import Store, select

AGENTS = ("org", "person", "actor", "voice")
"""Types of resource that may speak."""


class Lookup:
    """Finds what words stand for in *store*, whose resources are on *base*."""

    def __init__(self, store: Store, base: Base, labels: Labels) -> None:
        self._store = store
        self._base = base
        self._labels = labels

    def find(self, word: str, kinds: Sequence[str] = TYPES) -> str:
        """Give the IRI of what *word* stands for; a slug or name is one of a resource of *kinds*, the first kind before the others.

        A full IRI or a prefixed name may be of any kind. Raises NotFound, Gone, and QueryError where *word* may mean several.
        """
        iri = self.meaning(word, kinds)
        if self._base.is_name(word) and not self._store.about(iri):
            raise self._labels.unknown(iri)
        return iri

    def meaning(self, word: str, kinds: Sequence[str] = TYPES) -> str:
        """Give what :meth:`find` gives; whether the store holds an IRI or a prefixed name is left to the caller."""
        if self._base.is_name(word):
            return self._base.expand(word)
        slug = word.strip()
        is_slug = SLUG.fullmatch(slug) is not None
        iris = [self._base.id(kind, slug) for kind in kinds] if is_slug else []
        known = held(self._store, iris) or self._labels.called(word, kinds)
        if len(known) > 1:  # a selector has the name of its passage, and nobody means it
            known = [iri for iri in known if not iri.startswith(self._base.id("selector", ""))]
        if known and (len(known) == 1 or known[0] in iris[:1]):
            return known[0]
        if known:
            raise QueryError(
                f"{word!r} may mean {' or '.join(map(self._base.compact, known))}", remedy="write one of them"
            )
        if is_slug and len(kinds) == 1:
            raise self._labels.unknown(self._base.id(kinds[0], slug))
        raise self._labels.missing(f"{_what(kinds)} is called {word!r}", slug, kinds)

    def bands(self, about: str, related: bool, kinds: Sequence[str] = ("event",)) -> dict[str, str]:
        """Give what *about* names among *kinds* and, with *related*, wider and narrower events, by IRI with the band of each."""
        iri = self.find(about, kinds)
        bands = {iri: "same"}
        if related and (named := self._base.split(iri)) and named[0] == "event":
            part = f"<{SCHEMA}superEvent>+"
            rows = select(
                self._store,
                f'SELECT DISTINCT ?it ?band WHERE {{ {{ <{iri}> {part} ?it BIND ("wider" AS ?band) }} '
                f'UNION {{ ?it {part} <{iri}> BIND ("narrower" AS ?band) }} }} ORDER BY DESC(?band) ?it',
            )
            bands |= {str(row["it"]): str(row["band"]) for row in rows}
        return bands

    def measure(self, name: str) -> str:
        """Give the IRI of a measure (``deaths``), by its name, label or noun in any case. Raises NotFound, which names all there are."""
        if self._base.is_name(name):
            name = wording.local(self._base.expand(name))
        if (iri := self._measures.get(folded(name))) is None:
            known = ", ".join(sorted({wording.local(iri) for iri in self._measures.values()}))
            near = meant(name, self._measures)
            raise NotFound(
                f"there is no measure {name!r}",
                suggestions=tuple(wording.local(self._measures[each]) for each in near),
                remedy=f"there are {known}",
            )
        return iri

    @cached_property
    def _measures(self) -> dict[str, str]:
        """The measures by what they may be called."""
        rows = select(
            self._store,
            f"SELECT DISTINCT ?it ?name WHERE {{ ?it a <{KG}Measure> "
            f"OPTIONAL {{ ?it <{RDFS}label>|<{KG}noun> ?name }} }} ORDER BY ?it ?name",
        )
        said = {folded(str(row["name"])): str(row["it"]) for row in rows if row["name"] is not None}
        return said | {folded(wording.local(str(row["it"]))): str(row["it"]) for row in rows}

    def agent(self, name: str) -> str:
        """Give the IRI of a speaker. Raises NotFound, QueryError."""
        return self.find(name, AGENTS)

    def given(self, query: Query, values: Mapping[str, object]) -> dict[str, object]:
        """Give *values* for the parameters of *query* with the IRI for each word for a resource or measure.

        Raises NotFound and QueryError for what it does not hold.
        """
        types = {param.name: param.type for param in query.params}
        return {name: self._value(types.get(name, ""), value) for name, value in values.items()}

    def _value(self, type: str, value: object) -> object:
        if type == "measure":
            return self.measure(str(value))
        if type == "iri":
            return self.find(str(value))
        return self.find(str(value), (type,)) if type in TYPES else value


def _what(kinds: Sequence[str]) -> str:
    """Say that none of *kinds* is meant, in words that begin a sentence."""
    return f"no {kinds[0]}" if len(kinds) == 1 else "no speaker" if kinds == AGENTS else "nothing"


def day_of(day: str | date) -> date:
    """Give the day that is meant. Raises QueryError for a text that is no ISO date."""
    if isinstance(day, datetime):
        return day.date()
    if isinstance(day, date):
        return day
    try:
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
            raise ValueError
        return date.fromisoformat(day)
    except ValueError as error:
        raise QueryError(f"{day!r} is no day", remedy="write for example 1990-01-16") from error
