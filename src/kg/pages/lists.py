"""Lists as pages: what a filtered list shows, with the address that every choice leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from kg import wording
from kg.documents.addresses import Addresses
from kg.listing import Counted, Listing, Row, Selection, Value, sparql
from kg.listing.facets import DATED, NONE, UNTIL
from kg.listing.forms import ROWS as MOST
from kg.listing.generic import RESERVED
from kg.listing.kinds import KINDS
from kg.pages.terms import Shown

if TYPE_CHECKING:
    from kg.pages.pages import Pages

SIZE: Final = 50
"""Members on a page."""
VALUES: Final = 8
"""Values of a facet that are shown without asking for more."""
ALL: Final = 300
"""Values of a facet that are shown at most."""
PATHS: Final = {kind.name: f"/{kind.name}" for kind in KINDS}
"""Where the lists of the profile stand, by name."""
_APART: Final = {"people": "people/unnamed", "people/unnamed": "people"}
"""Lists that lead to one another, since what one of them has is missing from the other."""
_DATE: Final = re.compile(r"[\[{.]*[0-9]{4}(?![0-9A-Za-z])")
"""How a date begins that may be worded (EDTF)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a list: values by the name of their facet, an order, a page, the facet to show all values of."""

    filters: Mapping[str, tuple[str, ...]]
    order: str = ""
    page: int = 1
    more: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: what it is called, how many have it, where choosing it leads, or leaving it out where it is chosen."""

    text: Shown
    count: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A facet with its choices; ``more`` others, which are shown at ``href``, or cannot be shown where that is empty."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    more: int
    href: str
    open: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the list: its label, linked, and what else is shown of it."""

    label: Shown
    said: tuple[str, ...]
    veiled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """What the page of a list shows."""

    title: Shown
    iri: str
    total: int
    of: int
    first: int
    members: tuple[Member, ...]
    groups: tuple[Group, ...]
    chosen: tuple[tuple[str, Choice], ...]
    orders: tuple[tuple[str, str], ...]
    order: str
    pages: Mapping[str, str]
    csv: str
    json: str
    query: str
    plain: str
    apart: tuple[tuple[str, str, int], ...]
    until: str
    undated: int
    undated_href: str
    unnamed: int
    dated: bool
    hidden: tuple[tuple[str, str], ...]
    living: bool
    large: bool


class ListAddresses:
    """The addresses of *listing*, which is at *path*: under any filters, in any form."""

    def __init__(self, listing: Listing, addresses: Addresses) -> None:
        self._listing = listing
        self.path = addresses.prefix + PATHS.get(listing.name, "/list")

    def query(self, asked: Asked, *, lang: str = "") -> str:
        """Give what stands after the question mark, in one order whatever was asked for first."""
        pairs = [("class", self._listing.name)] if self._listing.of_class else []
        pairs += [(name, value) for name in self._listing.filters for value in asked.filters.get(name, ())]
        pairs += [("sort", asked.order)] if asked.order and asked.order != self._listing.orders[0] else []
        pairs += [("more", asked.more)] if asked.more else []
        pairs += [("page", str(asked.page))] if asked.page > 1 else []
        pairs += [("lang", lang)] if lang else []
        return urlencode(pairs)

    def of(self, asked: Asked, suffix: str = "") -> str:
        """Give the address of what *asked* asks for."""
        query = self.query(asked)
        return self.path + (f".{suffix}" if suffix else "") + (f"?{query}" if query else "")


def listed(pages: Pages, selection: Selection, asked: Asked) -> ListPage:
    """Give what the page of *selection*, which *asked* asked for, shows."""
    listing = selection.listing
    to = ListAddresses(listing, pages.addresses)
    start = (asked.page - 1) * SIZE
    rows = list(selection.page(start, SIZE, asked.order))
    counted = selection.counted(VALUES, of=asked.more, all=ALL)
    words = _Words(pages, rows, counted)
    kept = Asked(asked.filters, asked.order)
    return ListPage(
        title=words.title(listing),
        iri=listing.name if listing.of_class else "",
        total=selection.total,
        of=listing.total,
        first=start + 1,
        members=tuple(words.member(row, listing) for row in rows),
        groups=tuple(_group(each, kept, to, words) for each in counted if each.values),
        chosen=tuple(_chosen(selection, kept, to, words)),
        orders=tuple((order, to.of(Asked(asked.filters, order))) for order in listing.orders),
        order=asked.order or listing.orders[0],
        pages=neighbours(selection, asked, to),
        csv=to.of(kept, "csv"),
        json=to.of(kept, "json"),
        query=f"{pages.addresses.prefix}/sparql?query={quote(sparql(selection), safe='')}",
        plain=to.of(Asked({})),
        apart=tuple(_apart(pages, listing)),
        until=selection.until,
        undated=selection.undated,
        undated_href=_undated(kept, to),
        unnamed=listing.unnamed,
        dated=UNTIL in listing.filters,
        hidden=tuple(_hidden(listing, kept)),
        living=selection.living,
        large=selection.total > MOST,
    )


def neighbours(selection: Selection, asked: Asked, to: ListAddresses) -> dict[str, str]:
    """Give the addresses of the first, previous and next page, by link relation."""
    last = max(1, -(-selection.total // SIZE))
    numbers = {"first": 1, "prev": asked.page - 1} if asked.page > 1 else {}
    if asked.page < last:
        numbers |= {"next": asked.page + 1, "last": last}
    return {rel: to.of(Asked(asked.filters, asked.order, number)) for rel, number in numbers.items()}


class _Words:
    """What things on one page are called, in the language of the pages."""

    def __init__(self, pages: Pages, rows: Iterable[Row], counted: Iterable[Counted]) -> None:
        self._addresses = pages.addresses
        iris: set[str] = set()
        if pages.language != pages.languages[0]:  # the labels of the file are those of the first language
            iris = {row.iri for row in rows}
            iris |= {value.iri for each in counted for value in each.values if value.iri and value.label != "veiled"}  # fmt: skip
        self._names = {iri: name for iri, name in pages.descriptions.names(iris).items() if name.said}
        self._language = pages.language
        self._pages = pages

    def title(self, listing: Listing) -> Shown:
        """Give what the members of *listing* are called together."""
        if not listing.of_class:
            return Shown(listing.title, "", listing.language)
        name = self._pages.name(listing.name)
        return Shown(name.text, self._addresses.of(listing.name), name.language)

    def value(self, value: Value) -> Shown:
        """Give what *value* is called."""
        name = self._names.get(value.iri)
        return (
            Shown(name.text, "", name.language, value.name)
            if name
            else Shown(value.label, "", value.language, value.iri and value.name)
        )

    def member(self, row: Row, listing: Listing) -> Member:
        """Give *row* as the page shows it."""
        name = self._names.get(row.iri)
        text, language = (name.text, name.language) if name else (row.label, row.language)
        said = [
            ", ".join(map(_worded, cell))
            for column, cell in zip(listing.columns, row.cells, strict=True)
            if column.shown and cell and cell != (row.label,)
        ]
        return Member(Shown(text, self._addresses.of(row.iri), language), tuple(said), row.veiled)


def _worded(value: str) -> str:
    """Give a date in words, any other text as it is."""
    return wording.date(value) if _DATE.match(value) else value


def _group(counted: Counted, asked: Asked, to: ListAddresses, words: _Words) -> Group:
    facet = counted.facet
    choices = tuple(_choice(facet.name, value, asked, to, words) for value in counted.values)
    more = to.of(Asked(asked.filters, asked.order, 1, facet.name)) if counted.more else ""
    shown = "" if len(counted.values) >= ALL else f"{more}#facet-{facet.name}" if more else ""
    return Group(facet.name, facet.title, choices, counted.more, shown, any(value.chosen for value in counted.values))  # fmt: skip


def _choice(facet: str, value: Value, asked: Asked, to: ListAddresses, words: _Words) -> Choice:
    """Give *value* with the address that has it too, or without it where it is chosen."""
    others = tuple(name for name in asked.filters.get(facet, ()) if name not in (value.name, value.iri))
    names = others if value.chosen else (*others, value.name)
    filters = {**asked.filters, facet: names}
    return Choice(words.value(value), value.count, to.of(Asked(filters, asked.order)), value.chosen)


def _chosen(
    selection: Selection, asked: Asked, to: ListAddresses, words: _Words
) -> Iterable[tuple[str, Choice]]:
    """Give each filter that is on, by the title of its facet, with the address without it."""
    for facet in selection.listing.facets:
        for value in selection.chosen.get(facet.name, ()):
            yield facet.title, _choice(facet.name, value, asked, to, words)
    if selection.until:
        filters = {name: values for name, values in asked.filters.items() if name != UNTIL}
        text = Shown(wording.date(selection.until))
        yield "Said no later than", Choice(text, 0, to.of(Asked(filters, asked.order)), True)


def _undated(asked: Asked, to: ListAddresses) -> str:
    filters = {name: values for name, values in asked.filters.items() if name != UNTIL}
    return to.of(Asked({**filters, DATED: (NONE,)}, asked.order))


def _apart(pages: Pages, listing: Listing) -> Iterable[tuple[str, str, int]]:
    """Give the list that *listing* leads to: title, address, number of members."""
    other = _APART.get(listing.name, "")
    if other and listing.lists.holds(other):
        found = listing.lists.find(other)
        yield found.title, pages.addresses.prefix + PATHS[other], found.total


def _hidden(listing: Listing, asked: Asked) -> Iterable[tuple[str, str]]:
    """Give what the form of the day has to send along."""
    if listing.of_class:
        yield "class", listing.name
    for name, values in asked.filters.items():
        if name != UNTIL:
            yield from ((name, value) for value in values)
    if asked.order:
        yield "sort", asked.order


def asked_of(pairs: Sequence[tuple[str, str]]) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Give the filters and the other parameters in *pairs*; what is left empty counts as left out, since forms send it."""
    filters: dict[str, tuple[str, ...]] = {}
    others: dict[str, str] = {}
    for name, value in pairs:
        if not value.strip():
            continue
        if name in RESERVED and name != UNTIL:
            others[name] = value
        elif value not in filters.get(name, ()):
            filters[name] = (*filters.get(name, ()), value)
    return filters, others
