"""Forms: what each resource of a graph is called, in every form that the graph attests, with what kind of form it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import pyoxigraph as ox

from kg import wording
from kg.names import DCTERMS, KG, PROV, RDF, RDFS, SCHEMA, SKOS, SKOSXL, XSD, Base
from kg.search.folding import fold

FOAF_NAME: Final = "http://xmlns.com/foaf/0.1/name"
LABEL: Final = "label"
MISSPELLING: Final = "misspelling"
USED: Final = "name used by a source"
HIDDEN: Final = "form kept for searching"
KINDS: Final = (LABEL, "name", "title", "variant", MISSPELLING, HIDDEN, USED)
"""Kinds of form, the first before the others where a text is of several."""
RECORDS: Final = frozenset(
    {"activity", "anomaly", "citation", "claim", "decision", "leg", "name", "passage", "relay", "selector", "text"}
)  # fmt: skip
"""Types of resource that are records of what is said, and not what people look for by name."""

_DIRECT: Final = {
    RDFS + "label": LABEL,
    SKOS + "prefLabel": "name",
    SCHEMA + "name": "name",
    FOAF_NAME: "name",
    DCTERMS + "title": "title",
    SKOS + "altLabel": "variant",
    SCHEMA + "alternateName": "variant",
    SKOS + "hiddenLabel": HIDDEN,
}
"""Properties whose values are forms, the best for a label first."""
_BY_RECORD: Final = {
    SKOSXL + "prefLabel": "name",
    SKOSXL + "altLabel": "variant",
    SKOSXL + "hiddenLabel": HIDDEN,
}
_TYPE, _FORM, _SUBJECT, _PREDICATE, _OBJECT = (
    RDF + "type", SKOSXL + "literalForm", RDF + "subject", RDF + "predicate", RDF + "object",
)  # fmt: skip
_CALLED, _RECORDED, _VEILED = KG + "isCalled", KG + "recorded", KG + "veiled"
_OCCUPATION, _ROLE, _AUTHOR, _SEEN = (
    SCHEMA + "hasOccupation", KG + "role", SCHEMA + "author", PROV + "wasDerivedFrom",
)  # fmt: skip
_TEXTS: Final = {XSD + "string", RDF + "langString"}
_TO_RESOURCES: Final = frozenset(
    {*_BY_RECORD, _TYPE, _SUBJECT, _PREDICATE, _OBJECT, KG + "status", KG + "visibility", _OCCUPATION, _ROLE, _AUTHOR, _SEEN}
)  # fmt: skip
_NAMES: Final = frozenset({*_DIRECT, *_BY_RECORD, _FORM})
PROPERTIES: Final = (*_DIRECT, _FORM, *sorted(_TO_RESOURCES))
"""All properties that are read."""


@dataclass(frozen=True, slots=True, order=True)
class Form:
    """A form as the graph attests it; ``veiled`` where the collection asks not to show it at once."""

    rank: int
    text: str
    language: str = ""
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A resource with its forms.

    ``kinds`` are its type and the last parts of its classes, in small letters; ``role`` says of a person who that is, where the graph does.
    """

    iri: str
    label: str
    language: str
    kinds: tuple[str, ...]
    role: str
    veiled: bool
    forms: tuple[Form, ...]


@dataclass(slots=True)
class _Graph:
    """What is read of the quads: texts and links by subject and property."""

    texts: dict[str, dict[str, set[tuple[str, str]]]] = field(default_factory=dict)
    links: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def add(self, quad: ox.Quad | ox.Triple) -> None:
        property, object = quad.predicate.value, quad.object
        if not isinstance(quad.subject, ox.NamedNode | ox.BlankNode):
            return
        subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else str(quad.subject)
        if isinstance(object, ox.Literal):
            if (property in _DIRECT or property == _FORM) and object.datatype.value in _TEXTS:
                said = self.texts.setdefault(subject, {}).setdefault(property, set())
                said.add((object.value, object.language or ""))
        elif property in _TO_RESOURCES and isinstance(object, ox.NamedNode | ox.BlankNode):
            value = object.value if isinstance(object, ox.NamedNode) else str(object)
            self.links.setdefault(subject, {}).setdefault(property, set()).add(value)

    def of(self, subject: str, property: str) -> set[str]:
        return self.links.get(subject, {}).get(property, set())

    def is_veiled(self, subject: str) -> bool:
        return _VEILED in self.of(subject, KG + "visibility")


def relevant(walk: Callable[[], Iterable[ox.Quad]], *, attest: bool) -> Iterator[ox.Quad]:
    """Give those quads of each *walk* that :func:`named` makes anything of; what is said of a subject stands together in them.

    They are what is said of what has a name, records one or is called by one, of the claims that say so, and of who wrote something.
    """
    called = set(_called(walk())) if attest else set()
    for subject, said in groupby(walk(), key=lambda quad: quad.subject):
        block = list(said)
        if subject in called or any(
            quad.predicate.value in _NAMES or (attest and _calls(quad)) for quad in block
        ):
            yield from block
        else:
            yield from (quad for quad in block if quad.predicate.value == _AUTHOR)


def _called(quads: Iterable[ox.Quad]) -> Iterator[object]:
    """Give what claims say that it is called something."""
    for _, said in groupby(quads, key=lambda quad: quad.subject):
        block = list(said)
        if any(map(_calls, block)):
            yield from (quad.object for quad in block if quad.predicate.value == _SUBJECT)


def _calls(quad: ox.Quad) -> bool:
    """Tell whether *quad* says of a claim that it is about what something is called."""
    object = quad.object
    return quad.predicate.value == _PREDICATE and isinstance(object, ox.NamedNode) and object.value == _CALLED


def named(
    quads: Iterable[ox.Quad | ox.Triple], base: Base, *, attest: bool, languages: Sequence[str] = ("en",)
) -> Iterator[Named]:
    """Give the resources of *quads* that have an IRI and a form of letters or digits, by IRI.

    With *attest* they are those of *base* that are no :data:`RECORDS`, and names that sources use count. The label is in the
    first of *languages* that there is one in, else without a language, else in any.
    """
    graph = _Graph()
    for quad in quads:
        graph.add(quad)
    used = _used(graph) if attest else {}
    authors = {iri for links in graph.links.values() for iri in links.get(_AUTHOR, ())}
    labels = _Labels(graph, languages)
    for iri in sorted({*graph.texts, *graph.links}):
        own = base.split(iri)
        if iri.startswith("_:") or (attest and (own is None or own[0] in RECORDS)):
            continue
        forms = _forms(graph, iri, attest) | used.get(iri, set())
        if not (best := _once(forms)):
            continue
        text, language = labels.of(iri) or (best[0].text, best[0].language)
        role = _role(graph, iri, labels, authors) if own and own[0] == "person" else ""
        veiled = graph.is_veiled(iri)
        yield Named(iri, text, language, _kinds(graph, iri, own), role, veiled, best)


def _forms(graph: _Graph, iri: str, attest: bool) -> set[Form]:
    """Give the forms that stand at *iri* itself, or at a record of a name of it."""
    hidden = MISSPELLING if attest else HIDDEN  # SKOS leaves open what a hidden label is
    found = set()
    for property, said in graph.texts.get(iri, {}).items():
        if kind := _DIRECT.get(property):
            rank = KINDS.index(hidden if kind == HIDDEN else kind)
            found |= {Form(rank, text, language) for text, language in said}
    for property, kind in _BY_RECORD.items():
        rank = KINDS.index(hidden if kind == HIDDEN else kind)
        for record in graph.of(iri, property):
            said = graph.texts.get(record, {}).get(_FORM, set())
            found |= {Form(rank, text, language, graph.is_veiled(record)) for text, language in said}
    return found


def _used(graph: _Graph) -> dict[str, set[Form]]:
    """Give the names that sources use, by what they call so: of recorded claims, veiled as these are."""
    found: dict[str, set[Form]] = defaultdict(set)
    for claim, links in graph.links.items():
        if _CALLED not in links.get(_PREDICATE, ()) or _RECORDED not in links.get(KG + "status", ()):
            continue
        for record in links.get(_OBJECT, ()):
            veiled = graph.is_veiled(claim) or graph.is_veiled(record)
            for text, language in graph.texts.get(record, {}).get(_FORM, set()):
                form = Form(KINDS.index(USED), text, language, veiled)
                for subject in links.get(_SUBJECT, ()):
                    found[subject].add(form)
    return found


def _once(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Give *forms* that can be searched, the best kind of each text and language; one that stands open somewhere is not veiled."""
    found: dict[tuple[str, str], Form] = {}
    for form in sorted(forms, key=lambda form: (form.veiled, form)):
        if fold(form.text):
            found.setdefault((form.text, form.language), form)
    return tuple(sorted(found.values()))


def _kinds(graph: _Graph, iri: str, own: tuple[str, str] | None) -> tuple[str, ...]:
    """Give what *iri* is: its type first, then its classes."""
    classes = sorted(kind for each in graph.of(iri, _TYPE) if (kind := kind_of(wording.local(each))))
    return tuple(dict.fromkeys((*([own[0]] if own else ()), *classes))) or ("thing",)


def kind_of(word: str) -> str:
    """Give *word* as the name of a kind: one word in small letters.

    >>> kind_of("PersonObservation"), kind_of("Photo-graph")
    ('personobservation', 'photograph')
    """
    return fold(word).replace(" ", "")


def _role(graph: _Graph, iri: str, labels: _Labels, authors: set[str]) -> str:
    """Say who the person *iri* is: by occupation or role, as an author, else by where the person was seen."""
    found = graph.of(iri, _OCCUPATION) or graph.of(iri, _ROLE)
    if not found and iri in authors:
        return "author"
    said = [labels.of(each) for each in sorted(found or graph.of(iri, _SEEN))]
    return "; ".join(text for text, _ in filter(None, said))


class _Labels:
    """The labels of *graph*, in the first of *languages* that there is one in."""

    def __init__(self, graph: _Graph, languages: Sequence[str]) -> None:
        self._graph = graph
        self._rank = {language: number for number, language in enumerate((*languages, ""))}

    def of(self, iri: str) -> tuple[str, str] | None:
        """Give the label of *iri* and its language, None where it has none."""
        said = self._graph.texts.get(iri, {})
        found = (
            (self._rank.get(language, len(self._rank)), place, text, language)
            for place, property in enumerate(_DIRECT)
            for text, language in said.get(property, ())
            if _DIRECT[property] not in (HIDDEN, "variant")
        )
        best = min(found, default=None)
        return best and best[2:]


__all__ = ["KINDS", "PROPERTIES", "RECORDS", "Form", "Named", "kind_of", "named", "relevant"]
