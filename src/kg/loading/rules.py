"""The rules on files: those of the profile ``attest``, and the two that hold for any data.

They are what SHACL cannot say, since it sees neither files nor graphs: where a triple stands, how a literal
is written, which names may be coined. Sections 1, 6 and 7 of the model.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Set
from functools import partial, reduce
from operator import or_
from typing import Final

import pyoxigraph as ox

from kg.loading import literals as literal_forms
from kg.loading import screening
from kg.loading.doubt import Doubt
from kg.loading.parts import Part, Term
from kg.loading.terms import Terms, name_fault, sound_names
from kg.names import RDF, Base
from kg.positions import Position
from kg.project import CONFIGURATION, REDACTIONS, Project
from kg.validation import Finding

_TYPE: Final = RDF + "type"
_JSON_TAG: Final = re.compile(
    rb'"@language"\s*:\s*"([^"]*[A-Z][^"]*)"|xml:lang\s*=\s*["\']([^"\']*[A-Z][^"\']*)'
)


def attest(parts: list[Part], project: Project, repeated: Set[int]) -> Iterator[Finding]:
    """Give what breaks the rules of the profile ``attest`` in *parts*, whose marks may be *repeated*, each finding at its place."""
    terms = Terms.of(parts, project)
    typed = (part.kept("claims", terms, partial(_claims, part, terms)) for part in parts)
    claims: set[Term] = set().union(*typed)
    doubt = reduce(or_, (part.doubt for part in parts), Doubt())
    vocabulary = project.base.graph("vocab")
    yield from _places(project, any(part.file.graph == vocabulary for part in parts))
    yield from _graphs(parts, project)
    for part in parts:
        yield from part.kept("form", None, partial(_form, part))
        marked = part.kept("marked", terms, partial(_marked, part, terms))
        yield from _generated(part, marked, terms, claims, doubt)
        yield from part.kept("names", terms, partial(_named, part, project.base, terms))
    yield from _twice(parts, repeated, project.base)


def repeated(parts: Iterable[Part]) -> set[int]:
    """Give the marks of the triples that stand in *parts* more than once."""
    seen, again = set[int](), set[int]()
    for part in parts:
        own = set(part.marks)
        if len(own) < len(part.marks):
            again.update(mark for mark, number in Counter(part.marks).items() if number > 1)
        if not own.isdisjoint(seen):
            again |= own & seen
        seen |= own
    return again


def _claims(part: Part, terms: Terms) -> set[Term]:
    return {quad.subject for quad in part.groups.get(_TYPE, ()) if quad.object in terms.claim_classes}


def _form(part: Part) -> list[Finding]:
    """Give what the file alone tells."""
    return [*_blank_nodes(part), *_own_graphs(part), *_literal_forms(part), *_unnormalised(part)]


def _marked(part: Part, terms: Terms) -> list[ox.Quad]:
    marked = {node.value for node in terms.publishable | terms.claim_only} & part.groups.keys()
    return [quad for name in marked for quad in part.groups[name]]


def _places(project: Project, has_ontology: bool) -> Iterator[Finding]:
    for path, sentence in project.misplaced():
        name = project.name(path)
        yield Finding(
            "violation", sentence, "file-place", "move it, or take it out", file=name, line=1, column=1
        )
    if not has_ontology:
        line, column = project.setting(CONFIGURATION, "profiles")
        yield Finding(
            "violation",
            "there is no ontology/kg.ttl, and the profile attest needs its terms",
            "ontology",
            "bring the file back, or set profiles = [] in kg.toml",
            file=CONFIGURATION,
            line=line,
            column=column,
        )


def _graphs(parts: list[Part], project: Project) -> Iterator[Finding]:
    head = project.base.graph("")
    for graph in sorted({part.file.graph for part in parts if part.file.graph}):
        name = graph.removeprefix(head)
        if name not in project.graphs and name != REDACTIONS:
            line, column = project.setting(CONFIGURATION, "graphs")
            yield Finding(
                "warning",
                f"the graph {name} has no title and licence of its own",
                "graph-licence",
                f'add [graphs."{name}"] with title and licence',
                file=CONFIGURATION,
                line=line,
                column=column,
            )


def _blank_nodes(part: Part) -> Iterator[Finding]:
    if part.labels:
        for place in part.blank_places() or [Position(0, 0)]:
            yield part.finding(
                "violation",
                "a blank node stands here, which nobody can cite",
                "blank-node",
                "give it an IRI, as selector:… or relay:…",
                at=place,
            )


def _own_graphs(part: Part) -> Iterator[Finding]:
    if part.file.graph is None:
        return
    for graph in part.named:
        yield part.finding(
            "violation",
            f"the file names the graph {graph} itself, and its place says which graph it fills",
            "named-graph",
            "take the graph's name out, or move the statements to a file of that graph",
            at=part.first(graph),
        )


def _generated(
    part: Part, marked: list[ox.Quad], terms: Terms, claims: set[Term], doubt: Doubt
) -> Iterator[Finding]:
    wrong = {
        quad
        for quad in marked
        if quad.predicate not in terms.publishable
        or not (quad.subject in claims or doubt.about(str(quad.subject)))
    }
    for quad in [quad for quad in part.quads if quad in wrong] if wrong else ():
        name = part.base.compact(quad.predicate.value)
        if quad.predicate in terms.publishable:
            yield part.finding(
                "violation",
                f"{name} is written by the build only, from claims that agree or a decision",
                "publishable",
                f"record a claim with rdf:predicate {name}, and take this statement out",
                about=quad,
            )
        else:
            yield part.finding(
                "violation",
                f"{name} never stands as a plain statement, only as the rdf:predicate of a claim",
                "claim-only",
                f"record a claim with rdf:predicate {name}, and take this statement out",
                about=quad,
            )


def _literal_forms(part: Part) -> Iterator[Finding]:
    typed = part.inventory.typed
    refused = literal_forms.unwanted(quad.object for quad in typed if isinstance(quad.object, ox.Literal))
    for quad in typed if refused else ():
        if isinstance(quad.object, ox.Literal) and (words := refused.get(quad.object)):
            yield part.finding("violation", words[0], "literal-form", words[1], about=quad)
    for tag, place in capital_tags(part):
        yield part.finding(
            "violation",
            f"the language tag @{tag} has capitals, which a store does not keep",
            "literal-form",
            f"write @{tag.lower()}",
            at=place,
        )


def capital_tags(part: Part) -> Iterator[tuple[str, Position]]:
    """Give the language tags with capitals as the file writes them; the parser has them in lower case."""
    if not part.capitals:
        return
    data = part.data
    if part.file.format in screening.TERSE:
        found = (
            (token.language, token.offset)
            for token in screening.tokens(data)
            if token.language != token.language.lower()
        )
    else:
        found = (((m[1] or m[2]).decode(), m.start()) for m in _JSON_TAG.finditer(data))
    for tag, offset in found:
        yield tag, Position(*screening.place(data, offset))


def _named(part: Part, base: Base, terms: Terms) -> list[Finding]:
    return list(_names(part, base, terms))


def _names(part: Part, base: Base, terms: Terms) -> Iterator[Finding]:
    stands = part.inventory
    used = stands.subjects.union(part.groups, stands.objects, stands.datatypes)
    sound = sound_names(base).fullmatch
    faults = {iri: words for iri in used if not sound(iri) and (words := name_fault(iri, base, terms))}
    ordered = {term.value: term for quad in part.quads for term in _iris(quad)} if faults else {}
    for iri, term in ordered.items():
        if words := faults.get(iri):
            yield part.finding("violation", words[1], words[0], words[2], at=part.first(term))


def _iris(quad: ox.Quad) -> Iterator[ox.NamedNode]:
    for term in quad.triple:
        if isinstance(term, ox.NamedNode):
            yield term
        elif isinstance(term, ox.Literal):
            yield term.datatype


def _denormal(quads: Iterable[ox.Quad]) -> dict[Term, None]:
    return {
        term: None
        for quad in quads
        for term in quad.triple
        if isinstance(term, (ox.NamedNode, ox.Literal)) and not unicodedata.is_normalized("NFC", term.value)
    }


def _unnormalised(part: Part) -> Iterator[Finding]:
    for term in () if part.composed else _denormal(part.quads):
        yield part.finding(
            "warning",
            f"{term} is not in the normal form NFC, so that it equals no text that looks the same",
            "nfc",
            f"write {unicodedata.normalize('NFC', str(term))}, typed anew",
            at=part.first(term),
        )


def _twice(parts: list[Part], repeated: Set[int], base: Base) -> Iterator[Finding]:
    seen: dict[ox.Triple, tuple[Part, ox.Quad]] = {}
    for part in parts if repeated else ():
        for quad in [quad for quad, mark in zip(part.quads, part.marks, strict=True) if mark in repeated]:
            first, other = seen.setdefault(quad.triple, (part, quad))
            if other.graph_name != quad.graph_name:
                place = first.place(other.subject, other.predicate, other.object)
                line = f":{place.line}:{place.column}" if place.line else ""
                yield part.finding(
                    "violation",
                    f"this statement stands in a second graph; the first place is {first.name}{line} "
                    f"({base.compact(str(other.graph_name)[1:-1])})",
                    "two-graphs",
                    "keep it in one of the two",
                    about=quad,
                )


def any_data(part: Part) -> Iterator[Finding]:
    """Give the warnings that hold for data of no profile: at most one of a kind for a file."""
    tally = Tally()
    tally.literals(quad.object for quad in part.quads if isinstance(quad.object, ox.Literal))
    if not part.composed:
        tally.terms(part.quads)
    yield from tally.findings(part)


class Tally:
    """What those warnings are about, counted as the quads of a file pass.

    It holds the terms that are not in NFC, of which there should be few, and no others.
    """

    def __init__(self) -> None:
        self._rewritten = 0
        self._example: tuple[ox.Literal, ox.Literal] | None = None
        self._denormal: dict[Term, None] = {}

    def literals(self, literals: Iterable[ox.Literal]) -> None:
        """Count those of *literals* that a store rewrites."""
        some = list(literals)
        changed = literal_forms.rewritten(some)
        if changed:
            self._rewritten += sum(literal in changed for literal in some)
            example = next(literal for literal in some if literal in changed)
            self._example = self._example or (example, changed[example])

    def terms(self, quads: Iterable[ox.Quad]) -> None:
        """Count the terms of *quads* that are not in the normal form NFC."""
        self._denormal |= _denormal(quads)

    def findings(self, part: Part) -> Iterator[Finding]:
        """Give the warnings about the file of *part*."""
        if self._example is not None:
            was, becomes = map(literal_forms.turtle, self._example)
            yield part.finding(
                "warning",
                f"a store rewrites {self._rewritten} of the literals here, as {was} to {becomes}; the downloads keep their form",
                "literal-form",
            )
        if self._denormal:
            yield part.finding(
                "warning",
                f"{len(self._denormal)} terms here are not in the normal form NFC, as {next(iter(self._denormal))}",
                "nfc",
                "normalise the file, unless the difference is meant",
            )
