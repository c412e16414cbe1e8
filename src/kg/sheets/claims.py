"""The sheet of claims, and the fields that only claims have."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg import edtf
from kg.sheets.chains import AGENTS, Relays
from kg.sheets.citations import Citation
from kg.sheets.columns import Cells, Column, Field, Sheet, Single, split
from kg.sheets.days import day_fault
from kg.sheets.entries import Entry, node, types
from kg.sheets.holdings import LABEL, TYPE, Holdings, Said
from kg.sheets.statements import Statement
from kg.sheets.values import KEPT, SEPARATOR, SOURCE, Day, Duration, Reference, Text, Word, day

_EARLIEST, _LATEST = node("kg:asOfEarliest"), node("kg:asOfLatest")
_RECORDED_IN, _RECORDED_BY = node("prov:wasGeneratedBy"), node("prov:wasAttributedTo")
_DERIVED: Final = node("kg:DerivedClaim")
_FROM, _METHOD = node("prov:wasDerivedFrom"), node("kg:method")
STATUSES: Final = ("recorded", "withdrawn", "extractionError")
CLAIM: Final = Reference(("claim",))


@dataclass(frozen=True, slots=True)
class AsOf:
    """The days between which the claim was made, in one cell."""

    columns: tuple[Column, ...] = (
        Column(
            "as_of", "kg:asOfEarliest, kg:asOfLatest",
            "when it was said: the date line, not the day on which a page was put online; empty: undated",
            "1901-03-09", "day, month `1988-11`, year `2003`, or two days with `/` between them",
        ),
    )  # fmt: skip

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give the day, month or year, else both days."""
        both = [holdings.values(subject, each) for each in (_EARLIEST, _LATEST)]
        if not any(both):
            return [""]
        shown = [Day().show(each[0]) if len(each) == 1 else None for each in both]
        first, last = shown
        return [KEPT if first is None or last is None or first > last else _span(first, last)]

    def governs(self, said: Said) -> bool:
        """Tell whether it is one of the two days."""
        return said[0] in (_EARLIEST, _LATEST)

    def make(self, entry: Entry, cells: Cells) -> list[Said]:
        """Give both days."""
        text = cells["as_of"].strip()
        if not text:
            return []
        try:
            first, last = _days(text)
        except ValueError:
            message, remedy = day_fault(text)
            entry.fault("as_of", message, f"{remedy}; a month is 1990-01, a year 1990")
            return []
        return [(_EARLIEST, day(first)), (_LATEST, day(last))]


def _span(first: str, last: str) -> str:
    year, month, of_month = first.split("-")
    if first == last:
        return first
    if last == f"{year}-12-31" and (month, of_month) == ("01", "01"):
        return year
    if of_month == "01" and last == f"{year}-{month}-{monthrange(int(year), int(month))[1]}":
        return f"{year}-{month}"
    return f"{first}/{last}"


def _days(text: str) -> tuple[str, str]:
    """Give the first and last day that *text* says; ValueError where it says none, or only one of them."""
    bounds = edtf.bounds(text)
    first, last = bounds.earliest_start, bounds.latest_end
    if first is None or last is None or first.startswith("-"):
        raise ValueError(text)
    return first, last


@dataclass(frozen=True, slots=True)
class Derivation:
    """What a claim of the project follows from."""

    columns: tuple[Column, ...] = (
        Column("derived_from", "prov:wasDerivedFrom", "for a claim of the project: the claims that it follows from", "gazette-004 | gazette-007", "`claim:`", many=True),
        Column("method", "kg:method", "for a claim of the project: how it follows", "method-start-and-end-joined", "`concept:` of `concept:methods`"),
    )  # fmt: skip

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give premises and method."""
        premises = [CLAIM.show(each) for each in holdings.values(subject, _FROM)]
        methods = [Reference(("concept",)).show(each) for each in holdings.values(subject, _METHOD)]
        shown = [each for each in premises if each is not None]
        return [
            KEPT if len(shown) < len(premises) else f" {SEPARATOR} ".join(shown),
            (methods[0] or KEPT) if len(methods) == 1 else KEPT if methods else "",
        ]

    def governs(self, said: Said) -> bool:
        """Tell whether it is premise, method, or the class of derived claims."""
        return said[0] in (_FROM, _METHOD) or said == (TYPE, _DERIVED)

    def make(self, entry: Entry, cells: Cells) -> list[Said]:
        """Give the premises and the method, and that the claim is derived."""
        premises, method = split(cells["derived_from"]), cells["method"].strip()
        if bool(premises) != bool(method):
            entry.fault("method" if premises else "derived_from", "a derived claim has premises and a method", "fill both cells, or neither")  # fmt: skip
        if not premises or not method:
            return []
        said = [(_FROM, entry.read("derived_from", CLAIM, text)) for text in premises]
        said.append((_METHOD, entry.read("method", Reference(("concept",), scheme="methods"), method)))
        return [(TYPE, _DERIVED), *((property, value) for property, value in said if value is not None)]


@dataclass(frozen=True, slots=True)
class Record:
    """Our own record: in which activity the claim was entered, and by whom."""

    columns: tuple[Column, ...] = (
        Column("recorded_in", "prov:wasGeneratedBy", "activity of entering it; empty in a new row: the entry from sheets for this source", "activity:sheets-gazette-1", "`activity:`"),
        Column("recorded_by", "prov:wasAttributedTo", "who enters it; empty in a new row: the one who all claims here are recorded by", "org:attest", " or ".join(f"`{each}:`" for each in AGENTS)),
    )  # fmt: skip

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give activity and curator."""
        kinds = ((_RECORDED_IN, Reference(("activity",))), (_RECORDED_BY, Reference(AGENTS)))
        cells = []
        for property, kind in kinds:
            values = holdings.values(subject, property)
            shown = kind.show(values[0]) if len(values) == 1 else None
            cells.append(shown or (KEPT if values else ""))
        return cells

    def governs(self, said: Said) -> bool:
        """Tell whether it is activity or curator."""
        return said[0] in (_RECORDED_IN, _RECORDED_BY)

    def make(self, entry: Entry, cells: Cells) -> list[Said]:
        """Give activity and curator, for a new claim those that are meant by empty cells."""
        who = cells["recorded_by"].strip() or (_curator(entry.holdings) if entry.new else "")
        if not who:
            entry.fault("recorded_by", "nothing says who recorded the claim", "write who enters it, as org:attest")  # fmt: skip
            return []
        curator = entry.read("recorded_by", Reference(AGENTS), who)
        done = cells["recorded_in"].strip()
        activity = entry.read("recorded_in", Reference(("activity",)), done) if done else None
        if not done and entry.new and curator is not None:
            activity = _entering(entry, curator)
        elif not done:
            entry.fault("recorded_in", "the cell is empty, and a claim tells how it was recorded", "write the activity")  # fmt: skip
        said = ((_RECORDED_IN, activity), (_RECORDED_BY, curator))
        return [(property, value) for property, value in said if value is not None]


def _curator(holdings: Holdings) -> str:
    """Give the one who all records are attributed to, nothing where there are several."""
    return SOURCE.compact(holdings.curators[0].value) if len(holdings.curators) == 1 else ""


def _source_label(entry: Entry) -> str:
    label = entry.names.label(SOURCE.id("source", entry.source))
    return entry.source if label.startswith("source:") else label


def _entering(entry: Entry, curator: object) -> ox.NamedNode:
    """Give the activity of entering claims of the source from sheets, described where it is new."""
    activity = ox.NamedNode(SOURCE.id("activity", f"sheets-{entry.source}"))
    if activity not in entry.holdings and isinstance(curator, ox.NamedNode):
        label = ox.Literal(f"Entry of claims from sheets: {_source_label(entry)}", language="en")
        said: list[Said] = [(LABEL, label), (node("prov:wasAssociatedWith"), curator)]
        entry.others[activity] = [*types(["prov:Activity"]), *said]
    return activity


_SCOPE: Final = (
    Single("qualified", "kg:qualification", "how the source itself takes its number, as called preliminary", "preliminary", Reference(("concept",), scheme="qualifications"), many=True),
    Single("unit", "kg:unit", "for a quantity: what is counted", "persons", Reference(("concept",), scheme="units")),
    Single("counted", "kg:populationScope", "whom the number counts, in the source's word; empty: not stated", "population-people", Reference(("concept",), scheme="populations"), many=True),
    Single("where", "kg:placeScope", "place that the claim is limited to, if the same passage states one", "velmora", Reference(("place",)), many=True),
    Single("event", "kg:eventScope", "event that the claim is limited to, if another than it is about", "coast-1901", Reference(("event",)), many=True),
    Single("from", "kg:scopeFrom", "first day that it counts, if stated", "1901-03-04", Day()),
    Single("to", "kg:scopeTo", "last day that it counts, if stated", "1901-03-09", Day()),
    Single("duration", "kg:scopeDuration", "length of time that it counts, if stated", "P7D", Duration()),
)  # fmt: skip
_LINKS: Final = tuple(
    Single(name, property, about, "gazette-004", CLAIM, many=True)
    for name, property, about in (
        ("restates", "kg:restates", "claims that it says again"),
        ("updates", "kg:updates", "claims that it brings up to date"),
        ("narrows", "kg:narrowsScopeOf", "claims whose scope it narrows"),
        ("retracts", "kg:retracts", "claims that their own speaker takes back with it"),
        ("conflicts_with", "kg:conflictsWith", "claims that an editorial decision finds it at odds with"),
    )
)


def care() -> tuple[Field, ...]:
    """Give the fields of what to mind before showing something."""
    return (
        Single("sensitivity", "kg:sensitivity", "what to mind before showing it", "possibly-living", Reference(("concept",), scheme="sensitivities"), many=True),
        Single("visibility", "kg:visibility", "`veiled`: pages hide it until a reader asks; `withheld`: in no release; empty: shown", "veiled", Word(("veiled", "withheld"))),
    )  # fmt: skip


def claims(language: str) -> Sheet:
    """Give the sheet of claims; notes are in *language*."""
    return Sheet(
        "claims",
        "what sources say: one statement, by one speaker, from one passage or publication, a row",
        (KG_CLAIM,),
        ("claim",),
        (
            Single("about", "rdf:subject", "what is spoken of", "event:velmora-1901", Reference(), required=True),
            Statement(),
            *_SCOPE,
            AsOf(),
            Single("speaker", "kg:claimant", "who says it, never who only passes it on", "org:harbour-office", Reference(AGENTS), required=True),
            Single("basis", "kg:attributionBasis", "how we know who speaks", "statedInText", Word(("creditLine", "statedInText", "byline", "inferred")), required=True),
            Relays(),
            Single("passage", "kg:passage", "passage that it stands in, where the text was captured (made with `kg anchor`)", "gazette-p2", Reference(("passage",)), many=True),
            Single("part", "kg:part", "part of the passage with the very name or number", "gazette-p2-number", Reference(("selector",)), many=True),
            Citation(),
            *_LINKS,
            Derivation(),
            Single("polarity", "kg:polarity", "whether the speaker asserts or denies it", "denied", Word(("asserted", "denied")), default="asserted"),
            Single("status", "kg:status", "our view of our record: `withdrawn` takes it back, nothing is ever deleted", "recorded", Word(STATUSES), default="recorded"),
            *care(),
            Record(),
            Single("note", "rdfs:comment", "a note of ours, in our own words", "Printed in the table on the same page.", Text(language)),
        ),
        "sources/{source}/claims.ttl",
    )  # fmt: skip


KG_CLAIM: Final = node("kg:Claim").value
