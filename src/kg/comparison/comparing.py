"""Comparing: the claims of an archive about one measure of an event, read and arranged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from kg import wording
from kg.comparison.comparison import Band, Comparison, Figure, Measured, Tie
from kg.comparison.filters import Filters
from kg.comparison.intervals import Interval
from kg.comparison.origins import Origin, among, origins
from kg.names import KG, RDF, SCHEMA
from kg.rows import IRI, Value
from kg.store import Store, select
from kg.views import Claim

COMPARED: Final = ("event", "place")
"""Types of resources whose figures are set side by side."""
_BANDS: Final = ("same", "wider", "narrower")
_LINKS: Final = {
    "updates": ("updates", "is updated by"),
    "restates": ("restates", "is restated by"),
    "narrowsScopeOf": ("narrows the scope of", "has its scope narrowed by"),
    "retracts": ("retracts", "is retracted by"),
    "conflictsWith": ("conflicts with, by a decision of the editors,", "conflicts with, by a decision of the editors,"),
}  # fmt: skip
"""The links between claims, in words from either side."""


@dataclass(frozen=True)
class Comparing:
    """Compares claims of *store*; *label* names what they mention, *noun* says what something is (an event, a place), *matching* gives claims by a pattern of SPARQL."""

    store: Store
    label: Callable[[Value], str]
    noun: Callable[[str], str]
    matching: Callable[[str], list[Claim]]

    def compare(self, event: str, measure: str, claims: Sequence[Claim], filters: Filters) -> Comparison:
        """Arrange *claims*, all that there are of *measure* about *event* and its wider and narrower events, as *filters* ask."""
        kinds = {claim.subject: claim.band for claim in claims}
        order = sorted(kinds, key=lambda iri: (_BANDS.index(kinds[iri]), self.label(iri), iri))
        place = {iri: number for number, iri in enumerate(order)}
        claims = sorted(claims, key=lambda claim: place[claim.subject])
        shared = origins(claims, self._unstated, self._together)
        kept = [claim for claim in claims if filters.keep(claim)]
        kept, more = _first(kept, shared) if filters.independent else (kept, {})
        ties = self._ties(kept, filters.as_of)
        figures: dict[IRI, list[Figure]] = defaultdict(list)
        for claim in kept:
            figures[claim.subject].append(
                self._figure(claim, shared.get(claim.iri), more.get(claim.iri, 0), ties.get(claim.iri, ()))
            )
        return Comparison(
            event=IRI(event),
            event_label=self.label(IRI(event)),
            measure=IRI(measure),
            name=wording.local(measure),
            measure_label=_capital(self.label(IRI(measure))),
            filters=filters,
            bands=tuple(self._band(kinds[iri], iri, figures[iri]) for iri in order if iri in figures),
            claims=tuple(claims),
            origins=among(shared, kept),
            filtered=filters.words(self.label),
            noun=self.noun(event),
        )

    def _band(self, kind: str, event: IRI, figures: Sequence[Figure]) -> Band:
        return Band(
            kind,
            event,
            self.label(event),
            tuple(each for each in figures if each.claim.as_of is not None),
            tuple(each for each in figures if each.claim.as_of is None),
            self.noun(event),
        )

    def _figure(self, claim: Claim, origin: Origin | None, more: int, ties: Sequence[Tie]) -> Figure:
        def named(iri: IRI | None) -> str:
            return "" if iri is None else self.label(iri)

        return Figure(
            claim,
            Interval.of(claim),
            unit=named(claim.unit),
            level=self._level(claim),
            hand=named(self._level(claim)),
            origin=origin,
            more=more,
            ties=tuple(ties),
        )

    @cached_property
    def _unstated(self) -> frozenset[str]:
        rows = select(self.store, f"SELECT DISTINCT ?it WHERE {{ ?it a <{KG}UnstatedVoice> }}")
        return frozenset(str(row["it"]) for row in rows)

    @cached_property
    def _together(self) -> Mapping[str, Sequence[str]]:
        """The members of voices that are several who speak as one."""
        rows = select(
            self.store,
            f"SELECT DISTINCT ?it ?member WHERE {{ ?it a <{KG}CollectiveActor> ; <{SCHEMA}member> ?member }} ORDER BY ?it ?member",
        )
        found: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            found[str(row["it"])].append(str(row["member"]))
        return found

    @cached_property
    def _levels(self) -> Mapping[str, IRI]:
        """How near to its speaker each citation was read."""
        rows = select(self.store, f"SELECT DISTINCT ?it ?level WHERE {{ ?it <{KG}evidenceLevel> ?level }}")
        return {str(row["it"]): IRI(str(row["level"])) for row in rows}

    def _level(self, claim: Claim) -> IRI | None:
        """Give how near to its speaker *claim* was read, the nearest of several citations; None for one that rests on a passage."""
        if claim.passages:
            return None
        return min((self._levels[each] for each in claim.citations if each in self._levels), default=None)

    def _ties(self, claims: Sequence[Claim], until: date | None) -> dict[IRI, list[Tie]]:
        """Give the links of *claims*, their own and those of others that lead to them, without claims known to be made after *until*."""
        found: list[tuple[IRI, str, IRI]] = [
            (claim.iri, _LINKS[link.kind][0], link.claim) for claim in claims for link in claim.links
        ]
        if claims:
            wanted = " ".join(f"<{claim.iri}>" for claim in claims)
            links = " ".join(f"<{KG}{name}>" for name in _LINKS)
            rows = select(
                self.store,
                f"SELECT DISTINCT ?claim ?link ?other WHERE {{ VALUES ?claim {{ {wanted} }} VALUES ?link {{ {links} }} "
                f"?other ?link ?claim ; <{KG}status> <{KG}recorded> }} ORDER BY ?claim ?link ?other",
            )
            found += [
                (
                    IRI(str(row["claim"])),
                    _LINKS[wording.local(str(row["link"]))][1],
                    IRI(str(row["other"])),
                )
                for row in rows
            ]
        known = self._known({other for _, _, other in found}, claims)
        ties: dict[IRI, list[Tie]] = defaultdict(list)
        for iri, words, other in dict.fromkeys(found):
            claim = known.get(other)
            if claim is None or (until and claim.as_of and claim.as_of > until):  # it was said later
                continue
            said = "" if claim.veiled else f"{claim.words} ({claim.said})"
            ties[iri].append(Tie(words, other, said))
        return ties

    def _known(self, iris: set[IRI], claims: Sequence[Claim]) -> dict[IRI, Claim]:
        """Give the claims *iris*, of which *claims* are known already."""
        known = {claim.iri: claim for claim in claims}
        if missing := " ".join(f"<{iri}>" for iri in sorted(iris - known.keys())):
            found = self.matching(f"VALUES ?claim {{ {missing} }} ?claim a kg:Claim .")
            known |= {claim.iri: claim for claim in found}
        return known

    def measures(self, bands: Mapping[str, str]) -> list[Measured]:
        """Give the measures of which claims about *bands* tell (events, each with its band), with counts, those of the event itself first."""
        about = " ".join(f"<{iri}>" for iri in bands)
        rows = select(
            self.store,
            f"SELECT ?measure ?about (COUNT(DISTINCT ?claim) AS ?n) WHERE {{ VALUES ?about {{ {about} }} ?claim <{RDF}subject> ?about ; "
            f"<{RDF}predicate> ?measure ; <{KG}status> <{KG}recorded> . ?measure a <{KG}Measure> }} GROUP BY ?measure ?about",
        )
        counts: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_BANDS, 0))
        for row in rows:
            counts[str(row["measure"])][bands[str(row["about"])]] += int(str(row["n"]))
        measured = [
            Measured(
                IRI(iri),
                wording.local(iri),
                _capital(self.label(IRI(iri))),
                tuple((band, count) for band, count in each.items() if count),
            )
            for iri, each in counts.items()
        ]
        return sorted(
            measured, key=lambda each: (each.bands[0][0] != "same", each.label.casefold(), each.measure)
        )


def _first(claims: Sequence[Claim], shared: Mapping[IRI, Origin]) -> tuple[list[Claim], dict[IRI, int]]:
    """Give the first claim of each origin within each event, in the order of report, and how many of its origin are left out there.

    One that is not veiled stands for one that is.
    """
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        origin = shared.get(claim.iri)
        groups[claim.subject, origin.letter if origin else claim.iri].append(claim)
    chosen = {
        next((each for each in members if not each.veiled), members[0]).iri: len(members) - 1
        for members in groups.values()
    }
    return [claim for claim in claims if claim.iri in chosen], chosen


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
