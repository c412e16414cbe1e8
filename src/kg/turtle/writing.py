"""Terms as Turtle 1.1 (W3C, 2014) writes them, with the prefixes that are in force, and those that would help."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.errors import EditError
from kg.names import RDF, XSD
from kg.positions.statements import Term
from kg.turtle.layout import Layout
from kg.turtle.syntax import TYPE

_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
# Literals that Turtle has without quotes, by their datatype.
_BARE: Final = {
    XSD + "integer": re.compile("[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    XSD + "boolean": re.compile("true|false"),
}


Pair: TypeAlias = tuple[ox.NamedNode, Term]


class Writer:
    """Writes terms at one place of a document.

    *prefixes* are those in force there, *offered* are declared where they are needed, unless they are *taken*: declared
    somewhere in the document. *labels* are those of the blank nodes that the document names. ``declared`` are the prefixes
    that what was written needs besides those in force.
    """

    def __init__(
        self,
        prefixes: Mapping[str, str],
        offered: Mapping[str, str],
        taken: Collection[str],
        labels: Collection[str],
    ) -> None:
        self.declared: dict[str, str] = {}
        self._labels = labels
        pairs = [(namespace, prefix, False) for prefix, namespace in prefixes.items()]
        pairs += [(namespace, prefix, True) for prefix, namespace in offered.items() if prefix not in taken]
        # The longest namespace first; of two equal ones that which is in force.
        self._namespaces = sorted(pairs, key=lambda pair: (-len(pair[0]), pair[2]))

    def verb(self, predicate: ox.NamedNode) -> str:
        """Give *predicate* as a verb."""
        return "a" if predicate == TYPE else self.term(predicate)

    def term(self, term: Term) -> str:
        """Give *term*; raises EditError for one that no document of Turtle 1.1 can name."""
        if isinstance(term, ox.NamedNode):
            return self._iri(term.value)
        if isinstance(term, ox.Literal):
            return self._literal(term)
        if isinstance(term, ox.BlankNode) and term.value in self._labels:
            return str(term)
        raise EditError(
            f"{term} has no name in this document",
            remedy="give the resource an IRI, or keep the brackets that it is written in",
        )

    def _iri(self, iri: str) -> str:
        for namespace, prefix, new in self._namespaces:
            if iri.startswith(namespace) and _PLAIN.fullmatch(iri, len(namespace)):
                if new:
                    self.declared[prefix] = namespace
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    def _literal(self, literal: ox.Literal) -> str:
        datatype = literal.datatype.value
        bare = _BARE.get(datatype)
        if bare and bare.fullmatch(literal.value):
            return literal.value
        if datatype in (XSD + "string", RDF + "langString"):
            return str(literal)
        if datatype == RDF + "dirLangString":
            raise EditError(
                f"{literal} has a direction, which Turtle 1.1 cannot write", remedy="leave the direction out"
            )
        return f"{ox.Literal(literal.value)}^^{self._iri(datatype)}"


def written(subject: ox.NamedNode, pairs: Iterable[Pair], writer: Writer, layout: Layout) -> str:
    """Give the block that says *pairs* of *subject*: its type first, then a line for each predicate."""
    objects: dict[ox.NamedNode, list[str]] = {}
    for predicate, object in sorted(pairs, key=lambda pair: pair[0] != TYPE):
        objects.setdefault(predicate, []).append(writer.term(object))
    comma = layout.mark(",") + " "
    lines = [f"{writer.verb(predicate)} {comma.join(some)}" for predicate, some in objects.items()]
    between = f"{layout.mark(';')}{layout.line_end}{layout.indent}"
    return f"{writer.term(subject)} {between.join(lines)}{layout.mark('.')}"
