"""Summaries: the document about a resource as plain JSON, for programs that know nothing of RDF.

It says what the other forms say, arranged for reading: properties with labels and values, claims with amounts, words,
voices and evidence, and what refers to the resource. docs/http.md lists the members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import pyoxigraph as ox

from kg.archive import Archive
from kg.documents.addresses import Addresses
from kg.documents.contents import Contents
from kg.documents.descriptions import Term
from kg.formats import as_json
from kg.names import KG, OA, RDF, XSD
from kg.rows import IRI, value, written
from kg.triples import Index
from kg.views import Claim

_Object = dict[str, Any]
_STRING: Final = XSD + "string"


class Summaries:
    """The documents about what *archive* holds, as JSON; links in them are made by *addresses*."""

    def __init__(self, archive: Archive, addresses: Addresses) -> None:
        self._archive = archive
        self._addresses = addresses

    def of(self, contents: Contents, links: Mapping[str, str], *, living: bool) -> bytes:
        """Give what *contents* say, with *links* to other pages of it by name; *living*: it is of whoever may be living."""
        return _Summary(self._archive, self._addresses, contents).json(links, living)


class _Summary:
    def __init__(self, archive: Archive, addresses: Addresses, contents: Contents) -> None:
        self._archive = archive
        self._addresses = addresses
        self._contents = contents
        self._names = contents.names

    def json(self, links: Mapping[str, str], living: bool) -> bytes:
        contents = self._contents
        claims = self._claims()
        itself = next((claim for claim in claims if claim.iri == contents.iri), None)
        found = self._named(contents.iri) | {
            "language": self._names[contents.iri].language,
            "types": [self._named(iri) for iri in sorted(contents.types)],
            "veiled": contents.iri in self._archive.veiled or (itself is not None and itself.veiled),
            "may_be_living": living,
        }
        if contents.incoming.page == 1:
            found |= self._statements()
            index = Index.of(ox.Quad(each.subject, each.predicate, each.object) for each in contents.said)
            found["claims"] = [self._claim(claim, index) for claim in claims]
        incoming = contents.incoming
        found["incoming"] = {
            "page": incoming.page,
            "total": incoming.total,
            "statements": [
                {
                    "subject": self._value(triple.subject),
                    "property": self._named(triple.predicate.value),
                }
                for triple in incoming.statements
            ],
            **links,
        }
        return as_json(found)

    def _statements(self) -> _Object:
        """Give the properties of the resource, and the resources without names that it leads to, by their labels."""
        said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in sorted(self._contents.own, key=str):
            said[str(triple.subject)][triple.predicate.value].append(triple.object)
        itself = said.pop(f"<{self._contents.iri}>", {})
        nodes = {node: self._properties(each) for node, each in said.items()}
        return {"properties": self._properties(itself), **({"unnamed": nodes} if nodes else {})}

    def _properties(self, said: Mapping[str, Iterable[Term]]) -> list[_Object]:
        return [
            self._named(predicate) | {"values": [self._value(term) for term in terms]}
            for predicate, terms in said.items()
        ]

    def _named(self, iri: str) -> _Object:
        name = self._names.get(iri)
        return {"iri": iri, "label": name.text if name else self._archive.base.compact(iri)}

    def _value(self, term: Term) -> _Object:
        if isinstance(term, ox.NamedNode):
            here = self._names[term.value].described
            return self._named(term.value) | ({"href": self._addresses.of(term.value)} if here else {})
        if not isinstance(term, ox.Literal):
            return {"unnamed" if isinstance(term, ox.BlankNode) else "statement": str(term)}
        if term.language:
            return {"value": term.value, "language": term.language}
        datatype = term.datatype.value
        return {"value": _plain(term), **({"datatype": datatype} if datatype != _STRING else {})}

    def _claims(self) -> list[Claim]:
        """Give the claims that the document has in full, in order of report: of a claim itself and its premises too."""
        if not self._contents.attest or self._contents.incoming.page > 1:
            return []
        kind = ox.NamedNode(KG + "Claim")
        iris = {
            triple.subject.value
            for triple in self._contents.said
            if triple.predicate.value == RDF + "type"
            and triple.object == kind
            and isinstance(triple.subject, ox.NamedNode)
        }
        claims = [self._archive.claim(iri) for iri in iris]
        return sorted(claims, key=lambda claim: (claim.as_of is None, str(claim.as_of), claim.iri))

    def _claim(self, claim: Claim, index: Index) -> _Object:
        node = ox.NamedNode(claim.iri)

        def named(iri: IRI | None) -> _Object | None:
            return {"iri": iri, "label": self._archive.label(iri)} if iri is not None else None

        object = claim.object
        return {
            "iri": claim.iri,
            "kind": claim.kind,
            "subject": named(claim.subject),
            "property": named(claim.predicate),
            "object": named(object) if isinstance(object, IRI) else {"value": written(object)},
            "words": claim.words,
            "sentence": claim.sentence,
            "denied": claim.denied,
            "derived": claim.derived,
            "comparator": claim.comparator,
            "amount": claim.amount,
            "lower_bound": claim.lower,
            "upper_bound": claim.upper,
            "unit": named(claim.unit),
            "population": named(claim.population),
            "place_scope": named(claim.place),
            "scope_from": written(claim.scope_from),
            "scope_to": written(claim.scope_to),
            "scope_duration": claim.scope_duration or "",
            "as_of": written(claim.as_of),
            "voices": [
                {"iri": voice.iri, "label": voice.label, "part": voice.part} for voice in claim.voices
            ],
            "evidence": [
                *map(self._passage_in(index), index.all(node, KG + "passage")),
                *map(self._citation_in(index), index.all(node, KG + "citation")),
            ],
            "caveats": list(claim.caveats),
            "veiled": claim.veiled,
            "href": self._addresses.of(claim.iri),
        }

    def _passage_in(self, index: Index) -> Callable[[Term], _Object]:
        def passage(term: Term) -> _Object:
            selector = index.one(term, OA + "hasSelector")
            return {
                "passage": _text(term),
                "document": self._label(index.one(term, KG + "standsIn")),
                "text": _text(index.one(term, OA + "hasSource")),
                "start": _plain(index.one(selector, OA + "start")),
                "end": _plain(index.one(selector, OA + "end")),
                "digest": _text(index.one(term, KG + "digest")),
            }

        return passage

    def _citation_in(self, index: Index) -> Callable[[Term], _Object]:
        def named(term: Term, property: str) -> list[_Object]:
            return [{"iri": _text(each), "label": self._label(each)} for each in index.all(term, property)]

        def citation(term: Term) -> _Object:
            return {
                "citation": _text(term),
                "works": named(term, KG + "work"),
                "read_in": named(term, KG + "readIn"),
                "locators": list(map(_text, index.all(term, KG + "locator"))),
                "read_on": _text(index.one(term, KG + "readOn")),
                "level": self._label(index.one(term, KG + "evidenceLevel")),
            }

        return citation

    def _label(self, term: Term | None) -> str:
        return self._archive.label(value(term))


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


def _plain(term: Term | None) -> str | int | bool:
    """Give a number or a truth value as such, everything else as text."""
    read = value(term)
    return read if isinstance(read, bool | int) else _text(term)
