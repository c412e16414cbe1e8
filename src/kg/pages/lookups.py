"""Look-ups: what a page has to know beside the statements about its own resource, read from the indexes of the store.

Each costs what it finds, and finds at most so many: what is left out is told of, with a link that leads to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, Generic, TypeVar
from urllib.parse import quote

import pyoxigraph as ox

from kg import record
from kg.archive import Archive
from kg.documents.addresses import Addresses
from kg.documents.contents import CLAIMS, Contents
from kg.documents.descriptions import Descriptions, Term
from kg.names import RDF
from kg.pages.terms import Shown, Terms
from kg.views import Claim

LISTED: Final = 100
"""How many things a list on a page has at most, unless it says another number."""
COUNTED: Final = 1_000
"""Up to how many are counted; of more it is only said that there are more."""

_OBJECT: Final = "rdf:object"
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_T = TypeVar("_T")
_U = TypeVar("_U")


@dataclass(frozen=True, slots=True)
class Listed(Generic[_T]):
    """The first of several things; ``left`` is how many more there are, at least so many where ``open``, and ``href`` leads to all."""

    items: tuple[_T, ...] = ()
    left: int = 0
    open: bool = False
    href: str = ""

    def __bool__(self) -> bool:
        return bool(self.items)

    def map(self, change: Callable[[_T], _U]) -> Listed[_U]:
        """Give the same with each thing changed."""
        return self.having(map(change, self.items))

    def having(self, items: Iterable[_U]) -> Listed[_U]:
        """Give the same with other *items*."""
        return Listed(tuple(items), self.left, self.open, self.href)


class Lookups:
    """What the release says beside *contents*, by the prefixed names of properties.

    *as_of* limits claims to those said by that day, *words* are those of passages, by IRI, where whoever runs the server shows them.
    """

    def __init__(
        self,
        archive: Archive,
        descriptions: Descriptions,
        addresses: Addresses,
        contents: Contents,
        as_of: date | None = None,
        words: Mapping[str, str] = NOTHING,
    ) -> None:
        self.archive = archive
        self.descriptions = descriptions
        self.addresses = addresses
        self.contents = contents
        self.iri = contents.iri
        self.as_of = as_of
        self.words = words
        self.cut: list[Listed[str]] = []
        """Claims that name the resource and that its page has no room for."""
        self._store = archive.store

    # ------------------------------------------------------------------ terms

    def all(self, iri: str, name: str) -> list[Term]:
        """Give the values of the property *name* (``kg:dateline``) of *iri*, each once, sorted."""
        quads = self._store.match(ox.NamedNode(iri), self._property(name), None, limit=COUNTED)
        return sorted({quad.object for quad in quads}, key=str)

    def iris(self, iri: str, name: str) -> list[str]:
        """Give those values that are IRIs."""
        return [term.value for term in self.all(iri, name) if isinstance(term, ox.NamedNode)]

    def text(self, iri: str, name: str) -> str:
        """Give the first value as text, nothing where there is none."""
        return next((record.text(term) for term in self.all(iri, name)), "")

    def number(self, iri: str, name: str) -> int:
        """Give the first value that is a number, 0 where there is none."""
        return next((int(text) for term in self.all(iri, name) if (text := record.text(term)).isdecimal()), 0)

    def having(self, name: str, iri: str, limit: int = LISTED) -> Listed[str]:
        """Give the IRIs whose property *name* has the value *iri*, sorted; more than *limit* are told of."""
        quads = self._store.match(None, self._property(name), ox.NamedNode(iri), limit=COUNTED + 1)
        found = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})
        left = max(0, len(found) - limit)
        return Listed(
            tuple(found[:limit]), left, len(quads) > COUNTED, self._asked(name, iri) if left else ""
        )

    def wider(self, event: str) -> Listed[str]:
        """Give the events that *event* is part of."""
        return Listed(tuple(self.iris(event, "schema:superEvent")))

    def narrower(self, event: str) -> Listed[str]:
        """Give the events that are part of *event*."""
        return self.having("schema:superEvent", event)

    def says(self, subject: str, predicate: str, object: Term) -> bool:
        """Tell whether the release states it plainly."""
        node = ox.NamedNode(subject), ox.NamedNode(predicate)
        return not isinstance(object, ox.BlankNode) and bool(self._store.match(*node, object, limit=1))

    def graph(self, iri: str, name: str) -> str:
        """Give the graph in which a property of *iri* stands, by its title or its IRI."""
        quads = self._store.match(ox.NamedNode(iri), self._property(name), None, limit=1)
        named = {graph.iri: graph.title or graph.iri for graph in self.archive.manifest.graphs}
        return next((named.get(getattr(quad.graph_name, "value", ""), "") for quad in quads), "")

    def _property(self, name: str) -> ox.NamedNode:
        return ox.NamedNode(self.archive.base.expand(name))

    # ------------------------------------------------------------------ shown

    def shown(self, iri: str) -> Shown:
        """Show *iri* by its name, with its link."""
        return self.terms([iri]).iri(iri)

    def showing(self, iris: Iterable[str]) -> tuple[Shown, ...]:
        """Show each of *iris* by its name, with its link."""
        found = list(iris)
        return tuple(map(self.terms(found).iri, found))

    def terms(self, iris: Iterable[str]) -> Terms:
        """Give what shows terms, knowing the names of *iris*."""
        return Terms(self.descriptions.names(iris), self.archive.base, self.addresses)

    def values(self, iri: str, name: str) -> tuple[Shown, ...]:
        """Show the values of a property of *iri*."""
        found = self.all(iri, name)
        terms = self.terms(term.value for term in found if isinstance(term, ox.NamedNode))
        return tuple(map(terms.term, found))

    # ------------------------------------------------------------------ claims

    def own(self) -> list[Claim]:
        """Give the claims about the resource itself; none where they are too many for a page."""
        return self.archive.recorded(claim.value for claim in self.contents.claims)

    def claims(self, name: str, iri: str, limit: int = LISTED) -> Listed[Claim]:
        """Give the recorded claims whose property *name* (``rdf:object``, ``kg:claimant``) has the value *iri*."""
        found = self.having(name, iri, min(limit, CLAIMS))
        if found.left and name == _OBJECT:
            self.cut.append(found)
        claims = self.archive.recorded(found.items)
        return Listed(tuple(claims), found.left, found.open, found.href)

    def types(self, iri: str) -> frozenset[str]:
        """Give the classes of *iri*."""
        return frozenset(
            quad.object.value
            for quad in self._store.match(ox.NamedNode(iri), ox.NamedNode(RDF + "type"), None)
            if isinstance(quad.object, ox.NamedNode)
        )

    # ------------------------------------------------------------------ questions

    def question(self, query: str, **params: str) -> str:
        """Give the address of the named *query* with *params*, nothing where the catalogue has none that takes them."""
        named = self.archive.catalog.get(query)
        if named is None or not set(params) <= {param.name for param in named.params}:
            return ""
        given = "&".join(f"{name}={quote(value, safe=':')}" for name, value in params.items())
        return f"{self.addresses.prefix}/queries/{query}" + (f"?{given}" if given else "")

    def sparql(self, query: str) -> str:
        """Give the address that asks *query* of the endpoint."""
        return f"{self.addresses.prefix}/sparql?query={quote(query, safe='')}"

    def _asked(self, name: str, iri: str) -> str:
        property = self._property(name).value
        return self.sparql(f"SELECT DISTINCT ?it WHERE {{ ?it <{property}> <{iri}> }} ORDER BY ?it")
