"""Look-ups: what a person's word for an event, a measure, a speaker or a parameter stands for in a release.

A name that the release does not hold is an error with suggestions: no rows would hide it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg import sparql, wording
from kg.errors import NotFound
from kg.labels import Labels, held
from kg.names import KG, SCHEMA, TYPES, Base, is_iri
from kg.queries import Catalog, Query
from kg.store import Store, select

AGENTS = ("org", "person", "actor", "voice")
"""Types of resource that may speak."""


class Lookup:
    """Finds what names stand for in *store*, whose resources are on *base*."""

    def __init__(self, store: Store, base: Base, labels: Labels) -> None:
        self._store = store
        self._base = base
        self._labels = labels

    def known(self, name: str, kind: str) -> str:
        """Give the IRI that *name* (IRI, prefixed name or slug of type *kind*) stands for. Raises QueryError, NotFound."""
        iri = self._base.expand(name, kind=kind)
        if not self._store.about(iri):
            raise self._labels.unknown(iri)
        return iri

    def bands(self, event: str, related: bool) -> dict[str, str]:
        """Give the event and, with *related*, those wider and narrower, by IRI with the band of each."""
        iri = self.known(event, "event")
        bands = {iri: "same"}
        if related:
            part = f"<{SCHEMA}superEvent>+"
            rows = select(
                self._store,
                f'SELECT DISTINCT ?it ?band WHERE {{ {{ <{iri}> {part} ?it BIND ("wider" AS ?band) }} '
                f'UNION {{ ?it {part} <{iri}> BIND ("narrower" AS ?band) }} }} ORDER BY DESC(?band) ?it',
            )
            bands |= {str(row["it"]): str(row["band"]) for row in rows}
        return bands

    def measure(self, name: str) -> str:
        """Give the IRI of a measure (``deaths``). Raises NotFound, which names all there are."""
        iri = KG + name if name.isalnum() else self._base.expand(name)
        if not self._store.about(iri):
            known = select(self._store, f"SELECT DISTINCT ?it WHERE {{ ?it a <{KG}Measure> }} ORDER BY ?it")
            raise NotFound(
                f"there is no measure {name!r}",
                suggestions=tuple(wording.local(str(row["it"])) for row in known),
            )
        return iri

    def agent(self, name: str) -> str:
        """Give the IRI of a speaker; a slug may be of any of :data:`AGENTS`. Raises NotFound."""
        candidates = dict.fromkeys(self._base.expand(name, kind=kind) for kind in AGENTS)
        found = held(self._store, candidates)
        if not found:
            near = self._labels.near(name.rpartition(":")[2], AGENTS)
            raise NotFound(
                f"no speaker is called {name!r}",
                suggestions=near,
                remedy="" if near else "index.csv of the release lists what it holds",
            )
        return found[0]

    def require(self, query: Query, given: Mapping[str, object]) -> None:
        """Raise NotFound where a parameter of *query* names what the release does not hold."""
        for param in query.params:
            if param.name not in given:
                continue
            if param.type == "measure":
                self.measure(str(given[param.name]))
            elif param.type in TYPES:
                self.known(str(given[param.name]), param.type)

    def note(self, text: str, catalog: Catalog) -> str:
        """Tell, of a query *text* that found nothing, which property in it stands only in claims and who answers.

        Empty where there is none. Section 2 of the model: no plain triple ever uses a ``kg:claimOnly`` property.
        """
        named = dict.fromkeys(iri for iri in _iris(text) if is_iri(iri))
        if not named:
            return ""
        values = " ".join(f"<{iri}>" for iri in named)
        rows = select(
            self._store,
            f"SELECT DISTINCT ?it ?kind WHERE {{ VALUES ?it {{ {values} }} ?it <{KG}claimOnly> ?mark "
            "OPTIONAL { ?it a ?kind } }",
        )
        marked = {(str(row["it"]), str(row["kind"])) for row in rows}
        iri = next((iri for iri in named if any(iri == it for it, _ in marked)), None)
        if iri is None:
            return ""
        name = self._base.compact(iri)
        asking = (q.name for q in catalog.values() if any(p.type == "measure" for p in q.params))
        if (iri, KG + "Measure") in marked and (query := next(asking, None)):
            return f"{name} stands only in claims, never as a plain triple: kg query {query} answers"
        return f"{name} stands only in claims, never as a plain triple: ask for ?claim rdf:predicate {name}"


def _iris(text: str) -> Iterator[str]:
    """Give every IRI that the query *text* names, prefixed names in full."""
    prefixes: dict[str, str] = {}
    tokens = sparql.check(text)
    for index, token in enumerate(tokens):
        if token.kind == "iri":
            yield token.text[1:-1]
        elif token.kind == "pname":
            prefix, _, local = token.text.partition(":")
            if index and tokens[index - 1].text.upper() == "PREFIX" and index + 1 < len(tokens):
                prefixes[prefix] = tokens[index + 1].text[1:-1]
            elif prefix in prefixes:
                yield prefixes[prefix] + local
