"""Groups of columns that several tables have: what a resource is called, its dates, its names, the care it needs."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kg.names import KG
from kg.record import Record, text
from kg.tables.columns import EDTF, Column, labelled, language, links
from kg.triples import Resource


def _iri(_record: Record, resource: Resource) -> list[str]:
    return [text(resource)]


def _label(record: Record, resource: Resource) -> list[str]:
    return [record.label(resource)]


IRI: Final = Column(
    "iri", "", "IRI of the resource, by which others refer to it", "anyURI", make=_iri, required=True
)
NAMED: Final = (
    IRI,
    Column("label", "", "our neutral label, never a source's name for it", make=_label, required=True),
    Column("description", "rdfs:comment", "what our record says it is, in our words", many=True),
)
CARE: Final = (
    *labelled(links("sensitivity", "kg:sensitivity", "what to mind before showing it")),
    Column(
        "visibility",
        "kg:visibility",
        "`veiled` where the collection hides it until a reader asks for it, else empty",
        namespace=KG,
    ),
)
BOUNDS: Final = (
    Column("edtf", "kg:edtf", "date in EDTF", EDTF),
    Column("earliest_start", "kg:earliestStart", "first day on which it can have begun", "date"),
    Column("latest_start", "kg:latestStart", "last day on which it can have begun", "date"),
    Column("earliest_end", "kg:earliestEnd", "first day on which it can have ended", "date"),
    Column("latest_end", "kg:latestEnd", "last day on which it can have ended", "date"),
)


def forms(name: str, languages: str, path: str, about: str) -> tuple[Column, Column]:
    """Give a column of forms of a name, and one of their languages."""
    forms = Column(name, path, about, many=True)
    said = f"language of each of `{name}`, in the same order (BCP 47, `und` where not known)"
    return forms, replace(forms, name=languages, about=said, shows=language)


NAMES: Final = (
    *forms(
        "names", "name_languages", "skos:prefLabel|skos:altLabel", "forms of its name as sources print them"
    ),
    *forms(
        "misspellings", "misspelling_languages", "skos:hiddenLabel", "printed forms that we take for slips"
    ),
    links(
        "name_records",
        "skosxl:prefLabel|skosxl:altLabel|skosxl:hiddenLabel",
        "records of all these forms, which tell where each is printed",
    ),
)
