"""Loading: all files of a project as one list of quads, with a finding for whatever is wrong with them.

pyoxigraph parses. What a broken statement may say is in doubt, the rest of its file and all others are read, and one bad
file hides nothing of the others. Lexical forms stay as written. :mod:`~kg.loading.reading` goes from bytes to quads,
:mod:`~kg.loading.screening` looks at hostile files first, :mod:`~kg.loading.recovery` reads around what is broken, and
:mod:`~kg.loading.doubt` says what that leaves open; :mod:`~kg.loading.parts` arranges what a file gave,
:mod:`~kg.loading.rules` holds the rules on files, :mod:`~kg.loading.locating` finds places. Parsing in a limited process
would stand around :func:`kg.loading.reading.read`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from pathlib import Path

import pyoxigraph as ox

from kg.inventory import Inventory
from kg.loading import parts, recovery, rules
from kg.loading.doubt import Doubt
from kg.loading.locating import Places
from kg.loading.parts import Part
from kg.project import REDACTIONS, DataFile, Project
from kg.triples import ByProperty
from kg.validation import Finding

__all__ = ["Doubt", "Loaded", "Part", "Shelf", "load"]


@dataclass(slots=True)
class Loaded:
    """The data of a project: distinct quads on the configured base, in the order of files, and the findings.

    ``by_property`` are the same. ``redactions`` are those of ``data/<collection>/redactions.ttl``, which are not among the quads. Where it is not
    ``complete`` a statement could not be read, a violation says which, and ``doubt`` what it may say.
    """

    quads: list[ox.Quad]
    by_property: ByProperty = field(repr=False)
    redactions: list[ox.Quad]
    findings: list[Finding]
    doubt: Doubt
    _places: Places = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether all statements were read."""
        return not self.doubt

    def locate(self, finding: Finding) -> Finding:
        """Give *finding* with the file (relative to the project's root), line and column that its terms have.

        ``focus``, ``path`` and ``value`` are terms in N-Triples form on the configured base. The line is that
        of the statement, else of the property, else of the subject: a property that is missing, or a
        statement that the build wrote, is found at its subject. Unchanged where no file has the subject.
        """
        return self._places.locate(finding)


class Shelf:
    """The parts of files that were read before, so that a file which has not changed is not read again."""

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[tuple[object, ...], parts.Part, list[Finding]]] = {}

    def part(
        self, project: Project, file: DataFile, ordinal: int, changed: Collection[Path] | None
    ) -> tuple[parts.Part, list[Finding]]:
        """Give the part of *file* and what is wrong with its form; read anew where it is among those *changed*, or these are None."""
        key = (file, project.base, project.root, "attest" in project.profiles)
        kept, part, findings = self._kept.get(file.path, ((), None, []))
        known = part is not None and kept[:-1] == key and (kept[-1] == ordinal or not part.labels)
        if part is None or not known or changed is None or file.path in changed:
            part, findings = _part(project, file, ordinal)
            self._kept[file.path] = ((*key, ordinal), part, findings)
        return part, findings

    def leave(self, files: Collection[Path]) -> None:
        """Forget all but *files*."""
        self._kept = {path: kept for path, kept in self._kept.items() if path in files}


def load(
    project: Project,
    shelf: Shelf | None = None,
    changed: Collection[Path] | None = None,
    added: Iterable[Part] = (),
) -> Loaded:
    """Load the data files of *project*; what is wrong with them is in the findings, and never raised.

    *added* are parts that no file of the project holds yet, to be judged as if one did; none of their blank nodes may
    have a label as ``f1b1``.

    Under the profile ``attest`` the rules of :func:`kg.loading.rules.attest` hold; under none any RDF is taken.
    Files that a *shelf* holds are read again only where they are among those *changed* (None: all are).
    """
    shelf = shelf or Shelf()
    files = project.data_files()
    shelf.leave({file.path for file in files})
    findings: list[Finding] = []
    read: list[parts.Part] = []
    for ordinal, file in enumerate(files, 1):
        part, found = shelf.part(project, file, ordinal, changed)
        read.append(part)
        findings.extend(found)
    read.extend(added)
    apart = project.base.graph(REDACTIONS)
    kept = [part for part in read if part.file.graph != apart]
    if "attest" in project.profiles:
        repeated = rules.repeated(read)
        findings.extend(rules.attest(read, project, repeated))
        quads = _distinct(kept) if repeated else [quad for part in kept for quad in part.quads]
        by_property = ByProperty(quads)
        if not repeated:
            by_property = ByProperty(quads, _joined(kept), Inventory.joined(part.inventory for part in kept))
    else:
        for part in read:
            findings.extend(rules.any_data(part))
        quads = _distinct(kept)
        by_property = ByProperty(quads)
    redactions = [quad for part in read if part.file.graph == apart for quad in part.quads]
    doubt = reduce(or_, (part.doubt for part in read), Doubt())
    if any(part.doubt for part in read if part.file.graph == apart):
        doubt = Doubt(everything=True)  # what is taken back is not checked
    return Loaded(quads, by_property, redactions, findings, doubt, Places(read))


def _distinct(parts: Iterable[Part]) -> list[ox.Quad]:
    return list(dict.fromkeys(quad for part in parts for quad in part.quads))


def _joined(parts: Iterable[Part]) -> dict[str, list[ox.Quad]]:
    """Give the quads of each property in all *parts*."""
    groups: defaultdict[str, list[ox.Quad]] = defaultdict(list)
    for part in parts:
        for name, quads in part.groups.items():
            groups[name] += quads
    return dict(groups)


def _part(project: Project, file: DataFile, ordinal: int) -> tuple[parts.Part, list[Finding]]:
    name, base = project.name(file.path), project.base
    try:
        data = file.path.read_bytes()
    except OSError as error:
        sentence = f"the file cannot be read: {(error.strerror or str(error)).lower()}"
        finding = Finding("violation", sentence, "unreadable", "check its permissions", file=name)
        return parts.Part(file, name, base, doubt=Doubt(everything=True), text=b""), [finding]
    strict = "attest" in project.profiles
    read = recovery.read(data, file.format, name=name, strict=strict, base=base, graph=file.graph)
    return parts.arrange(file, name, base, read, ordinal), read.document.findings
