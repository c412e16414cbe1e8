"""Questions to an archive: those of its catalogue, and any of SPARQL 1.1."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph as ox

from kg.archive.opened import Opened
from kg.errors import KgError, NotFound, QueryError
from kg.notes import Note
from kg.queries import is_name
from kg.rows import Rows
from kg.store import Solutions


class Asked(Opened):
    """What can be asked by query."""

    def query(self, query: str, /, **params: object) -> Rows:
        """Answer a named query of the catalogue with *params*, or a SELECT query given as text.

        Answers of named queries say of each row whether it is ``veiled``, in a last column wherever they are written.
        Raises QueryError for a query or parameter that is not valid, NotFound for an unknown name.

        >>> rows = g.query("claims-by-measure", event="baku-1990-01", measure="deaths")
        >>> rows[0].amount, g.label(rows[0].claimant)
        (25, 'TASS and Radio Moscow')
        >>> rows.to_pandas().groupby("band", sort=True).size().to_dict()
        {'same': 15, 'wider': 4}
        """
        answer = self.solutions(query, **params)
        named = self.catalog.find(query) if is_name(query) else None
        note = named.note if named is not None else "" if answer.rows else self.note(query)
        rows = Rows.of(answer.variables, answer.rows, self.base, note=note, veiled=self.veiled)
        return replace(rows, flagged=named is not None)

    def solutions(self, query: str, /, **params: object) -> Solutions:
        """Answer as :meth:`query` does, in RDF terms and not in Python values, without a note and without the column ``veiled``.

        >>> g.solutions("claims-by-measure", measure="deaths").to_json()[:32]
        b'{"head":{"vars":["as_of","event"'
        """
        named = is_name(query)
        if params and not named:
            raise QueryError("only named queries take parameters", remedy="write the values into the query")
        text = self.bound(query, **params) if named else query
        answer = self._store.query(text, union=named)  # named queries are written for the union
        if not isinstance(answer, Solutions):
            raise QueryError("this query gives no rows", remedy="write a SELECT query, or use answer()")
        return answer

    def bound(self, name: str, /, **params: object) -> str:
        """Give the text of a named query with *params* in it, to be asked of all graphs together. Raises as :meth:`query` does.

        >>> "<https://w3id.org/attest/ns#deaths>" in g.bound("claims-by-measure", measure="deaths")
        True
        """
        query = self.catalog.find(name)
        given = {name: value for name, value in params.items() if value is not None}
        return query.bind(self._lookup.given(query, given), self.base)

    def faults(self, name: str, /, **params: str) -> dict[str, KgError]:
        """Give what is wrong with each of *params* for the named query *name*, by the parameter; those that fit are left out.

        >>> {name: str(error) for name, error in g.faults("day", day="the 14th").items()}
        {'day': "day: 'the 14th' is no day"}
        """
        query = self.catalog.find(name)
        found: dict[str, KgError] = {}
        for param in query.params:
            if param.name in params:
                try:
                    given = self._lookup.given(query, {param.name: params[param.name]})
                    param.term(given[param.name], self.base)
                except (QueryError, NotFound) as error:
                    found[param.name] = error
        return found

    def note(self, text: str) -> Note:
        """Tell, of a query *text* that found nothing, what it has overlooked, where the release can tell; else nothing.

        That a name in it is unknown, with the nearest; or that a property stands only in claims (``kg:claimOnly``), so that a
        plain triple pattern over it finds nothing, with the named query that answers (``query`` of the note, and ``values`` for it).

        >>> g.note("PREFIX kg: <https://w3id.org/attest/ns#> SELECT ?n WHERE { ?event kg:deaths ?n }")
        'kg:deaths stands only in claims, never as a plain triple: kg query claims-by-measure answers'
        """
        return self._notes.on(text)

    def answer(self, text: str) -> Solutions | bool | list[ox.Triple]:
        """Answer any SPARQL 1.1 query: solutions, a truth value or triples. Raises QueryError.

        >>> g.answer("PREFIX schema: <https://schema.org/> ASK { ?book schema:isbn '5-540-01700-5' }")
        True
        """
        return self._store.query(text)
