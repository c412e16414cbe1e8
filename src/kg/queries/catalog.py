"""The catalogue: all named queries of a collection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import NotFound, QueryError
from kg.misspelling import meant
from kg.names import Base
from kg.queries.header import read
from kg.queries.question import Query


def is_name(query: str) -> bool:
    """Tell whether *query* is the name of a query, and not a query as text."""
    return re.fullmatch(r"[\w-]+", query) is not None


def _words(text: str) -> list[str]:
    """Give the words of *text*, without the s of a plural."""
    return [word.removesuffix("s") for word in re.findall(r"\w+", text.casefold().replace("_", " "))]


class Catalog(Mapping[str, Query]):
    """The named queries by name, in alphabetical order. An unknown name raises NotFound with suggestions."""

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._queries = {name: queries[name] for name in sorted(queries)}

    @classmethod
    def load(cls, directory: Path, base: Base | None = None) -> Catalog:
        """Read every ``*.rq`` of *directory*; *base* is what the defaults are checked with.

        Raises QueryError, naming file and line, for one that is not as the module describes.
        """
        found = {}
        for path in sorted(directory.glob("*.rq")):
            try:
                query = read(path.stem, path.read_text(encoding="utf-8"), base or Base())
            except (QueryError, UnicodeDecodeError, OSError) as error:
                line = getattr(error, "line", 0)
                place = f"{path.name}:{line}" if line else path.name
                raise QueryError(
                    f"{place}: {error}",
                    line=line,
                    column=getattr(error, "column", 0),
                    remedy=getattr(error, "remedy", ""),
                ) from error
            found[query.name] = query
        return cls(found)

    def find(self, name: str) -> Query:
        """Give the query *name*. Raises NotFound, with the nearest names, where there is none, and with those that tell of its words."""
        if name in self._queries:
            return self._queries[name]
        near = [*meant(name, self._queries, 3), *self.telling(name)]
        raise NotFound(
            f"there is no query {name!r}",
            suggestions=tuple(dict.fromkeys(near))[:3],
            remedy="kg list shows all queries",
        )

    def telling(self, words: str) -> list[str]:
        """Give the names of the queries whose name, tags, summary or parameters have all of *words*, in that order."""
        wanted = set(_words(words))

        def rank(query: Query) -> int:
            counted = " ".join(param.summary for param in query.params)
            said: set[str] = set()
            places = (query.name, " ".join(query.tags), query.summary, counted, query.description)
            for number, place in enumerate(places):
                said.update(_words(place))
                if wanted and wanted <= said:
                    return number
            return -1

        ranked = sorted((rank(query), name) for name, query in self._queries.items())
        return [name for number, name in ranked if number >= 0]

    def __getitem__(self, name: str) -> Query:
        return self.find(name)

    def __contains__(self, name: object) -> bool:
        return name in self._queries

    def get(self, name: str, default: Any = None) -> Any:
        """Give the query *name*, else *default*."""
        return self._queries.get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)
