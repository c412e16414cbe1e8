"""What the read half asks of any store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import pyoxigraph as ox

from kg.errors import QueryError
from kg.rows import Value, value
from kg.store.solutions import Solutions

Answer: TypeAlias = Solutions | bool | list[ox.Triple]
"""What SELECT, ASK, and CONSTRUCT or DESCRIBE give."""

DefaultGraph: TypeAlias = Literal["union", "strict"]
"""What a query without FROM reads outside GRAPH: all graphs together, or only the dataset's own default graph."""


@dataclass(frozen=True, slots=True)
class Graphs:
    """The RDF dataset of a query, named outside its text (SPARQL 1.1 Protocol §2.1.4): IRIs of graphs.

    The default graph is the merge of *default*, GRAPH sees *named*; a graph that the store does not have is empty.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


class Store(Protocol):
    """Quads to be read. Every answer is whole, and may be handed to another thread."""

    @property
    def default_graph(self) -> DefaultGraph:
        """What a query reads outside GRAPH."""

    def query(self, text: str, *, base: str | None = None, union: bool = False) -> Answer:
        """Answer a SPARQL query; *base* resolves its relative IRIs. Raises QueryError.

        With *union* it reads all graphs as one, whatever ``default_graph`` says.
        """

    def about(self, iri: str) -> list[ox.Quad]:
        """Give the quads whose subject is *iri*."""

    def incoming(self, iri: str, limit: int = 100) -> list[ox.Quad]:
        """Give up to *limit* quads whose object is *iri*."""

    def match(
        self,
        subject: ox.NamedNode | ox.BlankNode | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
        *,
        limit: int | None = None,
    ) -> list[ox.Quad]:
        """Give the quads that fit, at most *limit*; None fits everything."""

    def quads(self) -> list[ox.Quad]:
        """Give every quad."""

    def graphs(self) -> dict[str, int]:
        """Give the number of quads in each named graph, by IRI (``_:`` and label for a blank one), sorted."""

    def __len__(self) -> int: ...


def select(store: Store, text: str) -> list[dict[str, Value]]:
    """Give the rows of a SELECT query over all graphs, by variable, as Python values, None for unbound.

    Our own questions need no GRAPH (section 7 of the model), so they read the union. Raises QueryError.
    """
    answer = store.query(text, union=True)
    if not isinstance(answer, Solutions):
        raise QueryError("this query gives no rows", remedy="write a SELECT query")
    return [dict(zip(answer.variables, map(value, row), strict=True)) for row in answer.rows]
