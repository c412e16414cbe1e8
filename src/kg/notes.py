"""Notes: what a query that found nothing has overlooked, where the release can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from kg import sparql, wording
from kg.labels import Labels, held
from kg.misspelling import meant
from kg.names import KG, Base, is_iri
from kg.queries import Catalog
from kg.store import Store, select


class Note(str):
    """A sentence about a query; where a question answers in its place, ``query`` names that and ``values`` are for its parameters."""

    __slots__ = ("query", "values")
    query: str
    values: Mapping[str, str]

    def __new__(cls, sentence: str = "", query: str = "", values: Mapping[str, str] | None = None) -> Note:
        """Give *sentence* as a note."""
        note = super().__new__(cls, sentence)
        note.query = query
        note.values = dict(values or {})
        return note


class Notes:
    """Tells of queries to *store*, whose resources are on *base* and whose questions are in *catalog*."""

    def __init__(self, store: Store, base: Base, labels: Labels, catalog: Catalog) -> None:
        self._store = store
        self._base = base
        self._labels = labels
        self._catalog = catalog

    def on(self, text: str) -> Note:
        """Tell of the query *text*, which found nothing, which name in it is unknown, or stands only in claims; else nothing."""
        named = list(dict.fromkeys(iri for iri in _iris(text) if is_iri(iri)))
        unknown = self._unknown(named)
        return Note(unknown) if unknown else self._claim_only(named)

    def _unknown(self, named: list[str]) -> str:
        """Tell which of *named* is an IRI of ours or a ``kg:`` term that the release does not hold, with what may be meant."""
        ours = [iri for iri in named if self._base.split(iri) or (iri.startswith(KG) and self._terms)]
        known = {*held(self._store, ours), *self._terms}
        for iri in ours:
            if iri in known:
                continue
            if iri.startswith(KG):
                near = [
                    f"kg:{name}" for name in meant(wording.local(iri), map(wording.local, self._terms), 3)
                ]
            else:
                near = list(self._labels.unknown(iri).suggestions)
            perhaps = f"; did you mean {', '.join(near)}?" if near else ""
            return f"{self._base.compact(iri)} is not in this release{perhaps}"
        return ""

    @cached_property
    def _terms(self) -> list[str]:
        """The terms of our own vocabulary; none in a store that holds no vocabulary."""
        rows = select(
            self._store,
            f'SELECT DISTINCT ?it WHERE {{ ?it a ?kind FILTER(STRSTARTS(STR(?it), "{KG}")) }} ORDER BY ?it',
        )
        return [str(row["it"]) for row in rows]

    def _claim_only(self, named: list[str]) -> Note:
        """Tell which property stands only in claims and who answers.

        Section 2 of the model: no plain triple ever uses a ``kg:claimOnly`` property.
        """
        if not named:
            return Note()
        values = " ".join(f"<{iri}>" for iri in named)
        rows = select(
            self._store,
            f"SELECT DISTINCT ?it ?kind WHERE {{ VALUES ?it {{ {values} }} ?it <{KG}claimOnly> ?mark "
            "OPTIONAL { ?it a ?kind } }",
        )
        marked = {(str(row["it"]), str(row["kind"])) for row in rows}
        iri = next((iri for iri in named if any(iri == it for it, _ in marked)), None)
        if iri is None:
            return Note()
        name = self._base.compact(iri)
        asking = ((q.name, p.name) for q in self._catalog.values() for p in q.params if p.type == "measure")
        if (iri, KG + "Measure") in marked and (found := next(asking, None)):
            query, param = found
            return Note(
                f"{name} stands only in claims, never as a plain triple: kg query {query} answers",
                query,
                {param: wording.local(iri)},
            )
        return Note(
            f"{name} stands only in claims, never as a plain triple: ask for ?claim rdf:predicate {name}"
        )


def _iris(text: str) -> Iterator[str]:
    """Give every IRI that the query *text* names, prefixed names in full, those that it declares as prefixes left out."""
    prefixes: dict[str, str] = {}
    tokens = iter(sparql.check(text))
    for token in tokens:
        if token.text.upper() == "PREFIX":
            name, iri = next(tokens), next(tokens)
            prefixes[name.text.removesuffix(":")] = iri.text[1:-1]
        elif token.text.upper() == "BASE":
            next(tokens)
        elif token.kind == "iri":
            yield token.text[1:-1]
        elif token.kind == "pname":
            prefix, _, local = token.text.partition(":")
            if prefix in prefixes:
                yield prefixes[prefix] + local
