"""Comparing: what the page of a comparison shows, and what a page about an event takes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox

from kg.archive import Archive
from kg.comparison import Band, Comparison, Figure, Measured
from kg.documents.addresses import Addresses
from kg.documents.contents import Contents
from kg.documents.descriptions import Descriptions
from kg.documents.incoming import Incoming
from kg.errors import Gone, NotFound
from kg.formats import Format
from kg.pages.asked import Asked, Option, fields
from kg.pages.intervals import NARROW, ROWS, WIDE, drawings, far_apart, page
from kg.pages.lookups import Lookups
from kg.pages.marks import Drawing
from kg.rows import IRI
from kg.views import Claim

QUERY: Final = "claims-by-measure"
"""The question of the catalogue that gives the rows of a comparison."""
FEW: Final = 12
"""How many rows of a comparison a page about something else shows."""
_PARTS: Final = {"same": "of this event", "wider": "of wider events", "narrower": "of narrower events"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a claim stands: a link to its passage or citation, and one to the document, where that is known."""

    text: str
    href: str
    document: str = ""
    document_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the page of a comparison shows: ``rows`` are those of its page, ``address`` is where it stands without what is asked."""

    comparison: Comparison
    asked: Asked
    address: str
    query: str
    rows: Sequence[tuple[Band, Sequence[Figure]]]
    wide: tuple[Drawing, ...]
    narrow: tuple[Drawing, ...]
    evidence: Mapping[IRI, tuple[Evidence, ...]]
    may_be_living: bool
    far_apart: bool = False
    other_axis: str = ""
    question: str = ""
    fields: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> int:
        """How many rows the page has."""
        return sum(len(figures) for _, figures in self.rows)

    @property
    def first(self) -> int:
        """The number of its first row."""
        return (self.asked.page - 1) * ROWS + 1

    @property
    def shapes(self) -> frozenset[str]:
        """What marks there are, for the legend."""
        return frozenset(
            shape
            for _, figures in self.rows
            for figure in figures
            for shape in (_shape(figure), "denied" if figure.claim.denied else "")
            if shape
        )

    @property
    def more(self) -> int:
        """How many rows of the comparison are on no drawing here."""
        return len(self.comparison) - self.shown


@dataclass(frozen=True, slots=True)
class Overview:
    """The measures of an event, each with the address and the first rows of its comparison, and the counts by band in words."""

    event: IRI
    label: str
    address: str
    measures: tuple[tuple[Measured, str, Compared], ...]


class Comparing:
    """Makes the pages that compare claims of *archive*, with links by *addresses*."""

    def __init__(self, archive: Archive, descriptions: Descriptions, addresses: Addresses) -> None:
        self._archive = archive
        self._descriptions = descriptions
        self._addresses = addresses

    def event(self, slug: str) -> IRI:
        """Give the event with the *slug*. Raises NotFound, with addresses that may be meant, and Gone."""
        iri = self._archive.base.id("event", slug)
        try:
            if not self._addresses.claims(iri):
                raise NotFound("there is nothing at this address", remedy="start from the first page, /")
            self._archive.thing(iri)
        except Gone:
            raise
        except NotFound as error:
            base = self._archive.base
            near = (
                self._addresses.claims(base.expand(name)) for name in error.suggestions if base.is_name(name)
            )
            raise NotFound(
                error.message, suggestions=tuple(filter(None, near)), remedy=error.remedy
            ) from None
        return IRI(iri)

    def compare(self, event: IRI, measure: str, **filters: Any) -> Comparison:
        """Give the comparison of *measure*, by its local name, with *filters* as :meth:`kg.Archive.compare` takes them.

        Raises NotFound, with the addresses of the measures that the event has, where no claim tells of it; QueryError for a filter.
        """
        found = self._archive.measures(event)
        if measure not in (each.name for each in found):
            places = tuple(self._addresses.claims(event, each.name) for each in found)
            raise NotFound(
                f"no claim about this event tells of {measure!r}",
                suggestions=places,
                remedy="it has the measures below" if places else "no claim about it has a number",
            )
        return self._archive.compare(event, measure, **filters)

    def of(self, event: IRI, measure: str, **filters: Any) -> Compared:
        """Give the first rows of a comparison for a page about something else: see :meth:`compare`."""
        return self.page(self.compare(event, measure, **filters), size=FEW)

    def page(
        self, comparison: Comparison, *, number: int = 1, tens: bool = False, size: int = ROWS
    ) -> Compared:
        """Give page *number* of *comparison*; *tens* asks for steps of ten on the axis. Raises NotFound where there is no such page."""
        rows = page(comparison, number, size)
        if not rows and number > 1:
            raise NotFound(f"this comparison has no page {number}", remedy="begin with the first")
        asked = Asked(comparison.filters, number, tens)
        address = self._addresses.claims(comparison.event, comparison.name)
        figures = [figure for _, each in rows for figure in each]

        look = Lookups(self._archive, self._descriptions, self._addresses, self.contents(comparison))

        def at(asked: Asked) -> str:
            query = asked.query(self._archive)
            return f"{address}?{query}" if query else address

        turns = {"prev": number - 1} if number > 1 else {}
        if number * size < len(comparison):
            turns["next"] = number + 1
        return Compared(
            comparison=comparison,
            asked=asked,
            address=address,
            query=asked.query(self._archive),
            rows=rows,
            wide=drawings(comparison, rows, WIDE, tens=tens),
            narrow=drawings(comparison, rows, NARROW, tens=tens),
            evidence={figure.claim.iri: self._evidence(look, figure.claim) for figure in figures},
            may_be_living=self._may_be_living(figure.claim for figure in comparison),
            far_apart=far_apart(comparison),
            other_axis=at(Asked(comparison.filters, number, not tens)),
            question=self._question(comparison),
            fields=fields(comparison, self._archive),
            pages={rel: at(Asked(comparison.filters, each, tens)) for rel, each in turns.items()},
        )

    def overview(self, event: IRI) -> Overview:
        """Give all measures of *event*, each with the first rows of its comparison."""
        return Overview(
            event,
            self._archive.label(event),
            self._addresses.claims(event),
            tuple(
                (each, ", ".join(f"{count:,} {_PARTS[band]}" for band, count in each.bands), self.of(event, each.name))
                for each in self._archive.measures(event)
            ),
        )  # fmt: skip

    def contents(self, comparison: Comparison) -> Contents:
        """Give the claims shown of *comparison* as a document: in full, with their evidence and what they mention is called."""
        claims = tuple(ox.NamedNode(figure.claim.iri) for figure in comparison)
        return Contents(comparison.event, (), claims, Incoming(1), self._descriptions, attest=True)

    def forms(self, compared: Compared, formats: Iterable[Format]) -> list[tuple[Format, str]]:
        """Give the addresses of what is shown in *formats*, with the same filters; a file has all pages."""
        query = Asked(compared.comparison.filters).query(self._archive)
        tail = f"?{query}" if query else ""
        return [(format, f"{compared.address}.{format.suffix}{tail}") for format in formats]

    def _evidence(self, look: Lookups, claim: Claim) -> tuple[Evidence, ...]:
        found = []
        for passage in claim.passages:
            document, selector = (look.iris(passage, name)[:1] for name in ("kg:standsIn", "oa:hasSelector"))
            ends = [look.text(each, f"oa:{name}") for each in selector for name in ("start", "end")]
            found.append(
                Evidence(
                    f"characters {' to '.join(ends)}" if all(ends) and ends else self._archive.label(passage),
                    self._addresses.of(passage),
                    *(
                        part
                        for each in document
                        for part in (self._archive.label(IRI(each)), self._addresses.of(each))
                    ),
                )
            )
        found += [Evidence(self._archive.label(each), self._addresses.of(each)) for each in claim.citations]
        return tuple(found)

    def _may_be_living(self, claims: Iterable[Claim]) -> bool:
        living = self._descriptions.living
        return any(
            not living.isdisjoint(
                {claim.iri, claim.subject, str(claim.object), *(each.iri for each in claim.voices)}
            )
            for claim in claims
        )

    def _question(self, comparison: Comparison) -> str:
        """Give the address of the question of the catalogue that this comparison answers, empty where there is none."""
        if QUERY not in self._archive.catalog:
            return ""
        asked = {"event": self._archive.base.compact(comparison.event), "measure": comparison.name}
        if comparison.filters.as_of:
            asked["as_of"] = comparison.filters.as_of.isoformat()
        return f"{self._addresses.prefix}/queries/{QUERY}?{urlencode(asked, safe=':')}"


def _shape(figure: Figure) -> str:
    """Give the name of the mark of *figure* in the legend."""
    if figure.claim.veiled:
        return "veiled"
    return f"{figure.interval.shape}{'-excluded' if figure.interval.excluded else ''}"
