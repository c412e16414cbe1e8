"""Fields: the form of a question, made from its header: inputs by type, what may be chosen where that is little, faults beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg import wording
from kg.archive import Archive
from kg.errors import KgError, NotFound
from kg.names import CLASSES, KG, RDF, TYPES
from kg.pages.terms import natural
from kg.queries import Param, Query
from kg.rows import IRI
from kg.store import select

MENU: Final = 40
"""Choices up to which a field is a menu; up to :data:`LIST` it is a text with suggestions."""
LIST: Final = 200

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KINDS: Final = {
    "event": "events", "person": "people", "photo": "photographs", "place": "places", "passage": "passages", "work": "works",
}  # fmt: skip
"""The types of resource whose class is known, by the word for several of them."""
_ROLES: Final = {"claimant": KG + "claimant", "subject": RDF + "subject"}
"""Parameters of any IRI that take what stands in a property of claims, by name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be chosen: what is sent, what it is called, and its IRI."""

    value: str
    label: str
    iri: str


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a form shows it: with the ``text`` that was given, else its default, and what is wrong with that."""

    param: Param
    text: str
    choices: tuple[Choice, ...] = ()
    error: KgError | None = None

    @property
    def kind(self) -> str:
        """What it is in HTML: ``select``, or the type of an input. A text that a typed input would drop keeps a plain one."""
        if self.param.type == "boolean" or 0 < len(self.choices) <= MENU:
            return "select"
        if self.param.type == "date" and (not self.text or _DAY.fullmatch(self.text)):
            return "date"
        if self.param.type in ("integer", "year") and (not self.text or _NUMBER.fullmatch(self.text)):
            return "number"
        return "text"

    @property
    def optional(self) -> bool:
        """Whether it may be left out, and nothing is put in its place."""
        return not self.param.required and self.param.default is None

    @property
    def chosen(self) -> str:
        """The value of the choice that :attr:`text` means, which may be written in other ways; the text where it is none."""
        meant = (c.value for c in self.choices if self.text in (c.value, c.iri, c.label))
        return next(meant, self.text)

    @property
    def near(self) -> tuple[str, ...]:
        """What may have been meant where nothing has the name that was given."""
        return self.error.suggestions if isinstance(self.error, NotFound) else ()


class Fields:
    """The fields of the questions of *archive*. What there is to choose is asked of the store, once a type."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._choices = lru_cache(maxsize=None)(self._found)

    def of(self, query: Query, given: Mapping[str, str], *, faulty: bool) -> list[Field]:
        """Give the fields of *query* with the texts *given*; where the answer was *faulty*, with what is wrong with each."""
        texts = {name: text for name, text in given.items() if text.strip()}
        known = {param.name for param in query.params}
        faults = (
            self._archive.faults(query.name, **{n: t for n, t in texts.items() if n in known})
            if faulty
            else {}
        )
        return [
            Field(
                param,
                texts.get(param.name) or param.default or "",
                self._offered(param),
                faults.get(param.name),
            )
            for param in query.params
        ]  # fmt: skip

    def offered(self, query: Query) -> set[str]:
        """Give the IRIs that the fields of *query* offer, whatever was given."""
        return {choice.iri for param in query.params for choice in self._offered(param)}

    def _offered(self, param: Param) -> tuple[Choice, ...]:
        return self._choices(param.type, param.name if param.type == "iri" else "")

    def _found(self, type: str, name: str) -> tuple[Choice, ...]:
        """Give what a parameter of *type*, or one of any IRI called *name*, may be; none where that is too much, or cannot be told."""
        if type == "boolean":
            return tuple(Choice(word, word, "") for word in ("true", "false"))
        pattern = self._pattern(type, name)
        if not pattern:
            return ()
        rows = select(
            self._archive.store,
            f"SELECT DISTINCT ?it WHERE {{ {pattern} FILTER(isIRI(?it)) }} LIMIT {LIST + 1}",
        )
        found = {str(row["it"]) for row in rows} - self._archive.veiled
        if len(found) > LIST:
            return ()
        choices = [Choice(self._word(iri, type), self._archive.label(IRI(iri)), iri) for iri in found]
        return tuple(sorted(choices, key=lambda choice: (natural(choice.label), choice.value)))

    def _pattern(self, type: str, name: str) -> str:
        if type == "measure":
            return f"?claim <{RDF}predicate> ?it . ?it a <{KG}Measure> ."
        if type in _KINDS:
            classes = " ".join(f"<{iri}>" for iri in CLASSES[_KINDS[type]])
            ours = f'FILTER(STRSTARTS(STR(?it), "{self._archive.base.id(type, "")}"))'
            return f"VALUES ?class {{ {classes} }} ?it a ?class . {ours}"
        return f"?claim <{_ROLES[name]}> ?it ." if name in _ROLES else ""

    def _word(self, iri: str, type: str) -> str:
        """Give the shortest way to write *iri* for a parameter of *type*."""
        if type == "measure":
            return wording.local(IRI(iri))
        named = self._archive.base.split(iri)
        return named[1] if named and type in TYPES else self._archive.base.compact(iri)
