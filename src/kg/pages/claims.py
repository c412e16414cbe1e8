"""A claim: what is said in words, by whom and through whom, as of when, of whom, on what evidence, and how it stands to other claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg import wording
from kg.names import KG
from kg.pages.lookups import Lookups
from kg.pages.terms import Shown
from kg.rows import IRI
from kg.views import Claim, Reason

_LINKS: Final = {
    "kg:updates": ("It updates", "It is updated by"),
    "kg:narrowsScopeOf": ("It narrows", "It is narrowed by"),
    "kg:restates": ("It restates", "It is restated by"),
    "kg:retracts": ("It takes back", "It was taken back by"),
    "kg:conflictsWith": ("A decision says that it conflicts with", "A decision says that it conflicts with"),
    "kg:candidateSameAs": ("It may say the same as", "It may say the same as"),
    "prov:wasDerivedFrom": ("", "The project derived from it"),
    "kg:decides": ("", "A decision picks it"),
    "kg:rejects": ("", "A decision does not follow it"),
}
"""How claims stand to each other, each in both directions; premises stand by themselves."""


@dataclass(frozen=True, slots=True)
class Step:
    """A voice in the chain by which a claim came: the speaker, one who passed it on, or who published the text."""

    voice: Shown
    part: str


@dataclass(frozen=True, slots=True)
class Link:
    """Other claims, or decisions, that a claim stands to in one way."""

    title: str
    others: tuple[Shown, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The very place of what a claim says, within its passage: the characters from ``start`` to ``end`` of the text."""

    href: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """A work that a claim is cited from, whose text was not captured: what was read instead, where in it, when, and how near to the speaker that is."""

    works: tuple[Shown, ...]
    read_in: tuple[Shown, ...]
    locators: tuple[Shown, ...]
    read: str
    level: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted: each of whom, where, in which event, since when, until when, for how long; nothing where it is not stated."""

    title: str
    value: Shown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """What the page of a claim shows."""

    template: str = "claim.html"
    reason: Reason
    chain: tuple[Step, ...]
    basis: str
    kind: str
    status: str
    earliest: str
    comparator: str
    scopes: tuple[Scope, ...]
    links: tuple[Link, ...]
    plain: bool | None
    places: tuple[Place, ...]
    words: Mapping[str, str]
    citations: tuple[Citation, ...]

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return self.reason.claim

    @property
    def heading(self) -> str:
        """What stands over the page: what is said."""
        return self.claim.sentence


def claim(look: Lookups) -> ClaimPage:
    """Give what the page of the claim shows."""
    reason = look.archive.why(look.iri).statements[0][1][0]
    said, iri = reason.claim, look.iri
    earliest = look.text(iri, "kg:asOfEarliest")
    return ClaimPage(
        reason=reason,
        chain=tuple(_chain(look, said)),
        basis=_label(look, "kg:attributionBasis"),
        kind=said.kind,
        status=_label(look, "kg:status"),
        earliest=earliest if earliest != str(said.as_of or "") else "",
        comparator=_label(look, "kg:comparator"),
        scopes=tuple(_scopes(look)) if said.kind == "QuantityClaim" else (),
        links=tuple(link for name in _LINKS for link in _links(look, name)),
        plain=_plain(look),
        words={str(each): look.words[each] for each in said.passages if each in look.words},
        citations=tuple(_citation(look, each) for each in look.iris(iri, "kg:citation")),
        places=tuple(_place(look, part, said) for part in look.iris(iri, "kg:part")),
    )


def _chain(look: Lookups, claim: Claim) -> list[Step]:
    """Give the voices of *claim*, the speaker first, and who published the text at the end."""
    documents = [each for passage in claim.passages for each in look.iris(passage, "kg:standsIn")]
    publishers = {each for document in documents for each in look.iris(document, "dcterms:publisher")}
    parts = {str(claim.claimant): "speaker"}
    for voice in claim.voices[1:]:
        parts.setdefault(str(voice.iri), "published it" if voice.iri in publishers else "passed it on")
    parts |= {each: "published it" for each in sorted(publishers) if each not in parts}
    terms = look.terms(parts)
    return [Step(terms.iri(iri), part) for iri, part in parts.items()]


def _place(look: Lookups, part: str, claim: Claim) -> Place:
    """Give the place of *part*, whose position is counted from the beginning of its passage."""
    before = {
        selector: look.number(selector, "oa:start")
        for passage in claim.passages
        for selector in look.iris(passage, "oa:hasSelector")
        if part in look.iris(selector, "oa:refinedBy")
    }
    first = next(iter(before.values()), 0)
    ends = (look.number(part, f"oa:{name}") for name in ("start", "end"))
    return Place(look.addresses.of(part), *(first + each for each in ends))


def _citation(look: Lookups, iri: str) -> Citation:
    works, read_in = look.values(iri, "kg:work"), look.values(iri, "kg:readIn")
    return Citation(
        works,
        read_in if read_in != works else (),
        look.values(iri, "kg:locator"),
        look.text(iri, "kg:readOn"),
        look.values(iri, "kg:evidenceLevel"),
    )


def _label(look: Lookups, name: str) -> str:
    return next((look.archive.label(IRI(iri)) for iri in look.iris(look.iri, name)), "")


def _scopes(look: Lookups) -> list[Scope]:
    """Give what a figure counts, with what the source does not state."""
    titles = {
        "kg:unit": "what is counted",
        "kg:populationScope": "whom",
        "kg:placeScope": "where",
        "kg:eventScope": "in which event",
        "kg:scopeFrom": "since",
        "kg:scopeTo": "until",
    }
    found = [Scope(title, next(iter(look.values(look.iri, name)), None)) for name, title in titles.items()]
    length = look.text(look.iri, "kg:scopeDuration")
    return [*found, Scope("for how long", Shown(wording.duration(length)) if length else None)]


def _links(look: Lookups, name: str) -> list[Link]:
    there, back = _LINKS[name]
    found = [
        (there, look.iris(look.iri, name) if there else []),
        (back, list(look.having(name, look.iri).items)),
    ]
    return [_link(look, title, iris) for title, iris in found if iris]


def _link(look: Lookups, title: str, iris: list[str]) -> Link:
    claims = look.archive.recorded(iris)
    known = {str(claim.iri) for claim in claims}
    return Link(title, look.showing(iri for iri in iris if iri not in known), tuple(claims))


def _plain(look: Lookups) -> bool | None:
    """Tell whether the release states plainly what the claim says; None where what it says is never stated plainly."""
    subject, property = (
        next(iter(look.iris(look.iri, f"rdf:{name}")), "") for name in ("subject", "predicate")
    )
    if property == KG + "date":
        edtf = look.all(look.iri, "kg:edtf")
        return any(look.says(subject, KG + "edtf", each) for each in edtf)
    publishable = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
    if not property or not look.says(property, KG + "publishable", publishable):
        return None
    return any(look.says(subject, property, each) for each in look.all(look.iri, "rdf:object"))
