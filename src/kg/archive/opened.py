"""What is open of a release or an endpoint: its store, what reads it, and the names of what it holds."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from kg.chronology import Chronology
from kg.claims import Claims
from kg.comparison import COMPARED, Comparing
from kg.finder import Finder
from kg.labels import Labels
from kg.listing import NAME as LISTS
from kg.listing import Lists
from kg.locations import Locations
from kg.lookup import Lookup
from kg.manifest import Manifest, sound
from kg.names import Base
from kg.notes import Notes
from kg.queries import Catalog
from kg.rows import IRI, Value
from kg.store import Store
from kg.things import Things


class Opened:
    """What an archive has open, and what names it gives."""

    def __init__(
        self,
        store: Store,
        manifest: Manifest,
        catalog: Catalog,
        directory: Path | None = None,
        *,
        described: bool = True,
    ) -> None:
        """Read *store*; where it is not *described* (an endpoint with data of any kind) its labels are not read at once."""
        self._store = store
        self.manifest = manifest
        self.catalog = catalog
        self.directory = directory
        self.base = Base(manifest.base)
        self._labels = Labels(store, self.base, manifest.tombstone, known=described)
        self._claims = Claims(store, self._labels)
        self._lookup = Lookup(store, self.base, self._labels)
        self._notes = Notes(store, self.base, self._labels, catalog)
        self._things = Things(store, self.base, self._labels)
        self._finder = Finder(store, manifest, directory)
        self._comparing = Comparing(store, self._labels.of, self._noun, self._claims.matching)
        self._locations = Locations(store, self._labels, manifest)
        self._chronology = Chronology(store, self._claims, self._things, self._labels, lambda: self.lists)

    def _noun(self, iri: str) -> str:
        return (self.base.split(iri) or COMPARED)[0]

    @property
    def veiled(self) -> frozenset[str]:
        """The IRIs that the collection asks outputs to hide until somebody asks for them (``kg:visibility kg:veiled``).

        >>> print(g.claim("asbarez-c09-s3-01"))
        1990-01-17: veiled (Associated Press → Asbarez)
        """
        return self._claims.veiled

    def label(self, term: Value) -> str:
        """Give the label of an IRI, the form of a name record in quotation marks, else the last part of the IRI.

        >>> g.label(g.claim("asbarez-p2-s2-01").object)
        '“massacres”'
        """
        return self._labels.of(term)

    def labelled(self, iri: IRI) -> str | None:
        """Give the label of *iri* where it has one of its own."""
        return self._labels.own(iri)

    @property
    def store(self) -> Store:
        """The store that is asked, for what needs its quads as they are (:class:`kg.store.Store`).

        >>> len(g.store) == g.manifest.counts["quads"]
        True
        """
        return self._store

    def close(self) -> None:
        """Close the files of lists and names that are open; whoever asks again opens them anew.

        >>> g.close()
        >>> g.lists is not None
        True
        """
        lists = self.__dict__.pop("_lists", None)
        if lists is not None:
            lists.close()
        self._finder.close()

    def __repr__(self) -> str:
        where = f"release {self.manifest.id}" if self.manifest.id else f"at {self._store}"
        return f"<kg.Archive {self.manifest.title!r}, {where}>"

    @property
    def lists(self) -> Lists | None:
        """The lists written with the release, each with what it can be filtered by; None for an endpoint, and where it was built without.

        Raises StoreError where they are damaged.

        >>> shown = g.lists.find("photographs").select({"shows": ["baku"]})
        >>> shown.total, [row.label for row in shown.page()][0]
        (3, 'Photograph 4: old woman boarding a ferry in Baku')
        """
        return self._lists

    @cached_property
    def _lists(self) -> Lists | None:
        listed = self.manifest.file(LISTS)
        if listed is None or self.directory is None:
            return None
        return Lists(sound(self.directory, listed), self.base)
