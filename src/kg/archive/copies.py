"""An archive as a whole: its quads, files, and a Dataset of rdflib."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

import pyoxigraph as ox

from kg import formats
from kg.archive.opened import Opened
from kg.formats import JSON_LD, Format
from kg.manifest import QUADS
from kg.names import Base
from kg.store import EmbeddedStore

if TYPE_CHECKING:
    from rdflib import Dataset


class Copies(Opened):
    """What is taken whole."""

    def quads(self) -> Iterable[ox.Quad]:
        """Give every quad of the release, literals in the form in which they were written, or of the endpoint, in its form.

        >>> len({quad.graph_name.value.rpartition("/graph/")[2] for quad in g.quads()})
        26
        """
        if self.directory is None:
            return self._store.quads()
        return ox.parse(path=str(self.directory / QUADS), format=ox.RdfFormat.N_QUADS)

    def export(self, format: Format | str, out: BinaryIO, *, base: Base | None = None) -> int:
        """Write the whole dataset to *out*, complete and sorted; give the number of statements written.

        *format* is one of :data:`kg.formats.EXPORTS`, or its suffix: ``nt``, ``nq``, ``ttl``, ``trig``, ``jsonld``, ``rdf``.
        N-Triples, Turtle and RDF/XML hold the union of the graphs. With *base* our own IRIs are written on that base.
        Raises NotAcceptable for a format that is not written, and for one that cannot hold a statement.

        >>> import io
        >>> out = io.BytesIO()
        >>> g.export("nt", out) == out.getvalue().count(b"\\n")
        True
        """
        from kg import context, exports, serialisation  # only who takes a copy needs them

        format = formats.offered(format)
        target = base or self.base
        quads = list(exports.moved(self.quads(), self.base, target))
        terms = context.context(quads, target) if format is JSON_LD else None
        return serialisation.write(quads, format, out, prefixes=target.prefixes(), context=terms)

    def files(self, format: Format | str, *, base: Base | None = None) -> dict[str, bytes]:
        """Give the tables (``csv``) or the places (``geojson``) as files by name, none where the release has none.

        With *base* our own IRIs are written on that base. Raises NotAcceptable for another format, and where the
        data do not fit it.

        >>> sorted(g.files("csv"))[:4]
        ['claims.csv', 'csv-metadata.json', 'events.csv', 'passages.csv']
        """
        from kg import exports  # as above

        format = formats.offered(format)
        target = base or self.base
        quads = exports.moved(self.quads(), self.base, target)
        return exports.derived(quads, format, self.manifest.moved(target))

    def rdflib(self) -> Dataset:
        """Give a read-only rdflib Dataset of the release: its default graph is the union, unless the release was built
        with ``--default-graph strict``; any change raises StoreError.

        An endpoint is read once, as a whole, and the Dataset is a copy of what it held: rdflib asks for one pattern after the
        other, thousands in a query, and knows blank nodes by labels, which mean nothing to an endpoint.

        >>> from rdflib import RDF, URIRef
        >>> len(set(g.rdflib().subjects(RDF.type, URIRef("https://schema.org/Photograph"))))
        18
        """
        from kg.interop import dataset

        store = self._store
        if not isinstance(store, EmbeddedStore):
            store = EmbeddedStore.of(store.quads(), default_graph=store.default_graph)
        return dataset(store, self.base)
