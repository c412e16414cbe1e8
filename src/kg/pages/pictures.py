"""Pictures: photographs in a list, each with its date line, and the claims by which it is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from kg.names import VOCABULARIES
from kg.pages.lookups import Listed, Lookups
from kg.pages.terms import Shown
from kg.views import Claim

_RIGHTS: Final = {
    "InC": "in copyright",
    "InC-EDU": "in copyright, educational use permitted",
    "NoC-NC": "no copyright, non-commercial use only",
    "CNE": "copyright not evaluated",
    "UND": "copyright undetermined",
    "NKC": "no known copyright",
}
"""What statements of rightsstatements.org say, by their codes."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph: its name, its date line, what its caption describes that a reader may not want to see, and whether it is veiled."""

    shown: Shown
    dateline: str
    marks: tuple[str, ...]
    veiled: bool
    claim: Claim | None = None


def pictures(look: Lookups, iris: Iterable[str], claims: Iterable[Claim] = ()) -> tuple[Picture, ...]:
    """Show the photographs *iris* in the order of their series, each with the one of *claims* that is about it."""
    found = list(dict.fromkeys(iris))
    said = {str(claim.subject): claim for claim in claims}
    terms = look.terms(found)
    veiled = look.archive.veiled
    ordered = sorted(found, key=lambda iri: (look.number(iri, "schema:position"), iri))
    return tuple(
        Picture(
            terms.iri(iri),
            look.text(iri, "kg:dateline"),
            marks(look, iri),
            iri in veiled or (iri in said and said[iri].veiled),
            said.get(iri),
        )
        for iri in ordered
    )


def marks(look: Lookups, iri: str) -> tuple[str, ...]:
    """Give what *iri* is marked for, but that somebody may be living, which concerns machines."""
    living = look.archive.base.id("concept", "possibly-living")
    return tuple(
        each.text
        for each in look.showing(mark for mark in look.iris(iri, "kg:sensitivity") if mark != living)
    )


def rights(look: Lookups) -> tuple[Shown, ...]:
    """Give the rights statements of the resource, in words where they are of rightsstatements.org."""
    found = look.values(look.iri, "dcterms:rights")
    head = VOCABULARIES["rs"]
    codes = [each.href.removeprefix(head).partition("/")[0] for each in found]
    return tuple(
        replace(each, text=_RIGHTS.get(code, each.text)) for each, code in zip(found, codes, strict=True)
    )


def depicting(look: Lookups, property: str, claims: Iterable[Claim]) -> list[Claim]:
    """Give those of *claims* by which a photograph has *property*; of a page limited to a day not those said later."""
    return [
        claim
        for claim in claims
        if claim.predicate == property
        and not claim.denied
        and (look.as_of is None or claim.as_of is None or claim.as_of <= look.as_of)
    ]


def photographs_showing(look: Lookups, name: str, iri: str) -> Listed[Picture]:
    """Give the photographs whose property *name* (``kg:depicts``) has *iri*, plainly or by a claim."""
    plain = look.having(name, iri)
    about = look.claims("rdf:object", iri).items
    found = depicting(look, look.archive.base.expand(name), about)
    claimed = {claim.subject for claim in about}
    shown = [*(claim.subject for claim in found), *(each for each in plain.items if each not in claimed)]
    return plain.having(pictures(look, shown, found))


def photographs_mentioning(look: Lookups, iri: str) -> Listed[Picture]:
    """Give the photographs whose captions only mention *iri*; of a page limited to a day not those with a later date line."""
    found = look.having("kg:mentions", iri)
    limit = str(look.as_of or "")
    shown = [each for each in found.items if not limit or look.text(each, "kg:dateline") <= limit]
    return found.having(pictures(look, shown))
