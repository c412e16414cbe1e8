"""Wording: what a claim says, in plain English of our own; numbers and dates as the source has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kg import edtf
from kg.names import EDTF_TYPE, KG, RDF
from kg.rows import IRI, Value

Terms = Mapping[str, tuple[Value, ...]]
"""The values of a claim by the IRI of the property."""

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
_VERBS: Final = (
    *_AUXILIARIES,
    "lies",
    "came",
    "took",
    "shows",
    "lasted",
    "demanded",
    "belonged",
    "went",
    "followed",
    "led",
    "works",
)


def quantity(claim: Terms, label: Callable[[Value], str], noun: str) -> str:
    """Give the number with its comparator, the unit where it is not people, and the *noun* of the measure."""
    comparator = str(_one(claim, KG + "comparator") or "").removeprefix(KG)
    number = _COMPARATORS.get(comparator, "{amount}").format(
        amount=_number(_one(claim, KG + "amount")),
        lower=_number(_one(claim, KG + "lowerBound")),
        upper=_number(_one(claim, KG + "upperBound")),
        magnitude=label(_one(claim, RDF + "object")),
    )
    unit = label(_one(claim, KG + "unit"))
    if unit == "persons":
        return f"{number} {noun}"
    return f"{number} {unit.removesuffix('s') if number == '1' else unit}"


def relation(claim: Terms, label: Callable[[Value], str]) -> str:
    """Give property and object, with "not" where the source denies it."""
    predicate = _one(claim, RDF + "predicate")
    verb = label(predicate)
    if _one(claim, KG + "polarity") == KG + "denied":
        first, _, rest = verb.partition(" ")
        verb = f"{first} not {rest}".rstrip() if first in _AUXILIARIES else f"not: {verb}"
    if predicate == KG + "date":
        return date(str(_one(claim, KG + "edtf") or _one(claim, RDF + "object")))
    return f"{verb} {label(_one(claim, RDF + 'object'))}"


def sentence(subject: str, words: str) -> str:
    """Give the label of the subject and what is said of it as one sentence, with a colon where *words* begin with no verb."""
    return f"{subject}{' ' if words.partition(' ')[0] in _VERBS else ': '}{words}"


def date(text: str) -> str:
    """Give an EDTF date in words; one that cannot be read stays as it is."""
    try:
        return edtf.words(text)
    except ValueError:
        return text


def is_edtf(datatype: str) -> bool:
    """Tell whether literals of *datatype* are dates in EDTF."""
    return datatype == EDTF_TYPE


def _one(claim: Terms, name: str) -> Value:
    return next(iter(claim.get(name, ())), None)


def _number(value: Value) -> str:
    return f"{value:,}" if isinstance(value, int) else "" if value is None else str(value)


def local(iri: IRI | str) -> str:
    """Give the last part of an IRI, for what has no label."""
    return str(iri).rstrip("/").replace("#", "/").rpartition("/")[2]
