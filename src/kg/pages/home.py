"""The first page of a collection: its scope, the ways in, and the measure of which sources say most, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from kg import wording
from kg.names import KG, RDF
from kg.pages.comparing import Compared
from kg.pages.overview import Offer, offers
from kg.queries import Query
from kg.rows import IRI
from kg.store import select

if TYPE_CHECKING:
    from kg.pages.pages import Pages

MOST: Final = 60
"""Up to how many figures are drawn on the first page."""
DAYS: Final = 12
"""Up to how many days of report it lists."""
EACH: Final = 2
"""How many questions of each asker it names."""


@dataclass(frozen=True, slots=True)
class Home:
    """What the first page shows.

    ``counts`` are the lists with what is in them, ``days`` those on which most was reported, in their order, each with what was reported on it and known by its end, and ``every_day`` tells whether there are no others; ``asked`` are questions by
    who asks them; ``compared`` is the measure of an event with most figures, None where there are not two of any.
    """

    counts: tuple[Offer, ...]
    days: tuple[tuple[date, int, int], ...]
    every_day: bool
    asked: tuple[tuple[str, tuple[Query, ...]], ...]
    compared: Compared | None


def home(pages: Pages) -> Home:
    """Give what the first page of a collection of the profile ``attest`` shows."""
    reporting = pages.archive.reporting
    days = sorted(sorted(reporting, key=lambda day: (-day[1], day[0]))[:DAYS])
    return Home(
        tuple(each for each in offers(pages, of_class=False) if each.total),
        tuple(days),
        len(days) == len(reporting),
        tuple(_asked(list(pages.archive.catalog.values()))),
        _compared(pages),
    )


def _asked(queries: Sequence[Query]) -> list[tuple[str, tuple[Query, ...]]]:
    askers = dict.fromkeys(query.asked_by for query in queries if query.asked_by)
    return [
        (asker, tuple(query for query in queries if query.asked_by == asker)[:EACH])
        for asker in sorted(askers)
    ]


def _compared(pages: Pages) -> Compared | None:
    """Give the measure of an event that most figures are claimed of, side by side, where they fit."""
    rows = select(
        pages.archive.store,
        f"SELECT ?event ?measure (COUNT(DISTINCT ?claim) AS ?n) WHERE {{ ?claim a <{KG}QuantityClaim> ; <{KG}status> ?status ; "
        f"<{RDF}subject> ?event ; <{RDF}predicate> ?measure . ?event a ?kind . "
        f"FILTER (?status = <{KG}recorded> && ?kind = <https://schema.org/Event> && ?measure != <{KG}duration>) }} GROUP BY ?event ?measure ORDER BY DESC(?n) ?event ?measure LIMIT 1",
    )
    if not rows or not 2 <= int(str(rows[0]["n"])) <= MOST:
        return None
    event, measure = IRI(str(rows[0]["event"])), wording.local(str(rows[0]["measure"]))
    return pages.comparing.of(event, measure) if pages.addresses.claims(event, measure) else None
