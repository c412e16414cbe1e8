"""References: every resource of ours that the data name is one that they describe.

A misspelt name would otherwise be a resource of its own: a claim on it leaves the event's comparison without a
word. It looks at a whole dataset, since what a part names may be described in another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeGuard

import pyoxigraph as ox

from kg.misspelling import kin, meant
from kg.names import RDF, SKOLEM, Base
from kg.validation import Finding

RULE: Final = "reference"
_TYPE: Final = RDF + "type"


def check(quads: Iterable[ox.Quad], base: Base) -> list[Finding]:
    """Give a violation for each statement of *quads* that names a resource on *base* which has no ``rdf:type``.

    A node of an imported dataset needs none: nobody wrote its name by hand.
    """
    quads = list(quads)
    described = {
        quad.subject.value for quad in quads if _names(quad.subject) and quad.predicate.value == _TYPE
    }
    found: dict[tuple[str, str], Finding] = {}
    for quad in quads:
        for term in (quad.subject, quad.object):
            if _names(term) and term.value not in described and (named := base.split(term.value)):
                if named[0] == SKOLEM:
                    continue
                finding = Finding(
                    "violation",
                    f"{base.compact(term.value)} is named, but nothing describes it",
                    RULE,
                    _remedy(named, described, base),
                    str(quad.subject),
                    str(quad.predicate),
                    str(quad.object),
                )
                found.setdefault((term.value, str(quad.subject)), finding)
    return list(found.values())


def _names(term: object) -> TypeGuard[ox.NamedNode]:
    return isinstance(term, ox.NamedNode)


def _remedy(named: tuple[str, str], described: Iterable[str], base: Base) -> str:
    """Give what may be meant, else those of its kind that there are, where they are few."""
    kind, slug = named
    head = base.id(kind, "")
    slugs = sorted(iri.removeprefix(head) for iri in described if iri.startswith(head))
    if near := meant(slug, slugs):
        return f"did you mean {kind}:{near[0]}?"
    there = ", ".join(f"{kind}:{each}" for each in kin(slug, slugs))
    return "describe it, or correct the name" + (f"; there are {there}" if there else "")
