"""Passages in RDF: text versions and passages read from quads, and the Turtle of a new anchor.

A passage is an ``oa:SpecificResource`` of a ``kg:TextVersion`` with an ``oa:TextPositionSelector`` of its own
(Web Annotation Data Model, §4.2); a part of it is a second selector, which the first names by
``oa:refinedBy`` and whose positions count from the passage's start.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox

from kg.errors import EvidenceError
from kg.evidence import Anchor, Part, Passage, TextVersion
from kg.names import KG, OA, RDF, SLUG, XSD, Base, is_iri
from kg.triples import ByProperty

Node = ox.NamedNode | ox.BlankNode
Term = Node | ox.Literal | ox.Triple

_TYPE: Final = RDF + "type"
READ: Final = (
    _TYPE, OA + "hasSource", OA + "hasSelector", OA + "refinedBy", OA + "start", OA + "end", KG + "passage", KG + "digest",
    KG + "length", KG + "textDigest", KG + "capturedDigest", KG + "versionOf",
)  # fmt: skip
"""The properties that :func:`read` looks at."""
_SOURCE: Final = Base()
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,15}")


def read(quads: Iterable[ox.Quad]) -> tuple[list[TextVersion], list[Passage]]:
    """Read the text versions, by IRI, and their passages, by text and position, of a dataset.

    Graphs make no difference. A passage is what has a ``kg:digest``, a text version as its source, or a record
    that names it by ``kg:passage``; its claims are those of the records that are a ``kg:Claim``. Raises
    EvidenceError, which names the resource, for a version or passage without exactly one of each value that
    it needs, for a value of another kind, and for what :mod:`kg.evidence` refuses.
    """
    data = _Statements(quads)
    texts = data.instances(KG + "TextVersion")
    claims = data.instances(KG + "Claim")
    records = data.by_passage()
    anchored = (
        set(records)
        | {node for node, _ in data.all(KG + "digest")}
        | {node for node, sources in data.all(OA + "hasSource") if not texts.isdisjoint(sources)}
    )
    return (
        sorted((data.version(text) for text in sorted(texts, key=_name)), key=lambda version: version.iri),
        sorted(
            (data.passage(node, texts, records[node] & claims) for node in sorted(anchored, key=_name)),
            key=lambda passage: (passage.text, passage.start, passage.end, passage.iri),
        ),
    )


def turtle(
    anchor: Anchor, slug: str, *, text: str, stands_in: str | None = None, base: Base = _SOURCE
) -> str:
    """Give the Turtle of a new passage: ``passage:<slug>`` with its ``selector:<slug>``.

    *text* is the IRI of its text version, *stands_in* that of the caption, article or comment that it belongs
    to; they may be on *base*, the Turtle is on the base of all source files. Raises EvidenceError for a slug
    or an IRI that cannot be one.
    """
    place = f" ;\n    kg:standsIn {_prefixed(stands_in, base)}" if stands_in is not None else ""
    return _with_prefixes(
        f"passage:{_slug(slug)} a oa:SpecificResource ;\n"
        f"    oa:hasSource {_prefixed(text, base)} ;\n"
        f"    oa:hasSelector selector:{slug}{place} ;\n"
        f'    kg:digest "{anchor.digest}" .\n'
        f"selector:{slug} a oa:TextPositionSelector ; oa:start {anchor.start} ; oa:end {anchor.end} .\n"
    )


def part_turtle(span: tuple[int, int], slug: str, *, passage: str) -> str:
    """Give the Turtle of a part: ``selector:<slug>``, which refines the selector of a passage.

    *span* counts from the passage's start; *passage* is the slug of the passage, which its selector shares.
    Raises EvidenceError for a slug that cannot be one, or that is the passage's own.
    """
    if _slug(passage) == _slug(slug):
        raise EvidenceError(f"the part {slug} has the slug of its passage", remedy="give it one of its own")
    return _with_prefixes(
        f"selector:{passage} oa:refinedBy selector:{slug} .\n"
        f"selector:{slug} a oa:TextPositionSelector ; oa:start {span[0]} ; oa:end {span[1]} .\n"
    )


class _Statements:
    """The statements of a dataset by subject and predicate, and what they say of texts and passages."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._objects: defaultdict[str, defaultdict[Node, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for quad in ByProperty.of(quads).having(*READ):
            if isinstance(quad.subject, Node):
                self._objects[quad.predicate.value][quad.subject].add(quad.object)

    def all(self, predicate: str) -> Iterable[tuple[Node, set[Term]]]:
        return self._objects[predicate].items()

    def instances(self, kind: str) -> set[Node]:
        return {node for node, kinds in self.all(_TYPE) if ox.NamedNode(kind) in kinds}

    def by_passage(self) -> defaultdict[Node, set[Node]]:
        records: defaultdict[Node, set[Node]] = defaultdict(set)
        for record, passages in self.all(KG + "passage"):
            for passage in passages:
                if not isinstance(passage, Node):
                    raise _wrong(record, KG + "passage", "a resource")
                records[passage].add(record)
        return records

    def version(self, node: Node) -> TextVersion:
        return TextVersion(
            _name(node),
            self._integer(node, KG + "length"),
            self._string(node, KG + "textDigest"),
            self._string(node, KG + "capturedDigest"),
            _name(self._node(node, KG + "versionOf")) if node in self._objects[KG + "versionOf"] else "",
        )

    def passage(self, node: Node, texts: set[Node], claims: set[Node]) -> Passage:
        text, selector = self._node(node, OA + "hasSource"), self._node(node, OA + "hasSelector")
        if text not in texts:
            raise EvidenceError(
                f"{_name(node)} stands in {_name(text)}, which is no text version here",
                remedy="record the text version with its digests and its length, or correct oa:hasSource",
            )
        parts = (self._part(selector, part) for part in self._objects[OA + "refinedBy"].get(selector, ()))
        return Passage(
            _name(node),
            _name(text),
            self._integer(selector, OA + "start"),
            self._integer(selector, OA + "end"),
            self._string(node, KG + "digest"),
            tuple(sorted(map(_name, claims))),
            tuple(sorted(parts, key=lambda part: (part.start, part.end, part.iri))),
        )

    def _part(self, selector: Node, part: Term) -> Part:
        if not isinstance(part, Node):
            raise _wrong(selector, OA + "refinedBy", "a resource")
        return Part(_name(part), self._integer(part, OA + "start"), self._integer(part, OA + "end"))

    def _one(self, node: Node, predicate: str) -> Term:
        found = self._objects[predicate].get(node, set())
        if len(found) != 1:
            raise EvidenceError(
                f"{_name(node)} has {len(found) or 'no'} values of {_SOURCE.compact(predicate)} and needs one",
                remedy="write what `kg anchor` prints",
            )
        return next(iter(found))

    def _node(self, node: Node, predicate: str) -> Node:
        found = self._one(node, predicate)
        if not isinstance(found, Node):
            raise _wrong(node, predicate, "a resource")
        return found

    def _string(self, node: Node, predicate: str) -> str:
        found = self._one(node, predicate)
        if not isinstance(found, ox.Literal) or found.datatype.value != XSD + "string":
            raise _wrong(node, predicate, "a plain string")
        return found.value

    def _integer(self, node: Node, predicate: str) -> int:
        found = self._one(node, predicate)
        if not isinstance(found, ox.Literal) or found.datatype.value != XSD + "integer":
            raise _wrong(node, predicate, "an integer")
        if not _INTEGER.fullmatch(found.value):
            raise _wrong(node, predicate, "a usable integer")
        return int(found.value)


def _wrong(node: Node, predicate: str, wanted: str) -> EvidenceError:
    return EvidenceError(
        f"{_name(node)} has a value of {_SOURCE.compact(predicate)} that is not {wanted}",
        remedy="write what `kg anchor` prints",
    )


def _name(node: Node) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def _slug(slug: str) -> str:
    if not SLUG.fullmatch(slug):
        raise EvidenceError(
            f"{slug!r} is no slug", remedy="use lower-case letters, digits and single hyphens"
        )
    return slug


def _prefixed(iri: str, base: Base) -> str:
    if not is_iri(iri):
        raise EvidenceError(f"{iri!r} is not an absolute IRI", remedy="give an IRI, as https://…/id/text/…")
    written = base.unbase(iri)
    name = _SOURCE.compact(written)
    return name if name != written else f"<{written}>"


def _with_prefixes(statements: str) -> str:
    used = set(re.findall(r"(?<![\w<])[a-z]+(?=:)", statements))
    header = (
        f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(_SOURCE.prefixes().items()) if name in used
    )
    return "".join(header) + "\n" + statements
