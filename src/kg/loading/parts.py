"""Parts: what each file gave, and where in the file it stands.

Places are looked for only when a finding needs them: the file is then read a second time by
:mod:`kg.positions`. In RDF/XML and JSON-LD there are none, and a finding names the file only.
"""

from __future__ import annotations

import codecs
from array import array
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias, TypeVar, cast

import pyoxigraph as ox

from kg import positions
from kg.inventory import Inventory
from kg.loading.doubt import Doubt
from kg.loading.recovery import Recovered
from kg.names import Base
from kg.positions import Position
from kg.project import DataFile
from kg.validation import Finding, Severity

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Kept = TypeVar("Kept")
NOWHERE: Final = Position(0, 0)


@dataclass
class Part:
    """The quads of one file (graph assigned, configured base, blank nodes relabelled) and its places.

    ``labels`` gives for a blank node of these quads the one that the parser made; ``named`` the graphs that
    the file names itself; ``doubt`` what its broken statements may say; ``composed`` is True where all its
    terms are surely in the normal form NFC, ``capitals`` where a language tag as the file has it, and as it will be written, may have some.
    ``text`` holds the bytes without what is broken, where something is.
    """

    file: DataFile
    name: str
    base: Base
    quads: list[ox.Quad] = field(default_factory=list)
    labels: Mapping[ox.BlankNode, ox.BlankNode] = field(default_factory=dict)
    named: tuple[ox.NamedNode | ox.BlankNode, ...] = ()
    doubt: Doubt = field(default_factory=Doubt)
    composed: bool = False
    capitals: bool = True
    text: bytes | None = None
    _kept: dict[str, tuple[object, object]] = field(default_factory=dict, repr=False)

    @property
    def data(self) -> bytes:
        """The bytes of the file, without a byte order mark and what is broken; none where it is gone by now."""
        if self.text is not None:
            return self.text
        try:
            return self.file.path.read_bytes().removeprefix(codecs.BOM_UTF8)
        except OSError:
            return b""

    @cached_property
    def _places(self) -> positions.Places:
        return positions.Places(self.data, self.file.format)

    @cached_property
    def subjects(self) -> dict[Term, list[ox.Quad]]:
        """The quads by their subject."""
        subjects: dict[Term, list[ox.Quad]] = {}
        for quad in self.quads:
            subjects.setdefault(quad.subject, []).append(quad)
        return subjects

    @cached_property
    def groups(self) -> Mapping[str, list[ox.Quad]]:
        """The quads by their property."""
        groups: defaultdict[str, list[ox.Quad]] = defaultdict(list)
        for quad in self.quads:
            groups[quad.predicate.value].append(quad)
        return dict(groups)

    @cached_property
    def inventory(self) -> Inventory:
        """What stands in the quads."""
        return Inventory.of(self.quads)

    @cached_property
    def marks(self) -> array[int]:
        """A number for each quad, in their order, which is the same where the triple is."""
        return array("q", [hash(quad.triple) for quad in self.quads])

    def kept(self, name: str, key: object, made: Callable[[], Kept]) -> Kept:
        """Give what *made* gives for *name*, made once for each *key*: the part itself does not change."""
        if name not in self._kept or self._kept[name][0] != key:
            self._kept[name] = (key, made())
        return cast("Kept", self._kept[name][1])

    def blank_places(self) -> list[Position]:
        """Give where blank nodes stand, each once."""
        return self._places.blank_nodes()

    def place(
        self,
        subject: Term,
        predicate: Term | None = None,
        object: Term | None = None,
    ) -> Position:
        """Give the place of the statement, else of the property, else of the subject; NOWHERE where none is known."""
        for written in (self._written, lambda term: term):
            terms = [None if term is None else written(term) for term in (subject, predicate, object)]
            if found := self._places.find(*terms):  # type: ignore[arg-type]
                return found
        return NOWHERE

    def first(self, term: Term) -> Position:
        """Give the first place of *term* in the file."""
        return self._places.first(self._written(term)) or self._places.first(term) or NOWHERE  # type: ignore[arg-type]

    def _written(self, term: Term) -> Term:
        """Give *term* as the file has it: on the source base, with the parser's label."""
        if isinstance(term, ox.NamedNode):
            return ox.NamedNode(self.base.unbase(term.value))
        return self.labels.get(term, term) if isinstance(term, ox.BlankNode) else term

    def finding(
        self,
        severity: Severity,
        message: str,
        rule: str,
        remedy: str = "",
        *,
        at: Position = NOWHERE,
        about: ox.Quad | None = None,
    ) -> Finding:
        """Make a finding about this file, *about* a quad where there is one, at its place or *at* another."""
        if about is not None and at == NOWHERE:
            at = self.place(about.subject, about.predicate, about.object)
        return Finding(
            severity,
            message,
            rule,
            remedy,
            focus=str(about.subject) if about else "",
            path=str(about.predicate) if about else "",
            value=str(about.object) if about else "",
            file=self.name,
            line=at.line,
            column=at.column,
        )


def arrange(file: DataFile, name: str, base: Base, recovered: Recovered, ordinal: int) -> Part:
    """Make the part of one file from what was read of it.

    Quads of the default graph go to the file's graph. Blank nodes are numbered in the order of the file,
    under its *ordinal*, so that labels of several files never meet and are the same at every build. (RDFC-1.0,
    which pyoxigraph has, would not depend on that order; but it takes exponential time, 4 s for 8 nodes.)
    """
    document = recovered.document
    part = Part(
        file,
        name,
        base,
        doubt=recovered.doubt,
        composed=document.composed,
        capitals=document.capitals,
    )
    if recovered.doubt:
        part.text = recovered.text
    if document.placed or (file.graph is None and base == Base() and not document.blank):  # as it stands
        part.quads = document.quads
        return part
    renaming = Renaming(file, base, ordinal)
    part.quads = [renaming.of(quad) for quad in document.quads]
    part.labels = {new: old for old, new in renaming.labels.items()}
    part.named = tuple(renaming.named)
    return part


class Renaming:
    """How the quads of *file* become those of the project: in its graph, on *base*, with blank nodes of the file's *ordinal*.

    ``labels`` are the new blank nodes by those of the parser, ``named`` the graphs that the file names itself.
    """

    def __init__(self, file: DataFile, base: Base, ordinal: int) -> None:
        self.labels: dict[ox.BlankNode, ox.BlankNode] = {}
        self.named: dict[ox.NamedNode | ox.BlankNode, None] = {}
        self._base = base
        self._moved = base != Base()
        self._home = ox.NamedNode(file.graph) if file.graph else ox.DefaultGraph()
        self._ordinal = ordinal

    @property
    def idle(self) -> bool:
        """Whether quads without blank nodes stay as they are."""
        return not self._moved and isinstance(self._home, ox.DefaultGraph)

    def of(self, quad: ox.Quad) -> ox.Quad:
        """Give what becomes of *quad*."""
        subject, predicate, object, graph = quad
        if isinstance(graph, ox.DefaultGraph):
            graph = self._home
        else:
            self.named[graph] = None
            graph = self._node(graph)
        return ox.Quad(self._node(subject), self._node(predicate), self._node(object), graph)

    def _node(self, term: Any) -> Any:
        if isinstance(term, ox.BlankNode):
            return self.labels.setdefault(term, ox.BlankNode(f"f{self._ordinal}b{len(self.labels) + 1}"))
        if self._moved and isinstance(term, ox.NamedNode):
            return ox.NamedNode(self._base.rebase(term.value))
        return term
