"""Columns and tables as data: what a cell shows, how it is worked out from the record, and how it must look."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.names import CLASSES
from kg.record import Record, parsed, text
from kg.triples import Resource, Term

Show: TypeAlias = Callable[[Record, Term], str]
Make: TypeAlias = Callable[[Record, Resource], list[str]]

EDTF: Final = "EDTF"
"""The datatype of dates in EDTF, for which CSVW has no name."""

_FORMS: Final = {
    "anyURI": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*"),
    "boolean": re.compile("true|false"),
    "date": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    "duration": re.compile(
        r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?", re.ASCII
    ),
    "integer": re.compile("[+-]?[0-9]+"),
}
"""What a value of each datatype looks like (XML Schema 1.1 part 2); any text is one of the others."""


class Unfit(Exception):
    """The record says something that a cell cannot hold; the text goes on from "<resource> has"."""


def plain(_record: Record, term: Term) -> str:
    """Show an IRI in full, a literal as its text."""
    if not isinstance(term, ox.NamedNode | ox.Literal):
        raise Unfit(f"{term}, which has no name outside the dataset,")
    return text(term)


def label(record: Record, term: Term) -> str:
    """Show what an IRI is called, a literal as its text."""
    return record.label(term)


def language(_record: Record, term: Term) -> str:
    """Show the language of a text, ``und`` where it has none (BCP 47)."""
    return (isinstance(term, ox.Literal) and term.language) or "und"


def datatype(record: Record, term: Term) -> str:
    """Show the datatype of a literal, ``@`` and the language of a text that has one, nothing for an IRI."""
    if not isinstance(term, ox.Literal):
        return ""
    return f"@{term.language}" if term.language else term.datatype.value


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    ``path`` leads from the resource of the row to what the cell ``shows``, as :meth:`kg.record.Record.follow` has
    it; ``make`` gives the values where following a path is not enough. ``many`` says that a cell may hold several,
    ``required`` that no cell is empty. ``namespace`` is what the local names shown belong to. ``refers`` names the
    table whose rows the IRIs are, ``only`` says that nothing else is shown.
    """

    name: str
    path: str
    about: str
    datatype: str = "string"
    _: KW_ONLY
    shows: Show = plain
    make: Make | None = None
    many: bool = False
    required: bool = False
    namespace: str = ""
    refers: str = ""
    only: bool = False

    def values(self, record: Record, resource: Resource) -> list[str]:
        """Give the values of the cell in the row of *resource*. Raises Unfit where a cell cannot hold them."""
        found = self.make(record, resource) if self.make else self._found(record, resource)
        if self.namespace:
            found = [self._local(iri) for iri in found]
        if len(found) > 1 and not self.many:
            raise Unfit(
                f"{len(found)} values for {self.name} ({', '.join(found)}), where there is room for one"
            )
        if self.required and not any(found):
            raise Unfit(f"no {self.name}")
        for each in found:
            if not fits(each, self.datatype):
                raise Unfit(f"{each!r} as its {self.name}, and that is no {self.datatype}")
        return found

    def _found(self, record: Record, resource: Resource) -> list[str]:
        terms = record.follow(resource, self.path)
        if self.only:
            terms = [term for term in terms if record.is_a(term, *CLASSES[self.refers])]
        return [self.shows(record, term) for term in terms]

    def _local(self, iri: str) -> str:
        name = iri.removeprefix(self.namespace)
        if name == iri or not re.fullmatch(r"\w+", name):
            raise Unfit(f"{iri} as its {self.name}, and that is no term of {self.namespace}")
        return name

    @property
    def property(self) -> str:
        """The IRI of the property whose values for the row's resource the cell holds, empty where it is none."""
        ways = parsed(self.path) if self.path and self.shows is plain else ()
        direct = len(ways) == 1 and len(ways[0]) == 1 and not ways[0][0].inverse
        return ways[0][0].property if direct else ""


def fits(value: str, datatype: str) -> bool:
    """Tell whether *value* is one of the *datatype*."""
    form = _FORMS.get(datatype)
    if form is None:
        return True
    if not form.fullmatch(value):
        return False
    try:
        return datatype != "date" or bool(date.fromisoformat(value))
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, which is that of its kind in :data:`kg.names.CLASSES`, and its columns.

    Rows stand in the order of the columns that ``order`` names, then of their IRIs.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.name}.csv"


def links(name: str, path: str, about: str, refers: str = "", *, only: bool = False) -> Column:
    """Give a column of IRIs, several in a cell."""
    return Column(name, path, about, "anyURI", many=True, refers=refers, only=only)


def labelled(column: Column, labels: str = "") -> tuple[Column, Column]:
    """Give *column*, of IRIs, and one of what they are called, in the same order.

    The second is called *labels*, by default the first with ``_label``, and an s where there may be several.
    """
    name = labels or f"{column.name}_label{'s' if column.many else ''}"
    about = f"what {'each of ' * column.many}`{column.name}` is called{', in the same order' * column.many}"
    return column, replace(column, name=name, about=about, shows=label, datatype="string")
