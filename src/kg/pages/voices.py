"""Voices: organisations, several people who speak as one, and reports without a speaker: what they say, what they pass on, what is said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.names import KG
from kg.pages.lookups import Listed, Lookups
from kg.pages.names import Form, forms, places
from kg.pages.said import Said, Telling, known
from kg.pages.terms import Shown
from kg.views import Claim

CLAIMS: Final = 300
"""How many claims of a voice a page lists."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a voice says of one thing."""

    subject: Shown
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Speech:
    """What a voice says, by what it is about; what is undated apart where the page is limited to a day. ``all`` are the claims looked at."""

    all: Listed[Claim]
    topics: tuple[Topic, ...]
    undated: tuple[Topic, ...]

    @property
    def number(self) -> int:
        """How many claims are shown, and how many of those left out are known of."""
        return sum(len(topic.claims) for topic in (*self.topics, *self.undated)) + self.all.left


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What the page of a voice shows. ``unstated``: reports whose speaker the text does not name."""

    template: str = "voice.html"
    unstated: bool
    names: tuple[Form, ...]
    attested: Listed[Shown]
    speech: Speech
    passes: Listed[Claim]
    publishes: Listed[Shown]
    keeps: Listed[Shown]
    said: Said
    linked: Said


def voice(look: Lookups) -> Voice:
    """Give what the page of the voice shows."""
    passes = look.claims("kg:relayedBy", look.iri)
    telling = Telling(look.archive.label)
    return Voice(
        unstated=KG + "UnstatedVoice" in look.contents.types,
        names=forms(look, look.iri),
        attested=places(
            look, look.iris(look.iri, "prov:hadPrimarySource"), look.addresses.of(look.iri) + "#record"
        ),
        speech=speech(look),
        passes=passes.having(known(passes.items, look.as_of)),
        publishes=_showing(look, look.having("dcterms:publisher", look.iri)),
        keeps=_showing(look, look.having("schema:holdingArchive", look.iri)),
        said=telling.of(look.own(), look.as_of),
        linked=telling.of(look.claims("rdf:object", look.iri).items, look.as_of),
    )


def speech(look: Lookups) -> Speech:
    """Give what the resource says as a voice."""
    found = look.claims("kg:claimant", look.iri, CLAIMS)
    undated = [each for each in found.items if look.as_of is not None and each.as_of is None]
    return Speech(found, _topics(look, known(found.items, look.as_of)), _topics(look, undated))


def _topics(look: Lookups, claims: Iterable[Claim]) -> tuple[Topic, ...]:
    """Give *claims* by what they are about, in order of report."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(str(claim.subject), []).append(claim)
    terms = look.terms(found)
    return tuple(Topic(terms.iri(iri), tuple(each)) for iri, each in found.items())


def _showing(look: Lookups, iris: Listed[str]) -> Listed[Shown]:
    return iris.having(look.showing(iris.items))
