"""Comparing: what the page of a comparison shows, and what a page about an event takes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import pyoxigraph as ox

from kg import wording
from kg.archive import Archive
from kg.comparison import Band, Comparison, Figure, Measured
from kg.documents.addresses import Addresses
from kg.documents.contents import Contents
from kg.documents.descriptions import Descriptions
from kg.documents.incoming import Incoming
from kg.errors import Gone, NotFound
from kg.formats import Format
from kg.names import KG
from kg.pages.asked import Asked, Option, fields
from kg.pages.intervals import NARROW, ROWS, WIDE, drawings, far_apart, page
from kg.pages.lookups import Lookups
from kg.pages.marks import Drawing
from kg.pages.said import Said
from kg.rows import IRI
from kg.views import Claim

QUERY: Final = "claims-by-measure"
"""The question of the catalogue that gives the rows of a comparison."""
FEW: Final = 12
"""How many rows of a comparison a page about something else shows."""
MOST: Final = 60
"""Up to how many rows of a comparison a page about something else draws."""
_DURATION: Final = KG + "duration"
_PARTS: Final = {"same": "of this event", "wider": "of wider events", "narrower": "of narrower events"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a claim stands: a link to its passage or citation, and one to the document, where that is known."""

    text: str
    href: str
    document: str = ""
    document_href: str = ""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What the page of a comparison shows: ``rows`` are those of its page, ``address`` is where it stands without what is asked.

    The rest is made when it is asked for, by what *look* finds: data forms and pages about something else want little of it.
    """

    comparison: Comparison
    asked: Asked
    address: str
    rows: Sequence[tuple[Band, Sequence[Figure]]]
    size: int
    look: Lookups

    def at(self, asked: Asked) -> str:
        """Give the address of what is *asked*."""
        query = asked.query(self.look.archive)
        return f"{self.address}?{query}" if query else self.address

    @cached_property
    def query(self) -> str:
        """The query string of the page."""
        return self.asked.query(self.look.archive)

    @cached_property
    def wide(self) -> tuple[Drawing, ...]:
        """The rows as drawn on a wide screen."""
        return drawings(self.comparison, self.rows, WIDE, tens=self.asked.tens)

    @cached_property
    def narrow(self) -> tuple[Drawing, ...]:
        """The rows as drawn on a narrow one."""
        return drawings(self.comparison, self.rows, NARROW, tens=self.asked.tens)

    @cached_property
    def evidence(self) -> Mapping[IRI, tuple[Evidence, ...]]:
        """Where each claim of the rows stands."""
        figures = (figure for _, each in self.rows for figure in each)
        return {figure.claim.iri: _evidence(self.look, figure.claim) for figure in figures}

    @cached_property
    def may_be_living(self) -> bool:
        """Whether the comparison has a claim about, or by, who may be living."""
        living = self.look.descriptions.living
        claims = (figure.claim for figure in self.comparison)
        return any(
            not living.isdisjoint(
                {claim.iri, claim.subject, str(claim.object), *(each.iri for each in claim.voices)}
            )
            for claim in claims
        )

    @cached_property
    def far_apart(self) -> bool:
        """Whether steps of ten would part what lies close together."""
        return far_apart(self.comparison)

    @property
    def other_axis(self) -> str:
        """The address of the same with the other axis."""
        return self.at(replace(self.asked, tens=not self.asked.tens))

    @property
    def question(self) -> str:
        """The address of the question of the catalogue that the comparison answers, empty where there is none: it asks about events."""
        if self.comparison.noun != "event":
            return ""
        until = self.comparison.filters.as_of
        return self.look.question(
            QUERY,
            event=self.look.archive.base.compact(self.comparison.event),
            measure=self.comparison.name,
            **({"as_of": until.isoformat()} if until else {}),
        )

    @cached_property
    def fields(self) -> Mapping[str, tuple[Option, ...]]:
        """The choices of the form."""
        return fields(self.comparison, self.look.archive)

    @property
    def pages(self) -> Mapping[str, str]:
        """The addresses of the page before and of the next, by link relation."""
        number = self.asked.page
        turns = {"prev": number - 1} if number > 1 else {}
        if number * self.size < len(self.comparison):
            turns["next"] = number + 1
        return {rel: self.at(replace(self.asked, page=each)) for rel, each in turns.items()}

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
    def hands(self) -> bool:
        """Whether a row rests on a citation."""
        return any(figure.hand for _, figures in self.rows for figure in figures)

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

    def subject(self, kind: str, slug: str) -> IRI:
        """Give the event or place (*kind*) with the *slug*. Raises NotFound, with addresses that may be meant, and Gone."""
        iri = self._archive.base.id(kind, slug)
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
        kind = (self._archive.base.split(event) or ("resource",))[0]
        if measure not in (each.name for each in found):
            places = tuple(self._addresses.claims(event, each.name) for each in found)
            raise NotFound(
                f"no claim about this {kind} tells of {measure!r}",
                suggestions=places,
                remedy="it has the measures below" if places else "no claim about it has a number",
            )
        return self._archive.compare(event, measure, **filters)

    def of(self, event: IRI, measure: str, **filters: Any) -> Compared:
        """Give the first rows of a comparison for a page about something else, which knows that *measure* is claimed; see :meth:`kg.Archive.compare`."""
        return self.page(self._archive.compare(event, measure, **filters), size=FEW)

    def page(
        self, comparison: Comparison, *, number: int = 1, tens: bool = False, size: int = ROWS
    ) -> Compared:
        """Give page *number* of *comparison*; *tens* asks for steps of ten on the axis. Raises NotFound where there is no such page."""
        rows = page(comparison, number, size)
        if not rows and number > 1:
            raise NotFound(f"this comparison has no page {number}", remedy="begin with the first")
        return Compared(
            comparison=comparison,
            asked=Asked(comparison.filters, number, tens),
            address=self._addresses.claims(comparison.event, comparison.name),
            rows=rows,
            size=size,
            look=Lookups(self._archive, self._descriptions, self._addresses, self.contents(comparison)),
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


def most(look: Lookups, told: Iterable[Said]) -> Compared | None:
    """Give the measure with most figures of those *told* about the page's resource side by side, None where there are not two of it, or too many to draw here."""
    figures = Counter(
        claim.predicate
        for said in told
        for part in (*said.parts, *said.undated)
        if part.key == "figures"
        for group in part.groups
        for statement in group.statements
        for claim in statement.claims
        if claim.predicate != _DURATION
    )
    measure, number = max(figures.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    if not 2 <= number <= MOST or not look.addresses.claims(look.iri):
        return None
    comparing = Comparing(look.archive, look.descriptions, look.addresses)
    filters = {"as_of": look.as_of} if look.as_of else {}
    return comparing.of(IRI(look.iri), wording.local(measure), **filters)


def _evidence(look: Lookups, claim: Claim) -> tuple[Evidence, ...]:
    label, of = look.archive.label, look.addresses.of
    found = []
    for passage in claim.passages:
        document, selector = (look.iris(passage, name)[:1] for name in ("kg:standsIn", "oa:hasSelector"))
        ends = [look.text(each, f"oa:{name}") for each in selector for name in ("start", "end")]
        found.append(
            Evidence(
                f"characters {' to '.join(ends)}" if all(ends) and ends else label(passage),
                of(passage),
                *(part for each in document for part in (label(IRI(each)), of(each))),
            )
        )
    for citation in claim.citations:
        work, read_in = (look.iris(citation, name)[:1] for name in ("kg:work", "kg:readIn"))
        found.append(
            Evidence(
                f"read in {label(IRI(*read_in))}" if read_in and read_in != work else "read there",
                of(citation),
                *(part for each in work for part in (label(IRI(each)), of(each))),
            )
        )
    return tuple(found)


def _shape(figure: Figure) -> str:
    """Give the name of the mark of *figure* in the legend."""
    if figure.claim.veiled:
        return "veiled"
    return f"{figure.interval.shape}{'-excluded' if figure.interval.excluded else ''}"
