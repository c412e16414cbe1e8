"""What claims are called in a list: the sentence that the library words them as."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final

import pyoxigraph as ox

from kg import wording
from kg.listing.statements import Statements
from kg.names import KG, RDF
from kg.rows import IRI, Value, value

_READ: Final = (*wording.READ, RDF + "subject")


def sentences(statements: Statements) -> Iterator[tuple[int, str]]:
    """Give the number and the sentence of each claim that has no name of its own, in the order of their numbers."""
    db, number = statements.db, statements.number
    predicates = {number(iri): iri for iri in _READ}
    predicates.pop(0, None)
    nouns: dict[str, str] = dict(
        db.execute(
            f"SELECT m.value, n.value FROM edge JOIN term m ON m.id = s JOIN term n ON n.id = o WHERE p = {number(KG + 'noun')}"
        )
    )

    @lru_cache(100_000)
    def named(iri: str) -> str:
        row = db.execute(
            "SELECT text FROM name JOIN term ON id = t WHERE value = ? AND kind = 0", (iri,)
        ).fetchone()
        return str(row[0]) if row else wording.local(iri)

    def label(term: Value) -> str:
        return named(term) if isinstance(term, IRI) else wording.called(term, {})

    rows = db.execute(
        f"SELECT c.s, p, kind, value, language, datatype FROM ({statements.instances((KG + 'Claim',))}) c "
        f"CROSS JOIN edge e ON e.p IN ({', '.join(map(str, predicates))}) AND e.s = c.s JOIN term ON id = o "
        "WHERE c.s NOT IN (SELECT t FROM name) ORDER BY c.s, p"
    )
    for claim, parts in groupby(rows, key=lambda row: int(row[0])):
        said: dict[str, list[Value]] = defaultdict(list)
        for _, predicate, kind, text, language, datatype in parts:
            said[predicates[predicate]].append(_value(kind, text, language, datatype))
        terms = {name: tuple(sorted(values, key=str)) for name, values in said.items()}
        subject = next(iter(terms.get(RDF + "subject", ())), None)
        yield claim, wording.sentence(label(subject), wording.words(terms, label, nouns))


def _value(kind: int, text: str, language: str, datatype: str) -> Value:
    if kind == 0:
        return IRI(text)
    if kind != 2:
        return text
    literal = (
        ox.Literal(text, language=language) if language else ox.Literal(text, datatype=ox.NamedNode(datatype))
    )
    return value(literal)
