"""Facets and columns as data: what the members of a list can be filtered by, and what a table of them shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

NONE: Final = "none"
"""The value that members have of which a facet says nothing."""
UNTIL: Final = "as-of"
"""The parameter that keeps what had been said by a day, in lists that have a facet ``as-of-day``."""
DATED: Final = "as-of-day"
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One thing that members of a list can be filtered by, in the order of its values.

    ``path`` leads from a member to the values, as :meth:`kg.record.Record.follow` has it, here with IRIs in full allowed. Of these count
    those that are an instance of one of ``kinds``, that are one of ``only`` and none of ``without``, where these say something.
    ``cut`` is the number of characters that count of a date (4: its year). With ``present`` the values are ``yes`` and ``no``: whether there is
    any. With ``wide`` a place counts also for the places that it lies in, by what sources claim.
    """

    name: str
    title: str
    path: str
    kinds: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    cut: int = 0
    present: bool = False
    wide: bool = False

    @property
    def dates(self) -> bool:
        """Whether the values stand in order of time, and not of how many members have each."""
        return bool(self.cut)

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return asdict(self)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Facet:
        """Give the facet that :meth:`as_json` wrote."""
        said: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        return cls(**said)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table of a list: IRIs and literals that ``path`` leads to, or with ``labels`` what they are called.

    ``about`` says what it holds; ``shown``: the page shows it beside the label.
    """

    name: str
    path: str
    about: str
    labels: bool = False
    shown: bool = False
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A list that the profile ``attest`` has: which resources are its members, and what it shows of them.

    Members are instances of one of ``classes``; ``having`` and ``lacking`` are paths that lead somewhere, and nowhere. ``date`` are
    paths to the day by which the list can be sorted, the best first.
    """

    name: str
    title: str
    classes: tuple[str, ...] = ()
    having: str = ""
    lacking: str = ""
    facets: tuple[Facet, ...] = ()
    columns: tuple[Column, ...] = ()
    date: tuple[str, ...] = ()
    by_date: bool = False
    """Whether that order is the first one."""
