"""The gallery: the questions of the catalogue, grouped, and those that a reader looks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from kg.errors import QueryError
from kg.queries import Catalog, Query

FILTERS: Final = ("q", "tag", "asked-by", "by")
"""The parameters of the list: words, a tag, who asks; and by what the page groups, ``tag`` or who asks."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A tag or an asker: how many questions have it, the address of the list with it, or without it where it is chosen."""

    name: str
    count: int
    tail: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that have something in common: the name of that, empty for those of nobody in particular."""

    name: str
    queries: tuple[Query, ...]


class Gallery:
    """The questions of *catalog* that fit *given*, values of :data:`FILTERS`.

    Raises QueryError for a parameter that is none of them, or a grouping that there is not. What no question has finds nothing.
    """

    def __init__(self, catalog: Catalog, given: Mapping[str, str]) -> None:
        for name in given:
            if name not in FILTERS:
                raise QueryError(
                    f"the list of questions has no parameter {name!r}", remedy=f"it has {', '.join(FILTERS)}"
                )
        self.given = {name: text.strip() for name, text in given.items() if text.strip()}
        self.by = self.given.get("by", "asker")
        if self.by not in ("asker", "tag"):
            raise QueryError(f"questions are not grouped by {self.by!r}", remedy="write by=asker or by=tag")
        self.words, self.tag, self.asker = (self.given.get(name, "") for name in ("q", "tag", "asked-by"))
        self._catalog = catalog
        names = catalog.telling(self.words) if self.words else list(catalog)
        self.queries = [query for query in (catalog[name] for name in names) if self._fits(query)]

    @property
    def tail(self) -> str:
        """The filters as the end of an address, empty where there are none."""
        return urlencode([(name, self.given[name]) for name in FILTERS if name in self.given])

    def groups(self) -> list[Group]:
        """Give the questions found in groups; by tag a question stands in each of its own. Those found by words are one group."""
        if self.words:
            return [Group("", tuple(self.queries))] if self.queries else []
        keys = {query.name: query.tags if self.by == "tag" else (query.asked_by,) for query in self.queries}
        names = sorted(
            {key for each in keys.values() for key in each or ("",)}, key=lambda key: (not key, key)
        )
        return [
            Group(name, tuple(query for query in self.queries if name in (keys[query.name] or ("",))))
            for name in names
        ]

    def tags(self) -> list[Facet]:
        """Give all tags."""
        return self._facets("tag", Counter(tag for query in self._catalog.values() for tag in query.tags))

    def askers(self) -> list[Facet]:
        """Give all who ask."""
        return self._facets("asked-by", Counter(query.asked_by for query in self._catalog.values()))

    def _facets(self, parameter: str, counts: Mapping[str, int]) -> list[Facet]:
        chosen = self.given.get(parameter, "")
        others = {name: text for name, text in self.given.items() if name != parameter}
        return [
            Facet(name, count, urlencode(others if name == chosen else {**others, parameter: name}), name == chosen)
            for name, count in sorted(counts.items())
            if name
        ]  # fmt: skip

    def _fits(self, query: Query) -> bool:
        return (not self.tag or self.tag in query.tags) and (not self.asker or self.asker == query.asked_by)
