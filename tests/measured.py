"""The invented collection once more, with more claims on one measure: every comparator, chains of voices, links, a denial, what is veiled."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import velmora
from collection import SOURCES, digest
from kg import building
from kg.project import Project
from suites import ROOT, once

_MORE = """
org:herald a schema:Organization ; rdfs:label "Herald"@en ; kg:passage passage:p2 .
"""
_CLAIM = """
claim:{slug} a kg:Claim, kg:QuantityClaim ; rdf:subject event:{event} ; rdf:predicate kg:injured ; rdf:object {object} ;
    kg:polarity kg:{polarity} ; kg:status kg:recorded ; kg:comparator kg:{comparator} ; kg:unit concept:persons ; {more}
    kg:claimant {claimant} ; kg:attributionBasis kg:statedInText ; kg:passage passage:p2 ; prov:wasGeneratedBy activity:extraction ;
    prov:wasAttributedTo org:attest .
"""


def claim(slug: str, comparator: str, amount: int | str, claimant: str, **more: str) -> str:
    """Give the Turtle of a claim of how many were injured, with what is said of it by property."""
    event, polarity = more.pop("event", "coast-1901"), more.pop("polarity", "asserted")
    pairs = {f"kg:{name}": value for name, value in more.items()}
    if isinstance(amount, int):
        pairs["kg:amount"] = str(amount)
        bounds = {
            "atLeast": ("lower", 0),
            "moreThan": ("lower", 1),
            "atMost": ("upper", 0),
            "lessThan": ("upper", -1),
        }
        if comparator in bounds:
            end, step = bounds[comparator]
            pairs[f"kg:{end}Bound"] = str(amount + step)
    text = "".join(f"{name} {value} ; " for name, value in pairs.items())
    return _CLAIM.format(
        slug=slug, event=event, object=amount, polarity=polarity, comparator=comparator, more=text, claimant=claimant,
    )  # fmt: skip


def days(day: str) -> dict[str, str]:
    """Give the day on which a claim was made."""
    return dict.fromkeys(("asOfEarliest", "asOfLatest"), f'"{day}"^^xsd:date')


STATEMENTS = _MORE + "".join(
    (
        claim("coast-exactly", "exactly", 25, "org:herald", **days("1901-03-10")),
        claim("coast-wire", "unqualified", 40, "org:coastal-wire", **days("1901-03-11")),
        claim(
            "coast-relayed", "atLeast", 45, "org:herald",
            relay="relay:coastal-wire-1", updates="claim:coast-exactly", **days("1901-03-12"),
        ),
        claim("coast-denied", "moreThan", 30, "org:company", polarity="denied", **days("1901-03-12")),
        claim("coast-veiled", "exactly", 777, "org:company", visibility="kg:veiled", **days("1901-03-13")),
        claim("coast-unstated", "about", 60, "voice:almanac-unstated"),
        claim("coast-unstated-too", "about", 70, "voice:almanac-unstated"),
        claim("coast-restated", "unqualified", 13, "person:jon-brandt", restates="claim:coast-denied"),
    )
)  # fmt: skip


def project(target: Path) -> Path:
    """Lay the project out in *target*."""
    root = velmora.project(target)
    with velmora.statements(root).open("a", encoding="utf-8") as file:
        file.write(STATEMENTS)
    return root


@cache
def built() -> Path:
    """Give the project, built once for all workers and runs; tests must not change it."""
    made_of = digest(*SOURCES, "tests/measured.py", "tests/velmora.py", "tests/shapes")
    target = ROOT / ".pytest_cache" / f"measured-{made_of}"

    def build(fresh: Path) -> None:
        project(fresh)
        building.build(Project.open(fresh), fresh / "build")

    return once(target, build)
