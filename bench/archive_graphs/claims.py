"""Claims: the record of one, and what the kinds of claim say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from archive_graphs import things
from archive_graphs.terms import Record, date, described, edtf, integer

MEASURES: Final = ("kg:deaths", "kg:injured", "kg:displaced", "kg:participants", "kg:departures")
BASES: Final = ("kg:creditLine", "kg:statedInText", "kg:byline", "kg:inferred")


@dataclass(frozen=True, slots=True)
class Said:
    """What a claim says: its *kind* (``Quantity``), subject, property, object, and what its kind needs beside them."""

    kind: str
    subject: str
    predicate: str
    value: str
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says it, when (a day, or none) and how that is known; and in which activity it was recorded."""

    claimant: str
    activity: str
    day: str = ""
    basis: str = "kg:statedInText"
    status: str = "kg:recorded"
    polarity: str = "kg:asserted"
    relay: str = ""


def claim(slug: str, said: Said, saying: Saying, graph: str, *evidence: tuple[str, str]) -> Record:
    """Give a claim that rests on *evidence*, pairs of property and resource."""
    pairs = [
        ("rdf:type", "kg:Claim"),
        ("rdf:type", f"kg:{said.kind}Claim"),
        ("rdf:subject", said.subject),
        ("rdf:predicate", said.predicate),
        ("rdf:object", said.value),
        *said.more,
        ("kg:polarity", saying.polarity),
        ("kg:status", saying.status),
        ("kg:claimant", saying.claimant),
        ("kg:attributionBasis", saying.basis),
    ]
    if saying.day:
        pairs += [("kg:asOfEarliest", date(saying.day)), ("kg:asOfLatest", date(saying.day))]
    if saying.relay:
        pairs.append(("kg:relay", saying.relay))
    pairs += [*evidence, ("prov:wasGeneratedBy", saying.activity), ("prov:wasAttributedTo", "org:attest")]
    return described(f"claim:{slug}", graph, *pairs)


def on_passage(
    slug: str, said: Said, saying: Saying, graph: str, passage: str, part: tuple[int, int]
) -> Record:
    """Give a claim that rests on a *part* of the passage of the slug *passage*: it is told from its start."""
    here = f"selector:{slug}-part"
    return [
        *things.selector(f"{slug}-part", *part, graph),
        (f"selector:{passage}", "oa:refinedBy", here, graph),
        *claim(slug, said, saying, graph, ("kg:passage", f"passage:{passage}"), ("kg:part", here)),
    ]


def quantity(subject: str, measure: str, comparator: str, amount: int, scope: tuple[str, str]) -> Said:
    """Give the claim of a figure, with the bounds that follow from its comparator."""
    number = integer(amount)
    bounds = {
        "kg:atLeast": [("kg:lowerBound", number)],
        "kg:moreThan": [("kg:lowerBound", integer(amount + 1))],
        "kg:atMost": [("kg:upperBound", number)],
        "kg:lessThan": [("kg:upperBound", integer(amount - 1))],
        "kg:between": [("kg:lowerBound", number), ("kg:upperBound", integer(amount + 10))],
    }.get(comparator, [])
    value, own = (
        ("concept:range-between-bounds", [])
        if comparator == "kg:between"
        else (number, [("kg:amount", number)])
    )
    more = [("kg:comparator", comparator), *own, *bounds, ("kg:unit", "concept:persons"), scope]
    return Said("Quantity", subject, measure, value, tuple(more))


COMPARATORS: Final = (
    *("kg:exactly", "kg:unqualified", "kg:about", "kg:estimated"),
    *("kg:atLeast", "kg:moreThan", "kg:atMost", "kg:lessThan", "kg:between"),
)


def dated(subject: str, first: str, last: str) -> Said:
    """Give the claim that something lasted from the day *first* to the day *last*."""
    if first == last:
        value, inner = edtf(first), tuple[tuple[str, str], ...]()
    else:
        value = edtf(f"{first}/{last}")
        inner = (("kg:latestStart", date(first)), ("kg:earliestEnd", date(last)))
    outer = (("kg:earliestStart", date(first)), ("kg:latestEnd", date(last)))
    return Said("Date", subject, "kg:date", value, (("kg:edtf", value), *outer, *inner))


def published(said: Said) -> Record:
    """Give what the build publishes of a claim that no other one disputes."""
    if said.predicate != "kg:date":
        return [(said.subject, said.predicate, said.value, "published")]
    days = {"kg:latestStart": "schema:startDate", "kg:earliestEnd": "schema:endDate"}
    plain = [(days[name], value) for name, value in said.more if name in days]
    return described(said.subject, "published", *said.more, *plain)
