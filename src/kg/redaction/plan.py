"""The plan of a redaction: what would fall, what would lose statements, and what would still name it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.names import Base
from kg.redaction.public import Public
from kg.redaction.record import Redaction
from kg.validation import Finding


@dataclass(frozen=True, slots=True)
class Plan:
    """What a redaction does to a dataset.

    ``fallen`` are the IRIs that go, ``thinned`` those that stay with fewer statements, each with how many go;
    ``naming`` are findings about what would still name what goes: with any of these the redaction cannot be released.
    """

    fallen: tuple[str, ...]
    thinned: tuple[tuple[str, int], ...]
    naming: tuple[Finding, ...]

    @classmethod
    def of(cls, quads: Sequence[ox.Quad], before: Sequence[Redaction], new: Redaction, base: Base) -> Plan:
        """Give what *new* does to *quads*, of which the redactions *before* are already out."""
        public = Public.of(quads, before, base)
        after = Public.of(quads, [*before, new], base)
        gone = set(public.quads) - set(after.quads)
        lost = Counter(
            quad.subject.value
            for quad in gone
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value not in after.fallen
        )
        return cls(
            tuple(sorted(after.fallen - public.fallen)),
            tuple(sorted(lost.items())),
            tuple(finding for finding in after.findings if finding not in public.findings),
        )
