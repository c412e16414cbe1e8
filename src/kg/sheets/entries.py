"""Entries: what comes of a row, and the register of names that all rows of an import share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import count

import pyoxigraph as ox

from kg.names import KG, SLUG
from kg.positions.statements import Term
from kg.sheets.holdings import TYPE, Holdings, Said
from kg.sheets.naming import Collection, Trusting
from kg.sheets.values import SOURCE, Kind, Unread, expand


@cache
def node(name: str) -> ox.NamedNode:
    """Give the node that the prefixed *name* stands for."""
    return ox.NamedNode(SOURCE.expand(name))


def types(names: Sequence[str]) -> list[Said]:
    """Give the statements that something is of the classes *names*."""
    return [(TYPE, node(name)) for name in names]


class Register:
    """What rows may share and must not take twice: IRIs, citations by what they say, links of relay."""

    def __init__(self, holdings: Holdings, added: Iterable[str] = ()) -> None:
        self._holdings = holdings
        self._taken = set(added)
        self._next: dict[tuple[str, str], int] = {}

    @cached_property
    def cited(self) -> dict[frozenset[Said], ox.NamedNode]:
        """The citations by what they say of work, locator, reading and level."""
        found: dict[frozenset[Said], ox.NamedNode] = {}
        for citation in self._holdings.members((KG + "Citation",)):
            said = frozenset(each.said for each in self._holdings.said(citation) if each.said[0] != TYPE)
            found.setdefault(said, citation)
        return found

    @cached_property
    def relays(self) -> dict[tuple[Term, Term], list[ox.NamedNode]]:
        """The links of relay by agent and position."""
        found: dict[tuple[Term, Term], list[ox.NamedNode]] = defaultdict(list)
        for relay in self._holdings.members((KG + "Relay",)):
            for agent in self._holdings.values(relay, node("kg:agent")):
                for position in self._holdings.values(relay, node("kg:position")):
                    found[agent, position].append(relay)
        return found

    def is_free(self, iri: str) -> bool:
        """Tell whether neither a file nor a row has *iri*."""
        return iri not in self._taken and ox.NamedNode(iri) not in self._holdings

    def take(self, iri: str) -> None:
        """Mark *iri* as in use."""
        self._taken.add(iri)

    def coin(self, type: str, slug: str) -> ox.NamedNode:
        """Give a free name of *type*: *slug*, else with 2, 3 and so on after it; it is free no more."""
        for number in count(self._next.get((type, slug), 1)):
            iri = SOURCE.id(type, slug if number == 1 else f"{slug}-{number}")
            if self.is_free(iri):
                self._next[type, slug] = number
                self.take(iri)
                return ox.NamedNode(iri)
        raise AssertionError("numbers do not end")


@dataclass(slots=True)
class Entry:
    """What comes of one row: statements about *others* that its resource needs, and *faults* (column, sentence, remedy).

    *source* is the cell of that name; *new* says that no file has the resource.
    """

    subject: ox.NamedNode
    holdings: Holdings
    names: Collection
    register: Register
    source: str = ""
    new: bool = False
    others: dict[ox.NamedNode, list[Said]] = field(default_factory=dict)
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    def trial(self) -> Entry:
        """Give an entry of the same resource in which every name is taken to be one, to see what cells would make."""
        return Entry(self.subject, self.holdings, Trusting(self.holdings), self.register)

    def fault(self, column: str, message: str, remedy: str) -> None:
        """Note that a cell cannot be used."""
        self.faults.append((column, message, remedy))

    def read(self, column: str, kind: Kind, text: str) -> Term | None:
        """Give the term that *text* stands for, None (and a fault) where it stands for none."""
        try:
            return kind.read(text, self.names)
        except Unread as unread:
            self.fault(column, unread.message, unread.remedy)
            return None

    def name(self, column: str, type: str, text: str) -> ox.NamedNode | None:
        """Give the resource of *type* that *text* names, there or not; None (and a fault) where it can be none."""
        try:
            iri = expand(text, (type,), self.names)
        except Unread as unread:
            self.fault(column, unread.message, f"write {type}: and small Latin letters, digits and hyphens")
            return None
        named = SOURCE.split(iri)
        if named and named[0] == type and SLUG.fullmatch(named[1]):
            return ox.NamedNode(iri)
        self.fault(column, f"{text!r} is no name of a {type}", f"write {type}: and small Latin letters, digits and hyphens")  # fmt: skip
        return None
