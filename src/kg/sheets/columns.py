"""Columns, the fields that they make up, and sheets: what a row is, as data.

A *field* is one or several columns that together hold some statements about the resource of a row. It shows those
statements as cells, and makes statements of cells; a field that does not make again what the files say cannot be changed in a
sheet. What no field governs is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import Final, Protocol

import pyoxigraph as ox

from kg.sheets.entries import Entry, node
from kg.sheets.holdings import Holdings, Said
from kg.sheets.values import KEPT, SEPARATOR, SOURCE, Kind, Text

ID: Final = "id"
WAS: Final = "was"
"""The last column: a digest of the row as it was exported."""

Cells = Mapping[str, str]
"""The cells of a row by the name of the column; an empty one is an empty text."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column as documented: its name, the property it stands for, what a cell holds, an example."""

    name: str
    property: str
    about: str
    example: str
    values: str
    _: KW_ONLY
    required: bool = False
    many: bool = False


class Field(Protocol):
    """Columns that hold statements together."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in their order."""

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give the cells of *subject*, one a column."""

    def governs(self, said: Said) -> bool:
        """Tell whether *said* of the row's resource is the field's to write."""

    def make(self, entry: Entry, cells: Cells) -> list[Said]:
        """Give the statements that *cells* say; what is wrong with them is noted in *entry*."""


@dataclass(frozen=True)
class Single:
    """The field of one column that holds the values of one property."""

    name: str
    prefixed: str
    about: str
    example: str
    kind: Kind
    _: KW_ONLY
    required: bool = False
    many: bool = False
    default: str = ""

    @cached_property
    def predicate(self) -> ox.NamedNode:
        """The property."""
        return node(self.prefixed)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The column."""
        said = f"{self.kind.said}; empty: `{self.default}`" if self.default else self.kind.said
        return (
            Column(
                self.name,
                self.prefixed,
                self.about,
                self.example,
                said,
                required=self.required,
                many=self.many,
            ),
        )

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give the values, or :data:`KEPT` where a cell cannot hold them."""
        if not (found := holdings.values(subject, self.predicate)):
            return [""]
        terms = [term for term in found if self.kind.concerns(term)]
        shown = [self.kind.show(term) for term in terms]
        if len(shown) > 1 and not self.many:
            return [KEPT]
        texts = [text for text in shown if text is not None]
        if len(texts) < len(shown) or (self.many and any(SEPARATOR in text for text in texts)):
            return [KEPT]
        return [f" {SEPARATOR} ".join(texts)]

    def governs(self, said: Said) -> bool:
        """Tell whether it is a value of the property that concerns the column."""
        return said[0] == self.predicate and self.kind.concerns(said[1])

    def make(self, entry: Entry, cells: Cells) -> list[Said]:
        """Give one statement a value."""
        cell = cells[self.name] or self.default
        if not cell:
            if self.required:
                entry.fault(self.name, "the cell is empty, and the row needs it", f"write for example {self.example}")  # fmt: skip
            return []
        texts = split(cell) if self.many else [cell if isinstance(self.kind, Text) else cell.strip()]
        terms = (entry.read(self.name, self.kind, text) for text in texts)
        return [(self.predicate, term) for term in dict.fromkeys(terms) if term is not None]


def split(cell: str) -> list[str]:
    """Give the values of a cell that holds several."""
    return [text for each in cell.split(SEPARATOR) if (text := each.strip())]


@dataclass(frozen=True)
class Sheet:
    """One table: the resources of *classes*, whose identifiers have one of *types*, and the fields of a row.

    *file* says where a new resource is written, below the directory of the collection: ``{source}`` stands for the cell
    of that name, ``{scheme}`` for the first one; a file of the vocabulary begins with ``/``. *classes* by type are what a
    new resource is, where no field says it.
    """

    name: str
    about: str
    classes: tuple[str, ...]
    types: tuple[str, ...]
    fields: tuple[Field, ...]
    file: str
    becomes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """All columns between the first, ``id``, and the last, ``was``."""
        return tuple(column for each in self.fields for column in each.columns)

    @cached_property
    def header(self) -> tuple[str, ...]:
        """The names of all columns."""
        sourced = ("source",) if self.has_source else ()
        return (ID, *sourced, *(column.name for column in self.columns), WAS)

    @property
    def has_source(self) -> bool:
        """Whether a row says in which source's directory it stands."""
        return "{source}" in self.file

    @property
    def documented(self) -> tuple[Column, ...]:
        """The columns with ``id``, ``source`` and ``was``, as the documentation lists them."""
        either = " or ".join(f"`{each}:`" for each in self.types)
        own = f"slug, or {either} and a slug" if len(self.types) == 1 or self.name == "works" else f"{either} and a slug"  # fmt: skip
        example = f"{self.types[0]}:example" if len(self.types) > 1 else "example"
        return (
            Column(ID, "", "which resource the row is; it never changes", example, own, required=True),
            *((_SOURCE,) if self.has_source else ()),
            *self.columns,
            Column(
                WAS,
                "",
                "how the row was when it was exported; leave it as it is, empty in new rows",
                "",
                "digest",
            ),
        )

    @property
    def slug_type(self) -> str:
        """The type that an ``id`` without a prefix has, nothing where it needs one."""
        return self.types[0] if len(self.types) == 1 or self.name == "works" else ""

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give the cells of *subject* as :attr:`header` names them, without the last."""
        named = SOURCE.split(subject.value)
        own = named[1] if named and named[0] == self.slug_type else SOURCE.compact(subject.value)
        cells = [own]
        if self.has_source:
            home = holdings.home(subject)
            cells.append(source_of(home.graph) if home else "")
        for each in self.fields:
            cells += each.show(holdings, subject)
        return cells

    def subjects(self, holdings: Holdings) -> list[ox.NamedNode]:
        """Give the resources that the sheet has a row for, in the order of the files."""
        found = []
        for subject in holdings.members(self.classes):
            named = SOURCE.split(subject.value)
            if named and named[0] in self.types:
                found.append(subject)
        return found


_SOURCE: Final = Column(
    "source", "", "source in whose directory it stands, `data/<collection>/sources/<source>/`; `editorial` for what the project derives",
    "gazette-1", "slug", required=True,
)  # fmt: skip


def source_of(graph: str) -> str:
    """Give what the cell ``source`` holds for something of *graph*."""
    return graph.removeprefix("source/") if graph.startswith("source/") or graph == "editorial" else KEPT
