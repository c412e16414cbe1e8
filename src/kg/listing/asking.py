"""The same as a question: the SPARQL query whose answer is a filtered list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox

from kg.listing.facets import DATED, NO, NONE, YES, Facet
from kg.listing.kinds import KINDS
from kg.listing.selection import Selection, Value
from kg.names import RDF, VOCABULARIES, Base

_KINDS: Final = {kind.name: kind for kind in KINDS}
_STARTS: Final = {4: "^[0-9]{4}", 7: "^[0-9]{4}-[0-9]{2}", 10: "^[0-9]{4}-[0-9]{2}-[0-9]{2}"}


def sparql(selection: Selection) -> str:
    """Give the query that finds the members of *selection*, by IRI."""
    listing = selection.listing
    base = listing.lists.base
    facets = {facet.name: facet for facet in listing.facets}
    lines = list(_members(listing.name, listing.of_class, base))
    for name, values in selection.chosen.items():
        lines.append(_filter(selection, facets[name], values))
    if selection.until:
        path = facets[DATED].path
        lines.append(f'?it {path} ?until . FILTER(STR(?until) <= "{selection.until}")')
    body = "\n  ".join(["FILTER(isIRI(?it))", *lines])
    query = f"SELECT DISTINCT ?it\nWHERE {{\n  {body}\n}}\nORDER BY ?it\n"
    used = [f"PREFIX {prefix}: <{iri}>" for prefix, iri in VOCABULARIES.items() if f"{prefix}:" in query]
    return "\n".join([*used, query])


def _members(name: str, of_class: bool, base: Base) -> Iterable[str]:
    if of_class:
        yield f"?it a <{name}> ."
        return
    kind = _KINDS[name]
    if kind.classes:
        yield f"VALUES ?class {{ {_iris(kind.classes)} }} ?it a ?class ."
    if kind.having:
        yield f"?it {kind.having} ?having ."
    if kind.lacking:
        yield f"FILTER NOT EXISTS {{ ?it {kind.lacking} ?lacking }}"


def _filter(selection: Selection, facet: Facet, values: Sequence[Value]) -> str:
    """Give the pattern that holds where one of *values* does."""
    said = f"?it {facet.path} ?x" if facet.path else "BIND (?it AS ?x)"
    parts = [said, *_conditions(facet)]
    any_of = " . ".join(parts)
    if facet.present:
        ways = {YES: f"FILTER EXISTS {{ {any_of} }}", NO: f"FILTER NOT EXISTS {{ {any_of} }}"}
        return _either([ways[value.name] for value in values])
    ways_of = []
    iris = [iri for value in values if value.iri for iri in _meant(selection, facet, value)]
    if iris:
        # what lies in a value has to be of the kind too; a value itself is
        what = any_of if facet.wide else said
        ways_of.append(f"FILTER EXISTS {{ VALUES ?x {{ {_iris(iris)} }} {what} }}")
    texts = [str(ox.Literal(value.label)) for value in values if not value.iri and value.name != NONE]
    if texts:
        text = f"SUBSTR(STR(?x), 1, {facet.cut})" if facet.cut else "STR(?x)"
        ways_of.append(f"FILTER EXISTS {{ {any_of} . FILTER(isLiteral(?x) && {text} IN ({', '.join(texts)})) }}")  # fmt: skip
    if any(value.name == NONE for value in values):
        if not facet.path:
            places = _all_inside(selection, facet)
            ways_of.append(f"FILTER(?it NOT IN ({', '.join(f'<{iri}>' for iri in places)}))")
        else:
            ways_of.append(f"FILTER NOT EXISTS {{ {any_of} . FILTER(isIRI(?x) || isLiteral(?x)) }}")
    return _either(ways_of)


def _conditions(facet: Facet) -> Iterable[str]:
    if facet.kinds:
        yield f"VALUES ?kind {{ {_iris(facet.kinds)} }} ?x <{RDF}type> ?kind"
    if facet.only:
        yield f"FILTER(?x IN ({', '.join(f'<{iri}>' for iri in facet.only)}))"
    if facet.without:
        yield f"FILTER(?x NOT IN ({', '.join(f'<{iri}>' for iri in facet.without)}))"
    if facet.cut:
        yield f'FILTER(isLiteral(?x) && REGEX(STR(?x), "{_STARTS[facet.cut]}"))'


def _either(ways: Sequence[str]) -> str:
    return ways[0] if len(ways) == 1 else " UNION ".join(f"{{ ?it a ?any . {way} }}" for way in ways)


def _meant(selection: Selection, facet: Facet, value: Value) -> list[str]:
    """Give the IRIs that count as *value*: itself, and of a place what lies in it."""
    if not facet.wide:
        return [value.iri]
    listing = selection.listing
    return listing.inside(facet, value.name) or [value.iri]


def _all_inside(selection: Selection, facet: Facet) -> list[str]:
    return sorted({iri for name in selection.listing.names(facet) for iri in selection.listing.inside(facet, name)})  # fmt: skip


def _iris(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)
