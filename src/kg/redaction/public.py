"""The public part of a dataset: what is left when the withheld and the redacted are out, and what remembers them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.appellations import Names
from kg.manifest import Tombstone
from kg.names import KG, Base
from kg.redaction.closure import Closure
from kg.redaction.record import Redaction, withheld
from kg.validation import Finding


@dataclass(frozen=True, slots=True)
class Public:
    """What may be released: ``quads``, in their order, and a tombstone for each resource that was taken back.

    ``fallen`` are the IRIs of all that is out, withheld or redacted; ``findings`` say where what is left still names it.
    """

    quads: list[ox.Quad]
    tombstones: tuple[Tombstone, ...] = ()
    fallen: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, quads: Collection[ox.Quad], redactions: Sequence[Redaction], base: Base) -> Public:
        """Take out of *quads* what they mark as withheld and what *redactions* name, with all that falls with it."""
        hidden = withheld(quads)
        named = hidden.union(*(redaction.resources for redaction in redactions))
        if not named:
            return cls(list(quads))
        closure = Closure(quads)
        stones: dict[str, Tombstone] = {}
        for redaction in redactions:
            for iri in (*redaction.resources, *sorted(closure.of(redaction.resources))):
                if base.split(iri):
                    mark = Tombstone.mark(iri, base)
                    stones.setdefault(mark, Tombstone(mark, redaction.reason, redaction.date))
        fallen = closure.of(named)
        left = [quad for quad in quads if not _touches(quad, fallen)]
        names = Names(quads, named)
        return cls(
            left,
            tuple(sorted(stones.values())),
            fallen,
            (*_still(names, left, base), *_told(names, redactions)),
        )

    @classmethod
    def thoroughly(cls, quads: Sequence[ox.Quad], redactions: Sequence[Redaction], base: Base) -> Public:
        """Do the same to a dataset that nobody can reword: what still names a redacted resource falls too."""
        public = cls.of(quads, redactions, base)
        last = redactions
        while more := {finding.focus.strip("<>") for finding in public.findings if finding.value}:
            last = [*last, Redaction(last[-1].date, last[-1].reason, tuple(sorted(more)))]
            public = cls.of(quads, last, base)
        return public


def _touches(quad: ox.Quad, fallen: frozenset[str]) -> bool:
    return any(
        (term.value if isinstance(term, ox.NamedNode) else str(term)) in fallen
        for term in (quad.subject, quad.object)
        if isinstance(term, ox.NamedNode | ox.BlankNode)
    )


def _still(names: Names, quads: Iterable[ox.Quad], base: Base) -> Iterable[Finding]:
    for quad in names.left(quads, base):
        yield Finding(
            "violation",
            f"{base.compact(str(quad.subject).strip('<>'))} still names what is withheld or redacted",
            "redacted-name",
            "say it without the name, or take this back too",
            str(quad.subject),
            str(quad.predicate),
            str(quad.object),
        )


def _told(names: Names, redactions: Iterable[Redaction]) -> Iterable[Finding]:
    for redaction in redactions:
        if names.in_text(redaction.reason):
            yield Finding(
                "violation",
                "the reason of a redaction names what is taken back, and reasons are published",
                "redacted-name",
                "give a reason that names nobody",
                f"<{redaction.iri}>" if redaction.iri else "",
                f"<{KG}rationale>",
            )
