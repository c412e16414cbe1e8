"""Cells and terms: how a value stands in a cell, and what to say of a cell that holds none.

A *kind* of value shows a term as the text of a cell, or None where it cannot, and reads such a text back; the two undo
each other. Dates are ISO 8601 days, or EDTF where the model has EDTF; no other style is taken, because a spreadsheet
writes one day in many ways and nobody can tell 3/4/1990 from 4/3/1990.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Protocol, TypeGuard

import pyoxigraph as ox

from kg import edtf
from kg.errors import QueryError
from kg.names import EDTF_TYPE, KG, SLUG, XSD, Base, is_iri
from kg.positions.statements import Term
from kg.sheets.days import day_fault

SOURCE: Final = Base()
"""The base that files and sheets are written with."""
SEPARATOR: Final = "|"
"""What stands between the values of a cell that may hold several, with a space on both sides."""
KEPT: Final = "(in the file)"
"""What a cell shows where the file says something that no cell can hold; it is kept as it is."""

_DIGITS: Final = 18
"""The longest number that every store keeps."""
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]*")
_HOST: Final = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?")
_DURATION: Final = re.compile(
    r"P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?", re.ASCII
)


class Unread(Exception):
    """A cell holds no value of its column: a sentence, and a remedy that says what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


class Names(Protocol):
    """What the reader of a cell has to know of the collection."""

    def own(self, iri: str) -> str:
        """Give *iri* on the base that files are written with."""

    def fault(self, iri: str, written: str, types: Sequence[str], scheme: str) -> Unread | None:
        """Give what is wrong with naming *iri*, written so, in a column of *types* and *scheme*; None where nothing is."""

    def near(self, written: str, words: Sequence[str]) -> str:
        """Give that of *words* which is most like *written*, nothing where none is."""


class Kind(Protocol):
    """A kind of value."""

    @property
    def said(self) -> str:
        """What a cell of the kind holds, for the documentation."""

    def concerns(self, term: Term) -> bool:
        """Tell whether *term*, a value of the property, belongs to the column at all."""

    def show(self, term: Term) -> str | None:
        """Give *term* as the text of a cell, None where no text reads as it."""

    def read(self, text: str, names: Names) -> Term:
        """Give the term that *text*, which is not empty, stands for. Raises Unread where it stands for none."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in one language; the cell has it letter by letter."""

    language: str
    said: str = "text"

    def concerns(self, term: Term) -> bool:
        """Tell whether *term* is a text in this language."""
        return isinstance(term, ox.Literal) and term.language == self.language

    def show(self, term: Term) -> str | None:
        """Give the text."""
        return _exact(term.value) if isinstance(term, ox.Literal) and self.concerns(term) else None

    def read(self, text: str, names: Names) -> Term:
        """Give the text with its language."""
        return ox.Literal(text, language=self.language)


@dataclass(frozen=True, slots=True)
class _Any:
    """What kinds share that concern every value of their property."""

    def concerns(self, term: Term) -> bool:
        """Tell that any value of the property belongs to the column."""
        return True


@dataclass(frozen=True, slots=True)
class String(_Any):
    """A text without a language, as printed."""

    said: str = "text"

    def show(self, term: Term) -> str | None:
        """Give the text."""
        return _exact(term.value) if _typed(term, XSD + "string") else None

    def read(self, text: str, names: Names) -> Term:
        """Give the text."""
        return ox.Literal(text)


@dataclass(frozen=True, slots=True)
class Whole(_Any):
    """A whole number that is not negative."""

    said: str = "whole number"

    def show(self, term: Term) -> str | None:
        """Give the number where it is written plainly."""
        return term.value if _typed(term, XSD + "integer") and _WHOLE.fullmatch(term.value) else None

    def read(self, text: str, names: Names) -> Term:
        """Give the number. Raises Unread where it has separators, a fraction or words."""
        if _WHOLE.fullmatch(text) and not text.startswith("-") and len(text) <= _DIGITS:
            return ox.Literal(text, datatype=ox.NamedNode(XSD + "integer"))
        bare = re.sub(r"(?<=[0-9])[ \u00a0\u202f'.,](?=[0-9]{3}\b)", "", text)
        bare = re.sub(r"[.,]0+$", "", bare)
        plain = bare.isascii() and bare.isdigit() and len(bare) <= _DIGITS
        meant = f"write {int(bare)}" if plain else "write for example 32"
        raise Unread(f"{text!r} is not a whole number in plain digits", meant)


@dataclass(frozen=True, slots=True)
class Day(_Any):
    """A day of the calendar."""

    said: str = "day, as `1990-01-16`"

    def show(self, term: Term) -> str | None:
        """Give the day in ISO 8601."""
        return term.value if _typed(term, XSD + "date") and _is_day(term.value) else None

    def read(self, text: str, names: Names) -> Term:
        """Give the day. Raises Unread, with the ISO date that may be meant, where it is written otherwise."""
        if not _is_day(text):
            raise Unread(*day_fault(text))
        return day(text)


@dataclass(frozen=True, slots=True)
class Edtf(_Any):
    """A date, interval or set of dates in EDTF."""

    said: str = "date in EDTF, as `1990-01-13/1990-01-19`"

    def show(self, term: Term) -> str | None:
        """Give the date."""
        return _exact(term.value) if _typed(term, EDTF_TYPE) and term.value == term.value.strip() else None

    def read(self, text: str, names: Names) -> Term:
        """Give the date. Raises Unread where it is none."""
        try:
            edtf.bounds(text)
        except ValueError:
            raise Unread(*day_fault(text)) from None
        return ox.Literal(text, datatype=ox.NamedNode(EDTF_TYPE))


@dataclass(frozen=True, slots=True)
class Duration(_Any):
    """A length of time (XML Schema 1.1)."""

    said: str = "length of time, as `P7D`"

    def show(self, term: Term) -> str | None:
        """Give the duration."""
        return term.value if _typed(term, XSD + "duration") and _DURATION.fullmatch(term.value) else None

    def read(self, text: str, names: Names) -> Term:
        """Give the duration. Raises Unread where it is none."""
        if not _DURATION.fullmatch(text):
            raise Unread(f"{text!r} is not a length of time", "write P7D for seven days, P2M for two months")
        return ox.Literal(text, datatype=ox.NamedNode(XSD + "duration"))


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words, each a term of one vocabulary; *only* leaves other values of the property alone."""

    words: tuple[str, ...]
    namespace: str = KG
    only: bool = False

    @property
    def said(self) -> str:
        """The words."""
        return " / ".join(f"`{word}`" for word in self.words)

    def concerns(self, term: Term) -> bool:
        """Tell whether *term* is one of the words, or any value counts."""
        return not self.only or self.show(term) is not None

    def show(self, term: Term) -> str | None:
        """Give the word."""
        word = term.value.removeprefix(self.namespace) if isinstance(term, ox.NamedNode) else ""
        return word if word in self.words and term == ox.NamedNode(self.namespace + word) else None

    def read(self, text: str, names: Names) -> Term:
        """Give the term of the word. Raises Unread, with the nearest word, where it is none of them."""
        if text in self.words:
            return ox.NamedNode(self.namespace + text)
        near = names.near(text, self.words)
        every = ", ".join(self.words)
        raise Unread(
            f"{text!r} is none of the words of this column",
            f"write {near}, if that is meant; the words are {every}" if near else f"write one of {every}",
        )


@dataclass(frozen=True, slots=True)
class Reference(_Any):
    """Another resource: a prefixed name, a slug where there is one *type* only, or an IRI.

    *types* are those that it may have (none: any), *scheme* the slug of the scheme that a concept must be in;
    *foreign* takes the IRI of something that is not ours.
    """

    types: tuple[str, ...] = ()
    scheme: str = ""
    foreign: bool = False

    @property
    def said(self) -> str:
        """What may be named."""
        what = " or ".join(f"`{each}:`" for each in self.types) or "a resource"
        of = f" of `concept:{self.scheme}`" if self.scheme else ""
        return f"{what}{of}{', or an address' if self.foreign else ''}"

    @property
    def type(self) -> str:
        """The type of which a slug is one, nothing where there are several."""
        return self.types[0] if len(self.types) == 1 else ""

    def show(self, term: Term) -> str | None:
        """Give the slug where the type is settled, else the prefixed name, else the IRI."""
        return _named(term.value, self.type) if isinstance(term, ox.NamedNode) else None

    def read(self, text: str, names: Names) -> Term:
        """Give what is named. Raises Unread where that is no name, of another type, or described nowhere."""
        try:
            iri = expand(text, self.types, names)
        except Unread:
            if self.foreign and _HOST.fullmatch(text):
                raise Unread(
                    f"{text!r} is neither an address nor a name of a resource",
                    f"write an address in full: https://{text}",
                ) from None
            raise
        if fault := names.fault(iri, text, self.types, self.scheme):
            if SOURCE.split(iri) is None and self.foreign and iri.startswith(("http://", "https://")):
                return ox.NamedNode(iri)
            raise fault
        return ox.NamedNode(iri)


@dataclass(frozen=True, slots=True)
class Address(_Any):
    """An address on the web, or the IRI of a statement of rights."""

    said: str = "address, as `https://…`"

    def show(self, term: Term) -> str | None:
        """Give the IRI in full."""
        return term.value if isinstance(term, ox.NamedNode) and _is_address(term.value) else None

    def read(self, text: str, names: Names) -> Term:
        """Give the IRI. Raises Unread where it is no address."""
        if not _is_address(text):
            raise Unread(f"{text!r} is no address", "write it in full, with http:// or https://")
        return ox.NamedNode(text)


def expand(text: str, types: Sequence[str], names: Names) -> str:
    """Give the IRI, on the base of files, that *text* means: a slug of the only one of *types*, a prefixed name or an IRI.

    Raises Unread where it means none.
    """
    try:
        return names.own(_expanded(text, types[0] if len(types) == 1 else ""))
    except QueryError:
        known = names.fault("", text, types, "")
        remedy = known.remedy if known else "write its name"
        raise Unread(f"{text!r} is no name of a resource", remedy) from None


@lru_cache(maxsize=1 << 16)  # the same speakers, places and passages stand in many rows
def _named(iri: str, type: str) -> str | None:
    """Give the slug of *iri* where it is of *type*, else its name."""
    named = SOURCE.split(iri)
    return named[1] if type and named and named[0] == type and SLUG.fullmatch(named[1]) else name(iri)


@lru_cache(maxsize=1 << 16)
def _expanded(text: str, type: str) -> str:
    return SOURCE.expand(text, kind=type)


def name(iri: str) -> str | None:
    """Give the prefixed name of *iri*, else the IRI; None where a list of names could not hold it, or it would mean another."""
    short = SOURCE.compact(iri)
    if short != iri:
        return short
    if SEPARATOR in iri or not is_iri(iri):
        return None
    return iri if SOURCE.expand(iri) == iri else None


def whole(number: int) -> ox.Literal:
    """Give *number* as xsd:integer."""
    return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))


def day(text: str) -> ox.Literal:
    """Give the ISO date *text* as xsd:date."""
    return ox.Literal(text, datatype=ox.NamedNode(XSD + "date"))


def _typed(term: Term, datatype: str) -> TypeGuard[ox.Literal]:
    return isinstance(term, ox.Literal) and term.language is None and term.datatype.value == datatype


def _exact(text: str) -> str | None:
    """Give *text* where a cell can hold it and nothing else would be meant by it."""
    return None if not text or text == KEPT or "\0" in text else text


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and SEPARATOR not in text and is_iri(text)
