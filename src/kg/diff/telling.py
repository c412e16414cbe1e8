"""Telling: from the statements that two sides do not share to what has become of each resource, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg import wording
from kg.diff import claims
from kg.diff.claims import Decisions
from kg.diff.difference import FATES, Fate, Statement, Told
from kg.diff.discretion import Discretion
from kg.diff.facts import Facts
from kg.names import KG, RDF, RDFS, SKOS, Base
from kg.record import natural
from kg.triples import Term

KINDS: Final = {
    "claim": "claim", "decision": "editorial decision", "event": "event", "person": "person", "photo": "photograph", "caption": "caption",
    "place": "place", "org": "organisation", "actor": "collective actor", "voice": "voice", "group": "group", "obs": "observation",
    "work": "work", "source": "source", "comment": "comment", "route": "route", "name": "name form", "anomaly": "anomaly", "concept": "term",
    "text": "text version", "passage": "passage", "selector": "position", "citation": "citation", "relay": "link of relay", "leg": "leg",
    "activity": "activity",
}  # fmt: skip
"""What a resource of each type is called, in the order in which they are told of."""
RESOURCE: Final = "resource"

_SUPPORTING: Final = frozenset({"passage", "selector", "citation", "relay", "leg"})
"""Types of records that others rest on: where they came or went they are counted only."""
_DERIVED: Final = frozenset(
    {KG + name for name in ("relay", "relayedBy", "agent", "position")}
    | {SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel")}
    | {RDF + "type", RDFS + "label"}
)
"""What the build writes of chains of voices and of names, beside the statements that it publishes."""
_NAMING: Final = (RDF + "subject", RDF + "predicate", RDF + "object", KG + "claimant")
"""What the sentence of a claim names."""
_VEILED: Final = "something that is veiled"
_NAMELESS: Final = "a resource without a name"
_WORDS: Final = {RDF + "type": "kind"}
_DEPTH: Final = 3
_REASONS: Final = 3


@dataclass(slots=True)
class Parts:
    """The statements about one resource that only one side has; the published ones apart."""

    removed: list[ox.Triple] = field(default_factory=list)
    added: list[ox.Triple] = field(default_factory=list)
    withdrawn: list[ox.Triple] = field(default_factory=list)
    published: list[ox.Triple] = field(default_factory=list)

    def put(self, triple: ox.Triple, *, new: bool, published: bool) -> None:
        """Add *triple*, which only the *new* side has, or the old one."""
        if published:
            (self.published if new else self.withdrawn).append(triple)
        else:
            (self.added if new else self.removed).append(triple)


@dataclass(slots=True)
class Counts:
    """What is counted and not told: ``veiled`` resources; statements that are ``untold``, ``moved`` and ``derived``, and all ``plus`` and ``minus``."""

    veiled: int = 0
    untold: int = 0
    moved: int = 0
    derived: int = 0
    plus: int = 0
    minus: int = 0
    kinds: list[tuple[str, Fate, str]] = field(default_factory=list)


def parted(
    removed: Iterable[ox.Quad],
    added: Iterable[ox.Quad],
    sides: tuple[Facts, Facts],
    base: Base,
    counts: Counts,
) -> dict[str, Parts]:
    """Give the statements that only one side has by what they are about; those that only changed their graph, and derived ones, are counted."""
    published = base.graph("published")
    found: dict[str, Parts] = defaultdict(Parts)
    moved, derived = set[ox.Triple](), set[ox.Triple]()
    for number, quads in enumerate((removed, added)):
        other, own = sides[1 - number], sides[number]
        seen = set[ox.Triple]()
        for quad in quads:
            triple = quad.triple
            if triple in seen:
                continue
            seen.add(triple)
            subject = own.nameless.owner(quad.subject)
            iri = subject.value if isinstance(subject, ox.NamedNode) else ""
            if (
                isinstance(quad.subject, ox.NamedNode)
                and not isinstance(quad.object, ox.BlankNode)
                and any(each.triple == triple for each in other.about(iri))
            ):
                moved.add(triple)
                continue
            built = isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value == published
            if built and quad.predicate.value in _DERIVED:
                derived.add(triple)
                continue
            found[iri].put(triple, new=bool(number), published=built)
    counts.moved, counts.derived = len(moved), len(derived)
    return found


class Telling:
    """Words what became of resources between two *sides* on *base*, within *discretion*, and counts in *counts* what is not told of."""

    def __init__(
        self,
        sides: tuple[Facts, Facts],
        base: Base,
        discretion: Discretion,
        decisions: Decisions,
        counts: Counts,
    ) -> None:
        self._before, self._now = self._sides = sides
        self._base = base
        self._discretion = discretion
        self._decisions = decisions
        self._counts = counts
        self._parts: dict[str, Parts] = {}

    def of(self, parts: dict[str, Parts]) -> tuple[Told, ...]:
        """Tell of all *parts*, in order: by kind, fate and name."""
        self._parts = parts
        told = [each for iri in sorted(parts) for each in self._resource(iri, parts[iri])]
        kinds = {kind: number for number, kind in enumerate(KINDS.values())}
        return tuple(
            sorted(
                told,
                key=lambda each: (
                    kinds.get(each.kind, len(kinds)),
                    FATES.index(each.fate),
                    natural(each.document),
                    natural(each.label),
                    each.iri,
                ),
            )
        )

    def _resource(self, iri: str, part: Parts) -> Iterator[Told]:
        size = sum(map(len, (part.removed, part.added, part.withdrawn, part.published)))
        if iri and self._discretion.falls(iri):
            self._counts.untold += size
            return
        if iri and self._discretion.veils(iri):
            self._counts.veiled += 1
            return
        if part.removed or part.added:
            yield from self._own(iri, part)
        if not (part.withdrawn or part.published):
            return
        if self._rests_on_what_is_veiled(iri, part):
            self._counts.veiled += 1
            return
        added, removed = self._words(self._now, part.published), self._words(self._before, part.withdrawn)
        label = self._label(iri)
        if (added or removed) and not self._unspeakable(label, len(added) + len(removed)):
            because = "; ".join(self._causes(iri, part))
            yield Told(
                iri=iri,
                kind=self._kind(iri),
                fate="published otherwise",
                label=label,
                because=because,
                added=added,
                removed=removed,
                names=self._named(iri, (*part.withdrawn, *part.published), [*self._claims_about(iri)]),
            )

    def _rests_on_what_is_veiled(self, iri: str, part: Parts) -> bool:
        """Tell whether a claim that is veiled bears on what is published about *iri*."""
        wanted = {triple.predicate.value for triple in (*part.withdrawn, *part.published)}
        bearing = {
            *self._discretion.veiled_of.get(iri, ()),
            *filter(self._discretion.veils, self._claims_about(iri)),
        }
        return any(claims.supports(side, each, iri, wanted) for each in bearing for side in self._sides)

    def _own(self, iri: str, part: Parts) -> Iterator[Told]:
        """Tell of what is recorded about *iri* itself."""
        claim = bool(iri) and claims.is_claim(self._sides, iri)
        fate = self._fate(iri, part, claim)
        kind = self._kind(iri)
        side = self._before if fate == "no longer there" else self._now
        document = claims.document(side, iri) if claim else ""
        was = self._before.record.sentence(ox.NamedNode(iri)) if claim and fate not in ("added", "no longer there") else ""  # fmt: skip
        label = side.record.sentence(ox.NamedNode(iri)) if claim else self._label(iri)
        said_by = claims.said_by(side, iri) if claim else ""
        if self._unspeakable(" ".join((label, was, document, said_by)), len(part.removed) + len(part.added)):
            return
        added, removed = self._words(self._now, part.added), self._words(self._before, part.removed)
        if not (added or removed):
            return
        self._counts.kinds.append((kind, fate, document))
        whole = fate in ("added", "no longer there")
        if whole and self._type(iri) in _SUPPORTING:
            return
        if whole and self._type(iri):  # what a record says stands in its label, or on its page
            added = removed = ()
        yield Told(
            iri=iri,
            kind=kind,
            fate=fate,
            label=label,
            was=was if was != label else "",
            said_by=said_by,
            document=document,
            because=self._because(iri) if fate in ("withdrawn", "marked as an extraction error") else "",
            added=added,
            removed=removed,
            names=self._named(iri, (*part.removed, *part.added), [iri] if claim else []),
        )

    def _fate(self, iri: str, part: Parts, claim: bool) -> Fate:
        if not iri:
            return "changed" if part.removed and part.added else "added" if part.added else "no longer there"
        if not self._before.about(iri):
            return "added"
        if not self._now.about(iri):
            return "no longer there"
        return claims.fate(self._before, self._now, iri) if claim else "changed"

    def _type(self, iri: str) -> str:
        named = self._base.split(iri)
        return named[0] if named and named[0] in KINDS else ""

    def _kind(self, iri: str) -> str:
        return KINDS.get(self._type(iri), RESOURCE)

    def _label(self, iri: str) -> str:
        if not iri:
            return _NAMELESS
        side = self._now if self._now.about(iri) else self._before
        return side.label(iri)

    def _because(self, iri: str) -> str:
        """Give the reasons for what the project does with the claim *iri*, as sentences without their full stops."""
        found = [
            reason.removesuffix(".")
            for record, reason in self._decisions.reasons(iri)
            if not (
                self._discretion.falls(record)
                or self._discretion.veils(record)
                or self._discretion.speaks(reason)
            )
        ]
        return "; ".join(dict.fromkeys(found))

    def _causes(self, iri: str, part: Parts) -> list[str]:
        """Give the changes of the record that bear on what is published about *iri*, the first few."""
        wanted = {triple.predicate.value for triple in (*part.withdrawn, *part.published)}
        bearing = [each for each in self._claims_about(iri) if any(claims.supports(side, each, iri, wanted) for side in self._sides)]  # fmt: skip
        found: list[str] = []
        for each in bearing:
            if each in self._parts and not self._discretion.falls(each):
                found.append(self._cause(each))
        for each in self._decisions.on(bearing):
            if each in self._parts and not (self._discretion.falls(each) or self._discretion.veils(each)):
                reasons = [text.value for text in self._now.all(ox.NamedNode(each), KG + "rationale") if isinstance(text, ox.Literal)]  # fmt: skip
                gone = not self._now.about(each)
                label = self._label(each)
                said = f"the decision “{label}” is no longer there" if gone else f"of the decision “{label}”" + "".join(f": {reason.removesuffix('.')}" for reason in reasons[:1])  # fmt: skip
                found.append(said)
        kept = [each for each in dict.fromkeys(found) if not self._discretion.speaks(each)]
        more = [f"{len(kept) - _REASONS} more"] if len(kept) > _REASONS else []
        return kept[:_REASONS] + more

    def _claims_about(self, iri: str) -> list[str]:
        """Give the changed claims about *iri*, and those that a changed decision is about."""
        return list(self._by_subject.get(iri, ()))

    @cached_property
    def _by_subject(self) -> dict[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        pointing = (KG + "decides", KG + "rejects")
        for each in sorted(filter(None, self._parts)):
            decided = [claim for side in self._sides for name in pointing for claim in side.iris(each, name)]
            for claim in (each, *decided):
                for side in self._sides:
                    for subject in side.iris(claim, RDF + "subject"):
                        found[subject][claim] = None
        return found

    def _cause(self, iri: str) -> str:
        if self._discretion.veils(iri):
            return "a claim that is veiled changed"
        fate = self._fate(iri, self._parts[iri], True)
        side = self._before if fate == "no longer there" else self._now
        because = self._because(iri) if fate in ("withdrawn", "marked as an extraction error") else ""
        verb = {"withdrawn": "was withdrawn", "added": "was added", "changed": "changed", "recorded again": "is recorded again"}.get(fate, f"is {fate}")  # fmt: skip
        return f"the claim “{side.record.sentence(ox.NamedNode(iri))}” {verb}" + (
            f": {because}" if because else ""
        )

    def _named(self, iri: str, triples: Iterable[ox.Triple], records: Iterable[str]) -> tuple[str, ...]:
        """Give the IRIs of what *triples*, and the claims *records*, name, but for *iri* itself."""
        found = {triple.object.value for triple in triples if isinstance(triple.object, ox.NamedNode)}
        for record in records:
            found.add(record)
            found |= {value for side in self._sides for name in _NAMING for value in side.iris(record, name)}
        return tuple(sorted(found - {iri}))

    def _unspeakable(self, text: str, size: int) -> bool:
        """Tell whether *text* names what is not public; *size* statements then are not told of."""
        if self._discretion.speaks(text):
            self._counts.untold += size
            return True
        return False

    # ------------------------------------------------------------------ statements

    def _words(self, side: Facts, triples: Iterable[ox.Triple]) -> tuple[Statement, ...]:
        """Give *triples* in words, without those that name what is not public, and count them all."""
        found = []
        for triple in triples:
            if isinstance(triple.object, ox.NamedNode) and self._discretion.gone(triple.object.value):
                self._counts.untold += 1
                continue
            said = Statement(
                self._property(side, triple.predicate.value), self._value(side, triple.object, 0)
            )
            if self._discretion.speaks(said.value):
                self._counts.untold += 1
                continue
            found.append(said)
        if side is self._now:
            self._counts.plus += len(found)
        else:
            self._counts.minus += len(found)
        return tuple(sorted(found))

    def _property(self, side: Facts, iri: str) -> str:
        return _WORDS.get(iri) or side.label(iri)

    def _value(self, side: Facts, term: Term, depth: int) -> str:
        if isinstance(term, ox.NamedNode):
            if self._discretion.veils(term.value):
                return _VEILED
            if self._discretion.gone(term.value):
                return "something that is not public"
            return (
                side.record.sentence(term) if side.is_a(term.value, claims.CLAIM) else side.label(term.value)
            )
        if isinstance(term, ox.Literal):
            return wording.date(term.value) if wording.is_edtf(term.datatype.value) else term.value
        if isinstance(term, ox.BlankNode) and depth < _DEPTH and (said := side.nameless.said.get(term)):
            inner = sorted(f"{self._property(side, each.predicate.value)}: {self._value(side, each.object, depth + 1)}" for each in said)  # fmt: skip
            return f"({'; '.join(inner)})"
        return _NAMELESS if isinstance(term, ox.BlankNode) else "a statement as a value"
