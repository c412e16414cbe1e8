"""What the address of a comparison asks for, and what its form offers to ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from kg.archive import Archive
from kg.comparison import MODALITIES, Comparison, Filters


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks of a comparison: its filters, the page, and whether the axis goes in steps of ten."""

    filters: Filters = field(default_factory=Filters)
    page: int = 1
    tens: bool = False

    def query(self, archive: Archive) -> str:
        """Give the query string of the address, empty where nothing is asked."""
        filters = self.filters
        pairs = [
            *([("voice", archive.base.compact(filters.voice))] if filters.voice else []),
            *([("as-of", filters.as_of.isoformat())] if filters.as_of else []),
            *(("modality", each) for each in filters.modality),
            *([("origin", "independent")] if filters.independent else []),
            *([("related", "no")] if not filters.related else []),
            *([("axis", "tens")] if self.tens else []),
            *([("page", str(self.page))] if self.page > 1 else []),
        ]
        return urlencode(pairs, safe=":")


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a field of the form offers, with its words, and whether it is chosen."""

    value: str
    words: str
    chosen: bool = False


def fields(comparison: Comparison, archive: Archive) -> dict[str, tuple[Option, ...]]:
    """Give the values that each field of the form offers: only what occurs among the claims."""
    filters, claims = comparison.filters, comparison.claims
    days = {claim.as_of for claim in claims if claim.as_of} | ({filters.as_of} if filters.as_of else set())
    said = {claim.comparator for claim in claims} | set(filters.modality)
    voices = [
        Option(archive.base.compact(each.iri), each.label, each.iri == filters.voice)
        for each in comparison.voices
    ]
    if filters.voice and not any(each.chosen for each in voices):
        voices.append(Option(archive.base.compact(filters.voice), archive.label(filters.voice), True))
    return {
        "voice": tuple(voices),
        "as-of": tuple(
            Option(day.isoformat(), day.isoformat(), day == filters.as_of) for day in sorted(days)
        ),
        "modality": tuple(
            Option(name, words, name in filters.modality)
            for name, words in MODALITIES.items()
            if name in said
        ),
    }
