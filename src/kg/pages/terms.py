"""Terms on pages: how statements, values and blank nodes are shown, with labels, languages and links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg import record, wording
from kg.documents.addresses import Addresses
from kg.documents.descriptions import Name, Term
from kg.names import RDF, XSD, Base

VALUES: Final = 100
"""How many values of one property a page shows; the data forms have all."""

_DEPTH: Final = 6
_FIRST, _REST, _NIL = RDF + "first", RDF + "rest", RDF + "nil"


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a page shows it.

    ``href`` is empty where there is nothing to link to, ``away`` tells that it leaves this server; ``note`` is the
    datatype or the form as written. A blank node has its own ``rows``, a list its ``items``.
    """

    text: str
    href: str = ""
    language: str = ""
    note: str = ""
    away: bool = False
    rows: tuple[Row, ...] = ()
    items: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A property with its values; ``more`` is the number of values that are not shown."""

    property: Shown
    values: tuple[Shown, ...]
    more: int = 0


def natural(text: str) -> list[tuple[int, str]]:
    """Give the key that puts "Photograph 4" before "Photograph 12"."""
    return record.natural(text.casefold())


class Terms:
    """Shows the terms of one page, with *names* for its IRIs."""

    def __init__(self, names: Mapping[str, Name], base: Base, addresses: Addresses) -> None:
        self._names = names
        self._base = base
        self._addresses = addresses

    def rows(
        self, node: str, triples: Iterable[ox.Triple], *, without: Iterable[str] = ()
    ) -> tuple[Row, ...]:
        """Give the statements about the IRI *node* as rows, leaving out the properties *without*."""
        statements: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            if not isinstance(triple.subject, ox.Triple):
                statements[_key(triple.subject)][triple.predicate.value].append(triple.object)
        return self._rows(f"<{node}>", statements, frozenset(), frozenset(without))

    def iri(self, iri: str) -> Shown:
        """Show an IRI by its name: linked to its document here, else to the web address that it is."""
        name = self._names.get(iri) or Name(self._base.compact(iri))
        if name.described:
            return Shown(name.text, self._addresses.of(iri), name.language, self._base.compact(iri))
        if iri.startswith(("http://", "https://")):
            return Shown(name.text, iri, name.language, iri, away=True)
        return Shown(name.text, "", name.language, iri)

    def term(self, term: Term) -> Shown:
        """Show any term that is no blank node by what it says alone."""
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if isinstance(term, ox.Literal):
            return self._literal(term)
        if isinstance(term, ox.BlankNode):
            return Shown("a resource without a name")
        parts = (self.term(part).text for part in (term.subject, term.predicate, term.object))
        return Shown("« " + " ".join(parts) + " »", note="a statement as a value")

    def _literal(self, literal: ox.Literal) -> Shown:
        datatype = literal.datatype.value
        if literal.language:
            return Shown(literal.value, language=literal.language, note=literal.language)
        if wording.is_edtf(datatype):
            return Shown(wording.date(literal.value), note=f"EDTF {literal.value}")
        if datatype == XSD + "anyURI" and literal.value.startswith(("http://", "https://")):
            return Shown(literal.value, literal.value, away=True)
        return Shown(literal.value, note="" if datatype in _PLAIN else self._base.compact(datatype))

    def _rows(
        self,
        key: str,
        statements: Mapping[str, Mapping[str, Sequence[Term]]],
        above: frozenset[str],
        without: frozenset[str] = frozenset(),
    ) -> tuple[Row, ...]:
        rows = []
        for predicate, objects in statements.get(key, {}).items():
            if predicate not in without:
                shown = sorted(
                    (self._value(term, statements, above | {key}) for term in objects),
                    key=lambda value: (natural(value.text), value.note),
                )
                rows.append(Row(self.iri(predicate), tuple(shown[:VALUES]), max(0, len(shown) - VALUES)))
        return tuple(sorted(rows, key=lambda row: (natural(row.property.text), row.property.note)))

    def _value(
        self, term: Term, statements: Mapping[str, Mapping[str, Sequence[Term]]], above: frozenset[str]
    ) -> Shown:
        if not isinstance(term, ox.BlankNode):
            return self.term(term)
        key = _key(term)
        if key in above or len(above) > _DEPTH:
            return Shown("a resource without a name, shown above or too deep here")
        if key not in statements:
            return self.term(term)
        members = _members(key, statements)
        if members is not None:
            items = tuple(self._value(member, statements, above | {key}) for member in members[:VALUES])
            left = len(members) - len(items)
            return Shown(
                f"list of {len(members)}", items=items, note=f"{left} more not shown" if left else ""
            )
        return Shown("", rows=self._rows(key, statements, above))


_PLAIN: Final = {XSD + name for name in ("string", "integer", "decimal", "boolean", "date")}


def _key(node: ox.NamedNode | ox.BlankNode) -> str:
    return str(node)


def _members(key: str, statements: Mapping[str, Mapping[str, Sequence[Term]]]) -> list[Term] | None:
    """Give the members of the RDF collection that starts at *key*, None where it is no well-formed one."""
    members: list[Term] = []
    seen: set[str] = set()
    while key != f"<{_NIL}>":
        node = statements.get(key, {})
        first, rest = node.get(_FIRST, ()), node.get(_REST, ())
        if (
            key in seen
            or len(first) != 1
            or len(rest) != 1
            or not isinstance(rest[0], ox.NamedNode | ox.BlankNode)
        ):
            return None
        seen.add(key)
        members.append(first[0])
        key = _key(rest[0])
    return members
