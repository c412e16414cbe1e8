"""Doubt: what statements that could not be read may say.

Whoever mends a broken statement writes about what it names: a triple that is missing here has its subject, its property
and its object, where that is no literal, among the names that stand in the text. A finding is certain where it would be
found whatever such triples say. The published layer widens that, since it says of a claim's subject what the claim says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.names import KG, RDF, SCHEMA, SKOSXL, Base

_PREFIX: Final = re.compile(r"@?prefix\s+([^\s<:]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_SIGNS: Final = r"[\"'<>()\[\]{}|^`\\;,]"
_BETWEEN: Final = re.compile(rf"(?:\s|{_SIGNS})+")
_ESCAPED: Final = re.compile(_SIGNS)
_HIDES: Final = re.compile(r"withheld|redacts|redaction", re.IGNORECASE)
_RECORDS: Final = tuple(SKOSXL + name for name in ("prefLabel", "altLabel", "hiddenLabel"))
_BOUNDS: Final = tuple(
    KG + name for name in ("edtf", "earliestStart", "latestStart", "earliestEnd", "latestEnd")
)
_DAYS: Final = (SCHEMA + "startDate", SCHEMA + "endDate")
_RELAYED: Final = frozenset({KG + "relay", KG + "relayedBy"})


@dataclass(frozen=True)
class Doubt:
    """The names, as IRIs, that stand in what could not be read; false where all was read.

    ``local`` are words that may be the last part of a name; with ``everything`` no name is certain.
    """

    names: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()
    everything: bool = False

    @classmethod
    def of(cls, text: str, document: str, base: Base) -> Doubt:
        """Give what the broken statement *text* may say, with the prefixes of its whole *document*; IRIs are on *base*.

        A sign may stand inside a name by mistake, so that words are taken with the signs between them and without.
        What may hide something puts all in doubt, since what is hidden is not checked.
        """
        if _HIDES.search(text):
            return cls(everything=True)
        known = Base().prefixes() | dict(_PREFIX.findall(document))
        names = {RDF + "type", RDF + "first", RDF + "rest"}
        local = set()
        for word in {*_BETWEEN.split(text), *_ESCAPED.sub("", text).split()}:
            for written in {word, word.rstrip(".")} - {""}:
                prefix, colon, name = written.partition(":")
                names |= {written, known.get(prefix, "") + name} if colon else set()
                if not colon or prefix not in known:
                    local.add(re.split(r"[/#:]", written)[-1])
        return cls(frozenset(map(base.rebase, names)), frozenset(local - {""}))

    def __or__(self, other: Doubt) -> Doubt:
        return Doubt(self.names | other.names, self.local | other.local, self.everything or other.everything)

    def __bool__(self) -> bool:
        return bool(self.names or self.local or self.everything)

    def about(self, term: str) -> bool:
        """Tell whether something may be missing that is said of *term*: an IRI, with or without ``<>``, or a blank node."""
        iri = term.removeprefix("<").removesuffix(">")
        if not self or self.everything or iri.startswith("_:"):
            return bool(self)
        return iri in self.names or (bool(self.local) and re.split(r"[/#:]", iri)[-1] in self.local)

    def widened(self, quads: Iterable[ox.Quad]) -> Doubt:
        """Give the doubt with what the build derives from *quads* and might derive otherwise.

        That is what claims in doubt are about and say, and whatever has a name record in doubt.
        """
        if not self or self.everything:
            return self
        names = set(self.names)
        if KG + "date" in names:
            names |= {*_BOUNDS, *_DAYS}
        for quad in quads:
            predicate = quad.predicate.value
            if predicate in _SAID:
                if self.about(_text(quad.subject)):
                    names.add(_text(quad.object))
                    names |= {*_BOUNDS, *_DAYS} if _text(quad.object) == KG + "date" else set()
            elif predicate in _RECORDS and self.about(_text(quad.object)):
                names.add(_text(quad.subject))
        return Doubt(frozenset(names), self.local)

    def may_match(
        self, subject: str | None, predicate: str | None, object: str | None, literal: bool
    ) -> bool:
        """Tell whether a missing triple may be one of the pattern; None stands for any term, *literal* for any literal."""
        if not self or self.everything:
            return bool(self)
        if subject is not None and "/id/relay/" in subject:
            return True
        said = predicate is None or predicate in _RELAYED or self.about(predicate)
        if subject is not None:
            return self.about(subject) or (predicate in _RELAYED)
        return said and (object is None or literal or self.about(object))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The types of resource of which there are names."""
        return frozenset(m[1] for name in self.names if (m := re.search(r"/id/([a-z]+)/", name)))


_SAID: Final = frozenset(RDF + name for name in ("subject", "predicate", "object"))


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)
