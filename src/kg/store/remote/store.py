"""The store behind an endpoint: the protocol of stores, said in SPARQL 1.1."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final, Literal, TypeAlias

import pyoxigraph as ox

from kg import sparql
from kg.errors import QueryError, RemoteError, Unavailable
from kg.store.limits import Limits
from kg.store.protocol import Answer, DefaultGraph, Graphs
from kg.store.remote.address import Address
from kg.store.remote.confined import NO_GRAPH, confined
from kg.store.remote.endpoint import Endpoint
from kg.store.remote.standing import CONTROL, PREFIX, QUERY, STANDING, Standing, read
from kg.store.solutions import Solutions, Term

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
SAMPLE: Final = 1_000
"""Statements of named graphs that are looked for in the default graph, to learn whether it is the union."""
_STILL: Final = 'SELECT ?t WHERE {{ GRAPH <{0}> {{ <{1}> <{2}token> ?t ; <{2}state> "{3}" }} }}'

_Reading: TypeAlias = Literal["union", "empty", "apart", "pushed"]


class RemoteStore:
    """The quads behind an endpoint; safe to ask from several threads. Each method is one exchange, but for the first.

    What an endpoint reads outside GRAPH is its own affair, so the store finds it out once, and the graphs there are with it:
    whoever waits for new ones opens it anew. Where the default graph holds
    what the named graphs hold, queries go out as they are. Where it is empty, each query without FROM names all graphs as its
    dataset (SPARQL 1.1 Protocol, section 2.1.4), and so reads the union too. Where it holds statements of its own, no query can
    read them and the named graphs as one: ``default_graph`` is then "strict", and what needs the union raises RemoteError.

    Where ``kg push`` wrote what is there, its graphs are the dataset of each query, so that nothing else in that server is read, least of
    all a release that is being loaded; and an answer is given only where that release still stood when it was there, else Unavailable is raised.

    :func:`kg.sparql.check` holds here as for any store. Every method raises what :meth:`Endpoint.ask` raises.
    """

    def __init__(self, endpoint: Endpoint, *, dataset: str | None = None, guarded: bool = True) -> None:
        """Ask *endpoint*: of what was pushed into it the collection *dataset* alone, else all.

        Without *guarded* whoever asks sees to :meth:`unchanged`, once for several questions; ``answers`` counts them.
        """
        self.answers = 0
        self._endpoint = endpoint
        self._of = dataset
        self._guarded = guarded

    @classmethod
    def open(cls, address: str, limits: Limits | None = None, *, dataset: str | None = None) -> RemoteStore:
        """Give the store at *address*, as :meth:`Address.read` reads it; nothing is sent yet. Raises StoreError."""
        return cls(Endpoint(Address.read(address), limits or Limits()), dataset=dataset)

    @property
    def url(self) -> str:
        """The address of the endpoint, without credentials."""
        return self._endpoint.url

    @property
    def default_graph(self) -> DefaultGraph:
        """What a query reads outside GRAPH."""
        return "strict" if self._reading == "apart" else "union"

    def query(self, text: str, *, base: str | None = None, union: bool = False) -> Answer:
        """Answer a SPARQL 1.1 query that :func:`kg.sparql.check` lets pass; *base* resolves its relative IRIs."""
        tokens = sparql.check(text)
        word = sparql.form(tokens)
        if word is None or (form := word.text.upper()) not in FORMS:
            line, column = (word.line, word.column) if word else (1, 1)
            raise QueryError(
                "this is no query", line=line, column=column, remedy=f"begin with {', '.join(FORMS)}"
            )
        graphs = self._dataset(union=union, named=sparql.names_dataset(tokens))
        return self._ask(f"BASE {_node(base)} {text}" if base else text, form, graphs)

    def confined(self, text: str, *, base: str, union: bool, asked: Graphs | None) -> Answer:
        """Answer a stranger's query that is known to be SPARQL 1.1 from the graphs that were pushed, and no others (:mod:`.confined`)."""
        words, graphs = confined(text, self._named, base=base, union=union, asked=asked)
        word = sparql.form([token for token in sparql.tokens(words) if token.significant])
        return self._ask(f"BASE {_node(base)} {words}", word.text.upper() if word else "SELECT", graphs)

    def about(self, iri: str) -> list[ox.Quad]:
        """Give the quads whose subject is *iri*. Raises QueryError where that is no IRI."""
        return self.match(_node(iri), None, None, None)

    def incoming(self, iri: str, limit: int = 100) -> list[ox.Quad]:
        """Give up to *limit* quads whose object is *iri*. Raises QueryError where that is no IRI."""
        return self._match(None, None, _node(iri), None, limit)

    def match(
        self,
        subject: ox.NamedNode | ox.BlankNode | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
        *,
        limit: int | None = None,
    ) -> list[ox.Quad]:
        """Give the quads that fit, at most *limit*; None fits everything.

        Raises QueryError for a blank node: its label means nothing in another query.
        """
        return self._match(subject, predicate, object, graph, limit)

    def quads(self) -> list[ox.Quad]:
        """Give every quad."""
        return self._match(None, None, None, None)

    def graphs(self) -> dict[str, int]:
        """Give the number of quads in each named graph, by IRI (``_:`` and label for a blank one), sorted."""
        rows = self._rows(
            "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", "gn", self._only()
        )
        counts = {
            graph.value if isinstance(graph, ox.NamedNode) else str(graph): self._number(number)
            for graph, number in rows
        }
        return dict(sorted(counts.items()))

    def __len__(self) -> int:
        pattern = self._pattern("?s ?p ?o", None)
        rows = self._rows(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", "n", self._only())
        return self._number(rows[0][0] if rows else None)

    def __str__(self) -> str:
        return self.url

    def __repr__(self) -> str:
        return f"<RemoteStore {self.url}>"

    # ------------------------------------------------------------------ what was pushed

    @property
    def standings(self) -> tuple[Standing, ...]:
        """The releases that ``kg push`` put there, as they were with the first question, none where it did not."""
        return self._pushed

    def unchanged(self) -> None:
        """Raise Unavailable where what was pushed is another release now, or one is just being put in its place.

        Every answer that came before this returns is of the release that stood with the first question.
        """
        for known in self._pushed:
            rows = self._rows(_STILL.format(CONTROL, known.subject, PREFIX, STANDING), "t", guarded=False)
            if [value and value.value for (value,) in rows if isinstance(value, ox.Literal)] != [known.token]:
                raise Unavailable(
                    f"{self.url} has another release now, or is about to",
                    retry_after=2,
                    remedy="try again in a moment",
                )

    @cached_property
    def _pushed(self) -> tuple[Standing, ...]:
        if not self._true(f"ASK {{ GRAPH <{CONTROL}> {{ ?s ?p ?o }} }}"):
            return ()
        records = read(self._rows(QUERY, "spo", guarded=False))
        found = [one for one in records if not one.loads and self._of in (None, one.subject)]
        if any(not one.stands for one in found) or (records and not found and self._of is None):
            raise Unavailable(
                f"a release is being put in its place at {self.url}",
                retry_after=2,
                remedy="try again in a moment; where nobody is pushing, whoever began has to run kg push again",
            )
        if found and not self._heeds_from:
            raise self._set_aside()
        return tuple(found)

    # ------------------------------------------------------------------ what is read outside GRAPH

    @cached_property
    def _reading(self) -> _Reading:
        """Find out what the endpoint reads outside GRAPH: asked, not read in its description, which few servers offer."""
        if self._pushed:
            return "pushed"
        apart = self._true(
            f"ASK {{ {{ SELECT ?s ?p ?o WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {SAMPLE} }} "
            "FILTER NOT EXISTS { ?s ?p ?o } }"
        )
        if not apart:
            return "union"
        return "apart" if self._true("ASK { ?s ?p ?o }") else "empty"

    @cached_property
    def _named(self) -> tuple[str, ...]:
        if self._pushed:
            return tuple(sorted({held.graph for one in self._pushed for held in one.holds}))
        rows = self._rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", "g")
        return tuple(sorted(graph.value for (graph,) in rows if isinstance(graph, ox.NamedNode)))

    @cached_property
    def _heeds_from(self) -> bool:
        """Whether FROM changes what is read: Oxigraph's server with --union-default-graph sets it aside."""
        return not self._true(f"ASK FROM <{NO_GRAPH}> {{ ?s ?p ?o }}")

    def _dataset(self, *, union: bool, named: bool) -> Graphs | None:
        """Give the graphs that go out with a query; *named* is one that names its own with FROM."""
        if named:
            if not self._heeds_from:
                raise self._set_aside()
            return None
        if self._reading == "union" or (self._reading == "apart" and not union):
            return None
        if self._reading in ("empty", "pushed"):
            return Graphs(self._named, self._named)
        raise RemoteError(
            f"{self.url} holds statements both in its default graph and in named graphs, and no query reads them as one",
            remedy="let the server's default graph be the union (oxigraph serve --union-default-graph), or write the "
            "query yourself, with FROM or GRAPH",
        )

    def _set_aside(self) -> RemoteError:
        return RemoteError(
            f"{self.url} sets FROM aside and would answer another question",
            remedy="name the graph with GRAPH"
            if not self.__dict__.get("_pushed")
            else "let the server heed the dataset of a query (oxigraph without --union-default-graph)",
        )

    # ------------------------------------------------------------------ inside

    def _pattern(self, triple: str, graph: ox.NamedNode | ox.DefaultGraph | None) -> str:
        """Give the pattern for *triple* in *graph*, or in all, each quad once; ``?g`` stays unbound for the default graph."""
        if isinstance(graph, ox.NamedNode):
            return f"GRAPH {graph} {{ {triple} }} BIND ({graph} AS ?g)"
        named, default = f"GRAPH ?g {{ {triple} }}", triple
        if self._reading == "union":  # the default graph shows the others' statements again
            default = f"{triple} FILTER NOT EXISTS {{ GRAPH ?any {{ {triple} }} }}"
        if graph is not None:
            return default
        return named if self._reading in ("empty", "pushed") else f"{{ {named} }} UNION {{ {default} }}"

    def _match(
        self,
        subject: ox.NamedNode | ox.BlankNode | None,
        predicate: ox.NamedNode | None,
        object: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None,
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None,
        limit: int | None = None,
    ) -> list[ox.Quad]:
        given = (subject, predicate, object)
        if isinstance(graph, ox.BlankNode) or any(isinstance(term, ox.BlankNode) for term in given):
            raise QueryError(
                "a blank node of an endpoint cannot be asked for by its label",
                remedy="ask for it by what is said of it, or read the whole with quads()",
            )
        triple = " ".join(str(term or name) for term, name in zip(given, ("?s", "?p", "?o"), strict=True))
        rows = self._rows(
            f"SELECT ?s ?p ?o ?g WHERE {{ {self._pattern(triple, graph)} }}"
            + (f" LIMIT {limit}" if limit is not None else ""),
            "spog",
            self._only(),
        )
        try:
            return [
                ox.Quad(subject or s, predicate or p, object or o, g or ox.DefaultGraph())  # type: ignore[arg-type]
                for s, p, o, g in rows
            ]
        except TypeError as error:
            raise self._other("holds what cannot be a quad") from error

    def _only(self) -> Graphs | None:
        """Give the graphs of what was pushed, None where nothing was."""
        return Graphs(self._named, self._named) if self._reading == "pushed" else None

    def _rows(
        self, text: str, variables: str, graphs: Graphs | None = None, *, guarded: bool = True
    ) -> tuple[tuple[Term | None, ...], ...]:
        """Give the rows of one of our own queries, whose *variables* have names of one letter."""
        answer = self._ask(text, "SELECT", graphs) if guarded else self._endpoint.ask(text, "SELECT", graphs)
        if not isinstance(answer, Solutions) or answer.variables != tuple(variables):
            raise self._other("has other variables than were asked for")
        return answer.rows

    def _number(self, term: Term | None) -> int:
        if not isinstance(term, ox.Literal) or not re.fullmatch("[0-9]{1,18}", term.value):
            raise self._other("holds no number where one was asked for")
        return int(term.value)

    def _other(self, what: str) -> RemoteError:
        return RemoteError(f"the answer of {self.url} {what}", remedy="tell the keeper of the endpoint")

    def _ask(self, text: str, form: str, graphs: Graphs | None) -> Answer:
        answer = self._endpoint.ask(text, form, graphs)
        if self._pushed:
            self.unchanged()
        return answer

    def _true(self, text: str) -> bool:
        return self._endpoint.ask(text, "ASK") is True


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise QueryError(f"{iri!r} is not an IRI", remedy="write it in full") from error
