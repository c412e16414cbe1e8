"""Things as a store holds them, read into views: events, people, places, photographs, works, and any other resource."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, TypeVar

from kg.labels import Labels
from kg.names import CLASSES, Base
from kg.record import natural
from kg.rows import IRI, Value, value
from kg.store import Store, select
from kg.views import Event, Person, Photograph, Place, Thing, Work

_T = TypeVar("_T", bound=Thing)
_KINDS: Final = {Event: "events", Person: "people", Place: "places", Photograph: "photographs", Work: "works"}


class Things:
    """The resources of *store* on *base*, called by *labels*."""

    def __init__(self, store: Store, base: Base, labels: Labels) -> None:
        self._store = store
        self._base = base
        self._labels = labels

    def all(self, view: type[_T]) -> list[_T]:
        """Give all things of the kind that *view* shows, by label, photograph 2 before photograph 12."""
        kinds = " ".join(f"<{iri}>" for iri in CLASSES[_KINDS[view]])
        said: dict[str, list[tuple[str, Value]]] = defaultdict(list)
        for row in select(
            self._store,
            f"SELECT DISTINCT ?it ?p ?o WHERE {{ VALUES ?kind {{ {kinds} }} ?it a ?kind ; ?p ?o }}",
        ):
            said[str(row["it"])].append((str(row["p"]), row["o"]))
        things = [self._view(view, iri, pairs) for iri, pairs in said.items()]
        return sorted(things, key=lambda thing: (natural(thing.label), thing.iri))

    def one(self, iri: str) -> Thing:
        """Give the resource *iri*. Raises NotFound where the store does not hold it."""
        quads = self._store.about(iri)
        if not quads:
            raise self._labels.unknown(iri)
        return self._view(Thing, iri, ((quad.predicate.value, value(quad.object)) for quad in quads))

    def _view(self, view: type[_T], iri: str, pairs: Iterable[tuple[str, Value]]) -> _T:
        """Give *iri* as a *view* of *pairs*, the properties and values that are said of it."""
        found: dict[str, dict[Value, None]] = defaultdict(dict)
        for predicate, object in pairs:
            found[self._base.compact(predicate)][object] = None
        properties = {name: tuple(sorted(values, key=str)) for name, values in sorted(found.items())}
        label = self._labels.own(iri) or next(map(str, properties.get("rdfs:label", ())), "")
        types = tuple(IRI(str(kind)) for kind in properties.get("rdf:type", ()))
        return view(IRI(iri), label or self._labels.of(IRI(iri)), types, properties)
