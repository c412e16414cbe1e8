"""Kinds: which page shows a resource, by its classes. What has none, and every dataset without the profile, has the generic page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from kg.names import KG, OA, SCHEMA, VOCABULARIES
from kg.pages.claims import ClaimPage, claim
from kg.pages.editorial import Anomaly, Decision, anomaly, decision
from kg.pages.events import Event, event
from kg.pages.lookups import Lookups
from kg.pages.people import Observation, Person, observation, person
from kg.pages.photographs import Photograph, photograph
from kg.pages.places import Place, place
from kg.pages.sources import Passage, Publication, passage, publication, text
from kg.pages.voices import Voice, voice

Subject: TypeAlias = (
    ClaimPage
    | Event
    | Person
    | Observation
    | Place
    | Voice
    | Photograph
    | Publication
    | Passage
    | Anomaly
    | Decision
)
"""What a page of one kind shows; ``template`` shows it."""

_GATHER: Final[dict[str, Callable[[Lookups], Subject]]] = {
    KG + "Claim": claim,
    SCHEMA + "Event": event,
    SCHEMA + "Person": person,
    VOCABULARIES["picom"] + "PersonObservation": observation,
    KG + "GroupObservation": observation,
    SCHEMA + "Place": place,
    SCHEMA + "Photograph": photograph,
    SCHEMA + "Organization": voice,
    KG + "CollectiveActor": voice,
    KG + "UnstatedVoice": voice,
    SCHEMA + "Book": publication,
    SCHEMA + "NewsArticle": publication,
    SCHEMA + "WebPage": publication,
    SCHEMA + "CreativeWork": publication,
    SCHEMA + "Comment": publication,
    KG + "Caption": publication,
    KG + "TextVersion": text,
    OA + "SpecificResource": passage,
    KG + "SourceAnomaly": anomaly,
    KG + "EditorialDecision": decision,
}
"""What gathers the page of each class, the first that fits."""
DATED: Final = frozenset({"event.html", "person.html", "observation.html", "place.html", "voice.html"})
"""The templates of pages that can be limited to what had been said by a day."""
_QUESTIONS: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "event": (
        ("known-by", "subject", "what had been said by a day"),
        ("claims-by-measure", "event", "figures"),
        ("names-of-event", "event", "names"),
        ("linked-events", "event", "linked events"),
    ),
    "person": (("people", "person", "what is said"), ("names-of-people", "person", "names")),
    "place": (
        ("places", "place", "photographs"),
        ("spellings", "place", "spellings"),
        ("routes", "place", "routes"),
    ),
    "org": (("claims-by-claimant", "claimant", "what it says"),),
    "actor": (("claims-by-claimant", "claimant", "what it says"),),
    "voice": (("claims-by-claimant", "claimant", "what it says"),),
    "work": (("publication", "work", "bibliographic claims"),),
    "passage": (("resting-on", "passage", "what rests on it"),),
    "claim": (("voices-of-claim", "claim", "its chain of voices"),),
    "photo": (("photographs", "", "all photographs"),),
    "obs": (("people-unnamed", "", "people shown and not named"),),
    "group": (("groups", "", "sizes of groups"),),
    "source": (("sources", "", "all sources"),),
    "anomaly": (("anomalies", "", "all of them"),),
    "decision": (("decisions", "", "all decisions"),),
}
"""The named questions that a page of each type leads to: query, parameter, and what it answers."""


def subject(look: Lookups) -> Subject | None:
    """Give what the page of the resource shows by its class, None for a class that has no page of its own."""
    types = look.contents.types
    gather = next((each for kind, each in _GATHER.items() if kind in types), None)
    return gather(look) if gather else None


def questions(look: Lookups) -> tuple[tuple[str, str], ...]:
    """Give the questions that the page leads to, each as what it answers and its address."""
    named = look.archive.base.split(look.iri)
    found = [
        (words, look.question(query, **({param: _given(param, named)} if param else {})))
        for query, param, words in _QUESTIONS.get(named[0] if named else "", ())
        if named
    ]
    return tuple((words, href) for words, href in found if href)


def _given(param: str, named: tuple[str, str]) -> str:
    """Give the slug of what is asked about; with its prefix where the parameter takes a resource of any type."""
    return ":".join(named) if param in ("subject", "claimant") else named[1]
