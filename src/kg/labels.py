"""Labels: the names of resources as a release gives them, and the nearest ones to a name that is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cached_property

from kg import wording
from kg.errors import Gone, NotFound
from kg.manifest import Tombstone
from kg.names import RDFS, SKOSXL, TYPES, Base
from kg.rows import Value
from kg.store import Store, select


class Labels:
    """The labels of a store's resources, read once; none where *known* is false, since a foreign store may hold millions.

    *gone* gives the tombstone of an IRI that was taken back.
    """

    def __init__(
        self, store: Store, base: Base, gone: Callable[[str], Tombstone | None], *, known: bool = True
    ) -> None:
        self._store = store
        self._base = base
        self._gone = gone
        self._known = known

    def of(self, term: Value) -> str:
        """Give the label of an IRI, the form of a name record in quotation marks, else the last part of the IRI.

        A value that is no IRI is given as text.
        """
        return wording.called(term, self._all)

    def own(self, iri: str) -> str | None:
        """Give the label that the store holds for *iri*, None where it holds none."""
        return self._all.get(iri)

    def near(self, slug: str, kinds: Iterable[str]) -> tuple[str, ...]:
        """Give up to three prefixed names of resources of *kinds* whose slug is nearest to *slug*."""
        known = {
            named[1]: self._base.compact(iri)
            for kind in kinds
            for iri in self._starting(self._base.id(kind, ""))
            if (named := self._base.split(iri))
        }
        return tuple(known[match] for match in get_close_matches(slug, known, n=3, cutoff=0.5))

    def unknown(self, iri: str) -> NotFound:
        """Give the error for an IRI that the store does not hold: that it was taken back, or what may be meant.

        Those of another kind with the same slug come first, then the nearest slugs.
        """
        if (stone := self._gone(iri)) is not None:
            day = f" on {stone.date}" if stone.date else ""
            return Gone(
                f"{self._base.compact(iri)} was taken back{day}: {stone.reason}",
                reason=stone.reason,
                date=stone.date,
            )
        near: tuple[str, ...] = ()
        if named := self._base.split(iri):
            same = held(self._store, (self._base.id(kind, named[1]) for kind in TYPES))
            near = tuple(map(self._base.compact, same))
            near = near or self.near(named[1], (named[0],))
        return NotFound(
            f"{self._base.compact(iri)} is not in this release",
            suggestions=near,
            remedy="" if near else "index.csv of the release lists what it holds",
        )

    def _starting(self, head: str) -> list[str]:
        rows = select(
            self._store,
            f'SELECT DISTINCT ?it WHERE {{ ?it a ?kind FILTER(STRSTARTS(STR(?it), "{head}")) }} ORDER BY ?it',
        )
        return [str(row["it"]) for row in rows]

    @cached_property
    def _all(self) -> dict[str, str]:
        if not self._known:
            return {}
        rows = select(
            self._store,
            f"SELECT DISTINCT ?it ?label ?form WHERE {{ {{ ?it <{RDFS}label> ?label }} UNION {{ ?it <{SKOSXL}literalForm> ?form }} }}",
        )
        return wording.labels(
            ((str(row["it"]), str(row["label"])) for row in rows if row["label"] is not None),
            ((str(row["it"]), str(row["form"])) for row in rows if row["form"] is not None),
        )


def held(store: Store, iris: Iterable[str]) -> list[str]:
    """Give those of *iris* of which *store* says anything, in their order. Each is an IRI."""
    asked = list(iris)
    values = " ".join(f"<{iri}>" for iri in asked)
    rows = select(store, f"SELECT DISTINCT ?it WHERE {{ VALUES ?it {{ {values} }} ?it ?p ?o }}")
    found = {str(row["it"]) for row in rows}
    return [iri for iri in asked if iri in found]
