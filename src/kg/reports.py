"""Reports: how many recorded claims were made on which day, by kind, from the lists of the release or, where it has none, from its store."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kg.listing import Lists
from kg.listing.facets import DATED, NONE, YES
from kg.names import KG, RDF
from kg.store import Store, select

_CLAIMS: Final = "claims"
_RECORDED: Final = f"?claim a <{KG}Claim> ; <{KG}status> <{KG}recorded>"


@dataclass(frozen=True, slots=True)
class Reports:
    """The numbers of recorded claims: on each day of report in ``days``, of each kind (``QuantityClaim``) on it in ``kinds``.

    ``undated`` has those of sources without a day, by kind, ``derived`` is the number of those that the project derived.
    """

    days: Mapping[date, int]
    kinds: Mapping[date, Mapping[str, int]]
    undated: tuple[tuple[str, int], ...]
    derived: int

    @property
    def total(self) -> int:
        """How many have a day."""
        return sum(self.days.values())


def reports(store: Store, lists: Lists | None) -> Reports:
    """Give the reports of *store*; counted from the *lists* of its release where it has some, which costs no look at the claims."""
    return _listed(lists) if lists is not None and lists.holds(_CLAIMS) else _asked(store)


def _listed(lists: Lists) -> Reports:
    claims = lists.find(_CLAIMS)
    there = {
        name: claims.names(facet)
        for facet in claims.facets
        if (name := facet.name) in ("status", "derived", DATED)
    }
    if "recorded" not in there.get("status", ()):
        return Reports({}, {}, (), 0)
    recorded = {"status": ["recorded"]}
    days: Counter[date] = Counter()
    kinds: dict[date, dict[str, int]] = defaultdict(dict)
    for (name, _), number in claims.select(recorded).crossed(DATED, "status").items():
        if name != NONE:
            days[date.fromisoformat(name)] = number
    for (name, kind), number in claims.select(recorded).crossed(DATED, "kind").items():
        if name != NONE:
            kinds[date.fromisoformat(name)][kind] = number
    said = recorded | {"derived": ["no"]}
    undated = (
        claims.select(said | {DATED: [NONE]}).crossed("status", "kind")
        if NONE in there.get(DATED, ()) and "no" in there.get("derived", ())
        else {}
    )
    derived = claims.select(recorded | {"derived": [YES]}).total if YES in there.get("derived", ()) else 0
    return Reports(
        days, kinds, tuple(sorted((kind, number) for (_, kind), number in undated.items())), derived
    )


def _asked(store: Store) -> Reports:
    days = select(
        store,
        f"SELECT ?day (COUNT(DISTINCT ?claim) AS ?n) WHERE {{ {_RECORDED} ; <{KG}asOfLatest> ?day }} GROUP BY ?day",
    )
    rows = select(
        store,
        f"SELECT ?day ?kind (COUNT(DISTINCT ?claim) AS ?n) WHERE {{ {_RECORDED} ; <{KG}asOfLatest> ?day ; a ?kind "
        f"FILTER (?kind NOT IN (<{KG}Claim>, <{KG}DerivedClaim>) && STRSTARTS(STR(?kind), '{KG}')) }} GROUP BY ?day ?kind",
    )
    kinds: dict[date, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if isinstance(row["day"], date):
            kinds[row["day"]][_local(row["kind"])] = _number(row["n"])
    undated = select(
        store,
        f"SELECT ?kind (COUNT(DISTINCT ?claim) AS ?n) WHERE {{ {_RECORDED} ; a ?kind FILTER NOT EXISTS {{ ?claim <{KG}asOfLatest> ?day }} "
        f"FILTER NOT EXISTS {{ ?claim a <{KG}DerivedClaim> }} FILTER (?kind != <{KG}Claim> && STRSTARTS(STR(?kind), '{KG}')) }} GROUP BY ?kind ORDER BY ?kind",
    )
    derived = select(
        store,
        f"SELECT (COUNT(DISTINCT ?claim) AS ?n) WHERE {{ {_RECORDED} ; <{RDF}type> <{KG}DerivedClaim> }}",
    )
    return Reports(
        {row["day"]: _number(row["n"]) for row in days if isinstance(row["day"], date)},
        kinds,
        tuple((_local(row["kind"]), _number(row["n"])) for row in undated),
        _number(derived[0]["n"]),
    )


def _local(kind: object) -> str:
    return str(kind).removeprefix(KG)


def _number(value: object) -> int:
    return int(str(value))
