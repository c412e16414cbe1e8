"""The record of redactions: ``data/<collection>/redactions.ttl``, read, checked and added to.

It is no part of a release, since it names what is taken away. One ``kg:Redaction`` says what (``kg:redacts``), why
(``kg:rationale``, published on the tombstone), when (``prov:endedAtTime``) and by whom (``prov:wasAssociatedWith``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import pyoxigraph as ox

from kg.names import KG, PROV, RDF, XSD, Base
from kg.triples import ByProperty
from kg.validation import Finding

FILE: Final = "redactions.ttl"
_WITHHELD: Final = (KG + "visibility", ox.NamedNode(KG + "withheld"))
_SOURCE: Final = Base()
_HEAD: Final = (
    "# What was taken back: the build leaves it out of every release. No part of any release itself.\n"
)


@dataclass(frozen=True, slots=True, order=True)
class Redaction:
    """One decision to take resources back: their IRIs, the day (ISO 8601), the reason that is published, its own IRI."""

    date: str
    reason: str
    resources: tuple[str, ...]
    iri: str = field(default="", compare=False)


def withheld(quads: Iterable[ox.Quad]) -> set[str]:
    """Give the IRIs of what *quads* mark as withheld from the public graph."""
    return {
        quad.subject.value
        for quad in ByProperty.of(quads).having(_WITHHELD[0])
        if quad.object == _WITHHELD[1] and isinstance(quad.subject, ox.NamedNode)
    }


def read(quads: Iterable[ox.Quad]) -> tuple[list[Redaction], list[Finding]]:
    """Read the redactions that *quads* of such files record, in order of day, and what is wrong with them.

    What is not complete is a violation and redacts all the same: a slip must not bring a resource back.
    """
    said: dict[ox.NamedNode, dict[str, list[object]]] = {}
    for subject, predicate, object, _ in quads:
        if isinstance(subject, ox.NamedNode):
            said.setdefault(subject, {}).setdefault(predicate.value, []).append(object)
    redactions, findings = [], []
    for node, values in said.items():
        resources = tuple(
            sorted(term.value for term in values.get(KG + "redacts", ()) if isinstance(term, ox.NamedNode))
        )
        reason = _text(values.get(KG + "rationale", ()))
        day = _text(values.get(PROV + "endedAtTime", ()), XSD + "dateTime")[:10]
        redactions.append(Redaction(day, reason, resources, node.value))
        for present, name, remedy in (
            (ox.NamedNode(KG + "Redaction") in values.get(RDF + "type", ()), "rdf:type kg:Redaction", "only redactions stand in this file"),
            (resources, "kg:redacts", "name what is taken back by its IRI"),
            (reason, "kg:rationale", "give the reason that is published, naming nobody"),
            (day, "prov:endedAtTime", 'write for example "2026-11-26T00:00:00Z"^^xsd:dateTime'),
            (PROV + "wasAssociatedWith" in values, "prov:wasAssociatedWith", "name who took the decision"),
        ):  # fmt: skip
            if not present:
                findings.append(
                    Finding("violation", f"{_SOURCE.compact(node.value)}: a redaction has one {name}", "redaction", remedy, str(node))
                )  # fmt: skip
    return sorted(redactions), findings


def added(text: str, redaction: Redaction, agent: str, *, base: Base = _SOURCE) -> str:
    """Give *text*, a file of redactions or nothing, with *redaction* at its end; what stood there stays as it was.

    *agent* is the IRI of who took the decision; all IRIs are written on the base of source files.
    """

    def name(iri: str) -> str:
        written = base.unbase(iri)
        short = _SOURCE.compact(written)
        return short if short != written else f"<{written}>"

    head = f"redaction-{redaction.date}"
    slug = next(each for n in count(1) if f":{(each := f'{head}-{n}')} " not in text)
    record = (
        f"decision:{slug} a kg:Redaction ;\n"
        f"    kg:redacts {', '.join(map(name, redaction.resources))} ;\n"
        f"    kg:rationale {ox.Literal(redaction.reason, language='en')} ;\n"
        f"    prov:wasAssociatedWith {name(agent)} ;\n"
        f'    prov:endedAtTime "{redaction.date}T00:00:00Z"^^xsd:dateTime .\n'
    )
    prefixes = (
        f"@prefix {prefix}: <{iri}> .\n"
        for prefix, iri in sorted(_SOURCE.prefixes().items())
        if re.search(rf"(?<![\w<]){prefix}:", record) and f"@prefix {prefix}: <{iri}>" not in text
    )
    return (text or _HEAD) + "".join(prefixes) + "\n" + record


def _text(values: Iterable[object], datatype: str = "") -> str:
    """Give the text of the only literal (of *datatype*), nothing where there is none or several."""
    found = [term for term in values if isinstance(term, ox.Literal)]
    (only,) = found if len(found) == 1 else (None,)
    return only.value if only is not None and datatype in ("", only.datatype.value) else ""
