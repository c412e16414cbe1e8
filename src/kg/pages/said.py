"""What is said: the claims on a page, under headings that keep figures, relations and the speakers' own words apart.

Each claim stands on a page once. Nothing is added up, and what is veiled stands behind a fold of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypeAlias

from kg.names import KG
from kg.rows import IRI
from kg.views import Claim

SHOWN: Final = 50
"""How many claims of one property a page shows; the rest are told of."""

INJURIES: Final = frozenset(
    KG + name
    for name in (
        "woundedIn",
        "injuryOf",
        "takenTo",
        "expelledFrom",
        "received",
        "treatedBy",
        "treatedIn",
        "killedIn",
    )
)
"""What is said of a person's injuries comes after who they were."""


class Heading(NamedTuple):
    """A part of what is said: its anchor, its title, what a reader must know of it, and the kinds of claim in it."""

    key: str
    title: str
    note: str
    kinds: tuple[str, ...]


HEADINGS: Final = (
    Heading(
        "figures",
        "Figures",
        "Each as one source gives it, with the day by which it was said and the voices that it came through. Never added up, never averaged.",
        ("QuantityClaim",),
    ),
    Heading("dates", "Dates", "", ("DateClaim",)),
    Heading(
        "relations",
        "What is said",
        "",
        ("RelationClaim", "BibliographicClaim", "EpistemicClaim", "DepictionClaim", "IdentityClaim"),
    ),
    Heading("routes", "Routes", "", ("RouteClaim",)),
    Heading(
        "responsibility",
        "Who is held responsible",
        "These are the speakers’ words and not a finding of this record.",
        ("ResponsibilityClaim",),
    ),
    Heading(
        "motives",
        "Aims and demands",
        "As the speakers put them; what somebody wanted is not known from it.",
        ("MotiveClaim",),
    ),
    Heading(
        "causes",
        "Causes and occasions",
        "As the speakers link them; the record links nothing.",
        ("CausalClaim",),
    ),
    Heading("words", "How it is characterised", "In the speakers’ words.", ("CharacterisationClaim",)),
    Heading(
        "names", "What sources call it", "In the speakers’ words; the heading is ours.", ("NamingClaim",)
    ),
)
"""The parts in the order of a page; claims of other kinds are in ``relations``."""
_PLACES: Final = {kind: heading.key for heading in HEADINGS for kind in heading.kinds}


@dataclass(frozen=True, slots=True)
class Statement:
    """What is said in the same words, by one claim or by several; each keeps its voices and its day."""

    claims: tuple[Claim, ...]

    @property
    def claim(self) -> Claim:
        """One of the claims, for the words that all have."""
        return self.claims[0]

    @property
    def speakers(self) -> tuple[Claim, ...]:
        """The first claim of each chain of voices."""
        return speakers(self.claims)


@dataclass(frozen=True, slots=True)
class Group:
    """Statements with one property; ``left`` of their claims are not shown. ``compare`` is where figures stand side by side."""

    title: str
    property: IRI
    statements: tuple[Statement, ...]
    number: int
    left: int = 0
    compare: str = ""


Groups: TypeAlias = tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is said: groups of claims, those that are veiled apart."""

    key: str
    title: str
    note: str
    groups: Groups
    veiled: Groups

    @property
    def number(self) -> int:
        """How many claims the part has, with those that are not shown."""
        return sum(group.number for group in (*self.groups, *self.veiled))

    @property
    def hidden(self) -> int:
        """How many of them are veiled."""
        return sum(group.number for group in self.veiled)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said, part by part; ``undated`` are the parts of what cannot be placed, where the page is limited to a day."""

    parts: tuple[Part, ...] = ()
    undated: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts or self.undated)

    @property
    def number(self) -> int:
        """How many claims there are."""
        return sum(part.number for part in (*self.parts, *self.undated))


class Telling:
    """Puts claims under headings: properties are called by *label*, figures compared at what *compare* gives for a property."""

    def __init__(self, label: Callable[[IRI], str], compare: Callable[[IRI], str] = lambda _: "") -> None:
        self._label = label
        self._compare = compare

    def of(self, claims: Iterable[Claim], as_of: date | None = None) -> Said:
        """Give *claims* part by part; with *as_of* only those said by that day, undated ones of sources apart."""
        found = list(claims)
        if as_of is None:
            return Said(self.parts(found))
        undated = [claim for claim in found if claim.as_of is None and not claim.derived]
        return Said(self.parts(known(found, as_of)), self.parts(undated))

    def parts(self, claims: Iterable[Claim]) -> tuple[Part, ...]:
        """Give the parts that *claims* fill, in the order of a page."""
        found: dict[str, list[Claim]] = {}
        for claim in claims:
            found.setdefault(_PLACES.get(claim.kind, "relations"), []).append(claim)
        return tuple(self.part(heading, found[heading.key]) for heading in HEADINGS if heading.key in found)

    def part(self, heading: Heading, claims: Iterable[Claim]) -> Part:
        """Give *claims* as one part, in order of report within each property."""
        found = list(claims)
        shown, veiled = (
            self._groups(claim for claim in found if claim.veiled is hidden) for hidden in (False, True)
        )
        return Part(heading.key, heading.title, heading.note, shown, veiled)

    def _groups(self, claims: Iterable[Claim]) -> Groups:
        groups: dict[IRI, list[Claim]] = {}
        for claim in claims:
            groups.setdefault(claim.predicate, []).append(claim)
        found = [
            Group(
                self._label(property),
                property,
                statements(each[:SHOWN]),
                len(each),
                max(0, len(each) - SHOWN),
                self._compare(property) if each[0].kind == "QuantityClaim" else "",
            )
            for property, each in groups.items()
        ]
        return tuple(sorted(found, key=lambda group: (group.property in INJURIES, group.title)))


def statements(claims: Iterable[Claim]) -> tuple[Statement, ...]:
    """Give *claims* by their words; a figure stands by itself, since what it counts may be another."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        own = claim.iri if claim.kind == "QuantityClaim" or claim.derived else claim.subject
        found.setdefault((own, claim.words), []).append(claim)
    return tuple(Statement(tuple(each)) for each in found.values())


def known(claims: Iterable[Claim], as_of: date | None) -> list[Claim]:
    """Give those of *claims* that had been made by *as_of*, all where that is None."""
    return [claim for claim in claims if as_of is None or (claim.as_of is not None and claim.as_of <= as_of)]


def speakers(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Give the first of *claims* of each chain of voices: who says it, each once."""
    found: dict[str, Claim] = {}
    for claim in claims:
        found.setdefault(str(claim.voices), claim)
    return tuple(found.values())
