"""Excerpts: rows of the tables and places of the gazetteer about single resources, read from a store without reading all of it.

They are made by the code that makes the whole files (:mod:`kg.tables`, :mod:`kg.gazetteer`), over a record that looks up
in the store what it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg import gazetteer, tables, wording
from kg.manifest import Manifest
from kg.names import KG, RDFS, SKOSXL
from kg.record import Record
from kg.store import Store
from kg.triples import Resource, Term


def claims(store: Store, resources: Iterable[Resource]) -> bytes:
    """Give the rows of *resources*, claims of *store*, as ``claims.csv`` of the whole has them. Raises NotAcceptable."""
    return tables.claims(_record(store), resources)


def place(store: Store, iri: str, manifest: Manifest) -> bytes:
    """Give the place *iri* of *store*, whose manifest is given, as ``places.geojson`` of the whole has it. Raises NotAcceptable."""
    node = ox.NamedNode(iri)
    points = store.match(node, ox.NamedNode(gazetteer.LATITUDE), None)
    return gazetteer.document(_record(store), [node], manifest, points)


def _record(store: Store) -> Record:
    looked = _Looked(store)
    return Record.over(looked, _Labels(looked), _Nouns(looked))


class _Looked:
    """The statements of *store*, each looked up when it is asked for, and once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._objects: dict[tuple[Term | None, str], list[Term]] = {}
        self._subjects: dict[tuple[str, Term], list[Resource]] = {}

    def all(self, subject: Term | None, predicate: str) -> list[Term]:
        """Give the objects of *subject* and *predicate*, none for a literal subject."""
        if not isinstance(subject, ox.NamedNode | ox.BlankNode):
            return []
        if (subject, predicate) not in self._objects:
            quads = self._store.match(subject, ox.NamedNode(predicate), None)
            self._objects[subject, predicate] = list(dict.fromkeys(quad.object for quad in quads))
        return self._objects[subject, predicate]

    def having(self, predicate: str, value: Term) -> list[Resource]:
        """Give the subjects whose *predicate* has *value*."""
        if (predicate, value) not in self._subjects:
            quads = self._store.match(None, ox.NamedNode(predicate), value)
            subjects = (quad.subject for quad in quads if not isinstance(quad.subject, ox.Triple))
            self._subjects[predicate, value] = list(dict.fromkeys(subjects))
        return self._subjects[predicate, value]

    def texts(self, iri: str, predicate: str) -> list[tuple[str, str]]:
        """Give the texts that *predicate* gives *iri*, each with the IRI."""
        terms = self.all(ox.NamedNode(iri), predicate)
        return [(iri, term.value) for term in terms if isinstance(term, ox.Literal)]


class _ByIri(Mapping[str, str]):
    """Texts by IRI, looked up; what cannot be listed has no length."""

    def __init__(self, looked: _Looked) -> None:
        self._looked = looked

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _Labels(_ByIri):
    def __getitem__(self, iri: str) -> str:
        own, forms = (self._looked.texts(iri, name) for name in (RDFS + "label", SKOSXL + "literalForm"))
        return wording.labels(own, forms)[iri]


class _Nouns(_ByIri):
    def __getitem__(self, iri: str) -> str:
        return dict(sorted(self._looked.texts(iri, KG + "noun"), reverse=True))[iri]
