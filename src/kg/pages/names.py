"""Names: the forms in which sources print the name of a thing, each with its kind and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.pages.lookups import Listed, Lookups
from kg.pages.terms import Shown

PASSAGES: Final = 12
"""How many passages of one form are listed."""
_KINDS: Final = {"prefLabel": "name", "altLabel": "variant", "hiddenLabel": "misspelling"}


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a name as printed: its record, its kind (``name``, ``variant``, ``misspelling``), our reading of a slip, and where it stands."""

    text: str
    language: str
    href: str
    kind: str
    reading: str
    places: Listed[Shown]


def forms(look: Lookups, iri: str) -> tuple[Form, ...]:
    """Give the recorded forms of the name of *iri*: names first, then variants, then misspellings."""
    return tuple(
        _form(look, record, kind)
        for name, kind in _KINDS.items()
        for record in look.iris(iri, f"skosxl:{name}")
    )


def _form(look: Lookups, record: str, kind: str) -> Form:
    forms = [term for term in look.all(record, "skosxl:literalForm") if isinstance(term, ox.Literal)]
    return Form(
        text=forms[0].value if forms else "",
        language=(forms[0].language or "") if forms else "",
        href=look.addresses.of(record),
        kind=kind,
        reading=_reading(look, record),
        places=places(look, look.iris(record, "kg:passage"), look.addresses.of(record)),
    )


def _reading(look: Lookups, record: str) -> str:
    """Give the reading that the project proposes for a slip."""
    found = (
        look.text(anomaly, "kg:proposedReading") for anomaly in look.having("kg:anomalyOf", record).items
    )
    return next(filter(None, found), "")


def places(look: Lookups, passages: list[str], href: str) -> Listed[Shown]:
    """Show *passages* by the text that each stands in, in the order of the text; *href* leads to those left out."""
    found = sorted((start(look, passage), passage) for passage in passages)[:PASSAGES]
    documents = {passage: next(iter(look.iris(passage, "kg:standsIn")), "") for _, passage in found}
    terms = look.terms(filter(None, documents.values()))
    shown, seen = [], set()
    for at, passage in found:
        document = documents[passage]
        text = terms.iri(document).text if document else look.archive.base.compact(passage)
        shown.append(Shown(f"again at {at}" if text in seen else text, look.addresses.of(passage)))
        seen.add(text)
    return Listed(tuple(shown), max(0, len(passages) - PASSAGES), href=href)


def start(look: Lookups, passage: str) -> int:
    """Give the position at which *passage* begins in its text."""
    return next((look.number(selector, "oa:start") for selector in look.iris(passage, "oa:hasSelector")), 0)
