"""The invented collection of :mod:`velmora` in three releases of one directory: as it is, revised, and with a person taken back.

The second has one more question, and writes one otherwise. The takedown rebuilds the two before, so these have other ids than when they were built; the project, and what is done to it, is invented.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import kg
import velmora
from collection import SOURCES, digest
from kg import building, manifest, release
from kg.names import Base
from kg.project import Project
from suites import ROOT, once

PERSON = "oskar-lind"
REASON = "Asked for by the family"
REVISED = {
    '"Stoppages on the coast, 1901"@en': '"Stoppages along the coast, 1901"@en',
    "geo:lat 61.5": "geo:lat 61.25",
    'kg:locator "page 12"': 'kg:locator "page 14"',
    "    rdf:object 12 ; kg:polarity kg:asserted ; kg:status kg:recorded ; kg:comparator kg:atLeast ; kg:amount 12 ;\n    kg:lowerBound 12": "    rdf:object 13 ; kg:polarity kg:asserted ; kg:status kg:recorded ; kg:comparator kg:atLeast ; kg:amount 13 ;\n    kg:lowerBound 13",
    "rdf:object 30 ; kg:polarity kg:asserted ; kg:status kg:recorded": "rdf:object 30 ; kg:polarity kg:asserted ; kg:status kg:extractionError",
    '"1902-01-04"^^xsd:date': '"1902-01-05"^^xsd:date',
}  # fmt: skip
"""What the second release says otherwise."""


@dataclass(frozen=True)
class Revisions:
    """Releases in the directory ``out``, of which the last is current: their ids, the oldest first."""

    out: Path
    ids: tuple[str, ...]

    def open(self, number: int) -> kg.Archive:
        """Open the release *number*."""
        return kg.open(self.out / self.ids[number])


def built() -> Revisions:
    """Give the releases, built once for all workers and runs; tests must not change them."""
    here = ("tests/velmora.py", "tests/revisions.py", "tests/shapes")
    root = once(ROOT / ".pytest_cache" / f"revisions-{digest(*SOURCES, *here)}", _build)
    out = root / "build"
    current = manifest.current(out).name
    kept = [path.name for path in release.kept(out) if path.name != current]
    first = next(name for name in kept if b"Stoppages on the coast" in (out / name / "quads.nq").read_bytes())
    second = next(name for name in kept if name != first)
    return Revisions(out, (first, second, current))


def _build(root: Path) -> None:
    velmora.project(root)
    questions = root / "queries"
    questions.mkdir()
    for name in ("claims-by-measure", "spellings", "places"):
        shutil.copy(ROOT / "queries" / f"{name}.rq", questions)
    file = velmora.statements(root)
    building.build(Project.open(root), root / "build")
    file.write_text(_revised(file.read_text(encoding="utf-8")), encoding="utf-8")
    with (questions / "places.rq").open("a", encoding="utf-8") as places:
        places.write("# written otherwise\n")
    shutil.copy(ROOT / "queries" / "people.rq", questions)
    building.build(Project.open(root), root / "build")
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in Base().prefixes().items())
    (root / "data/velmora/redactions.ttl").write_text(
        f"{prefixes}decision:redaction-1 a kg:Redaction ; kg:redacts person:{PERSON} ;\n"
        f'    kg:rationale "{REASON}."@en ; prov:wasAssociatedWith org:attest ;\n'
        '    prov:endedAtTime "1991-05-03T00:00:00Z"^^xsd:dateTime .\n'
    )
    building.build(Project.open(root), root / "build")


def _revised(text: str) -> str:
    for old, new in REVISED.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = re.search(r"^claim:less-than (?:.*\n)*?.* \.\n", text, re.MULTILINE)
    gone = re.search(r"^claim:at-most (?:.*\n)*?.* \.\n", text, re.MULTILINE)
    assert found and gone
    fresh = found[0].replace("claim:less-than", "claim:fewer").replace("50", "45").replace("49", "44")
    return text.replace(gone[0], "") + fresh
