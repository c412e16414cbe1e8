"""Changes: what one release says of a resource and another did not, in words.

Compared are its own statements, those about the nodes without names that they lead to, and the recorded claims about it, each with the
evidence that it rests on. Nodes without names are known by what is said of them, since each build labels them anew. Of what was taken
back nothing is given but the day and the reason; what is veiled is told of without its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg import wording
from kg.changes.change import VEILED, Change, ChangedClaim, Fate, State
from kg.documents.contents import EVIDENCE, contents
from kg.documents.descriptions import Descriptions, Node, Term
from kg.errors import NotFound, QueryError
from kg.manifest import Tombstone
from kg.names import KG, RDF
from kg.views import Claim

if TYPE_CHECKING:
    from kg.archive import Archive

_ROUNDS: Final = 16
"""How far the likeness of nodes without names is looked at, in steps from one to the next."""
_DEPTH: Final = 3
"""How deep they are told of in words."""
_STATUSES: Final[Mapping[str, Fate]] = {
    KG + "extractionError": "marked as an extraction error",
    KG + "withdrawn": "withdrawn",
}
_WORDS: Final = {RDF + "type": "kind"}


def changes(before: Archive, now: Archive, iri: str) -> Change:
    """Give what has become of *iri* between *before* and *now*, two releases of one collection.

    Raises NotFound where neither says anything of it, QueryError where they are of different collections, QueryTooLarge.
    """
    if before.base != now.base:
        raise QueryError(
            f"these are not releases of one collection: their bases are {before.base.iri} and {now.base.iri}",
            remedy="compare releases with the same base",
        )
    stone = now.manifest.tombstone(iri) or before.manifest.tombstone(iri)
    change = partial(Change, iri=iri, since=before.manifest.id, now=now.manifest.id)
    if stone is not None:
        return change(state="taken back", reason=stone.reason, date=stone.date)
    old, new = _Side(before, iri), _Side(now, iri)
    if not (old.known or new.known):
        raise _unknown(now, iri)
    hidden = old.hides(iri) or new.hides(iri)
    if not (old.known and new.known):
        state: State = "not there yet" if new.known else "no longer there"
        label = "" if hidden else (new if new.known else old).name(iri)
        return change(state=state, label=label, veiled=hidden)
    compared = _Compared(old, new)
    added, removed = compared.record(iri)
    claims = tuple(compared.claims())
    state = "changed" if added or removed or claims or compared.untold else "unchanged"
    crowded = old.contents.crowded or new.contents.crowded
    if hidden:
        return change(state=state, claims=claims, veiled=True, crowded=crowded, untold=compared.untold)
    label, was = new.name(iri), old.name(iri)
    return change(
        state=state,
        label=label,
        was=was if was != label else "",
        added=added,
        removed=removed,
        claims=claims,
        crowded=crowded,
        untold=compared.untold,
    )


def _unknown(archive: Archive, iri: str) -> NotFound:
    try:
        archive.thing(iri)
    except NotFound as error:
        return error
    return NotFound("neither release says anything of that IRI")


class _Side:
    """What the release *archive* says of *iri*, and of the claims about it."""

    def __init__(self, archive: Archive, iri: str) -> None:
        self.archive = archive
        self.descriptions = Descriptions(archive)
        self.known = self.descriptions.known(iri)
        self.contents = contents(archive, self.descriptions, iri)
        self._names: dict[str, str] = {}

    def name(self, iri: str) -> str:
        """Give how *iri* is called; a claim by what it says."""
        if iri not in self._names:
            claim = self.claim(iri)
            named = self.descriptions.names((iri,))[iri].text
            self._names[iri] = named if claim is None else claim.sentence
        return self._names[iri]

    def claim(self, iri: str) -> Claim | None:
        """Give the claim *iri*, None where it is none."""
        named = self.archive.base.split(iri)
        return (
            self.archive.claim_or_none(iri)
            if self.contents.attest and named and named[0] == "claim"
            else None
        )

    def hides(self, iri: str) -> bool:
        """Tell whether *iri* is veiled, or a claim about what is."""
        claim = self.claim(iri)
        return iri in self.archive.veiled or (claim is not None and claim.veiled)

    def status(self, iri: str) -> str:
        """Give the status of the record of a claim, nothing where the release does not have it."""
        quads = self.archive.store.match(ox.NamedNode(iri), ox.NamedNode(KG + "status"), None, limit=1)
        return quads[0].object.value if quads and isinstance(quads[0].object, ox.NamedNode) else ""

    @cached_property
    def said(self) -> Mapping[Node, list[ox.Triple]]:
        """The statements of the document, by what they are about."""
        found: dict[Node, list[ox.Triple]] = defaultdict(list)
        for triple in self.contents.said:
            if isinstance(triple.subject, ox.NamedNode | ox.BlankNode):
                found[triple.subject].append(triple)
        return found

    def record(self, iri: str) -> dict[tuple[str, str, str], ox.Triple]:
        """Give the statements about *iri* and about the evidence that it leads to, by what tells one from another."""
        found: dict[tuple[str, str, str], ox.Triple] = {}
        left, seen = [ox.NamedNode(iri)], set[ox.NamedNode]()
        while left:
            if (node := left.pop()) in seen:
                continue
            seen.add(node)
            for triple in self.said.get(node, ()):
                found[node.value, triple.predicate.value, self._mark(triple.object)] = triple
                if triple.predicate.value in EVIDENCE and isinstance(triple.object, ox.NamedNode):
                    left.append(triple.object)
        return found

    def _mark(self, term: Term) -> str:
        """Give what tells *term* from others in any release."""
        if isinstance(term, ox.BlankNode):
            return self._marks.get(term, "_:")
        if isinstance(term, ox.Triple):
            return f"<< {self._mark(term.subject)} {term.predicate} {self._mark(term.object)} >>"
        return str(term)

    @cached_property
    def _marks(self) -> dict[ox.BlankNode, str]:
        """A digest for each node without a name, of what is said of it and of those that it leads to."""
        nodes = [node for node in self.said if isinstance(node, ox.BlankNode)]
        self.__dict__["_marks"] = marks = dict.fromkeys(nodes, "_:")  # the first round knows no difference
        for _ in range(min(_ROUNDS, len(nodes))):
            fresh = {
                node: sorted(f"{each.predicate} {self._mark(each.object)}" for each in self.said[node])
                for node in nodes
            }
            marks |= {node: f"_:{sha256(repr(said).encode()).hexdigest()}" for node, said in fresh.items()}
        return marks

    def words(self, triple: ox.Triple, about: str) -> str:
        """Give a statement in words, with what it is about where that is not *about*."""
        subject = triple.subject
        whose = (
            f"{self.name(subject.value)}, "
            if isinstance(subject, ox.NamedNode) and subject.value != about
            else ""
        )
        return f"{whose}{self._said(triple, 0)}"

    def _said(self, triple: ox.Triple, depth: int) -> str:
        predicate = triple.predicate.value
        return f"{_WORDS.get(predicate) or self.name(predicate)}: {self._value(triple.object, depth)}"

    def _value(self, term: Term, depth: int) -> str:
        if isinstance(term, ox.NamedNode):
            return VEILED if self.hides(term.value) else self.name(term.value)
        if isinstance(term, ox.Literal):
            return wording.date(term.value) if wording.is_edtf(term.datatype.value) else term.value
        if isinstance(term, ox.BlankNode) and depth < _DEPTH:
            inner = sorted(self._said(each, depth + 1) for each in self.said.get(term, ()))
            return f"({'; '.join(inner)})"
        return "a resource without a name" if isinstance(term, ox.BlankNode) else "a statement as a value"


class _Compared:
    """The differences between two sides; ``untold`` is how many name what was taken back, as they have been given so far."""

    def __init__(self, old: _Side, new: _Side) -> None:
        self._old = old
        self._new = new
        self.untold = 0

    def record(self, iri: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give what was added to the record of *iri*, and what was removed, in words."""
        old, new = self._old.record(iri), self._new.record(iri)
        return self._words(self._new, iri, (new[each] for each in new.keys() - old.keys())), self._words(
            self._old, iri, (old[each] for each in old.keys() - new.keys())
        )

    def claims(self) -> Iterator[ChangedClaim]:
        """Give the claims about the resource of which the sides do not say the same, in order of report."""
        old, new = ({claim.value for claim in side.contents.claims} for side in (self._old, self._new))
        if self._old.contents.crowded or self._new.contents.crowded:
            return
        found = [self._claim(iri, old, new) for iri in old | new]
        yield from (
            claim for _, claim in sorted(filter(None, found), key=lambda pair: (pair[0], pair[1].iri))
        )

    def _claim(self, iri: str, old: set[str], new: set[str]) -> tuple[str, ChangedClaim] | None:
        if (stone := self._stone(iri)) is not None:
            return "", ChangedClaim(iri="", fate="taken back", reason=stone.reason, date=stone.date)
        side = self._new if iri in new else self._old
        claim = side.claim(iri)
        if claim is None:
            return None
        added: tuple[str, ...] = ()
        removed: tuple[str, ...] = ()
        was = ""
        if iri in old and iri in new:
            added, removed = self.record(iri)
            earlier = self._old.claim(iri)
            was = earlier.sentence if earlier is not None and earlier.sentence != claim.sentence else ""
            if not (added or removed or was):
                return None
            fate: Fate = "changed" if added or removed else "worded otherwise"
        else:
            fate = "added" if iri in new else _STATUSES.get(self._new.status(iri), "no longer there")
        day = claim.said
        if self._old.hides(iri) or self._new.hides(iri):
            return day, ChangedClaim(iri=iri, fate=fate, veiled=True)
        return day, ChangedClaim(
            iri=iri,
            fate=fate,
            sentence=claim.sentence,
            was=was,
            said_by=f"{claim.voices}, {day}",
            added=added,
            removed=removed,
        )

    def _stone(self, iri: str) -> Tombstone | None:
        return self._new.archive.manifest.tombstone(iri) or self._old.archive.manifest.tombstone(iri)

    def _words(self, side: _Side, about: str, triples: Iterable[ox.Triple]) -> tuple[str, ...]:
        found = []
        for triple in triples:
            named = [term.value for term in (triple.subject, triple.object) if isinstance(term, ox.NamedNode)]
            if any(self._stone(iri) for iri in named):
                self.untold += 1
            else:
                found.append(side.words(triple, about))
        return tuple(sorted(found))
