"""Lists of any class: the members of each, with the properties that have few values for facets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.index import NAMING
from kg.listing.facets import UNTIL, Facet, Kind
from kg.listing.statements import Statements
from kg.names import RDF, RDFS, VOCABULARIES

VALUES: Final = 40
"""How many values a property may have in a class to be a facet of it."""
LONGEST: Final = 80
"""Characters of the longest of them."""
FACETS: Final = 12
"""Facets of one class, those that say most first."""
CLASSES: Final = 200
"""Classes that have facets, the largest first; the others are lists all the same."""
RESERVED: Final = frozenset({"class", "page", "sort", "more", "lang", "format", "release", UNTIL})
"""Parameters of a list that are no facets."""


@dataclass(frozen=True, slots=True)
class OfClass:
    """The list of the class ``iri``, whose number is ``number``, called ``name`` in a language."""

    number: int
    iri: str
    name: tuple[str, str]
    kind: Kind


def kinds(statements: Statements) -> Iterator[OfClass]:
    """Give a list for each class that is an IRI, the largest first."""
    db, type = statements.db, statements.number(RDF + "type")
    rows = db.execute(
        "SELECT id, value, coalesce(text, compact(value)), coalesce(name.language, '') FROM (SELECT o, count(*) AS many FROM edge "
        f"WHERE p = {type} GROUP BY o) JOIN term ON id = o LEFT JOIN name ON t = o WHERE kind = 0 ORDER BY many DESC, value"
    ).fetchall()
    found = _facets(statements, type, [number for number, *_ in rows[:CLASSES]])
    for number, iri, label, language in rows:
        yield OfClass(
            number,
            iri,
            (label, language),
            Kind(name=iri, title=label, classes=(iri,), facets=found.get(number, ())),
        )


def _facets(statements: Statements, type: int, classes: list[int]) -> dict[int, tuple[Facet, ...]]:
    """Give the facets of each of *classes*, by its number: properties with few values, those that most members have first."""
    db = statements.db
    db.execute("CREATE TABLE classed (c INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO classed VALUES (?)", [(number,) for number in classes])
    naming = ", ".join(str(statements.number(iri)) for iri in (*NAMING, RDFS + "comment"))
    db.execute(
        "CREATE TABLE used AS SELECT t.o AS c, e.p AS p, e.o AS o, count(*) AS many FROM edge e "
        f"CROSS JOIN edge t ON t.p = {type} AND t.s = e.s CROSS JOIN classed ON c = t.o "
        f"WHERE e.p NOT IN ({naming}) AND NOT (e.p = {type} AND e.o = t.o) GROUP BY 1, 2, 3"
    )
    # a property that all members have the same value of tells nothing apart
    rows = db.execute(
        "SELECT c, v.value, coalesce(text, compact(v.value)) FROM (SELECT c, p, count(*) AS kinds, sum(many) AS many, "
        "max(length(value)) AS longest, min(kind IN (0, 2)) AS plain FROM used JOIN term ON id = o GROUP BY c, p "
        f"HAVING kinds <= {VALUES}) JOIN (SELECT o AS k, count(*) AS members FROM edge WHERE p = {type} GROUP BY o) ON k = c "
        f"JOIN term v ON v.id = p LEFT JOIN name ON t = p WHERE plain AND longest <= {LONGEST} AND (kinds > 1 OR many < members) "
        "ORDER BY c, many DESC, v.value"
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for number, iri, title in rows:
        if len(found[number]) < FACETS:
            found[number].append((iri, title))
    return {number: _named(statements, each) for number, each in found.items()}


def _named(statements: Statements, properties: list[tuple[str, str]]) -> tuple[Facet, ...]:
    """Give the facets of *properties*, IRI and title, each with a name for addresses that no other has."""
    locals = {iri: statements.base.compact(iri).partition(":") for iri, _ in properties}
    short = Counter(local for prefix, _, local in locals.values() if prefix in VOCABULARIES)
    facets = []
    for iri, title in properties:
        prefix, _, local = locals[iri]
        plain = prefix in VOCABULARIES and short[local] == 1 and local not in RESERVED
        name = local if plain else statements.base.compact(iri)
        facets.append(Facet(name=name, title=title, path=f"<{iri}>"))
    return tuple(facets)
