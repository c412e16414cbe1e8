"""Wording: what a claim says, in plain English of our own, and what things are called; numbers and dates as the source has them.

It knows values, not where they are kept: the library hands it those of a store, the tables those of a dataset.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from kg import edtf
from kg.names import EDTF_TYPE, KG, RDF
from kg.rows import IRI, Value

Terms = Mapping[str, tuple[Value, ...]]
"""The values of a claim by the IRI of the property."""

READ: Final = (
    *(RDF + name for name in ("type", "predicate", "object")),
    *(
        KG + name
        for name in [
            "polarity",
            "comparator",
            "amount",
            "lowerBound",
            "upperBound",
            "unit",
            "qualification",
            "edtf",
        ]
    ),
)
"""The properties of a claim whose values are looked at here."""

_COMPARATORS: Final = {
    "exactly": "exactly {amount}",
    "unqualified": "{amount}",
    "atLeast": "at least {amount}",
    "moreThan": "more than {amount}",
    "atMost": "at most {amount}",
    "lessThan": "fewer than {amount}",
    "between": "between {lower} and {upper}",
    "about": "about {amount}",
    "estimated": "an estimated {amount}",
    "vague": "{magnitude}",
    "unknown": "an unknown number",
}
_AUXILIARIES: Final = ("is", "was", "has", "had", "can", "may")
_VERBS: Final = {
    "began": "did not begin",
    "draws": "does not draw",
    "fled": "did not flee",
    "found": "did not find",
    "included": "did not include",
    "invited": "did not invite",
    "left": "did not leave",
    "lives": "does not live",
    "received": "did not receive",
    "showed": "did not show",
    "lies": "does not lie",
    "shows": "does not show",
    "works": "does not work",
    "aimed": "did not aim",
    "belonged": "did not belong",
    "brought": "did not bring",
    "came": "did not come",
    "demanded": "did not demand",
    "died": "did not die",
    "followed": "did not follow",
    "lasted": "did not last",
    "led": "did not lead",
    "took": "did not take",
    "went": "did not go",
}
"""Verbs that our labels of properties begin with, each with its denial."""
_BEGINNINGS: Final = frozenset({*_AUXILIARIES, *_VERBS, "does", "did"})


def kind(claim: Terms) -> str:
    """Give the local name of the claim's class beside ``Claim`` and ``DerivedClaim``, the first of several."""
    kinds = sorted(local(str(type)) for type in claim.get(RDF + "type", ()))
    return next((name for name in kinds if name not in ("Claim", "DerivedClaim")), "Claim")


def words(claim: Terms, label: Callable[[Value], str], nouns: Mapping[str, str]) -> str:
    """Give what is said of the subject; *nouns* are those of the measures, by IRI."""
    if kind(claim) == "QuantityClaim":
        return quantity(claim, label, nouns.get(str(_one(claim, RDF + "predicate")), ""))
    return relation(claim, label)


def quantity(claim: Terms, label: Callable[[Value], str], noun: str) -> str:
    """Give the number with its comparator, the unit where it is not people, and the *noun* of the measure.

    Where the source denies it, in quotes after "not": without them "not more than 30" would be another number. After it
    stands how the source itself qualifies it ("called preliminary").
    """
    comparator = str(_one(claim, KG + "comparator") or "").removeprefix(KG)
    number = _COMPARATORS.get(comparator, "{amount}").format(
        amount=_number(_one(claim, KG + "amount")),
        lower=_number(_one(claim, KG + "lowerBound")),
        upper=_number(_one(claim, KG + "upperBound")),
        magnitude=label(_one(claim, RDF + "object")),
    )
    unit = label(_one(claim, KG + "unit"))
    if unit == "persons":
        unit = noun
    elif _one(claim, KG + "amount") == 1:
        unit = unit.removesuffix("s")
    said = f"{number} {unit}".rstrip()
    if _denied(claim):
        said = f"not “{said}”"
    return ", ".join((said, *map(label, claim.get(KG + "qualification", ()))))


def relation(claim: Terms, label: Callable[[Value], str]) -> str:
    """Give property and object, with "not" where the source denies it."""
    predicate = _one(claim, RDF + "predicate")
    said = _one(claim, RDF + "object")
    if predicate == KG + "date":
        return ("not " if _denied(claim) else "") + date(str(_one(claim, KG + "edtf") or said))
    verb = label(predicate)
    if _denied(claim):
        verb = negated(verb)
    return f"{verb} {date(str(said)) if isinstance(said, datetime.date) else label(said)}"


def sentence(subject: str, words: str) -> str:
    """Give the label of the subject and what is said of it as one sentence, with a colon where *words* begin with no verb."""
    return f"{subject}{' ' if words.partition(' ')[0] in _BEGINNINGS else ': '}{words}"


def date(text: str) -> str:
    """Give an EDTF date in words; one that cannot be read stays as it is."""
    try:
        return edtf.words(text)
    except ValueError:
        return text


def span(start: datetime.date | None, end: datetime.date | None, length: str | None) -> str:
    """Give the time that a number counts, in words; nothing where none is stated.

    >>> span(datetime.date(1990, 1, 13), None, None), span(None, None, "P3D"), span(None, None, None)
    ('from 13 January 1990', 'over 3 days', '')
    """
    days = ""
    if start is not None or end is not None:
        days = date("/".join("" if day is None else day.isoformat() for day in (start, end)))
        if start is None or end is None:
            day = date(str(start or end))
            days = f"from {day}" if end is None else f"until {day}"
    return ", ".join(filter(None, (days, f"over {duration(length)}" if length else "")))


def duration(text: str) -> str:
    """Give a length of time (xsd:duration) in words; one with hours, or that cannot be read, stays as it is.

    >>> duration("P3D"), duration("P1Y2M"), duration("PT5M")
    ('3 days', '1 year 2 months', 'PT5M')
    """
    found = re.fullmatch("P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?", text)
    parts = zip(found.groups(), ("year", "month", "day"), strict=True) if found else ()
    words = [f"{number} {unit}{'' if number == '1' else 's'}" for number, unit in parts if number]
    return " ".join(words) or text


def is_edtf(datatype: str) -> bool:
    """Tell whether literals of *datatype* are dates in EDTF."""
    return datatype == EDTF_TYPE


def negated(verb: str) -> str:
    """Give the label of a property with "not".

    >>> negated("is called"), negated("shows"), negated("under way on"), negated("author")
    ('is not called', 'does not show', 'not under way on', 'author not')
    """
    first, _, rest = verb.partition(" ")
    if first in _VERBS:
        return f"{_VERBS[first]} {rest}".rstrip()
    if first in _AUXILIARIES:
        return f"{first} not {rest}".rstrip()
    return f"not {verb}" if verb.endswith((" on", " in", " to", " of", " as")) else f"{verb} not"


def _denied(claim: Terms) -> bool:
    return _one(claim, KG + "polarity") == KG + "denied"


def _one(claim: Terms, name: str) -> Value:
    return next(iter(claim.get(name, ())), None)


def _number(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)


def labels(own: Iterable[tuple[str, str]], forms: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give what resources are called, by IRI: *own* labels, else *forms* of name records in quotation marks.

    Of several the first by code point.
    """
    return {iri: f"“{form}”" for iri, form in sorted(forms, reverse=True)} | dict(sorted(own, reverse=True))


def called(term: Value, labels: Mapping[str, str]) -> str:
    """Give the label of an IRI, else its last part; a value that is no IRI as text, nothing for None."""
    if not isinstance(term, IRI):
        return "" if term is None else str(term)
    return labels.get(term) or local(term)


def local(iri: IRI | str) -> str:
    """Give the last part of an IRI, for what has no label."""
    return str(iri).rstrip("/").replace("#", "/").rpartition("/")[2]
