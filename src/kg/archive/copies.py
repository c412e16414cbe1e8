"""An archive as a whole: its quads, files, and a Dataset of rdflib."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import pyoxigraph as ox

from kg import formats
from kg.archive.opened import Opened
from kg.formats import JSON_LD, Format
from kg.manifest import QUADS, sound
from kg.names import Base
from kg.store import EmbeddedStore

if TYPE_CHECKING:
    from rdflib import Dataset


_CONTEXT: Final = "context.jsonld"


class Copies(Opened):
    """What is taken whole."""

    def quads(self) -> Iterable[ox.Quad]:
        """Give every quad of the release, literals in the form in which they were written, or of the endpoint, in its form.

        >>> len({quad.graph_name.value.rpartition("/graph/")[2] for quad in g.quads()})
        26
        """
        if self.directory is None:
            return self._store.quads()
        return ox.parse(path=str(self._lying(self.directory, QUADS)), format=ox.RdfFormat.N_QUADS)

    def _lying(self, directory: Path, name: str) -> Path:
        """Give the file *name* of the release in *directory*. Raises StoreError where it is not what the manifest lists."""
        listed = self.manifest.file(name)
        return sound(directory, listed) if listed else directory / name

    def export(self, format: Format | str, out: BinaryIO, *, base: Base | None = None) -> int:
        """Write the whole dataset to *out*, complete and sorted; give the number of statements written.

        *format* is one of :data:`kg.formats.EXPORTS`, or its suffix: ``nt``, ``nq``, ``ttl``, ``trig``, ``jsonld``, ``rdf``.
        N-Triples, Turtle and RDF/XML hold the union of the graphs. With *base* our own IRIs are written on that base.
        Raises NotAcceptable for a format that is not written, and for one that cannot hold a statement. Memory does not grow with
        the release, whose statements are read in their order; temporary files (``TMPDIR``) may take the room of the document.

        >>> import io
        >>> out = io.BytesIO()
        >>> g.export("nt", out) == out.getvalue().count(b"\\n")
        True
        """
        from kg import exports, serialisation  # only who takes a copy needs them

        format = formats.offered(format)
        target = base or self.base
        held = self._store.quads() if self.directory is None else None  # an endpoint is read once

        def quads() -> Iterable[ox.Quad]:
            return exports.moved(self.quads() if held is None else held, self.base, target)

        terms = self._context(target, quads) if format is JSON_LD else None
        if self.directory is not None and target == self.base:
            source = serialisation.Sorted(self._lying(self.directory, QUADS))
            return serialisation.write(source, format, out, prefixes=target.prefixes(), context=terms)
        return serialisation.write(quads(), format, out, prefixes=target.prefixes(), context=terms)

    def _context(self, base: Base, quads: Callable[[], Iterable[ox.Quad]]) -> dict[str, Any]:
        """Give the JSON-LD context on *base*: that of the release, where it has one on that base, else that of *quads*."""
        from kg import context  # as above

        if self.directory is not None and base == self.base and self.manifest.file(_CONTEXT):
            written: dict[str, Any] = json.loads(self._lying(self.directory, _CONTEXT).read_bytes())
            return written
        return context.context(quads(), base)

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
