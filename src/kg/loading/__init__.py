"""Loading: all files of a project as one list of quads, with a finding for whatever is wrong with them.

pyoxigraph parses, each file is read whole or not at all, and one bad file hides nothing of the others. Lexical
forms stay as written. :mod:`~kg.loading.reading` goes from bytes to quads, :mod:`~kg.loading.screening` looks
at hostile files first, :mod:`~kg.loading.parts` arranges what a file gave, :mod:`~kg.loading.rules` holds the
rules on files, :mod:`~kg.loading.locating` finds places. Parsing in a limited process would stand around
:func:`kg.loading.reading.read`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pyoxigraph as ox

from kg.loading import parts, reading, rules
from kg.loading.locating import Places
from kg.loading.parts import Part
from kg.project import REDACTIONS, DataFile, Project
from kg.validation import Finding

__all__ = ["Loaded", "Part", "load"]


@dataclass(slots=True)
class Loaded:
    """The data of a project: distinct quads on the configured base, in the order of files, and the findings.

    ``redactions`` are those of ``data/<collection>/redactions.ttl``, which are not among the quads. Where it is not
    ``complete`` a file could not be read, a violation says which, and nothing of that file is among the quads.
    """

    quads: list[ox.Quad]
    redactions: list[ox.Quad]
    findings: list[Finding]
    complete: bool
    _places: Places = field(repr=False)

    def locate(self, finding: Finding) -> Finding:
        """Give *finding* with the file (relative to the project's root), line and column that its terms have.

        ``focus``, ``path`` and ``value`` are terms in N-Triples form on the configured base. The line is that
        of the statement, else of the property, else of the subject: a property that is missing, or a
        statement that the build wrote, is found at its subject. Unchanged where no file has the subject.
        """
        return self._places.locate(finding)


def load(project: Project, added: Iterable[Part] = ()) -> Loaded:
    """Load the data files of *project*; what is wrong with them is in the findings, and never raised.

    *added* are parts that no file of the project holds yet, to be judged as if one did; none of their blank nodes may
    have a label as ``f1b1``.

    Under the profile ``attest`` the rules of :func:`kg.loading.rules.attest` hold; under none any RDF is taken.
    """
    findings: list[Finding] = []
    read = [_part(project, file, n, findings) for n, file in enumerate(project.data_files(), 1)]
    read.extend(added)
    if "attest" in project.profiles:
        findings.extend(rules.attest(read, project))
    else:
        for part in read:
            findings.extend(rules.any_data(part))
    apart = project.base.graph(REDACTIONS)
    distinct = dict.fromkeys(quad for part in read if part.file.graph != apart for quad in part.quads)
    redactions = [quad for part in read if part.file.graph == apart for quad in part.quads]
    complete = all(part.readable for part in read)
    return Loaded(list(distinct), redactions, findings, complete, Places(read))


def _part(project: Project, file: DataFile, ordinal: int, findings: list[Finding]) -> Part:
    name = project.name(file.path)
    try:
        data = file.path.read_bytes()
    except OSError as error:
        findings.append(
            Finding(
                "violation",
                f"the file cannot be read: {(error.strerror or str(error)).lower()}",
                "unreadable",
                "check its permissions",
                file=name,
            )
        )
        return Part(file, name, project.base, readable=False)
    document = reading.read(data, file.format, name=name, strict="attest" in project.profiles)
    findings.extend(document.findings)
    return parts.arrange(file, name, project.base, document, ordinal)
