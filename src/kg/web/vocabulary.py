"""``/ns``, ``/shapes`` and ``/prefixes``: terms, rules and prefixes, documented from the files that the release lists.

The pages say what the files say: label and comment of a term, sentence and remedy of a rule. Each has an anchor of its name,
so that ``/ns#Claim`` leads to the term ``kg:Claim``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kg import manifest
from kg.documents.addresses import DOCUMENT_FORMATS
from kg.errors import NotFound
from kg.formats import HTML, JSON, Format
from kg.manifest import File
from kg.names import KG, OWL, RDF, RDFS, SH
from kg.pages.pages import Pages
from kg.pages.terms import Shown, Terms
from kg.pages.usage import Usage, Used
from kg.queries import description
from kg.serialisation import document
from kg.web.dataset import MAIN, Dataset
from kg.web.representations import Writers, represent

TERMS: Final = "ontology/kg.ttl"
SHAPES: Final = "ontology/shapes/"

_KINDS: Final = (
    ("Classes", OWL + "Class"),
    ("Measures", KG + "Measure"),
    ("Relations", OWL + "ObjectProperty"),
    ("Values", OWL + "DatatypeProperty"),
    ("Notes", OWL + "AnnotationProperty"),
)
"""Headings of the page of terms; a term stands under the first that fits, all others under the last heading."""
_OTHERS: Final = "Named values"
_FOREIGN: Final = "Taken from other vocabularies"
_SAID: Final = {
    RDFS + "subClassOf": "a kind of",
    RDFS + "subPropertyOf": "a kind of",
    RDFS + "domain": "said of",
    RDFS + "range": "its value is",
    OWL + "inverseOf": "the other way round of",
    KG + "publishable": "may stand as a plain statement",
    KG + "claimOnly": "stands only in claims",
}
"""What else the page says of a term: properties, each with words for it."""
_TARGETS: Final = tuple(
    SH + name for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
)

_Graph = Mapping[str, Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A term: its anchor and prefixed name, IRI, label, comment, what else is said of it, by words for the property, and how it is used."""

    anchor: str
    name: str
    iri: str
    label: str
    comment: str
    said: tuple[tuple[str, tuple[Shown, ...]], ...]
    used: Used


@dataclass(frozen=True, slots=True)
class Rule:
    """A constraint: its name, which is its anchor too, its sentence, what to do, and how grave it is."""

    name: str
    message: str
    remedy: str
    severity: str


@dataclass(frozen=True, slots=True)
class Shape:
    """The rules about the same things: a name, what they are about, an example of it that keeps to them, and the rules."""

    name: str
    targets: tuple[str, ...]
    used: int
    example: str
    rules: tuple[Rule, ...]


class Vocabulary:
    """The terms, rules and prefixes of *pages*' archive, whose files lie in *directory*; *context* is its JSON-LD context.

    *dataset* knows how much of what there is.
    """

    def __init__(
        self, pages: Pages, directory: Path, context: dict[str, Any] | None, dataset: Dataset
    ) -> None:
        self._dataset = dataset
        self._pages = pages
        self._base = pages.archive.base
        self._directory = directory
        self._context = context
        self._read = cache(self._parsed)  # a release does not change

    def routes(self) -> list[Route]:
        """Give the routes. The endpoints run in Starlette's threads."""
        found = []
        for name, endpoint in (("ns", self.terms), ("shapes", self.shapes), ("prefixes", self.prefixes)):
            found += [Route(f"/{name}", endpoint), Route(f"/{name}.{{suffix}}", endpoint)]
        return found

    def terms(self, request: Request) -> Response:
        """Give the terms of the ontology."""
        triples = self._triples(TERMS, "this release has no terms of its own")
        return self._represent(request, "/ns", self._described(triples, lambda: self._terms_page(triples)))

    def shapes(self, request: Request) -> Response:
        """Give the rules of every profile of the release."""
        triples = self._triples(SHAPES, "this release follows no profile, and so has no rules")
        return self._represent(
            request, "/shapes", self._described(triples, lambda: self._shapes_page(triples))
        )

    def prefixes(self, request: Request) -> Response:
        """Give all prefixes: as ``sh:declare``, or a JSON object with the namespace of each."""
        known = dict(sorted(self._base.prefixes().items()))
        triples = tuple(description.prefixes(self._base))
        writers = {
            **self._described(triples, lambda: self._pages.render("prefixes.html", prefixes=known)),
            JSON: lambda: json.dumps(known, indent=1).encode() + b"\n",
        }
        return self._represent(request, "/prefixes", writers)

    def _represent(self, request: Request, path: str, writers: Writers) -> Response:
        path = self._pages.addresses.prefix + path
        return represent(request, path, request.path_params.get("suffix", ""), writers)

    def _described(self, triples: Iterable[ox.Triple], page: Callable[[], str]) -> Writers:
        def written(format: Format) -> bytes:
            return (
                page().encode()
                if format is HTML
                else document(triples, format, self._base.prefixes(), self._context)
            )

        return {format: partial(written, format) for format in DOCUMENT_FORMATS}

    def _triples(self, place: str, nothing: str) -> tuple[ox.Triple, ...]:
        """Give the triples of the file *place*, or of those below it. Raises NotFound, *nothing*, where the release has none."""
        files = [file for file in self._pages.archive.manifest.files if file.path.startswith(place)]
        if not files:
            raise NotFound(nothing, remedy="/dataset says what it has")
        return tuple({triple for file in files for triple in self._read(file)})

    def _parsed(self, file: File) -> tuple[ox.Triple, ...]:
        data = manifest.content(self._directory, file)
        return tuple(quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE))

    @cached_property
    def _usage(self) -> Usage:
        counts = {
            iri: numbers[main]
            for kind, main in MAIN.items()
            for iri, numbers in self._dataset.counts(kind).items()
        }
        return Usage(self._pages.archive, self._pages.descriptions, counts)

    def _terms_page(self, triples: Iterable[ox.Triple]) -> str:
        graph = _graph(triples)
        ontology = KG.removesuffix("#")
        own = sorted(graph.keys() - {ontology}, key=lambda iri: self._base.compact(iri).casefold())
        mentioned = {
            term.value
            for iri in own
            for predicate in _SAID
            for term in graph[iri].get(predicate, ())
            if isinstance(term, ox.NamedNode)
        }
        shown = Terms(self._pages.descriptions.names(mentioned), self._base, self._pages.addresses)
        groups: dict[str, list[Entry]] = {title: [] for title in (*dict(_KINDS), _OTHERS, _FOREIGN)}
        for iri in own:
            name = self._base.compact(iri)
            types = {str(term.value) for term in graph[iri].get(RDF + "type", ())}
            title = next((title for title, kind in _KINDS if kind in types), _OTHERS)
            ours = iri.startswith(KG)
            said = tuple(
                (words, tuple(map(shown.term, values)))
                for predicate, words in _SAID.items()
                if (values := graph[iri].get(predicate))
            )
            text = partial(_text, graph, iri)
            groups[title if ours else _FOREIGN].append(
                Entry(
                    iri.removeprefix(KG) if ours else name,
                    name,
                    iri,
                    text(RDFS + "label"),
                    text(RDFS + "comment"),
                    said,
                    self._usage.of(iri),
                )
            )
        return self._pages.render(
            "ns.html",
            groups=[(title, entries) for title, entries in groups.items() if entries],
            ontology=ontology,
            title=_text(graph, ontology, RDFS + "label") or ontology,
            comment=_text(graph, ontology, RDFS + "comment"),
            version=_text(graph, ontology, OWL + "versionInfo"),
            forms=[format for format in DOCUMENT_FORMATS if format is not HTML],
        )

    def _shapes_page(self, triples: Iterable[ox.Triple]) -> str:
        graph = _graph(triples)
        owners: dict[str, str] = {}
        for iri in sorted(graph):
            for values in graph[iri].values():
                for term in values:
                    if any(target in graph[iri] for target in _TARGETS):
                        owners.setdefault(str(term.value), iri)
        groups: dict[str, list[Rule]] = defaultdict(list)
        for iri in sorted(graph):
            if message := _text(graph, iri, SH + "message"):
                severity = _text(graph, iri, SH + "severity").rpartition("#")[2].lower() or "violation"
                rule = Rule(_local(iri), message, _text(graph, iri, KG + "remedy"), severity)
                groups[owners.get(iri, iri)].append(rule)
        return self._pages.render(
            "shapes.html",
            shapes=[self._shape(graph, owner, rules) for owner, rules in sorted(groups.items())],
            total=sum(map(len, groups.values())),
            profiles=self._pages.archive.manifest.profiles,
            forms=[format for format in DOCUMENT_FORMATS if format is not HTML],
        )  # fmt: skip

    def _shape(self, graph: _Graph, owner: str, rules: list[Rule]) -> Shape:
        about = [
            self._usage.of(str(term.value))
            for target in _TARGETS
            for term in graph.get(owner, {}).get(target, ())
        ]
        example = next((used.example for used in about if used.example), "")
        targets = tuple(self._targets(graph, owner))
        return Shape(_local(owner), targets, sum(used.plain for used in about), example, tuple(rules))

    def _targets(self, graph: _Graph, shape: str) -> list[str]:
        """Give what the rules of *shape* are about: classes, and subjects or objects of properties."""
        return [
            f"{words}{self._base.compact(str(term.value))}"
            for target, words in zip(_TARGETS, ("", "subjects of ", "objects of ", ""), strict=True)
            for term in graph.get(shape, {}).get(target, ())
        ]


def _graph(triples: Iterable[ox.Triple]) -> _Graph:
    graph: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for triple in sorted(triples, key=str):
        if isinstance(triple.subject, ox.NamedNode):
            graph[triple.subject.value][triple.predicate.value].append(triple.object)
    return graph


def _text(graph: _Graph, iri: str, predicate: str) -> str:
    """Give the first value of *predicate*, nothing where there is none."""
    return next((str(term.value) for term in graph.get(iri, {}).get(predicate, ())), "")


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
