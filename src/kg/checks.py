"""Named checks: what SHACL cannot say of a dataset, with the same form of finding.

Each check is a function of a :class:`Subject` (the data and what is declared of them) that yields findings;
:data:`CHECKS` lists them with the rules that their findings show. What concerns files (graphs, blank nodes, forms
of literals) is found by the loader.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph as ox
from stdnum import isbn

from kg import edtf, evidence, labelling, likeness, passages
from kg.errors import EvidenceError
from kg.names import DCTERMS, EDTF_TYPE, KG, RDF, RDFS, SCHEMA, SKOS, SKOSXL, Base
from kg.triples import ByProperty
from kg.validation import Finding

LONGEST_QUOTATION: Final = 8
"""Consecutive words of a source that a text of ours may share with it (section 9 of the model)."""

_ATTESTED: Final = (
    SKOSXL + "literalForm",
    *(SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel")),
    DCTERMS + "title",
    SCHEMA + "name",
    SCHEMA + "creditText",
)
"""Names and titles: the words of a source, and meant to be."""

_LABELS: Final = (RDFS + "label", RDFS + "comment", SKOS + "definition", KG + "rationale")
_ISBN: Final = SCHEMA + "isbn"
_BOUNDS: Final = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the checks look at: *quads* of the data, the *base*, the *languages* that the project declares (BCP 47),
    and *texts*, the local copies at hand (bytes), by the IRI of the document."""

    quads: list[ox.Quad] | ByProperty
    base: Base
    languages: tuple[str, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)
    by_property: ByProperty = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_property", ByProperty.of(self.quads))

    def having(self, *predicates: str) -> Iterator[ox.Quad]:
        """Give each quad of one of *predicates*."""
        return self.by_property.having(*predicates)

    def literals(self, *predicates: str) -> Iterator[tuple[ox.Quad, str]]:
        """Give each quad whose object is a literal of one of *predicates*, with its text."""
        for quad in self.having(*predicates):
            if isinstance(value := quad.object, ox.Literal):
                yield quad, value.value


def _finding(rule: str, quad: ox.Quad, subject: Subject, message: str, remedy: str) -> Finding:
    name = (
        subject.base.compact(quad.subject.value)
        if isinstance(quad.subject, ox.NamedNode)
        else str(quad.subject)
    )
    return Finding(
        "violation",
        f"{name}: {message}",
        rule,
        remedy,
        str(quad.subject),
        str(quad.predicate),
        str(quad.object),
    )


def dates(subject: Subject) -> Iterator[Finding]:
    """Every EDTF value is valid and says the same as the bounds beside it (EDTF levels 0 to 2)."""
    bounds: dict[object, dict[str, str]] = defaultdict(dict)
    for quad, day in subject.literals(*(KG + name for name in _BOUNDS)):
        bounds[quad.subject, quad.graph_name][quad.predicate.value.removeprefix(KG)] = day
    for quad in subject.by_property.inventory.typed:
        value = quad.object
        if not isinstance(value, ox.Literal) or value.datatype.value != EDTF_TYPE:
            continue
        try:
            said = edtf.bounds(value.value)
        except ValueError:
            yield _finding(
                "edtf",
                quad,
                subject,
                f"{value.value!r} is not a date in EDTF",
                "write for example 1990-01-13/..",
            )
            continue
        if quad.predicate.value != KG + "edtf":
            continue
        stated = bounds[quad.subject, quad.graph_name]
        for name, expected in zip(_BOUNDS, said, strict=True):
            if stated.get(name) not in (
                {expected, None} if name in ("latestStart", "earliestEnd") else {expected}
            ):
                yield _finding(
                    "edtf-bounds", quad, subject,
                    f"kg:{name} is {stated.get(name, 'absent')}, but {value.value} says {expected or 'none'}",
                    f"write kg:{name} \"{expected}\"^^xsd:date" if expected else f"remove kg:{name}",
                )  # fmt: skip


def isbns(subject: Subject) -> Iterator[Finding]:
    """Every ISBN has the right check digit (ISO 2108)."""
    claimed = {
        (quad.subject, quad.object.value)
        for quad in subject.having(RDF + "predicate")
        if isinstance(quad.object, ox.NamedNode)
    }
    for quad, number in subject.literals(_ISBN, RDF + "object"):
        about = quad.predicate.value == _ISBN or (quad.subject, _ISBN) in claimed
        if about and not isbn.is_valid(number):
            yield _finding(
                "isbn",
                quad,
                subject,
                f"{number!r} is not a valid ISBN",
                "compare it with the source, digit by digit",
            )


def languages(subject: Subject) -> Iterator[Finding]:
    """Every language tag is one that the project declares, or a more specific form of one."""
    declared = tuple(f"{language}-" for language in subject.languages)
    if all(f"{tag}-".startswith(declared) for tag in subject.by_property.inventory.tags):
        return
    for quad in subject.quads:
        tag = quad.object.language if isinstance(quad.object, ox.Literal) else None
        if tag and declared and not f"{tag}-".startswith(declared):
            yield _finding(
                "language", quad, subject, f"the language {tag!r} is not declared",
                f"use one of {', '.join(subject.languages)}, or add it to languages in kg.toml",
            )  # fmt: skip


def loaded_words(subject: Subject) -> Iterator[Finding]:
    """No label, description, reason or slug of ours uses a loaded word (``kg:loadedForm``); names of sources may."""
    forms = sorted((text for _, text in subject.literals(KG + "loadedForm")), key=len, reverse=True)
    if not forms:
        return
    spaced = (r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", form))) for form in forms)
    loaded = re.compile(r"\b(?:" + "|".join(spaced) + r")\b", re.IGNORECASE)
    for quad, text in subject.literals(*_LABELS):
        if found := loaded.search(text):
            yield _finding(
                "loaded-word",
                quad,
                subject,
                f"our own words say {found[0]!r}",
                "describe it neutrally, or record who calls it so",
            )
    split = map(subject.base.split, subject.by_property.inventory.subjects)
    if not any(loaded.search(named[1]) for named in split if named):
        return
    for node, quad in {quad.subject: quad for quad in reversed(subject.quads)}.items():
        named = subject.base.split(node.value) if isinstance(node, ox.NamedNode) else None
        if named and (found := loaded.search(named[1])):
            yield _finding(
                "loaded-word",
                quad,
                subject,
                f"the slug says {found[0]!r}",
                "choose a neutral slug before the IRI is published",
            )


def positions(subject: Subject) -> Iterator[Finding]:
    """Every passage keeps the rules of evidence in the local copy of its very text version, where there is one.

    Where the records are such that no passage can be read from them, that is the finding, and no passage is checked.
    """
    if not subject.texts:
        return
    try:
        versions, anchored = passages.read(subject.by_property)
    except EvidenceError as error:
        yield _misplaced(error, subject)
        return
    for version in versions:
        data = subject.texts.get(version.source)
        copy = evidence.Copy.read(data) if data is not None else None
        if copy is None or copy.digest != version.digest:
            continue
        for passage in anchored:
            if passage.text != version.iri:
                continue
            try:
                evidence.check(copy, passage)
            except EvidenceError as error:
                yield _misplaced(error, subject, f"<{passage.iri}>")


def _misplaced(error: EvidenceError, subject: Subject, focus: str = "") -> Finding:
    own = re.compile(re.escape(f"{subject.base.iri}id/") + r"[a-z]+/[a-z0-9-]+")
    if not focus and (named := own.search(error.message)):
        focus = f"<{named[0]}>"
    message = own.sub(lambda found: subject.base.compact(found[0]), error.message)
    return Finding("violation", message, "passage-position", error.remedy, focus)


def quotations(subject: Subject) -> Iterator[Finding]:
    """No literal shares more than :data:`LONGEST_QUOTATION` consecutive words with a source at hand, but for names."""
    length = LONGEST_QUOTATION + 1
    runs: set[tuple[str, ...]] = set()
    for data in subject.texts.values():
        words = _words(evidence.plain(data))
        runs.update(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
    for quad in subject.quads:
        if not runs or not isinstance(quad.object, ox.Literal) or quad.predicate.value in _ATTESTED:
            continue
        words = _words(quad.object.value)
        if any(tuple(words[at : at + length]) in runs for at in range(len(words) - length + 1)):
            yield _finding(
                "quotation",
                quad,
                subject,
                f"shares more than {LONGEST_QUOTATION} consecutive words with a source",
                "say it in our own words",
            )


def likenesses(subject: Subject) -> Iterator[Finding]:
    """No two people, places, organisations, works or events are called nearly alike, but for those said to be different."""
    for one, other, first, second in likeness.Named(subject.by_property).alike():
        name, near = subject.base.compact(one.value), subject.base.compact(other.value)
        alike = f"both {first!r}" if first == second else f"{first!r} and {second!r}"
        yield Finding(
            "info",
            f"{name} and {near} are called alike: {alike}",
            "alike",
            f"if they are two, say {name} owl:differentFrom {near}; if they are one, merge them",
            str(one),
            f"<{RDFS}label>",
            other=str(other),
        )


def unlabelled(subject: Subject) -> Iterator[Finding]:
    """Where most labels are in the first language of the project, all are; whatever is named and described has a label."""
    for quad, lacks in labelling.lacking(subject.by_property, subject.base, subject.languages):
        remedy = f"add rdfs:label in {subject.languages[0]}"
        yield replace(_finding("unlabelled", quad, subject, lacks, remedy), severity="warning")


def _words(text: str) -> list[str]:
    return _WORD.findall(evidence.normalise(text).replace("\N{SOFT HYPHEN}", "").lower())


CHECKS: Final[Mapping[Callable[[Subject], Iterator[Finding]], tuple[str, ...]]] = {
    dates: ("edtf", "edtf-bounds"),
    isbns: ("isbn",),
    languages: ("language",),
    loaded_words: ("loaded-word",),
    positions: ("passage-position",),
    quotations: ("quotation",),
    likenesses: ("alike",),
    unlabelled: ("unlabelled",),
}
"""The checks of the profile ``attest``, each with the rules that its findings name."""


def run(subject: Subject) -> list[Finding]:
    """Run all checks on *subject*; findings have no place yet."""
    return [finding for check in CHECKS for finding in check(subject)]
