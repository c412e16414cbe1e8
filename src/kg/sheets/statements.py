"""The field of what is claimed: kind, property, value, and for quantities the number with its comparator and bounds.

Bounds of numbers follow from comparator and amount, those of dates from the date (sections 3 and 5 of the model), so that
a row says each thing once. A claim of ``between`` has no amount to repeat as its object: that is the concept of a range which its bounds give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg import edtf
from kg.names import EDTF_TYPE, KG, SCHEMA, SKOSXL, XSD
from kg.positions.statements import Term
from kg.sheets.columns import Cells, Column
from kg.sheets.entries import Entry, node
from kg.sheets.holdings import TYPE, Holdings, Said
from kg.sheets.values import KEPT, SOURCE, Day, Edtf, Kind, Reference, String, Whole, Word, day, whole

KINDS: Final = (
    "quantity", "date", "relation", "route", "depiction", "bibliographic", "naming", "identity", "epistemic",
    "characterisation", "responsibility", "motive", "causal",
)  # fmt: skip
COMPARATORS: Final = (
    "exactly", "unqualified", "atLeast", "moreThan", "atMost", "lessThan", "between", "about", "estimated", "vague",
    "unknown",
)  # fmt: skip
_CLASS: Final = {kind: node(f"kg:{kind.capitalize()}Claim") for kind in KINDS}
_CLAIM: Final = node("kg:Claim")
_PREDICATE, _OBJECT = node("rdf:predicate"), node("rdf:object")
_COMPARATOR, _AMOUNT = node("kg:comparator"), node("kg:amount")
_LOWER, _UPPER = node("kg:lowerBound"), node("kg:upperBound")
_EDTF: Final = node("kg:edtf")
_BOUNDS: Final = tuple(
    node(f"kg:{each}") for each in ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
)
_UNKNOWN: Final = node("kg:unknownValue")
_RANGE: Final = node("concept:range-between-bounds")
_GOVERNED: Final = frozenset({_PREDICATE, _OBJECT, _COMPARATOR, _AMOUNT, _LOWER, _UPPER, _EDTF, *_BOUNDS})
_OBVIOUS: Final = {
    "kg:date": "date", "kg:ongoingOn": "date", "kg:route": "route", "kg:depicts": "depiction", "kg:isCalled": "naming",
    "kg:characterisedAs": "characterisation", "kg:identifiedAs": "identity", "kg:causedBy": "causal",
}  # fmt: skip
"""Kinds that follow from the property."""
_LITERALS: Final[dict[str, Kind]] = {
    EDTF_TYPE: Edtf(), XSD + "date": Day(), XSD + "integer": Whole(), XSD + "string": String(),
}  # fmt: skip
_MAGNITUDE: Final = Reference(("concept",), scheme="magnitudes")


@dataclass(frozen=True, slots=True)
class Statement:
    """What is claimed of the subject."""

    columns: tuple[Column, ...] = (
        Column("kind", "rdf:type", "kind of claim; may be empty for quantities, and where the property settles it", "quantity", " / ".join(f"`{kind}`" for kind in KINDS)),
        Column("measure", "rdf:predicate", "for a quantity: what is counted or measured, a `kg:Measure`", "deaths", "local name of a measure"),
        Column("property", "rdf:predicate", "for every other kind: the property claimed", "schema:location", "property of the ontology, `kg:` may be left out"),
        Column("says", "rdf:object", "for every other kind: the value, a resource, a date in EDTF, a number or a text, as the property has it; for `vague` the word of magnitude", "place:velmora", "name or value"),
        Column("comparator", "kg:comparator", "for a quantity: how the number is meant; a bare number is `unqualified`", "atLeast", " / ".join(f"`{each}`" for each in COMPARATORS)),
        Column("amount", "kg:amount", "the number as printed; none with `between`, `vague` and `unknown`", "32", "whole number"),
        Column("lower", "kg:lowerBound", "lower bound; needed with `between`, else it follows and may be empty", "32", "whole number"),
        Column("upper", "kg:upperBound", "upper bound; needed with `between`, else it follows and may be empty", "48", "whole number"),
    )  # fmt: skip

    def show(self, holdings: Holdings, subject: ox.NamedNode) -> list[str]:
        """Give the cells; :data:`KEPT` for what a row cannot say."""
        predicates = holdings.values(subject, _PREDICATE)
        (predicate,) = predicates if len(predicates) == 1 else (None,)
        if not isinstance(predicate, ox.NamedNode):
            return [KEPT] * len(self.columns)
        kinds = [kind for kind in KINDS if _CLASS[kind] in holdings.values(subject, TYPE)]
        numbers = [_only(holdings.values(subject, each), Whole()) for each in (_AMOUNT, _LOWER, _UPPER)]
        comparator = _only(holdings.values(subject, _COMPARATOR), Word(COMPARATORS))
        measure = predicate in holdings.measures
        short = _short(predicate)
        said = _said(holdings.values(subject, _OBJECT), predicate, comparator, numbers, holdings)
        return [
            kinds[0] if len(kinds) == 1 else KEPT,
            short if measure else "",
            "" if measure else short,
            said,
            comparator,
            *numbers,
        ]

    def governs(self, said: Said) -> bool:
        """Tell whether it is a part of what is claimed, or the kind of claim."""
        return said[0] in _GOVERNED or (said[0] == TYPE and (said[1] == _CLAIM or said[1] in _CLASS.values()))

    def make(self, entry: Entry, cells: Cells) -> list[Said]:
        """Give the statements of the claim, those that follow from others too."""
        predicate = _predicate(entry, cells)
        if predicate is None:
            return []
        kind = _kind(entry, cells, predicate)
        said = (_quantity if cells["measure"] else _value)(entry, cells, predicate)
        if kind is None or said is None:
            return []
        return [(TYPE, _CLAIM), (TYPE, _CLASS[kind]), (_PREDICATE, predicate), *said]


def _short(predicate: ox.NamedNode) -> str:
    return SOURCE.compact(predicate.value).removeprefix("kg:")


def _only(values: list[Term], kind: Kind) -> str:
    """Give the only one of *values* as a cell."""
    if not values:
        return ""
    return (kind.show(values[0]) if len(values) == 1 else None) or KEPT


def _said(
    values: list[Term], predicate: ox.NamedNode, comparator: str, numbers: list[str], holdings: Holdings
) -> str:
    """Give the object as a cell; nothing where it only repeats what other cells say."""
    if len(values) != 1:
        return KEPT
    if predicate not in holdings.measures:
        return _kind_of_value(predicate, holdings).show(values[0]) or KEPT
    repeated, amount = {"unknown": _UNKNOWN, "between": _RANGE}.get(comparator), numbers[0]
    if values[0] == repeated or (amount and Whole().show(values[0]) == amount):
        return ""
    return _MAGNITUDE.show(values[0]) or KEPT


def _kind_of_value(predicate: ox.NamedNode, holdings: Holdings) -> Kind:
    """Give the kind of value that *predicate* has, by its range in the ontology."""
    range = holdings.ranges.get(predicate, "")
    return Reference(("name",)) if range == f"{SKOSXL}Label" else _LITERALS.get(range, Reference())


def _predicate(entry: Entry, cells: Cells) -> ox.NamedNode | None:
    measure, property = cells["measure"].strip(), cells["property"].strip()
    if bool(measure) == bool(property):
        entry.fault(
            "measure" if measure else "property",
            "a row has a measure or a property, one of the two",
            "write for example deaths under measure for a number, or schema:location under property",
        )
        return None
    written = measure or property
    known = entry.holdings.measures if measure else entry.holdings.ranges.keys() - entry.holdings.measures
    found = ox.NamedNode(SOURCE.expand(written)) if SOURCE.is_name(written) and " " not in written else None
    found = found if found in known else next((p for each in (KG, SCHEMA) if (p := _node(each, written)) in known), None)  # fmt: skip
    if found is None and measure:
        near = entry.names.near(written, [_short(each) for each in sorted(known, key=str)])
        entry.fault("measure", f"the ontology has no measure {written!r}", f"did you mean {near}?" if near else "define it in ontology/kg.ttl as a kg:Measure")  # fmt: skip
    elif found is None:
        near = entry.names.near(written, [_short(each) for each in sorted(known, key=str)])
        entry.fault("property", f"the ontology has no property {written!r}", f"did you mean {near}?" if near else "define it in ontology/kg.ttl")  # fmt: skip
    return found


def _node(namespace: str, local: str) -> ox.NamedNode | None:
    return ox.NamedNode(namespace + local) if local.isascii() and local.isalnum() else None


def _kind(entry: Entry, cells: Cells, predicate: ox.NamedNode) -> str | None:
    written = cells["kind"].strip()
    kind = written or ("quantity" if cells["measure"] else _OBVIOUS.get(SOURCE.compact(predicate.value), ""))
    if kind not in KINDS:
        near = entry.names.near(kind, KINDS) if kind else ""
        message = (
            f"{kind!r} is no kind of claim" if kind else "the kind of claim does not follow from the property"
        )
        entry.fault("kind", message, f"write {near}, if that is meant" if near else f"write one of {', '.join(KINDS)}")  # fmt: skip
        return None
    if (kind == "quantity") != bool(cells["measure"]):
        entry.fault("kind", "a quantity has a measure, and only a quantity has one", "put the property under property, or write quantity")  # fmt: skip
        return None
    return kind


def _value(entry: Entry, cells: Cells, predicate: ox.NamedNode) -> list[Said] | None:
    """Give object, and for a date its bounds."""
    for name in ("comparator", "amount", "lower", "upper"):
        if cells[name]:
            entry.fault(name, "only a quantity has a number", "write the measure under measure, or empty this cell")  # fmt: skip
    if not cells["says"]:
        entry.fault("says", "the cell is empty, and the claim needs a value", "write what is said of the subject")  # fmt: skip
        return None
    kind = _kind_of_value(predicate, entry.holdings)
    value = entry.read("says", kind, cells["says"] if isinstance(kind, String) else cells["says"].strip())
    if value is None or entry.faults:
        return None
    said: list[Said] = [(_OBJECT, value)]
    if predicate == node("kg:date") and isinstance(value, ox.Literal):
        said += [(_EDTF, value), *_dated(entry, value)]
    return said


def _dated(entry: Entry, value: ox.Literal) -> list[Said]:
    """Give the bounds of a date: those of the file where it has the date already, since it may leave the inner ones out."""
    if entry.holdings.values(entry.subject, _EDTF) == [value]:
        return [(each, bound) for each in _BOUNDS for bound in entry.holdings.values(entry.subject, each)]
    bounds = zip(_BOUNDS, edtf.bounds(value.value), strict=True)
    return [(each, day(bound)) for each, bound in bounds if bound]


_Follow = Callable[[int], int | None]
_RULES: Final[dict[str, tuple[_Follow, _Follow]]] = {
    **dict.fromkeys(("exactly", "unqualified", "about", "estimated"), (lambda n: None, lambda n: None)),
    "atLeast": (lambda n: n, lambda n: None),
    "moreThan": (lambda n: n + 1, lambda n: None),
    "atMost": (lambda n: None, lambda n: n),
    "lessThan": (lambda n: None, lambda n: n - 1),
}
"""Lower and upper bound of an amount, by comparator."""


def _quantity(entry: Entry, cells: Cells, predicate: ox.NamedNode) -> list[Said] | None:
    """Give object, comparator, amount and bounds."""
    if not cells["comparator"]:
        entry.fault("comparator", "the cell is empty, and a quantity needs it", "write unqualified for a bare number")  # fmt: skip
        return None
    comparator = entry.read("comparator", Word(COMPARATORS), cells["comparator"].strip())
    numbers = {name: _number(entry, name, cells[name].strip()) for name in ("amount", "lower", "upper")}
    if comparator is None or entry.faults:
        return None
    word = cells["comparator"].strip()
    bounds = _bounds(entry, word, numbers)
    object = _object(entry, word, cells["says"].strip(), numbers)
    if bounds is None or object is None:
        return None
    said: list[Said] = [(_OBJECT, object), (_COMPARATOR, comparator)]
    values = ((_AMOUNT, numbers["amount"]), (_LOWER, bounds[0]), (_UPPER, bounds[1]))
    return said + [(property, whole(number)) for property, number in values if number is not None]


def _number(entry: Entry, column: str, text: str) -> int | None:
    term = entry.read(column, Whole(), text) if text else None
    return int(term.value) if isinstance(term, ox.Literal) else None


def _bounds(entry: Entry, comparator: str, numbers: dict[str, int | None]) -> tuple[int | None, int | None] | None:  # fmt: skip
    """Give the bounds that comparator and amount say; what the cells say otherwise is a fault."""
    amount, lower, upper = numbers["amount"], numbers["lower"], numbers["upper"]
    if comparator in _RULES:
        if amount is None:
            entry.fault("amount", f"the cell is empty, and {comparator} needs a number", "write the number as printed")  # fmt: skip
            return None
        meant = tuple(rule(amount) for rule in _RULES[comparator])
    elif amount is not None:
        entry.fault("amount", f"{comparator} has no amount", "write the bounds under lower and upper" if comparator == "between" else "empty this cell, or choose another comparator")  # fmt: skip
        return None
    else:
        meant = (lower, upper) if comparator == "between" else (None, None)
    if comparator == "between" and (lower is None or upper is None or lower > upper):
        entry.fault("lower", "between needs two bounds, the lower one first", "write both numbers as printed")
        return None
    for name, given, expected in zip(("lower", "upper"), (lower, upper), meant, strict=True):
        if given is not None and given != expected:
            remedy = f"write {expected}, or leave it empty" if expected is not None else "empty this cell"
            entry.fault(name, f"{given} does not follow from {comparator}{'' if amount is None else f' {amount}'}", remedy)  # fmt: skip
            return None
    return meant[0], meant[1]


def _object(entry: Entry, comparator: str, says: str, numbers: dict[str, int | None]) -> Term | None:
    """Give the object of a quantity."""
    if comparator == "vague" and not says:
        entry.fault("says", "the cell is empty, and vague needs the word", "write a concept of magnitudes, as many")  # fmt: skip
        return None
    if says and comparator not in ("vague", "between"):
        entry.fault("says", "the number of a quantity stands under amount", "empty this cell")
        return None
    if says:
        return entry.read("says", _MAGNITUDE, says)
    if comparator == "unknown":
        return _UNKNOWN
    amount = numbers["amount"]
    return whole(amount) if amount is not None else _RANGE
