"""People, and people as sources show them: who they were first, then where each name and each sight of them stands, then what is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.names import KG, SCHEMA
from kg.pages.lookups import Listed, Lookups
from kg.pages.names import Form, forms, places
from kg.pages.pictures import Picture, photographs_showing
from kg.pages.said import Said, Telling, known
from kg.pages.terms import Shown
from kg.pages.voices import Speech, speech
from kg.views import Claim

_ROLES: Final = frozenset({SCHEMA + "hasOccupation", KG + "memberOf"})
_WORKS: Final = frozenset({SCHEMA + "author"})
_IDENTIFIED: Final = frozenset({KG + "identifiedAs"})


@dataclass(frozen=True, slots=True)
class Sighting:
    """An observation that a person is put together from: where it is attested, which photographs show it, and who names them so."""

    observation: Shown
    roles: tuple[Shown, ...]
    places: Listed[Shown]
    pictures: Listed[Picture]
    identified: tuple[Claim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the page of a person shows. ``handle``: the names are what somebody who comments calls themselves."""

    template: str = "person.html"
    roles: tuple[Shown, ...]
    occupations: tuple[Claim, ...]
    names: tuple[Form, ...]
    handle: bool
    sightings: tuple[Sighting, ...]
    attested: Listed[Shown]
    said: Said
    linked: Said
    works: tuple[Claim, ...]
    speech: Speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What the page of somebody whom a source shows, or of a group, shows; the label is ours."""

    template: str = "observation.html"
    group: bool
    roles: tuple[Shown, ...]
    marks: tuple[Shown, ...]
    places: Listed[Shown]
    pictures: Listed[Picture]
    persons: tuple[Shown, ...]
    said: Said
    linked: Said


def person(look: Lookups) -> Person:
    """Give what the page of the person shows."""
    own, about = look.own(), look.claims("rdf:object", look.iri).items
    occupations, works, identified = (
        [claim for claim in known(claims, look.as_of) if claim.predicate in properties and not claim.veiled]
        for claims, properties in ((own, _ROLES), (about, _WORKS), (about, _IDENTIFIED))
    )
    apart = [*occupations, *works, *identified]
    telling = Telling(look.archive.label)
    return Person(
        roles=look.values(look.iri, "kg:role"),
        occupations=tuple(occupations),
        names=forms(look, look.iri),
        handle=look.archive.base.id("concept", "reader") in look.iris(look.iri, "kg:role"),
        sightings=tuple(
            _sighting(look, iri, identified) for iri in look.iris(look.iri, "prov:wasDerivedFrom")
        ),
        attested=places(look, look.iris(look.iri, "kg:passage"), look.addresses.of(look.iri) + "#record"),
        said=telling.of((claim for claim in own if claim not in apart), look.as_of),
        linked=telling.of((claim for claim in about if claim not in apart), look.as_of),
        works=tuple(works),
        speech=speech(look),
    )


def observation(look: Lookups) -> Observation:
    """Give what the page of the observation, or of the group, shows."""
    about = look.claims("rdf:object", look.iri)
    depicts = KG + "depicts"
    return Observation(
        group=KG + "GroupObservation" in look.contents.types,
        roles=look.values(look.iri, "kg:role"),
        marks=tuple(
            shown
            for shown, iri in zip(
                look.values(look.iri, "kg:sensitivity"), look.iris(look.iri, "kg:sensitivity"), strict=True
            )
            if iri != look.archive.base.id("concept", "possibly-living")
        ),
        places=places(
            look, look.iris(look.iri, "prov:hadPrimarySource"), look.addresses.of(look.iri) + "#record"
        ),
        pictures=photographs_showing(look, "kg:depicts", look.iri),
        persons=look.showing(look.having("prov:wasDerivedFrom", look.iri).items),
        said=Telling(look.archive.label).of(look.own(), look.as_of),
        linked=Telling(look.archive.label).of(
            (claim for claim in about.items if claim.predicate != depicts), look.as_of
        ),
    )


def _sighting(look: Lookups, iri: str, identified: Iterable[Claim]) -> Sighting:
    return Sighting(
        look.shown(iri),
        look.values(iri, "kg:role"),
        places(look, look.iris(iri, "prov:hadPrimarySource"), look.addresses.of(iri) + "#record"),
        photographs_showing(look, "kg:depicts", iri),
        tuple(claim for claim in identified if claim.subject == iri),
    )
