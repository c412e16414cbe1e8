"""The library's face: a release opened for reading, asked in the terms of the field.

An :class:`Archive` only reads. It asks its store by SPARQL, so that the same code works on the embedded store and on a
remote one. Every answer keeps to the model: claims are never averaged, each comes with its speaker.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg import sparql
from kg.archive.asked import Asked
from kg.archive.copies import Copies
from kg.archive.grounds import Grounds
from kg.archive.held import Held
from kg.archive.said import Said
from kg.errors import QueryError
from kg.names import TYPES

if TYPE_CHECKING:
    from kg.changes import Change
    from kg.diff import Difference, Side


class Archive(Said, Held, Asked, Grounds, Copies):
    """A release, or any other store of this model, to be read.

    ``base`` is the base IRI of its resources, ``manifest`` says what the release holds, ``catalog`` are its named
    queries, ``directory`` is where it lies, None for an endpoint. Made by :func:`kg.open`.
    """

    def cite(self, name: str = "", /, *, format: str = "text", **params: object) -> str:
        """Give a citation of a claim or any other resource, of the answer to a query, or without *name* of the whole collection.

        *name* is what :meth:`why` takes, the name of a query of the catalogue, with its *params*, or the text of a SPARQL query.
        *format* is ``text``, ``bibtex`` or ``csl`` (CSL-JSON). It has the permalink of the release; what is veiled is not given away.
        Raises NotFound, QueryError for a parameter that is not valid, NotAcceptable for another format.

        >>> print(g.cite("asbarez-c02-s2-01"))  # doctest: +ELLIPSIS
        Attest: “Violence in Azerbaijan, January 1990: at least 32 dead (whom: ... · not stated: where)” (record of a claim). Claimed by official Soviet media, as passed on by ...
        >>> print(g.cite("asbarez-c02-s2-01", format="bibtex"))  # doctest: +ELLIPSIS
        @misc{claim-asbarez-c02-s2-01-...,
          author = {{Attest}},
          title = {{Violence in Azerbaijan, January 1990: at least 32 dead (whom: people, without distinction · ...)}},
          type = {Record of a claim},
        ...
        """
        from kg.citing import Citations

        citations = Citations(self)
        if name in self.catalog:
            self.bound(name, **params)  # whether it can be asked
            given = {each: str(value) for each, value in params.items() if value is not None}
            return citations.question(self.catalog[name], given).write(format)
        if params:
            raise QueryError("only named queries take parameters", remedy="name a query of the catalogue")
        if "{" in name:
            sparql.check(name)
            return citations.sparql(name).write(format)
        iri = self._lookup.find(name, ("claim", *TYPES)) if name else self.base.dataset
        return citations.of(iri).write(format)

    def changes(self, name: str, *, since: Archive) -> Change:
        """Tell what has become of a resource since another release of the same collection, *since*, in words.

        *name* is what :meth:`why` takes. Raises NotFound where neither release says anything of it, QueryError for releases of
        different collections.

        >>> print(g.changes("asbarez-c02-s2-01", since=g).state)
        unchanged
        """
        from kg.changes import changes

        return changes(since, self, self._lookup.meaning(name, ("claim", *TYPES)))

    def diff(self, other: Archive) -> Difference:
        """Tell what changed from this release to *other*, another one of the same collection, in words.

        Resources are told of by kind; of what was taken back number, day and reason, of what is veiled that it changed. Raises QueryError for
        releases of different collections, StoreError for one that is damaged.

        >>> g.diff(g).same
        True
        """
        from kg.diff import difference

        return difference(_side(self), _side(other), stones=other.manifest.tombstones)


def _side(archive: Archive) -> Side:
    """Give *archive* as a side of a comparison; what an endpoint holds is read as a whole."""
    from kg.diff import Side, taken

    if archive.directory is not None:
        side = Side.release(archive.directory)
        return replace(side, manifest=replace(side.manifest, tombstones=archive.manifest.tombstones))
    inputs = taken(archive.manifest.inputs) or None
    return Side(called=str(archive.store), manifest=archive.manifest, quads=archive.quads(), inputs=inputs)
