"""References: every resource of ours that the data name is one that they describe.

A misspelt name would otherwise be a resource of its own: a claim on it leaves the event's comparison without a
word. It looks at a whole dataset, since what a part names may be described in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Final, TypeGuard

import pyoxigraph as ox

from kg.misspelling import kin, meant
from kg.names import RDF, SKOLEM, Base
from kg.triples import ByProperty
from kg.validation import Finding

RULE: Final = "reference"
_TYPE: Final = RDF + "type"


def check(quads: Iterable[ox.Quad], base: Base) -> list[Finding]:
    """Give a violation for each statement of *quads* that names a resource on *base* which has no ``rdf:type``.

    A node of an imported dataset needs none: nobody wrote its name by hand.
    """
    said = ByProperty.of(quads)
    described = {quad.subject.value for quad in said.having(_TYPE) if _names(quad.subject)}
    bare = _bare((said.inventory.subjects | said.inventory.objects) - described, base)
    remedies = cache(partial(_remedy, cache(partial(_slugs, described, base))))
    found: dict[tuple[str, str], Finding] = {}
    for quad in said if bare else ():
        for term in (quad.subject, quad.object):
            if _names(term) and (named := bare.get(term.value)):
                finding = Finding(
                    "violation",
                    f"{base.compact(term.value)} is named, but nothing describes it",
                    RULE,
                    remedies(*named),
                    str(quad.subject),
                    str(quad.predicate),
                    str(quad.object),
                )
                found.setdefault((term.value, str(quad.subject)), finding)
    return list(found.values())


def _bare(iris: Iterable[str], base: Base) -> dict[str, tuple[str, str]]:
    """Give kind and slug of those of *iris* that are on *base*, but for nodes of an imported dataset."""
    split = ((iri, base.split(iri)) for iri in iris)
    return {iri: named for iri, named in split if named and named[0] != SKOLEM}


def _names(term: object) -> TypeGuard[ox.NamedNode]:
    return isinstance(term, ox.NamedNode)


def _slugs(described: Iterable[str], base: Base, kind: str) -> list[str]:
    head = base.id(kind, "")
    return sorted(iri.removeprefix(head) for iri in described if iri.startswith(head))


def _remedy(known: Callable[[str], list[str]], kind: str, slug: str) -> str:
    """Give what may be meant, else those of its kind that there are, where they are few."""
    slugs = known(kind)
    if near := meant(slug, slugs):
        return f"did you mean {kind}:{near[0]}?"
    there = ", ".join(f"{kind}:{each}" for each in kin(slug, slugs))
    return "describe it, or correct the name" + (f"; there are {there}" if there else "")
