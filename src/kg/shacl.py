"""SHACL: shapes run over a dataset by pySHACL, and the findings that come of it.

The dataset is validated as its union (W3C SHACL 1.0, Core and SPARQL-based constraints). pySHACL's ``advanced``
stays off and ``owl:imports`` are not followed: both would reach for the network. A shape's ``sh:message`` is the
finding's sentence, its ``kg:remedy`` the remedy, the last part of its IRI the rule.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ReportableRuntimeError
from rdflib import BNode, Graph, URIRef, Variable
from rdflib.namespace import OWL, RDF, SH
from rdflib.paths import Path
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.term import Node

from kg import paths
from kg.errors import ProjectError
from kg.names import KG, Base
from kg.names import SH as SH_
from kg.terms import to_rdflib
from kg.validation import Finding, Report, Severity

_SEVERITIES: Final[Mapping[Node | None, Severity]] = {SH.Warning: "warning", SH.Info: "info"}
_REMEDY: Final = URIRef(KG + "remedy")
_PLACEHOLDER: Final = re.compile(r"\{[?$](\w+)\}")
_DECLARATIONS: Final = re.compile(r"(?:PREFIX [^\n]*\n)+")
_LOGS: Final = tuple(map(logging.getLogger, ("pyshacl-validate", "rdflib.term")))


Pattern: TypeAlias = tuple[Node | None, Node | None, Node | None]
"""What is asked of a graph: subject, property, object, None for any."""


class UnionGraph(Graph):
    """A graph that parses each query text once: pySHACL asks the same one for every focus node.

    ``asked``, where it is a set, takes every pattern that is looked for.
    """

    asked: set[Pattern] | None = None

    def triples(self, triple: Any) -> Any:
        """Give the triples of a pattern, as :meth:`rdflib.Graph.triples` does, and note it; of a path each of its steps is."""
        if self.asked is not None and not isinstance(triple[1], Path):
            self.asked.add(triple)
        return super().triples(triple)

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """Answer as :meth:`rdflib.Graph.query` does."""
        return super().query(
            prepared(query_object) if isinstance(query_object, str) else query_object,
            *args,
            **kwargs,
        )


def prepared(text: str) -> Query:
    """Give the query *text* of shapes, read once. Raises what pySHACL reports where it cannot be."""
    return _prepared(_in_order(text))


def _in_order(text: str) -> str:
    """Give a query with the declarations that pySHACL puts before it sorted: it takes them as they come."""
    head = _DECLARATIONS.match(text)
    return "".join(sorted(head[0].splitlines(keepends=True))) + text[head.end() :] if head else text


@lru_cache(maxsize=256)
def _prepared(text: str) -> Query:
    try:
        query = prepareQuery(text)
    except Exception as error:  # rdflib raises a bare one for an undeclared prefix
        raise ReportableRuntimeError(f"a query in them cannot be read: {error}") from error
    traverse(query.algebra, visitPost=_from_focus)
    return query


def _from_focus(part: Any) -> None:
    """Have a basic graph pattern begin at the focus node, which is bound before: rdflib takes ``$this`` for any variable."""
    if isinstance(part, CompValue) and part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
        traverse(part.graph, visitPost=_from_focus)  # an attribute beside the parts that are traversed
    if not isinstance(part, CompValue) or part.name != "BGP":
        return
    known, left, ordered = {Variable("this")}, list(part.triples), []
    while left:
        following = min(
            left, key=lambda triple: (len(_variables(triple) - known), known.isdisjoint(_variables(triple)))
        )
        left.remove(following)
        ordered.append(following)
        known |= _variables(following)
    part["triples"] = ordered


def _variables(triple: tuple[Any, ...]) -> set[Any]:
    return {term for term in triple if isinstance(term, Variable | BNode)}


def union(quads: Iterable[ox.Quad]) -> UnionGraph:
    """Give the union of the named graphs of *quads* as an rdflib graph, terms as rdflib writes them."""
    graph = UnionGraph()
    for triple in sorted({quad.triple for quad in quads}, key=str):
        graph.add(rdflib_triple(triple))
    return graph


def rdflib_triple(triple: ox.Triple) -> tuple[Node, Node, Node]:
    """Give *triple*, which holds no other triple, in the terms of rdflib."""
    return _term_of(triple.subject), _term_of(triple.predicate), _term_of(triple.object)


_term_of = lru_cache(maxsize=1 << 16)(to_rdflib)


def shapes(files: Iterable[tuple[str, bytes]], base: Base) -> Graph:
    """Give one shapes graph of *files* (name, Turtle), rebased. Raises ProjectError for one that cannot be read."""
    graph = Graph()
    for name, data in files:
        try:
            triples = [
                ox.Triple(*(_rebased(term, base) for term in quad.triple))
                for quad in ox.parse(data, ox.RdfFormat.TURTLE)
            ]
        except SyntaxError as error:
            message = re.sub(r"^Parser error .*?\d: ", "", error.msg)
            raise ProjectError(
                f"the shapes cannot be read: {message[:1].lower()}{message[1:]}",
                path=name,
                line=error.lineno or 0,
                column=error.offset or 0,
                remedy="mend the shapes file",
            ) from error
        graph.parse(data=b"".join(f"{triple} .\n".encode() for triple in triples), format="nt")
    _declare_imported(graph)
    return graph


def _declare_imported(graph: Graph) -> None:
    """Declare in each set of prefixes those that it imports (SHACL §5.2.1), which pySHACL does not look for."""
    for scope in set(graph.objects(None, SH.prefixes)):
        for imported in set(graph.transitive_objects(scope, OWL.imports)):
            for declaration in set(graph.objects(imported, SH.declare)):
                graph.add((scope, SH.declare, declaration))


def validate(quads: Iterable[ox.Quad], shapes_graph: Graph, base: Base) -> list[Finding]:
    """Run *shapes_graph* over the union of *quads*; give one finding for each validation result, without a place.

    Results inside a result (``sh:detail``) are none of their own. Raises ProjectError where a shape itself cannot
    be run, as a whole: no finding then stands for what was not checked.
    """
    data = union(quads)
    with running():
        _, results, said = pyshacl.validate(
            data, shacl_graph=shapes_graph, inference="none", advanced=False, do_owl_imports=False
        )
    if not isinstance(results, Graph):
        raise _unusable(str(said))
    return findings(results, data, shapes_graph, base)


def findings(results: Graph, data: Graph, shapes_graph: Graph, base: Base) -> list[Finding]:
    """Give one finding for each result of the reports in the graph *results*, which are about *data*."""
    return [
        finding(results, result, data, shapes_graph, base)
        for report in results.subjects(RDF.type, SH.ValidationReport)
        for result in results.objects(report, SH.result)
    ]


@contextmanager
def running() -> Iterator[None]:
    """Keep pySHACL silent inside, and make what it cannot run a ProjectError."""
    try:
        with _silent(), warnings.catch_warnings():
            # pySHACL only warns where it leaves a recursive shape unfinished
            warnings.simplefilter("error", RuntimeWarning)
            yield
    except (
        RuntimeError,
        RuntimeWarning,
        re.error,
    ) as error:  # its own are RuntimeErrors; a pattern's is re.error
        raise _unusable(str(error)) from error


def _unusable(said: str) -> ProjectError:
    return ProjectError(
        f"the shapes cannot be run: {said.partition(chr(10))[0]}", remedy="mend the shape that is named"
    )


@contextmanager
def _silent() -> Iterator[None]:
    """Keep the logs of pySHACL and rdflib off the terminal: what they say is raised or found."""
    before = [log.disabled for log in _LOGS]
    try:
        for log in _LOGS:
            log.disabled = True
        yield
    finally:
        for log, disabled in zip(_LOGS, before, strict=True):
            log.disabled = disabled


def _rebased(term: Any, base: Base) -> Any:
    return ox.NamedNode(base.rebase(term.value)) if isinstance(term, ox.NamedNode) else term


def finding(results: Graph, result: Node, data: Graph, shapes_graph: Graph, base: Base) -> Finding:
    """Give what *result*, a node of the report *results* about *data*, says."""

    def one(name: str) -> Node | None:
        return results.value(result, SH[name])

    source = one("sourceConstraint") or one("sourceShape")
    focus, path, value = one("focusNode"), one("resultPath"), one("value")
    terms = {"this": focus, "path": path, "value": value}
    message = shapes_graph.value(source, SH.message) or one("resultMessage") or "does not conform"
    said = _PLACEHOLDER.sub(lambda found: _shown(terms.get(found[1]), base), str(message))
    return Finding(
        _SEVERITIES.get(one("resultSeverity"), "violation"),
        said if focus is None else f"{_shown(focus, base)}: {said}",
        _rule(source, one("sourceConstraintComponent")),
        str(shapes_graph.value(source, _REMEDY) or ""),
        focus=_n3(focus),
        path=_n3(path) if isinstance(path, URIRef) else "",
        value=_n3(value),
        component=str(one("sourceConstraintComponent") or ""),
        statement=_statement(results, data, focus, path, value),
    )


def _statement(
    results: Graph, data: Graph, focus: Node | None, path: Node | None, value: Node | None
) -> tuple[str, ...]:
    """Give the statement that a path of several steps leads through, empty for a single property and for none."""
    if focus is None or path is None or isinstance(path, URIRef):
        return ()
    found = paths.statement(data, results, path, focus, value)
    return tuple(map(_n3, found)) if found else ()


def _rule(source: Node | None, component: Node | None) -> str:
    name = source if isinstance(source, URIRef) else component
    return re.split(r"[/#]", str(name))[-1] if name else "shacl"


def _n3(term: Node | None) -> str:
    """Give *term* in N-Triples form."""
    if term is None:
        return ""
    probe = Graph(bind_namespaces="none")
    probe.add((URIRef("urn:s"), URIRef("urn:p"), term))
    return probe.serialize(format="nt").strip()[len("<urn:s> <urn:p> ") :].removesuffix(".").rstrip()


def _shown(term: Node | None, base: Base) -> str:
    return base.compact(str(term)) if isinstance(term, URIRef) else "" if term is None else str(term)


def turtle(report: Report) -> bytes:
    """Give *report* as a W3C validation report in Turtle, UTF-8; named checks stand beside SHACL results in it.

    A finding about a file has an IRI made of its name as focus node, since each result must have one (§3.6.2.1).
    ``sh:conforms`` is false where there is any result, as the specification has it (§3.6.1.1), warnings included.
    """

    def sh(name: str) -> ox.NamedNode:
        return ox.NamedNode(SH_ + name)

    root = ox.BlankNode("report")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    boolean = ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean")
    triples = [
        ox.Triple(root, kind, sh("ValidationReport")),
        ox.Triple(root, sh("conforms"), ox.Literal("false" if report.findings else "true", datatype=boolean)),
    ]
    for number, finding in enumerate(report):
        node = ox.BlankNode(f"result{number}")
        triples.append(ox.Triple(root, sh("result"), node))
        triples += [ox.Triple(node, kind, sh("ValidationResult"))]
        triples += [
            ox.Triple(node, predicate, term)
            for predicate, term in (
                (sh("resultSeverity"), sh(finding.severity.capitalize())),
                (
                    sh("focusNode"),
                    _term(finding.focus) or ox.NamedNode(f"urn:attest:file:{quote(finding.file)}"),
                ),
                (sh("resultPath"), _term(finding.path)),
                (sh("value"), _term(finding.value)),
                (
                    sh("sourceConstraintComponent"),
                    ox.NamedNode(finding.component or f"{KG}check-{finding.rule}"),
                ),
                (sh("resultMessage"), ox.Literal(str(finding))),
            )
            if term is not None
        ]
    out = BytesIO()
    ox.serialize(triples, out, format=ox.RdfFormat.TURTLE, prefixes={"sh": SH_, "kg": KG})
    return out.getvalue()


def _term(text: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    if not text:
        return None
    (quad,) = ox.parse(f"<urn:s> <urn:p> {text} .", ox.RdfFormat.N_TRIPLES)
    return quad.object if not isinstance(quad.object, ox.Triple) else None
