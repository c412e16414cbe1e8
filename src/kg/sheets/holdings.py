"""Holdings: what the files of a project say, as sheets see it.

Files are read on the base that they are written with, and nothing is derived: no published layer, no withheld thing taken
out. A subject may stand in several files; its *home* is the one that gives its type.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.errors import InvalidGraph
from kg.formats import TURTLE
from kg.loading import reading
from kg.names import KG, OWL, PROV, RDF, RDFS, SKOS
from kg.positions.statements import Term
from kg.project import REDACTIONS, Project
from kg.sheets.values import SOURCE
from kg.validation import Finding, Report

TYPE: Final = ox.NamedNode(RDF + "type")
LABEL: Final = ox.NamedNode(RDFS + "label")
SCHEME: Final = ox.NamedNode(SKOS + "inScheme")
_ATTRIBUTED: Final = ox.NamedNode(PROV + "wasAttributedTo")
_RANGE: Final = RDFS + "range"
_PROPERTIES: Final = frozenset(
    ox.NamedNode(iri)
    for iri in (RDF + "Property", *(OWL + f"{each}Property" for each in ("Object", "Datatype")))
)
_MEASURE: Final = ox.NamedNode(KG + "Measure")

Said = tuple[ox.NamedNode, Term]
"""A property and its value."""


@dataclass(slots=True)
class File:
    """A data file: its path, its name in findings, the name of its graph, its bytes, and what it says of each subject.

    It is *editable* where it is Turtle on the base that files are written with.
    """

    path: Path
    name: str
    graph: str
    data: bytes
    editable: bool
    subjects: dict[ox.NamedNode, list[Said]] = field(default_factory=dict)


@dataclass(slots=True)
class Standing:
    """A statement's place: the file, and what is said of the subject there."""

    file: File
    said: Said


class Holdings:
    """All data files of a project, by subject.

    Raises InvalidGraph, with the findings, where a file cannot be read: what it says would look as if it were gone.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._moved = project.base != SOURCE
        self.files: list[File] = []
        self._where: dict[ox.NamedNode, list[File]] = defaultdict(list)
        self._latest: tuple[ox.NamedNode | None, dict[ox.NamedNode, list[Term]]] = (None, {})
        findings: list[Finding] = []
        for each in project.data_files():
            graph = (each.graph or "").removeprefix(project.base.graph(""))
            if graph == REDACTIONS:
                continue
            file = File(
                each.path, project.name(each.path), graph, each.path.read_bytes(), each.format is TURTLE
            )
            document = reading.read(file.data, each.format, name=file.name)
            findings += document.findings if not document.readable else []
            self._fill(file, document.quads)
            self.files.append(file)
        if findings:
            raise InvalidGraph("a file of the project cannot be read", report=Report(findings))

    def _fill(self, file: File, quads: Iterable[ox.Quad]) -> None:
        for quad in quads:
            if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
                continue  # of RDF 1.2, which no file of a profile has
            subject, object = self._own(quad.subject), self._own(quad.object)
            file.editable = file.editable and (subject, object) == (quad.subject, quad.object)
            if isinstance(subject, ox.NamedNode):
                file.subjects.setdefault(subject, []).append((quad.predicate, object))
        for subject in file.subjects:
            self._where[subject].append(file)

    def _own(self, term: Term) -> Term:
        """Give *term* on the base of files, where a file has it on the configured one."""
        if self._moved and isinstance(term, ox.NamedNode) and term.value.startswith(self.project.base.iri):
            return ox.NamedNode(self.project.base.unbase(term.value))
        return term

    def __contains__(self, subject: ox.NamedNode) -> bool:
        return subject in self._where

    def said(self, subject: ox.NamedNode) -> list[Standing]:
        """Give all that is said of *subject*, file by file, in the order of the files."""
        return [
            Standing(file, said) for file in self._where.get(subject, ()) for said in file.subjects[subject]
        ]

    def values(self, subject: ox.NamedNode, property: ox.NamedNode) -> list[Term]:
        """Give the distinct values of *property*, in the order of the files."""
        if self._latest[0] != subject:  # all columns of a row are asked for before those of the next
            found: dict[ox.NamedNode, dict[Term, None]] = {}
            for file in self._where.get(subject, ()):
                for said, value in file.subjects[subject]:
                    found.setdefault(said, {})[value] = None
            self._latest = (subject, {said: list(values) for said, values in found.items()})
        return self._latest[1].get(property, [])

    def home(self, subject: ox.NamedNode) -> File | None:
        """Give the file that says what *subject* is, else the first that speaks of it; None where none does."""
        files = self._where.get(subject, ())
        typed = (file for file in files if any(said == TYPE for said, _ in file.subjects[subject]))
        return next(typed, next(iter(files), None))

    def members(self, classes: Iterable[str]) -> list[ox.NamedNode]:
        """Give the subjects of one of *classes*, file by file, in their order."""
        wanted = {(TYPE, ox.NamedNode(iri)) for iri in classes}
        found = (
            subject
            for file in self.files
            for subject, said in file.subjects.items()
            if not wanted.isdisjoint(said)
        )
        return list(dict.fromkeys(found))

    @property
    def described(self) -> Iterator[str]:
        """The IRIs of all resources that have a type."""
        for subject in self._where:
            if self.values(subject, TYPE):
                yield subject.value

    @cached_property
    def measures(self) -> frozenset[ox.NamedNode]:
        """The properties by which quantities are claimed."""
        return frozenset(self.members((_MEASURE.value,)))

    @cached_property
    def ranges(self) -> dict[ox.NamedNode, str]:
        """The properties that the ontology defines, each with the datatype or class of its values, nothing if not told."""
        found = {}
        for file in self.files:
            for subject, said in file.subjects.items() if file.graph == "vocab" else ():
                if any(value in _PROPERTIES for property, value in said if property == TYPE):
                    (*ranges,) = (value.value for property, value in said if property.value == _RANGE and isinstance(value, ox.NamedNode))  # fmt: skip
                    found[subject] = ranges[0] if ranges else ""
        return found

    @cached_property
    def curators(self) -> list[ox.NamedNode]:
        """Those whom claims are recorded by."""
        found: dict[ox.NamedNode, None] = {}
        for claim in self.members((KG + "Claim",)):
            found |= dict.fromkeys(
                term for term in self.values(claim, _ATTRIBUTED) if isinstance(term, ox.NamedNode)
            )
        return list(found)

    def label(self, subject: ox.NamedNode) -> str:
        """Give the first label of *subject*, else its prefixed name."""
        texts = (term.value for term in self.values(subject, LABEL) if isinstance(term, ox.Literal))
        return next(texts, SOURCE.compact(subject.value))
