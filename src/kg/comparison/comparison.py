"""Comparisons: the claims of one measure of an event as rows in bands, with what each shares with the others."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from kg.comparison.filters import Filters
from kg.comparison.intervals import Interval
from kg.comparison.origins import Origin
from kg.rows import IRI, VEILED, written
from kg.views import Claim, Voice

_BANDS: Final = {"same": "Of this {0}", "wider": "Of a wider {0}", "narrower": "Of a narrower {0}"}
COLUMNS: Final = (
    "band", "event", "event_label", "as_of", "words", "denied", "derived", "comparator", "amount", "lower_bound", "upper_bound",
    "magnitude", "unit", "population", "place_scope", "event_scope", "scope_from", "scope_to", "scope_duration", "voices", "voice_iris",
    "origin", "same_origin_not_shown", "links", "caveats", "notes", "claim", "passages", "citations", "evidence_level", VEILED,
)  # fmt: skip
"""The columns of a comparison as CSV."""


@dataclass(frozen=True, slots=True)
class Tie:
    """How the claim of a row stands to ``other``: in ``words``, as "updates" or "is updated by"; ``said`` is what the other says and when,
    empty where it is veiled.
    """

    words: str
    other: IRI
    said: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One claim of a comparison. Its ``unit`` is in words, empty where not stated; so is its scope, that of the claim (:class:`kg.Scope`).

    ``level`` is how near to its speaker it was read, where it rests on a citation, and ``hand`` that in words ("third hand"); a claim that rests
    on a passage of a text that was captured has none. ``origin`` is what it shares with others, None where no common origin is recorded; ``more`` is how many claims of the same origin
    are not shown because of it. ``ties`` are its links with other claims, in both directions.
    """

    claim: Claim
    interval: Interval
    unit: str = ""
    level: IRI | None = None
    hand: str = ""
    origin: Origin | None = None
    more: int = 0
    ties: tuple[Tie, ...] = ()

    @property
    def voices(self) -> tuple[Voice, ...]:
        """The chain: the speaker, those who passed it on, the publication."""
        return tuple(self.claim.voices)

    @property
    def scopes(self) -> tuple[str, ...]:
        """Whom, where and when it counts, each in words, and which of these is not stated."""
        return self.claim.scope.parts

    @property
    def scope(self) -> str:
        """The same as one text."""
        return str(self.claim.scope)


@dataclass(frozen=True, slots=True)
class Band:
    """The claims about one event or place (``noun``): ``same`` for the one asked about, else a ``wider`` or ``narrower`` event.

    ``dated`` stand in order of report; of the ``undated`` it is not known when they were said.
    """

    kind: str
    event: IRI
    label: str
    dated: tuple[Figure, ...] = ()
    undated: tuple[Figure, ...] = ()
    noun: str = "event"

    @property
    def title(self) -> str:
        """What a heading says of it."""
        return f"{_BANDS[self.kind].format(self.noun)}: {self.label}"

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All of them, in order."""
        return self.dated + self.undated


@dataclass(frozen=True, slots=True)
class Comparison:
    """What sources say of a measure of an event or a place (``noun``), not reconciled.

    ``bands`` hold the claims that ``filters`` leave, ``claims`` are all that there are, ``origins`` those of the claims shown.
    It has no figure of its own: no total, no average, no range over its claims.
    """

    event: IRI
    event_label: str
    measure: IRI
    name: str
    measure_label: str
    filters: Filters
    bands: tuple[Band, ...]
    claims: tuple[Claim, ...]
    origins: tuple[Origin, ...]
    filtered: tuple[str, ...] = ()
    noun: str = "event"

    def __iter__(self) -> Iterator[Figure]:
        return (figure for band in self.bands for figure in band.figures)

    def __len__(self) -> int:
        return sum(len(band.figures) for band in self.bands)

    @property
    def undated(self) -> int:
        """How many of the claims shown are undated."""
        return sum(len(band.undated) for band in self.bands)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Every voice in a chain of any claim, whether shown or not, each once, by name."""
        found = {voice.iri: voice for claim in self.claims for voice in claim.voices}
        return tuple(sorted(found.values(), key=lambda voice: (voice.label.casefold(), voice.iri)))

    @property
    def state(self) -> str:
        """Say how many claims are shown and why not all: ``4 of 7 claims shown: reported by 16 January 1990, or undated``."""
        total = f"{len(self.claims)} claim{'' if len(self.claims) == 1 else 's'}"
        if not self.filtered:
            return f"{total}, not reconciled"
        return f"{len(self)} of {total} shown: {'; '.join(self.filtered)}"

    def __str__(self) -> str:
        return self.text()

    def text(self, *, veiled: bool = False) -> str:
        """Give it as lines for a terminal; what is veiled says so, unless *veiled* asks for it."""
        lines = [f"{self.measure_label}, {self.event_label}", self.state]
        for band in self.bands:
            lines += ["", band.title]
            for figure in band.figures:
                lines += _lines(figure, figure.claim.veiled and not veiled)
        lines += ["" for _ in self.origins[:1]]
        lines += [f"origin {each.letter}: {'; '.join(each.reasons)}" for each in self.origins]
        return "\n".join(lines)

    def to_csv(self) -> str:
        """Give the rows shown as CSV (RFC 4180), with the columns :data:`COLUMNS`: IRIs in full, several values with a space between."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for band in self.bands:
            writer.writerows(
                [row[name] for name in COLUMNS] for row in (_row(band, each) for each in band.figures)
            )
        return out.getvalue()

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON values: the bands with their rows, and the origins."""
        return {
            "event": {"iri": self.event, "label": self.event_label},
            "measure": {"iri": self.measure, "label": self.measure_label},
            "state": self.state,
            "total": len(self.claims),
            "shown": len(self),
            "bands": [
                {
                    "band": band.kind,
                    "event": {"iri": band.event, "label": band.label},
                    "claims": [_object(figure) for figure in band.figures],
                }
                for band in self.bands
            ],
            "origins": [
                {"origin": each.letter, "reasons": list(each.reasons), "claims": list(each.claims)}
                for each in self.origins
            ],
        }


@dataclass(frozen=True, slots=True)
class Measured:
    """How many claims there are of a measure of an event: by band, and in all."""

    measure: IRI
    name: str
    label: str
    bands: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """The number of claims in all bands."""
        return sum(count for _, count in self.bands)


def _lines(figure: Figure, hidden: bool) -> list[str]:
    claim = figure.claim
    marks = [
        *([figure.hand] if figure.hand else []),
        *(["denied"] if claim.denied else []),
        *(["derived by the project"] if claim.derived else []),
        *([f"origin {figure.origin.letter}"] if figure.origin else []),
        *([f"{figure.more} more of the same origin not shown"] if figure.more else []),
    ]
    head = f"  {claim.said:<10}  {VEILED if hidden else claim.words}"
    lines = [head + (f" [{', '.join(marks)}]" if marks else ""), f"{'':14}{claim.voices}"]
    if not hidden:
        lines += [f"{'':14}{figure.scope}"]
        lines += [f"{'':14}{tie.words}: {tie.said or VEILED}" for tie in figure.ties]
        lines += [f"{'':14}caveat: {each}" for each in claim.caveats]
        lines += [f"{'':14}note of the record: {each}" for each in claim.notes]
    return lines


def _row(band: Band, figure: Figure) -> dict[str, str]:
    claim = figure.claim
    values = {
        "band": band.kind,
        "event": band.event,
        "event_label": band.label,
        "as_of": claim.as_of,
        "words": claim.words,
        "denied": claim.denied,
        "derived": claim.derived,
        "comparator": claim.comparator,
        "amount": claim.amount,
        "lower_bound": claim.lower,
        "upper_bound": claim.upper,
        "magnitude": claim.object if isinstance(claim.object, IRI) else None,
        "unit": claim.unit,
        "population": claim.population,
        "place_scope": claim.place,
        "event_scope": claim.event_scope,
        "scope_from": claim.scope_from,
        "scope_to": claim.scope_to,
        "scope_duration": claim.scope_duration,
        "voices": str(claim.voices),
        "voice_iris": " ".join(voice.iri for voice in claim.voices),
        "origin": figure.origin.letter if figure.origin else "",
        "same_origin_not_shown": figure.more,
        "links": "; ".join(f"{tie.words} {tie.other}" for tie in figure.ties),
        "caveats": "; ".join(claim.caveats),
        "notes": " ".join(claim.notes),
        "claim": claim.iri,
        "passages": " ".join(claim.passages),
        "citations": " ".join(claim.citations),
        "evidence_level": figure.level,
        VEILED: claim.veiled,
    }
    return {name: written(value) for name, value in values.items()}


def _object(figure: Figure) -> dict[str, Any]:
    claim = figure.claim
    return {
        "claim": claim.iri,
        "as_of": claim.as_of.isoformat() if claim.as_of else None,
        "words": claim.words,
        "denied": claim.denied,
        "derived": claim.derived,
        "comparator": claim.comparator,
        "amount": claim.amount,
        "lower_bound": claim.lower,
        "upper_bound": claim.upper,
        "magnitude": claim.object if isinstance(claim.object, IRI) else None,
        "unit": _named(claim.unit, figure.unit),
        "population": _named(claim.population, claim.scope.whom),
        "place_scope": _named(claim.place, claim.scope.where),
        "event_scope": _named(claim.event_scope, claim.scope.event),
        "scope_from": written(claim.scope_from) or None,
        "scope_to": written(claim.scope_to) or None,
        "scope_duration": claim.scope_duration,
        "voices": [{"iri": voice.iri, "label": voice.label, "part": voice.part} for voice in claim.voices],
        "origin": figure.origin.letter if figure.origin else None,
        "same_origin_not_shown": figure.more,
        "links": [{"relation": tie.words, "claim": tie.other} for tie in figure.ties],
        "caveats": list(claim.caveats),
        "notes": list(claim.notes),
        "passages": list(claim.passages),
        "citations": list(claim.citations),
        "evidence_level": _named(figure.level, figure.hand),
        "veiled": claim.veiled,
    }


def _named(iri: IRI | None, label: str) -> dict[str, str] | None:
    return {"iri": iri, "label": label} if iri is not None else None
