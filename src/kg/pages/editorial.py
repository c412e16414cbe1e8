"""The project's own notes: what it decided between claims, and what it noticed in a source."""

from __future__ import annotations

from dataclasses import dataclass

from kg.pages.lookups import Listed, Lookups
from kg.pages.names import places
from kg.pages.terms import Shown
from kg.views import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the page of an editorial decision shows."""

    template: str = "decision.html"
    rationale: str
    outcome: tuple[Shown, ...]
    chosen: tuple[Claim, ...]
    rejected: tuple[Claim, ...]
    who: tuple[Shown, ...]
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """What the page of an anomaly in a source shows. ``caveat``: it stands beside what it bears on wherever that is shown."""

    template: str = "anomaly.html"
    kind: tuple[Shown, ...]
    caveat: bool
    things: tuple[Shown, ...]
    claims: tuple[Claim, ...]
    reading: str
    places: Listed[Shown]


def decision(look: Lookups) -> Decision:
    """Give what the page of the decision shows."""
    iri = look.iri
    return Decision(
        rationale=look.text(iri, "kg:rationale"),
        outcome=look.values(iri, "kg:outcome"),
        chosen=tuple(look.archive.recorded(look.iris(iri, "kg:decides"))),
        rejected=tuple(look.archive.recorded(look.iris(iri, "kg:rejects"))),
        who=look.values(iri, "prov:wasAssociatedWith"),
        when=look.text(iri, "prov:endedAtTime").partition("T")[0],
    )


def anomaly(look: Lookups) -> Anomaly:
    """Give what the page of the anomaly shows."""
    iri = look.iri
    about = look.iris(iri, "kg:anomalyOf")
    claims = look.archive.recorded(about)
    known = {str(claim.iri) for claim in claims}
    caveats = (look.text(kind, "kg:caveat") for kind in look.iris(iri, "kg:anomalyKind"))
    return Anomaly(
        kind=look.values(iri, "kg:anomalyKind"),
        caveat="true" in caveats,
        things=look.showing(each for each in about if each not in known),
        claims=tuple(claims),
        reading=look.text(iri, "kg:proposedReading"),
        places=places(look, look.iris(iri, "kg:passage"), look.addresses.of(iri) + "#record"),
    )
